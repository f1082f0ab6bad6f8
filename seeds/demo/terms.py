"""What the model group's members agreed to bring to each meeting: from the month that runs on, so that its sheet asks
for it and nobody is behind with what was never asked."""

from datetime import timedelta

from accounts import history
from loans.models import SavingTerms
from seeds.demo import as_syifa
from seeds.demo.scene import Scene
from villages.models import Group

AGREED = {"mandatory": 10_000, "contribution": 2_000}  # rupiah a month


def add_terms(scene: Scene) -> None:
    since = scene.until + timedelta(days=1)
    groups = Group.objects.filter(village__code=as_syifa.VILLAGE, closed_on=None)
    for group in groups.select_related("village__district"):
        for kind, amount in AGREED.items():
            terms = SavingTerms(village=group.village, group=group, kind=kind, since=since, amount=amount)
            history.save(terms, by=None)
