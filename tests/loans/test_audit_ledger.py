"""The audit: clean books agree to the rupiah; every kind of tampering is found and said."""

from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from loans import guards, services
from loans.chart import CHART
from loans.ledger_services import record_voucher, reverse_voucher
from loans.management.commands import audit_ledger
from loans.models import Entry, MonthClosing, MonthException, Receipt, Voucher
from loans.savings import saving_balances
from tests import build
from up2k_portal.lib.money import format_rupiah as rupiah

PLACE = "UP2K As Syifa (63.08.03.2014)"
REASON = "salah ketik jumlah"


@pytest.fixture
def books(member, operator):
    """Capital, a late loan with two payments, one of them taken back; savings; an expense taken back."""
    group, by = member.group, operator
    build.capital(group, 5_000_000)
    loan = build.loan(member, 1_000_000, by=by)
    saved = {"mandatory": 10_000, "contribution": 5_000}
    build.payment(loan, 115_000, date(2026, 3, 1), savings=saved, penalty=1_000)
    wrong = build.payment(loan, 200_000, date(2026, 4, 1))
    services.reverse_payment(receipt=wrong, reason=REASON, reversed_on=date(2026, 4, 2), by=by, uuid=uuid4())
    facts = {"amount": 30_000, "debit": "5.2", "credit": "1.1", "description": "Transport", "by": by, "uuid": uuid4()}
    spent = record_voucher(group=group, kind="expense", on=date(2026, 5, 1), **facts)
    reverse_voucher(voucher=spent, reason=REASON, reversed_on=date(2026, 5, 2), by=by, uuid=uuid4())
    return group


def said(*words: str) -> str:
    out = StringIO()
    call_command("audit_ledger", *words, stdout=out)
    return out.getvalue()


