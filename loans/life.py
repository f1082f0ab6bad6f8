"""A loan's life as it was recorded, played by the pure code of `loans.replay`, and what one more event changes.

Written parts follow the play: what a new event changes in the split of earlier receipts is told in rupiah by receipt
and kind. Where a split had to stay (a closed month), an adjustment brought the sums to what the play says; so changes
are told against the play before the event, never against the parts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.core.exceptions import ValidationError

from loans import penalty
from loans.allocation import Due, Kind, parse_order
from loans.builders import build_instalments
from loans.chronicle import Book, History, ReplayError
from loans.due_days import Season, due_days, parse_seasons
from loans.events import Event, Id, Payment, Recovery, Reversal, Waiver, WriteOff
from loans.events import Penalty as Charge
from loans.events import Reschedule as Rescheduled
from loans.models import Instalment, Loan, Penalty, Receipt, ReceiptPart, Reschedule
from loans.payoff import Quote, quote
from loans.reschedule import Extra, Grace, NewDueOn, NewRate, Plan, Seed, What
from loans.schedule import Every, Row, ScheduleError, due_on

PAID_KINDS = (Kind.PENALTY, Kind.SERVICE_FEE, Kind.PRINCIPAL, Kind.CREDIT)
Order = tuple[datetime, int, int]
BEFORE_BOOKS = "saldo awal"  # the event that stands for what was paid before the group's books began


@dataclass(frozen=True)
class Effect:
    """What new events do: the split of a new payment, and what moves between the kinds of earlier receipts.

    `moved` has rupiah by receipt and kind, sums to nothing in each receipt, and leaves out receipts taken back.
    `total` is what all parts of the loan change by, kind by kind.
    """

    own: dict[Kind, int]
    moved: dict[Id, Counter[Kind]]
    total: Counter[Kind]


@dataclass
class Records:
    """What is kept of one loan, each kind in order of recording, the schedule by number."""

    parts: list[ReceiptPart] = field(default_factory=list)
    penalties: list[Penalty] = field(default_factory=list)
    reschedules: list[Reschedule] = field(default_factory=list)
    rows: list[Instalment] = field(default_factory=list)


class Life:
    """One loan's events out of the database, in four queries; asked and changed under its group's lock.

    `records` are its rows where somebody has read them already.
    """

    def __init__(self, loan: Loan, records: Records | None = None):
        records = records or _records_of([loan])[loan.pk]
        self.loan = loan
        self.parts, self.penalties = records.parts, records.penalties
        self.reschedules, self.rows = records.reschedules, records.rows
        recorded = list(self._recorded())
        self.names = dict(enumerate((name for name, _ in recorded), 1))
        plan = _first_plan(loan, self.rows)
        self.history = History(plan, loan.disbursed_on, parse_order(loan.allocation_order), self._name)
        self.history.take(event for _, event in recorded)

    @property
    def book(self) -> Book:
        """As of the latest event."""
        return self.history.book

    @property
    def latest(self) -> date:
        """The day of the latest event, at first that of disbursement."""
        return self.history.latest

    @cached_property
    def standing(self) -> dict[int, list[ReceiptPart]]:
        """The parts for this loan that each receipt stands split into, by the receipt's key."""
        gone = {part.reverses_id for part in self.parts if part.reverses_id}
        found: dict[int, list[ReceiptPart]] = {}
        for part in self.parts:
            is_live = part.pk not in gone and not part.reverses_id and part.role != ReceiptPart.Role.ADJUSTMENT
            if is_live:
                found.setdefault(part.receipt_id, []).append(part)
        return found

    def book_on(self, day: date) -> Book:
        """What was owed and paid at the end of a day."""
        return self.history.book_on(day)

    def dues_on(self, day: date) -> tuple[Due, ...]:
        """Every row as it is unpaid at the end of the day, oldest first; rupiah, penalties charged by then included."""
        purse = self.book_on(day).purse
        return tuple(purse.due(at) for at in range(len(purse.rows)))

    def owed_on(self, day: date) -> int:
        """Rupiah that are unpaid in all at the end of the day, of rows due later too."""
        return sum(due.penalty + due.service_fee + due.principal for due in self.dues_on(day))

    def charges_on(self, day: date) -> tuple[penalty.Charge, ...]:
        """The penalties that the loan's rule asks for on the day and nobody charged yet."""
        rule = self.loan.penalty_rule()
        if rule.kind == penalty.PenaltyKind.NONE:
            return ()
        return penalty.charges(rule, self.dues_on(day), self._charged(), day)

    def fines_on(self, day: date) -> list[Penalty]:
        """`charges_on` as rows that are not saved yet."""
        return [
            Penalty(
                village_id=self.loan.village_id,
                loan=self.loan,
                instalment_number=charge.number,
                kind=Penalty.Kind.CHARGE,
                on=day,
                amount=charge.amount,
            )
            for charge in self.charges_on(day)
        ]

    def quote_on(self, day: date) -> Quote:
        """What pays the loan off on the day, by its rule, with the penalties that are due then."""
        purse = self.book_on(day).purse
        fresh = sum(charge.amount for charge in self.charges_on(day))
        return quote(self.dues_on(day), day, fees=self.loan.payoff_fees, penalty_owed=fresh, schedule=purse.rows)

    def after(self, *events: Event, own: object = None) -> Effect:
        """Adds events to the life and tells their effect; `own` is the key of the payment among them.

        Raises ValidationError, an Indonesian sentence, for what cannot be; the life is then not to be used any more.
        """
        before = dict(self.book.purse.parts)
        for event in events:
            position = len(self.history.recorded) + 1
            try:
                self.history.record(position, event)
            except (ReplayError, ScheduleError) as error:
                raise ValidationError(str(error)) from error
        now = self.book.purse.parts
        moved: dict[Id, Counter[Kind]] = {}
        for key in before.keys() & now.keys():
            change = Counter({kind: now[key][kind] - before[key][kind] for kind in PAID_KINDS})
            if any(change.values()):
                moved[key] = change
        total = _sum(now.values())
        total.subtract(_sum(before.values()))
        split = {kind: now[own][kind] for kind in PAID_KINDS if now[own][kind]} if own in now else {}
        return Effect(split, moved, total)

    def schedule_changes(self, on: date) -> tuple[list[Instalment], list[Instalment]]:
        """The saved rows that end on the day because they no longer hold, and unsaved ones for what holds instead.

        Never before the schedule changed last, be it back on a day that no event tells any more: on each day one row of
        a number is in force.
        """
        on = max([on, *(row.valid_until or row.valid_from for row in self.rows)])
        stored = {row.number: row for row in self.rows if row.valid_until is None}
        planned = {row.number: row for row in build_instalments(self.loan, self.book.plan.rows, on)}
        changed = [number for number in stored | planned if _told(stored.get(number)) != _told(planned.get(number))]
        ended = [stored[number] for number in changed if number in stored]
        for row in ended:
            row.valid_until = on
        return ended, [planned[number] for number in changed if number in planned]

    def _charged(self) -> dict[int, int]:
        """Rupiah ever charged by instalment as now numbered, by the rule or by hand, what was let go of it too."""
        return {at: amount for at, amount in enumerate(self.book.purse.ever_charged, 1) if amount}

    def number_now(self, row: Penalty) -> int:
        """The number that the instalment of a penalty has today: grace put in before it since moved it on."""
        number = row.instalment_number
        for change in self.reschedules:
            is_later = change.recorded_at > row.recorded_at and change.kind == Reschedule.Kind.GRACE
            if is_later and change.from_instalment <= number:
                number += change.instalments or 0
        return number

    def _recorded(self) -> Iterator[tuple[str, Event]]:
        """Events in order of recording, each with its name for refusals; a write-off is the last but recoveries."""
        if paid_before := _paid_before_books(self.loan):
            yield "Saldo awal", paid_before
        found = [*self._receipts(), *self._penalties(), *self._reschedules()]
        found.sort(key=lambda one: one[0])
        recovered = {event.id for _, _, event in found if isinstance(event, Recovery)}
        after = [event.id in recovered or getattr(event, "of", None) in recovered for _, _, event in found]
        yield from ((name, event) for (_, name, event), is_after in zip(found, after, strict=True) if not is_after)
        if self.loan.written_off_on:
            yield "Hapus buku", WriteOff(self.loan.written_off_on)
        yield from ((name, event) for (_, name, event), is_after in zip(found, after, strict=True) if is_after)

    def _receipts(self) -> Iterator[tuple[Order, str, Event]]:
        receipts: dict[int, tuple[Receipt, list[ReceiptPart]]] = {}
        for part in self.parts:
            if part.role == ReceiptPart.Role.ORIGINAL:
                receipts.setdefault(part.receipt_id, (part.receipt, []))[1].append(part)
        for receipt, parts in receipts.values():
            yield (receipt.recorded_at, 3, receipt.pk), f"Bukti {receipt}", _event_of_receipt(receipt, parts)

    def _penalties(self) -> Iterator[tuple[Order, str, Event]]:
        for row in self.penalties:
            order, name = (row.recorded_at, 2, row.pk), str(row)
            key = f"denda {row.pk}"
            if row.of_id:
                yield order, name, Reversal(key, f"denda {row.of_id}", row.on)
            elif row.amount:
                event = Waiver if row.kind == Penalty.Kind.WAIVER else Charge
                yield order, name, event(key, row.on, row.amount, row.instalment_number)

    def _reschedules(self) -> Iterator[tuple[Order, str, Event]]:
        for row in self.reschedules:
            yield (row.recorded_at, 1, row.pk), str(row), event_of_reschedule(row)

    def _name(self, position: int) -> str:
        return self.names.get(position, "Catatan ini")


