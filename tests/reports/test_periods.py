from datetime import date

import pytest

from reports.periods import Period, latest_closed_quarter, parse_period, recent_periods


@pytest.mark.parametrize(
    ("code", "first", "last", "label", "name"),
    [
        ("2026-TW3", date(2026, 7, 1), date(2026, 9, 30), "TRIWULAN III TAHUN 2026", "Triwulan III 2026"),
        ("2026-TW4", date(2026, 10, 1), date(2026, 12, 31), "TRIWULAN IV TAHUN 2026", "Triwulan IV 2026"),
        ("2026-S1", date(2026, 1, 1), date(2026, 6, 30), "SEMESTER I TAHUN 2026", "Semester I 2026"),
        ("2026-S2", date(2026, 7, 1), date(2026, 12, 31), "SEMESTER II TAHUN 2026", "Semester II 2026"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "TAHUN 2026", "Tahun 2026"),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30), "BULAN SEPTEMBER 2026", "September 2026"),
    ],
)
def test_a_code_is_read_as_days_and_words(code, first, last, label, name):
    period = parse_period(code)
    assert period == Period(code, first, last)
    assert (period.label, period.name) == (label, name)


def test_february_of_a_leap_year_ends_on_the_29th():
    assert parse_period("2028-02").last == date(2028, 2, 29)


def test_small_letters_and_blanks_around_a_code_do_not_matter():
    assert parse_period(" 2026-tw3 ") == parse_period("2026-TW3")


def test_the_title_names_the_day_of_the_figures():
    assert parse_period("2026-TW3").title == "TRIWULAN III TAHUN 2026 (KEADAAN 30 SEPTEMBER 2026)"


@pytest.mark.parametrize("text", ["", "2026-TW5", "2026-S3", "2026-13", "2026-9", "26", "TW3-2026", "0000", "２０２６"])
def test_any_other_text_is_refused_with_the_four_shapes(text):
    with pytest.raises(ValueError) as refused:
        parse_period(text)
    assert str(refused.value) == (
        f"Periode “{text}” tidak dikenal. Tulis 2026-TW3 (triwulan), 2026-S1 (semester), "
        "2026 (tahun) atau 2026-09 (bulan)."
    )


def test_the_choice_offers_ended_periods_grouped_by_kind_newest_first():
    codes = [period.code for period in recent_periods(date(2026, 11, 24))]
    assert codes[:8] == [
        "2026-TW3", "2026-TW2", "2026-TW1", "2025-TW4", "2025-TW3", "2025-TW2", "2025-TW1", "2024-TW4",
    ]  # fmt: skip
    assert codes[8:15] == ["2026-S1", "2025-S2", "2025-S1", "2024-S2", "2025", "2024", "2023"]
    assert (codes[15], codes[-1], len(codes)) == ("2026-10", "2025-11", 27)


def test_every_offered_period_is_what_its_code_says_and_has_ended():
    today = date(2027, 1, 1)
    periods = recent_periods(today)
    assert [parse_period(period.code) for period in periods] == periods
    assert max(period.last for period in periods) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 9, 30), "2026-TW2"),
        (date(2026, 10, 1), "2026-TW3"),
        (date(2026, 1, 1), "2025-TW4"),
    ],
)
def test_a_quarter_is_closed_from_the_day_after_its_last(today, code):
    assert latest_closed_quarter(today).code == code
