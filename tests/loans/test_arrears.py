"""Balance, arrears and class of a loan as of any day: paid out 31 January, due from 28 February, 115.000 each."""

from datetime import date
from uuid import uuid4

import pytest

from loans import services
from loans.models import Loan
from tests import build


def state(loan, on):
    row = Loan.objects.with_standing(on).get(pk=loan.pk)
    return row.balance, row.late, row.oldest_unpaid_on, row.collectability


def test_before_the_disbursement_nothing_is_owed(member):
    assert state(build.loan(member), date(2026, 1, 30)) == (0, 0, None, 1)


def test_due_today_is_not_late_and_tomorrow_it_is(member):
    loan = build.loan(member)
    assert state(loan, date(2026, 2, 28)) == (1_000_000, 0, None, 1)
    assert state(loan, date(2026, 3, 1)) == (1_000_000, 115_000, date(2026, 2, 28), 2)


@pytest.mark.parametrize(
    ("on", "level"),
    [
        (date(2026, 5, 29), 2),  # 90 days after 28 February
        (date(2026, 5, 30), 3),
        (date(2026, 6, 28), 3),  # 120
        (date(2026, 6, 29), 4),
        (date(2026, 8, 27), 4),  # 180
        (date(2026, 8, 28), 5),
    ],
)
def test_the_class_follows_the_days_since_the_oldest_unpaid_instalment(member, on, level):
    assert state(build.loan(member), on)[3] == level


def test_a_part_payment_leaves_its_instalment_the_oldest_unpaid(member):
    loan = build.loan(member)
    build.payment(loan, 114_999, date(2026, 2, 28))
    assert state(loan, date(2026, 3, 1)) == (900_001, 1, date(2026, 2, 28), 2)


def test_money_paid_in_advance_is_not_counted_as_due(member):
    loan = build.loan(member)
    build.payment(loan, 345_000, date(2026, 2, 10))
    row = Loan.objects.with_arrears(date(2026, 3, 1)).get(pk=loan.pk)
    assert (row.principal_due, row.principal_due_paid, row.principal_paid, row.late) == (100_000, 100_000, 300_000, 0)


def test_the_past_stays_as_it_was(member):
    loan = build.loan(member)
    build.payment(loan, 115_000, date(2026, 4, 15))
    assert state(loan, date(2026, 4, 14)) == (1_000_000, 230_000, date(2026, 2, 28), 2)
    assert state(loan, date(2026, 4, 15)) == (900_000, 115_000, date(2026, 3, 31), 2)


def test_a_reversed_payment_makes_late_again(member, operator):
    loan = build.loan(member)
    receipt = build.payment(loan, 115_000, date(2026, 2, 28))
    services.reverse_payment(
        receipt=receipt, reason="uang belum diterima", reversed_on=date(2026, 3, 2), by=operator, uuid=uuid4()
    )
    assert state(loan, date(2026, 3, 1))[1] == 0
    assert state(loan, date(2026, 3, 2)) == (1_000_000, 115_000, date(2026, 2, 28), 2)


def test_grace_rows_are_late_for_their_fee_alone(member):
    loan = build.loan(member, product=build.product(member.group, grace=2))
    assert state(loan, date(2026, 3, 1)) == (1_000_000, 15_000, date(2026, 2, 28), 2)


def test_sums_over_loans_are_the_sums_of_their_rows(group):
    loans = [build.loan(build.member(group), amount) for amount in (1_000_000, 2_000_000, 500_000)]
    build.payment(loans[0], 1_150_000, date(2026, 3, 1))
    build.payment(loans[1], 230_000, date(2026, 2, 28))
    assert Loan.objects.sums(date(2026, 6, 29)) == {
        "principal": 3_500_000,
        "balance": 2_300_000,
        "late": 690_000 + 230_000,
        "principal_due": 400_000 + 800_000 + 200_000,
        "principal_due_paid": 400_000 + 200_000,
        "balance_npl": 500_000,
        "running_count": 2,
        "late_count": 2,
    }


def test_members_owe_what_their_own_loans_owe(group):
    member, other = build.member(group), build.member(group)
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    build.loan(member, 500_000)
    rows = Loan.objects.owed_by_members(type(member).objects.all(), date(2026, 9, 30))
    assert dict(rows.values_list("pk", "balance")) == {member.pk: 1_400_000, other.pk: 0}


def test_a_loan_is_paid_off_only_with_its_fees(member):
    order = {"allocation_order": "principal,service_fee,penalty", "instalment_count": 2}
    loan = build.loan(member, product=build.product(member.group, **order))
    build.payment(loan, 1_015_000, date(2026, 2, 28))
    standing = Loan.objects.with_standing(date(2026, 2, 28)).get(pk=loan.pk).standing
    assert standing == "class_1"
    build.payment(loan, 15_000, date(2026, 3, 1))
    assert Loan.objects.with_standing(date(2026, 3, 1)).get(pk=loan.pk).standing == "paid_off"
