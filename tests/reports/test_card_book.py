"""Kartu Angsuran: the official form of one loan; screen and Excel say the same rupiah."""

import subprocess
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from loans import services
from reports.books import excel, grid
from reports.books.cards import card_page
from tests import build
from tests.reports.test_books_libreoffice import as_text

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 30)


@pytest.fixture
def loan(member, operator):
    """Rp300.000 in three instalments of Rp100.000 and Rp4.500."""
    product = build.product(member.group, instalment_count=3)
    return build.loan(member, 300_000, by=operator, product=product)


def rows_of(loan):
    rows = grid.sheet_of(card_page(loan, DAY)).grids[0].rows
    return [[cell.text for cell in cells] for _, cells in rows]


def reverse_it(receipt, by, on):
    facts = {"reason": "salah ketik jumlah", "reversed_on": on, "by": by, "uuid": uuid4()}
    return services.reverse_payment(receipt=receipt, **facts)


def test_a_payment_stands_beside_the_instalment_it_was_for(loan):
    build.payment(loan, 104_500, date(2026, 2, 28), savings={"mandatory": 10_000, "contribution": 2_000})
    build.payment(loan, 50_000, date(2026, 3, 20))
    build.payment(loan, 54_500, date(2026, 3, 31))
    assert rows_of(loan) == [
        ["1", "28-02-2026", "100.000", "4.500", "104.500", "28-02-2026", "AS-2026-0001", "100.000", "4.500", "2.000",
         "10.000", "116.500", "200.000", ""],
        ["2", "31-03-2026", "100.000", "4.500", "104.500", "20-03-2026", "AS-2026-0002", "45.500", "4.500", "0", "0",
         "50.000", "154.500", ""],
        ["", "", "", "", "0", "31-03-2026", "AS-2026-0003", "54.500", "0", "0", "0", "54.500", "100.000", ""],
        ["3", "30-04-2026", "100.000", "4.500", "104.500", "", "", "", "", "", "", "", "", ""],
        ["JUMLAH", "300.000", "13.500", "313.500", "", "", "200.000", "9.000", "2.000", "10.000", "221.000", "", ""],
    ]  # fmt: skip


def test_a_correction_takes_its_rupiah_back_and_is_told(loan, operator):
    wrong = build.payment(loan, 209_000, date(2026, 2, 28))
    back = reverse_it(wrong, operator, date(2026, 3, 1))
    build.payment(loan, 104_500, date(2026, 3, 2))
    rows = rows_of(loan)
    assert [(row[0], row[6], row[7], row[12]) for row in rows[:-1]] == [
        ("1", "AS-2026-0001", "200.000", "100.000"),
        ("2", "", "", ""),
        ("3", "AS-2026-0002", "−200.000", "300.000"),
        ("", "AS-2026-0003", "100.000", "200.000"),
    ]
    assert rows[-1][6:8] == ["100.000", "4.500"]
    assert card_page(loan, DAY).notes == [
        f"Kuitansi AS-2026-0001 Rp209.000: BATAL, dikoreksi oleh {back.number}.",
        f"Kuitansi {back.number} −Rp209.000: Koreksi atas AS-2026-0001.",
    ]


def test_fines_and_money_ahead_stand_in_a_note(loan):
    build.payment(loan, 350_000, date(2026, 2, 28), penalty=5_000)
    assert card_page(loan, DAY).notes == [
        "Kuitansi AS-2026-0001 Rp350.000: termasuk denda Rp5.000, titipan Rp31.500.",
    ]
    assert rows_of(loan)[-1][6:11] == ["300.000", "13.500", "0", "0", "313.500"]


