"""The money verbs, to the rupiah."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import proposal_services, services
from loans.models import Entry, Instalment, Loan, Receipt, ReceiptPart, Voucher
from tests import build


def parts_of(receipt) -> dict[str, int]:
    return dict(receipt.parts.values_list("kind", "amount"))


def standing(receipt):
    """What a receipt is split into today, in rupiah by kind."""
    return dict(receipt.parts.standing().values_list("kind", "amount"))


def balance_of(loan, on=date(2026, 9, 30)) -> int:
    return Loan.objects.with_balance(on).get(pk=loan.pk).balance


def test_a_disbursement_freezes_the_terms_and_makes_the_schedule(member, operator):
    product = build.product(member.group)
    loan = build.loan(member, 1_000_000, product=product, by=operator)
    product.rate = 3
    product.save()
    loan.refresh_from_db()
    first, *_, last = loan.instalments.all()
    assert (loan.rate, loan.status, loan.disbursed_by) == (1.5, "disbursed", operator)
    assert (first.due_on, first.principal, first.service_fee) == (date(2026, 2, 28), 100_000, 15_000)
    assert (last.number, last.due_on, last.principal_to_date, last.service_fee_to_date) == (
        10, date(2026, 11, 30), 1_000_000, 150_000,
    )  # fmt: skip


def test_a_payment_goes_to_the_oldest_instalment_first_and_there_to_jasa_first(member):
    loan = build.loan(member)
    assert parts_of(build.payment(loan, 20_000, date(2026, 3, 1))) == {"service_fee": 15_000, "principal": 5_000}
    assert parts_of(build.payment(loan, 210_000, date(2026, 3, 31))) == {"principal": 195_000, "service_fee": 15_000}
    assert balance_of(loan) == 800_000


def test_what_exceeds_the_whole_loan_is_credit(member):
    loan = build.loan(member)
    receipt = build.payment(loan, 1_200_000, date(2026, 3, 1))
    assert parts_of(receipt) == {"service_fee": 150_000, "principal": 1_000_000, "credit": 50_000}
    assert balance_of(loan) == 0


def test_a_fine_is_part_of_the_amount(member):
    receipt = build.payment(build.loan(member), 120_000, date(2026, 3, 1), penalty=5_000)
    assert parts_of(receipt) == {"penalty": 5_000, "service_fee": 15_000, "principal": 100_000}


def test_receipts_are_numbered_by_group_and_year(member):
    loan = build.loan(member)
    numbers = [build.payment(loan, 1_000, date(2026, 3, day)).number for day in (1, 2, 3)]
    assert numbers == ["AS-2026-0001", "AS-2026-0002", "AS-2026-0003"]


def test_loans_are_numbered_by_group_and_year(member):
    product = build.product(member.group)
    numbers = [build.proposal(member, product=product).number for _ in range(2)]
    assert numbers == ["2026-001", "2026-002"]


def test_the_amount_of_a_receipt_is_the_sum_of_its_parts(member):
    loan = build.loan(member)
    build.payment(loan, 123_457, date(2026, 3, 1), penalty=457)
    for receipt in Receipt.objects.all():
        assert receipt.amount == sum(parts_of(receipt).values())


def test_the_same_key_and_content_is_one_payment(member, operator):
    loan, key = build.loan(member, by=operator), uuid4()
    first = build.payment(loan, 115_000, date(2026, 3, 1), uuid=key, by=operator)
    again = build.payment(loan, 115_000, date(2026, 3, 1), uuid=key, by=operator)
    assert (again.pk, Receipt.objects.count()) == (first.pk, 1)


@pytest.mark.parametrize("other", [{"amount": 115_001}, {"on": date(2026, 3, 2)}])
def test_the_same_key_with_other_content_is_a_conflict(member, operator, other):
    loan, key = build.loan(member, by=operator), uuid4()
    facts = {"amount": 115_000, "on": date(2026, 3, 1), "uuid": key, "by": operator}
    build.payment(loan, **facts)
    with pytest.raises(ValidationError, match="bertabrakan dengan kiriman lain"):
        build.payment(loan, **facts | other)
    assert Receipt.objects.count() == 1


def test_a_reversal_takes_back_part_by_part_and_leaves_the_original(member, operator):
    loan = build.loan(member, by=operator)
    receipt = build.payment(loan, 115_000, date(2026, 3, 1))
    reversal = services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 3, 5), by=operator, uuid=uuid4()
    )
    assert parts_of(reversal) == {"service_fee": -15_000, "principal": -100_000}
    assert parts_of(receipt) == {"service_fee": 15_000, "principal": 100_000}
    assert (reversal.amount, reversal.reverses, reversal.number) == (-115_000, receipt, "AS-2026-0002")
    assert [balance_of(loan, date(2026, 3, day)) for day in (1, 4, 5)] == [900_000, 900_000, 1_000_000]


def test_a_receipt_is_reversed_once(member, operator):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    facts = {"receipt": receipt, "reason": "salah ketik jumlah", "reversed_on": date(2026, 3, 5), "by": operator}
    first = services.reverse_payment(**facts, uuid=uuid4())
    with pytest.raises(ValidationError, match="Bukti ini sudah dikoreksi dengan AS-2026-0002."):
        services.reverse_payment(**facts, uuid=uuid4())
    with pytest.raises(ValidationError, match="Bukti koreksi tidak dapat dikoreksi lagi"):
        services.reverse_payment(**facts | {"receipt": first}, uuid=uuid4())


def test_a_reversal_needs_a_reason(member, operator):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    with pytest.raises(ValidationError, match="Tulis alasan yang jelas, paling sedikit 10 huruf"):
        services.reverse_payment(
            receipt=receipt, reason="salah", reversed_on=date(2026, 3, 5), by=operator, uuid=uuid4()
        )


@pytest.mark.parametrize("row", ["receipt", "part"])
def test_money_rows_are_neither_changed_nor_deleted(member, row):
    receipt = build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    one = receipt if row == "receipt" else receipt.parts.first()
    one.amount = 1
    with pytest.raises(TypeError, match="Baris uang tidak dapat diubah"):
        one.save()
    with pytest.raises(TypeError, match="Baris uang tidak dapat dihapus"):
        one.delete()
    with pytest.raises(TypeError, match="Baris uang tidak dapat diubah"):
        type(one).objects.update(amount=1)
    with pytest.raises(TypeError, match="Baris uang tidak dapat dihapus"):
        type(one).objects.all().delete()


@pytest.mark.parametrize(
    ("amount", "on", "words"),
    [
        (0, date(2026, 3, 1), "Jumlah harus lebih dari nol, misalnya 50.000."),
        (1_000, date(2026, 10, 1), "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        (1_000, date(2026, 1, 30), "Tanggal tidak boleh sebelum 31 Januari 2026."),
    ],
)
def test_an_impossible_payment_is_refused_in_words(member, amount, on, words):
    loan = build.loan(member)
    with pytest.raises(ValidationError) as refusal:
        build.payment(loan, amount, on)
    assert refusal.value.messages == [words]
    assert Receipt.objects.count() == 0


def test_a_loan_not_paid_out_takes_no_payment(member, operator):
    with pytest.raises(ValidationError, match="belum dicairkan"):
        build.payment(build.proposal(member), 1_000, date(2026, 3, 1), by=operator)


def test_a_loan_paid_off_takes_no_more(member):
    loan = build.loan(member)
    build.payment(loan, 1_150_000, date(2026, 3, 1))
    with pytest.raises(ValidationError, match="sudah lunas"):
        build.payment(loan, 1_000, date(2026, 3, 2))


def test_above_the_limit_another_person_approves_first(member, operator, district_officer):
    loan = build.proposal(member, 5_000_001, by=operator)
    with pytest.raises(ValidationError, match=r"Pokok Rp5.000.001 di atas batas operator Rp5.000.000"):
        proposal_services.disburse_loan(loan=loan, disbursed_on=date(2026, 9, 30), by=operator)
    with pytest.raises(ValidationError, match="Yang mengajukan tidak boleh memutuskan"):
        proposal_services.approve_loan(loan=loan, by=operator)
    proposal_services.approve_loan(loan=loan, by=district_officer)
    paid_out = proposal_services.disburse_loan(loan=loan, disbursed_on=date(2026, 9, 30), by=operator)
    assert (paid_out.status, paid_out.decided_by, Instalment.objects.count()) == ("disbursed", district_officer, 10)


def test_at_the_limit_the_operator_pays_out_alone(member, operator):
    assert build.loan(member, 5_000_000, by=operator).status == "disbursed"


def test_a_loan_is_paid_out_once(member, operator):
    loan = build.loan(member, by=operator)
    again = proposal_services.disburse_loan(loan=loan, disbursed_on=date(2026, 1, 31), by=operator)
    assert (again.pk, Instalment.objects.count()) == (loan.pk, 10)
    with pytest.raises(ValidationError, match="Pinjaman ini sudah dicairkan"):
        proposal_services.disburse_loan(loan=loan, disbursed_on=date(2026, 2, 1), by=operator)


def test_a_rejected_or_withdrawn_proposal_is_not_paid_out(member, operator, district_officer):
    rejected = proposal_services.reject_loan(
        loan=build.proposal(member, by=operator), by=district_officer, note="tunggakan poklak belum selesai"
    )
    proposal = build.proposal(member, by=operator)
    withdrawn = proposal_services.withdraw_loan(loan=proposal, by=operator, note="batal berjualan")
    for loan, words in ((rejected, "ditolak"), (withdrawn, "dibatalkan")):
        with pytest.raises(ValidationError, match=f"Pinjaman ini sudah {words}"):
            proposal_services.disburse_loan(loan=loan, disbursed_on=date(2026, 9, 30), by=operator)


def test_who_has_left_borrows_no_more(group, operator):
    gone = build.member(group, name="Mastura", left_on=date(2025, 12, 31), left_reason="pindah")
    with pytest.raises(ValidationError, match="Mastura sudah keluar pada 31 Desember 2025"):
        build.proposal(gone, by=operator)


def test_impossible_terms_are_refused_before_anyone_decides(member):
    product = build.product(member.group, step=100_000, rounding="up")
    with pytest.raises(ValidationError) as refusal:
        build.proposal(member, 100_000, product=product)
    assert list(refusal.value.message_dict) == ["principal"]
    assert Loan.objects.count() == 0


def test_a_poklak_borrows_and_pays_as_one(group):
    poklak = build.poklak(group, name="Melati")
    loan = build.loan(poklak, 2_000_000)
    receipt = build.payment(loan, 230_000, date(2026, 3, 1))
    assert (loan.borrower, receipt.payer, parts_of(receipt)) == (
        poklak, poklak, {"service_fee": 30_000, "principal": 200_000},
    )  # fmt: skip


def test_each_verb_leaves_one_change_a_row(member, operator):
    product = build.product(member.group)
    before = Change.objects.count()
    loan = build.loan(member, product=product, by=operator)
    receipt = build.payment(loan, 115_000, date(2026, 3, 1))
    found = Change.objects.order_by("pk").values_list("kind", "model", "object_id", "user")[before:]
    assert list(found) == [
        ("created", "loans.loan", loan.pk, operator.pk),
        ("changed", "loans.loan", loan.pk, operator.pk),
        ("created", "loans.voucher", loan.vouchers.get().pk, operator.pk),
        ("created", "loans.receipt", receipt.pk, operator.pk),
    ]


def test_every_row_below_a_group_carries_its_village(member):
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    for model in (Loan, Instalment, Receipt, ReceiptPart, Voucher, Entry):
        assert set(model.objects.values_list("village", flat=True)) == {member.village_id}


def test_a_loan_of_another_group_is_refused_by_the_row_itself(member, operator):
    elsewhere = build.group(build.village(build.OTHER_PANDULANGAN))
    with pytest.raises(ValidationError, match="Pilihan ini dari kelompok lain"):
        build.proposal(member, product=build.product(elsewhere), by=operator)


def test_the_role_of_the_payer_is_never_both(member):
    receipt = build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    assert (receipt.member, receipt.poklak) == (member, None)


def test_a_payment_may_not_stand_beside_one_that_was_taken_back_later(member, operator):
    loan = build.loan(member, by=operator)
    wrong = build.payment(loan, 1_150_000, date(2026, 2, 10))
    services.reverse_payment(
        receipt=wrong, reason="salah ketik jumlah", reversed_on=date(2026, 9, 1), by=operator, uuid=uuid4()
    )
    with pytest.raises(ValidationError) as refusal:
        build.payment(loan, 115_000, date(2026, 2, 11))
    assert refusal.value.message_dict == {
        "received_on": [
            "Pada 11 Februari 2026 pinjaman ini masih tercatat dibayar, jadi setoran ini melebihi pinjamannya. "
            "Bukti lamanya baru dikoreksi 1 September 2026: pakai tanggal itu."
        ]
    }
    build.payment(loan, 115_000, date(2026, 9, 1))
    assert [balance_of(loan, date(2026, *day)) for day in ((2, 11), (8, 31), (9, 1))] == [0, 0, 900_000]


def test_a_correction_on_the_receipts_own_day_leaves_no_day_wrong(member, operator):
    loan = build.loan(member, by=operator)
    wrong = build.payment(loan, 1_150_000, date(2026, 2, 10))
    services.reverse_payment(
        receipt=wrong, reason="salah ketik jumlah", reversed_on=date(2026, 2, 10), by=operator, uuid=uuid4()
    )
    build.payment(loan, 115_000, date(2026, 2, 10))
    assert [balance_of(loan, date(2026, 2, day)) for day in (9, 10, 11)] == [1_000_000, 900_000, 900_000]


def test_credit_pays_what_a_receipt_taken_back_leaves_open(member, operator):
    loan = build.loan(member, by=operator)
    first, second = build.payment(loan, 115_000, date(2026, 3, 1)), build.payment(loan, 1_100_000, date(2026, 3, 2))
    assert standing(second) == {"principal": 900_000, "service_fee": 135_000, "credit": 65_000}
    facts = {"reason": "uang tidak diterima", "reversed_on": date(2026, 3, 2), "by": operator}
    services.reverse_payment(receipt=first, **facts, uuid=uuid4())
    assert standing(second) == {"principal": 950_000, "service_fee": 150_000}
    services.reverse_payment(receipt=second, **facts, uuid=uuid4())
    assert balance_of(loan) == 1_000_000


@pytest.mark.parametrize("other", [{"penalty": 1_000}, {"note": "titip Bu Aminah"}])
def test_the_fine_and_the_note_are_part_of_what_a_key_stands_for(member, operator, other):
    loan, key = build.loan(member, by=operator), uuid4()
    build.payment(loan, 115_000, date(2026, 3, 1), uuid=key, by=operator)
    with pytest.raises(ValidationError, match="bertabrakan dengan kiriman lain"):
        build.payment(loan, 115_000, date(2026, 3, 1), uuid=key, by=operator, **other)
