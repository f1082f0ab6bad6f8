"""On which days a village's instalments fall due: plain, on its fixed day, or by season."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.due_days import due_days, format_seasons, parse_seasons
from loans.schedule import Every, Method, ScheduleError, Terms, build, due_on

START = date(2026, 1, 31)
HARVEST_AND_DUCKS = ((8, 31), (1, 31))
varied = settings(max_examples=200, deadline=None)


def refusal(ask, *args, **more):
    with pytest.raises(ScheduleError) as error:
        ask(*args, **more)
    return str(error.value)


# Plain


def test_without_settings_the_days_are_those_of_the_schedule():
    assert due_days(START, 3) == (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    assert due_days(START, 2, every=Every.WEEK) == (date(2026, 2, 7), date(2026, 2, 14))
    assert due_days(START, 0) == ()


def test_a_cutoff_without_a_fixed_day_says_nothing():
    assert due_days(START, 2, cutoff_day=15) == (date(2026, 2, 28), date(2026, 3, 31))


# The fixed day


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (date(2026, 3, 1), date(2026, 4, 10)),
        (date(2026, 3, 10), date(2026, 4, 10)),
        (date(2026, 3, 14), date(2026, 4, 10)),
        (date(2026, 3, 15), date(2026, 5, 10)),
        (date(2026, 3, 31), date(2026, 5, 10)),
        (date(2026, 11, 15), date(2027, 1, 10)),
        (date(2026, 12, 14), date(2027, 1, 10)),
        (date(2026, 12, 15), date(2027, 2, 10)),
    ],
)
def test_from_the_cutoff_day_on_the_first_instalment_falls_a_month_later(start, first):
    assert due_days(start, 1, fixed_day=10, cutoff_day=15) == (first,)


def test_later_instalments_follow_month_by_month():
    assert due_days(date(2026, 10, 20), 3, fixed_day=10, cutoff_day=15) == (
        date(2026, 12, 10),
        date(2027, 1, 10),
        date(2027, 2, 10),
    )


def test_without_a_cutoff_the_first_instalment_is_always_next_month():
    assert due_days(date(2026, 3, 31), 2, fixed_day=10) == (date(2026, 4, 10), date(2026, 5, 10))


def test_a_fixed_day_the_month_lacks_is_its_last_and_never_drifts():
    assert due_days(date(2027, 12, 5), 4, fixed_day=31) == (
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    )


def test_a_cutoff_on_the_31st_is_not_reached_in_a_shorter_month():
    assert due_days(date(2026, 2, 28), 1, fixed_day=10, cutoff_day=31) == (date(2026, 3, 10),)
    assert due_days(date(2026, 3, 31), 1, fixed_day=10, cutoff_day=31) == (date(2026, 5, 10),)


def test_weeks_keep_to_their_weekday():
    assert due_days(START, 2, every=Every.WEEK, fixed_day=10, cutoff_day=1) == (date(2026, 2, 7), date(2026, 2, 14))


@pytest.mark.parametrize(
    ("settings_of_village", "sentence"),
    [
        ({"fixed_day": 0}, "Tanggal angsuran 0 tidak mungkin; isi 1 sampai 31, misalnya 10."),
        ({"fixed_day": 32}, "Tanggal angsuran 32 tidak mungkin; isi 1 sampai 31, misalnya 10."),
        (
            {"fixed_day": 5, "cutoff_day": 40},
            "Batas tanggal pencairan 40 tidak mungkin; isi 1 sampai 31, misalnya 10.",
        ),
    ],
)
def test_a_day_no_month_has_is_refused(settings_of_village, sentence):
    assert refusal(due_days, START, 1, **settings_of_village) == sentence


# Seasons


def test_each_row_falls_on_the_next_season_day():
    assert due_days(date(2026, 3, 1), 4, seasons=HARVEST_AND_DUCKS) == (
        date(2026, 8, 31),
        date(2027, 1, 31),
        date(2027, 8, 31),
        date(2028, 1, 31),
    )


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (date(2026, 8, 1), date(2026, 8, 31)),  # 30 days
        (date(2026, 8, 2), date(2027, 1, 31)),  # 29 days
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 2), date(2027, 8, 31)),
    ],
)
def test_a_season_sooner_than_thirty_days_is_passed_over(start, first):
    assert due_days(start, 1, seasons=HARVEST_AND_DUCKS) == (first,)


def test_how_many_days_must_lie_between_can_be_said():
    assert due_days(date(2026, 8, 30), 1, seasons=HARVEST_AND_DUCKS, min_days=1) == (date(2026, 8, 31),)
    assert due_days(date(2026, 8, 31), 1, seasons=HARVEST_AND_DUCKS, min_days=0) == (date(2027, 1, 31),)
    assert due_days(date(2026, 7, 1), 1, seasons=HARVEST_AND_DUCKS, min_days=90) == (date(2027, 1, 31),)


def test_seasons_outweigh_the_fixed_day_and_the_period():
    assert due_days(date(2026, 3, 20), 1, every=Every.WEEK, fixed_day=10, cutoff_day=15, seasons=HARVEST_AND_DUCKS) == (
        date(2026, 8, 31),
    )


def test_the_29th_of_february_is_the_28th_in_common_years():
    assert due_days(date(2026, 6, 1), 3, seasons=((2, 29),)) == (
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    )


@pytest.mark.parametrize(
    ("start", "count", "village", "number"),
    [
        (date(9999, 11, 30), 2, {}, 2),
        (date(9999, 11, 30), 2, {"fixed_day": 5}, 2),
        (date(9999, 6, 1), 2, {"seasons": HARVEST_AND_DUCKS}, 2),
        (date(9999, 12, 31), 1, {"seasons": HARVEST_AND_DUCKS}, 1),
    ],
)
def test_days_past_the_last_year_are_refused(start, count, village, number):
    assert refusal(due_days, start, count, **village) == (
        f"Angsuran ke-{number} jatuh sesudah tahun 9999; periksa tanggal pencairan dan jumlah angsuran."
    )


# What a group types


@pytest.mark.parametrize(
    ("typed", "seasons"),
    [
        ("31-08, 31-01", HARVEST_AND_DUCKS),
        ("31-8,31-1", HARVEST_AND_DUCKS),
        (" 31/08 , 31/01 ", HARVEST_AND_DUCKS),
        ("29-02", ((2, 29),)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_typed_seasons_are_read(typed, seasons):
    assert parse_seasons(typed) == seasons


def test_seasons_are_written_as_they_are_typed():
    assert format_seasons(HARVEST_AND_DUCKS) == "31-08, 31-01"
    assert format_seasons(()) == ""


UNKNOWN = "tidak dikenal; tulis tanggal dan bulan dengan koma di antaranya, misalnya 31-08, 31-01."
NO_SUCH_DAY = "tidak ada; tulis tanggal dan bulan yang ada, misalnya 31-08."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("panen", f"Musim “panen” {UNKNOWN}"),
        ("31-08 31-01", f"Musim “31-08 31-01” {UNKNOWN}"),
        ("31-08,", f"Musim “” {UNKNOWN}"),
        ("31-08-2026", f"Musim “31-08-2026” {UNKNOWN}"),
        ("٣-٨", f"Musim “٣-٨” {UNKNOWN}"),
        ("08-31", f"Musim 08-31 {NO_SUCH_DAY}"),
        ("31-08, 31-02", f"Musim 31-02 {NO_SUCH_DAY}"),
        ("0-1", f"Musim 00-01 {NO_SUCH_DAY}"),
        ("1-0", f"Musim 01-00 {NO_SUCH_DAY}"),
        ("31-08, 31-8", "Musim 31-08 tertulis 2 kali; tulis satu kali saja."),
        ("28-02, 29-02", "Musim 28-02 dan 29-02 jatuh sama di tahun biasa; pilih salah satu."),
        (", ".join(f"{day}-01" for day in range(1, 14)), "Ada 13 musim; isi paling banyak 12 dalam setahun."),
    ],
)
def test_what_is_no_season_is_refused_and_says_what_would_be_right(typed, sentence):
    assert refusal(parse_seasons, typed) == sentence


def test_seasons_not_typed_are_held_to_the_same():
    assert refusal(due_days, START, 1, seasons=((8, 31), (13, 1))) == f"Musim 01-13 {NO_SUCH_DAY}"
    assert refusal(due_days, START, 1, seasons=((8, 31), (8, 31))) == (
        "Musim 31-08 tertulis 2 kali; tulis satu kali saja."
    )


# Whatever the settings


days_of_the_year = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
some_seasons = st.lists(days_of_the_year, min_size=1, max_size=6, unique=True).filter(
    lambda seasons: not {(2, 28), (2, 29)} <= set(seasons)
)
some_starts = st.dates(date(1985, 1, 1), date(2100, 12, 31))
month_days = st.none() | st.integers(1, 31)


@varied
@given(some_seasons)
def test_written_seasons_are_read_again(seasons):
    assert parse_seasons(format_seasons(seasons)) == tuple(seasons)


@varied
@given(some_starts, some_seasons, st.integers(0, 400))
def test_the_rows_are_exactly_the_season_days_of_those_years(start, seasons, min_days):
    found = due_days(start, 8, seasons=seasons, min_days=min_days)
    day, expected = start + timedelta(days=max(min_days, 1)), []
    while len(expected) < 8:
        ends_short_february = (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3
        if (day.month, day.day) in seasons or (ends_short_february and (2, 29) in seasons):
            expected.append(day)
        day += timedelta(days=1)
    assert found == tuple(expected)


@varied
@given(some_starts, month_days, month_days)
def test_fixed_days_fall_one_or_two_months_on_and_then_in_each_month(start, fixed_day, cutoff_day):
    found = due_days(start, 14, fixed_day=fixed_day, cutoff_day=cutoff_day)
    months = [day.year * 12 + day.month - start.year * 12 - start.month for day in found]
    late = fixed_day is not None and cutoff_day is not None and start.day >= cutoff_day
    assert months == list(range(1 + late, 15 + late))
    wanted = fixed_day or start.day
    assert [day for day in found if day.day != wanted and (day + timedelta(days=1)).day != 1] == []
    assert [day for day in found if day.day > wanted] == []


@varied
@given(some_starts, month_days, month_days, st.just(()) | some_seasons, st.sampled_from(Every))
def test_a_schedule_takes_the_days_as_they_are(start, fixed_day, cutoff_day, seasons, every):
    days = due_days(start, 6, every=every, fixed_day=fixed_day, cutoff_day=cutoff_day, seasons=seasons)
    rows = build(Terms(Method.FLAT, 600000, Decimal(1), 6, every=every), start, days)
    assert tuple(row.due_on for row in rows) == days


@varied
@given(some_starts, st.sampled_from(Every))
def test_plain_days_are_counted_from_the_start(start, every):
    assert due_days(start, 5, every=every) == tuple(due_on(start, number, every) for number in range(1, 6))
