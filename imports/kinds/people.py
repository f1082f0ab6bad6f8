"""Whom a row speaks of: a member of the village by the template's code or by name, within the row's group."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.columns import Column, Type
from imports.kinds.base import row_code
from imports.lines import Line
from villages.bulk import key_of
from villages.models import Group, Member, Poklak

NAME = Column(
    "member", "Nama anggota", Type.TEXT, "Norhasanah", "Seperti di daftar anggota.",
    synonyms="nama anggota namalengkap nasabah penyetor", is_locked=True, width=28,
)  # fmt: skip
PERSON = Column("person", "Kode anggota", Type.CODE, "", synonyms="kodeanggota", is_hidden=True, most=60)


@dataclass
class People:
    """The members and poklak of some groups, those who left too: what was paid before they left may come late."""

    by_code: dict[str, Member] = field(default_factory=dict)
    by_name: dict[str, list[Member]] = field(default_factory=dict)
    poklaks: dict[str, list[Poklak]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "People":
        people = cls()
        members = Member.objects.filter(group__in=[one.pk for one in groups]).select_related("group", "village")
        for one in members.order_by("pk"):
            people.by_code[row_code("member", one.pk)] = one
            people.by_name.setdefault(key_of(one.name), []).append(one)
        for poklak in Poklak.objects.filter(group__in=[one.pk for one in groups]).select_related("group", "village"):
            people.poklaks.setdefault(key_of(poklak.name), []).append(poklak)
        return people

    def find(self, line: Line, group: Group | None, key: str = "member") -> Member | None:
        """The one member that a line names; else the line is refused, and says who is meant by what."""
        if code := line.get("person"):
            if found := self.by_code.get(code):
                return found
            line.refuse(key, "Baris ini milik templat desa lain. Unduh templat desa Anda, lalu salin isinya.")
            return None
        name = line.get(key)
        if not name:
            line.refuse(key, "Nama anggota belum diisi. Contoh: Norhasanah.")
            return None
        named = [one for one in self.by_name.get(key_of(name), []) if group is None or one.group_id == group.pk]
        here = [one for one in named if one.left_on is None] or named
        if len(here) == 1:
            return here[0]
        if here:
            line.refuse(
                key, f"Ada {len(here)} anggota bernama {name[:40]}. Pakai templat, yang membawa kode anggotanya."
            )
        else:
            line.refuse(
                key, f"Tidak ada anggota bernama {name[:40]} di desa ini. Periksa ejaannya, atau daftarkan dulu."
            )
        return None
