"""What taking back or entering late does to other receipts of a loan: worked examples to the rupiah.

A loan of Rp1.000.000 over ten months at 1,5% flat: each row asks for Rp100.000 principal and Rp15.000 fee, fee first.
Rp100.000 pay the fee and Rp85.000 of the first row; Rp20.000 after it pay the Rp15.000 left there and Rp5.000 of the
second fee. Without the first payment, Rp20.000 pay the first fee and Rp5.000 of its principal.
"""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from loans import life_services, services
from loans.chart import CREDIT, FEE, LOANS
from loans.closing_services import close_month, grant_exception
from loans.ledger_services import account_balance
from loans.life import Life
from loans.models import Loan, Receipt
from tests import build
from up2k_portal.lib.access import Role

FEB, MARCH, APRIL = date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 2)
DIVIDED = {"service_fee": 15_000, "principal": 85_000}
AFTER, WITHOUT = {"principal": 15_000, "service_fee": 5_000}, {"service_fee": 15_000, "principal": 5_000}
REASON = "salah ketik jumlah"


@pytest.fixture
def loan(db):
    return build.loan(build.member(build.group()), 1_000_000)


@pytest.fixture
def staff(loan):
    return build.user(Role.DISTRICT, loan.village.district.code)


def undo(receipt: Receipt, on: date = APRIL, by=None) -> Receipt:
    told = {"receipt": receipt, "reason": REASON, "reversed_on": on, "uuid": uuid4()}
    return services.reverse_payment(**told, by=by or receipt.recorded_by)


def standing(receipt: Receipt) -> dict[str, int]:
    return dict(receipt.parts.standing().values_list("kind", "amount"))


def parts(receipt: Receipt, role: str) -> list[tuple]:
    rows = receipt.parts.filter(role=role).order_by("pk")
    return list(rows.values_list("kind", "amount", "received_on"))


def owed(loan: Loan, on: date) -> int:
    return Loan.objects.with_balance(on).get(pk=loan.pk).balance


def close(loan: Loan, *months: int) -> None:
    for month in months:
        build.cash_count(loan.group, date(2026, month + 1, 1) - timedelta(days=1))
        close_month(group=loan.group, period=202600 + month, by=loan.disbursed_by)


def test_in_open_months_the_other_receipt_is_split_anew_under_its_number(loan):
    first, second = build.payment(loan, 100_000, FEB), build.payment(loan, 20_000, MARCH)
    assert (standing(first), standing(second)) == (DIVIDED, AFTER)
    back = undo(first)
    assert (back.number, back.amount) == ("AS-2026-0003", -100_000)
    assert standing(second) == WITHOUT
    assert parts(second, "resplit") == [
        ("service_fee", -5_000, APRIL), ("principal", -15_000, APRIL),
        ("service_fee", 15_000, APRIL), ("principal", 5_000, APRIL),
    ]  # fmt: skip
    second.refresh_from_db()
    assert (second.number, second.amount, second.received_on) == ("AS-2026-0002", 20_000, MARCH)
    assert Receipt.objects.count() == 3


def test_each_day_is_told_as_it_was_known_on_it(loan):
    first = build.payment(loan, 100_000, FEB)
    build.payment(loan, 20_000, MARCH)
    undo(first)
    days = (FEB, MARCH, date(2026, 4, 1), APRIL)
    assert [owed(loan, day) for day in days] == [915_000, 900_000, 900_000, 995_000]
    assert [account_balance(loan.group, LOANS, day) for day in days] == [915_000, 900_000, 900_000, 995_000]
    assert [account_balance(loan.group, FEE, day) for day in days] == [15_000, 20_000, 20_000, 15_000]


def test_in_a_closed_month_all_stay_as_printed_and_the_cause_carries_one_adjustment(loan, staff):
    first = build.payment(loan, 100_000, FEB, till="bank")
    second = build.payment(loan, 20_000, MARCH, till="bank")
    close(loan, 3)
    back = undo(first, by=staff)
    assert standing(second) == AFTER
    assert parts(second, "resplit") == []
    assert parts(back, "") == [("service_fee", -15_000, APRIL), ("principal", -85_000, APRIL)]
    assert sorted(parts(back, "adjustment")) == [("principal", -10_000, APRIL), ("service_fee", 10_000, APRIL)]
    assert owed(loan, APRIL) == account_balance(loan.group, LOANS, APRIL) == 995_000
    assert account_balance(loan.group, FEE, APRIL) == 15_000


def test_a_cause_let_into_the_closed_month_adjusts_in_the_first_open_one(loan, staff):
    second = build.payment(loan, 20_000, MARCH, till="bank")
    close(loan, 3)
    until = timezone.now() + timedelta(days=3)
    told = {"period": 202603, "expires_at": until, "reason": "bukti baru ditemukan", "granted_by": staff}
    grant_exception(group=loan.group, user=loan.disbursed_by, **told)
    late = build.payment(loan, 100_000, date(2026, 3, 15), till="bank")
    assert (standing(late), standing(second)) == (DIVIDED, WITHOUT)
    opens = date(2026, 4, 1)
    assert sorted(parts(late, "adjustment")) == [("principal", 10_000, opens), ("service_fee", -10_000, opens)]
    assert [owed(loan, day) for day in (MARCH, opens)] == [910_000, 900_000]


