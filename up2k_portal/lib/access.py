"""Who may do what, where. This is the only file that decides.

Region codes carry the hierarchy (63 · 63.08 · 63.08.03 · 63.08.03.2014), so a scope is a small set of codes and
everything inside one of them is one range of an index: area ≤ code < area + "/" ("/" follows "." in ASCII).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

EVERYWHERE = "*"
PRACTICE = "00"  # the province of the practice villages; the codes of real ones begin with 11 or more
_FIRST_REAL = "1"


class Role(models.TextChoices):
    OPERATOR = "operator", "Operator desa/kelurahan"
    DISTRICT = "district", "Pengurus kecamatan"
    STAFF = "staff", "Staf kabupaten"
    ADMIN = "admin", "Admin kabupaten"
    PROVINCE = "province", "Provinsi"


class Action(StrEnum):
    SIMULATE = "menghitung simulasi angsuran"
    SEE_REPORTS = "melihat angka gabungan dan mengunduh buku kerja"
    SEE_GROUPS = "melihat kelompok"
    SEE_PEOPLE = "melihat anggota, pinjaman, angsuran, usaha"
    EDIT_REGISTRY = "mengisi anggota, poklak, usaha"
    EDIT_GROUPS = "mengisi kelompok dan produk pinjaman"
    ASSESS_GROUPS = "menilai klasifikasi kelompok"
    RECORD_MONEY = "mengajukan, mencairkan, mencatat dan mengoreksi angsuran"
    VERIFY_LOANS = "memverifikasi pengajuan pinjaman orang lain"
    APPROVE_LOANS = "menyetujui pinjaman di atas batas"
    RESCHEDULE_LOANS = "menjadwalkan ulang pinjaman dan menunda angsuran sedesa"
    CORRECT_OLD = "mengoreksi bukti pertemuan yang kasnya sudah dihitung"
    ENTRUST_SHEETS = "menitipkan foto lembar setoran dan memeriksa hasil ketikannya"
    SEND_FOR_OTHERS = "mengetik lembar titipan dan mengirim antrean HP orang lain"
    HAND_OVER = "mencatat serah terima pengurus dan menutup akun pengurus lama"
    SUBMIT_REPORTS = "memeriksa dan mengajukan laporan desa"
    VERIFY_REPORTS = "memverifikasi laporan desa"
    APPROVE_REPORTS = "menyetujui laporan desa"
    SEND_REPORTS = "mengirim laporan ke provinsi"
    USE_ADMIN = "memakai admin"
    MANAGE_USERS = "mengatur pengguna"
    MANAGE_SETTINGS = "mengatur wilayah dan batas"


_SEE = {Action.SIMULATE, Action.SEE_REPORTS, Action.SEE_GROUPS, Action.SEE_PEOPLE}
_REGISTRY = {Action.EDIT_REGISTRY, Action.EDIT_GROUPS, Action.ASSESS_GROUPS}
_DECIDE = {
    Action.VERIFY_LOANS,
    Action.APPROVE_LOANS,
    Action.RESCHEDULE_LOANS,
    Action.CORRECT_OLD,
    Action.ENTRUST_SHEETS,
    Action.SEND_FOR_OTHERS,
    Action.HAND_OVER,
}

MAY: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: frozenset(
        _SEE
        | {Action.EDIT_REGISTRY, Action.RECORD_MONEY, Action.ENTRUST_SHEETS}
        | {Action.VERIFY_LOANS, Action.SUBMIT_REPORTS}
    ),
    Role.DISTRICT: frozenset(_SEE | _DECIDE | {Action.USE_ADMIN, Action.VERIFY_REPORTS}),
    Role.STAFF: frozenset(
        _SEE | _REGISTRY | _DECIDE | {Action.USE_ADMIN, Action.VERIFY_REPORTS, Action.APPROVE_REPORTS}
    ),
    Role.ADMIN: frozenset(
        _SEE
        | _REGISTRY
        | {Action.USE_ADMIN, Action.MANAGE_USERS, Action.MANAGE_SETTINGS}
        | {Action.APPROVE_REPORTS, Action.SEND_REPORTS}
    ),
    Role.PROVINCE: frozenset({Action.SIMULATE, Action.SEE_REPORTS, Action.SEE_GROUPS}),
}

# What a role may do besides, but only in villages marked "dibantu kecamatan".
MAY_WHERE_ASSISTED: dict[Role, frozenset[Action]] = {
    Role.DISTRICT: frozenset({Action.EDIT_REGISTRY, Action.RECORD_MONEY, Action.SUBMIT_REPORTS}),
}


@dataclass(frozen=True)
class Access:
    """A person's role and areas today. The empty one sees nothing and may do nothing."""

    role: Role | None = None
    areas: frozenset[str] = frozenset()

    def may(self, action: Action) -> bool:
        """Whether the role has this action at all; on which rows, `visible_to` and `open_to` say."""
        return bool(self.areas) and (self._everywhere(action) or self._where_assisted(action))

    def may_in(self, action: Action, village) -> bool:
        """Whether the action may be done on rows of this village."""
        if not self.covers(village.code):
            return False
        return self._everywhere(action) or (self._where_assisted(action) and village.is_assisted)

    def covers(self, code: str) -> bool:
        """Whether the region with this code lies in one of the areas."""
        return any(area in (_widest(code), code) or code.startswith(f"{area}.") for area in self.areas)

    @property
    def serves_one_village(self) -> bool:
        return len(self.areas) == 1 and all(area.count(".") == 3 for area in self.areas)

    @property
    def is_practice(self) -> bool:
        """Whether this is somebody who tries the portal out in a practice village."""
        return any(is_practice(area) for area in self.areas)

    def only_where_assisted(self, action: Action) -> bool:
        return not self._everywhere(action)

    def _everywhere(self, action: Action) -> bool:
        return self.role is not None and action in MAY[self.role]

    def _where_assisted(self, action: Action) -> bool:
        return self.role is not None and action in MAY_WHERE_ASSISTED.get(self.role, frozenset())


