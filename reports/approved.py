"""The figures of an area out of approved reports alone."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from reports.calendar_services import calendars_of
from reports.completeness import Standing
from reports.figures import report_of
from reports.models import VillageReport
from reports.models.village_reports import AGREED
from reports.periods import Period
from reports.rows import GroupRow, Report
from reports.snapshot import joined, read
from reports.standings import Key, Owing, brought_from, owing_of, standings, standings_of
from up2k_portal.lib.access import in_areas

__all__ = ["approved_report", "standings"]


def approved_report(*, area_code: str, period: Period, made_by: str, made_at: str) -> Report:
    """What the approved and sent reports of an area say of a period; villages without one are named in `standings`.

    A longer period than villages report is made of its parts: what flows is summed, what stands is the last one's, and
    a village takes part when each report that it owed is approved, and each that its groups brought along. Raises
    ValidationError for an unknown area and for a period shorter than what villages report.
    """
    calendars = calendars_of(area_code)
    found = standings_of(area_code, [period], calendars)[period.code]
    owing = owing_of(area_code, [period], calendars)[period.code]
    return report_of(
        tuple(_rows(area_code, owing, found)),
        area_code=area_code,
        period=period,
        made_by=made_by,
        made_at=made_at,
        basis="approved",
        standings=tuple(found),
    )


def _rows(area_code: str, owing: Sequence[Owing], found: Iterable[Standing]) -> list[GroupRow]:
    """The rows of the villages that take part, each group's summed over the parts; no group twice."""
    agreed = {one.village_id for one in found if one.is_agreed}
    taking = [one for one in owing if one.village.pk in agreed]
    figures = _figures(area_code, taking)
    rows: dict[int, GroupRow] = {}
    for one in sorted(taking, key=lambda one: one.has_ended):  # where a group is in two reports, the living village's
        *earlier, last = one.parts
        before = [_by_group(figures, one, part) for part in earlier]
        for row in figures.get((one.village.pk, last.code), []):
            pieces = [some[row.group_id] for some in before if row.group_id in some]
            rows.setdefault(row.group_id, joined([*pieces, row]))
        for pk, pieces in _dissolved(before).items():
            rows.setdefault(pk, joined(pieces))
    return sorted(rows.values(), key=lambda row: (row.village_code, row.group_name))


def _dissolved(before: Sequence[Mapping[int, GroupRow]]) -> dict[int, list[GroupRow]]:
    """The rows of groups that were dissolved in one of the earlier parts: what flowed till then is the village's."""
    pieces: dict[int, list[GroupRow]] = {}
    for some in before:
        for pk, row in some.items():
            pieces.setdefault(pk, []).append(row)
    return {pk: rows for pk, rows in pieces.items() if rows[-1].dissolved_on}


def _by_group(figures: Mapping[Key, list[GroupRow]], owing: Owing, part: Period) -> dict[int, GroupRow]:
    """The rows of one part by the key of their group: the village's own before those of where its groups came from."""
    keys = [key for key in reversed(owing.keys) if key[1] == part.code]
    return {row.group_id: row for key in keys for row in figures.get(key, [])}


def _figures(area_code: str, owing: Sequence[Owing]) -> dict[Key, list[GroupRow]]:
    """The frozen rows of the reports that these villages rest on; one query, read one report at a time."""
    keys = {key for one in owing for key in one.keys}
    wanted = in_areas("village__code", frozenset({area_code})) | Q(village__in=brought_from(owing))
    rows = VillageReport.objects.filter(wanted, period__in={code for _, code in keys}, state__in=AGREED)
    facts = rows.values_list("village", "period", "version__figures").iterator(chunk_size=200)
    return {(pk, code): list(read(one).groups) for pk, code, one in facts if (pk, code) in keys}
