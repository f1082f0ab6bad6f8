"""On which days the instalments of a village fall due: plain, on a fixed day, or by season. No database, no clock."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count as count_from

from loans.schedule import Every, ScheduleError, clipped, due_on, too_far

SEASON_DAYS_AFTER = 30
MOST_SEASONS = 12
_LEAP_YEAR = 2000
_SEASON = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})")

Season = tuple[int, int]
"""Month and day: (8, 31) is 31 August."""


def due_days(
    start: date,
    count: int,
    *,
    every: Every = Every.MONTH,
    fixed_day: int | None = None,
    cutoff_day: int | None = None,
    seasons: Sequence[Season] = (),
    min_days: int = SEASON_DAYS_AFTER,
) -> tuple[date, ...]:
    """The strictly rising due days of a loan disbursed on `start`, one a row.

    - `seasons`: each season day of the years to come, the first at least `min_days` after `start` and never on it;
      the other settings then do not matter;
    - `fixed_day` (monthly rows only): that day of the next month, clipped to the month's last; disbursed on
      `cutoff_day` of the month or later, of the month after the next;
    - else `schedule.due_on`; without a fixed day `cutoff_day` says nothing.

    Raises ScheduleError for a day of the month outside 1–31, for seasons as `parse_seasons` does, and past 9999.
    """
    for problem in (*_day_problems(fixed_day, cutoff_day), *_season_problems(seasons)):
        raise ScheduleError(problem)
    if seasons:
        return _by_season(start, count, sorted(seasons), max(min_days, 1))
    if fixed_day is None or every == Every.WEEK:
        return tuple(due_on(start, number, every) for number in range(1, count + 1))
    later = int(cutoff_day is not None and start.day >= cutoff_day)
    return tuple(due_on(start, number, fixed_day=fixed_day, later=later) for number in range(1, count + 1))


def parse_seasons(text: str) -> tuple[Season, ...]:
    """The seasons that a group typed, "31-08, 31-01", in that order; nothing typed, none.

    Raises ScheduleError for what is no day of a year, for the same day twice and for more than MOST_SEASONS.
    29-02 is a season; in common years it falls on 28 February.
    """
    seasons = tuple(_season(part.strip()) for part in text.split(",")) if text.strip() else ()
    for problem in _season_problems(seasons):
        raise ScheduleError(problem)
    return seasons


def format_seasons(seasons: Sequence[Season]) -> str:
    """31-08, 31-01"""
    return ", ".join(map(_typed, seasons))


def _by_season(start: date, count: int, seasons: Sequence[Season], days_after: int) -> tuple[date, ...]:
    found: list[date] = []
    try:
        earliest = start + timedelta(days=days_after)
        for year in count_from(earliest.year):
            days = (clipped(year, month, day) for month, day in seasons)
            found += [day for day in days if day >= earliest]
            if len(found) >= count:
                break
    except (ValueError, OverflowError):
        raise too_far(len(found) + 1) from None
    return tuple(found[:count])


def _season(text: str) -> Season:
    match = _SEASON.fullmatch(text)
    if not match:
        raise ScheduleError(
            f"Musim “{text[:20]}” tidak dikenal; tulis tanggal dan bulan dengan koma di antaranya,"
            " misalnya 31-08, 31-01."
        )
    return int(match[2]), int(match[1])


def _typed(season: Season) -> str:
    month, day = season
    return f"{day:02}-{month:02}"


def _day_problems(fixed_day: int | None, cutoff_day: int | None) -> Iterator[str]:
    for label, day in (("Tanggal angsuran", fixed_day), ("Batas tanggal pencairan", cutoff_day)):
        if day is not None and not 1 <= day <= 31:
            yield f"{label} {day} tidak mungkin; isi 1 sampai 31, misalnya 10."


def _season_problems(seasons: Sequence[Season]) -> Iterator[str]:
    for season in seasons:
        if not _is_a_day(season):
            yield f"Musim {_typed(season)} tidak ada; tulis tanggal dan bulan yang ada, misalnya 31-08."
            return
    if len(seasons) > MOST_SEASONS:
        yield f"Ada {len(seasons)} musim; isi paling banyak {MOST_SEASONS} dalam setahun."
    for season, times in Counter(seasons).items():
        if times > 1:
            yield f"Musim {_typed(season)} tertulis {times} kali; tulis satu kali saja."
    if {(2, 28), (2, 29)} <= set(seasons):
        yield "Musim 28-02 dan 29-02 jatuh sama di tahun biasa; pilih salah satu."


def _is_a_day(season: Season) -> bool:
    try:
        date(_LEAP_YEAR, *season)
    except ValueError:
        return False
    return True
