"""A table as a sheet: typed cells, number formats, text that stays text, F4 landscape print set-up.

openpyxl builds the shell (title, header, widths, print set-up, styles); the rows are streamed as XML into its
sheet. That is ten times as quick as openpyxl's own rows and needs no more memory for a million of them.
Text goes out as inline strings, which no spreadsheet program reads as a formula.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from up2k_portal.lib.tables import records

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_000  # of data in one sheet; Excel ends at 1,048,576
MAX_TEXT = 32_767  # characters in a cell: more, and Excel calls the file damaged
FOLIO = 14  # DMPAPER_FOLIO, 215.9 x 330.2 mm: F4
HEADER_ROW = 4
ABOUT = "Tentang"
TEXT, NUMBER, DECIMAL, DAY, MOMENT = "@", "#,##0", "0.00##", "dd-mm-yyyy", "dd-mm-yyyy hh:mm"

_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FILL = {"header": PatternFill("solid", fgColor="DCE6F1"), "sum": PatternFill("solid", fgColor="F2F2F2")}
_SPECIAL = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_SAMPLE = 200  # rows that are read before the widths are fixed


@dataclass(frozen=True)
class Column:
    header: str
    excel_format: str = TEXT
    total: bool = False


@dataclass
class Sheet:
    """One list on its way into a workbook: its columns, and its rows as plain values in their order."""

    title: str
    made: str
    columns: list[Column]
    rows: Iterable[list]
    count: int = field(default=0, init=False)


def write(table, *, title: str, made: str, stream: IO[bytes]) -> int:
    """Writes a django-tables2 table as a workbook into `stream`; returns the number of rows.

    `made` says when and by whom ("Dibuat 24 September 2026, 10.42 WITA oleh Siti").
    """
    return write_sheet(_sheet_of(table, title, made), stream)


def response(table, *, title: str, filename: str, made: str) -> FileResponse:
    """The workbook as a download that no cache keeps."""
    return download(_sheet_of(table, title, made), filename)


def download(sheet: Sheet, filename: str) -> FileResponse:
    stream = TemporaryFile()  # noqa: SIM115 the response closes it
    write_sheet(sheet, stream)
    stream.seek(0)
    answer = FileResponse(stream, as_attachment=True, filename=filename, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "private, no-store"
    return answer


def write_sheet(sheet: Sheet, stream: IO[bytes]) -> int:
    """Writes the sheet, and further ones where Excel's rows end, into `stream`; returns how many rows."""
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    rows = chain(sample, rows)
    shell = _Shell(sheet, [_width(column, place, sample) for place, column in enumerate(sheet.columns)])
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=4) as package:
        sheets = 1
        _write_rows(package, shell, sheets, islice(rows, MAX_ROWS))
        while (first := next(rows, None)) is not None:
            sheets += 1
            _write_rows(package, shell, sheets, islice(chain([first], rows), MAX_ROWS))
        shell.write_rest(package, sheets)
    return sheet.count


def _sheet_of(table, title: str, made: str) -> Sheet:
    columns = [
        Column(
            str(bound.header),
            getattr(bound.column, "excel_format", TEXT),
            getattr(bound.column, "total", False),
        )
        for bound in table.columns
    ]
    return Sheet(title, made, columns, (values for _, values in records(table)))


