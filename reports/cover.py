"""The cover sheet (Sampul): facts of the report and the list of its sheets, at fixed cells. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from reports.cells import STYLES, Look, Pen, Words, fill_words, set_up_page, sign
from reports.forms import Layout

PLAIN = Look(size=10, wrap=False, boxed=False)
TABLE = Look(size=10, indent=1)
LINK = replace(TABLE, underline="single", color="1F4E79")
FACT_HEIGHT, INDEX_HEIGHT = 19, 16.5


def write_cover(ws: Worksheet, form: Layout, words: Words, index: Sequence[tuple[str, str]]) -> None:
    """Write the cover. `index`: name and contents of each sheet, in order; the name links to its sheet."""
    pen = Pen(ws)
    for letter, width in form["column_widths"].items():
        ws.column_dimensions[letter].width = width
    for cell in form["cells"]:
        _write_cell(pen, cell, words)
    last = _write_index(pen, form, index)
    last = sign(pen, form, words, last + 3)
    set_up_page(ws, form, f"{form['name']} – {words['{wilayah}']} – {words['{periode}']}", last)


def _write_cell(pen: Pen, cell: dict[str, str], words: Words) -> None:
    look, ref = _look_of(cell.get("style", "")), cell["cell"]
    if "merge" in cell:
        pen.merge(cell["merge"], look)
    pen.write(ref, fill_words(cell["text"], words), look)
    row = pen.ws[ref].row
    if ref.startswith("D"):
        pen.write(f"C{row}", ":", replace(PLAIN, align="center"))
    pen.ws.row_dimensions[row].height = 1.5 * look.size if look.size > 10 else FACT_HEIGHT


def _write_index(pen: Pen, form: Layout, index: Sequence[tuple[str, str]]) -> int:
    """Returns the last row of the list."""
    first = form["index_rows"]["first"]
    for row, (sheet, contents) in enumerate(index, first):
        pen.write(f"B{row}", sheet, LINK)
        pen.ws[f"B{row}"].hyperlink = Hyperlink(ref=f"B{row}", location=f"'{sheet}'!A1")
        pen.paint(pen.ws[f"B{row}"], LINK)
        pen.merge(f"C{row}:G{row}", TABLE)
        pen.write(f"C{row}", contents, TABLE)
        pen.ws.row_dimensions[row].height = INDEX_HEIGHT
    return first + len(index) - 1


def _look_of(style: str) -> Look:
    if style.startswith("title"):
        return replace(PLAIN, size=int(style.removeprefix("title")), bold=True, align="center")
    if style == "th":
        return replace(TABLE, bold=True, fill=STYLES["header_fill"])
    return replace(PLAIN, bold=style == "bold")
