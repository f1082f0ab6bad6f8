"""Corners of a loan's life that a sceptical reader found: fined once, paid off once, never before the books."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import life_services, opening_services, services
from loans.batch_services import Result, Sending, record_payments
from loans.life import Life
from loans.models import Reschedule
from tests import build

FINED = {"penalty_kind": "fixed", "penalty_amount": 5_000}
MARCH = date(2026, 3, 10)  # ten days after the first instalment of a loan of 31 January


def undo(receipt, by, on):
    facts = {"reason": "salah ketik jumlah", "reversed_on": on, "by": by, "uuid": uuid4()}
    return services.reverse_payment(receipt=receipt, **facts)


def parts(receipt):
    return dict(receipt.parts.standing().values_list("kind", "amount"))


def test_a_row_that_was_fined_by_hand_is_not_fined_again_by_the_rule(group, member, operator):
    loan = build.loan(member, product=build.product(group, **FINED), by=operator)
    build.payment(loan, 20_000, MARCH, parts={"penalty": 5_000, "service_fee": 15_000}, by=operator)
    after = build.payment(loan, 95_000, date(2026, 3, 11), by=operator)
    assert parts(after) == {"principal": 95_000}


def test_grace_moves_a_fine_with_its_row_and_the_receipt_that_brought_it_can_be_undone(group, member, operator):
    loan = build.loan(member, product=build.product(group, **FINED), by=operator)
    receipt = build.payment(loan, 5_000, date(2026, 4, 10), by=operator)  # fines of the first and the second row
    life_services.reschedule_loan(
        loan=loan, on=date(2026, 4, 10), kind=Reschedule.Kind.GRACE, from_instalment=2, value=1,
        reason="rumah terendam banjir", by=operator, uuid=uuid4(),
    )  # fmt: skip
    fresh = Life(services.lock_loan(loan)).charges_on(date(2026, 4, 11))
    assert [(charge.number, charge.amount) for charge in fresh] == [(2, 5_000)]  # the row put in, not the moved one
    waived = life_services.waive_penalty(
        loan=loan, on=date(2026, 4, 11), reason="terendam banjir, disepakati rapat", by=operator
    )
    assert waived == 10_000
    undo(receipt, operator, date(2026, 4, 12))
    assert loan.receipt_parts.filter(kind="penalty").count() == 2


def test_what_came_before_an_early_payoff_is_not_undone_while_its_fees_are_let_go(group, member, operator):
    loan = build.loan(member, product=build.product(group, payoff_fees="running"), by=operator)
    first = build.payment(loan, 115_000, MARCH, by=operator)
    quote = Life(services.lock_loan(loan)).quote_on(date(2026, 3, 11))
    assert quote.waived_service_fee == 120_000
    payoff = build.payment(loan, quote.total, date(2026, 3, 11), is_payoff=True, by=operator)
    with pytest.raises(ValidationError, match=f"Bukti {payoff} melunasi pinjaman ini dengan membebaskan jasa"):
        undo(first, operator, date(2026, 3, 12))
    undo(payoff, operator, date(2026, 3, 12))
    undo(first, operator, date(2026, 3, 12))
    assert Life(services.lock_loan(loan)).owed_on(date(2026, 3, 12)) == 1_150_000


def test_a_sheet_takes_nothing_from_before_the_books(group, operator):
    member = build.member(group)
    build.opening_line(group, "cash", 1_000_000, date(2025, 12, 31))
    build.opening_line(group, "reserve", 1_000_000, date(2025, 12, 31))
    opening_services.open_books(group=group, by=operator)
    sending = Sending(uuid4(), date(2025, 6, 1), member=member, savings={"mandatory": 5_000})
    (outcome,) = record_payments(group=group, sendings=[sending], by=operator)
    assert outcome.result == Result.REFUSED
    assert "Buku kelompok ini mulai 31 Desember 2025." in str(outcome.error)
