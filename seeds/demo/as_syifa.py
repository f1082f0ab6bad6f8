"""UP2K As Syifa of Desa Pandulangan, Kec. Sungai Pandan: the group that the guide tells of.

The group and what it lives from are known from the press (metro7.co.id, 6 April 2017); its members,
their loans and payments are invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from loans import schedule
from loans.models import LoanProduct
from seeds.demo import livelihoods as crafts
from seeds.demo.habits import EARLY, PROMPT, SLOPPY
from seeds.demo.lending import Borrower, Lender, build_products, needed_decision
from seeds.demo.livelihoods import Livelihood
from seeds.demo.meetings import build_books
from seeds.demo.offices import build_terms
from seeds.demo.plan import Decision, GroupPlan, LoanFacts, Payment
from seeds.demo.registry import LEVEL_STEPS, Registry, build_group
from seeds.demo.scene import Scene
from villages.models import Member, Poklak, Village

VILLAGE = "63.08.03.2014"
FOUNDED_ON = date(2004, 3, 12)
LEVELS_ON = (date(2006, 5, 9), date(2009, 4, 21), date(2013, 6, 11), date(2017, 3, 28))
FIRST_POKLAK_ON = date(2005, 1, 10)
MEETING_DAY = 26  # late enough that a demo opened before shows who is really late
POKLAKS = {
    "Melati": crafts.BORDIR,
    "Itik Alabio": crafts.ITIK,
    "Kue Kering": crafts.KUE_KERING,
    "Telur Barakat": crafts.AYAM,
}
# By poklak ("" is perorangan) and craft.
MEMBERS = (
    ("Melati", crafts.BORDIR, ("Aminah", "Hamidah", "Hj. Rusdiana", "Jumiati", "Noor Hayati", "Norhasanah")),
    ("Melati", crafts.BORDIR, ("Rusmini", "Siti Aisyah", "Rabiatul Adawiyah")),
    ("Melati", crafts.MENJAHIT, ("Latifah",)),
    ("Itik Alabio", crafts.ITIK, ("Fatimah", "Norlaila", "Salasiah", "Masliani")),
    ("Itik Alabio", crafts.TELUR_ITIK, ("Ernawati", "Arbainah", "Jamilah")),
    ("Itik Alabio", crafts.TELUR_ASIN, ("Mastura", "Sabariah")),
    ("Kue Kering", crafts.KUE_KERING, ("Herlina", "Siti Rahmah", "Hilmah", "Zubaidah")),
    ("Kue Kering", crafts.KERUPUK, ("Maimunah", "Nahdiah")),
    ("Kue Kering", crafts.WADAI, ("Mulyana", "Sa’diah")),
    (
        "Telur Barakat",
        crafts.AYAM,
        ("Rahmawati", "Supiani", "Tarbiah", "Ummi Kalsum", "Hasanah", "Risnawati"),
    ),
    ("", crafts.WARUNG, ("Barsiah", "Siti Aminah", "Hj. Mahrita", "Siti Hadijah")),
    ("", crafts.KERUPUK, ("Juairiah", "Rohana")),
    ("", crafts.PURUN, ("Masniah", "Saniah")),
    ("", crafts.BORDIR, ("Kartini",)),
)
OFFICERS = {"ketua": "Hj. Rusdiana", "sekretaris": "Ernawati", "bendahara": "Rahmawati"}
LEFT = {"Kartini", "Saniah"}
WITHOUT_LOAN = {"Barsiah", "Masniah", "Sa’diah", "Hilmah", "Latifah", "Risnawati", "Nahdiah", "Rohana"}
HABITS = dict.fromkeys(("Aminah", "Hj. Mahrita", "Noor Hayati", "Rabiatul Adawiyah", "Zubaidah"), EARLY)
HABITS |= dict.fromkeys(("Salasiah", "Rusmini", "Arbainah", "Juairiah", "Tarbiah", "Jamilah"), SLOPPY)


@dataclass(frozen=True)
class Story:
    """A loan that the guide can count on: disbursed months before the end, then paid so often on time."""

    principal: int
    purpose: str
    months_ago: int
    paid: int
    day: int = MEETING_DAY
    part: int = 0  # rupiah paid of the next instalment, on its day


# Norhasanah's next instalment falls due on the last day of the story: who opens the demo can record it.
STORIES = {
    "Norhasanah": Story(1_500_000, "beli benang dan kain bordir", months_ago=7, paid=6, day=31),
    "Mastura": Story(2_500_000, "beli telur itik dan garam", months_ago=3, paid=3),
    "Fatimah": Story(2_000_000, "beli anak itik Alabio", months_ago=6, paid=4, part=88_000),
    "Hamidah": Story(1_500_000, "modal pesanan bordir", months_ago=8, paid=4),
}
MACHINES = Story(6_000_000, "beli mesin bordir", months_ago=14, paid=10)
REFUSAL = "Melebihi kas kelompok; ajukan lagi paling banyak Rp6.000.000"


def plan_as_syifa(village: Village, scene: Scene) -> GroupPlan:
    rng = scene.rng_of(village, "As Syifa")
    group = build_group(
        village,
        "UP2K As Syifa",
        FOUNDED_ON,
        rng,
        decree_number="188.45/07/KUM/2004",
        contact_phone="0812-0000-6308",
    )
    plan = GroupPlan(group, scene.closed_through)
    registry = Registry(plan, scene, rng)
    for (level, _, reason), assessed_on in zip(LEVEL_STEPS, LEVELS_ON, strict=True):
        if assessed_on <= scene.until:
            registry.add_assessment(level, assessed_on, reason)
    products = build_products(group, ("bulanan", "musiman", "qardh"), step=500)
    plan.products = list(products.values())
    lender = Lender(products, MEETING_DAY, scene.starts_on, scene.until, fine=0, rng=rng)
    _add_poklaks(registry)
    plan.loans = [*_loans_of_members(registry, lender), *_loans_of_poklaks(plan, scene)]
    plan.officers = list(build_terms(plan, scene.rng_of(village, "As Syifa pengurus"), scene.until, **OFFICERS))
    plan.books = list(build_books(plan, scene))
    return plan


def _add_poklaks(registry: Registry) -> None:
    for number, (name, craft) in enumerate(POKLAKS.items()):
        poklak = registry.add_poklak(name, craft, FIRST_POKLAK_ON + timedelta(days=200 * number))
        registry.add_enterprise(poklak, craft, poklak.formed_on)


def _loans_of_members(registry: Registry, lender: Lender) -> Iterator[LoanFacts]:
    poklaks = {poklak.name: poklak for poklak in registry.plan.poklaks}
    for poklak_name, craft, people in MEMBERS:
        for name in people:
            member = _add_member(registry, name, poklaks.get(poklak_name), craft)
            if name not in WITHOUT_LOAN:
                yield from _loans_of(member, craft, lender, registry.scene)


def _add_member(registry: Registry, name: str, poklak: Poklak | None, craft: Livelihood) -> Member:
    joined_on = registry.between(FOUNDED_ON, registry.scene.months_before_end(14, day=1))
    member = registry.add_member(name, poklak, joined_on, leaves=name in LEFT)
    registry.add_enterprise(member, craft, member.joined_on)
    return member


def _loans_of(member: Member, craft: Livelihood, lender: Lender, scene: Scene) -> Iterator[LoanFacts]:
    told = [_told(STORIES[member.name], member, lender.products["bulanan"], scene)] if member.name in STORIES else []
    paid_by = told[0].proposed_on if told else member.left_on
    habit = HABITS.get(member.name, PROMPT)
    yield from lender.loans_to(Borrower(member, craft, habit, member.joined_on, paid_by))
    yield from told


def _told(story: Story, borrower: Member | Poklak, product: LoanProduct, scene: Scene) -> LoanFacts:
    """The story's loan: its first instalments paid on their day, and nothing after."""
    disbursed_on = scene.months_before_end(story.months_ago, story.day)
    rows = schedule.build(product.schedule_terms(story.principal), disbursed_on)
    payments = [Payment(row.due_on, row.total) for row in rows[: story.paid]]
    if story.part:
        payments.append(Payment(rows[story.paid].due_on, story.part))
    proposed_on = disbursed_on - timedelta(days=5)
    return LoanFacts(
        product=product,
        borrower=borrower,
        principal=story.principal,
        purpose=story.purpose,
        proposed_on=proposed_on,
        decision=needed_decision(story.principal, proposed_on),
        disbursed_on=disbursed_on,
        payments=tuple(payments),
    )


def _loans_of_poklaks(plan: GroupPlan, scene: Scene) -> Iterator[LoanFacts]:
    """Above the operator's limit: one approved and paid back, one refused, one that waits."""
    monthly, poklaks = plan.products[0], {poklak.name: poklak for poklak in plan.poklaks}
    yield _told(MACHINES, poklaks["Melati"], monthly, scene)
    asked_on = scene.months_before_end(5, day=6)
    refusal = Decision(asked_on + timedelta(days=3), is_approved=False, note=REFUSAL)
    yield LoanFacts(monthly, poklaks["Kue Kering"], 12_000_000, "beli oven besar", asked_on, refusal)
    asked_on = scene.months_before_end(0, day=22)
    yield LoanFacts(monthly, poklaks["Itik Alabio"], 7_500_000, "beli anak itik Alabio", asked_on)
