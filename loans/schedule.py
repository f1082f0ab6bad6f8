"""When a loan is paid back, and how much each time: exact arithmetic in whole rupiah, no database, no clock.

P principal, n rows of which the first `grace` carry the fee only and then m = n − grace rows the principal too,
r(x) = x to whole rupiah with ties up, R(x) = x to a multiple of `step` in the direction `rounding`:

- fee = r(P × rate) for flat, r(balance before the row × rate) for the others;
- principal = R(P/m + fee) − fee, so that the total is round; with parts (flat and declining only) fee = R(r(…))
  and principal = R(P/m); annuity: R(PMT over those m rows) − fee; bullet: 0;
- `principal_every` k (flat and declining only): of the rows after grace only each k-th and the last carry principal,
  m is their number, the others are as in grace;
- one of the m rows, the last or the first, takes the rest of P and, for flat, of r(P × rate × n), as it is.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import ceil

from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_rupiah, round_rupiah

MOST_RUPIAH = 10**12
MOST_INSTALMENTS = 600
HIGHEST_RATE = 100
MOST_RATE_DECIMALS = 12


class ScheduleError(ValueError):
    """Terms that give no schedule, as an Indonesian sentence."""


class Choice(StrEnum):
    @classmethod
    def _missing_(cls, value: object) -> None:
        raise ScheduleError(f"“{value}” tidak dikenal; pilih {', '.join(cls)}.")


class Method(Choice):
    FLAT = "flat"
    DECLINING = "declining"
    ANNUITY = "annuity"
    BULLET = "bullet"


class Every(Choice):
    MONTH = "month"
    WEEK = "week"


class Rounding(Choice):
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


class RoundWhat(Choice):
    TOTAL = "total"
    PARTS = "parts"


class Difference(Choice):
    LAST = "last"
    FIRST = "first"


PERIODS_A_YEAR = {Every.MONTH: 12, Every.WEEK: 52}


@dataclass(frozen=True)
class Terms:
    """What was agreed: rupiah, `rate` in percent per period, and how the instalments are rounded.

    `principal_every` counts rows: 1 pays principal at every fee after grace, 3 at every third and at the last.
    """

    method: Method
    principal: int
    rate: Decimal
    instalments: int
    every: Every = Every.MONTH
    grace: int = 0
    step: int = 1
    rounding: Rounding = Rounding.NEAREST
    round_what: RoundWhat = RoundWhat.TOTAL
    difference: Difference = Difference.LAST
    principal_every: int = 1

    @property
    def rate_part(self) -> Fraction:
        return Fraction(self.rate) / 100

    @property
    def is_flat(self) -> bool:
        return self.method == Method.FLAT

    @property
    def in_parts(self) -> bool:
        return self.round_what == RoundWhat.PARTS

    @property
    def paying(self) -> int:
        """How many rows carry principal."""
        return self.paying_after(self.grace)

    @property
    def rest_row(self) -> int:
        """The number of the row that takes the rests."""
        first = min(self.grace + self.principal_every, self.instalments)
        return first if self.difference == Difference.FIRST else self.instalments

    def pays_principal(self, number: int) -> bool:
        return number > self.grace and (number == self.instalments or (number - self.grace) % self.principal_every == 0)

    def paying_after(self, number: int) -> int:
        """How many rows after row `number`, which is not before the end of grace, carry principal."""
        if number >= self.instalments:
            return 0
        passed = (number - self.grace) // self.principal_every
        return ceil(Fraction(self.instalments - self.grace, self.principal_every)) - passed


@dataclass(frozen=True)
class Row:
    """One instalment in rupiah; `balance` is the principal left after it."""

    number: int
    due_on: date
    principal: int
    service_fee: int
    balance: int

    @property
    def total(self) -> int:
        return self.principal + self.service_fee


def build(terms: Terms, start: date, due_days: Sequence[date] | None = None) -> tuple[Row, ...]:
    """The instalments of a loan disbursed on `start`, numbered from 1; `due_days`, one a row, replace `due_on`.

    Raises ScheduleError where the terms or the due days are impossible, and where a principal or a fee would be
    negative: the sentence then names the first such row and the largest step that works, of all whole rupiah
    below `step`.
    """
    _check(terms)
    if due_days is None:
        due_days = [due_on(start, number, terms.every) for number in range(1, terms.instalments + 1)]
    for problem in _due_day_problems(terms, start, due_days):
        raise ScheduleError(problem)
    amounts = _amounts(terms, partial(round_rupiah, step=terms.step, direction=terms.rounding))
    rows = tuple(
        Row(number, day, principal, fee, balance)
        for number, (day, (principal, fee, balance)) in enumerate(zip(due_days, amounts, strict=True), 1)
    )
    for row in rows:
        if min(row.principal, row.service_fee) < 0:
            raise ScheduleError(_refusal(terms, row))
    return rows


def _check(terms: Terms) -> None:
    for choice, value in (
        (Method, terms.method),
        (Every, terms.every),
        (Rounding, terms.rounding),
        (RoundWhat, terms.round_what),
        (Difference, terms.difference),
    ):
        choice(value)  # a misspelt word given as plain text must not pass for another method
    for problem in _problems(terms):
        raise ScheduleError(problem)


def _problems(t: Terms) -> Iterator[str]:
    """What no arithmetic can mend."""
    rate = str(t.rate).replace(".", ",")
    if not 1 <= t.principal <= MOST_RUPIAH:
        yield f"Pokok {format_rupiah(t.principal)} tidak mungkin; isi 1 sampai {format_rupiah(MOST_RUPIAH)}."
    if not t.rate.is_finite() or not 0 <= t.rate <= HIGHEST_RATE:
        yield f"Jasa {rate}% per angsuran tidak mungkin; isi 0 sampai {HIGHEST_RATE}, misalnya 1,5."
    if round(t.rate, MOST_RATE_DECIMALS) != t.rate:
        yield f"Jasa {rate}% terlalu rinci; isi paling banyak {MOST_RATE_DECIMALS} angka di belakang koma."
    if not 1 <= t.instalments <= MOST_INSTALMENTS:
        yield f"{t.instalments} kali angsuran tidak mungkin; isi 1 sampai {MOST_INSTALMENTS}."
    if not 0 <= t.grace < t.instalments:
        yield f"Masa tenggang {t.grace} angsuran tidak mungkin; isi 0 sampai {t.instalments - 1}."
    if not 1 <= t.step <= MOST_RUPIAH:
        yield f"Pembulatan ke {format_rupiah(t.step)} tidak mungkin; isi paling sedikit Rp1, misalnya Rp500."
    if t.in_parts and t.method not in (Method.FLAT, Method.DECLINING):
        yield "Pembulatan pokok dan jasa masing-masing hanya untuk jasa flat dan menurun; bulatkan jumlahnya."
    if t.difference == Difference.FIRST and not t.is_flat and not (t.method == Method.DECLINING and t.in_parts):
        yield (
            "Selisih di angsuran pertama hanya untuk jasa flat, atau menurun dengan pokok dan jasa dibulatkan"
            " masing-masing; taruh selisih di angsuran terakhir."
        )
    if not 1 <= t.principal_every <= MOST_INSTALMENTS:
        yield f"Pokok tiap {t.principal_every} angsuran tidak mungkin; isi 1 sampai {MOST_INSTALMENTS}."
    if t.principal_every != 1 and t.method not in (Method.FLAT, Method.DECLINING):
        yield "Pokok yang lebih jarang dari jasa hanya untuk jasa flat dan menurun; isi pokok tiap 1 angsuran."


def _due_day_problems(terms: Terms, start: date, due_days: Sequence[date]) -> Iterator[str]:
    if len(due_days) != terms.instalments:
        yield (
            f"Ada {len(due_days)} hari jatuh tempo untuk {terms.instalments} kali angsuran;"
            f" isi {terms.instalments} hari, satu tiap angsuran."
        )
    yield from not_rising(start, due_days)


def not_rising(start: date, due_days: Sequence[date]) -> Iterator[str]:
    """A sentence for each due day that is not after the one before it, the first not after `start`."""
    for number, (before, day) in enumerate(pairwise((start, *due_days)), 1):
        if day <= before:
            earlier = "pencairan" if number == 1 else f"angsuran ke-{number - 1}"
            yield (
                f"Angsuran ke-{number} jatuh {format_day(day)}, padahal {earlier} {format_day(before)};"
                " isi hari sesudah itu."
            )


def due_on(
    start: date, number: int, every: Every = Every.MONTH, *, fixed_day: int | None = None, later: int = 0
) -> date:
    """The day of instalment `number`: so many weeks or months after `start`, clipped to the month's last day.

    Always counted from `start`, so that 31 January gives 28 February and then 31 March. Of months, `fixed_day`
    replaces the day of `start`, and all fall `later` months later.
    Raises ScheduleError past the year 9999.
    """
    try:
        if every == Every.WEEK:
            return start + timedelta(weeks=number)
        years, month = divmod(start.month - 1 + number + later, 12)
        return clipped(start.year + years, month + 1, fixed_day or start.day)
    except (ValueError, OverflowError):
        raise too_far(number) from None


def clipped(year: int, month: int, day: int) -> date:
    """That day, or the month's last where it has no such day. Raises ValueError past the year 9999."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def too_far(number: int) -> ScheduleError:
    return ScheduleError(
        f"Angsuran ke-{number} jatuh sesudah tahun 9999; periksa tanggal pencairan dan jumlah angsuran."
    )


