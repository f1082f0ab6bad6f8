"""The audit of what stands beside the ledger: parts paid for others, cash counts, running sums, settlements, fines."""

from datetime import date
from uuid import uuid4

import pytest

from loans import closing_services, saving_services, services, shift_services
from loans.models import CashCount, Entry, Penalty, Reschedule, SharePayment
from tests import build
from tests.loans import build_life
from tests.loans.test_audit_ledger import PLACE, REASON, differences, said, tamper
from tests.loans.test_leaving import settle
from up2k_portal.lib.money import format_rupiah

COUNTED = date(2026, 9, 20)


def is_clean() -> bool:
    return said("--replay") == f"Buku cocok: {Entry.objects.count()} baris, 1 kelompok.\n"


@pytest.fixture
def late(member, operator):
    """A loan with the rule's fine of 5.000 on the first instalment, 28 February, paid on 10 March."""
    product = build.product(member.group, penalty_kind="fixed", penalty_amount=5_000)
    loan = build.loan(member, product=product, by=operator)
    build.payment(loan, 120_000, date(2026, 3, 10))
    return loan


def test_what_members_brought_is_what_the_receipt_covered(group):
    poklak = build.poklak(group)
    for name in ("Aminah", "Norhasanah"):
        build.member(group, name=name, poklak=poklak)
    loan = build.loan(poklak)
    build.payment(loan, 115_000, date(2026, 3, 1))
    assert is_clean()
    tamper("UPDATE loans_sharepayment SET amount = amount + 1 WHERE id = %s", SharePayment.objects.first().pk)
    words = "dibayar anggota Rp115.001, untuk pinjamannya Rp115.000"
    assert differences()[1] == [f"{PLACE}, bukti AS-2026-0001: {words}."]


def count(group, by, pieces, **fields) -> CashCount:
    facts = {"counted_on": COUNTED, "pieces": pieces, "by": by, "uuid": uuid4(), "explanation": ""}
    return closing_services.record_cash_count(group=group, **facts | fields)


@pytest.fixture
def counted(group, operator):
    """5.000.000 on the table, then 100.000 more dated back before it, and a second count with 500 too little."""
    build.capital(group, 5_000_000)
    first = count(group, operator, {"100000": 50})
    member = build.member(group)
    facts = {"member": member, "received_on": date(2026, 9, 10), "by": operator, "uuid": uuid4()}
    saving_services.record_deposit(parts={"mandatory": 100_000}, **facts)
    pieces = {"100000": 50, "50000": 1, "20000": 2, "5000": 1, "2000": 2, "500": 1}
    count(group, operator, pieces, counted_on=date(2026, 9, 25), explanation="kembalian kurang dihitung")
    return first


def test_a_count_is_as_the_books_were_then(group, counted):
    assert is_clean()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("counted = counted + 1, explanation = 'x'", ["uang dihitung Rp5.000.001, lembar dan kepingnya Rp5.000.000"]),
        ("booked = booked + 1, explanation = 'x'", ["kas menurut buku Rp5.000.001, di buku besar Rp5.000.000"]),
        (
            "counted = counted + 1, booked = booked + 1",
            [
                "uang dihitung Rp5.000.001, lembar dan kepingnya Rp5.000.000",
                "kas menurut buku Rp5.000.001, di buku besar Rp5.000.000",
            ],
        ),
    ],
)
def test_a_count_that_was_altered_is_found(group, counted, change, words):
    tamper(f"UPDATE loans_cashcount SET {change} WHERE id = %s", counted.pk)
    assert differences()[1] == [f"{PLACE}, hitungan kas 20 September 2026: {one}." for one in words]


def test_the_book_of_a_count_with_a_difference_is_found_too(group, counted):
    tamper("UPDATE loans_cashcount SET booked = booked - 7 WHERE voucher_id IS NOT NULL")
    words = "kas menurut buku Rp5.099.993, di buku besar Rp5.100.000"
    assert differences()[1] == [f"{PLACE}, hitungan kas 25 September 2026: {words}."]


