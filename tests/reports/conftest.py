"""What several files about reports begin with."""

from datetime import date

import pytest

from tests import build


@pytest.fixture
def lent(member, group):
    """A loan of January with one payment in April."""
    build.capital(group, 5_000_000, date(2026, 1, 5))
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    build.payment(loan, 115_000, date(2026, 4, 20))
    return loan
