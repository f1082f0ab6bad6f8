"""How the books are asked in plain SQL, and how a difference is told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db import connection

from up2k_portal.lib.money import format_rupiah

Row = TypeVar("Row")
Finding = tuple[str, str]  # the check's name, one Indonesian sentence
Fault = tuple[str, str, str]  # the check's name, the condition in SQL, the words with the columns' names in them
CHUNK = 2000
RUPIAH = {"amount", "source_amount", "original", "total"}
PLACE = "LEFT JOIN villages_group g ON g.id = {row}.group_id LEFT JOIN villages_village w ON w.id = g.village_id"
_MONTH = {
    "sqlite": "CAST({day} AS INTEGER) * 100 + CAST(substr({day}, 6) AS INTEGER)",  # days are text there
    "postgresql": "CAST(EXTRACT(YEAR FROM {day}) * 100 + EXTRACT(MONTH FROM {day}) AS INTEGER)",
}
_NUMBER_END = {
    "sqlite": "printf('-%%%%d-%%%%04d', {row}.year, {row}.serial)",
    "postgresql": "'-' || {row}.year || '-' || LPAD({row}.serial::text, GREATEST(4, LENGTH({row}.serial::text)), '0')",
}
# Of up to four digits the end is as long as this, and asked without a pattern: half the time.
_SHORT_END = {"sqlite": "substr({row}.number, -10) = ", "postgresql": "RIGHT({row}.number, 10) = "}
_CLOSED_AT = (
    "(SELECT f.closed_at FROM loans_monthclosing f WHERE f.group_id = {row}.group_id AND f.period >= {row}.period"
    " AND f.reopened_at IS NULL ORDER BY f.period LIMIT 1)"
)
_NO_LEAVE = (
    "{row}.recorded_at > " + _CLOSED_AT + " AND NOT EXISTS (SELECT 1 FROM loans_monthexception x"
    " WHERE x.group_id = {row}.group_id AND x.period = {row}.period AND x.user_id = {by}"
    " AND x.granted_at >= " + _CLOSED_AT + " AND x.granted_at <= {row}.recorded_at"
    " AND x.expires_at > {row}.recorded_at)"
)


@dataclass(frozen=True)
class Scope:
    """Whose books: the region code they lie under ("" for all), and the day of the balances."""

    area: str
    as_of: date

    def of(self, row: str, key: str = "group_id") -> str:
        """The condition that a row's group lies in the area."""
        if not self.area:
            return "1 = 1"
        return (
            f"{row}.{key} IN (SELECT ag.id FROM villages_group ag JOIN villages_village aw ON aw.id = ag.village_id"
            " WHERE aw.code >= %(area)s AND aw.code < %(area_end)s)"
        )

    @property
    def values(self) -> dict:
        return {"area": self.area, "area_end": f"{self.area}/", "day": self.as_of}


def rows(statement: str, values: dict) -> Iterator[tuple]:
    """The rows of a statement, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(*_positional(statement, values))
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def findings(
    faults: Sequence[Fault], columns: dict[str, str], source: str, what: str, scope: Scope, sound: str = "FALSE"
) -> Iterator[Finding]:
    """What is wrong with each row of a source (FROM … WHERE …).

    `columns` are expressions by the name that `what` and the faults' words call them, the row's key first. `sound` is a
    condition under which no fault can hold: the usual row, told in fewer words. It is asked by itself, so that what the
    faults alone need is joined for the few others only.
    """
    flags = ", ".join(f"CASE WHEN {condition} THEN 1 ELSE 0 END" for _, condition, _ in faults)
    is_wrong = " OR ".join(f"({condition})" for _, condition, _ in faults)
    told_in = ", ".join(columns.values())
    checked = f"({sound}) IS NOT TRUE AND ({is_wrong})"
    statement = f"SELECT g.name, w.code, {told_in}, {flags} {source} AND {checked} ORDER BY 3"
    for group, area, *row in rows(statement, scope.values):
        told = dict(zip(columns, row, strict=False))
        told |= {name: format_rupiah(told[name] or 0) for name in RUPIAH & told.keys()}
        for (name, _, words), flag in zip(faults, row[len(columns) :], strict=True):
            if flag:
                yield name, where(group, area, what.format(**told), words.format(**told))


def batches(found: Iterable[Row], count: int) -> Iterator[list[Row]]:
    """Lists of so many; the last may be shorter."""
    found = iter(found)
    while batch := list(islice(found, count)):
        yield batch


def where(group: str, area: str, what: str, words: str) -> str:
    return f"{group} ({area}), {what}: {words}."


def month(day: str) -> str:
    """The month of a day, 202609."""
    return f"({_MONTH[connection.vendor].format(day=day)})"


def number_end(row: str) -> str:
    """What the number of a paper ends with by its year and serial, -2026-0001."""
    return _NUMBER_END[connection.vendor].format(row=row)


def ends_in_number(row: str) -> str:
    """A condition under which a number ends as `number_end` says; of the serials from 10000 on it tells none."""
    return _SHORT_END[connection.vendor].format(row=row) + number_end(row)


def no_leave(row: str, by: str) -> str:
    """The condition that a row was recorded into a month that was closed by then, and `by` was not let in.

    The closing is the month's own or the first after it. Leave is of one person and ends with the closing.
    """
    return _NO_LEAVE.format(row=row, by=by)


def in_time(row: str) -> str:
    """A condition under which `no_leave` cannot hold: recorded by the end of its month, in a group that closed none
    before it ended. Found without looking for the closing of each row."""
    early = f"FROM loans_monthclosing f WHERE f.reopened_at IS NULL AND {month('f.closed_at')} <= f.period"
    # Whether there is any such closing is asked once, not once a row.
    return (
        f"{month(f'{row}.recorded_at')} <= {row}.period AND"
        f" (NOT EXISTS (SELECT 1 {early}) OR {row}.group_id NOT IN (SELECT f.group_id {early}))"
    )


def case(column: str, values: dict[str, str]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{code}'" for key, code in values.items()) + " END"


def listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def differ(one: str, other: str) -> str:
    """Two keys that may be empty are not the same."""
    return f"{one} {'IS NOT' if connection.vendor == 'sqlite' else 'IS DISTINCT FROM'} {other}"


def _positional(statement: str, values: dict) -> tuple[str, list]:
    """`%(name)s` as `%s` in order: both databases take those."""
    order = []

    class Order(dict):
        def __missing__(self, name):
            order.append(values[name])
            return "%s"

    return statement % Order(), order
