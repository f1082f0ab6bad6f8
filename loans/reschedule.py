"""A schedule that is changed on its way: exact arithmetic in whole rupiah, no database, no clock.

Rows before the first changed one stay as they are; in the others Σ principal stays what it was:

- `Extra`: the rest of the principal is shared over the remaining and the extra rows, by the rules of `schedule.build`;
- `Grace`: so many rows with the fee only are put in before that row; the others keep their amounts and fall due later;
- `NewRate`: from that row on; the rest of the principal is shared anew, as totals are rounded with the fee in them;
- `NewDueOn`: that row falls due on the day, later ones follow from it by the loan's period, months clipped. Where it
  `keeps_day`, a day that is only the last of a short month is no new day of the month: longer months have the old one.

A flat fee stays on the original principal in every row, extra ones too. It sums to r(P × Σ rate of the rows) over the
whole loan: the row with the rests (the last, or the first changed one after grace) takes the difference.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from loans.schedule import (
    MOST_INSTALMENTS,
    Difference,
    Method,
    Row,
    ScheduleError,
    Terms,
    build,
    clipped,
    due_on,
    not_rising,
)
from up2k_portal.lib.money import format_rupiah, round_rupiah

_ANY_DAY = date(2000, 1, 1)  # amounts do not depend on the day


@dataclass(frozen=True)
class Extra:
    """So many rows more at the end."""

    instalments: int


@dataclass(frozen=True)
class Grace:
    """So many rows with the fee only, put in at the first changed row."""

    instalments: int


@dataclass(frozen=True)
class NewRate:
    """Percent per period."""

    rate: Decimal


@dataclass(frozen=True)
class NewDueOn:
    """The day of the first changed row, and whether the loan's own day of the month comes back after a short one."""

    day: date
    keeps_day: bool = False


What = Extra | Grace | NewRate | NewDueOn
Calendar = Callable[[int], Sequence[date]]
"""The due days of the first so many rows, where they are not those of `schedule.due_on`."""
Follow = Callable[[date, int], Sequence[date]]
"""So many due days after a moved one, where they do not follow by the loan's period: those of the seasons."""


@dataclass(frozen=True)
class Seed:
    """Rows from `first` on fall due so many periods after `day` as their number is above `base`; of months on
    `day_of_month`, where it is said.
    """

    first: int
    day: date
    base: int
    day_of_month: int | None = None


@dataclass(frozen=True)
class Plan:
    """The rows in force, and of each its rate in percent and whether it is one of grace.

    `terms` are those first agreed: their principal, method and rounding hold for ever, and of the rows that are not
    of grace each `principal_every`-th and the last carry principal.
    """

    terms: Terms
    rows: tuple[Row, ...]
    rates: tuple[Decimal, ...]
    grace: tuple[bool, ...]
    seeds: tuple[Seed, ...]
    calendar: Calendar | None = field(default=None, compare=False)
    follow: Follow | None = field(default=None, compare=False)

    @property
    def fee_only(self) -> list[bool]:
        """Of each row whether it carries no principal."""
        counted = accumulate(not is_grace for is_grace in self.grace)
        every = self.terms.principal_every
        skipped = [is_grace or bool(at % every) for is_grace, at in zip(self.grace, counted, strict=True)]
        return [*skipped[:-1], False]


def first_plan(terms: Terms, start: date, calendar: Calendar | None = None) -> Plan:
    """The schedule at disbursement. Raises ScheduleError as `schedule.build`."""
    rows = build(terms, start, calendar(terms.instalments) if calendar else None)
    return Plan(
        terms=terms,
        rows=rows,
        rates=(terms.rate,) * terms.instalments,
        grace=tuple(row.number <= terms.grace for row in rows),
        seeds=(Seed(1, start, 0),),
        calendar=calendar,
    )


