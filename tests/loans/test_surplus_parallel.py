"""SHU paid and an office handed over at the same moment by several: nothing twice. Needs a database threads share."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from loans.handover_services import hand_over
from loans.ledger_services import balances
from loans.models import CashCount, Handover, SurplusDistribution, SurplusPayment, Voucher
from loans.surplus_plans import payees_of, plan_of, recorded_plan
from loans.surplus_services import take_back_distribution
from tests import build
from tests.loans import build_surplus
from tests.loans.build_surplus import approve, pay
from tests.loans.test_leaving_parallel import at_once
from up2k_portal.lib.access import Role
from villages.models import Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]
TODAY = date(2026, 9, 30)


@pytest.fixture
def village():
    return build.village()


@pytest.fixture
def operator(village):
    return build.user(Role.OPERATOR, village.code)


@pytest.fixture
def district(village):
    return build.user(Role.DISTRICT, village.code[:8])


@pytest.fixture
def draft(village, operator):
    group = build.group(village)
    build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build.officer(group, "bendahara", "Aminah")
    build_surplus.teacher(group, operator)
    build_surplus.scheme(group, operator)
    return build_surplus.draft(group, operator)


@pytest.fixture
def approved(draft, district):
    return approve(draft, district)


def keys_of(distribution, section) -> list[str]:
    return [one.key for one in payees_of(distribution, recorded_plan(distribution)) if one.section == section]


def done(answers) -> list:
    return [one for one in answers if not isinstance(one, ValidationError)]


def test_a_list_that_eight_pay_at_once_is_paid_once(approved, operator):
    keys = keys_of(approved, "members")
    answers = at_once(*[lambda: pay(approved, keys, operator)] * 8)
    assert len(done(answers)) == 1
    assert Voucher.objects.filter(kind="surplus_paid").count() == len(keys) == 3
    assert SurplusPayment.objects.count() == 4
    assert balances(approved.group, TODAY, ("2.3",)) == {"2.3": 8_000}


def test_one_payment_sent_eight_times_at_once_is_one(approved, operator):
    keys, key = keys_of(approved, "members"), uuid4()
    answers = at_once(*[lambda: pay(approved, keys, operator, uuid=key)] * 8)
    assert answers == [list(Voucher.objects.filter(kind="surplus_paid").order_by("pk"))] * 8


def test_a_fund_paid_in_parts_at_once_never_gives_more_than_it_has(approved, operator):
    """Rp4.000 of dana sosial, eight times Rp1.500 asked for."""
    (key,) = [one.key for one in payees_of(approved, recorded_plan(approved)) if one.name == "Dana sosial"]
    answers = at_once(*[lambda: pay(approved, [key], operator, amount=1_500, party="Panti")] * 8)
    assert len(done(answers)) == 2
    assert sum(Voucher.objects.filter(kind="surplus_paid").values_list("amount", flat=True)) == 3_000


def test_eight_approvals_at_once_are_one(draft, district):
    seen = plan_of(draft).fingerprint
    answers = at_once(*[lambda: approve(draft, district, seen=seen)] * 8)
    assert len(done(answers)) == 1
    assert Voucher.objects.filter(kind="surplus").count() == 1
    assert balances(draft.group, TODAY, ("3.5",)) == {"3.5": 0}


def test_a_sharing_is_paid_or_taken_back_and_never_both(approved, operator, district):
    keys = keys_of(approved, "members")
    facts = {"distribution": approved, "on": date(2026, 9, 8), "reason": "pos PAUD salah dicatat", "by": district}
    at_once(*[lambda: pay(approved, keys, operator)] * 4, *[lambda: take_back_distribution(**facts)] * 4)
    is_paid = Voucher.objects.filter(kind="surplus_paid").exists()
    assert is_paid == (SurplusDistribution.objects.get().status == "approved")


def test_an_office_that_eight_hand_over_at_once_changes_hands_once(village, district):
    group = build.group(village)
    build.officer(group, "bendahara", "Siti Aminah")
    facts = {"office": "bendahara", "on": TODAY, "pieces": {}, "explanation": "uangnya di bank desa"}

    def act(name):
        return lambda: hand_over(group=group, name=name, documents=[], by=district, uuid=uuid4(), **facts)

    answers = at_once(*[act(f"Penerima {at}") for at in range(8)])
    assert len(done(answers)) == 1
    assert (Handover.objects.count(), CashCount.objects.count()) == (1, 1)
    assert Officer.objects.filter(group=group, office="bendahara").count() == 2


def test_one_handover_sent_eight_times_at_once_is_one(village, operator, district):
    """Her account is closed once too."""
    group = build.group(village)
    build.officer(group, "bendahara", "Siti Aminah")
    key, facts = uuid4(), {"office": "bendahara", "on": TODAY, "pieces": {}, "explanation": "uangnya di bank desa"}
    facts |= {"name": "Norhayati", "documents": ["stamp"], "closed_user": operator, "by": district}
    answers = at_once(*[lambda: hand_over(group=group, uuid=key, **facts)] * 8)
    assert answers == [Handover.objects.get()] * 8
    operator.refresh_from_db()
    assert not operator.is_active
