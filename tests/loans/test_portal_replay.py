"""The portal splits receipts as the pure replay does: taken back, a receipt leaves the history without it.

Random payments, facts by hand, undoings and late entries go through the services; `loans.replay` gets the payments that
were not taken back, as if nothing else had ever been. Quick as a rule, `UP2K_DEEP=1` plays many more.
"""

import os
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from loans import services
from loans.allocation import Kind, parse_order
from loans.closing_services import close_month
from loans.life import payment_event
from loans.models import Loan, Receipt, ReceiptPart
from loans.replay import State, replay
from tests import build
from up2k_portal.lib.access import Role

START = date(2026, 1, 31)
MONTHS = (2, 3, 4, 5)
DAYS = st.integers(0, 140).map(lambda days: START + timedelta(days=days))
AMOUNTS = st.one_of(st.integers(1, 60_000), st.integers(1, 400_000), st.sampled_from([115_000, 230_000, 1_300_000]))
BY_HAND = st.fixed_dictionaries(
    {},
    optional={
        "principal": st.integers(1, 150_000),
        "service_fee": st.integers(1, 40_000),
        "penalty": st.integers(1, 9_000),
    },
)
# A total, or parts by hand that make up the amount or a part of it.
PAY = st.tuples(st.just("pay"), AMOUNTS, DAYS, st.one_of(st.just({}), BY_HAND))
UNDO = st.tuples(st.just("undo"), st.integers(0, 9), st.integers(0, 60))
CLOSE = st.tuples(st.just("close"))
PRODUCTS = st.sampled_from(
    [
        {"rate": 1.5, "instalment_count": 10},
        {"rate": 2, "instalment_count": 4, "allocation_order": "penalty,principal,service_fee"},
        {"method": "declining", "rate": 2, "instalment_count": 5},
        {"rate": 1, "instalment_count": 6, "grace": 2},
    ]
)
AS_OF = st.sampled_from([0, 1, 20, 45, 95, 400])
DEEP = os.environ.get("UP2K_DEEP") == "1"
varied = settings(
    max_examples=150 if DEEP else 8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@pytest.fixture
def scene(db):
    group = build.group()
    build.capital(group)
    village = group.village
    return group, build.member(group), build.user(Role.DISTRICT, village.district.code)


class Told:
    """A loan and what was done with it."""

    def __init__(self, scene, terms):
        self.group, member, self.by = scene
        self.loan = build.loan(member, 1_000_000, START, product=build.product(self.group, **terms), by=self.by)
        self.receipts: list[Receipt] = []
        self.facts: dict[int, dict] = {}
        self.latest = START
        self.closed = 0

    def do(self, what, *facts) -> None:
        """Does it unless it is refused; a refusal changes nothing."""
        try:
            with transaction.atomic():
                getattr(self, what)(*facts)
        except ValidationError:
            pass

    def pay(self, amount, on, parts):
        told = {"amount": max(amount, sum(parts.values())), "parts": parts, "till": "bank"}
        receipt = build.payment(self.loan, on=on, by=self.by, **told)
        self.receipts.append(receipt)
        self.facts[receipt.pk] = {Kind(kind): part for kind, part in parts.items()}
        self.latest = max(self.latest, on)

    def undo(self, which, later):
        receipt = self.receipts[which % len(self.receipts)] if self.receipts else None
        if receipt:
            on = receipt.received_on + timedelta(days=later)
            told = {"receipt": receipt, "reason": "salah ketik jumlah", "reversed_on": on}
            services.reverse_payment(**told, by=self.by, uuid=uuid4())
            self.latest = max(self.latest, on)

    def close(self):
        if self.closed < len(MONTHS):
            month = MONTHS[self.closed]
            build.cash_count(self.group, date(2026, month + 1, 1) - timedelta(days=1))
            close_month(group=self.group, period=202600 + month, by=self.by)
            self.closed += 1

    def live(self) -> list[Receipt]:
        return list(Receipt.objects.filter(reverses=None, reversal=None).order_by("pk"))

    def without_the_undone(self, as_of) -> State:
        events = [
            payment_event(receipt.pk, receipt.received_on, receipt.amount, self.facts[receipt.pk])
            for receipt in self.live()
        ]
        terms = self.loan.schedule_terms(self.loan.principal)
        return replay(terms, START, parse_order(self.loan.allocation_order), events, as_of)


def split_of(payment) -> dict[str, int]:
    return {kind: getattr(payment, kind) for kind in map(str, Kind) if getattr(payment, kind)}


def by_kind(rows) -> dict[str, int]:
    sums = Counter()
    for kind, amount in rows:
        sums[kind] += amount
    return {kind: amount for kind, amount in sums.items() if amount}


def standing(receipt) -> dict[str, int]:
    return by_kind(receipt.parts.standing().values_list("kind", "amount"))


def told(scene, terms, acts) -> Told:
    found = Told(scene, terms)
    for act in acts:
        found.do(*act)
    return found


@varied
@given(terms=PRODUCTS, acts=st.lists(st.one_of(PAY, PAY, UNDO), min_size=2, max_size=9), days=AS_OF)
def test_with_all_months_open_each_receipt_stands_split_as_if_the_undone_ones_had_never_been(scene, terms, acts, days):
    with transaction.atomic():
        story = told(scene, terms, acts)
        state = story.without_the_undone(story.latest + timedelta(days=days))
        stands = {receipt.pk: standing(receipt) for receipt in story.live()}
        assert stands == {payment.id: split_of(payment) for payment in state.payments}
        assert not ReceiptPart.objects.filter(role=ReceiptPart.Role.ADJUSTMENT).exists()
        transaction.set_rollback(True)


@varied
@given(terms=PRODUCTS, acts=st.lists(st.one_of(PAY, PAY, UNDO, CLOSE), min_size=3, max_size=10), days=AS_OF)
def test_with_closed_months_the_sums_by_kind_are_those_of_that_history(scene, terms, acts, days):
    with transaction.atomic():
        story = told(scene, terms, acts)
        state = story.without_the_undone(story.latest + timedelta(days=days))
        expected = by_kind(item for payment in state.payments for item in split_of(payment).items())
        assert by_kind(story.loan.receipt_parts.values_list("kind", "amount")) == expected
        transaction.set_rollback(True)


@varied
@given(terms=PRODUCTS, acts=st.lists(st.one_of(PAY, UNDO), max_size=7), days=AS_OF)
def test_balance_and_arrears_of_the_pages_are_those_of_the_replay(scene, terms, acts, days):
    with transaction.atomic():
        story = told(scene, terms, acts)
        as_of = story.latest + timedelta(days=days)
        state = story.without_the_undone(as_of)
        loan = Loan.objects.with_collectability(as_of).get(pk=story.loan.pk)
        late_since = loan.oldest_unpaid_on
        assert (loan.balance, loan.principal_late, loan.service_fee_late, loan.collectability) == (
            state.outstanding_principal,
            state.overdue_principal,
            state.overdue_service_fee,
            state.collectability.level,
        )
        assert ((as_of - late_since).days if late_since else 0) == state.days_past_due
        transaction.set_rollback(True)


@varied
@given(terms=PRODUCTS, acts=st.lists(PAY, min_size=1, max_size=6), which=st.integers(0, 5), later=st.integers(0, 60))
def test_a_payment_taken_back_leaves_the_loan_that_never_had_it(scene, terms, acts, which, later):
    def left(acts):
        with transaction.atomic():
            story = told(scene, terms, acts)
            done = [receipt.received_on for receipt in story.live()]
            rows = [(receipt.received_on, receipt.amount, standing(receipt)) for receipt in story.live()]
            transaction.set_rollback(True)
        return done, rows

    which %= len(acts)
    done, _ = left(acts)
    assume(len(done) == len(acts))  # none was refused
    never_paid, without = left(acts[:which] + acts[which + 1 :])
    assume(len(never_paid) == len(acts) - 1)
    _, undone = left([*acts, ("undo", which, later)])
    assume(len(undone) == len(acts) - 1)
    assert undone == without
