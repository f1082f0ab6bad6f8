"""How late a loan is, and the class that follows. Pure: days in, class out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bracket:
    """A class of collectability: up to `max_days` late, None without end."""

    level: int
    name: str
    max_days: int | None


# Scheme E, the banks' five classes (docs/glossary.md).
SCHEME_E = (
    Bracket(1, "Lancar", 0),
    Bracket(2, "Dalam perhatian", 90),
    Bracket(3, "Kurang lancar", 120),
    Bracket(4, "Diragukan", 180),
    Bracket(5, "Macet", None),
)


def days_late(oldest_unpaid_on: date | None, as_of: date) -> int:
    """Days since the oldest unpaid instalment fell due; due today is not late, nothing unpaid is 0."""
    return max(0, (as_of - oldest_unpaid_on).days) if oldest_unpaid_on else 0


def collectability(days: int) -> Bracket:
    """The class of a loan that is so many days late."""
    return next(one for one in SCHEME_E if one.max_days is None or days <= one.max_days)
