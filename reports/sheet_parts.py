"""What a sheet is written from: rows in blocks, totals over them, lines of statements. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reports.cells import Value

Row = Mapping[str, Value]  # by the column's key; a column without a value stays blank


@dataclass(frozen=True)
class Block:
    """Data rows under a heading, closed by a subtotal; without a heading bare rows for the grand total."""

    rows: Sequence[Row]
    heading: str = ""
    total: str = ""


@dataclass(frozen=True)
class Summed:
    """The rows under a total: a run of data rows, or the subtotals of the blocks in it."""

    first: int
    last: int
    subtotals: tuple[int, ...] = ()

    def cells(self, letter: str) -> str:
        """K9:K10, or K11,K14"""
        return ",".join(f"{letter}{row}" for row in self.subtotals) or f"{letter}{self.first}:{letter}{self.last}"

    def weighted(self, mean: str, letter: str) -> str:
        """The layout's mean of subtotals, "(I{s1}*N({col}{s1})+…)", over all of them; {t} stays."""
        start = mean.rindex("(", 0, mean.index("{s1}")) + 1
        term = mean[start : mean.index("+")]
        terms = "+".join(term.replace("{s1}", str(row)).replace("{col}", letter) for row in self.subtotals)
        return mean[:start] + terms + mean[mean.index("…") + 1 :]


class StatementLine(Protocol):
    """A line of a statement: see `reports.books.page.Line`."""

    @property
    def key(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def amounts(self) -> tuple[int, int]: ...
    @property
    def adds(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class DataCell:
    """A column as its data cells need it, worked out once for all rows."""

    at: int
    key: str
    width: float
    is_number: bool
    formula: str  # with {r} and {f}, "" for a value
    style: Any
