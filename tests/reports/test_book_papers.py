"""Kuitansi and surat perjanjian as Excel, and where one chooses them: the words and rupiah of the printed page."""

import subprocess
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from loans import services
from loans.kuitansi import numbers_paid
from reports.forms import layout
from tests import build
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(member, operator):
    """Rp6.000.000 in three instalments of Rp2.000.000 and Rp90.000."""
    regency = member.village.district.regency
    regency.operator_limit = 10_000_000
    regency.save()
    product = build.product(member.group, instalment_count=3)
    build.officer(member.group, "ketua", "Hj. Masliani")
    build.officer(member.group, "bendahara", "Rahmawati")
    return build.loan(member, 6_000_000, by=operator, product=product)


def workbook(client, name, row, query=""):
    response = client.get(reverse(name, args=[row.pk]) + query)
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content)), response["Content-Disposition"].split('"')[1]


def test_a_kuitansi_fills_the_cells_of_its_form(loan, operator, as_user):
    build.payment(loan, 2_090_000, date(2026, 2, 28))
    receipt = build.payment(loan, 4_180_000, date(2026, 3, 31), savings={"mandatory": 10_000, "contribution": 2_000})
    client = as_user(operator)
    book, name = workbook(client, "receipt-sheet", receipt)
    ws = book.active
    assert name == "kuitansi_63.08.03.2014_AS-2026-0002.xlsx"
    assert (ws["B1"].value, ws["G1"].value, ws["B4"].value) == ("POKSUS UP2K AS SYIFA", "AS-2026-0002", "KUITANSI")
    assert ws["D6"].value == "Norhasanah"
    assert ws["D7"].value == "# empat juta seratus sembilan puluh dua ribu rupiah #"
    assert ws["D8"].value == f"Angsuran pinjaman {loan.number} (beli benang bordir), lunas 3 dari 3 kali"
    assert [(ws[f"B{row}"].value, ws[f"D{row}"].value) for row in range(10, 16)] == [
        ("Angsuran pokok ke-2 s.d. 3", 4_000_000),
        ("Jasa", 180_000),
        ("Iuran", 2_000),
        ("Simpanan wajib", 10_000),
        ("JUMLAH", "=SUM(D10:D13)"),
        ("Sisa pokok pinjaman", 0),
    ]
    assert [ws[ref].value for ref in ("F10", "F15", "G15")] == ["Pandulangan, 31 Maret 2026", "Norhasanah", "Rahmawati"]
    assert (ws["E11"].value, ws.page_setup.paperSize, ws.page_setup.orientation) == (None, 11, "landscape")
    page = client.get(reverse("receipt-paper", args=[receipt.pk]))
    assert page.context["code"] in ws["B18"].value
    assert "<td>Pokok ke-2 s.d. 3</td>" in page.content.decode()
    assert reverse("receipt-sheet", args=[receipt.pk]) in page.content.decode()


@pytest.mark.parametrize(("amount", "stamp"), [(5_000_000, None), (5_000_001, "Meterai\nRp10.000")])
def test_the_stamp_has_its_box_above_five_million(amount, stamp, loan, operator, as_user):
    receipt = build.payment(loan, amount, date(2026, 2, 28))
    client = as_user(operator)
    ws = workbook(client, "receipt-sheet", receipt)[0].active
    assert ws["E11"].value == stamp
    page = client.get(reverse("receipt-paper", args=[receipt.pk])).content.decode()
    assert ("Meterai" in page) == (stamp is not None)


def test_money_that_the_form_has_no_row_for_gets_one_above_the_sum(loan, operator, as_user):
    receipt = build.payment(loan, 6_300_000, date(2026, 2, 28), penalty=5_000)
    ws = workbook(as_user(operator), "receipt-sheet", receipt)[0].active
    assert [(ws[f"B{row}"].value, ws[f"D{row}"].value) for row in range(10, 18)] == [
        ("Angsuran pokok ke-1 s.d. 3", 6_000_000),
        ("Jasa", 270_000),
        ("Iuran", None),
        ("Simpanan", None),
        ("Denda", 5_000),
        ("Titipan", 25_000),
        ("JUMLAH", "=SUM(D10:D15)"),
        ("Sisa pokok pinjaman", 0),
    ]
    assert ("E11:E16" in {str(area) for area in ws.merged_cells.ranges}, ws["G17"].value) == (True, "Rahmawati")


