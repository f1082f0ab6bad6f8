"""Who borrows what when, and what comes of it, for three years up to the last closed month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, zip_longest
from random import Random

from loans import schedule
from loans.models import LoanProduct
from seeds.demo.habits import Habit, Payer
from seeds.demo.livelihoods import Livelihood
from seeds.demo.plan import Decision, LoanFacts, Payment
from up2k_portal.lib.money import format_number
from villages.models import Group, Member, Poklak
from villages.models.regions import DEFAULT_OPERATOR_LIMIT

# Name, method, percent an instalment, how often, how many.
PRODUCTS = {
    "bulanan": ("Pinjaman bulanan", "flat", "1.5", "month", 10),
    "menurun": ("Pinjaman menurun", "declining", "2", "month", 10),
    "qardh": ("Qardhul hasan", "flat", "0", "month", 10),
    "musiman": ("Pinjaman musiman", "bullet", "2", "month", 5),
    "mingguan": ("Pinjaman mingguan", "flat", "0.5", "week", 12),
}
# Thousand rupiah, by how often she has borrowed before: who pays well may borrow more.
MEMBER_LADDER = ((300, 500, 500, 750), (500, 750, 1000), (1000, 1500, 2000), (1500, 2000, 2500, 3000, 5000))
WEEKLY_LADDER = ((300, 400, 500), (300, 500, 600), (500, 600, 1000))
POKLAK_LADDER = ((2000, 3000), (3000, 4000, 5000), (5000, 6000, 7500), (6000, 7500, 10000))
NOTES = ("Dititipkan lewat ketua poklak", "Dibayar suaminya", "Dibayar di pertemuan", "Lewat anaknya")
LAST_CATCHES_UP = timedelta(days=60)  # what those who never give up may still owe after the last instalment

SAVED_WITH_PAYMENT = ((0, 0), (5_000, 1_000), (10_000, 2_000))  # simpanan wajib and iuran, by group


@dataclass(frozen=True)
class Borrower:
    """May borrow since a day. Who leaves, or has another story to come, has paid everything by `paid_by`."""

    who: Member | Poklak
    livelihood: Livelihood
    habit: Habit
    since: date
    paid_by: date | None = None


@dataclass(frozen=True)
class Lender:
    """A group that lends: it meets once a month, and pays out only there."""

    products: dict[str, LoanProduct]
    meeting_day: int
    opens_on: date
    until: date
    fine: int  # rupiah for a late payment, 0 in groups that do not fine
    rng: Random

    def loans_to(self, borrower: Borrower) -> Iterator[LoanFacts]:
        """Her loans, one after another: the next only when the last is paid back."""
        day = max(self.opens_on, borrower.since) + timedelta(days=self.rng.randint(0, 150))
        for turn in count():
            loan = self._loan(borrower, turn, day)
            rows = self._schedule(loan)
            if loan.proposed_on > self.until or _comes_too_late(borrower, rows):
                return
            payments = Payer(borrower.habit, borrower.livelihood.hard_months, self.fine, self.rng).pays(rows)
            received = [payment for payment in payments if payment.on <= self.until]
            is_paid = sum(one.for_loan for one in received) == sum(row.total for row in rows)
            yield self._as_recorded(borrower, loan, received, is_paid)
            if not is_paid:
                return
            day = received[-1].on + timedelta(days=self.rng.randint(8, 60))

    def _loan(self, borrower: Borrower, turn: int, ready_on: date) -> LoanFacts:
        product = self._product_for(borrower)
        principal = self._principal(borrower, product, turn)
        disbursed_on = self._meeting_after(ready_on)
        proposed_on = max(ready_on, disbursed_on - timedelta(days=self.rng.randint(3, 9)))
        return LoanFacts(
            product=product,
            borrower=borrower.who,
            principal=principal,
            purpose=self.rng.choice(borrower.livelihood.purposes),
            proposed_on=proposed_on,
            decision=needed_decision(principal, proposed_on) if disbursed_on <= self.until else None,
            disbursed_on=disbursed_on if disbursed_on <= self.until else None,
        )

    def _schedule(self, loan: LoanFacts) -> tuple[schedule.Row, ...]:
        start = loan.disbursed_on or self._meeting_after(loan.proposed_on)
        return schedule.build(loan.product.schedule_terms(loan.principal), start)

    def _meeting_after(self, day: date) -> date:
        """The first meeting at least two days later: time enough for the kecamatan."""
        earliest = day + timedelta(days=2)
        meeting = earliest.replace(day=self.meeting_day)
        return meeting if meeting >= earliest else schedule.due_on(meeting, 1)

    def _product_for(self, borrower: Borrower) -> LoanProduct:
        usual = next(iter(self.products.values()))
        special = self.products.get("musiman" if borrower.livelihood.pays_after_season else "mingguan")
        fits = borrower.livelihood.pays_after_season or borrower.livelihood.sells_daily
        if special and fits and isinstance(borrower.who, Member) and self.rng.random() < 0.6:
            return special
        return usual

    def _principal(self, borrower: Borrower, product: LoanProduct, turn: int) -> int:
        ladder = WEEKLY_LADDER if product.every == "week" else MEMBER_LADDER
        if isinstance(borrower.who, Poklak):
            ladder = POKLAK_LADDER
        return self.rng.choice(ladder[min(turn, len(ladder) - 1)]) * 1_000

    def _as_recorded(self, borrower: Borrower, loan: LoanFacts, received: list[Payment], is_paid: bool) -> LoanFacts:
        """The loan with its payments as the operator's book has them."""
        if is_paid and self.rng.random() < 0.03:  # a round sum at the end; what is beyond the loan is credit
            last = received[-1]
            received = [*received[:-1], replace(last, amount=last.amount + 5_000 - last.amount % 5_000)]
        saved = self._saved_with(borrower, loan)
        return replace(loan, payments=tuple(replace(one, **saved) for one in self._with_slips(received)))

    def _with_slips(self, received: Sequence[Payment]) -> Iterator[Payment]:
        """Now and then a note, or a slip of the pen that is found and mended on the same day or the next."""
        for payment, following in zip_longest(received, received[1:]):
            note = self.rng.choice(NOTES) if self.rng.random() < 0.03 else ""
            found_on = payment.on + timedelta(days=self.rng.randint(0, 1))
            has_slip = self.rng.random() < 0.006 and found_on <= (following.on if following else self.until)
            if has_slip:
                yield self._slip(payment, found_on)
            yield replace(payment, note=note, on=found_on if has_slip else payment.on)

    def _saved_with(self, borrower: Borrower, loan: LoanFacts) -> dict[str, int]:
        """What a member saves and contributes with each monthly payment; some groups ask for nothing."""
        if not isinstance(borrower.who, Member) or loan.product.every != "month":
            return {}
        name = borrower.who.group.name
        mandatory, contribution = SAVED_WITH_PAYMENT[sum(map(ord, name)) % len(SAVED_WITH_PAYMENT)]
        return {"mandatory": mandatory, "contribution": contribution}

    def _slip(self, payment: Payment, found_on: date) -> Payment:
        wrong = payment.amount * 10 if self.rng.random() < 0.5 else payment.amount + 9_000
        reason = f"Salah ketik jumlah, seharusnya {format_number(payment.amount)}"
        return replace(payment, amount=wrong, reversed_on=found_on, reason=reason)


def _comes_too_late(borrower: Borrower, rows: Sequence[schedule.Row]) -> bool:
    return borrower.paid_by is not None and rows[-1].due_on + LAST_CATCHES_UP >= borrower.paid_by


def needed_decision(principal: int, proposed_on: date) -> Decision | None:
    """The kecamatan's approval, where the operator may not decide alone."""
    return Decision(proposed_on + timedelta(days=1)) if principal > DEFAULT_OPERATOR_LIMIT else None


def build_products(group: Group, kinds: Sequence[str], step: int) -> dict[str, LoanProduct]:
    """Unsaved products by kind, the usual one first."""
    return {kind: _product(group, step, *PRODUCTS[kind]) for kind in kinds}


def _product(group: Group, step: int, name: str, method: str, rate: str, every: str, instalments: int) -> LoanProduct:
    return LoanProduct(
        village=group.village,
        group=group,
        name=name,
        method=method,
        rate=Decimal(rate),
        every=every,
        instalment_count=instalments,
        step=step,
    )
