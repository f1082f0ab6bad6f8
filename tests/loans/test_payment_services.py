"""A total divided as the group set, parts by hand, early payoff, and what an undo would change: to the rupiah.

The loan of most tests: 1.000.000 at 1,5 % flat in ten instalments of 115.000 (15.000 jasa), paid out on 31 January
2026, so that 28 February is the first due day.
"""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import payment_services, services
from loans.ledger_services import balances
from loans.models import Loan, LoanShare, MoneyRules, Receipt
from tests import build

MARCH_1 = date(2026, 3, 1)


def parts_of(receipt) -> dict[str, int]:
    return dict(receipt.parts.standing().values_list("kind", "amount"))


def covers_dues(group, *, mandatory: int = 10_000, contribution: int = 2_000) -> None:
    """The group's totals pay wajib and iuran too; both are due since March 2026."""
    MoneyRules.objects.create(group=group, village=group.village, total_covers="dues")
    for kind, amount in (("mandatory", mandatory), ("contribution", contribution)):
        build.saving_terms(group, kind, amount, since=MARCH_1)


def record(loan, total, on=MARCH_1, **fields):
    facts = {"uuid": uuid4(), "by": loan.disbursed_by} | fields
    return payment_services.record_total(loan=loan, total=total, received_on=on, **facts)


def preview(loan, total, on=MARCH_1):
    found = Loan.objects.with_balance(date.max).select_related("group", "member").get(pk=loan.pk)
    return payment_services.preview_total(found, total, on, loan.disbursed_by)


CASES = [
    (100_000, {"service_fee": 15_000, "principal": 85_000}),
    (115_000, {"service_fee": 15_000, "principal": 100_000}),
    (120_000, {"service_fee": 15_000, "principal": 100_000, "mandatory": 5_000}),
    (127_000, {"service_fee": 15_000, "principal": 100_000, "mandatory": 10_000, "contribution": 2_000}),
    # 23.000 ahead of its day: 15.000 jasa and 8.000 pokok of the second row.
    (150_000, {"service_fee": 30_000, "principal": 108_000, "mandatory": 10_000, "contribution": 2_000}),
]  # fmt: skip


@pytest.mark.parametrize(("total", "parts"), CASES)
def test_a_total_pays_the_loans_dues_then_wajib_and_iuran_then_ahead(total, parts, group, member):
    covers_dues(group)
    loan = build.loan(member)
    assert preview(loan, total) == parts
    receipt = record(loan, total)
    assert (parts_of(receipt), receipt.amount) == (parts, total)


def test_without_the_groups_word_a_total_pays_the_loan_alone(group, member):
    build.saving_terms(group, since=MARCH_1)
    receipt = record(build.loan(member), 150_000)
    assert parts_of(receipt) == {"service_fee": 30_000, "principal": 120_000}


def test_what_is_beyond_the_whole_debt_is_credit(group, member):
    covers_dues(group)
    receipt = record(build.loan(member), 1_200_000)
    assert parts_of(receipt) == {
        "service_fee": 150_000, "principal": 1_000_000, "mandatory": 10_000, "contribution": 2_000, "credit": 38_000,
    }  # fmt: skip


def test_money_ahead_becomes_sukarela_where_the_product_says_so(group, member):
    loan = build.loan(member, product=build.product(group, ahead="voluntary"))
    first = record(loan, 150_000)
    assert parts_of(first) == {"service_fee": 15_000, "principal": 100_000, "voluntary": 35_000}
    second = record(loan, 40_000)
    assert (parts_of(second), second.member) == ({"voluntary": 40_000}, member)
    assert balances(group, MARCH_1, codes=("2.1",)) == {"2.1": 75_000}


def test_a_poklak_never_saves(group):
    covers_dues(group)
    loan = build.loan(build.poklak(group), product=build.product(group, ahead="voluntary"))
    assert parts_of(record(loan, 150_000)) == {"service_fee": 30_000, "principal": 120_000}


