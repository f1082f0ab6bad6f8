"""Every figure with an address opens exactly its rows: as many of them, or with its sum; for area, village, group."""

from datetime import date
from itertools import chain
from uuid import uuid4

import pytest
from django.urls import reverse

from loans import services
from loans.saving_services import record_deposit
from reports.drill import COUNT, PEOPLE, ROWS, groups_url, rows_url
from reports.figures import live_report
from reports.indicator_lines import columns_of, value_of
from reports.indicators import ALL, RATIOS
from reports.periods import parse_period
from tests import build
from tests.enterprises.build import permit, result
from up2k_portal.lib.access import Access, Role

TW2 = parse_period("2026-TW2")  # to 30 June 2026
STAFF = Access(Role.STAFF, frozenset({"63.08"}))


def lent(group, number: int):
    """A member who borrowed, saved, was asked and runs an enterprise; every one of them another way."""
    sex, welfare = "PL"[number % 2], ("poor", "near_poor", "sufficient", "unknown")[number % 4]
    member = build.member(group, sex=sex, welfare=welfare, nik=build.nik(number), name=f"Anggota {number}")
    loan = build.loan(member, number * 500_000, date(2025, 1 + 3 * (number % 4), 20))
    build.payment(loan, number * 57_500, date(2026, 2, 20))
    paid = build.payment(loan, number * 10_000 + 1, date(2026, 4, number))
    if number % 3 == 0:
        facts = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 5, 2), "by": loan.disbursed_by}
        services.reverse_payment(receipt=paid, uuid=uuid4(), **facts)
    parts = {"initial": 50_000, "mandatory": 10_000 * number, "voluntary": 7_000 * number, "contribution": 2_000}
    record_deposit(member=member, parts=parts, received_on=date(2026, 5, 4), by=loan.disbursed_by, uuid=uuid4())
    record_deposit(
        member=member, parts={"voluntary": 900}, received_on=date(2026, 7, 4), by=loan.disbursed_by, uuid=uuid4()
    )
    for on, amount in ((date(2024, 1, 2), 800_000), (date(2026, 3, 2), 900_000 + number), (date(2026, 8, 1), 1)):
        build.income(member, amount, on)
    shop = build.enterprise(member, sells_locally=True, sells_online=number % 2 == 0, sells_outside=number % 3 == 0)
    permit(shop, ("nib", "pirt", "halal")[number % 3], expires_on=date(2026, 7, 31))
    result(shop, 202605)
    return member


@pytest.fixture
def busy(db):
    """Groups of two kecamatan that lent, were paid, lost a member and closed one; rows after the day; practice."""
    here, second = build.group(build.village(), name="UP2K A"), build.group(build.village(), name="UP2K A2")
    there = build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K B")
    build.group(build.village("63.08.03.2001"), name="UP2K C")
    closed = build.group(build.village("63.08.03.2001"), name="UP2K D", closed_on=date(2026, 8, 1))
    build.assessment(here, "MANDIRI", date(2020, 1, 1))
    build.assessment(there, "MADYA", date(2026, 7, 1))  # after the quarter
    build.poklak(here)
    for number, group in enumerate((here, here, second, there, there, closed, here), 1):
        lent(group, number)
    for number, on in ((20, date(2026, 6, 10)), (21, date(2026, 2, 20)), (22, date(2026, 1, 10))):  # three more classes
        build.loan(build.member(here, name=f"Anggota {number}"), number * 100_000, on)
    twice = lent(there, 8)
    build.loan(twice, 700_000, date(2026, 5, 9))
    build.loan(build.member(here, name="Sesudah", joined_on=date(2026, 7, 2)), 300_000, date(2026, 7, 3))
    build.member(second, name="Sudah pergi", left_on=date(2026, 6, 30), left_reason="pindah")
    build.member(second, name="Pergi kemudian", left_on=date(2026, 7, 30), left_reason="pindah")
    for fields in ({"programme": "uppka"}, {"is_practice": True}):
        lent(build.group(here.village, **fields), 9)
    return here