def test_what_is_entered_late_splits_the_later_receipt_anew_from_its_own_day(loan):
    second = build.payment(loan, 20_000, MARCH)
    first = build.payment(loan, 100_000, FEB)
    assert (standing(first), standing(second)) == (DIVIDED, AFTER)
    assert {on for _, _, on in parts(second, "resplit")} == {MARCH}
    assert [owed(loan, day) for day in (FEB, MARCH)] == [915_000, 900_000]


def test_parts_given_by_hand_never_move(loan):
    first = build.payment(loan, 100_000, FEB)
    facts = build.payment(loan, 20_000, MARCH, parts=AFTER)
    total = build.payment(loan, 10_000, MARCH)
    undo(first)
    assert standing(facts) == AFTER
    assert parts(facts, "resplit") == []
    assert standing(total) == {"service_fee": 10_000}  # what is left of the first row's fee; nothing moved
    assert parts(total, "resplit") == []


def test_of_an_amount_that_was_divided_in_part_only_the_rest_moves(loan, operator):
    first, key = build.payment(loan, 15_000, FEB), uuid4()
    told = {"parts": {"principal": 20_000}, "uuid": key, "by": operator}
    mixed = build.payment(loan, 60_000, MARCH, **told)  # 40.000 by the order: the first row's principal
    assert standing(mixed) == {"principal": 60_000}
    assert build.payment(loan, 60_000, MARCH, **told) == mixed  # the same sending is the same payment
    undo(first)
    assert standing(mixed) == {"principal": 45_000, "service_fee": 15_000}
    assert mixed.parts.standing().get(kind="principal").by_hand == 20_000


def test_credit_pays_what_the_correction_opens(loan):
    first, second = build.payment(loan, 115_000, FEB), build.payment(loan, 1_100_000, MARCH)
    assert standing(second) == {"service_fee": 135_000, "principal": 900_000, "credit": 65_000}
    undo(first)
    assert standing(second) == {"service_fee": 150_000, "principal": 950_000}
    assert account_balance(loan.group, CREDIT, APRIL) == 0
    assert owed(loan, APRIL) == 50_000


def test_credit_that_was_handed_back_forbids_the_correction(loan):
    first = build.payment(loan, 115_000, FEB)
    second = build.payment(loan, 1_100_000, MARCH)
    told = {"loan": loan, "amount": 65_000, "on": MARCH, "by": loan.disbursed_by, "uuid": uuid4()}
    life_services.give_credit_back(**told)
    with pytest.raises(ValidationError) as error:
        undo(first)
    assert error.value.messages == [
        "Titipan Pinjaman 2026-001 sudah dikembalikan kepada peminjam; pada 2 April 2026 kurang Rp65.000."
        " Koreksi dulu bukti pengembaliannya."
    ]
    assert standing(second) == {"service_fee": 135_000, "principal": 900_000, "credit": 65_000}


def test_the_undoing_of_an_early_payoff_brings_the_fees_back_that_it_let_go(db):
    member = build.member(build.group())
    loan = build.loan(member, product=build.product(member.group, payoff_fees="running"))
    on, back_on = date(2026, 3, 10), date(2026, 3, 12)
    payoff = build.payment(loan, 1_030_000, on, is_payoff=True)
    assert standing(payoff) == {"service_fee": 30_000, "principal": 1_000_000}
    assert payoff.waives_from == 3
    undo(payoff, back_on)
    fees = {
        day: sum(loan.instalments.in_force(day).values_list("service_fee", flat=True))
        for day in (date(2026, 3, 9), on, date(2026, 3, 11), back_on)
    }
    assert list(fees.values()) == [150_000, 30_000, 30_000, 150_000]
    assert owed(loan, back_on) == 1_000_000
    assert Life(services.lock_loan(loan)).owed_on(back_on) == 1_150_000


def test_nothing_is_taken_back_twice_and_no_correction_is(loan):
    first = build.payment(loan, 100_000, FEB)
    back = undo(first)
    for receipt, said in (
        (first, "Bukti ini sudah dikoreksi dengan AS-2026-0002."),
        (back, "Bukti koreksi tidak dapat dikoreksi lagi: catat setoran baru."),
    ):
        with pytest.raises(ValidationError) as error:
            undo(receipt)
        assert error.value.messages == [said]


def test_a_receipt_split_anew_is_taken_back_as_it_stands(loan):
    first, second = build.payment(loan, 100_000, FEB), build.payment(loan, 20_000, MARCH)
    undo(first)
    back = undo(second, date(2026, 4, 3))
    assert sorted(parts(back, "")) == [
        ("principal", -5_000, date(2026, 4, 3)), ("service_fee", -15_000, date(2026, 4, 3)),
    ]  # fmt: skip
    assert standing(second) == {}
    assert owed(loan, date(2026, 4, 3)) == 1_000_000