NOBODY = Access()


def is_practice(code: str) -> bool:
    """Whether the region lies in the province of the practice villages, of which nothing is counted anywhere."""
    return code == PRACTICE or code.startswith(f"{PRACTICE}.")


def same_world(code: str) -> frozenset[str]:
    """The areas in which rows may be compared with those of a region: practice with practice, real with real."""
    return frozenset({PRACTICE if is_practice(code) else EVERYWHERE})


def _widest(code: str) -> str:
    """The area that holds the region besides its own: none for a practice village."""
    return "" if is_practice(code) else EVERYWHERE


def in_areas(path: str, areas: frozenset[str]) -> Q:
    """The condition that the code at `path` lies in one of the areas; an empty set matches nothing."""
    if EVERYWHERE in areas:  # the practice villages lie nowhere: who sees all sees none of them
        return Q(**{f"{path}__lt": "0"}) | Q(**{f"{path}__gte": _FIRST_REAL})
    ranges = (Q(**{f"{path}__gte": area, f"{path}__lt": f"{area}/"}) for area in sorted(areas))
    return reduce(or_, ranges, Q(pk__in=[]))


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a region. The model states two facts: `area_path` and `seen_with`.

    An empty `area_path` says that the rows belong to no region: a list of words that all may see.
    """

    def in_area(self, *codes: str):
        return self.filter(in_areas(self.model.area_path, frozenset(codes)))

    def visible_to(self, access: Access):
        if not access.may(self.model.seen_with):
            return self.none()
        return self.filter(in_areas(self.model.area_path, access.areas)) if self.model.area_path else self.all()

    def open_to(self, access: Access, action: Action):
        """The visible rows on which the action may be done."""
        if not access.may(action):
            return self.none()
        rows = self.visible_to(access)
        if access.only_where_assisted(action) and self.model.area_path:
            rows = rows.filter(**{f"{self.model.area_path.removesuffix('code')}is_assisted": True})
        return rows