def reschedule(plan: Plan, first: int, what: What) -> Plan:
    """The plan with the rows from number `first` on changed.

    Whether money lies on them is for the caller to ask. Raises ScheduleError, an Indonesian sentence, for a row that
    does not exist, nothing left to share, more than 600 rows, days that do not rise, and amounts that cannot be.
    """
    _check(plan, first, what)
    match what:
        case Extra(count):
            return _shared(
                replace(
                    plan,
                    rates=plan.rates + plan.rates[-1:] * count,
                    grace=plan.grace + (False,) * count,
                ),
                first,
            )
        case NewRate(rate):
            rates = plan.rates[: first - 1] + (rate,) * (len(plan.rows) - first + 1)
            return _shared(replace(plan, rates=rates), first)
        case Grace(count):
            return _with_grace(plan, first, count)
        case NewDueOn(day, keeps_day):
            later = tuple(seed for seed in plan.seeds[1:] if seed.first < first)
            own = own_day(plan, first) if keeps_day else day.day
            seed = Seed(first, day, first, own if clipped(day.year, day.month, own) == day else None)
            seeds = (plan.seeds[0], *later, seed)  # the start stays, of which all days are counted
            return _laid_out(replace(plan, seeds=seeds), _amounts(plan.rows))


def own_day(plan: Plan, first: int) -> int:
    """The day of the month on which the rows around number `first` fall due, where the month has it."""
    seed = max((seed for seed in plan.seeds if seed.first <= first), key=lambda seed: seed.first)
    days = [row.due_on.day for row in plan.rows[seed.first - 1 :]]
    if seed.base or not plan.calendar:
        days.append(seed.day_of_month or seed.day.day)
    return max(days)


def inserted(what: What) -> int:
    """By how many numbers the changed rows move up."""
    return what.instalments if isinstance(what, Grace) else 0


def _check(plan: Plan, first: int, what: What) -> None:
    count = len(plan.rows)
    if not 1 <= first <= count:
        raise ScheduleError(f"Angsuran ke-{first} tidak ada; isi 1 sampai {count}.")
    if isinstance(what, Extra | Grace):
        if what.instalments < 1:
            raise ScheduleError(f"Tambahan {what.instalments} angsuran tidak mungkin; isi paling sedikit 1.")
        if count + what.instalments > MOST_INSTALMENTS:
            raise ScheduleError(
                f"Jadwal menjadi {count + what.instalments} angsuran; paling banyak {MOST_INSTALMENTS}."
            )
    if isinstance(what, NewRate):
        build(Terms(Method.BULLET, 1, what.rate, 1), _ANY_DAY)  # refuses what is no rate, and nothing else
    if not isinstance(what, NewDueOn) and not _rest_before(plan.rows, first):
        raise ScheduleError(f"Tidak ada pokok yang tersisa mulai angsuran ke-{first}; hanya tanggalnya bisa diubah.")


def _rest_before(rows: Sequence[Row], first: int) -> int:
    return sum(row.principal for row in rows[first - 1 :])


def _amounts(rows: Iterable[Row]) -> list[tuple[int, int]]:
    """Principal and fee of each row."""
    return [(row.principal, row.service_fee) for row in rows]


def _with_grace(plan: Plan, first: int, count: int) -> Plan:
    at = first - 1
    rate = plan.rates[at]
    fee = _fee(plan.terms, rate, _rest_before(plan.rows, first))
    amounts = _amounts(plan.rows)
    amounts[at:at] = [(0, fee)] * count
    moved = tuple(replace(seed, first=seed.first + count) if seed.first > first else seed for seed in plan.seeds)
    longer = replace(
        plan,
        rates=plan.rates[:at] + (rate,) * count + plan.rates[at:],
        grace=plan.grace[:at] + (True,) * count + plan.grace[at:],
        seeds=moved,
    )
    return _laid_out(longer, _with_promised_fee(longer, amounts, first))


def _shared(plan: Plan, first: int) -> Plan:
    """The rest of the principal shared anew from row `first` on, and once more wherever the rate changes later on."""
    amounts = _amounts(plan.rows)
    rates = plan.rates
    later = (number for number in range(first + 1, len(rates) + 1) if rates[number - 1] != rates[number - 2])
    for start in (first, *later):
        rest = plan.terms.principal - sum(principal for principal, _ in amounts[: start - 1])
        amounts[start - 1 :] = _tail(plan, start, rest)
    return _laid_out(plan, _with_promised_fee(plan, amounts, first))


