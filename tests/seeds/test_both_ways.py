"""One group's plan, played in bulk as the demo does and through the services as people do: the same rows."""

from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import User
from enterprises.models import Category
from enterprises.months import last_day
from loans import proposal_services, services
from loans.closing_builders import pieces_of
from loans.closing_services import close_month, record_cash_count
from loans.ledger_services import record_voucher
from loans.models import (
    CashCount,
    Entry,
    Instalment,
    Loan,
    LoanShare,
    MonthClosing,
    Receipt,
    ReceiptPart,
    SharePayment,
    Voucher,
)
from seeds.demo.bulk import Rows
from seeds.demo.plan import Verb
from seeds.demo.scene import Scene
from seeds.demo.users import add_users
from seeds.demo.villages import plan_village
from seeds.demo.write import Book
from seeds.regions import load_regions
from up2k_portal.lib import dates
from villages.models import Group, Village

VILLAGE = "63.08.01.2012"  # Desa Pararain: small, and everything that can happen happens there
CLOCKS_AND_KEYS = {"id", "uuid", "recorded_at", "counted_at", "closed_at"}
UNTOLD = {"warnings"}  # the rules about new loans are asked of a group as it is: the bulk keeps no answer
MODELS = (Loan, Instalment, Receipt, ReceiptPart, Voucher, Entry, CashCount, MonthClosing, LoanShare, SharePayment)


@pytest.fixture
def village(db):
    load_regions("63")
    return Village.objects.select_related("district__regency").get(code=VILLAGE)


@pytest.fixture
def plan(village):
    """A fresh plan each time it is called: its rows can be saved only once."""
    scene = Scene(63, date(2026, 8, 31), {one.name: one for one in Category.objects.all()})
    rows = Rows()
    add_users(rows, [village], scene, "!")
    rows.close()
    return lambda: next(plan_village(village, scene))


@pytest.fixture
def operator(plan):
    return User.objects.get(username=VILLAGE)


@pytest.fixture
def district(plan):
    return User.objects.get(username=VILLAGE[:8])


def in_bulk(plan, operator, district) -> None:
    rows = Rows()
    Book(plan, rows, operator, district).write()
    rows.close()


class Office:
    """Plays the steps of a plan as people do, one by one, each on its day."""

    def __init__(self, operator, district, live_on):
        self.operator, self.district, self.live_on = operator, district, live_on
        self.loans, self.receipts = {}, {}

    def play(self, plan):
        self.plan = plan
        for row in (plan.group, *plan.registry()):
            for field in row._meta.concrete_fields:
                if field.is_relation and field.is_cached(row):
                    setattr(row, field.name, field.get_cached_value(row))
            row.full_clean()
            row.save()
        for step in plan.steps():
            self.live_on(step.on)
            getattr(self, step.verb)(step)

    def capital(self, step):
        facts = step.capital
        record_voucher(
            group=Group.objects.latest("pk"),
            kind="capital",
            on=step.on,
            amount=facts.amount,
            debit="1.1",
            credit="3.3",
            description=facts.description,
            source=facts.source,
            nature="hibah",
            form="uang",
            uuid=uuid4(),
            by=self.operator,
        )

    def propose(self, step):
        facts = step.loan
        self.loans[facts] = proposal_services.propose_loan(
            product=facts.product,
            borrower=facts.borrower,
            principal=facts.principal,
            purpose=facts.purpose,
            proposed_on=step.on,
            uuid=uuid4(),
            by=self.operator,
            shares=self.plan.shares_of(facts),
        )

    def decide(self, step):
        decision = step.loan.decision
        decide = proposal_services.approve_loan if decision.is_approved else proposal_services.reject_loan
        decide(loan=self.loans[step.loan], by=self.district, note=decision.note)

    def disburse(self, step):
        proposal_services.disburse_loan(loan=self.loans[step.loan], disbursed_on=step.on, by=self.operator)

    def pay(self, step):
        payment = step.payment
        self.receipts[payment] = services.record_payment(
            loan=self.loans[step.loan],
            amount=payment.amount,
            penalty=payment.penalty,
            savings=payment.savings,
            note=payment.note,
            received_on=step.on,
            uuid=uuid4(),
            by=self.operator,
        )

    def reverse(self, step):
        services.reverse_payment(
            receipt=self.receipts[step.payment],
            reason=step.payment.reason,
            reversed_on=step.on,
            uuid=uuid4(),
            by=self.operator,
        )

    def close(self, step):
        facts, group = step.month, Group.objects.latest("pk")
        if facts.booked is not None:
            record_cash_count(
                group=group,
                counted_on=last_day(facts.period),
                pieces=pieces_of(facts.booked),
                explanation=facts.explanation,
                uuid=uuid4(),
                by=self.operator,
                seen=facts.booked,
            )
        close_month(group=group, period=facts.period, by=self.operator)


def dump(model) -> list[dict]:
    """All rows without keys and clocks; a related row by its name or number."""
    rows = [
        {
            field.name: str(getattr(row, field.name)) if field.is_relation else field.value_from_object(row)
            for field in model._meta.concrete_fields
            if field.name not in CLOCKS_AND_KEYS | UNTOLD
        }
        for row in model.objects.all()
    ]
    return sorted(rows, key=repr)


def played(play) -> dict:
    """The rows after playing; the database is then as it was."""
    with transaction.atomic():
        play()
        rows = {model.__name__: dump(model) for model in MODELS}
        transaction.set_rollback(True)
    return rows


def test_everything_that_can_happen_happens_in_this_village(plan):
    steps = plan().steps()
    assert {step.verb for step in steps} == set(Verb)
    assert {step.loan.product.every for step in steps if step.loan} == {"month", "week"}
    assert any(step.payment.penalty for step in steps if step.payment)
    assert any(step.payment.savings for step in steps if step.payment)


def test_bulk_and_services_give_the_same_rows(plan, operator, district, monkeypatch):
    office = Office(operator, district, lambda day: monkeypatch.setattr(dates.timezone, "localdate", lambda *args: day))
    by_people = played(partial(office.play, plan()))
    at_once = played(partial(in_bulk, plan(), operator, district))
    assert len(by_people["Receipt"]) > 150
    years = [one["year"] for one in by_people["Voucher"] if one["kind"] == "year_close"]
    assert (len(by_people["MonthClosing"]) > 20, sorted(years)) == (True, [2024, 2025])
    for name, rows in by_people.items():
        assert at_once[name] == rows, name
