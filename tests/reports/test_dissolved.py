"""A group that is dissolved inside a period: what flowed till then stays with its village, nothing stands any more."""

from dataclasses import fields, replace
from datetime import date
from random import Random

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import indicators
from reports.approved import approved_report
from reports.completeness import completeness
from reports.drill import rows_url
from reports.figure_rows import records
from reports.figures import group_rows, live_report
from reports.periods import parse_period
from reports.report_services import draft_of, may_be_nil, snapshot_of
from reports.rows import area_rows
from reports.snapshot import joined, read
from tests import build
from tests.reports import build_reports
from tests.reports.build import random_group
from up2k_portal.lib.access import Access, Role
from villages.models import Group

TW2, TW3, S1 = build_reports.TW2, parse_period("2026-TW3"), parse_period("2026-S1")
ON = date(2026, 5, 15)
FLOWS = [one.key for one in indicators.INDICATORS if one.spread is indicators.Spread.FLOW]
STOCKS = [one.key for one in indicators.INDICATORS if one.key not in FLOWS and one.key != "capital_start"]


@pytest.fixture
def gone(lent, group):
    """It was paid 115.000 on 20 April, and dissolved on 15 May with 5.000.000 of capital; another group stays."""
    build.member(build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K B"))
    Group.objects.filter(pk=group.pk).update(closed_on=ON)
    group.refresh_from_db()
    return group


def rows(area: str, period=TW2) -> dict[str, int | None]:
    return indicators.values(list(group_rows(area, period)))


def test_its_flows_stay_and_its_stocks_are_gone(gone):
    found = rows(gone.village.code)
    assert (found["principal_paid_period"], found["service_fee_paid_period"]) == (100_000, 15_000)
    assert {key: found[key] for key in ("groups", "members", "balance", "loans_running", "capital_end")} == {
        "groups": 0, "members": 0, "balance": 0, "loans_running": 0, "capital_end": 0,
    }  # fmt: skip
    assert (found["capital_start"], found["capital_out_period"]) == (5_000_000, 5_000_000)


def test_the_kabupaten_is_the_sum_of_its_villages_and_counts_the_living(gone):
    parts = [rows(code) for code in (gone.village.code, build.OTHER_PANDULANGAN)]
    whole = rows("63.08")
    for key in indicators.BASES:
        known = [one[key] for one in parts if one[key] is not None]
        assert (key, whole[key]) == (key, sum(known) if known else None)
    report = live_report(area_code="63.08", period=TW2, made_by="", made_at="")
    assert (whole["groups"], report.villages_with_group, report.unassessed_count) == (1, 1, 1)
    assert [(line.groups, line.villages_with_group) for line in area_rows(report)] == [
        ((0, 0, 0, 0), 0),
        ((1, 0, 0, 0), 1),
    ]


def test_in_the_next_quarter_it_is_not_told_of(gone):
    assert list(group_rows(gone.village.code, TW3)) == []
    assert not may_be_nil(snapshot_of(gone.village, TW2))  # money moved
    assert may_be_nil(snapshot_of(gone.village, TW3))


def test_one_that_did_nothing_in_the_period_has_no_row(group):
    Group.objects.filter(pk=group.pk).update(closed_on=ON)
    assert list(group_rows(group.village.code, TW2)) == []


def test_its_months_are_closed_up_to_its_own_end(gone):
    build_reports.close_until(gone, date(2026, 5, 31))
    assert draft_of(gone.village, TW2).open_months == []


def test_its_report_is_frozen_approved_and_counted_once(gone, pandulangan):
    report = build_reports.approved(pandulangan, TW2)
    (row,) = read(report.version.figures).groups
    assert (row.dissolved_on, row.principal_paid_period) == (ON, 100_000)
    found = approved_report(area_code="63.08", period=TW2, made_by="", made_at="")
    assert indicators.BASES["principal_paid_period"].of(found.groups) == 100_000
    sums = completeness(found.standings)
    assert (sums.expected, sums.received, sums.agreed) == (2, 1, 1)


def test_a_longer_period_keeps_what_flowed_before_a_group_was_dissolved(group, member, pandulangan):
    build.capital(group, 5_000_000, date(2026, 1, 5))
    build.loan(member, 1_000_000, date(2026, 1, 31))
    Group.objects.filter(pk=group.pk).update(closed_on=date(2026, 3, 31))
    build_reports.approved(pandulangan, parse_period("2026-TW1"))
    build_reports.approved(pandulangan, TW2)  # without a group: nil
    found = approved_report(area_code="63.08", period=S1, made_by="", made_at="")
    assert indicators.BASES["disbursed_period"].of(found.groups) == 1_000_000
    assert indicators.BASES["groups"].of(found.groups) == 0


def test_its_receipts_open_behind_the_figure_and_its_capital_that_was_left(gone, staff, as_user):
    access = Access(Role.STAFF, frozenset({"63.08"}))
    url = rows_url("principal_paid_period", "63.08", TW2, access)
    results = as_user(staff).get(f"{url}&format=json").json()["results"]
    assert sum(row["principal"] for row in results) == 100_000
    left = records(gone, TW2, "capital_out_period")
    assert [(one.on, one.about, one.amount) for one in left] == [
        (ON, "Modal yang tersisa waktu kelompok bubar", 5_000_000)
    ]
    asked = {"angka": "capital_out_period", "wilayah": "63.08", "periode": TW2.code, "format": "json"}
    (row,) = as_user(staff).get(reverse("figure-groups"), asked).json()["results"]
    assert (row["id"], row["amount"]) == (gone.pk, 5_000_000)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_it_had_its_flows_stay_and_no_stock(seed):
    row = random_group(Random(seed), 3, 1)
    gone = row.dissolved(ON)
    before, after = indicators.values([row]), indicators.values([gone])
    assert {key: after[key] for key in FLOWS if key != "capital_out_period"} == {
        key: before[key] for key in FLOWS if key != "capital_out_period"
    }
    assert [key for key in STOCKS if after[key]] == []
    year = indicators.values([joined([row, replace(row, capital_start=row.capital_end).dissolved(ON)])])
    assert (year["capital_end"], year["groups"]) == (0, 0)
    assert year["principal_paid_period"] == 2 * before["principal_paid_period"]
    assert {field.name for field in fields(gone)} == {field.name for field in fields(row)}
