"""Twelve months beside the same months a year before, in figures and as columns of a chart. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH, HEIGHT, TOP, BASE = 320, 150, 24, 128  # of the chart, in units of its viewBox
GAP = 5
YEAR = 100  # between the numbers of a month and of the same month a year later


@dataclass(frozen=True)
class Comparison:
    """Rupiah of those months that are recorded in both years: nothing is compared with a gap."""

    now: int
    before: int
    months_count: int

    @property
    def percent(self) -> Fraction | None:
        """From `before` to `now`; None where there is nothing to compare with."""
        return Fraction(100 * (self.now - self.before), self.before) if self.before > 0 else None


@dataclass(frozen=True)
class Column:
    """One month: a column from `y` down to BASE; None where nothing is recorded."""

    period: int
    amount: int | None
    x: int
    y: int
    width: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def height(self) -> int:
        return BASE - self.y


def compare_years(amounts: Mapping[int, int], periods: Sequence[int]) -> Comparison:
    """`amounts` are rupiah by month (202609), `periods` the months of the later year."""
    both = [period for period in periods if period in amounts and period - YEAR in amounts]
    now, before = (sum(amounts[period - back] for period in both) for back in (0, YEAR))
    return Comparison(now, before, len(both))


def columns_of(amounts: Mapping[int, int], periods: Sequence[int]) -> list[Column]:
    """The columns of a chart of amounts that are never negative, the highest as high as the chart."""
    step = WIDTH // len(periods)
    highest = max([amounts[period] for period in periods if period in amounts], default=0) or 1
    return [
        Column(
            period=period,
            amount=amounts.get(period),
            x=number * step + GAP // 2,
            y=BASE - _height(amounts.get(period), highest),
            width=step - GAP,
        )
        for number, period in enumerate(periods)
    ]


def _height(amount: int | None, highest: int) -> int:
    """Whole units; the smallest amount is still seen."""
    return max(1, (BASE - TOP) * amount // highest) if amount else 0
