"""The end of a year: the allowance is brought to what the loans ask for, then income and expenses go into the year's
surplus (3.5), and January begins at nothing.

One voucher a year, dated 31 December, takes every income and expense account to 0; assets, liabilities and equity
carry on. It is posted when December is closed and taken back when December opens again. A year's result is what its
closing put into 3.5: what an exception lets into a closed year counts in the year that takes it. Amounts are whole
rupiah on the side on which each account grows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Count, Min, Sum

from accounts.models import User
from loans import postings
from loans.allowance_services import check_not_used, missing_allowance, post_allowance
from loans.chart import CHART, LOSSES, SURPLUS, Side, accounts_of
from loans.ledger_services import record_voucher, take_back
from loans.models import Entry, Opening, Voucher
from loans.month_services import closed_through
from up2k_portal.lib.dates import period_of
from villages.models import Group

INCOME = tuple(account.code for account in accounts_of(Side.INCOME))
EXPENSES = tuple(account.code for account in accounts_of(Side.EXPENSE))
DECEMBER = 12


@dataclass(frozen=True)
class Year:
    """What a group earned and spent in a year, account by account."""

    year: int
    accounts: Mapping[str, int]

    @property
    def income(self) -> int:
        return sum(self.accounts.get(code, 0) for code in INCOME)

    @property
    def expenses(self) -> int:
        return sum(self.accounts.get(code, 0) for code in EXPENSES)

    @property
    def surplus(self) -> int:
        """Income less expenses; below zero for a year that lost."""
        return self.income - self.expenses


def last_of(year: int) -> date:
    return date(year, DECEMBER, 31)


def december(year: int) -> int:
    """The month with which a year closes."""
    return year * 100 + DECEMBER


def closing_lines(accounts: Mapping[str, int]) -> list[postings.Line]:
    """Debit, credit and rupiah that take each account to 0 against the surplus; none for one that stands at 0."""
    lines = []
    for code in (*INCOME, *EXPENSES):
        amount = accounts.get(code, 0)
        stands_in_debit = (amount > 0) == CHART[code].side.grows_by_debit
        if amount:
            lines.append((SURPLUS, code, abs(amount)) if stands_in_debit else (code, SURPLUS, abs(amount)))
    return lines


def year_close_facts(group: Group, year: Year, uuid: UUID) -> dict:
    """What the voucher of a closed year says."""
    lines = closing_lines(year.accounts)
    debit, credit, _ = lines[0]
    return {
        "group": group,
        "kind": Voucher.Kind.YEAR_CLOSE,
        "on": last_of(year.year),
        "amount": sum(amount for _, _, amount in lines),
        "debit": debit,
        "credit": credit,
        "lines": lines,
        "description": f"Tutup tahun {year.year}",
        "uuid": uuid,
    }


def year_result(group: Group, year: int) -> dict[str, int]:
    """Rupiah of every income and expense account in a year ("hasil usaha"): of a closed one what its voucher took, of
    an open one what it would take; three queries.
    """
    first = _first_open(closed_through(group))
    begins = 0 if year == first else year * 100 + 1  # with what came late into the years before it
    rows = Entry.objects.filter(group=group, period__range=(begins, december(year)))
    sign = 1
    if year < first:
        rows, sign = rows.filter(kind=Voucher.Kind.YEAR_CLOSE), -1
    total: Counter[str] = Counter()
    for accounts in _by_period(rows).values():
        total.update(accounts)
    return {code: sign * total[code] for code in (*INCOME, *EXPENSES)}


def years_to_close(group: Group, through: int) -> list[Year]:
    """The years that end when the month `through` (202612) is closed, with what their vouchers take; oldest first.

    What an exception let into a year that is closed already is taken by the next one. A year without income and
    expenses has no voucher. What closing will set aside for loan losses counts as an expense already.
    """
    last = closed_through(group)
    if not _decembers(last, through):
        return []
    first = _first_open(last)
    years: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for period, accounts in _by_period(Entry.objects.filter(group=group, period__lte=through)).items():
        years[max(first, period // 100)].update(accounts)
    for day, amount in missing_allowance(group, ends_to_close(group, through)).items():
        years[day.year][LOSSES] += amount
    found = [Year(year, years[year]) for year in sorted(years) if december(year) <= through]
    return [year for year in found if closing_lines(year.accounts)]


def ends_to_close(group: Group, through: int) -> list[date]:
    """The last days of the years with entries that end when the month `through` is closed, oldest first."""
    last = closed_through(group)
    if not _decembers(last, through):
        return []
    begun = Entry.objects.filter(group=group, period__lte=through).order_by().aggregate(first=Min("period"))["first"]
    opened = Opening.objects.filter(group=group, opened_at__isnull=False).values_list("on", flat=True).first()
    if begun and opened:
        begun = max(begun, period_of(opened))
    if not begun:
        return []
    first = max(begun // 100, _first_open(last))
    ends = (last_of(year) for year in range(first, through // 100 + 1))
    return [end for end in ends if december(end.year) <= through]


@transaction.atomic
def close_years(group: Group, through: int, by: User | None) -> list[Voucher]:
    """Posts the vouchers of the years that end with the month; under the group's lock, before the month is closed."""
    made: Counter[int] = Counter()
    post_allowance(group, ends_to_close(group, through), by)
    if years := years_to_close(group, through):
        rows = group.vouchers.filter(kind=Voucher.Kind.YEAR_CLOSE, reverses=None).order_by()
        made.update(dict(rows.values_list("year").annotate(n=Count("pk"))))
    return [
        record_voucher(**year_close_facts(group, year, _key(group, year.year, made[year.year])), by=by)
        for year in years
    ]


