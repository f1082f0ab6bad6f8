"""The yearly book of a village (6 + 36 columns) as it lies, read into rows. Pure; whole rupiah.

Headings are found by their texts: columns may stand in any order, shifted, below titles; months may be missing at
the end. The rows of JUMLAH are never members; they are compared with our own sums. A row that cannot be read keeps
its faults, each with its cell.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from loans.book_import_cells import NOTHING, day_of, rupiah_of, text_of
from loans.book_import_headings import HEADING_ROWS, Headings, find_headings, key_of_heading
from up2k_portal.lib.days import MONTHS
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.xlsx_file import Workbook
from up2k_portal.lib.xlsx_parts import MOST_ROWS, Cell, FileError, Sheet

KINDS = ("angsuran", "iuran", "simpanan")
SMALL = 500  # rupiah: below it a thousand was more likely typed with a dot that Excel took for a decimal
MOST_MEMBERS = 500  # rows of a book
MOST_TITLES = 60
MOST_NAMED = 8  # cells or rows named in a note
TOTAL_WORDS = ("JUMLAH", "TOTAL", "JML")
NUMBERS = range(2000, 2100)


@dataclass
class BookRow:
    """A row of the book: a loan with what was paid month by month, or a saver alone. Rupiah by month 1 to 12."""

    number: int  # of the sheet
    name: str = ""
    purpose: str = ""
    disbursed_on: date | None = None
    principal: int = 0
    angsuran: dict[int, int] = field(default_factory=dict)
    iuran: dict[int, int] = field(default_factory=dict)
    simpanan: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_amounts(self) -> bool:
        return bool(self.principal or any(getattr(self, kind) for kind in KINDS))

    def of(self, kind: str, until: int = 12) -> int:
        """Rupiah of a kind in January to `until`."""
        return sum(amount for month, amount in getattr(self, kind).items() if month <= until)


@dataclass(frozen=True)
class Total:
    """A figure of the row JUMLAH, and what the rows add up to."""

    ref: str
    column: str
    said: int
    found: int

    @property
    def words(self) -> str:
        return (
            f"Sel {self.ref} ({self.column}): JUMLAH di berkas {format_rupiah(self.said)}, jumlah barisnya"
            f" {format_rupiah(self.found)}, selisih {format_rupiah(abs(self.said - self.found))}."
        )


@dataclass
class Book:
    year: int
    sheet: str
    titles: list[str]
    months: list[int]  # that have columns
    rows: list[BookRow]
    differences: list[str] = field(default_factory=list)  # JUMLAH against our sums
    is_compared: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def last_month(self) -> int:
        """The last month that has figures; 0 when none has."""
        paid = [month for row in self.rows for kind in KINDS for month, amount in getattr(row, kind).items() if amount]
        lent = [row.disbursed_on.month for row in self.rows if row.disbursed_on and row.disbursed_on.year == self.year]
        return max([*paid, *lent], default=0)


def read_book(workbook: Workbook, year: int | None, today: date) -> Book:
    """The book in the first visible sheet that has its headings.

    `year` is what the person said, for a sheet that does not tell. Raises FileError when there is no such sheet,
    columns are missing or stand twice, the year is unknown or two are meant, or there are more rows than are read.
    """
    found = [(sheet, headings) for sheet in workbook.sheets if (headings := find_headings(sheet))]
    if not found:
        raise FileError(_no_headings(workbook))
    sheet, headings = found[0]
    if headings.faults:
        raise FileError(" ".join(headings.faults))
    totals = [number for number in sheet.rows if number > headings.last and _is_total(sheet.rows[number], headings)]
    if sheet.is_cut and not totals:
        raise FileError(
            f"Lembar “{sheet.name}” lebih dari 2.000 baris. Salin tabel bukunya saja ke berkas baru, lalu kirim lagi."
        )
    titles = _titles(sheet, headings)
    book = Book(_year_of(titles, year, today), sheet.name, titles, sorted(headings.months), [])
    last_total = max(totals, default=MOST_ROWS + 1)
    for number in sorted(one for one in sheet.rows if one > headings.last and one not in totals):
        _read_row(book, sheet, headings, number, is_below=number > last_total, today=today)
    _check_doubles(book)
    _compare(book, sheet, headings, totals)
    book.notes += _notes(workbook, sheet, headings, found[1:], book)
    if len(book.rows) > MOST_MEMBERS:
        raise FileError(f"Ada {len(book.rows)} baris anggota; paling banyak {MOST_MEMBERS}. Bagi menjadi dua berkas.")
    if not book.rows:
        raise FileError(f"Lembar “{sheet.name}” belum berisi baris anggota di bawah judul kolomnya.")
    return book


def _no_headings(workbook: Workbook) -> str:
    said = "Judul kolom buku tidak ditemukan. Yang dicari: NAMA, JUMLAH PINJAMAN, lalu JANUARI dan seterusnya"
    said += f" dengan ANGSURAN, IURAN, SIMPANAN di bawahnya, dalam {HEADING_ROWS} baris pertama."
    if workbook.hidden:
        said += f" Lembar yang tersembunyi tidak dibaca: {', '.join(workbook.hidden[:MOST_NAMED])}."
    return said


def _titles(sheet: Sheet, headings: Headings) -> list[str]:
    """The texts above the headings, each once."""
    found: dict[str, None] = {}
    for number in range(1, headings.first):
        for cell in sheet.rows.get(number, {}).values():
            if isinstance(cell.value, str) and not cell.fault:
                found[text_of(cell)] = None
    return list(found)[:MOST_TITLES]


def _year_of(titles: Sequence[str], said: int | None, today: date) -> int:
    written = {int(year) for title in titles for year in re.findall(r"TAHUN\D{0,10}(\d{4})(?!\d)", title.upper())}
    written = {year for year in written if year in NUMBERS}
    if len(written) > 1:
        raise FileError(f"Judul berkas menyebut beberapa tahun: {', '.join(map(str, sorted(written)))}.")
    if said and written and said not in written:
        raise FileError(f"Judul berkas menyebut tahun {min(written)}, isian tahun {said}. Betulkan salah satunya.")
    year = said or min(written, default=0)
    if not year:
        raise FileError("Tahun buku tidak tertulis di judul berkas. Isi tahunnya di bawah.")
    if year > today.year:
        raise FileError(f"Tahun {year} belum berjalan. Periksa tahun bukunya.")
    return year


def _is_total(row: dict[int, Cell], headings: Headings) -> bool:
    """JUMLAH, TOTAL, also "JUMLAH DIPINDAHKAN", in one of the columns before the amounts."""
    for column in (headings.base.get(key) for key in ("no", "tanggal", "nama", "usaha")):
        cell = row.get(column or 0)
        if cell and isinstance(cell.value, str):
            words = re.findall(r"[A-Z]+", cell.value.upper())
            if words[:1] and words[0] in TOTAL_WORDS:
                return True
    return False


def _read_row(book: Book, sheet: Sheet, headings: Headings, number: int, *, is_below: bool, today: date) -> None:
    """Keeps a row that has amounts. Below JUMLAH stand signatures: there only a name with an amount is a member."""
    cells = sheet.rows[number]
    if headings.is_repeated(cells) or _only_counts(cells):
        return
    if key_of_heading(_raw(cells.get(headings.base["nama"]))) == "nama":
        raise FileError(f"Baris {number} memulai tabel kedua dengan kolom lain. Satukan tabelnya menjadi satu tabel.")
    row = BookRow(number)
    name = _try(row, text_of, cells.get(headings.base["nama"]))
    row.name = "" if name is None or name in NOTHING else name
    row.purpose = (_try(row, text_of, cells.get(headings.base.get("usaha", 0))) or "")[:120]
    row.principal = _amount(row, cells.get(headings.base["pinjaman"]))
    for month, columns in headings.months.items():
        for kind, column in columns.items():
            if amount := _amount(row, cells.get(column)):
                getattr(row, kind)[month] = amount
    if not row.has_amounts and (is_below or not row.faults):
        return  # a name without figures, a signature, an empty line
    if not row.has_amounts and not row.name:
        book.notes.append(f"Baris {number} dilewati: tanpa nama dan tanpa jumlah. {row.faults[0]}")
        return
    if is_below:
        row.warnings.append("Baris ini di bawah baris JUMLAH.")
    if name is not None and not row.name:
        row.faults.append(_nameless(sheet, headings, number))
    told = len(row.faults)
    if row.principal or row.angsuran:
        row.disbursed_on = _try(row, lambda cell: day_of(cell, today), cells.get(headings.base.get("tanggal", 0)))
    if row.principal and not row.disbursed_on and len(row.faults) == told:
        row.faults.append("Tanggal cair kosong, padahal ada jumlah pinjaman.")
    _check_row(row, book)
    book.rows.append(row)


def _raw(cell: Cell | None) -> str:
    return cell.value if cell and isinstance(cell.value, str) else ""


def _only_counts(cells: dict[int, Cell]) -> bool:
    """The row of column numbers, 1 2 3 …, under the headings."""
    texts = [str(cell.value) for _, cell in sorted(cells.items()) if not cell.fault]
    return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _try(row: BookRow, read, cell: Cell | None):
    try:
        return read(cell)
    except ValueError as error:
        row.faults.append(str(error))
        return None


def _amount(row: BookRow, cell: Cell | None) -> int:
    amount = _try(row, rupiah_of, cell) or 0
    if cell and amount < 0:
        row.warnings.append(f"Sel {cell.ref}: {format_rupiah(amount)} dihitung mengurangi.")
    elif cell and 0 < amount < SMALL:
        row.warnings.append(f"Sel {cell.ref}: {format_rupiah(amount)} sangat kecil. Periksa titik ribuannya.")
    return amount


def _nameless(sheet: Sheet, headings: Headings, number: int) -> str:
    merged = next((area for area in sheet.merges if _covers(area, headings.base["nama"], number)), None)
    words = f" Selnya digabung dengan baris {merged[1]}." if merged else ""
    return f"Nama kosong, padahal ada jumlah.{words} Tulis nama di tiap baris."


def _check_row(row: BookRow, book: Book) -> None:
    if row.principal < 0:
        row.faults.append("Jumlah pinjaman tidak boleh negatif.")
    elif row.angsuran and not row.principal and not row.faults:
        row.faults.append("Ada angsuran, tetapi jumlah pinjamannya kosong.")
    if row.principal and row.disbursed_on and row.disbursed_on.year > book.year:
        row.faults.append(f"Tanggal cair sesudah tahun {book.year}. Periksa tahunnya.")
    for kind in KINDS:
        if row.of(kind) < 0:
            row.faults.append(f"Jumlah {kind} setahun negatif: {format_rupiah(row.of(kind))}.")


def _covers(area: tuple[int, int, int, int], column: int, row: int) -> bool:
    first_column, first_row, last_column, last_row = area
    return first_column <= column <= last_column and first_row < row <= last_row


def _check_doubles(book: Book) -> None:
    """A loan that stands twice is told at its second row."""
    seen: dict[tuple, int] = {}
    for row in book.rows:
        if row.principal and row.disbursed_on:
            first = seen.setdefault((row.name.casefold(), row.disbursed_on, row.principal), row.number)
            if first != row.number:
                row.faults.append(f"Pinjaman yang sama sudah ada di baris {first}.")


def _compare(book: Book, sheet: Sheet, headings: Headings, totals: Sequence[int]) -> None:
    """The last row JUMLAH against the sums of the rows above it; one without results is said, not guessed."""
    if not totals:
        book.notes.append("Berkas tanpa baris JUMLAH, jadi jumlahnya tidak dapat dicocokkan.")
        return
    last = max(totals)
    cells, rows = sheet.rows[last], [row for row in book.rows if row.number < last]
    columns = [("pinjaman", "Jumlah pinjaman", headings.base["pinjaman"])] + [
        (f"{kind}.{month}", f"{MONTHS[month - 1]} {kind}", column)
        for month, kinds in sorted(headings.months.items())
        for kind, column in kinds.items()
    ]
    blank = without = 0
    for key, words, column in columns:
        cell = cells.get(column)
        if cell is None:
            blank += bool(_sum_of(rows, key))
            continue
        if cell.fault and cell.is_formula:
            without += 1
            continue
        try:
            said = rupiah_of(cell)
        except ValueError as error:
            book.differences.append(str(error))
            continue
        found = _sum_of(rows, key)
        if said != found:
            book.differences.append(Total(cell.ref, words, said, found).words)
    book.is_compared = not (blank or without)
    if blank:
        book.notes.append(f"Baris JUMLAH kosong di {blank} kolom yang berisi, jadi kolom itu tidak dicocokkan.")
    if without:
        said_ = "Baris JUMLAH berisi rumus tanpa hasil, jadi tidak dapat dicocokkan."
        book.notes.append(f"{said_} Simpan ulang di Excel bila ingin dicocokkan.")


def _sum_of(rows: Sequence[BookRow], key: str) -> int:
    if key == "pinjaman":
        return sum(row.principal for row in rows)
    kind, month = key.split(".")
    return sum(getattr(row, kind).get(int(month), 0) for row in rows)


def _notes(
    workbook: Workbook, sheet: Sheet, headings: Headings, others: Sequence[tuple[Sheet, Headings]], book: Book
) -> list[str]:
    notes = list(headings.notes)
    same = [one.name for one, _ in others]
    ignored = [one.name for one in workbook.sheets if one is not sheet and one.name not in same and one.rows]
    if same:
        notes.append(f"Lembar lain yang juga berisi buku tidak dibaca: {_few(same)}.")
    if ignored + workbook.unread:
        notes.append(f"Lembar lain tidak dibaca: {_few(ignored + workbook.unread)}.")
    if workbook.hidden:
        notes.append(f"Lembar tersembunyi tidak dibaca: {_few(workbook.hidden)}.")
    if hidden := [str(row.number) for row in book.rows if row.number in sheet.hidden_rows]:
        notes.append(f"Baris tersembunyi di Excel ikut dibaca: {_few(hidden)}.")
    columns = {column for kinds in headings.months.values() for column in kinds.values()} | set(headings.base.values())
    if columns & sheet.hidden_columns:
        notes.append("Ada kolom tersembunyi di Excel; isinya ikut dibaca.")
    if sheet.far:
        notes.append(f"Isi jauh di luar tabel tidak dibaca, mulai sel {sheet.far}.")
    same_names = Counter(row.name.casefold() for row in book.rows if row.name)
    if twice := [row.name for row in book.rows if same_names.pop(row.name.casefold(), 0) > 1]:
        notes.append(f"Nama dengan beberapa baris: {_few(twice)}. Simpanannya dijumlahkan.")
    return notes


def _few(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" dan {more} lagi" if more > 0 else "")


def to_json(book: Book) -> dict:
    """The book as it is kept between two pages."""
    kept = asdict(book)
    for row in kept["rows"]:
        row["disbursed_on"] = row["disbursed_on"].isoformat() if row["disbursed_on"] else None
    return kept


def from_json(kept: dict) -> Book:
    rows = [
        BookRow(
            **row
            | {kind: {int(month): amount for month, amount in row[kind].items()} for kind in KINDS}
            | {"disbursed_on": date.fromisoformat(row["disbursed_on"]) if row["disbursed_on"] else None}
        )
        for row in kept["rows"]
    ]
    return Book(**kept | {"rows": rows})
