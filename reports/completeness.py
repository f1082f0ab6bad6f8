"""Who has reported: the same villages above and below the line, so that no rate exceeds 100 %. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

# How far a report has come, from the beginning to the end.
WAY = ("", "draft", "returned", "submitted", "verified", "approved", "sent")
IS_IN = frozenset(("submitted", "verified", "approved", "sent"))
NONE, LATE = "none", "late"  # not begun and in time; not in although its day is past
KINDS = (LATE, "returned", NONE, "draft", "submitted", "verified", "approved", "sent")  # the worst first


@dataclass(frozen=True)
class Standing:
    """Where the report of one village that owes one stands; `state` "" where it has not begun.

    Of a longer period than villages report: where the part that came least far stands.
    """

    village_code: str
    village_name: str  # Desa Pandulangan
    state: str = ""
    is_in: bool = False
    is_late: bool = False  # came in after its day, or has not come and the day is past
    is_nil: bool = False
    is_agreed: bool = False  # approved or sent: may stand in a workbook
    village_id: int = 0
    due_on: date | None = None  # its own last day, leave counted
    submitted_on: date | None = None
    lacking: tuple[str, ...] = ()  # parts of a longer period that are not in: "Triwulan I 2026"

    @property
    def kind(self) -> str:
        """One of KINDS. A report that was sent back stays "returned" after its day: somebody is at work on it."""
        if self.is_in or self.state == "returned":
            return self.state
        if self.is_late:
            return LATE
        return self.state or NONE


@dataclass(frozen=True)
class Completeness:
    """Counts over villages that owe a report."""

    expected: int
    on_time: int
    late: int  # came in after their day
    nil: int
    agreed: int
    overdue: int = 0  # not in although their day is past
    kinds: tuple[tuple[str, int], ...] = ()  # how many of each of KINDS, the worst first

    @property
    def received(self) -> int:
        return self.on_time + self.late

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def worst(self) -> str:
        """The kind that needs a hand first; "" where nobody owes a report."""
        return self.kinds[0][0] if self.kinds else ""

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
    counts = Counter(row.kind for row in rows)
    return Completeness(
        expected=len(rows),
        on_time=sum(not row.is_late for row in received),
        late=sum(row.is_late for row in received),
        nil=sum(row.is_nil for row in received),
        agreed=sum(row.is_agreed for row in received),
        overdue=sum(row.is_late for row in rows if not row.is_in),
        kinds=tuple((kind, counts[kind]) for kind in KINDS if counts[kind]),
    )


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None
