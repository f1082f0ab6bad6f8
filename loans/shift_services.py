"""Due days moved for a whole village after a flood: one decision, one letter, all its running loans or none.

What a person can mend raises ValidationError with an Indonesian sentence. Each verb is done once however often it is
sent.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts import history
from accounts.models import User
from loans.allocation import Due
from loans.ledger_services import check_day, same_sending
from loans.life import Life, event_of_reschedule, lives_of
from loans.life_services import first_free, keep_class, why_not_undone, with_later
from loans.models import Instalment, Loan, Reschedule, ShiftDecision
from loans.month_services import check_month_open
from loans.reschedule import Plan, own_day
from loans.schedule import Every, Row, due_on
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Village

ENDED = ("paid_off", "written_off")
TOLD = ("village_id", "on", "letter_number", "letter_on", "reason", "from_day", "months", "recorded_by")


@dataclass(frozen=True)
class Moved:
    """From which instalment a loan's due days move, and that one's day before and after."""

    loan: Loan
    number: int
    old: date
    new: date
    dues: tuple[Due, ...]  # what was due before


@dataclass(frozen=True)
class Skipped:
    loan: Loan
    why: str


@dataclass
class Shift:
    """What a decision would do to each running loan of the village, by group and number."""

    moved: list[Moved] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def preview_shift(*, village: Village, on: date, from_day: date, months: int, by: User | None = None) -> Shift:
    """Which loans would move and which not, and why; nothing is written. Raises ValidationError as the act would."""
    loans = _running(village)
    return _plan(village, lives_of(loans), loans, on, from_day, months, by)


@transaction.atomic
def shift_village(
    *,
    village: Village,
    on: date,
    letter_number: str,
    letter_on: date,
    reason: str,
    from_day: date,
    months: int,
    by: User,
    uuid: UUID,
) -> ShiftDecision:
    """Moves the due days of the village's running loans by whole months, from `from_day` on.

    Each loan moves from its first instalment due then on which no money lies; later ones follow it by the loan's
    period, on its own day wherever the month has it, or on its next seasons.
    """
    _lock_groups(village)
    decision = ShiftDecision(
        village=village,
        on=on,
        letter_number=letter_number,
        letter_on=letter_on,
        reason=reason,
        from_day=from_day,
        months=months,
        uuid=uuid,
        recorded_by=by,
    )
    if sent := ShiftDecision.objects.filter(uuid=uuid).first():
        return same_sending(sent, all(getattr(sent, name) == getattr(decision, name) for name in TOLD))
    check_reason(reason, example="banjir merendam desa sejak 5 September")
    check_day("letter_on", letter_on, earliest=None)
    loans = _running(village)
    lives = lives_of(loans)
    shift = _plan(village, lives, loans, on, from_day, months, by)
    history.save(decision, by=by, reason=reason)
    rows = [_row(moved, decision) for moved in shift.moved]
    for row, moved in zip(rows, shift.moved, strict=True):
        keep_class(row, lives[row.loan_id], moved.dues)
    Reschedule.objects.bulk_create(rows)
    history.record_many(rows, by=by)
    _save_schedules([lives[row.loan_id] for row in rows], on)
    return decision


@transaction.atomic
def undo_shift(*, decision: ShiftDecision, undone_on: date, reason: str, by: User) -> ShiftDecision:
    """Brings back the days of every loan on which nothing was recorded since; the others keep the new days.

    Raises ValidationError when no loan can go back.
    """
    _lock_groups(decision.village)
    decision = ShiftDecision.objects.select_related("village").get(pk=decision.pk)
    if decision.undone_on:
        content = (decision.undone_on, decision.undone_by, decision.undo_reason)
        return same_sending(decision, content == (undone_on, by, reason))
    check_reason(reason, example="surat keputusannya dicabut kecamatan")
    check_day("undone_on", undone_on, earliest=decision.on)
    told = decision.reschedules.select_related("loan", "village__district", "decision", "recorded_by")
    rows = [row for row in with_later(told) if not why_not_undone(row)]
    if not rows:
        raise ValidationError(
            "Tidak ada pinjaman yang dapat kembali: semuanya sudah diurungkan atau sudah punya catatan sesudahnya."
        )
    _check_months({row.loan.group_id for row in rows}, undone_on, by, "undone_on")
    before = {row.pk: history.snapshot(row) for row in rows}
    for row in rows:
        row.undone_on, row.undone_by, row.undo_reason = undone_on, by, reason
    Reschedule.objects.bulk_update(rows, ["undone_on", "undone_by", "undo_reason"])
    history.record_many(rows, by=by, before=before)
    _save_schedules(list(lives_of([row.loan for row in rows]).values()), undone_on)
    decision.undone_on, decision.undone_by, decision.undo_reason = undone_on, by, reason
    return history.save(decision, by=by, reason=reason)


def moved_by(decision: ShiftDecision) -> QuerySet[Reschedule]:
    """The reschedules of a decision by group and number of the loan, with `old_day`: when the first instalment moved
    fell due before; and for `why_not_undone`.
    """
    ended = Instalment.objects.filter(
        loan=OuterRef("loan"), number=OuterRef("from_instalment"), valid_until=OuterRef("on")
    )
    before = ended.order_by("pk").values("due_on")[:1]  # the oldest: what came with the decision may have ended too
    rows = with_later(decision.reschedules.order_by("loan__group__name", "loan__number", "pk"))
    return rows.select_related("loan__group", "loan__member", "loan__poklak").annotate(old_day=Subquery(before))


def _lock_groups(village: Village) -> None:
    """All groups of the village in the order of their keys, as whoever locks several of them must."""
    list(Group.objects.select_for_update().filter(village=village).order_by("pk"))


def _running(village: Village) -> list[Loan]:
    rows = Loan.objects.filter(village=village).disbursed(today()).with_standing(today())
    related = ("village__district", "group", "member", "poklak", "product")
    return list(rows.exclude(standing__in=ENDED).select_related(*related).order_by("group__name", "number", "pk"))


def _plan(
    village: Village,
    lives: dict[int, Life],
    loans: list[Loan],
    on: date,
    from_day: date,
    months: int,
    by: User | None,
) -> Shift:
    """Plays the shift on every life that it moves."""
    _check_day(on, [lives[loan.pk] for loan in loans if loan.disbursed_on <= on])
    shift = Shift()
    for loan in loans:
        found = _moved(lives[loan.pk], on, from_day, months)
        if isinstance(found, Moved):
            shift.moved.append(found)
        else:
            shift.skipped.append(found)
    if not shift.moved:
        raise ValidationError(
            {"from_day": f"Tidak ada angsuran yang dapat ditunda mulai {format_day(from_day)} di {village.label}."}
        )
    _check_months({moved.loan.group_id for moved in shift.moved}, on, by, "on")
    return shift


def _check_day(on: date, lives: list[Life]) -> None:
    check_day("on", on, earliest=None)
    later = [life for life in lives if life.latest > on]
    if later:
        last = format_day(max(life.latest for life in later))
        raise ValidationError(
            {
                "on": f"Sesudah tanggal itu sudah ada catatan pada {len(later)} pinjaman. Isi {last} atau sesudahnya;"
                " tanggal suratnya boleh lebih awal."
            }
        )


def _check_months(group_ids: set[int], on: date, by: User | None, name: str) -> None:
    for group in Group.objects.filter(pk__in=group_ids).order_by("pk"):
        check_month_open(group, on, by, field=name)


def _moved(life: Life, on: date, from_day: date, months: int) -> Moved | Skipped:
    loan, rows = life.loan, life.book.plan.rows
    if loan.disbursed_on > on:
        return Skipped(loan, f"Baru dicairkan {format_day(loan.disbursed_on)}.")
    first = first_free(life)
    tail = [row for row in rows if row.due_on >= from_day and first and row.number >= first]
    if not tail:
        return Skipped(loan, f"Tidak ada angsuran yang belum dibayar mulai {format_day(from_day)}.")
    later = _later(life.book.plan, tail, months)
    moved = Moved(loan, tail[0].number, tail[0].due_on, later, life.dues_on(on))
    try:
        life.after(event_of_reschedule(_row(moved, ShiftDecision(on=on)), is_shift=True))
    except ValidationError as error:
        return Skipped(loan, " ".join(error.messages))
    return moved


def _later(plan: Plan, tail: list[Row], months: int) -> date:
    """The first row's day so many months later: on the loan's own day of the month, or on the same day of the week."""
    day = tail[0].due_on
    if plan.terms.every == Every.MONTH:
        own = max(row.due_on.day for row in tail) if plan.follow else own_day(plan, tail[0].number)
        return due_on(day, months, fixed_day=own)
    weeks = -((day - due_on(day, months)).days // 7)  # up: never less than the months
    return day + timedelta(weeks=weeks)


def _row(moved: Moved, decision: ShiftDecision) -> Reschedule:
    return Reschedule(
        village=moved.loan.village,
        loan=moved.loan,
        decision=decision,
        on=decision.on,
        kind=Reschedule.Kind.NEW_DUE_ON,
        from_instalment=moved.number,
        new_due_on=moved.new,
        reason=decision.reason,
        uuid=uuid5(decision.uuid, str(moved.loan.uuid)),
        recorded_by=decision.recorded_by,
        recorded_at=decision.recorded_at,
    )


def _save_schedules(lives: list[Life], on: date) -> None:
    changes = [life.schedule_changes(on) for life in lives]
    Instalment.objects.bulk_update([row for ended, _ in changes for row in ended], ["valid_until"])
    Instalment.objects.bulk_create([row for _, new in changes for row in new])
