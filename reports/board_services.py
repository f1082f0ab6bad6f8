"""Papan laporan: where the villages of an area stand, period by period; what is missing, and a message about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.calendar_services import Calendar, calendars_of, report_periods
from reports.completeness import Completeness, Standing, completeness
from reports.models import VillageReport
from reports.models.calendar import Tier
from reports.periods import MONTH, QUARTER, Period, ended_before
from reports.standings import standings_of
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.money import format_number
from villages.models import District, Regency

COLUMNS = {MONTH: 6, QUARTER: 4}  # the recent periods that stand side by side
BELOW: dict[int, type[Regency] | type[District]] = {2: Regency, 5: District}
ROWS = {2: "Kabupaten/kota", 5: "Kecamatan", 8: "Desa/kelurahan", 13: "Desa/kelurahan"}
MOST_NAMED = 40  # villages in one message: longer ones are not read


@dataclass(frozen=True)
class Cell:
    """One area, or village, in one period."""

    period: Period
    rows: tuple[Standing, ...]

    @property
    def sums(self) -> Completeness:
        return completeness(self.rows)


@dataclass(frozen=True)
class Line:
    """One row of the board; `village` is the key of a village's row, 0 for a kecamatan or kabupaten."""

    code: str
    name: str
    cells: tuple[Cell, ...]
    village: int = 0

    @property
    def is_in_use(self) -> bool:
        """Whether anybody there owes a report: not where a kabupaten has not begun with the portal."""
        return any(cell.rows for cell in self.cells)


@dataclass(frozen=True)
class Board:
    area_code: str
    calendar: Calendar | None  # of the one kabupaten; a province has several
    periods: tuple[Period, ...]  # the latest first
    lines: tuple[Line, ...]
    total: Line
    has_older: bool = False  # whether villages reported periods before those shown

    @property
    def of_villages(self) -> bool:
        return len(self.area_code) >= 8

    @property
    def row_name(self) -> str:
        return ROWS[len(self.area_code)]


def board_of(area_code: str, on: date | None = None) -> Board:
    """The board of an area, a village too, on the periods before a day (the recent ones before today): twelve queries
    at most, whatever its size.

    The same villages stand in a line, in the total and below the line of every rate.
    """
    calendars = calendars_of(area_code)
    calendar = next(iter(calendars.values()), None) if len(area_code) > 2 else None
    first = _first_month(area_code)
    every = columns_of(calendar, on)
    periods = [one for one in every if one is every[0] or (first and period_of(one.last) >= first)]
    found = standings_of(area_code, periods, calendars)
    lines = _villages(periods, found) if len(area_code) >= 8 else _areas(area_code, periods, found, calendars)
    total = Line(area_code, "Jumlah", tuple(Cell(one, tuple(found[one.code])) for one in periods))
    has_older = bool(first) and first < period_of(periods[-1].last)
    return Board(area_code, calendar, tuple(periods), tuple(lines), total, has_older)


def columns_of(calendar: Calendar | None, on: date | None = None) -> list[Period]:
    """The periods that ended before a day (today), as villages report them; quarters for a province, where kabupaten
    may differ.
    """
    on = on or today()
    if calendar is None:
        return [ended_before(QUARTER, on, back) for back in range(1, COLUMNS[QUARTER] + 1)]
    return report_periods(calendar, on, COLUMNS[calendar.every_in(on.year)])


def _first_month(area_code: str) -> int:
    """The last month of the first period that the kabupaten or province reported; 0 before. Nobody was asked for
    earlier ones in the portal.
    """
    reports = VillageReport.objects.in_area(area_code[:5]).order_by("last_month")
    return reports.values_list("last_month", flat=True).first() or 0


def _areas(
    area_code: str,
    periods: Sequence[Period],
    found: Mapping[str, list[Standing]],
    calendars: Mapping[str, Calendar],
) -> list[Line]:
    """The areas one level down in which somebody owes a report, in the order of their codes; of a province all of its
    kabupaten, those that have not begun with the portal without a report that they would owe.
    """
    model = BELOW[len(area_code)]
    by_area: dict[tuple[str, str], list[Standing]] = {}
    for period in periods:
        for one in found[period.code]:
            by_area.setdefault((one.village_code[: len(area_code) + 3], period.code), []).append(one)
    codes = {code for code, _ in by_area}
    if model is Regency:
        codes |= {code for code, one in calendars.items() if one.is_in_force_on(periods[0].last)}
    names = model.objects.in_area(area_code).order_by("code").values_list("code", "name")
    return [
        Line(code, name, tuple(Cell(one, tuple(by_area.get((code, one.code), ()))) for one in periods))
        for code, name in names
        if code in codes
    ]


