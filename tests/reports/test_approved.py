"""Figures out of approved reports alone: longer periods of their parts, villages that changed, what is missing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import indicators
from reports.approved import approved_report, standings
from reports.completeness import completeness
from reports.figures import live_report
from reports.models import ReportVersion, VillageReport
from reports.periods import parse_period
from tests import build
from tests.reports import build_reports as reports
from villages.models import Group, Village
from villages.region_services import merge_villages, recode_village, rename_village, split_village

TW1, TW2, S1 = parse_period("2026-TW1"), reports.TW2, parse_period("2026-S1")


@pytest.fixture
def act(staff):
    return {"legal_basis": "Perda HSU Nomor 3 Tahun 2026", "by": staff}


def approve(village: Village, *periods) -> None:
    for period in periods:
        reports.kept(village, period, state="approved", submitted_on=period.last)


def state(village: Village, period, to: str) -> None:
    VillageReport.objects.filter(village=village, period=period.code).update(state=to)


def approved(area: str = "63.08", period=S1):
    return approved_report(area_code=area, period=period, made_by="", made_at="")


def values(area: str = "63.08", period=S1) -> dict:
    return indicators.values(approved(area, period).groups)


def told(area: str = "63.08", period=S1) -> list[tuple]:
    return [(one.village_code, one.is_in, one.is_agreed, one.lacking) for one in standings(area, period)]


@pytest.fixture
def lent(member, group):
    """A loan of January; a payment in March, one in April and one in June."""
    build.capital(group, 5_000_000, date(2026, 1, 5))
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    for on in (date(2026, 3, 2), date(2026, 4, 20), date(2026, 6, 2)):
        build.payment(loan, 115_000, on)
    return loan


class TestParts:
    def test_flows_are_summed_and_stocks_are_the_last(self, lent, pandulangan):
        approve(pandulangan, TW1, TW2)
        keys = ("disbursed_period", "principal_paid_period", "balance", "capital_start")
        assert [[values(period=period)[key] for key in keys] for period in (TW1, TW2, S1)] == [
            [1_000_000, 100_000, 900_000, 0],
            [0, 200_000, 700_000, 5_000_000],
            [1_000_000, 300_000, 700_000, 0],
        ]

    def test_a_half_year_of_its_parts_equals_the_books(self, lent, pandulangan):
        approve(pandulangan, TW1, TW2)
        live = live_report(area_code="63.08", period=S1, made_by="", made_at="")
        assert values() == indicators.values(live.groups)

    def test_a_village_takes_part_when_each_of_its_parts_is_approved(self, lent, pandulangan):
        approve(pandulangan, TW1, TW2)
        state(pandulangan, TW1, "verified")
        assert (approved().groups, told()) == ((), [("63.08.03.2014", True, False, ())])

    def test_a_part_that_is_missing_is_named(self, lent, pandulangan):
        approve(pandulangan, TW2)
        assert (approved().groups, told()) == ((), [("63.08.03.2014", False, False, ("Triwulan I 2026",))])

    def test_a_report_sent_back_falls_out(self, lent, pandulangan):
        approve(pandulangan, TW2)
        assert values(period=TW2)["balance"] == 700_000
        state(pandulangan, TW2, "returned")
        assert approved(period=TW2).groups == ()

    def test_figures_are_the_frozen_ones_whatever_happens_after(self, lent, pandulangan, group):
        approve(pandulangan, TW2)
        build.member(group)
        assert values(period=TW2)["members"] == 1

    def test_a_shorter_period_and_an_unknown_area_are_refused(self, pandulangan):
        for facts in ({"period": parse_period("2026-05")}, {"area": "63.77"}):
            with pytest.raises(ValidationError):
                approved(**facts)


class TestVillagesThatChange:
    def test_a_merged_village_brings_the_figures_of_its_months(self, lent, pandulangan, elsewhere, act):
        approve(pandulangan, TW1)
        merge_villages(villages=[pandulangan], code=elsewhere.code, on=date(2026, 4, 1), **act)
        approve(elsewhere, TW1, TW2)
        assert told() == [(elsewhere.code, True, True, ())]
        assert [values()[key] for key in ("disbursed_period", "principal_paid_period")] == [1_000_000, 300_000]
        assert [one.village_code for one in standings("63.08", TW1)] == [pandulangan.code, elsewhere.code]

    def test_without_the_merged_village_s_part_the_year_waits(self, lent, pandulangan, elsewhere, act):
        merge_villages(villages=[pandulangan], code=elsewhere.code, on=date(2026, 4, 1), **act)
        approve(elsewhere, TW1, TW2)
        assert told() == [(elsewhere.code, False, False, ("Triwulan I 2026",))]
        assert approved().groups == ()

    def test_a_split_takes_its_group_and_the_months_before_from_the_old_village(self, lent, pandulangan, group, act):
        approve(pandulangan, TW1)
        facts = {"code": "63.08.03.2998", "name": "Pandulangan Hulu", "groups": [group], "on": date(2026, 5, 1)}
        split_village(village=pandulangan, **facts, **act)
        born = Village.objects.get(code="63.08.03.2998")
        approve(pandulangan, TW2)
        approve(born, TW2)
        assert told() == [(pandulangan.code, True, True, ()), (born.code, True, True, ())]
        assert [(row.village_code, row.principal_paid_period) for row in approved().groups] == [(born.code, 300_000)]
        assert [one.village_code for one in standings("63.08", TW1)] == [pandulangan.code]

    def test_a_new_code_is_a_new_village_and_the_year_is_whole(self, lent, pandulangan, act):
        approve(pandulangan, TW1)
        recode_village(village=pandulangan, code="63.08.03.2998", on=date(2026, 4, 1), **act)
        born = Village.objects.get(code="63.08.03.2998")
        approve(born, TW2)
        assert told() == [(born.code, True, True, ())]
        assert values()["principal_paid_period"] == 300_000

    def test_each_period_has_the_name_of_its_time(self, pandulangan, act):
        rename_village(village=pandulangan, name="Pandulangan Raya", on=date(2026, 4, 1), **act)
        assert [standings("63.08", period)[0].village_name for period in (TW1, TW2)] == [
            "Desa Pandulangan",
            "Desa Pandulangan Raya",
        ]

    def test_a_village_that_opened_owes_from_then_on(self, pandulangan):
        build.village("63.08.03.2997", active_from=date(2026, 5, 1))
        assert [completeness(standings("63.08", period)).expected for period in (TW1, TW2)] == [1, 2]
        approve(Village.objects.get(code="63.08.03.2997"), TW2)
        assert told()[1] == ("63.08.03.2997", True, True, ())

    def test_a_village_that_closed_owes_no_more(self, pandulangan, elsewhere):
        elsewhere.active_until = date(2026, 6, 29)
        elsewhere.save()
        assert [completeness(standings("63.08", period)).expected for period in (TW1, TW2)] == [2, 1]

    def test_a_group_that_came_from_another_kabupaten_brings_its_months(self, lent, pandulangan, act):
        far = build.village("63.09.01.2001")
        approve(pandulangan, TW1)
        merge_villages(villages=[pandulangan], code=far.code, on=date(2026, 4, 1), **act)
        approve(far, TW1, TW2)
        assert values("63.09")["principal_paid_period"] == 300_000
        assert approved("63.08").groups == ()


class TestChangesRecordedLate:
    """A merger of March that is written down in May, when the report of the first quarter is approved already."""

    @pytest.fixture
    def merged_late(self, lent, pandulangan, elsewhere, act):
        approve(pandulangan, TW1)
        approve(elsewhere, TW1)
        merge_villages(villages=[pandulangan], code=elsewhere.code, on=date(2026, 3, 15), **act)
        approve(elsewhere, TW2)

    def test_what_was_approved_stays_and_is_counted_once(self, merged_late, pandulangan, elsewhere):
        assert [row.village_code for row in approved(period=TW1).groups] == [pandulangan.code]
        sums = completeness(standings("63.08", TW1))
        assert (sums.expected, sums.received) == (2, 2)
        assert values()["principal_paid_period"] == 300_000

    def test_a_corrected_report_of_the_new_village_takes_its_place(self, merged_late, lent, elsewhere):
        report = VillageReport.objects.get(village=elsewhere, period=TW1.code)
        snapshot = reports.snapshot_of(elsewhere, TW1)
        version = ReportVersion(
            report=report, number=2, figures=snapshot.as_json(), sha256=snapshot.sha256,
            definitions=report.version.definitions,
        )  # fmt: skip
        version.save()
        report.version = version
        report.save()
        assert [row.village_code for row in approved(period=TW1).groups] == [elsewhere.code]
        assert values()["principal_paid_period"] == 300_000


@pytest.mark.parametrize("villages", [1, 12])
def test_approved_figures_cost_the_same_queries_for_any_number_of_villages(villages, pandulangan):
    for number in range(villages):
        regency = "63.08" if number % 2 else "63.09"
        village = build.village(f"{regency}.01.{2100 + number}")
        build.group(village)
        approve(village, TW1, TW2)
    assert Group.objects.count() == villages
    found = []
    for call in (lambda: standings("63", S1), lambda: approved("63")):
        with CaptureQueriesContext(connection) as queries:
            call()
        found.append(len(queries))
    assert found == [9, 17]
