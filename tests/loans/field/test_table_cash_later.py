"""Money on the table that is counted late, dated back or taken back: it lies in one place, and no month gets stuck."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import closing_services, services
from loans.chart import BANK, CASH, FIELD_CASH
from loans.field.lines import sheet_of
from loans.handover_services import figures_on
from loans.ledger_services import account_balance, check_tills
from loans.models import CashCount, Entry
from loans.task_services import group_months
from tests import build
from tests.loans.field.build_field import ON, count, row, send, states
from tests.loans.field.test_table_cash import LATER, audit, held

pytestmark = pytest.mark.django_db
AUGUST = date(2026, 8, 31)


@pytest.fixture
def sent(member, operator):
    """A line of Rp60.000 on the sheet of 25 September."""
    (answer,) = send(row(member, savings={"mandatory": 10_000, "voluntary": 50_000}), by=operator)
    return answer


def counted_box(group, on, pieces, by):
    facts = {"pieces": pieces, "explanation": "", "uuid": uuid4(), "by": by}
    return closing_services.record_cash_count(group=group, counted_on=on, **facts)


def test_a_month_whose_money_was_handed_in_later_closes(group, member, operator):
    build.capital(group, 100_000, on=date(2026, 8, 1))
    send(row(member, savings={"mandatory": 10_000, "voluntary": 50_000}, on="2026-08-28"), by=operator)
    counted_box(group, AUGUST, {"100000": 1}, operator)
    (month,) = group_months([group])
    assert (month.period, month.checks.in_field) == (202608, 60_000)
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    (month,) = group_months([group])
    assert (month.period, month.checks.in_field, month.checks.problem) == (202608, 0, "")
    assert closing_services.close_month(group=group, period=202608, by=operator).period == 202608
    assert (held(group, AUGUST), held(group)) == ((100_000, 60_000), (160_000, 0))


def test_a_row_dated_back_behind_a_later_count_is_counted_alone(sent, group, member, operator):
    send(count(group, {"50000": 1, "10000": 1}, on=LATER.isoformat()), by=operator)
    send(row(member, savings={"voluntary": 5_000}), by=operator)
    assert sheet_of(group, ON).field_cash == 5_000
    (answer,) = send(count(group, {"5000": 1}), by=operator)
    assert (str(answer.state), CashCount.objects.latest("pk").booked) == ("saved", 5_000)
    assert held(group) == (65_000, 0)
    assert audit().startswith("Buku cocok")


def test_what_was_counted_is_taken_back_out_of_the_box_and_not_from_the_next_meeting(
    sent, group, member, operator, district_officer
):
    send(count(group, {"50000": 1, "10000": 1}), by=operator)
    send(row(member, savings={"voluntary": 25_000}, on="2026-09-28"), by=operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": LATER, "uuid": uuid4(), "by": district_officer}
    services.reverse_payment(receipt=sent.receipt, **facts)
    assert held(group) == (0, 25_000)
    assert audit().startswith("Buku cocok")


def test_the_box_is_not_counted_with_the_money_that_lies_with_the_officer(sent, group, operator):
    build.capital(group, 100_000, on=date(2026, 9, 1))
    facts = {"explanation": "uang kembalian belum dicatat", "uuid": uuid4(), "by": operator}
    with pytest.raises(ValidationError) as refusal:
        closing_services.record_cash_count(
            group=group, counted_on=LATER, pieces={"100000": 1, "50000": 1, "10000": 1}, **facts
        )
    assert refusal.value.messages == [
        "Uang lebih Rp60.000, persis yang masih di petugas. Hitung dulu uang di meja di Lembar Setoran, lalu hitung kas"
        " lagi: kalau tidak, uang itu tercatat dua kali."
    ]
    assert CashCount.objects.count() == 0


def test_what_the_box_lacks_may_still_lie_on_the_table(sent, group):
    entry = Entry(group=group, on=LATER, debit=BANK, credit=CASH, amount=60_000)
    with pytest.raises(ValidationError) as refusal:
        check_tills(group, [entry])
    assert refusal.value.messages == [
        "Saldo kas pada 30 September 2026 Rp0, kurang dari Rp60.000. Masih ada Rp60.000 di petugas: hitung dulu uang di"
        " meja di Lembar Setoran."
    ]


def test_a_withdrawal_is_paid_out_of_what_later_lines_bring(group, member, operator):
    send(row(member, savings={"voluntary": 50_000}), by=operator)
    send(count(group, {"50000": 1}), by=operator)
    other = build.member(group, name="Zubaidah")
    answers = send(
        row(member, withdraw={"voluntary": 30_000}),
        row(other, savings={"voluntary": 40_000}),
        count(group, {"10000": 1}),
        by=operator,
    )
    assert (states(answers), [one.number for one in answers[:2]]) == (
        ["saved", "saved", "saved"],
        [answers[0].voucher.number, answers[1].receipt.number],
    )
    assert held(group) == (60_000, 0)


def test_who_hands_over_tells_of_the_money_with_the_officer(sent, group):
    figures = figures_on(group, LATER)
    assert ("Kas di petugas", 60_000) in figures.rows
    assert account_balance(group, FIELD_CASH, LATER) == figures.balances[FIELD_CASH]


def test_a_handover_says_nothing_of_it_where_none_lies_there(group):
    build.capital(group, 100_000)
    assert FIELD_CASH not in figures_on(group, LATER).balances
