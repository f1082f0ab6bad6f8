"""A late instalment is charged once, by the product's rule and never above its cap."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.allocation import Due
from loans.penalty import Charge, PenaltyKind, Rule, charges
from loans.schedule import ScheduleError

AS_OF = date(2026, 4, 10)
DUES = (
    Due(1, date(2026, 2, 28), service_fee=5000, principal=100000),  # 41 days late
    Due(2, date(2026, 3, 31), service_fee=15000, principal=100000),  # 10 days late
    Due(3, date(2026, 4, 10), service_fee=15000, principal=100000),  # due on the day
    Due(4, date(2026, 5, 10), service_fee=15000, principal=100000),
)


def fixed(amount, **more):
    return Rule(PenaltyKind.FIXED, amount=amount, **more)


def percent(rate, **more):
    return Rule(PenaltyKind.PERCENT, percent=Decimal(rate), **more)


def charged(rule, dues=DUES, already=None, as_of=AS_OF):
    return [(charge.number, charge.amount) for charge in charges(rule, dues, already or {}, as_of)]


def test_by_default_nothing_is_charged():
    assert charges(Rule(), DUES, {}, AS_OF) == ()


def test_amounts_of_another_kind_of_rule_do_not_count():
    assert charged(Rule(amount=5000, percent=Decimal(2))) == []
    assert charged(fixed(5000, percent=Decimal(2))) == [(1, 5000), (2, 5000)]


def test_a_fixed_penalty_is_charged_on_each_late_instalment():
    assert charges(fixed(5000), DUES, {}, AS_OF) == (Charge(1, 5000), Charge(2, 5000))


def test_an_instalment_due_on_the_day_is_not_late():
    assert charged(fixed(5000), as_of=date(2026, 2, 28)) == []
    assert charged(fixed(5000), as_of=date(2026, 3, 1)) == [(1, 5000)]


@pytest.mark.parametrize(
    ("free_days", "numbers"),
    [(0, [1, 2]), (9, [1, 2]), (10, [1]), (40, [1]), (41, [])],
)
def test_an_instalment_late_no_more_than_the_free_days_is_free(free_days, numbers):
    assert [number for number, _ in charged(fixed(5000, free_days=free_days))] == numbers


def test_a_percentage_is_of_principal_and_fee_still_unpaid():
    assert charged(percent("2")) == [(1, 2100), (2, 2300)]


def test_a_percentage_leaves_out_penalties_unpaid():
    assert charged(percent("10"), [Due(1, date(2026, 2, 28), 0, 50000, penalty=9000)]) == [(1, 5000)]


def test_a_percentage_is_rounded_to_whole_rupiah_with_ties_up():
    late = date(2026, 2, 28)
    dues = [Due(1, late, 0, 50), Due(2, late, 0, 49), Due(3, late, 0, 150)]  # 0.5, 0.49, 1.5
    assert charged(percent("1"), dues) == [(1, 1), (3, 2)]
    assert charged(percent("1.5"), [Due(1, late, 33, 100)]) == [(1, 2)]  # 1.995


def test_an_instalment_with_only_its_penalty_unpaid_is_not_charged_again():
    assert charged(fixed(5000), [Due(1, date(2026, 2, 28), 0, 0, penalty=5000)]) == []


def test_an_instalment_is_charged_once():
    assert charged(fixed(5000), already={1: 5000}) == [(2, 5000)]
    assert charged(percent("2"), already={1: 1, 2: 2300}) == []


def test_a_waived_penalty_does_not_come_back():
    assert charged(fixed(5000), already={1: 0}) == [(2, 5000)]


@pytest.mark.parametrize(
    ("cap", "already", "expected"),
    [
        (10000, {}, [(1, 5000), (2, 5000)]),
        (8000, {}, [(1, 5000), (2, 3000)]),
        (5000, {}, [(1, 5000)]),
        (8000, {1: 5000}, [(2, 3000)]),
        (5000, {1: 5000}, []),
        (4000, {1: 5000}, []),
        (0, {}, []),
    ],
)
def test_all_penalties_of_a_loan_stay_within_the_cap(cap, already, expected):
    assert charged(fixed(5000, cap=cap), already=already) == expected


def test_the_oldest_instalment_is_charged_first_whatever_the_order():
    assert charged(fixed(5000, cap=8000), DUES[::-1]) == [(1, 5000), (2, 3000)]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"amount": -1}, "Denda −Rp1 tidak mungkin; isi Rp0 atau lebih, misalnya Rp5.000."),
        ({"percent": Decimal("-0.5")}, "Denda -0,5% tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        ({"percent": Decimal("100.1")}, "Denda 100,1% tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        ({"percent": Decimal("NaN")}, "Denda NaN% tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        ({"free_days": -1}, "Bebas denda -1 hari tidak mungkin; isi 0 atau lebih, misalnya 7."),
        ({"cap": -1}, "Denda paling banyak −Rp1 tidak mungkin; isi Rp0 atau lebih."),
    ],
)
def test_an_impossible_rule_is_refused(rule, sentence):
    with pytest.raises(ValueError) as error:
        Rule(**rule)
    assert str(error.value) == sentence


def test_a_kind_nobody_knows_is_refused():
    with pytest.raises(ScheduleError) as error:
        Rule("daily")
    assert str(error.value) == "“daily” tidak dikenal; pilih none, fixed, percent."


rules = st.builds(
    Rule,
    kind=st.sampled_from(PenaltyKind),
    amount=st.integers(0, 20000),
    percent=st.decimals(0, 100, places=2),
    free_days=st.integers(0, 20),
    cap=st.none() | st.integers(0, 50000),
)
some_dues = st.lists(st.tuples(st.integers(-30, 90), st.integers(0, 20000), st.integers(0, 200000)), max_size=8).map(
    lambda rows: [
        Due(number, AS_OF - timedelta(days=late), fee, principal)
        for number, (late, fee, principal) in enumerate(rows, 1)
    ]
)


@settings(max_examples=200, deadline=None)
@given(rules, some_dues, st.dictionaries(st.integers(1, 8), st.integers(0, 10000)))
def test_charges_are_positive_late_new_and_within_the_cap(rule, dues, already):
    found = charges(rule, dues, already, AS_OF)
    late = {due.number for due in dues if due.due_on + timedelta(days=rule.free_days) < AS_OF}
    assert [charge for charge in found if charge.amount < 1] == []
    assert {charge.number for charge in found} <= late - set(already)
    if rule.cap is not None:
        assert sum(charge.amount for charge in found) <= max(0, rule.cap - sum(already.values()))


@settings(max_examples=200, deadline=None)
@given(rules, some_dues)
def test_charging_a_second_time_on_the_same_day_adds_nothing(rule, dues):
    already = {charge.number: charge.amount for charge in charges(rule, dues, {}, AS_OF)}
    assert charges(rule, dues, already, AS_OF) == ()
