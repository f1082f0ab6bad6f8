"""A filled form as a table of a page: the same header, rows and totals that Excel gets. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import ascii_uppercase as LETTERS

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from reports.books.page import Line, Page
from reports.cells import Value, fill_words
from reports.forms import Layout, layout
from reports.periods import roman
from up2k_portal.lib.money import format_number

TO_SIGN = 21  # points of a row that people write in


@dataclass(frozen=True)
class Cell:
    """`kind` is num, mid, "" (left) or turn (a heading read upwards)."""

    text: str
    kind: str = ""
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class Grid:
    """One table of a sheet; `widths` in percent. Rows are (kind, cells): "", heading, total, below."""

    widths: list[str]
    head: list[list[Cell]]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Sheet:
    """A page ready for a template: titles, block lines beside each other, tables, notes, signatures."""

    titles: list[str]
    facts: list[tuple[str, str]]
    fact_columns: int  # so many stand beside each other, as on the form
    grids: list[Grid]
    notes: Sequence[str]
    signatures: list[list[str]]
    is_landscape: bool
    is_wide: bool  # so many columns that letters are smaller
    is_tall: bool  # rows are high enough to write and sign in


def sheet_of(page: Page) -> Sheet:
    """The page as its template shows it."""
    form = layout(page.form)
    titles = [fill_words(row["text"], page.words) for row in form["title_rows"] if row["style"] == "title"]
    signatures = form["signatures"] or {}
    return Sheet(
        titles=list(dict.fromkeys(titles)),
        facts=_facts(form, page),
        fact_columns=_fact_columns(form),
        grids=[_grid(form, page, letters) for letters in _chunks(form)],
        notes=page.notes,
        signatures=[[fill_words(text, page.words) for text in lines] for lines in signatures.values()],
        is_landscape=form["orientation"] == "landscape",
        is_wide=len(form["columns"]) > 24,
        is_tall=form["row_height"] >= TO_SIGN,
    )


def show(value: Value, pattern: str) -> str:
    """A value as the form's number format prints it."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, Decimal):
        return f"{value * 100:.1f}%".replace(".", ",")
    if isinstance(value, int) and not isinstance(value, bool):
        if ";" in pattern and value <= 0:
            return "-" if value == 0 else f"({format_number(-value)})"
        return format_number(value) if "#" in pattern else str(value)
    return str(value)


def _facts(form: Layout, page: Page) -> list[tuple[str, str]]:
    """The block lines under the title, in pairs: label and ": value"; row by row of the form."""
    texts = [fill_words(row["text"], page.words) for row in form["title_rows"] if row["style"] != "title"]
    return [(label, value.removeprefix(": ")) for label, value in zip(texts[::2], texts[1::2], strict=True)]


def _fact_columns(form: Layout) -> int:
    """How many pairs the fullest row of the form has."""
    rows = Counter(row["cell"].lstrip(LETTERS) for row in form["title_rows"] if row["style"] != "title")
    return max(rows.values(), default=0) // 2


def _chunks(form: Layout) -> list[list[str]]:
    """The columns of each table: all, or those between the column breaks with the repeated ones before them."""
    letters = [column["letter"] for column in form["columns"]]
    repeated = form["page"].get("repeat_columns")
    if not repeated:
        return [letters]
    first, last = (column_index_from_string(letter) for letter in repeated.split(":"))
    ends = [*form["page"]["column_breaks"], len(letters)]
    starts = [last, *ends[:-1]]
    return [letters[first - 1 : last] + letters[start:end] for start, end in zip(starts, ends, strict=True)]


def _grid(form: Layout, page: Page, letters: list[str]) -> Grid:
    columns = [column for column in form["columns"] if column["letter"] in letters]
    total = sum(column["width"] for column in columns)
    return Grid(
        widths=[f"{100 * column['width'] / total:.1f}" for column in columns],
        head=list(_head(form, letters)),
        rows=list(_statement(columns, page) if page.lines else _table(form, columns, page)),
    )


def _head(form: Layout, letters: list[str]) -> Iterator[list[Cell]]:
    first, last = form["header_rows"]
    merged = {area.split(":")[0]: area for area in form["merges"]}
    turned = {column["letter"] for column in form["columns"] if column.get("rotate")}
    for row in range(first, last + 1):
        cells = []
        for ref, text in form["header_cells"].items():
            left, top, right, bottom = range_boundaries(merged.get(ref, ref))
            if top == row and get_column_letter(left) in letters:
                kind = "turn" if left == right and bottom == last and get_column_letter(left) in turned else "mid"
                cells.append(Cell(text, kind, right - left + 1, bottom - top + 1))
        yield cells
    if form["number_row"]:
        numbers = form["number_row"]["cells"]
        yield [Cell(str(value), "mid") for ref, value in numbers.items() if ref.rstrip("0123456789") in letters]


