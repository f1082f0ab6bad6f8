"""The money on the table: it lies with the officer until it is counted, then in the box; nothing of it gets lost."""

from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from loans import closing_services, services
from loans.cash_book import till_books
from loans.chart import CASH, FIELD_CASH
from loans.field.lines import sheet_of
from loans.ledger_services import account_balance, reverse_voucher
from loans.models import CashCount, Voucher
from tests import build
from tests.loans.field.build_field import ON, count, row, send, states

pytestmark = pytest.mark.django_db
LATER = date(2026, 9, 30)


def audit() -> str:
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    return out.getvalue()


def held(group, on=LATER) -> tuple[int, int]:
    """What lies in the box, and with the officer."""
    return account_balance(group, CASH, on), account_balance(group, FIELD_CASH, on)


@pytest.fixture
def sent(member, operator):
    """A line of Rp60.000 on the sheet of 25 September."""
    (answer,) = send(row(member, savings={"mandatory": 10_000, "voluntary": 50_000}), by=operator)
    return answer


def test_the_count_hands_all_of_it_in_by_one_voucher(sent, group, operator):
    (answer,) = send(count(group, {"50000": 1, "10000": 1}), by=operator)
    kept, voucher = CashCount.objects.get(), Voucher.objects.get()
    assert (answer.status, answer.cash_count, answer.number) == (201, kept, "AS-J-2026-0001")
    assert (kept.till, kept.counted, kept.booked, kept.voucher) == ("field", 60_000, 60_000, None)
    assert (voucher.kind, voucher.amount, voucher.on) == ("field_in", 60_000, ON)
    assert held(group) == (60_000, 0)


@pytest.mark.parametrize(("pieces", "in_box", "kind"), [({"50000": 1}, 50_000, "5.8"), ({"20000": 4}, 80_000, "4.9")])
def test_a_difference_is_explained_and_posted(pieces, in_box, kind, sent, group, operator):
    item = count(group, pieces)
    (silent,) = send(item, by=operator)
    assert (silent.status, list(silent.fields), held(group)) == (422, ["explanation"], (0, 60_000))
    (told,) = send(item | {"explanation": "uang kembalian belum dicatat"}, by=operator)
    assert (told.status, held(group)) == (201, (in_box, 0))
    assert account_balance(group, kind, LATER) == abs(in_box - 60_000)
    assert told.cash_count.voucher.kind == "cash_difference"


def test_the_six_rules_of_a_repeated_sending_hold_of_a_count_too(sent, group, operator, staff):
    item = count(group, {"50000": 1, "10000": 1})
    other = build.user("operator", group.village.code)
    (refused,) = send(item | {"pieces": {"3000": 1}}, by=operator)
    answers = send(item, item, item | {"pieces": {"50000": 1}}, by=operator)
    (foreign,) = send(item, by=other)
    assert (refused.status, states(answers), str(foreign.state)) == (422, ["saved", "there", "conflict"], "foreign")
    assert (answers[2].theirs["content"]["pieces"], foreign.theirs) == ({"10000": 1, "50000": 1}, None)
    assert CashCount.objects.count() == 1


def test_there_is_nothing_to_count_twice(sent, group, operator):
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    (again,) = send(count(group, {"50000": 1, "10000": 1}, explanation="dihitung sekali lagi"), by=operator)
    assert again.fields == {
        "pieces": "Tidak ada uang di petugas sampai 25 September 2026: semuanya sudah disetor ke kas. Bila hitungannya"
        " keliru, hitung kas kelompok di halaman Tutup bulan."
    }


def test_a_month_does_not_close_while_money_lies_with_the_officer(sent, group, operator):
    build.cash_count(group, LATER)
    with pytest.raises(ValidationError) as refusal:
        closing_services.close_month(group=group, period=202609, by=operator)
    assert refusal.value.messages == [
        "Masih ada Rp60.000 di petugas pada akhir September 2026. Hitung uang di meja di Lembar Setoran pertemuan itu,"
        " supaya uangnya masuk ke kas."
    ]
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    facts = {"pieces": {"50000": 1, "10000": 1}, "explanation": "", "uuid": uuid4(), "by": operator}
    closing_services.record_cash_count(group=group, counted_on=LATER, **facts)
    assert closing_services.close_month(group=group, period=202609, by=operator).period == 202609


