"""What is decided about a running loan: another schedule, penalties let go, write-off, recovery, credit given back.

All amounts are whole rupiah; what a person can mend raises ValidationError with an Indonesian sentence. Each verb is
done once however often it is sent.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import builders
from loans.aging import lateness
from loans.allocation import Due
from loans.chart import ALLOWANCE, CREDIT, LOANS, LOSSES, TILLS
from loans.events import Waiver, WriteOff
from loans.ledger_services import check_day, check_on, lowest_balance, next_serial, record_voucher, same_sending
from loans.life import Life, event_of_reschedule, new_charge
from loans.models import Loan, Penalty, Receipt, ReceiptPart, Reschedule, ShiftDecision, Voucher
from loans.month_services import check_month_open
from loans.reschedule import Plan
from loans.services import lock_loan, save_receipt, save_schedule
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group

Value = int | Decimal | date
KEEPS_CLASS = 3  # instalments of a new schedule until which a late loan keeps its class


@dataclass(frozen=True)
class Fine:
    """Rupiah of penalty unpaid on an instalment: what was charged, and what the loan's rule would charge besides."""

    number: int
    charged: int
    fresh: int

    @property
    def amount(self) -> int:
        return self.charged + self.fresh


@dataclass(frozen=True)
class Loss:
    """What a write-off takes out of the books, in rupiah: of the principal the allowance bears `borne`. `let_go` are
    the unpaid fees and penalties, which never stood in the books.
    """

    principal: int
    borne: int
    let_go: int

    @property
    def lost(self) -> int:
        return self.principal - self.borne


def preview_reschedule(
    *, loan: Loan, on: date, kind: str, from_instalment: int, value: Value, by: User | None = None
) -> tuple[Plan, Plan]:
    """The schedule as it is and as it would be; nothing is written. Raises ValidationError as rescheduling would."""
    _check_disbursed(loan)
    life = Life(loan)
    before = life.book.plan
    _check_reschedule(life, on, by)
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
    decision: ShiftDecision | None = None,
) -> Reschedule:
    """Changes the schedule from an instalment on which no money lies.

    `value`: so many instalments (`extra_instalments`, `grace`), percent (`rate`) or the day of that instalment
    (`new_due_on`). Refused before the loan's last record and in a closed month, whose arrears would change.
    """
    loan = lock_loan(loan)
    row = _reschedule(loan, on, kind, from_instalment, value)
    if sent := Reschedule.objects.filter(uuid=uuid).first():
        told = ("loan_id", "on", "kind", "from_instalment", "instalments", "rate", "new_due_on")
        same = all(getattr(sent, name) == getattr(row, name) for name in told)
        return same_sending(sent, same and (sent.reason, sent.recorded_by) == (reason, by))
    check_reason(reason, example="rumah terendam banjir dua bulan")
    _check_disbursed(loan)
    life = Life(loan)
    _check_reschedule(life, on, by)
    dues = life.dues_on(on)
    life.after(event_of_reschedule(row))
    keep_class(row, life, dues)
    row.reason, row.uuid, row.recorded_by, row.decision = reason, uuid, by, decision
    history.save(row, by=by, reason=reason)
    save_schedule(life, on)
    return row


@transaction.atomic
def undo_reschedule(*, reschedule: Reschedule, undone_on: date, reason: str, by: User) -> Reschedule:
    """Brings the schedule before back, while nothing was recorded on the loan since. The record of it stays."""
    loan = lock_loan(reschedule.loan)
    reschedule = with_later(Reschedule.objects.filter(pk=reschedule.pk)).get()
    if reschedule.undone_on:
        return same_sending(
            reschedule,
            (reschedule.undone_on, reschedule.undone_by, reschedule.undo_reason) == (undone_on, by, reason),
        )
    check_reason(reason, example="salah pilih angsuran")
    check_on(loan.group, undone_on, by, field="undone_on", earliest=reschedule.on)
    if refusal := why_not_undone(reschedule):
        raise ValidationError(refusal)
    reschedule.undone_on, reschedule.undone_by, reschedule.undo_reason = undone_on, by, reason
    history.save(reschedule, by=by, reason=reason)
    save_schedule(Life(loan), undone_on)
    return reschedule


def keep_class(row: Reschedule, life: Life, dues: Sequence[Due]) -> None:
    """Writes into an unsaved reschedule how late the loan was by what was due before it, and the rupiah that its third
    new instalment asks for in all: a loan is no better for another schedule until three instalments of it are paid.
    """
    late = [due for due in dues if due.due_on < row.on and due.principal + due.service_fee > 0]
    if not late:
        return
    found = lateness(late[0].due_on, row.on, len(late))
    row.late_days, row.late_months, row.late_instalments = found.days, found.months, found.instalments
    rows = life.book.plan.rows[: row.from_instalment + KEEPS_CLASS - 1]
    row.kept_principal = sum(one.principal for one in rows)
    row.kept_service_fee = sum(one.service_fee for one in rows)


def with_later(rows: QuerySet[Reschedule]) -> QuerySet[Reschedule]:
    """Reschedules with what was recorded on their loans since, for `why_not_undone`."""
    of_loan = {"loan": OuterRef("loan")}
    since = {"recorded_at__gt": OuterRef("recorded_at")}
    money = ReceiptPart.objects.filter(**of_loan, receipt__recorded_at__gt=OuterRef("recorded_at"))
    newer = Reschedule.objects.filter(**of_loan, undone_on=None, pk__gt=OuterRef("pk"))
    return rows.select_related("loan", "village").annotate(
        has_later_money=Exists(money),
        has_later_penalty=Exists(Penalty.objects.filter(**of_loan, **since)),
        has_newer=Exists(newer),
    )


