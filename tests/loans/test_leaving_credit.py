"""Who leaves gets back what she paid beyond a loan (titipan), in the same act; first it pays what she owes."""

from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from loans import leaving_services, life_services
from loans.leaving import Withdrawn
from loans.ledger_services import balances
from loans.models import Receipt, Settlement, Voucher
from tests import build
from tests.loans.test_leaving import LEFT_ON, deposit, figures, lend, preview, settle, spend

CASH, CREDIT = "1.1", "2.5"


def audited() -> str:
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    return out.getvalue()


@pytest.fixture
def overpaid(member, operator):
    """Rp100.000 in ten instalments with a fee of 1.500, paid with 5.000 too much."""
    loan = build.loan(member, 100_000, date(2026, 1, 31), by=operator)
    build.payment(loan, 120_000, date(2026, 8, 1), by=operator)
    return loan


def test_she_gets_her_titipan_with_her_savings(member, operator, overpaid):
    deposit(member, operator, voluntary=20_000)
    before = balances(member.group, LEFT_ON, (CASH,))[CASH]
    settlement = settle(member, operator)
    assert (figures(settlement), settlement.credit) == ((20_000, 0, 25_000, 0), 5_000)
    assert balances(member.group, LEFT_ON, (CASH, CREDIT, "2.1")) == {CASH: before - 25_000, CREDIT: 0, "2.1": 0}
    back = Voucher.objects.get(kind="credit_back")
    assert (back.loan, back.member, back.amount, back.on) == (overpaid, member, 5_000, LEFT_ON)
    assert audited().startswith("Buku cocok: ")


def test_it_pays_her_other_loan_first(member, operator, overpaid):
    loan = lend(member, operator, 500_000, date(2026, 8, 31))
    settlement = settle(member, operator)
    assert (figures(settlement), settlement.credit) == ((0, 5_000, 0, 500_000), 5_000)
    receipt = Receipt.objects.get(parts__loan=loan)
    assert dict(receipt.parts.values_list("kind", "amount")) == {"service_fee": 5_000}
    assert balances(member.group, LEFT_ON, (CREDIT,)) == {CREDIT: 0}
    assert audited().startswith("Buku cocok: ")


def test_the_preview_and_the_paper_name_the_loan(member, operator, overpaid, as_user):
    told = preview(member, operator)
    assert told.withdrawn == (Withdrawn(f"Titipan pinjaman {overpaid.number}", "AS-K-2026-0002", 5_000),)
    assert (told.settled, told.saved, told.credit, told.returned, told.paid_out) == ((), 0, 5_000, 5_000, 5_000)
    settlement = settle(member, operator, seen=told.mark)
    assert leaving_services.outcome_of(settlement) == told
    page = as_user(operator).get(reverse("settlement", args=[settlement.pk])).content.decode()
    assert f"Titipan pinjaman {overpaid.number} dikembalikan" in page
    assert "<dt>Titipan kembali</dt><dd>Rp5.000</dd>" in page


def test_what_was_given_back_before_is_not_paid_twice(member, operator, overpaid):
    facts = {"loan": overpaid, "on": date(2026, 9, 1), "by": operator, "uuid": uuid4()}
    life_services.give_credit_back(amount=2_000, **facts)
    settlement = settle(member, operator)
    assert (settlement.credit, settlement.paid_out) == (3_000, 3_000)


def test_it_is_settled_once_and_another_till_under_its_key_is_a_conflict(member, operator, overpaid):
    key = uuid4()
    first = settle(member, operator, uuid=key)
    assert settle(member, operator, uuid=key) == first
    with pytest.raises(ValidationError) as refused:
        settle(member, operator, uuid=key, till="bank")
    assert refused.value.code == "conflict"
    assert (Settlement.objects.count(), Voucher.objects.filter(kind="credit_back").count()) == (1, 1)


def test_a_till_that_cannot_pay_it_stops_the_whole_act(member, operator, overpaid):
    spend(member.group, operator, balances(member.group, LEFT_ON, (CASH,))[CASH] - 4_999)
    with pytest.raises(ValidationError, match=r"kurang dari Rp5\.000 yang dibayarkan kepadanya"):
        settle(member, operator)
    assert not Settlement.objects.exists()


def test_she_does_not_leave_before_she_got_titipan_back(member, operator, overpaid):
    facts = {"loan": overpaid, "on": date(2026, 9, 11), "by": operator, "uuid": uuid4()}
    life_services.give_credit_back(amount=5_000, **facts)
    with pytest.raises(ValidationError, match="masih tercatat sampai 11 September 2026"):
        settle(member, operator)


def test_a_loan_that_is_paid_in_full_and_no_more_gives_nothing(member, operator):
    loan = build.loan(member, 100_000, date(2026, 1, 31), by=operator)
    build.payment(loan, 115_000, date(2026, 8, 1), by=operator)
    assert (settle(member, operator).credit, Voucher.objects.filter(kind="credit_back").count()) == (0, 0)


def test_who_has_titipan_alone_is_shown_the_way_to_settle(member, operator, overpaid, as_user):
    client = as_user(operator)
    page = client.get(reverse("member-leave", args=[member.pk])).content.decode()
    assert reverse("member-settle", args=[member.pk]) in page