def _width(column: Column, place: int, sample: list[list]) -> int:
    """In characters: the longest of the sample, within bounds; a long header wraps."""
    longest = max((len(_shown(row[place])) for row in sample), default=0)
    longest_word = max(map(len, column.header.split()), default=0)
    return min(max(longest + 2, longest_word + 2, len(column.header) // 2 + 2, 7), 50)


def _shown(value) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


def sheet_name(title: str, number: int = 1) -> str:
    """A name that Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at its ends."""
    suffix = f" ({number})" if number > 1 else ""
    legal = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split())[: 31 - len(suffix)].strip(" '")
    return f"{legal if legal and legal != ABOUT else 'Daftar'}{suffix}"


class _Shell:
    """The workbook without its rows, and the style numbers that the rows use."""

    def __init__(self, sheet: Sheet, widths: list[int]):
        self.sheet, self.widths = sheet, widths
        self.letters = [get_column_letter(number) for number in range(1, len(widths) + 1)]

    @cached_property
    def styles(self) -> dict[tuple[str, str], int]:
        """Style number by ("body" or "sum", number format)."""
        return self._build(1)[1]

    @cached_property
    def around_rows(self) -> tuple[str, str]:
        """The sheet's XML before the first row and after the last."""
        part = _parts(self._build(1)[0])["xl/worksheets/sheet1.xml"].decode()
        before, after = re.sub(r"<dimension [^>]*/>", "", part).split("</sheetData>")
        return before, f"</sheetData>{after}"

    def write_rest(self, package: ZipFile, sheets: int) -> None:
        done = {f"xl/worksheets/sheet{number}.xml" for number in range(1, sheets + 1)}
        for name, content in _parts(self._build(sheets)[0]).items():
            if name not in done:
                package.writestr(name, content)

    def _build(self, sheets: int) -> tuple[Workbook, dict[tuple[str, str], int]]:
        book = Workbook()
        # Arial 10 as the base: column widths then do not depend on the fonts of whoever opens the file.
        base = Font(name="Arial", size=10, family=2)
        book._fonts = IndexedList([base])
        book._named_styles["Normal"].font = base
        book.remove(book.active)
        for number in range(1, sheets + 1):
            self._lay_out(book.create_sheet(sheet_name(self.sheet.title, number)))
        styles = self._number_styles(book)
        _write_about(book.create_sheet(ABOUT), self.sheet)
        return book, styles

    def _number_styles(self, book: Workbook) -> dict[tuple[str, str], int]:
        formats = {TEXT, NUMBER, DECIMAL, DAY, MOMENT} | {one.excel_format for one in self.sheet.columns}
        scratch = book.create_sheet("scratch")
        found = {}
        for place, (kind, excel_format) in enumerate(
            ((kind, one) for kind in ("body", "sum") for one in sorted(formats)), 1
        ):
            cell = scratch.cell(1, place)
            cell.number_format, cell.border = excel_format, _GRID
            cell.font = Font(name="Arial", size=9, bold=kind == "sum")
            if kind == "sum":
                cell.fill = _FILL["sum"]
            found[kind, excel_format] = cell.style_id
        book.remove(scratch)
        return found

    def _lay_out(self, page: Worksheet) -> None:
        _put_text(page, 1, 1, self.sheet.title, Font(name="Arial", size=12, bold=True))
        _put_text(page, 2, 1, self.sheet.made, Font(name="Arial", size=8, italic=True))
        for place, column in enumerate(self.sheet.columns, 1):
            cell = _put_text(page, HEADER_ROW, place, column.header, Font(name="Arial", size=9, bold=True))
            cell.fill, cell.border = _FILL["header"], _GRID
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for letter, width in zip(self.letters, self.widths, strict=True):
            page.column_dimensions[letter].width = width
        page.row_dimensions[HEADER_ROW].height = 27
        page.freeze_panes = page.cell(HEADER_ROW + 1, 1)
        page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        _set_up_print(page)


def _set_up_print(page: Worksheet) -> None:
    page.page_setup.paperSize = FOLIO
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.55, header=0.25, footer=0.25)
    page.print_options.horizontalCentered = True
    page.oddFooter.right.text = "Halaman &P dari &N"
    page.oddFooter.right.font, page.oddFooter.right.size = "Arial,Regular", 8
    page.sheet_view.showGridLines = False


def _write_about(page: Worksheet, sheet: Sheet) -> None:
    facts = [("Daftar", sheet.title), ("Keterangan", sheet.made), ("Jumlah baris", sheet.count)]
    for row, (label, fact) in enumerate(facts, 1):
        _put_text(page, row, 1, label, Font(name="Arial", size=10, bold=True))
        if isinstance(fact, int):
            page.cell(row, 2, fact).number_format = NUMBER
            page.cell(row, 2).alignment = Alignment(horizontal="left")
        else:
            _put_text(page, row, 2, fact, Font(name="Arial", size=10))
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 18, 70
    _set_up_print(page)


