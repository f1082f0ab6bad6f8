"""What members save and contribute: balances, dues and the saving book, as of a day. Whole rupiah.

A balance is the member's money on a savings account of the ledger. Dues follow the group's terms: pokok once, wajib and
iuran for every month begun, with the amount that was in force in that month.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear, Greatest, Least

from loans.chart import OPENING, SAVINGS
from loans.ledger_services import lowest_balance
from loans.models import Entry, SavingTerms
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Group, Member

Kind = SavingTerms.Kind
MONTHLY = (Kind.MANDATORY, Kind.CONTRIBUTION)
LOCKED = (Kind.INITIAL, Kind.MANDATORY)  # where a group said nothing else
KIND_OF = {account: Kind(kind) for kind, account in SAVINGS.items()}
LONG_LIST = 100  # of keys


@dataclass(frozen=True)
class BookRow:
    """One line of a member's saving book; `balance` is that of all kinds together after it."""

    on: date
    number: str
    kind: Kind
    paid_in: int
    paid_out: int
    balance: int


def month_index(day: date) -> int:
    """Months since year 0, so that months can be counted by subtraction."""
    return day.year * 12 + day.month


def mandatory_due(terms: Iterable, joined_on: date, as_of: date) -> int:
    """Rupiah due on the day by terms of one kind (rows with `since` and `amount`), from her first month to this one.

    A new amount counts from the month in which it begins; before the first terms nothing was due. Pure.
    """
    rows = sorted((row for row in terms if row.since <= as_of), key=lambda row: row.since)
    ends = [*(month_index(row.since) for row in rows[1:]), month_index(as_of) + 1]
    first = month_index(joined_on)
    return sum(
        row.amount * max(end - max(month_index(row.since), first), 0) for row, end in zip(rows, ends, strict=False)
    )


def terms_on(group: Group, day: date) -> dict[str, SavingTerms]:
    """The terms of each kind in force on the day; what is usual (unsaved, Rp0) where the group has none."""
    return terms_among(group.saving_terms.all(), group, day)


def terms_among(rows: Iterable[SavingTerms], group: Group, day: date) -> dict[str, SavingTerms]:
    """As `terms_on`, from rows already read."""
    found = {kind: SavingTerms(group=group, kind=kind, amount=0, is_locked=kind in LOCKED) for kind in Kind}
    return found | {row.kind: row for row in sorted(rows, key=lambda row: row.since) if row.since <= day}


def saving_balances(members: Iterable[Member], as_of: date) -> dict[int, dict[str, int]]:
    """{member's key: {kind: rupiah at the end of the day}} of the three kinds of savings, in one query."""
    found = {member.pk: dict.fromkeys(SAVINGS, 0) for member in members}
    rows = Entry.objects.filter(Q(credit__in=KIND_OF) | Q(debit__in=KIND_OF), _of_members(found), on__lte=as_of)
    sums = rows.order_by().values_list("member", "credit", "debit").annotate(sum=Sum("amount"))
    for member, credit, debit, amount in sums:
        if (balances := found.get(member)) is None:
            continue
        if credit in KIND_OF:
            balances[KIND_OF[credit]] += amount
        if debit in KIND_OF:
            balances[KIND_OF[debit]] -= amount
    return found


def _of_members(keys: Collection[int]) -> Q:
    """Rows of these members, and of the few others between them where many keys lie close: those are asked as one
    stretch of the index, since to hand over a long list costs about as much as to answer it."""
    if len(keys) > LONG_LIST and (last := max(keys)) - (first := min(keys)) < 2 * len(keys):
        return Q(member__gte=first, member__lte=last)
    return Q(member__in=keys)


def dues(member: Member, as_of: date) -> dict[str, int]:
    """Rupiah of each kind that she should still pay in by the day, this month's included; 0 for sukarela."""
    return dues_of(member.group, [member], as_of)[member.pk]


def dues_of(group: Group, members: Iterable[Member], as_of: date) -> dict[int, dict[str, int]]:
    """`dues` of many members of one group by the member's key, in two queries however many they are."""
    members, terms = list(members), list(group.saving_terms.all())
    paid = _paid_in(members, terms, as_of)
    found: dict[int, dict[str, int]] = {}
    for member in members:
        until = min(as_of, member.left_on or as_of)
        owed = {kind: mandatory_due(_of(kind, terms), member.joined_on, until) for kind in MONTHLY}
        owed[Kind.INITIAL] = _initial_due(_of(Kind.INITIAL, terms), member.joined_on, until)
        found[member.pk] = {str(kind): max(owed.get(kind, 0) - paid[member.pk][kind], 0) for kind in Kind}
    return found


def _of(kind: str, terms: Iterable[SavingTerms]) -> list[SavingTerms]:
    return sorted((row for row in terms if row.kind == kind), key=lambda row: row.since)


def _initial_due(terms: list[SavingTerms], joined_on: date, as_of: date) -> int:
    """The amount on the day she joined, else the first that was set afterwards."""
    known = [row for row in terms if row.since <= as_of]
    at_joining = [row for row in known if row.since <= joined_on]
    return (at_joining[-1] if at_joining else known[0]).amount if known else 0


