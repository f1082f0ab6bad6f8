"""Random trees and data: every total at every level equals the sum of its villages, and no rate exceeds 100 %."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import indicators
from reports.approved import approved_report, standings
from reports.board_services import board_of
from reports.completeness import IS_IN, completeness
from reports.models import DefinitionSet, ReportVersion, VillageReport
from reports.models.village_reports import AGREED
from reports.periods import parse_period
from reports.rows import GroupRow, area_rows
from reports.snapshot import Snapshot
from tests import build
from tests.reports.build import group as row_of
from tests.reports.build import random_group

pytestmark = pytest.mark.django_db
TW1, TW2, S1 = parse_period("2026-TW1"), parse_period("2026-TW2"), parse_period("2026-S1")
STATES = ("", "draft", "returned", "submitted", "verified", "approved", "sent")
# Of a village: its kabupaten and kecamatan, its groups, the states of two quarters, and the days it handed in.
VILLAGE = st.tuples(
    st.sampled_from(("63.08.03", "63.08.07", "63.09.01")),
    st.integers(0, 3),
    st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)),
    st.tuples(st.integers(1, 20), st.integers(1, 20)),
    st.sampled_from((None, date(2026, 5, 1))),
)
TREES = st.lists(VILLAGE, min_size=1, max_size=8)


def keep(village, period, state: str, rows: list[GroupRow], day: int) -> None:
    definitions, _ = DefinitionSet.objects.get_or_create(sha256="0" * 64, defaults={"rows": []})
    snapshot = Snapshot(village.code, village.full_name, period.code, "0" * 64, tuple(rows), not rows)
    report = VillageReport.objects.create(village=village, period=period.code, last_month=0)
    version = ReportVersion(
        report=report, number=1, figures=snapshot.as_json(), sha256=snapshot.sha256, definitions=definitions,
        is_nil=not rows,
    )  # fmt: skip
    version.save()
    submitted = date(period.last.year, period.last.month + 1, day) if state != "draft" else None
    VillageReport.objects.filter(pk=report.pk).update(state=state, version=version, submitted_on=submitted)


def grow(tree, seed: int) -> dict[str, dict[str, tuple[str, list[GroupRow]]]]:
    """The villages with their reports; {code: {period: (state, rows)}} of what they owe."""
    rng, found = Random(seed), {}
    for number, (district, groups, states, days, begins) in enumerate(tree):
        village = build.village(f"{district}.{2001 + number}", active_from=begins)
        found[village.code] = {}
        for period, state, day in zip((TW1, TW2), states, days, strict=True):
            rows = [
                replace(random_group(rng, 3, number), village_code=village.code, group_id=100 * number + at + 1)
                for at in range(groups)
            ]
            if begins is None or begins <= period.last:
                found[village.code][period.code] = (state, rows)
                if state:
                    keep(village, period, state, rows, day)
    return found


def areas_of(codes) -> set[str]:
    return {code[:length] for code in codes for length in (2, 5, 8, 13)}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES, seed=st.integers(0, 10**6))
def test_every_total_is_the_sum_of_its_villages(tree, seed, db):
    with transaction.atomic():
        owed = grow(tree, seed)
        for area in areas_of(owed):
            inside = {code: parts for code, parts in owed.items() if f"{code}.".startswith(f"{area}.")}
            if area == "63":  # a kabupaten that handed in nothing, and has no group, has not begun
                begun = {code[:5] for code, parts in owed.items() if any(state for state, _ in parts.values())}
                inside = {code: parts for code, parts in inside.items() if code[:5] in begun}
            _check_quarter(area, inside)
            _check_half_year(area, inside)
        _check_board(owed)
        transaction.set_rollback(True)


def _check_quarter(area: str, inside) -> None:
    report = approved_report(area_code=area, period=TW2, made_by="", made_at="")
    agreed = [rows for parts in inside.values() for state, rows in [parts[TW2.code]] if state in AGREED]
    villages = [indicators.values(rows) for rows in agreed if rows]
    total = indicators.values(report.groups)
    for key in indicators.BASES:
        known = [one[key] for one in villages if one[key] is not None]
        if report.groups:
            assert total[key] == (sum(known) if known else None), key
    lines = area_rows(report)
    assert sum(line.balance for line in lines) == sum(row.balance for rows in agreed for row in rows)
    _check_rates(completeness(report.standings), inside, (TW2.code,))


def _check_half_year(area: str, inside) -> None:
    report = approved_report(area_code=area, period=S1, made_by="", made_at="")
    whole = [parts for parts in inside.values() if all(state in AGREED for state, _ in parts.values())]
    flows = [row.principal_paid_period for parts in whole for _, rows in parts.values() for row in rows]
    stocks = [row.balance for parts in whole for row in parts[TW2.code][1]]
    assert sum(row.principal_paid_period for row in report.groups) == sum(flows)
    assert sum(row.balance for row in report.groups) == sum(stocks)
    _check_rates(completeness(standings(area, S1)), inside, (TW1.code, TW2.code))


def _check_rates(sums, inside, periods) -> None:
    owing = [[parts[code][0] for code in periods if code in parts] for parts in inside.values()]
    assert sums.expected == len(owing) == sum(count for _, count in sums.kinds)
    assert sums.received == sum(all(state in IS_IN for state in states) for states in owing)
    assert sums.agreed == sum(all(state in AGREED for state in states) for states in owing)
    if owing:
        assert 0 <= sums.agreed_rate <= sums.rate <= 100
        assert 0 <= sums.timely_rate <= sums.rate


def _check_board(owed) -> None:
    """A province's line is the total of its kabupaten's board, and so on down."""
    for area in {code[:length] for code in owed for length in (2, 5, 8)}:
        board = board_of(area)
        for at, whole in enumerate(board.total.cells):
            parts = [line.cells[at].sums for line in board.lines]
            for name in ("expected", "received", "on_time", "late", "overdue", "agreed", "nil"):
                assert getattr(whole.sums, name) == sum(getattr(one, name) for one in parts)


# Of a group: its village in the first quarter and in the second, and what it was repaid in each.
GROUP = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 10**7), st.integers(0, 10**7))
TWO_STATES = st.tuples(st.sampled_from(("approved", "sent", "submitted", "")), st.sampled_from(("approved", "")))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(groups=st.lists(GROUP, min_size=1, max_size=6), states=st.lists(TWO_STATES, min_size=4, max_size=4))
def test_groups_that_move_take_their_months_along_or_wait(groups, states, db):
    """A village's half year counts when its own reports and those that its groups lay in before are approved."""
    with transaction.atomic():
        villages = [build.village(f"63.08.0{3 + at % 2}.{2001 + at}") for at in range(4)]
        rows = {(at, code): [] for at in range(4) for code in (TW1.code, TW2.code)}
        for before, after, first, second in groups:
            group = build.group(villages[after])
            if before != after:
                build.placement(group, villages[before], date(2026, 5, 9))
            for at, code, paid in ((before, TW1.code, first), (after, TW2.code, second)):
                row = row_of(village_code=villages[at].code, group_id=group.pk, principal_paid_period=paid)
                rows[at, code].append(row)
        for at, village in enumerate(villages):
            for period, state in zip((TW1, TW2), states[at], strict=True):
                if state:
                    keep(village, period, state, rows[at, period.code], 3)

        def rests_on(at: int) -> bool:
            came_from = {before for before, after, *_ in groups if after == at}
            return states[at][1] in AGREED and all(states[one][0] in AGREED for one in {at, *came_from})

        whole = [at for at in range(4) if rests_on(at)]
        report = approved_report(area_code="63.08", period=S1, made_by="", made_at="")
        assert sum(row.principal_paid_period for row in report.groups) == sum(
            first + second for _, after, first, second in groups if after in whole
        )
        assert [one.is_agreed for one in sorted(report.standings, key=lambda one: one.village_id)] == [
            at in whole for at in range(4)
        ]
        transaction.set_rollback(True)
