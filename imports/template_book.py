"""The template of a village: its own data, codes locked, drop-downs, a sheet of instructions, and a hidden sheet that
says whose it is.

Text that people wrote goes out as text: no cell of a template is a formula.
"""

from collections.abc import Iterable, Mapping, Sequence
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

from imports.columns import Column, Type
from imports.kinds.base import Kind
from imports.reading import ABOUT, CHOICES, GUIDE, VERSION
from up2k_portal.lib.days import format_day
from up2k_portal.lib.xlsx_shell import DAY, ILLEGAL, NUMBER, TEXT, set_up_print
from villages.models import Village

STEPS = (
    "Isi di lembar pertama: satu baris untuk satu catatan. Jangan mengubah judul kolom.",
    "Kolom dengan judul kuning wajib diisi. Sel abu-abu terkunci.",
    "Sel yang dikosongkan tidak mengubah apa-apa.",
    "Tanggal ditulis hari-bulan-tahun, rupiah tanpa koma, NIK 16 angka sebagai teks.",
    "Baris baru diketik di baris kosong, bukan dengan menyalin seluruh baris lain.",
    "Unggah di portal: Lainnya, Impor Excel. Belum ada yang tersimpan sebelum tombol simpan ditekan.",
)
USUAL = {
    Type.DAY: "Tanggal: hari-bulan-tahun.",
    Type.RUPIAH: "Rupiah, tanpa koma.",
    Type.FAMILY_CARD: "16 angka dari KK, sebagai teks.",
}
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
    _write_guide(book, kind, village, today)
    _write_choices(book, page, kind, words, last)
    write_about(book, kind, village, today)
    page.freeze_panes = page.cell(2, 2)
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.sort = False
    page.print_title_rows = "1:1"
    set_up_print(page)
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


def _write_rows(page: Worksheet, kind: Kind, rows: Sequence[Mapping[str, Any]], last: int) -> None:
    for number in range(2, last + 1):
        row = rows[number - 2] if number - 2 < len(rows) else {"code": str(uuid4())}
        for place, column in enumerate(kind.columns, 1):
            value = row.get(column.key)
            cell = put(page, number, place, value)
            cell.number_format = FORMATS.get(column.type, TEXT)
            cell.font, cell.border = _FONT, _GRID
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


def _write_guide(book: Workbook, kind: Kind, village: Village | None, today: date) -> None:
    """How it is filled in, on a sheet of its own that is never read: what each column holds, with an example."""
    page = book.create_sheet(GUIDE)
    whose = f"{village.label}. " if village else ""
    put(page, 1, 1, f"{kind.title}: cara mengisi").font = Font(name="Arial", size=12, bold=True)
    put(page, 2, 1, f"{whose}{kind.help} Dibuat {format_day(today)}.").font = Font(name="Arial", size=9, italic=True)
    for row, words in enumerate(STEPS, 4):
        put(page, row, 1, f"{row - 3}. {words}").font = _FONT
    top = 5 + len(STEPS)
    shown = [column for column in kind.columns if not column.is_hidden]
    table = [("Judul kolom", "Wajib", "Isinya", "Contoh")]
    table += [(one.heading, "ya" if one.is_required else "", _guide_of(one), one.example) for one in shown]
    for row, told in enumerate(table, top):
        for place, words in enumerate(told, 1):
            cell = put(page, row, place, words)
            cell.font, cell.border, cell.number_format = (_BOLD if row == top else _FONT), _GRID, TEXT
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if row == top or (place == 1 and told[1]):
                cell.fill = _HEAD if row == top else _NEEDED
    for letter, width in zip("ABCD", (30, 8, 64, 24), strict=True):
        page.column_dimensions[letter].width = width
    page.protection.sheet = True
    set_up_print(page)


def _guide_of(column: Column) -> str:
    words = (
        f"Pilih dari daftar: {', '.join(column.words)}." if column.words else column.help or USUAL.get(column.type, "")
    )
    return f"{words} Abu-abu: jangan diubah.".strip() if column.is_locked else words


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
