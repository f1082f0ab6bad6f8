"""Where the pages of a printed sheet end. Pure: heights of rows in, rows out."""

from collections.abc import Mapping

from reports.cells import COMMON
from reports.forms import Layout

POINTS_PER_MM = 72 / 25.4
POINTS_PER_WIDTH = 5.25  # Excel: 7 pixels per unit of column width
EMPTY = 12.75  # points of a row that nothing is written in
SPARE = 0.97  # of a page; printers and LibreOffice measure a little differently


def page_ends(form: Layout, paper: str, heights: Mapping[int, float], glued: set[int], end: int) -> list[int]:
    """The last rows of all pages but the last: a page ends where the next rows that belong together do not fit.

    `glued` are the rows that stay with the row above them, `end` is the row below the last. A heading keeps its first
    row, a subtotal its last; the last two data rows keep all that follows, so that nobody signs a sheet without
    figures.
    """
    page = page_height(form, paper)
    first, last = map(int, form["repeat_rows"].split(":"))
    repeated = sum(heights.get(row, EMPTY) for row in range(first, last + 1))
    starts = [row for row in range(1, end) if row not in glued]
    room, ends = page, []
    for start, after in zip(starts, [*starts[1:], end], strict=True):
        height = sum(heights.get(row, EMPTY) for row in range(start, after))
        if height > room:
            ends.append(start - 1)
            room = page - repeated
        room -= height
    return ends


def page_height(form: Layout, paper: str) -> float:
    """Points of rows on one page: the paper less its margins, enlarged as much as the width is shrunk."""
    chosen = COMMON["papers"][paper]
    margins, sides = chosen["margins_in"], (chosen["width_mm"], chosen["height_mm"])
    wide, high = sides if form["orientation"] == "portrait" else sides[::-1]
    across = wide * POINTS_PER_MM - 72 * (margins["left"] + margins["right"])
    down = high * POINTS_PER_MM - 72 * (margins["top"] + margins["bottom"])
    if scale := form["page"].get("scale"):
        return SPARE * down * 100 / scale
    width = sum(column["width"] for column in form["columns"]) * POINTS_PER_WIDTH
    return SPARE * down / min(1, across / width)
