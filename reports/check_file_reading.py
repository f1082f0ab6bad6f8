"""The sheets of a provincial workbook with their formulas, read so that no file can do harm. Pure.

The limits are those of the books that groups import: sizes are asked of the ZIP directory before anything is unpacked,
a DOCTYPE stops the reading, elements are counted over all parts.
"""

import struct
import zlib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from up2k_portal.lib.days import format_day
from up2k_portal.lib.xlsx_file import Package, check_file, day_of_serial
from up2k_portal.lib.xlsx_parts import RESAVE, TOO_LARGE, FileError, Part, Strings, whole_number

MOST_LETTERS = 5_000  # of a cell: the names of missing villages are the longest, see reports.missing
MOST_SHEETS = 40
MOST_MERGED = 500_000
POINTS = str.maketrans(",.", ".,")
MOST_FIGURE = 30  # digits before or behind the comma
TOO_MUCH = "Isi berkas terlalu besar untuk sebuah buku kerja. Unggah berkas yang diunduh dari portal."
BROKEN = f"Berkas rusak atau terpotong. {RESAVE}"
_FAULTS = (
    BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, RuntimeError,
    OSError, ValueError, ArithmeticError,
)  # fmt: skip

Value = str | Decimal


@dataclass(frozen=True)
class CellRead:
    """What stands in a cell: a text or an exact number, and the formula that made it ("" for none)."""

    value: Value = ""
    formula: str = ""
    is_day: bool = False

    @property
    def words(self) -> str:
        """For people: a formula, a day, a number or a text."""
        if self.formula:
            return f"={self.formula}"
        if isinstance(self.value, str):
            return self.value
        day = day_of_serial(self.value) if self.is_day else None
        return format_day(day) if day else f"{self.value:,f}".translate(POINTS)


@dataclass
class SheetRead:
    name: str
    cells: dict[str, CellRead] = field(default_factory=dict)


def read_sheets(stream: IO[bytes]) -> list[SheetRead]:
    """All worksheets of an .xlsx file, hidden ones too. Raises FileError as an Indonesian sentence."""
    try:
        check_file(stream)
        with ZipFile(stream) as package:
            return _Workbook(package).read_all()
    except FileError as error:
        raise FileError(TOO_MUCH if str(error) == TOO_LARGE else str(error)) from None
    except _FAULTS:
        raise FileError(BROKEN) from None


class _Long(Part):
    """A part whose texts may be long."""

    def _letters(self, letters: str) -> None:
        if self.text is not None:
            self.text.append(letters)

    def taken(self) -> str:
        letters, self.text = "".join(self.text or ()), None
        return letters[:MOST_LETTERS]


class _Strings(_Long, Strings):
    def end(self, name: str) -> None:
        if name == "rPh":
            self.sounds = False
        elif name == "t" and self.text is not None:
            self.found[-1] += self.taken()


class _Cells(_Long):
    """The cells of a sheet with their formulas; a shared one is spelled out where it stands."""

    def __init__(self, book: "_Workbook", sheet: SheetRead) -> None:
        super().__init__()
        self.book, self.sheet = book, sheet
        self.attrs: dict[str, str] = {}
        self.about: dict[str, str] | None = None  # of the formula
        self.written = self.formula = ""
        self.shared: dict[str, tuple[str, str]] = {}
        self.row = self.column = 0
        self.sounds = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "row":
            self.row, self.column = whole_number(attrs.get("r", "")) or self.row + 1, 0
        elif name == "c":
            self.attrs, self.about, self.written, self.formula = attrs, None, "", ""
            self.column += 1
        elif name == "f":
            self.about, self.text = attrs, []
        elif name == "rPh":
            self.sounds = True
        elif name in ("v", "t") and not self.sounds:
            self.text = []
        elif name == "mergeCell":
            self.book.count_merged(attrs.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "rPh":
            self.sounds = False
        elif name == "f" and self.text is not None:
            self.formula = self.taken()
        elif name in ("v", "t") and self.text is not None:
            self.written += self.taken()
        elif name == "c":
            self._keep()

    def _keep(self) -> None:
        ref = self.attrs.get("r") or f"{get_column_letter(self.column)}{self.row}"
        self.row, self.column = coordinate_to_tuple(ref)
        formula = self._formula_at(ref)
        value, is_day = self.book.value_of_cell(self.attrs.get("t", "n"), self.written, self.attrs.get("s", ""))
        if value != "" or formula:
            self.sheet.cells[ref] = CellRead(value, formula, is_day)

    def _formula_at(self, ref: str) -> str:
        key = (self.about or {}).get("si", "")
        if self.about is None or self.about.get("t") != "shared" or not key:
            return self.formula
        if self.formula:
            self.shared[key] = (self.formula, ref)
            return self.formula
        formula, origin = self.shared[key]
        return Translator(f"={formula}", origin=origin).translate_formula(ref)[1:]


class _Workbook(Package):
    merged = 0  # cells in merged areas: whoever marks a copy makes a cell of each

    def count_merged(self, ref: str) -> None:
        left, top, right, bottom = range_boundaries(ref)
        self.merged += (right - left + 1) * (bottom - top + 1)
        if self.merged > MOST_MERGED:
            raise FileError(TOO_LARGE)

    def read_all(self) -> list[SheetRead]:
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "")
        if not main:
            raise FileError(f"Berkas ini bukan buku kerja Excel. {RESAVE}")
        relations = self.relations(main)
        paths = dict(relations.values())
        self._read_shared({kind: path for kind, path in paths.items() if kind == "styles"})
        if path := paths.get("sharedStrings"):
            strings = _Strings()
            self.parse(path, strings)
            self.strings = strings.found
        listed = [attrs for _, attrs in self.elements(main, "sheet")]
        if len(listed) > MOST_SHEETS:
            raise FileError(TOO_LARGE)
        found = []
        for attrs in listed:
            kind, path = relations.get(attrs.get("id", ""), ("", ""))
            if kind == "worksheet":
                found.append(self._sheet(attrs.get("name", ""), path))
        self._check_rest()
        return found

    def _sheet(self, name: str, path: str) -> SheetRead:
        sheet = SheetRead(name[:31])
        self.parse(path, _Cells(self, sheet))
        return sheet

    def _check_rest(self) -> None:
        """Parts that are not compared are read by nobody here, but a marked copy is: none may hold a DOCTYPE."""
        self.counter = count()
        for name in self.names.values():
            if name.endswith((".xml", ".rels", ".vml")):
                self.elements(name, "none")

    def value_of_cell(self, kind: str, written: str, style: str) -> tuple[Value, bool]:
        """(text or number, whether the cell shows a day)."""
        if kind == "s":
            at = whole_number(written)
            return (self.strings[at] if written else ""), False
        if kind in ("str", "inlineStr", "e", "b", "d") or not written:
            return written, False
        try:
            number = Decimal(written.strip())
        except InvalidOperation:
            return written, False
        if not number.is_finite() or (number and abs(number.adjusted()) > MOST_FIGURE):
            return written, False
        at = whole_number(style)
        return number, at < len(self.days) and self.days[at]
