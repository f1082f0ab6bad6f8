"""The whole demo in one transaction: users, groups, and three years of loans and payments."""

from collections import Counter
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from enterprises.models import Category
from loans.models import Loan, Receipt
from seeds.demo.bulk import Rows
from seeds.demo.life import add_life
from seeds.demo.livelihoods import categories
from seeds.demo.reporting import add_reports
from seeds.demo.scene import Scene
from seeds.demo.teams import add_teams
from seeds.demo.terms import add_terms
from seeds.demo.users import add_users, demo_users
from seeds.demo.villages import ASSISTED_DISTRICT, REGENCY, chosen, plan_village, without_group
from seeds.demo.write import Book
from seeds.regions import KALIMANTAN_SELATAN, load_regions
from up2k_portal.lib.access import EVERYWHERE
from villages.models import Group, Village

LIVED = (Loan, Receipt)  # of which more were written one by one


class NotEmptyError(Exception):
    """The database already holds groups, or users of the demo's names: nothing was written."""


@transaction.atomic
def seed(*, village_count: int, chance: int, until: date, password: str) -> Counter[type[models.Model]]:
    """Fills an empty database; the same rows for the same arguments. Returns the rows written by model."""
    if Group.objects.in_area(EVERYWHERE).exists() or demo_users().exists():
        raise NotEmptyError("Basis data sudah berisi kelompok atau pengguna, jadi data contoh tidak diisi.")
    if not Village.objects.in_area(REGENCY).exists():
        load_regions(KALIMANTAN_SELATAN)
    Village.objects.in_area(ASSISTED_DISTRICT).update(is_assisted=True)
    # The migration's own kinds are there, unless the kabupaten took one out: the demo brings what it needs.
    Category.objects.bulk_create([Category(name=name) for name in sorted(categories())], ignore_conflicts=True)
    scene = Scene(chance, until, {category.name: category for category in Category.objects.all()})
    return _fill(chosen(village_count, chance), scene, make_password(password))


def _fill(villages: list[Village], scene: Scene, password_hash: str) -> Counter[type[models.Model]]:
    rows = Rows()
    idle = without_group(villages)
    users = add_users(rows, [*villages, *([idle] if idle else [])], scene, password_hash)
    for village in villages:
        for plan in plan_village(village, scene):
            Book(plan, rows, users[village.code], users[village.code[:8]]).write()
        rows.insert()
    add_teams(rows, scene)
    rows.close()
    add_life(villages, scene, users)
    add_reports(scene, users)
    add_terms(scene)
    return rows.counts + Counter({model: model._base_manager.count() - rows.counts[model] for model in LIVED})
