"""The program of the child process that unpacks a workbook: its sheets as lines of JSON. Pure; `xlsx_rows` starts it.

It limits its own memory and processor time before it reads a byte, so that a hostile file ends the child alone. Rows
are streamed and shared texts lie in a file of the disk: a hundred thousand rows need no more memory than a thousand.

First comes a line with all sheets and the rows at their top; then the parent says which sheet it wants, whole.
"""

import json
import sys
from array import array
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from up2k_portal.lib.xlsx_file import BROKEN, UNREADABLE, Package
from up2k_portal.lib.xlsx_parts import (
    MOST_LETTERS,
    NO_RESULT,
    FileError,
    Styles,
    column_of,
    letters_of,
    refuse_doctype,
    whole_number,
)

try:
    import resource
except ImportError:  # Windows: the parent's clock alone ends a child there
    resource = None  # type: ignore[assignment]

MOST_SHEETS = 20
MOST_COLUMNS = 100
TOP_ROWS = 60  # of every sheet: titles, headings, and the whole of a sheet of facts
PIECE = 1 << 16
TOO_MANY_ROWS = "Lembar “{}” berisi lebih dari {} baris. Bagi menjadi beberapa berkas, lalu kirim satu per satu."
FAR_CELL = "Ada isi jauh di luar tabel, di sel {}. Hapus isinya, simpan, lalu kirim lagi."


class Texts:
    """Texts by their number, kept on the disk."""

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115 it ends with the process
        self.ends = array("Q", [0])

    def add(self, text: str) -> None:
        data = text[:MOST_LETTERS].encode("utf-8", "replace")
        self.file.write(data)
        self.ends.append(self.ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: int) -> str:
        start, end = self.ends[at], self.ends[at + 1]
        self.file.seek(start)
        return self.file.read(end - start).decode()


def pieces(stream: IO[bytes], parser) -> Iterator[None]:
    """Feeds a parser; comes back after every piece, so that what was found can be handed on."""
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.buffer_text = True
    while piece := stream.read(PIECE):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def read_texts(stream: IO[bytes]) -> Texts:
    """The shared texts; how they sound (rPh) is left out."""
    texts, found = Texts(), list[str]()
    is_text = sounds = False

    def start(name: str, attrs) -> None:
        nonlocal is_text, sounds
        word = name.rpartition(" ")[2]
        if word == "si":
            found.clear()
        elif word == "rPh":
            sounds = True
        is_text = word == "t" and not sounds

    def end(name: str) -> None:
        nonlocal is_text, sounds
        word = name.rpartition(" ")[2]
        is_text = False
        if word == "si":
            texts.add("".join(found))
        elif word == "rPh":
            sounds = False

    def letters(text: str) -> None:
        if is_text:
            found.append(text[:MOST_LETTERS])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, letters
    for _ in pieces(stream, parser):
        pass
    return texts


class SheetRows:
    """The rows of one sheet that hold something: [number, is hidden, [[column, kind, text], …]].

    Kinds: t a text, n an exact number, d a day (ISO), f a fault: why the cell holds nothing that can be read.
    """

    def __init__(self, package: "StreamedPackage") -> None:
        self.package = package
        self.found: list[list] = []
        self.cells: list[list] = []
        self.row, self.column, self.is_hidden = 0, 0, False
        self.kind = self.style = ""
        self.text: list[str] | None = None
        self.written: str | None = None
        self.is_formula = self.sounds = False
        self.words: dict[str, str] = {}

    def read(self, stream: IO[bytes]) -> Iterator[list]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._letters
        for _ in pieces(stream, parser):
            yield from self.found
            self.found.clear()

    def _word(self, name: str) -> str:
        return self.words.setdefault(name, name.rpartition(" ")[2])

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        word = self.words.get(name) or self._word(name)
        if word == "c":
            self.kind, self.style = attrs.get("t", "n"), attrs.get("s", "")
            self.written, self.is_formula = None, False
            letters = attrs.get("r", "").rstrip("0123456789")
            self.column = column_of(letters) if 0 < len(letters) < 4 and letters.isupper() else self.column + 1
        elif word == "v" or (word == "t" and not self.sounds):
            self.text = []
        elif word == "row":
            self.row, self.column = whole_number(attrs.get("r", "")) or self.row + 1, 0
            self.is_hidden = attrs.get("hidden") in ("1", "true")
        elif word == "f":
            self.is_formula = True
        elif word == "rPh":
            self.sounds = True

    def _letters(self, letters: str) -> None:
        if self.text is not None and len(self.text) < MOST_LETTERS:
            self.text.append(letters[:MOST_LETTERS])

    def _end(self, name: str) -> None:
        word = self.words.get(name) or self._word(name)
        if word == "c":
            if self.written or self.is_formula:
                self._keep()
        elif word in ("v", "t"):
            if self.text is not None:
                self.written = ((self.written or "") + "".join(self.text))[:MOST_LETTERS]
                self.text = None
        elif word == "row":
            if self.cells:
                self.found.append([self.row, self.is_hidden, self.cells])
                self.cells = []
        elif word == "rPh":
            self.sounds = False

    def _keep(self) -> None:
        if self.column > MOST_COLUMNS:
            raise FileError(FAR_CELL.format(f"{letters_of(min(self.column, 18_278))}{self.row}"))
        if not self.written and not (self.written is not None and self.kind == "str"):
            self.cells.append([self.column, "f", NO_RESULT])
            return
        value, fault = self.package.value_of(self.kind, self.written or "", self.style)
        if fault:
            self.cells.append([self.column, "f", fault])
        elif isinstance(value, Decimal):
            self.cells.append([self.column, "n", f"{value:f}"])
        elif isinstance(value, date):
            self.cells.append([self.column, "d", value.isoformat()])
        elif value:
            self.cells.append([self.column, "t", value])


