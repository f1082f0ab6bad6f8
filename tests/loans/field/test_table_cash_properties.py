"""Whatever order lines, withdrawals, counts and corrections come in: no rupiah is lost, the audit finds no fault."""

import os
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import services
from loans.chart import CASH, CASH_DIFFERENCE, FIELD_CASH, OTHER_INCOME, SAVINGS
from loans.closing_builders import pieces_of
from loans.field.lines import sheet_of
from loans.ledger_services import balances, reverse_voucher
from loans.models import Receipt, Voucher
from tests import build
from tests.loans.field.build_field import count, row, send
from tests.loans.field.test_table_cash import audit

pytestmark = pytest.mark.django_db
SEEDS = range(40 if os.environ.get("UP2K_DEEP") == "1" else 4)
FIRST, LAST = date(2026, 9, 20), date(2026, 9, 30)


@pytest.mark.parametrize("seed", SEEDS)
def test_money_is_in_one_place_after_any_order_of_acts(seed, group, operator, district_officer):
    chance, members = Random(seed), [build.member(group) for _ in range(3)]
    for _ in range(40):
        on = FIRST + timedelta(days=chance.randrange(11))
        act(chance, group, members, on, operator, district_officer)
        for day in (on, LAST):
            held = balances(group, day)
            brought = held[OTHER_INCOME] - held[CASH_DIFFERENCE] + sum(held[code] for code in SAVINGS.values())
            assert held[CASH] + held[FIELD_CASH] == brought
            assert min(held[CASH], held[FIELD_CASH]) >= 0
    assert audit().startswith("Buku cocok")


def act(chance: Random, group, members, on: date, operator, officer) -> None:
    """One act of somebody, as it comes; a refusal leaves the books as they were."""
    member, amount, day = chance.choice(members), chance.randrange(1, 9) * 1_000, on.isoformat()
    kind = chance.randrange(6)
    if kind < 2:
        send(row(member, savings={"voluntary": amount}, on=day), by=operator)
    elif kind == 2:
        send(row(member, withdraw={"voluntary": amount}, on=day), by=operator)
    elif kind == 3:
        lies = sheet_of(group, on).field_cash
        counted = max(lies + chance.choice([0, 0, 500, -500]), 0)
        told = {"explanation": "uang kembalian belum dicatat", "on": day}
        (answer,) = send(count(group, pieces_of(counted), **told), by=operator)
        if lies:
            assert (str(answer.state), answer.cash_count and answer.cash_count.booked) == ("saved", lies), answer
    else:
        take_back(chance, kind, on, officer)


def take_back(chance: Random, kind: int, on: date, officer) -> None:
    facts = {"reason": "salah ketik jumlah", "by": officer, "uuid": uuid4()}
    receipts = list(Receipt.objects.filter(reverses=None, reversal=None))
    vouchers = list(Voucher.objects.filter(reverses=None, reversal=None, kind="withdrawal"))
    try:
        if kind == 4 and receipts:
            receipt = chance.choice(receipts)
            services.reverse_payment(receipt=receipt, reversed_on=max(on, receipt.received_on), **facts)
        elif vouchers:
            voucher = chance.choice(vouchers)
            reverse_voucher(voucher=voucher, reversed_on=max(on, voucher.on), **facts)
    except ValidationError:
        return
