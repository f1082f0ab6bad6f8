"""What people do with the money of one group, in any order, for the state machine of `test_state_machine`."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from loans import life_services, services
from loans.batch_services import Sending, record_payments
from loans.chart import BANK, CASH
from loans.closing_services import close_month, grant_exception, record_cash_count, reopen_month
from loans.ledger_services import account_balance, record_voucher, reverse_voucher
from loans.life import Life
from loans.models import Loan, MonthClosing, Reschedule
from loans.models.months import DENOMINATIONS
from loans.proposal_services import disburse_loan, propose_loan
from loans.saving_services import record_deposit, withdraw_saving
from tests import build
from up2k_portal.lib.access import Role

FIRST = date(2026, 6, 1)
LAST = date(2026, 9, 30)
DAYS = st.integers(0, 100).map(lambda days: FIRST + timedelta(days=days))
AMOUNTS = st.integers(1, 900_000)
PRINCIPALS = st.integers(100_000, 2_000_000)
PARTS = st.fixed_dictionaries({}, optional={"principal": AMOUNTS, "service_fee": st.integers(1, 20_000)})
SAVED = st.sampled_from([0, 10_000])
WORDS = "salah ketik jumlah"
PRODUCTS = (
    {"rate": Decimal(2), "instalment_count": 4},
    {"rate": Decimal("1.5"), "penalty_kind": "fixed", "penalty_amount": 5_000, "payoff_fees": "running"},
    {"method": "declining", "allocation_order": "penalty,principal,service_fee", "payoff_fees": "running"},
)
CHANGES = st.one_of(
    st.tuples(st.just(Reschedule.Kind.EXTRA), st.integers(1, 4)),
    st.tuples(st.just(Reschedule.Kind.GRACE), st.integers(1, 3)),
    st.tuples(st.just(Reschedule.Kind.RATE), st.sampled_from([Decimal(0), Decimal(1), Decimal("2.5")])),
    st.tuples(st.just(Reschedule.Kind.NEW_DUE_ON), DAYS),
)


class Story(RuleBasedStateMachine):
    """One group with two members, who save, borrow, pay, err and mend. A refusal is an answer too."""

    steps = done = 0

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        village = build.village()
        self.group = build.group(village, founded_on=FIRST)
        self.members = [build.member(self.group, joined_on=FIRST) for _ in range(2)]
        self.by = build.user(Role.OPERATOR, village.code)
        self.district = build.user(Role.DISTRICT, village.district.code)
        build.capital(self.group, 5_000_000, FIRST)
        self.products = [build.product(self.group, **terms) for terms in PRODUCTS]
        self.loans, self.receipts, self.vouchers, self.reschedules = [], [], [], []

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(principals=st.tuples(PRINCIPALS, PRINCIPALS), what=st.integers(0, len(PRODUCTS) - 1))
    def begin(self, principals, what):
        """Both have borrowed; else half of a short story is over before anybody owes anything."""
        for who, principal in enumerate(principals):
            self.disburse(who, (what + who) % len(PRODUCTS), principal, FIRST)

    def attempt(self, act, *, by=None, **facts):
        """What the act answers, or None where it was refused; then nothing is half done."""
        type(self).steps += 1
        try:
            with transaction.atomic():
                answer = act(**facts, by=by or self.by)
        except ValidationError:
            return None
        type(self).done += 1
        return answer

    def keep(self, rows: list, row) -> None:
        if row is not None:
            rows.append(row)

    @rule(
        who=st.integers(0, 1),
        what=st.integers(0, len(PRODUCTS) - 1),
        principal=st.integers(100_000, 2_000_000),
        on=DAYS,
    )
    def disburse(self, who, what, principal, on):
        def lend(by):
            loan = propose_loan(
                product=self.products[what], borrower=self.members[who], principal=principal, purpose="benang",
                proposed_on=on, uuid=uuid4(), by=by,
            )  # fmt: skip
            return disburse_loan(loan=loan, disbursed_on=on, by=by)

        self.keep(self.loans, self.attempt(lend))

    @precondition(lambda self: self.loans)
    @rule(
        data=st.data(), amount=AMOUNTS, fine=st.sampled_from([0, 0, 3_000]), wajib=st.sampled_from([0, 10_000]), on=DAYS
    )
    def pay(self, data, amount, fine, wajib, on):
        loan = data.draw(st.sampled_from(self.loans))
        facts = {"loan": loan, "amount": amount, "penalty": fine, "received_on": on, "uuid": uuid4()}
        if receipt := self.attempt(services.record_payment, savings={"mandatory": wajib}, **facts):
            self.receipts.append(receipt)
            again = self.attempt(services.record_payment, savings={"mandatory": wajib}, **facts)
            assert again.pk == receipt.pk

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), parts=PARTS, more=st.sampled_from([0, 50_000]), on=DAYS)
    def pay_by_hand(self, data, parts, more, on):
        facts = {"loan": data.draw(st.sampled_from(self.loans)), "parts": parts, "amount": sum(parts.values()) + more}
        self.keep(self.receipts, self.attempt(services.record_payment, received_on=on, uuid=uuid4(), **facts))

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), later=st.integers(0, 40), over=st.sampled_from([0, 0, 25_000]))
    def pay_off(self, data, later, over):
        loan = data.draw(st.sampled_from(self.loans))
        life = Life(services.lock_loan(loan))
        on = life.latest + timedelta(days=later)
        facts = {"amount": life.quote_on(on).total + over, "received_on": on, "is_payoff": True}
        self.keep(self.receipts, self.attempt(services.record_payment, loan=loan, uuid=uuid4(), **facts))

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), amounts=st.lists(AMOUNTS, min_size=1, max_size=4), on=DAYS)
    def pay_as_a_sheet(self, data, amounts, on):
        sendings = [
            Sending(
                uuid4(), on, loan=data.draw(st.sampled_from(self.loans)), amount=amount, savings={"voluntary": 5_000}
            )
            for amount in amounts
        ]
        outcomes = self.attempt(record_payments, group=self.group, sendings=sendings)
        self.receipts += [outcome.receipt for outcome in outcomes if outcome.receipt]

    @precondition(lambda self: self.receipts)
    @rule(data=st.data(), later=st.integers(0, 20), by_district=st.booleans())
    def undo_receipt(self, data, later, by_district):
        receipt = data.draw(st.sampled_from(self.receipts))
        facts = {"reason": WORDS, "reversed_on": receipt.received_on + timedelta(days=later), "uuid": uuid4()}
        by = self.district if by_district else self.by
        self.attempt(services.reverse_payment, receipt=receipt, by=by, **facts)

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), change=CHANGES, number=st.integers(1, 6), later=st.integers(0, 20))
    def reschedule(self, data, change, number, later):
        loan = data.draw(st.sampled_from(self.loans))
        kind, value = change
        on = Life(services.lock_loan(loan)).latest + timedelta(days=later)
        facts = {"loan": loan, "on": on, "kind": kind, "value": value, "from_instalment": number, "uuid": uuid4()}
        row = self.attempt(life_services.reschedule_loan, reason="rumah terendam banjir", **facts)
        self.keep(self.reschedules, row)

    @precondition(lambda self: self.reschedules)
    @rule(later=st.integers(0, 10))
    def undo_reschedule(self, later):
        row = self.reschedules[-1]
        facts = {"reschedule": row, "undone_on": row.on + timedelta(days=later), "reason": "salah pilih angsuran"}
        if self.attempt(life_services.undo_reschedule, **facts):
            self.reschedules.pop()

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), on=DAYS)
    def waive(self, data, on):
        loan = data.draw(st.sampled_from(self.loans))
        self.attempt(life_services.waive_penalty, loan=loan, on=on, reason="suaminya sakit, rapat")

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), later=st.integers(0, 40), reluctance=st.integers(0, 3))
    def write_off(self, data, later, reluctance):
        loan = data.draw(st.sampled_from(self.loans))
        if not reluctance:  # else there are too few left to pay
            on = Life(services.lock_loan(loan)).latest + timedelta(days=later)
            self.attempt(life_services.write_off_loan, loan=loan, on=on, reason="peminjam wafat", uuid=uuid4())

    @precondition(lambda self: Loan.objects.exclude(written_off_on=None).exists())
    @rule(data=st.data(), amount=AMOUNTS, on=DAYS)
    def recover(self, data, amount, on):
        loan = data.draw(st.sampled_from(list(Loan.objects.exclude(written_off_on=None).order_by("pk"))))
        facts = {"loan": loan, "amount": amount, "received_on": on, "uuid": uuid4()}
        self.keep(self.receipts, self.attempt(life_services.record_recovery, **facts))

    @precondition(lambda self: self.loans)
    @rule(data=st.data(), on=DAYS, share=st.integers(1, 3))
    def give_credit_back(self, data, on, share):
        loan = data.draw(st.sampled_from(self.loans))
        amount = max(life_services.credit_of(loan, on) // share, 1)
        facts = {"loan": loan, "amount": amount, "on": on, "uuid": uuid4()}
        self.keep(self.vouchers, self.attempt(life_services.give_credit_back, **facts))

    @rule(who=st.integers(0, 1), kind=st.sampled_from(["initial", "mandatory", "voluntary"]), amount=AMOUNTS, on=DAYS)
    def save(self, who, kind, amount, on):
        facts = {"member": self.members[who], "parts": {kind: amount, "contribution": 2_000}}
        self.keep(self.receipts, self.attempt(record_deposit, received_on=on, uuid=uuid4(), **facts))

    @rule(who=st.integers(0, 1), kind=st.sampled_from(["mandatory", "voluntary"]), amount=AMOUNTS, on=DAYS)
    def withdraw(self, who, kind, amount, on):
        facts = {"member": self.members[who], "kind": kind, "amount": amount, "on": on, "uuid": uuid4()}
        self.keep(self.vouchers, self.attempt(withdraw_saving, **facts))

    @rule(amount=AMOUNTS, on=DAYS, till=st.sampled_from([CASH, BANK]))
    def spend(self, amount, on, till):
        facts = {"kind": "expense", "debit": "5.1", "credit": till, "description": "Buku kas", "on": on}
        voucher = self.attempt(record_voucher, group=self.group, amount=amount, uuid=uuid4(), **facts)
        self.keep(self.vouchers, voucher)

    @precondition(lambda self: self.vouchers)
    @rule(data=st.data())
    def undo_voucher(self, data):
        voucher = data.draw(st.sampled_from(self.vouchers))
        facts = {"reason": WORDS, "reversed_on": voucher.on}
        self.attempt(reverse_voucher, voucher=voucher, uuid=uuid4(), **facts)

    @rule(month=st.sampled_from([6, 6, 7, 8]), missing=st.sampled_from([0, 0, 5_000]))
    def count_and_close(self, month, missing):
        on = date(2026, month + 1, 1) - timedelta(days=1)
        money = max(0, account_balance(self.group, CASH, on) - missing)
        pieces, rest = {}, money
        for piece in DENOMINATIONS:
            pieces[str(piece)], rest = divmod(rest, piece)

        def close(by):
            record_cash_count(
                group=self.group, counted_on=on, pieces=pieces, explanation="kembalian kurang", uuid=uuid4(), by=by
            )
            return close_month(group=self.group, period=202600 + month, by=by)

        self.attempt(close)

    @precondition(lambda self: MonthClosing.objects.filter(reopened_at=None).exists())
    @rule()
    def reopen(self):
        closing = MonthClosing.objects.filter(reopened_at=None).order_by("-period").first()
        self.attempt(reopen_month, closing=closing, reason="ada bukti tertinggal", by=self.district)

    @precondition(lambda self: MonthClosing.objects.filter(reopened_at=None).exists())
    @rule()
    def let_in(self):
        period = MonthClosing.objects.filter(reopened_at=None).order_by("-period").first().period
        facts = {"period": period, "expires_at": timezone.now() + timedelta(days=3), "reason": "ada bukti tertinggal"}
        self.attempt(
            lambda by: grant_exception(group=self.group, user=self.by, granted_by=by, **facts), by=self.district
        )
