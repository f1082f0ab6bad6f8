"""Every list: the same number of queries for any number of rows; page, Excel and JSON say the same."""

from copy import deepcopy
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests import build
from tests.enterprises.build import with_details
from tests.imports import build as build_imports
from tests.loans import build_entrusted, build_life
from tests.reports import build_reports
from up2k_portal.lib.access import Role

# Session, user, assignments, the name of the place and its parent; then the list's own.
QUERIES = {
    "group-list": 7,
    "member-list": 9,
    "income-list": 8,
    "income-pick": 8,
    "enterprise-list": 11,
    "meeting-list": 8,
    "inventory-list": 8,
    "letter-list": 8,
    "administration": 7,
    "entrusted-list": 8,
    "loan-list": 9,
    "quality-loans": 10,
    "follow-up-list": 9,
    "receipt-list": 8,
    "voucher-list": 8,
    "saving-list": 8,
    "shift-list": 7,
    "due-exception-list": 7,
    "imports": 7,
    "payment-pick": 9,
    "loan-new": 9,
}
SHOWN = {
    "group-list": "name",
    "member-list": "name",
    "income-list": "name",
    "enterprise-list": "name",
    "meeting-list": "title",
    "inventory-list": "name",
    "letter-list": "subject",
    "administration": "name",
    "entrusted-list": "group",
    "loan-list": "number",
    "quality-loans": "number",
    "follow-up-list": "number",
    "receipt-list": "number",
    "voucher-list": "number",
    "saving-list": "name",
    "shift-list": "letter_number",
    "due-exception-list": "reason",
}


def fill(group, rows: int) -> None:
    for _ in range(rows):
        member = build.member(group)
        build.income(member, 1_000_000)
        build.income(member, 1_250_000, date(2026, 2, 1))
        with_details(build.enterprise(member))
        build.payment(build.loan(member), 115_000, date(2026, 3, 1))
        build.meeting(group, present=[member])
        build.item(group)
        build.letter(group)
        build_entrusted.sheet(group)
        build_life.decision(group)
        build_reports.leave(group.village)
        build_imports.done(group, member)


def sheet_of(response):
    """The first sheet of a downloaded workbook."""
    return load_workbook(BytesIO(b"".join(response))).worksheets[0]


