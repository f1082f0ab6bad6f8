"""Many payments of one group at once: the sheet of a meeting, or what a telephone kept while there was no signal.

One transaction, one lock. What comes in order is checked in memory and written in bulk; everything else, and whatever
is not plainly right, goes through the single verbs, which say what is wrong. So a batch leaves the same rows as its
sendings one by one (a test proves it). All amounts are whole rupiah.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import builders, postings
from loans.allocation import Kind
from loans.chart import CONTRIBUTION, SOCIAL_FUND
from loans.events import WORDS
from loans.ledger_services import lock_group, next_serial
from loans.life import Effect, Life, lives_of, new_charge, payment_event
from loans.models import Entry, Loan, MoneyRules, MonthLock, Opening, Penalty, Receipt, ReceiptPart, SavingTerms
from loans.month_services import closed_through
from loans.payer_services import Payers
from loans.saving_services import record_deposit
from loans.services import record_payment, rules_of
from up2k_portal.lib.dates import period_of, today
from villages.models import Group, Member

SAVED_KINDS = {kind.value for kind in SavingTerms.Kind}
BY_HAND_KINDS = {kind.value for kind in WORDS}
REFERENCES = [one.name for one in Receipt._meta.concrete_fields if one.is_relation]


@dataclass(frozen=True)
class Sending:
    """One payment as it was sent: `amount` rupiah for a loan with `savings` on top, or a member's deposit of `savings`.

    `parts` and `penalty` as in `services.record_payment`, rupiah by kind; `payers` as in `payer_services`, of a
    poklak's loan alone.
    """

    uuid: UUID
    received_on: date
    loan: Loan | None = None
    member: Member | None = None
    amount: int = 0
    savings: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    penalty: int = 0
    till: str = "cash"
    note: str = ""
    payers: Payers | None = None


class Result(StrEnum):
    SAVED = "saved"
    THERE = "there"  # the same sending had come before
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of a sending: its receipt, or why there is none."""

    result: Result
    receipt: Receipt | None = None
    error: ValidationError | None = None


@transaction.atomic
def record_payments(*, group: Group, sendings: Iterable[Sending], by: User) -> list[Outcome]:
    """Receives many payments of one group, each with its own outcome, in the order given; that is the order of their
    numbers too. One refused leaves the others saved. A UUID that came before is the same payment or a conflict.
    """
    return _Batch(lock_group(group.pk), list(sendings), by).run()


@dataclass
class _Row:
    """A payment found good that is not written yet."""

    at: int
    receipt: Receipt
    parts: list[ReceiptPart]
    fines: list[Penalty]


