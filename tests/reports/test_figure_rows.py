"""Every figure of every area leads to its groups, a group's to its records: they add up to it, down to the photo."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve, reverse

from loans.models import Voucher
from reports import indicators
from reports.drill import groups_url, rows_url
from reports.figure_rows import SOURCES, records
from reports.figures import group_rows
from tests import build
from tests.reports import build_quarter, build_reports
from tests.reports.build_quarter import TW3
from up2k_portal.lib.access import Access, Role

STAFF = Access(Role.STAFF, frozenset({"63.08"}))
PROVINCE = Access(Role.PROVINCE, frozenset({"63"}))
ASKED = {"wilayah": "63.08", "periode": "2026-TW3"}


@pytest.fixture
def both(group, operator, regency_admin):
    """The busy group, and another that shared its surplus."""
    return build_quarter.busy_group(), build_quarter.share(group, operator, regency_admin)


def rows_of() -> dict:
    return {row.group_id: row for row in group_rows("63.08", TW3)}


def test_the_records_of_a_group_add_up_to_its_figure(both):
    rows, wrong, compared = rows_of(), [], set()
    for key in SOURCES:
        for group in both:
            figure = indicators.BASES[key].of([rows[group.pk]]) or 0
            found = records(group, TW3, key)
            told = len(found) if indicators.BASES[key].unit is not indicators.Unit.RUPIAH else 0
            told = told or sum(one.amount for one in found)
            if told != figure:
                wrong.append((key, group.name, figure, told))
            if figure:
                compared.add(key)
    assert wrong == []
    assert set(SOURCES) - compared == {"surplus_other"}


def test_every_figure_that_is_told_has_an_address(both):
    whole = indicators.values(list(rows_of().values()))
    told = [key for key, value in whole.items() if value] + [one.key for one in indicators.RATIOS]
    assert [key for key in told if not rows_url(key, "63.08", TW3, STAFF)] == []
    pk = both[0].pk
    known = [key for key, value in indicators.values([rows_of()[pk]]).items() if value]
    assert [key for key in known if not rows_url(key, pk, TW3, STAFF)] == []


def test_the_groups_of_an_area_add_up_to_its_figure(both, staff, as_user):
    client = as_user(staff)
    for key in ("capital_end", "capital_growth", "surplus", "turnover_period", "service_fee_due", "cooperatives"):
        url = groups_url(key, "63.08", TW3, "live")
        answer = client.get(f"{url}&format=json").json()
        whole = indicators.BASES[key].of(rows_of().values())
        assert (key, sum(row["amount"] for row in answer["results"])) == (key, whole)
        assert whole


def test_a_ratio_shows_what_it_is_divided_from(both, staff, as_user):
    asked = ASKED | {"angka": "capital_growth_percent", "format": "json"}
    results = as_user(staff).get(reverse("figure-groups"), asked).json()["results"]
    rows = list(rows_of().values())
    assert sum(row["amount"] for row in results) == indicators.BASES["capital_growth"].of(rows)
    assert sum(row["of"] for row in results) == indicators.BASES["capital_initial"].of(rows)


def test_an_approved_figure_opens_its_groups_as_they_were_frozen(lent, group, staff, as_user):
    quarter = build_reports.TW2
    build_reports.approved(group.village)
    client = as_user(staff)
    page = client.get(reverse("indicators"), {"periode": quarter.code, "dasar": "approved"}).content.decode()
    url = groups_url("capital_end", "63.08", quarter, "approved")
    assert url.replace("&", "&amp;") in page
    (row,) = client.get(f"{url}&format=json").json()["results"]
    assert (row["id"], row["amount"]) == (group.pk, 5_000_000)
    page = client.get(url).content.decode()
    assert "Angka beku dari laporan yang disetujui" in page
    assert reverse("village-report", args=[group.village.pk, quarter.code]) in page
    assert f"{reverse('figure-rows', args=[group.pk])}?angka=capital_end&amp;periode=2026-TW2" in page


def test_from_a_figure_of_the_kabupaten_to_the_photo_of_its_voucher(both, staff, as_user):
    client, busy = as_user(staff), both[0]
    voucher = Voucher.objects.get(group=busy, kind="capital", source="APBD_KAB", amount=5_000_000)
    photo = build.photo(voucher)
    page = client.get(reverse("indicators"), ASKED).content.decode()
    to_groups = groups_url("capital_in_period", "63.08", TW3, "live")
    assert to_groups.replace("&", "&amp;") in page
    to_rows = rows_url("capital_in_period", busy.pk, TW3, STAFF)
    assert to_rows.replace("&", "&amp;") in client.get(to_groups).content.decode()
    assert voucher.get_absolute_url() in client.get(to_rows).content.decode()
    page = client.get(voucher.get_absolute_url()).content.decode()
    shown = reverse("file", args=[photo.uuid])
    assert shown in page
    assert b"".join(client.get(shown))


def test_the_area_and_period_of_the_figure_stand_in_every_address():
    asked = parse_qs(urlsplit(groups_url("surplus", "63.08.03", TW3, "approved")).query)
    assert asked == {"angka": ["surplus"], "wilayah": ["63.08.03"], "periode": ["2026-TW3"], "dasar": ["approved"]}
    url = rows_url("surplus", 7, TW3, STAFF)
    assert resolve(urlsplit(url).path).kwargs == {"pk": 7}
    assert parse_qs(urlsplit(url).query) == {"angka": ["surplus"], "periode": ["2026-TW3"]}


def test_loans_of_a_running_period_open_their_groups_and_records(both, staff, as_user):
    year = build_reports.parse_period("2026")
    url = rows_url("principal_due", both[0].pk, year, STAFF)
    assert urlsplit(url).path == reverse("figure-rows", args=[both[0].pk])
    results = as_user(staff).get(f"{url}&format=json").json()["results"]
    (row,) = [row for row in group_rows("63.08", year) if row.group_id == both[0].pk]
    assert sum(one["amount"] for one in results) == row.principal_due > rows_of()[both[0].pk].principal_due


def test_the_province_opens_groups_and_no_person(both, province_reader, as_user):
    client = as_user(province_reader)
    url = rows_url("balance", "63.08", TW3, PROVINCE)
    assert urlsplit(url).path == reverse("figure-groups")
    page = client.get(url).content.decode()
    assert both[0].name in page
    assert reverse("figure-rows", args=[both[0].pk]) not in page
    assert client.get(reverse("figure-rows", args=[both[0].pk])).status_code == 403


@pytest.mark.parametrize("asked", [{"angka": "dream"}, {"dasar": "dream"}, {"wilayah": "63.09"}])
def test_what_there_is_not_is_404(asked, both, staff, as_user):
    assert as_user(staff).get(reverse("figure-groups"), ASKED | asked).status_code == 404


def test_a_search_keeps_the_figure_that_was_asked_for(both, staff, as_user):
    url = rows_url("capital_in_period", both[0].pk, TW3, STAFF)
    client = as_user(staff)
    every = client.get(f"{url}&format=json").json()["results"]
    some = client.get(f"{url}&q=Simpanan&format=json").json()["results"]
    assert 0 < len(some) < len(every)
    assert {date.fromisoformat(row["on"]).month for row in some} <= {7, 8, 9}


def test_excel_says_the_same_as_the_page(both, staff, as_user):
    url = rows_url("capital_in_period", both[0].pk, TW3, STAFF)
    answer = as_user(staff).get(f"{url}&format=xlsx")
    assert answer.status_code == 200
    assert b"".join(answer)
