"""A plan becomes rows, by the builders that people's own deeds use."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from accounts import history
from accounts.models import Change, User
from loans import builders, postings
from loans.allocation import Kind
from loans.chart import CASH, GRANTS
from loans.models import Entry, Instalment, Loan, Receipt, ReceiptPart, Voucher
from loans.numbers import Series, loan_series
from seeds.demo.bulk import Rows
from seeds.demo.plan import GroupPlan, LoanFacts, Payment, Step

BOOK_OPENS_AT = time(9)


@dataclass
class Account:
    """A loan with its schedule and what was paid so far."""

    loan: Loan
    instalments: list[Instalment] = field(default_factory=list)
    paid: Counter[str] = field(default_factory=Counter)  # rupiah by kind of part

    def take(self, parts: list[ReceiptPart]) -> None:
        for part in parts:
            self.paid[part.kind] += part.amount


@dataclass
class Book:
    """Plays the steps of one group in bulk: the same rows and numbers as `loans.services` would leave."""

    plan: GroupPlan
    rows: Rows
    operator: User
    district: User
    accounts: dict[LoanFacts, Account] = field(default_factory=dict)
    receipts: dict[Payment, tuple[Receipt, list[ReceiptPart], list[Entry]]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    now: datetime = datetime.min.replace(tzinfo=timezone.get_default_timezone())

    def write(self) -> None:
        self._write_registry()
        for step in self.plan.steps():
            getattr(self, step.verb)(step)

    def capital(self, step: Step) -> None:
        facts, serial = step.capital, self._serial("M", step.on)
        self._keep_voucher(
            *postings.build_voucher(
                group=self.plan.group,
                kind=Voucher.Kind.CAPITAL,
                on=step.on,
                amount=facts.amount,
                debit=CASH,
                credit=GRANTS,
                series="M",
                serial=serial,
                description=facts.description,
                source=facts.source,
                nature="hibah",
                form="uang",
                uuid=self._uuid(f"capital {step.on.year} {serial}"),
                by=self.operator,
                recorded_at=self._moment(step),
            )
        )

    def propose(self, step: Step) -> None:
        facts = step.loan
        number = self._number(loan_series(step.on))
        loan = builders.build_loan(
            product=facts.product,
            borrower=facts.borrower,
            principal=facts.principal,
            purpose=facts.purpose,
            proposed_on=step.on,
            number=number,
            uuid=self._uuid(f"loan {number}"),
            by=self.operator,
        )
        self.accounts[facts] = Account(self.rows.add(loan))

    def decide(self, step: Step) -> None:
        loan, decision = self.accounts[step.loan].loan, step.loan.decision
        loan.status = Loan.Status.APPROVED if decision.is_approved else Loan.Status.REJECTED
        loan.decided_on = step.on
        loan.decided_by = self.district
        loan.decision_note = decision.note

    def disburse(self, step: Step) -> None:
        account = self.accounts[step.loan]
        instalments = builders.build_disbursement(loan=account.loan, disbursed_on=step.on, by=self.operator)
        account.instalments = [self.rows.add(row) for row in instalments]
        self._keep_voucher(
            *builders.build_pay_out(
                loan=account.loan,
                serial=self._serial("K", step.on),
                by=self.operator,
                recorded_at=self._moment(step),
            )
        )

    def pay(self, step: Step) -> None:
        account, payment = self.accounts[step.loan], step.payment
        split = builders.split_payment(
            loan=account.loan,
            instalments=account.instalments,
            principal_paid=account.paid[ReceiptPart.Kind.PRINCIPAL],
            service_fee_paid=account.paid[ReceiptPart.Kind.SERVICE_FEE],
            amount=payment.amount,
            penalty=payment.penalty,
        )
        receipt, parts = builders.build_payment(
            loan=account.loan,
            parts=split,
            by_hand={Kind.PENALTY},
            savings=payment.savings,
            note=payment.note,
            **self._slip_of(step),
        )
        entries = postings.entries_of_parts(parts, recorded_at=receipt.recorded_at)
        self.receipts[payment] = receipt, parts, entries
        self._keep(account, receipt, parts, entries)

    def reverse(self, step: Step) -> None:
        receipt, parts, entries = self.receipts[step.payment]
        facts = self._slip_of(step)
        reversal, taken_back = builders.build_reversal(
            receipt=receipt,
            parts=parts,
            reason=step.payment.reason,
            reversed_on=facts.pop("received_on"),
            **facts,
        )
        originals = {entry.part.pk: entry for entry in entries}
        swapped = postings.entries_of_parts(taken_back, recorded_at=reversal.recorded_at, originals=originals)
        self._keep(self.accounts[step.loan], reversal, taken_back, swapped)

    def _keep(self, account: Account, receipt: Receipt, parts: list[ReceiptPart], entries: list[Entry]) -> None:
        for row in (receipt, *parts, *entries):
            self.rows.add(row)
        account.take(parts)

    def _keep_voucher(self, voucher: Voucher, entries: list[Entry]) -> None:
        for row in (voucher, *entries):
            self.rows.add(row)

    def _slip_of(self, step: Step) -> dict:
        """What every receipt of the book has: its day, number and writer."""
        serial = self._serial("", step.on)
        return {
            "received_on": step.on,
            "serial": serial,
            "uuid": self._uuid(f"receipt {step.on.year} {serial}"),
            "by": self.operator,
            "recorded_at": self._moment(step),
        }

    def _moment(self, step: Step) -> datetime:
        opened = datetime.combine(step.on, BOOK_OPENS_AT, tzinfo=timezone.get_default_timezone())
        self.now = max(self.now + timedelta(minutes=2), opened)
        return self.now

    def _serial(self, series: str, on: date) -> int:
        self.used[f"{series}-{on.year}"] += 1
        return self.used[f"{series}-{on.year}"]

    def _number(self, series: Series) -> str:
        self.used[series.prefix] += 1
        return series.number(self.used[series.prefix])

    def _uuid(self, name: str) -> UUID:
        group = self.plan.group
        return uuid5(NAMESPACE_URL, f"up2k demo {group.village.code} {group.name} {name}")

    def _write_registry(self) -> None:
        group = self.rows.add(self.plan.group)
        for income in self.plan.incomes:
            income.recorded_by = self.operator
        for row in self.plan.registry():
            self.rows.add(row)
        self.rows.add(
            Change(
                user_name=history.SYSTEM,
                kind=Change.Kind.SEEDED,
                model=group._meta.label_lower,
                object_id=group.pk,
                object_name=str(group),
                area_code=group.village.code,
                after=history.snapshot(group),
            )
        )
