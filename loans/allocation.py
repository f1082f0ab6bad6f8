"""How a payment is split: oldest instalment first, inside it by the product's order; the rest is credit. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    PENALTY = "penalty"
    SERVICE_FEE = "service_fee"
    PRINCIPAL = "principal"
    CREDIT = "credit"


DEFAULT_ORDER = (Kind.PENALTY, Kind.SERVICE_FEE, Kind.PRINCIPAL)


class ScheduledRow(Protocol):
    number: int
    due_on: date
    principal: int
    service_fee: int


@dataclass(frozen=True)
class Due:
    """What is still unpaid of one instalment, in rupiah."""

    number: int
    due_on: date
    service_fee: int
    principal: int
    penalty: int = 0

    def of(self, kind: Kind) -> int:
        return {Kind.PENALTY: self.penalty, Kind.SERVICE_FEE: self.service_fee, Kind.PRINCIPAL: self.principal}[kind]


def open_dues(rows: Iterable[ScheduledRow], paid_principal: int, paid_service_fee: int) -> tuple[Due, ...]:
    """The unpaid instalments, oldest first, given what was paid in all of principal and of service fee."""
    found = []
    for row in rows:
        principal, service_fee = min(row.principal, paid_principal), min(row.service_fee, paid_service_fee)
        paid_principal -= principal
        paid_service_fee -= service_fee
        due = Due(row.number, row.due_on, row.service_fee - service_fee, row.principal - principal)
        if due.principal or due.service_fee:
            found.append(due)
    return tuple(found)


def allocate(amount: int, dues: Iterable[Due], order: Sequence[Kind] = DEFAULT_ORDER) -> dict[Kind, int]:
    """The parts of a payment; they sum to `amount`. Raises ValueError below one rupiah."""
    if amount < 1:
        raise ValueError("Jumlah bayar harus lebih dari nol, misalnya 50.000.")
    parts: dict[Kind, int] = {}
    for due in dues:
        for kind in order:
            part = min(amount, due.of(kind))
            parts[kind] = parts.get(kind, 0) + part
            amount -= part
    parts[Kind.CREDIT] = amount
    return {kind: part for kind, part in parts.items() if part}


def parse_order(text: str) -> tuple[Kind, ...]:
    """A product's order, "penalty,service_fee,principal". Raises ValueError unless it names the three once."""
    names = [name.strip() for name in text.split(",")]
    if sorted(names) != sorted(DEFAULT_ORDER):
        raise ValueError("Urutan harus memuat penalty, service_fee, principal masing-masing satu kali.")
    return tuple(Kind(name) for name in names)
