"""Leaving while others act on the same savings: they are paid out once. Needs a database that threads share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from loans.leaving_services import settle_and_leave
from loans.ledger_services import balances
from loans.models import Receipt, Settlement, Voucher
from loans.saving_services import record_deposit, withdraw_saving
from tests import build
from up2k_portal.lib.access import Role

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]
DAY = date(2026, 9, 10)


def at_once(*acts) -> list:
    """What each act gave, or the error by which it was refused."""

    def alone(act):
        try:
            return act()
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def saver():
    """She owes 575.000 and saved 700.000."""
    member = build.member(build.group())
    by = build.loan(member, 500_000, date(2026, 8, 31)).disbursed_by
    saved = {"mandatory": 600_000, "voluntary": 100_000}
    record_deposit(member=member, parts=saved, received_on=date(2026, 8, 10), by=by, uuid=uuid4())
    return member


def settling(member, by, key=None):
    facts = {"member": member, "left_on": DAY, "left_reason": "pindah", "by": by}
    return lambda: settle_and_leave(**facts, uuid=key or uuid4())


def test_eight_settlements_at_once_are_one(saver):
    by = build.user(Role.OPERATOR, saver.village.code)
    answers = at_once(*[settling(saver, by) for _ in range(8)])
    assert len([one for one in answers if isinstance(one, Settlement)]) == 1
    settlement = Settlement.objects.get()
    assert (settlement.saved, settlement.paid_on_loans, settlement.paid_out) == (700_000, 575_000, 125_000)
    assert (Receipt.objects.count(), Voucher.objects.filter(kind="withdrawal").count()) == (2, 2)


def test_one_settlement_sent_eight_times_at_once_is_one(saver):
    by, key = build.user(Role.OPERATOR, saver.village.code), uuid4()
    assert at_once(*[settling(saver, by, key) for _ in range(8)]) == [Settlement.objects.get()] * 8


def test_savings_are_paid_out_once_though_she_withdraws_and_leaves_at_the_same_moment(saver):
    by = build.user(Role.OPERATOR, saver.village.code)

    def withdraw():
        facts = {"member": saver, "kind": "voluntary", "amount": 100_000, "on": DAY, "by": by}
        return withdraw_saving(**facts, uuid=uuid4())

    at_once(*[withdraw] * 4, settling(saver, by), *[withdraw] * 3)
    paid_out = sum(Voucher.objects.filter(kind="withdrawal").values_list("amount", flat=True))
    assert paid_out == 700_000
    assert balances(saver.group, DAY, ("2.1", "3.2")) == {"2.1": 0, "3.2": 0}
