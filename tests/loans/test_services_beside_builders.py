"""Every service saves what its pure builder says of the same facts: row by row, field by field."""

from datetime import date
from uuid import uuid4

import pytest

from loans import builders, life_services, postings, services
from loans.closing_builders import build_cash_count, build_closing
from loans.closing_services import close_month, record_cash_count
from loans.ledger_services import record_voucher, reverse_voucher
from loans.models import Loan, MonthClosing
from loans.models.surplus import account_of
from loans.saving_services import record_deposit
from loans.surplus_plans import payees_of, plan_of, recorded_plan
from tests import build
from tests.loans import build_life, build_surplus
from up2k_portal.lib.access import Role

DAY = date(2026, 9, 10)
REASON = "salah ketik jumlah"


def told(row, *left_out) -> dict:
    """All that a row says but its own key, related rows by their keys."""
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in left_out
    }


def same(saved, built, *left_out) -> None:
    saved, built = list(saved), list(built)
    assert [told(row, *left_out) for row in saved] == [told(row, *left_out) for row in built]
    assert saved


def facts_of(receipt) -> dict:
    names = ("received_on", "serial", "till", "uuid", "recorded_at", "note")
    return {name: getattr(receipt, name) for name in names} | {"by": receipt.recorded_by}


def test_a_payment_with_savings(member, operator):
    loan = build.loan(member, by=operator)
    receipt = build.payment(loan, 120_000, DAY, by=operator, penalty=5_000, savings={"mandatory": 10_000}, note="rapat")
    split = {"penalty": 5_000, "service_fee": 15_000, "principal": 100_000}
    built, parts = builders.build_payment(
        loan=loan, parts=split, by_hand={"penalty": 5_000}, savings={"mandatory": 10_000}, **facts_of(receipt)
    )
    same([receipt], [built])
    same(receipt.parts.order_by("pk"), parts, "receipt")


def test_a_recovery(member, operator):
    loan = build_life.write_off(build.loan(member, by=operator), date(2026, 9, 1))
    loan = Loan.objects.get(pk=loan.pk)
    facts = {"loan": loan, "amount": 9_000, "received_on": DAY, "by": operator, "uuid": uuid4(), "note": "cicil"}
    receipt = life_services.record_recovery(**facts)
    built, parts = builders.build_recovery(loan=loan, amount=9_000, **facts_of(receipt))
    same([receipt], [built])
    same(receipt.parts.all(), parts, "receipt")


def test_a_deposit(member, operator):
    saved = {"mandatory": 10_000, "contribution": 2_000}
    receipt = record_deposit(member=member, parts=saved, received_on=DAY, by=operator, uuid=uuid4(), till="bank")
    built, parts = builders.build_deposit(member=member, amounts=saved, **facts_of(receipt))
    same([receipt], [built])
    same(receipt.parts.order_by("pk"), parts, "receipt")


def test_a_receipt_taken_back(member, operator):
    receipt = build.payment(build.loan(member, by=operator), 120_000, DAY, by=operator)
    standing = list(receipt.parts.standing())
    back = services.reverse_payment(receipt=receipt, reason=REASON, reversed_on=DAY, by=operator, uuid=uuid4())
    told_again = {"serial": back.serial, "uuid": back.uuid, "by": operator, "recorded_at": back.recorded_at}
    built, parts = builders.build_reversal(
        receipt=receipt, parts=standing, reversed_on=DAY, reason=REASON, **told_again
    )
    same([back], [built])
    same(back.parts.order_by("pk"), parts, "receipt")


def test_a_loan_and_its_schedule(member, operator):
    loan = build.loan(member, by=operator)
    built = builders.build_instalments(loan, builders.plan_loan(loan, loan.disbursed_on), loan.disbursed_on)
    same(loan.instalments.order_by("number"), built)


def test_a_voucher_and_the_one_that_takes_it_back(group, operator):
    build.capital(group, 100_000, DAY)
    facts = {"group": group, "kind": "expense", "on": DAY, "amount": 5_000, "debit": "5.1", "credit": "1.1"}
    words = {"description": "Buku kas", "party": "Toko Amanah", "till": "cash", "uuid": uuid4(), "by": operator}
    voucher = record_voucher(**facts, **words)
    named = {"series": voucher.series, "serial": voucher.serial, "recorded_at": voucher.recorded_at}
    none = {"member": None, "loan": None, "source": "", "nature": "", "form": ""}
    lines = [("5.1", "1.1", 5_000)]
    built, entries = postings.build_voucher(**facts, **words, **named, **none, lines=lines)
    same([voucher], [built])
    same(voucher.entries.all(), entries, "voucher")
    back = reverse_voucher(voucher=voucher, reason=REASON, reversed_on=DAY, by=operator, uuid=uuid4())
    again = {"serial": back.serial, "uuid": back.uuid, "by": operator, "recorded_at": back.recorded_at}
    originals = list(voucher.entries.all())
    built, entries = postings.build_voucher_reversal(voucher=voucher, entries=originals, on=DAY, reason=REASON, **again)
    same([back], [built])
    same(back.entries.all(), entries, "voucher")


