"""Verbs on persons: link two memberships as one person, keep them apart, take that back, move her to another group.

Rows stay where they are with all their loans and receipts; only `Member.person` says who is one. What a user can
mend raises ValidationError with an Indonesian sentence. Reasons stand in `PersonDecision` alone: the history of a row
is read in its village, and a reason may name another.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import history
from accounts.models import User
from up2k_portal.lib.access import in_areas, same_world
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.reasons import check_reason
from villages import people
from villages.models import Group, Member, PersonDecision, Regency
from villages.services import end_term, leave_group

REASON_EXAMPLE = "KTP dan KK sama"
Kind = PersonDecision.Kind
Guard = Callable[[Member], str]  # why the member cannot go, in words; "" when nothing holds her
Latest = Callable[[Member], date | None]  # the last day on which something of hers was recorded that stays behind

RECORDED_ELSEWHERE = "NIK ini juga tercatat di kelompok lain. Data tetap tersimpan; kabupaten akan memeriksanya."
LINKED = "Disatukan dengan catatan di kelompok lain"
UNLINKED = "Penyatuan dengan catatan lain dibatalkan"
MOVED_AWAY = "Pindah kelompok"
MOVE_UNDONE = "Pindah kelompok dibatalkan"
# What goes with her: who she is. Poklak, income and day of joining belong to a membership.
PERSONAL = (
    "name", "nik", "nik_missing_reason", "family_card_number", "sex", "birth_date", "address", "phone", "welfare",
    "consent_on",
)  # fmt: skip


def is_recorded_elsewhere(member: Member) -> bool:
    """Whether another group, anywhere, has this NIK. One answer for near and far: it tells of no village."""
    if not member.nik:
        return False
    others = Member.objects.filter(nik=member.nik).exclude(group=member.group_id)
    others = others.filter(in_areas("village__code", same_world(member.village.code)))
    if member.person_id:
        others = others.exclude(person=member.person_id)
    return others.exists()


@transaction.atomic
def merge_people(*, first: Member, second: Member, reason: str, by: User) -> PersonDecision:
    """Says that two rows are one person. Both keep their memberships, loans and receipts."""
    first, second = _lock(first, second)
    check_reason(reason, example=REASON_EXAMPLE)
    if first.person_id and first.person_id == second.person_id:
        raise ValidationError("Kedua catatan ini sudah disatukan sebagai orang yang sama.")
    if _found_different(first, second):
        raise ValidationError("Keduanya pernah diputuskan orang berbeda. Batalkan dulu keputusan itu, lalu satukan.")
    decision = _decide(Kind.SAME, first, second, reason=reason, by=by)
    _relink(first, second, by=by, told=LINKED)
    return decision


@transaction.atomic
def dismiss_case(*, first: Member, second: Member, reason: str, by: User) -> PersonDecision:
    """Says that two rows are two persons: the queue asks no more."""
    first, second = _lock(first, second)
    check_reason(reason, example=REASON_EXAMPLE)
    if first.person_id and first.person_id == second.person_id:
        raise ValidationError("Keduanya sudah disatukan sebagai orang yang sama. Batalkan dulu penyatuannya.")
    if _found_different(first, second):
        raise ValidationError("Keduanya sudah diputuskan orang berbeda.")
    return _decide(Kind.DIFFERENT, first, second, reason=reason, by=by)


def undo_merge(*, decision: PersonDecision, reason: str, by: User) -> PersonDecision:
    """Takes a merge back: every row is the person that it was without it."""
    return _take_back(decision, Kind.SAME, reason=reason, by=by)


def reopen_case(*, decision: PersonDecision, reason: str, by: User) -> PersonDecision:
    """Takes "orang berbeda" back: the queue asks again."""
    return _take_back(decision, Kind.DIFFERENT, reason=reason, by=by)


@transaction.atomic
def transfer_member(
    *,
    member: Member,
    to_group: Group,
    on: date,
    reason: str,
    by: User,
    guards: Iterable[Guard] = (),
    latest: Latest | None = None,
) -> Member:
    """Ends her membership on a day and opens one in another group from that day, as the same person.

    `guards` and `latest` are asked under the lock of both groups, so that no loan begins meanwhile. Refused before the
    `latest` day: who had left by then could not have paid in. Returns the new row.
    """
    member, to_group = _lock_move(member, to_group)
    check_reason(reason, example=REASON_EXAMPLE)
    _check_move(member, to_group, on)
    _ask(guards, member)
    _check_latest(member, on, latest(member) if latest and not member.left_on else None)
    leave_group(member=member, left_on=on, left_reason=MOVED_AWAY, by=by)
    personal = {name: getattr(member, name) for name in PERSONAL}
    new = Member(group=to_group, village=to_group.village, joined_on=on, **personal)
    history.save(new, by=by, reason=MOVED_AWAY)
    _decide(Kind.MOVED, member, new, reason=reason, by=by)
    _relink(member, new, by=by, told=MOVED_AWAY)
    return new


@transaction.atomic
def undo_transfer(*, decision: PersonDecision, reason: str, by: User, guards: Iterable[Guard] = ()) -> PersonDecision:
    """Takes a transfer of the same day back: she is in her old group again; the new row stays, as ended at once."""
    new, _ = _lock_move(decision.second, decision.first.group)
    old = Member.objects.select_related("village", "group", "poklak").get(pk=decision.first_id)
    check_reason(reason, example=REASON_EXAMPLE)
    if timezone.localdate(decision.decided_at) != today():
        raise ValidationError("Pemindahan hanya dapat dibatalkan pada hari yang sama. Pindahkan ia kembali.")
    if new.left_on:
        raise ValidationError(f"{new} sudah keluar dari kelompok barunya pada {format_day(new.left_on)}.")
    _ask(guards, new)
    undone = _undo(decision, reason=reason, by=by)
    leave_group(member=new, left_on=new.joined_on, left_reason=MOVE_UNDONE, by=by)
    ended_on = old.left_on
    old.left_on, old.left_reason = None, ""
    history.save(old, by=by, reason=MOVE_UNDONE)
    _reopen_offices(old, ended_on, by=by)
    return undone


def _reopen_offices(member: Member, ended_on: date, *, by: User) -> None:
    """The terms that ended with her leaving go on, unless somebody has followed her."""
    for term in member.terms.filter(until=ended_on):
        followed = term.group.officers.filter(office=term.office, since__gt=term.until)
        if not followed.exists():
            end_term(officer=term, until=None, by=by, reason=MOVE_UNDONE)


@transaction.atomic
def _take_back(decision: PersonDecision, kind: str, *, reason: str, by: User) -> PersonDecision:
    first, second = _lock(decision.first, decision.second)
    check_reason(reason, example=REASON_EXAMPLE)
    if decision.kind != kind:
        raise ValidationError("Keputusan ini tidak dapat dibatalkan di sini.")
    undone = _undo(decision, reason=reason, by=by)
    if kind == Kind.SAME:
        _relink(first, second, by=by, told=UNLINKED)
    return undone


def _undo(decision: PersonDecision, *, reason: str, by: User) -> PersonDecision:
    if PersonDecision.objects.filter(undoes=decision).exists():
        raise ValidationError("Keputusan ini sudah dibatalkan.")
    return _decide(Kind.UNDONE, decision.first, decision.second, reason=reason, by=by, undoes=decision)


def _decide(kind: str, first: Member, second: Member, *, reason: str, by: User, **fields) -> PersonDecision:
    area = people.common_area(first.village.code, second.village.code)
    decision = PersonDecision(
        kind=kind, first=first, second=second, area_code=area, reason=reason.strip(), decided_by=by, **fields
    )
    return history.save(decision, by=by)


def _relink(*members: Member, by: User, told: str) -> None:
    """Gives each row concerned its person by the links that stand; an old row may fail today's checks, so none run."""
    rows = list(_rows_of(*members))
    concerned = {row.pk for row in rows}
    links = PersonDecision.objects.linking().filter(first__in=concerned, second__in=concerned)
    persons = people.persons(links.order_by().values_list("pk", "first_id", "second_id"))
    for row in rows:
        if row.person_id != persons.get(row.pk):
            before = history.snapshot(row)
            row.person_id = persons.get(row.pk)
            row.save(update_fields=["person"])
            history.record(row, by=by, before=before, reason=told)


