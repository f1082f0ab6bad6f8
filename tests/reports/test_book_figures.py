"""The figures in the books: one village's September by hand, to the rupiah."""

from datetime import date
from uuid import uuid4

import pytest

from loans import saving_services, services
from loans.follow_services import record_follow_up
from loans.ledger_services import balances, record_voucher
from loans.models import CollectabilityScheme
from reports.books import catalogue, grid
from reports.books.spans import of_day, of_period, parse_span
from reports.periods import parse_period
from tests import build
from tests.loans import build_life

pytestmark = pytest.mark.django_db

SEPTEMBER, YEAR = (of_period(parse_period(code)) for code in ("2026-09", "2026"))


@pytest.fixture
def september(group, operator):
    """Aminah's loan of 1.000.000 (10 times, 1,5% flat) of 1 July, one late and one paid instalment; savings; a bank
    deposit; an expense; a correction."""
    build.capital(group, 5_000_000, date(2026, 1, 5))
    build.saving_terms(group, "voluntary", 0, is_locked=False)
    build.saving_terms(group, "contribution", 5_000, since=date(2026, 9, 1))
    aminah, norhasanah = build.member(group, name="Aminah"), build.member(group, name="Norhasanah")
    loan = build.loan(aminah, by=operator, on=date(2026, 7, 1))
    wrong = build.payment(loan, 65_000, date(2026, 9, 2), by=operator)
    services.reverse_payment(
        receipt=wrong, reason="salah ketik jumlah", reversed_on=date(2026, 9, 2), by=operator, uuid=uuid4()
    )
    build.payment(loan, 115_000, date(2026, 9, 2), by=operator)
    facts = {"by": operator, "received_on": date(2026, 9, 2)}
    parts = {"mandatory": 10_000, "voluntary": 40_000, "contribution": 2_000}
    saving_services.record_deposit(member=aminah, parts=parts, uuid=uuid4(), **facts)
    saving_services.record_deposit(member=norhasanah, parts={"mandatory": 10_000}, uuid=uuid4(), **facts)
    saving_services.withdraw_saving(
        member=aminah, kind="voluntary", amount=15_000, on=date(2026, 9, 20), by=operator, uuid=uuid4()
    )
    for kind, debit, credit, amount in (("transfer", "1.2", "1.1", 1_000_000), ("expense", "5.1", "1.1", 25_000)):
        record_voucher(
            group=group, kind=kind, on=date(2026, 9, 21), amount=amount, debit=debit, credit=credit,
            description="Beli buku kas", by=operator, uuid=uuid4(),
        )  # fmt: skip
    return loan


def lines_of(code, group, span, side=0):
    page = catalogue.BOOKS[code].pages(group, span)[0]
    sums = grid.line_sums(page.lines[side])
    return {line.label: sums[line.key][0] for line in page.lines[side] if line.kind != "head" and sums[line.key][0]}


def test_the_result_is_fee_and_contribution_less_paper(group, september):
    assert lines_of("hasil-usaha", group, SEPTEMBER) == {
        "Jasa pinjaman": 15_000,
        "Iuran anggota": 2_000,
        "Jumlah pendapatan": 17_000,
        "Alat tulis dan cetak": 25_000,
        "Jumlah biaya": 25_000,
        "SISA HASIL USAHA (SHU)": -8_000,
    }


def test_both_sides_of_the_balance_are_equal_and_hold_the_running_result(group, september):
    assert lines_of("neraca", group, SEPTEMBER) == {
        "Kas": 3_137_000,
        "Bank": 1_000_000,
        "Piutang pinjaman": 900_000,
        "JUMLAH AKTIVA": 5_037_000,
    }
    assert lines_of("neraca", group, SEPTEMBER, side=1) == {
        "Simpanan sukarela": 25_000,
        "Simpanan wajib": 20_000,
        "Modal swadaya dan hibah": 5_000_000,
        "SHU tahun berjalan": -8_000,
        "JUMLAH KEWAJIBAN DAN MODAL": 5_037_000,
    }


def test_cash_flows_lead_from_the_opening_to_the_closing_balance(group, september):
    flows = lines_of("arus-kas", group, SEPTEMBER)
    assert flows == {
        "Saldo kas dan bank awal": 4_000_000,
        "Angsuran pokok": 100_000,
        "Jasa pinjaman": 15_000,
        "Iuran": 2_000,
        "Simpanan": 60_000,
        "Jumlah kas masuk": 177_000,
        "Penarikan simpanan": 15_000,
        "Biaya": 25_000,
        "Jumlah kas keluar": 40_000,
        "SALDO KAS DAN BANK AKHIR": 4_137_000,
    }
    assert sum(balances(group, date(2026, 9, 30), codes=("1.1", "1.2")).values()) == 4_137_000


def rows_of(code, group, span):
    return [
        [cell.text for cell in cells]
        for _, cells in grid.sheet_of(catalogue.BOOKS[code].pages(group, span)[0]).grids[0].rows
    ]