def lives_of(loans: Iterable[Loan]) -> dict[int, Life]:
    """The lives of many loans by the loan's key, in four queries however many they are."""
    loans = list(loans)
    records = _records_of(loans)
    return {loan.pk: Life(loan, records[loan.pk]) for loan in loans}


def _records_of(loans: Sequence[Loan]) -> dict[int, Records]:
    known = {loan.pk: loan for loan in loans}
    found = {key: Records() for key in known}
    of_loans = {"loan__in": known}
    for part in ReceiptPart.objects.filter(**of_loans).select_related("receipt").order_by("pk"):
        found[part.loan_id].parts.append(part)
    for fine in Penalty.objects.filter(**of_loans).order_by("pk"):
        found[fine.loan_id].penalties.append(fine)
    for reschedule in Reschedule.objects.filter(**of_loans, undone_on=None).order_by("pk"):
        found[reschedule.loan_id].reschedules.append(reschedule)
    for instalment in Instalment.objects.filter(**of_loans).order_by("number", "pk"):
        found[instalment.loan_id].rows.append(instalment)
    for key, records in found.items():
        rows: list[Any] = [*records.parts, *records.penalties, *records.reschedules, *records.rows]
        for row in rows:
            row.loan = known[key]
    return found


def event_of_reschedule(row: Reschedule, *, is_shift: bool | None = None) -> Rescheduled:
    """A reschedule as the play knows it; `is_shift` of a village's decision that is not saved yet."""
    what: What
    keeps_day = bool(row.decision_id) if is_shift is None else is_shift
    match row.kind:
        case Reschedule.Kind.EXTRA:
            what = Extra(row.instalments or 0)
        case Reschedule.Kind.GRACE:
            what = Grace(row.instalments or 0)
        case Reschedule.Kind.RATE:
            what = NewRate(Decimal(row.rate or 0))
        case _:
            what = NewDueOn(row.new_due_on or row.on, keeps_day)
    return Rescheduled(f"jadwal {row.pk}", row.on, row.from_instalment, what)


