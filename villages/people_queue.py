"""The queue of doubles: asked of the rows as they are now, never kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from up2k_portal.lib.access import Access, Action
from villages import people
from villages.models import Member, PersonDecision
from villages.people import Kind, Record, Suspicion

KINDS = [
    (Kind.SAME_NIK, "NIK sama"),
    (Kind.BAD_NIK, "NIK tidak benar"),
    (Kind.ALIKE, "Nama dan tanggal lahir sama"),
]


@dataclass
class Case:
    """A suspicion with its rows, for a page."""

    kind: Kind
    first: Member
    second: Member | None

    @property
    def pk(self) -> str:
        """How the address and the files call it."""
        return f"{self.first.pk}-{self.second.pk}" if self.second else str(self.first.pk)

    @property
    def rows(self) -> list[Member]:
        return [self.first, self.second] if self.second else [self.first]

    @cached_property
    def names(self) -> str:
        return " / ".join(dict.fromkeys(row.name for row in self.rows))


def suspicions_for(access: Access) -> list[Suspicion]:
    """The open questions that this access may answer: both rows lie in its areas. Two queries."""
    rows = Member.objects.open_to(access, Action.EDIT_GROUPS)
    ends = ("first_id", "first__person_id", "second_id", "second__person_id")
    judged = PersonDecision.objects.visible_to(access).different().order_by().values_list(*ends)
    pairs = ((people.node(first, one), people.node(second, other)) for first, one, second, other in judged)
    return list(people.suspicions(_records(rows), pairs))


def cases_for(access: Access) -> list[Case]:
    """The same with their rows, groups and villages: one query more."""
    asked = suspicions_for(access)
    wanted = {pk for one in asked for pk in (one.first, one.second) if pk}
    return list(_cases(asked, Member.objects.visible_to(access).filter(pk__in=wanted)))


def _cases(asked: Iterable[Suspicion], rows) -> Iterator[Case]:
    found = {row.pk: row for row in rows.select_related("group", "village__district")}
    for one in asked:
        yield Case(one.kind, found[one.first], found[one.second] if one.second else None)


def _records(rows) -> Iterator[Record]:
    """The rows that share a NIK or a birth day in their kecamatan with another, or whose NIK cannot be."""
    others = rows.exclude(pk=OuterRef("pk")).order_by()
    same_nik = others.filter(nik=OuterRef("nik"))
    born_alike = others.filter(birth_date=OuterRef("birth_date"), village__district=OuterRef("village__district"))
    bad = Q(nik__isnull=False) & ~Q(nik__regex=people.NIK_PATTERN)
    asked = rows.filter(bad | Exists(same_nik) | Exists(born_alike)).order_by()
    columns = ("pk", "name", "nik", "birth_date", "group_id", "village__district_id", "person_id")
    return (Record(*values) for values in asked.values_list(*columns))


def count_others(member: Member) -> int:
    """How many more memberships she has, seen by the reader or not: a number, no name."""
    return Member.objects.filter(person=member.person_id).exclude(pk=member.pk).count() if member.person_id else 0
