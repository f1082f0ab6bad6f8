"""How a total is shared: exact examples, and what holds for any total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans.totals import Shares, share_total

rupiah = st.integers(0, 5_000_000)
dues = st.dictionaries(st.sampled_from(["mandatory", "contribution"]), rupiah, max_size=2)
ahead = st.sampled_from([None, "voluntary"])


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        # A loan of 1.000.000 at 1,5 % flat in ten: 115.000 a month; wajib 10.000, iuran 2.000 (rules.md 3.2).
        (100_000, Shares(100_000)),
        (115_000, Shares(115_000)),
        (120_000, Shares(115_000, {"mandatory": 5_000})),
        (127_000, Shares(115_000, {"mandatory": 10_000, "contribution": 2_000})),
        (150_000, Shares(138_000, {"mandatory": 10_000, "contribution": 2_000})),
    ],
)
def test_the_loan_comes_first_then_wajib_and_iuran_then_money_ahead(total, expected):
    assert share_total(total, loan_due=115_000, savings_due={"mandatory": 10_000, "contribution": 2_000}) == expected


def test_money_ahead_may_go_to_savings_instead():
    assert share_total(150_000, loan_due=115_000, ahead_to="voluntary") == Shares(115_000, {"voluntary": 35_000})
    assert share_total(50_000, loan_due=0, ahead_to="voluntary") == Shares(0, {"voluntary": 50_000})


def test_money_ahead_joins_a_due_of_the_same_kind():
    shares = share_total(150_000, loan_due=100_000, savings_due={"mandatory": 10_000}, ahead_to="mandatory")
    assert shares == Shares(100_000, {"mandatory": 50_000})


@pytest.mark.parametrize("total", [0, -1])
def test_a_total_of_nothing_is_refused(total):
    with pytest.raises(ValueError, match="Jumlah harus lebih dari nol, misalnya 50.000."):
        share_total(total, loan_due=1)


@pytest.mark.parametrize("due", [{"loan_due": -1}, {"loan_due": 0, "savings_due": {"mandatory": -1}}])
def test_dues_below_nothing_are_refused(due):
    with pytest.raises(ValueError, match="Tagihan tidak mungkin di bawah nol"):
        share_total(1, **due)


@given(st.integers(1, 10_000_000), rupiah, dues, ahead)
def test_shares_add_up_and_none_is_below_zero(total, loan_due, savings_due, ahead_to):
    shares = share_total(total, loan_due=loan_due, savings_due=savings_due, ahead_to=ahead_to)
    assert shares.total == total
    assert shares.loan >= 0
    assert all(amount > 0 for amount in shares.savings.values())


@given(st.integers(1, 10_000_000), rupiah, dues, ahead)
def test_nothing_is_paid_before_what_comes_before_it(total, loan_due, savings_due, ahead_to):
    shares = share_total(total, loan_due=loan_due, savings_due=savings_due, ahead_to=ahead_to)
    left = max(total - loan_due, 0)
    for kind, due in savings_due.items():
        assert shares.savings.get(kind, 0) == min(left, due)
        left = max(left - due, 0)
    beyond_dues = shares.savings.get("voluntary", 0) if ahead_to else shares.loan - min(total, loan_due)
    assert beyond_dues == left


@given(st.integers(1, 5_000_000), st.integers(1, 1_000_000), rupiah, dues, ahead)
def test_more_money_never_lessens_a_share(total, more, loan_due, savings_due, ahead_to):
    facts = {"loan_due": loan_due, "savings_due": savings_due, "ahead_to": ahead_to}
    less, greater = share_total(total, **facts), share_total(total + more, **facts)
    assert greater.loan >= less.loan
    assert all(greater.savings.get(kind, 0) >= amount for kind, amount in less.savings.items())
