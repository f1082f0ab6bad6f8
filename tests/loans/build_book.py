"""Yearly books as villages send them: workbooks of openpyxl, and what no library writes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from loans.book_import import Book, BookRow, read_book, to_json
from loans.models import BookImport, LoanProduct
from tests import build
from up2k_portal.lib.days import MONTHS
from up2k_portal.lib.xlsx_file import read_workbook

KINDS = ("ANGSURAN", "IURAN", "SIMPANAN")
BASE = ("NO", "TANGGAL", "NAMA", "UNTUK KEPERLUAN USAHA", "JUMLAH PINJAMAN", "TANDA TANGAN")
DAY, TODAY = date(2025, 3, 5), date(2026, 9, 30)


def row(name: str, *, lent=None, on=DAY, purpose="Bordir", paid=(), contributed=(), saved=()) -> dict:
    """A row of the book: `paid`, `contributed`, `saved` are the months from January on; None is a blank cell."""
    about = {"TANGGAL": on if lent else None, "NAMA": name, "UNTUK KEPERLUAN USAHA": purpose if lent else None}
    amounts = {
        (MONTHS[at].upper(), kind): amount
        for kind, column in zip(KINDS, (paid, contributed, saved), strict=True)
        for at, amount in enumerate(column)
    }
    return about | {"JUMLAH PINJAMAN": lent} | amounts


def columns(months: int = 12, *, first: int = 1, order: Sequence[str] = BASE) -> dict:
    """The place of each column: the first six, then three a month."""
    keys = [*order, *((name.upper(), kind) for name in MONTHS[:months] for kind in KINDS)]
    return {key: at for at, key in enumerate(keys, first)}


def workbook(
    rows: Sequence[dict], *, titles=("BUKU DAFTAR PINJAMAN", "DESA PANDULANGAN", "TAHUN 2025"), places=None, total=None,
    book: Workbook | None = None,
) -> Workbook:  # fmt: skip
    """A book with its headings merged as the form has them, its rows, and JUMLAH: {column: amount} where given."""
    book = book or Workbook()
    sheet, places = book.active, places or columns()
    sheet.title = "Pinjaman-Angsuran"
    for at, title in enumerate(titles, 1):
        sheet.cell(at, 7, title)
    top = len(titles) + 2
    for key, column in places.items():
        if isinstance(key, tuple):
            sheet.cell(top + 1, column, key[1])
            if key[1] == KINDS[0]:
                sheet.cell(top, column, key[0])
                sheet.merge_cells(start_row=top, end_row=top, start_column=column, end_column=column + 2)
        else:
            sheet.cell(top, column, key)
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
    for at, facts in enumerate(rows, 1):
        for key, value in ({"NO": at} | facts).items():
            if value is not None:
                sheet.cell(top + 1 + at, places[key], value)
    if total is not None:
        last = top + 2 + len(rows)
        sheet.cell(last, places["NO"], "JUMLAH")
        for key, value in total.items():
            sheet.cell(last, places[key], value)
    return book


def stream_of(book: Workbook) -> BytesIO:
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "buku-2025.xlsx"
    return stream


def read(book: Workbook, year: int | None = None, today: date = TODAY) -> Book:
    return read_book(read_workbook(stream_of(book)), year, today)


def only(book: Workbook) -> BookRow:
    (found,) = read(book).rows
    return found


def package(stream: BytesIO, changes: dict[str, bytes | None]) -> BytesIO:
    """The workbook with parts replaced, added or (None) left out."""
    made = BytesIO()
    with ZipFile(stream) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    made.seek(0)
    return made


def part(stream: BytesIO, name: str) -> str:
    with ZipFile(stream) as package_:
        return package_.read(name).decode()


def kept(of, product=None, **fields) -> BookImport:
    """A book of one saver that was read and not used."""
    book = Book(2025, "Buku", [], [1], [BookRow(7, "Norhasanah", simpanan={1: 10_000})])
    facts = {
        "file_name": "buku.xlsx",
        "sha256": "0" * 64,
        "year": 2025,
        "book": to_json(book),
        "on": date(2025, 12, 31),
    }
    facts |= {"read_by": fields.pop("by", None) or build.user(), "product": product or build.product(of)}
    return BookImport.objects.create(group=of, village=of.village, **facts | fields)


def terms(group, **fields) -> LoanProduct:
    """A product as most groups of the yearly book have it."""
    facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=group, village=group.village, **facts | fields)
