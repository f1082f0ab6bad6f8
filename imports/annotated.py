"""The workbook given back: red cells, a comment at each, and a column Keterangan. Mend it and upload it again.

A large one comes back as a new workbook with the refused rows alone.
"""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from imports import services, storage
from imports.headings import REMARKS
from imports.kinds import KINDS
from imports.lines import Line, Outcome
from imports.models import Import
from imports.template_book import put, write_about
from up2k_portal.lib.xlsx_shell import set_up_print

MOST_BYTES = 1024 * 1024  # of an original that openpyxl may take into memory whole
MOST_ROWS = 5_000
RED = PatternFill("solid", fgColor="FFC7CE")
MARK = "00FFC7CE"
AUTHOR = "Portal UP2K"


def write(imported: Import) -> IO[bytes]:
    """The annotated workbook as an open file."""
    stream = TemporaryFile()  # noqa: SIM115 the response closes it
    refused = services.lines_of(imported, Outcome.REFUSED)
    if imported.size > MOST_BYTES or imported.read > MOST_ROWS:
        _write_refused(imported, refused, stream)
    else:
        try:
            # Results in the place of formulas, no links to other files: who opens it may not be who wrote it.
            book = load_workbook(storage.book_path(imported.uuid), data_only=True, keep_links=False)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, BadZipFile):  # styles only Excel reads
            _write_refused(imported, refused, stream)
        else:
            _annotate(book[imported.sheet], imported, list(refused))
            _keep_texts(book)
            book.save(stream)
    stream.seek(0)
    return stream


def _annotate(page: Worksheet, imported: Import, lines: list[Line]) -> None:
    heading_row = imported.headings["row"]
    places = {key: int(place) for place, key in imported.headings["places"].items()}
    remarks = _remarks_column(page, heading_row)
    _clear(page, heading_row, remarks)
    for line in lines:
        for key, words in line.faults:
            if place := places.get(key):
                cell = page.cell(line.number, place)
                cell.fill, cell.comment = RED, _comment(words, cell.comment)
        cell = put(page, line.number, remarks, remarks_of(imported, line))
        cell.fill, cell.alignment = RED, Alignment(vertical="top", wrap_text=True)


def _keep_texts(book: Workbook) -> None:
    """A text that begins with "=" stays a text."""
    for page in book.worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                if cell.data_type == "f":
                    cell.data_type = "s"


def _comment(words: str, earlier: Comment | None) -> Comment:
    said = f"{earlier.text}\n{words}" if earlier else words
    return Comment(said, AUTHOR, width=320, height=110)


def _remarks_column(page: Worksheet, heading_row: int) -> int:
    """Where our remarks stand, or a new column behind all headings."""
    headings = {str(cell.value or "").strip(): cell.column for cell in page[heading_row]}
    if REMARKS in headings:
        return headings[REMARKS]
    last = max((place for words, place in headings.items() if words), default=0)
    cell = put(page, heading_row, last + 1, REMARKS)
    cell.font = Font(name="Arial", size=10, bold=True)
    page.column_dimensions[get_column_letter(last + 1)].width = 60
    return last + 1


def _clear(page: Worksheet, heading_row: int, remarks: int) -> None:
    """Takes away what an earlier round marked."""
    for row in page.iter_rows(min_row=heading_row + 1):
        for cell in row:
            if cell.fill.fgColor.rgb == MARK:
                cell.fill = PatternFill()
                cell.comment = None
                if cell.column == remarks:
                    cell.value = None


def remarks_of(imported: Import, line: Line) -> str:
    """All that is wrong with a row, each with the name of its column."""
    kind = KINDS[imported.kind]
    headings = {column.key: column.heading for column in kind.columns}
    return " ".join(f"{headings[key]}: {words}" if key in headings else words for key, words in line.faults)


def _write_refused(imported: Import, lines: Iterable[Line], stream: IO[bytes]) -> None:
    kind = KINDS[imported.kind]
    book = Workbook()
    page = book.active
    page.title = imported.sheet
    for place, words in enumerate([*(column.heading for column in kind.columns), REMARKS], 1):
        put(page, 1, place, words).font = Font(name="Arial", size=10, bold=True)
        page.column_dimensions[get_column_letter(place)].width = 20
    for number, line in enumerate(lines, 2):
        told = {key for key, _ in line.faults}
        for place, column in enumerate(kind.columns, 1):
            cell = put(page, number, place, line.typed.get(column.key, ""))
            cell.number_format = "@"
            if column.key in told:
                cell.fill = RED
        cell = put(page, number, len(kind.columns) + 1, remarks_of(imported, line))
        cell.fill, cell.alignment = RED, Alignment(vertical="top", wrap_text=True)
    page.column_dimensions[get_column_letter(len(kind.columns) + 1)].width = 60
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"
    set_up_print(page)
    write_about(book, kind, imported.village, imported.sent_at.date())
    book.save(stream)
