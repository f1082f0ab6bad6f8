"""Counting the cash, closing months in order, opening them again, one person let in: exact sentences, exact rupiah."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Change
from enterprises.months import first_day, months_before
from loans import closing_services as services
from loans.ledger_services import account_balance
from loans.models import CashCount, Entry, MonthClosing, MonthException, Voucher
from loans.month_services import check_month_open, closed_through, first_open_month
from tests import build
from up2k_portal.lib.access import Role

JULY, AUGUST, SEPTEMBER = 202607, 202608, 202609
EXPLAINED = "uang kembalian belum dicatat"


@pytest.fixture
def funded(group):
    """A group that received its first Rp500.000 on 1 July 2026."""
    build.capital(group, 500_000, on=date(2026, 7, 1))
    return group


@pytest.fixture
def now(monkeypatch):
    """The moment belongs to the day on which every test lives."""
    moment = datetime(2026, 9, 30, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def count(of, on, pieces=None, explanation="", **fields) -> CashCount:
    facts = {"pieces": pieces or {"100000": 5}, "uuid": uuid4(), "by": None} | fields
    return services.record_cash_count(group=of, counted_on=on, explanation=explanation, **facts)


def close(of, *periods, by=None) -> MonthClosing:
    for period in periods:
        count(of, first_day(period) + timedelta(days=20))
        closing = services.close_month(group=of, period=period, by=by)
    return closing


def refusal(verb, *args, field: str | None = None, **kwargs) -> str:
    """The one sentence with which a verb refuses, at its field if it is at one."""
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    assert field is None or list(caught.value.message_dict) == [field]
    (sentence,) = caught.value.messages
    return sentence


def test_a_year_ends_with_december_and_begins_with_january():
    assert (months_before(202612, -1), months_before(202601, -1)) == (202701, 202602)


# ---- the cash count


def test_a_count_that_agrees_with_the_book_posts_nothing(funded):
    made = count(funded, date(2026, 7, 20), {"100000": 4, "50000": 1, "10000": 3, "2000": 10})
    assert (made.counted, made.booked, made.difference, made.voucher) == (500_000, 500_000, 0, None)
    assert made.pieces == {
        "100000": 4, "75000": 0, "50000": 1, "20000": 0, "10000": 3, "5000": 0, "2000": 10, "1000": 0, "500": 0,
        "200": 0, "100": 0,
    }  # fmt: skip
    assert Voucher.objects.filter(kind="cash_difference").count() == 0


def test_missing_money_is_an_expense_and_the_book_is_the_money_again(funded, operator):
    made = count(funded, date(2026, 7, 20), {"100000": 4, "50000": 1}, EXPLAINED, by=operator)
    entry = made.voucher.entries.get()
    assert (made.counted, made.booked, made.difference) == (450_000, 500_000, -50_000)
    assert (entry.debit, entry.credit, entry.amount, entry.on) == ("5.8", "1.1", 50_000, date(2026, 7, 20))
    assert (made.voucher.kind, made.voucher.number) == ("cash_difference", "AS-K-2026-0001")
    assert made.voucher.description == "Selisih hitungan kas, uang kurang"
    assert account_balance(funded, "1.1", date(2026, 7, 20)) == 450_000


def test_money_beyond_the_book_is_other_income(funded):
    made = count(funded, date(2026, 7, 20), {"100000": 5, "500": 3}, EXPLAINED)
    entry = made.voucher.entries.get()
    assert (entry.debit, entry.credit, entry.amount) == ("1.1", "4.9", 1_500)
    assert account_balance(funded, "1.1", date(2026, 7, 20)) == 501_500


def test_a_count_compares_with_the_book_of_its_day(funded):
    build.capital(funded, 200_000, on=date(2026, 8, 5))
    assert count(funded, date(2026, 7, 31)).booked == 500_000
    assert count(funded, date(2026, 8, 5), {"100000": 7}).booked == 700_000


@pytest.mark.parametrize("explanation", ["", "hilang", "         x"])
def test_a_difference_without_a_clear_explanation_is_refused(explanation, funded):
    assert refusal(count, funded, date(2026, 7, 20), {"50000": 9}, explanation, field="explanation") == (
        "Uang kurang Rp50.000 dari buku. Jelaskan selisihnya, paling sedikit 10 huruf, misalnya “uang kembalian belum"
        " dicatat”."
    )
    assert (CashCount.objects.count(), Entry.objects.count()) == (0, 1)


def test_a_count_sent_twice_is_one_count_and_one_voucher(funded, operator):
    key = uuid4()
    first, second = (count(funded, date(2026, 7, 20), {"50000": 9}, EXPLAINED, uuid=key, by=operator) for _ in range(2))
    assert first == second
    assert (CashCount.objects.count(), Voucher.objects.filter(kind="cash_difference").count()) == (1, 1)


def test_another_count_under_the_same_key_is_a_conflict(funded):
    key = uuid4()
    count(funded, date(2026, 7, 20), uuid=key)
    assert refusal(count, funded, date(2026, 7, 21), uuid=key) == (
        "Kiriman ini bertabrakan dengan kiriman lain. Muat ulang halaman, lalu isi lagi."
    )


def test_a_book_that_moved_since_the_page_was_shown_is_refused(funded):
    sentence = refusal(count, funded, date(2026, 7, 20), seen=400_000)
    assert sentence == "Buku kas berubah sejak halaman ini dibuka. Periksa sekali lagi."
    assert count(funded, date(2026, 7, 20), seen=500_000).difference == 0


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        ({"3000": 1}, "Pecahan Rp3000 tidak ada; pakai pecahan yang tertulis di daftar."),
        ({"5000": -1}, "Jumlah pecahan Rp5000 tidak dikenal; isi angka bulat, misalnya 3."),
        ({"5000": 1.5}, "Jumlah pecahan Rp5000 tidak dikenal; isi angka bulat, misalnya 3."),
        ({"5000": True}, "Jumlah pecahan Rp5000 tidak dikenal; isi angka bulat, misalnya 3."),
        ({"5000": 1_000_001}, "Jumlah pecahan Rp5000 tidak dikenal; isi angka bulat, misalnya 3."),
    ],
)
def test_pieces_that_cannot_lie_on_a_table_are_refused(pieces, sentence, funded):
    assert refusal(count, funded, date(2026, 7, 20), pieces, field="pieces") == sentence


def test_a_count_of_tomorrow_is_refused(funded):
    assert refusal(count, funded, date(2026, 10, 1), field="counted_on") == (
        "Tanggal tidak boleh sesudah hari ini, 30 September 2026."
    )


def test_a_meeting_of_another_group_is_refused(funded, pandulangan):
    meeting = build.meeting(build.group(pandulangan))
    assert refusal(count, funded, date(2026, 9, 10), meeting=meeting, field="meeting") == (
        "Pertemuan ini milik kelompok lain. Pilih pertemuan kelompok ini."
    )


def test_an_empty_till_is_counted_too(group):
    made = count(group, date(2026, 7, 20), {"100000": 0})
    assert (made.counted, made.booked) == (0, 0)


# ---- closing


def test_a_closed_month_takes_no_entry_any_more(funded, operator):
    closing = close(funded, JULY, by=operator)
    assert (closing.period, closing.closed_by, closing.reopened_at) == (JULY, operator, None)
    assert closing.cash_count == CashCount.objects.get()
    assert refusal(build.capital, funded, 1_000, date(2026, 7, 31), field="on") == (
        "Bulan Juli 2026 sudah ditutup. Pakai tanggal mulai 1 Agustus 2026, atau minta izin kecamatan untuk bulan itu."
    )
    assert build.capital(funded, 1_000, date(2026, 8, 1)).amount == 1_000


def test_what_lies_before_a_closed_month_is_closed_with_it(funded, operator):
    close(funded, JULY)
    assert refusal(check_month_open, funded, date(2026, 3, 5), operator).startswith("Bulan Maret 2026 sudah ditutup.")
    assert (closed_through(funded), first_open_month(funded, date(2026, 3, 5))) == (JULY, date(2026, 8, 1))
    assert first_open_month(funded, date(2026, 9, 17)) == date(2026, 9, 17)


def test_another_group_of_the_village_stays_open(funded, pandulangan):
    close(funded, JULY)
    check_month_open(build.group(pandulangan), date(2026, 7, 20), None)


def test_closing_leaves_its_change(funded, operator):
    closing = close(funded, JULY, by=operator)
    change = Change.objects.get(model="loans.monthclosing")
    assert (change.object_id, change.user, change.after["bulan"]) == (closing.pk, operator, JULY)


def test_closed_twice_by_the_same_person_is_closed_once(funded, operator, district_officer):
    closing = close(funded, JULY, by=operator)
    assert services.close_month(group=funded, period=JULY, by=operator) == closing
    assert refusal(services.close_month, group=funded, period=JULY, by=district_officer) == (
        "Bulan Juli 2026 sudah ditutup."
    )


def test_months_close_in_order_and_the_first_closes_all_before(funded):
    def closed(period):
        return refusal(services.close_month, group=funded, period=period, by=None)

    assert closed(202606) == "Catatan pertama kelompok ini bulan Juli 2026: mulai dari sana."
    assert services.next_to_close(funded) == JULY
    close(funded, JULY)
    assert closed(SEPTEMBER) == "Bulan ditutup berurutan: tutup dulu Agustus 2026."
    assert closed(202610) == "Bulan Oktober 2026 belum mulai, jadi belum dapat ditutup."


def test_a_group_without_entries_has_nothing_to_close(group):
    assert refusal(services.close_month, group=group, period=JULY, by=None) == (
        "Kelompok ini belum punya catatan keuangan, jadi belum ada bulan yang ditutup."
    )
    assert services.next_to_close(group) == 0


def test_a_month_in_which_cash_moved_needs_a_count(funded):
    assert refusal(services.close_month, group=funded, period=JULY, by=None) == (
        "Kas belum dihitung pada Juli 2026. Hitung uangnya, lalu catat dengan tanggal di bulan itu."
    )
    count(funded, date(2026, 8, 1))  # of the month after
    assert "Kas belum dihitung pada Juli 2026." in refusal(services.close_month, group=funded, period=JULY, by=None)


def test_a_month_without_cash_closes_without_a_count(funded):
    close(funded, JULY)
    assert services.close_month(group=funded, period=AUGUST, by=None).cash_count is None


def test_a_count_that_the_book_has_left_behind_does_not_close(funded):
    count(funded, date(2026, 7, 20))
    build.capital(funded, 25_000, on=date(2026, 7, 18))
    assert refusal(services.close_month, group=funded, period=JULY, by=None) == (
        "Hitungan kas 20 Juli 2026 Rp500.000, buku sekarang Rp525.000: ada catatan sesudah dihitung."
        " Hitung kas sekali lagi."
    )
    count(funded, date(2026, 7, 20), {"100000": 5, "5000": 5})
    assert services.close_month(group=funded, period=JULY, by=None).cash_count.counted == 525_000


def test_a_count_with_an_explained_difference_closes(funded):
    count(funded, date(2026, 7, 20), {"50000": 9}, EXPLAINED)
    assert services.close_month(group=funded, period=JULY, by=None).cash_count.difference == -50_000


def test_the_checks_tell_receipts_vouchers_and_cash(funded):
    loan = build.loan(build.member(funded), 300_000, date(2026, 8, 3))
    build.payment(loan, 34_500, date(2026, 9, 3))
    build.payment(loan, 20_000, date(2026, 9, 17))
    checks = services.month_checks(funded, SEPTEMBER)
    assert (checks.receipt_count, checks.receipt_sum, checks.voucher_count) == (2, 54_500, 0)
    assert (checks.cash_moved, checks.cash_count, checks.booked) == (True, None, 254_500)
    assert services.month_checks(funded, AUGUST).voucher_count == 1


# ---- reopening


def test_the_latest_month_opens_again_and_its_closing_stays(funded, operator, district_officer):
    closing = close(funded, JULY, by=operator)
    reopened = services.reopen_month(closing=closing, reason="angsuran Aminah belum tercatat", by=district_officer)
    assert (reopened.reopened_by, reopened.reopen_reason) == (district_officer, "angsuran Aminah belum tercatat")
    assert (reopened.closed_by, closed_through(funded)) == (operator, 0)
    build.capital(funded, 25_000, on=date(2026, 7, 31))
    count(funded, date(2026, 7, 31), {"100000": 5, "5000": 5})
    again = services.close_month(group=funded, period=JULY, by=operator)
    assert (again.pk != closing.pk, MonthClosing.objects.count()) == (True, 2)
    change = Change.objects.filter(model="loans.monthclosing", user=district_officer).get()
    assert (change.object_id, change.reason) == (closing.pk, "angsuran Aminah belum tercatat")


def test_only_the_latest_closed_month_opens_again(funded, district_officer):
    july, _ = close(funded, JULY), close(funded, AUGUST)
    assert refusal(services.reopen_month, closing=july, reason="lupa satu bukti", by=district_officer) == (
        "Buka dulu bulan Agustus 2026: hanya bulan terakhir yang dapat dibuka."
    )


def test_an_open_month_is_not_opened_again(funded, district_officer):
    july, facts = close(funded, JULY), {"reason": "lupa satu bukti", "by": district_officer}
    services.reopen_month(closing=july, **facts)
    assert refusal(services.reopen_month, closing=july, **facts) == "Bulan ini sudah dibuka lagi."


def test_reopening_needs_a_reason(funded, district_officer):
    july = close(funded, JULY)
    assert refusal(services.reopen_month, closing=july, reason="lupa", by=district_officer, field="reason") == (
        "Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “angsuran 28 September belum tercatat”."
    )


# ---- one person let in


def grant(of, user, granted_by, until, period=JULY, reason="bukti pasar baru ditemukan") -> MonthException:
    return services.grant_exception(
        group=of, period=period, user=user, expires_at=until, reason=reason, granted_by=granted_by
    )


def test_an_exception_lets_one_person_in_until_its_moment(funded, operator, district_officer, monkeypatch):
    close(funded, JULY)
    until = timezone.now() + timedelta(days=3)  # the database asks its own clock
    made = grant(funded, operator, district_officer, until)
    change = Change.objects.get(model="loans.monthexception")
    assert (change.object_id, change.user, change.reason) == (made.pk, district_officer, "bukti pasar baru ditemukan")
    assert build.capital(funded, 1_000, date(2026, 7, 31), by=operator).amount == 1_000
    for other in (None, district_officer, build.user(Role.OPERATOR, funded.village.code)):
        assert "sudah ditutup" in refusal(check_month_open, funded, date(2026, 7, 31), other)
    monkeypatch.setattr(timezone, "now", lambda: until)
    assert "sudah ditutup" in refusal(check_month_open, funded, date(2026, 7, 31), operator)


def test_an_exception_is_for_one_month(funded, operator, district_officer, now):
    close(funded, JULY, AUGUST)
    grant(funded, operator, district_officer, now + timedelta(days=3), AUGUST)
    check_month_open(funded, date(2026, 8, 31), operator)
    assert "sudah ditutup" in refusal(check_month_open, funded, date(2026, 7, 31), operator)


def test_an_exception_ends_within_fourteen_days(funded, operator, district_officer, now):
    close(funded, JULY)
    last = datetime(2026, 10, 14, 23, 59, 59, tzinfo=ZoneInfo("Asia/Makassar"))
    assert refusal(grant, funded, operator, district_officer, last + timedelta(seconds=1), field="expires_at") == (
        "Izin berlaku paling lama 14 hari: sampai 14 Oktober 2026."
    )
    assert refusal(grant, funded, operator, district_officer, now, field="expires_at") == (
        "Izin harus berlaku sampai hari ini atau sesudahnya."
    )
    assert grant(funded, operator, district_officer, last).expires_at == last


def test_nobody_lets_herself_in(funded, district_officer, now):
    close(funded, JULY)
    until = now + timedelta(days=3)
    assert refusal(grant, funded, district_officer, district_officer, until, field="user") == (
        "Izin tidak dapat diberikan kepada diri sendiri."
    )


def test_an_exception_is_for_who_records_money_there(funded, district_officer, staff, elsewhere, now):
    close(funded, JULY)
    foreign = build.user(Role.OPERATOR, elsewhere.code, name="Mariatul")
    until = now + timedelta(days=3)
    assert refusal(grant, funded, foreign, district_officer, until, field="user") == (
        "Mariatul tidak bertugas mencatat uang di Desa Pandulangan — Kec. Sungai Pandan. Pilih yang lain."
    )
    assert "tidak bertugas" in refusal(grant, funded, staff, district_officer, until, field="user")


def test_an_open_month_needs_no_exception(funded, operator, district_officer, now):
    until = now + timedelta(days=3)
    assert refusal(grant, funded, operator, district_officer, until, field="period") == (
        "Bulan Juli 2026 tidak ditutup, jadi tidak perlu izin."
    )


def test_who_may_be_let_in_are_the_recorders_of_the_village(funded, operator, district_officer, elsewhere):
    build.user(Role.OPERATOR, elsewhere.code)
    assert services.recorders_of(funded, besides=district_officer) == [operator]
    funded.village.is_assisted = True
    funded.village.save()
    assert services.recorders_of(funded, besides=operator) == [district_officer]


def test_an_exception_ends_with_the_closing_that_it_is_from(funded, operator, district_officer):
    july = close(funded, JULY)
    until = timezone.now() + timedelta(days=3)
    grant(funded, operator, district_officer, until)
    check_month_open(funded, date(2026, 7, 31), operator)
    services.reopen_month(closing=july, reason="lupa satu bukti", by=district_officer)
    close(funded, JULY)
    assert "sudah ditutup" in refusal(check_month_open, funded, date(2026, 7, 31), operator)
    grant(funded, operator, district_officer, until)
    check_month_open(funded, date(2026, 7, 31), operator)


def test_a_month_that_the_first_closing_closed_with_it_can_be_let_open_too(funded, operator, district_officer):
    closing = close(funded, AUGUST)
    assert services.closed_months(funded) == [AUGUST, JULY]
    grant(funded, operator, district_officer, timezone.now() + timedelta(days=3), JULY)
    check_month_open(funded, date(2026, 7, 31), operator)
    assert build.capital(funded, 1_000, date(2026, 7, 31), by=operator).amount == 1_000
    services.reopen_month(closing=closing, reason="lupa satu bukti", by=district_officer)
    count(funded, date(2026, 8, 30), {"100000": 5, "1000": 1})
    services.close_month(group=funded, period=AUGUST, by=None)
    assert "sudah ditutup" in refusal(check_month_open, funded, date(2026, 7, 31), operator)


def test_the_same_count_at_another_meeting_is_a_conflict(funded):
    key, meeting = uuid4(), build.meeting(funded)
    made = count(funded, date(2026, 7, 20), uuid=key, meeting=meeting)
    assert count(funded, date(2026, 7, 20), uuid=key, meeting=meeting) == made
    assert "bertabrakan" in refusal(count, funded, date(2026, 7, 20), uuid=key)
