"""Months as the number 202609: how they are written, read from an address, and counted. Pure."""

import re
from calendar import monthrange
from datetime import date

from up2k_portal.lib.days import MONTHS, SHORT_MONTHS

EARLIEST, LATEST = 200001, 209912
_CODE = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def parse_month(code: str) -> int:
    """202609 for 2026-09. Raises ValueError with a sentence that says what would be right."""
    match = _CODE.fullmatch(code)
    if not match:
        raise ValueError(f"Bulan “{code[:20]}” tidak dikenal. Tulis tahun dan bulan, misalnya 2026-09.")
    return int(match[1] + match[2])


def is_month(period: int) -> bool:
    return EARLIEST <= period <= LATEST and 1 <= period % 100 <= 12


def month_code(period: int) -> str:
    """2026-09"""
    return f"{period // 100}-{period % 100:02}"


def month_name(period: int) -> str:
    """September 2026"""
    return f"{MONTHS[period % 100 - 1]} {period // 100}"


def short_month_name(period: int) -> str:
    """Sep 2026"""
    return f"{SHORT_MONTHS[period % 100 - 1]} {period // 100}"


def months_before(period: int, count: int) -> int:
    """The month so many months earlier; later for a negative count."""
    year, month = divmod(period // 100 * 12 + period % 100 - 1 - count, 12)
    return year * 100 + month + 1


def months_until(period: int, count: int) -> list[int]:
    """So many months, oldest first, the last of which is `period`."""
    return [months_before(period, back) for back in reversed(range(count))]


def first_day(period: int) -> date:
    return date(period // 100, period % 100, 1)


def last_day(period: int) -> date:
    year, month = divmod(period, 100)
    return date(year, month, monthrange(year, month)[1])
