"""How much more, or less: two amounts of the same people, first and latest. Pure; whole rupiah."""

from dataclasses import dataclass
from fractions import Fraction

from up2k_portal.lib.money import round_rupiah


@dataclass(frozen=True)
class Growth:
    """Sums of rupiah over `people`, each of whom stands on both sides: averages compare the same families.

    Raises ValueError when there is money without people.
    """

    people: int = 0
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        if not self.people and (self.before or self.after):
            raise ValueError("Jumlah tanpa orang tidak mungkin.")

    def __add__(self, other: "Growth") -> "Growth":
        return Growth(self.people + other.people, self.before + other.before, self.after + other.after)

    @property
    def difference(self) -> int:
        return self.after - self.before

    @property
    def percent(self) -> Fraction | None:
        """The difference in percent of the first sum, exact; None where that is 0."""
        return Fraction(self.difference * 100, self.before) if self.before else None

    @property
    def average_before(self) -> int | None:
        """Rupiah a family, half up; None without people."""
        return round_rupiah(Fraction(self.before, self.people)) if self.people else None

    @property
    def average_after(self) -> int | None:
        return round_rupiah(Fraction(self.after, self.people)) if self.people else None
