"""Opening a group's books with its old one, to the rupiah."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Sum

from accounts.models import Change
from loans import opening_services, savings, services
from loans.ledger_services import balances
from loans.life import Life
from loans.models import Entry, Loan, LoanProduct, Opening, OpeningLine, Voucher
from loans.opening_services import open_books, save_amounts, save_line, start_opening
from tests import build

CUT_OFF = date(2025, 12, 31)
NAMES = ("Aminah", "Barsiah", "Fatimah", "Galuh", "Hadijah", "Jumiati", "Norhasanah", "Siti Aisyah")
INITIAL = (50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000)
MANDATORY = (1_200_000, 1_200_000, 960_000, 960_000, 600_000, 600_000, 340_000, 120_000)
VOLUNTARY = (250_000, 0, 0, 175_500, 0, 1_000_000, 0, 25_000)


@pytest.fixture
def product(group):
    facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=group, village=group.village, **facts)


@pytest.fixture
def members(group):
    return [build.member(group, name=name, joined_on=date(2015, 1, 5)) for name in NAMES]


@pytest.fixture
def draft(group, operator):
    return start_opening(group=group, on=CUT_OFF, by=operator)


def running(draft, borrower, product, left, by, **fields):
    """A running loan of Rp1.000.000 of 15 September 2025: three of ten instalments were due by the cut-off."""
    facts = {"principal": 1_000_000, "disbursed_on": date(2025, 9, 15), "purpose": "beli benang bordir"}
    line = OpeningLine(opening=draft, kind="loan", member=borrower, product=product, amount=left, **facts | fields)
    return save_line(line=line, by=by)


def capital(draft, amount, by, source="APBDES", nature="hibah", **fields):
    line = OpeningLine(opening=draft, kind="capital", source=source, nature=nature, amount=amount, **fields)
    return save_line(line=line, by=by)


def old_book(draft, members, product, by):
    """Buku Daftar of a group of eight: Rp14.130.500 on both sides."""
    savings_of = dict(zip(("initial", "mandatory", "voluntary"), (INITIAL, MANDATORY, VOLUNTARY), strict=True))
    amounts = {
        (kind, member.pk): amount
        for kind, column in savings_of.items()
        for member, amount in zip(members, column, strict=True)
    }
    own = {
        "cash": 1_580_500, "bank": 8_000_000, "stock": 250_000, "goods": 3_100_000, "allowance": 100_000,
        "social_fund": 300_000, "reserve": 1_200_000, "surplus_to_share": 450_000, "surplus": 0,
    }  # fmt: skip
    save_amounts(opening=draft, amounts=amounts | {(kind, None): amount for kind, amount in own.items()}, by=by)
    running(draft, members[0], product, 700_000, by)
    running(draft, members[1], product, 600_000, by, principal=2_000_000, disbursed_on=date(2025, 3, 10))
    capital(draft, 1_500_000, by)
    capital(draft, 2_850_000, by, source="LKM", nature="bergulir")


def test_a_whole_old_book_becomes_the_books_of_the_portal(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    booked = balances(group, CUT_OFF)
    assert booked["3.9"] == 0
    assert {code: amount for code, amount in booked.items() if amount} == {
        "1.1": 1_580_500, "1.2": 8_000_000, "1.3": 1_300_000, "1.3.9": -100_000, "1.4": 250_000, "1.5": 3_100_000,
        "2.1": 1_450_500, "2.2": 2_850_000, "2.3": 450_000, "2.4": 300_000,
        "3.1": 400_000, "3.2": 5_980_000, "3.3": 1_500_000, "3.4": 1_200_000,
    }  # fmt: skip
    assert balances(group, date(2025, 12, 30)) == dict.fromkeys(balances(group, CUT_OFF), 0)
    draft.refresh_from_db()
    assert (draft.opened_by, draft.opened_at is None) == (operator, False)


def test_every_figure_has_its_own_voucher_without_cash(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    vouchers = list(Voucher.objects.order_by("serial"))
    assert [one.number for one in vouchers] == [f"AS-J-2025-{n:04}" for n in range(1, len(vouchers) + 1)]
    assert {(one.kind, one.on, one.series, one.recorded_by) for one in vouchers} == {
        ("opening", CUT_OFF, "J", operator)
    }
    assert {one.uuid for one in vouchers} == {opening_services.voucher_key(line) for line in draft.lines.all()}
    lent = Voucher.objects.get(source="LKM")
    assert (lent.nature, lent.form, lent.party, lent.description) == (
        "bergulir",
        "uang",
        "LKM/UPK",
        "Saldo awal: Modal",
    )
    assert list(lent.entries.values_list("debit", "credit", "amount")) == [("3.9", "2.2", 2_850_000)]
    saved = Entry.objects.get(member=members[3], credit="2.1")
    assert (saved.debit, saved.amount, saved.kind) == ("3.9", 175_500, "opening")


def test_what_each_member_saved_is_hers(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    found = savings.saving_balances(members, CUT_OFF)
    expected = zip(members, INITIAL, MANDATORY, VOLUNTARY, strict=True)
    assert found == {
        member.pk: {"initial": initial, "mandatory": mandatory, "voluntary": voluntary}
        for member, initial, mandatory, voluntary in expected
    }


def test_a_running_loan_comes_with_its_schedule_and_what_was_paid(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    loan = Loan.objects.with_balance(CUT_OFF).get(member=members[0])
    assert (loan.number, loan.status, loan.disbursed_on, loan.opened_on) == (
        "2025-002", "disbursed", date(2025, 9, 15), CUT_OFF,
    )  # fmt: skip
    assert (loan.principal, loan.opening_principal_paid, loan.opening_service_fee_paid) == (1_000_000, 300_000, 45_000)
    assert (loan.balance, loan.instalments.in_force().count(), loan.vouchers.get().amount) == (700_000, 10, 700_000)
    assert (loan.proposed_on, loan.decided_on, loan.proposed_by, loan.disbursed_by) == (
        date(2025, 9, 15), date(2025, 9, 15), None, None,
    )  # fmt: skip
    assert loan.opening_line.opening == draft
    assert Change.objects.filter(model="loans.loan", object_id=loan.pk).get().user == operator


def test_arrears_of_a_running_loan_count_what_the_old_book_had(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    paid_on_time, late = (Loan.objects.get(member=member) for member in members[:2])
    rows = Loan.objects.with_arrears(CUT_OFF).in_bulk([paid_on_time.pk, late.pk])
    told = {key: (row.principal_late, row.service_fee_late, row.oldest_unpaid_on) for key, row in rows.items()}
    # Of Rp2.000.000 in March nine rows were due: Rp1.800.000 and Rp270.000; paid were seven rows of principal and fee.
    assert told == {paid_on_time.pk: (0, 0, None), late.pk: (400_000, 60_000, date(2025, 11, 10))}
    life = Life(services.lock_loan(late))
    due = life.dues_on(CUT_OFF)
    assert [(one.principal, one.service_fee) for one in due] == [(0, 0)] * 7 + [(200_000, 30_000)] * 3
    assert life.owed_on(CUT_OFF) == 690_000


def test_the_next_payment_goes_on_where_the_old_book_ended(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    loan = Loan.objects.get(member=members[0])
    receipt = build.payment(loan, 130_000, date(2026, 1, 15), by=operator)
    assert dict(receipt.parts.values_list("kind", "amount")) == {"service_fee": 30_000, "principal": 100_000}
    assert Loan.objects.with_balance(date(2026, 1, 15)).get(pk=loan.pk).balance == 600_000
    with pytest.raises(ValidationError, match="Tanggal tidak boleh sebelum 31 Desember 2025"):
        build.payment(loan, 1_000, date(2025, 12, 30), by=operator)


def test_a_payment_of_a_running_loan_can_be_taken_back(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    loan = Loan.objects.get(member=members[0])
    receipt = build.payment(loan, 115_000, date(2026, 1, 15), by=operator)
    services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 1, 16), by=operator, uuid=uuid4()
    )
    assert Loan.objects.with_balance(date(2026, 1, 16)).get(pk=loan.pk).balance == 700_000


def test_the_audit_finds_the_opened_books_and_what_follows_them_right(group, draft, members, product, operator, capsys):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    build.payment(Loan.objects.get(member=members[0]), 115_000, date(2026, 1, 15), by=operator)
    call_command("audit_ledger", replay=True)
    assert capsys.readouterr().out == "Buku cocok: 34 baris, 1 kelompok.\n"


def test_old_savings_count_for_the_months_before_the_terms(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    build.saving_terms(group, "mandatory", 10_000, since=date(2026, 1, 1))
    assert savings.dues(members[6], date(2026, 3, 1))["mandatory"] == 30_000


def test_opening_twice_is_done_once(group, draft, members, product, operator, district_officer):
    old_book(draft, members, product, operator)
    first = open_books(group=group, by=operator)
    counted = (Voucher.objects.count(), Loan.objects.count(), Entry.objects.aggregate(sum=Sum("amount"))["sum"])
    assert open_books(group=group, by=operator) == first
    assert (
        Voucher.objects.count(), Loan.objects.count(), Entry.objects.aggregate(sum=Sum("amount"))["sum"],
    ) == counted  # fmt: skip
    with pytest.raises(ValidationError, match="Buku kelompok ini sudah dibuka .* oleh Rahmah"):
        open_books(group=group, by=district_officer)


def test_an_opened_book_is_not_changed_any_more(group, draft, members, product, operator):
    old_book(draft, members, product, operator)
    open_books(group=group, by=operator)
    line = draft.lines.first()
    for verb in (
        lambda: save_amounts(opening=draft, amounts={("cash", None): 1}, by=operator),
        lambda: save_line(line=line, by=operator),
        lambda: opening_services.remove_line(line=line, by=operator),
        lambda: start_opening(group=group, on=date(2025, 11, 30), by=operator),
    ):
        with pytest.raises(ValidationError, match="jadi saldo awalnya tidak dapat diubah lagi"):
            verb()
    assert Opening.objects.get().on == CUT_OFF
