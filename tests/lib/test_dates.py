"""Days as people type them; never month before day."""

from datetime import UTC, date, datetime

import pytest

from up2k_portal.lib.dates import format_moment
from up2k_portal.lib.days import format_day, format_day_short, parse_day

AROUND = date(2026, 9, 30)


@pytest.mark.parametrize(
    "typed",
    ["31-01-2026", "31/1/26", "310126", "31 Januari 2026", "31 jan 2026", "2026-01-31", "31.01.2026", " 31 1 2026 "],
)
def test_a_day_is_read_in_any_sensible_form(typed):
    assert parse_day(typed, AROUND) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "typed", ["01/31/2026", "29-02-2025", "besok", "", "31-13-2026", "3101", "206-01-01", "1/1/206"]
)
def test_what_cannot_be_a_day_is_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026"):
        parse_day(typed, AROUND)


def test_two_digits_of_a_year_are_near_today():
    assert [parse_day(f"0101{year}", AROUND).year for year in ("85", "26", "36", "37")] == [1985, 2026, 2036, 1937]


def test_a_year_before_1900_is_a_slip_of_the_pen():
    with pytest.raises(ValueError, match="Tahun 1206 terlalu lama"):
        parse_day("01-01-1206", AROUND)


def test_days_are_written_in_indonesian():
    assert (format_day(date(2026, 8, 17)), format_day_short(date(2026, 8, 17))) == ("17 Agustus 2026", "17 Agu 2026")


def test_an_instant_is_told_in_wita():
    assert format_moment(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == "1 Oktober 2026, 00.00 WITA"
