"""What a book is, and one filled sheet of it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.books.spans import Span
from reports.cells import Value, Words
from reports.sheet import Block


@dataclass(frozen=True)
class Line:
    """One row of a statement: `amounts` are rupiah this year (or period) and last; a total names what it adds.

    `kind` is head, item, subtotal or total. `adds` has the keys of other lines, those with "-" before them subtracted.
    """

    key: str
    label: str
    kind: str = "item"
    code: str = ""
    amounts: tuple[int, int] = (0, 0)
    adds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One sheet: the layout's code, the words for its braces, and its rows.

    A table has `blocks`, whose rows give every column's value by key, those that Excel computes too: screen and print
    show these. `totals` are values of the total row that are no sums; `below` the values of the rows under it, by
    column letter. A statement has `lines` instead, of the left side and, where the form has two, of the right.
    """

    form: str
    words: Words
    blocks: Sequence[Block] = ()
    lines: tuple[Sequence[Line], ...] = ()
    notes: Sequence[str] = ()
    totals: Mapping[str, Value] = field(default_factory=dict)
    below: Sequence[Mapping[str, Value]] = ()
    sheet: str = ""  # the tab's name, where a workbook has several of one form


@dataclass(frozen=True)
class Book:
    """A book as the group knows it: its code in the address, what it is for, of what spans, and how it is filled.

    `spans` are the lengths in months of the periods that it is kept by, 0 a single day, the usual one first. `pages`
    takes the group and the span.
    """

    code: str
    title: str
    hint: str
    spans: tuple[int, ...]
    pages: Callable[[Any, Span], list[Page]]
    layout: str = ""  # the form's code, where it differs from the book's

    @property
    def form(self) -> str:
        return self.layout or self.code
