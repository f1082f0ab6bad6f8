"""Rules about a report's figures, and how they are tried. Pure: figures in, sentences out; no database, no clock.

A rule is data: two sums of indicators with a sign between them, a jump against the period before, an outlier among the
villages of the kecamatan, or the name of a look into the rows (see `row_checks`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import median

from reports.findings import Severity
from reports.indicators import ALL, BASES

Figures = Mapping[str, int | None]
SIGNS = {
    "=": ("sama dengan", lambda left, right: left == right),
    "<=": ("paling banyak", lambda left, right: left <= right),
    ">=": ("paling sedikit", lambda left, right: left >= right),
}
_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d{1,9})\s*\*\s*)?([a-z_0-9]*[a-z_][a-z_0-9]*|\d{1,15})\s*")
# The share of a normal distribution's spread that its median deviation is (Iglewicz and Hoaglin 1993).
NORMAL = Fraction(6745, 10000)
FEWEST_PEERS = 5  # below, a median says nothing


class Kind(StrEnum):
    COMPARE = "compare"
    JUMP = "jump"
    OUTLIER = "outlier"
    ROWS = "rows"


@dataclass(frozen=True)
class Rule:
    """`threshold`: percent of a jump, tenths of the score of an outlier, days, years or percent of a look into rows."""

    code: str
    name: str
    kind: Kind
    severity: Severity
    left: str = ""  # of a comparison, a sum of indicators; else the indicator that is looked at
    sign: str = "="
    right: str = ""
    threshold: int = 0
    least: int = 0  # a jump of fewer units is none
    is_on: bool = True


@dataclass(frozen=True)
class Sum:
    """So many times each indicator, and a plain number."""

    terms: tuple[tuple[int, str], ...]
    plain: int = 0

    def of(self, figures: Figures) -> int | None:
        """None where an indicator of it is not known: a rule is not tried on what nobody recorded."""
        values = [(factor, figures.get(key)) for factor, key in self.terms]
        if any(value is None for _, value in values):
            return None
        return self.plain + sum(factor * (value or 0) for factor, value in values)

    @property
    def words(self) -> str:
        """Saldo lancar + Saldo macet, with the indicators' own labels."""
        parts = []
        for factor, key in self.terms:
            times = f"{abs(factor)} × " if abs(factor) != 1 else ""
            sign = " − " if factor < 0 else " + " if parts else ""
            parts.append(f"{sign}{times}{BASES[key].label}")
        if self.plain:
            sign = " − " if self.plain < 0 else " + " if parts else ""
            parts.append(f"{sign}{abs(self.plain)}")
        return "".join(parts)


def parse_sum(text: str) -> Sum:
    """The sum of "balance_1 + 2*balance_2 - 100". Raises ValueError, in Indonesian, for another text."""
    terms, plain, at = [], 0, 0
    while at < len(text):
        match = _TERM.match(text, at)
        if not match or (at and not match[1]):
            raise ValueError(f"“{text[:40]}” tidak dapat dibaca. Tulis misalnya balance_1 + balance_2.")
        sign, factor, name = -1 if match[1] == "-" else 1, int(match[2] or 1), match[3]
        if name.isdigit():
            plain += sign * factor * int(name)
        elif name in BASES:
            terms.append((sign * factor, name))
        else:
            raise ValueError(f"Angka “{name[:40]}” tidak ada. Lihat kodenya di halaman Definisi angka.")
        at = match.end()
    if not terms and not text.strip().isdigit():
        raise ValueError("Isi paling sedikit satu angka, misalnya members.")
    return Sum(tuple(terms), plain)


def broken(rule: Rule, figures: Figures) -> tuple[int, int] | None:
    """Both sides of a comparison that does not hold; None where it holds or cannot be tried."""
    left, right = parse_sum(rule.left).of(figures), parse_sum(rule.right).of(figures)
    if left is None or right is None or SIGNS[rule.sign][1](left, right):
        return None
    return left, right


def jump(rule: Rule, before: Figures, now: Figures) -> Fraction | None:
    """Percent by which the figure rose or fell (below zero); None below the threshold, or where one is not known."""
    old, new = before.get(rule.left), now.get(rule.left)
    if old is None or new is None or not old or abs(new - old) < max(rule.least, 1):
        return None
    percent = Fraction(100 * (new - old), abs(old))
    return percent if abs(percent) > rule.threshold else None


def score(value: int, peers: Sequence[int]) -> Fraction | None:
    """The modified z-score of a value among its peers: 0.6745 × (value − median) ÷ median deviation.

    None for fewer than five peers, or where more than half of them are alike (Iglewicz and Hoaglin 1993: beyond 3.5 it
    is an outlier).
    """
    if len(peers) < FEWEST_PEERS:
        return None
    middle = Fraction(median(map(Fraction, peers)))
    spread = Fraction(median([abs(peer - middle) for peer in peers]))
    return NORMAL * (value - middle) / spread if spread else None


def is_outlier(rule: Rule, value: int | None, peers: Sequence[int]) -> bool:
    if value is None:
        return False
    found = score(value, peers)
    return found is not None and abs(found) * 10 > rule.threshold


def problems(rule: Rule) -> Iterator[str]:
    """What is wrong with a rule that somebody wrote, as Indonesian sentences."""
    if rule.kind is Kind.COMPARE:
        for side in (rule.left, rule.right):
            try:
                parse_sum(side)
            except ValueError as error:
                yield str(error)
        if rule.sign not in SIGNS:
            yield "Pilih tanda =, <= atau >=."
    elif rule.kind in (Kind.JUMP, Kind.OUTLIER) and rule.left in ALL and rule.left not in BASES:
        yield f"“{ALL[rule.left].label}” dihitung dari angka lain. Pilih pembilang atau penyebutnya."
    elif rule.kind in (Kind.JUMP, Kind.OUTLIER) and rule.left not in BASES:
        yield f"Angka “{rule.left[:40]}” tidak ada. Lihat kodenya di halaman Definisi angka."
    if rule.threshold < 0 or rule.least < 0:
        yield "Batas tidak boleh di bawah nol."
