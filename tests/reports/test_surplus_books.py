"""The papers of a year's surplus: the posts and every payout list, to the rupiah, on screen and in Excel."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from loans.surplus import PostKind
from loans.surplus_plans import plan_of
from reports.books import catalogue, grid
from reports.books import surplus as surplus_books
from reports.books.spans import of_period
from reports.periods import parse_period
from tests import build
from tests.loans import build_surplus
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db

YEAR = of_period(parse_period("2025"))


@pytest.fixture
def draft(group, operator):
    build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build.officer(group, "bendahara", "Norhayati")
    build_surplus.teacher(group, operator, address="RT 2")
    build_surplus.teacher(group, operator, "Noor Laila")
    build_surplus.scheme(group, operator)
    return build_surplus.draft(group, operator)


@pytest.fixture
def approved(draft, pandulangan):
    return build_surplus.approve(draft, build.user(Role.OPERATOR, pandulangan.code, name="Salmah"))


def page_of(group, code):
    (page,) = catalogue.BOOKS[code].pages(group, YEAR)
    return page


def rows_of(page):
    return [[cell.text for cell in cells] for _, cells in grid.sheet_of(page).grids[0].rows]


def test_the_table_of_posts_adds_up_to_the_surplus(approved, group):
    page = page_of(group, "ba-shu-pos")
    assert rows_of(page) == [
        ["1", "Cadangan modal", "40,0%", "32.000", "menerima sisa pembulatan"],
        ["2", "Anggota menurut jasa", "25,0%", "20.000", ""],
        ["3", "Anggota menurut simpanan", "15,0%", "12.000", ""],
        ["4", "Pengurus", "5,0%", "4.000", ""],
        ["5", "Insentif guru PAUD", "5,0%", "4.000", ""],
        ["6", "Pendidikan", "5,0%", "4.000", ""],
        ["7", "Dana sosial", "5,0%", "4.000", ""],
        ["JUMLAH", "100,0%", "80.000", ""],
    ]
    assert page.notes == ["Berita acara 01/BA-SHU/AS/2026, 14 Februari 2026."]


def test_the_members_list_has_what_counted_the_parts_and_a_place_to_sign(approved, group):
    indent = "\N{EM SPACE}" * 8
    assert rows_of(page_of(group, "shu-anggota")) == [
        ["1", "Aminah", "-", "60.000", "60.000", "13.333", "6.000", "0", "19.333", "1."],
        ["2", "Barsiah", "-", "", "30.000", "6.667", "0", "0", "6.667", f"{indent}2."],
        ["3", "Camah", "-", "60.000", "", "0", "6.000", "0", "6.000", "3."],
        ["JUMLAH", "120.000", "90.000", "20.000", "12.000", "0", "32.000", ""],
    ]


def test_the_teachers_list_names_institution_and_address(approved, group):
    indent = "\N{EM SPACE}" * 8
    assert rows_of(page_of(group, "shu-paud")) == [
        ["1", "PAUD Melati", "Noor Laila", "-", "2.000", "1."],
        ["2", "PAUD Melati", "Siti Aisyah", "RT 2", "2.000", f"{indent}2."],
        ["JUMLAH", "4.000", ""],
    ]


@pytest.mark.parametrize("code", ["ba-shu-pos", "shu-anggota", "shu-paud"])
def test_a_draft_is_printed_as_a_draft_and_a_year_without_one_is_empty(draft, group, code):
    assert page_of(group, code).notes == ["RANCANGAN: belum disahkan rapat anggota."]
    (page,) = catalogue.BOOKS[code].pages(group, of_period(parse_period("2024")))
    assert rows_of(page)[0] == ["NIHIL"]


def test_a_draft_that_cannot_be_shared_says_why(group, operator):
    build_surplus.earned_year(group, operator, expenses=130_000)
    build_surplus.draft(group, operator)
    (note,) = page_of(group, "ba-shu-pos").notes
    assert note == (
        "RANCANGAN: belum disahkan rapat anggota. Tahun 2025 rugi Rp40.000: tidak ada yang dibagi."
        " Kekurangan ini dibawa ke tahun 2026."
    )


def test_who_receives_more_than_five_million_signs_a_stamped_receipt_too(draft, group, operator, monkeypatch):
    monkeypatch.setattr(surplus_books, "METERAI_ABOVE", 6_500)
    assert page_of(group, "shu-anggota").notes[-1] == (
        "Menandatangani juga kuitansi bermeterai (lebih dari Rp6.500): Aminah, Barsiah."
    )
    assert len(page_of(group, "shu-paud").notes) == 1


def test_incentives_for_paying_on_time_are_told_below_the_members_list(draft, group, monkeypatch):
    aminah = group.members.get(name="Aminah")
    monkeypatch.setattr(surplus_books, "shown_plan", lambda one: plan_of(one, {aminah: 8_000}))
    page = page_of(group, "shu-anggota")
    assert page.notes[-1] == "Belum termasuk insentif tepat waktu (IPTW) Rp8.000 untuk 1 anggota."
    assert rows_of(page)[-1] == ["JUMLAH", "120.000", "90.000", "18.000", "10.800", "0", "28.800", ""]


def test_excel_adds_the_same_columns_with_live_formulas(approved, group, operator, as_user):
    url = reverse("book", args=[group.pk, "shu-anggota"])
    answer = as_user(operator).get(url, {"periode": "2025", "format": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [sheet.cell(8, column).value for column in range(2, 9)] == [
        "Aminah", "-", 60_000, 60_000, 13_333, 6_000, 0,
    ]  # fmt: skip
    assert "SUM(F8:H8)" in sheet["I8"].value
    assert sheet["I11"].value == "=SUM(I8:I10)"
    answer = as_user(operator).get(
        reverse("book", args=[group.pk, "ba-shu-pos"]), {"periode": "2025", "format": "xlsx"}
    )
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert (sheet["C6"].value, sheet["C6"].number_format, sheet["C13"].value) == (0.4, "0.0%", "=SUM(C6:C12)")


def test_the_papers_stand_together_on_the_page_of_books(approved, group, operator, as_user):
    sections = dict(as_user(operator).get(reverse("books", args=[group.pk])).context["sections"])
    assert [offer["book"].code for offer in sections["SHU"]] == ["ba-shu-pos", "shu-anggota", "shu-paud"]


def test_a_percent_with_two_decimals_is_told_in_full_beside_the_form_s_one(group, operator):
    build_surplus.earned_year(group, operator)
    rows = (("Cadangan", PostKind.RESERVE, "66.67", True), ("Anggota", PostKind.EQUAL, "33.33", False))
    build_surplus.scheme(group, operator, rows)
    build_surplus.draft(group, operator)
    page = page_of(group, "ba-shu-pos")
    assert rows_of(page) == [
        ["1", "Cadangan", "66,7%", "53.336", "tepatnya 66,67%; menerima sisa pembulatan"],
        ["2", "Anggota", "33,3%", "26.664", "tepatnya 33,33%"],
        ["JUMLAH", "100,0%", "80.000", ""],
    ]
    assert page.totals == {"persen": Decimal(1)}


def test_the_paper_is_signed_by_who_held_office_on_the_day_of_the_meeting(approved, group):
    assert page_of(group, "shu-anggota").words["{nama_bendahara}"] == "Norhayati"
    assert page_of(group, "shu-anggota").words["{tanggal}"] == "14 Februari 2026"
    assert approved.met_on == date(2026, 2, 14)
