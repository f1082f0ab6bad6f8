"""A report's figures as lines of a page: by topic, per group and in sum, what stood there before, and remarks. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.indicators import ALL, TOPICS, Indicator, Ratio
from reports.report_words import words_of
from reports.rows import GroupRow
from reports.snapshot import Snapshot

Key = tuple[int, str]  # (group, indicator); group 0 is the village


@dataclass(frozen=True)
class Cell:
    """One value: `before` is what the version before said, "" where it said the same."""

    group_id: int
    words: str
    before: str = ""
    remarks: tuple[str, ...] = ()
    url: str = ""  # of the rows behind it


@dataclass(frozen=True)
class Line:
    key: str
    label: str
    definition: str
    cells: tuple[Cell, ...]  # one a group where there are several, then the village
    is_empty: bool  # nobody recorded it

    @property
    def total(self) -> Cell:
        return self.cells[-1]

    @property
    def is_marked(self) -> bool:
        """Whether something about it is to be seen: a remark, or another value than before."""
        return any(cell.remarks or cell.before for cell in self.cells)


@dataclass(frozen=True)
class Topic:
    title: str
    lines: tuple[Line, ...]


def topics_of(
    now: Snapshot,
    before: Snapshot | None = None,
    remarks: Mapping[Key, Sequence[str]] | None = None,
    url_of: Callable[[int, str], str] = lambda group_id, key: "",
) -> list[Topic]:
    """All figures, in the order of the indicators; a topic of which nothing is known is left out.

    `url_of(group or 0, key)` is the address of the rows behind a figure.
    """
    columns = _columns(now)
    old = dict(_columns(before)) if before else {}
    marks = remarks or {}
    lines = {key: _line(one, columns, old, marks, url_of) for key, one in ALL.items()}
    found = []
    for title in TOPICS:
        rows = tuple(line for key, line in lines.items() if ALL[key].topic == title)
        if not all(line.is_empty for line in rows):
            found.append(Topic(title, rows))
    return found


def heads_of(now: Snapshot) -> list[str]:
    """The headings of the cells: the groups where there are several, then the village."""
    names = [row.group_name for row in now.groups] if len(now.groups) > 1 else []
    return [*names, "Jumlah" if names else "Angka"]


def _columns(snapshot: Snapshot) -> list[tuple[int, Sequence[GroupRow]]]:
    groups = [(row.group_id, [row]) for row in snapshot.groups] if len(snapshot.groups) > 1 else []
    return [*groups, (0, snapshot.groups)]


def _line(
    one: Indicator | Ratio,
    columns: Iterable[tuple[int, Sequence[GroupRow]]],
    old: Mapping[int, Sequence[GroupRow]],
    marks: Mapping[Key, Sequence[str]],
    url_of: Callable[[int, str], str],
) -> Line:
    cells, is_empty = [], True
    columns = list(columns)
    for pk, rows in columns:
        value = one.of(rows)
        is_empty = is_empty and not value
        words, before = words_of(one, value), words_of(one, one.of(old[pk])) if pk in old else ""
        remarks = list(marks.get((pk, one.key), ()))
        if pk == 0 and len(columns) == 1:  # a single group: what is said of it is said of the village
            remarks += [words for (group, key), said in marks.items() if group and key == one.key for words in said]
        url = url_of(pk, one.key) if value else ""
        cells.append(Cell(pk, words, before if before != words else "", tuple(remarks), url))
    return Line(one.key, one.label, one.definition, tuple(cells), is_empty)
