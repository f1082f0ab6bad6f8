"""Who led an invented group, term by term, and what it was before the law."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from seeds.demo import names
from seeds.demo.plan import GroupPlan
from villages.models import Group, LegalStatus, Member, Office, Officer

LEAST_TERM = timedelta(days=200)  # whoever led before, led at least so long
TRAINED = timedelta(days=365)  # nobody leads in her first year, where there is time


def build_terms(plan: GroupPlan, rng: Random, until: date, **known: str) -> Iterator[Officer]:
    """The terms of the three offices. Members lead who stay, the first to join, or those `known` by their names."""
    staying = [member for member in plan.members if member.sex == "P" and not member.left_on]
    by_name = {member.name: member for member in plan.members}
    for office, usual in zip((Office.KETUA, Office.BENDAHARA, Office.SEKRETARIS), staying, strict=False):
        member = by_name.get(known.get(office, ""), usual)
        yield from _terms(plan.group, office, member, _beginning(member, rng, until), names.woman(rng))


def _beginning(member: Member, rng: Random, until: date) -> date:
    """The day on which she took office: some time after she joined."""
    first = min(member.joined_on + TRAINED, until)
    return first + timedelta(days=rng.randint(0, max(0, (until - first).days) // 2))


def _terms(group: Group, office: str, member: Member, since: date, predecessor: str) -> Iterator[Officer]:
    facts = {"village": group.village, "group": group, "office": office}
    if since - group.founded_on >= LEAST_TERM:
        yield Officer(name=predecessor, since=group.founded_on, until=since - timedelta(days=1), **facts)
    else:
        since = max(group.founded_on, member.joined_on)
    yield Officer(member=member, name=member.name, since=since, **facts)


def build_cooperative(group: Group, since: date) -> list[LegalStatus]:
    """Founded without a legal body, a cooperative since a day."""
    facts = {"village": group.village, "group": group}
    number = f"{since:%d%m}/BH/XVII.5/{since.year}"
    return [
        LegalStatus(status=LegalStatus.Status.NONE, since=group.founded_on, **facts),
        LegalStatus(
            status=LegalStatus.Status.COOPERATIVE, since=since, number=number, note="Pengesahan koperasi", **facts
        ),
    ]
