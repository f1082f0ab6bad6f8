"""What stands in a cell, by the type of its column: exact or refused, never guessed. Pure.

Each reader raises ValueError with an Indonesian sentence that says what is wrong and what would be right.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from imports.columns import Column, Type
from up2k_portal.lib.days import MONTHS, SHORT_MONTHS, format_day, parse_day
from up2k_portal.lib.money import format_number, parse_rupiah
from up2k_portal.lib.xlsx_file import day_of_serial
from up2k_portal.lib.xlsx_rows import Cell
from villages.bulk import clean_cell
from villages.nik import clean_family_card, clean_nik

MOST = 10**12  # rupiah, as every amount of the portal
SERIALS = range(20_000, 70_000)  # days of 1954 to 2091 as a bare number
AS_TEXT = (
    "{0} tersimpan sebagai angka, jadi angka ke-16 dapat hilang. Ubah kolom {0} menjadi Teks di Excel,"
    " lalu ketik ulang 16 angkanya dari KTP atau KK."
)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_DASHED_MONTH = re.compile(r"(?<=\d)-(?=[a-zA-Z])|(?<=[a-zA-Z])-(?=\d)")  # 12-Mar-85, as Excel shows a day


def clean(cell: Cell) -> Cell | None:
    """The cell with its text as people read it; None where nothing is left of it."""
    kind, text = cell
    if kind == "n":
        return kind, plain_number(text)
    if kind != "t":
        return cell
    text = plain_text(text)
    return (kind, text) if text else None


def shown(cell: Cell) -> str:
    """What a person sees in a clean cell, for messages and the preview."""
    kind, text = cell
    if kind == "d":
        return date.fromisoformat(text).strftime("%d-%m-%Y")
    return "(tidak terbaca)" if kind == "f" else text


def read(column: Column, cell: Cell, today: date):
    """The value of a clean cell. Raises ValueError for what is no such thing."""
    kind, text = cell
    if kind == "f":
        raise ValueError(f"Sel ini {text}.")
    return READERS[column.type](column, kind, text, today)


def plain_text(text: str) -> str:
    """Without invisible signs, full-width letters and digits as plain ones, single blanks."""
    is_plain = text.isascii() and text.isprintable() and "  " not in text and text[:1] not in " '" and text[-1:] != " "
    return text if is_plain else clean_cell(unicodedata.normalize("NFKC", text))


def plain_number(text: str) -> str:
    """Without idle zeros behind the comma: 50000.0 is 50000."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(column: Column, kind: str, text: str, today: date) -> str:
    if kind == "d":
        text = date.fromisoformat(text).strftime("%d-%m-%Y")
    if len(text) > column.most:
        raise ValueError(f"Terlalu panjang: {len(text)} huruf, paling banyak {column.most}.")
    return text


def _number_of_person(column: Column, kind: str, text: str, rule: Callable[[str], str]) -> str:
    if kind != "t" or _SCIENTIFIC.fullmatch(text):
        raise ValueError(AS_TEXT.format(column.heading))
    return rule(text)


def _nik(column: Column, kind: str, text: str, today: date) -> str:
    return _number_of_person(column, kind, text, clean_nik)


def _family_card(column: Column, kind: str, text: str, today: date) -> str:
    return _number_of_person(column, kind, text, clean_family_card)


def _rupiah(column: Column, kind: str, text: str, today: date) -> int:
    if kind == "d":
        raise ValueError(f"{format_day(date.fromisoformat(text))} adalah tanggal, bukan jumlah rupiah.")
    amount = _whole_rupiah(text) if kind == "n" else _typed_rupiah(text)
    if amount > MOST:
        raise ValueError(f"Jumlah terlalu besar, paling banyak Rp{format_number(MOST)}.")
    return amount


def _typed_rupiah(text: str) -> int:
    if re.search(r"[^\W\d_]", re.sub(r"rp", "", text.lower())):
        raise ValueError(f"“{text[:40]}” bukan angka. Tulis misalnya 50.000.")
    return parse_rupiah(text)


def _whole_rupiah(text: str) -> int:
    number = Decimal(text)
    if number < 0:
        raise ValueError(f"Jumlah {text} tidak boleh negatif. Tulis misalnya 50.000.")
    if number != number.to_integral_value():
        raise ValueError(f"{text.replace('.', ',')[:25]} bukan rupiah bulat. Tulis tanpa koma, misalnya 50.000.")
    return int(number)


def _whole(column: Column, kind: str, text: str, today: date) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(f"“{text[:20]}” bukan bilangan bulat. Tulis misalnya {column.example}.")
    return int(text)


def _day(column: Column, kind: str, text: str, today: date) -> date:
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "n":
        return _day_of_number(text, today)
    if match := _month_first(text):
        month, day, year = match
        raise ValueError(f"Tanggal {text} ditulis bulan dulu. Tulis hari, bulan, tahun: {day}-{month}-{year}.")
    return parse_day(_DASHED_MONTH.sub(" ", text), today)


def _month_first(text: str) -> tuple[str, ...] | None:
    """Month, day, year of 3/25/1985: no day before month makes sense of it, the American order does."""
    match = _SLASHED.fullmatch(text)
    return match.groups() if match and int(match[1]) <= 12 < int(match[2]) <= 31 else None


def _day_of_number(text: str, today: date) -> date:
    """Of 310126 the day that was typed, of 46053 the day that Excel means; refused where it may be either."""
    typed = None
    try:
        typed = parse_day(text.zfill(6) if len(text) == 5 else text, today)
    except ValueError:
        if len(text) != 5:
            raise
    serial = day_of_serial(Decimal(text)) if len(text) == 5 and text.isdecimal() and int(text) in SERIALS else None
    if typed and serial:
        raise ValueError(
            f"Angka {text} dapat berarti {format_day(typed)} atau {format_day(serial)}."
            " Tulis tanggalnya, misalnya 31-01-2026."
        )
    if found := serial or typed:
        return found
    raise ValueError(f"Tanggal “{text}” tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026.")


def _month(column: Column, kind: str, text: str, today: date) -> int:
    if kind == "d":
        day = date.fromisoformat(text)
        return day.year * 100 + day.month
    if match := re.fullmatch(r"(20\d\d)[-/. ]?(0?[1-9]|1[0-2])", text):
        return int(match[1]) * 100 + int(match[2])
    if match := re.fullmatch(r"(0?[1-9]|1[0-2])[-/. ](20\d\d)", text):
        return int(match[2]) * 100 + int(match[1])
    if match := re.fullmatch(r"([a-z]{3,9})[-. ]+(20\d\d)", text.casefold()):
        for number, names in enumerate(zip(MONTHS, SHORT_MONTHS, strict=True), 1):
            if match[1] in {name.casefold() for name in names}:
                return int(match[2]) * 100 + number
    raise ValueError(f"Bulan “{text[:30]}” tidak dikenal. Tulis misalnya {column.example}.")


def _choice(column: Column, kind: str, text: str, today: date) -> str:
    found = column.choices.get(re.sub(r"[\W_]", "", text.casefold()))
    if found is None:
        raise ValueError(f"“{text[:40]}” tidak dikenal. Tulis {' atau '.join(column.words)}.")
    return found


READERS: dict[Type, Callable] = {
    Type.TEXT: _text,
    Type.NIK: _nik,
    Type.FAMILY_CARD: _family_card,
    Type.DAY: _day,
    Type.MONTH: _month,
    Type.RUPIAH: _rupiah,
    Type.WHOLE: _whole,
    Type.CHOICE: _choice,
    Type.CODE: _text,
}
