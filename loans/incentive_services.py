"""The incentive for paying on time (IPTW): who earned it in a year by the group's rule. Whole rupiah."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from loans.models import Instalment, Loan, LoanShare, MoneyRules, ReceiptPart
from loans.quality import Due, Paid, incentive, was_on_time
from loans.surplus import distribute
from loans.year_close import last_of
from villages.models import Group, Member


def incentives(group: Group, year: int) -> dict[Member, int]:
    """Rupiah that each member earned in the year, none left out but who earned nothing; none where the rule has 0%.

    A poklak's loan is its members', in proportion to their parts of it, by largest remainder. Seven queries at most.
    """
    rules = MoneyRules.objects.filter(group=group).first()
    if rules is None or not rules.iptw_percent:
        return {}
    earned = incentives_of_loans(Loan.objects.filter(group=group, status="disbursed"), year, rules)
    of_members: Counter[int] = Counter()
    borrowers = dict(Loan.objects.filter(pk__in=earned).values_list("pk", "member"))
    shares: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for share in LoanShare.objects.filter(loan__in=[key for key, member in borrowers.items() if not member]):
        shares[share.loan_id][share.member_id] = share.amount
    for key, amount in earned.items():
        if member := borrowers[key]:
            of_members[member] += amount
        elif any(shares[key].values()):
            of_members.update(distribute(amount, shares[key]))
    found = Member.objects.in_bulk(of_members)
    return {found[key]: amount for key, amount in of_members.items() if amount}


def incentives_of_loans(loans: Iterable[Loan], year: int, rules: MoneyRules) -> dict[int, int]:
    """Rupiah that each loan earned in the year, by its key; none for a loan that earned nothing. Three queries."""
    if not rules.iptw_percent:
        return {}
    on_time = loans_on_time(loans, year, rules.iptw_free_days)
    fees = ReceiptPart.objects.filter(loan__in=on_time, kind="service_fee", received_on__year=year).order_by()
    sums = fees.values_list("loan").annotate(sum=Sum("amount"))
    return {key: amount for key, paid in sums if (amount := incentive(paid, rules.iptw_percent))}


@dataclass(frozen=True)
class YearLine:
    """What a loan earns for a year: on time in all that fell due, or so far while the year runs; rupiah by its fees."""

    year: int
    is_over: bool
    is_on_time: bool
    amount: int


def incentive_years(loan: Loan, rules: MoneyRules, as_of: date) -> list[YearLine]:
    """The years of a loan in which an instalment's last day on time has passed by the day, the latest first; two
    queries, none where the rule has 0%.
    """
    if not rules.iptw_percent or loan.written_off_on:
        return []
    free = timedelta(days=rules.iptw_free_days)
    rows = loan.instalments.in_force(as_of).filter(due_on__lt=as_of - free)
    dues = [Due(*row) for row in rows.values_list("due_on", "principal_to_date", "service_fee_to_date")]
    paid, fees = [Paid(date.min, loan.opening_principal_paid, loan.opening_service_fee_paid)], Counter[int]()
    parts = loan.receipt_parts.filter(kind__in=("principal", "service_fee"), received_on__lte=as_of)
    for on, kind, amount in parts.values_list("received_on", "kind", "amount"):
        paid.append(Paid(on, **{kind: amount}))
        fees[on.year] += amount if kind == "service_fee" else 0
    lines = []
    for year in sorted({due.on.year for due in dues}, reverse=True):
        is_on_time = was_on_time(dues, paid, year, rules.iptw_free_days)
        amount = incentive(fees[year], rules.iptw_percent) if is_on_time else 0
        lines.append(YearLine(year, last_of(year) + free < as_of, is_on_time, amount))
    return lines


def loans_on_time(loans: Iterable[Loan], year: int, free_days: int) -> set[int]:
    """The keys of the loans of which something fell due in the year, all of it paid in full on time; two queries.

    Judged by the schedule as it stood at the year's end, and by parts as they stand. A loan written off is not on time.
    """
    known = {loan.pk: loan for loan in loans if not loan.written_off_on}
    until = last_of(year) + timedelta(days=free_days)
    dues: defaultdict[int, list[Due]] = defaultdict(list)
    rows = Instalment.objects.filter(loan__in=known, due_on__year=year).in_force(last_of(year))
    for loan, on, principal, fee in rows.values_list("loan", "due_on", "principal_to_date", "service_fee_to_date"):
        dues[loan].append(Due(on, principal, fee))
    paid = {
        key: [Paid(date.min, loan.opening_principal_paid, loan.opening_service_fee_paid)] for key, loan in known.items()
    }
    parts = ReceiptPart.objects.filter(loan__in=dues, kind__in=("principal", "service_fee"), received_on__lte=until)
    for loan, on, kind, amount in parts.values_list("loan", "received_on", "kind", "amount"):
        paid[loan].append(Paid(on, **{kind: amount}))
    return {key for key, of_loan in dues.items() if was_on_time(of_loan, paid[key], year, free_days)}
