"""Indikator: page, JSON and Excel say the same; ratios come from sums; the glossary and the page on open data."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver, resolve, reverse
from openpyxl import load_workbook

from reports.indicators import ALL, RATIOS, definitions
from reports.open_data import ENDPOINTS
from tests import build
from tests.access_table import LISTS
from tests.reports import build_reports
from up2k_portal.lib.views import ListingView

TW2 = {"periode": "2026-TW2"}


@pytest.fixture
def two(db):
    """Two kecamatan: 1.000.000 lent and nothing paid here; 3.000.000 lent and four months paid there."""
    here = build.group(build.village(), name="UP2K A")
    there = build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K B")
    build.loan(build.member(here), 1_000_000)
    loan = build.loan(build.member(there), 3_000_000)
    build.payment(loan, 4 * 345_000, date(2026, 6, 1))
    build.enterprise(build.member(there))
    return here, there


def values(client, **asked) -> dict:
    answer = client.get(reverse("indicators"), TW2 | {"format": "json"} | asked).json()
    return {(row["area"], row["group"], row["key"]): row for row in answer["results"]}


def test_the_page_tells_each_figure_and_links_its_rows(two, staff, as_user):
    page = as_user(staff).get(reverse("indicators"), TW2).content.decode()
    assert "Kabupaten Hulu Sungai Utara, Triwulan II 2026" in page
    assert "slice=running&amp;area=63.08&amp;as_of=30-06-2026&amp;on=30-06-2026" in page
    assert (
        '<a class="tap" href="/indikator/?wilayah=63.08&amp;periode=2026-TW2&amp;dasar=live&amp;angka=rr#bagian"'
        in page
    )
    assert "Keadaan 30 Juni 2026" in page
    assert "Usaha menurut jenis" in page


def test_one_figure_stands_area_by_area(two, staff, as_user):
    client = as_user(staff)
    page = client.get(reverse("indicators"), TW2 | {"angka": "rr"}).content.decode()
    part = page.split('id="bagian"')[1].split("</table>")[0]
    assert "/indikator/?wilayah=63.08.03&amp;periode=2026-TW2&amp;dasar=live" in part
    cells = [cell.split("<")[0] for cell in part.split('hide-p">')[1:]]
    assert cells == ["Pembilang", "Penyebut", "0", "500.000", "1.200.000", "1.500.000", "1.200.000", "2.000.000"]
    assert "area=63.08.07" in part
    assert client.get(reverse("indicators"), TW2 | {"angka": "dream"}).status_code == 404


def test_a_ratio_is_divided_out_of_the_sums(two, staff, as_user):
    found = values(as_user(staff))
    # Five instalments of 100.000 and of 300.000 fell due by 30 June; four of the second were paid.
    assert {area: found[area, None, "rr"]["value"] for area in ("63.08", "63.08.03", "63.08.07")} == {
        "63.08": 60.0, "63.08.03": 0.0, "63.08.07": 80.0,
    }  # fmt: skip
    rr = found["63.08", None, "rr"]
    assert (rr["numerator"], rr["denominator"], rr["unit"]) == (1_200_000, 2_000_000, "%")
    balance = found["63.08", None, "balance"]
    assert (balance["value"], balance["numerator"], balance["denominator"]) == (2_800_000, 2_800_000, None)
    assert balance["definition"] == ALL["balance"].definition


def test_the_answer_says_whose_when_and_on_what_it_rests(two, staff, as_user):
    answer = as_user(staff).get(reverse("indicators"), TW2 | {"format": "json", "wilayah": "63.08.03"}).json()
    told = {name: answer[name] for name in ("area", "name", "period", "as_of", "basis", "villages", "count")}
    assert told == {
        "area": "63.08.03", "name": "Kecamatan Sungai Pandan", "period": "2026-TW2", "as_of": "2026-06-30",
        "basis": "live", "villages": 1, "count": 2 * len(ALL),
    }  # fmt: skip


def test_enterprises_stand_by_kind_and_area(two, staff, as_user):
    answer = as_user(staff).get(reverse("indicators"), TW2 | {"format": "json"}).json()
    assert answer["enterprises_by_category"] == [
        {"category": "Bordir", "enterprises": 1, "by_area": {"Sungai Pandan": 0, "Banjang": 1}}
    ]


def test_each_kind_of_business_opens_its_enterprises(two, staff, as_user):
    client = as_user(staff)
    ((name, count, url),) = client.get(reverse("indicators"), TW2).context["categories"]
    assert (name, count) == ("Bordir", 1)
    assert client.get(f"{url}&format=json").json()["count"] == 1


def test_who_sees_no_enterprises_is_led_to_the_groups_that_have_the_kind(two, province_reader, as_user):
    client = as_user(province_reader)
    asked = {"wilayah": "63.08", "periode": "2026-TW2"}
    ((name, count, url),) = client.get(reverse("indicators"), asked).context["categories"]
    found = client.get(f"{url}&format=json").json()["results"]
    assert (name, count, [one["amount"] for one in found]) == ("Bordir", 1, [1])
    assert "Bordir" in client.get(url).context["subtitle"]


def test_a_village_has_a_column_for_each_group(two, staff, as_user):
    second = build.group(two[0].village, name="UP2K A2")
    found = values(as_user(staff), wilayah=build.PANDULANGAN)
    groups = {group for _, group, _ in found}
    assert groups == {None, two[0].pk, second.pk}
    assert found[build.PANDULANGAN, two[0].pk, "balance"]["value"] == 1_000_000


def test_approved_figures_are_those_of_approved_reports_alone(two, staff, as_user):
    build_reports.approved(two[1].village)
    client = as_user(staff)
    found = values(client, dasar="approved")
    assert found["63.08", None, "balance"]["value"] == 1_800_000
    page = client.get(reverse("indicators"), TW2 | {"dasar": "approved"}).content.decode()
    assert "1 laporan desa belum disetujui" in page
    assert "/kualitas/" not in page.split("</form>", 2)[-1].split('class="asof"')[0]
    assert "/indikator/rekap/?angka=balance&amp;wilayah=63.08&amp;periode=2026-TW2&amp;dasar=approved" in page


def test_excel_has_the_same_figures_with_their_definitions(two, staff, as_user):
    answer = as_user(staff).get(reverse("indicators"), TW2 | {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    assert rows["Saldo pinjaman"][:4] == ("Simpan pinjam", "Saldo pinjaman", "Rp", ALL["balance"].definition)
    assert rows["Saldo pinjaman"][6:] == (2_800_000, 1_000_000, 1_800_000)
    assert rows["RR (pokok kembali)"][6:] == (60, 0, 80)


def test_the_province_reads_figures_without_a_way_to_persons(two, province_reader, as_user):
    client = as_user(province_reader)
    page = client.get(reverse("indicators"), TW2 | {"wilayah": "63.08"}).content.decode()
    assert "Rp2.800.000" in page
    assert "/kualitas/" not in page
    assert "/anggota/" not in page
    assert values(client, wilayah="63")["63.08", None, "balance"]["value"] == 2_800_000


@pytest.mark.parametrize(
    "asked", [{"wilayah": "63.09"}, {"periode": "2026-TW9"}, {"dasar": "dream"}, {"format": "csv"}]
)
def test_what_there_is_not_is_404(asked, two, staff, as_user):
    assert as_user(staff).get(reverse("indicators"), TW2 | asked).status_code == 404


def test_an_empty_area_says_so(pandulangan, staff, as_user):
    assert "Belum ada angka." in as_user(staff).get(reverse("indicators"), TW2).content.decode()


def test_the_glossary_tells_every_definition(operator, as_user):
    client = as_user(operator)
    page = client.get(reverse("definitions")).content.decode()
    assert [one.key for one in ALL.values() if f'id="{one.key}"' not in page] == []
    assert client.get(reverse("definitions"), {"format": "json"}).json()["results"] == definitions()
    answer = client.get(reverse("definitions"), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert {one.key for one in RATIOS} <= {cell.value for cell in sheet["A"]}


def test_the_page_on_open_data_tells_what_the_reader_may_read(province_reader, operator, as_user):
    page = as_user(province_reader).get(reverse("open-data")).content.decode()
    assert reverse("indicators") in page
    assert f"<code>{reverse('member-list')}</code>" not in page
    assert f"<code>{reverse('member-list')}</code>" in as_user(operator).get(reverse("open-data")).content.decode()


BY_AREA = ("report-villages", "figure-groups")  # lists that are asked by area and period


@pytest.mark.parametrize("one", ENDPOINTS, ids=lambda one: one.url_name)
def test_every_address_answers_as_the_table_says(one, group, staff, as_user):
    client, url = as_user(staff), reverse(one.url_name)
    asked = {"area": build.PANDULANGAN, "period": "2026-TW2"} if one.url_name == "export-download" else TW2
    asked = {} if issubclass(resolve(url).func.view_class, ListingView) and one.url_name not in BY_AREA else asked
    for kind in one.formats:
        answer = client.get(url, asked | {"format": kind})
        assert answer.status_code == 200, kind
        assert answer["Content-Type"].split(";")[0].endswith("json" if kind == "json" else "sheet")
        assert b"".join(answer)


# Lists that are choices on the way to a verb, the kabupaten's own housekeeping, or one group's: no open data.
NOT_TOLD = {"income-pick", "loan-new", "payment-pick", "region-list", "people-doubles", "people-decisions"}
NOT_TOLD |= {"figure-rows"}


def lists() -> set[str]:
    """The names of all pages that are lists."""
    return {
        one.name
        for one in patterns(get_resolver().url_patterns)
        if issubclass(getattr(one.callback, "view_class", object), ListingView)
    }


def patterns(some):
    for one in some:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def test_no_list_is_forgotten_in_table_page_or_documentation():
    names = {one.url_name for one in ENDPOINTS}
    assert set(LISTS) <= names
    assert lists() - names == NOT_TOLD
    told = (Path(settings.BASE_DIR) / "docs/api.md").read_text(encoding="utf-8")
    assert [one.url_name for one in ENDPOINTS if f"`{reverse(one.url_name)}`" not in told] == []