class StreamedPackage(Package):
    """A workbook whose sheets are read one at a time, row by row."""

    def open(self) -> list[tuple[str, bool, str]]:
        """(name, is hidden, part) of every worksheet."""
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "")
        if not main:
            raise FileError(UNREADABLE)
        relations = self.relations(main)
        self._read_shared(dict(relations.values()))
        listed = self.elements(main, "sheet", "workbookPr")
        self.is_1904 = any(
            name == "workbookPr" and attrs.get("date1904") in ("1", "true", "on") for name, attrs in listed
        )
        sheets = [(attrs, *relations.get(attrs.get("id", ""), ("", ""))) for name, attrs in listed if name == "sheet"]
        return [
            (attrs.get("name", "")[:31], attrs.get("state", "visible") != "visible", path)
            for attrs, kind, path in sheets
            if kind == "worksheet"
        ][:MOST_SHEETS]

    def _read_shared(self, paths: dict[str, str]) -> None:
        if path := paths.get("styles"):
            styles = Styles()
            self.parse(path, styles)
            self.days = styles.days
        if path := paths.get("sharedStrings"):
            with self.part(path) as stream:
                self.strings = read_texts(stream)  # type: ignore[assignment]

    def part(self, path: str) -> IO[bytes]:
        return self.package.open(self.names[path.lower()])

    def rows(self, path: str) -> Iterator[list]:
        with self.part(path) as stream:
            yield from SheetRows(self).read(stream)

    def has_more_rows(self, path: str, most: int) -> bool:
        """Whether a sheet has far more rows than that, counted without reading them."""
        count = 0
        with self.part(path) as stream:
            while count <= most and (piece := stream.read(PIECE * 4)):
                count += piece.count(b"</row>")
        return count > most


def main() -> None:
    """`argv`: the file, bytes of memory, seconds of processor time."""
    path, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        with open(path, "rb") as file, ZipFile(file) as package:
            _serve(StreamedPackage(package))
    except FileError as error:
        _say({"error": str(error)})
    except BROKEN:
        _say({"error": UNREADABLE})


def _serve(book: StreamedPackage) -> None:
    sheets = book.open()
    tops = [list(islice(book.rows(path), TOP_ROWS)) for _, _, path in sheets]
    _say({"sheets": [[name, is_hidden, top] for (name, is_hidden, _), top in zip(sheets, tops, strict=True)]})
    asked = json.loads(sys.stdin.readline() or "null")
    if asked is None:
        return
    name, _, path = sheets[asked["sheet"]]
    most = asked["most"]
    too_many = TOO_MANY_ROWS.format(name, f"{most:,}".replace(",", "."))
    if book.has_more_rows(path, most + most // 2 + 1_000):
        raise FileError(too_many)
    for count, row in enumerate(book.rows(path)):
        if count > most + TOP_ROWS:  # titles and headings are rows too
            raise FileError(too_many)
        _say(row)
    _say({"end": True})


def _say(line) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")
    if isinstance(line, dict):
        sys.stdout.flush()
