"""LPP says what the ledger, Kolektibilitas and Tunggakan say: after a write-off, and on the day of an instalment."""

from datetime import date
from uuid import uuid4

import openpyxl
import pytest

from loans import services
from loans.models import Loan
from reports.books import catalogue, excel
from reports.books.spans import of_period
from reports.periods import parse_period
from tests import build
from tests.loans import build_life

pytestmark = pytest.mark.django_db
SEPTEMBER, DAY = of_period(parse_period("2026-09")), date(2026, 9, 30)


@pytest.fixture
def lent(group, operator):
    """Three loans of 1.000.000, due on the last days of months from 28 February on.

    Aminah's, unpaid, was written off on 1 September; of Norhasanah's seven instalments are paid and one is due on
    30 September; Siti's was paid off in August.
    """
    lost, kept, paid = (
        build.loan(build.member(group, name=name), by=operator, on=date(2026, 1, 31))
        for name in ("Aminah", "Norhasanah", "Siti")
    )
    build.payment(lost, 100_000, date(2026, 3, 1))
    build.payment(kept, 7 * 115_000, date(2026, 9, 5))
    build.payment(paid, 1_150_000, date(2026, 8, 31))
    build_life.write_off(lost, on=date(2026, 9, 1))
    return lost, kept, paid


def page_of(code, group):
    return catalogue.BOOKS[code].pages(group, SEPTEMBER)[0]


def sums_of(page, *keys):
    return sum(row[key] for row in page.blocks[0].rows for key in keys)


def test_its_sums_are_those_of_every_page(group, lent):
    sums, page = Loan.objects.filter(group=group).sums(DAY), page_of("lpp", group)
    assert (sums["balance"], sums["late"]) == (300_000, 0)
    assert sums_of(page, "saldo_p") == sums["balance"]
    assert sums_of(page, "tung_p", "tung_j") == sums["late"]
    assert sums_of(page_of("kolektibilitas", group), "saldo") == sums["balance"]
    assert sums_of(page_of("tunggakan", group), "tung_p", "tung_j") == sums["late"]


def test_a_loan_written_off_owes_nothing_and_says_so(group, lent):
    lost, kept, _ = lent
    page = page_of("lpp", group)
    names = [f"Aminah – {lost.number}", f"Norhasanah – {kept.number}"]  # Siti's came to its end before the month
    assert [row["peminjam"] for row in page.blocks[0].rows] == names
    row = page.blocks[0].rows[0]
    told = {"alokasi": 1_000_000, "sd_p": 85_000, "sd_j": 15_000, "saldo_p": 0, "saldo_j": 0, "tung_p": 0, "tung_j": 0}
    assert {key: row[key] for key in told} == told
    assert page.notes[0] == (
        f"Pinjaman {lost.number} dihapus buku Rp915.000 pada 1 September 2026: saldo dan tunggakannya nol."
    )


def test_what_falls_due_on_the_day_is_a_target_and_not_late(group, lent):
    page = page_of("lpp", group)
    row = page.blocks[0].rows[1]
    assert (row["target_p"], row["sd_p"], row["tung_p"], row["saldo_p"]) == (800_000, 700_000, 0, 300_000)
    assert page.notes[1:] == [
        "Angsuran yang jatuh tempo tepat pada tanggal laporan masuk TARGET, tetapi belum menunggak."
    ]
    build.payment(lent[1], 115_000, DAY)
    assert page_of("lpp", group).notes[1:] == []


def test_a_loan_that_is_owed_again_comes_back(group, lent):
    receipt = lent[2].receipt_parts.first().receipt
    facts = {"reversed_on": date(2026, 9, 10), "by": build_life.kecamatan(), "uuid": uuid4()}
    services.reverse_payment(receipt=receipt, reason="salah ketik jumlah", **facts)
    balance = Loan.objects.filter(group=group).sums(DAY)["balance"]
    assert sums_of(page_of("lpp", group), "saldo_p") == balance == 1_300_000


def test_excel_holds_the_same_figures_as_the_page(group, lent, tmp_path):
    page = page_of("lpp", group)
    excel.save([page], tmp_path / "lpp.xlsx", paper="F4", made_by="Rahmah")
    sheet = openpyxl.load_workbook(tmp_path / "lpp.xlsx").active
    assert [[sheet[f"{letter}{row}"].value for letter in "NOQR"] for row in (8, 9)] == [
        [0, 0, 0, 0],
        [300_000, 45_000, 0, 0],
    ]
    assert page.notes[0] in [cell.value for row in sheet.iter_rows() for cell in row]
