"""Principal less often than the fee, and due days that are given: to the rupiah, and by the plain rules."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.schedule import (
    Difference,
    Method,
    Rounding,
    RoundWhat,
    ScheduleError,
    Terms,
    build,
)
from tests.loans.schedules import FIRST, PARTS, START, amounts, annuity, bullet, declining, flat, refusal
from up2k_portal.lib.money import round_rupiah

# Principal less often than the fee


def test_flat_pays_the_fee_in_every_row_and_the_principal_in_each_third():
    assert amounts(flat(900000, "1", 9, principal_every=3)) == [
        (0, 9000),
        (0, 9000),
        (300000, 9000),
        (0, 9000),
        (0, 9000),
        (300000, 9000),
        (0, 9000),
        (0, 9000),
        (300000, 9000),
    ]


def test_declining_takes_the_fee_from_a_balance_that_falls_each_second_row():
    assert amounts(declining(300000, "2", 6, principal_every=2)) == [
        (0, 6000),
        (100000, 6000),
        (0, 4000),
        (100000, 4000),
        (0, 2000),
        (100000, 2000),
    ]


def test_the_last_row_carries_principal_wherever_it_stands():
    # three rows carry principal: 3, 6 and 7
    assert amounts(flat(900000, "1", 7, principal_every=3)) == [
        (0, 9000),
        (0, 9000),
        (300000, 9000),
        (0, 9000),
        (0, 9000),
        (300000, 9000),
        (300000, 9000),
    ]


def test_positions_are_counted_from_the_end_of_grace():
    assert amounts(declining(400000, "1", 5, grace=1, principal_every=2)) == [
        (0, 4000),
        (0, 4000),
        (200000, 4000),
        (0, 2000),
        (200000, 2000),
    ]


@pytest.mark.parametrize("agreed", [flat, declining])
def test_a_frequency_longer_than_the_loan_pays_the_principal_at_the_end(agreed):
    assert amounts(agreed(300000, "1", 3, principal_every=12)) == [(0, 3000), (0, 3000), (300000, 3000)]


def test_only_rows_with_principal_are_rounded_in_total():
    # 1,000,000 / 2 + 15,550 = 515,550 → 516,000; the last row takes the rest
    assert amounts(flat(1000000, "1.555", 4, step=1000, principal_every=2)) == [
        (0, 15550),
        (500450, 15550),
        (0, 15550),
        (499550, 15550),
    ]


def test_the_first_row_with_principal_takes_the_rests():
    # 1,000,000 / 3 → 333,000 in rows 3, 5 and 6; then 41,600 promised and 10,000 a row
    assert amounts(flat(1000000, "0.8", 6, step=1000, grace=1, principal_every=2, **PARTS, **FIRST)) == [
        (0, 8000),
        (0, 8000),
        (334000, 8000),
        (0, 8000),
        (333000, 8000),
        (333000, 8000),
    ]
    assert amounts(flat(1000000, "1.04", 4, step=1000, principal_every=2, **PARTS, **FIRST)) == [
        (0, 10000),
        (500000, 11600),
        (0, 10000),
        (500000, 10000),
    ]


def test_a_step_too_large_for_the_rows_with_principal_names_the_largest_that_works():
    # three rows carry principal: twice 4 is the most that two of them may take of 9
    assert refusal(flat(9, "0", 6, step=6, rounding=Rounding.UP, principal_every=2)) == (
        "Pokok angsuran ke-6 menjadi −Rp3 bila dibulatkan ke Rp6; pembulatan terbesar yang bisa dipakai Rp4."
    )
    assert refusal(flat(9, "0", 6, step=6, rounding=Rounding.UP, principal_every=2, **FIRST)) == (
        "Pokok angsuran ke-2 menjadi −Rp3 bila dibulatkan ke Rp6; pembulatan terbesar yang bisa dipakai Rp4."
    )


ONLY_FLAT_AND_DECLINING = (
    "Pokok yang lebih jarang dari jasa hanya untuk jasa flat dan menurun; isi pokok tiap 1 angsuran."
)


@pytest.mark.parametrize(
    ("agreed", "sentence"),
    [
        (annuity(1000, "1", 4, principal_every=2), ONLY_FLAT_AND_DECLINING),
        (bullet(1000, "1", 4, principal_every=2), ONLY_FLAT_AND_DECLINING),
        (flat(1000, "1", 4, principal_every=0), "Pokok tiap 0 angsuran tidak mungkin; isi 1 sampai 600."),
        (flat(1000, "1", 4, principal_every=-1), "Pokok tiap -1 angsuran tidak mungkin; isi 1 sampai 600."),
        (flat(1000, "1", 4, principal_every=601), "Pokok tiap 601 angsuran tidak mungkin; isi 1 sampai 600."),
    ],
)
def test_an_impossible_frequency_of_the_principal_is_refused(agreed, sentence):
    assert refusal(agreed) == sentence


def plain_amounts(agreed):
    """The rules of a schedule whose principal is paid less often, once more and plainly."""

    def stepped(amount):
        return round_rupiah(amount, agreed.step, agreed.rounding)

    after_grace = range(agreed.grace + 1, agreed.instalments + 1)
    paying = sorted({*after_grace[agreed.principal_every - 1 :: agreed.principal_every], agreed.instalments})
    share, rate = Fraction(agreed.principal, len(paying)), Fraction(agreed.rate) / 100
    in_parts, is_flat = agreed.round_what == RoundWhat.PARTS, agreed.method == Method.FLAT
    rest_row = paying[0] if agreed.difference == Difference.FIRST else paying[-1]
    balance = agreed.principal
    for number in range(1, agreed.instalments + 1):
        fee = round_rupiah((agreed.principal if is_flat else balance) * rate)
        fee = stepped(fee) if in_parts else fee
        ordinary = stepped(share) if in_parts else stepped(share + fee) - fee
        principal = ordinary if number in paying else 0
        if number == rest_row:
            principal = balance - ordinary * sum(other > number for other in paying)
            if is_flat:
                fee = round_rupiah(agreed.principal * rate * agreed.instalments) - fee * (agreed.instalments - 1)
        balance -= principal
        yield principal, fee


@st.composite
def loans_with_rare_principal(draw, smallest=300_000, largest=50_000_000, steps=(1, 7, 100, 500, 1000)):
    method = draw(st.sampled_from([Method.FLAT, Method.DECLINING]))
    round_what = draw(st.sampled_from(RoundWhat))
    may_be_first = method == Method.FLAT or round_what == RoundWhat.PARTS
    instalments = draw(st.integers(1, 24))
    return Terms(
        method=method,
        principal=draw(st.integers(smallest, largest)),
        rate=draw(st.decimals(0, 20, places=2)),
        instalments=instalments,
        grace=draw(st.integers(0, instalments - 1)),
        step=draw(st.sampled_from(steps)),
        rounding=draw(st.sampled_from(Rounding)),
        round_what=round_what,
        difference=draw(st.sampled_from(Difference)) if may_be_first else Difference.LAST,
        principal_every=draw(st.integers(1, 12)),
    )


@settings(max_examples=300, deadline=None)
@given(loans_with_rare_principal())
def test_rare_principal_comes_back_to_the_rupiah_by_the_plain_rules(agreed):
    expected = list(plain_amounts(agreed))
    if min(map(min, expected)) < 0:
        with pytest.raises(ScheduleError):
            build(agreed, START)
        return
    rows = build(agreed, START)
    assert [(row.principal, row.service_fee) for row in rows] == expected
    assert (sum(row.principal for row in rows), rows[-1].balance) == (agreed.principal, 0)


@settings(max_examples=300, deadline=None)
@given(loans_with_rare_principal(1, 300, steps=range(1, 121)))
def test_a_refusal_of_rare_principal_names_the_largest_step_that_works(agreed):
    def works(step):
        return min(map(min, plain_amounts(replace(agreed, step=step)))) >= 0

    best = next((step for step in range(agreed.step, 0, -1) if works(step)), 0)
    if best == agreed.step:
        build(agreed, START)
    elif best:
        assert refusal(agreed).endswith(f"; pembulatan terbesar yang bisa dipakai Rp{best}.")
    else:
        assert "tidak ada pembulatan yang bisa dipakai" in refusal(agreed)


# Due days given


DAYS = (date(2026, 8, 31), date(2027, 1, 31), date(2027, 8, 31))


def test_given_due_days_replace_the_reckoned_ones_and_change_no_amount():
    agreed = declining(900000, "2", 3)
    rows = build(agreed, START, DAYS)
    assert tuple(row.due_on for row in rows) == DAYS
    assert [(row.principal, row.service_fee, row.balance) for row in rows] == [
        (row.principal, row.service_fee, row.balance) for row in build(agreed, START)
    ]


def test_given_due_days_may_lie_where_reckoned_ones_could_not():
    last = (date(9999, 12, 30), date(9999, 12, 31))
    assert [row.due_on for row in build(flat(1000, "1", 2), date(9999, 12, 29), last)] == list(last)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (DAYS[:2], "Ada 2 hari jatuh tempo untuk 3 kali angsuran; isi 3 hari, satu tiap angsuran."),
        ((), "Ada 0 hari jatuh tempo untuk 3 kali angsuran; isi 3 hari, satu tiap angsuran."),
        (
            (START, *DAYS[1:]),
            "Angsuran ke-1 jatuh 31 Januari 2026, padahal pencairan 31 Januari 2026; isi hari sesudah itu.",
        ),
        (
            (DAYS[0], DAYS[0], DAYS[2]),
            "Angsuran ke-2 jatuh 31 Agustus 2026, padahal angsuran ke-1 31 Agustus 2026; isi hari sesudah itu.",
        ),
        (
            (DAYS[0], DAYS[2], DAYS[1]),
            "Angsuran ke-3 jatuh 31 Januari 2027, padahal angsuran ke-2 31 Agustus 2027; isi hari sesudah itu.",
        ),
    ],
)
def test_impossible_due_days_are_refused(days, sentence):
    with pytest.raises(ScheduleError) as error:
        build(flat(1000, "1", 3), START, days)
    assert str(error.value) == sentence