def _table(form: Layout, columns: list[Layout], page: Page) -> Iterator[tuple[str, list[Cell]]]:
    rows = [row for block in page.blocks for row in block.rows]
    if not rows:
        yield "", [Cell("NIHIL", "mid", across=len(columns))]
    for number, block in enumerate(page.blocks, 1):
        if block.heading:
            yield "heading", [Cell(roman(number), "mid"), Cell(block.heading, across=len(columns) - 1)]
        for index, row in enumerate(block.rows, 1):
            yield (
                "",
                [
                    _cell(column, index if column["kind"] == "no" and "no" not in row else row.get(column["key"]))
                    for column in columns
                ],
            )
        if block.heading:
            yield "total", list(_totals(form, columns, block.total, block.rows, {}))
    if form.get("total_row"):
        yield "total", list(_totals(form, columns, form["total_row"]["label"], rows, page.totals))
        for line, values in zip(form["total_row"].get("below", []), page.below, strict=False):
            yield "below", list(_below(columns, line, values, page))


def _cell(column: Layout, value: Value) -> Cell:
    kinds = {"right": "num", "center": "mid", "left": ""}
    if column["kind"] == "no" and value is None:
        value = ""
    return Cell(show(value, column["format"]), kinds[column["align"]])


def _totals(
    form: Layout, columns: list[Layout], label: str, rows: Sequence[Mapping[str, Value]], given: Mapping[str, Value]
) -> Iterator[Cell]:
    """The label over the columns that the form merges, then the sum of each column that has one."""
    labels = {form["total_row"]["merge"]: label}
    labels |= {one["merge"]: one["label"] for one in form["total_row"].get("more_labels", [])}
    covered = 0
    for column in columns:
        if covered:
            covered -= 1
            continue
        area = next((area for area in labels if area.split("{t}")[0] == column["letter"]), None)
        if area:
            left, _, right, _ = range_boundaries(area.format(t=1))
            covered = right - left
            yield Cell(labels[area], "mid", across=covered + 1)
        else:
            yield _cell(column, given.get(column["key"], _sum(column, rows)))


def _sum(column: Layout, rows: Sequence[Mapping[str, Value]]) -> Value:
    if column.get("total") not in ("sum", "sum_or_blank"):
        return None
    found = [value for row in rows if isinstance(value := row.get(column["key"]), int)]
    return sum(found) if found or column["total"] == "sum" else None


def _below(columns: list[Layout], line: Layout, values: Mapping[str, Value], page: Page) -> Iterator[Cell]:
    left, _, right, _ = range_boundaries(line["merge"].format(t1=1, t2=1))
    yield Cell(fill_words(line["label"], page.words), across=right - left + 1)
    merged = {area.split("{")[0]: area.format(t1=1, t2=1) for area in line.get("more_merges", [])}
    covered = 0
    for column in columns[right:]:
        if covered:
            covered -= 1
            continue
        if area := merged.get(column["letter"]):
            start, _, end, _ = range_boundaries(area)
            covered = end - start
            yield Cell("", across=covered + 1)
            continue
        value = values.get(column["letter"])
        yield Cell(value if isinstance(value, str) else show(value, column["format"]), "num")


def _statement(columns: list[Layout], page: Page) -> Iterator[tuple[str, list[Cell]]]:
    """Lines of one side, or of two beside each other; the last line of both sides stands in the last row."""
    sides = [list(lines) for lines in page.lines]
    height = max(map(len, sides))
    padded = [[*side[:-1], *[None] * (height - len(side)), side[-1]] for side in sides]
    sums = [line_sums(side) for side in sides]
    share = len(columns) // len(sides)
    for lines in zip(*padded, strict=True):
        cells = [
            cell
            for line, known, at in zip(lines, sums, range(len(sides)), strict=True)
            for cell in _statement_cells(line, known, columns[at * share : (at + 1) * share])
        ]
        kinds = {line.kind for line in lines if line}
        yield "total" if kinds == {"total"} else "subtotal" if "subtotal" in kinds else "", cells


def _statement_cells(line: Line | None, sums: Mapping[str, tuple[int, int]], columns: list[Layout]) -> Iterator[Cell]:
    if line is None:
        yield from (Cell("") for _ in columns)
        return
    this, last = (None, None) if line.kind == "head" else sums[line.key]
    for column, value in zip(columns, (line.code, line.label, this, last), strict=True):
        cell = _cell(column, value)
        yield Cell(cell.text, f"{cell.kind} b".strip() if line.kind != "item" else cell.kind)


def line_sums(lines: Sequence[Line]) -> dict[str, tuple[int, int]]:
    """Rupiah of every line, items and totals, this period and last."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        if not line.adds:
            found[line.key] = line.amounts
            continue
        signed = [(-1 if key.startswith("-") else 1, found[key.removeprefix("-")]) for key in line.adds]
        found[line.key] = (
            sum(sign * amounts[0] for sign, amounts in signed),
            sum(sign * amounts[1] for sign, amounts in signed),
        )
    return found
