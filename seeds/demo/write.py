"""A plan becomes rows, by the builders that people's own deeds use."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from accounts import history
from accounts.models import Change, User
from enterprises.months import last_day
from loans import builders, closing_builders, postings
from loans.aging import SCHEMES, Lateness, days_late
from loans.allocation import Kind
from loans.allowance_services import allowance_facts
from loans.chart import CASH, GRANTS
from loans.models import CashCount, Entry, Instalment, Loan, LoanShare, Receipt, ReceiptPart, SharePayment, Voucher
from loans.numbers import Series, loan_series
from loans.quality import allowance
from loans.shares import in_proportion
from loans.year_close import DECEMBER, EXPENSES, INCOME, Year, last_of, year_close_facts
from seeds.demo.bulk import Rows
from seeds.demo.plan import GroupPlan, LoanFacts, Payment, Step

BOOK_OPENS_AT = time(9)
RESULT = {*INCOME, *EXPENSES}


@dataclass
class Account:
    """A loan with its schedule and what was paid so far."""

    loan: Loan
    shares: list[LoanShare] = field(default_factory=list)  # of a poklak's members
    instalments: list[Instalment] = field(default_factory=list)
    paid: Counter[str] = field(default_factory=Counter)  # rupiah by kind of part
    parts: list[ReceiptPart] = field(default_factory=list)

    def take(self, parts: list[ReceiptPart]) -> None:
        self.parts += parts
        for part in parts:
            self.paid[part.kind] += part.amount

    def standing_on(self, day: date) -> tuple[int, int]:
        """Principal still owed at the end of the day, and how many days late the loan is."""
        if not self.loan.disbursed_on or self.loan.disbursed_on > day:
            return 0, 0
        paid = Counter[str]()
        for part in self.parts:
            if part.received_on <= day:
                paid[part.kind] += part.amount
        principal, fee = paid[ReceiptPart.Kind.PRINCIPAL], paid[ReceiptPart.Kind.SERVICE_FEE]
        unpaid = [
            row.due_on
            for row in self.instalments
            if row.due_on < day and (row.principal_to_date > principal or row.service_fee_to_date > fee)
        ]
        return self.loan.principal - principal, days_late(min(unpaid, default=None), day)


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
    set_aside: int = 0  # rupiah of allowance in the books
    results: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
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
        account = self.accounts[facts] = Account(self.rows.add(loan))
        for member, amount in self.plan.shares_of(facts).items():
            share = LoanShare(village=loan.village, loan=loan, member=member, proposed=amount)
            account.shares.append(self.rows.add(share))

    def decide(self, step: Step) -> None:
        account, decision = self.accounts[step.loan], step.loan.decision
        loan = account.loan
        if decision.is_approved:
            loan.approved_amount = loan.principal
            for share in account.shares:
                share.approved = share.proposed
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
            by_hand={Kind.PENALTY: payment.penalty},
            savings=payment.savings,
            note=payment.note,
            **self._slip_of(step),
        )
        entries = postings.entries_of_parts(parts, recorded_at=receipt.recorded_at)
        self.receipts[payment] = receipt, parts, entries
        self._keep(account, receipt, parts, entries)
        self._name_payers(account, receipt, payment.amount)

    def _name_payers(self, account: Account, receipt: Receipt, amount: int) -> None:
        """Each member of a poklak pays for herself."""
        shares = {share.member: share.amount for share in account.shares}
        for member, part in (in_proportion(amount, shares) if shares else {}).items():
            if part:
                self.rows.add(
                    SharePayment(village=member.village, receipt=receipt, member=member, payer=member, amount=part)
                )

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

    def close(self, step: Step) -> None:
        period, moment = step.month.period, self._moment(step)
        count = None if step.month.booked is None else self._count(step, moment)
        if period % 100 == DECEMBER:
            self._close_year(period // 100, moment)
        self.rows.add(
            closing_builders.build_closing(
                group=self.plan.group, period=period, cash_count=count, by=self.operator, closed_at=moment
            )
        )

    def _count(self, step: Step, moment: datetime) -> CashCount:
        """The money on the table; what is missing leaves the book too."""
        facts = step.month
        count = closing_builders.build_cash_count(
            group=self.plan.group,
            counted_on=last_day(facts.period),
            pieces=closing_builders.pieces_of(facts.booked),
            booked=facts.booked,
            by=self.operator,
            explanation=facts.explanation,
            uuid=self._uuid(f"count {facts.period}"),
            counted_at=moment,
        )
        if count.difference:
            count.voucher = self._post(closing_builders.difference_facts(count), "K", moment)
        return self.rows.add(count)

    def _close_year(self, year: int, moment: datetime) -> None:
        if missing := self._allowance(last_of(year)) - self.set_aside:
            uuid = self._uuid(f"allowance {year}")
            self._post(allowance_facts(self.plan.group, last_of(year), missing, uuid), "J", moment)
            self.set_aside += missing
        if any(self.results[year].values()):
            facts = year_close_facts(self.plan.group, Year(year, self.results[year]), self._uuid(f"year {year}"))
            self._post(facts, "J", moment)

    def _allowance(self, day: date) -> int:
        """Rupiah that the classes of the loans ask for at the end of the day, by the shipped scheme."""
        scheme, balances = SCHEMES[0], Counter[int]()
        for account in self.accounts.values():
            balance, days = account.standing_on(day)
            balances[scheme.level_of(Lateness(days=days))] += balance
        return sum(allowance(balance, scheme.percents[level]) for level, balance in balances.items())

    def _post(self, facts: dict, series: str, moment: datetime) -> Voucher:
        serial = self._serial(series, facts["on"])
        voucher, entries = postings.build_voucher(
            **facts, series=series, serial=serial, by=self.operator, recorded_at=moment
        )
        self._keep_voucher(voucher, entries)
        return voucher

    def _keep(self, account: Account, receipt: Receipt, parts: list[ReceiptPart], entries: list[Entry]) -> None:
        for row in (receipt, *parts, *entries):
            self.rows.add(row)
        account.take(parts)
        self._tell(entries)

    def _keep_voucher(self, voucher: Voucher, entries: list[Entry]) -> None:
        for row in (voucher, *entries):
            self.rows.add(row)
        self._tell(entries)

    def _tell(self, entries: list[Entry]) -> None:
        """What each year earned and spent, account by account."""
        for entry in entries:
            for code, amount in ((entry.credit, entry.amount), (entry.debit, -entry.amount)):
                if code in RESULT:
                    self.results[entry.on.year][code] += amount if code in INCOME else -amount

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
