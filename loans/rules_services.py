"""What a group and its village agreed on about money, asked for in one place."""

from django.db.models import OuterRef, Q, Subquery

from loans.models import MoneyRules, VillageRules
from villages.models import Group, GroupPlacement


def rules_of(group: Group) -> MoneyRules:
    """What holds about money in the group, an unsaved row with what is usual while it has not said; two queries.

    `of_village` is what its village set. A group whose village became another keeps what the former one set, until the
    new one says something.
    """
    rules = MoneyRules.objects.filter(group=group).first() or MoneyRules(group=group, village_id=group.village_id)
    former = GroupPlacement.objects.filter(group=group)
    said = VillageRules.objects.filter(Q(village=group.village_id) | Q(village__in=former.values("former")))
    until = former.filter(former=OuterRef("village")).order_by("-until").values("until")[:1]
    said = said.annotate(is_now=Q(village=group.village_id), until=Subquery(until))
    rules.of_village = said.order_by("-is_now", "-until").first()
    return rules
