"""Months as numbers."""

from datetime import date

import pytest

from enterprises import months


@pytest.mark.parametrize(
    ("period", "count", "found"),
    [(202609, 0, 202609), (202601, 1, 202512), (202609, 12, 202509), (202612, -1, 202701), (202603, 15, 202412)],
)
def test_a_month_so_many_months_earlier(period, count, found):
    assert months.months_before(period, count) == found


def test_a_run_of_months_goes_over_the_year_oldest_first():
    assert months.months_until(202602, 4) == [202511, 202512, 202601, 202602]


def test_a_month_is_written_as_code_and_in_words():
    assert months.month_code(202603) == "2026-03"
    assert (months.month_name(202608), months.short_month_name(202608)) == ("Agustus 2026", "Agu 2026")


def test_the_days_of_a_month():
    assert (months.first_day(202402), months.last_day(202402)) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_code_of_an_address_is_read():
    assert months.parse_month("2026-09") == 202609


@pytest.mark.parametrize("code", ["2026-13", "2026-9", "202609", "1999-01", "x", "2026-09-01", "２０２６-09"])
def test_another_text_is_refused_with_what_would_be_right(code):
    with pytest.raises(ValueError) as refused:
        months.parse_month(code)
    assert str(refused.value) == f"Bulan “{code}” tidak dikenal. Tulis tahun dan bulan, misalnya 2026-09."


@pytest.mark.parametrize(
    ("period", "is_one"),
    [(202601, True), (202612, True), (202600, False), (202613, False), (199912, False), (26, False)],
)
def test_not_every_number_is_a_month(period, is_one):
    assert months.is_month(period) is is_one
