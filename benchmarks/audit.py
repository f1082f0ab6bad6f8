"""`audit_ledger` beside one GROUP BY over the same entries: `python -m benchmarks.audit [ENTRIES …]`.

Fills a database of its own in the temporary folder (SQLite) through the builders, 100 thousand and a million entries
when not told; prints seconds, the ratio to the GROUP BY (goal: at most 3) and the growth from the size before
(goal: at most 11 for ten times the entries). A million take some minutes to make.
"""

import os
import sys
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

SCRATCH = TemporaryDirectory(prefix="up2k-audit-")
os.environ["DATABASE_URL"] = f"sqlite:///{Path(SCRATCH.name) / 'audit.sqlite3'}"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from loans import builders, postings
from loans.closing_builders import build_closing
from loans.models import LoanProduct, MonthClosing
from seeds.demo.bulk import Rows
from tests import build

SIZES = (100_000, 1_000_000)
INSTALMENTS, LOANS_A_GROUP = 12, 100  # an instalment is three entries: principal, fee, saving
KEYS = "group_id, loan_id, member_id, debit, credit"  # every balance the books hold
GROUPED = f"SELECT {KEYS}, COUNT(*), SUM(amount) FROM loans_entry GROUP BY {KEYS}"
START = date(2024, 1, 5)


@transaction.atomic
def fill_group() -> None:
    """One group's book: loans paid back month by month, each payment with a saving; three of four miss the last."""
    group = build.group()
    product = LoanProduct.objects.create(
        group=group, village=group.village, name="Bulanan", rate=Decimal("1.5"), instalment_count=INSTALMENTS
    )
    build.capital(group, on=START)
    rows, lent, moment = Rows(), [], nine_o_clock(START)
    for serial in range(1, LOANS_A_GROUP + 1):
        loan = builders.build_loan(
            product=product, borrower=build.member(group), principal=1_200_000, purpose="beli benang bordir",
            proposed_on=START, number=f"2024-{serial:03}", uuid=uuid4(), by=None,
        )  # fmt: skip
        instalments = builders.build_disbursement(loan=rows.add(loan), disbursed_on=START, by=None)
        lent.append((loan, [rows.add(row) for row in instalments]))
        voucher, entries = builders.build_pay_out(loan=loan, serial=serial, by=None, recorded_at=moment)
        for row in (voucher, *entries):
            rows.add(row)
    used = {}
    for month in range(INSTALMENTS):
        for place, (loan, instalments) in enumerate(lent):
            if month < INSTALMENTS - 1 or place % 4 == 0:
                pay(rows, loan, instalments, month, used)
    rows.close()
    # Last, as in life: nothing is booked into a closed month.
    MonthClosing.objects.bulk_create(
        build_closing(group=group, period=period, cash_count=None, by=None)
        for period in (*range(202401, 202413), 202501)
    )


def pay(rows: Rows, loan, instalments, month: int, used: dict[int, int]) -> None:
    due = instalments[month]
    used[due.due_on.year] = serial = used.get(due.due_on.year, 0) + 1
    receipt, parts = builders.build_payment(
        loan=loan, parts={"service_fee": due.service_fee, "principal": due.principal}, savings={"mandatory": 10_000},
        received_on=due.due_on, serial=serial, uuid=uuid4(), by=None, recorded_at=nine_o_clock(due.due_on),
    )  # fmt: skip
    for row in (receipt, *parts, *postings.entries_of_parts(parts, recorded_at=receipt.recorded_at)):
        rows.add(row)


def fill(entries: int) -> None:
    """Adds groups until there are so many entries."""
    while count() < entries:
        fill_group()


def nine_o_clock(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def count() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("SELECT COUNT(*) FROM loans_entry").fetchone()[0]


def seconds(act, times: int = 3) -> float:
    """The best of a few."""
    best = float("inf")
    for _ in range(times):
        start = perf_counter()
        act()
        best = min(best, perf_counter() - start)
    return best


def group_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute(GROUPED).fetchall()


def main(sizes: list[int]) -> None:
    call_command("migrate", verbosity=0)
    last = None
    for size in sizes:
        start = perf_counter()
        fill(size)
        print(f"{count():,} entries made in {perf_counter() - start:.0f} s", flush=True)
        one, all_checks = seconds(group_by), seconds(lambda: call_command("audit_ledger", stdout=StringIO()))
        grown = f", {all_checks / last:.1f} times the size before" if last else ""
        print(f"GROUP BY {one:.2f} s, audit_ledger {all_checks:.2f} s: ratio {all_checks / one:.1f}{grown}", flush=True)
        last = all_checks


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