def _villages(periods: Sequence[Period], found: Mapping[str, list[Standing]]) -> list[Line]:
    """The villages that owe a report of any of the periods; an empty cell where one did not owe it."""
    by_village = {(one.village_code, period.code): one for period in periods for one in found[period.code]}
    latest: dict[str, Standing] = {}
    for period in periods:
        for one in found[period.code]:
            latest.setdefault(one.village_code, one)
    lines = []
    for code, named in sorted(latest.items()):
        stood = [by_village.get((code, period.code)) for period in periods]
        cells = tuple(Cell(period, (one,) if one else ()) for period, one in zip(periods, stood, strict=True))
        lines.append(Line(code, named.village_name, cells, named.village_id))
    return lines


@dataclass(frozen=True)
class Reminder:
    """What a kecamatan may be told of a period; no person is named."""

    code: str
    name: str
    due_on: date
    missing: tuple[Standing, ...]
    expected: int
    words: str


def reminders(area_code: str, period: Period) -> list[Reminder]:
    """A message ready to send for each kecamatan in which reports of a period are missing, in the order of the codes.

    Raises ValidationError for a period shorter than what villages report.
    """
    calendars = calendars_of(area_code)
    rows = standings_of(area_code, [period], calendars)[period.code]
    names = district_names(area_code)
    by_district: dict[str, list[Standing]] = {}
    for one in rows:
        by_district.setdefault(one.village_code[:8], []).append(one)
    found = []
    for code, some in sorted(by_district.items()):
        missing = tuple(one for one in some if not one.is_in)
        if not missing:
            continue
        due_on = calendars[code[:5]].due_day(period)
        words = _message(names[code], period, due_on, missing, len(some))
        found.append(Reminder(code, names[code], due_on, missing, len(some), words))
    return found


def district_names(area_code: str) -> dict[str, str]:
    """{code: name} of the kecamatan of an area, or of the one that a village lies in."""
    return dict(District.objects.in_area(area_code[:8]).values_list("code", "name"))


def _message(district: str, period: Period, due_on: date, missing: Sequence[Standing], expected: int) -> str:
    verb = "batasnya" if today() <= due_on else "batasnya sudah lewat,"
    named = ", ".join(_named(one, due_on) for one in missing[:MOST_NAMED])
    if len(missing) > MOST_NAMED:
        named += f", dan {format_number(len(missing) - MOST_NAMED)} desa lain"
    came, owed = format_number(expected - len(missing)), format_number(expected)
    return (
        f"Assalamu'alaikum Ibu-ibu pengurus PKK Kecamatan {district}. Laporan UP2K {period.name} {verb}"
        f" {format_day(due_on)}. Sudah masuk {came} dari {owed} desa/kelurahan. Yang kami"
        f" tunggu: {named}. Mohon dibantu supaya segera diajukan di Portal UP2K; bila ada kesulitan, mari kita"
        " bicarakan. Terima kasih."
    )


def _named(one: Standing, due_on: date) -> str:
    if one.state == "returned":
        return f"{one.village_name} (dikembalikan, perlu diperbaiki)"
    if one.due_on and one.due_on > due_on:
        return f"{one.village_name} (diberi waktu sampai {format_day(one.due_on)})"
    return one.village_name


@dataclass(frozen=True)
class LookAhead:
    """What another due day would change: the villages that would no longer be late, and those that would become so."""

    period: Period
    before: date
    after: date
    in_time: tuple[Standing, ...]
    late: tuple[Standing, ...]


def look_ahead(calendar: Calendar, period: Period, tier: str, on: date) -> LookAhead:
    """The effect of a moved due day of one period on the villages of the kabupaten; reads only."""
    code = calendar.regency.code
    then, now = calendar.with_moved(period, tier, on), calendar
    before = standings_of(code, [period], {code: now})[period.code]
    after = standings_of(code, [period], {code: then})[period.code]
    pairs = [(new, old.is_late, new.is_late) for old, new in zip(before, after, strict=True)]
    return LookAhead(
        period,
        now.due_day(period, tier),
        then.due_day(period, tier),
        tuple(one for one, was, becomes in pairs if was and not becomes),
        tuple(one for one, was, becomes in pairs if becomes and not was),
    )


def upcoming(calendar: Calendar) -> list[tuple[Period, list[tuple[str, date, bool]]]]:
    """The running period and the recent ones, each with (tier in words, due day, whether it was moved)."""
    found = []
    for period in running_or_recent(calendar):
        days = [(tier.label, calendar.due_day(period, tier), (period.code, tier) in calendar.moved) for tier in Tier]
        found.append((period, days))
    return found


def running_or_recent(calendar: Calendar) -> list[Period]:
    """The period that runs now and the recent ones, the latest first."""
    return [ended_before(calendar.every_in(today().year), today(), 0), *columns_of(calendar)]


def regencies_of(area_code: str) -> list[Regency]:
    return list(Regency.objects.in_area(area_code).active_on(today()).order_by("code"))


def area_above(area_code: str) -> str:
    """The code of the next level up; "" for a province."""
    return area_code.rpartition(".")[0]
