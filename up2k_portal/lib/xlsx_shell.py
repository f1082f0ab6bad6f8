"""A workbook without its rows: titles, headers, widths, styles and print set-up, as openpyxl writes them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MAX_TEXT = 32_767  # characters in a cell: more, and Excel calls the file damaged
FOLIO = 14  # DMPAPER_FOLIO, 215.9 x 330.2 mm: F4
HEADER_ROW = 4
ABOUT = "Tentang"
TEXT, NUMBER, DECIMAL, DAY, MOMENT = "@", "#,##0", "0.00##", "dd-mm-yyyy", "dd-mm-yyyy hh:mm"
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0

_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FILL = {"header": PatternFill("solid", fgColor="DCE6F1"), "sum": PatternFill("solid", fgColor="F2F2F2")}


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


def sheet_name(title: str, number: int = 1) -> str:
    """A name that Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at its ends."""
    suffix = f" ({number})" if number > 1 else ""
    legal = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split())[: 31 - len(suffix)].strip(" '")
    return f"{legal if legal and legal != ABOUT else 'Daftar'}{suffix}"


class Shell:
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
        set_up_print(page)


def set_up_print(page: Worksheet) -> None:
    """F4 across, as wide as the paper, numbered."""
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
    for row, label in enumerate(("Daftar", "Keterangan", "Jumlah baris"), 1):
        _put_text(page, row, 1, label, Font(name="Arial", size=10, bold=True))
    for row, fact in enumerate((sheet.title, sheet.made), 1):
        _put_text(page, row, 2, fact, Font(name="Arial", size=10))
    page["B3"], page["B3"].number_format = sheet.count, NUMBER
    page["B3"].alignment = Alignment(horizontal="left")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 18, 70
    set_up_print(page)


def _put_text(page: Worksheet, row: int, place: int, text: str, font: Font):
    cell = page.cell(row, place)
    cell.value = ILLEGAL.sub("", text)[:MAX_TEXT]
    cell.data_type = "s"  # openpyxl takes a text that begins with "=" for a formula
    cell.font = font
    return cell


def _parts(book: Workbook) -> dict[str, bytes]:
    stream = BytesIO()
    book.save(stream)
    with ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}
