"""The six rules of a key, for every verb on money that takes one: done once, a conflict, or as if it had never come."""

from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from loans import life_services, payment_services, services, shift_services
from loans.closing_services import record_cash_count
from loans.leaving_services import settle_and_leave
from loans.ledger_services import record_voucher, reverse_voucher
from loans.models import Entry, Receipt, Voucher
from loans.saving_services import record_deposit, withdraw_saving
from tests import build
from tests.loans import build_life
from up2k_portal.lib.access import Role

DAY = date(2026, 9, 10)
WHY = "rumah terendam banjir dua bulan"


def made() -> dict:
    """A loan with a receipt and a credit, one written off, a saver, and a voucher to take back."""
    village = build.village()
    group, operator = build.group(village), build.user(Role.OPERATOR, village.code)
    member = build.member(group, name="Norhasanah")
    paid = build.loan(member, 100_000, by=operator)
    build.payment(paid, 200_000, date(2026, 3, 1))
    loan = build.loan(member, 1_000_000, by=operator)
    lost = build.loan(build.member(group), 500_000, by=operator)
    build_life.write_off(lost, date(2026, 9, 1))
    lost.refresh_from_db()
    saved = {"parts": {"voluntary": 90_000}, "received_on": DAY, "by": operator, "uuid": uuid4()}
    record_deposit(member=member, **saved)
    return {
        "operator": operator,
        "member": member,
        "paid": paid,
        "loan": loan,
        "lost": lost,
        "receipt": build.payment(loan, 115_000, date(2026, 3, 1), by=operator),
        "voucher": build.capital(group, 70_000, DAY),
        "group": group,
        "late": build.loan(build.member(group), 300_000, by=operator),
    }


@pytest.fixture(scope="module")
def kept(keep_rows):
    yield from keep_rows(made)


@pytest.fixture
def scene(kept, db):
    return deepcopy(kept)


@pytest.fixture
def operator(scene):
    return scene["operator"]


def spending(of):
    told = {"kind": "expense", "on": DAY, "debit": "5.1", "credit": "1.1", "description": "Buku kas"}
    return record_voucher, {"group": of["group"], "amount": 5_000, **told}, {"amount": 6_000}


# Of each verb: the act, its facts, and other content under the same key.
VERBS = {
    "pay": lambda of: (
        services.record_payment, {"loan": of["loan"], "amount": 50_000, "received_on": DAY}, {"amount": 50_001}
    ),
    "total": lambda of: (
        payment_services.record_total, {"loan": of["loan"], "total": 50_000, "received_on": DAY}, {"till": "bank"}
    ),
    "by hand": lambda of: (
        payment_services.record_by_hand,
        {"loan": of["loan"], "parts": {"principal": 9_000}, "received_on": DAY},
        {"parts": {"service_fee": 9_000}},
    ),
    "undo": lambda of: (
        services.reverse_payment,
        {"receipt": of["receipt"], "reason": "salah ketik jumlah", "reversed_on": DAY},
        {"reason": "salah ketik tanggal"},
    ),
    "deposit": lambda of: (
        record_deposit, {"member": of["member"], "parts": {"mandatory": 7_000}, "received_on": DAY},
        {"parts": {"mandatory": 8_000}},
    ),
    "withdraw": lambda of: (
        withdraw_saving, {"member": of["member"], "kind": "voluntary", "amount": 7_000, "on": DAY}, {"amount": 7_001}
    ),
    "spend": spending,
    "undo voucher": lambda of: (
        reverse_voucher, {"voucher": of["voucher"], "reason": "salah ketik jumlah", "reversed_on": DAY},
        {"reversed_on": date(2026, 9, 11)},
    ),
    "credit back": lambda of: (
        life_services.give_credit_back, {"loan": of["paid"], "amount": 5_000, "on": DAY}, {"amount": 5_001}
    ),
    "recover": lambda of: (
        life_services.record_recovery, {"loan": of["lost"], "amount": 5_000, "received_on": DAY}, {"amount": 5_001}
    ),
    "reschedule": lambda of: (
        life_services.reschedule_loan,
        {"loan": of["loan"], "on": DAY, "kind": "grace", "from_instalment": 4, "value": 2, "reason": WHY},
        {"value": 3},
    ),
    "write off": lambda of: (
        life_services.write_off_loan, {"loan": of["late"], "on": DAY, "reason": "peminjam wafat"},
        {"on": date(2026, 9, 11)},
    ),
    "shift": lambda of: (
        shift_services.shift_village,
        {
            "village": of["group"].village, "on": DAY, "letter_number": "14/SK", "letter_on": DAY, "reason": WHY,
            "from_day": DAY, "months": 1,
        },
        {"months": 2},
    ),
    "count": lambda of: (
        record_cash_count,
        {"group": of["group"], "counted_on": DAY, "pieces": {"1000": 3}, "explanation": "uang di rumah bendahara"},
        {"pieces": {"1000": 4}},
    ),
    "settle": lambda of: (
        settle_and_leave, {"member": of["member"], "left_on": DAY, "left_reason": "pindah", "till": "cash"},
        {"left_on": date(2026, 9, 11)},
    ),
}  # fmt: skip


def rows():
    return Receipt.objects.count(), Voucher.objects.count(), Entry.objects.count(), Change.objects.count()


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_key_is_the_same_act_and_nothing_else(verb, scene, operator):
    act, facts, other = VERBS[verb](scene)
    key = uuid4()
    first = act(**facts, by=operator, uuid=key)
    done = rows()
    assert act(**facts, by=operator, uuid=key) == first
    stranger = build.user(Role.OPERATOR, scene["group"].village.code)
    for told in (facts | other | {"by": operator}, facts | {"by": stranger}):
        with pytest.raises(ValidationError) as refused:
            act(**told, uuid=key)
        assert refused.value.code == "conflict"
    assert rows() == done


def test_a_key_of_another_group_tells_nothing_and_does_nothing(scene, operator, pandulangan):
    """The other group's sending under a key that is taken: neither that receipt nor a second one."""
    other = build.loan(build.member(build.group(pandulangan)), by=operator)
    key = scene["receipt"].uuid
    for act, facts in (
        (services.record_payment, {"loan": other, "amount": 115_000, "received_on": date(2026, 3, 1)}),
        (record_deposit, {"member": other.member, "parts": {"mandatory": 115_000}, "received_on": date(2026, 3, 1)}),
    ):
        with pytest.raises(ValidationError) as refused:
            act(**facts, by=operator, uuid=key)
        assert (refused.value.code, str(scene["receipt"]) in str(refused.value)) == ("conflict", False)


def test_a_sending_that_was_refused_may_come_again_corrected(scene, operator):
    key, facts = uuid4(), {"loan": scene["loan"], "received_on": DAY, "by": operator}
    with pytest.raises(ValidationError):
        services.record_payment(amount=0, uuid=key, **facts)
    assert services.record_payment(amount=50_000, uuid=key, **facts).uuid == key


@pytest.mark.parametrize(
    "key", ["", "x" * 300, "123", "2f1c8f6e-5d3a-4b8e-9c1d-7a6b5c4d3e2f0", "00000000-0000-0000-0000-000000000000"]
)
def test_a_page_takes_no_key_that_is_none(key, scene, operator, as_user):
    before = rows()
    facts = {"uuid": key, "amount": "50.000", "received_on": "10-09-2026", "save": "1"}
    answer = as_user(operator).post(reverse("payment-add", args=[scene["loan"].pk]), facts)
    assert (answer.status_code, "uuid" in answer.context["form"].errors) == (200, True)
    assert rows() == before
