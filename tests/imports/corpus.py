"""Workbooks as they really come, and as nobody should send them, by the numbers of reliability's list (X1 …).

Each is a function from nothing to bytes. What is written below the library is written into the parts of a good one.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.imports.build import AMINAH, BARSIAH, MEMBER_HEADINGS

SHEET, BOOK, RELS, TYPES = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MEGABYTE = 1024 * 1024
Rows = Sequence[Sequence]


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet(rows: Rows, headings: Sequence[str] = MEMBER_HEADINGS, *, above: Rows = ()) -> Workbook:
    book = Workbook()
    book.active.title = "Anggota"
    for row in (*above, headings, *rows):
        book.active.append(list(row))
    return book


def good(rows: Rows = (AMINAH, BARSIAH), headings: Sequence[str] = MEMBER_HEADINGS, **told) -> bytes:
    return saved(sheet(rows, headings, **told))


@cache
def plain() -> bytes:
    """The good one, made once: what hostile parts are put into."""
    return good()


def rebuilt(content: bytes, parts: dict[str, bytes | str]) -> bytes:
    """The package with these parts put in the place of its own, or added."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as package:
        return package.read(name).decode()


def changed(name: str, change: Callable[[str], str]) -> bytes:
    content = plain()
    return rebuilt(content, {name: change(part(content, name))})


def zipped(**entries: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name, text in entries.items():
            new.writestr(name.replace("__", "/"), text)
    return made.getvalue()


def million_rows() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(2, 10_002)) * 100
    head = part(plain(), SHEET).split("<sheetData>")[1].split("</row>")[0].encode() + b"</row>"
    return rebuilt(plain(), {SHEET: b"<worksheet><sheetData>" + head + rows + b"</sheetData></worksheet>"})


def far_cell() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row></sheetData>'
    return changed(SHEET, lambda text: text.replace("</sheetData>", far))


def bomb(name: str, megabytes: int) -> bytes:
    """Blanks in one part: beyond the size that may be unpacked, or only far too dense."""
    return rebuilt(plain(), {name: b"<x>" + b" " * (megabytes * MEGABYTE) + b"</x>"})


def doctype(name: str, text: str) -> bytes:
    return changed(name, lambda old: text + (old.partition("?>")[2] if old.startswith("<?xml") else old))


def lying() -> bytes:
    content = plain()
    with ZipFile(BytesIO(content)) as package:
        size = package.getinfo(SHEET).file_size
    return content.replace(size.to_bytes(4, "little"), (64).to_bytes(4, "little"))


ENTITIES = '<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

