"""A loan on its way to its money: proposed, verified, decided, paid out. Each is done once however often it is sent.

All amounts are whole rupiah. What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import User
from loans import builders, ledger_services
from loans.eligibility import STOP, WARN, Finding
from loans.eligibility_services import judge
from loans.ledger_services import check_day, lock_group, next_loan_number, same_sending
from loans.models import Instalment, Loan, LoanProduct, LoanShare, MoneyRules
from loans.month_services import check_month_open
from loans.schedule import ScheduleError
from loans.services import check_borrower, lock_loan, rules_of
from loans.share_services import change_shares, check_shares, check_sum_of_shares, save_new_shares
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Member, Poklak

REASON_EXAMPLE = "salah ketik jumlah"
Shares = Mapping[Member, int]  # rupiah of each member of a poklak
Status = Loan.Status
WAITING = (Status.PROPOSED, Status.VERIFIED)  # for a decision


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
    shares: Shares | None = None,
) -> Loan:
    """Enters a proposal; its schedule is tried at once, so that impossible terms are refused before anyone decides.

    A poklak with members borrows in `shares` (rupiah by member, who is missing has 0) that add up to the principal.
    What the group's rules stop is refused with all their sentences; what they warn of is kept in `Loan.warnings`. The
    same UUID with the same content is the same proposal; with other content it is refused.
    """
    group = lock_group(product.group_id)
    shared = {member: amount for member, amount in (shares or {}).items() if amount}
    if sent := Loan.objects.filter(uuid=uuid).first():
        told = (product, borrower, principal, purpose, proposed_on, by)
        content = (sent.product, sent.borrower, sent.proposed_amount, sent.purpose, sent.proposed_on, sent.proposed_by)
        return same_sending(sent, content == told and _shares_of(sent, "proposed") == shared)
    loan, rows, found = _new_proposal(
        group, product=product, borrower=borrower, principal=principal, purpose=purpose, proposed_on=proposed_on,
        uuid=uuid, by=by, shares=shared,
    )  # fmt: skip
    loan.warnings = _sentences(found)
    history.save(loan, by=by)
    save_new_shares(loan, rows, by)
    return loan


def preview_proposal(
    *,
    product: LoanProduct,
    borrower: Member | Poklak,
    principal: int,
    purpose: str,
    proposed_on: date,
    uuid: UUID,
    by: User,
    shares: Shares | None = None,
) -> tuple[str, ...]:
    """The warnings that `propose_loan` would keep, nothing saved; none for a proposal that was sent already. Raises
    ValidationError as it would."""
    if Loan.objects.filter(uuid=uuid).exists():
        return ()
    _, _, found = _new_proposal(
        product.group, product=product, borrower=borrower, principal=principal, purpose=purpose,
        proposed_on=proposed_on, uuid=uuid, by=by, shares=shares or {},
    )  # fmt: skip
    return tuple(finding.sentence for finding in found)


def _new_proposal(group: Group, *, borrower, principal: int, proposed_on: date, shares: Shares, **facts):
    """The unsaved loan, the shares of its members and what warns of it."""
    check_day("proposed_on", proposed_on, earliest=group.founded_on)
    check_borrower(borrower, proposed_on)
    if shares and isinstance(borrower, Member):
        raise ValidationError({"shares": "Pinjaman anggota tidak dibagi. Ajukan atas nama poklaknya bila dibagi."})
    rows = check_shares(borrower, shares, principal, proposed_on) if isinstance(borrower, Poklak) else {}
    number = next_loan_number(group, proposed_on)
    loan = builders.build_loan(borrower=borrower, principal=principal, proposed_on=proposed_on, number=number, **facts)
    rules = rules_of(group)
    with _schedule_errors():
        builders.plan_loan(loan, proposed_on, rules)
    return loan, rows, _judged(loan, proposed_on, rules)


@transaction.atomic
def verify_loan(
    *, loan: Loan, by: User, amount: int | None = None, shares: Shares | None = None, note: str = ""
) -> Loan:
    """Notes what a second person found at the borrower's: the amount in rupiah that is right, not above the proposed.

    For a poklak's loan with shares give `shares`, which make the amount. Neither: as proposed. Who proposed it may not
    verify it. The same verification by the same person again changes nothing.
    """
    loan = lock_loan(loan)
    verified = (loan.verified_by_id, loan.verification_note)
    if loan.verified_on and verified == (by.pk, note) and _is_same(loan, "verified", amount, shares):
        return loan
    if loan.status != Status.PROPOSED:
        raise ValidationError(f"Pinjaman ini sudah {loan.get_status_display().lower()}.")
    if loan.proposed_by_id == by.pk:
        raise ValidationError("Yang mengajukan tidak boleh memverifikasi. Minta pengurus lain memeriksanya.")
    _set_amount(loan, "verified", amount, shares, by)
    loan.status, loan.verified_on, loan.verified_by, loan.verification_note = Status.VERIFIED, today(), by, note
    return history.save(loan, by=by, reason=note)


@transaction.atomic
def approve_loan(
    *, loan: Loan, by: User, amount: int | None = None, shares: Shares | None = None, note: str = ""
) -> Loan:
    """Approves a proposal for an amount in rupiah, not above the proposed; for a poklak's loan by `shares`.

    Neither: as verified, else as proposed. Who proposed it may not approve it; where the group wants every proposal
    verified, it must be. The same decision by the same person again changes nothing.
    """
    loan = lock_loan(loan)
    is_approved = loan.approved_amount and loan.status in (Status.APPROVED, Status.DISBURSED)
    if is_approved and _decided_alike(loan, by, note) and _is_same(loan, "approved", amount, shares):
        return loan
    _check_may_decide(loan, by)
    _set_amount(loan, "approved", amount, shares, by)
    return _save_decision(loan, Status.APPROVED, by=by, note=note)


@transaction.atomic
def reject_loan(*, loan: Loan, by: User, note: str) -> Loan:
    """Refuses a proposal, with the reason for the village. Again by the same person it changes nothing."""
    check_reason(note, field="note", example=REASON_EXAMPLE)
    loan = lock_loan(loan)
    if loan.status == Status.REJECTED and _decided_alike(loan, by, note):
        return loan
    _check_may_decide(loan, by)
    return _save_decision(loan, Status.REJECTED, by=by, note=note)


@transaction.atomic
def withdraw_loan(*, loan: Loan, by: User, note: str) -> Loan:
    """Takes back a proposal that was not disbursed, with a reason. Again by the same person it changes nothing."""
    check_reason(note, field="note", example=REASON_EXAMPLE)
    loan = lock_loan(loan)
    if loan.status == Status.WITHDRAWN and _decided_alike(loan, by, note):
        return loan
    if loan.status not in (*WAITING, Status.APPROVED):
        raise ValidationError(f"Pinjaman ini {loan.get_status_display().lower()}, jadi tidak dapat dibatalkan.")
    return _save_decision(loan, Status.WITHDRAWN, by=by, note=note)


@transaction.atomic
def disburse_loan(*, loan: Loan, disbursed_on: date, by: User) -> Loan:
    """Pays the loan out and freezes its schedule. Above the operator's limit it must be approved first.

    The group's rules are asked once more: what they stop is refused, what they warn of now replaces the warnings of
    the proposal (its history keeps those).
    """
    loan = lock_loan(loan)
    if loan.is_disbursed and (loan.disbursed_on, loan.disbursed_by_id) == (disbursed_on, by.pk):
        return loan
    rules = rules_of(loan.group)
    if refusal := why_not_disbursed(loan, rules):
        raise ValidationError(refusal)
    check_day("disbursed_on", disbursed_on, earliest=loan.decided_on or loan.verified_on or loan.proposed_on)
    _check_borrowers(loan, disbursed_on)
    check_month_open(loan.group, disbursed_on, by, field="disbursed_on")
    stored = history.snapshot(loan)
    loan.warnings = _sentences(_judged(loan, disbursed_on, rules))
    with _schedule_errors():
        instalments = builders.build_disbursement(loan=loan, disbursed_on=disbursed_on, by=by, rules=rules)
    loan.full_clean()
    loan.save()
    history.record(loan, by=by, before=stored)
    Instalment.objects.bulk_create(instalments)
    ledger_services.record_voucher(**builders.pay_out_facts(loan), by=by)
    return loan


def why_not_decided(loan: Loan, rules: MoneyRules | None) -> str:
    """Why the loan cannot be decided on now; "" when it can. Who decides is asked apart."""
    if loan.status not in WAITING:
        return f"Pinjaman ini sudah {loan.get_status_display().lower()}."
    return _not_verified(loan, rules)


def why_not_disbursed(loan: Loan, rules: MoneyRules | None) -> str:
    """Why the loan cannot be paid out now; "" when it can."""
    if loan.status == Status.APPROVED:
        return ""
    if loan.status not in WAITING:
        return f"Pinjaman ini sudah {loan.get_status_display().lower()}."
    limit = loan.village.district.regency.operator_limit
    if loan.principal > limit:
        return (
            f"Pokok {format_rupiah(loan.principal)} di atas batas operator {format_rupiah(limit)}. "
            "Tunggu persetujuan kecamatan."
        )
    return _not_verified(loan, rules)


def _not_verified(loan: Loan, rules: MoneyRules | None) -> str:
    if rules and rules.needs_verification and loan.status == Status.PROPOSED:
        return "Menurut aturan kelompok pengajuan ini harus diverifikasi dulu oleh orang kedua."
    return ""


def _check_may_decide(loan: Loan, by: User) -> None:
    if refusal := why_not_decided(loan, rules_of(loan.group)):
        raise ValidationError(refusal)
    if loan.proposed_by_id == by.pk:
        raise ValidationError("Yang mengajukan tidak boleh memutuskan. Minta pengurus lain memeriksanya.")


def _decided_alike(loan: Loan, by: User, note: str) -> bool:
    return (loan.decided_by_id, loan.decision_note) == (by.pk, note)


def _save_decision(loan: Loan, status: str, *, by: User, note: str) -> Loan:
    loan.status = status
    loan.decided_on = today()
    loan.decided_by = by
    loan.decision_note = note
    return history.save(loan, by=by, reason=note)


def _set_amount(loan: Loan, step: str, amount: int | None, shares: Shares | None, by: User) -> None:
    """Sets the amount and the shares of one step (verified, approved) and the principal with them."""
    rows = list(loan.shares.select_related("member", "loan"))
    shared = {row.member: row.amount for row in rows}
    if shares is not None:
        if strangers := [str(member) for member in shares if member not in shared]:
            raise ValidationError({"shares": f"{strangers[0]} tidak punya bagian di {loan}."})
        shared = {member: shares.get(member, 0) for member in shared}
        amount = sum(shared.values()) if amount is None else amount
    amount = loan.principal if amount is None else amount
    if amount < 1:
        raise ValidationError({"amount": "Jumlah harus lebih dari nol, misalnya 500.000."})
    if amount > loan.proposed_amount:
        proposed = format_rupiah(loan.proposed_amount)
        said = f"Jumlah {format_rupiah(amount)} melebihi yang diajukan {proposed}. Ajukan lagi bila perlu lebih banyak."
        raise ValidationError({"amount": said})
    if rows:
        check_sum_of_shares(shared, amount)
        change_shares(rows, step, shared, by)
    setattr(loan, f"{step}_amount", amount)
    loan.principal = amount
    with _schedule_errors("amount"):
        builders.plan_loan(loan, loan.proposed_on, rules_of(loan.group))


def _is_same(loan: Loan, step: str, amount: int | None, shares: Shares | None) -> bool:
    """Whether a step was done with this content; what was not given then counts as whatever was set."""
    stored = getattr(loan, f"{step}_amount")
    if amount is not None and amount != stored:
        return False
    return shares is None or _shares_of(loan, step) == {member: part for member, part in shares.items() if part}


def _shares_of(loan: Loan, step: str) -> dict[Member, int]:
    """The parts of one step, those of 0 left out."""
    rows: Iterable[LoanShare] = loan.shares.select_related("member")
    return {row.member: part for row in rows if (part := getattr(row, step))}


def _judged(loan: Loan, on: date, rules: MoneyRules | None) -> tuple[Finding, ...]:
    """What warns of the loan. Raises ValidationError with every sentence when a rule stops it."""
    found = judge(group=loan.group, borrower=loan.borrower, principal=loan.principal, on=on, rules=rules)
    if any(finding.level == STOP for finding in found):
        raise ValidationError([finding.sentence for finding in found if finding.level == STOP])
    return tuple(finding for finding in found if finding.level == WARN)


def _sentences(found: Iterable[Finding]) -> str:
    return "\n".join(finding.sentence for finding in found)


def _check_borrowers(loan: Loan, on: date) -> None:
    """The borrower and, for a poklak, everyone with a part must belong to the group on the day."""
    check_borrower(loan.borrower, on)
    if loan.poklak_id:
        for row in loan.shares.select_related("member"):
            if row.amount:
                check_borrower(row.member, on)


@contextmanager
def _schedule_errors(field: str = "principal"):
    """A schedule that cannot be made is the fault of the amount or the product: said at the amount."""
    try:
        yield
    except ScheduleError as error:
        raise ValidationError({field: str(error)}) from error
