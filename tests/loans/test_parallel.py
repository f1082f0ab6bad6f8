"""Many people at once on one group: nothing is lost, nothing done twice, nothing below zero, no number given twice.

Needs a database that threads share.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from loans import services
from loans.batch_services import Sending, record_payments
from loans.chart import CASH
from loans.closing_services import close_month
from loans.ledger_services import account_balance, record_voucher
from loans.life import Life
from loans.models import Loan, MonthClosing, Receipt, Voucher
from loans.proposal_services import disburse_loan
from loans.saving_services import record_deposit, withdraw_saving
from loans.savings import saving_balances
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]
MARCH = date(2026, 3, 1)
CLIENTS = 8
PAYMENTS = CLIENTS * (50 if os.environ.get("UP2K_DEEP") == "1" else 5)


def at_once(act, given: list) -> list:
    """What the act answers to each, eight at a time; a refusal is its sentence."""

    def alone(one):
        try:
            return act(one)
        except ValidationError as error:
            return error.messages[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(alone, given))


def keys(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def refusals(answers: list) -> Counter[str]:
    return Counter(answer for answer in answers if isinstance(answer, str))


def numbers(answers: list) -> list[str]:
    return sorted(answer.number for answer in answers if not isinstance(answer, str))


@pytest.fixture
def loan():
    return build.loan(build.member(build.group()), 5_000_000)


@pytest.fixture
def pay(loan):
    def _pay(key: UUID, amount: int = 10_000, **facts):
        told = {"received_on": MARCH, "by": loan.disbursed_by} | facts
        return services.record_payment(loan=loan, amount=amount, uuid=key, **told)

    return _pay


@pytest.fixture
def save(loan):
    def _save(key: UUID, amount: int = 10_000):
        facts = {"parts": {"voluntary": amount}, "received_on": MARCH, "by": loan.disbursed_by}
        return record_deposit(member=loan.member, uuid=key, **facts)

    return _save


def saved_by(loan: Loan) -> int:
    return saving_balances([loan.member], MARCH)[loan.member_id]["voluntary"]


def test_payments_at_once_are_as_many_receipts_with_their_own_numbers(loan, pay):
    """Of eight people five each, or fifty each in the deep profile (`UP2K_DEEP=1`)."""
    receipts = at_once(pay, keys(PAYMENTS))
    assert numbers(receipts) == [f"AS-2026-{n:04}" for n in range(1, PAYMENTS + 1)]
    loan = Loan.objects.with_paid(MARCH).get()
    assert loan.principal_paid + loan.service_fee_paid == 10_000 * PAYMENTS


@pytest.mark.parametrize("verb", ["pay", "save"])
def test_one_payment_or_deposit_sent_ten_times_at_once_is_one_receipt(request, verb):
    receipts = at_once(request.getfixturevalue(verb), [uuid4()] * 10)
    assert {receipt.pk for receipt in receipts} == {Receipt.objects.get().pk}


def test_one_key_with_ten_contents_at_once_is_one_receipt_and_nine_conflicts(pay):
    key = uuid4()
    answers = at_once(lambda amount: pay(key, amount), [10_000 + one for one in range(10)])
    assert sum(refusals(answers).values()) == 9
    assert Receipt.objects.get().number == numbers(answers)[0]


def test_what_is_beyond_the_debt_is_refused_however_many_pay_at_once(loan, pay):
    answers = at_once(lambda key: pay(key, 500_000), keys(24))
    accepted = Receipt.objects.count()
    assert refusals(answers) == {"Pinjaman ini sudah lunas. Periksa nama peminjamnya.": 24 - accepted}
    paid = Counter()
    for kind, amount in loan.receipt_parts.values_list("kind", "amount"):
        paid[kind] += amount
    assert sum(paid.values()) == accepted * 500_000
    assert (paid["principal"], paid["service_fee"]) == (5_000_000, 750_000)
    assert paid["credit"] == accepted * 500_000 - 5_750_000 == 250_000


def test_forty_deposits_at_once_are_all_there(loan, save):
    assert numbers(at_once(save, keys(40))) == [f"AS-2026-{n:04}" for n in range(1, 41)]
    assert saved_by(loan) == 400_000


def test_withdrawals_at_once_stop_at_zero(loan, save):
    save(uuid4(), 100_000)
    facts = {"member": loan.member, "kind": "voluntary", "amount": 10_000, "on": MARCH, "by": loan.disbursed_by}
    answers = at_once(lambda key: withdraw_saving(uuid=key, **facts), keys(30))
    assert len(numbers(answers)) == len(set(numbers(answers))) == 10
    assert sum(refusals(answers).values()) == 20
    assert saved_by(loan) == 0


def test_one_withdrawal_sent_ten_times_at_once_is_one_voucher(loan, save):
    save(uuid4(), 100_000)
    facts = {"member": loan.member, "kind": "voluntary", "amount": 10_000, "on": MARCH, "by": loan.disbursed_by}
    vouchers = at_once(lambda key: withdraw_saving(uuid=key, **facts), [uuid4()] * 10)
    assert {voucher.pk for voucher in vouchers} == {Voucher.objects.get(kind="withdrawal").pk}
    assert saved_by(loan) == 90_000


def spend(group, by):
    facts = {"kind": "expense", "debit": "5.1", "credit": CASH, "description": "Buku kas", "on": MARCH}
    return lambda key: record_voucher(group=group, amount=100_000, by=by, uuid=key, **facts)


def test_expenses_at_once_stop_at_an_empty_till_and_have_their_own_numbers():
    group, by = build.group(), build.user()
    build.capital(group, 1_000_000)
    answers = at_once(spend(group, by), keys(25))
    assert numbers(answers) == [f"AS-K-2026-{n:04}" for n in range(1, 11)]
    assert sum(refusals(answers).values()) == 15
    assert account_balance(group, CASH, MARCH) == 0


def test_one_expense_sent_ten_times_at_once_is_one_voucher():
    group, by = build.group(), build.user()
    build.capital(group, 1_000_000)
    vouchers = at_once(spend(group, by), [uuid4()] * 10)
    assert {voucher.pk for voucher in vouchers} == {Voucher.objects.get(kind="expense").pk}


def test_a_loan_paid_out_by_eight_at_once_leaves_the_till_once():
    proposal = build.proposal(build.member(build.group()), 1_000_000)
    facts = {"disbursed_on": proposal.proposed_on, "by": proposal.proposed_by}
    at_once(lambda _: disburse_loan(loan=proposal, **facts), list(range(CLIENTS)))
    assert Voucher.objects.get(kind="disbursement").amount == 1_000_000
    assert proposal.instalments.in_force().count() == 10


def test_payments_against_undoings_leave_parts_that_the_loans_life_says(loan, pay):
    undone = [pay(uuid4(), 70_000 + one) for one in range(8)]

    def act(what):
        if isinstance(what, UUID):
            return pay(what, 90_000)
        facts = {"reason": "salah ketik jumlah", "reversed_on": MARCH, "by": loan.disbursed_by, "uuid": uuid4()}
        return services.reverse_payment(receipt=what, **facts)

    answers = at_once(act, [one for pair in zip(undone, keys(8), strict=True) for one in pair])
    assert numbers(answers) == [f"AS-2026-{n:04}" for n in range(9, 25)]
    paid = Counter()
    for kind, amount in loan.receipt_parts.values_list("kind", "amount"):
        paid[kind] += amount
    assert sum(paid.values()) == 8 * 90_000
    played = Counter()
    for split in Life(Loan.objects.get()).book.purse.parts.values():
        played.update({str(kind): amount for kind, amount in split.items()})
    assert +paid == +played


def test_one_receipt_undone_by_eight_at_once_is_undone_once(loan, pay):
    receipt = pay(uuid4())
    facts = {"reason": "salah ketik jumlah", "reversed_on": MARCH, "by": loan.disbursed_by}
    answers = at_once(lambda key: services.reverse_payment(receipt=receipt, uuid=key, **facts), keys(CLIENTS))
    assert refusals(answers) == {"Bukti ini sudah dikoreksi dengan AS-2026-0002.": 7}
    assert Receipt.objects.get(reverses=receipt).amount == -10_000


def test_a_sheet_sent_eight_times_at_once_is_saved_once(loan):
    sheet = [Sending(key, MARCH, loan=loan, amount=10_000) for key in keys(3)]
    sheet += [Sending(key, MARCH, member=loan.member, savings={"voluntary": 5_000}) for key in keys(3)]
    facts = {"group": loan.group, "sendings": sheet, "by": loan.disbursed_by}
    answers = at_once(lambda _: record_payments(**facts), list(range(CLIENTS)))
    assert Counter(outcome.result for outcomes in answers for outcome in outcomes) == {"saved": 6, "there": 42}
    assert list(Receipt.objects.order_by("serial").values_list("uuid", flat=True)) == [one.uuid for one in sheet]


def test_nothing_is_dated_into_a_month_that_was_closed_meanwhile(loan, pay):
    build.cash_count(loan.group, date(2026, 3, 31))

    def act(what):
        if isinstance(what, UUID):
            return pay(what, till="bank")
        return close_month(group=loan.group, period=202603, by=loan.disbursed_by)

    work = [*keys(10), "close", *keys(10)]
    answers = at_once(act, work)
    closing = MonthClosing.objects.get()
    refused = refusals(answers)
    assert [said for said in refused if "sudah ditutup" not in said] == []
    assert Receipt.objects.count() == 20 - sum(refused.values())
    assert not Receipt.objects.filter(recorded_at__gt=closing.closed_at).exists()