def totals(rows: Sequence[Row]) -> tuple[int, int]:
    """Principal and service fee of the whole loan, in rupiah."""
    return sum(row.principal for row in rows), sum(row.service_fee for row in rows)


def effective_annual_rate(terms: Terms, rows: Sequence[Row]) -> Decimal:
    """What the money really held costs: internal rate per period × 12 or 52, percent, two decimals, half up.

    Exact: half way between two hundredths, the rows either pay off a loan at that rate or leave a debt.
    """
    hundredths = 100 * 100 * PERIODS_A_YEAR[Every(terms.every)]
    bound = hundredths * max(row.total for row in rows) // terms.principal + 2

    def is_above(hundredth: int) -> bool:
        return _owed_after(rows, terms.principal, Fraction(2 * hundredth - 1, 2 * hundredths)) > 0

    return Decimal(bisect_left(range(1, bound), True, key=is_above)).scaleb(-2)


def _owed_after(rows: Sequence[Row], principal: int, rate: Fraction) -> int:
    """What is still owed after the last row if each period costs `rate`, times a positive whole number."""
    grown, whole = rate.numerator + rate.denominator, rate.denominator
    owed, scale = principal, 1
    for row in rows:
        scale *= whole
        owed = owed * grown - row.total * scale
    return owed


