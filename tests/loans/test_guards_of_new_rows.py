"""A new row of money must fit what it names, whoever writes it: each rule broken by raw SQL, on the database in use."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from loans import guard_rules, services
from loans.models import CashCount, Instalment, MonthClosing, MonthException, Penalty, Receipt, ReceiptPart, Voucher
from tests import build
from tests.loans import build_life
from tests.loans.test_guards import close_month, leave, refused, sql

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 2)
CLOSED = "Bulan ini sudah ditutup"


def copied(row, **changed) -> None:
    """Writes the row once more with some columns changed, past the application."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [
        field.get_db_prep_save(changed.get(field.column, getattr(row, field.attname)), connection) for field in fields
    ]
    assert not set(changed) - {field.column for field in fields}
    names, places = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    sql(f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({places})", *values)


@pytest.fixture
def loan(member):
    """Ten instalments of 115.000 from 28 February on; the first is paid on 1 March, with the rule's fine of 1.000."""
    product = build.product(member.group, penalty_kind="fixed", penalty_amount=1_000)
    loan = build.loan(member, product=product)
    build.payment(loan, 116_000, MARCH)
    return loan


@pytest.fixture
def receipt(loan):
    return Receipt.objects.get(serial=1)


@pytest.fixture
def part(receipt):
    return receipt.parts.get(kind="principal")


@pytest.fixture
def voucher(loan):
    return Voucher.objects.get(kind="disbursement")


@pytest.fixture
def charge(loan):
    return Penalty.objects.get()


@pytest.fixture
def other(pandulangan):
    """A member of another group, with a loan and a receipt."""
    group = build.group(pandulangan)
    member = build.member(group)
    build.payment(build.loan(member), 115_000, MARCH)
    return member


NEXT = {"serial": 9, "number": "AS-2026-0009"}


def anew(row) -> dict:
    """What a copy of a paper must have of its own."""
    return NEXT | {"uuid": uuid4()}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"period": 202604}, "Tahun atau bulan bukti setoran tidak sama dengan tanggalnya"),
        ({"year": 2025}, "Tahun atau bulan bukti setoran tidak sama dengan tanggalnya"),
        ({"amount": -116_000, "reason": "salah"}, ""),  # no reversal: a CHECK
    ],
)
def test_a_receipt_that_contradicts_itself_is_refused(receipt, changed, words):
    copied(receipt, **anew(receipt))
    refused(lambda: copied(receipt, **{**anew(receipt), "serial": 10}, **changed), words)


def test_a_receipt_of_another_group_s_payer_or_village_is_refused(receipt, other, elsewhere):
    refused(lambda: copied(receipt, **anew(receipt), member_id=other.pk), "Anggota bukti setoran bukan dari kelompok")
    refused(lambda: copied(receipt, **anew(receipt), village_id=elsewhere.pk), "Desa bukti setoran bukan desa kelompok")


def test_a_receipt_takes_back_one_of_its_own_group_as_it_was(receipt, other):
    back = {"reverses_id": receipt.pk, "amount": -116_000, "reason": "salah ketik"}
    theirs = Receipt.objects.get(group=other.group)
    words = "Koreksi tidak mencerminkan bukti setoran aslinya"
    for wrong in (
        {"reverses_id": theirs.pk, "amount": -theirs.amount},
        {"amount": -116_001},
        {"till": "bank"},
        {"received_on": date(2026, 2, 28), "period": 202602},
    ):
        refused(lambda wrong=wrong: copied(receipt, **anew(receipt) | back | wrong), words)
    copied(receipt, **anew(receipt) | back)


@pytest.mark.parametrize("table", ["receipt", "voucher", "part", "charge"])
def test_nothing_is_dated_into_a_closed_month(table, request, loan, operator):
    row = request.getfixturevalue(table)
    changed = {
        "receipt": anew(row),
        "voucher": anew(row),
        "part": {"kind": "credit"},
        "charge": {"receipt_id": None, "recorded_by_id": operator.pk},
    }[table]
    MonthClosing.objects.create(group=loan.group, village=loan.village, period=202603)
    refused(lambda: copied(row, **changed), CLOSED)
    by = operator if table == "charge" else loan.disbursed_by
    soon = timezone.now() + timedelta(minutes=1)
    for period in (202601, 202603):
        leave(loan.group, by, soon, period=period)
    copied(row, **changed)


