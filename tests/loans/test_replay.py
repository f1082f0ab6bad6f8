"""The life of one loan: Rp1.000.000, flat 1,5 %, ten instalments of 100.000 + 15.000 from 28 February 2026 on."""

from datetime import date
from decimal import Decimal

import pytest

from loans.aging import ageing, ageing_bucket
from loans.allocation import DEFAULT_ORDER, Kind
from loans.replay import Payment, Penalty, Recovery, ReplayError, Reschedule, Reversal, WriteOff, replay, split
from loans.reschedule import Extra, Grace
from loans.schedule import Method, Terms, build

START = date(2026, 1, 31)
TERMS = Terms(Method.FLAT, 1_000_000, Decimal("1.5"), 10)
FEE_FIRST_PENALTY_LAST = (Kind.SERVICE_FEE, Kind.PRINCIPAL, Kind.PENALTY)


def day(text):
    """ "15-3" is 15 March 2026."""
    number, month = map(int, text.split("-"))
    return date(2026, month, number)


PAID = Payment("a", day("28-2"), 115_000)


def on(as_of, *events, order=DEFAULT_ORDER, terms=TERMS):
    return replay(terms, START, order, events, day(as_of))


def paid(state):
    """Of each row that got something: number, fee, principal, penalty."""
    return [
        (row.number, row.paid_service_fee, row.paid_principal, row.paid_penalty)
        for row in state.instalments
        if row.paid_service_fee or row.paid_principal or row.paid_penalty
    ]


def parts(state):
    return {one.id: (one.penalty, one.service_fee, one.principal, one.credit) for one in state.payments}


def words(state):
    return " ".join(row.status for row in state.instalments[:4])


def amounts(state, first=1):
    return [(row.principal, row.service_fee) for row in state.instalments[first - 1 :]]


def refused(*events, terms=TERMS):
    with pytest.raises(ReplayError) as error:
        replay(terms, START, DEFAULT_ORDER, events, day("31-12"))
    return error.value.position, str(error.value)


# Payments


def test_a_payment_fills_the_oldest_row_and_then_the_next():
    state = on("28-2", Payment("a", day("20-2"), 120_000))
    assert parts(state) == {"a": (0, 20_000, 100_000, 0)}
    assert paid(state) == [(1, 15_000, 100_000, 0), (2, 5_000, 0, 0)]
    assert state.outstanding_principal == 900_000


def test_a_row_is_due_on_its_day_and_overdue_the_day_after():
    assert words(on("27-2")) == "future future future future"
    assert words(on("28-2")) == "due future future future"
    late = on("1-3")
    assert words(late) == "overdue future future future"
    assert (late.days_past_due, late.overdue_principal, late.overdue_service_fee) == (1, 100_000, 15_000)
    assert (late.collectability.level, late.ageing["1-30"]) == (2, 100_000)


def test_a_part_paid_row_is_partial_until_it_is_overdue():
    payment = Payment("a", day("20-2"), 120_000)
    assert words(on("31-3", payment)) == "paid partial future future"
    late = on("1-4", payment)
    assert words(late) == "paid overdue future future"
    assert (late.overdue_principal, late.overdue_service_fee, late.days_past_due) == (100_000, 10_000, 1)


def test_each_row_ages_by_its_own_days():
    state = on("30-6", Payment("a", day("1-3"), 15_000 + 40_000))
    assert state.ageing == {"1-30": 100_000, "31-60": 0, "61-90": 100_000, ">90": 160_000}
    assert (state.overdue_principal, state.overdue_service_fee) == (360_000, 45_000)
    assert (state.days_past_due, state.collectability.level) == (122, 4)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, ">90")],
)
def test_a_bucket_begins_where_the_one_before_ends(days, bucket):
    assert ageing_bucket(days) == bucket


def test_what_is_not_late_has_no_age():
    assert ageing([(0, 7), (-3, 8)]) == {"1-30": 0, "31-60": 0, "61-90": 0, ">90": 0}


