"""Cells, looks and paper of the official forms: what every sheet of a workbook shares. Pure."""

import re
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.forms import Layout, layout

Value = int | str | date | Decimal | None
Words = Mapping[str, str]

COMMON = layout("_common")
STYLES = COMMON["styles"]
NAME_BLANK = COMMON["signature_block"]["name_blank"]  # dots to sign on
_THIN = Side(style=STYLES["border"], color=STYLES["border_color"])
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


@dataclass(frozen=True)
class Look:
    """How a cell looks; `fill` is a colour or empty, `format` an Excel number format."""

    size: float = STYLES["body"]
    bold: bool = False
    italic: bool = False
    underline: str | None = None
    color: str = "000000"
    align: str = "left"
    indent: int = 0
    rotate: int = 0
    wrap: bool = True
    shrink: bool = False  # an amount too wide for its column is printed smaller, not as ####
    fill: str = ""
    boxed: bool = True
    format: str = "General"

    def dress(self, cell: Any) -> None:
        cell.font = Font(
            name=STYLES["font"],
            size=self.size,
            bold=self.bold,
            italic=self.italic,
            underline=self.underline,
            color=self.color,
        )
        cell.alignment = Alignment(
            horizontal=self.align,
            vertical="center",
            indent=self.indent,
            wrap_text=self.wrap,
            shrink_to_fit=self.shrink,
            text_rotation=self.rotate,
        )
        cell.number_format = self.format
        if self.boxed:
            cell.border = _BOX
        if self.fill:
            cell.fill = PatternFill("solid", fgColor=self.fill)


class Pen:
    """Writes cells. Each look enters the workbook's style tables once and later cells copy its number:
    dressing every cell anew takes eight times as long."""

    def __init__(self, ws: Worksheet) -> None:
        self.ws = ws
        self._known: dict[Look, Any] = {}

    def paint(self, cell: Any, look: Look) -> None:
        if look not in self._known:
            look.dress(cell)
            self._known[look] = copy(cell._style)
        cell._style = copy(self._known[look])

    def write(self, ref: str, value: Value, look: Look) -> None:
        """A typed value. Text stays text: a group named "=1+1" is a name, never a formula."""
        cell = self.ws[ref]
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
            cell.data_type = "s" if cell.value else "n"
        else:
            cell.value = value
        self.paint(cell, look)

    def write_formula(self, ref: str, formula: str | None, look: Look) -> None:
        """A formula of a layout; what a person typed goes through `write`."""
        self.ws[ref].value = formula
        self.paint(self.ws[ref], look)

    def merge(self, area: str, look: Look) -> None:
        """Merge and box every cell of the range: a border only at its corner would be lost in print."""
        self.ws.merge_cells(area)
        for row in self.ws[area]:
            for cell in row:
                self.paint(cell, look)


def fill_words(text: str, words: Words) -> str:
    """A text of a layout with its braces filled; one pass, so that braces in a name stay what they are."""
    keys = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, keys)), lambda found: words[found[0]], text)


def new_workbook() -> Workbook:
    """An empty workbook whose Normal style is Arial 10: column widths are measured in its digits."""
    book = Workbook()
    normal = Font(name=STYLES["font"], size=10, family=2)
    book._fonts = IndexedList([normal])
    book._named_styles["Normal"].font = normal
    book.remove(book.active)
    book.calculation.fullCalcOnLoad = True
    return book


def set_up_page(ws: Worksheet, form: Layout, footer: str, last_row: int, paper: str = "") -> None:
    """Paper, margins, print area, footer and view as the layout says; `footer` is the left text.

    A layout with a scale has page breaks between columns: Excel ignores those when it fits pages itself.
    """
    chosen = COMMON["papers"][paper or form["paper"]]
    ws.page_setup.paperSize = chosen["paperSize"]
    ws.page_setup.orientation = form["orientation"]
    if scale := form["page"].get("scale"):
        is_narrower = chosen["width_mm"] < COMMON["papers"][form["paper"]]["width_mm"]
        ws.page_setup.scale = form["page"].get("scale_a4", scale) if is_narrower else scale
        for column in form["page"]["column_breaks"]:
            ws.col_breaks.append(Break(id=column))
        ws.print_title_cols = form["page"]["repeat_columns"]
    else:
        ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        ws.page_setup.fitToWidth = form["page"]["fit_to_width"]
        ws.page_setup.fitToHeight = form["page"]["fit_to_height"]
    ws.page_margins = PageMargins(**chosen["margins_in"])
    ws.print_options.horizontalCentered = True
    ws.print_area = f"A1:{last_letter(form)}{last_row}"
    ws.sheet_view.showGridLines = False
    ws.freeze_panes = form["freeze"]
    _footer(ws, footer)


def last_letter(form: Layout) -> str:
    return form["columns"][-1]["letter"] if "columns" in form else list(form["column_widths"])[-1]


def _footer(ws: Worksheet, text: str) -> None:
    left, right = ws.oddFooter.left, ws.oddFooter.right
    left.text, left.font, left.size = text.replace("&", "&&"), "Arial,Italic", STYLES["note"]
    right.text, right.font, right.size = "Halaman &P dari &N", "Arial,Regular", STYLES["note"]


def sign(pen: Pen, form: Layout, words: Words, row: int) -> int:
    """The signature block from `row` on; returns the row of the names, its last."""
    plain = Look(size=9.5, align="center", wrap=False, boxed=False)
    names = replace(plain, bold=True, underline="single")
    last = row + 6
    for at, columns in enumerate(form["signature_columns"]):  # the right side signs each page
        side = "right" if at else "left"
        start, end = columns.split(":")
        for line_row, text in zip((row, row + 1, last), form["signatures"][side], strict=True):
            text = fill_words(text, words)
            look = names if line_row == last and text != NAME_BLANK else plain
            if start != end:
                pen.merge(f"{start}{line_row}:{end}{line_row}", look)
            pen.write(f"{start}{line_row}", text, look)
    for line_row in range(row, last + 1):
        pen.ws.row_dimensions[line_row].height = STYLES["signature_row_height"]
    return last
