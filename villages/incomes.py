"""Household incomes before and after, for pages and reports."""

from collections import defaultdict
from datetime import date

from villages.growth import Growth
from villages.models import Member


def before_and_after(groups, as_of: date) -> dict[int, Growth]:
    """{key of the group: Growth}: what families earn a month, first and latest answer given by the day.

    `groups` is a list or a query set of groups; one query for any number of them. Counted are members active on the
    day who were asked at least twice by then; a group that has none is missing. A kecamatan is the sum of its
    groups: `sum(found.values(), Growth())`, whose percent is of summed rupiah, never a mean of percents.
    """
    members = Member.objects.filter(group__in=groups).active_on(as_of).with_incomes(as_of)
    rows = members.filter(income_after__isnull=False).order_by()
    found: dict[int, Growth] = defaultdict(Growth)
    for group, before, after in rows.values_list("group", "income_before", "income_after"):
        found[group] += Growth(1, before, after)
    return dict(found)


def growth_of(incomes) -> Growth:
    """The change from the first to the latest of one family's rows, which are in the order of their days."""
    return Growth(1, incomes[0].amount, incomes[-1].amount) if len(incomes) > 1 else Growth()