@transaction.atomic
def reopen_years(group: Group, reason: str, by: User) -> list[Voucher]:
    """Takes the vouchers of all years back whose December is open now, each on its day; under the group's lock.

    Raises ValidationError where write-offs since took from the allowance that one of them set aside.
    """
    kinds = (Voucher.Kind.YEAR_CLOSE, Voucher.Kind.ALLOWANCE)
    rows = group.vouchers.filter(kind__in=kinds, reverses=None, reversal=None, period__gt=closed_through(group))
    vouchers = list(rows.select_related("group").order_by("-on", "-pk"))
    if allowances := [voucher for voucher in vouchers if voucher.kind == Voucher.Kind.ALLOWANCE]:
        check_not_used(group, allowances)
    return [
        take_back(voucher, on=voucher.on, reason=reason, uuid=uuid5(voucher.uuid, "dibuka lagi"), by=by)
        for voucher in vouchers
    ]


def standing_vouchers(group: Group):
    """The vouchers of the years that are closed."""
    return group.vouchers.filter(kind=Voucher.Kind.YEAR_CLOSE, reverses=None, reversal=None)


def _key(group: Group, year: int, times: int) -> UUID:
    """Another one each time that a reopened year is closed again."""
    return uuid5(NAMESPACE_URL, f"up2k tutup tahun {group.pk} {year} {times}")


def _first_open(last: int) -> int:
    """The first year that may still be open, when the months up to `last` are closed."""
    return last // 100 + (last % 100 == DECEMBER)


def _decembers(last: int, through: int) -> bool:
    """Whether a December lies after the month `last` and not after `through`."""
    return (through // 100 - (through % 100 < DECEMBER)) * 100 + DECEMBER > last


def _by_period(rows) -> dict[int, Counter[str]]:
    """Rupiah of the income and expense accounts in these entries, by month."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for side, sign in (("debit", 1), ("credit", -1)):
        of_side = rows.filter(**{f"{side}__in": (*INCOME, *EXPENSES)}).order_by()
        sums: Iterable[tuple[int, str, int]] = of_side.values_list("period", side).annotate(sum=Sum("amount"))
        for period, code, amount in sums:
            found[period][code] += sign * amount * (1 if CHART[code].side.grows_by_debit else -1)
    return found
