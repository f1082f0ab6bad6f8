"""Every book of a group, in the order in which "Cetak & Unduh" offers them."""

from reports.books import cash, lending, savings, statements, surplus, yearly
from reports.books.page import Book

SECTIONS: tuple[tuple[str, tuple[Book, ...]], ...] = (
    ("Kas dan uang anggota", (*cash.BOOKS, *yearly.BOOKS, *savings.BOOKS)),
    ("Pinjaman", lending.BOOKS),
    ("Laporan keuangan", statements.BOOKS),
    ("SHU", surplus.BOOKS),
)
BOOKS: dict[str, Book] = {book.code: book for _, books in SECTIONS for book in books}
