"""What holds of every schedule, whatever the terms; the rules are written here a second time, plainly."""

import math
import random
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans.schedule import (
    PERIODS_A_YEAR,
    Difference,
    Every,
    Method,
    Rounding,
    RoundWhat,
    ScheduleError,
    Terms,
    build,
    due_on,
    effective_annual_rate,
    totals,
)

START = date(2026, 1, 31)
SHAPES = [
    *((method, RoundWhat.TOTAL, Difference.LAST) for method in Method),
    (Method.FLAT, RoundWhat.TOTAL, Difference.FIRST),
    (Method.FLAT, RoundWhat.PARTS, Difference.LAST),
    (Method.FLAT, RoundWhat.PARTS, Difference.FIRST),
    (Method.DECLINING, RoundWhat.PARTS, Difference.LAST),
    (Method.DECLINING, RoundWhat.PARTS, Difference.FIRST),
]
varied = settings(max_examples=200, deadline=None)


@st.composite
def any_terms(draw):
    method, round_what, difference = draw(st.sampled_from(SHAPES))
    instalments = draw(st.integers(1, 24))
    return Terms(
        method=method,
        principal=draw(st.integers(300_000, 50_000_000)),
        rate=draw(st.decimals(0, 20, places=2)),
        instalments=instalments,
        every=draw(st.sampled_from(Every)),
        grace=draw(st.integers(0, instalments - 1)),
        step=draw(st.sampled_from([1, 7, 100, 500, 1000])),
        rounding=draw(st.sampled_from(Rounding)),
        round_what=round_what,
        difference=difference,
    )


def small_loan(rng: random.Random, shape) -> Terms:
    """So small that most steps fail, and that every step can be tried."""
    method, round_what, difference = shape
    instalments, principal = rng.randint(2, 9), rng.randint(1, 600)
    return Terms(
        method=method,
        principal=principal,
        rate=Decimal(rng.choice(["0", "1.5", "7", "12.5", "40"])),
        instalments=instalments,
        grace=rng.randint(0, instalments // 2),
        step=rng.randint(1, principal),
        rounding=rng.choice(list(Rounding)),
        round_what=round_what,
        difference=difference,
    )


def build_if_it_works(terms):
    try:
        return build(terms, START)
    except ScheduleError:
        assume(False)


def r(amount: Fraction) -> int:
    return math.floor(amount + Fraction(1, 2))


def stepped(terms: Terms, amount: Fraction) -> int:
    steps = Fraction(amount) / terms.step
    whole = {Rounding.NEAREST: r, Rounding.UP: math.ceil, Rounding.DOWN: math.floor}[terms.rounding]
    return whole(steps) * terms.step


def payment(terms: Terms) -> Fraction:
    """PMT as the sum of discounted payments says it, not by the closed formula."""
    rate = Fraction(terms.rate) / 100
    discounts = sum(1 / (1 + rate) ** number for number in range(1, terms.instalments - terms.grace + 1))
    return terms.principal / discounts


def ordinary(terms: Terms, number: int, balance: int) -> tuple[int, int]:
    """Principal and fee of a row that takes no rest, as the rules have it."""
    base = terms.principal if terms.method == Method.FLAT else balance
    fee = r(base * Fraction(terms.rate) / 100)
    share = Fraction(terms.principal, terms.instalments - terms.grace)
    if terms.round_what == RoundWhat.PARTS:
        fee = stepped(terms, fee)
    if number <= terms.grace or terms.method == Method.BULLET:
        return 0, fee
    if terms.round_what == RoundWhat.PARTS:
        return stepped(terms, share), fee
    if terms.method == Method.ANNUITY:
        return stepped(terms, payment(terms)) - fee, fee
    return stepped(terms, share + fee) - fee, fee


@varied
@given(any_terms())
def test_the_principal_comes_back_to_the_rupiah_and_nothing_is_negative(terms):
    rows = build_if_it_works(terms)
    assert sum(row.principal for row in rows) == terms.principal
    assert rows[-1].balance == 0
    assert [row for row in rows if min(row.principal, row.service_fee, row.balance) < 0] == []
    assert [row.number for row in rows] == list(range(1, terms.instalments + 1))


@varied
@given(any_terms())
def test_every_row_but_the_one_with_the_rest_follows_the_rule(terms):
    rows = build_if_it_works(terms)
    rest = terms.instalments if terms.difference == Difference.LAST else terms.grace + 1
    balance = terms.principal
    for row in rows:
        principal, fee = ordinary(terms, row.number, balance)
        if row.number != rest:
            assert (row.principal, row.service_fee) == (principal, fee)
        elif terms.method != Method.FLAT:
            assert row.service_fee == fee
        balance -= row.principal
        assert row.balance == balance


@varied
@given(any_terms())
def test_a_flat_fee_sums_to_what_was_promised(terms):
    flat = replace(terms, method=Method.FLAT)
    promised = r(Fraction(flat.rate) / 100 * flat.principal * flat.instalments)
    assert totals(build_if_it_works(flat)) == (flat.principal, promised)


@varied
@given(any_terms())
def test_ordinary_totals_are_round(terms):
    rows = build_if_it_works(terms)[terms.grace :]
    others = rows[:-1] if terms.difference == Difference.LAST else rows[1:]
    if terms.method != Method.BULLET:
        assert [row for row in others if row.total % terms.step] == []


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[0] != Method.BULLET], ids=" ".join)
def test_a_refusal_names_the_largest_step_that_works(shape):
    """Against trying every step by the plain rules, one after the other."""
    rng = random.Random(2026)
    loans = [small_loan(rng, shape) for _ in range(120)]
    assert [named_step(terms) for terms in loans] == [best_step(terms) for terms in loans]
    assert sum(named_step(terms) != terms.step for terms in loans) >= 10


