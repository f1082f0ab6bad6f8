"""Reporting periods: month, quarter (triwulan), semester and year. Pure: no clock, no database."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from up2k_portal.lib.days import MONTHS, format_day

MONTH, QUARTER, SEMESTER, YEAR = 1, 3, 6, 12  # a kind of period is its length in months
RECENT = ((QUARTER, 8), (SEMESTER, 4), (YEAR, 3), (MONTH, 12))
_CODE = re.compile(r"((?:19|20)[0-9]{2})(?:-(?:TW([1-4])|S([12])|(0[1-9]|1[0-2])))?")


def roman(number: int) -> str:
    """I, II, III, IV … up to XXXIX: numbers of quarters, semesters and groups of rows."""
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + units[number % 10]


@dataclass(frozen=True, order=True)
class Period:
    """From `first` to `last`, both included; figures of a report are those at the end of `last`."""

    code: str
    first: date
    last: date

    @property
    def months_count(self) -> int:
        return self.last.month - self.first.month + 1

    @property
    def number(self) -> int:
        """Which month, quarter or semester of its year, from 1."""
        return (self.last.month - 1) // self.months_count + 1

    @property
    def name(self) -> str:
        """Triwulan III 2026 / Semester I 2026 / Tahun 2026 / September 2026"""
        return {
            MONTH: f"{MONTHS[self.last.month - 1]} {self.last.year}",
            QUARTER: f"Triwulan {roman(self.number)} {self.last.year}",
            SEMESTER: f"Semester {roman(self.number)} {self.last.year}",
            YEAR: f"Tahun {self.last.year}",
        }[self.months_count]

    @property
    def label(self) -> str:
        """TRIWULAN III TAHUN 2026 / SEMESTER I TAHUN 2026 / TAHUN 2026 / BULAN SEPTEMBER 2026"""
        year = self.last.year
        return {
            MONTH: f"BULAN {MONTHS[self.last.month - 1]} {year}",
            QUARTER: f"TRIWULAN {roman(self.number)} TAHUN {year}",
            SEMESTER: f"SEMESTER {roman(self.number)} TAHUN {year}",
            YEAR: f"TAHUN {year}",
        }[self.months_count].upper()

    @property
    def title(self) -> str:
        """TRIWULAN III TAHUN 2026 (KEADAAN 30 SEPTEMBER 2026)"""
        return f"{self.label} (KEADAAN {format_day(self.last).upper()})"


def parse_period(text: str) -> Period:
    """The period of a code: 2026-TW3, 2026-S1, 2026 or 2026-09. Raises ValueError naming the four shapes."""
    match = _CODE.fullmatch(text.strip().upper())
    if not match:
        raise ValueError(
            f"Periode “{text[:20]}” tidak dikenal. Tulis 2026-TW3 (triwulan), 2026-S1 (semester), "
            "2026 (tahun) atau 2026-09 (bulan)."
        )
    year, quarter, semester, month = match.groups()
    if quarter:
        return _period(QUARTER, int(year), int(quarter))
    if semester:
        return _period(SEMESTER, int(year), int(semester))
    return _period(MONTH, int(year), int(month)) if month else _period(YEAR, int(year), 1)


def recent_periods(today: date) -> list[Period]:
    """Periods to choose from: 8 quarters, 4 semesters, 3 years, 12 months, each kind newest first.

    Only periods that have ended: the figures of a running one would claim a day that has not come.
    """
    return [_back(months, today, back) for months, count in RECENT for back in range(1, count + 1)]


def running_periods(today: date) -> list[Period]:
    """The quarter, semester, year and month that `today` lies in, of which figures are not final."""
    return [_back(months, today, 0) for months, _ in RECENT]


def latest_closed_quarter(today: date) -> Period:
    """The quarter that ended last before `today`."""
    return _back(QUARTER, today, 1)


def ended_before(months: int, today: date, back: int) -> Period:
    """The period of this many months that ended `back` periods before the running one; 1 is the latest that ended."""
    return _back(months, today, back)


def before(period: Period) -> Period:
    """The period of the same length just before."""
    return _back(period.months_count, period.first, 1)


def next_month_day(period: Period, day: int) -> date:
    """A day (1–28) of the month after the period."""
    year, month = divmod(period.last.year * YEAR + period.last.month, YEAR)
    return date(year, month + 1, day)


def _back(months: int, today: date, back: int) -> Period:
    """The period of this length that lies `back` periods before the running one."""
    running = (today.year * YEAR + today.month - 1) // months
    year, index = divmod(running - back, YEAR // months)
    return _period(months, year, index + 1)


def _period(months: int, year: int, number: int) -> Period:
    suffix = {MONTH: f"-{number:02}", QUARTER: f"-TW{number}", SEMESTER: f"-S{number}", YEAR: ""}[months]
    last_month = number * months
    last_day = monthrange(year, last_month)[1]
    return Period(f"{year}{suffix}", date(year, last_month - months + 1, 1), date(year, last_month, last_day))
