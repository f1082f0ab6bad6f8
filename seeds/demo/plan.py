"""What a demo group's story consists of: the rows of its registry, and facts about money by the day.

The plan knows nothing of numbers, schedules or keys: whoever plays its steps makes those, in bulk (`write`)
or through the services as people do; both must give the same rows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from django.db import models

from enterprises.models import Enterprise, MonthlyResult, Permit, Product
from enterprises.months import first_day, months_before
from loans.models import LoanProduct
from loans.models.months import DENOMINATIONS
from loans.shares import in_proportion
from up2k_portal.lib.days import period_of
from villages.models import Group, GroupAssessment, HouseholdIncome, LegalStatus, Member, Officer, Poklak

CLOSED_AFTER = timedelta(days=2)  # a slip of the pen on the last day is found on the next
THOUSAND = 1_000
ROUNDED_AWAY = 5_000  # rupiah: more than the small change that all counts together do not find
SMALL_CHANGE = "Uang kecil di bawah Rp100 tidak ada di kas"


@dataclass(frozen=True, eq=False)
class Payment:
    """`amount` rupiah received on a day, `penalty` of it a fine; taken back on `reversed_on`, if ever.

    What she saves and contributes besides (`mandatory`, `contribution`) is on the same receipt.
    """

    on: date
    amount: int
    penalty: int = 0
    mandatory: int = 0
    contribution: int = 0
    note: str = ""
    reversed_on: date | None = None
    reason: str = ""

    @property
    def for_loan(self) -> int:
        return self.amount - self.penalty

    @property
    def savings(self) -> dict[str, int]:
        amounts = {"mandatory": self.mandatory, "contribution": self.contribution}
        return {kind: amount for kind, amount in amounts.items() if amount}

    @property
    def received(self) -> int:
        return self.amount + self.mandatory + self.contribution


@dataclass(frozen=True, eq=False)
class Decision:
    """By the kecamatan, on a proposal above the operator's limit."""

    on: date
    is_approved: bool = True
    note: str = ""


@dataclass(frozen=True, eq=False)
class LoanFacts:
    """Who asked for how much and what came of it. Never disbursed: rejected, or still waiting at the end."""

    product: LoanProduct
    borrower: Member | Poklak
    principal: int
    purpose: str
    proposed_on: date
    decision: Decision | None = None
    disbursed_on: date | None = None
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, eq=False)
class CapitalFacts:
    """Money that a group was given to lend."""

    on: date
    amount: int
    source: str
    description: str


@dataclass(frozen=True, eq=False)
class MonthFacts:
    """A month (202608) that a group closes; `booked` is the cash of its book then, None where no cash moved."""

    period: int
    booked: int | None

    @property
    def explanation(self) -> str:
        """Why the money on the table is less than the book: there are no coins for the rest."""
        return SMALL_CHANGE if self.missing else ""

    @property
    def missing(self) -> int:
        return (self.booked or 0) % DENOMINATIONS[-1]


class Verb(StrEnum):
    CAPITAL = "capital"
    PROPOSE = "propose"
    DECIDE = "decide"
    DISBURSE = "disburse"
    PAY = "pay"
    REVERSE = "reverse"
    CLOSE = "close"


class Step(NamedTuple):
    """Something that somebody did on a day."""

    on: date
    verb: Verb
    loan: LoanFacts | None = None
    payment: Payment | None = None
    capital: CapitalFacts | None = None
    month: MonthFacts | None = None


