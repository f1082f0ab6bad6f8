"""Whatever people do in whatever order, the books hold: after each step the audit finds no rupiah out of place.

Quick as a rule; `UP2K_DEEP=1 ./up2k test tests/loans/test_state_machine.py` plays longer stories and many more of them.
"""

import os
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from loans import services
from loans.audit import Scope, audit
from loans.chart import BANK, CASH, CHART
from loans.closing_services import close_month, record_cash_count, reopen_month
from loans.ledger_services import account_balance, balances, record_voucher, reverse_voucher
from loans.models import Loan, MonthClosing, Receipt, ReceiptPart
from loans.models.months import DENOMINATIONS
from loans.saving_services import record_deposit, withdraw_saving
from loans.savings import saving_balances
from tests import build

FIRST = date(2026, 6, 1)
DAYS = st.integers(0, 100).map(lambda days: FIRST + timedelta(days=days))
AMOUNTS = st.integers(1, 900_000)
DEEP = os.environ.get("UP2K_DEEP") == "1"
REFUSED = ValidationError  # a refusal is an answer: the books must stand as before it


class Books(RuleBasedStateMachine):
    """One group with two members, who save, borrow, pay, err and mend."""

    steps = 0

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.group = build.group(build.village(), founded_on=FIRST)
        self.members = [build.member(self.group, joined_on=FIRST) for _ in range(2)]
        self.by, self.district = build.user(), build.user()
        build.capital(self.group, 5_000_000, FIRST)
        self.product = build.product(self.group)
        self.loans, self.receipts, self.vouchers = [], [], []
        self.lent = self.undone = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def attempt(self, act, **facts):
        """The row, or None where it was refused; then nothing is half done."""
        Books.steps += 1
        try:
            with transaction.atomic():
                return act(**facts, by=self.by)
        except REFUSED:
            return None

    @rule(who=st.integers(0, 1), principal=st.integers(100_000, 2_000_000), on=DAYS)
    def disburse(self, who, principal, on):
        def lend(by):
            loan = services.propose_loan(
                product=self.product, borrower=self.members[who], principal=principal, purpose="benang",
                proposed_on=on, uuid=uuid4(), by=by,
            )  # fmt: skip
            return services.disburse_loan(loan=loan, disbursed_on=on, by=by)

        if loan := self.attempt(lend):
            self.loans.append(loan)

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), amount=AMOUNTS, fine=st.integers(0, 5_000), wajib=st.sampled_from([0, 10_000]), on=DAYS)
    def pay(self, data, amount, fine, wajib, on):
        loan = data.draw(st.sampled_from(self.loans))
        facts = {"loan": loan, "amount": amount, "penalty": fine, "received_on": on, "uuid": uuid4()}
        if receipt := self.attempt(services.record_payment, savings={"mandatory": wajib}, **facts):
            self.receipts.append(receipt)
            again = self.attempt(services.record_payment, savings={"mandatory": wajib}, **facts)
            assert again.pk == receipt.pk

    @rule(who=st.integers(0, 1), kind=st.sampled_from(["initial", "mandatory", "voluntary"]), amount=AMOUNTS, on=DAYS)
    def save(self, who, kind, amount, on):
        facts = {"member": self.members[who], "parts": {kind: amount, "contribution": 2_000}}
        if receipt := self.attempt(record_deposit, received_on=on, uuid=uuid4(), **facts):
            self.receipts.append(receipt)

    @rule(who=st.integers(0, 1), kind=st.sampled_from(["mandatory", "voluntary"]), amount=AMOUNTS, on=DAYS)
    def withdraw(self, who, kind, amount, on):
        facts = {"member": self.members[who], "kind": kind, "amount": amount, "on": on, "uuid": uuid4()}
        if voucher := self.attempt(withdraw_saving, **facts):
            self.vouchers.append(voucher)

    @rule(amount=AMOUNTS, on=DAYS, till=st.sampled_from([CASH, BANK]))
    def spend(self, amount, on, till):
        facts = {"kind": "expense", "debit": "5.1", "credit": till, "description": "Buku kas", "on": on}
        if voucher := self.attempt(record_voucher, group=self.group, amount=amount, uuid=uuid4(), **facts):
            self.vouchers.append(voucher)

    @precondition(lambda self: self.receipts)
    @rule(data=st.data(), later=st.integers(0, 20))
    def undo_receipt(self, data, later):
        receipt = data.draw(st.sampled_from(self.receipts))
        facts = {"reason": "salah ketik jumlah", "reversed_on": receipt.received_on + timedelta(days=later)}
        self.undone += bool(self.attempt(services.reverse_payment, receipt=receipt, uuid=uuid4(), **facts))

    @precondition(lambda self: self.vouchers)
    @rule(data=st.data())
    def undo_voucher(self, data):
        voucher = data.draw(st.sampled_from(self.vouchers))
        facts = {"reason": "salah ketik jumlah", "reversed_on": voucher.on}
        self.attempt(reverse_voucher, voucher=voucher, uuid=uuid4(), **facts)

    @rule(month=st.sampled_from([6, 7, 8, 9]), missing=st.sampled_from([0, 0, 5_000]))
    def count_and_close(self, month, missing):
        on = date(2026, month, 30)
        money = max(0, account_balance(self.group, CASH, on) - missing)
        pieces, rest = {}, money
        for piece in DENOMINATIONS:
            pieces[str(piece)], rest = divmod(rest, piece)

        def close(by):
            record_cash_count(
                group=self.group, counted_on=on, pieces=pieces, explanation="kembalian kurang", uuid=uuid4(), by=by
            )
            return close_month(group=self.group, period=202600 + month, by=by)

        self.attempt(close)

    @precondition(lambda self: MonthClosing.objects.filter(reopened_at=None).exists())
    @rule()
    def reopen(self):
        closing = MonthClosing.objects.filter(reopened_at=None).order_by("-period").first()
        self.attempt(lambda by: reopen_month(closing=closing, reason="ada bukti tertinggal", by=self.district))

    @invariant()
    def the_audit_finds_nothing(self):
        assert list(audit(Scope("", date(2026, 9, 30)))) == []

    @invariant()
    def no_till_saving_or_loan_is_below_zero_and_none_is_overpaid(self):
        as_of = date(2026, 9, 30)
        assert account_balance(self.group, CASH, as_of) >= 0
        assert account_balance(self.group, BANK, as_of) >= 0
        for saved in saving_balances(self.members, as_of).values():
            assert min(saved.values()) >= 0
        for loan in Loan.objects.with_balance(as_of).filter(status="disbursed"):
            paid = sum(loan.receipt_parts.filter(kind="principal").values_list("amount", flat=True))
            assert 0 <= loan.balance == loan.principal - paid

    @invariant()
    def what_the_group_owns_is_what_it_owes_and_earned(self):
        found = balances(self.group, date(2026, 9, 30))
        sides = {True: 0, False: 0}
        for code, amount in found.items():
            sides[CHART[code].side.grows_by_debit] += amount
        assert sides[True] == sides[False]

    @invariant()
    def a_receipt_is_its_parts_and_an_undone_one_is_nothing(self):
        for receipt in Receipt.objects.select_related("reversal"):
            parts = sum(ReceiptPart.objects.filter(receipt=receipt).values_list("amount", flat=True))
            assert parts == receipt.amount
            if hasattr(receipt, "reversal"):
                assert receipt.amount + receipt.reversal.amount == 0


@pytest.mark.django_db
def test_the_books_hold_whatever_people_do_in_whatever_order():
    Books.steps = 0
    quick = {"max_examples": 12, "stateful_step_count": 15}
    deep = {"max_examples": 400, "stateful_step_count": 50}
    run_state_machine_as_test(
        Books,
        settings=settings(
            **(deep if DEEP else quick),
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    assert Books.steps > 50
    print(f"{Books.steps} steps")