def _put_text(page: Worksheet, row: int, place: int, text: str, font: Font):
    cell = page.cell(row, place)
    cell.value = _ILLEGAL.sub("", text)[:MAX_TEXT]
    cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
    cell.font = font
    return cell


def _parts(book: Workbook) -> dict[str, bytes]:
    stream = BytesIO()
    book.save(stream)
    with ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}


def _write_rows(package: ZipFile, shell: _Shell, number: int, rows: Iterator[list]) -> None:
    before, after = shell.around_rows
    sums: list[int] = [0] * len(shell.letters)
    first = last = HEADER_ROW + 1
    cells = _Cells(shell)
    with package.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        part.write(before.encode())
        while batch := list(islice(rows, 1000)):
            part.write(cells.xml_of(batch, last).encode())
            for place, column in enumerate(shell.sheet.columns):
                if column.total:
                    sums[place] += sum(row[place] or 0 for row in batch)
            last += len(batch)
        shell.sheet.count += last - first
        if last > first and any(column.total for column in shell.sheet.columns):
            part.write(_sum_row(shell, sums, first, last).encode())
        part.write(after.encode())


class _Cells:
    """Rows of values as rows of XML. The type of a value decides its cell; the column, how numbers look."""

    def __init__(self, shell: _Shell):
        self.styles = shell.styles
        self.columns = list(zip(shell.letters, map(self._writers, shell.sheet.columns), strict=True))

    def xml_of(self, rows: list[list], first: int) -> str:
        columns = self.columns
        lines = []
        for number, row in enumerate(rows, first):
            cells = [
                writers[type(value)](f'<c r="{letter}{number}" s="', value)
                if type(value) in writers
                else writers[str](f'<c r="{letter}{number}" s="', str(value))
                for (letter, writers), value in zip(columns, row, strict=True)
            ]
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        return "".join(lines)

    def _writers(self, column: Column) -> dict:
        """What writes a value of each type in this column; a date in a text column is still a date."""
        own = column.excel_format
        text, empty = self._style(TEXT), self._style(own)
        whole, decimal, day, moment = (
            self._style(one if own == TEXT else own) for one in (NUMBER, DECIMAL, DAY, MOMENT)
        )

        def write_text(start: str, value: str) -> str:
            value = value[:MAX_TEXT]
            if _SPECIAL.search(value):
                value = escape(_ILLEGAL.sub("", value))
            return f'{start}{text}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'

        def write_day(start: str, value: date) -> str:
            if value < _FIRST_SERIAL:
                return write_text(start, f"{value:%d-%m-%Y}")
            return f'{start}{day}"><v>{(value - _EPOCH).days}</v></c>'

        def write_moment(start: str, value: datetime) -> str:
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            minutes = local.hour * 60 + local.minute
            return f'{start}{moment}"><v>{(local.date() - _EPOCH).days + minutes / 1440:.6f}</v></c>'

        return {
            str: write_text,
            int: lambda start, value: f'{start}{whole}"><v>{value}</v></c>',
            Decimal: lambda start, value: f'{start}{decimal}"><v>{value}</v></c>',
            float: lambda start, value: f'{start}{decimal}"><v>{value!r}</v></c>',
            bool: lambda start, value: write_text(start, "ya" if value else "tidak"),
            date: write_day,
            datetime: write_moment,
            type(None): lambda start, value: f'{start}{empty}"/>',
        }

    def _style(self, excel_format: str) -> int:
        return self.styles["body", excel_format]


def _sum_row(shell: _Shell, sums: list[int], first: int, end: int) -> str:
    """Live sums over the rows above, with their values for readers that compute nothing."""
    cells = []
    for letter, column, total in zip(shell.letters, shell.sheet.columns, sums, strict=True):
        start = f'<c r="{letter}{end}" s="{shell.styles["sum", column.excel_format]}"'
        if column.total:
            cells.append(f"{start}><f>SUM({letter}{first}:{letter}{end - 1})</f><v>{total}</v></c>")
        elif letter == "A":
            cells.append(f'{start} t="inlineStr"><is><t>Jumlah</t></is></c>')
        else:
            cells.append(f"{start}/>")
    return f'<row r="{end}">{"".join(cells)}</row>'