def _rows_of(*members: Member):
    """These rows and all that are the same persons."""
    numbers = [member.person_id for member in members if member.person_id]
    asked = Q(pk__in=[member.pk for member in members]) | Q(person__in=numbers)
    return Member.objects.filter(asked).select_related("village", "person").order_by("pk")


def _found_different(first: Member, second: Member) -> bool:
    ones, others = ([row.pk for row in _rows_of(member)] for member in (first, second))
    either = Q(first__in=ones, second__in=others) | Q(first__in=others, second__in=ones)
    return PersonDecision.objects.different().filter(either).exists()


def _lock(first: Member, second: Member) -> tuple[Member, Member]:
    """Both rows as they are now, the older first. Decisions of a kabupaten wait for each other: they are few, and one
    may concern rows that it does not name."""
    if first.pk == second.pk:
        raise ValidationError("Pilih dua catatan yang berbeda.")
    codes = {member.village.code[:5] for member in (first, second)}
    list(Regency.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("pk"))
    rows = Member.objects.select_related("village", "group").filter(pk__in=[first.pk, second.pk]).order_by("pk")
    one, other = rows
    return one, other


def _lock_move(member: Member, to_group: Group) -> tuple[Member, Group]:
    """Her row and the other group, under the locks of both groups: those under which money moves."""
    codes = {member.village.code[:5], to_group.village.code[:5]}
    list(Regency.objects.select_for_update(no_key=True).filter(code__in=codes).order_by("pk"))
    list(Group.objects.select_for_update().filter(pk__in=[member.group_id, to_group.pk]).order_by("pk"))
    now = Member.objects.select_related("village", "group", "poklak").get(pk=member.pk)
    return now, Group.objects.select_related("village").get(pk=to_group.pk)


def _check_move(member: Member, to_group: Group, on: date) -> None:
    if to_group.pk == member.group_id:
        raise ValidationError({"to_group": "Ia sudah anggota kelompok ini. Pilih kelompok lain."})
    if to_group.founded_on and on < to_group.founded_on:
        raise ValidationError({"on": f"{to_group} baru berdiri pada {format_day(to_group.founded_on)}."})
    if to_group.closed_on and to_group.closed_on <= on:
        raise ValidationError({"to_group": f"{to_group} bubar pada {format_day(to_group.closed_on)}."})
    if not member.left_on and not member.joined_on <= on <= today():
        raise ValidationError(
            {"on": f"Tanggal pindah harus antara {format_day(member.joined_on)} dan {format_day(today())}."}
        )


def _check_latest(member: Member, on: date, latest: date | None) -> None:
    if latest and on < latest:
        raise ValidationError(
            {
                "on": f"Uang {member} di {member.group} masih tercatat sampai {format_day(latest)}. "
                "Pakai tanggal itu atau sesudahnya, atau koreksi dulu catatannya."
            }
        )


def _ask(guards: Iterable[Guard], member: Member) -> None:
    if refusals := [words for guard in guards if (words := guard(member))]:
        raise ValidationError(refusals)
