"""A table as a sheet: typed cells, number formats, text that stays text, F4 landscape print set-up.

openpyxl builds the shell (title, header, widths, print set-up, styles); the rows are streamed as XML into its
sheet. That is ten times as quick as openpyxl's own rows and needs no more memory for a million of them.
Text goes out as inline strings, which no spreadsheet program reads as a formula.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse
from django.utils import timezone

from up2k_portal.lib.tables import records
from up2k_portal.lib.xlsx_shell import (
    DAY,
    DECIMAL,
    HEADER_ROW,
    ILLEGAL,
    MAX_TEXT,
    MOMENT,
    NUMBER,
    TEXT,
    Column,
    Sheet,
    Shell,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_000  # of data in one sheet; Excel ends at 1,048,576

_SPECIAL = re.compile(f"[&<>{ILLEGAL.pattern[1:-1]}]")
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL = date(1900, 3, 1)  # before it Excel counts a 29 February 1900 that never was
_SAMPLE = 200  # rows that are read before the widths are fixed


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
    shell = Shell(sheet, [_width(column, place, sample) for place, column in enumerate(sheet.columns)])
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


def _write_rows(package: ZipFile, shell: Shell, number: int, rows: Iterator[list]) -> None:
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

    def __init__(self, shell: Shell):
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
                value = escape(ILLEGAL.sub("", value))
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


def _sum_row(shell: Shell, sums: list[int], first: int, end: int) -> str:
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