def test_who_left_the_group_pays_her_loan_and_saves_no_more(group):
    covers_dues(group)
    loan = build.loan(gone := build.member(group))
    gone.left_on, gone.left_reason = date(2026, 3, 1), "pindah"
    gone.save()
    assert parts_of(record(loan, 150_000)) == {"service_fee": 30_000, "principal": 120_000}


def test_penalties_that_the_rule_asks_for_come_with_the_dues(group, member):
    covers_dues(group)
    loan = build.loan(member, product=build.product(group, penalty_kind="fixed", penalty_amount=5_000))
    bill = payment_services.bill_on(loan, MARCH_1)
    assert (bill.loan_due, bill.amount) == (120_000, 132_000)
    parts = {"penalty": 5_000, "service_fee": 15_000, "principal": 100_000, "mandatory": 5_000}
    assert preview(loan, 125_000) == parts
    assert parts_of(record(loan, 125_000)) == parts


def test_the_amount_proposed_is_what_is_due_else_the_next_row(group, member):
    loan = build.loan(member)
    amounts = [payment_services.bill_on(loan, day).amount for day in (date(2026, 2, 1), MARCH_1, date(2026, 9, 30))]
    assert amounts == [115_000, 115_000, 920_000]
    covers_dues(group)
    assert payment_services.bill_on(loan, date(2026, 3, 1)).amount == 127_000
    saving = build.loan(member, product=build.product(group, ahead="voluntary"))
    assert payment_services.bill_on(saving, date(2026, 2, 1)).amount == 0


@pytest.mark.parametrize("total", [115_000, 150_000])
def test_the_same_key_and_content_is_one_receipt(total, group, member):
    covers_dues(group)
    loan, key = build.loan(member), uuid4()
    first, again = record(loan, total, uuid=key), record(loan, total, uuid=key)
    assert (again.pk, Receipt.objects.count()) == (first.pk, 1)


@pytest.mark.parametrize("other", [{"total": 150_001}, {"on": date(2026, 3, 2)}, {"till": "bank"}, {"note": "x"}])
def test_the_same_key_with_other_content_is_a_conflict(other, group, member):
    covers_dues(group)
    loan, key = build.loan(member), uuid4()
    facts = {"total": 150_000, "uuid": key}
    record(loan, **facts)
    with pytest.raises(ValidationError, match="bertabrakan dengan kiriman lain"):
        record(loan, **facts | other)
    assert Receipt.objects.count() == 1


def test_a_receipt_of_savings_alone_is_sent_once_too(group, member):
    loan, key = build.loan(member, product=build.product(group, ahead="voluntary")), uuid4()
    receipts = [record(loan, 40_000, date(2026, 2, 1), uuid=key) for _ in range(2)]
    assert (receipts[0], Receipt.objects.count()) == (receipts[1], 1)
    other = build.loan(build.member(group), product=loan.product, by=loan.disbursed_by)
    with pytest.raises(ValidationError, match="bertabrakan"):
        record(other, 40_000, date(2026, 2, 1), uuid=key)


def by_hand(loan, parts, on=MARCH_1, **fields):
    facts = {"uuid": uuid4(), "by": loan.disbursed_by} | fields
    return payment_services.record_by_hand(loan=loan, parts=parts, received_on=on, **facts)


def test_parts_by_hand_are_facts_that_no_later_undo_changes(member):
    loan = build.loan(member)
    first = record(loan, 20_000)
    facts = by_hand(loan, {"principal": 50_000, "service_fee": 15_000, "mandatory": 7_000, "credit": 3_000})
    total = record(loan, 115_000)
    assert parts_of(facts) == {"principal": 50_000, "service_fee": 15_000, "credit": 3_000, "mandatory": 7_000}
    services.reverse_payment(
        receipt=first, reason="uang tidak diterima", reversed_on=MARCH_1, by=loan.disbursed_by, uuid=uuid4()
    )
    assert parts_of(facts) == {"principal": 50_000, "service_fee": 15_000, "credit": 3_000, "mandatory": 7_000}
    # Row 1 owes 50.000 pokok, row 2 115.000: 50.000 + 15.000 jasa + 50.000.
    assert parts_of(total) == {"principal": 100_000, "service_fee": 15_000}


