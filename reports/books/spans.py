"""The time that a book is about: a period of the reports, or one day. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from reports.periods import MONTH, QUARTER, YEAR, Period, parse_period
from up2k_portal.lib.days import format_day

DAY = 0
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAMES = {DAY: "hari", MONTH: "bulan", QUARTER: "triwulan", 6: "semester", YEAR: "tahun"}


@dataclass(frozen=True)
class Span:
    """From `first` to `last`, both included."""

    code: str
    first: date
    last: date
    name: str  # September 2026, Triwulan III 2026, 24 November 2026
    label: str  # BULAN SEPTEMBER 2026
    months: int  # 0 for a day


def of_period(period: Period) -> Span:
    return Span(period.code, period.first, period.last, period.name, period.label, period.months_count)


def of_day(day: date) -> Span:
    words = format_day(day)
    return Span(day.isoformat(), day, day, words, f"TANGGAL {words.upper()}", DAY)


def parse_span(text: str) -> Span:
    """The span of a code: a period's (2026-09, 2026-TW3, 2026) or a day's (2026-11-24).

    Raises ValueError, an Indonesian sentence.
    """
    if not _DAY.fullmatch(text.strip()):
        return of_period(parse_period(text))
    try:
        return of_day(date.fromisoformat(text.strip()))
    except ValueError as error:
        raise ValueError(f"Tanggal “{text[:20]}” tidak ada. Tulis misalnya 2026-11-24.") from error
