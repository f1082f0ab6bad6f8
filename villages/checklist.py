"""Which books a group keeps and how fresh they are: computed from its rows, never typed.

A `Ledger` says whose rows fill a book. This app knows its own eight; apps above give theirs where the paths meet
(`up2k_portal/ledgers.py`), so no arrow points upward.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from villages.models import Attendance, Group, Guest, InventoryItem, Letter, Meeting, Member, Officer

FRESH_MONTHS = 2  # our own rule: a book with an entry in the last two months is kept up
FRESH, FILLED, OLD, EMPTY = "Terisi & baru", "Terisi", "Terisi, lama", "Kosong"


@dataclass(frozen=True)
class Ledger:
    """A book, and the rows that fill it.

    `group` and `day` are the fields of a row that name its group and its day. A standing register (members, officers,
    inventory) does not grow old: once filled it counts as kept up. `paper` names the URL of its print, if it has one.
    """

    key: str
    title: str
    rows: Callable[[], QuerySet]
    day: str
    group: str = "group"
    is_standing: bool = False
    fresh_months: int = FRESH_MONTHS
    paper: str = ""

    def is_fresh(self, last_on: date | None, as_of: date) -> bool:
        return last_on is not None and last_on >= months_before(as_of, self.fresh_months)

    def of_group(self) -> QuerySet:
        return self.rows().filter(**{self.group: OuterRef("pk")}).order_by()

    def figure(self, aggregate) -> Subquery:
        return Subquery(self.of_group().values(self.group).annotate(n=aggregate).values("n"))


@dataclass(frozen=True)
class Kept:
    """How one group keeps one book on a day."""

    ledger: Ledger
    last_on: date | None
    this_year: int
    judgement: str

    @property
    def is_filled(self) -> bool:
        return self.judgement != EMPTY


def _minutes() -> QuerySet:
    return Meeting.objects.exclude(minutes="", decisions="")


def _officers() -> QuerySet:
    """Who leads, in groups whose decree is known: both belong to the book."""
    return Officer.objects.exclude(group__decree_number="")


_OF_MEETING = ("meeting__held_on", "meeting__group")  # day and group of a row below a meeting
LEDGERS = (
    Ledger("members", "Buku anggota", Member.objects.all, "joined_on", is_standing=True),
    Ledger("officers", "Pengurus & SK", _officers, "since", is_standing=True),
    Ledger("minutes", "Buku notulen", _minutes, "held_on", paper="book-minutes"),
    Ledger("attendance", "Daftar hadir", Attendance.objects.all, *_OF_MEETING, paper="book-attendance"),
    Ledger("guests", "Buku tamu", Guest.objects.all, *_OF_MEETING, paper="book-guests"),
    Ledger("activities", "Buku kegiatan", Meeting.objects.all, "held_on", paper="book-activities"),
    Ledger(
        key="inventory",
        title="Buku inventaris",
        rows=InventoryItem.objects.all,
        day="acquired_on",
        is_standing=True,
        paper="book-inventory",
    ),
    Ledger("letters", "Agenda surat", Letter.objects.with_day, "entered_on", paper="book-letters"),
)


def with_score(groups: QuerySet, ledgers: Sequence[Ledger], as_of: date) -> QuerySet:
    """Adds `score` (books filled), `fresh` (those kept up) and `filled_bits` (a bit for each filled, in order)."""
    filled = [Exists(one.of_group()) for one in ledgers]
    fresh = [Exists(one.of_group() if one.is_standing else _since(one, as_of)) for one in ledgers]
    bits = [_number(condition, 1 << bit) for bit, condition in enumerate(filled)]
    return groups.annotate(
        score=sum(map(_number, filled), Value(0)),
        fresh=sum(map(_number, fresh), Value(0)),
        filled_bits=sum(bits, Value(0)),
    )


def _since(ledger: Ledger, as_of: date) -> QuerySet:
    return ledger.of_group().filter(**{f"{ledger.day}__gte": months_before(as_of, ledger.fresh_months)})


def _number(condition, amount: int = 1) -> Case:
    return Case(When(condition, then=Value(amount)), default=Value(0), output_field=IntegerField())


def checklist(group: Group, ledgers: Sequence[Ledger], as_of: date) -> list[Kept]:
    """How the group keeps each book; one query for all."""
    figures: dict[str, Subquery | Coalesce] = {}
    for one in ledgers:
        in_year = Count("pk", filter=Q(**{f"{one.day}__year": as_of.year}))
        figures[f"last_{one.key}"] = one.figure(Max(one.day))
        figures[f"count_{one.key}"] = Coalesce(one.figure(Count("pk")), 0)
        figures[f"year_{one.key}"] = Coalesce(one.figure(in_year), 0)
    found = Group.objects.filter(pk=group.pk).annotate(**figures).values(*figures).get()
    return [_kept(one, found, as_of) for one in ledgers]


def _kept(ledger: Ledger, found: dict, as_of: date) -> Kept:
    last_on = found[f"last_{ledger.key}"]
    judgement = judge(ledger, is_filled=found[f"count_{ledger.key}"] > 0, last_on=last_on, as_of=as_of)
    return Kept(ledger, last_on, found[f"year_{ledger.key}"], judgement)


def judge(ledger: Ledger, *, is_filled: bool, last_on: date | None, as_of: date) -> str:
    if not is_filled:
        return EMPTY
    if ledger.is_standing:
        return FILLED
    return FRESH if ledger.is_fresh(last_on, as_of) else OLD


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, clipped to the end of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
