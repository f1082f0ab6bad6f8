"""Which villages have a group in the demo, and what their plans are."""

from collections.abc import Iterator
from random import Random

from seeds.demo import as_syifa, old_book
from seeds.demo.doubles import add_doubles
from seeds.demo.groups import plan_group
from seeds.demo.plan import GroupPlan
from seeds.demo.scene import Scene
from villages.models import Programme, Village

REGENCY = "63.08"
ASSISTED_DISTRICT = "63.08.09"  # Paminggir: two hours by boat, weak signal
# Those that the guide and the tests speak of come first, the others as chance has it.
KNOWN = (
    as_syifa.VILLAGE,
    "63.08.07.2004",  # the other Pandulangan
    "63.08.04.2010",  # Banyu Hirang
    "63.08.08.2013",  # Pulantani
    "63.08.09.2004",  # Sapala
    "63.08.08.2012",  # Tambak Sari Panji
    "63.08.04.2021",  # Pulau Tambak
    "63.08.04.2030",  # the desa Murung Sari
    "63.08.05.1002",  # the kelurahan Murung Sari
)
# A group besides the one of UP2K: kept apart, counted nowhere.
OTHER_GROUPS = {
    "63.08.07.2004": ("UPPKA Mawar", {"programme": Programme.UPPKA}),
    "63.08.04.2010": ("Kelompok Latihan", {"is_practice": True}),
}
SERIAL_OF_OTHERS = 9501


def chosen(count: int, chance: int) -> list[Village]:
    """The villages of a demo with `count` of them; a larger one has these and more."""
    villages = Village.objects.in_area(REGENCY).select_related("district__regency").order_by("code")
    found = {village.code: village for village in villages}
    others = [code for code in found if code not in KNOWN]
    Random(f"{chance}:villages").shuffle(others)
    return [found[code] for code in (*KNOWN, *others)[:count]]


def without_group(villages: list[Village]) -> Village | None:
    """The first village of the guide's kecamatan in which nobody founded a group: she who serves there declares nihil.
    None where all villages have one.
    """
    taken = {village.code for village in villages}
    others = Village.objects.in_area(as_syifa.VILLAGE[:8]).exclude(code__in=taken).order_by("code")
    return others.first()


def plan_village(village: Village, scene: Scene) -> Iterator[GroupPlan]:
    if village.code == as_syifa.VILLAGE:
        yield as_syifa.plan_as_syifa(village, scene)
    else:
        plan = plan_group(village, scene, scene.rng_of(village, "UP2K"))
        if village.code not in KNOWN:
            plan.closed_through = scene.closed_by(village)
        add_doubles(plan, scene)
        if village.code == old_book.VILLAGE:
            old_book.make_old(plan)
        yield plan
    if village.code in OTHER_GROUPS:
        name, fields = OTHER_GROUPS[village.code]
        rng = scene.rng_of(village, name)
        yield plan_group(village, scene, rng, name=name, first_serial=SERIAL_OF_OTHERS, **fields)
