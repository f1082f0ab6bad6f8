"""The money verbs: lock, check, save. Each is done once however often it is sent, and leaves its history.

All amounts are whole rupiah. What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import builders, ledger_services, postings, savings
from loans.chart import CONTRIBUTION, SAVINGS, SOCIAL_FUND
from loans.ledger_services import check_day, check_on, lock_group, next_serial, same_sending
from loans.models import Entry, Instalment, Loan, LoanProduct, MoneyRules, Receipt, ReceiptPart
from loans.month_services import check_month_open
from loans.numbers import Series, loan_series
from loans.schedule import ScheduleError
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Member, Poklak

REASON_EXAMPLE = "salah ketik jumlah"


@transaction.atomic
def propose_loan(
    *,
    product: LoanProduct,
    borrower: Member | Poklak,
    principal: int,
    purpose: str,
    proposed_on: date,
    uuid: UUID,
    by: User,
) -> Loan:
    """Enters a proposal; its schedule is tried at once, so that impossible terms are refused before anyone decides."""
    group = lock_group(product.group_id)
    if sent := Loan.objects.filter(uuid=uuid).first():
        return same_sending(sent, sent.group_id == group.pk and sent.principal == principal and sent.proposed_by == by)
    check_day("proposed_on", proposed_on, earliest=group.founded_on)
    _check_borrower(borrower, proposed_on)
    loan = builders.build_loan(
        product=product,
        borrower=borrower,
        principal=principal,
        purpose=purpose,
        proposed_on=proposed_on,
        number=_next_number(group, loan_series(proposed_on)),
        uuid=uuid,
        by=by,
    )
    with _schedule_errors():
        builders.plan_loan(loan, proposed_on, rules_of(group))
    return history.save(loan, by=by)


def approve_loan(*, loan: Loan, by: User, note: str = "") -> Loan:
    """Approves a proposal. Who proposed it may not approve it."""
    return _decide(loan, Loan.Status.APPROVED, by=by, note=note)


def reject_loan(*, loan: Loan, by: User, note: str) -> Loan:
    """Refuses a proposal, with the reason for the village."""
    check_reason(note, field="note", example=REASON_EXAMPLE)
    return _decide(loan, Loan.Status.REJECTED, by=by, note=note)


@transaction.atomic
def withdraw_loan(*, loan: Loan, by: User, note: str) -> Loan:
    """Takes back a proposal that was not disbursed, with a reason."""
    check_reason(note, field="note", example=REASON_EXAMPLE)
    loan = _lock(loan)
    if loan.status not in (Loan.Status.PROPOSED, Loan.Status.APPROVED):
        raise ValidationError(f"Pinjaman ini {loan.get_status_display().lower()}, jadi tidak dapat dibatalkan.")
    return _save_decision(loan, Loan.Status.WITHDRAWN, by=by, note=note)


@transaction.atomic
def disburse_loan(*, loan: Loan, disbursed_on: date, by: User) -> Loan:
    """Pays the loan out and freezes its schedule. Above the operator's limit it must be approved first."""
    loan = _lock(loan)
    if loan.is_disbursed and (loan.disbursed_on, loan.disbursed_by_id) == (disbursed_on, by.pk):
        return loan
    _check_may_disburse(loan)
    check_day("disbursed_on", disbursed_on, earliest=loan.decided_on or loan.proposed_on)
    _check_borrower(loan.borrower, disbursed_on)
    check_month_open(loan.group, disbursed_on, by, field="disbursed_on")
    stored = history.snapshot(loan)
    with _schedule_errors():
        rules = rules_of(loan.group)
        instalments = builders.build_disbursement(loan=loan, disbursed_on=disbursed_on, by=by, rules=rules)
    loan.full_clean()
    loan.save()
    history.record(loan, by=by, before=stored)
    Instalment.objects.bulk_create(instalments)
    ledger_services.record_voucher(**builders.pay_out_facts(loan), by=by)
    return loan


