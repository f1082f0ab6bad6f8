"""Many people at once on one loan: nothing is lost, no number given twice. Needs a database that threads share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from loans import services
from loans.models import Loan, Receipt
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]


def at_once(act, keys: list[UUID]) -> list:
    def alone(key):
        try:
            return act(key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, keys))


@pytest.fixture
def pay():
    loan = build.loan(build.member(build.group()), 5_000_000)

    def _pay(key: UUID):
        facts = {"amount": 10_000, "received_on": date(2026, 3, 1), "by": loan.disbursed_by}
        return services.record_payment(loan=loan, uuid=key, **facts)

    return _pay


def test_forty_payments_at_once_are_forty_receipts_with_their_own_numbers(pay):
    receipts = at_once(pay, [uuid4() for _ in range(40)])
    assert sorted(receipt.number for receipt in receipts) == [f"AS-2026-{n:04}" for n in range(1, 41)]
    loan = Loan.objects.with_paid(date(2026, 3, 1)).get()
    assert loan.principal_paid + loan.service_fee_paid == 400_000


def test_one_payment_sent_ten_times_at_once_is_one_receipt(pay):
    receipts = at_once(pay, [uuid4()] * 10)
    assert {receipt.pk for receipt in receipts} == {Receipt.objects.get().pk}
