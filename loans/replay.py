"""One loan out of its events, as of a day: exact arithmetic in whole rupiah, no database, no clock, no model.

Events stand in order of recording; they count by their day, on one day by order of recording; those after `as_of`
are ignored. Each must be possible at its place: on its own day and in all that was recorded before it.

- A payment is a total. It fills the oldest row first, inside it by the loan's order, then rows ahead of their day;
  what exceeds the whole debt of its day is credit, and a penalty charged later leaves that credit alone.
- From the day of a reversal on, history is as if the payment, penalty or recovery had never been: others are re-split.
- A reschedule is refused where money lies on a row that it changes; charges on those rows move with them.
- A write-off is the last word: only recoveries, and their reversals, come after it, whatever their day.
- Overdue, days and ageing count unpaid principal and fee of rows due before `as_of`; a penalty alone is never late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from loans.aging import Bracket, ageing, collectability, days_late
from loans.allocation import Due, Kind
from loans.chronicle import Book, History, ReplayError
from loans.events import Event, Id, Parts, Payment, Penalty, Recovery, Reschedule, Reversal, WriteOff, split
from loans.reschedule import Calendar, Plan, first_plan
from loans.schedule import Terms

__all__ = [
    "Payment",
    "PaymentState",
    "Penalty",
    "Recovery",
    "ReplayError",
    "Reschedule",
    "Reversal",
    "RowState",
    "State",
    "Status",
    "WriteOff",
    "replay",
    "split",
]


class Status(StrEnum):
    """Of a row. OVERDUE: principal or fee is unpaid after its day, also where a part was paid."""

    PAID = "paid"
    PARTIAL = "partial"
    DUE = "due"
    OVERDUE = "overdue"
    FUTURE = "future"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True)
class RowState:
    """A row of the schedule in force, in rupiah; `penalty` is what was charged on it."""

    number: int
    due_on: date
    principal: int
    service_fee: int
    penalty: int
    paid_principal: int
    paid_service_fee: int
    paid_penalty: int
    status: Status

    @property
    def total(self) -> int:
        return self.principal + self.service_fee


@dataclass(frozen=True)
class PaymentState:
    """How a payment that counts is split; the four parts sum to it."""

    id: Id
    penalty: int
    service_fee: int
    principal: int
    credit: int


@dataclass(frozen=True)
class State:
    """The loan at the end of the day `as_of`, in rupiah; `payments` in order of recording, without reversed ones."""

    as_of: date
    instalments: tuple[RowState, ...]
    payments: tuple[PaymentState, ...]
    outstanding_principal: int
    overdue_principal: int
    overdue_service_fee: int
    days_past_due: int
    ageing: dict[str, int]
    collectability: Bracket
    written_off: int
    recovered: int
    credit: int
    plan: Plan


def replay(
    terms: Terms,
    start: date,
    order: Sequence[Kind],
    events: Iterable[Event],
    as_of: date,
    calendar: Calendar | None = None,
) -> State:
    """The loan disbursed on `start` as of `as_of`; `calendar` as in `reschedule.first_plan`.

    Raises ScheduleError for impossible terms and ReplayError for the first impossible event.
    """
    history = History(first_plan(terms, start, calendar), start, order)
    for position, event in enumerate(events, 1):
        if event.on <= as_of:
            history.record(position, event)
    return _state(history, as_of)


def _state(history: History, as_of: date) -> State:
    book = history.book
    lost = book.written_off is not None
    rows = tuple(_row_state(book, at, as_of) for at in range(len(book.plan.rows)))
    late = [row for row in rows if row.status == Status.OVERDUE]
    payments = tuple(
        _payment_state(event.id, book.purse.parts[event.id])
        for _, event in history.recorded
        if isinstance(event, Payment) and event.id in book.purse.parts
    )
    days = days_late(late[0].due_on, as_of) if late else 0
    return State(
        as_of=as_of,
        instalments=rows,
        payments=payments,
        outstanding_principal=0 if lost else book.outstanding,
        overdue_principal=sum(row.principal - row.paid_principal for row in late),
        overdue_service_fee=sum(row.service_fee - row.paid_service_fee for row in late),
        days_past_due=days,
        ageing=ageing((days_late(row.due_on, as_of), row.principal - row.paid_principal) for row in late),
        collectability=collectability(days),
        written_off=book.written_off or 0,
        recovered=book.recovered,
        credit=sum(payment.credit for payment in payments),
        plan=book.plan,
    )


def _row_state(book: Book, at: int, as_of: date) -> RowState:
    row, paid, due = book.plan.rows[at], book.purse.paid[at], book.purse.due(at)
    return RowState(
        number=row.number,
        due_on=row.due_on,
        principal=row.principal,
        service_fee=row.service_fee,
        penalty=book.purse.charged[at],
        paid_principal=paid[Kind.PRINCIPAL],
        paid_service_fee=paid[Kind.SERVICE_FEE],
        paid_penalty=paid[Kind.PENALTY],
        status=_status(due, any(paid.values()), book.written_off is not None, as_of),
    )


def _status(due: Due, is_touched: bool, is_written_off: bool, as_of: date) -> Status:
    owed = due.principal + due.service_fee
    if not owed + due.penalty:
        return Status.PAID
    if is_written_off:
        return Status.WRITTEN_OFF
    if owed and due.due_on < as_of:
        return Status.OVERDUE
    if is_touched or not owed:
        return Status.PARTIAL
    return Status.DUE if due.due_on == as_of else Status.FUTURE


def _payment_state(id: Id, parts: Parts) -> PaymentState:
    return PaymentState(id, parts[Kind.PENALTY], parts[Kind.SERVICE_FEE], parts[Kind.PRINCIPAL], parts[Kind.CREDIT])
