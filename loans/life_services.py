"""What is decided about a running loan: another schedule, penalties let go, write-off, recovery, credit given back.

All amounts are whole rupiah; what a person can mend raises ValidationError with an Indonesian sentence. Each verb is
done once however often it is sent.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import builders
from loans.chart import ALLOWANCE, CREDIT, LOANS, LOSSES, TILLS
from loans.events import Penalty as Charge
from loans.events import Waiver, WriteOff
from loans.ledger_services import check_day, check_on, lowest_balance, next_serial, record_voucher, same_sending
from loans.life import Life, event_of_reschedule
from loans.models import Loan, Penalty, Receipt, Reschedule, Voucher
from loans.month_services import check_month_open
from loans.reschedule import Plan
from loans.services import lock_loan, save_receipt, save_schedule
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason

Value = int | Decimal | date


def preview_reschedule(*, loan: Loan, on: date, kind: str, from_instalment: int, value: Value) -> tuple[Plan, Plan]:
    """The schedule as it is and as it would be; nothing is written. Raises ValidationError as rescheduling would."""
    life = Life(loan)
    before = life.book.plan
    _check_reschedule(life, on)
    life.after(event_of_reschedule(_reschedule(loan, on, kind, from_instalment, value)))
    return before, life.book.plan


@transaction.atomic
def reschedule_loan(
    *,
    loan: Loan,
    on: date,
    kind: str,
    from_instalment: int,
    value: Value,
    reason: str,
    by: User,
    uuid: UUID,
    decision=None,
) -> Reschedule:
    """Changes the schedule from an instalment on which no money lies.

    `value`: so many instalments (`extra_instalments`, `grace`), percent (`rate`) or the day of that instalment
    (`new_due_on`).
    """
    loan = lock_loan(loan)
    row = _reschedule(loan, on, kind, from_instalment, value)
    if sent := Reschedule.objects.filter(uuid=uuid).first():
        told = ("loan_id", "on", "kind", "from_instalment", "instalments", "rate", "new_due_on")
        same = all(getattr(sent, name) == getattr(row, name) for name in told)
        return same_sending(sent, same and (sent.reason, sent.recorded_by) == (reason, by))
    check_reason(reason, example="rumah terendam banjir dua bulan")
    life = Life(loan)
    _check_reschedule(life, on)
    life.after(event_of_reschedule(row))
    row.reason, row.uuid, row.recorded_by, row.decision = reason, uuid, by, decision
    history.save(row, by=by, reason=reason)
    save_schedule(life, on)
    return row


@transaction.atomic
def undo_reschedule(*, reschedule: Reschedule, undone_on: date, reason: str, by: User) -> Reschedule:
    """Brings the schedule before back, while nothing was recorded on the loan since. The record of it stays."""
    loan = lock_loan(reschedule.loan)
    reschedule = Reschedule.objects.select_related("loan", "village").get(pk=reschedule.pk)
    if reschedule.undone_on:
        return same_sending(
            reschedule,
            (reschedule.undone_on, reschedule.undone_by, reschedule.undo_reason) == (undone_on, by, reason),
        )
    check_reason(reason, example="salah pilih angsuran")
    check_day("undone_on", undone_on, earliest=reschedule.on)
    _check_is_latest(loan, reschedule)
    reschedule.undone_on, reschedule.undone_by, reschedule.undo_reason = undone_on, by, reason
    history.save(reschedule, by=by, reason=reason)
    save_schedule(Life(loan), undone_on)
    return reschedule


@transaction.atomic
def waive_penalty(*, loan: Loan, on: date, reason: str, by: User) -> int:
    """Lets go of all penalties unpaid on the day, those that the rule would charge then too; returns the rupiah.

    Nothing is entered in the ledger: a penalty is income when it is received. Raises ValidationError when there is
    none.
    """
    loan = lock_loan(loan)
    check_reason(reason, example="suaminya sakit, disepakati rapat 5 November")
    life = Life(loan)
    check_day("on", on, earliest=life.latest)
    now = timezone.now()
    rows = [_penalty(loan, one.number, Penalty.Kind.CHARGE, one.amount, on) for one in life.charges_on(on)]
    life.after(*(Charge(f"denda {row.instalment_number}", on, row.amount, row.instalment_number) for row in rows))
    for due in life.dues_on(on):
        if due.penalty:
            rows.append(_penalty(loan, due.number, Penalty.Kind.WAIVER, due.penalty, on, reason))
            life.after(Waiver(f"bebas {due.number}", on, due.penalty, due.number))
    waived = sum(row.amount for row in rows if row.kind == Penalty.Kind.WAIVER)
    if not waived:
        raise ValidationError(
            f"Pada {format_day(on)} tidak ada denda yang belum dibayar, jadi tidak ada yang dibebaskan."
        )
    for row in rows:
        row.recorded_by, row.recorded_at = by, now
        history.save(row, by=by, reason=row.reason)
    return waived


@transaction.atomic
def write_off_loan(*, loan: Loan, on: date, reason: str, by: User, uuid: UUID) -> Loan:
    """Takes what is left of the principal out of the books: the allowance bears it as far as it reaches, the rest is a
    loss. Unpaid fees and penalties are let go without entry. It is the last word on the loan but for recoveries.
    """
    loan = lock_loan(loan)
    if loan.written_off_on:
        sent = Voucher.objects.filter(uuid=uuid, loan=loan).first()
        return same_sending(loan, sent is not None and (sent.on, sent.recorded_by) == (on, by))
    check_reason(reason, example="peminjam wafat, ahli waris tidak mampu, rapat 5 November")
    check_on(loan.group, on, by, earliest=loan.disbursed_on)
    life = Life(loan)
    life.after(WriteOff(on))
    lost = life.book.written_off or 0
    borne = min(lost, max(lowest_balance(loan.group.entries, ALLOWANCE, on)[0], 0))
    lines = [(debit, LOANS, part) for debit, part in ((ALLOWANCE, borne), (LOSSES, lost - borne)) if part]
    record_voucher(
        group=loan.group,
        kind=Voucher.Kind.WRITE_OFF,
        on=on,
        amount=lost,
        debit=LOSSES,
        credit=LOANS,
        lines=lines,
        description=f"Hapus buku pinjaman {loan.number}",
        party=str(loan.borrower)[:100],
        member=loan.member,
        loan=loan,
        by=by,
        uuid=uuid,
    )
    loan.written_off_on, loan.written_off = on, lost
    return history.save(loan, by=by, reason=reason)


@transaction.atomic
def record_recovery(
    *, loan: Loan, amount: int, received_on: date, by: User, uuid: UUID, till: str = "cash", note: str = ""
) -> Receipt:
    """Receives rupiah for a loan that was written off: income of the group."""
    loan = lock_loan(loan)
    if sent := Receipt.objects.filter(uuid=uuid).first():
        content = (sent.group_id, sent.amount, sent.received_on, sent.till, sent.note, sent.recorded_by)
        is_same = content == (loan.group_id, amount, received_on, till, note, by)
        return same_sending(sent, is_same and sent.parts.filter(loan=loan, kind="recovery").exists())
    if not loan.written_off_on:
        raise ValidationError("Pinjaman ini tidak dihapus buku. Catat uangnya sebagai angsuran.")
    if amount < 1:
        raise ValidationError({"amount": "Jumlah harus lebih dari nol, misalnya 50.000."})
    check_day("received_on", received_on, earliest=loan.written_off_on)
    check_month_open(loan.group, received_on, by, field="received_on")
    receipt, parts = builders.build_recovery(
        loan=loan,
        amount=amount,
        received_on=received_on,
        serial=next_serial(loan.group.receipts, received_on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
        till=till,
        note=note,
    )
    return save_receipt(receipt, parts, by=by)


@transaction.atomic
def give_credit_back(*, loan: Loan, amount: int, on: date, by: User, uuid: UUID, till: str = "cash") -> Voucher:
    """Pays rupiah that the borrower paid beyond her debt (titipan) out of a till, never more than there is."""
    loan = lock_loan(loan)
    if not Voucher.objects.filter(uuid=uuid).exists():
        lowest, day = lowest_balance(loan.entries, CREDIT, on)
        if amount > lowest:
            left = format_rupiah(max(lowest, 0))
            raise ValidationError({"amount": f"Titipan pinjaman ini pada {format_day(day)} {left}. Paling banyak itu."})
    return record_voucher(
        group=loan.group,
        kind=Voucher.Kind.CREDIT_BACK,
        on=on,
        amount=amount,
        debit=CREDIT,
        credit=TILLS[till],
        till=till,
        description=f"Pengembalian titipan pinjaman {loan.number}",
        party=str(loan.borrower)[:100],
        member=loan.member,
        loan=loan,
        by=by,
        uuid=uuid,
    )


def credit_of(loan: Loan, on: date) -> int:
    """Rupiah of credit that could be given back on the day."""
    return max(lowest_balance(loan.entries, CREDIT, on)[0], 0)


def _reschedule(loan: Loan, on: date, kind: str, from_instalment: int, value: Value) -> Reschedule:
    row = Reschedule(village_id=loan.village_id, loan=loan, on=on, kind=kind, from_instalment=from_instalment)
    field = {Reschedule.Kind.RATE: "rate", Reschedule.Kind.NEW_DUE_ON: "new_due_on"}.get(kind, "instalments")
    setattr(row, field, value)
    return row


def _check_reschedule(life: Life, on: date) -> None:
    if not life.loan.is_disbursed:
        raise ValidationError("Pinjaman ini belum dicairkan, jadi belum berjadwal.")
    check_day("on", on, earliest=life.latest)


def _check_is_latest(loan: Loan, reschedule: Reschedule) -> None:
    since = {"recorded_at__gt": reschedule.recorded_at}
    if Receipt.objects.filter(parts__loan=loan, **since).exists() or loan.penalties.filter(**since).exists():
        raise ValidationError("Sesudah penjadwalan ulang ini sudah ada catatan lain, jadi tidak dapat diurungkan lagi.")
    if loan.reschedules.filter(undone_on=None, pk__gt=reschedule.pk).exists():
        raise ValidationError("Urungkan dulu penjadwalan ulang yang lebih baru.")
    if loan.written_off_on:
        raise ValidationError(f"Pinjaman ini dihapus buku {format_day(loan.written_off_on)}.")


def _penalty(loan: Loan, number: int, kind: str, amount: int, on: date, reason: str = "") -> Penalty:
    return Penalty(
        village_id=loan.village_id,
        loan=loan,
        instalment_number=number,
        kind=kind,
        on=on,
        amount=amount,
        reason=reason,
    )