def test_the_cash_book_closes_with_the_amount_in_words(group, september):
    assert rows_of("buku-kas", group, SEPTEMBER)[-1] == [
        "Ditutup pada tanggal 30 September 2026: saldo kas Rp4.137.000 (empat juta seratus tiga puluh tujuh ribu"
        " rupiah), terdiri atas uang tunai Rp3.137.000 dan simpanan bank Rp1.000.000."
    ]


def test_lpp_sets_target_beside_realisation(group, september):
    number = f"Aminah – {september.number}"
    assert rows_of("lpp", group, SEPTEMBER) == [
        ["1", number, "01-07-2026", "1,5", "1.000.000", "200.000", "30.000", "0", "0", "100.000", "15.000", "100.000",
         "15.000", "900.000", "135.000", "50,0%", "100.000", "15.000"],
        ["JUMLAH", "1.000.000", "200.000", "30.000", "0", "0", "100.000", "15.000", "100.000", "15.000", "900.000",
         "135.000", "50,0%", "100.000", "15.000"],
    ]  # fmt: skip


def test_the_class_sheet_puts_the_balance_under_its_class_and_adds_the_allowance(group, september):
    rows = rows_of("kolektibilitas", group, SEPTEMBER)
    assert rows[0][3:] == ["1.000.000", "900.000", "90,0%", "100.000", "15.000", "29", "0", "900.000", "0", "0", "0"]
    assert rows[-2] == ["Cadangan kerugian: tarif", "1,0%", "5,0%", "15,0%", "50,0%", "100,0%"]
    assert rows[-1] == ["Cadangan kerugian (Rp)", "0", "45.000", "0", "0", "0"]


def test_a_scheme_of_three_classes_leaves_two_columns_blank(group, september):
    CollectabilityScheme.objects.filter(is_in_use=True).update(is_in_use=False)
    CollectabilityScheme.objects.filter(code="C").update(is_in_use=True)
    rows = rows_of("kolektibilitas", group, SEPTEMBER)
    assert rows[0][9:] == ["900.000", "", "", "0", "0"]
    assert rows[-2] == ["Cadangan kerugian: tarif", "0,0%", "", "", "50,0%", "100,0%"]
    assert rows[-1] == ["Cadangan kerugian (Rp)", "0", "", "", "0", "0"]


def test_the_arrears_sheet_tells_since_when_and_what_was_done(group, september):
    told = {
        "on": date(2026, 9, 10),
        "way": "visit",
        "words": "dagangan sepi",
        "uuid": uuid4(),
        "by": september.disbursed_by,
    }
    record_follow_up(loan=september, promised_on=date(2026, 10, 5), promised=50_000, **told)
    rows = rows_of("tunggakan", group, SEPTEMBER)
    assert rows == [
        ["1", f"Aminah – {september.number}", "-", "01-07-2026", "1.000.000", "900.000", "100.000", "15.000",
         "01-09-2026", "29", "1", "Kunjungan 10 Sep 2026, janji 5 Okt 2026", "50.000"],
        ["JUMLAH", "1.000.000", "900.000", "100.000", "15.000", "", "", "", "", "50.000"],
    ]  # fmt: skip


def test_the_sheet_for_a_meeting_says_what_is_late_and_what_is_due(group, september):
    rows = rows_of("tagihan", group, of_day(date(2026, 9, 25)))
    assert rows[0][1:12] == [
        "Aminah",
        "-",
        september.number,
        "",
        "100.000",
        "15.000",
        "0",
        "0",
        "3.000",
        "0",
        "118.000",
    ]
    assert rows[1][1:12] == ["Norhasanah", "-", "", "", "", "", "", "", "5.000", "0", "5.000"]
    assert [row[1] for row in rows[:-1]] == ["Aminah", "Norhasanah"]
    october = rows_of("tagihan", group, of_day(date(2026, 10, 1)))
    assert october[0][4:9] == ["3/10", "100.000", "15.000", "100.000", "15.000"]


def test_a_rescheduled_instalment_is_counted_among_the_rows_in_force(group, september):
    build_life.reschedule(september, "extra_instalments", 2, 3)
    october = rows_of("tagihan", group, of_day(date(2026, 10, 1)))
    assert (september.instalment_count, october[0][4]) == (10, "3/12")


def test_the_yearly_book_has_a_month_s_money_in_three_columns(group, september):
    page = catalogue.BOOKS["buku-pais"].pages(group, YEAR)[0]
    by_name = {row["nama"]: row for row in page.blocks[0].rows}
    assert {key: value for key, value in by_name["Aminah"].items() if key[:3] == "sep"} == {
        "sep_angsuran": 115_000, "sep_iuran": 2_000, "sep_simpanan": 50_000,
    }  # fmt: skip
    assert by_name["Norhasanah"] == {"nama": "Norhasanah", "sep_simpanan": 10_000}
    first_half, second_half = grid.sheet_of(page).grids
    assert len(first_half.widths) == len(second_half.widths) == 24


def test_a_statement_of_february_stands_beside_the_february_before():
    span = parse_span("2024-02")
    from reports.books.statements import _this_and_last

    assert _this_and_last(span)[1] == (date(2023, 2, 1), date(2023, 2, 28))