def queries_of(client, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.fixture(scope="module", params=[1, 3, 30])
def reader_of_rows(request, keep_rows):
    """Who reads the lists of a village with so many rows of each kind."""

    def make():
        village = build.village()
        fill(build.group(village, name="UP2K As Syifa"), request.param)
        return build.user(Role.OPERATOR, village.code)

    yield from keep_rows(make)


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_costs_the_same_queries_for_any_number_of_rows(name, reader_of_rows, db, as_user):
    assert queries_of(as_user(deepcopy(reader_of_rows)), reverse(name)) == QUERIES[name]


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("reader_of_rows", [3], indirect=True)
def test_page_excel_and_json_show_the_same_rows(name, reader_of_rows, db, as_user):
    client, url = as_user(deepcopy(reader_of_rows)), reverse(name)
    answer = client.get(url, {"format": "json"}).json()
    names = [row[SHOWN[name]] for row in answer["results"]]
    sheet = sheet_of(client.get(url, {"format": "xlsx"}))
    page = client.get(url).content.decode()
    assert answer["count"] == len(names) == len({row["id"] for row in answer["results"]})
    assert all(one in page for one in names)
    assert names in [[cell.value for cell in column if cell.value in names] for column in sheet.iter_cols()]
    assert {row["village_code"] for row in answer["results"]} == {build.PANDULANGAN}


def test_json_has_all_rows_where_the_page_has_25(group, operator, as_user):
    fill(group, 27)
    client = as_user(operator)
    assert client.get(reverse("loan-list"), {"format": "json"}).json()["count"] == 27
    page = client.get(reverse("loan-list"))
    assert len(page.context["table"].page.object_list) == 25
    assert page.context["page_text"] == "1–25 dari 27"


def test_json_has_integers_and_iso_days(member, operator, as_user):
    loan = build.loan(member)
    build.payment(loan, 115_000, date(2026, 3, 1))
    (row,) = as_user(operator).get(reverse("loan-list"), {"format": "json"}).json()["results"]
    assert row == {
        "id": loan.pk,
        "village_code": build.PANDULANGAN,
        "number": "2026-001",
        "borrower": "Norhasanah",
        "village": "Desa Pandulangan — Kec. Sungai Pandan",
        "purpose": "beli benang bordir",
        "disbursed_on": "2026-01-31",
        "principal": 1_000_000,
        "balance": 900_000,
        "late": 115_000 * 6,
        "days_late": 183,
        "standing": "Macet",
    }


def test_a_filter_narrows_page_and_export_alike(group, operator, as_user):
    late, paid = build.member(group, name="Aminah"), build.member(group, name="Barsiah")
    build.loan(late)
    build.payment(build.loan(paid), 1_150_000, date(2026, 2, 1))
    client = as_user(operator)
    for asked, names in (
        ({"is_late": "yes"}, ["Aminah"]),
        ({"standing": "paid_off"}, ["Barsiah"]),
        ({"q": "bars"}, ["Barsiah"]),
        ({"sort": "borrower"}, ["Aminah", "Barsiah"]),
        ({"sort": "-borrower"}, ["Barsiah", "Aminah"]),
        ({"sort": "-late"}, ["Aminah", "Barsiah"]),
    ):
        answer = client.get(reverse("loan-list"), asked | {"format": "json"}).json()
        assert [row["borrower"] for row in answer["results"]] == names


def test_members_are_found_by_the_last_four_digits_of_their_nik(group, operator, as_user):
    build.member(group, name="Aminah", nik="6308035203850001")
    build.member(group, name="Barsiah", nik="6308035203852514")
    answer = as_user(operator).get(reverse("member-list"), {"q": "2514", "format": "json"}).json()
    assert [(row["name"], row["nik"]) for row in answer["results"]] == [("Barsiah", "••••2514")]


@pytest.mark.parametrize(("asked", "names"), [("no", ["Aminah"]), ("yes", ["Barsiah"])])
def test_members_are_found_by_whether_they_have_a_nik(asked, names, group, operator, as_user):
    build.member(group, name="Aminah", nik=None, nik_missing_reason="KTP hilang")
    build.member(group, name="Barsiah", nik="6308035203852514")
    answer = as_user(operator).get(reverse("member-list"), {"nik": asked, "format": "json"}).json()
    assert [row["name"] for row in answer["results"]] == names


@pytest.mark.parametrize("name", SHOWN)
def test_an_empty_list_says_what_will_stand_there(name, operator, as_user):
    page = as_user(operator).get(reverse(name))
    assert page.context["empty"]["title"] in page.content.decode()


@pytest.mark.parametrize("asked", ["?page=99999", "?page=x", "?sort=zzz", "?sort=pk__in", "?q='--", "?lain=1"])
def test_a_strange_question_is_answered_calmly(asked, member, operator, as_user):
    build.loan(member)
    client = as_user(operator)
    for name in ("loan-list", "receipt-list"):
        for form in ("", "&format=json", "&format=xlsx"):
            response = client.get(reverse(name) + asked + form)
            assert response.status_code == 200
            assert b"".join(response)  # a download is read to its end, which closes it


@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("receipt-list", "since=bukan", "Tanggal “bukan” tidak dikenal."),
        ("loan-list", "standing=x", "Masukkan pilihan yang valid."),
        ("loan-list", "q=%00", "Karakter null tidak diizinkan."),
    ],
)
def test_a_filter_that_cannot_be_is_told_and_shows_no_rows(name, asked, words, member, operator, as_user):
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    client, url = as_user(operator), f"{reverse(name)}?{asked}"
    page = client.get(url)
    assert words in page.content.decode()
    assert len(page.context["table"].rows) == 0
    assert [client.get(f"{url}&format={form}").status_code for form in ("json", "xlsx")] == [400, 400]


def test_no_list_or_export_shows_a_whole_nik(member, operator, as_user):
    client = as_user(operator)
    shown = client.get(reverse("member-list")).content.decode()
    shown += client.get(reverse("member-list"), {"format": "json"}).content.decode()
    sheet = sheet_of(client.get(reverse("member-list"), {"format": "xlsx"}))
    shown += str([[cell.value for cell in row] for row in sheet])
    assert member.nik not in shown
    assert member.nik[-4:] in shown
    assert member.nik in client.get(member.get_absolute_url()).content.decode()


def test_the_lists_count_what_the_reports_count_unless_asked_for_more(group, staff, operator, as_user):
    practice = build.group(group.village, is_practice=True)
    other = build.group(group.village, programme="uppka")
    for one in (group, practice, other):
        fill(one, 1)
    client = as_user(staff)
    of_villages = {"shift-list", "due-exception-list", "imports"}  # about a village, not about a group
    for name in (one for one in SHOWN if one not in of_villages):
        counted = client.get(reverse(name), {"format": "json"}).json()["count"]
        asked = client.get(reverse(name), {"format": "json", "scope": "all"}).json()["count"]
        of_a_group = 2 if name == "voucher-list" else 1  # its capital, and the money of the loan
        assert (name, counted, asked) == (name, of_a_group, 3 * of_a_group)
        if name not in ("group-list", "administration"):
            of_one = client.get(reverse(name), {"format": "json", "group": practice.pk}).json()["count"]
            assert (name, of_one) == (name, of_a_group)  # whoever chose a group sees that group
    home = client.get("/").context["figures"]
    assert [figure.value for figure in home[:3]] == ["1", "1", "Rp900.000"]
    own = as_user(operator)
    assert own.get(reverse("loan-list"), {"format": "json"}).json()["count"] == 3  # she works with all of them
    assert own.get(reverse("payment-pick"), {"format": "json"}).json()["count"] == 3
