"""Which villages report which periods, and until when."""

from datetime import date

from reports.models import DueDay, DueException, ReportCalendar
from reports.models.calendar import Tier
from reports.periods import MONTH, Period, ended_before, next_month_day, parse_period
from villages.models import Regency, Village


def calendar_of(regency_code: str) -> ReportCalendar:
    """The kabupaten's calendar; the usual one, unsaved, where nothing was set. Raises Regency.DoesNotExist."""
    found = ReportCalendar.objects.filter(regency__code=regency_code).select_related("regency").first()
    return found or ReportCalendar(regency=Regency.objects.get(code=regency_code))


def due_day(calendar: ReportCalendar, period: Period, tier: str = Tier.VILLAGE) -> date:
    """The last day in time: the calendar's day of the month after the period, unless it was moved for all."""
    moved = DueDay.objects.filter(regency=calendar.regency, period=period.code, tier=tier).first()
    return moved.on if moved else next_month_day(period, calendar.day_of(tier))


def last_days(calendar: ReportCalendar, period: Period, villages: list[Village]) -> dict[int, date]:
    """{key of the village: its last day in time}: the due day, later where leave was given; two queries."""
    common = due_day(calendar, period)
    given = DueException.objects.filter(period=period.code, village__in=villages).values_list("village", "until")
    found = {village.pk: common for village in villages}
    for pk, until in given:
        found[pk] = max(found[pk], until)
    return found


def expected(area_code: str, period: Period):
    """The villages that owe a report: those in force on the period's last day, whatever became of them since."""
    return Village.objects.in_area(area_code).active_on(period.last)


def report_periods(calendar: ReportCalendar, today: date, count: int) -> list[Period]:
    """The latest periods that villages report and that have ended, the newest first."""
    return [ended_before(calendar.every, today, back) for back in range(1, count + 1)]


def is_reported(calendar: ReportCalendar, period: Period) -> bool:
    """Whether villages of the kabupaten hand in a report of just this length."""
    return period.months_count == calendar.every


def parts_of(calendar: ReportCalendar, period: Period) -> list[Period]:
    """The reported periods that a longer one is made of, in order; of itself where it is reported as it is.

    Raises ValueError for a period shorter than what villages report.
    """
    if period.months_count < calendar.every:
        raise ValueError(f"Desa melapor per triwulan; laporan {period.name} tidak ada.")
    year, first = period.first.year, period.first.month
    months = range(first, period.last.month + 1, calendar.every)
    if calendar.every == MONTH:
        return [parse_period(f"{year}-{month:02}") for month in months]
    return [parse_period(f"{year}-TW{(month - 1) // 3 + 1}") for month in months]
