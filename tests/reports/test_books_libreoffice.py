"""LibreOffice recalculates every book: each figure equals the one on the page, and the totals equal the ledger."""

import subprocess
from datetime import date

import openpyxl
import pytest

from loans.ledger_services import balances
from loans.models import ReceiptPart
from loans.models.receipts import LOAN_KINDS
from loans.surplus import PostKind
from reports.book_views import usual_span
from reports.books import catalogue, excel, grid
from reports.books.spans import of_period
from reports.forms import layout
from reports.periods import parse_period
from tests import build
from tests.loans import build_surplus
from tests.reports.test_book_figures import YEAR, september  # noqa: F401  (a fixture)
from up2k_portal.lib.access import Role

pytestmark = [pytest.mark.system, pytest.mark.django_db]

DAY = date(2026, 9, 30)


def spans_of(book):
    return YEAR if 12 in book.spans else usual_span(book)


def as_text(cell):
    """A recalculated cell as the page writes it."""
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in cell.number_format:
            return f"{round(value * 1000) / 10:.1f}%".replace(".", ",")
        return grid.show(round(value), cell.number_format)
    return grid.show(value.date() if hasattr(value, "date") else value, cell.number_format)


def recalculated(filled, folder):
    """The books as LibreOffice saves them after it counted every formula anew."""
    for code, pages in filled.items():
        excel.save(pages, folder / f"{code}.xlsx", paper="F4", made_by="Rahmah")
    out = folder / "out"
    command = ["soffice", "--headless", f"-env:UserInstallation={folder.as_uri()}/profile", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", out, *sorted(folder.glob("*.xlsx"))], check=True, capture_output=True, timeout=180
    )
    return {code: openpyxl.load_workbook(out / f"{code}.xlsx", data_only=True) for code in filled}


def check_same(code, page, ws):
    """Row by row and in the same order; of a book on two pages each holds its own columns."""
    grids = grid.sheet_of(page).grids
    for shown in grids:
        rows = [[cell.text for cell in cells] for _, cells in shown.rows]
        for number, row in enumerate(rows, layout(page.form)["first_data_row"]):
            written = [text for cell in ws[number] if (text := as_text(cell))]
            wanted = [text for text in row if text]
            if len(grids) > 1:
                wanted, written = set(wanted), set(wanted) & set(written)
            assert written == wanted, f"{code} {ws.title} baris {number}"


def figure(ws, label, letter):
    """The value under a column in the row of a label."""
    rows = [row[0].row for row in ws.iter_rows() if any(cell.value == label for cell in row)]
    return ws[f"{letter}{rows[-1]}"].value


def test_every_book_says_in_excel_what_it_says_on_the_page_and_in_the_ledger(group, september, tmp_path):  # noqa: F811
    filled = {code: book.pages(group, spans_of(book)) for code, book in catalogue.BOOKS.items()}
    books = recalculated(filled, tmp_path)
    assert set(books) == set(catalogue.BOOKS)
    for code, pages in filled.items():
        for page, ws in zip(pages, books[code].worksheets, strict=True):
            check_same(code, page, ws)
    first = {code: book.worksheets[0] for code, book in books.items()}
    ledger = balances(group, DAY)
    cash, bank, lent = ledger["1.1"], ledger["1.2"], ledger["1.3"]
    assert (cash, bank, lent) == (3_137_000, 1_000_000, 900_000)
    assert [figure(ws, "Saldo kas akhir bulan", "C") for ws in books["buku-kas"].worksheets] == [cash, bank]
    assert figure(first["buku-simpanan"], "JUMLAH", "E") == ledger["2.1"] + ledger["3.1"] + ledger["3.2"] == 45_000
    assert figure(first["buku-iuran"], "JUMLAH", "E") == ledger["4.3"] == 2_000
    paid = ReceiptPart.objects.filter(receipt__group=group, kind__in=LOAN_KINDS)
    assert figure(first["buku-pais"], "JUMLAH", "AE") == sum(part.amount for part in paid) == 115_000
    assert [figure(first["buku-pais"], "JUMLAH", letter) for letter in ("AF", "AG")] == [2_000, 60_000]
    assert figure(first["lpp"], "JUMLAH", "N") == figure(first["kolektibilitas"], "JUMLAH", "E") == lent
    assert figure(first["tunggakan"], "JUMLAH", "F") == lent
    assert [figure(first["tunggakan"], "JUMLAH", letter) for letter in ("G", "H")] == [100_000, 15_000]
    assert [figure(first["tagihan"], "JUMLAH", letter) for letter in ("F", "G", "J")] == [100_000, 15_000, 8_000]
    assert figure(first["neraca"], "JUMLAH AKTIVA", "C") == cash + bank + lent
    assert figure(first["neraca"], "JUMLAH KEWAJIBAN DAN MODAL", "G") == cash + bank + lent
    assert figure(first["hasil-usaha"], "SISA HASIL USAHA (SHU)", "C") == ledger["4.1"] + ledger["4.3"] - ledger["5.1"]
    assert figure(first["arus-kas"], "SALDO KAS DAN BANK AKHIR", "C") == cash + bank


def test_the_papers_of_an_approved_year_add_up_to_its_posts(group, operator, pandulangan, tmp_path):
    build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build_surplus.teacher(group, operator, address="RT 2")
    build_surplus.scheme(group, operator)
    approver = build.user(Role.OPERATOR, pandulangan.code, name="Salmah")
    year = build_surplus.approve(build_surplus.draft(group, operator), approver)
    span = of_period(parse_period("2025"))
    codes = ("ba-shu-pos", "shu-anggota", "shu-paud", "hasil-usaha")
    filled = {code: catalogue.BOOKS[code].pages(group, span) for code in codes}
    books = recalculated(filled, tmp_path)
    for code, pages in filled.items():
        for page, ws in zip(pages, books[code].worksheets, strict=True):
            check_same(code, page, ws)
    sheets = {code: book.active for code, book in books.items()}
    earned = figure(sheets["hasil-usaha"], "SISA HASIL USAHA (SHU)", "C")
    assert figure(sheets["ba-shu-pos"], "JUMLAH", "D") == earned == 80_000
    posts = dict(year.allotments.values_list("kind", "amount"))
    assert figure(sheets["shu-anggota"], "JUMLAH", "F") == posts[PostKind.BY_FEE]
    assert figure(sheets["shu-anggota"], "JUMLAH", "G") == posts[PostKind.BY_SAVINGS]
    assert figure(sheets["shu-paud"], "JUMLAH", "E") == posts[PostKind.TEACHERS]
