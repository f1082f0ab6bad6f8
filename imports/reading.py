"""A workbook that came in, as checked lines: which kind it is, for where, and what each row would do. Stores no row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.core.exceptions import ValidationError

from imports.columns import name_of
from imports.headings import Headings, find_headings
from imports.kinds import KINDS
from imports.kinds.base import Kind, Scope
from imports.lines import Line, Outcome, check_required, is_total, line_of
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.xlsx_rows import Head, Reader, Row

VERSION = 1  # of the templates; an older one is read by the names of its columns
ABOUT, CHOICES = "Tentang", "Pilihan"  # hidden sheets of a template: whose it is, words of the drop-downs
GUIDE = "Petunjuk"  # how a template is filled in: never read
MOST_ROWS = 100_000
CHUNK = 1_000  # rows that are checked, and later saved, together
MOST_NOTICES = 20


@dataclass
class About:
    """What the hidden sheet of a template tells of it."""

    kind: str = ""
    village: str = ""
    version: int = 0


@dataclass
class Found:
    """The sheet that is read, of which kind, with its headings."""

    kind: Kind
    sheet: Head
    headings: Headings
    about: About
    notices: list[str] = field(default_factory=list)


@dataclass
class Count:
    """Rows by outcome, and money of the rows that would be saved by the column's key."""

    outcomes: Counter = field(default_factory=Counter)
    totals: dict[str, Counter] = field(default_factory=dict)
    hidden: int = 0

    def add(self, line: Line, kind: Kind) -> None:
        self.outcomes[line.outcome] += 1
        for column in kind.columns:
            if column.has_total and (amount := line.values.get(column.key)):
                self.totals.setdefault(column.key, Counter())[line.outcome] += amount


def find_sheet(book: Reader) -> Found:
    """The sheet to read and its kind: by the hidden sheet of the template, else by headings and the sheet's name.

    Raises ValidationError where there is none, and where columns are missing or doubled.
    """
    about = about_of(book.sheets)
    visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
    if about.kind:
        visible = [sheet for sheet in visible if name_of(sheet.name) != name_of(GUIDE)]
    if about.kind and about.kind not in KINDS:
        raise ValidationError("Templat ini tidak dikenal di portal ini. Unduh lagi templatnya.")
    kinds = [KINDS[about.kind]] if about.kind else list(KINDS.values())
    tried = [(kind, sheet, find_headings(sheet.top, kind.columns)) for kind in kinds for sheet in visible]
    known = [one for one in tried if one[2].row]
    if not known:
        wanted = kinds[0].columns if len(kinds) == 1 else KINDS["anggota"].columns
        names = ", ".join(column.heading for column in wanted if column.is_required)
        raise ValidationError(
            f"Baris judul kolom tidak ditemukan. Baris judul berisi antara lain: {names}. Pakai templat yang diunduh."
        )
    kind, sheet, headings = max(known, key=_fit)
    if headings.faults:
        raise ValidationError([f"Lembar “{sheet.name}”: {words}" for words in headings.faults])
    return Found(kind, sheet, headings, about, _notices(book, sheet, headings, about))


def _fit(one: tuple[Kind, Head, Headings]) -> tuple:
    """A kind fits that misses no column, the better the more are there; among others the sheet's name tells."""
    kind, sheet, headings = one
    is_whole = not headings.missing
    is_named = name_of(sheet.name) == name_of(kind.sheet)
    return (is_whole, is_whole and headings.found, is_named, -len(headings.missing), headings.found)


def _notices(book: Reader, sheet: Head, headings: Headings, about: About) -> list[str]:
    said = []
    if about.kind and about.version < VERSION:
        said.append("Templat ini versi lama. Kolomnya tetap dibaca menurut judulnya; unduh yang baru untuk lain kali.")
    if headings.unused:
        said.append(f"Kolom yang tidak dipakai: {', '.join(headings.unused[:MOST_NOTICES])}.")
    ours = {name_of(ABOUT), name_of(CHOICES), name_of(GUIDE)} if about.kind else set()
    others = [one.name for one in book.sheets if one is not sheet and name_of(one.name) not in ours]
    if others:
        said.append(f"Hanya lembar “{sheet.name}” yang dibaca. Tidak dibaca: {', '.join(others)[:200]}.")
    return said


def about_of(sheets: Sequence[Head]) -> About:
    about = next((sheet for sheet in sheets if name_of(sheet.name) == name_of(ABOUT)), None)
    told: dict[str, str] = {}
    for row in about.top if about else ():
        cells = [text.strip() for _, (_, text) in sorted(row.cells.items())]
        if len(cells) > 1:
            told[name_of(cells[0])] = cells[1]
    version = told.get("versitemplat", "")
    return About(told.get("jenistemplat", ""), told.get("kodedesa", ""), int(version) if version.isdecimal() else 0)


def checked_lines(book: Reader, found: Found, scope: Scope, count: Count) -> Iterator[Line]:
    """Every row with what becomes of it, chunk by chunk; counted as they pass."""
    kind, today = found.kind, scope.today
    rows = (row for row in book.rows(found.sheet, MOST_ROWS) if row.number > found.headings.row)
    lines = _lines(rows, found, today, count)
    while chunk := list(islice(lines, CHUNK)):
        for line in chunk:
            check_required(line, kind.columns)
        kind.check(chunk, scope)
        for line in chunk:
            count.add(line, kind)
            yield line


def _lines(rows: Iterator[Row], found: Found, today, count: Count) -> Iterator[Line]:
    sums: Counter[str] = Counter()
    for row in rows:
        line = line_of(row, found.headings.places, today)
        if line is None:
            continue
        if is_total(row):
            _compare_total(line, found, sums)
            continue
        count.hidden += row.is_hidden
        for column in found.kind.columns:
            if column.has_total and column.key in line.values:
                sums[column.key] += line.values[column.key]
        yield line


def _compare_total(line: Line, found: Found, sums: Counter) -> None:
    """A row of totals never becomes data; what it says is compared with what stands above it."""
    for column in found.kind.columns:
        said = line.values.get(column.key) if column.has_total else None
        if said is not None and said != sums[column.key] and len(found.notices) < MOST_NOTICES:
            found.notices.append(
                f"Baris {line.number}: jumlah {column.heading} tertulis {format_rupiah(said)}, padahal jumlah barisnya"
                f" {format_rupiah(sums[column.key])}. Periksa sebelum disimpan."
            )


def counts_of(count: Count) -> dict[str, int]:
    found = {outcome.value: count.outcomes[outcome] for outcome in Outcome}
    return {"read": sum(found.values()), **found}
