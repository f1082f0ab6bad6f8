"""How borrowers pay: on the day, in advance, late, in part, or one day no more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from random import Random

from loans.schedule import Row
from seeds.demo.plan import Payment

LATE_AFTER = 14  # days; whoever pays later than that is fined, where the group fines at all


@dataclass(frozen=True)
class Habit:
    """Days after the due day, drawn evenly; then chances: of an instalment, the last two of a loan."""

    days_late: tuple[int, ...]
    settles_after: tuple[int, int] = (10, 50)  # days after the last instalment, who still owes something
    misses: float = 0.0
    misses_when_hard: float = 0.0
    pays_part: float = 0.0
    pays_ahead: float = 0.0
    gives_up: float = 0.0
    comes_round: float = 0.0


PROMPT = Habit(days_late=(-2, -1, 0, 0, 0, 0, 0, 0), misses_when_hard=0.3, pays_ahead=0.02)
EARLY = Habit(days_late=(-6, -4, -3, -1, 0), pays_ahead=0.12)
SLOPPY = Habit(
    days_late=(0, 0, 2, 5, 9, 16, 24),
    misses=0.27,
    misses_when_hard=0.7,
    pays_part=0.2,
    settles_after=(25, 88),
    gives_up=0.06,
    comes_round=0.6,
)
UNRELIABLE = Habit(
    days_late=(0, 4, 12, 25),
    misses=0.3,
    misses_when_hard=0.8,
    pays_part=0.25,
    settles_after=(30, 110),
    gives_up=0.45,
    comes_round=0.45,
)
SHARES = {PROMPT: 46, EARLY: 8, SLOPPY: 38, UNRELIABLE: 8}


def any_habit(rng: Random) -> Habit:
    return rng.choices(list(SHARES), list(SHARES.values()))[0]


@dataclass(frozen=True)
class Payer:
    """One borrower paying back one loan."""

    habit: Habit
    hard_months: frozenset[int]
    fine: int  # rupiah for a late payment, 0 in groups that do not fine
    rng: Random

    def pays(self, rows: Sequence[Row]) -> list[Payment]:
        """All that she will ever pay on this schedule, by the day, and never more than she owes."""
        kept = self._kept(len(rows))
        found = list(self._as_they_fall_due(rows[:kept]))
        rest = sum(row.total for row in rows) - sum(payment.for_loan for payment in found)
        if rest and kept == len(rows):
            found.append(self._payment(rows[-1].due_on, self.rng.randint(*self.habit.settles_after), rest))
        elif rest and self._happens(self.habit.comes_round):
            found += self._in_three(rows[kept - 1].due_on, rest)
        return sorted(found, key=lambda payment: payment.on)

    def _kept(self, count: int) -> int:
        """How many instalments she keeps to before she gives up."""
        return self.rng.randint(1, max(1, count - 2)) if self._happens(self.habit.gives_up) else count

    def _as_they_fall_due(self, rows: Sequence[Row]) -> Iterator[Payment]:
        owed = 0
        for row, following in zip_longest(rows, rows[1:]):
            owed += row.total
            if owed <= 0 or self._misses(row.due_on):
                continue
            amount = owed
            if following and following.total <= row.total and self._happens(self.habit.pays_ahead):
                amount += following.total
            elif self._happens(self.habit.pays_part):
                amount -= owed // 2_000 * 1_000
            owed -= amount
            yield self._payment(row.due_on, self._delay(rows), amount)

    def _in_three(self, since: date, rest: int) -> list[Payment]:
        """After a talk at her house she pays the rest in three parts, months later."""
        after = self.rng.randint(100, 330)
        part = rest // 3_000 * 1_000
        parts = (part, part, rest - 2 * part) if part else (rest,)
        return [self._payment(since, after + 30 * number, amount) for number, amount in enumerate(parts)]

    def _payment(self, due_on: date, delay: int, amount: int) -> Payment:
        penalty = self.fine if delay > LATE_AFTER else 0
        return Payment(due_on + timedelta(days=delay), amount + penalty, penalty)

    def _delay(self, rows: Sequence[Row]) -> int:
        delay = self.rng.choice(self.habit.days_late)
        is_weekly = len(rows) > 1 and (rows[1].due_on - rows[0].due_on).days == 7
        return delay // 4 if is_weekly else delay

    def _misses(self, due_on: date) -> bool:
        is_hard = due_on.month in self.hard_months
        return self._happens(self.habit.misses_when_hard if is_hard else self.habit.misses)

    def _happens(self, chance: float) -> bool:
        return self.rng.random() < chance
