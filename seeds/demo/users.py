"""The demo's users, named by the code of their area, with one password."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Assignment, User
from seeds.demo import as_syifa, names
from seeds.demo.bulk import Rows
from seeds.demo.scene import Scene
from seeds.demo.villages import REGENCY
from seeds.regions import KALIMANTAN_SELATAN
from up2k_portal.lib.access import Role
from villages.models import District, Group, Regency, Village

ADMIN = "admin"
OPERATOR_OF_GUIDE = "Rahmah"


def add_users(rows: Rows, villages: list[Village], scene: Scene, password_hash: str) -> dict[str, User]:
    """The users by name; every one has served since long before the first receipt."""
    since = date(scene.starts_on.year - 2, 1, 1)
    created_at = datetime.combine(since, time(8), tzinfo=timezone.get_default_timezone())
    users = {}
    for username, name, role, area in _people(villages, scene):
        user = User(username=username, name=name, password=password_hash, created_at=created_at)
        users[username] = rows.add(user)
        rows.add(Assignment(user=user, role=role, area_code=area, starts_on=since))
    return users


def _people(villages: list[Village], scene: Scene) -> Iterator[tuple[str, str, Role, str]]:
    """User name, name, role and area of each."""
    regency = Regency.objects.select_related("province").get(code=REGENCY)
    province = regency.province
    yield ADMIN, f"Admin TP PKK {regency.name}", Role.ADMIN, REGENCY
    yield province.code, f"TP PKK Provinsi {province.name}", Role.PROVINCE, province.code
    yield REGENCY, f"Siti Rahmah, staf TP PKK {regency.name}", Role.STAFF, REGENCY
    for district in District.objects.in_area(REGENCY).order_by("code"):
        yield district.code, f"TP PKK Kec. {district.name}", Role.DISTRICT, district.code
    for village in villages:
        person = OPERATOR_OF_GUIDE
        if village.code != as_syifa.VILLAGE:
            person = names.woman(scene.rng_of(village, "operator"))
        yield village.code, f"{person}, operator {village.full_name}", Role.OPERATOR, village.code


def demo_users() -> QuerySet[User]:
    """All of them: everybody here is named by a code of the province, or admin."""
    return User.objects.filter(Q(username=ADMIN) | Q(username__startswith=KALIMANTAN_SELATAN))


def _idle_operator() -> str:
    """The name of the operator whose village has no group; "" where there is none."""
    with_group = Group.objects.values("village__code")
    operators = Assignment.objects.filter(role=Role.OPERATOR, user__in=demo_users())
    return operators.exclude(area_code__in=with_group).values_list("area_code", flat=True).first() or ""


def shown_users() -> dict[User, str]:
    """One user of each role that exists, with what she is: for the first ten minutes."""
    villages = Village.objects.select_related("district__regency__province")
    village = villages.filter(code=as_syifa.VILLAGE).first()
    if not village:
        return {}
    district, regency = village.district, village.district.regency
    shown = {
        village.code: f"Operator {village.label}",
        district.code: f"Pengurus {district.label}",
        regency.code: f"Staf {regency.name}",
        regency.province.code: f"Provinsi {regency.province.name}",
        ADMIN: f"Admin {regency.name}",
    }
    if idle := _idle_operator():
        shown[idle] = "Operator desa tanpa kelompok, lapor nihil"
    users = {user.username: user for user in User.objects.filter(username__in=shown)}
    return {users[username]: role for username, role in shown.items() if username in users}
