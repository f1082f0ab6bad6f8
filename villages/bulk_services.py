"""Verbs of bulk entry: checking costs a fixed number of queries, saving adds only the inserts."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import User
from up2k_portal.lib.dates import format_day, today
from villages.bulk import Line, key_of
from villages.bulk_check import Known, check_lines
from villages.models import BulkEntry, Group, Member, Poklak

UNDONE = "Batal dimasukkan: salah tempel"
TOLD = ("group", "village__district", "poklak", "person")
FOREIGN_KEYS = {one.name for one in Member._meta.concrete_fields if one.is_relation}


def known_of(group: Group) -> Known:
    """What a check compares a block with; two queries."""
    members = list(group.members.filter(left_on=None).values_list("name", "nik", "birth_date"))
    return Known(
        today=today(),
        regency_code=group.village.code[:5],
        poklaks={key_of(name): name for name in group.poklaks.standing_on(today()).values_list("name", flat=True)},
        names_by_nik={nik: name for name, nik, _ in members if nik},
        people=frozenset((key_of(name), born) for name, _, born in members),
    )


def check_block(
    *, group: Group, lines: list[Line], joined_on: date | None = None, nik_reason: str = "", new_poklaks: bool = False
) -> None:
    """Checks the lines against the group and against the model's own rules; stores nothing.

    `joined_on` holds for lines without a day, `nik_reason` for lines without a NIK. Lines skipped already stay so.
    """
    lines = [line for line in lines if not line.skipped]
    for line in lines:
        if joined_on and not line.typed["joined_on"]:
            line.typed["joined_on"] = joined_on.strftime("%d-%m-%Y")
    check_lines(lines, known_of(group), nik_reason=nik_reason, new_poklaks=new_poklaks)
    for line in lines:
        if line.state == "ready":
            _check_fields(line, group)


def _check_fields(line: Line, group: Group) -> None:
    """Lengths and choices, as the model states them; its foreign keys and constraints are checked already."""
    try:
        _member(line, group, None).clean_fields(exclude=FOREIGN_KEYS)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            line.errors.setdefault(name, []).extend(sentences)


@transaction.atomic
def save_block(*, group: Group, lines: list[Line], uuid: UUID, by: User) -> BulkEntry:
    """Saves the lines that are ready, each with its change; the same uuid again gives what it gave before.

    Raises ValidationError when nothing is ready, or when the key belongs to another group.
    """
    group = Group.objects.select_for_update(of=("self",)).select_related("village__district").get(pk=group.pk)
    stored = BulkEntry.objects.filter(uuid=uuid).first()
    if stored and stored.group_id != group.pk:
        raise ValidationError("Kiriman ini milik kelompok lain. Buka lagi halaman tempelnya.")
    if stored:
        return stored
    ready = [line for line in lines if line.state == "ready"]
    if not ready:
        raise ValidationError("Belum ada baris yang siap disimpan. Perbaiki dulu, lalu periksa lagi.")
    poklaks = _poklaks(group, ready, by)
    members = [_member(line, group, poklaks.get(key_of(line.facts["poklak"]))) for line in ready]
    add_members(members=members, by=by)
    states = [line.state for line in lines]
    entry = BulkEntry(
        village=group.village,
        group=group,
        uuid=uuid,
        read=len(lines),
        stored=len(members),
        skipped=states.count("skipped"),
        refused=states.count("wrong"),
        recorded_by=by,
    )
    history.save(entry, by=by)
    entry.members.set(members)
    return entry


def add_members(*, members: list[Member], by: User) -> list[Member]:
    """Stores new members that were checked already, each with its change; two queries for any number."""
    Member.objects.bulk_create(members)
    history.record_many(members, by=by)
    return members


def _member(line: Line, group: Group, poklak: Poklak | None) -> Member:
    return Member(village=group.village, group=group, **line.facts | {"poklak": poklak})


def _poklaks(group: Group, lines: list[Line], by: User) -> dict[str, Poklak]:
    """The group's standing poklak by their keys, with those that the lines name and it has not yet."""
    found = {key_of(one.name): one for one in group.poklaks.standing_on(today())}
    named = {key_of(line.facts["poklak"]): line.facts["poklak"] for line in reversed(lines) if line.facts["poklak"]}
    for key, name in named.items():
        if key not in found:
            found[key] = history.save(Poklak(village=group.village, group=group, name=name), by=by)
    return found


@transaction.atomic
def undo_block(*, entry: BulkEntry, by: User) -> tuple[int, int]:
    """Takes back the members of an entry that have no records yet; returns (taken back, kept).

    Nobody is deleted. Who is taken back left on the day she joined, so that no report of any day counts her, her NIK
    is free again, and her history tells both. Only on the day of the entry: later her name may stand on paper.
    Raises ValidationError when it is too late or done already.
    """
    entry = BulkEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if entry.undone_at:
        raise ValidationError("Penambahan ini sudah dibatalkan.")
    if not entry.may_be_undone:
        day = format_day(entry.recorded_on)
        raise ValidationError(
            f"Hanya dapat dibatalkan pada hari yang sama, {day}. Catat “Anggota keluar” satu per satu."
        )
    members = list(entry.members.select_related(*TOLD))
    free = take_back_members(members=members, reason=UNDONE, by=by)
    entry.undone_at = timezone.now()
    history.save(entry, by=by)
    return len(free), len(members) - len(free)


def take_back_members(*, members: list[Member], reason: str, by: User) -> list[Member]:
    """Those who were entered by mistake and have no records leave on the day they joined; returns them.

    Load `TOLD` with the members, or the history asks for each.
    """
    used = _with_records(members)
    free = [one for one in members if one.pk not in used and not one.left_on]
    before = {one.pk: history.snapshot(one) for one in free}
    for one in free:
        one.left_on, one.left_reason = one.joined_on, reason
    Member.objects.bulk_update(free, ["left_on", "left_reason"])
    history.record_many(free, by=by, before=before)
    return free


def _with_records(members: list[Member]) -> set[int]:
    """Keys of the members to whom any row of any model points; a query a model."""
    used: set[int] = set()
    for relation in Member._meta.related_objects:
        if relation.one_to_many or relation.one_to_one:
            name = relation.field.name
            rows = relation.field.model._base_manager.filter(**{f"{name}__in": members})
            used |= set(rows.values_list(name, flat=True))
    return used