def test_parts_of_savings_alone_make_a_receipt_of_savings(member):
    receipt = by_hand(build.loan(member), {"mandatory": 10_000, "contribution": 2_000})
    assert (parts_of(receipt), receipt.member) == ({"mandatory": 10_000, "contribution": 2_000}, member)


def test_a_part_beyond_its_debt_is_refused_before_and_at_saving(member):
    loan = build.loan(member)
    found = Loan.objects.with_balance(date.max).select_related("group", "member").get(pk=loan.pk)
    for ask in (
        lambda: payment_services.preview_by_hand(found, {"service_fee": 150_001}, MARCH_1, loan.disbursed_by),
        lambda: by_hand(loan, {"service_fee": 150_001}),
    ):
        with pytest.raises(ValidationError, match=r"Bagian jasa Rp150.001 melebihi sisa utangnya Rp150.000."):
            ask()


def test_what_is_shown_before_is_what_is_recorded_whatever_came_before(group, member):
    covers_dues(group)
    loan = build.loan(member, product=build.product(group, penalty_kind="percent", penalty_percent=2))
    days = [(3, 1), (3, 1), (7, 15), (2, 10), (5, 31), (9, 30), (4, 2)]  # some dated before others
    totals = [20_000, 1, 333_333, 50_000, 127_001, 700_000, 99_999]
    for day, total in zip(days, totals, strict=True):
        on = date(2026, *day)
        shown = preview(loan, total, on)
        receipt = record(loan, total, on)
        assert (parts_of(receipt), sum(shown.values()), receipt.amount) == (shown, total, total)


def test_what_an_undo_shows_is_what_it_does(member):
    loan = build.loan(member)
    receipts = [record(loan, total, date(2026, 3, day)) for day, total in ((1, 20_000), (2, 40_000), (3, 77_000))]
    receipts.append(record(loan, 1_100_000, date(2026, 3, 4)))
    # With 20.000 gone: 40.000 = jasa 15.000 + pokok 25.000; 77.000 = pokok 75.000 + jasa 2.000 of row 2; the last
    # pays what is left, 148.000 of 150.000 jasa less 15.000, so its credit shrinks by 20.000.
    found = payment_services.preview_undo(receipts[0], MARCH_1, loan.disbursed_by)
    told = {one.receipt.pk: (one.old, one.new) for one in found.changed}
    assert {pk: old for pk, (old, _) in told.items()} == {
        one.pk: parts_of(one) for one in receipts[1:] if one.pk in told
    }
    services.reverse_payment(
        receipt=receipts[0], reason="uang tidak diterima", reversed_on=MARCH_1, by=loan.disbursed_by, uuid=uuid4()
    )
    assert {pk: new for pk, (_, new) in told.items()} == {
        one.pk: parts_of(one) for one in receipts[1:] if one.pk in told
    }
    assert [parts_of(one) for one in receipts[1:]] == [
        {"service_fee": 15_000, "principal": 25_000},
        {"principal": 75_000, "service_fee": 2_000},
        {"principal": 900_000, "service_fee": 133_000, "credit": 67_000},
    ]


def test_undoing_savings_alone_changes_no_other_receipt(member):
    loan = build.loan(member)
    receipt = by_hand(loan, {"mandatory": 10_000})
    assert payment_services.preview_undo(receipt, MARCH_1, loan.disbursed_by) == payment_services.UndoPreview()


def test_a_poklak_pays_off_by_the_parts_of_its_members(group, operator):
    loan = build.loan(build.poklak(group), 1_000_000, by=operator)
    members = [build.member(group, name=name, poklak=loan.poklak) for name in ("Aminah", "Barsiah")]
    for one in members:
        LoanShare.objects.create(village=loan.village, loan=loan, member=one, proposed=500_000)
    receipt = payment_services.pay_off(
        loan=loan, amount=1_150_000, received_on=MARCH_1, by=operator, uuid=uuid4()
    )  # fmt: skip
    paid = receipt.share_payments.values_list("member__name", "payer__name", "amount")
    assert list(paid) == [("Aminah", "Aminah", 575_000), ("Barsiah", "Barsiah", 575_000)]
