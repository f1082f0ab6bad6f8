"""The cover sheet (Sampul): facts of the report and the list of its sheets, at fixed cells. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.hyperlink import Hyperlink

from reports.cells import STYLES, Look, Pen, Words, fill_words, pen_for, set_up_page, set_up_view, sign
from reports.forms import Layout

PLAIN = Look(size=10, wrap=False, boxed=False)
TABLE = Look(size=10, indent=1)
LINK = replace(TABLE, underline="single", color="1F4E79")
MARK = Look(size=14, bold=True, align="center", wrap=False, boxed=False)
FACT_LETTERS = 98  # of Arial 10 in D:G
FACT_HEIGHT, INDEX_HEIGHT, MARK_HEIGHT = 19, 16.5, 21


def write_cover(ws: Any, form: Layout, words: Words, index: Sequence[tuple[str, str]], mark: str = "") -> None:
    """Write the cover. `index`: name and contents of each sheet, in order; the name links to its sheet. `mark` stands
    below the title of a report that is not to be signed."""
    pen = pen_for(ws)
    set_up_view(ws, form)
    for letter, width in form["column_widths"].items():
        ws.column_dimensions[letter].width = width
    for cell in form["cells"]:
        _write_cell(pen, cell, words)
    if mark:
        pen.merge(form["mark"], MARK)
        pen.write(form["mark"].split(":")[0], mark, MARK)
        pen.height(coordinate_to_tuple(form["mark"].split(":")[0])[0], MARK_HEIGHT)
    last = _write_index(pen, form, index)
    last = sign(pen, form, words, last + 3)
    set_up_page(ws, form, f"{form['name']} – {words['{wilayah}']} – {words['{periode}']}", last)
    pen.leave(last + 1)


def _write_cell(pen: Pen, cell: dict[str, str], words: Words) -> None:
    look, ref = _look_of(cell.get("style", "")), cell["cell"]
    if "merge" in cell:
        pen.merge(cell["merge"], look)
    pen.write(ref, fill_words(cell["text"], words), look)
    row = coordinate_to_tuple(ref)[0]
    if ref.startswith("D"):
        pen.write(f"C{row}", ":", replace(PLAIN, align="center"))
    pen.height(row, _height_of(cell, look, words))


def _height_of(cell: dict[str, str], look: Look, words: Words) -> float:
    """Long facts wrap: the names of villages, the versions of many forms."""
    if look.size > 10:
        return 1.5 * look.size
    lines = ceil(len(fill_words(cell["text"], words)) / FACT_LETTERS) if look.wrap else 1
    return FACT_HEIGHT + 12.5 * (lines - 1)


def _write_index(pen: Pen, form: Layout, index: Sequence[tuple[str, str]]) -> int:
    """Returns the last row of the list."""
    first = form["index_rows"]["first"]
    for row, (sheet, contents) in enumerate(index, first):
        pen.write(f"B{row}", sheet, LINK)
        pen.at(f"B{row}").hyperlink = Hyperlink(ref=f"B{row}", location=f"'{sheet}'!A1")
        pen.paint(pen.at(f"B{row}"), LINK)
        pen.merge(f"C{row}:G{row}", TABLE)
        pen.write(f"C{row}", contents, TABLE)
        pen.height(row, INDEX_HEIGHT)
    return first + len(index) - 1


def _look_of(style: str) -> Look:
    if style.startswith("title"):
        return replace(PLAIN, size=int(style.removeprefix("title")), bold=True, align="center")
    if style == "th":
        return replace(TABLE, bold=True, fill=STYLES["header_fill"])
    if style == "long":
        return replace(PLAIN, wrap=True)
    return replace(PLAIN, bold=style == "bold")
