"""What a late instalment costs by the product's rule. Pure: whole rupiah in, whole rupiah out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loans.allocation import Due
from loans.schedule import Choice
from up2k_portal.lib.money import format_rupiah, round_rupiah

HIGHEST_PERCENT = 100


class PenaltyKind(Choice):
    NONE = "none"
    FIXED = "fixed"
    PERCENT = "percent"


@dataclass(frozen=True)
class Rule:
    """A product's rule; by default there is no penalty.

    `amount` is rupiah a late instalment (fixed), `percent` a share of what is unpaid on it (percent); an instalment
    is late after `free_days` days; all penalties of a loan together never exceed `cap` rupiah, None without bound.
    Raises ValueError for a rule that cannot be, as an Indonesian sentence.
    """

    kind: PenaltyKind = PenaltyKind.NONE
    amount: int = 0
    percent: Decimal = Decimal(0)
    free_days: int = 0
    cap: int | None = None

    def __post_init__(self) -> None:
        PenaltyKind(self.kind)
        if self.amount < 0:
            raise ValueError(f"Denda {format_rupiah(self.amount)} tidak mungkin; isi Rp0 atau lebih, misalnya Rp5.000.")
        if not self.percent.is_finite() or not 0 <= self.percent <= HIGHEST_PERCENT:
            percent = str(self.percent).replace(".", ",")
            raise ValueError(f"Denda {percent}% tidak mungkin; isi 0 sampai {HIGHEST_PERCENT}, misalnya 1,5.")
        if self.free_days < 0:
            raise ValueError(f"Bebas denda {self.free_days} hari tidak mungkin; isi 0 atau lebih, misalnya 7.")
        if self.cap is not None and self.cap < 0:
            raise ValueError(f"Denda paling banyak {format_rupiah(self.cap)} tidak mungkin; isi Rp0 atau lebih.")


@dataclass(frozen=True)
class Charge:
    """A new penalty in rupiah on the instalment `number`."""

    number: int
    amount: int


def charges(rule: Rule, dues: Iterable[Due], already_charged: Mapping[int, int], as_of: date) -> tuple[Charge, ...]:
    """The penalties to charge on `as_of`, oldest instalment first and none of them 0.

    `already_charged` has the rupiah charged before, by instalment: an instalment in it, even with 0 (waived), is not
    charged again. A percentage is taken of principal and fee still unpaid, never of a penalty, ties up.
    """
    left = None if rule.cap is None else rule.cap - sum(already_charged.values())
    found = []
    for due in sorted(dues, key=lambda due: due.number):
        if due.number in already_charged or not _is_late(rule, due, as_of):
            continue
        amount = _amount(rule, due)
        if left is not None:
            amount = max(0, min(amount, left))
            left -= amount
        if amount:
            found.append(Charge(due.number, amount))
    return tuple(found)


def _is_late(rule: Rule, due: Due, as_of: date) -> bool:
    return (as_of - due.due_on).days > rule.free_days


def _amount(rule: Rule, due: Due) -> int:
    unpaid = due.principal + due.service_fee
    if not unpaid:
        return 0
    match PenaltyKind(rule.kind):
        case PenaltyKind.FIXED:
            return rule.amount
        case PenaltyKind.PERCENT:
            return round_rupiah(Fraction(rule.percent) / 100 * unpaid)
    return 0