def differences(*words: str) -> tuple[int, list[str]]:
    """How many differences the command ended with, and its lines."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("audit_ledger", *words, stdout=out)
    assert error.value.returncode == 1
    count, rest = str(error.value).split(" ", 1)
    assert rest == "selisih di buku. Periksa buktinya satu per satu."
    return int(count), out.getvalue().splitlines()


def tamper(statement: str, *values) -> None:
    """What the guards would refuse."""
    guards.drop_guards()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    guards.make_guards()


def of_kind(kind: str, **fields) -> Entry:
    """The first entry of a kind."""
    return Entry.objects.filter(kind=kind, **fields).order_by("pk").first()


def test_clean_books_agree(books):
    assert said() == f"Buku cocok: {Entry.objects.count()} baris, 1 kelompok.\n"
    assert said("--area", "63.08.03") == said()
    assert guards.missing_guards() == []


def test_no_books_agree_too(db):
    assert said() == "Buku cocok: 0 baris, 0 kelompok.\n"


def test_another_area_is_not_looked_at(books):
    tamper("UPDATE loans_entry SET amount = amount + 1")
    assert said("--area", "63.08.07") == "Buku cocok: 0 baris, 0 kelompok.\n"


def test_an_entry_s_amount_that_grew_by_a_rupiah_is_found(books):
    entry = of_kind("service_fee", part__receipt__serial=1)
    tamper("UPDATE loans_entry SET amount = amount + 1 WHERE id = %s", entry.pk)
    words = "buku besar Rp15.001, bagian setorannya Rp15.000"
    assert differences() == (1, [f"{PLACE}, bukti AS-2026-0001, baris {entry.pk}: {words}."])


def test_an_entry_on_another_account_is_found(books):
    entry = of_kind("penalty")
    tamper("UPDATE loans_entry SET credit = '4.9' WHERE id = %s", entry.pk)
    _, lines = differences()
    words = "debet 1.1 kredit 4.9 bukan akun untuk bagian 'penalty'"
    assert lines == [f"{PLACE}, bukti AS-2026-0001, baris {entry.pk}: {words}."]


def test_an_entry_in_the_other_till_is_found(books):
    entry = of_kind("penalty")
    tamper("UPDATE loans_entry SET debit = '1.2' WHERE id = %s", entry.pk)
    assert f"baris {entry.pk}: debet 1.2 kredit 4.4 bukan akun untuk bagian 'penalty'." in differences()[1][0]


def test_an_account_outside_the_chart_is_found(books):
    entry = of_kind("expense")
    tamper("UPDATE loans_entry SET debit = '5.7' WHERE id = %s", entry.pk)
    words = "debet 5.7 kredit 1.1 bukan akun untuk bukti jenis 'expense'"
    assert differences()[1][0] == f"{PLACE}, bukti AS-K-2026-0002, baris {entry.pk}: {words}."


def test_a_day_and_month_that_moved_are_found(books):
    entry = of_kind("penalty")
    tamper('UPDATE loans_entry SET "on" = %s, period = 202602 WHERE id = %s', date(2026, 2, 28), entry.pk)
    start = f"{PLACE}, bukti AS-2026-0001, baris {entry.pk}: "
    assert differences()[1] == [
        f"{start}bulan 202602 bukan bulan buktinya.",
        f"{start}kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari bagian setorannya.",
    ]


@pytest.mark.parametrize("table", ["loans_receipt", "loans_voucher"])
def test_a_paper_in_a_month_that_is_not_of_its_day_is_found(books, table):
    number = "AS-2026-0001" if table == "loans_receipt" else "AS-K-2026-0002"
    tamper(f"UPDATE {table} SET period = 202512 WHERE number = %s", number)
    month = "202603" if table == "loans_receipt" else "202605"
    lines = differences()[1]
    assert f"{PLACE}, bukti {number}: bulan 202512 tidak cocok dengan tanggalnya, {month}." in lines
    assert all("bukan bulan buktinya" in line for line in lines if ", baris " in line)


def test_an_entry_of_another_loan_is_found(books, member):
    entry, other = of_kind("penalty"), build.proposal(member)
    tamper("UPDATE loans_entry SET loan_id = %s WHERE id = %s", other.pk, entry.pk)
    assert differences()[1] == [
        f"{PLACE}, bukti AS-2026-0001, baris {entry.pk}: "
        "kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari bagian setorannya."
    ]


def test_an_entry_of_another_group_is_found(books, pandulangan):
    entry, other = of_kind("expense"), build.group(pandulangan, name="UP2K Lain")
    tamper("UPDATE loans_entry SET group_id = %s WHERE id = %s", other.pk, entry.pk)
    words = "kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari bukti kasnya"
    assert f"UP2K Lain (63.08.03.2014), bukti AS-K-2026-0002, baris {entry.pk}: {words}." in differences()[1]


def test_a_reversal_that_does_not_mirror_is_found(books):
    entry = of_kind("expense", reverses__isnull=False)
    tamper("UPDATE loans_entry SET credit = '5.1' WHERE id = %s", entry.pk)
    lines = differences()[1]
    assert f"baris {entry.pk}: koreksi tidak mencerminkan baris aslinya." in lines[0]


def test_a_reversal_that_points_nowhere_is_found(books):
    entry = of_kind("expense", reverses__isnull=False)
    tamper("UPDATE loans_entry SET reverses_id = NULL WHERE id = %s", entry.pk)
    assert f"baris {entry.pk}: koreksi tidak mencerminkan baris aslinya." in differences()[1][0]


def test_a_part_without_its_entry_is_found(books):
    tamper("DELETE FROM loans_entry WHERE id = %s", of_kind("penalty").pk)
    assert differences()[1] == [f"{PLACE}, bukti AS-2026-0001: 1 bagian tidak ada di buku besar."]


def test_a_receipt_that_is_not_the_sum_of_its_parts_is_found(books):
    tamper("UPDATE loans_receipt SET amount = amount + 500 WHERE serial = 1")
    amount = Receipt.objects.get(serial=1).amount
    words = f"jumlah {rupiah(amount)}, bagian-bagiannya {rupiah(amount - 500)}"
    assert differences()[1] == [f"{PLACE}, bukti AS-2026-0001: {words}."]


def test_a_voucher_that_is_not_the_sum_of_its_entries_is_found(books):
    tamper("UPDATE loans_voucher SET amount = 30500 WHERE kind = 'expense' AND reverses_id IS NULL")
    _, lines = differences()
    assert lines == [
        f"{PLACE}, bukti AS-K-2026-0002: jumlah Rp30.500, barisnya di buku besar Rp30.000.",
        f"{PLACE}, bukti AS-K-2026-0003: koreksi −Rp30.000 atas Rp30.500 di bukti aslinya.",
    ]


def test_a_reversal_of_a_receipt_that_is_not_its_negative_is_found(books):
    tamper("UPDATE loans_receipt SET amount = amount + 500 WHERE serial = 3")
    assert differences()[1] == [
        f"{PLACE}, bukti AS-2026-0003: jumlah −Rp199.500, bagian-bagiannya −Rp200.000.",
        f"{PLACE}, bukti AS-2026-0003: koreksi −Rp199.500 atas Rp200.000 di bukti aslinya.",
    ]


def test_two_receipts_that_are_wrong_by_as_much_up_and_down_are_both_found(books):
    tamper("UPDATE loans_receipt SET amount = amount + 500 WHERE serial = 1")
    tamper("UPDATE loans_receipt SET amount = amount - 500 WHERE serial = 2")
    found = [line for line in differences()[1] if ", bagian-bagiannya " in line]
    assert [line.split(":")[0] for line in found] == [f"{PLACE}, bukti AS-2026-000{serial}" for serial in (1, 2)]


def test_a_disbursement_that_differs_from_the_principal_is_found(books, member):
    loan = member.loans.get()
    tamper("UPDATE loans_loan SET principal = 900000 WHERE id = %s", loan.pk)
    _, lines = differences()
    paid = of_kind("principal").amount
    assert f"{PLACE}, pinjaman {loan.number}: pokok Rp900.000, pencairan di buku besar Rp1.000.000." in lines
    assert (
        f"{PLACE}, pinjaman {loan.number}: sisa pokok di aplikasi {rupiah(900_000 - paid)}, "
        f"piutang di buku besar {rupiah(1_000_000 - paid)}." in lines
    )


def test_arrears_that_the_application_shows_wrong_are_found(books, member):
    loan = member.loans.get()
    late = type(loan).objects.with_arrears(date(2026, 9, 30)).get().late
    tamper("UPDATE loans_instalment SET principal_to_date = principal_to_date + 7 WHERE loan_id = %s", loan.pk)
    told = f"{PLACE}, pinjaman {loan.number}: tunggakan di aplikasi {rupiah(late + 7)}, dihitung ulang {rupiah(late)}."
    assert differences()[1][0] == told


def test_a_cash_balance_that_the_application_shows_wrong_is_found(books, monkeypatch):
    nothing = dict.fromkeys(CHART, 0)
    monkeypatch.setattr("loans.audit.standing.balances_of_groups", lambda groups, day: dict.fromkeys(groups, nothing))
    assert f"{PLACE}, akun 3.3 Modal swadaya dan hibah: di aplikasi Rp0, di buku besar Rp5.000.000." in differences()[1]


def test_a_saving_that_the_application_shows_wrong_is_found(books, member, monkeypatch):
    def one_rupiah_more(members, day):
        shown = saving_balances(members, day)
        shown[member.pk]["mandatory"] += 1
        return shown

    saved = saving_balances([member], date(2026, 9, 30))[member.pk]["mandatory"]
    monkeypatch.setattr("loans.audit.standing.saving_balances", one_rupiah_more)
    assert differences()[1] == [
        f"{PLACE}, anggota nomor {member.pk}: simpanan wajib di aplikasi {rupiah(saved + 1)},"
        f" di buku besar {rupiah(saved)}."
    ]


def test_a_gap_in_the_numbers_is_found(books):
    tamper("UPDATE loans_receipt SET serial = 9, number = 'AS-2026-0009' WHERE serial = 3")
    tamper("UPDATE loans_voucher SET serial = 8, number = 'AS-M-2010-0008' WHERE kind = 'capital'")
    assert differences()[1] == [
        f"{PLACE}, bukti setoran tahun 2026: 3 bukti, nomor terakhir 9: ada yang bolong.",
        f"{PLACE}, bukti kas M tahun 2010: 1 bukti, nomor terakhir 8: ada yang bolong.",
    ]


def test_savings_and_cash_below_zero_are_found(books, member):
    facts = {"group": books, "village": books.village, "on": date(2026, 6, 1), "period": 202606, "kind": "withdrawal"}
    paper = {"series": "K", "year": 2026, "serial": 4, "number": "AS-K-2026-0004", "description": "Tarik"}
    voucher = Voucher.objects.create(**facts, **paper, amount=9_000_000, member=member)
    Entry.objects.create(**facts, voucher=voucher, amount=9_000_000, debit="3.2", credit="1.1", member=member)
    lines = differences()[1]
    assert f"{PLACE}, anggota nomor {member.pk}: simpanan wajib −Rp8.990.000." in lines
    assert any(line.startswith(f"{PLACE}, akun 1.1 Kas: saldo −Rp") for line in lines)


@pytest.fixture
def closed(books):
    """March closed the day before yesterday; what was recorded into it came since."""
    close = {"group": books, "village": books.village, "period": 202603}
    return MonthClosing.objects.create(**close, closed_at=timezone.now() - timedelta(days=2))


def late(number: str, period: int) -> str:
    return f"{PLACE}, bukti {number}: dicatat sesudah bulan {period} ditutup, tanpa izin."


def leave(closed, user, **fields) -> None:
    facts = {"user": user, "reason": "kuitansi tertinggal", "granted_at": closed.closed_at}
    facts |= {"expires_at": timezone.now() + timedelta(days=1), "period": closed.period}
    MonthException.objects.create(group=closed.group, village=closed.village, **facts | fields)


def test_a_paper_recorded_into_a_closed_month_without_leave_is_found(closed):
    late_ones = [late("AS-2026-0001", 202603), late("AS-M-2010-0001", 201001), late("AS-K-2026-0001", 202601)]
    assert differences()[1] == late_ones  # a closed month closes those before it


def test_a_month_closed_before_it_ended_is_closed_to_the_rest_of_it(books):
    """Recorded within its month, and yet too late."""
    recorded, earlier = (f"2026-03-{day} 03:00:00" for day in (20, 19))
    tamper("UPDATE loans_receipt SET recorded_at = %s WHERE serial = 1", recorded)
    tamper("UPDATE loans_voucher SET recorded_at = %s", recorded)
    close = {"group": books, "village": books.village, "period": 202603}
    MonthClosing.objects.create(**close, closed_at=timezone.now().replace(2026, 3, 21))
    assert said().startswith("Buku cocok")
    tamper("UPDATE loans_monthclosing SET closed_at = %s", earlier)
    assert late("AS-2026-0001", 202603) in differences()[1]


def test_leave_is_of_the_one_who_recorded_and_from_that_closing(closed, operator, staff):
    for wrong in (
        {"user": staff},
        {"granted_at": closed.closed_at - timedelta(minutes=1)},
        {"granted_at": timezone.now() + timedelta(minutes=1)},
        {"expires_at": closed.closed_at + timedelta(minutes=1)},
        {"period": 202602},
    ):
        leave(closed, **{"user": operator} | wrong)
    assert differences()[1][0] == late("AS-2026-0001", 202603)
    leave(closed, operator)
    assert late("AS-2026-0001", 202603) not in differences()[1]


def test_what_was_recorded_before_the_month_closed_is_clean(books):
    MonthClosing.objects.create(group=books, village=books.village, period=202603)
    assert said().startswith("Buku cocok")


def test_many_differences_of_one_check_are_counted_not_printed(books, monkeypatch):
    monkeypatch.setattr(audit_ledger, "MOST_LINES", 2)
    tamper("UPDATE loans_entry SET period = 202512")
    count, lines = differences()
    assert count == Entry.objects.count()
    assert lines[2:] == [f"… {count - 2} selisih bulan lagi."]
