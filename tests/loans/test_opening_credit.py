"""What the old book kept for a member (titipan) comes into the books as hers, and goes back to her."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from loans import leaving_services, opening
from loans.leaving import Withdrawn
from loans.ledger_services import balances
from loans.models import Entry, Voucher
from loans.opening_services import open_books, save_amounts, start_opening
from loans.opening_undo_services import take_back_opening
from loans.saving_services import give_member_credit_back, member_credit
from tests import build
from tests.loans.test_leaving_credit import audited

CUT_OFF, DAY = date(2025, 12, 31), date(2026, 9, 10)
CASH, CREDIT = "1.1", "2.5"


@pytest.fixture
def draft(group, operator):
    return start_opening(group=group, on=CUT_OFF, by=operator)


@pytest.fixture
def opened(group, draft, member, operator):
    """Cash of 30.000: 10.000 are the member's sukarela, 20.000 her titipan."""
    amounts = {("cash", None): 30_000, ("voluntary", member.pk): 10_000, ("credit", member.pk): 20_000}
    save_amounts(opening=draft, amounts=amounts, by=operator)
    return open_books(group=group, by=operator)


def give_back(member, by, amount=20_000, **fields):
    facts = {"member": member, "amount": amount, "on": DAY, "by": by, "uuid": uuid4()}
    return give_member_credit_back(**facts | fields)


def test_it_is_owed_to_her_and_the_audit_agrees(group, opened, member):
    entry = Entry.objects.get(credit=CREDIT)
    assert (entry.debit, entry.amount, entry.member, entry.loan, entry.on) == ("3.9", 20_000, member, None, CUT_OFF)
    assert balances(group, CUT_OFF, (CASH, CREDIT, "3.9")) == {CASH: 30_000, CREDIT: 20_000, "3.9": 0}
    assert (member_credit(member, DAY), member_credit(build.member(group), DAY)) == (20_000, 0)
    assert audited().startswith("Buku cocok: ")


def test_both_sides_count_it_as_owed():
    totals = opening.totals([("cash", "", 30_000), ("credit", "", 20_000)])
    assert (totals.assets, totals.liabilities, totals.equity, totals.difference) == (30_000, 20_000, 0, 10_000)


def test_it_goes_back_to_her_once(group, opened, member, operator):
    key = uuid4()
    first = give_back(member, operator, uuid=key)
    assert give_back(member, operator, uuid=key) == first
    assert (first.kind, first.member, first.loan) == ("credit_back", member, None)
    assert balances(group, DAY, (CASH, CREDIT)) == {CASH: 10_000, CREDIT: 0}
    with pytest.raises(ValidationError) as refused:
        give_back(member, operator, amount=1)
    assert refused.value.message_dict == {
        "amount": ["Titipan Norhasanah pada 10 September 2026 Rp0. Paling banyak itu."]
    }
    assert audited().startswith("Buku cocok: ")


def test_titipan_of_a_loan_is_not_counted_twice(opened, member, operator):
    build.payment(build.loan(member, 20_000, date(2026, 1, 31), by=operator), 25_000, date(2026, 8, 1), by=operator)
    assert member_credit(member, DAY) == 20_000


def test_who_leaves_gets_it_in_the_same_act(group, opened, member, operator):
    facts = {"member": member, "left_on": DAY, "left_reason": "pindah ke Banjarmasin", "by": operator}
    settlement = leaving_services.settle_and_leave(**facts, uuid=uuid4())
    assert (settlement.saved, settlement.credit, settlement.paid_out) == (10_000, 20_000, 30_000)
    outcome = leaving_services.outcome_of(settlement)
    assert outcome.withdrawn[-1] == Withdrawn("Titipan dari buku lama", "AS-K-2026-0001", 20_000)
    assert balances(group, DAY, (CASH, CREDIT, "2.1")) == {CASH: 0, CREDIT: 0, "2.1": 0}
    assert audited().startswith("Buku cocok: ")


def test_an_opening_taken_back_takes_it_along(group, opened, member, district_officer):
    take_back_opening(group=group, reason="angka bank salah baca", by=district_officer, uuid=uuid4())
    assert (member_credit(member, DAY), balances(group, DAY, (CREDIT,))) == (0, {CREDIT: 0})


def test_the_grid_asks_for_it_beside_the_savings(group, draft, member, operator, as_user):
    client, url = as_user(operator), reverse("opening-savings", args=[group.pk])
    page = client.get(url).content.decode()
    assert "Titipan (Rp)" in page
    client.post(url, {f"credit_{member.pk}": "20.000"})
    assert draft.lines.values_list("kind", "member", "amount").get() == ("credit", member.pk, 20_000)
    page = client.get(reverse("opening", args=[group.pk])).content.decode()
    assert "Titipan angsuran 20.000" in page


def test_her_page_shows_it_and_the_way_to_give_it_back(opened, member, operator, as_user):
    client, url = as_user(operator), reverse("member-credit-back", args=[member.pk])
    page = client.get(member.get_absolute_url()).content.decode()
    assert "Titipan dari buku lama" in page
    assert url in page
    assert client.get(url).context["form"].initial["amount"] == 20_000
    facts = {"uuid": str(uuid4()), "amount": "25.000", "on": "10-9-2026", "till": "cash"}
    refused = client.post(url, facts).context["form"].errors["amount"]
    assert refused == ["Titipan Norhasanah pada 10 September 2026 Rp20.000. Paling banyak itu."]
    assert client.post(url, facts | {"amount": "20.000"}).url == member.get_absolute_url()
    assert Voucher.objects.get(kind="credit_back").amount == 20_000
    assert url not in client.get(member.get_absolute_url()).content.decode()
