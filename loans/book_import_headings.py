"""Where the columns of a yearly book stand: found by the texts of its headings, never by position. Pure.

Names of the first columns and the months stand in one row, ANGSURAN, IURAN, SIMPANAN of each month in the same cell
("ANGSURAN JANUARI") or below it. A month covers the cells that it is merged over; unmerged, those up to the next one.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from up2k_portal.lib.days import MONTHS
from up2k_portal.lib.xlsx_parts import Cell, Sheet

HEADING_ROWS = 40  # the first of a sheet, in which headings are looked for
DEEP = 3  # rows that one heading may take
# What a heading may be called, in capitals without signs and blanks.
NAMES = {
    "no": "NO NOMOR NOURUT NOMORURUT",
    "tanggal": "TANGGAL TGL TANGGALPINJAM TGLPINJAM TANGGALPINJAMAN TGLPINJAMAN TANGGALCAIR TGLCAIR TANGGALPENCAIRAN"
    " TGLPENCAIRAN DATE",
    "nama": "NAMA NAMAANGGOTA NAMAPEMINJAM NAMALENGKAP NAMAANGGOTAPEMINJAM NAME",
    "usaha": "UNTUKKEPERLUANUSAHA KEPERLUANUSAHA KEPERLUAN UNTUKKEPERLUAN JENISUSAHA USAHA PURPOSE",
    "pinjaman": "JUMLAHPINJAMAN JMLPINJAMAN JLHPINJAMAN BESARPINJAMAN PINJAMAN POKOKPINJAMAN JUMLAHPINJAMANRP LOAN",
    "ttd": "TANDATANGAN TTD PARAF SIGNATURE",
}
KINDS = {
    "angsuran": "ANGSURAN ANGS ANGSUR CICILAN",
    "iuran": "IURAN IUR",
    "simpanan": "SIMPANAN SIMP TABUNGAN",
}
ENGLISH = "January February March April May June July August September October November December".split()
OTHER_MONTHS = {"PEBRUARI": 2, "NOPEMBER": 11, "AGT": 8, "AGUST": 8, "MAR": 3, "SEPT": 9}
_KEYS = {word: key for key, words in NAMES.items() for word in words.split()}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words.split()}
_MONTHS = (
    {name.upper(): number for number, name in enumerate(MONTHS, 1)}
    | {name[:3].upper(): number for number, name in enumerate(MONTHS, 1)}
    | {name.upper(): number for number, name in enumerate(ENGLISH, 1)}
    | OTHER_MONTHS
)
WORDS = {
    "tanggal": "TANGGAL",
    "nama": "NAMA",
    "usaha": "UNTUK KEPERLUAN USAHA",
    "pinjaman": "JUMLAH PINJAMAN",
}


@dataclass
class Headings:
    """Columns by number from 1: `base` by key, `months` by month and kind."""

    first: int  # rows of the sheet
    last: int
    base: dict[str, int] = field(default_factory=dict)
    months: dict[int, dict[str, int]] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)  # what the heading's cells say
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def is_repeated(self, cells: dict[int, Cell]) -> bool:
        """Whether a row says again what one of the heading's rows says, as at the top of a printed page."""
        said = {column: _letters(cell) for column, cell in cells.items() if _letters(cell)}
        rows = {row for row, _ in self.texts}
        return any(
            said == {column: text for (one, column), text in self.texts.items() if one == row and text} for row in rows
        )


def key_of_heading(text: str) -> str:
    """The column that a heading names; "" for a text that names none."""
    return _KEYS.get(_bare(text), "")


def find_headings(sheet: Sheet) -> Headings | None:
    """The headings of a sheet; None where none of its first rows has a NAME and, near it, a month or a loan.

    What is missing or stands twice is in `faults`.
    """
    for row in sorted(number for number in sheet.rows if number <= HEADING_ROWS):
        keys = {key_of_heading(_text(cell)) for cell in sheet.rows[row].values()}
        if "nama" in keys:
            headings = _read(sheet, row)
            if headings.months or "pinjaman" in headings.base:
                return headings
    return None


def _read(sheet: Sheet, first: int) -> Headings:
    rows = [first] + [row for row in range(first + 1, first + DEEP) if _is_heading(sheet.rows.get(row, {}))]
    above = sheet.rows.get(first - 1, {})
    if _is_heading(above) and not any(_names_month(sheet.rows[row]) for row in rows) and _names_month(above):
        rows.insert(0, first - 1)
    headings = Headings(min(rows), max(rows))
    headings.texts = {(row, column): _letters(cell) for row in rows for column, cell in sheet.rows[row].items()}
    months = _months_of(sheet, rows)
    unknown = []
    for row, column in sorted(headings.texts):
        cell = sheet.rows[row][column]
        text = _text(cell)
        both_month, kind = _month_and_kind(text)
        if key := key_of_heading(text):
            _put(headings, headings.base, key, column, cell.ref)
        elif kind:
            month = both_month or months.get(column, 0)
            if month:
                _put(headings, headings.months.setdefault(month, {}), kind, column, cell.ref, MONTHS[month - 1])
            else:
                headings.faults.append(f"Sel {cell.ref}: {text} tanpa nama bulan di atasnya.")
        elif text and not both_month:
            unknown.append(f"{text[:30]} ({get_column_letter(column)})")
    _check(headings, unknown)
    return headings