def _amounts(terms: Terms, stepped: Callable[[Fraction | int], int]) -> Iterator[tuple[int, int, int]]:
    """Principal, fee and the balance after them, row by row; negative ones too."""
    ordinary = _ordinary_row(terms, stepped)
    balance = terms.principal
    for number in range(1, terms.instalments + 1):
        principal, fee = ordinary(balance)
        if not terms.pays_principal(number):
            principal = 0
        if number == terms.rest_row:
            principal = balance - principal * terms.paying_after(number)
            fee = _rest_of_fee(terms, fee) if terms.is_flat else fee
        balance -= principal
        yield principal, fee, balance


def _ordinary_row(terms: Terms, stepped: Callable[[Fraction | int], int]) -> Callable[[int], tuple[int, int]]:
    """From the balance before a row that pays principal and takes no rest to its principal and fee."""
    rate, in_parts = terms.rate_part, terms.in_parts
    principal_of = _principal_of(terms, stepped)

    def row(balance: int) -> tuple[int, int]:
        fee = round_rupiah(rate * balance)
        if in_parts:
            fee = stepped(fee)
        return principal_of(fee), fee

    if not terms.is_flat:
        return row
    always = row(terms.principal)
    return lambda balance: always


def _principal_of(terms: Terms, stepped: Callable[[Fraction | int], int]) -> Callable[[int], int]:
    """From the fee of such a row to its principal."""
    share = Fraction(terms.principal, terms.paying)
    if terms.method == Method.BULLET:
        return lambda fee: 0
    if terms.method == Method.ANNUITY:
        payment = stepped(_annuity_payment(terms, share))
        return lambda fee: payment - fee
    if terms.in_parts:
        principal = stepped(share)
        return lambda fee: principal
    return lambda fee: stepped(share + fee) - fee


