"""The template of a village: its own data, codes locked, drop-downs, and a hidden sheet that says whose it is.

Text that people wrote goes out as text: no cell of a template is a formula.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from imports.columns import Type
from imports.kinds.base import Kind
from imports.reading import ABOUT, CHOICES, VERSION
from up2k_portal.lib.days import format_day
from up2k_portal.lib.xlsx_shell import DAY, ILLEGAL, NUMBER, TEXT
from villages.models import Village

FORMATS = {Type.DAY: DAY, Type.RUPIAH: NUMBER, Type.WHOLE: NUMBER}
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD, _NEEDED, _LOCKED = (PatternFill("solid", fgColor=one) for one in ("DCE6F1", "F9E4B7", "F2F2F2"))
_FONT, _BOLD = Font(name="Arial", size=10), Font(name="Arial", size=10, bold=True)


def write_template(kind: Kind, village: Village | None, today: date) -> bytes:
    """The workbook of a kind: with a village filled with its data, else empty."""
    book = Workbook()
    page = book.active
    page.title = kind.sheet
    rows = list(kind.rows_for(village, today)) if village else []
    last = 1 + len(rows) + kind.empty_rows
    _write_headings(page, kind)
    _write_rows(page, kind, rows, last)
    words = {
        column.key: kind.words_for(village, column.key, today) if village else column.words for column in kind.columns
    }
    _write_choices(book, page, kind, words, last)
    write_about(book, kind, village, today)
    page.freeze_panes = page.cell(2, 2)
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.sort = False
    page.page_setup.orientation, page.page_setup.fitToWidth, page.page_setup.fitToHeight = "landscape", 1, 0
    page.print_title_rows = "1:1"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_headings(page: Worksheet, kind: Kind) -> None:
    for place, column in enumerate(kind.columns, 1):
        cell = put(page, 1, place, column.heading)
        cell.font, cell.border = _BOLD, _GRID
        cell.fill = _NEEDED if column.is_required else _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].hidden = column.is_hidden
        if not column.is_hidden:
            words = f"{column.help} Contoh: {column.example}".strip()
            cell.comment = Comment(
                f"{words}{'. Wajib diisi.' if column.is_required else ''}", "UP2K", width=240, height=80
            )
    page.row_dimensions[1].height = 30


def _write_rows(page: Worksheet, kind: Kind, rows: list[Mapping[str, Any]], last: int) -> None:
    for number in range(2, last + 1):
        row = rows[number - 2] if number - 2 < len(rows) else {"code": str(uuid4())}
        for place, column in enumerate(kind.columns, 1):
            value = row.get(column.key)
            cell = put(page, number, place, value)
            cell.number_format = FORMATS.get(column.type, TEXT)
            cell.font = _FONT
            is_locked = column.is_hidden or (column.is_locked and number - 2 < len(rows))
            cell.protection = Protection(locked=is_locked)
            if is_locked and not column.is_hidden:
                cell.fill = _LOCKED


def put(page: Worksheet, row: int, place: int, value: Any):
    """A value in its cell; a text stays a text, whatever it begins with."""
    cell = page.cell(row, place)
    if isinstance(value, str):
        if value:
            cell.value = ILLEGAL.sub("", value)[:32_767]
            cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _write_choices(book: Workbook, page: Worksheet, kind: Kind, words: Mapping[str, Iterable[str]], last: int) -> None:
    """The drop-downs, from a hidden sheet: a list within a rule may hold only 255 letters."""
    lists = book.create_sheet(CHOICES)
    lists.sheet_state = "hidden"
    used = 0
    for place, column in enumerate(kind.columns, 1):
        offered = list(words.get(column.key) or ())
        if not offered:
            continue
        used += 1
        for row, word in enumerate(offered, 1):
            put(lists, row, used, word)
        letter = get_column_letter(used)
        rule = DataValidation(type="list", formula1=f"{CHOICES}!${letter}$1:${letter}${len(offered)}", allow_blank=True)
        rule.showErrorMessage = column.type == Type.CHOICE
        rule.error = f"Pilih dari daftar, misalnya {column.example}."[:250]
        at = get_column_letter(place)
        rule.add(f"{at}2:{at}{last}")
        page.add_data_validation(rule)
    if not used:
        book.remove(lists)


def write_about(book: Workbook, kind: Kind, village: Village | None, today: date) -> None:
    """The hidden sheet that says of which kind the workbook is and whose."""
    page = book.create_sheet(ABOUT)
    page.sheet_state = "hidden"
    facts = {
        "Jenis templat": kind.key,
        "Versi templat": str(VERSION),
        "Kode desa": village.code if village else "",
        "Desa": village.label if village else "",
        "Dibuat": format_day(today),
    }
    for row, fact in enumerate(facts.items(), 1):
        for place, words in enumerate(fact, 1):
            put(page, row, place, words)
