"""A quarter of a year (triwulan), by which balances are confirmed. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"((?:19|20)[0-9]{2})-TW([1-4])")
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Quarter:
    """The third of 2026 is Quarter(2026, 3)."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """2026-TW3"""
        return f"{self.year}-TW{self.number}"

    @property
    def key(self) -> int:
        """20263, as a row keeps it"""
        return self.year * 10 + self.number

    @property
    def name(self) -> str:
        """Triwulan III 2026"""
        return f"Triwulan {ROMAN[self.number - 1]} {self.year}"

    @property
    def last(self) -> date:
        month = 3 * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


def of_key(key: int) -> Quarter:
    return Quarter(*divmod(key, 10))


def parse_quarter(text: str) -> Quarter:
    """The quarter of a code. Raises ValueError, an Indonesian sentence."""
    match = _CODE.fullmatch(text.strip().upper())
    if not match:
        raise ValueError(f"Triwulan “{text[:20]}” tidak dikenal. Tulis misalnya 2026-TW3.")
    return Quarter(int(match[1]), int(match[2]))


def latest_ended(today: date) -> Quarter:
    """The quarter that ended last; on its last day it counts as ended."""
    running = Quarter(today.year, (today.month + 2) // 3)
    return running if running.last == today else running.before


def recent(today: date, count: int = 8) -> list[Quarter]:
    """The latest ended quarters, newest first."""
    found = [latest_ended(today)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
