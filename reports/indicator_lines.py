"""The indicators of an area's report side by side: in sum, and for each area below it (for a village its groups). Pure.

A ratio is divided out of the sums of its own column: no percent is ever averaged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.indicators import ALL, BASES, TOPICS, Indicator, Ratio, by_category
from reports.report_words import words_of
from reports.rows import GroupRow, Report, is_within


@dataclass(frozen=True)
class Column:
    """An area or a group: `group_id` is 0 for an area."""

    code: str
    name: str
    rows: tuple[GroupRow, ...]
    group_id: int = 0

    @property
    def key(self) -> str:
        return f"{self.code}#{self.group_id}" if self.group_id else self.code


@dataclass(frozen=True)
class Value:
    """`value` is whole rupiah or a count, of a ratio a percent; None where nobody recorded it."""

    one: Indicator | Ratio
    column: Column
    value: int | Fraction | None
    numerator: int | None = None
    denominator: int | None = None

    @property
    def words(self) -> str:
        return words_of(self.one, self.value)


@dataclass(frozen=True)
class Line:
    one: Indicator | Ratio
    values: tuple[Value, ...]  # in the order of the columns; the first is the whole area's

    @property
    def is_empty(self) -> bool:
        return not any(value.value for value in self.values)


def columns_of(report: Report) -> list[Column]:
    """The whole area first, then its parts, each with its rows."""
    whole = Column(report.area_code, report.area_name, report.groups)
    if report.area_level == "desa":
        parts = [Column(report.area_code, row.group_name, (row,), row.group_id) for row in report.groups]
        return [whole, *parts] if len(parts) > 1 else [whole]
    return [whole, *(_part(report, child.code, child.name) for child in report.children)]


def _part(report: Report, code: str, name: str) -> Column:
    return Column(code, name, tuple(row for row in report.groups if is_within(row.village_code, code)))


def lines_of(columns: Sequence[Column]) -> list[Line]:
    """Every indicator in its order, over the columns."""
    return [Line(one, tuple(value_of(one, column) for column in columns)) for one in ALL.values()]


def value_of(one: Indicator | Ratio, column: Column) -> Value:
    if isinstance(one, Indicator):
        return Value(one, column, one.of(column.rows))
    parts = BASES[one.numerator].of(column.rows), BASES[one.denominator].of(column.rows)
    return Value(one, column, one.divide(*parts), *parts)


def topics_of(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Lines by topic; those of which nothing is known anywhere are left out."""
    known = [line for line in lines if not line.is_empty]
    found = [(topic, [line for line in known if line.one.topic == topic]) for topic in TOPICS]
    return [(topic, some) for topic, some in found if some]


def categories_of(columns: Sequence[Column]) -> list[tuple[str, list[int]]]:
    """Running enterprises by kind of business, over the columns; the most frequent first."""
    counts = [by_category(column.rows) for column in columns]
    names = sorted(counts[0], key=lambda name: (-counts[0][name], name))
    return [(name, [one.get(name, 0) for one in counts]) for name in names]


def records_of(lines: Sequence[Line]) -> Iterator[dict]:
    """One record a value, for JSON: a percent has two decimals, and what it was divided from stands beside it."""
    for line in lines:
        for value in line.values:
            is_ratio = isinstance(value.one, Ratio)
            yield {
                "area": value.column.code,
                "name": value.column.name,
                "group": value.column.group_id or None,
                "key": value.one.key,
                "label": value.one.label,
                "value": float(round(value.value, 2)) if isinstance(value.value, Fraction) else value.value,
                "numerator": value.numerator if is_ratio else value.value,
                "denominator": value.denominator if is_ratio else None,
                "unit": str(value.one.unit),
                "definition": value.one.definition,
            }
