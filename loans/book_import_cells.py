"""What stands in a cell of a village's yearly book: a name, whole rupiah, a day. Nothing is guessed. Pure.

Each reader raises ValueError with an Indonesian sentence that names the cell.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from up2k_portal.lib.days import format_day, parse_day
from up2k_portal.lib.money import format_number, parse_rupiah
from up2k_portal.lib.xlsx_file import day_of_serial
from up2k_portal.lib.xlsx_parts import Cell
from villages.bulk import clean_cell

MOST = 10**12  # rupiah, as every amount of the portal
DIGITS = 15  # that Excel holds of a number: what lies beyond is its own noise
SERIALS = range(20_000, 70_000)  # days of 1954 to 2091 as a bare number
NOTHING = {"", "-", "–", "—"}


def text_of(cell: Cell | None) -> str:
    """The text of a cell, without invisible signs; full-width letters and digits as plain ones."""
    if cell is None:
        return ""
    if cell.fault:
        raise ValueError(f"Sel {cell.ref} {cell.fault}.")
    if isinstance(cell.value, date):
        return cell.value.strftime("%d-%m-%Y")
    if isinstance(cell.value, Decimal):
        return _plain(cell.value)
    return clean_cell(unicodedata.normalize("NFKC", cell.value))


def rupiah_of(cell: Cell | None) -> int:
    """Whole rupiah of a number or a text; 0 of an empty cell and of a dash.

    A number below zero is what a book writes for money given back; a text with a minus is refused as everywhere.
    """
    if cell is None:
        return 0
    if not cell.fault and isinstance(cell.value, Decimal):
        return _whole(cell, cell.value)
    if not cell.fault and isinstance(cell.value, date):
        raise ValueError(f"Sel {cell.ref}: {format_day(cell.value)} adalah tanggal, bukan jumlah rupiah.")
    text = text_of(cell)
    if text in NOTHING:
        return 0
    try:
        found = parse_rupiah(text)
    except ValueError as error:
        if re.search(r"[^\W\d_]", text.lower().replace("rp", "")):
            raise ValueError(f"Sel {cell.ref}: “{text[:40]}” bukan angka. Tulis misalnya 50.000.") from None
        raise ValueError(f"Sel {cell.ref}: {error}") from None
    return _within(cell, found)


def day_of(cell: Cell | None, around: date) -> date | None:
    """The day of a real date, a text (day before month) or Excel's bare number for it; None of an empty cell.

    A bare number of five digits that may be both a day of Excel and a typed day is refused.
    """
    if cell is None:
        return None
    if not cell.fault and isinstance(cell.value, date):
        return cell.value
    text = text_of(cell)
    if text in NOTHING:
        return None
    try:
        if isinstance(cell.value, Decimal):
            return _day_of_number(text, around)
        return parse_day(text, around)
    except ValueError as error:
        raise ValueError(f"Sel {cell.ref}: {error}") from None


def _day_of_number(text: str, around: date) -> date:
    typed = None
    try:
        typed = parse_day(text.zfill(6), around)
    except ValueError:
        if len(text) != 5:
            raise
    if len(text) != 5:
        return typed or parse_day(text, around)
    serial = day_of_serial(Decimal(text)) if text.isdecimal() and int(text) in SERIALS else None
    if typed and serial:
        raise ValueError(
            f"angka {text} dapat berarti {format_day(typed)} atau {format_day(serial)}."
            " Tulis tanggalnya, misalnya 31-01-2026."
        )
    found = serial or typed
    if found is None:
        raise ValueError(f"Tanggal “{text}” tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026.")
    return found


def _whole(cell: Cell, number: Decimal) -> int:
    if abs(number) > MOST:
        raise ValueError(f"Sel {cell.ref}: jumlah terlalu besar, paling banyak Rp{format_number(MOST)}.")
    exact = number.normalize()
    if len(exact.as_tuple().digits) > DIGITS:
        exact = Decimal(f"{number:.{DIGITS - 1}E}")
    if exact != exact.to_integral_value():
        words = f"{number:f}"[:25].replace(".", ",")
        raise ValueError(f"Sel {cell.ref}: {words} bukan rupiah bulat. Tulis tanpa koma, misalnya 50.000.")
    return int(exact)


def _within(cell: Cell, amount: int) -> int:
    if amount > MOST:
        raise ValueError(f"Sel {cell.ref}: jumlah terlalu besar, paling banyak Rp{format_number(MOST)}.")
    return amount


def _plain(number: Decimal) -> str:
    """Without an exponent or idle zeros: 5E4 is 50000."""
    if abs(number) > MOST:
        return str(number)
    return f"{number.normalize():f}"
