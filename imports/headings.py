"""Where the headings of a sheet stand and which column each is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.columns import Column, name_of
from up2k_portal.lib.xlsx_rows import Row

MOST_ABOVE = 20  # rows among which the headings are looked for: titles may stand above them
REMARKS = "Keterangan"  # the column with our own words in a workbook that we gave back
FEWEST = 2  # known headings that make a row the row of headings


@dataclass
class Headings:
    row: int = 0  # 0: there are none
    places: dict[int, Column] = field(default_factory=dict)  # by column of the sheet
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return len(self.places)

    @property
    def faults(self) -> list[str]:
        said = [
            f"Kolom {name} ada lebih dari satu. Hapus atau ganti judul yang tidak dipakai." for name in self.doubled
        ]
        if self.missing:
            said.append(f"Kolom ini belum ada: {', '.join(self.missing)}. Tambahkan, atau pakai templat yang diunduh.")
        return said


def find_headings(rows: Sequence[Row], columns: Sequence[Column]) -> Headings:
    """The row with the most known headings among the top rows; order, other columns and titles above do not matter."""
    by_name = {name: column for column in columns for name in column.names}
    best = Headings()
    for row in rows[:MOST_ABOVE]:
        here = _headings_of(row, by_name)
        if here.found > best.found:
            best = here
    if best.found < FEWEST:
        best = Headings()
    there = {column.key for column in best.places.values()}
    best.missing = [column.heading for column in columns if column.is_required and column.key not in there]
    return best


def _headings_of(row: Row, by_name: dict[str, Column]) -> Headings:
    here = Headings(row.number)
    for place, (kind, text) in row.cells.items():
        column = by_name.get(name_of(text)) if kind == "t" else None
        if column is None:
            if kind == "t" and text.strip() and name_of(text) != name_of(REMARKS):
                here.unused.append(" ".join(text.split())[:40])
        elif column in here.places.values():
            here.doubled.append(column.heading)
        else:
            here.places[place] = column
    return here
