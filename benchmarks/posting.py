"""What it costs to post a receipt when the group's book is long: `python benchmarks/posting.py`.

The same payment is recorded in a group with 100 receipts and in one with 100,000, then 60 payments against one; all in
an in-memory database through the services. Prints milliseconds (median), queries and their ratios.
"""

import os
import sys
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
from django.utils import timezone

from accounts.models import User
from loans import builders, postings, services
from loans.models import Loan
from seeds.demo.bulk import Rows
from tests import build
from villages.models import Regency

ON = date(2026, 3, 31)
TIMES = 60


def fill(loan: Loan, receipts: int) -> None:
    """A long book in bulk, as the demo writes it: receipts of Rp100 for a loan that asks for more."""
    rows, paid = Rows(), {"principal": 0, "service_fee": 0}
    instalments = list(loan.instalments.in_force())
    for serial in range(1, receipts + 1):
        receipt, parts = builders.build_payment(
            loan=loan,
            parts=builders.split_payment(
                loan=loan,
                instalments=instalments,
                principal_paid=paid["principal"],
                service_fee_paid=paid["service_fee"],
                amount=100,
            ),
            received_on=date(2026, 2, 1 + serial % 28),
            serial=serial,
            uuid=uuid4(),
            by=loan.disbursed_by,
            recorded_at=timezone.now(),
        )
        for part in parts:
            paid[part.kind] += part.amount
        for row in (receipt, *parts, *postings.entries_of_parts(parts, recorded_at=receipt.recorded_at)):
            rows.add(row)
    rows.close()


def group_with(receipts: int) -> tuple[Loan, User]:
    """Another borrower's loan in a group whose book holds so many receipts."""
    group = build.group()
    Regency.objects.update(operator_limit=10**9)
    product = build.product(group)
    fill(build.loan(build.member(group), 100_000_000, product=product), receipts)
    return build.loan(build.member(group), 10_000_000, product=product), build.user()


def post(loan: Loan, by: User) -> tuple[float, int]:
    """Milliseconds and queries of one payment."""
    started = perf_counter()
    with CaptureQueriesContext(connection) as queries:
        services.record_payment(loan=loan, amount=10_000, received_on=ON, by=by, uuid=uuid4())
    return (perf_counter() - started) * 1000, len(queries)


def main() -> None:
    runner = get_runner(settings)(verbosity=0)
    old = runner.setup_databases()
    try:
        found = {}
        for receipts in (100, 100_000):
            loan, by = group_with(receipts)
            post(loan, by)
            found[receipts] = [post(loan, by) for _ in range(TIMES)]
            times, queries = zip(*found[receipts], strict=True)
            print(f"{receipts:>7,} receipts: {median(times):.2f} ms, {max(queries)} queries; 60 in {sum(times):.0f} ms")
        short, long = (median(time for time, _ in found[count]) for count in found)
        print(f"ratio {long / short:.2f} (goal 1.3)")
    finally:
        runner.teardown_databases(old)


if __name__ == "__main__":
    main()
