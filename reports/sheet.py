"""One declared form as an Excel sheet: header, rows, live totals, notes, signatures, pages. Pure.

The layout (reports/forms) says everything about the form; what is written here holds for every form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.pagebreak import Break

from reports.cells import (
    COMMON,
    STYLES,
    Look,
    Value,
    Words,
    fill_words,
    last_letter,
    pen_for,
    set_up_page,
    set_up_view,
    sign,
)
from reports.forms import Layout
from reports.paging import page_ends
from reports.periods import roman
from reports.sheet_parts import Block, DataCell, Row, StatementLine, Summed

TOTAL_HEIGHT, NUMBER_HEIGHT, SPACER_HEIGHT, MARK_HEIGHT, GAP_HEIGHT = 18, 12, 6, 15.75, 12.75
ROW_HEIGHT = 15.75  # where the layout says none
CHART_ROW_HEIGHT = 15
HEADING = Look(bold=True, indent=1)


def write_form(
    ws: Any,
    form: Layout,
    blocks: Sequence[Block],
    words: Words,
    notes: Sequence[str] = (),
    blank: frozenset[str] = frozenset(),
    paper: str = "",
    below: Sequence[Mapping[str, Value]] = (),
    mark: str = "",
    charts: int = 0,
) -> int:
    """Write one form. `words` fill the braces of the layout's texts; `blank` are the keys of columns that
    nothing fills yet: their totals, and ratios made of them, stay empty instead of claiming 0.

    `paper` is another than the layout's; `below` has the values of the rows under the totals, by column letter;
    `mark` stands above the header of a sheet that is not to be signed; `charts` rows stay free below the signatures.
    Returns the first row below the signatures."""
    writer = _FormWriter(ws, form, words, blank, paper)
    writer.write_head(mark)
    writer.write_body(blocks)
    writer.write_below(below)
    return writer.finish(notes, charts)


def write_statement(
    ws: Any,
    form: Layout,
    sides: Sequence[Sequence[StatementLine]],
    words: Words,
    notes: Sequence[str] = (),
    paper: str = "",
) -> None:
    """Write a form of fixed lines on one side or two; totals are live formulas over the lines they add."""
    writer = _FormWriter(ws, form, words, frozenset(), paper)
    writer.write_head()
    writer.write_lines(sides)
    writer.finish(notes)


class _FormWriter:
    def __init__(self, ws: Any, form: Layout, words: Words, blank: frozenset[str], paper: str = "") -> None:
        self.ws, self.form, self.pen, self.words = ws, form, pen_for(ws), words
        self.paper = paper or form["paper"]
        self.columns = form["columns"]
        self.last = last_letter(form)
        self.blank = {column["letter"] for column in self.columns if column["key"] in blank}
        self.looks = {column["letter"]: _look_of(column) for column in self.columns}
        self.row_height = form["row_height"] or ROW_HEIGHT
        self.cells = [self._data_cell(at, column) for at, column in enumerate(self.columns, 1)]
        self.row: int = form["first_data_row"]  # the next free row
        self.data_rows: list[int] = []
        self.glued = set(range(2, self.row + 1))  # rows that stay on the page of the row above them

    # head

    def write_head(self, mark: str = "") -> None:
        set_up_view(self.ws, self.form)
        for column in self.columns:
            self.ws.column_dimensions[column["letter"]].width = column["width"]
        self._write_titles()
        self._write_header()
        for row, height in enumerate(self.form["header_heights"], self.form["header_rows"][0]):
            self._height(row, height)
        if self.form["number_row"]:
            number = Look(size=STYLES["number_row"], italic=True, align="center", fill=STYLES["number_fill"])
            for ref, value in self.form["number_row"]["cells"].items():
                self.pen.write(ref, value, number)
            self._height(self.form["number_row"]["row"], NUMBER_HEIGHT)
        self._write_mark(mark)

    def _write_mark(self, mark: str) -> None:
        """In the row that parts the titles from the header."""
        row = self.form["spacer_row"]
        self._height(row, MARK_HEIGHT if mark else SPACER_HEIGHT)
        if mark:
            self.pen.join(f"A{row}:{self.last}{row}")
            self.pen.write(f"A{row}", mark, Look(size=10, bold=True, align="center", wrap=False, boxed=False))

    def _write_titles(self) -> None:
        for area in self.form["title_merges"]:
            self.pen.join(area)
        first_title = next(title["cell"] for title in self.form["title_rows"] if title["style"] == "title")
        for title in self.form["title_rows"]:
            is_first = title["cell"] == first_title
            size = STYLES["title"] if is_first else 10.5 if title["style"] == "title" else 9.5
            look = Look(size=size, bold=True, align=title["align"], wrap=False, boxed=False)
            self.pen.write(title["cell"], fill_words(title["text"], self.words), look)
            self._height(coordinate_to_tuple(title["cell"])[0], 18 if is_first else 15.75)

    def _write_header(self) -> None:
        """Where the layout turns a column, its own heading is turned: the one down to the last header row."""
        bottom = self.form["header_rows"][1]
        merged = {area.split(":")[0]: area for area in self.form["merges"]}
        turned = {column["letter"] for column in self.columns if column.get("rotate")}
        upright = Look(size=STYLES["header"], bold=True, align="center", fill=STYLES["header_fill"])
        for ref, text in self.form["header_cells"].items():
            area = merged.get(ref, ref)
            left, _, right, end = range_boundaries(area)
            is_turned = left == right and end == bottom and get_column_letter(left) in turned
            look = replace(upright, rotate=90) if is_turned else upright
            if area != ref:
                self.pen.merge(area, look)
            self.pen.write(ref, text, look)

    # body

    def write_body(self, blocks: Sequence[Block]) -> None:
        first = self.row
        subtotals = [self._write_block(number, block) for number, block in enumerate(blocks, 1)]
        if not self.data_rows:
            self._write_nihil()
        if "total_row" in self.form:
            listed = tuple(row for row in subtotals if row)
            self._write_total(self.form["total_row"]["label"], Summed(first, self.row - 1, listed))

    def _write_block(self, number: int, block: Block) -> int | None:
        """Returns the row of the subtotal, None for bare rows."""
        if block.heading:
            self._write_heading(number, block.heading)
        first = self.row
        for index, row in enumerate(block.rows, 1):
            self._write_row(index, row, outline=1 if block.heading else 0)
        if not block.heading:
            return None
        self.glued |= {first, self.row}
        return self._write_total(block.total, Summed(first, self.row - 1))

    def _write_heading(self, number: int, text: str) -> None:
        self.pen.write(f"A{self.row}", roman(number), replace(HEADING, align="center", indent=0))
        self.pen.merge(f"B{self.row}:{self.last}{self.row}", HEADING)
        self.pen.write(f"B{self.row}", text, HEADING)
        self._height(self.row, self.row_height)
        self.row += 1

    def _data_cell(self, at: int, column: Layout) -> DataCell:
        formula = self._guarded(fill_words(column["formula"], self.words)) if "formula" in column else ""
        style = self.pen.style(self.looks[column["letter"]])
        return DataCell(at, column["key"], column["width"], column["kind"] == "no", formula, style)

    def _write_row(self, number: int, row: Row, outline: int) -> None:
        lines, put, first = 1, self.pen.put, self.form["first_data_row"]
        for cell in self.cells:
            if cell.formula:
                self.pen.put_formula(self.row, cell.at, cell.formula.format(r=self.row, f=first), cell.style)
                continue
            value = number if cell.is_number and "no" not in row else row.get(cell.key)
            put(self.row, cell.at, value, cell.style)
            if isinstance(value, str):
                lines = max(lines, lines_of(value, cell.width))
        self._height(self.row, max(self.row_height, height_of(lines)))
        if outline:
            self.pen.outline(self.row, outline)
        self.data_rows.append(self.row)
        self.row += 1
        self.pen.leave(self.row)

    def _write_nihil(self) -> None:
        """A table without rows says so; the row also gives the totals a range to sum."""
        look = Look(align="center")
        self.pen.merge(f"A{self.row}:{self.last}{self.row}", look)
        self.pen.write(f"A{self.row}", "NIHIL", look)
        self._height(self.row, self.row_height)
        self.row += 1

    def _write_total(self, label: str, summed: Summed) -> int:
        """Returns the row of the totals."""
        look = Look(bold=True, align="center", fill=STYLES["total_fill"])
        area = self.form["total_row"]["merge"].format(t=self.row)
        self.pen.merge(area, look)
        self.pen.write(f"A{self.row}", label, look)
        other = [
            (one["merge"].format(t=self.row), one["label"]) for one in self.form["total_row"].get("more_labels", [])
        ]
        covered = set(range(1, range_boundaries(area)[2] + 1))
        for more, words in other:
            self.pen.merge(more, look)
            self.pen.write(more.split(":")[0], words, look)
            covered |= set(range(range_boundaries(more)[0], range_boundaries(more)[2] + 1))
        for column in (one for at, one in enumerate(self.columns, 1) if at not in covered):
            letter = column["letter"]
            formula = self._total_formula(column, summed)
            look = replace(self.looks[letter], bold=True, fill=STYLES["total_fill"])
            self.pen.write_formula(f"{letter}{self.row}", formula, look)
        self._height(self.row, TOTAL_HEIGHT)
        self.row += 1
        return self.row - 1

    def _total_formula(self, column: Layout, summed: Summed) -> str | None:
        kind, cells = column.get("total"), summed.cells(column["letter"])
        if kind is None:
            return None
        if kind == "sum" and column["letter"] not in self.blank:
            return f"=SUM({cells})"
        if kind in ("sum", "sum_or_blank"):
            return f'=IF(COUNT({cells})=0,"",SUM({cells}))'
        if "{f}" in kind and summed.subtotals:
            kind = summed.weighted(self.form["subtotal_row"]["mean"], column["letter"])
        return self._guarded(kind.format(t=self.row, f=summed.first, l=summed.last))

    def _guarded(self, formula: str) -> str:
        """A ratio of cells that nobody has filled is blank: "-" would say that its denominator is 0."""
        named = dict.fromkeys(re.findall(r"([A-Z]+)([0-9]+|\{r\})", formula))
        refs = [letter + row for letter, row in named if letter in self.blank]
        return f'=IF(COUNT({",".join(refs)})<{len(refs)},"",{formula[1:]})' if refs else formula

    def write_below(self, below: Sequence[Mapping[str, Value]]) -> None:
        """The rows that the form has under its totals."""
        total = self.row - 1
        for number, line in enumerate(self.form.get("total_row", {}).get("below", []), 1):
            rows = {"t": total, "t1": total + 1, "t2": total + 2}
            values = below[number - 1] if number <= len(below) else {}
            look = Look(bold=True)
            for area in (line["merge"], *line.get("more_merges", [])):
                self.pen.merge(area.format(**rows), look)
            label = fill_words(line["label"], self.words)
            self.pen.write(line["cell"].format(**rows), label, look)
            for column in self.columns:
                letter, look = column["letter"], replace(self.looks[column["letter"]], bold=True)
                if letter in line.get("formulas", {}):
                    self.pen.write_formula(f"{letter}{self.row}", line["formulas"][letter].format(**rows), look)
                elif letter in values:
                    look = replace(look, format=line.get("format", look.format))
                    self.pen.write(f"{letter}{self.row}", values[letter], look)
            width = sum(column["width"] for column in self.columns[: range_boundaries(line["merge"].format(**rows))[2]])
            self._height(self.row, max(TOTAL_HEIGHT, height_of(lines_of(label, width))))
            self.row += 1

    def write_lines(self, sides: Sequence[Sequence[StatementLine]]) -> None:
        """Each side from its first column on; the last lines of all sides stand in one row."""
        first, height = self.row, max(map(len, sides))
        share = len(self.columns) // len(sides)
        for at, side in enumerate(sides):
            columns = self.columns[at * share : (at + 1) * share]
            places = [*range(first, first + len(side) - 1), first + height - 1]
            rows = {line.key: row for line, row in zip(side, places, strict=True)}
            for row in range(first, first + height):
                line = next((line for line in side if rows[line.key] == row), None)
                self._write_line(columns, row, line, rows)
        for row in range(first, first + height):
            self._height(row, self.row_height)
            self.data_rows.append(row)
        self.row = first + height

    def _write_line(
        self, columns: Sequence[Layout], row: int, line: StatementLine | None, rows: Mapping[str, int]
    ) -> None:
        is_bold = line is not None and line.kind != "item"
        looks = [replace(self.looks[column["letter"]], bold=is_bold) for column in columns]
        letters = [column["letter"] for column in columns]
        for letter, look in zip(letters, looks, strict=True):
            self.pen.write(f"{letter}{row}", None, look)
        if line is None:
            return
        self.pen.write(f"{letters[0]}{row}", line.code or None, looks[0])
        self.pen.write(f"{letters[1]}{row}", line.label, looks[1])
        if line.kind == "head":
            return
        for letter, look, amount in zip(letters[2:], looks[2:], line.amounts, strict=True):
            if line.adds:
                terms = (f"{'-' if key[0] == '-' else '+'}{letter}{rows[key.removeprefix('-')]}" for key in line.adds)
                self.pen.write_formula(f"{letter}{row}", "=" + "".join(terms).removeprefix("+"), look)
            else:
                self.pen.write(f"{letter}{row}", amount, look)

    # foot

    def finish(self, notes: Sequence[str], charts: int = 0) -> int:
        """Notes, signatures, room for charts, paper and page breaks; returns the first row below the signatures."""
        self.write_foot(notes)
        signed = self.row
        tail = (self.data_rows or [self.form["first_data_row"]])[-2:][0]
        self.glued |= set(range(tail + 1, self.row)) | set(range(self.row + 1, self.row + charts))
        for _ in range(charts):
            self._height(self.row, CHART_ROW_HEIGHT)
            self.row += 1
        footer = f"{self.form['name']} – {self.words['{wilayah}']} – {self.words['{periode}']}"
        set_up_page(self.ws, self.form, footer, last_row=self.row - 1, paper=self.paper)
        self.ws.print_title_rows = self.form["repeat_rows"]
        for row in page_ends(self.form, self.paper, self.pen.heights, self.glued, self.row):
            self.ws.row_breaks.append(Break(id=row))
        self.pen.leave(self.row)
        return signed

    def _height(self, row: int, points: float) -> None:
        self.pen.height(row, points)

    def write_foot(self, notes: Sequence[str]) -> None:
        width = sum(column["width"] for column in self.columns)
        for note in notes:
            look = Look(size=STYLES["note"], italic=True, boxed=False)
            self.pen.merge(f"A{self.row}:{self.last}{self.row}", look)
            self.pen.write(f"A{self.row}", note, look)
            self._height(self.row, height_of(lines_of(note, width)))
            self.row += 1
        for _ in range(COMMON["signature_block"]["gap_before"] - 1):
            self._height(self.row, GAP_HEIGHT)
            self.row += 1
        if self.form["signatures"]:
            self.row = sign(self.pen, self.form, self.words, self.row) + 1


def _look_of(column: Layout) -> Look:
    """The look of a data cell; wide columns of text or amounts stand a little off their border."""
    indent = 1 if column["width"] >= 14 and column["align"] != "center" else 0
    is_text = column["kind"] == "text"
    return Look(align=column["align"], indent=indent, wrap=is_text, shrink=not is_text, format=column["format"])


def lines_of(text: str, width: float) -> int:
    """Lines that a wrapped text takes in Arial 9 in a column of this width."""
    return sum(max(1, ceil(0.82 * len(line) / (width - 1.6))) for line in text.split("\n"))


def height_of(lines: int) -> float:
    """Points of a row with so many lines; Excel and LibreOffice fit no height by themselves."""
    return 12.5 * lines + 3.25
