"""Operators of villages: users with their assignment. First passwords are made later, on slips for the people."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError

from accounts import history
from accounts.models import Assignment, User
from imports.columns import Column, Type
from imports.kinds.base import Kind, Saved, Scope, is_as_left, sentences
from imports.lines import Line
from imports.models import Import, ImportPart
from up2k_portal.lib.access import Action, Role
from up2k_portal.lib.dates import format_day, today
from villages.bulk import key_of
from villages.models import Group, Village

USERNAME = re.compile(r"[\w.@+-]{3,40}", re.ASCII)


class Operators(Kind):
    key = "operator"
    title = "Operator desa"
    sheet = "Operator desa"
    words = "operator"
    help = "Pengguna operator untuk banyak desa. Sandi awalnya dibuat sesudahnya, di slip untuk orangnya."
    action = Action.MANAGE_USERS
    is_of_many = True
    undo_words = "Akun yang belum pernah dipakai ditutup; yang sudah pernah masuk tetap."
    columns = (
        Column("village", "Kode desa", Type.TEXT, "63.08.03.2014", "Kode Kemendagri desa atau kelurahannya.",
               synonyms="kodedesakelurahan kodekelurahan kodewilayah", is_required=True, most=13, width=16),
        Column("name", "Nama operator", Type.TEXT, "Rahmah", synonyms="nama namalengkap", is_required=True, width=28),
        Column("username", "Nama pengguna", Type.TEXT, "63.08.03.2014", "Kosong: kode desanya.",
               synonyms="username namauser akun",
               most=40, width=20),
        Column("phone", "Nomor HP", Type.TEXT, "081200001111", synonyms="nohp hp telepon nowa wa nomorwa", most=20,
               width=16),
        Column("since", "Sejak", Type.DAY, "01-09-2026", "Kosong: hari ini.",
               synonyms="sejaktanggal tanggalmulai mulai", width=14),
    )  # fmt: skip

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        codes = {line.get("village", "") for line in lines}
        villages = Village.objects.visible_to(scope.access).filter(code__in=codes, active_until=None)
        villages = {one.code: one for one in villages}
        names = {username_of(line) for line in lines}
        users = {one.username: one for one in User.objects.filter(username__in=names).prefetch_related("assignments")}
        for line in lines:
            _check_line(line, villages, users, scope)

    def groups(self, lines: Sequence[Line], scope: Scope) -> Iterable[Group]:
        return ()

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        saved = Saved()
        for line in lines:
            try:
                _save(line, saved, scope)
            except ValidationError as error:
                for key, words in sentences(error):
                    line.refuse(key if key in ("name", "phone", "username") else "", words)
        return saved

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        users = User.objects.filter(pk__in=part.keys(User), is_active=True)
        back = 0
        for user in users.filter(last_login=None):
            for assignment in user.assignments.filter(ends_on=None):
                assignment.ends_on = max(assignment.starts_on, today() - timedelta(days=1))
                history.save(assignment, by=by, reason=reason)
            user.is_active = False
            history.save(user, by=by, reason=reason)
            back += 1
        for _, pk, changes in part.changed:
            user = User.objects.get(pk=pk)
            if is_as_left(user, changes):
                user.phone = changes["phone"][0]
                history.save(user, by=by, reason=reason)
                back += 1
        return back, users.exclude(last_login=None).count()

    def list_url(self, imported: Import) -> str:
        return ""


def username_of(line: Line) -> str:
    return line.get("username") or line.get("village", "")


def _check_line(line: Line, villages: dict[str, Village], users: dict[str, User], scope: Scope) -> None:
    code, username = line.get("village"), username_of(line)
    if code and code not in villages:
        line.refuse("village", f"Tidak ada desa berkode {code} dalam wilayah Anda. Periksa kodenya.")
    if username and not USERNAME.fullmatch(username):
        line.refuse(
            "username", f"Nama pengguna “{username[:40]}” hanya boleh huruf, angka, dan titik. Contoh: 63.08.03.2014."
        )
    since = line.get("since")
    if since and since > scope.today:
        line.refuse(
            "since", f"Tanggal {format_day(since)} belum datang. Paling akhir hari ini, {format_day(scope.today)}."
        )
    earlier = scope.seen.setdefault(("u", username), line.number)
    if username and earlier != line.number:
        line.refuse("username", f"Nama pengguna ini sama dengan baris {earlier}. Beri nama lain.")
    if (user := users.get(username)) and not line.faults:
        _compare(line, user)


def _compare(line: Line, user: User) -> None:
    """A user who is there is changed only where she serves that village as its operator already."""
    serves = [(one.role, one.area_code) for one in user.assignments.all() if one.ends_on is None]
    if serves != [(Role.OPERATOR, line.get("village"))] or not user.is_active:
        line.refuse("username", "Nama pengguna ini sudah dipakai. Tulis nama pengguna lain di kolom Nama pengguna.")
        return
    line.pk = user.pk
    if key_of(line.get("name", "")) != key_of(user.name):
        line.refuse("name", f"Operator desa ini sudah ada: {user.name}. Ganti orang lewat serah terima di admin.")
        return
    phone = line.get("phone")
    if phone and phone != user.phone:
        line.changes["Nomor HP"] = f"{user.phone or 'kosong'} → {phone}"
    else:
        line.skip("sudah menjadi operator desa ini")


def _save(line: Line, saved: Saved, scope: Scope) -> None:
    if line.pk:
        user = User.objects.get(pk=line.pk)
        before = {"phone": user.phone}
        user.phone = line.get("phone")
        history.save(user, by=scope.by)
        saved.change(user, before)
        return
    user = User(username=username_of(line), name=line.get("name"), phone=line.get("phone", ""))
    user.set_unusable_password()
    history.save(user, by=scope.by)
    area, since = line.get("village"), line.get("since") or scope.today
    assignment = Assignment(user=user, role=Role.OPERATOR, area_code=area, starts_on=since)
    history.save(assignment, by=scope.by)
    saved.make(user)


OPERATORS = Operators()