@pytest.mark.parametrize("pieces", [{"100000": 1}, {"1000": 40, "500": 1}])
def test_a_cash_count_and_a_month_closed(pieces, group, operator):
    build.capital(group, 100_000, DAY)
    facts = {"group": group, "counted_on": date(2026, 9, 30), "by": operator}
    words = {"explanation": "uang di rumah bendahara", "uuid": uuid4()}
    count = record_cash_count(**facts, **words, pieces=pieces)
    built = build_cash_count(**facts, pieces=count.pieces, booked=100_000)
    same([count], [built], "uuid", "explanation", "voucher", "counted_at")
    closing = close_month(group=group, period=202609, by=operator)
    again = build_closing(group=group, period=202609, cash_count=count, by=operator)
    same([closing], [again], "closed_at")


@pytest.fixture
def undone(member, operator):
    """The second of two receipts, and how the first is taken back on 2 April.

    100.000 pay a fee and 85.000 of the first row, then 20.000 the 15.000 left there and 5.000 of the second fee;
    without the first, 20.000 pay the first fee and 5.000 of its principal.
    """
    loan = build.loan(member, by=operator)
    first = build.payment(loan, 100_000, date(2026, 2, 28), by=operator)
    second = build.payment(loan, 20_000, date(2026, 3, 31), by=operator)
    facts = {"receipt": first, "reason": REASON, "reversed_on": date(2026, 4, 2), "uuid": uuid4()}
    facts["by"] = build_life.kecamatan()  # the cash of its meeting may have been counted
    return second, lambda: services.reverse_payment(**facts)


def test_a_receipt_split_anew_under_its_number(undone):
    second, undo = undone
    standing = list(second.parts.standing().order_by("pk"))
    undo()
    split = {"service_fee": 15_000, "principal": 5_000}
    built = builders.build_resplit(standing, split, date(2026, 4, 2))
    by_what = {part.kind: told(part) for part in built if part.reverses_id is None}
    backs = {part.reverses_id: told(part) for part in built if part.reverses_id}
    saved = list(second.parts.filter(role="resplit"))
    assert {part.kind: told(part) for part in saved if part.reverses_id is None} == by_what
    assert {part.reverses_id: told(part) for part in saved if part.reverses_id} == backs
    assert (len(by_what), len(backs)) == (2, 2)


def test_an_adjustment_where_a_closed_month_forbids_that(undone):
    second, undo = undone
    MonthClosing.objects.create(group=second.group, village=second.village, period=202603)
    back = undo()
    moved = {"principal": -10_000, "service_fee": 10_000}
    loan = second.parts.first().loan
    built = builders.build_adjustment(back, loan, moved, date(2026, 4, 2))
    saved = {part.kind: told(part) for part in back.parts.filter(role="adjustment")}
    assert saved == {part.kind: told(part) for part in built}
    assert len(saved) == 2


@pytest.fixture
def shared(group, operator, pandulangan):
    """The surplus of 2025 as its plan says it, and as it was approved."""
    build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build_surplus.teacher(group, operator)
    build_surplus.scheme(group, operator)
    draft = build_surplus.draft(group, operator)
    plan = plan_of(draft)
    return plan, build_surplus.approve(draft, build.user(Role.OPERATOR, pandulangan.code, name="Salmah"))


def test_a_surplus_written_down_is_its_plan(shared):
    plan, year = shared
    same(year.allotments.order_by("position"), [part.allotment for part in plan.parts])
    for part in plan.parts:
        saved = year.allotments.get(position=part.allotment.position).lines.order_by("pk")
        assert [told(line, "allotment") for line in saved] == [told(line, "allotment") for line in part.lines]


def test_the_vouchers_of_a_surplus_and_of_its_payment(shared, group):
    plan, year = shared
    voucher, lines = year.voucher, []
    for part in plan.parts:
        if part.allotment.amount:
            lines.append(("3.5", account_of(part.allotment.kind), part.allotment.amount))
    assert [(one.debit, one.credit, one.amount) for one in voucher.entries.order_by("pk")] == lines
    check_voucher(voucher, lines)
    payees = payees_of(year, recorded_plan(year))
    paid = build_surplus.pay(year, [payees[0].key], voucher.recorded_by)
    for voucher in paid:
        check_voucher(voucher, [(payees[0].account, "1.1", payees[0].amount)])


def check_voucher(voucher, lines) -> None:
    names = ("kind", "on", "description", "series", "serial", "party", "till", "uuid", "recorded_at", "member", "loan")
    facts = {name: getattr(voucher, name) for name in (*names, "group", "amount", "source", "nature", "form")}
    (debit, credit, _), by = lines[0], voucher.recorded_by
    built, entries = postings.build_voucher(**facts, by=by, debit=debit, credit=credit, lines=lines)
    same([voucher], [built])
    same(voucher.entries.order_by("pk"), entries, "voucher")
