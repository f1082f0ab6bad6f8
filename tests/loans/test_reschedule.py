"""A schedule changed on its way: Rp1.000.000, 1,5 %, ten instalments of 100.000 + 15.000 from 28 February 2026 on."""

from datetime import date
from decimal import Decimal

import pytest

from loans.reschedule import Extra, Grace, NewDueOn, NewRate, first_plan, reschedule
from loans.schedule import Difference, Every, Method, Rounding, RoundWhat, ScheduleError, Terms, build
from tests.loans.test_replay import START, TERMS, day


def rows_after(what, first, terms=TERMS):
    return reschedule(first_plan(terms, START), first, what).rows


def test_extra_rows_keep_the_rounding_of_the_loan():
    terms = Terms(Method.FLAT, 1_000_000, Decimal("1.5"), 10, step=500, rounding=Rounding.UP)
    assert [(row.principal, row.service_fee) for row in rows_after(Extra(2), 4, terms)[3:]] == [
        *[(78_000, 15_000)] * 8,
        (76_000, 15_000),
    ]
    first = Terms(Method.FLAT, 1_000_000, Decimal("1.5"), 10, step=500, difference=Difference.FIRST)
    assert [row.principal for row in rows_after(Extra(2), 4, first)[3:]] == [76_000, *[78_000] * 8]


def test_grace_puts_fee_only_rows_in_and_moves_the_others():
    rows = rows_after(Grace(2), 4)
    assert [(row.principal, row.service_fee) for row in rows] == [
        *[(100_000, 15_000)] * 3,
        *[(0, 15_000)] * 2,
        *[(100_000, 15_000)] * 7,
    ]
    assert [row.due_on for row in rows[2:6]] == [day("30-4"), day("31-5"), day("30-6"), day("31-7")]
    assert (len(rows), rows[-1].due_on, rows[-1].balance) == (12, date(2027, 1, 31), 0)


def test_grace_on_a_declining_loan_costs_the_fee_of_the_balance():
    terms = Terms(Method.DECLINING, 1_000_000, Decimal("1.5"), 10)
    assert [(row.principal, row.service_fee) for row in rows_after(Grace(1), 4, terms)[2:6]] == [
        (100_000, 12_000),
        (0, 10_500),
        (100_000, 10_500),
        (100_000, 9_000),
    ]


def test_a_new_rate_holds_from_its_row_on():
    assert [(row.principal, row.service_fee) for row in rows_after(NewRate(Decimal(1)), 4)] == [
        *[(100_000, 15_000)] * 3,
        *[(100_000, 10_000)] * 7,
    ]
    terms = Terms(Method.DECLINING, 1_000_000, Decimal("1.5"), 10)
    assert [row.service_fee for row in rows_after(NewRate(Decimal(1)), 4, terms)] == [
        *(15_000, 13_500, 12_000),
        *(7_000, 6_000, 5_000, 4_000, 3_000, 2_000, 1_000),
    ]


def test_an_annuity_with_a_new_rate_is_an_annuity_of_the_rest():
    terms = Terms(Method.ANNUITY, 1_000_000, Decimal("1.5"), 10)
    old = build(terms, START)
    rest = build(Terms(Method.ANNUITY, old[2].balance, Decimal(1), 7), START)
    new = rows_after(NewRate(Decimal(1)), 4, terms)
    assert new[:3] == old[:3]
    assert [(row.principal, row.service_fee) for row in new[3:]] == [(row.principal, row.service_fee) for row in rest]


def test_a_new_due_day_is_followed_by_the_later_rows():
    rows = rows_after(NewDueOn(date(2026, 10, 31)), 4)
    assert [row.due_on for row in rows[2:7]] == [
        day("30-4"),
        day("31-10"),
        day("30-11"),
        day("31-12"),
        date(2027, 1, 31),
    ]
    weekly = Terms(Method.FLAT, 1_000_000, Decimal("1.5"), 10, every=Every.WEEK)
    assert [row.due_on for row in rows_after(NewDueOn(day("1-5")), 9, weekly)[7:]] == [
        day("28-3"),
        day("1-5"),
        day("8-5"),
    ]


