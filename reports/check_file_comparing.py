"""Two workbooks cell by cell: what stands in the file, and what in the frozen figures. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from openpyxl.utils.cell import coordinate_to_tuple

from reports.check_file_reading import CellRead, SheetRead

EMPTY = CellRead()
NEAR = Decimal("1e-9")  # of a number: a spreadsheet program keeps some fifteen digits
_QUOTED = re.compile(r'("(?:[^"]|"")*"|\'(?:[^\']|\'\')*\')')
_DOTS = re.compile(r"\(?\.{5,}\)?")  # a line to sign on


class Kind(StrEnum):
    CHANGED = "nilai lain"
    TEXT = "teks, bukan angka"
    FORMULA = "rumus lain"
    EMPTIED = "dikosongkan"
    FILLED = "diisi sesudahnya"  # where the portal has no figure: columns of others, names of signers


@dataclass(frozen=True)
class Difference:
    sheet: str
    ref: str
    kind: Kind
    in_file: CellRead
    in_portal: CellRead


@dataclass(frozen=True)
class Comparison:
    differences: tuple[Difference, ...]
    missing: tuple[str, ...]  # sheets that the file lacks
    extra: tuple[str, ...]  # sheets that the portal does not make

    @property
    def wrong(self) -> tuple[Difference, ...]:
        """What contradicts the portal."""
        return tuple(one for one in self.differences if one.kind is not Kind.FILLED)

    @property
    def filled(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if one.kind is Kind.FILLED)

    @property
    def is_same(self) -> bool:
        return not (self.differences or self.missing or self.extra)


def compare(file: Sequence[SheetRead], portal: Sequence[SheetRead]) -> Comparison:
    """Sheets are matched by name; cells by their place."""
    given, made = ({sheet.name: sheet for sheet in some} for some in (file, portal))
    found = [one for name, sheet in made.items() if name in given for one in _of_sheet(given[name], sheet)]
    missing = tuple(name for name in made if name not in given)
    return Comparison(tuple(found), missing, tuple(name for name in given if name not in made))


def _of_sheet(file: SheetRead, portal: SheetRead) -> Iterable[Difference]:
    for ref in sorted(file.cells.keys() | portal.cells.keys(), key=coordinate_to_tuple):
        given, made = file.cells.get(ref, EMPTY), portal.cells.get(ref, EMPTY)
        if kind := _kind(given, made):
            yield Difference(portal.name, ref, kind, given, made)


def _kind(given: CellRead, made: CellRead) -> Kind | None:
    if given.formula or made.formula:
        if formula_of(given) == formula_of(made):
            return None
        return Kind.EMPTIED if _is_blank(given) else Kind.FORMULA
    if _same_value(given, made):
        return None
    if _is_blank(made):
        return Kind.FILLED
    if _is_blank(given):
        return Kind.EMPTIED
    is_text = isinstance(given.value, str) and isinstance(made.value, Decimal)
    return Kind.TEXT if is_text else Kind.CHANGED


def formula_of(cell: CellRead) -> str:
    """The formula as any program spells it: no blanks, capitals, no prefix of newer functions."""
    parts = _QUOTED.split(cell.formula.removeprefix("="))
    plain = [part if at % 2 else re.sub(r"\s+|_xlfn\.|_xlws\.", "", part).upper() for at, part in enumerate(parts)]
    return "".join(plain)


def _same_value(given: CellRead, made: CellRead) -> bool:
    one, other = given.value, made.value
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one == other or abs(one - other) <= NEAR * max(abs(one), abs(other))
    if isinstance(one, str) and isinstance(other, str):
        return _text(one) == _text(other)
    return False  # a number typed as text falls out of every sum


def _text(text: str) -> str:
    """Line ends as any program writes them; a line to sign on is blank."""
    plain = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if _DOTS.fullmatch(plain) else plain


def _is_blank(cell: CellRead) -> bool:
    return not cell.formula and isinstance(cell.value, str) and not _text(cell.value)
