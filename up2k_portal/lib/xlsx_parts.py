"""The XML parts of a workbook, each read in one pass by expat. Pure.

A DOCTYPE stops the reading, so no entity is ever expanded; elements, rows, columns, cells and letters have limits.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import IO
from xml.parsers import expat

MOST_ROWS = 2_000
MOST_COLUMNS = 150
MOST_CELLS = 200_000  # of all sheets together, blank ones not counted
MOST_MERGES = 5_000
MOST_BLANK_ROWS = 5_000  # beyond the last row that is read: formats without content
MOST_ELEMENTS = 1_500_000  # of all parts that are read: some two seconds
MOST_LETTERS = 300  # of a cell
RESAVE = "Buka di Excel atau LibreOffice, pilih Simpan sebagai Excel (.xlsx), lalu kirim yang baru."
TOO_LARGE = "Isi berkas terlalu besar. Salin lembar yang diperlukan saja ke berkas baru."
NO_RESULT = "berisi rumus tanpa hasil: buka berkasnya di Excel, simpan ulang, lalu kirim lagi"
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built in, without a code
_NO_DATE = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')  # what a number format shows literally, and where
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class FileError(ValueError):
    """Why a file cannot be read, as an Indonesian sentence."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a text, an exact number or a day; `fault` says why there is none."""

    ref: str
    value: str | Decimal | date = ""
    fault: str = ""
    is_formula: bool = False


@dataclass
class Sheet:
    """The cells that hold something, by row and column number from 1."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # first column, row, last column, row
    is_cut: bool = False  # rows with content lie beyond MOST_ROWS
    far: str = ""  # the first cell with content beyond MOST_COLUMNS


class _Enough(Exception):
    """The rest of a part is not needed."""


class Part:
    """One XML part, read in a single pass; names come without their namespace."""

    def __init__(self) -> None:
        self.text: list[str] | None = None  # while one is collected

    def read(self, stream: IO[bytes], counter: Iterator[int]) -> None:
        """`counter` counts the elements of all parts of a file."""

        def start(name: str, attrs: dict[str, str]) -> None:
            if next(counter) > MOST_ELEMENTS:
                raise FileError(TOO_LARGE)
            self.start(_local(name), {_local(key): value for key, value in attrs.items()})

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: self.end(_local(name))
        parser.CharacterDataHandler = self._letters
        try:
            while chunk := stream.read(65_536):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except _Enough:
            pass

    def _letters(self, letters: str) -> None:
        if self.text is not None and len(self.text) < MOST_LETTERS:
            self.text.append(letters[:MOST_LETTERS])

    def taken(self) -> str:
        letters, self.text = "".join(self.text or ()), None
        return letters[:MOST_LETTERS]

    def start(self, name: str, attrs: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """What most parts need not know."""


def refuse_doctype(*_: object) -> None:
    raise FileError(f"Isi berkas tidak wajar untuk Excel. {RESAVE}")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class Listed(Part):
    """The elements of some names, with their attributes, in order."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names, self.found = names, list[tuple[str, dict[str, str]]]()

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name in self.names:
            self.found.append((name, attrs))


class Styles(Part):
    """Which of the cell formats show a day."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}
        self.days: list[bool] = []
        self.in_formats = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self.in_formats = True
        elif name == "xf" and self.in_formats:
            key = attrs.get("numFmtId", "0")
            code = self.codes.get(key)
            self.days.append(is_day_format(code) if code is not None else whole_number(key) in _DATE_FORMATS)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            raise _Enough


class Strings(Part):
    """The shared texts; how they sound (rPh) is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.sounds = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "si":
            self.found.append("")
        elif name == "rPh":
            self.sounds = True
        elif name == "t" and not self.sounds and self.found:
            self.text = []

    def end(self, name: str) -> None:
        if name == "rPh":
            self.sounds = False
        elif name == "t" and self.text is not None:
            self.found[-1] = (self.found[-1] + self.taken())[:MOST_LETTERS]


class Cells(Part):
    """The rows of a sheet, up to the limits."""

    def __init__(self, sheet: Sheet, value_of: Callable[[str, str, str], tuple[str | Decimal | date, str]], room: int):
        super().__init__()
        self.sheet, self.value_of, self.room = sheet, value_of, room
        self.row = self.column = self.beyond = 0
        self.attrs: dict[str, str] = {}
        self.written: str | None = None
        self.is_formula = self.sounds = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "row":
            self._start_row(attrs)
        elif name == "c":
            self.attrs, self.written, self.is_formula = attrs, None, False
            self.column = _column_of(attrs.get("r", "")) or self.column + 1
        elif name == "f":
            self.is_formula = True
        elif name == "rPh":
            self.sounds = True
        elif name in ("v", "t") and not self.sounds:
            self.text = []
        elif name == "mergeCell" and len(self.sheet.merges) < MOST_MERGES:
            self.sheet.merges.append(_area_of(attrs.get("ref", "")))
        elif name == "col" and attrs.get("hidden") in ("1", "true"):
            last = min(whole_number(attrs.get("max", "0")), MOST_COLUMNS)
            self.sheet.hidden_columns |= set(range(whole_number(attrs.get("min", "1")), last + 1))

    def _start_row(self, attrs: dict[str, str]) -> None:
        self.row, self.column = whole_number(attrs.get("r", "")) or self.row + 1, 0
        if self.row > MOST_ROWS:
            self.beyond += 1
            if self.beyond > MOST_BLANK_ROWS:
                raise _Enough
        elif attrs.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self.row)

    def end(self, name: str) -> None:
        if name == "rPh":
            self.sounds = False
        elif name in ("v", "t") and self.text is not None:
            self.written = (self.written or "") + self.taken()
        elif name == "c" and (self.written is not None or self.is_formula):
            self._keep()

    def _keep(self) -> None:
        kind = self.attrs.get("t", "n")
        if not self.written and not self.is_formula:
            return
        if self.row > MOST_ROWS:
            self.sheet.is_cut = True
            raise _Enough
        ref = f"{letters_of(min(self.column, 18_278))}{self.row}"
        if self.column > MOST_COLUMNS:
            self.sheet.far = self.sheet.far or ref
            return
        value: str | Decimal | date = ""
        fault = NO_RESULT
        if self.written is not None and (self.written or kind != "n"):
            value, fault = self.value_of(kind, self.written, self.attrs.get("s", ""))
        self.room -= 1
        if self.room < 0:
            raise FileError(TOO_LARGE)
        if value != "" or fault:
            self.sheet.rows.setdefault(self.row, {})[self.column] = Cell(ref, value, fault, self.is_formula)


def is_day_format(code: str) -> bool:
    """Whether a number format shows a day or an hour: dd-mm-yyyy, [$-421]d mmmm yyyy."""
    return re.search(r"(?<![_\\])[dmhysDMHYS]", _NO_DATE.sub("", code.split(";")[0])) is not None


def letters_of(column: int) -> str:
    """AB for 28."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def column_of(letters: str) -> int:
    """28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _column_of(ref: str) -> int:
    place = _PLACE.fullmatch(ref)
    return column_of(place[1]) if place else 0


def _area_of(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    places = [_PLACE.fullmatch(one) for one in (first, last or first)]
    if not (places[0] and places[1]):
        return (0, 0, 0, 0)
    (column, row), (last_column, last_row) = (place.groups() for place in places if place)
    return (column_of(column), int(row), column_of(last_column), int(last_row))
