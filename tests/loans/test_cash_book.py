"""The cash book of a month: both sides, what it opens with, and what a correction does to it."""

from datetime import date
from uuid import uuid4

from loans import ledger_services, services
from loans.cash_book import till_books
from loans.models import Entry
from tests import build
from tests.loans.test_voucher_pages import DAY, record, spend

SEPTEMBER = 202609


def sides(book):
    left = [(one.on.day, one.words, one.amount) for one in book.received]
    return left, [(one.on.day, one.number, one.words, one.amount) for one in book.paid]


def test_the_cash_book_of_a_month_has_two_sides_that_meet_in_the_balance(group, operator):
    record(group, operator, amount=2_000_000, on=date(2026, 8, 3))
    spend(group, operator, 150_000, on=date(2026, 9, 5))
    record(
        group, operator, "income", 75_000, date(2026, 9, 7), credit="4.9", description="Sewa tenda", party="Bu Aminah"
    )
    record(group, operator, "transfer", 500_000, date(2026, 9, 8), "1.2", "1.1", description="Setor ke BRI", party="")
    cash, bank = till_books(group, SEPTEMBER)
    assert sides(cash) == (
        [(7, "Sewa tenda, AS-M-2026-0002", 75_000)],
        [(5, "AS-K-2026-0001", "Beli alat tulis", 150_000), (8, "AS-J-2026-0001", "Setor ke BRI", 500_000)],
    )
    assert (cash.opening, cash.received_total, cash.paid_total, cash.closing) == (
        2_000_000,
        2_075_000,
        650_000,
        1_425_000,
    )
    assert sides(bank) == ([(8, "Setor ke BRI, AS-J-2026-0001", 500_000)], [])
    assert (bank.opening, bank.closing) == (0, 500_000)
    assert ledger_services.account_balance(group, "1.1", DAY) == cash.closing


def test_a_month_opens_with_what_the_month_before_left(group, operator):
    record(group, operator, on=date(2026, 8, 31))
    spend(group, operator, on=date(2026, 9, 1))
    august, september = (till_books(group, month)[0] for month in (202608, SEPTEMBER))
    assert (august.opening, august.closing) == (0, 1_000_000)
    assert (september.opening, september.closing) == (1_000_000, 850_000)


def test_a_receipt_is_one_line_with_its_payer_and_number(group, member, operator):
    record(group, operator, amount=2_000_000, on=date(2026, 1, 5))
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 9, 9))
    assert Entry.objects.filter(part__receipt=receipt).count() == 2  # pokok and jasa
    (cash,) = till_books(group, SEPTEMBER)
    assert sides(cash)[0] == [(9, f"Angsuran/simpanan Norhasanah, {receipt.number}", 115_000)]


def test_a_correction_stands_on_the_other_side(group, operator):
    voucher = record(group, operator)
    ledger_services.reverse_voucher(
        voucher=voucher, reason="salah ketik jumlah", reversed_on=DAY, by=operator, uuid=uuid4()
    )
    (cash,) = till_books(group, SEPTEMBER)
    assert sides(cash)[1] == [(10, "AS-M-2026-0002", "Koreksi: Bantuan desa", 1_000_000)]
    assert cash.closing == 0


def test_a_receipt_split_anew_moves_no_money(member, operator):
    loan = build.loan(member, by=operator)
    first, _ = build.payment(loan, 20_000, date(2026, 3, 1)), build.payment(loan, 115_000, date(2026, 3, 2))
    build.payment(loan, 20_000, date(2026, 3, 3))
    services.reverse_payment(
        receipt=first, reason="uang tidak diterima", reversed_on=date(2026, 3, 5), by=operator, uuid=uuid4()
    )
    (cash,) = till_books(loan.group, 202603)
    assert [(line.on.day, line.amount) for line in cash.received] == [(1, 20_000), (2, 115_000), (3, 20_000)]
    assert [(line.on.day, line.amount) for line in cash.paid] == [(5, 20_000)]


def test_many_receipts_cost_the_queries_of_one(member, operator, django_assert_num_queries):
    loan = build.loan(member, by=operator)
    for days in (range(1, 2), range(2, 9)):
        for day in days:
            build.payment(loan, 20_000, date(2026, 3, day))
        with django_assert_num_queries(3):
            till_books(loan.group, 202603)
