"""A workbook (.xlsx) as sheets of cells, read so that no file can do harm. Knows no model.

Sizes are asked of the ZIP directory before anything is unpacked, and zipfile never unpacks more than the directory
says. A cell that cannot be read says why in `fault`; it is never read as empty.
"""

import posixpath
import struct
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from up2k_portal.lib.xlsx_parts import (
    MOST_CELLS,
    RESAVE,
    TOO_LARGE,
    Cells,
    FileError,
    Listed,
    Part,
    Sheet,
    Strings,
    Styles,
    whole_number,
)

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
TOO_MANY_BYTES = "Berkas terlalu besar: paling banyak 10 MB. Hapus gambar dan lembar yang tidak perlu."
MOST_UNPACKED = 200 * MEGABYTE
MOST_OF_A_PART = 64 * MEGABYTE  # a real sheet of 2,000 rows and 42 columns has 5
MOST_RATIO = 100  # a real sheet of 1.66 million cells has 13
MOST_ENTRIES = 200
MOST_SHEETS = 20
MOST_DIGITS = 30  # before or behind the comma: 1E-999999999 would take a gigabyte to write out
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (b"PK\x03\x04", b"PK\x05\x06")
UNREADABLE = f"Berkas rusak atau terpotong. {RESAVE}"
BROKEN = (
    BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, RuntimeError,
    OSError, ValueError,
)  # fmt: skip


@dataclass
class Workbook:
    sheets: list[Sheet]
    hidden: list[str]  # names of hidden sheets, which are not read
    unread: list[str]  # names of sheets beyond MOST_SHEETS


def read_workbook(stream: IO[bytes]) -> Workbook:
    """The visible sheets of an .xlsx file. Raises FileError for any other file, and for one beyond the limits."""
    _check_kind(stream)
    try:
        with ZipFile(stream) as package:
            _check_package(package)
            return Package(package).read()
    except FileError:
        raise
    except BROKEN:
        raise FileError(UNREADABLE) from None


def check_file(stream: IO[bytes], *, most_of_a_part: int = MOST_OF_A_PART) -> None:
    """Raises FileError for what is no .xlsx file and for one beyond the limits, before anything is unpacked."""
    _check_kind(stream)
    try:
        with ZipFile(stream) as package:
            _check_package(package, most_of_a_part)
    except BROKEN as error:
        raise (error if isinstance(error, FileError) else FileError(UNREADABLE)) from None
    stream.seek(0)


# what kind of file


def _check_kind(stream: IO[bytes]) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    if not size:
        raise FileError("Berkas kosong (0 byte). Kirim sekali lagi.")
    if size > MOST_BYTES:
        raise FileError(TOO_MANY_BYTES)
    start = stream.read(2048)
    if not start.startswith(_ZIP):
        rest = start + stream.read() if start.startswith(_OLE) else start
        raise FileError(_other_kind(rest))
    stream.seek(0)


def _other_kind(data: bytes) -> str:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "Berkas terkunci sandi. Buka di Excel, hapus sandinya (File, Info, Lindungi), lalu kirim lagi."
        return f"Berkas ini Excel lama (.xls) atau dokumen lama, bukan .xlsx. {RESAVE}"
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="ignore")
    text = text.lstrip("\ufeff \r\n\t").lower()
    if data.startswith(b"%PDF-"):
        return "Berkas ini PDF, bukan Excel. Kirim berkas Excel (.xlsx)."
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return "Berkas ini foto, bukan Excel. Kirim berkas Excel (.xlsx)."
    if text.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<body")):
        return f"Berkas ini halaman web (HTML) yang diberi nama Excel. {RESAVE}"
    if text.startswith("<?xml"):
        return f"Berkas ini XML, bukan .xlsx. {RESAVE}"
    first = text.splitlines()[0] if text else ""
    if any(sign in first for sign in ";,\t") and "\0" not in first:
        return f"Berkas ini teks (CSV), bukan .xlsx. {RESAVE}"
    return f"Berkas ini bukan Excel (.xlsx). {RESAVE}"


def _check_package(package: ZipFile, most_of_a_part: int = MOST_OF_A_PART) -> None:
    """By what the directory says, before anything is unpacked."""
    entries = package.infolist()
    names = {entry.filename.lower() for entry in entries}
    if "mimetype" in names and "content.xml" in names:
        raise FileError(f"Berkas ini OpenDocument (.ods), bukan .xlsx. {RESAVE}")
    if "word/document.xml" in names:
        raise FileError("Berkas ini Word (.docx), bukan Excel. Kirim berkas Excel (.xlsx).")
    if "[content_types].xml" not in names:
        raise FileError("Berkas ini arsip ZIP, bukan Excel. Kirim berkas Excel (.xlsx).")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileError("Berkas terkunci sandi. Hapus sandinya, lalu kirim lagi.")
    if any(name.endswith(("vbaproject.bin", "/workbook.bin")) or "/macrosheets/" in name for name in names):
        raise FileError(f"Berkas ini berisi makro (.xlsm atau .xlsb), jadi tidak diterima. {RESAVE}")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_dense = unpacked > MEGABYTE and unpacked > MOST_RATIO * max(packed, 1)
    most = max((entry.file_size for entry in entries), default=0)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or most > most_of_a_part or is_dense:
        raise FileError(TOO_LARGE)


