"""The audit of what happens to receipts and loans later: split anew, opened, written off, played again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from loans import services
from loans.allocation import Kind
from loans.ledger_services import record_voucher
from loans.life import BEFORE_BOOKS, Life
from loans.models import Entry, MonthClosing, ReceiptPart, Voucher
from tests import build
from tests.loans import build_life
from tests.loans.test_audit_ledger import REASON, differences, said, tamper

PLACE = "UP2K As Syifa (63.08.03.2014)"
MIRROR = "koreksi tidak mencerminkan baris aslinya."
FEB, MARCH, APRIL = date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 2)


@pytest.fixture
def loan(member, operator):
    """Two payments; the first was taken back, so the second was split anew under its number, on 2 April."""
    loan = build.loan(member, 1_000_000, by=operator)
    first = build.payment(loan, 100_000, FEB)
    build.payment(loan, 20_000, MARCH)
    services.reverse_payment(receipt=first, reason=REASON, reversed_on=APRIL, by=operator, uuid=uuid4())
    return loan


def newest(**fields) -> ReceiptPart:
    return ReceiptPart.objects.filter(role="resplit", **fields).order_by("pk").last()


def of_part(part: ReceiptPart) -> str:
    return f"{PLACE}, bukti AS-2026-0002, baris {part.entry.pk}: "


def test_what_was_split_anew_is_clean(loan):
    assert said("--replay") == said() == f"Buku cocok: {Entry.objects.count()} baris, 1 kelompok.\n"


def test_an_adjustment_is_clean_until_it_moves_money(member, operator):
    loan = build.loan(member, 1_000_000, by=operator)
    first = build.payment(loan, 100_000, FEB)
    build.payment(loan, 20_000, MARCH)
    MonthClosing.objects.create(group=member.group, village=member.village, period=202603)
    services.reverse_payment(receipt=first, reason=REASON, reversed_on=APRIL, by=operator, uuid=uuid4())
    assert said("--replay").startswith("Buku cocok")
    part = ReceiptPart.objects.get(role="adjustment", kind="service_fee")
    tamper("UPDATE loans_receiptpart SET amount = amount + 5 WHERE id = %s", part.pk)
    tamper("UPDATE loans_entry SET amount = amount + 5 WHERE part_id = %s", part.pk)
    words = "penyesuaian pembagian berjumlah Rp5, seharusnya Rp0."
    assert f"{PLACE}, bukti AS-2026-0003: {words}" in differences()[1]


def test_a_part_split_anew_that_moves_money_is_found(loan):
    part = newest(kind="principal")
    tamper("UPDATE loans_receiptpart SET amount = amount + 5 WHERE id = %s", part.pk)
    tamper("UPDATE loans_entry SET amount = amount + 5 WHERE part_id = %s", part.pk)
    words = "pembagian yang diperbarui berselisih Rp5, seharusnya Rp0."
    assert f"{PLACE}, bukti AS-2026-0002: {words}" in differences()[1]


def test_a_part_dated_otherwise_than_its_receipt_without_a_cause_is_found(loan):
    part = newest()
    tamper("UPDATE loans_receiptpart SET received_on = %s WHERE id = %s", FEB, part.pk)  # before the receipt
    tamper('UPDATE loans_entry SET "on" = %s, period = 202602 WHERE part_id = %s', FEB, part.pk)
    origin = "kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari bagian setorannya."
    assert of_part(part) + origin in differences()[1]


def test_the_month_of_a_part_split_anew_is_that_of_its_own_day(loan):
    part = newest()
    tamper("UPDATE loans_entry SET period = 202603 WHERE part_id = %s", part.pk)
    assert differences()[1] == [f"{of_part(part)}bulan 202603 bukan bulan buktinya."]


def test_a_part_that_takes_back_one_of_another_receipt_is_found(loan):
    part = newest(reverses__isnull=False, kind="principal")
    other = ReceiptPart.objects.get(receipt__serial=1, kind="principal")
    tamper("UPDATE loans_receiptpart SET reverses_id = NULL WHERE reverses_id = %s", other.pk)
    tamper("UPDATE loans_receiptpart SET reverses_id = %s WHERE id = %s", other.pk, part.pk)
    assert of_part(part) + MIRROR in differences()[1]


def test_a_part_split_anew_into_a_closed_month_is_found(loan, member):
    closed_at = timezone.now() - timedelta(days=1)
    MonthClosing.objects.create(group=member.group, village=member.village, period=202604, closed_at=closed_at)
    late = f"{of_part(newest())}dicatat sesudah bulan 202604 ditutup, tanpa izin."
    assert late in differences()[1]


def test_a_fee_that_the_schedule_does_not_ask_for_shows_when_played_again(loan):
    fee, principal = newest(kind="service_fee", reverses=None), newest(kind="principal", reverses=None)
    for part, moved in ((fee, -1_000), (principal, 1_000)):
        tamper("UPDATE loans_receiptpart SET amount = amount + %s WHERE id = %s", moved, part.pk)
        tamper("UPDATE loans_entry SET amount = amount + %s WHERE part_id = %s", moved, part.pk)
    assert said().startswith("Buku cocok")  # a part and its entry altered together
    what = f"{PLACE}, pinjaman {loan.number}: "
    assert differences("--replay")[1] == [
        f"{what}jasa Rp14.000, menurut putar ulang Rp15.000.",
        f"{what}pokok Rp6.000, menurut putar ulang Rp5.000.",
    ]


def test_a_schedule_altered_after_rescheduling_shows_when_played_again(member):
    loan = build.loan(member, 1_000_000)
    build_life.reschedule(loan, "extra_instalments", 2, 9)
    assert said("--replay").startswith("Buku cocok")
    tamper(
        "UPDATE loans_instalment SET service_fee = service_fee + 9"
        " WHERE number = 12 AND valid_until IS NULL AND loan_id = %s", loan.pk,
    )  # fmt: skip
    assert differences("--replay")[1] == [
        f"{PLACE}, pinjaman {loan.number}: jumlah berjalan di jadwalnya lain dari jumlah angsurannya.",
        f"{PLACE}, pinjaman {loan.number}: jadwalnya lain dari jadwal menurut putar ulang.",
    ]


def test_a_loan_written_off_owes_nothing_and_says_what_was_lost(member):
    loan = build_life.write_off(build.loan(member, 1_000_000))
    assert said("--replay").startswith("Buku cocok")
    tamper("UPDATE loans_loan SET written_off = 900000 WHERE id = %s", loan.pk)
    words = "dihapus buku Rp900.000, di buku besar Rp1.000.000."
    assert differences()[1] == [f"{PLACE}, pinjaman {loan.number}: {words}"]


def test_a_schedule_that_does_not_carry_the_principal_is_found(loan):
    tamper("UPDATE loans_instalment SET principal = principal + 1 WHERE number = 10 AND loan_id = %s", loan.pk)
    words = (
        "pokok Rp1.000.000, pokok di jadwalnya Rp1.000.001.",
        "jumlah berjalan di jadwalnya lain dari jumlah angsurannya.",
    )
    assert differences()[1] == [f"{PLACE}, pinjaman {loan.number}: {one}" for one in words]


def test_fees_paid_before_the_books_count(loan):
    tamper("UPDATE loans_loan SET opening_principal_paid = 1000, opened_on = disbursed_on WHERE id = %s", loan.pk)
    lines = differences()[1]
    assert f"{PLACE}, pinjaman {loan.number}: pokok Rp999.000, pencairan di buku besar Rp1.000.000." in lines


def test_money_before_the_books_without_their_day_is_played_from_the_disbursement(loan):
    loan.opening_service_fee_paid = 1_000  # the database refuses it: the day the books began is missing
    assert Life(loan).book.purse.parts[BEFORE_BOOKS][Kind.SERVICE_FEE] == 1_000


def test_money_on_a_loan_that_was_not_paid_out_is_found(loan):
    tamper("UPDATE loans_loan SET status = 'approved', disbursed_on = NULL WHERE id = %s", loan.pk)
    words = "belum dicairkan, piutang di buku besar Rp995.000."
    assert differences()[1] == [f"{PLACE}, pinjaman {loan.number}: {words}"]


@pytest.mark.parametrize("table", ["receipt", "voucher"])
def test_a_year_and_a_number_that_are_not_of_the_paper_are_found(loan, table):
    number = "AS-2026-0002" if table == "receipt" else "AS-K-2026-0001"
    tamper(f"UPDATE loans_{table} SET year = 2025 WHERE number = %s", number)
    assert f"{PLACE}, bukti {number}: tahun 2025 tidak cocok dengan bulannya, " in "".join(differences()[1])
    tamper(f"UPDATE loans_{table} SET year = 2026 WHERE number = %s", number)
    tamper(f"UPDATE loans_{table} SET number = 'AS-X-0009' WHERE number = %s", number)
    serial = Voucher.objects.get(number="AS-X-0009").serial if table == "voucher" else 2
    words = f"nomornya tidak cocok dengan urutan {serial} tahun 2026."
    assert differences()[1] == [f"{PLACE}, bukti AS-X-0009: {words}"]


ACCOUNTS = {  # kind of voucher: facts, the accounts it moves between, one that it never does
    "income": ({}, "1.1", "4.9", "4.1"),
    "expense": ({"till": "bank"}, "5.2", "1.2", "1.1"),
    "capital": ({"source": "CSR_SWASTA", "nature": "hibah", "form": "barang"}, "1.5", "3.3", "2.2"),
    "capital_back": ({"source": "BANK", "nature": "pinjaman", "form": "uang"}, "2.2", "1.1", "1.2"),
    "transfer": ({"till": "cash"}, "1.2", "1.1", "1.3"),
    "cash_difference": ({}, "5.8", "1.1", "3.3"),
    "credit_back": ({}, "2.5", "1.1", "1.2"),
    "opening": ({}, "1.2", "3.9", "3.3"),
    "year_close": ({}, "4.2", "3.5", "3.4"),
    "allowance": ({}, "5.6", "1.3.9", "1.3"),
    "write_off": ({}, "5.6", "1.3", "1.1"),
}


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_a_voucher_on_other_accounts_than_its_kind_books_is_found(group, kind):
    facts, debit, credit, wrong = ACCOUNTS[kind]
    build.capital(group)
    record_voucher(
        group=group, kind="transfer", on=APRIL, amount=500_000_000, debit="1.2", credit="1.1", description="Setor",
        by=None, uuid=uuid4(),
    )  # fmt: skip
    build.capital(group, 50_000, credit="2.2", source="BANK", nature="pinjaman")  # a debt that can be paid back
    told = {"group": group, "kind": kind, "on": APRIL, "amount": 50_000, "description": "Uang", "by": None}
    made = record_voucher(**told, uuid=uuid4(), debit=debit, credit=credit, **facts)
    assert said().startswith("Buku cocok")
    entry = made.entries.get()
    tamper("UPDATE loans_entry SET credit = %s WHERE id = %s", wrong, entry.pk)
    words = f"debet {debit} kredit {wrong} bukan akun untuk bukti jenis '{kind}'."
    assert differences()[1][0] == f"{PLACE}, bukti {made.number}, baris {entry.pk}: {words}"


def test_a_voucher_of_several_lines_is_their_sum(group):
    build.capital(group)
    lines = [("5.6", "1.3", 30_000), ("1.3.9", "1.3", 20_000)]
    made = record_voucher(
        group=group, kind="write_off", on=APRIL, amount=50_000, debit="5.6", credit="1.3", lines=lines,
        description="Hapus buku", by=None, uuid=uuid4(),
    )  # fmt: skip
    assert said().startswith("Buku cocok")
    tamper("UPDATE loans_entry SET amount = 25000 WHERE voucher_id = %s AND debit = '1.3.9'", made.pk)
    words = "jumlah Rp50.000, barisnya di buku besar Rp55.000."
    assert differences()[1] == [f"{PLACE}, bukti {made.number}: {words}"]
