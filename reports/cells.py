"""Cells, looks and paper of the official forms: what every sheet of a workbook shares. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from reports.forms import Layout, layout

Value = int | str | date | Decimal | None
Words = Mapping[str, str]

COMMON = layout("_common")
STYLES = COMMON["styles"]
NAME_BLANK = COMMON["signature_block"]["name_blank"]  # dots to sign on
_LONGEST = 32_767  # characters of a cell in Excel
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

    def __init__(self, ws: Any) -> None:
        self.ws = ws
        self.heights: dict[int, float] = {}
        self._styles: dict[Look, Any] = {}

    def style(self, look: Look) -> Any:
        """The number of a look in this workbook."""
        if look not in self._styles:
            probe = Cell(self.ws, row=1, column=1)
            look.dress(probe)
            self._styles[look] = probe._style
        return self._styles[look]

    def paint(self, cell: Any, look: Look) -> None:
        cell._style = self._own(self.style(look))

    def write(self, ref: str, value: Value, look: Look) -> None:
        """A typed value. Text stays text: a group named "=1+1" is a name, never a formula."""
        row, column = coordinate_to_tuple(ref)
        self.put(row, column, value, self.style(look))

    def write_formula(self, ref: str, formula: str | None, look: Look) -> None:
        """A formula of a layout; what a person typed goes through `write`."""
        row, column = coordinate_to_tuple(ref)
        self.put_formula(row, column, formula, self.style(look))

    def put(self, row: int, column: int, value: Value, style: Any) -> None:
        """As `write`, for whoever has numbers at hand: the many cells of a table."""
        cell = self.cell(row, column)
        if isinstance(value, str):
            text = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
            cell._value, cell.data_type = (text, "s") if text else (None, "n")
        elif type(value) is int:  # as `cell.value` would, without asking what kind of value it is
            cell._value, cell.data_type = value, "n"
        elif value is not None:
            cell.value = value
        cell._style = self._own(style)

    def put_formula(self, row: int, column: int, formula: str | None, style: Any) -> None:
        cell = self.cell(row, column)
        cell.value = formula
        cell._style = self._own(style)

    def merge(self, area: str, look: Look) -> None:
        """Merge and box every cell of the range: a border only at its corner would be lost in print."""
        self.join(area)
        left, top, right, bottom = range_boundaries(area)
        style = self.style(look)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self.cell(row, column)._style = self._own(style)

    # what depends on the kind of sheet

    def at(self, ref: str) -> Any:
        return self.cell(*coordinate_to_tuple(ref))

    def cell(self, row: int, column: int) -> Any:
        return self.ws.cell(row, column)

    def join(self, area: str) -> None:
        self.ws.merge_cells(area)

    def height(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.ws.row_dimensions[row].height = points

    def outline(self, row: int, level: int) -> None:
        self.ws.row_dimensions[row].outlineLevel = level

    def leave(self, row: int) -> None:
        """Nothing is written above this row any more."""

    def _own(self, style: Any) -> Any:
        return copy(style)


class StreamPen(Pen):
    """Writes a sheet of a write-only workbook: rows leave memory as soon as the writer has left them.

    Cells of a look share one style, which nobody changes afterwards.
    """

    def __init__(self, ws: Any) -> None:
        super().__init__(ws)
        if isinstance(ws, StreamedSheet):
            self._styles = ws.styles
        self._rows: dict[int, dict[int, Any]] = {}
        self._levels: dict[int, int] = {}
        self._next = 1

    def cell(self, row: int, column: int) -> Any:
        cells = self._rows.setdefault(row, {})
        if column not in cells:
            cells[column] = StreamedCell(self.ws, row=row, column=column)
        return cells[column]

    def join(self, area: str) -> None:
        self.ws.merged_cells.ranges.add(CellRange(area))  # `add` of all compares with every other: n²

    def height(self, row: int, points: float) -> None:
        self.heights[row] = points

    def outline(self, row: int, level: int) -> None:
        self._levels[row] = level

    def leave(self, row: int) -> None:
        for done in range(self._next, row):
            self.ws.row_dimensions[done] = self._dimensions(done)
            cells = self._rows.pop(done, {})
            self.ws.append([cells[column] for column in sorted(cells)])
            del self.ws.row_dimensions[done]
        self._next = max(self._next, row)

    def _dimensions(self, row: int) -> dict[str, str]:
        found: dict[str, str] = {}
        if row in self.heights:
            found |= {"ht": f"{self.heights[row]:g}", "customHeight": "1"}
        if level := self._levels.pop(row, 0):
            found["outlineLevel"] = str(level)
        return found

    def _own(self, style: Any) -> Any:
        return style


class StreamedCell(Cell):
    """Asks for the number of its look once for all cells of it: openpyxl would compare the looks at each cell."""

    __slots__ = ()

    @property
    def style_id(self) -> int:
        return super().style_id if self._style is None else self.parent.number_of(self._style)


class StreamedSheet(WriteOnlyWorksheet):
    """A write-only sheet that takes finished cells as they are: openpyxl would wrap each once more."""

    def __init__(self, parent: Workbook, title: str) -> None:
        super().__init__(parent, title)
        before = next((ws for ws in parent.worksheets if isinstance(ws, StreamedSheet)), None)
        self.styles: dict[Look, Any] = before.styles if before else {}  # of the whole workbook
        # With the style itself: its identity is not given to another.
        self._numbers: dict[int, tuple[Any, int]] = before._numbers if before else {}

    def number_of(self, style: Any) -> int:
        if id(style) not in self._numbers:
            self._numbers[id(style)] = style, self.parent._cell_styles.add(style)
        return self._numbers[id(style)][1]

    def _values_to_row(self, values: Any, row_idx: int) -> Any:
        return values


def pen_for(ws: Any) -> Pen:
    return StreamPen(ws) if isinstance(ws, WriteOnlyWorksheet) else Pen(ws)


def fill_words(text: str, words: Words) -> str:
    """A text of a layout with its braces filled; one pass, so that braces in a name stay what they are."""
    keys = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, keys)), lambda found: words[found[0]], text)


def new_workbook(*, is_streamed: bool = False) -> Workbook:
    """An empty workbook whose Normal style is Arial 10: column widths are measured in its digits.

    A streamed one keeps no cell that is written, see `add_sheet`.
    """
    book = Workbook(write_only=is_streamed)
    normal = Font(name=STYLES["font"], size=10, family=2)
    book._fonts = IndexedList([normal])
    book._named_styles["Normal"].font = normal
    if not is_streamed:
        book.remove(book.active)
    book.calculation.fullCalcOnLoad = True
    return book


def add_sheet(book: Workbook, title: str) -> Any:
    """A new last sheet of a streamed workbook."""
    ws = StreamedSheet(book, title)
    book._add_sheet(ws)
    return ws


def abandon(book: Workbook) -> None:
    """Closes and removes the half-written sheets of a streamed workbook that will not be saved."""
    for ws in book.worksheets:
        with suppress(Exception):  # whatever broke the sheet may break its end too
            ws.close()
        with suppress(Exception):
            ws._writer.cleanup()


def set_up_view(ws: Any, form: Layout) -> None:
    """What stands before the rows of a sheet's file: freeze, outline, fit to page."""
    if not form["page"].get("scale"):
        ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if "subtotal_row" in form:
        ws.sheet_format.outlineLevelRow = 1
    ws.sheet_view.showGridLines = False
    ws.freeze_panes = form["freeze"]


def set_up_page(ws: Any, form: Layout, footer: str, last_row: int, paper: str = "") -> None:
    """Paper, margins, print area, footer and view as the layout says; `footer` is the left text.

    A layout with a scale has page breaks between columns: Excel ignores those when it fits pages itself.
    """
    set_up_view(ws, form)
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
        ws.page_setup.fitToWidth = form["page"]["fit_to_width"]
        ws.page_setup.fitToHeight = form["page"]["fit_to_height"]
    ws.page_margins = PageMargins(**chosen["margins_in"])
    ws.print_options.horizontalCentered = True
    ws.print_area = f"A1:{last_letter(form)}{last_row}"
    _footer(ws, footer)


def last_letter(form: Layout) -> str:
    return form["columns"][-1]["letter"] if "columns" in form else list(form["column_widths"])[-1]


def _footer(ws: Any, text: str) -> None:
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
        pen.height(line_row, STYLES["signature_row_height"])
    return last
