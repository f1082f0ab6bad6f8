"""Buku Simpanan and Buku Iuran: a line for each payment of a member, what was taken out with a minus."""

from django.db.models import Q

from loans.chart import SAVINGS
from loans.models import Entry
from reports.books.page import Book, Page
from reports.books.spans import Span
from reports.books.wording import signing_day, words_of
from reports.periods import MONTH, QUARTER, YEAR
from reports.sheet import Block, Row
from villages.models import Group

ACCOUNTS = tuple(SAVINGS.values())
REMARKS = {"withdrawal": "penarikan", "opening": "saldo awal"}


def savings_pages(group: Group, span: Span) -> list[Page]:
    """Deposits and withdrawals of all kinds of savings, in two queries."""
    saved = Q(credit__in=ACCOUNTS) | Q(debit__in=ACCOUNTS)
    return [_page("buku-simpanan", group, span, saved, ACCOUNTS)]


def contribution_pages(group: Group, span: Span) -> list[Page]:
    """Contributions, corrections with a minus, in two queries."""
    return [_page("buku-iuran", group, span, Q(kind="contribution"), ())]


def _page(form: str, group: Group, span: Span, wanted: Q, accounts: tuple[str, ...]) -> Page:
    entries = Entry.objects.filter(wanted, group=group, on__range=(span.first, span.last))
    entries = entries.select_related("member__poklak").order_by("on", "pk")
    rows = [_row(entry, accounts) for entry in entries]
    return Page(form, words_of(group, span, signing_day(span)), [Block(rows)])


def _row(entry: Entry, accounts: tuple[str, ...]) -> Row:
    member = entry.member
    is_in = entry.credit in accounts if accounts else entry.reverses_id is None
    remark = "koreksi" if entry.reverses_id else REMARKS.get(entry.kind, "")
    return {
        "tanggal": entry.on,
        "nama": f"{member} ({remark})" if remark else str(member),
        "kelompok": str(member.poklak or "-"),
        "jumlah": entry.amount if is_in else -entry.amount,
    }


SPANS = (MONTH, QUARTER, YEAR)
BOOKS = (
    Book("buku-simpanan", "Buku Simpanan", "Setoran dan penarikan semua anggota", SPANS, savings_pages),
    Book("buku-iuran", "Buku Iuran", "Iuran semua anggota", SPANS, contribution_pages),
)
