"""One row of a sheet on its way in: what it says, what is wrong with it, what becomes of it. Pure."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from imports.cells import clean, read, shown
from imports.columns import Column, Type
from up2k_portal.lib.xlsx_rows import Row

TOTALS = {"jumlah", "total", "jumlahtotal", "totaljumlah", "grandtotal"}


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass
class Line:
    """`values` by key of the column, without what is empty; `typed` what a person sees of them."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)  # key of the column ("": the row), why
    note: str = ""  # why it is skipped, what to look at
    pk: int | None = None  # the record that it changes, or is already
    changes: dict[str, str] = field(default_factory=dict)  # heading → "old → new"
    is_skipped: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.faults:
            return Outcome.REFUSED
        if self.is_skipped:
            return Outcome.SKIPPED
        return Outcome.CHANGED if self.changes else Outcome.NEW

    def refuse(self, key: str, sentence: str) -> None:
        self.faults.append((key, sentence))

    def skip(self, why: str) -> None:
        self.is_skipped, self.note = True, why

    def get(self, key: str, otherwise: Any = None) -> Any:
        return self.values.get(key, otherwise)


def line_of(row: Row, places: dict[int, Column], today: date) -> Line | None:
    """The row by its columns; None where none of them holds anything a person typed."""
    line, is_typed = Line(row.number), False
    for place, column in places.items():
        found = row.cells.get(place)
        cell = found and clean(found)
        if cell is None:
            continue
        is_typed = is_typed or not column.is_hidden  # what the template filled in unseen makes no row
        line.typed[column.key] = cell[1][:200] if cell[0] in "tn" else shown(cell)
        try:
            line.values[column.key] = read(column, cell, today)
        except ValueError as error:
            line.faults.append((column.key, str(error)))
    return line if is_typed else None


def check_required(line: Line, columns: tuple[Column, ...]) -> None:
    told = {key for key, _ in line.faults}
    for column in columns:
        if column.is_required and column.key not in line.values and column.key not in told:
            line.refuse(column.key, f"{column.heading} belum diisi. Contoh: {column.example}.")


def is_total(row: Row) -> bool:
    """Whether the row sums up those above it: its first text says so."""
    first = next((text for kind, text in row.cells.values() if kind == "t"), "")
    if first[:1] not in "jJtTgG":  # nearly every row
        return False
    return "".join(letter for letter in first.casefold() if letter.isalpha()) in TOTALS


def to_json(line: Line) -> dict:
    return {
        "n": line.number,
        "v": {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in line.values.items()
            if key[0] != "_"
        },
        "t": line.typed,
        "f": line.faults,
        "s": line.is_skipped,
        "i": line.note,
        "k": line.pk,
        "c": line.changes,
    }


def from_json(told: dict, columns: tuple[Column, ...]) -> Line:
    days = {column.key for column in columns if column.type == Type.DAY}
    values = {key: date.fromisoformat(value) if key in days else value for key, value in told["v"].items()}
    faults = [(key, words) for key, words in told["f"]]
    return Line(told["n"], values, told["t"], faults, told["i"], told["k"], told["c"], told["s"])
