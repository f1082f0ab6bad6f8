"""From a figure to the rows behind it: the list, as of the same day, of the same area or group, in the address.

A list is opened only where it shows exactly the figure's rows: as many of them, or with the same sum
(tests/reports/test_drill.py holds each against its figure). For what no list shows, an area's figure leads to its
groups ("Rekap per kelompok"), a group's to its records (`figure_rows`). From a row the way goes on to loan, receipt and
photo.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import resolve, reverse

from reports.figure_rows import SOURCES
from reports.indicators import ALL, Ratio
from reports.periods import Period
from reports.rows import LEVELS
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import today

COUNT = ""  # the figure is the number of rows
PEOPLE = "borrower"  # the number of different people in that column


@dataclass(frozen=True)
class Rows:
    """A list with what it is asked, and the column whose sum is the figure (COUNT: the number of rows)."""

    url_name: str
    asked: tuple[tuple[str, str], ...] = ()
    column: str = COUNT
    day: str = "as_of"  # what the list calls its day
    since: str = ""  # what it calls the first day of the period, for what happened in it
    is_ended_only: bool = False  # the list knows no day ahead of today


def _loans(column: str = COUNT, slice: str = "", **more) -> Rows:
    return Rows("quality-loans", (("slice", slice),) if slice else (), column, day="on", is_ended_only=True, **more)


def _members(**asked) -> Rows:
    return Rows("member-list", tuple(asked.items()))


def _enterprises(**asked) -> Rows:
    return Rows("enterprise-list", tuple(asked.items()))


def _receipts(column: str) -> Rows:
    return Rows("receipt-list", (), column, day="until", since="since")


def _savings(column: str) -> Rows:
    return Rows("saving-list", (), column)


def _incomes(column: str = COUNT) -> Rows:
    return Rows("income-list", (("asked", "twice"),), column)


ROWS: dict[str, Rows] = {
    "groups": Rows("group-list"),
    **{f"groups_{level.lower()}": Rows("group-list", (("level", level),)) for level in LEVELS},
    **{f"members_level_{level.lower()}": Rows("group-list", (("level", level),), "member_count") for level in LEVELS},
    "poklak_count": Rows("group-list", (), "poklak_count"),
    "members": _members(),
    "members_male": _members(sex="L"),
    "members_female": _members(sex="P"),
    "members_poor": _members(welfare="poor"),
    "members_near_poor": _members(welfare="near_poor"),
    "members_sufficient": _members(welfare="sufficient"),
    "members_unknown": _members(welfare="unknown"),
    "borrowers": _loans(PEOPLE, "running"),
    "loans_made_period": _loans(since="since"),
    "disbursed_period": _loans("principal", since="since"),
    "disbursed_to_date": _loans("principal"),
    "loans_running": _loans(slice="running"),
    "loans_late": _loans(slice="late"),
    "principal_due": _loans("principal_due", "due"),
    "principal_due_paid": _loans("principal_due_paid", "due"),
    "balance": _loans("balance", "running"),
    **{f"balance_{level}": _loans("balance", f"class_{level}") for level in range(1, 6)},
    "balance_bad": _loans("balance", "npl"),
    "balance_not_far": _loans("balance", "not_far"),
    "principal_late": _loans("principal_late", "late"),
    "service_fee_late": _loans("service_fee_late", "late"),
    **{f"risk_{days}": _loans("balance", f"par{days}") for days in (1, 30, 60, 90)},
    "principal_paid_period": _receipts("principal"),
    "service_fee_paid_period": _receipts("service_fee"),
    "contribution_period": _receipts("contribution"),
    "savings_initial": _savings("initial"),
    "savings_mandatory": _savings("mandatory"),
    "savings_voluntary": _savings("voluntary"),
    "enterprises": _enterprises(),
    "sells_locally": _enterprises(channel="sells_locally"),
    "sells_outside": _enterprises(channel="sells_outside"),
    "sells_online": _enterprises(channel="sells_online"),
    "with_nib": _enterprises(permit="nib"),
    "with_pirt": _enterprises(permit="pirt"),
    "with_halal": _enterprises(permit="halal"),
    "members_asked": _incomes(),
    "income_before": _incomes("income_before"),
    "income_after": _incomes("income_after"),
}

NO_LIST = Rows("")
OF_GROUP = ("cooperatives", "cooperative_members")  # a figure of one group that its own page tells


def rows_url(key: str, where: str | int, period: Period, access: Access, basis: str = "live") -> str:
    """The address of the rows behind a figure of an area (its code) or a group (its key) at the end of a period.

    A ratio leads to the rows of its numerator. Where no list shows just these rows, where the reader may not open it,
    and for loans of a period that has not ended (what falls due until then no list of today knows), an area's figure
    leads to its groups (as the approved reports froze them, where that is the figure's `basis`) and a group's to its
    records; "" for a group where the reader sees no people.
    """
    if isinstance(where, int):
        return group_rows_url(key, where, period, access)
    return _list_url(key, where, period, access) or groups_url(key, where, period, basis)


def groups_url(key: str, area_code: str, period: Period, basis: str) -> str:
    """The address of the groups that an area's figure is summed from, live or frozen."""
    asked = {"angka": key, "wilayah": area_code, "periode": period.code, "dasar": basis}
    return f"{reverse('figure-groups')}?{urlencode(asked)}"


def group_rows_url(key: str, group_id: int, period: Period, access: Access) -> str:
    if not access.may(Action.SEE_GROUPS):
        return ""
    plain = _plain(key)
    if plain in OF_GROUP or ROWS.get(plain, NO_LIST).url_name == "group-list":
        return reverse("group", args=[group_id])
    if found := _list_url(key, group_id, period, access):
        return found
    if plain not in SOURCES or not access.may(_action("figure-rows", 1)):
        return ""
    return f"{reverse('figure-rows', args=[group_id])}?{urlencode({'angka': key, 'periode': period.code})}"


def _plain(key: str) -> str:
    """Of a ratio its numerator."""
    one = ALL[key]
    return one.numerator if isinstance(one, Ratio) else key


def _list_url(key: str, where: str | int, period: Period, access: Access) -> str:
    rows = ROWS.get(_plain(key))
    if rows is None or not access.may(_action(rows.url_name)):
        return ""
    if rows.is_ended_only and period.last > today():
        return ""
    return f"{reverse(rows.url_name)}?{urlencode(_asked(rows, where, period))}"


def _asked(rows: Rows, where: str | int, period: Period) -> dict[str, str]:
    place = {"area": where} if isinstance(where, str) else {"group": where}
    days = {"as_of": _day(period.last), rows.day: _day(period.last)}
    since = {rows.since: _day(period.first)} if rows.since else {}
    return dict(rows.asked) | {name: str(value) for name, value in place.items()} | since | days


def _day(day) -> str:
    return f"{day:%d-%m-%Y}"


def _action(url_name: str, *args: int) -> Action:
    """What the page of the list itself asks for."""
    view: Any = resolve(reverse(url_name, args=args)).func
    return view.view_class.action