def _annuity_payment(terms: Terms, share: Fraction) -> Fraction:
    growth = (1 + terms.rate_part) ** terms.paying
    return terms.principal * terms.rate_part * growth / (growth - 1) if terms.rate_part else share


def _rest_of_fee(terms: Terms, fee: int) -> int:
    promised = round_rupiah(terms.principal * terms.rate_part * terms.instalments)
    return promised - fee * (terms.instalments - 1)


def _refusal(terms: Terms, row: Row) -> str:
    part, amount = ("Pokok", row.principal) if row.principal < 0 else ("Jasa", row.service_fee)
    wrong = f"{part} angsuran ke-{row.number} menjadi {format_rupiah(amount)}"
    if step := _largest_step(terms):
        return (
            f"{wrong} bila dibulatkan ke {format_rupiah(terms.step)};"
            f" pembulatan terbesar yang bisa dipakai {format_rupiah(step)}."
        )
    return f"{wrong} dan tidak ada pembulatan yang bisa dipakai; ubah arahnya atau kurangi jumlah angsuran."


def _largest_step(terms: Terms) -> int:
    """The largest step below the given one that gives no negative row; 0 where none does.

    A smaller step is not always a better one, so none is passed over: a range of steps is halved, upper half
    first, until the whole of it is known to fail or one step that works is left.
    """
    ranges = [(1, terms.step - 1)]
    while ranges:
        low, high = ranges.pop()
        if low > high or _all_fail(terms, low, high):
            continue
        if low == high:
            return low
        middle = (low + high) // 2
        ranges += [(low, middle), (middle + 1, high)]
    return 0


def _all_fail(terms: Terms, low: int, high: int) -> bool:
    """Whether every step from `low` to `high` surely gives a negative row; exact where `low` is `high`.

    From row to row `least` and `most` enclose the balances of all those steps that have not failed yet.
    """
    lower = _ordinary_row(terms, lambda amount: round_rupiah(amount, high, terms.rounding) // high * low)
    upper = _ordinary_row(terms, lambda amount: round_rupiah(amount, low, terms.rounding) // low * high)
    least = most = terms.principal
    for number in filter(terms.pays_principal, range(1, terms.instalments + 1)):
        (smallest, least_fee), (largest, most_fee) = lower(least), upper(most)
        if not terms.in_parts:  # a higher balance pays more fee, and so less principal out of the same total
            smallest, largest = smallest - (most_fee - least_fee), largest + (most_fee - least_fee)
        if number == terms.rest_row:
            if terms.is_flat and _rest_of_fee(terms, least_fee) < 0:
                return True
            later = terms.paying_after(number)
            smallest, largest = least - largest * later, most - max(smallest, 0) * later
        least, most = max(least - largest, 0), most - max(smallest, 0)
        if largest < 0 or most < _least_to_come(terms, number):
            return True
    return False


def _least_to_come(terms: Terms, number: int) -> Fraction:
    """The least principal after row `number`: rounded up, each row but the last takes P/paying or more."""
    if terms.rounding != Rounding.UP or terms.method in (Method.ANNUITY, Method.BULLET):
        return Fraction(0)
    return Fraction(terms.principal * max(terms.paying_after(number) - 1, 0), terms.paying)