def test_the_page_shows_the_form_and_who_signs_today(loan, operator, as_user):
    build.officer(loan.group, "bendahara", "Rahmawati")
    response = as_user(operator).get(reverse("loan-card", args=[loan.pk]))
    sheet = response.context["sheets"][0]
    assert sheet.titles == ["KARTU ANGSURAN PINJAMAN UP2K PKK"]
    assert dict(sheet.facts) == {
        "No. pinjaman": "2026-001",
        "Kelompok": "AS SYIFA, DESA PANDULANGAN",
        "Pokok pinjaman": "Rp300.000",
        "Nama": "Norhasanah",
        "Poklak": "-",
        "Jasa": "1,5% per bulan, tetap",
        "Tanggal cair": "31 Januari 2026",
        "Untuk usaha": "beli benang bordir",
        "Jangka waktu": "3 kali",
    }
    assert sheet.signatures == [
        ["", "Peminjam,", "Norhasanah"],
        ["Pandulangan, 30 September 2026", "Bendahara Poksus UP2K PKK", "Rahmawati"],
    ]
    page = response.content.decode()
    assert ("f4-lebar" in page, loan.member.nik in page) == (True, False)


def test_excel_has_the_same_figures_with_live_sums(loan, operator, as_user):
    build.payment(loan, 104_500, date(2026, 2, 28))
    response = as_user(operator).get(f"{reverse('loan-card', args=[loan.pk])}?format=xlsx&kertas=A4")
    assert 'filename="kartu-angsuran_63.08.03.2014_2026-001.xlsx"' in response["Content-Disposition"]
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    first = [sheet.cell(9, column).value for column in range(1, 14)]
    assert first[:5] == [1, sheet["B9"].value, 100_000, 4_500, "=C9+D9"]
    assert first[6:] == [
        "AS-2026-0001",
        100_000,
        4_500,
        0,
        0,
        '=IF(COUNT(H9:K9)=0,"",SUM(H9:K9))',
        '=IF(H9="","",300000-SUM(H$9:H9))',
    ]
    assert (sheet["A12"].value, sheet["C12"].value, sheet["H12"].value) == ("JUMLAH", "=SUM(C9:C11)", "=SUM(H9:H11)")
    assert sheet.page_setup.paperSize == 9


def test_a_card_costs_the_same_queries_for_any_number_of_payments(loan, django_assert_num_queries):
    loans = loan.group.loans.select_related("group__village__district__regency", "member")
    for day in (1, 2, 3):
        build.payment(loan, 20_000, date(2026, 2, day))
        with django_assert_num_queries(7):
            assert card_page(loans.get(), DAY).form == "kartu-angsuran"
    assert len(rows_of(loan)) == 6


def test_another_village_and_a_loan_not_paid_out_have_no_card(loan, member, elsewhere, operator, as_user):
    foreign = build.loan(build.member(build.group(elsewhere)))
    proposed = build.proposal(member, 100_000)
    client = as_user(operator)
    assert [client.get(reverse("loan-card", args=[one.pk])).status_code for one in (foreign, proposed)] == [404, 404]
    refused = client.get(f"{reverse('loan-card', args=[loan.pk])}?kertas=A0")
    assert refused.status_code == 400
    assert "Kertas “A0” tidak ada. Pilih F4 atau A4." in refused.content.decode()


@pytest.mark.system
def test_libreoffice_recalculates_the_card_as_the_page_shows_it(loan, operator, tmp_path):
    build.payment(loan, 104_500, date(2026, 2, 28), savings={"mandatory": 10_000, "contribution": 2_000})
    wrong = build.payment(loan, 50_000, date(2026, 3, 20))
    reverse_it(wrong, operator, date(2026, 3, 21))
    build.payment(loan, 60_000, date(2026, 3, 31))
    excel.save([card_page(loan, DAY)], tmp_path / "kartu.xlsx", paper="F4", made_by="Rahmah")
    command = ["soffice", "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--convert-to", "xlsx"]
    out = tmp_path / "out"
    subprocess.run([*command, "--outdir", out, tmp_path / "kartu.xlsx"], check=True, capture_output=True, timeout=180)
    ws = load_workbook(out / "kartu.xlsx", data_only=True).active
    shown = rows_of(loan)
    assert len(shown) == 6
    for number, row in enumerate(shown, 9):
        written = [as_text(cell) for cell in ws[number][:14]]
        assert [text for text in written if text] == [text for text in row if text]
