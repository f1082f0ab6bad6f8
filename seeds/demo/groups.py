"""An ordinary group: who is in it, what they live from, who borrows."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from seeds.demo import names
from seeds.demo.habits import PROMPT, SLOPPY, any_habit
from seeds.demo.lending import Borrower, Lender, build_products
from seeds.demo.livelihoods import Livelihood, livelihoods_of
from seeds.demo.meetings import build_books
from seeds.demo.offices import build_cooperative, build_terms
from seeds.demo.plan import GroupPlan
from seeds.demo.registry import FIRST_SERIAL, Registry, build_group
from seeds.demo.scene import MONTHS, Scene
from villages.models import Group, Member, Poklak, Village

JOINTLY = (PROMPT, PROMPT, SLOPPY)  # a poklak answers together for its loan: none gives up lightly
OFFICERS = 2  # the first members lead the group: women who stay


def plan_group(
    village: Village, scene: Scene, rng: Random, *, name: str = "", first_serial: int = FIRST_SERIAL, **fields
) -> GroupPlan:
    """What chance gives the village; `name` and `fields` are the group's where they are given."""
    group, opens_on, legal_since = _found(village, scene, rng, name or names.group_name(rng), fields)
    plan = GroupPlan(group, scene.closed_through)
    registry = Registry(plan, scene, rng, first_serial)
    registry.add_usual_assessments()
    livelihoods = livelihoods_of(village.code)
    borrowers = list(_enrol(registry, livelihoods, opens_on))
    plan.officers = list(build_terms(plan, scene.rng_of(village, f"{group.name} pengurus"), scene.until))
    if legal_since:
        plan.legal_statuses = build_cooperative(group, legal_since)
    lender = _open_lending(plan, scene, rng, livelihoods, opens_on)
    plan.loans = [loan for borrower in borrowers for loan in lender.loans_to(borrower)]
    plan.books = list(build_books(plan, scene))
    return plan


def _found(village: Village, scene: Scene, rng: Random, name: str, fields: dict) -> tuple[Group, date, date | None]:
    """The group, the day since when it lends (half of them before the story begins) and is a cooperative."""
    is_old = rng.random() < 0.5
    opens_on = scene.starts_on if is_old else scene.months_before_end(rng.randint(9, MONTHS - 4), day=1)
    founded_on = opens_on - timedelta(days=rng.randint(400, 6_500) if is_old else rng.randint(40, 300))
    is_cooperative = is_old and rng.random() < 0.08
    legal_since = founded_on + timedelta(days=390) if is_cooperative else None
    return build_group(village, name, founded_on, rng, **fields), opens_on, legal_since


def _enrol(registry: Registry, livelihoods: tuple[Livelihood, ...], opens_on: date) -> Iterator[Borrower]:
    """Fills the registry and yields those who borrow."""
    rng = registry.rng
    poklaks = list(_add_poklaks(registry, livelihoods, opens_on))
    for poklak, craft in poklaks:
        if rng.random() < 0.5:
            registry.add_enterprise(poklak, craft, poklak.formed_on)
        if rng.random() < 0.3:
            yield Borrower(poklak, craft, rng.choice(JOINTLY), max(opens_on, poklak.formed_on))
    for name in names.women(rng, rng.randint(8, 16)):
        place = rng.choice(poklaks) if rng.random() < 0.7 else (None, rng.choice(livelihoods))
        yield from _join(registry, name, opens_on, *place)


def _add_poklaks(
    registry: Registry, livelihoods: tuple[Livelihood, ...], opens_on: date
) -> Iterator[tuple[Poklak, Livelihood]]:
    rng, founded_on = registry.rng, registry.plan.group.founded_on
    crafts = rng.sample(livelihoods, min(len(livelihoods), rng.randint(1, 4)))
    for name, craft in zip(rng.sample(names.POKLAKS, len(crafts)), crafts, strict=True):
        yield registry.add_poklak(name, craft, registry.between(founded_on, opens_on)), craft


def _join(
    registry: Registry, name: str, opens_on: date, poklak: Poklak | None, craft: Livelihood
) -> Iterator[Borrower]:
    rng = registry.rng
    is_officer = len(registry.plan.members) < OFFICERS
    is_man = rng.random() < 0.03 and not is_officer
    member = registry.add_member(
        names.man(rng) if is_man else name,
        poklak,
        _joining_day(registry, opens_on, poklak),
        sex="L" if is_man else "P",
        leaves=rng.random() < 0.06 and not is_officer,
    )
    if rng.random() < 0.8:
        registry.add_enterprise(member, craft, member.joined_on + timedelta(days=rng.randint(-900, 300)))
    if rng.random() < 0.74:
        yield _borrower(member, craft, rng)


def _joining_day(registry: Registry, opens_on: date, poklak: Poklak | None) -> date:
    if len(registry.plan.members) < 6 or registry.rng.random() < 0.7:
        return registry.between(poklak.formed_on if poklak else registry.plan.group.founded_on, opens_on)
    return registry.between(opens_on, registry.before_end(90, 200))


def _borrower(member: Member, craft: Livelihood, rng: Random) -> Borrower:
    habit = PROMPT if member.left_on else any_habit(rng)
    return Borrower(member, craft, habit, member.joined_on, paid_by=member.left_on)


def _open_lending(
    plan: GroupPlan, scene: Scene, rng: Random, livelihoods: tuple[Livelihood, ...], opens_on: date
) -> Lender:
    """The group's products and ways as a lender."""
    kinds = [rng.choices(("bulanan", "menurun", "qardh"), (62, 16, 22))[0]]
    if any(one.pays_after_season for one in livelihoods) and rng.random() < 0.6:
        kinds.append("musiman")
    if any(one.sells_daily for one in livelihoods) and rng.random() < 0.2:
        kinds.append("mingguan")
    products = build_products(plan.group, kinds, rng.choice((500, 1_000)))
    plan.products = list(products.values())
    fine = rng.choice((0, 0, 0, 2_000, 5_000))
    meeting_day = rng.randint(24, 28)  # when the month's money has come in, before it is reported
    return Lender(products, meeting_day, opens_on, scene.until, fine, rng)
