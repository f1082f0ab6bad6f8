"""What a sheet of sixty lines costs to receive against one line: `python benchmarks/sheet.py`.

Each round for loans of other borrowers with savings on the same receipt, as a telephone sends them; then the sheet
itself, of one line and of all. In the database of DATABASE_URL (in memory without it), through the services. Prints
milliseconds (median), queries and their ratios.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, get_runner

from loans.field.lines import sheet_of
from loans.field.services import State, receive
from loans.models import Loan
from tests import build
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today
from villages.models import Regency

ON = date(2026, 3, 31)
ROUNDS, SHEET = 8, 60
SAVINGS = {"mandatory": 10_000, "contribution": 2_000}


def measured(act: Callable) -> tuple[float, int]:
    """Milliseconds and queries of one act."""
    started = perf_counter()
    act()
    took = (perf_counter() - started) * 1000
    with CaptureQueriesContext(connection) as queries:
        act()
    return took, len(queries)


def item(loan: Loan) -> dict:
    told = {"uuid": str(uuid4()), "format": 2, "kind": "row", "group": loan.group_id, "on": ON.isoformat()}
    return told | {"member": loan.member_id, "loan": loan.pk, "amount": 40_000, "savings": SAVINGS}


def acts(loans: list[Loan]) -> dict[str, Callable]:
    group, by = loans[0].group, build.user(Role.OPERATOR, loans[0].village.code)
    access = by.access_on(today())

    def send(count: int) -> None:
        items = [item(loan) for loan in loans[:count]]
        results = receive(items=items, by=by, access=access, device=None, sent_as="sheet")
        assert {result.state for result in results} == {State.SAVED}

    return {"send 1": lambda: send(1), f"send {SHEET}": lambda: send(SHEET), "show": lambda: sheet_of(group, ON)}


def main() -> None:
    runner = get_runner(settings)(verbosity=0)
    old = runner.setup_databases()
    try:
        group = build.group()
        Regency.objects.update(operator_limit=10**9)
        product = build.product(group)
        found: dict[str, list[tuple[float, int]]] = {}
        for _ in range(ROUNDS):
            loans = [build.loan(build.member(group), 1_000_000, product=product) for _ in range(SHEET)]
            for name, act in acts(loans).items():
                found.setdefault(name, []).append(measured(act))
        times = {name: median(time for time, _ in rounds) for name, rounds in found.items()}
        queries = {name: max(count for _, count in rounds) for name, rounds in found.items()}
        for name in found:
            print(f"{name:>12}: {times[name]:6.2f} ms, {queries[name]} queries")
        one, sixty, _ = found
        print(
            f"{SHEET} against one: time {times[sixty] / times[one]:.2f} (goal 6),"
            f" queries {queries[sixty] / queries[one]:.2f} (goal 1.5)"
        )
    finally:
        runner.teardown_databases(old)


if __name__ == "__main__":
    main()
