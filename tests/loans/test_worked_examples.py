"""Examples that others published, to the rupiah: how a loan is paid back, split, undone, fined and paid off early.

Amounts in another currency are taken in its smallest unit, as the portal takes rupiah. Of what a source calls bunga or
interest our word is jasa (service fee).
"""

from datetime import date
from decimal import Decimal

import pytest

from loans.allocation import DEFAULT_ORDER, Due, Kind, allocate, open_dues
from loans.payoff import quote
from loans.penalty import Charge, PenaltyKind, Rule, charges
from loans.replay import Payment, Penalty, Reversal, Status, replay
from loans.schedule import Method, Terms, build, totals
from tests.loans.schedules import START, amounts, annuity, declining, flat

# ---- schedules


def test_flat_of_a_cooperative_s_simulation():
    """Koperasi Konsumen Wadah Titian Harapan, "Simulasi Analisa Prosedur Pinjaman"
    (https://id.scribd.com/document/497185523): Rp30.000.000, 12 times, 12% a year flat: 2.500.000 and 300.000 each
    time, 33.600.000 in all, 15.000.000 left after the sixth.
    """
    rows = build(flat(30_000_000, "1", 12), START)
    assert {(row.principal, row.service_fee, row.total) for row in rows} == {(2_500_000, 300_000, 2_800_000)}
    assert (rows[5].balance, totals(rows)) == (15_000_000, (30_000_000, 3_600_000))


def test_flat_by_a_rate_of_the_year():
    """ "Cara Menghitung Bunga Pinjaman Koperasi" (https://bisnishandal.com/menghitung-bunga-pinjaman-koperasi/):
    Rp12.000.000 at 5% a year over 24 months: 500.000 principal and 50.000 interest a month.
    """
    agreed = Terms(Method.FLAT, 12_000_000, Decimal("0.416666666667"), 24)  # 5% ÷ 12
    assert set(amounts(agreed)) == {(500_000, 50_000)}


def test_flat_of_three_years():
    """Manajemen Keuangan II, group paper (https://id.scribd.com/document/423090835): Rp90.000.000, 36 months, 1% a
    month: 2.500.000 and 900.000; 60.000.000 left after the twelfth, 30.000.000 after the twenty-fourth.
    """
    rows = build(flat(90_000_000, "1", 36), START)
    assert {(row.principal, row.service_fee) for row in rows} == {(2_500_000, 900_000)}
    assert (rows[11].balance, rows[23].balance) == (60_000_000, 30_000_000)


def test_declining_by_a_rate_of_the_year():
    """ "Begini cara menghitung bunga kredit" (https://fame.grid.id/read/463737867, page 4): Rp120.000.000 at 10% a year
    over 12 months, principal 10.000.000: interest 1.000.000 in the first month, 916.667 in the second, 83.333 in the
    last.
    """
    rows = build(Terms(Method.DECLINING, 120_000_000, Decimal("0.833333333333"), 12), START)  # 10% ÷ 12
    assert {row.principal for row in rows} == {10_000_000}
    assert [rows[at].service_fee for at in (0, 1, 11)] == [1_000_000, 916_667, 83_333]
    assert [rows[at].total for at in (0, 1, 11)] == [11_000_000, 10_916_667, 10_083_333]


def test_declining_of_a_cooperative():
    """ "Perhitungan Bunga Koperasi" (https://gema-rahmadhania.blogspot.com/2017/10/perhitungan-bunga-koperasi.html):
    Rp6.000.000 over 6 months at 12% a year, sliding: each month the balance times 12%/12.
    """
    fees = [60_000, 50_000, 40_000, 30_000, 20_000, 10_000]
    assert amounts(declining(6_000_000, "1", 6)) == [(1_000_000, fee) for fee in fees]


def test_an_annuity_goes_on_from_the_balance():
    """ "How to Calculate Reducing Balance Interest Rate" (https://www.sapling.com/8703730): $1,000 at 2% a month over 6
    months: $178.53 a month; $20 of interest and $158.53 of principal first, then $16.83 and $161.70; $71.15 of
    interest in all.
    """
    rows = build(annuity(100_000, "2", 6), START)
    assert [(row.service_fee, row.principal) for row in rows[:2]] == [(2_000, 15_853), (1_683, 16_170)]
    assert {row.total for row in rows[:-1]} == {17_853}
    assert abs(totals(rows)[1] - 7_115) <= 3  # half a cent a month at most: the source adds rounded payments