@dataclass
class GroupPlan:
    """One group: unsaved rows without keys, and its loans."""

    group: Group
    closed_through: int = 0  # the last month that the group closes; 0 where it closes none
    poklaks: list[Poklak] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    enterprises: list[Enterprise] = field(default_factory=list)
    details: list[Product | Permit | MonthlyResult] = field(default_factory=list)  # of the enterprises
    assessments: list[GroupAssessment] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    incomes: list[HouseholdIncome] = field(default_factory=list)
    legal_statuses: list[LegalStatus] = field(default_factory=list)
    books: list[models.Model] = field(default_factory=list)  # meetings with who came, inventory, letters
    products: list[LoanProduct] = field(default_factory=list)
    loans: list[LoanFacts] = field(default_factory=list)

    def registry(self) -> Iterator:
        """The rows below the group, in an order in which each may point at the ones before it."""
        yield from self.poklaks
        yield from self.members
        yield from self.enterprises
        yield from self.details
        yield from self.assessments
        yield from self.officers
        yield from self.incomes
        yield from self.legal_statuses
        yield from self.books
        yield from self.products

    def shares_of(self, loan: LoanFacts) -> dict[Member, int]:
        """What each member of a borrowing poklak takes of its loan: alike, in whole thousands; who goes before it is
        paid out takes nothing. The members must have their keys.
        """
        if not isinstance(loan.borrower, Poklak):
            return {}
        begins, pays_out = loan.proposed_on, loan.disbursed_on or loan.proposed_on
        there = [one for one in self.members if one.poklak is loan.borrower and _is_member(one, begins)]
        takers = [one for one in there if _is_member(one, pays_out)]
        parts = in_proportion(loan.principal // THOUSAND, dict.fromkeys(takers, 1)) if takers else {}
        return {one: parts.get(one, 0) * THOUSAND for one in there}

    def steps(self) -> list[Step]:
        """All that happened, by the day; on one day in the order in which it was planned, a month closed last."""
        told = sorted((step for loan in self.loans for step in _steps_of(loan)), key=lambda step: step.on)
        capital = (Step(facts.on, Verb.CAPITAL, capital=facts) for facts in capital_for(told, self.group.founded_on))
        moved = sorted([*capital, *told], key=lambda step: step.on)
        return sorted([*moved, *closing_steps(moved, self.closed_through)], key=lambda step: step.on)


def _is_member(member: Member, on: date) -> bool:
    return member.joined_on <= on and (member.left_on is None or member.left_on > on)


def capital_for(steps: list[Step], founded_on: date) -> list[CapitalFacts]:
    """What a group must have been given, so that its till was never empty: a third by its members, the rest by others.

    In whole millions, some days before the first loan.
    """
    till = lowest = 0
    for _, of_day in groupby(steps, key=lambda step: step.on):
        till += sum(map(_into_till, of_day))
        lowest = min(lowest, till)
    if not lowest:
        return []
    first = next(step.on for step in steps if step.verb == Verb.DISBURSE)
    on = max(founded_on, first - timedelta(days=10))
    millions = (ROUNDED_AWAY - lowest) // 1_000_000 + 1
    own = max(1, millions // 3)
    given = [(own, "SWADAYA", "Modal swadaya anggota"), (millions - own, "APBDES", "Modal bergulir dari APBDes")]
    return [CapitalFacts(on, count * 1_000_000, source, words) for count, source, words in given if count]


def closing_steps(steps: list[Step], through: int) -> Iterator[Step]:
    """Each month from the first in which money moved on, counted on its last day and closed some days later."""
    moved: Counter[int] = Counter()
    for step in steps:
        if amount := _into_till(step):
            moved[period_of(step.on)] += amount
    till, period = 0, min(moved, default=through + 1)
    while period <= through:
        till += moved[period]
        facts = MonthFacts(period, till if period in moved else None)
        till -= facts.missing
        period = months_before(period, -1)
        yield Step(first_day(period) + CLOSED_AFTER, Verb.CLOSE, month=facts)


def _into_till(step: Step) -> int:
    if step.verb == Verb.DISBURSE:
        return -step.loan.principal
    if step.verb == Verb.REVERSE:
        return -step.payment.received
    if step.verb == Verb.CAPITAL:
        return step.capital.amount
    return step.payment.received if step.verb == Verb.PAY else 0


def _steps_of(loan: LoanFacts) -> Iterator[Step]:
    yield Step(loan.proposed_on, Verb.PROPOSE, loan)
    if loan.decision:
        yield Step(loan.decision.on, Verb.DECIDE, loan)
    if loan.disbursed_on:
        yield Step(loan.disbursed_on, Verb.DISBURSE, loan)
    for payment in loan.payments:
        yield Step(payment.on, Verb.PAY, loan, payment)
        if payment.reversed_on:
            yield Step(payment.reversed_on, Verb.REVERSE, loan, payment)
