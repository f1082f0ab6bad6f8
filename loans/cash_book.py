"""The cash book of a month: what came into each till and what left it, a line for each paper and day.

What lies with the officer who carried the sheet is money of the box: handing it in is no line of the book.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from enterprises.months import first_day, last_day
from loans.chart import BANK, CASH, CHART, FIELD_CASH, IN_HAND, TILLS
from loans.ledger_services import balances
from loans.models import Entry
from villages.models import Group


@dataclass(frozen=True)
class Line:
    """A line of the cash book; `number` is the voucher's, where the paper has a column for it."""

    on: date
    number: str
    words: str
    amount: int


@dataclass(frozen=True)
class TillBook:
    """A month of one till; rupiah."""

    name: str
    opening: int
    received: list[Line]
    paid: list[Line]
    in_field: int = 0  # of the closing balance: what a sheet brought in and nobody handed in yet

    @property
    def received_total(self) -> int:
        """With the opening balance, as the paper book adds it."""
        return self.opening + sum(line.amount for line in self.received)

    @property
    def paid_total(self) -> int:
        return sum(line.amount for line in self.paid)

    @property
    def closing(self) -> int:
        return self.received_total - self.paid_total


def till_books(group: Group, period: int) -> list[TillBook]:
    """The cash book, and the bank book once money lay there; three queries whatever the rows."""
    opening = balances(group, first_day(period) - timedelta(days=1), codes=tuple(TILLS.values()))
    entries = list(till_entries(group, period))
    in_field = opening[FIELD_CASH] + sum(amount for _, amount in by_source(entries, (FIELD_CASH,)))
    books = []
    for tills in (IN_HAND, (BANK,)):
        moved = by_source(entries, tills)
        received = [line_of(entry, amount) for entry, amount in moved if amount > 0]
        paid = [line_of(entry, amount) for entry, amount in moved if amount < 0]
        before = sum(opening[till] for till in tills)
        books.append(TillBook(CHART[tills[0]].name, before, received, paid, in_field if CASH in tills else 0))
    return [book for book in books if book.name == CHART[CASH].name or book.opening or book.received or book.paid]


def till_entries(group: Group, period: int):
    tills = tuple(TILLS.values())
    rows = group.entries.filter(
        Q(debit__in=tills) | Q(credit__in=tills), on__range=(first_day(period), last_day(period))
    )
    return rows.select_related("voucher", "part__receipt__member", "part__receipt__poklak").order_by("on", "pk")


def by_source(entries: Iterable[Entry], tills: Collection[str]) -> list[tuple[Entry, int]]:
    """One line a receipt or voucher and day: its first entry, and the rupiah that came in less those that went out.

    A receipt whose total was split anew takes parts back and puts others in their place on one day: no money moved, so
    the book has no line for it. The receipt itself says that its division was renewed.
    """
    first: dict[tuple, Entry] = {}
    sums: Counter[tuple] = Counter()
    for entry in entries:
        if (entry.debit in tills) != (entry.credit in tills):
            key = (entry.voucher_id, entry.part and entry.part.receipt_id, entry.on)
            first.setdefault(key, entry)
            sums[key] += entry.amount if entry.debit in tills else -entry.amount
    return [(entry, sums[key]) for key, entry in first.items() if sums[key]]


def line_of(entry: Entry, amount: int) -> Line:
    """Received above zero, else paid; on the left side the paper has no column for the number."""
    number, words = source_words(entry)
    return Line(entry.on, number, f"{words}, {number}" if amount > 0 else words, abs(amount))


def source_words(entry: Entry) -> tuple[str, str]:
    """The number of the receipt or voucher, and what it was for."""
    if entry.part:
        source, words = entry.part.receipt, f"Angsuran/simpanan {entry.part.receipt.payer}"
    else:
        source, words = entry.voucher, entry.voucher.description
    return source.number, f"Koreksi: {words}" if source.is_reversal else words