def _paid_in(members: Iterable[Member], terms: list[SavingTerms], as_of: date) -> dict[int, Counter[str]]:
    """What each paid in of each kind, reversals netted; what she took out later counts as paid.

    What was paid before the first monthly terms, or stood in the old book when they began, was for the months before.
    """
    first = {kind: known[0].since for kind in MONTHLY if (known := _of(kind, terms))}
    paid: dict[int, Counter[str]] = {member.pk: Counter() for member in members}
    wanted = Q(credit__in=KIND_OF, reverses=None) | Q(debit__in=KIND_OF, reverses__isnull=False)
    rows = Entry.objects.filter(wanted | Q(kind=Kind.CONTRIBUTION), member__in=paid, on__lte=as_of)
    for row in rows.order_by().select_related("reverses"):
        kind = KIND_OF.get(row.credit if row.reverses_id is None else row.debit, Kind.CONTRIBUTION)
        paid_on = row.reverses.on if row.reverses else row.on
        is_earlier = kind in first and (paid_on < first[kind] or (row.debit == OPENING and paid_on == first[kind]))
        if row.member_id and not is_earlier:
            paid[row.member_id][kind] += row.amount if row.reverses_id is None else -row.amount
    return paid


def with_savings(members, as_of: date):
    """Annotates members with `initial`, `mandatory`, `voluntary`, their sum `savings`, and `mandatory_late`:
    what each should still pay in of wajib by the day, this month's included. The same rupiah as `dues` tells.
    """
    kinds = {kind: _balance([account], as_of) for kind, account in SAVINGS.items()}
    rows = members.annotate(
        **kinds,
        savings=_balance(list(KIND_OF), as_of),
        _first_month=_month("joined_on"),
        _last_month=Coalesce(Least(_month("left_on"), Value(month_index(as_of))), Value(month_index(as_of))),
        _last_day=Coalesce(Least(F("left_on"), Value(as_of)), Value(as_of)),
        _terms_since=Subquery(_mandatory_terms().order_by("since").values("since")[:1]),
    )
    owed = Coalesce(Subquery(_mandatory_due()), 0) - Coalesce(Subquery(_mandatory_paid(as_of)), 0)
    return rows.annotate(mandatory_late=Greatest(owed, Value(0)))


def _month(name: str):
    return ExtractYear(name) * 12 + ExtractMonth(name)


def _entries_of_member(accounts: list[str], as_of: date):
    rows = Entry.objects.filter(Q(credit__in=accounts) | Q(debit__in=accounts), member=OuterRef("pk"), on__lte=as_of)
    return rows.order_by().values("member")


def _balance(accounts: list[str], as_of: date):
    grown = Case(When(credit__in=accounts, then=F("amount")), default=Value(0))
    shrunk = Case(When(debit__in=accounts, then=F("amount")), default=Value(0))
    sums = _entries_of_member(accounts, as_of).annotate(sum=Sum(grown - shrunk)).values("sum")
    return Coalesce(Subquery(sums), 0)


def _mandatory_paid(as_of: date):
    account = SAVINGS["mandatory"]
    signed = Case(
        When(credit=account, reverses=None, then=F("amount")),
        When(debit=account, reverses__isnull=False, then=-F("amount")),
        default=Value(0),
    )
    since = OuterRef("_terms_since")
    rows = _entries_of_member([account], as_of).annotate(_paid_on=Coalesce("reverses__on", "on"))
    rows = rows.exclude(_paid_on__lt=since).exclude(debit=OPENING, _paid_on__lte=since)
    return rows.annotate(sum=Sum(signed)).values("sum")


def _mandatory_terms():
    return SavingTerms.objects.filter(group=OuterRef("group"), kind=Kind.MANDATORY).order_by()


def _mandatory_due():
    """`mandatory_due` in the database: every row's months from its own to the next row's, inside her membership."""
    rows = _mandatory_terms().filter(since__lte=OuterRef("_last_day"))
    later = SavingTerms.objects.filter(
        group=OuterRef("group"), kind=Kind.MANDATORY, since__gt=OuterRef("since"), since__lte=OuterRef("_end_day")
    )
    first_later = later.order_by("since").annotate(month=_month("since")).values("month")[:1]
    rows = rows.annotate(_end_day=OuterRef("_last_day"), _end=OuterRef("_last_month"), _start=OuterRef("_first_month"))
    rows = rows.annotate(_until=Coalesce(Subquery(first_later, output_field=IntegerField()), F("_end") + 1))
    months = Greatest(F("_until") - Greatest(_month("since"), F("_start")), Value(0))
    return rows.values("group").annotate(sum=Sum(F("amount") * months)).values("sum")


def check_not_below_zero(member: Member, kind: str, on: date, change: int) -> None:
    """Raises ValidationError when a change of rupiah on that day would leave her savings below zero on any day."""
    lowest, day = lowest_balance(member.entries, SAVINGS[kind], on)
    if lowest + change < 0:
        raise ValidationError(
            f"{Kind(kind).label} {member} pada {format_day(day)} {format_rupiah(lowest)}, "
            f"kurang dari {format_rupiah(-change)}. Periksa jumlah dan tanggalnya."
        )


def book_rows(member: Member, as_of: date) -> list[BookRow]:
    """Her saving book up to the day, oldest first, in one query."""
    rows = Entry.objects.filter(Q(credit__in=KIND_OF) | Q(debit__in=KIND_OF), member=member, on__lte=as_of)
    balance, book = 0, []
    for row in rows.select_related("part__receipt", "voucher").order_by("on", "pk"):
        is_in = row.credit in KIND_OF
        balance += row.amount if is_in else -row.amount
        source = row.part.receipt if row.part else row.voucher
        kind = KIND_OF[row.credit if is_in else row.debit]
        paid_in, paid_out = (row.amount, 0) if is_in else (0, row.amount)
        book.append(BookRow(row.on, source.number, kind, paid_in, paid_out, balance))
    return book