def test_a_new_due_day_holds_through_later_reschedules():
    plan = reschedule(first_plan(TERMS, START), 4, NewDueOn(day("15-6")))
    longer = reschedule(plan, 6, Extra(1))
    assert [row.due_on for row in longer.rows[-2:]] == [day("15-12"), date(2027, 1, 15)]
    moved = reschedule(plan, 3, Grace(1))
    assert [row.due_on for row in moved.rows[1:6]] == [day("31-3"), day("30-4"), day("31-5"), day("15-7"), day("15-8")]


def test_what_is_left_of_the_first_grace_stays():
    terms = Terms(Method.FLAT, 900_000, Decimal(1), 5, grace=2)
    assert [row.principal for row in rows_after(Extra(1), 2, terms)] == [0, 0, *[225_000] * 4]


def test_a_later_rate_stays_where_an_earlier_row_is_shared_anew():
    plan = reschedule(first_plan(TERMS, START), 6, NewRate(Decimal(1)))
    assert [(row.principal, row.service_fee) for row in reschedule(plan, 3, Extra(2)).rows] == [
        *[(100_000, 15_000)] * 2,
        *[(80_000, 15_000)] * 3,
        *[(80_000, 10_000)] * 7,
    ]


def test_a_flat_fee_sums_to_what_all_rows_promise():
    """15.500 a row, rounded to 16.000: the last row gives back twelve times 500."""
    terms = Terms(Method.FLAT, 1_000_000, Decimal("1.55"), 10, step=1000, round_what=RoundWhat.PARTS)
    for what in (Extra(2), Grace(2)):
        assert [row.service_fee for row in rows_after(what, 5, terms)] == [*[16_000] * 11, 10_000]


def test_nothing_left_to_share_is_said():
    terms = Terms(Method.FLAT, 10, Decimal(0), 3, step=5, rounding=Rounding.UP)
    with pytest.raises(ScheduleError) as error:
        rows_after(Extra(1), 3, terms)
    assert str(error.value) == "Tidak ada pokok yang tersisa mulai angsuran ke-3; hanya tanggalnya bisa diubah."


def test_a_rest_that_cannot_be_rounded_is_said():
    terms = Terms(Method.FLAT, 1_000_000, Decimal(0), 4, step=250_000, rounding=Rounding.UP)
    with pytest.raises(ScheduleError) as error:
        rows_after(Extra(2), 3, terms)
    assert str(error.value) == (
        "Sisa pokok Rp500.000 mulai angsuran ke-3 tidak bisa dibagi atas 4 angsuran bila dibulatkan ke Rp250.000;"
        " ubah jumlah angsurannya."
    )


def test_principal_every_third_row_stays_every_third_row():
    terms = Terms(Method.FLAT, 900_000, Decimal(1), 9, principal_every=3)
    longer = [0, 0, 300_000, 0, 0, 200_000, 0, 0, 200_000, 0, 200_000]
    assert [row.principal for row in rows_after(Extra(2), 4, terms)] == longer
    with_grace = [0, 0, 300_000, 0, 0, 0, 300_000, 0, 0, 300_000]
    assert [row.principal for row in rows_after(Grace(1), 5, terms)] == with_grace


def test_a_village_with_its_own_days_keeps_them():
    """On the tenth; the row with its own new day is followed by months."""

    def tenth(count):
        return [date(2026 + (1 + number) // 12, (1 + number) % 12 + 1, 10) for number in range(count)]

    plan = reschedule(first_plan(TERMS, START, tenth), 4, Grace(2))
    assert [row.due_on for row in plan.rows] == tenth(12)
    moved = reschedule(plan, 11, NewDueOn(date(2027, 1, 20)))
    assert [row.due_on for row in moved.rows[9:]] == [day("10-11"), date(2027, 1, 20), date(2027, 2, 20)]


def test_the_first_instalment_can_move_too():
    plan = reschedule(first_plan(TERMS, START), 1, NewDueOn(date(2026, 4, 15)))
    assert [row.due_on for row in plan.rows[:3]] == [date(2026, 4, 15), date(2026, 5, 15), date(2026, 6, 15)]