def test_only_what_exceeds_the_whole_debt_is_credit():
    state = on("20-2", Payment("a", day("20-2"), 1_150_007))
    assert parts(state) == {"a": (0, 150_000, 1_000_000, 7)}
    assert (state.credit, state.outstanding_principal, words(state)) == (7, 0, "paid paid paid paid")


def test_a_payment_after_the_last_rupiah_is_all_credit():
    state = on("21-2", Payment("a", day("20-2"), 1_150_000), Payment("b", day("21-2"), 5_000))
    assert parts(state)["b"] == (0, 0, 0, 5_000)


def test_money_counts_by_its_day_whatever_was_recorded_first():
    late = Payment("late", day("15-3"), 115_000)
    early = Payment("early", day("10-3"), 20_000)
    state = on("15-3", late, early)
    assert list(parts(state).items()) == [("late", (0, 15_000, 100_000, 0)), ("early", (0, 15_000, 5_000, 0))]


def test_on_one_day_the_order_of_recording_decides():
    one, two = Payment("one", day("10-3"), 15_000), Payment("two", day("10-3"), 100_000)
    assert parts(on("10-3", one, two)) == {"one": (0, 15_000, 0, 0), "two": (0, 0, 100_000, 0)}
    assert parts(on("10-3", two, one)) == {"two": (0, 15_000, 85_000, 0), "one": (0, 0, 15_000, 0)}


def test_what_comes_after_the_day_is_ignored_even_if_it_could_not_be():
    state = on("1-3", Payment("a", day("1-3"), 15_000), Payment("a", day("2-3"), 0), WriteOff(day("3-3")))
    assert (list(parts(state)), state.written_off) == (["a"], 0)


# Penalties


def test_a_penalty_is_paid_inside_its_row_by_the_order():
    events = Penalty("d", day("5-3"), 5_000, 1), Payment("a", day("6-3"), 22_000)
    assert paid(on("6-3", *events)) == [(1, 15_000, 2_000, 5_000)]
    assert paid(on("6-3", *events, order=FEE_FIRST_PENALTY_LAST)) == [(1, 15_000, 7_000, 0)]


def test_a_penalty_does_not_exist_before_its_day():
    events = Payment("a", day("4-3"), 120_000), Penalty("d", day("5-3"), 5_000, 1), Payment("b", day("6-3"), 6_000)
    state = on("6-3", *events)
    assert parts(state) == {"a": (0, 20_000, 100_000, 0), "b": (5_000, 1_000, 0, 0)}
    assert paid(state) == [(1, 15_000, 100_000, 5_000), (2, 6_000, 0, 0)]


def test_an_unpaid_penalty_keeps_a_row_from_being_paid_but_makes_nothing_late():
    state = on("6-3", Payment("a", day("4-3"), 115_000), Penalty("d", day("5-3"), 5_000, 1))
    assert words(state) == "partial future future future"
    assert (state.days_past_due, state.overdue_principal, state.overdue_service_fee) == (0, 0, 0)


def test_penalties_belong_to_the_debt_before_there_is_credit():
    events = Penalty("d", day("5-3"), 5_000, 10), Payment("a", day("6-3"), 1_155_001)
    assert parts(on("6-3", *events)) == {"a": (5_000, 150_000, 1_000_000, 1)}


def test_a_credit_does_not_pay_what_is_charged_later():
    state = on("7-3", Payment("a", day("6-3"), 1_160_000), Penalty("d", day("7-3"), 5_000, 1))
    assert (state.credit, state.instalments[0].paid_penalty) == (10_000, 0)


# Undoing


def test_an_undone_payment_leaves_its_place_to_the_later_ones():
    events = (
        Payment("a", day("28-2"), 115_000),
        Payment("b", day("31-3"), 115_000),
        Reversal("x", "a", day("5-4")),
    )
    before, after = on("4-4", *events), on("5-4", *events)
    assert (paid(before), before.outstanding_principal) == ([(1, 15_000, 100_000, 0), (2, 15_000, 100_000, 0)], 800_000)
    assert (paid(after), parts(after)) == ([(1, 15_000, 100_000, 0)], {"b": (0, 15_000, 100_000, 0)})
    assert (before.days_past_due, after.days_past_due) == (0, 5)


