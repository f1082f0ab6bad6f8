"""Every paper is signed by who held the office on its day: the old officers before, the new ones since."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from loans.models import MoneyRules
from reports.books import catalogue, grid
from reports.books.cards import card_page
from reports.books.page import Page
from reports.books.spans import DAY, parse_span
from reports.forms import layout
from tests import build

pytestmark = pytest.mark.django_db

UNTIL, SINCE = date(2026, 7, 31), date(2026, 8, 1)
OLD, NEW = ["Hj. Masliani", "Rahmawati"], ["Siti Aminah", "Norhayati"]
UNSIGNED = {"ba-shu-pos"}  # an annex: the minutes that it belongs to are signed


@pytest.fixture
def officers(group):
    """Both officers gave their office over on 1 August 2026."""
    for office, before, after in zip(("ketua", "bendahara"), OLD, NEW, strict=True):
        build.officer(group, office, before, until=UNTIL)
        build.officer(group, office, after, since=SINCE)


def names_of(page: Page) -> list[str]:
    return [lines[-1] for lines in grid.sheet_of(page).signatures]


def spans_of(book) -> list[str]:
    """One that ends before the officers changed and one after."""
    if book.spans[0] == DAY:
        return ["2026-07-31", "2026-08-01"]
    return ["2025", "2026"] if 12 in book.spans else ["2026-07", "2026-08"]


@pytest.mark.parametrize("code", sorted(set(catalogue.BOOKS) - UNSIGNED))
def test_a_book_is_signed_by_the_officers_of_its_last_day(group, officers, code):
    book = catalogue.BOOKS[code]
    before, after = (book.pages(group, parse_span(span))[0] for span in spans_of(book))
    assert (names_of(before), names_of(after)) == (OLD, NEW)


def test_only_the_annex_of_the_minutes_is_not_signed():
    assert {code for code, book in catalogue.BOOKS.items() if not layout(book.form)["signatures"]} == UNSIGNED


def test_the_papers_of_a_loan_are_signed_by_the_officers_of_their_day(group, officers, operator, as_user):
    loan = build.loan(build.member(group, name="Aminah"), by=operator, on=date(2026, 7, 1))
    paid = [build.payment(loan, 115_000, day, by=operator) for day in (UNTIL, SINCE)]
    client = as_user(operator)
    letter = client.get(reverse("loan-agreement", args=[loan.pk])).context["letter"]
    assert [one.name for one in letter.signatures[0]] == ["Aminah", OLD[0]]
    assert letter.signatures[1][1].name == OLD[1]
    papers = [client.get(reverse("receipt-paper", args=[one.pk])) for one in paid]
    assert [paper.context["paper"].treasurer for paper in papers] == [OLD[1], NEW[1]]
    sheets = [client.get(reverse("receipt-sheet", args=[one.pk])).content for one in paid]
    assert [load_workbook(BytesIO(sheet)).active["G15"].value for sheet in sheets] == [OLD[1], NEW[1]]
    assert names_of(card_page(loan, date(2026, 9, 30))) == ["Aminah", NEW[1]]


def test_the_card_tells_the_incentive_of_each_year(group, operator, as_user):
    MoneyRules.objects.create(group=group, village=group.village, iptw_percent=10)
    loan = build.loan(build.member(group, name="Aminah"), by=operator, on=date(2026, 6, 30))
    build.payment(loan, 115_000, date(2026, 7, 30), by=operator)
    build.payment(loan, 115_000, date(2026, 8, 30), by=operator)
    words = "Insentif tepat waktu (IPTW), dibayar bersama SHU: 2026 Rp3.000, sampai hari ini semua tepat waktu."
    assert card_page(loan, date(2026, 9, 15)).notes == [words]
    late = "Insentif tepat waktu (IPTW), dibayar bersama SHU: 2026 tidak ada. Tidak ada bila satu angsuran terlambat."
    assert card_page(loan, date(2026, 12, 15)).notes == [late]
    client, url = as_user(operator), reverse("loan-card", args=[loan.pk])
    assert words in client.get(url).content.decode()
    ws = load_workbook(BytesIO(client.get(f"{url}?format=xlsx").content)).active
    assert words in [ws[f"A{row}"].value for row in range(1, ws.max_row + 1)]


def test_lists_that_people_sign_have_rows_to_sign_in(group):
    tall = {
        code
        for code, book in catalogue.BOOKS.items()
        if grid.sheet_of(book.pages(group, parse_span(spans_of(book)[0]))[0]).is_tall
    }
    assert tall == {"tagihan", "shu-anggota", "shu-paud"}


def test_the_facts_of_a_card_stand_as_on_the_form(group, operator):
    loan = build.loan(build.member(group), by=operator)
    sheet = grid.sheet_of(card_page(loan, date(2026, 9, 30)))
    assert sheet.fact_columns == 3
    assert [label for label, _ in sheet.facts] == [
        "No. pinjaman", "Kelompok", "Pokok pinjaman",
        "Nama", "Poklak", "Jasa",
        "Tanggal cair", "Untuk usaha", "Jangka waktu",
    ]  # fmt: skip
