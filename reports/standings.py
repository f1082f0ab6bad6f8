"""Where the report of every village stands, read in bulk: as many queries for one kabupaten as for thirteen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q

from reports.calendar_services import Calendar, calendars_of, leaves_of, parts_of
from reports.completeness import IS_IN, WAY, Standing
from reports.models import VillageReport
from reports.models.village_reports import AGREED, IN
from reports.periods import Period
from up2k_portal.lib.access import in_areas
from up2k_portal.lib.dates import today
from villages.models import GroupPlacement, RegionChange, Village

PROVINCE, REGENCY = 2, 5  # letters of their codes
Key = tuple[int, str]  # of the village, and the code of a period that it reports
Came = list[tuple[date, int, date]]  # after which day, in which village, until which day


@dataclass(frozen=True)
class Found:
    """What is known of one report without its figures."""

    state: str
    submitted_on: date | None
    is_nil: bool


@dataclass(frozen=True)
class Owing:
    """A village that owes a report of a period: the parts it hands in itself, and those that its groups brought along.

    A group that came from another village in the middle of the year rests on that village's reports of the months
    before: without them its year would be short of what it did there.
    """

    village: Village
    own: tuple[Period, ...]
    brought: tuple[tuple[int, Period], ...] = ()
    has_ended: bool = False  # before the period did; its report was in already

    @property
    def keys(self) -> list[Key]:
        return [(self.village.pk, part.code) for part in self.own] + [(pk, part.code) for pk, part in self.brought]

    @property
    def parts(self) -> list[Period]:
        """All parts, in order; the last is the village's own."""
        return sorted({*self.own, *(part for _, part in self.brought)}, key=lambda part: part.last)


def standings(area_code: str, period: Period) -> list[Standing]:
    """Where the report of every village that owes one stands, by code; without reading any figure.

    Raises ValidationError for a period shorter than what villages report.
    """
    return standings_of(area_code, [period])[period.code]


def standings_of(
    area_code: str, periods: Sequence[Period], calendars: Mapping[str, Calendar] | None = None
) -> dict[str, list[Standing]]:
    """{code of the period: `standings`}: at most ten queries, whatever the area; `calendars` to look ahead."""
    calendars = calendars_of(area_code) if calendars is None else calendars
    owing = owing_of(area_code, periods, calendars)
    every = [one for rows in owing.values() for one in rows]
    keys = {key for one in every for key in one.keys}
    reports, names = _reports(area_code, keys, brought_from(every)), _renames(periods)
    leaves = leaves_of(area_code, {code for _, code in keys})
    found = {}
    for period in periods:
        then = _names_on(names, period.last)
        found[period.code] = [
            _standing(one, reports, leaves, calendars[one.village.code[:5]], then.get(one.village.pk))
            for one in owing[period.code]
        ]
    return found


def owing_of(area_code: str, periods: Sequence[Period], calendars: Mapping[str, Calendar]) -> dict[str, list[Owing]]:
    """{code of the period: the villages that owe its report, by code}: those in force on its last day.

    In a province those of kabupaten that use the portal (`Calendar.is_in_use`): nobody asked the others for a report
    here. A village whose end before that day was only recorded after its report had come in stays among them: what it
    reported is no other village's. Raises ValidationError for a period shorter than what villages report.
    """
    parts = {(code, period.code): _parts(one, period) for code, one in calendars.items() for period in periods}
    days = {part.code: part.last for some in parts.values() for part in some}
    villages = _villages(area_code, days.values()) if days else []
    if len(area_code) == PROVINCE:
        villages = [one for one in villages if calendars[one.code[:REGENCY]].is_in_use]
    longer = [part.first for some in parts.values() if len(some) > 1 for part in some]
    moves = _moves(min(longer)) if longer else []
    kept = _kept(days)
    found = {}
    for period in periods:
        came = _came(moves, period.last)
        found[period.code] = [
            _owing(village, parts[village.code[:5], period.code], came.get(village.pk, []), kept)
            for village in villages
            if _is_there(village, period.last) or (village.pk, period.code) in kept
        ]
    return found


def _parts(calendar: Calendar, period: Period) -> list[Period]:
    try:
        return parts_of(calendar, period)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _villages(area_code: str, days: Collection[date]) -> list[Village]:
    """Those in force at some time up to the last of the days and ended in the year before the first or later."""
    some = Village.objects.in_area(area_code).filter(
        Q(active_from=None) | Q(active_from__lte=max(days)),
        Q(active_until=None) | Q(active_until__gte=min(days) - timedelta(days=366)),
    )
    return list(some.order_by("code"))


def _kept(days: Mapping[str, date]) -> set[Key]:
    """The reports that are in although their village, as was recorded later, had ended before the period did."""
    rows = VillageReport.objects.filter(period__in=list(days), village__active_until__isnull=False, state__in=IN)
    facts = rows.values_list("village", "period", "village__active_until")
    return {(pk, code) for pk, code, until in facts if until < days[code]}


