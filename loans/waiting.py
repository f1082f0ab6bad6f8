"""Who waits for a loan, in a fair order, and how much can be lent this month and next. Pure; whole rupiah."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate


class Fit(StrEnum):
    """When the money is enough for a proposal and for all before it."""

    THIS_MONTH = "bulan ini"
    NEXT_MONTH = "bulan depan"
    LATER = "kemudian"


@dataclass(frozen=True)
class Proposal:
    """A proposal not decided on yet. `waits_since`: the day her last loan was paid off, else the day she joined."""

    key: int
    number: str
    amount: int
    proposed_on: date
    has_running: bool
    waits_since: date


@dataclass(frozen=True)
class Due:
    """What of one instalment is still to be paid, and when."""

    on: date
    principal: int
    service_fee: int

    @property
    def total(self) -> int:
        return self.principal + self.service_fee


@dataclass(frozen=True)
class Money:
    """What a group can lend: what lies in the tills, what falls due (nobody late counted on), less what is promised."""

    cash: int
    bank: int
    due_this_month: int
    due_next_month: int
    late: int
    promised: int

    @property
    def this_month(self) -> int:
        """Rupiah that can be lent until the end of this month; below zero where too much is promised."""
        return self.cash + self.bank + self.due_this_month - self.promised

    @property
    def next_month(self) -> int:
        """Rupiah that can be lent until the end of next month, this month's included."""
        return self.this_month + self.due_next_month


def fair_order(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Who has no running loan first; then who waits longest; then the day of the proposal; then its number."""
    return sorted(
        proposals,
        key=lambda one: (one.has_running, one.waits_since, one.proposed_on, len(one.number), one.number, one.key),
    )


def fits(amounts: Iterable[int], money: Money) -> Iterator[Fit]:
    """For each amount in order of the list: when the money is enough for it and for all before it."""
    for needed in accumulate(amounts):
        if needed <= money.this_month:
            yield Fit.THIS_MONTH
        elif needed <= money.next_month:
            yield Fit.NEXT_MONTH
        else:
            yield Fit.LATER


def still_due(to_date: int, amount: int, paid: int) -> int:
    """What of a row's `amount` is unpaid, where the loan's rows up to it make `to_date` and `paid` came in: the oldest
    row is filled first."""
    return min(max(to_date - paid, 0), amount)


def months_ends(day: date) -> tuple[date, date]:
    """The last days of the day's month and of the next."""
    return _last_day(day.year, day.month), _last_day(day.year + day.month // 12, day.month % 12 + 1)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
