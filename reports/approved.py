"""The figures of an area out of approved reports alone, and where the reports of its villages stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from reports.calendar_services import calendar_of, expected, last_days, parts_of
from reports.completeness import Standing
from reports.figures import report_of
from reports.models import VillageReport
from reports.models.village_reports import AGREED, IN
from reports.periods import Period
from reports.rows import GroupRow, Report
from reports.snapshot import Snapshot, joined, read
from up2k_portal.lib.dates import today
from villages.models import Regency, Village
from villages.models.placements import names_on


def approved_report(*, area_code: str, period: Period, made_by: str, made_at: str) -> Report:
    """What the approved and sent reports of an area say of a period; villages without one are named in `standings`.

    A longer period than villages report is made of its parts: what flows is summed, what stands is the last one's, and
    a village takes part when each report that it owed is approved. Raises ValidationError for an unknown area and for
    a period shorter than what villages report.
    """
    found, groups = [], []
    for regency in _regencies(area_code):
        code = max(area_code, regency.code, key=len)  # the part of the area that lies in this kabupaten
        some, rows = _of_regency(regency.code, code, period)
        found += some
        groups += rows
    head = {"area_code": area_code, "period": period, "made_by": made_by, "made_at": made_at}
    return report_of(tuple(groups), **head, basis="approved", standings=tuple(found))


def standings(area_code: str, period: Period) -> list[Standing]:
    """Where the report of every village that owes one stands, by code; without reading any figure."""
    found = []
    for regency in _regencies(area_code):
        parts = _parts(regency.code, period)
        code = max(area_code, regency.code, key=len)
        rows = {part.code: _states(code, part) for part in parts}
        found += _standings(regency.code, code, parts, rows)
    return found


def _regencies(area_code: str) -> Iterable[Regency]:
    return Regency.objects.in_area(area_code[:5]).order_by("code")


def _parts(regency_code: str, period: Period) -> list[Period]:
    try:
        return parts_of(calendar_of(regency_code), period)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _states(area_code: str, part: Period) -> dict[int, VillageReport]:
    rows = VillageReport.objects.in_area(area_code).filter(period=part.code)
    return {row.village_id: row for row in rows.select_related("version").defer("version__figures")}


def _of_regency(regency_code: str, code: str, period: Period) -> tuple[list[Standing], list[GroupRow]]:
    parts = _parts(regency_code, period)
    rows = {part.code: _states(code, part) for part in parts}
    found = _standings(regency_code, code, parts, rows)
    agreed = {one.village_code for one in found if one.is_agreed}
    snapshots = [_snapshots(regency_code, part) for part in parts]
    return found, _joined(snapshots, agreed)


def _snapshots(regency_code: str, part: Period) -> list[Snapshot]:
    """The agreed snapshots of the whole kabupaten: a group may have lain in another village earlier in the year."""
    rows = VillageReport.objects.in_area(regency_code).filter(period=part.code, state__in=AGREED)
    return [read(figures) for figures in rows.order_by("village__code").values_list("version__figures", flat=True)]


def _joined(snapshots: Sequence[Sequence[Snapshot]], agreed: set[str]) -> list[GroupRow]:
    """The rows of villages that take part, each summed over the parts by its group's key."""
    if not snapshots:
        return []
    earlier: dict[int, list[GroupRow]] = defaultdict(list)
    for some in snapshots[:-1]:
        for snapshot in some:
            for row in snapshot.groups:
                earlier[row.group_id].append(row)
    last = [row for snapshot in snapshots[-1] if snapshot.village_code in agreed for row in snapshot.groups]
    return [joined([*earlier[row.group_id], row]) for row in last]


def _standings(
    regency_code: str, code: str, parts: Sequence[Period], rows: dict[str, dict[int, VillageReport]]
) -> list[Standing]:
    calendar, last = calendar_of(regency_code), parts[-1]
    names, found = names_on(last.last), []
    owed = {part.code: set(expected(code, part).values_list("pk", flat=True)) for part in parts[:-1]}
    villages = list(expected(code, last).order_by("code"))
    days = {part.code: last_days(calendar, part, villages) for part in parts}
    for village in villages:
        mine = [part for part in parts if part is last or village.pk in owed[part.code]]
        reports = [rows[part.code].get(village.pk) for part in mine]
        late = [_is_late(row, days[part.code][village.pk]) for part, row in zip(mine, reports, strict=True)]
        found.append(_standing(village, names.get(village.pk), reports, any(late)))
    return found


def _is_late(report: VillageReport | None, last_day: date) -> bool:
    on = report.submitted_on if report and report.submitted_on else today()
    return on > last_day


def _standing(village: Village, old_name: str | None, reports: Sequence[VillageReport | None], late: bool) -> Standing:
    states = [report.state if report else "" for report in reports]
    name = f"{village.get_kind_display()} {old_name}" if old_name else village.full_name
    return Standing(
        village_code=village.code,
        village_name=name,
        state=states[-1],
        is_in=all(state in IN for state in states),
        is_late=late,
        is_nil=all(report is not None and report.version is not None and report.version.is_nil for report in reports),
        is_agreed=all(state in AGREED for state in states),
    )
