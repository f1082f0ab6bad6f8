"""What invented families said they earn, when a member joined and each year that somebody asked again."""

from collections.abc import Iterator
from datetime import date
from random import Random

from villages.models import HouseholdIncome, Member

ASKED_AGAIN = 0.7  # of the members, each year
SOURCES = (
    "upah suami dan usaha sendiri",
    "hasil sawah dan usaha sendiri",
    "jualan di pasar",
    "cari ikan dan usaha sendiri",
    "upah harian dan kiriman anak",
)
STEP = 50_000  # rupiah: nobody tells her income to the rupiah


def build_incomes(member: Member, at_joining: int, rng: Random, since: date, until: date) -> Iterator[HouseholdIncome]:
    """At joining, then from `since` on at the beginning of each year; slowly more, now and then less."""
    amount, source = at_joining, rng.choice(SOURCES)
    yield _answer(member, member.joined_on, amount, source)
    for year in range(since.year, until.year + 1):
        asked_on = date(year, rng.randint(1, 3), rng.randint(1, 28))
        amount += amount * rng.randint(0, 16) // 100 // STEP * STEP if rng.random() < 0.9 else -STEP
        if member.joined_on < asked_on <= (member.left_on or until) and rng.random() < ASKED_AGAIN:
            yield _answer(member, asked_on, amount, source)


def _answer(member: Member, asked_on: date, amount: int, source: str) -> HouseholdIncome:
    return HouseholdIncome(
        village=member.village, member=member, asked_on=asked_on, amount=amount, source=source, asked_by="Kader PKK"
    )
