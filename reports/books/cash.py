"""Buku Kas, two-sided: what came into the till and what left it in a month, each side in order of day."""

from itertools import zip_longest

from loans.cash_book import till_books
from loans.chart import BANK, CASH, FIELD_CASH
from loans.ledger_services import balances
from reports.books.page import Book, Page
from reports.books.spans import Span
from reports.books.wording import signing_day, words_of
from reports.periods import MONTH
from reports.sheet import Block, Row
from up2k_portal.lib.dates import period_of
from up2k_portal.lib.money import format_rupiah, terbilang
from villages.models import Group


def cash_pages(group: Group, span: Span) -> list[Page]:
    """A sheet for the cash, and one for the bank once money lay there."""
    books = till_books(group, period_of(span.first))
    at_end = balances(group, min(span.last, signing_day(span)), codes=(CASH, FIELD_CASH, BANK))
    pages = []
    for book in books:
        first: Row = {
            "tanggal_in": span.first,
            "uraian_in": f"Saldo awal {book.name.lower()}",
            "jumlah_in": book.opening,
        }
        left = [
            first,
            *({"tanggal_in": one.on, "uraian_in": one.words, "jumlah_in": one.amount} for one in book.received),
        ]
        right = [
            {"tanggal_out": one.on, "no_kwt": one.number, "uraian_out": one.words, "jumlah_out": one.amount}
            for one in book.paid
        ]
        rows: list[Row] = [{**(one or {}), **(other or {})} for one, other in zip_longest(left, right)]
        words = words_of(group, span, signing_day(span)) | {
            "{rupiah}": format_rupiah(sum(at_end.values())),
            "{terbilang}": terbilang(sum(at_end.values())),
            "{rupiah_tunai}": cash_words(at_end[CASH], at_end[FIELD_CASH]),
            "{rupiah_bank}": format_rupiah(at_end[BANK]),
        }
        below: list[Row] = [{"C": book.closing}, {}]
        sheet = f"Buku {book.name}"
        pages.append(Page("buku-kas", words, [Block(rows)], below=below, sheet=sheet))
    return pages


def cash_words(in_box: int, in_field: int) -> str:
    """What a sheet brought in and nobody handed in yet is cash too; the book says where it is."""
    words = format_rupiah(in_box + in_field)
    return f"{words} (di antaranya di petugas {format_rupiah(in_field)})" if in_field else words


BOOKS = (
    Book("buku-kas", "Buku Kas", "Penerimaan dan pengeluaran sebulan, dua sisi, dengan saldonya", (MONTH,), cash_pages),
)
