"""The books of a group: screen, paper and Excel say the same, from one declaration."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from loans import saving_services
from reports.books import catalogue, grid
from reports.books.page import Line
from reports.books.spans import of_period, parse_span
from reports.periods import parse_period
from tests import build

pytestmark = pytest.mark.django_db

SEPTEMBER = of_period(parse_period("2026-09"))


@pytest.fixture
def savers(group, operator):
    """Two members' savings of September 2026: in, out, a contribution."""
    build.saving_terms(group, "voluntary", 0, is_locked=False)
    first, second = build.member(group, name="Aminah"), build.member(group, name="Norhasanah")
    facts = {"by": operator, "received_on": date(2026, 9, 10)}
    saving_services.record_deposit(
        member=first, parts={"mandatory": 10_000, "voluntary": 40_000, "contribution": 2_000}, uuid=uuid4(), **facts
    )
    saving_services.record_deposit(member=second, parts={"mandatory": 10_000}, uuid=uuid4(), **facts)
    saving_services.withdraw_saving(
        member=first, kind="voluntary", amount=15_000, on=date(2026, 9, 20), by=operator, uuid=uuid4()
    )
    return first, second


def rows_of(page):
    return [[cell.text for cell in cells] for kind, cells in grid.sheet_of(page).grids[0].rows]


def test_the_saving_book_has_a_line_for_each_payment_and_takes_withdrawals_off(group, savers):
    page = catalogue.BOOKS["buku-simpanan"].pages(group, SEPTEMBER)[0]
    assert rows_of(page) == [
        ["1", "10-09-2026", "Aminah", "-", "10.000"],
        ["2", "10-09-2026", "Aminah", "-", "40.000"],
        ["3", "10-09-2026", "Norhasanah", "-", "10.000"],
        ["4", "20-09-2026", "Aminah (penarikan)", "-", "−15.000"],
        ["JUMLAH", "45.000"],
    ]


def test_the_contribution_book_leaves_savings_out(group, savers):
    page = catalogue.BOOKS["buku-iuran"].pages(group, SEPTEMBER)[0]
    assert rows_of(page) == [["1", "10-09-2026", "Aminah", "-", "2.000"], ["JUMLAH", "2.000"]]


def test_a_month_without_money_says_nihil(group):
    page = catalogue.BOOKS["buku-simpanan"].pages(group, SEPTEMBER)[0]
    assert rows_of(page) == [["NIHIL"], ["JUMLAH", "0"]]


@pytest.mark.parametrize("code", catalogue.BOOKS)
def test_every_book_opens_prints_and_downloads(group, savers, operator, as_user, code):
    client = as_user(operator)
    url = reverse("book", args=[group.pk, code])
    shown = client.get(url)
    assert shown.status_code == 200
    titles = shown.context["sheets"][0].titles
    response = client.get(f"{url}?format=xlsx&kertas=A4")
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
    assert set(titles) <= texts
    assert (sheet.page_setup.paperSize, response["Content-Disposition"].split("=")[1].split("_")[0]) == (9, f'"{code}')


def test_the_page_of_books_offers_each_with_its_paper(group, operator, as_user):
    response = as_user(operator).get(reverse("books", args=[group.pk]))
    for book in catalogue.BOOKS.values():
        assert f'<b><a href="{reverse("book", args=[group.pk, book.code])}?' in response.content.decode()


def test_sizes_come_after_the_page_and_are_those_of_the_files(group, savers, operator, as_user):
    client = as_user(operator)
    page = client.get(reverse("books", args=[group.pk])).content.decode()
    told = client.get(reverse("book-sizes", args=[group.pk])).content.decode()
    content = client.get(f"{reverse('book', args=[group.pk, 'buku-simpanan'])}?format=xlsx").content
    assert f'hx-get="{reverse("book-sizes", args=[group.pk])}"' in page
    assert f'id="size-buku-simpanan" hx-swap-oob="true"> ({-(-len(content) // 1024)} KB)<' in told
    assert told.count("hx-swap-oob") == len(catalogue.BOOKS) + 1


def test_all_books_come_in_one_file(group, savers, operator, as_user):
    response = as_user(operator).get(reverse("book-bundle", args=[group.pk]))
    with ZipFile(BytesIO(response.content)) as bundle:
        names = bundle.namelist()
        assert len(names) == len(set(names)) == len(catalogue.BOOKS)
        assert load_workbook(BytesIO(bundle.read(names[0]))).sheetnames
    assert response["Content-Disposition"] == 'attachment; filename="buku_63.08.03.2014_2026-09.zip"'


def test_the_list_of_dues_is_shared_with_masked_names(group, savers, operator, as_user):
    client = as_user(operator)
    dues = client.get(reverse("book", args=[group.pk, "tagihan"])).context["share_url"]
    assert unquote(dues).startswith("https://wa.me/?text=Tagihan pertemuan 30 September 2026\n")
    assert all(name not in unquote(dues) for name in group.members.values_list("name", flat=True))
    assert client.get(reverse("book", args=[group.pk, "buku-simpanan"])).context["share_url"] == ""


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("periode=2026-13", "Periode “2026-13” tidak dikenal."),
        ("periode=2026-S1", "Buku Simpanan dibuat per bulan atau triwulan atau tahun."),
        ("periode=2031-01", "Januari 2031 belum datang."),
        ("kertas=A0", "Kertas “A0” tidak ada. Pilih F4 atau A4."),
    ],
)
def test_what_cannot_be_printed_says_why(group, operator, as_user, query, sentence):
    response = as_user(operator).get(f"{reverse('book', args=[group.pk, 'buku-simpanan'])}?{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_the_lines_of_a_statement_add_and_subtract_what_they_name():
    lines = [
        Line("a", "Pendapatan", amounts=(500, 400)),
        Line("b", "Biaya", amounts=(200, 450)),
        Line("shu", "SHU", "total", adds=("a", "-b")),
    ]
    assert grid.line_sums(lines)["shu"] == (300, -50)


def test_a_day_is_a_span_of_its_own():
    span = parse_span("2026-11-24")
    assert (span.name, span.label, span.months) == ("24 November 2026", "TANGGAL 24 NOVEMBER 2026", 0)
    with pytest.raises(ValueError, match="Tanggal “2026-02-30” tidak ada. Tulis misalnya 2026-11-24."):
        parse_span("2026-02-30")


@pytest.mark.parametrize("code", catalogue.BOOKS)
def test_a_book_costs_the_same_queries_for_any_number_of_members(group, operator, code):
    book = catalogue.BOOKS[code]
    span = parse_span("2026-09-30" if book.spans[0] == 0 else "2026" if 12 in book.spans else "2026-09")
    found = []
    for members in (1, 3):
        for _ in range(members):
            loan = build.loan(build.member(group), by=operator)
            build.payment(loan, 115_000, date(2026, 9, 2), by=operator, savings={"mandatory": 10_000})
        with CaptureQueriesContext(connection) as seen:
            book.pages(group, span)
        found.append(len(seen))
    assert found[0] == found[1]
