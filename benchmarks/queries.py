"""How many queries each list costs at 1, 3 and 1,000 rows: `python benchmarks/queries.py`.

Builds its rows in an in-memory database through the services, and reads the lists as the village's operator and as
the kabupaten's staff.
"""

import logging
import os
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner, setup_test_environment
from django.urls import reverse

from tests import build
from up2k_portal.lib.access import Role

LISTS = (
    "group-list",
    "member-list",
    "income-list",
    "income-pick",
    "enterprise-list",
    "loan-list",
    "receipt-list",
    "payment-pick",
    "loan-new",
)
SIZES = (1, 3, 1000)


def grow(group, village, start: int, rows: int) -> None:
    """Adds rows to every list: a group, a member with a business, a loan with a payment."""
    product = build.product(group)
    for number in range(start, rows):
        member = build.member(group, nik=build.nik(number + 1))
        build.enterprise(member)
        build.income(member)
        build.payment(build.loan(member, product=product), 115_000, date(2026, 3, 1))
        if number:
            build.group(village)


def queries(client: Client, name: str) -> str:
    with CaptureQueriesContext(connection) as seen:
        status = client.get(reverse(name)).status_code
    return str(len(seen)) if status == 200 else f"({status})"


def main() -> None:
    logging.disable()  # a role without the right is a (403) in the table, not a page of traceback
    setup_test_environment()
    get_runner(settings)(verbosity=0).setup_databases()
    village = build.village()
    group, clients = build.group(village), {}
    for role, area in ((Role.OPERATOR, village.code), (Role.STAFF, "63.08")):
        clients[role] = Client()
        clients[role].force_login(build.user(role, area), backend="django.contrib.auth.backends.ModelBackend")
    table = {(role, name): [] for role in clients for name in LISTS}
    for start, rows in zip((0, *SIZES), SIZES, strict=False):
        grow(group, village, start, rows)
        for (role, name), found in table.items():
            found.append(queries(clients[role], name))
    print(f"{'':10}{'daftar':16}" + "".join(f"{size:>8}" for size in SIZES))
    for (role, name), found in table.items():
        print(f"{role:10}{name:16}" + "".join(f"{one:>8}" for one in found))


if __name__ == "__main__":
    main()
