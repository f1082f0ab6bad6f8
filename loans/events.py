"""What can happen to a loan after its disbursement, and how its payments find its rows. Pure; whole rupiah.

`loans.replay` says which events are possible, and when they count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loans.allocation import DEFAULT_ORDER, Due, Kind, ScheduledRow, allocate
from loans.reschedule import What
from loans.schedule import Row
from up2k_portal.lib.money import format_rupiah

Id = str | int
Parts = dict[Kind, int]
WORDS = {Kind.PENALTY: "denda", Kind.SERVICE_FEE: "jasa", Kind.PRINCIPAL: "pokok"}
OWED = (Kind.PRINCIPAL, Kind.SERVICE_FEE, Kind.PENALTY)


class Impossible(ValueError):
    """Why an event cannot be, as an Indonesian sentence."""


@dataclass(frozen=True)
class Payment:
    """Rupiah received.

    Parts given by hand are facts: each fills the oldest rows of its kind and is never re-split; the rest of the amount
    goes by the loan's order. A penalty by hand beyond what was charged is charged by the payment itself (`is_fined`).
    An early payoff lets go of the fees still unpaid on the rows from `waives_from` on.
    """

    id: Id
    on: date
    amount: int
    parts: Mapping[Kind, int] | None = None
    is_fined: bool = False
    waives_from: int | None = None


@dataclass(frozen=True)
class Reversal:
    id: Id
    of: Id
    on: date


@dataclass(frozen=True)
class Penalty:
    """A charge of so many rupiah on an instalment, due from its day."""

    id: Id
    on: date
    amount: int
    instalment: int


@dataclass(frozen=True)
class Waiver:
    """So many rupiah of an instalment's penalty let go; never what was paid of it."""

    id: Id
    on: date
    amount: int
    instalment: int


@dataclass(frozen=True)
class WriteOff:
    on: date
    id: Id | None = None


@dataclass(frozen=True)
class Recovery:
    """Rupiah that came in after the write-off."""

    id: Id
    on: date
    amount: int


@dataclass(frozen=True)
class Reschedule:
    id: Id
    on: date
    from_instalment: int
    what: What


Event = Payment | Reversal | Penalty | Waiver | WriteOff | Recovery | Reschedule


def split(
    rows: Sequence[ScheduledRow],
    payments: Iterable[Payment],
    charges: Iterable[Penalty] = (),
    order: Sequence[Kind] = DEFAULT_ORDER,
) -> dict[Id, Parts]:
    """The parts of each payment on these rows, all four kinds. Of one day charges come first, then payments as given.

    Raises ValueError, an Indonesian sentence, for parts by hand that find no debt and charges on a missing row.
    """
    purse = Purse(rows, order)
    events: list[Payment | Penalty] = [*charges, *payments]
    for event in sorted(events, key=lambda event: event.on):
        if isinstance(event, Penalty):
            purse.charge(event)
        else:
            purse.pay(event)
    return purse.parts


class Purse:
    """What each row owes and got. Rows are given by number, from 1."""

    def __init__(self, rows: Sequence[ScheduledRow], order: Sequence[Kind]):
        self.rows = list(rows)
        self.order = order
        self.charged = [0] * len(rows)
        self.ever_charged = [0] * len(rows)  # with what was let go since: nobody is fined twice for one row
        self.paid: list[Parts] = [dict.fromkeys(OWED, 0) for _ in rows]
        self.parts: dict[Id, Parts] = {}

    def due(self, at: int) -> Due:
        row, paid = self.rows[at], self.paid[at]
        return Due(
            number=row.number,
            due_on=row.due_on,
            service_fee=row.service_fee - paid[Kind.SERVICE_FEE],
            principal=row.principal - paid[Kind.PRINCIPAL],
            penalty=self.charged[at] - paid[Kind.PENALTY],
        )

    def charge(self, penalty: Penalty) -> None:
        if not 1 <= penalty.instalment <= len(self.rows):
            raise Impossible(f"Angsuran ke-{penalty.instalment} tidak ada; isi 1 sampai {len(self.rows)}.")
        self._charge(penalty.instalment - 1, penalty.amount)

    def waive(self, waiver: Waiver) -> None:
        at = waiver.instalment - 1
        owed = self.due(at).penalty if 0 <= at < len(self.rows) else 0
        if waiver.amount > owed:
            raise Impossible(
                f"Denda angsuran ke-{waiver.instalment} yang belum dibayar {format_rupiah(owed)};"
                " paling banyak itu yang dibebaskan."
            )
        self.charged[at] -= waiver.amount

    def change_rows(self, rows: Sequence[ScheduledRow], first: int, moved: int) -> None:
        """Other rows from number `first` on, where no money lies; their charges move up by `moved` numbers."""
        at = first - 1
        self.rows = list(rows)
        for name in ("charged", "ever_charged"):
            before = getattr(self, name)
            charged = [*before[:at], *[0] * moved, *before[at:]]
            setattr(self, name, charged + [0] * (len(rows) - len(charged)))
        self.paid = self.paid[:at] + [dict.fromkeys(OWED, 0) for _ in rows[at:]]

    def pay(self, payment: Payment) -> None:
        if payment.waives_from:
            self._waive_fees(payment.waives_from)
        got = dict.fromkeys(Kind, 0)
        for kind, amount in (payment.parts or {}).items():
            if kind == Kind.PENALTY and payment.is_fined:
                self._fine(amount)
            rest = amount if kind == Kind.CREDIT else self._fill(amount, (kind,))[Kind.CREDIT]
            if rest and kind != Kind.CREDIT:
                raise Impossible(
                    f"Bagian {WORDS[kind]} {format_rupiah(amount)} melebihi sisa utangnya"
                    f" {format_rupiah(amount - rest)}."
                )
            got[kind] = amount
        for kind, amount in self._fill(payment.amount - sum(got.values()), self.order).items():
            got[kind] += amount
        self.parts[payment.id] = got

    def _waive_fees(self, first: int) -> None:
        for at in range(first - 1, len(self.rows)):
            row = self.rows[at]
            paid = self.paid[at][Kind.SERVICE_FEE]
            self.rows[at] = Row(row.number, row.due_on, row.principal, paid, 0)

    def _fine(self, amount: int) -> None:
        """Charges what is missing to the oldest row that is not paid in full, else the last."""
        owed = sum(self.due(at).penalty for at in range(len(self.rows)))
        if amount > owed:
            dues = (at for at in range(len(self.rows)) if self.due(at).principal + self.due(at).service_fee)
            self._charge(next(dues, len(self.rows) - 1), amount - owed)

    def _charge(self, at: int, amount: int) -> None:
        self.charged[at] += amount
        self.ever_charged[at] += amount

    def _fill(self, amount: int, order: Sequence[Kind]) -> Parts:
        """Row by row what `allocate` says; what no row takes is credit."""
        got = dict.fromkeys(Kind, 0)
        for at in range(len(self.rows)):
            if not amount:
                break
            parts = allocate(amount, (self.due(at),), order)
            amount = parts.pop(Kind.CREDIT, 0)
            for kind, part in parts.items():
                self.paid[at][kind] += part
                got[kind] += part
        got[Kind.CREDIT] = amount
        return got