def _event_of_receipt(receipt: Receipt, parts: list[ReceiptPart]) -> Event:
    if receipt.reverses_id:
        return Reversal(receipt.pk, receipt.reverses_id, receipt.received_on)
    amount = sum(part.amount for part in parts)
    if parts[0].kind == ReceiptPart.Kind.RECOVERY:
        return Recovery(receipt.pk, receipt.received_on, amount)
    by_hand = {Kind(part.kind): part.by_hand for part in parts if part.by_hand}
    return payment_event(receipt.pk, receipt.received_on, amount, by_hand, receipt.waives_from)


def new_charge(number: int, on: date, amount: int) -> Charge:
    """A fine that is being recorded, under a key that no saved one has."""
    return Charge(f"denda baru {number}", on, amount, number)


def payment_event(
    key: int | str, on: date, amount: int, by_hand: Mapping[Kind, int], waives_from: int | None = None
) -> Payment:
    """A payment as the play knows it: what was given by hand is a fact, and a fine given by hand is charged by it."""
    return Payment(key, on, amount, by_hand or None, is_fined=Kind.PENALTY in by_hand, waives_from=waives_from)


def _paid_before_books(loan: Loan) -> Payment | None:
    paid = {Kind.PRINCIPAL: loan.opening_principal_paid, Kind.SERVICE_FEE: loan.opening_service_fee_paid}
    by_hand = {kind: amount for kind, amount in paid.items() if amount}
    day = loan.opened_on or loan.disbursed_on  # the database wants the first; whoever tampers is told, not crashed on
    return Payment(BEFORE_BOOKS, day, sum(by_hand.values()), by_hand) if by_hand else None


