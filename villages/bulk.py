"""A block of members as pasted from a spreadsheet, read into lines. Pure. What each line lacks says `bulk_check`.

Spreadsheets put tabs between cells, LibreOffice and CSV files may put semicolons; a cell with a line break or a tab
stands in quotes.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from io import StringIO

MOST_LINES = 500
MOST_LETTERS = 400_000  # of the whole text: 500 long lines
COLUMNS = {
    "name": "Nama",
    "nik": "NIK",
    "sex": "Jenis kelamin",
    "birth_date": "Tanggal lahir",
    "address": "Alamat",
    "phone": "Nomor HP",
    "poklak": "Poklak",
    "joined_on": "Masuk tanggal",
}
# What else a heading may be called, without blanks and signs.
HEADINGS = {
    "name": "nama namaanggota namalengkap",
    "nik": "nik nonik nomornik noktp nomorktp ktp",
    "sex": "jeniskelamin jk kelamin lp pl gender",
    "birth_date": "tanggallahir tgllahir lahir",
    "address": "alamat alamatrumah",
    "phone": "nomorhp nohp hp telepon notelepon telp notelp nowa wa nomorwa",
    "poklak": "poklak namapoklak kelompokpelaksana",
    "joined_on": "masuktanggal tanggalmasuk tglmasuk masuk",
}

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass
class Line:
    """One pasted row: its texts by column, and what the check found."""

    number: int
    typed: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    facts: dict = field(default_factory=dict)  # what is right, as values of the model's fields; poklak by its name
    skipped: str = ""  # why it is left out
    new_poklak: str = ""  # the name of one that the group has not yet

    @property
    def state(self) -> str:
        return "skipped" if self.skipped else "wrong" if self.errors else "ready"

    def refuse(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, []).append(sentence)


@dataclass
class Block:
    lines: list[Line]
    unused: list[str] = field(default_factory=list)  # headings that mean nothing here


def read_block(text: str) -> Block:
    """The lines of a pasted text, numbered from 1 without the heading and empty ones.

    Raises ValueError with an Indonesian sentence when it is no table of this kind.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError("Teks yang ditempel terlalu panjang. Bagi menjadi beberapa kali.")
    rows = [row for row in _cells(text) if any(row)]
    if not rows:
        raise ValueError("Belum ada baris. Salin barisnya di Excel, lalu tempel di sini.")
    at, places, unused = _heading(rows)
    if places is None:
        rows, places = _without_numbers(rows), {name: place for place, name in enumerate(COLUMNS)}
    elif "name" not in places:
        raise ValueError("Kolom Nama tidak ada di baris judul. Tambahkan, atau tempel tanpa baris judul.")
    lines = [_line(number, row, places, unused) for number, row in enumerate(rows[at:], 1)]
    if not lines:
        raise ValueError("Hanya ada baris judul. Salin juga baris anggotanya.")
    if len(lines) > MOST_LINES:
        raise ValueError(
            f"Ada {len(lines)} baris; paling banyak {MOST_LINES} sekali tempel. Bagi menjadi beberapa kali."
        )
    return Block(lines, unused)


def clean_cell(text: str) -> str:
    """Without invisible signs, with single plain blanks, letters composed; an apostrophe that marks text is dropped."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = "".join(" " if unicodedata.category(letter) in ("Cc", "Zs", "Zl", "Zp") else letter for letter in text)
    text = " ".join(text.split())
    return text[1:] if text.startswith("'") and text[1:2].isdigit() else text


def key_of(name: str) -> str:
    """What two writings of one name share: letters and digits in small, "poklak" left out."""
    words = re.findall(r"\w+", name.casefold())
    return " ".join(words[1:] if words[:1] == ["poklak"] else words)


def _cells(text: str) -> list[list[str]]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    sign = "\t" if "\t" in text else ";"
    if sign not in text and text.strip():
        raise ValueError("Kolomnya tidak terbaca. Salin selnya langsung dari Excel, bukan dari gambar atau kalimat.")
    # A quote that nothing closes would swallow the rest of the block.
    stream = StringIO(text, newline="")
    is_quoted = text.count('"') % 2 == 0
    rows = (
        csv.reader(stream, delimiter=sign) if is_quoted else csv.reader(stream, delimiter=sign, quoting=csv.QUOTE_NONE)
    )
    try:
        return [[clean_cell(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise ValueError("Ada sel yang terlalu panjang. Salin hanya kolom yang diperlukan.") from error


def _heading(rows: list[list[str]]) -> tuple[int, dict[str, int] | None, list[str]]:
    """(where the members begin, place of each column, headings that mean nothing); None where there is no heading.

    Titles may stand above a heading, as on a printed list.
    """
    for at, row in enumerate(rows[:5], 1):
        found = [_column_of(cell) for cell in row]
        places = {name: found.index(name) for name in COLUMNS if name in found}
        if len(places) >= 2:
            unused = [cell for place, cell in enumerate(row) if cell and place not in places.values()]
            return at, places, unused
    return 0, None, []


def _column_of(cell: str) -> str:
    letters = re.sub(r"[\W\d_]", "", cell.casefold())
    return next((name for name, words in HEADINGS.items() if letters and letters in words.split()), "")


def _without_numbers(rows: list[list[str]]) -> list[list[str]]:
    """Without a first column that only counts 1, 2, 3 …"""
    counts = [row[0].rstrip(".") for row in rows]
    return [row[1:] for row in rows] if counts == [str(number) for number in range(1, len(rows) + 1)] else rows


def _line(number: int, row: list[str], places: dict[str, int], unused: list[str]) -> Line:
    typed = {name: row[places[name]] if places.get(name, len(row)) < len(row) else "" for name in COLUMNS}
    line = Line(number, typed)
    beyond = [cell for cell in row[len(COLUMNS) :] if cell] if not unused and len(places) == len(COLUMNS) else []
    if beyond:
        line.warnings.append(f"Ada isi di luar kolom yang dipakai: {', '.join(beyond)[:80]}. Periksa letak kolomnya.")
    return line