@transaction.atomic
def record_payment(
    *,
    loan: Loan,
    amount: int,
    received_on: date,
    by: User,
    uuid: UUID,
    penalty: int = 0,
    savings: dict[str, int] | None = None,
    note: str = "",
) -> Receipt:
    """Receives `amount` rupiah (of which `penalty` a fine) for a loan and returns the receipt.

    `savings` (rupiah by kind: mandatory, voluntary, contribution …) came on top and stands on the same
    receipt. The same UUID with the same content is the same payment; with other content it is refused.
    """
    loan = _lock(loan)
    saved = {kind: saving for kind, saving in (savings or {}).items() if saving}
    if sent := Receipt.objects.filter(uuid=uuid).first():
        content = (sent.group_id, sent.received_on, sent.note, sent.recorded_by) == (
            loan.group_id, received_on, note, by,
        )  # fmt: skip
        return same_sending(sent, content and _same_parts(sent, loan, amount, penalty, saved))
    check_payment(loan, amount, penalty, received_on)
    _check_saver(loan, saved)
    check_month_open(loan.group, received_on, by, field="received_on")
    receipt, parts = builders.build_payment(
        loan=loan,
        instalments=loan.instalments.order_by("number"),
        principal_paid=loan.principal_paid,
        service_fee_paid=loan.service_fee_paid,
        amount=amount,
        penalty=penalty,
        savings=saved,
        received_on=received_on,
        serial=next_serial(loan.group.receipts, received_on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
        note=note,
    )
    _check_never_overpaid(loan, parts)
    return save_receipt(receipt, parts, by=by)


@transaction.atomic
def reverse_payment(*, receipt: Receipt, reason: str, reversed_on: date, by: User, uuid: UUID) -> Receipt:
    """Takes a receipt back by a new one with the negative amounts; the original stays untouched."""
    group = lock_group(receipt.group_id)
    if sent := Receipt.objects.filter(uuid=uuid).first():
        return same_sending(sent, sent.reverses_id == receipt.pk and sent.recorded_by == by)
    _check_reversible(receipt)
    _check_no_credit_stands_on(receipt)
    check_reason(reason, example=REASON_EXAMPLE)
    check_on(group, reversed_on, by, field="reversed_on", earliest=receipt.received_on)
    reversal, parts = builders.build_reversal(
        receipt=receipt,
        parts=receipt.parts.select_related("loan", "member"),
        reversed_on=reversed_on,
        reason=reason,
        serial=next_serial(group.receipts, reversed_on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
    )
    return save_receipt(reversal, parts, by=by, reason=reason)


def _decide(loan: Loan, status: str, *, by: User, note: str) -> Loan:
    with transaction.atomic():
        loan = _lock(loan)
        if loan.status != Loan.Status.PROPOSED:
            raise ValidationError(f"Pinjaman ini sudah {loan.get_status_display().lower()}.")
        if loan.proposed_by_id == by.pk:
            raise ValidationError("Yang mengajukan tidak boleh memutuskan. Minta pengurus lain memeriksanya.")
        return _save_decision(loan, status, by=by, note=note)


def _save_decision(loan: Loan, status: str, *, by: User, note: str) -> Loan:
    loan.status = status
    loan.decided_on = today()
    loan.decided_by = by
    loan.decision_note = note
    return history.save(loan, by=by, reason=note)


def _same_parts(sent: Receipt, loan: Loan, amount: int, penalty: int, saved: dict[str, int]) -> bool:
    parts = list(sent.parts.all())
    for_loan = {part.kind: part.amount for part in parts if part.loan_id == loan.pk}
    besides = {part.kind: part.amount for part in parts if part.loan_id is None}
    return (sum(for_loan.values()), for_loan.get("penalty", 0), besides) == (amount, penalty, saved)


def _check_saver(loan: Loan, saved: dict[str, int]) -> None:
    if saved and not loan.member_id:
        raise ValidationError("Simpanan dan iuran dicatat atas nama anggota, bukan poklak. Catat di halaman anggota.")
    for kind, amount in saved.items():
        if amount < 1:
            raise ValidationError({kind: "Jumlah harus lebih dari nol, misalnya 10.000. Kosongkan bila tidak ada."})


def save_receipt(receipt: Receipt, parts: list[ReceiptPart], *, by: User, reason: str = "") -> Receipt:
    """Saves a receipt, its parts and their entries under the group's lock; no till or saving may fall below zero."""
    history.save(receipt, by=by, reason=reason)
    ReceiptPart.objects.bulk_create(parts)
    entries = postings.entries_of_receipt(
        receipt, parts, contribution_to=_contribution_account(receipt.group, parts), originals=_originals(receipt)
    )
    ledger_services.check_tills(receipt.group, entries)
    for part in parts:
        if part.member and part.kind in SAVINGS and part.amount < 0:
            savings.check_not_below_zero(part.member, part.kind, part.received_on, part.amount)
    Entry.objects.bulk_create(entries)
    return receipt


def rules_of(group: Group) -> MoneyRules | None:
    """What the group agreed on about money; None while it has not said."""
    return MoneyRules.objects.filter(group=group).first()


def _contribution_account(group: Group, parts: list[ReceiptPart]) -> str:
    if not any(part.kind == ReceiptPart.Kind.CONTRIBUTION for part in parts):
        return CONTRIBUTION
    rules = rules_of(group)
    return SOCIAL_FUND if rules and rules.contribution_to == MoneyRules.ContributionTo.SOCIAL else CONTRIBUTION


def _originals(receipt: Receipt) -> dict[tuple, Entry]:
    """The entries of the receipt that this one takes back."""
    if not receipt.is_reversal:
        return {}
    entries = Entry.objects.filter(part__receipt=receipt.reverses_id).select_related("part")
    return {postings.original_key(entry.part): entry for entry in entries}


def _lock(loan: Loan) -> Loan:
    """The loan as it is now, with what was paid on any day, under its group's lock."""
    lock_group(loan.group_id)
    rows = Loan.objects.with_balance(date.max).select_related("group", "member", "poklak", "product")
    return rows.select_related("village__district__regency").get(pk=loan.pk)


@contextmanager
def _schedule_errors():
    """A schedule that cannot be made is the fault of the amount or the product: said at the amount."""
    try:
        yield
    except ScheduleError as error:
        raise ValidationError({"principal": str(error)}) from error


def _check_may_disburse(loan: Loan) -> None:
    limit = loan.village.district.regency.operator_limit
    if loan.status == Loan.Status.APPROVED or (loan.status == Loan.Status.PROPOSED and loan.principal <= limit):
        return
    if loan.status == Loan.Status.PROPOSED:
        raise ValidationError(
            f"Pokok {format_rupiah(loan.principal)} di atas batas operator {format_rupiah(limit)}. "
            "Tunggu persetujuan kecamatan."
        )
    raise ValidationError(f"Pinjaman ini sudah {loan.get_status_display().lower()}.")


def check_payment(loan: Loan, amount: int, penalty: int, received_on: date) -> None:
    """Raises ValidationError when this payment of rupiah cannot be. `loan` carries what was paid (`with_balance`)."""
    if not loan.is_disbursed:
        raise ValidationError("Pinjaman ini belum dicairkan, jadi belum dapat diangsur.")
    check_day("received_on", received_on, earliest=loan.disbursed_on)
    if amount < 1:
        raise ValidationError({"amount": "Jumlah harus lebih dari nol, misalnya 50.000."})
    if penalty > amount:
        raise ValidationError(
            {"penalty": f"Denda {format_rupiah(penalty)} melebihi jumlah yang dibayar {format_rupiah(amount)}."}
        )
    owed = loan.balance + sum(row.service_fee for row in loan.instalments.all()) - loan.service_fee_paid
    if owed <= 0 and amount > penalty:
        raise ValidationError("Pinjaman ini sudah lunas. Periksa nama peminjamnya.")


def _check_never_overpaid(loan: Loan, parts: list[ReceiptPart]) -> None:
    """No day may show more paid than was lent: a receipt taken back later still counts until then."""
    lent = {"principal": loan.principal, "service_fee": sum(row.service_fee for row in loan.instalments.all())}
    for part in (part for part in parts if part.kind in lent):
        sums = loan.receipt_parts.filter(kind=part.kind).order_by().values_list("received_on").annotate(Sum("amount"))
        by_day = Counter(dict(sums))
        by_day[part.received_on] += part.amount
        paid = 0
        for day in sorted(by_day):
            paid += by_day[day]
            if day >= part.received_on and paid > lent[part.kind]:
                raise ValidationError({"received_on": _still_paid(loan, day)})


def _still_paid(loan: Loan, day: date) -> str:
    taken_back = loan.receipt_parts.filter(receipt__reverses__isnull=False, received_on__gt=day)
    opens_on = taken_back.order_by("received_on").values_list("received_on", flat=True).first()
    said = f"Pada {format_day(day)} pinjaman ini masih tercatat dibayar, jadi setoran ini melebihi pinjamannya."
    return f"{said} Bukti lamanya baru dikoreksi {format_day(opens_on)}: pakai tanggal itu." if opens_on else said


def _check_no_credit_stands_on(receipt: Receipt) -> None:
    """What a later receipt had left over would have paid this one's part: it must be taken back first."""
    loans = receipt.parts.values("loan")
    credits = ReceiptPart.objects.filter(loan__in=loans, kind="credit").exclude(receipt=receipt)
    standing = credits.filter(receipt__reverses=None, receipt__reversal=None).select_related("receipt").first()
    if standing:
        raise ValidationError(
            f"Bukti {standing.receipt} sesudahnya memuat titipan {format_rupiah(standing.amount)}. "
            "Koreksi bukti itu dulu, baru bukti ini."
        )


def _check_reversible(receipt: Receipt) -> None:
    if receipt.is_reversal:
        raise ValidationError("Bukti koreksi tidak dapat dikoreksi lagi: catat setoran baru.")
    if earlier := Receipt.objects.filter(reverses=receipt).first():
        raise ValidationError(f"Bukti ini sudah dikoreksi dengan {earlier.number}.")


def _check_borrower(borrower: Member | Poklak, on: date) -> None:
    gone_on = borrower.dissolved_on if isinstance(borrower, Poklak) else borrower.left_on
    if gone_on and gone_on <= on:
        raise ValidationError(f"{borrower} sudah keluar pada {format_day(gone_on)}.")
    if isinstance(borrower, Member) and on < borrower.joined_on:
        raise ValidationError(f"{borrower} baru menjadi anggota pada {format_day(borrower.joined_on)}.")


def _next_number(group: Group, series: Series) -> str:
    """Under the group's lock: one more than the highest loan number of the series."""
    used = Loan.objects.filter(group=group, number__startswith=series.prefix)
    last = used.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return series.number(series.serial(last) + 1 if last else 1)
