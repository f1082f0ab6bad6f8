"""Whatever people do in whatever order, the books hold after each step, to the rupiah.

Quick as a rule; `UP2K_DEEP=1 ./up2k test tests/loans/test_state_machine.py` plays longer stories and many more of them.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from loans.audit import Scope, audit
from loans.builders import build_instalments
from loans.chart import BANK, CASH, CHART, CREDIT, CREDITED_BY_PART, LOANS, SAVINGS, TILLS
from loans.ledger_services import balances, lowest_balance, moved_by_day
from loans.life import Life
from loans.models import Entry, Loan, Receipt, ReceiptPart, Voucher
from loans.services import lock_loan
from tests.loans.story import FIRST, LAST, Story

DEEP = os.environ.get("UP2K_DEEP") == "1"
ROW = ("number", "due_on", "principal", "service_fee", "principal_to_date", "service_fee_to_date")


class Books(Story):
    """A story with what must be true after each step of it."""

    @invariant()
    def the_audit_finds_nothing(self):
        assert list(audit(Scope("", LAST))) == []

    @invariant()
    def no_till_saving_or_credit_is_below_zero_on_any_day(self):
        for till in (CASH, BANK):
            assert lowest_balance(self.group.entries, till, FIRST)[0] >= 0
        for member in self.members:
            for account in SAVINGS.values():
                assert lowest_balance(member.entries, account, FIRST)[0] >= 0
        for loan in self.loans:
            assert lowest_balance(loan.entries, CREDIT, FIRST)[0] >= 0

    @invariant()
    def what_the_group_owns_is_what_it_owes_and_earned(self):
        sides = Counter()
        for code, amount in balances(self.group, LAST).items():
            sides[CHART[code].side.grows_by_debit] += amount
        assert sides[True] == sides[False]

    @invariant()
    def a_receipt_is_its_parts_and_an_undone_one_is_nothing(self):
        for receipt in Receipt.objects.select_related("reversal"):
            assert sum(receipt.parts.values_list("amount", flat=True)) == receipt.amount
            if not hasattr(receipt, "reversal"):
                continue
            assert receipt.amount + receipt.reversal.amount == 0
            assert not receipt.parts.standing().exists()

    @invariant()
    def each_account_moved_by_receipts_is_the_sum_of_the_parts(self):
        entries = list(Entry.objects.filter(part__isnull=False))
        parts, tills = Counter(), Counter()
        for part in ReceiptPart.objects.select_related("receipt"):
            parts[CREDITED_BY_PART[part.kind]] += part.amount
            tills[TILLS[part.receipt.till]] += part.amount
        for account, amount in parts.items():
            is_asset = CHART[account].side.grows_by_debit
            assert sum(moved_by_day(entries, account).values()) == (-amount if is_asset else amount)
        for till, amount in tills.items():
            assert sum(moved_by_day(entries, till).values()) == amount

    @invariant()
    def a_loan_owes_its_principal_less_what_was_paid_and_so_says_the_ledger(self):
        owed = 0
        for loan in Loan.objects.with_balance(LAST).filter(status="disbursed"):
            paid = loan.receipt_parts.filter(kind="principal")
            left = loan.principal - sum(paid.values_list("amount", flat=True))
            assert left >= 0
            assert loan.balance == (0 if loan.written_off_on else left)
            if loan.written_off_on:
                assert loan.written_off == left
            if not loan.receipt_parts.filter(role=ReceiptPart.Role.ADJUSTMENT).exists():
                assert left == loan.principal - sum(paid.standing().values_list("amount", flat=True))
            owed += loan.balance
        assert balances(self.group, LAST, (LOANS,))[LOANS] == owed

    @invariant()
    def the_parts_and_the_schedule_of_a_loan_are_what_its_life_says_when_played(self):
        for loan in self.loans:
            life = Life(lock_loan(loan))
            planned = build_instalments(life.loan, life.book.plan.rows, FIRST)
            assert list(loan.instalments.in_force().order_by("number").values_list(*ROW)) == [
                tuple(getattr(row, name) for name in ROW) for row in planned
            ]
            played = Counter()
            for split in life.book.purse.parts.values():
                played.update({str(kind): amount for kind, amount in split.items()})
            parts = Counter()
            for kind, amount in loan.receipt_parts.exclude(kind="recovery").values_list("kind", "amount"):
                parts[kind] += amount
            assert +parts == +played
            assert min(parts.values(), default=0) >= 0
            assert life.book.recovered == sum(
                loan.receipt_parts.filter(kind="recovery").values_list("amount", flat=True)
            )

    @invariant()
    def numbers_have_no_gap(self):
        for series in (self.group.receipts.all(), *(self.group.vouchers.filter(series=name) for name in "MKJ")):
            serials = list(series.order_by("pk").values_list("serial", flat=True))
            assert serials == list(range(1, len(serials) + 1))

    @invariant()
    def a_voucher_is_its_entries(self):
        for voucher in Voucher.objects.prefetch_related("entries"):
            assert sum(entry.amount for entry in voucher.entries.all()) == abs(voucher.amount)


@pytest.mark.django_db
def test_the_books_hold_whatever_people_do_in_whatever_order():
    Books.steps = Books.done = 0
    quick = {"max_examples": 12, "stateful_step_count": 16}
    deep = {"max_examples": int(os.environ.get("UP2K_STORIES", 2_000)), "stateful_step_count": 50}
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
    assert Books.done > 50
    print(f"{Books.steps} steps, {Books.steps - Books.done} of them refused")
