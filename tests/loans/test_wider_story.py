"""The story goes on: a poklak's loan, totals that cover savings, members who leave, a village's postponement.

What must be true after each step is that of `test_state_machine`, and what is said here.
"""

import os
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from loans import payment_services, services, shift_services
from loans.chart import SAVINGS
from loans.leaving_services import settle_and_leave
from loans.ledger_services import lowest_balance
from loans.life import Life
from loans.models import MoneyRules, ReceiptPart, Settlement, ShiftDecision
from loans.proposal_services import disburse_loan, propose_loan
from loans.services import lock_loan
from loans.share_services import share_state
from loans.shares import in_proportion
from tests import build
from tests.loans.story import AMOUNTS, DAYS, FIRST, LAST
from tests.loans.test_state_machine import DEEP, Books


class WiderBooks(Books):
    """With what the shorter story leaves out."""

    @initialize(covers=st.sampled_from(["loan", "dues"]))
    def agree(self, covers):
        build.saving_terms(self.group, since=FIRST, amount=10_000)
        build.saving_terms(self.group, "contribution", 2_000, since=FIRST)
        MoneyRules.objects.create(group=self.group, village=self.group.village, total_covers=covers)
        self.products.append(
            build.product(
                self.group, rate=Decimal(1), instalment_count=5, ahead="voluntary", penalty_kind="percent",
                penalty_percent=Decimal(2), penalty_free_days=3, penalty_cap=9_000, payoff_fees="running",
            )
        )  # fmt: skip
        self.poklak = build.poklak(self.group)
        self.three = [build.member(self.group, poklak=self.poklak, joined_on=FIRST) for _ in range(3)]
        self.members += self.three
        self.poklak_loans = []

    @rule(what=st.integers(0, 3), weights=st.tuples(*[st.integers(0, 5)] * 3).filter(any), on=DAYS)
    def lend_to_the_poklak(self, what, weights, on):
        def lend(by):
            members = list(self.poklak.members.active_on(on).order_by("pk"))
            shares = in_proportion(900_001, dict(zip(members, weights, strict=False)))
            loan = propose_loan(
                product=self.products[what % len(self.products)], borrower=self.poklak, principal=900_001,
                purpose="benang", proposed_on=on, uuid=uuid4(), by=by, shares=shares,
            )  # fmt: skip
            return disburse_loan(loan=loan, disbursed_on=on, by=by)

        if any(weights[: self.poklak.members.active_on(on).count()]) and (loan := self.attempt(lend)):
            self.loans.append(loan)
            self.poklak_loans.append(loan)

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), total=AMOUNTS, on=DAYS)
    def pay_a_total(self, data, total, on):
        loan = data.draw(st.sampled_from(self.loans))
        facts = {"loan": loan, "total": total, "received_on": on, "uuid": uuid4()}
        if receipt := self.attempt(payment_services.record_total, **facts):
            assert self.attempt(payment_services.record_total, **facts) == receipt
            self.receipts.append(receipt)

    @precondition(lambda self: self.poklak_loans)
    @rule(data=st.data(), amount=AMOUNTS, on=DAYS, who=st.integers(0, 2))
    def cover_for_another(self, data, amount, on, who):
        payers = [(self.three[who], self.three[who - 1], amount)]
        facts = {"loan": data.draw(st.sampled_from(self.poklak_loans)), "amount": amount, "payers": payers}
        self.keep(self.receipts, self.attempt(services.record_payment, received_on=on, uuid=uuid4(), **facts))

    @precondition(lambda self: self.poklak_loans)
    @rule(data=st.data(), later=st.integers(0, 20))
    def pay_off_by_quote(self, data, later):
        loan = data.draw(st.sampled_from(self.loans))
        life = Life(lock_loan(loan))
        on = life.latest + timedelta(days=later)
        facts = {"loan": loan, "amount": life.quote_on(on).total, "received_on": on, "uuid": uuid4()}
        self.keep(self.receipts, self.attempt(payment_services.pay_off, **facts))

    @rule(who=st.integers(0, 4), on=DAYS, reluctance=st.integers(0, 3))
    def leave(self, who, on, reluctance):
        if not reluctance:
            facts = {"left_on": on, "left_reason": "pindah", "uuid": uuid4()}
            self.attempt(settle_and_leave, member=self.members[who], **facts)

    @rule(from_day=DAYS, months=st.integers(1, 3), on=st.integers(100, 121), reluctance=st.integers(0, 3))
    def postpone(self, from_day, months, on, reluctance):
        if not reluctance:
            facts = {"from_day": from_day, "months": months, "on": FIRST + timedelta(days=on)}
            letter = {"letter_number": "14/SK", "letter_on": FIRST, "reason": "banjir merendam desa", "uuid": uuid4()}
            self.attempt(shift_services.shift_village, village=self.group.village, by=self.district, **facts, **letter)

    @precondition(lambda self: ShiftDecision.objects.filter(undone_on=None).exists())
    @rule()
    def take_the_postponement_back(self):
        decision = ShiftDecision.objects.filter(undone_on=None).latest("pk")
        facts = {"undone_on": LAST, "reason": "surat keputusannya dicabut"}
        self.attempt(shift_services.undo_shift, decision=decision, by=self.district, **facts)

    @invariant()
    def what_members_paid_for_a_poklak_is_what_its_loan_got(self):
        for loan in getattr(self, "poklak_loans", ()):
            state = share_state(lock_loan(loan), LAST)
            parts = loan.receipt_parts.exclude(kind=ReceiptPart.Kind.RECOVERY)
            assert state.total("paid") + state.unnamed == sum(parts.values_list("amount", flat=True))
            assert state.total("covered") == state.total("covers")

    @invariant()
    def a_settlement_paid_out_what_she_had_less_what_it_paid(self):
        for row in Settlement.objects.all():
            assert row.saved + row.credit == row.paid_on_loans + row.paid_out

    @invariant()
    def nobody_saves_less_than_nothing(self):
        for member in self.members:
            for account in SAVINGS.values():
                assert lowest_balance(member.entries, account, FIRST)[0] >= 0


@pytest.mark.django_db
def test_the_books_hold_in_the_wider_story_too():
    WiderBooks.steps = WiderBooks.done = 0
    run_state_machine_as_test(
        WiderBooks,
        settings=settings(
            max_examples=int(os.environ.get("UP2K_STORIES", 300)) if DEEP else 5,
            stateful_step_count=40 if DEEP else 18,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    assert WiderBooks.done > 25