def test_a_long_annuity_keeps_its_payment():
    """ "Simulasi kredit: bunga efektif vs bunga flat" (https://tr.scribd.com/document/343771564): Rp100.000.000 at 15%
    a year over 10 years: 1.613.349,57 a month; 363.349,57 principal first, 561.242,78 in the 36th; 93.601.948 interest.
    """
    rows = build(annuity(100_000_000, "1.25", 120), START)
    assert {row.total for row in rows[:-1]} == {1_613_350}
    assert (rows[0].principal, rows[0].service_fee) == (363_350, 1_250_000)
    assert abs(rows[35].principal - 561_243) <= 1
    assert abs(totals(rows)[1] - 93_601_948) <= 60  # half a rupiah a month at most


# ---- the split of a payment


def test_a_payment_goes_to_penalty_then_fees_then_principal():
    """ "The Fineract transaction processing strategy explained" (https://www.eddymens.com/blog/the-fineract-transaction-
    processing-strategy-explained-creocore-strategy-mifos-standard-strategy-etc-53049e4970409): owed are principal 100,
    interest 10, fees 5, penalties 2; of 20 paid 2 go to penalties, 5 to fees, 10 to interest, 3 to principal. Fees and
    interest are one for us.
    """
    due = Due(1, date(2026, 2, 28), service_fee=10 + 5, principal=100, penalty=2)
    assert allocate(20, (due,)) == {Kind.PENALTY: 2, Kind.SERVICE_FEE: 15, Kind.PRINCIPAL: 3}


def test_the_oldest_instalment_comes_first():
    """FINERACT-1968, "Configurable payment allocation" (https://issues.apache.org/jira/browse/FINERACT-1968): past due
    always from the oldest instalment, then the one due, then the next ones.
    """
    dues = open_dues(build(flat(300_000, "1.5", 3), START), 0, 0)  # 104.500 each
    assert allocate(104_500 + 10_000, dues) == {Kind.SERVICE_FEE: 9_000, Kind.PRINCIPAL: 105_500}


# ---- what is undone, and what was paid too much


def day(text: str) -> date:
    return date.fromisoformat(f"2022-{text}")


def state(principal: int, times: int, *events, on: str):
    terms = Terms(Method.FLAT, principal, Decimal(0), times)
    return replay(terms, day("06-01"), DEFAULT_ORDER, events, day(on))


def test_a_repayment_undone_then_a_fee_then_paid_again():
    """Apache Fineract, fineract-e2e-tests-runner, LoanRepayment.feature, "fully repay a loan and check a repayment
    reversal with NSF fee" (TestRail C57): 1000 lent on 1 June 2022 for a month and repaid on 15 June; undone, 1000 are
    outstanding; with a fee of 10 on 18 June 1010; 1010 repaid leave 0.
    """
    paid = Payment("a", day("06-15"), 1_000)
    undone, fee = Reversal("x", "a", day("06-15")), Penalty("fee", day("06-18"), 10, 1)
    again = Payment("b", day("06-18"), 1_010)
    assert state(1_000, 1, paid, on="06-14").outstanding_principal == 1_000
    assert state(1_000, 1, paid, on="06-15").outstanding_principal == 0
    assert state(1_000, 1, paid, undone, on="06-15").outstanding_principal == 1_000
    owed = state(1_000, 1, paid, undone, fee, on="06-18").instalments[0]
    assert owed.total + owed.penalty - owed.paid_penalty - owed.paid_principal == 1_010
    closed = state(1_000, 1, paid, undone, fee, again, on="06-18")
    assert (closed.outstanding_principal, closed.instalments[0].status, closed.credit) == (0, Status.PAID, 0)
    (kept,) = closed.payments
    assert (kept.id, kept.penalty, kept.principal) == ("b", 10, 1_000)


