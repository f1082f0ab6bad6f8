"""How late, and the class of scheme E that follows."""

from datetime import date

import pytest

from loans.aging import SCHEME_E, SCHEMES, Bracket, collectability, days_late

DUE = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (date(2026, 1, 30), 0),
        (date(2026, 1, 31), 0),
        (date(2026, 2, 1), 1),
        (date(2026, 3, 1), 29),
        (date(2027, 1, 31), 365),
    ],
)
def test_days_count_from_the_due_day_and_due_today_is_not_late(as_of, days):
    assert days_late(DUE, as_of) == days


def test_nothing_unpaid_is_not_late():
    assert days_late(None, date(2026, 1, 31)) == 0


@pytest.mark.parametrize(
    ("days", "level", "name"),
    [
        (0, 1, "Lancar"),
        (1, 2, "Dalam perhatian"),
        (90, 2, "Dalam perhatian"),
        (91, 3, "Kurang lancar"),
        (120, 3, "Kurang lancar"),
        (121, 4, "Diragukan"),
        (180, 4, "Diragukan"),
        (181, 5, "Macet"),
        (10_000, 5, "Macet"),
    ],
)
def test_each_class_begins_where_the_one_before_ends(days, level, name):
    bracket = collectability(days)
    assert (bracket.level, bracket.name) == (level, name)


def test_the_scheme_has_five_classes_and_the_last_has_no_end():
    assert [bracket.level for bracket in SCHEME_E] == [1, 2, 3, 4, 5]
    assert SCHEME_E[-1] == Bracket(5, "Macet", None)


def test_what_is_not_known_of_a_shipped_scheme_is_said_in_its_name_and_source():
    """Of scheme A the bounds of the classes 3 to 5, of scheme B the percents: no source was found."""
    shipped = {one.code: one for one in SCHEMES}
    assert shipped["A"].name.endswith("(batas tingkat 3–5 perkiraan)")
    assert "perkiraan, sumbernya belum ditemukan" in shipped["A"].source
    assert shipped["B"].name.endswith("(tanpa persen cadangan)")
    assert "cadangan Rp0 sampai persennya diisi" in shipped["B"].source
    assert (dict(shipped["B"].percents), all(len(one.source) <= 300 for one in SCHEMES)) == ({}, True)
