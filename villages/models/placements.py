"""Villages change: what changed from which day on, and where each group lay before. Both are written once.

A village keeps its row through a change of name; a new code is a new row. So a report of a day before the change
finds the old rows as they were: the groups by `GroupPlacement`, the names by `RegionChange`.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Access, Action, in_areas
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models.groups import Group
from villages.models.regions import Village


class RegionChange(AppendOnlyModel):
    """One village that got another name or code, went into another, or gave birth to one; `on` is the first new day.

    Several villages merged into one are several of these, each with its own old village.
    """

    row_words = "Perubahan wilayah"
    instead = "catat perubahan baru"

    class Kind(models.TextChoices):
        RENAME = "rename", "Ganti nama"
        RECODE = "recode", "Ganti kode"
        SPLIT = "split", "Mekar"
        MERGE = "merge", "Gabung"

    region = models.ForeignKey(
        Village, models.PROTECT, related_name="changes_from", verbose_name="desa/kelurahan sebelum"
    )
    into = models.ForeignKey(
        Village,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes_into",
        verbose_name="desa/kelurahan sesudah",
    )
    kind = models.CharField("perubahan", max_length=6, choices=Kind.choices)
    on = DayField("berlaku mulai")
    old_name = models.CharField("nama lama", max_length=100)
    new_name = models.CharField("nama baru", max_length=100)
    old_code = models.CharField("kode lama", max_length=13)
    new_code = models.CharField("kode baru", max_length=13)
    legal_basis = models.CharField("dasar hukum", max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "region__code"
    seen_with = Action.SEE_GROUPS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "perubahan wilayah"
        verbose_name_plural = "perubahan wilayah"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["kind", "on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.old_name}"

    @property
    def words(self) -> str:
        """Desa Pandulangan (63.08.03.2014) menjadi Desa Pandulangan Raya (63.08.03.2998)"""
        if self.kind == self.Kind.RENAME:
            return f"{self.old_name} menjadi {self.new_name}"
        return f"{self.old_name} ({self.old_code}) menjadi {self.new_name} ({self.new_code})"


class GroupPlacement(AppendOnlyModel):
    """Where a group lay until a day, that day included; `village` is where it lies now, as in every row below it."""

    row_words = "Letak kelompok"
    instead = "catat perubahan wilayah baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="placements", verbose_name="kelompok")
    former = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan dulu")
    until = DayField("sampai")
    change = models.ForeignKey(RegionChange, models.PROTECT, related_name="placements", verbose_name="perubahan")

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "letak kelompok dulu"
        verbose_name_plural = "letak kelompok dulu"
        ordering = ["group", "-until"]
        indexes = [models.Index(fields=["until"])]
        constraints = [models.UniqueConstraint(fields=["group", "until"], name="group_lies_in_one_village_a_day")]

    def __str__(self) -> str:
        return f"{self.group} di {self.former}"


def names_on(day: date) -> dict[int, str]:
    """The names that villages had on a day and have no longer, by key of the village."""
    renames = RegionChange.objects.filter(kind=RegionChange.Kind.RENAME, on__gt=day).order_by("-on", "-pk")
    return dict(renames.values_list("region", "old_name"))  # the earliest after the day comes last and stays


def placed_on(groups, area_code: str, day: date) -> list[tuple[Group, Village]]:
    """The groups that lay in an area on a day, each with its village under the code and name of that day, by code.

    Two queries besides the groups' own, however many groups moved.
    """
    placements = GroupPlacement.objects.filter(until__gte=day).order_by("-until")
    moved = {one.group_id: one.former for one in placements.select_related("former__district__regency")}
    here = in_areas("village__code", frozenset({area_code}))
    area, names = Access(areas=frozenset({area_code})), names_on(day)
    found = []
    for group in groups.filter(here | Q(pk__in=moved)).select_related("village__district__regency"):
        village = moved.get(group.pk, group.village)
        if area.covers(village.code):
            found.append((group, named(village, names)))
    return sorted(found, key=lambda pair: pair[1].code)


def village_on(group: Group, day: date) -> Village:
    """Where a group lay on a day, under the code and name of that day: for the head of a paper of that day."""
    former = group.placements.filter(until__gte=day).order_by("until").select_related("former__district__regency")
    place = former.first()
    return named(place.former if place else group.village, names_on(day))


def villages_on(group: Group, days: Iterable[date]) -> dict[date, Village]:
    """`village_on` for each day; two look-ups where nothing changed between the first and the last."""
    days = sorted(set(days))
    if not days:
        return {}
    first, last = village_on(group, days[0]), village_on(group, days[-1])
    if (first.pk, first.name) == (last.pk, last.name):
        return dict.fromkeys(days, last)
    return {day: village_on(group, day) for day in days}


def named(village: Village, names: dict[int, str]) -> Village:
    """The village under the name that `names_on` has for it."""
    if village.pk not in names:
        return village
    then = copy(village)
    then.name = names[village.pk]
    return then


def below_group() -> Iterator[tuple[type[models.Model], str]]:
    """(model, the way from its rows to their group) for every model whose rows carry the village of their group.

    Found by the models themselves, so that one added later is neither left behind by a move nor forgotten by the
    audit.
    """
    for model in apps.get_models():
        if getattr(model, "area_path", "") == "village__code" and model is not Group and (way := _way_to_group(model)):
            yield model, way


def _way_to_group(model: type[models.Model]) -> str | None:
    """The shortest way along required foreign keys, "receipt__group"; None when there is none."""
    ways, seen = [("", model)], {model}
    for prefix, current in ways:  # grows while it is read: one more step away each time
        for field in current._meta.concrete_fields:
            other = field.remote_field and field.remote_field.model
            if other is Group and not field.null:
                return f"{prefix}{field.name}"
            if other and not field.null and other not in seen:
                seen.add(other)
                ways.append((f"{prefix}{field.name}__", other))
    return None
