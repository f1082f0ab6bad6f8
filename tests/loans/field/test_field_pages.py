"""What other pages tell of the sheet: the meeting's attendance, the cash count, closing a month, the cash book."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans.field.device_services import tell
from reports.books.cash import cash_words
from tests import build
from tests.loans.field.build_field import ON, count, row, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def women(group):
    return [build.member(group, name=name) for name in ("Aminah", "Norhasanah")]


def ticked(page: str) -> set[int]:
    boxes = re.findall(r'<input[^>]*name="present"[^>]*>', page)
    return {int(re.search(r'value="(\d+)"', box)[1]) for box in boxes if "checked" in box}


@pytest.fixture
def absent(women, operator):
    send(row(women[0], kind="absent", on="2026-09-30"), by=operator)
    return women[0]


def test_the_attendance_of_a_meeting_is_proposed_from_the_sheet_of_its_day(absent, women, as_user, operator, group):
    page = as_user(operator).get(reverse("meeting-add", args=[group.pk])).content.decode()
    assert ticked(page) == {women[1].pk}
    assert "Yang ditandai tidak hadir di Lembar Setoran tidak dicentang. Periksa lagi." in page


def test_all_are_ticked_but_who_was_marked_absent(absent, women, as_user, operator, group):
    facts = {"held_on": "30-09-2026", "list": "all", "tamu-TOTAL_FORMS": 0, "tamu-INITIAL_FORMS": 0}
    page = as_user(operator).post(reverse("meeting-add", args=[group.pk]), facts).content.decode()
    assert ticked(page) == {women[1].pk}


def test_without_a_sheet_nobody_is_ticked(women, as_user, operator, group):
    page = as_user(operator).get(reverse("meeting-add", args=[group.pk])).content.decode()
    assert (ticked(page), "Lembar Setoran tidak dicentang" in page) == (set(), False)


@pytest.fixture
def in_field(women, operator):
    send(row(women[0], savings={"mandatory": 60_000}), by=operator)
    tell(group=women[0].group, on=ON, device=uuid4(), user=operator, waiting=3, is_along=False)


def test_the_page_that_closes_a_month_says_what_lies_with_the_officer_and_which_telephone_waits(
    in_field, as_user, operator, group
):
    page = as_user(operator).get(reverse("month-close", args=[group.pk])).content.decode()
    assert "Masih ada Rp60.000 di petugas pada akhir September 2026." in page
    assert "Menunggu 1 HP: Rahmah (3 baris)" in page
    assert "Buka Lembar Setoran" in page


def test_the_count_of_the_box_says_what_lies_elsewhere(in_field, as_user, operator, group):
    facts = {"uuid": uuid4(), "counted_on": "30-09-2026", "p50000": "1"}
    page = as_user(operator).post(reverse("cash-count-new", args=[group.pk]), facts).content.decode()
    assert "Masih ada Rp60.000 di petugas." in page
    assert "Menunggu 1 HP: Rahmah (3 baris)" in page


def test_the_record_of_a_table_count_says_what_it_was_compared_with(in_field, as_user, operator, group):
    (answer,) = send(count(group, {"50000": 1, "10000": 1}), by=operator)
    assert "Di petugas menurut buku" in as_user(operator).get(answer.url).content.decode()


def test_the_page_of_a_group_shows_the_till_of_the_field_while_money_lies_there(in_field, as_user, operator, group):
    url = reverse("group", args=[group.pk])
    assert "Kas di petugas" in as_user(operator).get(url).content.decode()
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    assert "Kas di petugas" not in as_user(operator).get(url).content.decode()


def test_the_cash_book_says_how_much_of_it_lies_with_the_officer():
    assert cash_words(100_000, 0) == "Rp100.000"
    assert cash_words(100_000, 60_000) == "Rp160.000 (di antaranya di petugas Rp60.000)"


@pytest.mark.parametrize("name", ["payment-add", "saving-deposit", "voucher-expense"])
def test_no_page_offers_the_till_of_the_field(name, member, as_user, operator):
    build.capital(member.group, on=date(2026, 1, 1))
    rows = {"payment-add": build.loan(member), "saving-deposit": member, "voucher-expense": member.group}
    page = as_user(operator).get(reverse(name, args=[rows[name].pk])).content.decode()
    assert 'value="cash"' in page
    assert 'value="field"' not in page


def test_a_kuitansi_of_the_sheet_says_where_the_money_lay(member, as_user, operator):
    (answer,) = send(row(member, savings={"mandatory": 10_000}), by=operator)
    answers = [as_user(operator).get(reverse(name, args=[answer.receipt.pk])) for name in ("receipt", "receipt-paper")]
    assert [one.status_code for one in answers] == [200, 200]
