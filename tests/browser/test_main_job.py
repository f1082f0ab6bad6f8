"""The whole main job in a browser, on a phone and on a desk: from a village's receipt to the province's workbook."""

from datetime import date

import openpyxl
import pytest

from loans.models import Loan
from tests import build
from tests.browser.conftest import PASSWORD, SHOTS, act
from up2k_portal.lib import dates

pytestmark = pytest.mark.system

# Exactly these four: the amount due and the day of today stand in the form already.
FOUR_TAPS = ("Catat angsuran", "Norhasanah", "Lanjut: periksa", "Simpan angsuran")
# UP2K As Syifa at the end of the third quarter of 2026, by hand; every loan 1,5 % flat in ten instalments.
# Norhasanah: 1.000.000 since 31 January, the eight instalments of 115.000 until today are paid, today's in the test.
# Salasiah: 2.000.000 since 31 May, four instalments of 230.000 are due, paid is the first; 61 days late.
# Lent in the test: 1.500.000 to Masniah, 6.000.000 to Hj. Mahrita.
R_3 = {
    "D": 4,
    "E": 1_500_000 + 6_000_000,
    "F": 1_000_000 + 2_000_000 + 1_500_000 + 6_000_000,
    "G": 8 * 100_000 + 4 * 200_000,
    "H": 8 * 100_000 + 1 * 200_000,
    "I": 3 * 15_000,  # July, August, September
    "J": 200_000 + 1_800_000 + 1_500_000 + 6_000_000,
    "L": 200_000 + 1_500_000 + 6_000_000,
    "M": 1_800_000,
    "N": 0,
    "O": 0,
    "P": 0,
}


@pytest.fixture
def as_syifa(operator, district_officer, staff, province_reader, group, with_password):
    """The group with two running loans and two members without one; four people who may sign in."""
    group.initials = "AS"
    group.save()
    product = build.product(group, name="Pinjaman bulanan")
    people = {name: build.member(group, name=name) for name in ("Norhasanah", "Salasiah", "Masniah", "Hj. Mahrita")}
    old = build.loan(people["Norhasanah"], 1_000_000, product=product, by=operator)
    for row in old.instalments.order_by("number")[:7]:
        build.payment(old, 115_000, row.due_on)
    late = build.loan(people["Salasiah"], 2_000_000, date(2026, 5, 31), product=product, by=operator)
    build.payment(late, 230_000, date(2026, 6, 30))
    for user in (operator, district_officer, staff, province_reader):
        with_password(user)
    return group


@pytest.fixture(params=[360, 1280])
def person(request, open_page, as_syifa):
    """Signs a person in by hand and gives her window."""
    width = request.param

    def sign_in(username: str):
        page = open_page(width)
        page.shots = iter(SHOTS / f"{width}-{username}-{number}.png" for number in range(1, 30))
        page.goto("/masuk/")
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        look(page)
        act(page, "Masuk")
        page.wait_for_url("/")
        look(page)
        return page

    return sign_in


def look(page) -> None:
    page.wait_for_load_state()
    page.screenshot(path=next(page.shots), full_page=True)


def facts(page) -> dict[str, str]:
    """The lines "label: value" of a page."""
    rows = page.locator(".u-dl > div")
    return dict(zip(rows.locator("dt").all_inner_texts(), rows.locator("dd").all_inner_texts(), strict=True))


def pay(page) -> None:
    for name in FOUR_TAPS:
        act(page, name)
        look(page)
    assert page.inner_text("h1") == "Angsuran tersimpan"
    assert page.inner_text(".slip .amt") == "Rp115.000"
    shown = facts(page)
    assert (shown["Dari"], shown["Pokok"], shown["Jasa"]) == ("Norhasanah", "Rp100.000", "Rp15.000")
    assert shown["Pinjaman"] == "2026-001, beli benang bordir, lunas 8 dari 10 kali"
    act(page, "Cetak kuitansi")
    look(page)
    assert page.inner_text("h1") == "KUITANSI"
    assert page.inner_text("dd.tb") == "Seratus lima belas ribu rupiah"
    assert page.inner_text("tr.rest td.num") == "200.000"
    page.goto("/")


def propose(page, name: str, amount: str, purpose: str) -> None:
    act(page, "Ajukan pinjaman")
    look(page)
    act(page, name)
    page.get_by_label("Jumlah pinjaman").fill(amount)
    page.get_by_label("Untuk keperluan usaha").fill(purpose)
    look(page)
    act(page, "Ajukan pinjaman")
    look(page)  # the group has no SK: what warns is read first
    act(page, "Tetap ajukan")
    assert page.inner_text(".u-note.ok") == f"Pinjaman {number_of(name)} diajukan."
    look(page)


def disburse(page, name: str) -> None:
    act(page, "Cairkan")
    look(page)
    act(page, "Cairkan pinjaman")
    assert page.inner_text(".u-note.ok") == f"Pinjaman {number_of(name)} dicairkan. Jadwal angsurannya sudah dibuat."
    look(page)


def number_of(name: str) -> str:
    return Loan.objects.get(member__name=name).number


def test_from_a_receipt_to_the_workbook(person, monkeypatch):
    operator = person("63.08.03.2014")
    pay(operator)
    propose(operator, "Masniah", "1.500.000", "beli purun")
    disburse(operator, "Masniah")
    operator.goto("/")
    propose(operator, "Hj. Mahrita", "6.000.000", "beli mesin jahit")
    assert "Menunggu persetujuan kecamatan atau kabupaten." in operator.inner_text("main")
    assert operator.get_by_role("link", name="Cairkan").count() == 0
    above = operator.url
    approve(person("63.08.03"))
    operator.goto(above)
    look(operator)
    disburse(operator, "Hj. Mahrita")
    find_in_the_admin(person("63.08"))
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: date(2026, 10, 1))  # the quarter has ended
    assert figures_of_as_syifa(download(person("63"))) == R_3


def approve(page) -> None:
    act(page, "Hj. Mahrita")
    look(page)
    act(page, "Setujui")
    look(page)
    act(page, "Setujui pinjaman")
    look(page)
    number = number_of("Hj. Mahrita")
    assert page.inner_text(".u-note.ok") == f"Pinjaman {number} disetujui. Operator desa dapat mencairkannya."


def find_in_the_admin(page) -> None:
    if page.viewport_size["width"] < 768:
        page.locator("summary").get_by_text("Lainnya").click()
        page.locator(".u-nav .menu").get_by_role("link", name="Admin", exact=True).click()
    else:
        act(page, "Admin")
    look(page)
    for noun, name, number in (("Pinjaman", "Mahrita", "2026-004"), ("Bukti setoran", "Norhasanah", "AS-2026-0009")):
        page.goto("/admin/")
        act(page, noun)
        look(page)
        page.fill("#searchbar", name)
        page.press("#searchbar", "Enter")
        look(page)
        act(page, number)
        look(page)
        assert name in page.inner_text("#content")


def download(page):
    act(page, "Buku kerja")
    page.get_by_label("Periode").select_option("2026-TW3")
    page.get_by_text("Angka saat ini, sebagai draf").click()
    look(page)
    with page.expect_download() as event:
        act(page, "Unduh")
    assert event.value.suggested_filename == "UP2K_63_2026-TW3_DRAF.xlsx"
    with event.value.path().open("rb") as file:
        return openpyxl.load_workbook(file)


def figures_of_as_syifa(book) -> dict[str, object]:
    sheet = book["R-3"]
    row = next(cell.row for cell in sheet["C"] if cell.value == "UP2K As Syifa")
    return {letter: sheet[f"{letter}{row}"].value for letter in R_3}