def _is_there(village: Village, day: date) -> bool:
    began = village.active_from is None or village.active_from <= day
    return began and (village.active_until is None or village.active_until >= day)


@dataclass(frozen=True)
class Move:
    """That a group lay in a village until a day; `now` is where it lies today."""

    group: int
    village: int
    until: date
    now: int


def _moves(since: date) -> list[Move]:
    rows = GroupPlacement.objects.filter(until__gte=since).order_by("group", "until")
    return [Move(*row) for row in rows.values_list("group", "former", "until", "village")]


def _came(moves: Iterable[Move], day: date) -> dict[int, Came]:
    """{village that groups lay in on the day: where they lay before}."""
    by_group: dict[int, list[Move]] = {}
    for move in moves:
        by_group.setdefault(move.group, []).append(move)
    found: dict[int, Came] = {}
    for some in by_group.values():
        here = next((move.village for move in some if move.until >= day), some[0].now)
        since = date.min
        for move in some:
            if move.until < day and move.village != here:
                found.setdefault(here, []).append((since, move.village, move.until))
            since = move.until
    return found


def _owing(village: Village, parts: Sequence[Period], came: Came, kept: set[Key]) -> Owing:
    own = tuple(part for part in parts if _is_there(village, part.last) or (village.pk, part.code) in kept)
    brought = {
        (former, part): None
        for since, former, until in came
        for part in parts
        if since < part.last <= until or (former, part.code) in kept
    }
    return Owing(village, own, tuple(brought), not _is_there(village, parts[-1].last))


def brought_from(owing: Iterable[Owing]) -> set[int]:
    """The villages that groups came from, which may lie outside the area."""
    return {pk for one in owing for pk, _ in one.brought}


def _reports(area_code: str, keys: set[Key], formers: set[int]) -> dict[Key, Found]:
    wanted = in_areas("village__code", frozenset({area_code})) | Q(village__in=formers)
    rows = VillageReport.objects.filter(wanted, period__in={code for _, code in keys})
    facts = rows.values_list("village", "period", "state", "submitted_on", "version__is_nil")
    return {(pk, code): Found(state, on, bool(is_nil)) for pk, code, state, on, is_nil in facts}


def _renames(periods: Sequence[Period]) -> list[tuple[int, date, str]]:
    first = min((period.last for period in periods), default=date.max)
    rows = RegionChange.objects.filter(kind=RegionChange.Kind.RENAME, on__gt=first).order_by("-on", "-pk")
    return list(rows.values_list("region", "on", "old_name"))


def _names_on(renames: Iterable[tuple[int, date, str]], day: date) -> dict[int, str]:
    """As `placements.names_on`: the earliest change after the day comes last and stays."""
    return {pk: name for pk, on, name in renames if on > day}


def _standing(
    owing: Owing,
    reports: Mapping[Key, Found],
    leaves: Mapping[Key, date],
    calendar: Calendar,
    old_name: str | None,
) -> Standing:
    village = owing.village
    found = [reports.get(key) for key in owing.keys]
    days = [_last_day(village, part, leaves, calendar) for part in owing.own]
    states = [one.state if one else "" for one in found]
    return Standing(
        village_code=village.code,
        village_name=f"{village.get_kind_display()} {old_name}" if old_name else village.full_name,
        state=min(states, key=WAY.index),
        is_in=all(state in IS_IN for state in states),
        is_late=any(_is_late(one, day) for one, day in zip(found, days, strict=False)),
        is_nil=all(one is not None and one.is_nil for one in found),
        is_agreed=all(state in AGREED for state in states),
        village_id=village.pk,
        due_on=days[-1],
        submitted_on=_came_in_on(found),
        lacking=_lacking(owing, states),
    )


def _last_day(village: Village, part: Period, leaves: Mapping[Key, date], calendar: Calendar) -> date:
    common = calendar.due_day(part)
    return max(common, leaves.get((village.pk, part.code), common))


def _is_late(report: Found | None, last_day: date) -> bool:
    """What was sent back came in on its first day; what the village took back did not come in."""
    came = report is not None and (report.state in IS_IN or report.state == "returned")
    on = report.submitted_on if came and report and report.submitted_on else today()
    return on > last_day


def _came_in_on(found: Sequence[Found | None]) -> date | None:
    """The day on which the last part came in; None while one is not in."""
    days = [one.submitted_on for one in found if one and one.state in IS_IN and one.submitted_on]
    return max(days) if len(days) == len(found) else None


def _lacking(owing: Owing, states: Sequence[str]) -> tuple[str, ...]:
    """The parts of a longer period that are not in, by name."""
    parts = [*owing.own, *(part for _, part in owing.brought)]
    if len(parts) == 1:
        return ()
    missing = {part for part, state in zip(parts, states, strict=True) if state not in IS_IN}
    return tuple(part.name for part in sorted(missing, key=lambda part: part.last))
