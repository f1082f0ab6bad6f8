"""What the queue of doubles is for: a woman entered in two villages, one entered twice, an old row with a bad NIK."""

from datetime import date

from seeds.demo.plan import GroupPlan
from seeds.demo.scene import Scene
from villages.models import Member, Welfare

BAD_NIK = "0000000000000000"  # as lists from before the portal have it; no form lets it in today
# By the village of the group. The serials lie above those of ordinary members: no NIK occurs twice by chance.
DOUBLES = {
    "63.08.07.2004": [{"name": "Hj. Mariatul Kiptiah", "nik": "6308075705879801", "birth_date": date(1987, 5, 17)}],
    "63.08.04.2010": [{"name": "Mariatul Kibtiah", "nik": "6308075705879801", "birth_date": date(1987, 5, 17)}],
    "63.08.08.2013": [
        {"name": "Siti Maulida", "nik": "6308084903909802", "birth_date": date(1990, 3, 9)},
        {
            "name": "St. Maulida",
            "nik": None,
            "nik_missing_reason": "Fotokopi KTP belum diserahkan",
            "birth_date": date(1990, 3, 9),
        },
    ],
    "63.08.09.2004": [{"name": "Basrah", "nik": BAD_NIK, "birth_date": date(1971, 11, 2)}],
}


def add_doubles(plan: GroupPlan, scene: Scene) -> None:
    """Adds the village's own to the end of its members: nothing else in the demo changes by it."""
    group, joined_on = plan.group, scene.months_before_end(6, day=3)
    for facts in DOUBLES.get(group.village.code, []):
        plan.members.append(
            Member(
                village=group.village,
                group=group,
                joined_on=max(joined_on, group.founded_on),
                address="RT 03",
                welfare=Welfare.UNKNOWN,
                **facts,
            )
        )
