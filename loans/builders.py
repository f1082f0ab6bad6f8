"""Pure builders of the money verbs: facts in, unsaved rows out. People (through services) and seeds use the same."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from accounts.models import User
from loans import allocation, schedule
from loans.allocation import Kind
from loans.models import Instalment, Loan, LoanProduct, Receipt, ReceiptPart
from loans.models.loans import LoanTerms
from up2k_portal.lib.dates import period_of
from villages.models import Member, Poklak


def build_loan(
    *,
    product: LoanProduct,
    borrower: Member | Poklak,
    principal: int,
    purpose: str,
    proposed_on: date,
    number: str,
    uuid: UUID,
    by: User | None,
) -> Loan:
    """A proposed loan on the terms of the product. `principal` in whole rupiah."""
    terms = {name: getattr(product, name) for name in LoanTerms.TERM_FIELDS}
    return Loan(
        village_id=product.village_id,
        group_id=product.group_id,
        product=product,
        **payer_fields(borrower),
        principal=principal,
        purpose=purpose,
        proposed_on=proposed_on,
        number=number,
        uuid=uuid,
        proposed_by=by,
        **terms,
    )


def build_disbursement(*, loan: Loan, disbursed_on: date, by: User | None) -> list[Instalment]:
    """Marks the loan as disbursed and returns its schedule. Raises schedule.ScheduleError for impossible terms."""
    rows = schedule.build(loan.schedule_terms(loan.principal), disbursed_on)
    loan.status = Loan.Status.DISBURSED
    loan.disbursed_on = disbursed_on
    loan.disbursed_by = by
    return list(_instalments(loan, rows))


def _instalments(loan: Loan, rows: Iterable[schedule.Row]):
    principal_to_date = service_fee_to_date = 0
    for row in rows:
        principal_to_date += row.principal
        service_fee_to_date += row.service_fee
        yield Instalment(
            village_id=loan.village_id,
            loan=loan,
            number=row.number,
            due_on=row.due_on,
            principal=row.principal,
            service_fee=row.service_fee,
            principal_to_date=principal_to_date,
            service_fee_to_date=service_fee_to_date,
        )


def build_payment(
    *,
    loan: Loan,
    instalments: Iterable[Instalment],
    principal_paid: int,
    service_fee_paid: int,
    amount: int,
    received_on: date,
    number: str,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
    penalty: int = 0,
    note: str = "",
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt of `amount` rupiah, of which `penalty` is a fine; the rest goes by the loan's allocation order."""
    parts = split_payment(
        loan=loan,
        instalments=instalments,
        principal_paid=principal_paid,
        service_fee_paid=service_fee_paid,
        amount=amount,
        penalty=penalty,
    )
    receipt = Receipt(
        village_id=loan.village_id,
        group_id=loan.group_id,
        **payer_fields(loan.borrower),
        number=number,
        uuid=uuid,
        received_on=received_on,
        period=period_of(received_on),
        amount=amount,
        note=note,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return receipt, _parts(receipt, ((kind, loan, part) for kind, part in parts.items()))


def split_payment(
    *,
    loan: Loan,
    instalments: Iterable[Instalment],
    principal_paid: int,
    service_fee_paid: int,
    amount: int,
    penalty: int = 0,
) -> dict[Kind, int]:
    """How `amount` rupiah would be split, oldest instalment first; what is beyond the whole loan is credit."""
    dues = allocation.open_dues(instalments, principal_paid, service_fee_paid)
    fine = {Kind.PENALTY: penalty} if penalty else {}
    rest = amount - penalty
    return fine | (allocation.allocate(rest, dues, allocation.parse_order(loan.allocation_order)) if rest else {})


def build_reversal(
    *,
    receipt: Receipt,
    parts: Iterable[ReceiptPart],
    reversed_on: date,
    reason: str,
    number: str,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt that takes back another, part by part; the other stays as it is."""
    reversal = Receipt(
        village_id=receipt.village_id,
        group_id=receipt.group_id,
        member_id=receipt.member_id,
        poklak_id=receipt.poklak_id,
        number=number,
        uuid=uuid,
        received_on=reversed_on,
        period=period_of(reversed_on),
        amount=-receipt.amount,
        reverses=receipt,
        reason=reason,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return reversal, _parts(reversal, ((part.kind, part.loan, -part.amount) for part in parts))


def payer_fields(person: Member | Poklak) -> dict[str, Member | Poklak]:
    """The column that names a borrower or payer: a member's or a poklak's."""
    return {"poklak" if isinstance(person, Poklak) else "member": person}


def _parts(receipt: Receipt, parts: Iterable[tuple[str, Loan | None, int]]) -> list[ReceiptPart]:
    return [
        ReceiptPart(
            village_id=receipt.village_id,
            receipt=receipt,
            kind=str(kind),
            loan=loan,
            amount=amount,
            received_on=receipt.received_on,
        )
        for kind, loan, amount in parts
    ]
