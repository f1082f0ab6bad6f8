"""How far the month of a village's groups is: sheet, cash count, proposals, closing; in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import BigIntegerField, Case, F, Max, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from enterprises.months import first_day, last_day
from loans.chart import BANK, CASH, FIELD_CASH
from loans.closing_services import MonthChecks, next_month
from loans.ledger_services import balances_of_groups
from loans.models import CashCount, Entry, Envelope, Loan, MoneyRules, MonthClosing, Opening, Receipt, SheetAbsence
from loans.models.receipts import Till
from loans.proposal_services import why_not_disbursed
from up2k_portal.lib.dates import period_of, today
from villages.models import Group, Member

Status = Loan.Status
ASKED = (Status.PROPOSED, Status.VERIFIED, Status.APPROVED)


@dataclass(frozen=True)
class GroupMonth:
    """A group in its first month that is not closed (202609), or in the running one where nothing is to be closed."""

    group: Group
    period: int
    closed_through: int  # the last closed month, 0 while none is
    has_books: bool  # whether money was ever recorded
    has_product: bool
    members: frozenset[int]  # active on the last day of the month that has come
    told: frozenset[int]  # of them, who paid, saved or was marked absent in the month
    sheet_on: date | None  # of the latest sheet of the month
    checks: MonthChecks  # without the counts of receipts and vouchers, which the tasks do not tell
    ready: int  # proposals that the village may pay out now
    waiting: int  # proposals that wait for another's word
    cash: int  # rupiah in the box by the book today
    in_the_field: int  # rupiah that sheets brought in and nobody counted yet
    bank: int

    @property
    def missing(self) -> int:
        """Members of whom the month says nothing yet."""
        return len(self.members - self.told)

    @property
    def is_over(self) -> bool:
        return today() > last_day(self.period)

    @property
    def is_running(self) -> bool:
        """Whether the month is the one that today lies in."""
        return self.period == period_of(today())


def group_months(groups: Sequence[Group]) -> list[GroupMonth]:
    """The months of these groups (with `village__district__regency`), in their order; fifteen queries in all."""
    keys = [group.pk for group in groups]
    closed, first = _closed(keys), _first_periods(keys)
    periods = {key: next_month(closed.get(key, 0), first.get(key, 0)) or period_of(today()) for key in keys}
    members, told = _members(periods), _told(periods)
    sheets = _sheets(periods)
    checks, asked = _checks(periods), _proposals(keys)
    tills = balances_of_groups(keys, today(), (CASH, FIELD_CASH, BANK))
    lending = set(Group.objects.filter(pk__in=keys, loan_products__isnull=False).values_list("pk", flat=True))
    return [
        GroupMonth(
            group=group,
            period=periods[group.pk],
            closed_through=closed.get(group.pk, 0),
            has_books=group.pk in first,
            has_product=group.pk in lending,
            members=members[group.pk],
            told=members[group.pk] & told[group.pk],
            sheet_on=sheets.get(group.pk),
            checks=checks[group.pk],
            ready=asked[group.pk, True],
            waiting=asked[group.pk, False],
            cash=tills[group.pk][CASH],
            in_the_field=tills[group.pk][FIELD_CASH],
            bank=tills[group.pk][BANK],
        )
        for group in groups
    ]


def _closed(keys: list[int]) -> dict[int, int]:
    rows = MonthClosing.objects.filter(group__in=keys, reopened_at=None).order_by()
    return dict(rows.values_list("group").annotate(last=Max("period")))


def _first_periods(keys: list[int]) -> dict[int, int]:
    """As `closing_services.first_period`, of many groups; without those that never recorded money."""
    entries = Entry.objects.filter(group__in=keys).order_by().values_list("group").annotate(first=Min("period"))
    opened = Opening.objects.filter(group__in=keys, opened_at__isnull=False).values_list("group", "on")
    began = {key: period_of(on) for key, on in opened}
    return {key: max(first, began.get(key, 0)) for key, first in entries}


def _in_month(periods: Mapping[int, int], day: str) -> Q:
    """Rows of each group whose day lies in the group's month."""
    found = Q(pk__in=[])
    for key, period in periods.items():
        found |= Q(**{"group": key, f"{day}__range": (first_day(period), last_day(period))})
    return found