def named_step(terms: Terms) -> int:
    """The step itself where the schedule is made, the one that a refusal names, or 0 where it names none."""
    try:
        build(terms, START)
    except ScheduleError as error:
        named = re.search(r"terbesar yang bisa dipakai Rp(\d+)\.$", str(error))
        return int(named[1]) if named else 0
    return terms.step


def best_step(terms: Terms) -> int:
    return next((step for step in range(terms.step, 0, -1) if works(replace(terms, step=step))), 0)


def works(terms: Terms) -> bool:
    """Whether the plain rules give no negative row."""
    rest = terms.instalments if terms.difference == Difference.LAST else terms.grace + 1
    balance, promised = terms.principal, r(Fraction(terms.rate) / 100 * terms.principal * terms.instalments)
    for number in range(1, terms.instalments + 1):
        principal, fee = ordinary(terms, number, balance)
        if number == rest:
            principal = balance - principal * (terms.instalments - number)
            fee = promised - fee * (terms.instalments - 1) if terms.method == Method.FLAT else fee
        balance -= principal
        if min(principal, fee) < 0:
            return False
    return balance == 0


@varied
@given(any_terms())
def test_the_effective_rate_discounts_the_payments_to_the_principal(terms):
    rows = build_if_it_works(terms)
    effective = Fraction(effective_annual_rate(terms, rows))
    half = Fraction(1, 200)
    assert worth(terms, rows, effective - half) >= terms.principal > worth(terms, rows, effective + half)


def worth(terms, rows, percent_a_year: Fraction) -> Fraction:
    rate = percent_a_year / 100 / PERIODS_A_YEAR[terms.every]
    value = Fraction(0)
    for row in reversed(rows):
        value = (value + row.total) / (1 + rate)
    return value


@varied
@given(
    st.dates(date(1950, 1, 1), date(2100, 12, 31)),
    st.integers(1, 600),
)
def test_months_keep_the_day_or_end_with_the_month(start, number):
    day = due_on(start, number)
    assert (day.year * 12 + day.month) - (start.year * 12 + start.month) == number
    assert day.day == start.day or (day.day < start.day and (day + timedelta(days=1)).day == 1)


@varied
@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.sampled_from(Every))
def test_due_days_strictly_rise(start, every):
    days = [start, *(due_on(start, number, every) for number in range(1, 40))]
    assert days == sorted(set(days))


@pytest.mark.parametrize("every", Every)
def test_the_longest_loan_is_reckoned(every):
    terms = Terms(Method.ANNUITY, 10**12, Decimal("1.234567890123"), 600, every=every)
    rows = build(terms, START)
    assert (len(rows), sum(row.principal for row in rows), rows[-1].balance) == (600, 10**12, 0)
