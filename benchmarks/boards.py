"""Board and approved figures at 219 villages of one kabupaten and 2,000 of thirteen: `python benchmarks/boards.py`.

Generates villages, groups and the reports of four quarters in an in-memory database, in all states, then asks the
board, a year's standings and the approved figures: seconds (the best of three), and queries, which must be equal.
"""

import logging
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner, setup_test_environment
from django.urls import reverse
from django.utils import timezone

from reports.approved import approved_report
from reports.board_services import board_of
from reports.models import DefinitionSet, ReportVersion, VillageReport
from reports.periods import Period, parse_period
from reports.snapshot import Snapshot
from reports.standings import standings
from tests import build
from tests.reports.build import random_group
from up2k_portal.lib.access import Role
from villages.models import District, Province, Regency, Village

TODAY = date(2026, 9, 30)
QUARTERS = [parse_period(code) for code in ("2025-TW3", "2025-TW4", "2026-TW1", "2026-TW2")]
HALF = parse_period("2026-S1")
STATES = ("sent", "approved", "approved", "approved", "verified", "submitted", "returned", "")
SIZES = (("63.08", 1, 219), ("64", 13, 2000))  # area asked, kabupaten, villages
DISTRICTS = 10  # of each kabupaten
DEFINITIONS = "0" * 64


def grow(province: str, first: int, regencies: int, villages: int) -> None:
    """Villages spread evenly over the kabupaten, each with a report of every quarter that one of the states has."""
    above, _ = Province.objects.get_or_create(code=province, defaults={"name": f"Provinsi {province}"})
    rows = []
    for number in range(regencies):
        code = f"{province}.{first + number:02}"
        regency = Regency.objects.create(code=code, name=f"Kabupaten {code}", province=above)
        for at in range(1, DISTRICTS + 1):
            rows.append(District(code=f"{code}.{at:02}", name=f"Kecamatan {at}", regency=regency))
    districts = District.objects.bulk_create(rows)
    made = Village.objects.bulk_create(
        Village(
            code=f"{districts[at % len(districts)].code}.{2001 + at // len(districts)}",
            name=f"Desa {at}",
            kind="2",
            district=districts[at % len(districts)],
        )
        for at in range(villages)
    )
    for quarter in QUARTERS:
        report(made, quarter)


def report(villages: list[Village], quarter: Period) -> None:
    rng = Random(quarter.code)
    definitions, _ = DefinitionSet.objects.get_or_create(sha256=DEFINITIONS, defaults={"rows": []})
    states = [rng.choice(STATES) for _ in villages]
    rows = VillageReport.objects.bulk_create(
        VillageReport(village=village, period=quarter.code, last_month=quarter.last.year * 100 + quarter.last.month)
        for village, state in zip(villages, states, strict=True)
        if state
    )
    versions = ReportVersion.objects.bulk_create(version(row, definitions, rng) for row in rows)
    found = dict(zip((row.village_id for row in rows), versions, strict=True))
    for village, state in zip(villages, states, strict=True):
        if state:
            one = found[village.pk].report
            one.state, one.version = state, found[village.pk]
            year, month = divmod(quarter.last.month, 12)
            one.submitted_on = date(quarter.last.year + year, month + 1, rng.randrange(1, 15))
    VillageReport.objects.bulk_update(rows, ["state", "version", "submitted_on"], batch_size=500)


def version(row: VillageReport, definitions: DefinitionSet, rng: Random) -> ReportVersion:
    code = row.village.code
    group = replace(
        random_group(rng, 1, 1), village_code=code, group_id=row.village_id, district_code=code[:8],
        regency_code=code[:5],
    )  # fmt: skip
    snapshot = Snapshot(code, row.village.full_name, row.period, DEFINITIONS, (group,))
    return ReportVersion(report=row, number=1, figures=snapshot.as_json(), sha256=DEFINITIONS, definitions=definitions)


def measured(call) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as seen:
        call()
    queries = len(seen)  # before the next request empties the log
    return min(_seconds(call) for _ in range(3)), queries


def _seconds(call) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def page(area: str):
    """The whole page as its reader gets it; one reader for both areas, so that only the size differs."""
    client = Client()
    client.force_login(build.user(Role.PROVINCE, area), backend="django.contrib.auth.backends.ModelBackend")
    address = {"path": reverse("report-board"), "query_params": {"wilayah": area}}
    if (status := client.get(**address).status_code) != 200:
        raise SystemExit(f"papan {area}: {status}")
    return lambda: client.get(**address)


def main() -> None:
    logging.disable()
    timezone.localdate = lambda *args: TODAY
    setup_test_environment()
    get_runner(settings)(verbosity=0).setup_databases()
    table: dict[str, list[tuple[float, int]]] = {}
    for area, regencies, villages in SIZES:
        grow(area[:2], int(area[3:] or 1), regencies, villages)
        calls = {
            "papan (angka)": lambda area=area: board_of(area),
            "papan (halaman)": page(area),
            "keadaan semester": lambda area=area: standings(area, HALF),
            "disetujui, triwulan": lambda area=area: approved(area, QUARTERS[-1]),
            "disetujui, semester": lambda area=area: approved(area, HALF),
        }
        for name, call in calls.items():
            table.setdefault(name, []).append(measured(call))
    print(f"{'':22}" + "".join(f"{villages:>9} desa {'kueri':>7}" for _, _, villages in SIZES))
    for name, found in table.items():
        print(f"{name:22}" + "".join(f"{seconds:>12.3f} s {queries:>7}" for seconds, queries in found))


def approved(area: str, period: Period):
    return approved_report(area_code=area, period=period, made_by="", made_at="")


if __name__ == "__main__":
    main()
