"""Days as Indonesians write and type them. Pure: the clock is in `dates`."""

import re
from datetime import date

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
SHORT_MONTHS = [name[:3] for name in MONTHS]
SHORT_MONTHS[7] = "Agu"
EARLIEST = date(1900, 1, 1)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})")
_PACKED = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4}|\d{2})")


def format_day(day: date) -> str:
    """24 September 2026"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_day_short(day: date) -> str:
    """24 Sep 2026"""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"


def format_month(day: date) -> str:
    """September 2026"""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period_of(day: date) -> int:
    """The month as the number 202609, for indexes and sums by month."""
    return day.year * 100 + day.month


def parse_day(text: str, around: date) -> date:
    """The day that a person typed: 310126, 31/1/26, 31-01-2026, 31 Januari 2026 or 2026-01-31.

    Day before month, always; a two-digit year is 20xx unless that lies more than ten years after `around`.
    Raises ValueError with a sentence that says what would be right.
    """
    cleaned = " ".join(text.lower().replace("\u00a0", " ").split())
    try:
        day, month, year = _parts(cleaned)
        if year < 100:
            year += 2000 if 2000 + year <= around.year + 10 else 1900
        found = date(year, month, day)
    except ValueError:
        raise ValueError(
            f"Tanggal “{text[:40]}” tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026 atau 310126."
        ) from None
    if found < EARLIEST:
        raise ValueError(f"Tahun {found.year} terlalu lama. Tulis tahun dengan empat angka, misalnya 1986.")
    return found


def _parts(text: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return int(day), int(month), int(year)
    if match := _NUMBERS.fullmatch(text) or _PACKED.fullmatch(text):
        day, month, year = match.groups()
        return int(day), int(month), int(year)
    if match := _WORDS.fullmatch(text):
        day, name, year = match.groups()
        return int(day), _month_number(name), int(year)
    raise ValueError


def _month_number(name: str) -> int:
    hits = [n for n, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.lower().startswith(name)]
    if name in ("agt", "agust"):
        hits = [8]
    if len(hits) != 1:
        raise ValueError
    return hits[0]
