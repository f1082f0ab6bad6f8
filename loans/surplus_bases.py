"""What counts when a surplus is shared: who takes part, the fees that came from her, her savings. Whole rupiah."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from django.db.models import Q, Sum

from loans.chart import FEE, SAVINGS
from loans.models import Entry, LoanShare, SurplusScheme
from loans.savings import saving_balances
from loans.surplus import Basis, distribute
from loans.year_close import december, last_of
from up2k_portal.lib.money import round_rupiah
from villages.models import Group, Member

MONTHS = range(1, 13)


def members_of(group: Group, year: int, *, leavers: bool) -> list[Member]:
    """Who takes part: members at the year's end and, where the scheme says so, who left in the course of it."""
    still = Q(left_on=None) | Q(left_on__gt=last_of(year))
    wanted = still | Q(left_on__gte=date(year, 1, 1)) if leavers else still
    rows = Member.objects.filter(wanted, group=group, joined_on__lte=last_of(year))
    return list(rows.select_related("poklak").order_by("name", "pk"))


def bases_of(group: Group, year: int, members: Sequence[Member], savings_basis: str) -> dict[int, Basis]:
    """What counts for each member, in the order of the members."""
    fees, savings = fees_of(group, year), savings_of(members, year, savings_basis)
    return {member.pk: Basis(fees[member.pk], savings[member.pk]) for member in members}


def fees_of(group: Group, year: int) -> Counter[int]:
    """Rupiah of fees that came from each member in the year, corrections taken off.

    The fees of a poklak's loan are its members' in proportion to their parts of it, by largest remainder.
    """
    rows = Entry.objects.filter(group=group, kind="service_fee", period__range=(year * 100 + 1, december(year)))
    of_members: Counter[int] = Counter()
    of_loans: Counter[int] = Counter()
    sums = rows.order_by().values_list("loan", "loan__member", "credit").annotate(sum=Sum("amount"))
    for loan, member, credit, amount in sums:
        signed = amount if credit == FEE else -amount
        if member:
            of_members[member] += signed
        else:
            of_loans[loan] += signed
    for loan, shares in _shares(of_loans).items():
        sign = 1 if of_loans[loan] > 0 else -1
        for member, part in distribute(abs(of_loans[loan]), shares).items():
            of_members[member] += sign * part
    return of_members


def _shares(loans: Iterable[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for row in LoanShare.objects.filter(loan__in=list(loans)).order_by("loan", "pk"):
        found.setdefault(row.loan_id, {})[row.member_id] = row.amount
    return found


def savings_of(members: Sequence[Member], year: int, basis: str) -> dict[int, int]:
    """Rupiah of all savings of each member: at the year's end, or the mean of its twelve month-ends, to the rupiah."""
    if basis == SurplusScheme.SavingsBasis.YEAR_END:
        return {pk: sum(kinds.values()) for pk, kinds in saving_balances(members, last_of(year)).items()}
    before = saving_balances(members, last_of(year - 1))
    moved = _moved(members, year)
    means = {}
    for member in members:
        at_end, total = sum(before[member.pk].values()), 0
        for month in MONTHS:
            at_end += moved[member.pk, year * 100 + month]
            total += at_end
        means[member.pk] = round_rupiah(Fraction(total, len(MONTHS)))
    return means


def _moved(members: Sequence[Member], year: int) -> Counter[tuple[int, int]]:
    """Rupiah by which each member's savings changed in each month of the year."""
    rows = Entry.objects.filter(member__in=members, period__range=(year * 100 + 1, december(year))).order_by()
    found: Counter[tuple[int, int]] = Counter()
    for side, sign in (("credit", 1), ("debit", -1)):
        sums = rows.filter(**{f"{side}__in": SAVINGS.values()}).values_list("member", "period")
        for member, period, amount in sums.annotate(sum=Sum("amount")):
            found[member, period] += sign * amount
    return found
