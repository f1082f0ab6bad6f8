"""Seconds and queries of the quality pages: `python benchmarks/quality.py [VILLAGES]`, 219 as HSU has them.

Fills a database of its own (in memory, or on the server of DATABASE_URL) with the demo and reads the pages as the
kabupaten's staff: the figures, their Excel, the loans behind a figure, the follow-ups; then the figures of one village
as its operator, which must cost as many queries. Each time is the best of three.
"""

import logging
import os
import sys
import time
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

from accounts.models import User
from loans.models import Instalment, Loan, ReceiptPart
from seeds.demo.as_syifa import VILLAGE
from seeds.demo.scenario import seed
from seeds.demo.villages import REGENCY
from villages.models import Group

UNTIL = date(2026, 8, 31)
ASKED = {"on": "31-08-2026"}
PAGES = (
    ("angka", "quality", {}),
    ("angka, Excel", "quality", {"format": "xlsx"}),
    ("PAR > 30, daftar", "quality-loans", {"slice": "par30"}),
    ("semua yang bersaldo", "quality-loans", {"slice": "running"}),
    ("tindak lanjut", "follow-up-list", {}),
)
BUDGET = 1.0  # seconds


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def measure(client: Client, name: str, asked: dict) -> tuple[float, int]:
    """The best of three in seconds, and the queries of one reading."""
    best, count = float("inf"), 0
    for _ in range(3):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(reverse(name), ASKED | asked)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code == 200, (name, answer.status_code)
        best, count = min(best, time.perf_counter() - began), len(seen)
    return best, count


def main(villages: int) -> bool:
    logging.disable()
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        seed(village_count=villages, chance=63, until=UNTIL, password="rahasia")
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE")
        counted = {"kelompok": Group, "pinjaman": Loan, "angsuran": Instalment, "bagian setoran": ReceiptPart}
        counts = ", ".join(f"{model.objects.count()} {words}" for words, model in counted.items())
        print(f"{connection.vendor}, {villages} desa: {counts}")
        kept = []
        for who, username in (("staf kabupaten", REGENCY), ("operator", VILLAGE)):
            client = signed_in(username)
            for words, name, asked in PAGES:
                seconds, queries = measure(client, name, asked)
                kept.append(seconds <= BUDGET)
                print(f"{who:16}{words:22}{seconds:7.3f} s {queries:4} kueri  {'' if kept[-1] else 'LAMBAT'}")
        return all(kept)
    finally:
        runner.teardown_databases(made)


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1]) if len(sys.argv) > 1 else 219))
