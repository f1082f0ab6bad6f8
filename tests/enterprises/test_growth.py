"""The same months in two years, and the columns of the chart."""

from fractions import Fraction

from enterprises.growth import BASE, TOP, WIDTH, Comparison, columns_of, compare_years
from enterprises.months import months_until

YEAR = months_until(202608, 12)


def test_only_months_recorded_in_both_years_are_compared():
    amounts = {202508: 400_000, 202608: 500_000, 202607: 9_000_000, 202506: 8_000_000}
    assert compare_years(amounts, YEAR) == Comparison(now=500_000, before=400_000, months_count=1)


def test_growth_is_in_percent_of_the_earlier_year_and_exact():
    assert Comparison(400_000, 300_000, 2).percent == Fraction(100, 3)
    assert Comparison(300_000, 400_000, 2).percent == -25


def test_nothing_recorded_before_gives_no_percent():
    assert compare_years({202608: 5}, YEAR).percent is None
    assert Comparison(5, 0, 1).percent is None


def test_a_chart_has_a_column_a_month_and_the_highest_reaches_the_top():
    columns = columns_of({202607: 250_000, 202608: 500_000}, YEAR)
    assert [one.period for one in columns] == YEAR
    assert [(one.y, one.height) for one in columns[-2:]] == [((TOP + BASE) // 2, (BASE - TOP) // 2), (TOP, BASE - TOP)]
    assert columns[-1].right <= WIDTH


def test_a_month_without_a_record_has_no_amount_and_a_nihil_month_no_height():
    columns = columns_of({202607: 0, 202608: 10}, YEAR)
    assert [one.amount for one in columns[-3:]] == [None, 0, 10]
    assert columns[-2].height == 0


def test_the_smallest_amount_is_still_seen():
    assert columns_of({202607: 1, 202608: 10**9}, YEAR)[-2].height == 1


def test_a_year_of_nothing_is_flat():
    assert {one.height for one in columns_of({202608: 0}, YEAR)} == {0}