class Package:
    """The parts of a workbook, found by their relations and not by their usual names."""

    def __init__(self, package: ZipFile) -> None:
        self.package = package
        self.names = {name.lower(): name for name in package.namelist()}
        self.strings: list[str] = []
        self.days: list[bool] = []
        self.is_1904 = False
        self.counter = count()

    def read(self) -> Workbook:
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "")
        if not main:
            raise FileError(f"Berkas ini bukan buku kerja Excel. {RESAVE}")
        relations = self.relations(main)
        self._read_shared(dict(relations.values()))
        listed = self.elements(main, "sheet", "workbookPr")
        self.is_1904 = any(
            name == "workbookPr" and attrs.get("date1904") in ("1", "true", "on") for name, attrs in listed
        )
        book, room = Workbook([], [], []), MOST_CELLS
        for attrs in (attrs for name, attrs in listed if name == "sheet"):
            kind, path = relations.get(attrs.get("id", ""), ("", ""))
            title = attrs.get("name", "")[:31]
            if kind != "worksheet":
                continue
            if attrs.get("state", "visible") != "visible":
                book.hidden.append(title)
            elif len(book.sheets) == MOST_SHEETS:
                book.unread.append(title)
            else:
                sheet = Sheet(title)
                self.parse(path, Cells(sheet, self.value_of, room))
                room -= sum(len(row) for row in sheet.rows.values())
                book.sheets.append(sheet)
        return book

    def _read_shared(self, paths: dict[str, str]) -> None:
        if path := paths.get("styles"):
            styles = Styles()
            self.parse(path, styles)
            self.days = styles.days
        if path := paths.get("sharedStrings"):
            strings = Strings()
            self.parse(path, strings)
            self.strings = strings.found

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Of a part: key → (last word of the kind, path of what it points to)."""
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        return {
            attrs.get("Id", ""): (
                attrs.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, attrs.get("Target", ""))).lstrip("/"),
            )
            for _, attrs in self.elements(rels, "Relationship")
            if attrs.get("TargetMode") != "External"
        }

    def elements(self, path: str, *names: str) -> list[tuple[str, dict[str, str]]]:
        part = Listed(*names)
        self.parse(path, part)
        return part.found

    def parse(self, path: str, part: Part) -> None:
        with self.package.open(self.names[path.lower()]) as stream:
            part.read(stream, self.counter)

    def value_of(self, kind: str, written: str, style: str) -> tuple[str | Decimal | date, str]:
        """(what the cell holds, why it holds nothing that can be read)."""
        if kind == "s":
            at = whole_number(written)
            return (self.strings[at], "") if at < len(self.strings) else ("", "berisi teks yang hilang")
        if kind in ("str", "inlineStr"):
            return written, ""
        if kind == "b":
            return "", "berisi BENAR/SALAH, bukan angka atau teks"
        if kind == "e":
            return "", f"berisi galat Excel {written[:10]}"
        if kind == "d":
            return written[:10], ""
        return self._number_of(written, style)

    def _number_of(self, written: str, style: str) -> tuple[str | Decimal | date, str]:
        try:
            number = Decimal(written.strip())
        except InvalidOperation:
            return "", f"berisi “{written[:20]}”, bukan angka"
        if not number.is_finite() or (number and abs(number.adjusted()) > MOST_DIGITS):
            return "", f"berisi “{written[:20]}”, bukan angka yang wajar"
        at = whole_number(style)
        if at < len(self.days) and self.days[at]:
            found = day_of_serial(number, is_1904=self.is_1904)
            return (found, "") if found else ("", f"berisi tanggal yang tidak mungkin ({written[:20]})")
        return number or Decimal(0), ""


def day_of_serial(number: Decimal, *, is_1904: bool = False) -> date | None:
    """The day that Excel means by a number: days since the end of 1899, on old Macs since 1904; None beyond reason.

    Excel takes 1900 for a leap year, so its days before March 1900 are none.
    """
    if not 61 <= number < 2_958_466:
        return None
    try:
        return (date(1904, 1, 1) if is_1904 else date(1899, 12, 30)) + timedelta(days=int(number))
    except OverflowError:
        return None