@pytest.fixture
def columns(busy):
    """Of the kabupaten, its kecamatan, a village and that village's groups."""

    def of(area):
        return columns_of(live_report(area_code=area, period=TW2, made_by="", made_at=""))

    return list(chain(of("63.08"), of(build.PANDULANGAN)[1:]))


def shown(rows, results: list[dict]) -> int:
    if rows.column == COUNT:
        return len(results)
    if rows.column == PEOPLE:
        return len({row["borrower"] for row in results})
    return sum(row[rows.column] or 0 for row in results)


def test_every_figure_with_an_address_opens_exactly_its_rows(columns, staff, as_user):
    client, wrong, compared = as_user(staff), [], 0
    for key, rows in ROWS.items():
        for column in columns:
            if column.group_id and rows.url_name == "group-list":
                continue  # a figure of one group leads to its page
            url = rows_url(key, column.group_id or column.code, TW2, STAFF)
            found = client.get(f"{url}&format=json").json()["results"]
            figure = value_of(ALL[key], column).value or 0
            compared += figure != 0
            if shown(rows, found) != figure:
                wrong.append((key, column.key, figure, shown(rows, found)))
    assert wrong == []
    assert compared > 150  # a comparison of nothing with nothing proves nothing


def test_the_fixture_has_something_of_nearly_everything(columns):
    empty = {key for key in ROWS if not value_of(ALL[key], columns[0]).value}
    assert empty == {"groups_utama", "groups_madya", "members_level_utama", "members_level_madya"}


def test_what_counts_groups_leads_from_a_group_to_its_page():
    assert rows_url("groups_pemula", 7, TW2, STAFF) == reverse("group", args=[7])


def test_a_ratio_leads_to_its_numerator():
    assert rows_url("npl", "63.08", TW2, STAFF) == (
        f"{reverse('quality-loans')}?slice=npl&area=63.08&as_of=30-06-2026&on=30-06-2026"
    )
    assert [one.key for one in RATIOS if not rows_url(one.key, "63.08", TW2, STAFF)] == []


def test_the_chips_say_where_and_when(busy, staff, as_user):
    page = as_user(staff).get(rows_url("members_poor", "63.08.03", TW2, STAFF)).content.decode()
    assert "Wilayah: Kec. Sungai Pandan" in page
    assert "Keadaan tanggal: 30 Juni 2026" in page


def test_who_sees_no_people_gets_no_address_of_people():
    province = Access(Role.PROVINCE, frozenset({"63"}))
    assert rows_url("members", "63.08", TW2, province) == groups_url("members", "63.08", TW2, "live")
    assert rows_url("balance", "63.08", TW2, province) == groups_url("balance", "63.08", TW2, "live")
    assert rows_url("balance", 7, TW2, province) == ""
    assert rows_url("groups", "63.08", TW2, province).startswith(reverse("group-list"))


def test_a_running_period_opens_no_loans_for_tomorrow_s_instalments_are_in_its_figures():
    running = parse_period("2026")
    assert rows_url("balance", "63.08", running, STAFF) == groups_url("balance", "63.08", running, "live")
    assert rows_url("members", "63.08", running, STAFF).startswith(reverse("member-list"))


def test_an_unknown_area_is_said_to_be_one(group, staff, as_user):
    answer = as_user(staff).get(reverse("member-list"), {"area": "63.99", "format": "json"})
    assert answer.json()["errors"] == {"area": ["Kode wilayah 63.99 tidak ada. Contoh: 63.08.03."]}


def test_a_foreign_area_shows_no_foreign_row(group, elsewhere, operator, as_user):
    build.member(build.group(elsewhere))
    asked = {"area": elsewhere.code, "as_of": "30-06-2026", "format": "json"}
    assert as_user(operator).get(reverse("member-list"), asked).json()["count"] == 0


def test_from_the_figure_to_the_receipt_and_its_photo(busy, staff, as_user):
    client = as_user(staff)
    rows = client.get(rows_url("principal_paid_period", busy.pk, TW2, STAFF) + "&format=json").json()["results"]
    receipt = reverse("receipt", args=[rows[0]["id"]])
    assert client.get(receipt).status_code == 200
    assert receipt in client.get(rows_url("principal_paid_period", busy.pk, TW2, STAFF)).content.decode()
