"""Whatever people do with a group's money: R-2's capital and R-3's loans are those of the balance sheet.

Quick as a rule; `UP2K_DEEP=1` plays many more stories.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from loans.ledger_services import balances
from reports import indicators
from reports.figures import group_rows
from reports.periods import parse_period
from tests.loans.story import Story

DEEP = os.environ.get("UP2K_DEEP") == "1"
OWN = ("3.1", "3.2", "3.3", "3.4")
TW2, TW3 = parse_period("2026-TW2"), parse_period("2026-TW3")
MONTHS = [parse_period(f"2026-{month:02}") for month in (7, 8, 9)]
FLOWS = [one.key for one in indicators.INDICATORS if one.spread is indicators.Spread.FLOW and not one.level]


class Reported(Story):
    """A story that is reported."""

    def row(self, period):
        (row,) = group_rows(self.group.village.code, period)
        return row

    @invariant()
    def the_report_agrees(self):
        """After every act of a long story; of a short one, once at its end."""
        if DEEP:
            self.check()

    def teardown(self):
        try:
            self.check()
        finally:
            super().teardown()

    def check(self):
        """Capital and loans as in the balance sheet, the quarter as its months."""
        row, months = self.row(TW3), [self.row(one) for one in MONTHS]
        sheet, before = (balances(self.group, day, codes=(*OWN, "1.3")) for day in (TW3.last, TW2.last))
        assert row.capital_start == sum(before[code] for code in OWN)
        assert row.capital_end == sum(sheet[code] for code in OWN)
        assert self.row(TW2).capital_end == row.capital_start
        assert row.balance == sheet["1.3"]
        for key in FLOWS:
            parts = [value for one in months if (value := getattr(one, key)) is not None]
            assert (key, getattr(row, key)) == (key, sum(parts) if parts else None)


@pytest.mark.django_db
def test_capital_and_loans_are_those_of_the_books_whatever_was_done():
    run_state_machine_as_test(
        Reported,
        settings=settings(
            max_examples=60 if DEEP else 4, stateful_step_count=30 if DEEP else 12, derandomize=not DEEP,
            deadline=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Reported.done > 10
