"""What pays a loan off early: all principal, fees up to the running period or all of them, penalties."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.allocation import Due, allocate, open_dues
from loans.payoff import PayoffFees, Quote, quote
from loans.schedule import Method, ScheduleError, Terms, build

ROWS = build(Terms(Method.DECLINING, 400000, Decimal(2), 4), date(2026, 1, 31))
# 28 Feb 8,000; 31 Mar 6,000; 30 Apr 4,000; 31 May 2,000
DUES = open_dues(ROWS, 0, 0)


def fee_and_waived(as_of, dues=DUES, fees="running", **more):
    found = quote(dues, as_of, fees=fees, **more)
    return found.service_fee, found.waived_service_fee


@pytest.mark.parametrize(
    ("as_of", "fee", "waived"),
    [
        (date(2026, 1, 31), 8000, 12000),
        (date(2026, 2, 27), 8000, 12000),
        (date(2026, 2, 28), 14000, 6000),  # due on the day; the next period runs from it
        (date(2026, 3, 30), 14000, 6000),
        (date(2026, 4, 30), 20000, 0),
        (date(2026, 5, 31), 20000, 0),
        (date(2027, 1, 1), 20000, 0),
    ],
)
def test_fees_run_up_to_and_with_the_running_period(as_of, fee, waived):
    assert quote(DUES, as_of, fees="running") == Quote(0, fee, 400000, waived)


def test_all_fees_waive_nothing():
    assert quote(DUES, date(2026, 1, 31), fees="all") == Quote(0, 20000, 400000, 0)


def test_what_was_paid_is_not_asked_again():
    dues = open_dues(ROWS, 150000, 11000)  # row 2: 50,000 and 3,000 left
    assert quote(dues, date(2026, 3, 15), fees="running", schedule=ROWS) == Quote(0, 3000, 250000, 6000)


def test_penalties_are_those_of_the_rows_and_those_beside_them():
    dues = (Due(1, date(2026, 2, 28), 8000, 100000, penalty=2000), *DUES[1:])
    found = quote(dues, date(2026, 3, 10), fees=PayoffFees.RUNNING, penalty_owed=500)
    assert found == Quote(2500, 14000, 400000, 6000)
    assert found.total == 416500


def test_a_running_period_paid_ahead_does_not_hand_its_place_to_the_next():
    dues = open_dues(ROWS, 200000, 14000)  # rows 1 and 2 paid
    assert fee_and_waived(date(2026, 3, 10), dues, schedule=ROWS) == (0, 6000)
    assert fee_and_waived(date(2026, 3, 10), dues) == (4000, 2000)


def test_fees_in_arrears_are_never_waived():
    dues = open_dues(ROWS, 400000, 0)
    assert quote(dues, date(2026, 4, 1), fees="running") == Quote(0, 18000, 0, 2000)


def test_a_loan_paid_off_has_a_quote_of_nothing():
    found = quote((), date(2026, 4, 1), fees="running", schedule=ROWS)
    assert (found, found.total) == (Quote(0, 0, 0, 0), 0)


def test_another_word_for_the_fees_is_refused():
    with pytest.raises(ScheduleError) as error:
        quote(DUES, date(2026, 4, 1), fees="half")
    assert str(error.value) == "“half” tidak dikenal; pilih running, all."


some_days = st.integers(-10, 200).map(lambda days: ROWS[0].due_on + timedelta(days=days))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400000), st.integers(0, 20000), some_days, st.sampled_from(PayoffFees))
def test_a_quote_asks_for_all_principal_and_waives_only_what_it_does_not_ask(principal, fee, as_of, fees):
    dues = open_dues(ROWS, principal, fee)
    found = quote(dues, as_of, fees=fees, schedule=ROWS)
    assert found.principal == 400000 - principal
    assert found.service_fee + found.waived_service_fee == 20000 - fee
    assert min(found.service_fee, found.waived_service_fee) >= 0
    assert found.total == found.principal + found.service_fee


@settings(max_examples=200, deadline=None)
@given(some_days, st.integers(0, 60), st.integers(0, 20000))
def test_a_later_day_never_asks_for_less(as_of, days, fee):
    dues = open_dues(ROWS, 0, fee)
    later = as_of + timedelta(days=days)
    assert fee_and_waived(as_of, dues, schedule=ROWS)[0] <= fee_and_waived(later, dues, schedule=ROWS)[0]


def test_with_all_fees_the_total_pays_exactly_what_is_open():
    found = quote(DUES, date(2026, 3, 10), fees="all")
    assert allocate(found.total, DUES) == {"service_fee": 20000, "principal": 400000}
