"""How late a loan is, and the class that follows by a scheme. Pure: days and counts in, class out."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


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
NAMES = {bracket.level: bracket.name for bracket in SCHEME_E}
NPL_FROM = 3  # kurang lancar, diragukan and macet: the official sheet R-3 adds these three


class Unit(StrEnum):
    """In what a scheme measures lateness."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    INSTALMENT = "instalment"


class Rhythm(StrEnum):
    """How a loan is paid back, where a scheme asks for it."""

    ANY = ""
    MONTH = "month"
    WEEK = "week"
    SEASON = "season"


@dataclass(frozen=True)
class Lateness:
    """Days since the oldest unpaid instalment fell due, months begun since then, and how many are due and unpaid."""

    days: int = 0
    months: int = 0
    instalments: int = 0

    def in_unit(self, unit: Unit) -> int:
        weeks = -(-self.days // 7)
        return {Unit.DAY: self.days, Unit.WEEK: weeks, Unit.MONTH: self.months, Unit.INSTALMENT: self.instalments}[unit]


@dataclass(frozen=True)
class Level:
    """A class of a scheme: late by at most so many units, None without end."""

    level: int
    name: str
    most: int | None
    unit: Unit = Unit.DAY
    every: Rhythm = Rhythm.ANY


@dataclass(frozen=True)
class Scheme:
    """A collectability scheme and, by level, the percent of the balance to set aside; a level without one needs none.

    `levels` go from good to bad. Loans of a rhythm that has levels of its own are classed by these, the others by
    those of any rhythm.
    """

    code: str
    name: str
    source: str
    levels: tuple[Level, ...]
    percents: Mapping[int, Decimal] = field(default_factory=dict)

    def levels_of(self, every: str = "") -> tuple[Level, ...]:
        own = tuple(one for one in self.levels if one.every == every)
        return own or tuple(one for one in self.levels if one.every == Rhythm.ANY)

    def level_of(self, late: Lateness, every: str = "") -> int:
        """The class of a loan that is so late; what no level holds is in the worst, and 1 where there is none."""
        levels = self.levels_of(every)
        fits = (one.level for one in levels if one.most is None or late.in_unit(one.unit) <= one.most)
        return next(fits, levels[-1].level if levels else 1)

    @property
    def names(self) -> dict[int, str]:
        """The classes that it has, by level: three-class schemes leave some out."""
        return {one.level: one.name for one in sorted(self.levels, key=lambda one: one.level)}

    @property
    def counts_instalments(self) -> bool:
        return any(one.unit == Unit.INSTALMENT for one in self.levels)


def _levels(unit: Unit, every: Rhythm, **most: int | None) -> tuple[Level, ...]:
    return tuple(Level(int(key[1]), NAMES[int(key[1])], value, unit, every) for key, value in most.items())


def _percents(*percents: int, levels: Iterable[int] = (1, 2, 3, 4, 5)) -> dict[int, Decimal]:
    return {level: Decimal(percent) for level, percent in zip(levels, percents, strict=True)}


# The schemes that are shipped; the first is in use until somebody chooses another.
SCHEMES = (
    Scheme(
        "E",
        "Lima tingkat umum (bank)",
        "Kolektibilitas perbankan: 0, 1–90, 91–120, 121–180, lebih dari 180 hari. Cadangan 1/5/15/50/100%.",
        tuple(Level(one.level, one.name, one.max_days) for one in SCHEME_E),
        _percents(1, 5, 15, 50, 100),
    ),
    Scheme(
        "B",
        "Tiga tingkat OJK untuk LKM (tanpa persen cadangan)",
        "POJK 62/POJK.05/2015 Lampiran III: bulanan 3 dan 9 bulan, mingguan 4 dan 8 minggu, musiman 1 dan 2 kali."
        " Batas untuk angsuran harian tidak dipakai: portal tidak mengenalnya. Lampiran itu tidak memuat persen"
        " cadangan, jadi cadangan Rp0 sampai persennya diisi.",
        (
            *_levels(Unit.MONTH, Rhythm.ANY, l1=3, l4=9, l5=None),
            *_levels(Unit.WEEK, Rhythm.WEEK, l1=4, l4=8, l5=None),
            *_levels(Unit.INSTALMENT, Rhythm.SEASON, l1=1, l4=2, l5=None),
        ),
    ),
    Scheme(
        "C",
        "Tiga tingkat UPK/SIDBM",
        "Aplikasi SI DBM: menunggak sampai 3 bulan, 4–5 bulan, 6 bulan atau lebih. Cadangan 0/50/100%.",
        _levels(Unit.MONTH, Rhythm.ANY, l1=3, l4=5, l5=None),
        _percents(0, 50, 100, levels=(1, 4, 5)),
    ),
    Scheme(
        "A",
        "Lima tingkat P2KP/PNPM perkotaan (batas tingkat 3–5 perkiraan)",
        "POB Pinjaman Bergulir 2013: tanpa tunggakan, kurang dari 3 kali, 3 kali atau lebih. Batas antara tingkat 3, 4"
        " dan 5 (5 dan 8 kali) perkiraan, sumbernya belum ditemukan. Cadangan 1/5/15/50/100%.",
        _levels(Unit.INSTALMENT, Rhythm.ANY, l1=0, l2=2, l3=5, l4=8, l5=None),
        _percents(1, 5, 15, 50, 100),
    ),
)  # fmt: skip


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def earliest_within(unit: Unit, most: int, as_of: date) -> date:
    """The earliest due day of the oldest unpaid instalment of a loan that is late by at most so many units."""
    if unit == Unit.MONTH:
        return months_before(as_of, most)
    return as_of - timedelta(days=most * (7 if unit == Unit.WEEK else 1))


def lateness(oldest_unpaid_on: date | None, as_of: date, instalments: int) -> Lateness:
    """How late a loan is whose oldest unpaid instalment fell due on that day."""
    days = days_late(oldest_unpaid_on, as_of)
    if not days or oldest_unpaid_on is None:
        return Lateness()
    months = (as_of.year - oldest_unpaid_on.year) * 12 + as_of.month - oldest_unpaid_on.month
    begun = next(one for one in (months - 1, months, months + 1) if months_before(as_of, one) <= oldest_unpaid_on)
    return Lateness(days, begun, instalments)


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
