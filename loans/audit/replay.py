"""Every loan's life played again: what its receipts must have been split into, beside what they are."""

from collections import Counter
from collections.abc import Iterator
from copy import copy
from datetime import date, datetime

from loans.audit.frame import Finding, Scope, batches, where
from loans.audit.standing import loans_of
from loans.chronicle import ReplayError
from loans.events import Impossible
from loans.life import BEFORE_BOOKS, PAID_KINDS, Life, Records, event_of_reschedule, lives_of
from loans.life_services import keep_class
from loans.models import Loan, Penalty, ReceiptPart, Reschedule
from loans.schedule import ScheduleError
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah

LOANS_AT_ONCE = 500
IMPOSSIBLE = (ReplayError, Impossible, ScheduleError)
KEPT = ("late_days", "late_months", "late_instalments", "kept_principal", "kept_service_fee")


def replay(scope: Scope) -> Iterator[Finding]:
    """The rupiah of each kind of part beside those of the play, and the schedule in force beside the play's.

    One by one, receipts may be split otherwise (where a month was closed the difference stands on another): never in
    sum. Fines, and how late a loan was when its schedule was changed, are worked out anew from what was recorded before
    them; not of a loan one of whose changes was undone, which no play knows any more.
    """
    found = loans_of(scope).select_related("group__village").iterator(LOANS_AT_ONCE)
    for loans in batches(found, LOANS_AT_ONCE):
        for loan, life in _lives(loans):
            place = (str(loan.group), loan.group.village.code, f"pinjaman {loan.number}")
            for words in _played(life) if isinstance(life, Life) else [life]:
                yield "putar ulang", where(*place, words)


def _lives(loans: list[Loan]) -> Iterator[tuple[Loan, Life | str]]:
    """Each loan with its life, or with why it cannot be played. One that cannot costs its batch: asked one by one."""
    try:
        lives = lives_of(loans)
    except IMPOSSIBLE:
        lives = {}
    for loan in loans:
        try:
            yield loan, lives.get(loan.pk) or Life(loan)
        except IMPOSSIBLE as error:
            yield loan, f"catatannya tidak dapat diputar ulang: {str(error).rstrip('.')}"


def _played(life: Life) -> Iterator[str]:
    played: Counter[str] = Counter()
    for key, split in life.book.purse.parts.items():
        if key != BEFORE_BOOKS:
            played.update({str(kind): split[kind] for kind in PAID_KINDS})
    kept: Counter[str] = Counter()
    for part in life.parts:
        kept[part.kind] += part.amount
    for kind in map(str, PAID_KINDS):
        if played[kind] != kept[kind]:
            name = ReceiptPart.Kind(kind).label.lower()
            yield f"{name} {format_rupiah(kept[kind])}, menurut putar ulang {format_rupiah(played[kind])}"
    if any(life.schedule_changes(life.latest)):
        yield "jadwalnya lain dari jadwal menurut putar ulang"
    fines = [row for row in life.penalties if row.kind == Penalty.Kind.CHARGE]
    if (fines or life.reschedules) and not Reschedule.objects.filter(loan=life.loan, undone_on__isnull=False).exists():
        yield from _fined(life, fines)
        yield from _kept(life)


def _before(life: Life, moment: datetime) -> Life:
    """The life as it stood when something was recorded at that moment."""
    loan = copy(life.loan)
    loan.written_off_on = None
    parts = [row for row in life.parts if row.receipt.recorded_at < moment]
    fines = [row for row in life.penalties if row.recorded_at < moment]
    changes = [row for row in life.reschedules if row.recorded_at < moment]
    return Life(loan, Records(parts, fines, changes, life.rows))


def _fined(life: Life, fines: list[Penalty]) -> Iterator[str]:
    """Those charged together beside those that the loan's rule asked for then."""
    together: dict[tuple[datetime, date], Counter[int]] = {}
    for row in fines:
        together.setdefault((row.recorded_at, row.on), Counter())[row.instalment_number] += row.amount
    for (moment, day), charged in together.items():
        asked = Counter({one.number: one.amount for one in _before(life, moment).charges_on(day)})
        for number in sorted(charged | asked):
            if charged[number] != asked[number]:
                yield (
                    f"denda {format_day(day)} angsuran ke-{number} {format_rupiah(charged[number])},"
                    f" menurut aturannya {format_rupiah(asked[number])}"
                )


def _kept(life: Life) -> Iterator[str]:
    """How late the loan was when its schedule was changed, for which it keeps its class."""
    for row in life.reschedules:
        past, told = _before(life, row.recorded_at), copy(row)
        for name in KEPT:
            setattr(told, name, 0)
        dues = past.dues_on(row.on)
        past.after(event_of_reschedule(row))
        keep_class(told, past, dues)
        if any(getattr(told, name) != getattr(row, name) for name in KEPT):
            yield f"keterlambatannya saat dijadwalkan ulang {format_day(row.on)} lain dari menurut putar ulang"
