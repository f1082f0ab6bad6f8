"""What a sheet sends is recorded once, for itself, in the till of the field: the six rules of a repeated sending."""

from uuid import uuid4

import pytest

from loans.chart import FIELD_CASH
from loans.ledger_services import account_balance
from loans.models import Envelope, MoneyRules, MonthClosing, Receipt, SheetAbsence, Voucher
from loans.models.rules import TotalCovers
from tests import build
from tests.loans.field.build_field import ON, row, send, states
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db


def absent(member, **fields) -> dict:
    return row(member, kind="absent", absent=True) | fields


def total(loan, amount=115_000, **fields) -> dict:
    return row(loan, kind="total", amount=amount) | fields


KINDS = ("row", "total", "absent")


def sending(kind, member, **fields) -> dict:
    """An item of a kind on a member with a loan."""
    loan = member.loans.first()
    make = {"row": lambda: row(loan, amount=115_000, savings={"mandatory": 10_000}), "total": lambda: total(loan)}
    return (make.get(kind) or (lambda: absent(member)))() | fields


def changed(kind, item) -> dict:
    return item | ({"absent": False} if kind == "absent" else {"amount": 50_000})


@pytest.fixture
def borrower(member):
    build.loan(member, 1_000_000)
    return member


def test_a_line_pays_the_loan_by_its_order_and_saves_on_top_in_the_till_of_the_field(borrower, operator):
    (answer,) = send(sending("row", borrower), by=operator)
    receipt = Receipt.objects.get(pk=answer.receipt.pk)
    parts = dict(receipt.parts.values_list("kind", "amount"))
    assert (answer.status, answer.number, receipt.till) == (201, "AS-2026-0001", "field")
    assert parts == {"service_fee": 15_000, "principal": 100_000, "mandatory": 10_000}
    assert (receipt.recorded_by, receipt.received_on) == (operator, ON)
    assert account_balance(borrower.group, FIELD_CASH, ON) == 125_000


def test_an_envelope_keeps_what_was_sent_and_what_it_became(borrower, operator):
    device = uuid4()
    item = sending("row", borrower, recorded_at="2026-09-25T10:41:05+08:00", order=7)
    (answer,) = send(item, by=operator, device=device)
    kept = Envelope.objects.get()
    assert (str(kept.uuid), kept.user, kept.receipt, kept.device) == (item["uuid"], operator, answer.receipt, device)
    assert (kept.sent_as, kept.format, kept.recorded_at.isoformat()) == ("sheet", 2, "2026-09-25T02:41:05+00:00")
    assert kept.content["amount"] == 115_000
    assert "order" not in kept.content


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_key_with_the_same_content_gives_the_first_answer_again(kind, borrower, operator):
    item = sending(kind, borrower)
    (first,), (again,) = (send(item | {"order": n, "recorded_at": None}, by=operator) for n in (1, 2))
    assert (first.status, again.status, again.receipt) == (201, 200, first.receipt)
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_key_with_other_content_is_a_conflict_that_shows_what_is_recorded(kind, borrower, operator):
    item = sending(kind, borrower)
    (first,) = send(item, by=operator)
    (answer,) = send(changed(kind, item), by=operator)
    kept = Envelope.objects.get()
    assert (answer.status, str(answer.state)) == (409, "conflict")
    assert (answer.theirs["content"], answer.theirs["number"]) == (kept.content, first.number)


@pytest.mark.parametrize("kind", KINDS)
def test_another_persons_key_is_foreign_and_tells_nothing(kind, borrower, operator):
    item = sending(kind, borrower)
    send(item, by=operator)
    other = build.user(Role.OPERATOR, borrower.village.code)
    (answer,) = send(item, by=other)
    assert (answer.status, str(answer.state), answer.receipt, answer.theirs) == (409, "foreign", None, None)
    assert "Norhasanah" not in answer.message
    assert answer.number == ""
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_is_saved_under_the_same_key_once_it_is_corrected(kind, borrower, operator):
    item = sending(kind, borrower)
    (refused,) = send(item | {"on": "2026-10-01"}, by=operator)
    assert (refused.status, Envelope.objects.count(), Receipt.objects.count()) == (422, 0, 0)
    (saved,) = send(item, by=operator)
    assert (saved.status, Envelope.objects.count()) == (201, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_twice_in_one_sending_is_recorded_once(kind, borrower, operator):
    item = sending(kind, borrower)
    assert states(send(item, item, changed(kind, item), by=operator)) == ["saved", "there", "conflict"]
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 300, "", None, 7, "6ba7b810-9dad-51d1-80b4-00c04fd430c8", ["a"]])
def test_a_key_that_no_telephone_makes_is_refused(key, borrower, operator):
    (answer,) = send(sending("row", borrower, uuid=key), by=operator)
    assert (answer.status, dict(answer.fields)) == (
        422,
        {"uuid": "Kunci kiriman ini tidak dikenal. Isi lagi dari lembarnya."},
    )


