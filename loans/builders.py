"""Pure builders of the money verbs: facts in, unsaved rows out. People (through services) and seeds use the same."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from accounts.models import User
from loans import allocation, schedule
from loans.allocation import Kind
from loans.chart import CASH, LOANS
from loans.models import Entry, Instalment, Loan, LoanProduct, MoneyRules, Receipt, ReceiptPart, Voucher
from loans.models.loans import LoanTerms
from loans.numbers import receipt_series
from loans.postings import build_voucher
from up2k_portal.lib.dates import period_of
from villages.models import Group, Member, Poklak

RESPLIT, ADJUSTMENT = ReceiptPart.Role.RESPLIT, ReceiptPart.Role.ADJUSTMENT


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
        group=product.group,
        product=product,
        **payer_fields(borrower),
        principal=principal,
        proposed_amount=principal,
        purpose=purpose,
        proposed_on=proposed_on,
        number=number,
        uuid=uuid,
        proposed_by=by,
        **terms,
    )


def plan_loan(loan: Loan, start: date, rules: MoneyRules | None = None) -> tuple[schedule.Row, ...]:
    """The schedule of a loan paid out on `start` in a group with these rules (on the due day that holds for it).

    Raises schedule.ScheduleError for impossible terms.
    """
    days = loan.due_days(start, rules.due.due_day, rules.due.cutoff_day) if rules else loan.due_days(start)
    return schedule.build(loan.schedule_terms(loan.principal), start, days)


def build_disbursement(
    *, loan: Loan, disbursed_on: date, by: User | None, rules: MoneyRules | None = None
) -> list[Instalment]:
    """Marks the loan as disbursed and returns its schedule. Raises schedule.ScheduleError for impossible terms."""
    rows = plan_loan(loan, disbursed_on, rules)
    loan.status = Loan.Status.DISBURSED
    loan.disbursed_on = disbursed_on
    loan.disbursed_by = by
    return list(build_instalments(loan, rows, disbursed_on))


def build_instalments(loan: Loan, rows: Iterable[schedule.Row], valid_from: date) -> Iterator[Instalment]:
    """The rows of a whole schedule, in force from a day on."""
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
            valid_from=valid_from,
        )


def build_payment(
    *,
    loan: Loan,
    parts: Mapping[Kind, int] | Mapping[str, int],
    received_on: date,
    serial: int,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
    by_hand: Mapping[Kind, int] | Mapping[str, int] | None = None,
    savings: Mapping[str, int] | None = None,
    till: str = "cash",
    note: str = "",
    waives_from: int | None = None,
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt of these parts in rupiah for the loan; `by_hand` is what of them was given as facts.

    `savings` (rupiah by kind of part) came on top: what the borrower saves and contributes on the same receipt.
    """
    paid = {kind: amount for kind, amount in parts.items() if amount}
    saved = {kind: saving for kind, saving in (savings or {}).items() if saving}
    facts = {str(kind): part for kind, part in (by_hand or {}).items()}
    receipt = Receipt(
        village_id=loan.village_id,
        group=loan.group,
        **payer_fields(loan.borrower),
        **numbered(loan.group, received_on, serial),
        till=till,
        uuid=uuid,
        received_on=received_on,
        period=period_of(received_on),
        amount=sum(paid.values()) + sum(saved.values()),
        note=note,
        waives_from=waives_from,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    for_loan = [_part(receipt, kind, part, loan, None, by_hand=facts.get(str(kind), 0)) for kind, part in paid.items()]
    return receipt, for_loan + [_part(receipt, kind, saving, None, loan.member) for kind, saving in saved.items()]


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


def build_recovery(
    *,
    loan: Loan,
    amount: int,
    received_on: date,
    serial: int,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
    till: str = "cash",
    note: str = "",
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt of rupiah that came in for a loan after it was written off: income, no principal."""
    return build_payment(
        loan=loan,
        parts={"recovery": amount},
        received_on=received_on,
        serial=serial,
        uuid=uuid,
        by=by,
        recorded_at=recorded_at,
        till=till,
        note=note,
    )


def build_reversal(
    *,
    receipt: Receipt,
    parts: Iterable[ReceiptPart],
    reversed_on: date,
    reason: str,
    serial: int,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt that takes back another, part by part; the other stays as it is."""
    reversal = Receipt(
        village_id=receipt.village_id,
        group=receipt.group,
        member_id=receipt.member_id,
        poklak_id=receipt.poklak_id,
        **numbered(receipt.group, reversed_on, serial),
        till=receipt.till,
        uuid=uuid,
        received_on=reversed_on,
        period=period_of(reversed_on),
        amount=-receipt.amount,
        reverses=receipt,
        reason=reason,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return reversal, [_part(reversal, part.kind, -part.amount, part.loan, part.member, reverses=part) for part in parts]


def build_resplit(parts: Iterable[ReceiptPart], split: Mapping[str, int], on: date) -> list[ReceiptPart]:
    """The parts of one receipt for its loan taken back and split anew as of a day; both sum to the same rupiah."""
    parts = list(parts)
    first = parts[0]
    by_hand = {part.kind: part.by_hand for part in parts}
    backs = [
        _part(first.receipt, part.kind, -part.amount, part.loan, None, on=on, role=RESPLIT, reverses=part)
        for part in parts
    ]
    news = [
        _part(first.receipt, kind, amount, first.loan, None, on=on, role=RESPLIT, by_hand=by_hand.get(kind, 0))
        for kind, amount in split.items()
        if amount
    ]
    return backs + news


def build_adjustment(receipt: Receipt, loan: Loan, moved: Mapping[Kind, int], on: date) -> list[ReceiptPart]:
    """What `receipt` changed in the split of others that lie in closed months: parts that sum to nothing."""
    return [
        _part(receipt, kind, amount, loan, None, on=on, role=ADJUSTMENT) for kind, amount in moved.items() if amount
    ]


def build_deposit(
    *,
    member: Member,
    amounts: dict[str, int],
    received_on: date,
    serial: int,
    uuid: UUID,
    by: User | None,
    recorded_at: datetime,
    till: str = "cash",
    note: str = "",
) -> tuple[Receipt, list[ReceiptPart]]:
    """A receipt for what a member saves and contributes: rupiah by kind of part, those of 0 left out."""
    amounts = {kind: amount for kind, amount in amounts.items() if amount}
    receipt = Receipt(
        village_id=member.village_id,
        group=member.group,
        member=member,
        **numbered(member.group, received_on, serial),
        till=till,
        uuid=uuid,
        received_on=received_on,
        period=period_of(received_on),
        amount=sum(amounts.values()),
        note=note,
        recorded_by=by,
        recorded_at=recorded_at,
    )
    return receipt, [_part(receipt, kind, amount, None, member) for kind, amount in amounts.items()]


def build_pay_out(*, loan: Loan, serial: int, by: User | None, recorded_at: datetime) -> tuple[Voucher, list[Entry]]:
    """The voucher of a disbursed loan: its principal left the till."""
    return build_voucher(**pay_out_facts(loan), series="K", serial=serial, by=by, recorded_at=recorded_at)


def pay_out_facts(loan: Loan) -> dict:
    """What a voucher says of the loan that it pays out. The key follows from the loan's: one loan, one voucher."""
    return {
        "group": loan.group,
        "kind": Voucher.Kind.DISBURSEMENT,
        "on": loan.disbursed_on,
        "amount": loan.principal,
        "debit": LOANS,
        "credit": CASH,
        "description": f"Pencairan pinjaman {loan.number}",
        "party": str(loan.borrower)[:100],
        "member": loan.member,
        "loan": loan,
        "uuid": uuid5(loan.uuid, "disbursement"),
    }


def numbered(group: Group, on: date, serial: int) -> dict:
    """The number of a receipt, in words and in figures."""
    return {"number": receipt_series(group, on).number(serial), "year": on.year, "serial": serial}


def payer_fields(person: Member | Poklak) -> dict[str, Member | Poklak]:
    """The column that names a borrower or payer: a member's or a poklak's."""
    return {"poklak" if isinstance(person, Poklak) else "member": person}


def _part(
    receipt: Receipt,
    kind: str,
    amount: int,
    loan: Loan | None,
    member: Member | None,
    *,
    on: date | None = None,
    role: str = ReceiptPart.Role.ORIGINAL,
    by_hand: int = 0,
    reverses: ReceiptPart | None = None,
) -> ReceiptPart:
    return ReceiptPart(
        village_id=receipt.village_id,
        receipt=receipt,
        kind=str(kind),
        loan=loan,
        member=member,
        amount=amount,
        received_on=on or receipt.received_on,
        role=role,
        by_hand=by_hand,
        reverses=reverses,
    )
