"""A payment finishes the oldest instalment first; whatever it is, its parts sum to it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.allocation import DEFAULT_ORDER, Due, Kind, allocate, open_dues, parse_order
from loans.schedule import Row

ROWS = (
    Row(1, date(2026, 2, 28), 100000, 15000, 200000),
    Row(2, date(2026, 3, 31), 100000, 15000, 100000),
    Row(3, date(2026, 4, 30), 100000, 15000, 0),
)
DUES = (
    Due(1, date(2026, 2, 28), service_fee=5000, principal=100000, penalty=2000),
    Due(2, date(2026, 3, 31), service_fee=15000, principal=100000),
)


def test_nothing_paid_leaves_every_row_open():
    assert open_dues(ROWS, 0, 0) == (
        Due(1, date(2026, 2, 28), 15000, 100000),
        Due(2, date(2026, 3, 31), 15000, 100000),
        Due(3, date(2026, 4, 30), 15000, 100000),
    )


def test_what_was_paid_closes_the_oldest_rows_whatever_their_order():
    assert open_dues(reversed(ROWS), 130000, 30000) == (
        Due(2, date(2026, 3, 31), 0, 70000),
        Due(3, date(2026, 4, 30), 15000, 100000),
    )


def test_a_row_with_its_fee_unpaid_stays_open():
    assert open_dues(ROWS, 300000, 44999) == (Due(3, date(2026, 4, 30), 1, 0),)


def test_a_loan_paid_in_full_has_no_dues():
    assert open_dues(ROWS, 300000, 45000) == ()


def test_a_payment_takes_penalty_then_fee_then_principal():
    assert allocate(50000, DUES) == {Kind.PENALTY: 2000, Kind.SERVICE_FEE: 5000, Kind.PRINCIPAL: 43000}


def test_the_oldest_instalment_is_finished_before_the_next_begins():
    assert allocate(117000, DUES) == {Kind.PENALTY: 2000, Kind.SERVICE_FEE: 15000, Kind.PRINCIPAL: 100000}


def test_another_order_takes_principal_first():
    order = parse_order("principal,service_fee,penalty")
    assert allocate(103000, DUES, order) == {Kind.PRINCIPAL: 100000, Kind.SERVICE_FEE: 3000}


def test_what_is_beyond_the_whole_loan_is_credit():
    assert allocate(250000, DUES) == {
        Kind.PENALTY: 2000,
        Kind.SERVICE_FEE: 20000,
        Kind.PRINCIPAL: 200000,
        Kind.CREDIT: 28000,
    }


def test_a_payment_on_nothing_due_is_all_credit():
    assert allocate(1000, ()) == {Kind.CREDIT: 1000}


@pytest.mark.parametrize("amount", [0, -50000])
def test_a_payment_of_nothing_is_refused(amount):
    with pytest.raises(ValueError) as error:
        allocate(amount, DUES)
    assert str(error.value) == "Jumlah bayar harus lebih dari nol, misalnya 50.000."


def test_an_order_is_a_permutation_of_what_can_be_owed():
    assert parse_order("service_fee, principal,penalty") == (Kind.SERVICE_FEE, Kind.PRINCIPAL, Kind.PENALTY)


@pytest.mark.parametrize(
    "text",
    ["", "penalty,service_fee", "penalty,penalty,principal", "penalty,service_fee,principal,credit", "a,b,c"],
)
def test_another_order_is_refused(text):
    with pytest.raises(ValueError) as error:
        parse_order(text)
    assert str(error.value) == (
        "Urutan pembagian harus memuat penalty, service_fee, dan principal, masing-masing satu kali,"
        " misalnya penalty,service_fee,principal."
    )


owed = st.integers(0, 200_000)
some_dues = st.lists(st.builds(Due, st.just(1), st.just(date(2026, 1, 31)), owed, owed, owed), max_size=6)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 2_000_000), some_dues, st.permutations(DEFAULT_ORDER))
def test_the_parts_sum_to_the_payment_and_none_exceeds_what_is_due(amount, dues, order):
    parts = allocate(amount, dues, order)
    due = {kind: sum(due.of(kind) for due in dues) for kind in DEFAULT_ORDER}
    assert sum(parts.values()) == amount
    assert [kind for kind, part in parts.items() if part < 1] == []
    assert [kind for kind in DEFAULT_ORDER if parts.get(kind, 0) > due[kind]] == []
    assert parts.get(Kind.CREDIT, 0) == max(0, amount - sum(due.values()))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=8), st.permutations(DEFAULT_ORDER))
def test_paying_in_pieces_comes_to_the_same_as_paying_at_once(pieces, order):
    paid = dict.fromkeys(Kind, 0)
    for piece in pieces:
        dues = open_dues(ROWS, paid[Kind.PRINCIPAL], paid[Kind.SERVICE_FEE])
        for kind, part in allocate(piece, dues, order).items():
            paid[kind] += part
    at_once = allocate(sum(pieces), open_dues(ROWS, 0, 0), order)
    assert {kind: part for kind, part in paid.items() if part} == at_once