def test_a_cancelled_kuitansi_says_so_in_excel_too(loan, operator, as_user):
    receipt = build.payment(loan, 2_090_000, date(2026, 2, 28))
    facts = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 3, 1), "by": operator, "uuid": uuid4()}
    back = services.reverse_payment(receipt=receipt, **facts)
    client = as_user(operator)
    wrong, right = (workbook(client, "receipt-sheet", one)[0].active for one in (receipt, back))
    assert wrong["B4"].value == "KUITANSI (BATAL)"
    assert wrong["B18"].value.startswith(f"BATAL, dikoreksi oleh {back}.")
    assert (right["B4"].value, right["D10"].value) == ("BUKTI KOREKSI", -2_000_000)


def test_instalments_paid_are_named_by_the_principal_that_went_into_them():
    rows = [(1, 100, 100), (2, 100, 200), (3, 0, 200), (4, 100, 300)]
    pairs = ((0, 100), (0, 150), (150, 200), (100, 300), (50, 50), (300, 0))
    assert [numbers_paid(rows, *pair) for pair in pairs] == ["1", "1 s.d. 2", "2", "2 s.d. 4", "", ""]


def test_the_agreement_says_in_excel_what_it_says_on_the_page(loan, operator, as_user):
    client = as_user(operator)
    book, name = workbook(client, "loan-agreement-sheet", loan, "?kertas=A4")
    letter = client.get(reverse("loan-agreement", args=[loan.pk])).context["letter"]
    assert name == "surat-perjanjian_63.08.03.2014_2026-001.xlsx"
    assert book.sheetnames == ["Surat Perjanjian", "Rencana Angsuran"]
    ws, annex = book.worksheets
    texts = [ws[f"A{row}"].value for row in range(1, ws.max_row + 1)]
    assert texts[3 : 3 + len(letter.paragraphs)] == [str(one) for one in letter.paragraphs]
    assert len([text for text in texts if text and text.startswith("Pasal ")]) == 10
    signed = {cell.value for row in ws.iter_rows(min_row=18) for cell in row if cell.value}
    wanted = {one.name for pair in letter.signatures for one in pair}
    assert {"Norhasanah", "Hj. Masliani", "Rahmawati"} < wanted <= signed
    assert "Meterai\nRp10.000" in signed
    assert [annex[f"{letter}5"].value for letter in "ACDE"] == [1, 2_000_000, 90_000, "=C5+D5"]
    assert [annex[f"{letter}8"].value for letter in "ACDE"] == ["JUMLAH", *(f"=SUM({one}5:{one}7)" for one in "CDE")]
    assert {ws.page_setup.paperSize, annex.page_setup.paperSize} == {9}


def test_a_poklak_signs_its_parts_on_a_sheet_of_its_own(group, operator, as_user):
    poklak = build.poklak(group, name="Melati")
    for name in ("Aminah", "=1+1"):
        build.member(group, name=name, poklak=poklak)
    book = workbook(as_user(operator), "loan-agreement-sheet", build.loan(poklak, by=operator))[0]
    ws = book["Tanggung Renteng"]
    assert sorted(ws[f"B{row}"].value for row in (5, 6)) == ["=1+1", "Aminah"]
    assert [ws[f"C{row}"].value for row in (5, 6, 7)] == [500_000, 500_000, "=SUM(C5:C6)"]
    assert {ws[f"B{row}"].data_type for row in (5, 6)} == {"s"}


