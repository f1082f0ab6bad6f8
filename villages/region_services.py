"""Verbs on villages: rename, new code, split, merge. Each with its first day and its legal basis.

A row below a group carries its village, so a group that changes villages takes all its rows along. Money is
append-only and refuses `update()`; `_move_groups` alone goes past that, through the models' base managers, and
touches nothing but `village`: neither an amount nor a day.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import Assignment, User
from up2k_portal.lib.dates import format_day, today
from villages.models import District, Group, GroupPlacement, RegionChange, Village
from villages.models.placements import below_group

Kind = RegionChange.Kind
ONE_DAY = timedelta(days=1)
IN_ORDER = "Catat perubahan menurut urutan tanggalnya."


class Act(NamedTuple):
    """What every change states: its first day, the decree or regulation, who records it."""

    on: date
    legal_basis: str
    by: User


@transaction.atomic
def rename_village(*, village: Village, name: str, on: date, legal_basis: str, by: User) -> RegionChange:
    """Gives a village another name from a day on; its code and rows stay. Raises ValidationError."""
    village, act = _locked(village), Act(on, legal_basis, by)
    _check_day(village, on)
    if name == village.name:
        raise ValidationError({"name": f"Nama {name} sama dengan nama sekarang. Tulis nama barunya."})
    later = village.changes_from.filter(kind=Kind.RENAME, on__gte=on).first()
    if later:
        raise ValidationError({"on": f"Nama desa ini sudah diganti mulai {format_day(later.on)}. {IN_ORDER}"})
    change = _record(act, Kind.RENAME, village, new_name=name)
    village.name = name
    history.save(village, by=by, reason=legal_basis)
    return change


@transaction.atomic
def recode_village(
    *, village: Village, code: str, on: date, legal_basis: str, by: User, name: str = "", move_assignments: bool = False
) -> RegionChange:
    """Ends a village and goes on under another code, which is a new row. Raises ValidationError."""
    village, act = _locked(village), Act(on, legal_basis, by)
    _check_day(village, on)
    into = _new_village(act, code, name or village.name, like=village)
    return _end(act, Kind.RECODE, village, into, move_assignments)


@transaction.atomic
def merge_villages(
    *,
    villages: Iterable[Village],
    code: str,
    on: date,
    legal_basis: str,
    by: User,
    name: str = "",
    move_assignments: bool = False,
) -> RegionChange:
    """Ends the villages; their groups go to the one with this code, which stands already or begins that day.

    Returns the change of the first. Raises ValidationError.
    """
    ending, act = [_locked(one) for one in villages], Act(on, legal_basis, by)
    for one in ending:
        _check_day(one, on)
    into = Village.objects.select_for_update().filter(code=code).first()
    if into is None:
        into = _new_village(act, code, name, like=ending[0])
    elif into in ending:
        raise ValidationError({"code": f"Desa {code} ikut digabung. Tulis kode desa tujuan yang lain."})
    elif into.active_until or (into.active_from and into.active_from > on):
        raise ValidationError({"code": f"{into.full_name} ({code}) tidak berlaku pada {format_day(on)}."})
    changes = [_end(act, Kind.MERGE, one, into, move_assignments) for one in ending]
    return changes[0]


@transaction.atomic
def split_village(
    *,
    village: Village,
    code: str,
    name: str,
    groups: Iterable[Group],
    on: date,
    legal_basis: str,
    by: User,
    ends: bool = False,
) -> RegionChange:
    """Begins a new village out of an old one and gives it the chosen groups; the old one stays unless it `ends`.

    Further new villages of the same day are further splits. Raises ValidationError.
    """
    village, groups, act = _locked(village), list(groups), Act(on, legal_basis, by)
    _check_day(village, on)
    if ends and village.groups.exclude(pk__in=[group.pk for group in groups]).exists():
        raise ValidationError(
            {"ends": "Masih ada kelompok yang tidak ikut. Pilih semuanya, atau biarkan desa lama tetap ada."}
        )
    into = _new_village(act, code, name, like=village)
    change = _record(act, Kind.SPLIT, village, into)
    _move_groups(act, groups, into, change)
    if ends:
        _close(act, village, into)
    return change


def _locked(village: Village) -> Village:
    return Village.objects.select_for_update(of=("self",)).select_related("district").get(pk=village.pk)


def _check_day(village: Village, on: date) -> None:
    if village.active_until:
        raise ValidationError(f"{village.full_name} hanya berlaku sampai {format_day(village.active_until)}.")
    if on > today():
        raise ValidationError({"on": f"Catat setelah berlaku: paling lambat hari ini, {format_day(today())}."})
    if village.active_from and on <= village.active_from:
        day = format_day(village.active_from)
        raise ValidationError({"on": f"{village.full_name} baru berlaku sejak {day}. {IN_ORDER}"})


def _new_village(act: Act, code: str, name: str, *, like: Village) -> Village:
    """The village that begins on the day: a new row, or one of the official list that begins on that very day."""
    listed = Village.objects.select_for_update().filter(code=code).first()
    if listed:
        return _listed(act, listed)
    if not name:
        raise ValidationError({"name": f"Desa dengan kode {code} belum ada. Tulis namanya."})
    district = District.objects.filter(code=code[:8]).first()
    if district is None:
        raise ValidationError({"code": f"Kecamatan {code[:8]} belum ada. Tambahkan dulu di Admin, Kecamatan."})
    made = Village(
        code=code,
        name=name,
        kind=code[9:10],
        district=district,
        postcode=like.postcode,
        is_assisted=like.is_assisted,
        active_from=act.on,
    )
    return history.save(made, by=act.by)


def _listed(act: Act, village: Village) -> Village:
    """A row that stands already is another village, unless the admin has said that it begins on this day."""
    if village.active_from == act.on and village.active_until is None and not village.groups.exists():
        return village
    said = (
        f"Kode {village.code} sudah dipakai {village.full_name}. Bila itu desa barunya dari daftar resmi, "
        f"isi dulu “berlaku sejak” {format_day(act.on)} di Admin, Desa/kelurahan."
    )
    raise ValidationError({"code": said})


def _end(act: Act, kind: str, village: Village, into: Village, move_assignments: bool) -> RegionChange:
    change = _record(act, kind, village, into)
    _move_groups(act, list(village.groups.all()), into, change)
    _close(act, village, into)
    if move_assignments:
        _move_assignments(village.code, into.code, act.by)
    return change


def _record(act: Act, kind: str, village: Village, into: Village | None = None, new_name: str = "") -> RegionChange:
    change = RegionChange(
        region=village,
        into=into,
        kind=kind,
        on=act.on,
        old_name=village.name,
        new_name=new_name or (into or village).name,
        old_code=village.code,
        new_code=(into or village).code,
        legal_basis=act.legal_basis,
        recorded_by=act.by,
    )
    return history.save(change, by=act.by)


def _close(act: Act, village: Village, into: Village) -> None:
    village.active_until, village.successor = act.on - ONE_DAY, into
    history.save(village, by=act.by, reason=act.legal_basis)


def _move_groups(act: Act, groups: list[Group], into: Village, change: RegionChange) -> None:
    """Writes down where each group lay, then moves it with every row below it.

    Under the lock of each group, beneath which its money is written too: no receipt comes in between.
    """
    locked = Group.objects.select_for_update(of=("self",)).filter(pk__in=[group.pk for group in groups])
    groups = list(locked.select_related("village__district").order_by("pk"))
    _check_groups(groups, into, act.on)
    for group in groups:
        place = GroupPlacement(village=into, group=group, former=change.region, until=act.on - ONE_DAY, change=change)
        place.save()
        group.village = into
        history.save(group, by=act.by, reason=act.legal_basis)
    for model, way in below_group():
        model._base_manager.filter(**{f"{way}__in": groups}).update(village=into)


def _check_groups(groups: list[Group], into: Village, on: date) -> None:
    same = Group.objects.filter(village=into, name__in=[group.name for group in groups]).first()
    if same:
        raise ValidationError(f"Kelompok {same} sudah ada juga di {into.full_name}. Ganti nama salah satunya dulu.")
    moved = GroupPlacement.objects.filter(group__in=groups, until__gte=on).select_related("group").first()
    if moved:
        day = format_day(moved.until + ONE_DAY)
        raise ValidationError({"on": f"Kelompok {moved.group} sudah pindah mulai {day}. {IN_ORDER}"})


def _move_assignments(old_code: str, code: str, by: User) -> None:
    """Who serves the old code today serves the new one from today; the past of her assignment stays."""
    for old in Assignment.objects.in_force(today()).filter(area_code=old_code).select_related("user"):
        serving = Assignment.objects.in_force(today()).filter(user=old.user, area_code=code).exists()
        if old.starts_on == today() and not serving:
            old.area_code = code
            history.save(old, by=by)
            continue
        new = Assignment(user=old.user, role=old.role, area_code=code, starts_on=today(), ends_on=old.ends_on)
        old.ends_on = max(old.starts_on, today() - ONE_DAY)
        history.save(old, by=by)
        if not serving:
            history.save(new, by=by)
