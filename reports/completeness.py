"""Who has reported: the same villages above and below the line, so that no rate exceeds 100 %. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Standing:
    """Where the report of one village that owes one stands; `state` "" where it has not begun."""

    village_code: str
    village_name: str  # Desa Pandulangan
    state: str = ""
    is_in: bool = False
    is_late: bool = False  # came in after its day, or has not come and the day is past
    is_nil: bool = False
    is_agreed: bool = False  # approved or sent: may stand in a workbook


@dataclass(frozen=True)
class Completeness:
    """Counts over villages that owe a report."""

    expected: int
    on_time: int
    late: int  # came in after their day
    nil: int
    agreed: int

    @property
    def received(self) -> int:
        return self.on_time + self.late

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def rate(self) -> Fraction | None:
        """Percent received; None where nobody owes a report."""
        return _percent(self.received, self.expected)

    @property
    def timely_rate(self) -> Fraction | None:
        return _percent(self.on_time, self.expected)

    @property
    def agreed_rate(self) -> Fraction | None:
        return _percent(self.agreed, self.expected)


def completeness(standings: Iterable[Standing]) -> Completeness:
    rows = list(standings)
    received = [row for row in rows if row.is_in]
    return Completeness(
        expected=len(rows),
        on_time=sum(not row.is_late for row in received),
        late=sum(row.is_late for row in received),
        nil=sum(row.is_nil for row in received),
        agreed=sum(row.is_agreed for row in received),
    )


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None
