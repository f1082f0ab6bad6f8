"""How a payment is split: the oldest instalment first, inside it by the product's order, the rest as credit.

Pure: whole rupiah in, whole rupiah out. The order of instalments (past due, due, in advance) is that of their
numbers; one is finished before the next begins ("horizontal", as most lending systems do).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What a part of a payment is; the words of the database, and of `Due` for what can be owed."""

    PENALTY = "penalty"
    SERVICE_FEE = "service_fee"
    PRINCIPAL = "principal"
    CREDIT = "credit"


DEFAULT_ORDER = (Kind.PENALTY, Kind.SERVICE_FEE, Kind.PRINCIPAL)


class ScheduledRow(Protocol):
    """A row of a schedule, computed or saved."""

    @property
    def number(self) -> int: ...
    @property
    def due_on(self) -> date: ...
    @property
    def principal(self) -> int: ...
    @property
    def service_fee(self) -> int: ...


@dataclass(frozen=True)
class Due:
    """What is still unpaid of one instalment, in rupiah."""

    number: int
    due_on: date
    service_fee: int
    principal: int
    penalty: int = 0

    def of(self, kind: Kind) -> int:
        return int(getattr(self, kind))


def open_dues(rows: Iterable[ScheduledRow], paid_principal: int, paid_service_fee: int) -> tuple[Due, ...]:
    """The unpaid instalments, oldest first, given what was paid in all of principal and of service fee."""
    found = []
    for row in sorted(rows, key=lambda row: row.number):
        principal, service_fee = min(row.principal, paid_principal), min(row.service_fee, paid_service_fee)
        paid_principal -= principal
        paid_service_fee -= service_fee
        due = Due(row.number, row.due_on, row.service_fee - service_fee, row.principal - principal)
        if due.principal or due.service_fee:
            found.append(due)
    return tuple(found)


def allocate(amount: int, dues: Iterable[Due], order: Sequence[Kind] = DEFAULT_ORDER) -> dict[Kind, int]:
    """The parts of a payment, none of them 0; they sum to `amount`. `dues` come oldest first.

    Raises ValueError for an amount below one rupiah.
    """
    if amount < 1:
        raise ValueError("Jumlah bayar harus lebih dari nol, misalnya 50.000.")
    parts = dict.fromkeys(order, 0)
    for due in dues:
        for kind in order:
            part = min(amount, due.of(kind))
            parts[kind] += part
            amount -= part
    parts[Kind.CREDIT] = amount
    return {kind: part for kind, part in parts.items() if part}


def parse_order(text: str) -> tuple[Kind, ...]:
    """A product's order, "penalty,service_fee,principal". Raises ValueError unless it names each once."""
    names = [name.strip() for name in text.split(",")]
    if sorted(names) != sorted(DEFAULT_ORDER):
        raise ValueError(
            "Urutan pembagian harus memuat penalty, service_fee, dan principal, masing-masing satu kali,"
            " misalnya penalty,service_fee,principal."
        )
    return tuple(Kind(name) for name in names)