def test_a_part_names_a_loan_and_a_member_of_its_receipt_s_group(part, other, elsewhere):
    more = {"kind": "credit"}
    theirs = other.loans.get()
    refused(lambda: copied(part, **more, loan_id=theirs.pk), "Pinjaman bagian setoran bukan dari kelompok buktinya")
    refused(lambda: copied(part, **more, member_id=other.pk), "Anggota bagian setoran bukan dari kelompok buktinya")
    refused(lambda: copied(part, **more, village_id=elsewhere.pk), "Desa bagian setoran bukan desa buktinya")
    copied(part, **more)


def test_a_part_stands_on_its_receipt_s_day(part):
    for day in (date(2026, 2, 28), date(2026, 3, 2)):
        refused(
            lambda day=day: copied(part, kind="credit", received_on=day), "Tanggal bagian setoran lain dari tanggal"
        )
    refused(lambda: copied(part, role="resplit", received_on=date(2026, 2, 28)), "Tanggal bagian setoran lain")
    copied(part, role="resplit", received_on=date(2026, 3, 2))  # its cause came later


def test_a_negative_part_takes_one_back_and_no_other_does(part):
    words = "Bagian setoran yang negatif adalah koreksi"
    refused(lambda: copied(part, kind="credit", amount=-5), words)
    refused(lambda: copied(part, role="resplit", reverses_id=part.pk), words)
    refused(lambda: copied(part, role="adjustment", amount=-100_000, reverses_id=part.pk), words)
    copied(part, role="adjustment", amount=-5)


def test_a_part_is_taken_back_as_it_was(part, other):
    back = {"role": "resplit", "amount": -100_000, "reverses_id": part.pk}
    words = "Koreksi tidak mencerminkan bagian setoran aslinya"
    theirs = ReceiptPart.objects.get(receipt__group=other.group, kind="principal")
    for wrong in (
        {"amount": -99_999},
        {"kind": "credit"},
        {"role": ""} | {"kind": "credit"},
        {"reverses_id": theirs.pk},
    ):
        refused(lambda wrong=wrong: copied(part, **back | wrong), words)
    copied(part, **back)


def test_a_voucher_fits_its_day_group_and_original(voucher, other, elsewhere):
    refused(lambda: copied(voucher, **anew(voucher), period=202602), "Tahun atau bulan bukti kas tidak sama")
    refused(lambda: copied(voucher, **anew(voucher), village_id=elsewhere.pk), "Desa bukti kas bukan desa kelompoknya")
    refused(lambda: copied(voucher, **anew(voucher), member_id=other.pk), "Anggota bukti kas bukan dari kelompok")
    refused(lambda: copied(voucher, **anew(voucher), loan_id=other.loans.get().pk), "Pinjaman bukti kas bukan dari")
    theirs = Voucher.objects.get(group=other.group, kind="disbursement")
    back = {"reverses_id": voucher.pk, "amount": -1_000_000, "reason": "salah"}
    for wrong in ({"reverses_id": theirs.pk}, {"amount": -1}, {"kind": "expense"}):
        refused(
            lambda wrong=wrong: copied(voucher, **anew(voucher) | back | wrong), "Koreksi tidak mencerminkan bukti kas"
        )
    copied(voucher, **anew(voucher) | back)


@pytest.mark.parametrize("wrong", [{"amount": -1}, {"kind": "waiver", "reason": "sakit", "amount": 0}])
def test_a_fine_is_not_negative_and_a_waiver_not_nothing(charge, wrong):
    refused(lambda: copied(charge, **wrong))


@pytest.mark.parametrize("number", [0, 11])
def test_a_fine_is_of_an_instalment_of_its_loan(charge, number):
    refused(lambda: copied(charge, instalment_number=number))
    copied(charge, instalment_number=10)


def test_a_fine_fits_its_receipt_and_village(charge, other, elsewhere):
    theirs = Receipt.objects.get(group=other.group)
    words = "Bukti denda bukan dari kelompok pinjamannya atau bertanggal lain"
    refused(lambda: copied(charge, receipt_id=theirs.pk), words)
    refused(lambda: copied(charge, on=date(2026, 3, 2)), words)
    refused(lambda: copied(charge, village_id=elsewhere.pk), "Desa denda bukan desa pinjamannya")


def test_a_fine_is_cancelled_on_its_own_loan_as_it_was(charge, member):
    second = build.loan(member, on=date(2026, 2, 1))
    back = {"kind": "cancel", "of_id": charge.pk, "receipt_id": None}
    for wrong in ({"loan_id": second.pk}, {"amount": 999}, {"instalment_number": 2}, {"on": date(2026, 2, 28)}):
        refused(lambda wrong=wrong: copied(charge, **back | wrong), "Pembatalan tidak mencerminkan denda aslinya")
    copied(charge, **back)


