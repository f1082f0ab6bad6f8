"""Figures of a portfolio's quality and the incentive for paying on time. Pure: whole rupiah in, ratios out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from up2k_portal.lib.money import round_rupiah

PAR_DAYS = (1, 30, 60, 90)
FAR_LATE = 3  # instalments: "menunggak 3 kali atau lebih" (POB Pinjaman Bergulir 2013)


@dataclass(frozen=True)
class Formula:
    """A ratio as it is defined: which sums it divides, in words, and which loans make its numerator."""

    key: str
    label: str
    part: str
    whole: str
    words: str
    slice: str


@dataclass(frozen=True)
class Ratio:
    """A formula with its rupiah."""

    formula: Formula
    part: int
    whole: int

    @property
    def percent(self) -> Fraction | None:
        """None of nothing: a group without loans has no ratio."""
        return Fraction(100 * self.part, self.whole) if self.whole else None


# PAR on whole balances: the balance of every loan late beyond so many days, over all balances (CGAP; POB 2013 calls
# 3 instalments late its limit). Both meanings of RR are in use, so each says what it is.
FORMULAS = (
    *(
        Formula(
            f"par{days}",
            f"PAR > {days} hari",
            f"late_{days}",
            "balance",
            f"sisa pokok pinjaman yang telat lebih dari {days} hari ÷ seluruh sisa pokok",
            f"par{days}",
        )
        for days in PAR_DAYS
    ),
    Formula(
        "arrears", "Tunggakan", "principal_late", "balance", "pokok yang menunggak ÷ seluruh sisa pokok", "late"
    ),
    Formula(
        "npl",
        "NPL",
        "npl",
        "balance",
        "sisa pokok kurang lancar, diragukan dan macet ÷ seluruh sisa pokok",
        "npl",
    ),
    Formula(
        "rr_due",
        "RR, realisasi terhadap target",
        "principal_due_paid",
        "principal_due",
        "pokok jatuh tempo yang sudah dibayar ÷ pokok yang sudah jatuh tempo, sejak cair; dari pinjaman yang dihapus"
        " buku hanya yang dibayar, jadi angka ini naik karena hapus buku",
        "due",
    ),
    Formula(
        "rr_balance",
        "RR, saldo yang tidak menunggak 3 kali",
        "not_far",
        "balance",
        "(seluruh sisa pokok − sisa pokok yang menunggak 3 kali atau lebih) ÷ seluruh sisa pokok",
        "not_far",
    ),
)  # fmt: skip


def ratios(sums: Mapping[str, int]) -> list[Ratio]:
    """Every ratio from the sums that `FORMULAS` names, in rupiah."""
    return [Ratio(formula, sums[formula.part], sums[formula.whole]) for formula in FORMULAS]


@dataclass(frozen=True)
class ClassLine:
    """A class of collectability: how many loans, their balance, and the allowance that the balance asks for."""

    level: int
    name: str
    count: int
    balance: int
    percent: Decimal

    @property
    def allowance(self) -> int:
        return allowance(self.balance, self.percent)


def allowance(balance: int, percent: Decimal) -> int:
    """Rupiah to set aside of a class's balance, to the rupiah, half up."""
    return round_rupiah(Fraction(balance) * Fraction(percent) / 100)


# ---- the incentive for paying on time (IPTW)


@dataclass(frozen=True)
class Due:
    """An instalment: its day, and what must be paid of the loan in all for it, in rupiah of principal and fee."""

    on: date
    principal_to_date: int
    service_fee_to_date: int


@dataclass(frozen=True)
class Paid:
    """Principal and fee that came in on a day; below zero what was taken back."""

    on: date
    principal: int = 0
    service_fee: int = 0


def was_on_time(dues: Sequence[Due], paid: Sequence[Paid], year: int, free_days: int) -> bool:
    """Whether instalments fell due in the year and each was paid in full by its day and so many days more."""
    of_year = [due for due in dues if due.on.year == year]
    return bool(of_year) and all(_is_paid(due, paid, due.on + timedelta(days=free_days)) for due in of_year)


def _is_paid(due: Due, paid: Sequence[Paid], until: date) -> bool:
    rows = [one for one in paid if one.on <= until]
    principal, fee = sum(one.principal for one in rows), sum(one.service_fee for one in rows)
    return principal >= due.principal_to_date and fee >= due.service_fee_to_date


def incentive(fees: int, percent: Decimal) -> int:
    """Rupiah of the percent of the fees paid in the year, down to whole rupiah: never more than was agreed."""
    return round_rupiah(max(Fraction(fees), Fraction(0)) * Fraction(percent) / 100, direction="down")