def test_the_agreement_is_printed_on_f4_or_a4(loan, operator, as_user):
    client, url = as_user(operator), reverse("loan-agreement", args=[loan.pk])
    assert 'class="kartu surat"' in client.get(url).content.decode()
    assert 'class="kartu surat a4"' in client.get(f"{url}?kertas=A4").content.decode()
    refused = client.get(reverse("loan-agreement-sheet", args=[loan.pk]) + "?kertas=A0")
    assert (refused.status_code, "Pilih F4 atau A4." in refused.content.decode()) == (400, True)


def test_every_paper_of_a_loan_and_a_receipt_is_reached_from_cetak_dan_unduh(loan, operator, staff, as_user):
    receipt = build.payment(loan, 2_090_000, date(2026, 2, 28))
    client = as_user(operator)
    offered = client.get(reverse("books", args=[loan.group_id])).content.decode()
    loans, receipts = reverse("book-loans", args=[loan.group_id]), reverse("book-receipts", args=[loan.group_id])
    assert (loans in offered, receipts in offered) == (True, True)
    page = client.get(loans).content.decode()
    for name in ("loan-card", "loan-agreement", "loan-agreement-sheet"):
        assert f'href="{reverse(name, args=[loan.pk])}"' in page
    assert f'href="{reverse("loan-card", args=[loan.pk])}?format=xlsx"' in page
    page = client.get(receipts).content.decode()
    for name in ("receipt-paper", "receipt-paper-58", "receipt-sheet"):
        assert f'href="{reverse(name, args=[receipt.pk])}"' in page
    assert "Surat perjanjian" not in as_user(staff).get(loans).content.decode()


def test_a_paper_is_found_by_name_or_number(loan, operator, as_user):
    client, url = as_user(operator), reverse("book-loans", args=[loan.group_id])
    found = [len(client.get(url, {"q": q}).context["offers"]) for q in ("norhas", loan.number, "Barsiah")]
    assert found == [1, 1, 0]
    assert "Tidak ada yang cocok dengan “Barsiah”." in client.get(url, {"q": "Barsiah"}).content.decode()


def test_papers_cost_the_same_queries_for_any_number_of_receipts(loan, operator, as_user, django_assert_num_queries):
    client, url = as_user(operator), reverse("book-receipts", args=[loan.group_id])
    build.payment(loan, 100_000, date(2026, 2, 1))
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    for day in (2, 3, 4):
        build.payment(loan, 100_000, date(2026, 2, day))
    with django_assert_num_queries(6):
        assert len(client.get(url).context["offers"]) == 4


def test_another_village_has_no_workbook_of_these(loan, elsewhere, as_user):
    receipt = build.payment(loan, 2_090_000, date(2026, 2, 28))
    client = as_user(build.user(Role.OPERATOR, elsewhere.code))
    rows = (("receipt-sheet", receipt), ("loan-agreement-sheet", loan), ("book-loans", loan.group))
    assert [client.get(reverse(name, args=[row.pk])).status_code for name, row in rows] == [404, 404, 404]


def test_the_form_of_the_kuitansi_has_the_cells_it_was_given():
    cells = {cell["cell"]: cell for cell in layout("kuitansi")["cells"]}
    assert [cells[f"B{row}"]["text"] for row in (6, 7, 8)] == [
        "Telah diterima dari",
        "Uang sebanyak",
        "Untuk pembayaran",
    ]
    assert layout("kuitansi")["meterai"]["merge"] == "E11:E14"


@pytest.mark.system
def test_libreoffice_counts_the_kuitansi_to_what_was_paid(loan, operator, as_user, tmp_path):
    receipt = build.payment(loan, 6_300_000, date(2026, 2, 28), penalty=5_000)
    book, _ = workbook(as_user(operator), "receipt-sheet", receipt)
    book.save(tmp_path / "kuitansi.xlsx")
    command = ["soffice", "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--convert-to", "xlsx"]
    out = tmp_path / "out"
    subprocess.run(
        [*command, "--outdir", out, tmp_path / "kuitansi.xlsx"], check=True, capture_output=True, timeout=180
    )
    ws = load_workbook(out / "kuitansi.xlsx", data_only=True).active
    assert ws["D16"].value == receipt.amount == 6_300_000
