"""What pays a loan off early, as of a day. Pure: whole rupiah in, whole rupiah out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loans.allocation import Due, ScheduledRow
from loans.schedule import Choice


class PayoffFees(Choice):
    """Which fees an early payoff takes: up to and with the running period, or all of the loan."""

    RUNNING = "running"
    ALL = "all"


@dataclass(frozen=True)
class Quote:
    """The rupiah that pay the loan off, by part; `waived_service_fee` is let go, without an entry."""

    penalty: int
    service_fee: int
    principal: int
    waived_service_fee: int

    @property
    def total(self) -> int:
        return self.penalty + self.service_fee + self.principal


def quote(
    dues: Iterable[Due],
    as_of: date,
    *,
    fees: PayoffFees | str,
    penalty_owed: int = 0,
    schedule: Iterable[ScheduledRow] = (),
) -> Quote:
    """What pays off the unpaid instalments `dues` on `as_of`.

    All principal, and the fees of rows due on or before `as_of` and of the running period, the first row due after
    it; or all fees. The running period is looked for in `schedule`, all rows of the loan paid or not: give it where
    rows may be paid ahead, else the first unpaid row after `as_of` passes for running.
    Penalties are those on `dues` and, beside them, `penalty_owed`. Raises ScheduleError for another word in `fees`.
    """
    dues = tuple(dues)
    taken = dues
    if PayoffFees(fees) == PayoffFees.RUNNING:
        until = running_until(tuple(schedule) or dues, as_of)
        taken = tuple(due for due in dues if due.due_on <= until)
    service_fee = sum(due.service_fee for due in taken)
    return Quote(
        penalty=penalty_owed + sum(due.penalty for due in dues),
        service_fee=service_fee,
        principal=sum(due.principal for due in dues),
        waived_service_fee=sum(due.service_fee for due in dues) - service_fee,
    )


def running_until(rows: Iterable[ScheduledRow], as_of: date) -> date:
    """The day on which the running period ends; `as_of` itself after the last row."""
    return min((row.due_on for row in rows if row.due_on > as_of), default=as_of)
