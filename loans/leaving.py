"""What a member's leaving settles, as facts to show before and after. Pure; whole rupiah."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Withdrawn:
    """Savings of one kind or the titipan of a loan that she got back, by the voucher that says so."""

    words: str
    number: str
    amount: int
    is_cancelled: bool = False


@dataclass(frozen=True)
class Settled:
    """One of her loans: what her own money paid of it, by kind, and what is left of it.

    `owed_left` has the fees and penalties too. Without a number nothing was paid: her money did not reach it.
    """

    loan_number: str
    number: str
    parts: Mapping[str, int]
    principal_left: int
    owed_left: int
    is_cancelled: bool = False

    @property
    def amount(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True)
class Outcome:
    """All of it. `kept` are savings (words, rupiah) that the group's terms do not give back."""

    withdrawn: tuple[Withdrawn, ...]
    settled: tuple[Settled, ...]
    kept: tuple[tuple[str, int], ...]
    saved: int
    credit: int
    paid_on_loans: int
    paid_out: int
    still_owed: int

    @property
    def returned(self) -> int:
        """Savings and titipan: what she had with the group."""
        return self.saved + self.credit

    @cached_property
    def mark(self) -> str:
        """What a person saw before she said yes: other figures, another mark."""
        return f"{self.saved}-{self.credit}-{self.paid_on_loans}-{self.paid_out}-{self.still_owed}"
