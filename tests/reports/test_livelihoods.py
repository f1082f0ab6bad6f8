"""R-4's figures out of the database: what counts as a group's product, turnover, markets, permits and incomes."""

from datetime import date

import pytest

from enterprises.models import Enterprise
from reports.figures import live_report
from reports.periods import parse_period
from tests import build
from tests.enterprises import build as made

TW2 = parse_period("2026-TW2")  # April to June


def row_of(period=TW2):
    (row,) = live_report(area_code=build.PANDULANGAN, period=period, made_by="Rahmah", made_at="").groups
    return row


@pytest.fixture
def eggs(member):
    return build.enterprise(member, name="Telur asin Norhasanah")


def test_turnover_and_net_income_are_of_the_months_of_the_period(eggs):
    for period, turnover, cost in ((202603, 9, 0), (202604, 500, 300), (202606, 700, 1_000), (202607, 9, 0)):
        made.result(eggs, period, turnover, cost)
    assert (row_of().turnover_period, row_of().net_income_period) == (1_200, -100)
    assert row_of(parse_period("2026-03")).turnover_period == 9
    assert row_of(parse_period("2026")).turnover_period == 1_218


def test_a_period_without_a_record_is_unknown_and_a_nihil_one_is_zero(eggs):
    assert (row_of().turnover_period, row_of().net_income_period, row_of().main_product) == (None, None, "")
    made.product(eggs)
    made.result(eggs, 202605, 0, 0)
    assert (row_of().turnover_period, row_of().net_income_period, row_of().main_product) == (0, 0, "")


def test_the_main_product_is_that_with_the_highest_turnover_over_all_who_make_it(eggs, group):
    other, cakes = build.enterprise(build.member(group)), build.enterprise(build.member(group))
    for one, name, period, turnover, volume in (
        (eggs, "telur asin", 202604, 400, 100),
        (other, "Telur Asin", 202605, 450, 50),
        (cakes, "kue kering", 202605, 800, 20),
    ):
        product = made.product(one, name=name, unit="butir")
        made.result(one, period, turnover, 0, product=product, volume=volume)
    row = row_of()
    assert (row.main_product, row.volume, row.unit) == ("telur asin", 150, "butir")


def test_a_month_that_names_no_product_counts_for_the_first_of_its_enterprise(eggs):
    made.product(eggs, name="telur asin", unit="butir")
    made.product(eggs, name="telur asap", unit="butir")
    made.result(eggs, 202604)
    row = row_of()
    assert (row.main_product, row.volume, row.unit) == ("telur asin", None, "butir")


def test_markets_and_permits_count_enterprises_that_run_with_what_holds_on_the_day(eggs, group):
    Enterprise.objects.filter(pk=eggs.pk).update(sells_locally=True, sells_online=True)
    stopped = build.enterprise(build.member(group), sells_locally=True, closed_on=date(2026, 6, 30))
    made.permit(stopped)
    made.permit(eggs, "nib", number="1")
    made.permit(eggs, "nib", number="2")
    made.permit(eggs, "pirt", expires_on=date(2026, 6, 29))
    made.permit(eggs, "halal", expires_on=date(2026, 6, 30))
    made.permit(eggs, "brand")
    row = row_of()
    assert (row.sells_locally, row.sells_outside, row.sells_online) == (1, 0, 1)
    assert (row.with_nib, row.with_pirt, row.with_halal) == (1, 0, 1)


def test_incomes_count_who_was_asked_at_least_twice_by_the_day(member, group):
    other, once = build.member(group), build.member(group)
    for one, on, amount in (
        (member, date(2020, 1, 6), 1_000_000),
        (member, date(2024, 1, 6), 9_000_000),
        (member, date(2026, 6, 30), 1_500_000),
        (member, date(2026, 7, 1), 7_000_000),
        (other, date(2021, 1, 6), 800_000),
        (other, date(2026, 5, 1), 700_000),
        (once, date(2026, 5, 1), 5_000_000),
    ):
        build.income(one, amount, on)
    row = row_of()
    assert (row.members_asked, row.income_before, row.income_after) == (2, 1_800_000, 2_200_000)


def test_a_month_stays_with_the_group_that_earned_it(eggs, group):
    made.result(eggs, 202604)
    later = build.group(group.village)
    Enterprise.objects.filter(pk=eggs.pk).update(group=later)
    rows = live_report(area_code=build.PANDULANGAN, period=TW2, made_by="", made_at="").groups
    assert {row.group_name: row.turnover_period for row in rows} == {group.name: 500_000, later.name: None}
