"""How receipts and loans are numbered: per group and year, without a gap, as on the group's paper books."""

from dataclasses import dataclass
from datetime import date

from villages.models import Group


@dataclass(frozen=True)
class Series:
    """A running number behind a prefix."""

    prefix: str
    digits: int

    def number(self, serial: int) -> str:
        return f"{self.prefix}{serial:0{self.digits}}"

    def serial(self, number: str) -> int:
        return int(number.removeprefix(self.prefix))


def receipt_series(group: Group, on: date) -> Series:
    """AS-2026-0147: the group's initials, the year, the running number."""
    return Series(f"{group.initials}-{on.year}-", 4)


def loan_series(on: date) -> Series:
    """2026-014: the year, the running number."""
    return Series(f"{on.year}-", 3)


def voucher_series(group: Group, series: str, on: date) -> Series:
    """AS-K-2026-0012: the group's initials, K (keluar), M (masuk) or J (tanpa kas), the year, the running number."""
    return Series(f"{group.initials}-{series}-{on.year}-", 4)