def test_the_count_of_the_table_is_no_count_of_the_box(sent, group, operator):
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    checks = closing_services.month_checks(group, 202609)
    assert (checks.cash_count, checks.in_field) == (None, 0)
    assert checks.problem == (
        "Kas belum dihitung pada September 2026. Hitung uangnya, lalu catat dengan tanggal di bulan itu."
    )


def test_the_cash_book_tells_of_it_as_money_of_the_box(sent, group, operator):
    build.capital(group, 100_000, on=date(2026, 9, 1))
    (before,) = till_books(group, 202609)
    lines = [line.amount for line in before.received]
    assert (lines, before.closing, before.in_field) == ([100_000, 60_000], 160_000, 60_000)
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    (after,) = till_books(group, 202609)
    assert ([line.amount for line in after.received], after.paid) == (lines, [])
    assert (after.closing, after.in_field) == (160_000, 0)


def test_a_receipt_taken_back_before_the_count_leaves_its_line_open(sent, member, operator):
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "by": operator, "uuid": uuid4()}
    assert [line.brought for line in sheet_of(member.group, ON).lines] == [60_000]
    services.reverse_payment(receipt=sent.receipt, **facts)
    sheet = sheet_of(member.group, ON)
    assert ([line.saved for line in sheet.lines], sheet.brought, sheet.field_cash) == ([[]], 0, 0)
    assert held(member.group) == (0, 0)


def test_after_the_count_the_kecamatan_takes_it_back_out_of_the_box(sent, group, operator, district_officer):
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "uuid": uuid4()}
    with pytest.raises(ValidationError, match="hanya dapat dikoreksi kecamatan"):
        services.reverse_payment(receipt=sent.receipt, by=operator, **facts)
    services.reverse_payment(receipt=sent.receipt, by=district_officer, **facts)
    assert held(group) == (0, 0)
    assert [one.amount for one in Voucher.objects.order_by("pk")] == [60_000, 60_000]
    assert audit().startswith("Buku cocok")


def test_money_handed_in_later_comes_back_on_that_day(sent, group, operator, district_officer):
    send(count(group, {"50000": 1, "10000": 1}, on=LATER.isoformat()), by=operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "uuid": uuid4(), "by": district_officer}
    services.reverse_payment(receipt=sent.receipt, **facts)
    assert [one.on for one in Voucher.objects.order_by("pk")] == [LATER, LATER]
    assert (held(group, ON), held(group)) == ((0, 0), (0, 0))


def test_the_handing_in_is_not_corrected_by_itself(sent, group, operator):
    (answer,) = send(count(group, {"50000": 1, "10000": 1}), by=operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "uuid": uuid4(), "by": operator}
    with pytest.raises(ValidationError, match="mengikuti hitungan uang di meja"):
        reverse_voucher(voucher=answer.voucher, **facts)


def test_the_count_of_the_box_does_not_lock_what_lies_with_the_officer(sent, group, operator):
    build.cash_count(group, LATER)
    assert not services.is_counted(sent.receipt)
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    assert services.is_counted(sent.receipt)


def test_the_audit_finds_nothing_wrong_after_a_whole_meeting(group, member, operator):
    build.capital(group)
    loan, other = build.loan(member), build.loan(build.member(group))
    send(
        row(loan, amount=115_000, savings={"mandatory": 10_000, "voluntary": 90_000}),
        row(other, kind="total", amount=50_000),
        row(member, withdraw={"voluntary": 40_000}),
        row(member, kind="absent"),
        count(group, {"100000": 2, "20000": 1}, explanation="kurang uang kembalian"),
        by=operator,
    )
    assert audit().startswith("Buku cocok")