def _tail(plan: Plan, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """Principal and fee from row `first` on at the rate of that row; `rest` is the principal to share."""
    rate = plan.rates[first - 1]
    skipped = plan.fee_only[first - 1 :]
    paying = iter(_paying_rows(plan.terms, rest, rate, skipped.count(False), first) if rest else ())
    for fee_only in skipped:
        if fee_only or not rest:
            yield 0, _fee(plan.terms, rate, rest)
        else:
            row = next(paying)
            rest = row.balance
            yield row.principal, row.service_fee


@dataclass(frozen=True)
class _Rest(Terms):
    """The rest of a loan as a loan of its own, whose flat `fee` stays what it is on the original principal."""

    fee: int = 0

    @property
    def rate_part(self) -> Fraction:
        return Fraction(self.fee, self.principal) if self.is_flat else super().rate_part


def _paying_rows(terms: Terms, rest: int, rate: Decimal, count: int, first: int) -> tuple[Row, ...]:
    agreed = {field.name: getattr(terms, field.name) for field in fields(Terms)}
    changed = {"principal": rest, "rate": rate, "instalments": count, "grace": 0, "principal_every": 1}
    try:
        return build(_Rest(**(agreed | changed), fee=_fee(terms, rate, terms.principal)), _ANY_DAY)
    except ScheduleError:
        raise ScheduleError(
            f"Sisa pokok {format_rupiah(rest)} mulai angsuran ke-{first} tidak bisa dibagi atas {count} angsuran bila"
            f" dibulatkan ke {format_rupiah(terms.step)}; ubah jumlah angsurannya."
        ) from None


def _fee(terms: Terms, rate: Decimal, balance: int) -> int:
    """The fee of a row that takes no rest, on what is left before it or, flat, on the original principal."""
    fee = round_rupiah(Fraction(rate) / 100 * (terms.principal if terms.is_flat else balance))
    return round_rupiah(fee, terms.step, terms.rounding) if terms.in_parts else fee


def _with_promised_fee(plan: Plan, amounts: list[tuple[int, int]], first: int) -> list[tuple[int, int]]:
    """A flat fee brought to what all rows together were promised, in the changed row that takes the rests."""
    if not plan.terms.is_flat:
        return amounts
    promised = round_rupiah(sum(map(Fraction, plan.rates), Fraction(0)) * plan.terms.principal / 100)
    rest_row = len(amounts)
    if plan.terms.difference == Difference.FIRST:
        rest_row = plan.fee_only.index(False, first - 1) + 1
    principal, fee = amounts[rest_row - 1]
    fee += promised - sum(fee for _, fee in amounts)
    if fee < 0:
        raise ScheduleError(
            f"Jasa angsuran ke-{rest_row} menjadi {format_rupiah(fee)} karena pembulatan ke"
            f" {format_rupiah(plan.terms.step)}; ubah lebih sedikit angsuran."
        )
    return [*amounts[: rest_row - 1], (principal, fee), *amounts[rest_row:]]


def _laid_out(plan: Plan, amounts: Iterable[tuple[int, int]]) -> Plan:
    """The plan with these amounts as its rows, on the days that its seeds give."""
    rows = []
    days = _due_days(plan)
    balance = plan.terms.principal
    for number, (principal, fee) in enumerate(amounts, 1):
        balance -= principal
        rows.append(Row(number, days[number - 1], principal, fee, balance))
    for problem in not_rising(plan.seeds[0].day, days):
        raise ScheduleError(problem)
    return replace(plan, rows=tuple(rows))


def _due_days(plan: Plan) -> list[date]:
    count = len(plan.rates)
    days = list(plan.calendar(count)) if plan.calendar else []
    seeds = plan.seeds[1:] if days else plan.seeds
    for seed in seeds:
        steps = range(seed.first - seed.base, count + 1 - seed.base)
        if plan.follow and seed.base:
            days[seed.first - 1 :] = [seed.day, *plan.follow(seed.day, steps[-1])][steps[0] :]
        else:
            days[seed.first - 1 :] = (
                due_on(seed.day, step, plan.terms.every, fixed_day=seed.day_of_month) for step in steps
            )
    return days