def why_not_undone(reschedule: Reschedule) -> str:
    """Why a reschedule (`with_later`) cannot be undone, as an Indonesian sentence; "" while it can."""
    loan = reschedule.loan
    if reschedule.undone_on:
        return f"Sudah diurungkan {format_day(reschedule.undone_on)}."
    if loan.written_off_on:
        return f"Pinjaman ini dihapus buku {format_day(loan.written_off_on)}."
    asked: Any = reschedule
    if asked.has_later_money or asked.has_later_penalty:
        return "Sesudah penjadwalan ulang ini sudah ada catatan lain, jadi tidak dapat diurungkan lagi."
    if asked.has_newer:
        return "Urungkan dulu penjadwalan ulang yang lebih baru."
    return ""


def first_free(life: Life) -> int | None:
    """The first instalment on which no money lies, nor on one after it; None where money lies on the last."""
    paid = [number for number, row in enumerate(life.book.purse.paid, 1) if any(row.values())]
    first = paid[-1] + 1 if paid else 1
    return first if first <= len(life.book.plan.rows) else None


def fines_on(life: Life, day: date) -> list[Fine]:
    """The penalties unpaid at the end of the day by instalment, those that the rule would charge then included."""
    fresh = {charge.number: charge.amount for charge in life.charges_on(day)}
    found = (Fine(due.number, due.penalty, fresh.get(due.number, 0)) for due in life.dues_on(day))
    return [fine for fine in found if fine.amount]


@transaction.atomic
def waive_penalty(*, loan: Loan, on: date, reason: str, by: User) -> int:
    """Lets go of all penalties unpaid on the day, those that the rule would charge then too; returns the rupiah.

    Nothing is entered in the ledger: a penalty is income when it is received. Raises ValidationError when there is
    none; sent again, it is the same waiver.
    """
    loan = lock_loan(loan)
    check_reason(reason, example="suaminya sakit, disepakati rapat 5 November")
    _check_disbursed(loan)
    life = Life(loan)
    fines = fines_on(life, on)
    if not fines:
        sent = loan.penalties.filter(kind=Penalty.Kind.WAIVER, on=on, reason=reason, recorded_by=by)
        if waived := sum(sent.values_list("amount", flat=True)):
            return waived
        raise ValidationError(
            f"Pada {format_day(on)} tidak ada denda yang belum dibayar, jadi tidak ada yang dibebaskan."
        )
    check_on(loan.group, on, by, earliest=life.latest)
    now = timezone.now()
    for fine in fines:
        if fine.fresh:
            life.after(new_charge(fine.number, on, fine.fresh))
            _save_penalty(loan, fine.number, Penalty.Kind.CHARGE, fine.fresh, on, by, now)
        life.after(Waiver(f"bebas {fine.number}", on, fine.amount, fine.number))
        _save_penalty(loan, fine.number, Penalty.Kind.WAIVER, fine.amount, on, by, now, reason)
    return sum(fine.amount for fine in fines)


def preview_write_off(*, loan: Loan, on: date, by: User | None = None) -> Loss:
    """What a write-off would take out of the books; nothing is written. Raises ValidationError as the act would."""
    _check_disbursed(loan)
    return _write_off(Life(loan), on, by)


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
    _check_disbursed(loan)
    loss = _write_off(Life(loan), on, by)
    lines = [(debit, LOANS, part) for debit, part in ((ALLOWANCE, loss.borne), (LOSSES, loss.lost)) if part]
    record_voucher(
        group=loan.group,
        kind=Voucher.Kind.WRITE_OFF,
        on=on,
        amount=loss.principal,
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
    loan.written_off_on, loan.written_off = on, loss.principal
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
    fields: dict[str, str] = {Reschedule.Kind.RATE: "rate", Reschedule.Kind.NEW_DUE_ON: "new_due_on"}
    setattr(row, fields.get(kind, "instalments"), value)
    return row


def _write_off(life: Life, on: date, by: User | None) -> Loss:
    """Plays the write-off and tells what it loses."""
    loan = life.loan
    check_on(loan.group, on, by, earliest=loan.opened_on or loan.disbursed_on)
    owed = life.owed_on(on)
    life.after(WriteOff(on))
    principal = life.book.written_off or 0
    return Loss(principal, min(principal, _allowance(loan.group, on)), owed - principal)


def _allowance(group: Group, on: date) -> int:
    """Rupiah set aside that are free at the end of the day and of every later one, never below 0.

    It stands on the credit side of an asset account, so its balance there is what is left with the sign turned.
    """
    saved: Counter[date] = Counter({on: 0})
    rows = group.entries.filter(Q(debit=ALLOWANCE) | Q(credit=ALLOWANCE)).values_list("on", "debit", "amount")
    for day, debit, amount in rows:
        saved[max(day, on)] += -amount if debit == ALLOWANCE else amount
    return max(0, min(accumulate(saved[day] for day in sorted(saved))))


def _check_disbursed(loan: Loan) -> None:
    if not loan.is_disbursed:
        raise ValidationError("Pinjaman ini belum dicairkan, jadi belum berjadwal.")


def _check_reschedule(life: Life, on: date, by: User | None) -> None:
    check_on(life.loan.group, on, by, earliest=life.latest)


def _save_penalty(
    loan: Loan, number: int, kind: str, amount: int, on: date, by: User, at: datetime, reason: str = ""
) -> None:
    row = Penalty(
        village_id=loan.village_id,
        loan=loan,
        instalment_number=number,
        kind=kind,
        on=on,
        amount=amount,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    history.save(row, by=by, reason=reason)