def test_a_penalty_taken_back_frees_its_money():
    events = Penalty("d", day("5-3"), 5_000, 1), Payment("a", day("6-3"), 22_000), Reversal("x", "d", day("7-3"))
    assert paid(on("7-3", *events)) == [(1, 15_000, 7_000, 0)]


def test_an_id_may_be_a_number():
    assert on("7-3", Payment(1, day("6-3"), 22_000), Reversal(2, 1, day("6-3"))).payments == ()


# Writing off


def test_a_write_off_leaves_nothing_outstanding_and_recoveries_are_counted():
    events = (
        Payment("a", day("28-2"), 115_000 + 60_000),
        WriteOff(day("30-6")),
        Recovery("r", day("1-7"), 50_000),
        Recovery("s", day("2-7"), 20_000),
        Reversal("x", "s", day("3-7")),
    )
    state = on("3-7", *events)
    assert (state.outstanding_principal, state.written_off, state.recovered) == (0, 855_000, 50_000)
    assert (state.overdue_principal, state.overdue_service_fee, state.days_past_due) == (0, 0, 0)
    assert (sum(state.ageing.values()), state.collectability.level) == (0, 1)
    assert words(state) == "paid written_off written_off written_off"
    assert on("2-7", *events).recovered == 70_000
    assert on("29-6", *events).outstanding_principal == 855_000


# Rescheduling


def test_extra_rows_share_the_rest_of_the_principal():
    state = on("1-5", PAID, Reschedule("j", day("1-5"), 4, Extra(2)))
    assert amounts(state) == [(100_000, 15_000)] * 3 + [(77_778, 15_000)] * 8 + [(77_776, 15_000)]
    assert (state.instalments[-1].due_on, state.outstanding_principal) == (date(2027, 1, 31), 900_000)


def test_a_charge_moves_with_its_row():
    events = Penalty("d", day("5-3"), 5_000, 2), Reschedule("j", day("6-3"), 2, Grace(1))
    assert [row.penalty for row in on("6-3", *events).instalments[:4]] == [0, 0, 5_000, 0]


def test_after_a_reschedule_money_fills_the_new_rows():
    events = PAID, Reschedule("j", day("5-3"), 2, Extra(9)), Payment("b", day("31-3"), 65_000 + 7)
    state = on("31-3", *events)
    assert paid(state) == [(1, 15_000, 100_000, 0), (2, 15_000, 50_000, 0), (3, 7, 0, 0)]
    assert (len(state.instalments), state.outstanding_principal) == (19, 850_000)


# Parts that are facts


def test_parts_by_hand_are_never_split_again():
    by_hand = Payment("h", day("1-3"), 50_000, {Kind.PRINCIPAL: 50_000})
    state = on("2-3", by_hand, Payment("a", day("2-3"), 65_000))
    assert parts(state) == {"h": (0, 0, 50_000, 0), "a": (0, 15_000, 50_000, 0)}
    assert paid(state) == [(1, 15_000, 100_000, 0)]


def test_parts_by_hand_need_a_debt():
    by_hand = Payment("h", day("1-3"), 5_000, {Kind.PENALTY: 5_000})
    assert refused(by_hand) == (1, "Bagian denda Rp5.000 melebihi sisa utangnya Rp0.")


def test_rows_that_were_saved_are_split_the_same_way():
    rows = build(TERMS, START)
    payments = Payment("b", day("2-3"), 100_000), Payment("a", day("1-3"), 20_000)
    charges = (Penalty("d", day("2-3"), 5_000, 1),)
    assert {
        id: {kind: part for kind, part in got.items() if part} for id, got in split(rows, payments, charges).items()
    } == {
        "a": {Kind.SERVICE_FEE: 15_000, Kind.PRINCIPAL: 5_000},
        "b": {Kind.PENALTY: 5_000, Kind.PRINCIPAL: 95_000},
    }