class _Batch:
    """Rows found good wait together; what needs the single verbs has them written first, so that order stays."""

    def __init__(self, group: Group, sendings: Sequence[Sending], by: User):
        self.group, self.sendings, self.by = group, sendings, by
        self.outcomes: dict[int, Outcome] = {}
        self.waiting: list[_Row] = []
        self.closed = closed_through(group)
        # A group without entries closed nothing: a report that is out locks its months all the same.
        self.locks = list(MonthLock.objects.filter(group=group, lifted_at=None).values_list("first", "last"))
        self.begins = Opening.objects.filter(group=group, opened_at__isnull=False).values_list("on", flat=True).first()
        self.today = today()
        self.seen = set(Receipt.objects.filter(uuid__in=[one.uuid for one in sendings]).values_list("uuid", flat=True))
        self.loans = self._loans()
        self.members = self._members()
        self.lives = lives_of(self.loans.values())
        self.serials: Counter[int] = Counter()

    def run(self) -> list[Outcome]:
        for at, sending in enumerate(self.sendings):
            if self._add(at, sending):
                self.seen.add(sending.uuid)
                continue
            self._write()
            self.outcomes[at] = self._alone(sending)
            if self.outcomes[at].receipt:
                self.seen.add(sending.uuid)
        self._write()
        return [self.outcomes[at] for at in range(len(self.sendings))]

    def _loans(self) -> dict[int, Loan]:
        keys = {one.loan.pk for one in self.sendings if one.loan}
        rows = Loan.objects.filter(pk__in=keys, group=self.group).select_related(
            "member", "poklak", "village__district"
        )
        return self._of_group(rows) if keys else {}

    def _members(self) -> dict[int, Member]:
        keys = {one.member.pk for one in self.sendings if one.member}
        rows = Member.objects.filter(pk__in=keys, group=self.group).select_related("village__district")
        return self._of_group(rows) if keys else {}

    def _of_group(self, rows: Iterable[Any]) -> dict[int, Any]:
        found = {row.pk: row for row in rows}
        for row in found.values():
            row.group = self.group
        return found

    def _add(self, at: int, sending: Sending) -> bool:
        """Whether the sending is plainly right; it then waits to be written."""
        if sending.uuid in self.seen or not self._is_plain(sending):
            return False
        row = self._payment(at, sending) if sending.loan else self._deposit(at, sending)
        if row:
            self.waiting.append(row)
            self.serials[row.receipt.year] = row.receipt.serial
        return row is not None

    def _is_plain(self, sending: Sending) -> bool:
        """Whether nothing speaks against the day, the payer and the kinds; the single verbs say what does."""
        on, person = sending.received_on, self._person(sending)
        if self.begins and on < self.begins:
            return False
        if not on <= self.today or period_of(on) <= self.closed or (sending.loan is None) == (sending.member is None):
            return False
        if any(first <= period_of(on) <= last for first, last in self.locks):
            return False
        is_inside = person is None or (person.joined_on <= on and (person.left_on is None or on < person.left_on))
        amounts = [*sending.savings.values(), *sending.parts.values(), sending.penalty]
        are_known = sending.savings.keys() <= SAVED_KINDS and sending.parts.keys() <= BY_HAND_KINDS
        return are_known and min(amounts) >= 0 and (is_inside or not _filled(sending.savings))

    def _person(self, sending: Sending) -> Member | None:
        if sending.member:
            return self.members.get(sending.member.pk)
        loan = self.loans.get(sending.loan.pk) if sending.loan else None
        return loan.member if loan else None

    def _payment(self, at: int, sending: Sending) -> _Row | None:
        """A payment on the latest day of a member's loan, or after it, that moves nothing between earlier receipts."""
        life = self.lives.pop(sending.loan.pk, None) if sending.loan else None
        saved, by_hand = _filled(sending.savings), _by_hand(sending)
        if life is None or life.loan.poklak or not _is_in_order(life, sending, by_hand):
            return None
        on = sending.received_on
        fines = [] if Kind.PENALTY in by_hand else life.fines_on(on)
        effect = _effect(life, sending, by_hand, fines)
        if effect is None:
            return None
        receipt, parts = builders.build_payment(
            loan=life.loan, parts=effect.own, by_hand=by_hand, savings=saved, **self._facts(sending)
        )
        receipt.village = life.loan.village
        return _row(at, receipt, parts, fines)

    def _deposit(self, at: int, sending: Sending) -> _Row | None:
        member, amounts = self._person(sending), _filled(sending.savings)
        if member is None or not amounts or sending.amount or _by_hand(sending):
            return None
        receipt, parts = builders.build_deposit(member=member, amounts=amounts, **self._facts(sending))
        receipt.village = member.village
        return _row(at, receipt, parts, [])

    def _facts(self, sending: Sending) -> dict:
        on = sending.received_on
        if on.year not in self.serials:
            self.serials[on.year] = next_serial(self.group.receipts, on) - 1
        return {
            "received_on": on,
            "serial": self.serials[on.year] + 1,
            "till": sending.till,
            "uuid": sending.uuid,
            "by": self.by,
            "recorded_at": timezone.now(),
            "note": sending.note,
        }

    def _write(self) -> None:
        """Writes what waits. Money only comes in, so that no till and no saving can fall."""
        rows, self.waiting = self.waiting, []
        self.serials.clear()
        if not rows:
            return
        receipts = Receipt.objects.bulk_create(row.receipt for row in rows)
        history.record_many(receipts, by=self.by)
        parts = ReceiptPart.objects.bulk_create(part for row in rows for part in row.parts)
        contribution_to = self._contribution_account(parts)
        Entry.objects.bulk_create(
            entry
            for row in rows
            for entry in postings.entries_of_parts(
                row.parts, recorded_at=row.receipt.recorded_at, contribution_to=contribution_to
            )
        )
        if fines := [fine for row in rows for fine in row.fines]:
            Penalty.objects.bulk_create(fines)
        for row in rows:
            self.outcomes[row.at] = Outcome(Result.SAVED, row.receipt)

    def _contribution_account(self, parts: Iterable[ReceiptPart]) -> str:
        if not any(part.kind == ReceiptPart.Kind.CONTRIBUTION for part in parts):
            return CONTRIBUTION
        rules = rules_of(self.group)
        return SOCIAL_FUND if rules and rules.contribution_to == MoneyRules.ContributionTo.SOCIAL else CONTRIBUTION

    def _alone(self, sending: Sending) -> Outcome:
        was_there = sending.uuid in self.seen
        try:
            with transaction.atomic():
                receipt = self._single(sending)
        except ValidationError as error:
            return Outcome(Result.REFUSED, error=error)
        return Outcome(Result.THERE if was_there else Result.SAVED, receipt)

    def _single(self, sending: Sending) -> Receipt:
        """The single verb; it reads the loan anew, so its life here is not asked again."""
        told: dict[str, Any] = {"received_on": sending.received_on, "by": self.by, "uuid": sending.uuid}
        told |= {"till": sending.till, "note": sending.note}
        loan, member = sending.loan, sending.member
        for payer, group in ((loan, loan and loan.group_id), (member, member and member.group_id)):
            if payer and group != self.group.pk:
                raise ValidationError(f"{payer} dari kelompok lain. Pilih dari {self.group}.")
        if loan:
            self.lives.pop(loan.pk, None)
            told |= {"penalty": sending.penalty, "parts": sending.parts, "savings": sending.savings}
            payers = sending.payers if loan.poklak_id else None
            return record_payment(loan=loan, amount=sending.amount, payers=payers, **told)
        if member:
            return record_deposit(member=member, parts=dict(sending.savings), **told)
        raise ValidationError("Belum jelas siapa yang menyetor. Pilih pinjaman atau anggotanya.")


