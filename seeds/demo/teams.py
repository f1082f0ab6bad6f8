"""Who leads the TP PKK of the kabupaten and its kecamatan: the names under the demo's official reports."""

from seeds.demo import names
from seeds.demo.bulk import Rows
from seeds.demo.scene import Scene
from seeds.demo.villages import REGENCY
from villages.models import District, Regency, TeamOfficer


def add_teams(rows: Rows, scene: Scene) -> None:
    for area in (Regency.objects.get(code=REGENCY), *District.objects.in_area(REGENCY).order_by("code")):
        rng = scene.rng_of(area, "TP PKK")
        for office in TeamOfficer.Office.values:
            person = f"Hj. {names.woman(rng)}"
            rows.add(TeamOfficer(area_code=area.code, office=office, name=person, since=scene.starts_on))