def _members(periods: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Who belongs to each group at the end of its month, today at the latest."""
    found: dict[int, set[int]] = defaultdict(set)
    days = {key: min(last_day(period), today()) for key, period in periods.items()}
    rows = Member.objects.filter(group__in=list(periods), joined_on__lte=max(days.values(), default=today()))
    for pk, key, joined_on, left_on in rows.order_by().values_list("pk", "group", "joined_on", "left_on"):
        if joined_on <= days[key] and (left_on is None or left_on > days[key]):
            found[key].add(pk)
    return {key: frozenset(found[key]) for key in periods}


def _told(periods: Mapping[int, int]) -> dict[int, set[int]]:
    receipts = Receipt.objects.filter(_in_month(periods, "received_on"), member__isnull=False)
    receipts = receipts.filter(reverses=None, reversal=None).order_by()
    absent = SheetAbsence.objects.filter(_in_month(periods, "on"), cancelled_at=None).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for rows in (receipts, absent):
        for key, member in rows.values_list("group", "member").distinct():
            found[key].add(member)
    return found


def _sheets(periods: Mapping[int, int]) -> dict[int, date]:
    rows = Envelope.objects.filter(_in_month(periods, "on")).order_by()
    return dict(rows.values_list("group").annotate(last=Max("on")))


def _checks(periods: Mapping[int, int]) -> dict[int, MonthChecks]:
    """The latest count of each month beside the cash of the book on its day, and whether cash moved at all."""
    moved = Entry.objects.filter(Q(debit=CASH) | Q(credit=CASH), _of_period(periods)).order_by()
    with_cash = set(moved.values_list("group", flat=True).distinct())
    counted = CashCount.objects.filter(_in_month(periods, "counted_on"), till=Till.CASH)
    rows: Iterable[Any] = counted.annotate(booked_now=_cash_of_book()).order_by("counted_on", "pk")
    counts = {row.group_id: row for row in rows}  # of several the latest
    in_field = _in_field(periods)
    return {
        key: MonthChecks(
            period=period,
            receipt_count=0,
            receipt_sum=0,
            voucher_count=0,
            cash_moved=key in with_cash,
            cash_count=counts.get(key),
            booked=counts[key].booked_now if key in counts else 0,
            in_field=in_field.get(key, 0),
        )
        for key, period in periods.items()
    }


def _in_field(periods: Mapping[int, int]) -> dict[int, int]:
    """Rupiah that sheets brought in by the end of each group's month and nobody handed in to the box, as
    `ledger_services.in_field`."""
    entries = Entry.objects.filter(Q(debit=FIELD_CASH) | Q(credit=FIELD_CASH), group__in=list(periods)).order_by()
    moved: dict[int, Counter[date]] = {key: Counter({last_day(period): 0}) for key, period in periods.items()}
    for key, on, amount in entries.values_list("group", "on").annotate(sum=Sum(_signed(FIELD_CASH))):
        moved[key][max(on, last_day(periods[key]))] += amount
    return {key: max(min(accumulate(days[day] for day in sorted(days))), 0) for key, days in moved.items()}


def _signed(code: str) -> Case:
    """The amount of an entry as it changes an account of this side of the balance."""
    return Case(When(debit=code, then=F("amount")), default=-F("amount"), output_field=BigIntegerField())


def _of_period(periods: Mapping[int, int]) -> Q:
    found = Q(pk__in=[])
    for key, period in periods.items():
        found |= Q(group=key, period=period)
    return found


def _cash_of_book():
    """Rupiah in the box by the book at the end of the day of a count, as the book is now."""
    entries = Entry.objects.filter(
        Q(debit=CASH) | Q(credit=CASH), group=OuterRef("group"), on__lte=OuterRef("counted_on")
    )
    sums = entries.order_by().values("group").annotate(sum=Sum(_signed(CASH))).values("sum")
    return Coalesce(Subquery(sums), Value(0), output_field=BigIntegerField())


def _proposals(keys: Iterable[int]) -> Counter[tuple[int, bool]]:
    """{(group, whether the village may pay it out now): how many}"""
    rules = {one.group_id: one for one in MoneyRules.objects.filter(group__in=list(keys))}
    loans = Loan.objects.filter(group__in=list(keys), status__in=ASKED).select_related("village__district__regency")
    return Counter((loan.group_id, not why_not_disbursed(loan, rules.get(loan.group_id))) for loan in loans)
