"""The sheet: its lines in the order of the paper, what each should bring, and what of it is recorded."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans import services
from loans.field.device_services import tell, waiting_devices, waiting_words
from loans.field.lines import sheet_of
from loans.field.offline_data import sheet_data
from loans.models import SheetDevice
from tests import build
from tests.loans.field.build_field import ON, loans_of, row, send

pytestmark = pytest.mark.django_db
ON_OF_DUE = date(2026, 2, 28)


@pytest.fixture
def people(group):
    """A borrower, one who only saves, one who left, one to come, and a poklak with a loan."""
    build.saving_terms(group, "mandatory", 10_000, since=date(2026, 9, 1))
    build.saving_terms(group, "contribution", 5_000, since=date(2026, 9, 1))
    rahmah, aminah = build.member(group, name="Rahmah"), build.member(group, name="Aminah")
    build.member(group, name="Sudah Keluar", left_on=date(2026, 1, 1), left_reason="pindah")
    build.member(group, name="Belum Masuk", joined_on=date(2026, 9, 26))
    melati = build.poklak(group, name="Melati")
    build.member(group, name="Zubaidah", poklak=melati)
    return rahmah, aminah, build.loan(rahmah), build.loan(melati)


def test_the_lines_are_members_by_name_then_the_loans_of_poklak(people, group):
    rahmah, aminah, own, of_poklak = people
    lines = sheet_of(group, ON).lines
    assert [line.name for line in lines] == ["Aminah", "Rahmah", "Zubaidah", "Poklak Melati"]
    assert [line.key for line in lines if line.loan] == [
        f"m{rahmah.pk}-l{own.pk}",
        f"p{of_poklak.poklak_id}-l{of_poklak.pk}",
    ]
    assert lines[0].key == f"m{aminah.pk}"


def test_a_line_says_what_is_due_of_the_loan_and_of_savings(people, group):
    lines = sheet_of(group, ON_OF_DUE).lines
    assert [(one.principal, one.service_fee, one.mandatory) for one in lines if one.name == "Rahmah"] == [
        (100_000, 15_000, 0)
    ]
    september = next(one for one in sheet_of(group, ON).lines if one.name == "Rahmah")
    assert (september.principal, september.service_fee) == (700_000, 105_000)
    assert (september.mandatory, september.contribution, september.due) == (10_000, 5_000, 820_000)
    assert (len(september.rows), september.left) == (10, 1_150_000)


def test_who_left_with_a_debt_still_stands_on_the_sheet_without_savings(people, group):
    rahmah = people[0]
    rahmah.left_on, rahmah.left_reason = date(2026, 9, 1), "pindah"
    rahmah.save()
    line = next(one for one in sheet_of(group, ON).lines if one.name == "Rahmah")
    assert (line.principal, line.mandatory, line.contribution) == (700_000, 0, 0)


def test_a_member_with_two_loans_has_two_lines_and_saves_on_the_first(people, group):
    rahmah, _, first, _ = people
    second = build.loan(rahmah, 500_000, on=date(2026, 3, 1))
    lines = [one for one in sheet_of(group, ON).lines if one.member == rahmah]
    assert [(one.loan, one.mandatory) for one in lines] == [(first, 10_000), (second, 0)]


def test_a_line_shows_what_was_typed_on_it_also_when_that_paid_the_loan_off(people, group, operator):
    rahmah, _, loan, _ = people
    send(row(loan, amount=1_150_000, savings={"mandatory": 10_000}), by=operator)
    sheet = sheet_of(group, ON)
    (line,) = (one for one in sheet.lines if one.member == rahmah)
    assert (line.last_number, line.brought, line.due, sheet.saved_count) == ("AS-2026-0001", 1_160_000, 5_000, 1)
    told = sheet_data(sheet, operator)["saved"]
    assert told == {
        f"m{rahmah.pk}-l{loan.pk}": {
            "receipts": [
                {
                    "number": "AS-2026-0001",
                    "url": line.saved[0].url,
                    "amounts": {"amount": 1_150_000, "savings": {"mandatory": 10_000}, "withdraw": {}},
                }
            ],
            "absent": False,
        }
    }


def test_what_was_paid_for_a_later_day_is_not_asked_again(people, group):
    loan = people[2]
    build.payment(loan, 805_000, date(2026, 9, 30))
    line = next(one for one in sheet_of(group, ON).lines if one.loan == loan)
    assert (line.principal, line.service_fee, len(line.rows)) == (0, 0, 3)


def test_a_taken_back_withdrawal_leaves_the_receipt_of_its_line(member, operator):
    build.capital(member.group, 100_000)
    send(row(member, savings={"voluntary": 50_000}), by=operator)
    (answer,) = send(row(member, savings={"mandatory": 5_000}, withdraw={"voluntary": 20_000}), by=operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "by": operator, "uuid": uuid4()}
    services.ledger_services.reverse_voucher(voucher=answer.voucher, **facts)
    (line,) = sheet_of(member.group, ON).lines
    assert [one.amounts["withdraw"] for one in line.saved] == [{}, {}]
    assert (line.brought, line.withdrawable) == (55_000, 50_000)


def test_telephones_wait_until_they_tell_that_they_are_empty(group, operator):
    facts = {"group": group, "on": ON, "device": uuid4(), "user": operator}
    tell(**facts, waiting=0, is_along=False)
    assert SheetDevice.objects.count() == 0
    tell(**facts, waiting=3, is_along=False)
    assert waiting_words(waiting_devices(group, ON)) == "menunggu 1 HP: Rahmah (3 baris)"
    tell(**facts, waiting=0, is_along=True)
    assert waiting_words(waiting_devices(group, ON)) == "menunggu 1 HP: Rahmah (dibawa)"
    tell(**facts, waiting=0, is_along=False)
    assert (waiting_devices(group, ON), SheetDevice.objects.count()) == ([], 1)


def queries_of(count: int, group, django_assert_max_num_queries) -> int:
    loans_of(group, count)
    with django_assert_max_num_queries(100) as asked:
        assert len(sheet_of(group, ON).lines) == count
    return len(asked.captured_queries)


def test_ten_lines_cost_as_many_queries_as_one(pandulangan, django_assert_max_num_queries):
    small, large = build.group(pandulangan), build.group(pandulangan)
    found = [queries_of(count, group, django_assert_max_num_queries) for count, group in ((1, small), (10, large))]
    assert found[0] == found[1]


def sending_queries(count: int, group, by, django_assert_max_num_queries) -> int:
    items = [row(loan, amount=115_000, savings={"mandatory": 10_000}) for loan in loans_of(group, count)]
    with django_assert_max_num_queries(200) as asked:
        assert {one.status for one in send(*items, by=by)} == {201}
    return len(asked.captured_queries)


def test_ten_lines_are_received_in_half_as_many_queries_again_as_one(
    pandulangan, operator, django_assert_max_num_queries
):
    facts = {"by": operator, "django_assert_max_num_queries": django_assert_max_num_queries}
    one, ten = (sending_queries(count, build.group(pandulangan), **facts) for count in (1, 10))
    assert ten <= 1.5 * one


def test_the_page_carries_the_sheet_as_data_and_a_way_without_scripts(as_user, operator, people, group):
    answer = as_user(operator).get(reverse("sheet", args=[group.pk, ON]))
    text = answer.content.decode()
    assert 'data-sheet data-group="' in text
    assert 'id="sheet-data"' in text
    assert "<noscript>" in text
    assert answer.context["sheet_data"]["on"] == "2026-09-25"


@pytest.mark.parametrize("day", ["2026-02-30", "2026-9-5", "25-09-2026", "0001-01-01"])
def test_a_day_that_is_none_has_no_sheet(day, as_user, operator, group):
    assert as_user(operator).get(f"/kelompok/{group.pk}/lembar/{day}/").status_code == 404


def test_the_paper_has_the_lines_of_the_screen_blank_ones_and_a_way_back(as_user, operator, people, group):
    text = as_user(operator).get(reverse("sheet-print", args=[group.pk, ON])).content.decode()
    places = [text.index(f"<td>{name}</td>") for name in ("Aminah", "Rahmah", "Zubaidah", "Poklak Melati")]
    assert places == sorted(places)
    assert text.count('<td class="num">9</td>') == 1
    assert f"http://testserver/kelompok/{group.pk}/lembar/2026-09-25/" in text
    assert "<svg" in text
    assert "LEMBAR SETORAN" in text
    assert "Tim Penggerak PKK" in text


def test_the_start_leads_to_the_sheet_of_the_chosen_group_and_day(as_user, operator, group):
    client = as_user(operator)
    page = client.get(reverse("sheet-start"))
    assert "UP2K As Syifa" in page.content.decode()
    answer = client.post(reverse("sheet-start"), {"group": group.pk, "on": "25-09-2026"})
    assert (answer.status_code, answer.url) == (302, f"/kelompok/{group.pk}/lembar/2026-09-25/")


def test_no_sheet_of_a_day_to_come_begins(as_user, operator, group):
    answer = as_user(operator).post(reverse("sheet-start"), {"group": group.pk, "on": "1-10-2026"})
    assert "Lembar dibuka untuk pertemuan hari ini atau sebelumnya." in answer.content.decode()
