"""When a loan is paid back, and how much each time: exact arithmetic, whole rupiah, no database and no clock.

P principal, n instalments of which the first `grace` carry the fee only, r(x) = x to whole rupiah with ties up,
R(x) = x to a multiple of `step` in the direction `rounding`:

- fee = r(P × rate) for flat, r(balance before the row × rate) for the others;
- principal = R(P/(n − grace) + fee) − fee, so that the total is round; with parts, which flat and declining allow,
  fee = R(r(…)) and principal = R(P/(n − grace)); annuity: R(PMT over the rows after grace) − fee; bullet: 0;
- one row, the last or the first after grace, takes the rest of P and, for flat, of r(P × rate × n), unrounded.
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
    """What was agreed: rupiah, `rate` in percent per period, and how the instalments are rounded."""

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
        """How many rows carry principal: those after grace."""
        return self.instalments - self.grace


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


def _may_differ_first(t: Terms) -> bool:
    return t.is_flat or (t.method == Method.DECLINING and t.in_parts)


# What no arithmetic can mend: a question to the terms, and the sentence when the answer is yes.
_IMPOSSIBLE: tuple[tuple[Callable[[Terms], bool], str], ...] = (
    (
        lambda t: not 1 <= t.principal <= MOST_RUPIAH,
        "Pokok pinjaman {principal} tidak mungkin; isi Rp1 sampai Rp1.000.000.000.000.",
    ),
    (
        lambda t: not t.rate.is_finite() or not 0 <= t.rate <= HIGHEST_RATE,
        "Jasa {rate}% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5.",
    ),
    (
        lambda t: round(t.rate, MOST_RATE_DECIMALS) != t.rate,
        "Jasa {rate}% terlalu rinci; isi paling banyak 12 angka di belakang koma, misalnya 1,5.",
    ),
    (
        lambda t: not 1 <= t.instalments <= MOST_INSTALMENTS,
        "{t.instalments} kali angsuran tidak mungkin; isi 1 sampai 600.",
    ),
    (
        lambda t: not 0 <= t.grace < t.instalments,
        "Masa tenggang {t.grace} tidak mungkin; isi 0 atau lebih, di bawah jumlah angsuran ({t.instalments}).",
    ),
    (
        lambda t: not 1 <= t.step <= MOST_RUPIAH,
        "Pembulatan ke {t.step} tidak mungkin; isi Rp1 sampai Rp1.000.000.000.000, misalnya Rp500.",
    ),
    (
        lambda t: t.in_parts and t.method in (Method.ANNUITY, Method.BULLET),
        "Membulatkan pokok dan jasa masing-masing (parts) hanya untuk flat dan declining; pilih jumlahnya (total).",
    ),
    (
        lambda t: t.difference == Difference.FIRST and not _may_differ_first(t),
        "Selisih di awal (first) hanya untuk flat, atau declining dengan parts; pilih di akhir (last).",
    ),
)


def build(terms: Terms, start: date) -> tuple[Row, ...]:
    """The instalments of a loan disbursed on `start`, numbered from 1.

    Raises ScheduleError where the terms are impossible, and where a principal or a fee would be negative: that
    sentence names the first such row and the largest step that works, among all whole rupiah below the given one.
    """
    _check(terms)
    amounts = _amounts(terms, partial(round_rupiah, step=terms.step, direction=terms.rounding))
    rows = tuple(
        Row(number, due_on(start, number, terms.every), principal, fee, balance)
        for number, (principal, fee, balance) in enumerate(amounts, 1)
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
    principal, rate = format_rupiah(terms.principal), str(terms.rate).replace(".", ",")
    for is_impossible, sentence in _IMPOSSIBLE:
        if is_impossible(terms):
            raise ScheduleError(sentence.format(t=terms, principal=principal, rate=rate))


def due_on(start: date, number: int, every: Every = Every.MONTH) -> date:
    """The day of instalment `number`: weeks after `start`, or its day of the month, clipped to a month's last day.

    Counted from `start` each time, so that 31 January gives 28 February and then 31 March.
    Raises ScheduleError past the year 9999.
    """
    try:
        if every == Every.WEEK:
            return start + timedelta(weeks=number)
        years, month = divmod(start.month - 1 + number, 12)
        year = start.year + years
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        raise ScheduleError(
            f"Angsuran ke-{number} jatuh sesudah tahun 9999; periksa tanggal pencairan dan jumlah angsuran."
        ) from None


def totals(rows: Sequence[Row]) -> tuple[int, int]:
    """Principal and service fee of the whole loan, in rupiah."""
    return sum(row.principal for row in rows), sum(row.service_fee for row in rows)


def effective_annual_rate(terms: Terms, rows: Sequence[Row]) -> Decimal:
    """What the loan costs on the money really held: internal rate per period × 12 or 52, percent, two decimals.

    Exact: the hundredths are searched by asking of each boundary between two of them whether a loan at that rate
    would be paid off by these rows.
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
    rest_row = terms.instalments if terms.difference == Difference.LAST else terms.grace + 1
    balance = terms.principal
    for number in range(1, terms.instalments + 1):
        principal, fee = ordinary(balance)
        if number <= terms.grace:
            principal = 0
        if number == rest_row:
            principal = balance - principal * (terms.instalments - number)
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
    return f"{wrong} dan tidak ada pembulatan yang bisa dipakai; kurangi jumlah angsuran atau ubah arah pembulatan."


def _largest_step(terms: Terms) -> int:
    """The largest step below the given one that gives no negative row; 0 where none does.

    A smaller step is not always a better one, so none may be passed over. But steps with the same quotients
    R(x)/step up to the same kind of fault lie side by side: while those stay, a smaller step only pays off less,
    so balances and fees only grow. The end of such a run is found by galloping and bisection, the run skipped.
    """
    step, fault = terms.step, _fault(terms, terms.step)
    while step and fault:

        def is_same(smaller: int, fault: tuple[object, ...] = fault) -> bool:
            return _fault(terms, smaller) == fault

        stride = 1
        while stride < step and is_same(step - stride):
            stride *= 2
        below = max(step - stride, 0)
        step = below + bisect_left(range(below + 1, step), True, key=is_same)
        fault = _fault(terms, step) if step else fault
    return step


def _fault(terms: Terms, step: int) -> tuple[object, ...]:
    """The kind of the first negative amount and the quotients that led there; empty where none is negative."""
    quotients: list[int] = []

    def stepped(amount: Fraction | int) -> int:
        rounded = round_rupiah(amount, step, terms.rounding)
        quotients.append(rounded // step)
        return rounded

    for number, (principal, fee, balance) in enumerate(_amounts(terms, stepped), 1):
        amounts = principal, fee, _spare(terms, number, balance)
        if min(amounts) < 0:
            return *(amount < 0 for amount in amounts), *quotients
    return ()


def _spare(terms: Terms, number: int, balance: int) -> int:
    """Negative where the rows to come must overpay: rounded up, each before the last takes P/paying or more."""
    if terms.rounding != Rounding.UP or terms.method in (Method.ANNUITY, Method.BULLET):
        return balance
    to_come = terms.instalments - 1 - max(number, terms.grace)
    return balance * terms.paying - terms.principal * to_come