def test_what_is_repaid_beyond_the_loan_is_credit():
    """The same suite, "check the Autopay repayment undo and repayment after loan closed state" (TestRail C2464): 5000
    over 24 months, repaid on the first day, undone (5000 outstanding), repaid again, and 100 more: overpaid by 100.
    """
    first = day("06-01")
    events = [Payment("a", first, 5_000), Reversal("x", "a", first), Payment("b", first, 5_000)]
    assert state(5_000, 24, *events[:2], on="06-01").outstanding_principal == 5_000
    assert state(5_000, 24, *events, on="06-01").outstanding_principal == 0
    over = state(5_000, 24, *events, Payment("c", first, 100), on="06-01")
    assert (over.outstanding_principal, over.credit) == (0, 100)


# ---- fines


LATE = date(2026, 4, 15)
PERCENT, FIXED = Rule(PenaltyKind.PERCENT, percent=Decimal(10)), Rule(PenaltyKind.FIXED, amount=25)


@pytest.mark.parametrize(
    ("rule", "unpaid", "fine"),
    [
        (FIXED, [900], [25]),  # "$25, and the account is $900 overdue: the late fee assessed will be $25"
        (PERCENT, [90], [9]),  # "10%, and only $90 of a $200 payment is due: $9"
        (PERCENT, [200], [20]),  # "10% of 200"
        (PERCENT, [300, 300, 300], [30, 30, 30]),  # "only on the amount due for that month, not on $900"
    ],
)
def test_a_fine_is_of_each_instalment_by_itself(rule, unpaid, fine):
    """Oracle Financial Services Lending and Leasing, "Late Fee Methods Definitions", FLAT AMOUNT and PERCENTAGE OF
    PAYMENT DUE (https://docs.oracle.com/cd/F27106_01/html/Lease_Servicing_Setup_Guide/
    Appendix_Late_fee_term_definitions.htm).
    """
    dues = [Due(at, date(2026, at, 28), service_fee=0, principal=amount) for at, amount in enumerate(unpaid, 1)]
    found = charges(rule, dues, {}, LATE)
    assert found == tuple(Charge(at, amount) for at, amount in enumerate(fine, 1))


def test_a_fine_of_a_percent_of_a_missed_payment():
    """ "How Are Late Fees and Penalty Interest Calculated in Loans?" (https://finhelp.io/glossary/how-late-fees-and-
    penalty-interest-are-calculated-in-loans): a payment of $1,200 missed, 4%: $48; a flat fee of $35 is $35.
    """
    missed = (Due(1, date(2026, 3, 31), service_fee=20_000, principal=100_000),)
    assert charges(Rule(PenaltyKind.PERCENT, percent=Decimal(4)), missed, {}, LATE) == (Charge(1, 4_800),)
    assert charges(Rule(PenaltyKind.FIXED, amount=3_500), missed, {}, LATE) == (Charge(1, 3_500),)


def test_no_fine_within_the_days_of_grace():
    """ "What is considered an on-time payment?" (https://help.withyotta.com/en/articles/5264222): within 15 days after
    the due day no fee; later 5% of the payment due.
    """
    rule = Rule(PenaltyKind.PERCENT, percent=Decimal(5), free_days=15)
    due = (Due(1, date(2026, 3, 31), service_fee=15_000, principal=100_000),)
    assert charges(rule, due, {}, date(2026, 4, 15)) == ()
    assert charges(rule, due, {}, date(2026, 4, 16)) == (Charge(1, 5_750),)


# ---- paid off early


def test_what_is_left_of_a_flat_loan_pays_it_off():
    """ "Early Settlement Calculator" (https://calculator.academy/early-settlement-calculator/): of equal instalments of
    principal without interest P × (n − t) / n are left after t of n; here for the Rp90.000.000 over 36 months of
    `test_flat_of_three_years`, of which 60.000.000 are left after twelve: to that comes the running month's 900.000,
    or all 24 × 900.000 where the group asks for all fees.
    """
    rows = build(flat(90_000_000, "1", 36), START)
    dues, on = open_dues(rows, 12 * 2_500_000, 12 * 900_000), rows[11].due_on
    left = 90_000_000 * (36 - 12) // 36
    running, all_fees = quote(dues, on, fees="running", schedule=rows), quote(dues, on, fees="all", schedule=rows)
    assert (running.principal, running.service_fee, running.waived_service_fee) == (left, 900_000, 23 * 900_000)
    assert (all_fees.principal, all_fees.total) == (60_000_000, 60_000_000 + 24 * 900_000)