def _is_in_order(life: Life, sending: Sending, by_hand: Mapping[Kind, int]) -> bool:
    """Whether the payment comes after all that was recorded of a loan that can still be paid, parts within amount."""
    loan, on = life.loan, sending.received_on
    if not loan.is_disbursed or loan.written_off_on or sending.amount < max(1, sum(by_hand.values())):
        return False
    latest = max([life.latest, loan.opened_on or life.latest, *(part.received_on for part in life.parts)])
    return on >= latest and (_owed(life) > 0 or sending.amount == by_hand.get(Kind.PENALTY, 0))


def _owed(life: Life) -> int:
    """Rupiah of principal and fee that are unpaid by the rows as they are written."""
    loan, paid = life.loan, _paid(life)
    fees = sum(row.service_fee for row in life.rows if row.valid_until is None)
    return loan.principal + fees - paid[Kind.PRINCIPAL] - paid[Kind.SERVICE_FEE]


def _paid(life: Life) -> Counter[str]:
    loan = life.loan
    before = {Kind.PRINCIPAL: loan.opening_principal_paid, Kind.SERVICE_FEE: loan.opening_service_fee_paid}
    paid: Counter[str] = Counter(before)
    for part in life.parts:
        paid[part.kind] += part.amount
    return paid


def _effect(life: Life, sending: Sending, by_hand: Mapping[Kind, int], fines: list[Penalty]) -> Effect | None:
    """How the payment is split; None where that is refused or other receipts would have to be split anew."""
    key, on, principal_paid = str(sending.uuid), sending.received_on, _paid(life)[Kind.PRINCIPAL]
    plan = life.book.plan
    charges = [new_charge(row.instalment_number, on, row.amount) for row in fines]
    try:
        effect = life.after(*charges, payment_event(key, on, sending.amount, by_hand), own=key)
    except ValidationError:
        return None
    is_alone = not effect.moved and all(effect.total[kind] == effect.own.get(kind, 0) for kind in Kind)
    within = principal_paid + effect.own.get(Kind.PRINCIPAL, 0) <= life.loan.principal
    return effect if is_alone and within and life.book.plan is plan else None


def _row(at: int, receipt: Receipt, parts: list[ReceiptPart], fines: list[Penalty]) -> _Row | None:
    """The rows, unless a field holds what the single verb would refuse; the rest the database itself refuses."""
    try:
        receipt.clean_fields(exclude=REFERENCES)
        receipt.clean()
    except ValidationError:
        return None
    for fine in fines:
        fine.receipt, fine.recorded_by, fine.recorded_at = receipt, receipt.recorded_by, receipt.recorded_at
    return _Row(at, receipt, parts, fines)


def _filled(amounts: Mapping[str, int]) -> dict[str, int]:
    return {str(kind): amount for kind, amount in amounts.items() if amount}


def _by_hand(sending: Sending) -> dict[Kind, int]:
    """The facts by kind; as in the single verb, a penalty among the parts outweighs `penalty`."""
    return {Kind(kind): amount for kind, amount in {"penalty": sending.penalty, **sending.parts}.items() if amount}