@pytest.mark.parametrize("column", ["principal_to_date", "service_fee_to_date"])
@pytest.mark.parametrize("number", [1, 4, 12])
def test_a_running_sum_that_was_altered_is_found(member, column, number):
    loan = build.loan(member)
    build_life.reschedule(loan, "extra_instalments", 2, 4, on=date(2026, 2, 1))
    assert is_clean()
    row = loan.instalments.filter(number=number).order_by("pk").first()  # of 4: the one that another took the place of
    assert (row.valid_until is not None) == (number == 4)
    tamper(f"UPDATE loans_instalment SET {column} = {column} + 1 WHERE id = %s", row.pk)
    words = "jumlah berjalan di jadwalnya lain dari jumlah angsurannya"
    if number == 4:
        words = "jumlah berjalan di jadwal lamanya, angsuran ke-4, lain dari jumlah angsurannya"
    assert f"{PLACE}, pinjaman {loan.number}: {words}." in differences()[1]


def test_a_schedule_changed_for_a_day_before_another_change_was_undone_is_one_schedule_on_every_day(group):
    """The second postponement is dated before the first one was taken back: it holds from then on."""
    loan = build.loan(build.member(group))
    for on in (date(2026, 9, 10), date(2026, 9, 12)):
        decision = build_life.shift(group, on=on)
        facts = {"reason": "surat keputusannya dicabut", "by": build_life.kecamatan()}
        shift_services.undo_shift(decision=decision, undone_on=build_life.TODAY, **facts)
    build_life.shift(group, on=date(2026, 9, 14))
    for day in (date(2026, 9, 9), date(2026, 9, 11), date(2026, 9, 13), date(2026, 9, 29), build_life.TODAY):
        assert list(loan.instalments.in_force(day).values_list("number", flat=True)) == list(range(1, 11))
    assert is_clean()


def test_two_running_sums_that_were_altered_against_each_other_are_found(member):
    loan = build.loan(member)
    for number, moved in ((9, 7), (10, -7)):  # of rows due later: no arrears change today
        tamper(
            "UPDATE loans_instalment SET principal_to_date = principal_to_date + %s WHERE number = %s", moved, number
        )
    words = "jumlah berjalan di jadwalnya lain dari jumlah angsurannya"
    assert differences()[1] == [f"{PLACE}, pinjaman {loan.number}: {words}."]


def test_what_a_leaver_still_owed_is_found(member, operator):
    build.loan(member, 500_000, date(2026, 8, 31), by=operator)
    saving_services.record_deposit(
        member=member, parts={"mandatory": 20_000}, received_on=date(2026, 8, 31), by=operator, uuid=uuid4()
    )
    assert settle(member, operator).still_owed == 487_500  # of 20.000 a fee of 7.500 went first
    assert is_clean()
    tamper("UPDATE loans_settlement SET still_owed = 1")
    words = "masih dipinjam saat keluar Rp1, di buku besar Rp487.500"
    assert differences()[1] == [f"{PLACE}, anggota nomor {member.pk}: {words}."]


@pytest.mark.parametrize("amount", [0, 4_999, 5_001])
def test_a_fine_that_is_not_the_rule_s_shows_when_played_again(late, amount):
    assert is_clean()
    tamper("UPDATE loans_penalty SET amount = %s", amount)
    told = f"denda 10 Maret 2026 angsuran ke-1 {format_rupiah(amount)}, menurut aturannya Rp5.000"
    assert f"{PLACE}, pinjaman {late.number}: {told}." in differences("--replay")[1]


def test_fines_of_a_receipt_taken_back_and_charged_anew_are_clean(late, operator):
    receipt = late.receipt_parts.first().receipt
    facts = {"reason": REASON, "reversed_on": date(2026, 3, 11), "by": operator, "uuid": uuid4()}
    services.reverse_payment(receipt=receipt, **facts)
    build.payment(late, 300_000, date(2026, 4, 5))
    assert Penalty.objects.filter(kind="charge").count() == 3
    assert is_clean()


@pytest.mark.parametrize(
    "column", ["late_days", "late_months", "late_instalments", "kept_principal", "kept_service_fee"]
)
def test_how_late_a_loan_was_when_rescheduled_shows_when_played_again(late, column):
    build_life.reschedule(late, "extra_instalments", 2, 9)
    assert Reschedule.objects.get().late_days > 0
    assert is_clean()
    tamper(f"UPDATE loans_reschedule SET {column} = {column} + 1")
    words = "keterlambatannya saat dijadwalkan ulang 30 September 2026 lain dari menurut putar ulang"
    assert differences("--replay")[1] == [f"{PLACE}, pinjaman {late.number}: {words}."]
