"""How late a loan is, and the class that follows. Pure: days in, class out."""

from collections.abc import Iterable
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


# Ageing of overdue principal: the name of each bucket and the most days in it, None without end.
AGEING = (("1-30", 30), ("31-60", 60), ("61-90", 90), (">90", None))


def ageing_bucket(days: int) -> str:
    """The bucket of an instalment that is so many days late, at least 1."""
    return next(name for name, most in AGEING if most is None or days <= most)


def ageing(late: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Rupiah in each bucket, 0 included, out of (days late, rupiah) of each instalment; not late counts nowhere."""
    sums = dict.fromkeys((name for name, _ in AGEING), 0)
    for days, amount in late:
        if days > 0:
            sums[ageing_bucket(days)] += amount
    return sums
