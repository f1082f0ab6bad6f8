"""What holds of every loan and every history, and of a changed schedule against one made anew."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loans.allocation import DEFAULT_ORDER, Kind
from loans.replay import (
    Payment,
    Penalty,
    Recovery,
    ReplayError,
    Reschedule,
    Reversal,
    Status,
    WriteOff,
    replay,
    split,
)
from loans.reschedule import Extra, Grace, NewDueOn, NewRate, first_plan, reschedule
from loans.schedule import Difference, Method, ScheduleError, Terms, build
from tests.loans.test_schedule_properties import any_terms
from up2k_portal.lib.money import round_rupiah

START = date(2026, 1, 31)
varied = settings(max_examples=150, deadline=None)


@st.composite
def all_terms(draw):
    """Those of schedules, of which flat and declining ones may pay principal more rarely than the fee."""
    terms = draw(any_terms())
    rarely = terms.method in (Method.FLAT, Method.DECLINING)
    return replace(terms, principal_every=draw(st.integers(1, 5)) if rarely else 1)


def made(function, *given):
    """The rows, or None where the terms are impossible."""
    try:
        found = function(*given)
    except ScheduleError:
        return None
    return getattr(found, "rows", found)


def changed(terms, what, first=1):
    return made(lambda: reschedule(first_plan(terms, START), first, what))


@varied
@given(all_terms(), st.integers(1, 12))
def test_extra_rows_from_the_first_on_are_a_longer_loan(terms, extra):
    assume(made(build, terms, START))
    assert changed(terms, Extra(extra)) == made(build, replace(terms, instalments=terms.instalments + extra), START)


@varied
@given(all_terms(), st.decimals(0, 20, places=2))
def test_a_new_rate_from_the_first_row_on_is_another_loan(terms, rate):
    assume(made(build, terms, START))
    assert changed(terms, NewRate(rate)) == made(build, replace(terms, rate=rate), START)


@varied
@given(all_terms(), st.integers(1, 12))
def test_grace_from_the_first_row_on_is_a_loan_with_more_grace(terms, count):
    assume(made(build, terms, START))
    longer = replace(terms, instalments=terms.instalments + count, grace=terms.grace + count)
    assert changed(terms, Grace(count)) == made(build, longer, START)


WHATS = st.one_of(
    st.builds(Extra, st.integers(1, 12)),
    st.builds(Grace, st.integers(1, 12)),
    st.builds(NewRate, st.decimals(0, 20, places=2)),
    st.builds(NewDueOn, st.dates(START, date(2029, 12, 31))),
)


@varied
@given(all_terms(), st.lists(st.tuples(st.integers(1, 24), WHATS), min_size=1, max_size=4))
def test_whatever_is_changed_keeps_the_principal_and_the_rows_before(terms, changes):
    assume(made(build, terms, START))
    plan = first_plan(terms, START)
    for first, what in changes:
        try:
            new = reschedule(plan, min(first, len(plan.rows)), what)
        except ScheduleError:
            continue
        before = min(first, len(plan.rows)) - 1
        grown = what.instalments if isinstance(what, Extra | Grace) else 0
        assert new.rows[:before] == plan.rows[:before]
        assert len(new.rows) == len(plan.rows) + grown == len(new.rates) == len(new.fee_only)
        assert sum(row.principal for row in new.rows) == terms.principal
        assert [row.number for row in new.rows] == list(range(1, len(new.rows) + 1))
        assert [row for row in new.rows if min(row.principal, row.service_fee, row.balance) < 0] == []
        days = [START, *(row.due_on for row in new.rows)]
        assert days == sorted(set(days))
        plan = new
    if terms.method == Method.FLAT:
        promised = round_rupiah(sum(map(Fraction, plan.rates), Fraction(0)) * terms.principal / 100)
        assert sum(row.service_fee for row in plan.rows) == promised


@varied
@given(all_terms(), st.integers(1, 24), st.integers(1, 5))
def test_grace_leaves_the_other_rows_their_principal(terms, first, count):
    rows = made(build, terms, START)
    assume(rows and first <= len(rows))
    new = changed(terms, Grace(count), first)
    assume(new)
    assert [row.principal for row in new] == [
        *(row.principal for row in rows[: first - 1]),
        *[0] * count,
        *(row.principal for row in rows[first - 1 :]),
    ]
    assert [row.due_on for row in new] == [row.due_on for row in build_longer(terms, count)]


def build_longer(terms, count):
    """Only its days are used."""
    return build(Terms(Method.BULLET, 1, Decimal(0), terms.instalments + count, every=terms.every), START)


# Histories: anything is tried, what is impossible is left out, so that what is left is a possible history.

SMALL = st.builds(
    Terms,
    method=st.sampled_from([Method.FLAT, Method.DECLINING, Method.ANNUITY]),
    principal=st.integers(100_000, 1_000_000),
    rate=st.decimals(0, 5, places=1),
    instalments=st.integers(1, 8),
    step=st.sampled_from([1, 500]),
    difference=st.just(Difference.LAST),
)
DAYS = st.integers(0, 300).map(lambda days: START + timedelta(days=days))
NUMBERS = st.integers(1, 6)
STEPS = st.one_of(
    st.tuples(st.just("pay"), DAYS, st.integers(1, 400_000)),
    st.tuples(st.just("pay"), DAYS, st.integers(1, 400_000)),
    st.tuples(st.just("penalty"), DAYS, st.tuples(st.integers(1, 20_000), NUMBERS)),
    st.tuples(st.just("undo"), DAYS, st.integers(0, 8)),
    st.tuples(st.just("reschedule"), DAYS, st.tuples(NUMBERS, WHATS)),
    st.tuples(st.just("write off"), DAYS, st.none()),
    st.tuples(st.just("recover"), DAYS, st.integers(1, 50_000)),
)


def event_of(step, number):
    verb, on, what = step
    match verb:
        case "pay":
            return Payment(number, on, what)
        case "penalty":
            return Penalty(number, on, *what)
        case "undo":
            return Reversal(number, what, on)
        case "reschedule":
            return Reschedule(number, on, *what)
        case "write off":
            return WriteOff(on)
    return Recovery(number, on, what)


ORDERS = st.permutations(DEFAULT_ORDER)
FAR = date(2030, 1, 1)


@st.composite
def histories(draw):
    terms = draw(SMALL)
    assume(made(build, terms, START))
    order = draw(ORDERS)
    events = []
    for number, step in enumerate(draw(st.lists(STEPS, max_size=14))):
        event = event_of(step, number)
        try:
            replay(terms, START, order, [*events, event], FAR)
        except ReplayError:
            continue
        events.append(event)
    return terms, order, events


def is_possible(history, event):
    terms, order, events = history
    try:
        replay(terms, START, order, [*events, event], FAR)
    except ReplayError:
        return False
    return True


def days_of(events):
    return sorted({START, *(event.on for event in events), FAR})


@settings(max_examples=250, deadline=None)
@given(histories())
def test_no_rupiah_is_lost_on_any_day(history):
    terms, order, events = history
    for day in days_of(events):
        state = replay(terms, START, order, events, day)
        amounts = {event.id: event.amount for event in events if isinstance(event, Payment)}
        for payment in state.payments:
            parts = (payment.penalty, payment.service_fee, payment.principal, payment.credit)
            assert sum(parts) == amounts[payment.id]
            assert min(parts) >= 0
        paid = sum(payment.principal for payment in state.payments)
        assert state.outstanding_principal + state.written_off == terms.principal - paid
        assert paid == sum(row.paid_principal for row in state.instalments)
        assert sum(p.service_fee for p in state.payments) == sum(row.paid_service_fee for row in state.instalments)
        assert sum(p.penalty for p in state.payments) == sum(row.paid_penalty for row in state.instalments)
        for row in state.instalments:
            assert 0 <= row.paid_principal <= row.principal
            assert 0 <= row.paid_service_fee <= row.service_fee
            assert 0 <= row.paid_penalty <= row.penalty
        assert sum(state.ageing.values()) == state.overdue_principal
        assert (state.days_past_due > 0) == any(row.status == Status.OVERDUE for row in state.instalments)


@settings(max_examples=400, deadline=None)
@given(histories(), st.integers(0, 14), st.integers(0, 100))
def test_an_undo_is_a_history_without_the_payment(history, which, days):
    terms, order, events = history
    payments = [event for event in events if isinstance(event, Payment)]
    if not payments:
        return
    gone = payments[which % len(payments)]
    on = gone.on + timedelta(days=days)
    undo = Reversal("undo", gone.id, on)
    if gone.id in [event.of for event in events if isinstance(event, Reversal)] or not is_possible(history, undo):
        return
    without = [event for event in events if event != gone]
    for day in (day for day in days_of([*events, undo]) if day >= on):
        assert replay(terms, START, order, [*events, undo], day) == replay(terms, START, order, without, day)
    for day in (day for day in days_of(events) if day < on):
        assert replay(terms, START, order, [*events, undo], day) == replay(terms, START, order, events, day)


@settings(max_examples=100, deadline=None)
@given(SMALL, st.lists(st.tuples(DAYS, st.integers(1, 300_000)), min_size=1, max_size=8), st.randoms())
def test_the_order_of_recording_does_not_move_what_the_loan_got(terms, paid, rng):
    assume(made(build, terms, START))
    payments = [Payment(number, on, amount) for number, (on, amount) in enumerate(paid)]
    shuffled = rng.sample(payments, len(payments))
    one = replay(terms, START, DEFAULT_ORDER, payments, FAR)
    other = replay(terms, START, DEFAULT_ORDER, shuffled, FAR)
    assert replace(one, payments=()) == replace(other, payments=())
    lump = replay(terms, START, DEFAULT_ORDER, [Payment("all", FAR, sum(p.amount for p in payments))], FAR)
    assert lump.instalments == one.instalments


@settings(max_examples=200, deadline=None)
@given(SMALL, ORDERS, st.lists(st.tuples(DAYS, st.integers(1, 300_000)), max_size=8), st.data())
def test_a_split_is_one_queue_of_debts(terms, order, paid, data):
    """Against the plain rule: one debt after the other, those charged later not before their day."""
    rows = made(build, terms, START)
    assume(rows)
    charged = data.draw(st.lists(st.tuples(DAYS, st.integers(1, 20_000), st.integers(1, len(rows))), max_size=4))
    payments = [Payment(number, on, amount) for number, (on, amount) in enumerate(paid)]
    charges = [Penalty(f"p{number}", *one) for number, one in enumerate(charged)]
    owed = {(row.number, kind): getattr(row, kind, 0) for row in rows for kind in order}
    expected = {}
    waiting = sorted(charges, key=lambda charge: charge.on)
    for payment in sorted(payments, key=lambda payment: payment.on):
        while waiting and waiting[0].on <= payment.on:
            charge = waiting.pop(0)
            owed[charge.instalment, Kind.PENALTY] += charge.amount
        left = payment.amount
        parts = dict.fromkeys(Kind, 0)
        for debt in owed:
            part = min(left, owed[debt])
            owed[debt] -= part
            parts[debt[1]] += part
            left -= part
        parts[Kind.CREDIT] = left
        expected[payment.id] = parts
    assert split(rows, payments, charges, order) == expected


@pytest.mark.parametrize("method", [Method.FLAT, Method.DECLINING, Method.ANNUITY, Method.BULLET])
def test_the_longest_history_is_reckoned(method):
    terms = Terms(method, 6_000_000, Decimal("1.5"), 600)
    payments = [Payment(number, START + timedelta(days=number), 10_000) for number in range(600)]
    state = replay(terms, START, DEFAULT_ORDER, payments, FAR)
    assert sum(p.principal + p.service_fee for p in state.payments) == 6_000_000
