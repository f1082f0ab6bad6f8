"""Money of a borrower as people bring it: a total that the portal divides, parts given by hand, an early payoff; and
what undoing a receipt would change.

Above `services` (loans) and `saving_services` (savings), which write. Whole rupiah; what a person can mend raises
ValidationError with an Indonesian sentence. A preview shows what recording does, by the same code and unsaved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from loans import builders, receipt_codes, saving_services, savings, services, totals
from loans.allocation import Kind
from loans.ledger_services import same_sending
from loans.life import PAID_KINDS, Life, new_charge, payment_event
from loans.models import Loan, Receipt, ReceiptPart
from loans.models.loans import Ahead
from loans.models.rules import TotalCovers
from loans.month_services import check_month_open
from loans.payer_services import Payers
from up2k_portal.lib.access import EVERYWHERE, Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

COVERED = ("mandatory", "contribution")  # what a total covers after the loan's dues, in this order
LOAN_KINDS = tuple(str(kind) for kind in PAID_KINDS)


@dataclass(frozen=True)
class Bill:
    """What a borrower should bring on a day; rupiah.

    `loan_due` is late and due on the loan with the penalties that its rule asks for by the day; `next_row` what is
    unpaid on the first row after that; `savings_due` what a total covers of wajib and iuran.
    """

    loan_due: int
    next_row: int
    savings_due: dict[str, int]
    ahead_to: str | None

    @property
    def amount(self) -> int:
        """What the form proposes: all that is due; where the loan has nothing due its next row, if money goes there."""
        for_loan = self.loan_due or (self.next_row if self.ahead_to is None else 0)
        return for_loan + sum(self.savings_due.values())

    def shares(self, total: int) -> totals.Shares:
        """How a total that she brings is shared."""
        return totals.share_total(total, loan_due=self.loan_due, savings_due=self.savings_due, ahead_to=self.ahead_to)


@dataclass(frozen=True)
class ChangedSplit:
    """A receipt that is split anew: rupiah by kind before and after."""

    receipt: Receipt
    old: dict[str, int]
    new: dict[str, int]


@dataclass(frozen=True)
class UndoPreview:
    """What undoing a receipt changes in others: those split anew, or one adjustment where a month is closed."""

    changed: list[ChangedSplit] = field(default_factory=list)
    adjustment: dict[str, int] = field(default_factory=dict)
    adjusted_on: date | None = None


@dataclass(frozen=True)
class CheckedReceipt:
    """What anyone may know of a receipt whose code she holds: no name, no number, no place."""

    amount: int
    received_on: date
    cancelled_on: date | None
    cancelled_at: datetime | None


def checked_receipt(code: str) -> CheckedReceipt | None:
    """The receipt of a signed code as typed; None where the code is not ours, nor of a practice village."""
    pk = receipt_codes.receipt_pk(code)
    receipt = pk and Receipt.objects.in_area(EVERYWHERE).select_related("reversal").filter(pk=pk, reverses=None).first()
    if not receipt:
        return None
    reversal = getattr(receipt, "reversal", None)
    return CheckedReceipt(
        amount=receipt.amount,
        received_on=receipt.received_on,
        cancelled_on=reversal and reversal.received_on,
        cancelled_at=reversal and reversal.recorded_at,
    )


def bill_on(loan: Loan, on: date, life: Life | None = None) -> Bill:
    """What the borrower of a loan paid out should bring on the day."""
    life = life or Life(loan)
    dues = life.dues_on(on)
    fines = sum(charge.amount for charge in life.charges_on(on))
    due = sum(one.service_fee + one.principal for one in dues if one.due_on <= on)
    later = (one.service_fee + one.principal for one in dues if one.due_on > on)
    saver = _saver(loan, on)
    return Bill(
        loan_due=due + fines + sum(one.penalty for one in dues),
        next_row=next((left for left in later if left), 0),
        savings_due=_savings_due(loan, saver, on) if saver else {},
        ahead_to="voluntary" if saver and loan.ahead == Ahead.VOLUNTARY else None,
    )


@transaction.atomic
def record_total(
    *,
    loan: Loan,
    total: int,
    received_on: date,
    by: User,
    uuid: UUID,
    till: str = "cash",
    note: str = "",
    payers: Payers | None = None,
) -> Receipt:
    """Receives `total` rupiah of a loan's borrower and divides it as the product and the group set (`totals`).

    Its part for the loan can be split anew later; what went to savings stays. Where nothing goes to the loan the
    receipt is one of savings alone. `payers` say of a poklak's loan who brought what (`payer_services`). The same
    UUID with the same content is the same receipt; with other content it is refused.
    """
    loan = services.lock_loan(loan)
    facts: dict[str, Any] = {"received_on": received_on, "by": by, "uuid": uuid, "till": till, "note": note}
    if not loan.member:
        return services.record_payment(loan=loan, amount=total, payers=payers, **facts)
    if sent := Receipt.objects.filter(uuid=uuid).first():
        return same_sending(sent, _is_same_total(sent, loan, total, received_on, till, note, by))
    services.check_payment(loan, total, {}, received_on)
    shares = bill_on(loan, received_on).shares(total)
    if not shares.loan:
        return saving_services.record_deposit(member=loan.member, parts=shares.savings, **facts)
    return services.record_payment(loan=loan, amount=shares.loan, savings=shares.savings, **facts)


@transaction.atomic
def record_by_hand(
    *,
    loan: Loan,
    parts: Mapping[str, int],
    received_on: date,
    by: User,
    uuid: UUID,
    till: str = "cash",
    note: str = "",
    payers: Payers | None = None,
) -> Receipt:
    """Receives what somebody divided herself: `parts` in rupiah by kind, of the loan and of savings.

    They are facts and never split anew. Sent twice it is done once, as `services.record_payment` says.
    """
    loan = services.lock_loan(loan)
    for_loan, saved = _by_place(parts)
    facts: dict[str, Any] = {"received_on": received_on, "by": by, "uuid": uuid, "till": till, "note": note}
    if loan.member and not for_loan:
        return saving_services.record_deposit(member=loan.member, parts=saved, **facts)
    facts |= {"loan": loan, "amount": sum(for_loan.values()), "parts": for_loan, "savings": saved}
    return services.record_payment(**facts, payers=payers if loan.poklak else None)


@transaction.atomic
def pay_off(
    *, loan: Loan, amount: int, received_on: date, by: User, uuid: UUID, till: str = "cash", note: str = ""
) -> Receipt:
    """Receives exactly what pays the loan off on the day, fees of later periods let go as the product says.

    Refused when the quote is another by now. Members of a poklak pay in proportion to their parts. Sent twice it is
    done once.
    """
    loan = services.lock_loan(loan)
    if not Receipt.objects.filter(uuid=uuid).exists():
        services.check_payment(loan, amount, {}, received_on)
        total = Life(loan).quote_on(received_on).total
        if total != amount:
            raise ValidationError(
                f"Hitungan pelunasan untuk tanggal itu sekarang {format_rupiah(total)}, bukan {format_rupiah(amount)}."
                " Periksa hitungan yang baru, lalu simpan."
            )
    return services.record_payment(
        loan=loan,
        amount=amount,
        received_on=received_on,
        by=by,
        uuid=uuid,
        till=till,
        note=note,
        is_payoff=True,
    )


def preview_total(loan: Loan, total: int, received_on: date, by: User | None) -> dict[str, int]:
    """The parts in rupiah by kind that `record_total` would make. `loan` carries what was paid (`with_balance`)."""
    _check_may_record(loan, total, {}, received_on, by)
    life = Life(loan)
    shares = bill_on(loan, received_on, life).shares(total)
    return _split_for_loan(life, shares.loan, {}, received_on) | shares.savings


def preview_by_hand(loan: Loan, parts: Mapping[str, int], received_on: date, by: User | None) -> dict[str, int]:
    """The parts as given, after the checks that `record_by_hand` makes."""
    for_loan, saved = _by_place(parts)
    if for_loan:
        facts = {Kind(kind): amount for kind, amount in for_loan.items()}
        _check_may_record(loan, sum(facts.values()), facts, received_on, by)
        _split_for_loan(Life(loan), sum(facts.values()), facts, received_on)
    return for_loan | saved


def preview_undo(receipt: Receipt, reversed_on: date, by: User | None) -> UndoPreview:
    """What taking a receipt back on the day would change in the split of others.

    Raises ValidationError, an Indonesian sentence, where it cannot be taken back then.
    """
    parts = list(receipt.parts.standing().select_related("loan__group", "member"))
    loan = next((part.loan for part in parts if part.loan_id), None)
    if loan is None:
        return UndoPreview()
    reversal, rows = builders.build_reversal(
        receipt=receipt,
        parts=parts,
        reversed_on=reversed_on,
        reason="",
        serial=0,
        uuid=uuid4(),
        by=by,
        recorded_at=timezone.now(),
    )
    life = Life(loan)
    fines = services.fines_of(life, receipt)  # as reverse_payment takes them back
    effect = services.after_undo(life, receipt, fines, reversed_on)
    return _told(life, services.resplit(life, reversal, effect, rows))


def why_not_undo(receipt: Receipt, by: User) -> str:
    """Why this person cannot take the receipt back, as an Indonesian sentence; "" when she can.

    The operator takes back receipts of the open meeting, the kecamatan those whose cash was counted.
    """
    try:
        services.check_may_undo(receipt, by)
    except ValidationError as error:
        return " ".join(error.messages)
    if by.access_on(today()).may_in(Action.RECORD_MONEY, receipt.village) or services.is_counted(receipt):
        return ""
    return "Kas pertemuan itu belum dihitung, jadi bukti ini masih dikoreksi operator desa. Mintalah operatornya."


def _savings_due(loan: Loan, saver: Member, on: date) -> dict[str, int]:
    rules = services.rules_of(loan.group)
    if rules is None or rules.total_covers != TotalCovers.DUES:
        return {}
    due = savings.dues(saver, on)
    return {kind: due[kind] for kind in COVERED if due[kind]}


def _saver(loan: Loan, on: date) -> Member | None:
    """Who can save on a receipt of this loan: its borrower while she is a member; a poklak never."""
    member = loan.member
    return member if member and (member.left_on is None or on < member.left_on) else None


def _by_place(parts: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """What is for the loan, and what is saved; parts of 0 left out."""
    given = {str(kind): amount for kind, amount in parts.items() if amount}
    for_loan = {kind: amount for kind, amount in given.items() if kind in LOAN_KINDS}
    return for_loan, {kind: amount for kind, amount in given.items() if kind not in LOAN_KINDS}


def _split_for_loan(life: Life, amount: int, by_hand: Mapping[Kind, int], on: date) -> dict[str, int]:
    """What `services.record_payment` would make of this for the loan; the life is used up by it."""
    if not amount:
        return {}
    fines = () if Kind.PENALTY in by_hand else life.charges_on(on)
    charges = (new_charge(one.number, on, one.amount) for one in fines)
    effect = life.after(*charges, payment_event(services.NEW, on, amount, by_hand), own=services.NEW)
    return {str(kind): part for kind, part in effect.own.items()}


def _check_may_record(loan: Loan, total: int, by_hand: Mapping[Kind, int], on: date, by: User | None) -> None:
    services.check_payment(loan, total, by_hand, on)
    check_month_open(loan.group, on, by, field="received_on")


def _told(life: Life, rows: list[ReceiptPart]) -> UndoPreview:
    """Unsaved parts of `services.resplit`, receipt by receipt."""
    new: dict[int, dict[str, int]] = {}
    adjustment: dict[str, int] = {}
    adjusted_on = None
    for row in rows:
        if row.role == ReceiptPart.Role.ADJUSTMENT:
            adjustment[row.kind], adjusted_on = row.amount, row.received_on
        elif not row.reverses_id:
            new.setdefault(row.receipt_id, {})[row.kind] = row.amount
    changed = [
        ChangedSplit(parts[0].receipt, {part.kind: part.amount for part in parts}, new[key])
        for key, parts in life.standing.items()
        if key in new
    ]
    return UndoPreview(changed, adjustment, adjusted_on)


def _is_same_total(sent: Receipt, loan: Loan, total: int, on: date, till: str, note: str, by: User) -> bool:
    content = (sent.group_id, sent.member_id, sent.poklak_id, sent.received_on, sent.till, sent.note, sent.recorded_by)
    parts = list(sent.parts.filter(role=ReceiptPart.Role.ORIGINAL))
    return (
        content == (loan.group_id, loan.member_id, loan.poklak_id, on, till, note, by)
        and (sent.amount, sent.waives_from, sent.reverses_id) == (total, None, None)
        and not any(part.by_hand for part in parts)
        and {part.loan_id for part in parts} <= {loan.pk, None}
    )