def _first_plan(loan: Loan, rows: list[Instalment]) -> Plan:
    """The schedule of disbursement as it was saved: what the group agreed on since does not change it."""
    first: dict[int, Instalment] = {}
    for row in rows:
        if row.valid_from == loan.disbursed_on:
            first.setdefault(row.number, row)
    terms = loan.schedule_terms(loan.principal)
    laid_out = [
        Row(row.number, row.due_on, row.principal, row.service_fee, loan.principal - row.principal_to_date)
        for row in list(first.values())[: terms.instalments]
    ]
    days = [row.due_on for row in laid_out]
    is_plain = days == [due_on(loan.disbursed_on, number, terms.every) for number in range(1, len(days) + 1)]
    return Plan(
        terms=terms,
        rows=tuple(laid_out),
        rates=(terms.rate,) * len(laid_out),
        grace=tuple(row.number <= terms.grace for row in laid_out),
        seeds=(Seed(1, loan.disbursed_on, 0),),
        calendar=None if is_plain else partial(_later_days, loan, days),
        follow=partial(_season_days, parse_seasons(loan.seasons)) if loan.seasons else None,
    )


def _season_days(seasons: Sequence[Season], day: date, count: int) -> Sequence[date]:
    """So many season days after a day, never on it."""
    return due_days(day, count, seasons=seasons, min_days=1)


def _later_days(loan: Loan, days: list[date], count: int) -> list[date]:
    """The due days of so many rows: those agreed, then on by the loan's seasons or by its own day of the month."""
    if count <= len(days):
        return days[:count]
    if loan.seasons:
        seasons = parse_seasons(loan.seasons)
        return days + list(due_days(days[-1], count - len(days), seasons=seasons, min_days=1))
    anchor = max(range(len(days)), key=lambda at: (days[at].day, at))
    return days + [due_on(days[anchor], number - anchor, Every(loan.every)) for number in range(len(days), count)]


def _told(row: Instalment | None) -> tuple | None:
    """What a row says; its sums change with the rows before it."""
    if row is None:
        return None
    return row.due_on, row.principal, row.service_fee, row.principal_to_date, row.service_fee_to_date


def _sum(splits: Iterable[Mapping[Kind, int]]) -> Counter[Kind]:
    total: Counter[Kind] = Counter()
    for split in splits:
        total.update({kind: split[kind] for kind in PAID_KINDS})
    return total