# (number, name) → content and a piece of the sentence that refuses the whole file.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "X1 a column is missing": (lambda: good([("RT 02", "")], ("Alamat", "NIK")), "Kolom ini belum ada: Nama"),
    "X1 a column stands twice": (
        lambda: good([(*AMINAH, "Aminah")], (*MEMBER_HEADINGS, "Nama anggota")),
        "Kolom Nama ada lebih dari satu.",
    ),
    "X1 no headings": (lambda: good([AMINAH], BARSIAH), "Baris judul kolom tidak ditemukan."),
    "X7 a million rows": (million_rows, "lebih dari 100.000 baris"),
    "X8 a cell in the last corner": (far_cell, "Ada isi jauh di luar tabel, di sel XFD1048576."),
    "X9 a bomb": (lambda: bomb(SHEET, 205), "terlalu besar"),
    "X9 a lying directory": (lying, "rusak atau terpotong"),
    "X10 a bomb of texts": (lambda: bomb("xl/sharedStrings.xml", 2), "terlalu besar"),
    "X11 entities in the sheet": (lambda: doctype(SHEET, ENTITIES), "tidak wajar"),
    "X11 entities in the workbook": (lambda: doctype(BOOK, ENTITIES), "tidak wajar"),
    "X11 a long entity": (lambda: doctype(SHEET, QUADRATIC), "tidak wajar"),
    "X11 a file from outside": (lambda: doctype(SHEET, OUTSIDE), "tidak wajar"),
    "X12 macros": (lambda: rebuilt(plain(), {"xl/vbaProject.bin": b"x"}), "berisi makro"),
    "X12 a binary workbook": (lambda: rebuilt(plain(), {"xl/workbook.bin": b"x"}), "berisi makro"),
    "X13 xls": (lambda: OLE + "Book".encode("utf-16-le"), "Excel lama (.xls)"),
    "X13 ods": (lambda: zipped(mimetype="x", **{"content.xml": "<a/>"}), "OpenDocument (.ods)"),
    "X13 docx": (lambda: zipped(word__document__xml="", **{"word/document.xml": "<a/>"}), "Word (.docx)"),
    "X13 csv": (lambda: b"Nama;NIK\r\nAminah;1", "teks (CSV)"),
    "X13 html": (lambda: b"<html><table><tr><td>Nama</td></tr></table>", "halaman web (HTML)"),
    "X13 pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "X13 nothing": (lambda: b"", "kosong (0 byte)"),
    "X13 cut short": (lambda: good()[:-400], "rusak atau terpotong"),
    "X13 a zip": (lambda: zipped(foto="x"), "arsip ZIP"),
    "X14 a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "terkunci sandi"),
    "X15 csv of Windows": (lambda: "Nama;Alamat\r\nNo\xe9r;RT 2".encode("cp1252"), "teks (CSV)"),
    "X15 csv in UTF-16": (lambda: "Nama;Alamat\r\nNoor;RT 2".encode("utf-16"), "teks (CSV)"),
    "X15 csv with a mark": (lambda: "\ufeffNama,Alamat\nNoor,RT 2".encode(), "teks (CSV)"),
    "X24 a template of nobody": (lambda: template({"Jenis templat": "pajak"}), "Templat ini tidak dikenal"),
}


def template(about: dict[str, str], rows: Rows = (AMINAH,)) -> bytes:
    book = sheet(rows)
    page = book.create_sheet("Tentang")
    page.sheet_state = "hidden"
    for fact in about.items():
        page.append(list(fact))
    return saved(book)


def merged() -> bytes:
    """X2: one address for two persons, as people merge it; only its first cell holds it."""
    book = sheet([AMINAH, BARSIAH, ("", "6308035203850003", "P", None, "", "", date(2026, 1, 6))])
    book.active.merge_cells("A3:A4")
    return saved(book)


def formula(kept: str | None) -> bytes:
    """X3: a name that Excel would compute, with what it computed last or without."""
    book = sheet([AMINAH])
    book.active["A2"] = '=CONCATENATE("Ami","nah")'
    content = saved(book)
    if kept is None:
        return content
    text = part(content, SHEET)
    at = text.index('r="A2"')
    cell = text[text.rindex("<c", 0, at) : text.index("</c>", at) + 4]
    return rebuilt(content, {SHEET: text.replace(cell, f'<c r="A2" t="str"><f>1</f><v>{kept}</v></c>')})


def hidden() -> bytes:
    """X18: a hidden row, a hidden sheet with old data, a second visible sheet, a filter and a comment."""
    book = sheet([AMINAH, BARSIAH])
    book.active.row_dimensions[3].hidden = True
    book.active.auto_filter.ref = "A1:G3"
    book.active["A2"].comment = Comment("periksa", "Bu Siti")
    old = book.create_sheet("Anggota 2025")
    for row in (MEMBER_HEADINGS, ("Zubaidah", *BARSIAH[1:])):
        old.append(list(row))
    old.sheet_state = "hidden"
    book.create_sheet("Catatan").append(["bebas"])
    return saved(book)


def titled() -> bytes:
    """X19: titles above, blank rows below, and the row of totals."""
    titles = (("DAFTAR ANGGOTA UP2K",), ("Desa Pandulangan",), ())
    below = ((), ("JUMLAH", "", "", "", "", "", ""), ())
    book = sheet([AMINAH, BARSIAH, *below], above=titles)
    for at in range(20, 400):
        book.active.cell(at, 1).number_format = "@"
    return saved(book)