def _is_heading(cells: dict[int, Cell]) -> bool:
    """A row below the first belongs to the heading while it has no number and no day, and names something."""
    texts = [_text(cell) for cell in cells.values()]
    named = [text for text in texts if key_of_heading(text) or any(_month_and_kind(text))]
    is_text = all(isinstance(cell.value, str) for cell in cells.values())
    return is_text and bool(named) and (len(named) > 1 or len(named) == len(texts))


def _names_month(cells: dict[int, Cell]) -> bool:
    return any(_month_and_kind(_text(cell))[0] for cell in cells.values())


def _months_of(sheet: Sheet, rows: list[int]) -> dict[int, int]:
    """The month over each column, from the cells that hold a month alone."""
    named: dict[int, tuple[int, int]] = {}  # column → month, last column that it covers or 0
    base = set()
    for row in rows:
        for column, cell in sheet.rows[row].items():
            month, kind = _month_and_kind(_text(cell))
            if month and not kind:
                named[column] = (month, _merged_until(sheet, row, column))
            elif key_of_heading(_text(cell)):
                base.add(column)
    found: dict[int, int] = {}
    for column, (month, until) in named.items():
        following = [other for other in (*named, *base) if other > column]
        last = until or min([column + len(KINDS), *following]) - 1
        found |= dict.fromkeys(range(column, last + 1), month)
    return found


def _merged_until(sheet: Sheet, row: int, column: int) -> int:
    """The last column of the merged cells that begin here; 0 of a cell alone."""
    areas = (area for area in sheet.merges if (area[0], area[1]) == (column, row))
    return next((area[2] for area in areas if area[2] > column), 0)


def _month_and_kind(text: str) -> tuple[int, str]:
    """(3, "angsuran") of "Angsuran Maret", (3, "") of "MARET 2025", (0, "") of anything else."""
    words = re.findall(r"[A-Z]+", text.upper())
    months = {_MONTHS[word] for word in words if word in _MONTHS}
    kinds = {_KINDS[word] for word in words if word in _KINDS}
    others = [word for word in words if word not in _MONTHS and word not in _KINDS and word not in ("RP", "BULAN")]
    if others or len(months) > 1 or len(kinds) > 1:
        return 0, ""
    return min(months, default=0), min(kinds, default="")


def _put(headings: Headings, columns: dict[str, int], key: str, column: int, ref: str, month: str = "") -> None:
    if key in columns:
        words = f"{key.upper()} {month.upper()}".strip() if month else WORDS.get(key, key.upper())
        other = get_column_letter(columns[key])
        headings.faults.append(f"Kolom {words} ada dua kali: kolom {other} dan sel {ref}. Hapus salah satunya.")
    else:
        columns[key] = column


def _check(headings: Headings, unknown: list[str]) -> None:
    missing = [WORDS[key] for key in ("nama", "pinjaman", "tanggal") if key not in headings.base]
    if missing:
        headings.faults.append(f"Kolom yang tidak ada: {', '.join(missing)}. Tambahkan judul kolomnya.")
    if not headings.months:
        headings.faults.append("Kolom bulan tidak ada: JANUARI sampai DESEMBER, dengan ANGSURAN, IURAN, SIMPANAN.")
        return
    last = max(headings.months)
    absent = [MONTHS[month - 1] for month in range(1, last) if month not in headings.months]
    if absent:
        headings.notes.append(f"Kolom bulan yang tidak ada: {', '.join(absent)}. Bulan itu dianggap kosong.")
    lacking = defaultdict(list)
    for month, kinds in sorted(headings.months.items()):
        for kind in KINDS:
            if kind not in kinds:
                lacking[kind].append(MONTHS[month - 1])
    for kind, months in lacking.items():
        headings.notes.append(f"Kolom {kind.upper()} tidak ada di {', '.join(months)}. Dianggap kosong.")
    if last < 12:
        headings.notes.append(f"Buku sampai {MONTHS[last - 1]}.")
    if unknown:
        headings.notes.append(f"Kolom yang tidak dibaca: {', '.join(unknown[:8])}.")


def _text(cell: Cell) -> str:
    return " ".join(cell.value.split()) if isinstance(cell.value, str) else ""


def _letters(cell: Cell) -> str:
    return _bare(_text(cell))


def _bare(text: str) -> str:
    return re.sub(r"[^A-Z]", "", text.upper())
