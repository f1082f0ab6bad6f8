"""Seconds and queries of the books of one group: `python benchmarks/books.py`.

A group of 15 members and one of 60, each with a loan paid every month of 2025 besides contribution and saving, in an
in-memory database through the services. Prints for both the year's 6 + 36 book and every other book (page, Excel,
queries of the page), and the seconds of all the Excel files of a village with that group: every book for every period
of the year by which it is usually kept, and a card for each loan.
"""

import logging
import os
import sys
from datetime import date
from pathlib import Path
from statistics import median
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

from reports.books.catalogue import BOOKS
from reports.books.spans import DAY
from tests import build
from up2k_portal.lib.access import Role
from villages.models import Group

MEMBERS = (15, 60)
TIMES = 5
PERIODS = {DAY: ["2025-12-20"], 1: [f"2025-{month:02}" for month in range(1, 13)], 12: ["2025"]}


def group_of(members: int) -> Group:
    """All money of a year: 20 receipts a member, with two months paid early."""
    group = build.group()
    terms = {"since": date(2024, 1, 1), "amount": 5_000}
    for kind in ("mandatory", "contribution"):
        build.saving_terms(group, kind, **terms)
    product = build.product(group)
    for number in range(members):
        member = build.member(group, name=f"Norhasanah {number}")
        loan = build.loan(member, on=date(2024, 12, 20), product=product)
        for month in range(1, 13):
            facts = {"savings": {"mandatory": 5_000, "contribution": 2_000}}
            if month <= 10:
                build.payment(loan, 115_000, date(2025, month, 1 + number % 28), **facts)
        build.loan(member, 500_000, on=date(2025, 12, 1), product=product)
    return group


def seconds_of(client: Client, url: str) -> float:
    """Median of some calls of a page that is there."""
    times = []
    for _ in range(TIMES):
        started = perf_counter()
        answer = client.get(url)
        times.append(perf_counter() - started)
        if answer.status_code != 200:
            sys.exit(f"{url} answers {answer.status_code}")
    return median(times)


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)


def address(group: Group, code: str, period: str) -> str:
    return f"{reverse('book', args=[group.pk, code])}?periode={period}"


def all_of_village(client: Client, group: Group) -> tuple[int, float]:
    """How many Excel files a village's year is, and their seconds together."""
    urls = [address(group, code, one) for code, book in BOOKS.items() for one in PERIODS[book.spans[0]]]
    urls += [f"{reverse('loan-card', args=[loan.pk])}?" for loan in group.loans.all()]
    started = perf_counter()
    for url in urls:
        if client.get(f"{url}&format=xlsx").status_code != 200:
            sys.exit(f"{url} has no workbook")
    return len(urls), perf_counter() - started


def main() -> None:
    logging.disable()
    setup_test_environment()
    get_runner(settings)(verbosity=0).setup_databases()
    for members in MEMBERS:
        group, client = group_of(members), Client()
        operator = build.user(Role.OPERATOR, group.village.code)
        client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
        print(f"\n{members} members{'page, s':>17}{'Excel, s':>10}{'queries':>9}")
        for code, book in BOOKS.items():
            url = address(group, code, PERIODS[12 if 12 in book.spans else book.spans[0]][-1])
            page, workbook = seconds_of(client, url), seconds_of(client, f"{url}&format=xlsx")
            print(f"{code:18}{page:9.2f}{workbook:10.2f}{queries_of(client, url):9}")
        count, seconds = all_of_village(client, group)
        print(f"all {count} Excel files of the village: {seconds:.1f} s")


if __name__ == "__main__":
    main()