def test_the_key_of_a_page_is_the_same_payment_or_a_conflict_or_foreign(borrower, operator):
    loan = borrower.loans.get()
    receipt = build.payment(loan, 115_000, ON, by=operator)
    same = total(loan, uuid=str(receipt.uuid))
    assert states(send(same, same | {"amount": 1}, by=operator)) == ["there", "conflict"]
    assert states(send(same, by=build.user(Role.OPERATOR, borrower.village.code))) == ["foreign"]
    assert states(send(total(loan, uuid=str(build.capital(borrower.group).uuid)), by=operator)) == ["foreign"]


def test_each_line_stands_alone_and_their_order_is_that_of_their_numbers(group, operator):
    first, second, third = (build.loan(build.member(group)) for _ in range(3))
    foreign = row(first, loan=10**9, amount=1)
    answers = send(row(first, amount=115_000), foreign, row(second, amount=0), row(third, amount=5_000), by=operator)
    assert states(answers) == ["saved", "refused", "refused", "saved"]
    assert [one.number for one in answers] == ["AS-2026-0001", "", "", "AS-2026-0002"]
    assert answers[1].fields == {"loan": "Pinjaman ini tidak ditemukan di UP2K As Syifa. Muat ulang lembarnya."}
    assert answers[2].fields == {
        "amount": "Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya wajib 10.000."
    }


def test_a_single_payment_is_divided_as_the_product_and_the_group_set(borrower, operator):
    build.saving_terms(borrower.group, "mandatory", 10_000, since=ON.replace(day=1))
    MoneyRules.objects.create(group=borrower.group, village=borrower.village, total_covers=TotalCovers.DUES)
    (answer,) = send(total(borrower.loans.get(), 1_300_000), by=operator)
    parts = dict(answer.receipt.parts.values_list("kind", "amount"))
    assert parts == {"service_fee": 150_000, "principal": 1_000_000, "mandatory": 10_000, "credit": 140_000}
    assert Envelope.objects.get().sent_as == "payment"


def test_who_is_absent_is_marked_once_and_unmarked(borrower, operator):
    send(absent(borrower), absent(borrower), by=operator)
    assert SheetAbsence.objects.filter(cancelled_at=None).count() == 1
    send(absent(borrower, absent=False), by=operator)
    gone = SheetAbsence.objects.get()
    assert (gone.member, gone.on, gone.cancelled_at is None) == (borrower, ON, False)


def test_a_withdrawal_leaves_the_till_of_the_field_beside_the_receipt_of_its_line(member, operator):
    send(row(member, savings={"voluntary": 50_000}), by=operator)
    item = row(member, savings={"mandatory": 10_000}, withdraw={"voluntary": 30_000})
    (answer,), (again,) = send(item, by=operator), send(item, by=operator)
    voucher = Voucher.objects.get(kind="withdrawal")
    assert (answer.voucher, again.voucher, voucher.till) == (voucher, voucher, "field")
    assert account_balance(member.group, FIELD_CASH, ON) == 30_000


def test_a_withdrawal_beyond_what_lies_on_the_table_leaves_nothing_of_its_line(member, operator):
    build.capital(member.group)
    with_cash = row(member, savings={"voluntary": 50_000})
    send(with_cash, by=operator)
    other = build.member(member.group)
    (answer,) = send(row(other, savings={"mandatory": 1_000}, withdraw={"voluntary": 70_000}), by=operator)
    assert (answer.status, list(answer.fields)) == (422, ["withdraw.voluntary"])
    assert Receipt.objects.filter(member=other).count() == 0


def test_a_closed_month_is_locked_and_says_whom_to_ask(borrower, operator):
    MonthClosing.objects.create(group=borrower.group, village=borrower.village, period=202609, closed_by=operator)
    (answer,) = send(sending("row", borrower), by=operator)
    assert (answer.status, answer.message) == (
        423,
        "Bulan September 2026 sudah ditutup. Pakai tanggal mulai 1 Oktober 2026, atau minta izin kecamatan untuk bulan"
        " itu.",
    )


def test_a_group_that_was_dissolved_is_locked(borrower, operator):
    borrower.group.closed_on = ON
    borrower.group.save()
    (answer,) = send(sending("row", borrower), by=operator)
    assert (answer.status, Envelope.objects.count()) == (423, 0)


def test_a_foreign_group_and_one_that_is_not_there_answer_alike(borrower, elsewhere, operator):
    foreign = build.member(build.group(elsewhere))
    answers = send(
        row(foreign, savings={"mandatory": 1}), row(borrower, group=10**9, savings={"mandatory": 1}), by=operator
    )
    assert {(one.status, one.message) for one in answers} == {
        (422, "Kelompok ini tidak ditemukan di wilayah Ibu. Periksa apakah Ibu masuk dengan akun yang benar.")
    }


def test_a_member_of_another_group_of_the_village_is_not_found(borrower, operator):
    other = build.member(build.group(borrower.village))
    (answer,) = send(row(other, group=borrower.group_id, savings={"mandatory": 1}), by=operator)
    assert answer.fields == {"member": "Anggota ini tidak ditemukan di UP2K As Syifa. Muat ulang lembarnya."}