def test_an_instalment_more_is_made_by_a_reschedule_alone(loan):
    last = loan.instalments.get(number=10)
    words = "Angsuran ini di luar jumlah angsuran pinjamannya"
    for number in (0, 11):
        refused(lambda number=number: copied(last, number=number), words)
    build_life.reschedule(loan, "extra_instalments", 2, 9)
    assert loan.instalments.in_force().count() == 12
    refused(lambda: copied(last, number=13), words)


@pytest.mark.parametrize("column", [name for name in guard_rules.FROZEN if not name.endswith("_id") and name != "uuid"])
def test_what_a_loan_says_stands_once_its_money_went_out(loan, column):
    words = "Pinjaman yang sudah dicairkan tidak dapat diubah ketentuannya: jadwalkan ulang."
    is_text = isinstance(getattr(loan, column), str)
    other = "'x'" if is_text else "5" if column == "penalty_cap" else f'"{column}" + 1'
    refused(lambda: sql(f'UPDATE loans_loan SET "{column}" = {other}'), words)


@pytest.mark.parametrize("change", ["status = 'approved', disbursed_on = NULL", "disbursed_on = '2026-02-01'",
                                    "opened_on = disbursed_on, opening_principal_paid = 1"])  # fmt: skip
def test_that_a_loan_was_paid_out_stands(loan, change):
    refused(
        lambda: sql(f"UPDATE loans_loan SET {change}"), "Pinjaman yang sudah dicairkan tidak dapat diubah keadaannya"
    )
    refused(lambda: sql("DELETE FROM loans_loan"), "Pinjaman yang sudah dicairkan tidak dapat dihapus")


def test_a_loan_is_written_off_once(loan, elsewhere):
    build_life.write_off(loan)
    refused(lambda: sql("UPDATE loans_loan SET written_off = 1"), "Hapus buku pinjaman tidak dapat diubah")
    refused(lambda: sql("UPDATE loans_loan SET written_off = 0, written_off_on = NULL"), "Hapus buku pinjaman")
    sql("UPDATE loans_loan SET village_id = %s", elsewhere.pk)  # a village may be merged into another


def test_what_a_proposal_says_may_still_change(member):
    loan = build.proposal(member)
    sql("UPDATE loans_loan SET rate = 2, instalment_count = 12")
    loan.refresh_from_db()
    assert (loan.rate, loan.instalment_count) == (2, 12)


def test_a_closed_month_is_reopened_and_nothing_else(group, operator):
    close_month(group)
    refused(lambda: sql("DELETE FROM loans_monthclosing"), "Bulan tertutup tidak dapat dihapus: buka lagi bulannya.")
    refused(lambda: sql("UPDATE loans_monthclosing SET period = 202608"), "Bulan tertutup tidak dapat diubah")
    sql("UPDATE loans_monthclosing SET reopened_at = %s, reopen_reason = 'bukti tertinggal'", timezone.now())
    refused(lambda: sql("UPDATE loans_monthclosing SET reopened_at = NULL"), "Bulan tertutup tidak dapat diubah")


def test_a_cash_count_and_a_leave_stand(group, operator):
    leave(group, operator, timezone.now())
    CashCount.objects.create(group=group, village=group.village, counted_on=MARCH, pieces={}, counted=0, booked=0)
    for model, name, instead in (
        (CashCount, "Hitungan kas", "hitung lagi"),
        (MonthException, "Izin bulan tertutup", "beri izin baru"),
    ):
        table = model._meta.db_table
        refused(lambda table=table: sql(f"DELETE FROM {table}"), f"{name} tidak dapat dihapus: {instead}.")
        refused(lambda table=table: sql(f"UPDATE {table} SET id = id"), f"{name} tidak dapat diubah: {instead}.")


def test_money_paid_before_the_books_has_the_day_they_began(member):
    build.proposal(member)
    refused(lambda: sql("UPDATE loans_loan SET opening_service_fee_paid = 1"))
    refused(lambda: sql("UPDATE loans_loan SET opening_principal_paid = -1, opened_on = %s", MARCH))


def test_a_receipt_is_still_taken_back_by_the_verb(loan, receipt):
    facts = {"reason": "salah ketik jumlah", "reversed_on": APRIL, "by": loan.disbursed_by, "uuid": uuid4()}
    services.reverse_payment(receipt=receipt, **facts)
    assert Penalty.objects.filter(kind="cancel").count() == 1
    assert Instalment.objects.in_force().filter(loan=loan).count() == 10
