"""Which villages report which periods, and until when. A calendar is read whole, so that asking it costs no query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import history
from accounts.models import User
from reports.models import DueDay, DueException, ReportCalendar, VillageReport
from reports.models.calendar import Tier
from reports.models.village_reports import IN, State
from reports.periods import MONTH, QUARTER, YEAR, Period, ended_before, next_month_day, parse_period
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Regency, Village

ONE_DAY = timedelta(days=1)
USUAL = ReportCalendar()  # a kabupaten that decided nothing: each triwulan, by the 5th, 10th and 15th
REASON = "kantor desa terendam banjir"
LONGEST_LEAVE = 60  # days: leave that never ends is a moved due day


@dataclass(frozen=True)
class Calendar:
    """What a kabupaten decided, the latest decision first, and the due days it moved."""

    regency: Regency
    decisions: Sequence[ReportCalendar] = ()
    moved: Mapping[tuple[str, str], DueDay] = field(default_factory=dict)  # by code of the period and tier

    @property
    def latest(self) -> ReportCalendar:
        """The latest decision, in force or still ahead."""
        return self.decisions[0] if self.decisions else USUAL

    def on(self, day: date) -> ReportCalendar:
        """The decision that counts for a period that ends on this day."""
        return next((one for one in self.decisions if one.from_day <= day), USUAL)

    def every_in(self, year: int) -> int:
        """Months between reports: the same all through a year, since another rhythm begins with a year."""
        return self.on(date(year, 12, 31)).every

    def due_day(self, period: Period, tier: str = Tier.VILLAGE) -> date:
        """The last day in time: the decided day of the month after the period, unless it was moved for all.

        Whoever is further up is never due before whom he waits for.
        """
        upto = list(Tier)[: list(Tier).index(Tier(tier)) + 1]
        return max(self._own_due_day(period, one) for one in upto)

    def _own_due_day(self, period: Period, tier: str) -> date:
        moved = self.moved.get((period.code, tier))
        return moved.on if moved else self.usual_due_day(period, tier)

    @property
    def is_in_use(self) -> bool:
        """Whether the kabupaten has begun with the portal: it has entered a group, or handed in a report."""
        return getattr(self.regency, "has_groups", True) or getattr(self.regency, "has_reports", True)

    def is_in_force_on(self, day: date) -> bool:
        one = self.regency
        return (one.active_from is None or one.active_from <= day) and (
            one.active_until is None or one.active_until >= day
        )

    def usual_due_day(self, period: Period, tier: str = Tier.VILLAGE) -> date:
        return next_month_day(period, self.on(period.last).day_of(tier))

    def with_moved(self, period: Period, tier: str, on: date) -> "Calendar":
        """The calendar as it would be with this due day, for a look ahead."""
        row = DueDay(regency=self.regency, period=period.code, tier=tier, on=on)
        return replace(self, moved={**self.moved, (period.code, tier): row})


def calendars_of(area_code: str) -> dict[str, Calendar]:
    """{code of the kabupaten: its calendar} for every kabupaten that the area touches; three queries."""
    regencies = list(_with_use(Regency.objects.in_area(area_code[:5])).order_by("code"))
    decisions: dict[int, list[ReportCalendar]] = {}
    for one in ReportCalendar.objects.filter(regency__in=regencies).select_related("set_by").order_by("-pk"):
        decisions.setdefault(one.regency_id, []).append(one)
    moved: dict[int, dict[tuple[str, str], DueDay]] = {}
    for row in DueDay.objects.filter(regency__in=regencies).select_related("set_by").order_by("-period", "tier"):
        moved.setdefault(row.regency_id, {})[row.period, row.tier] = row
    return {one.code: Calendar(one, decisions.get(one.pk, ()), moved.get(one.pk, {})) for one in regencies}


def _with_use(regencies):
    groups = Group.objects.filter(village__district__regency=OuterRef("pk"), is_practice=False)
    reports = VillageReport.objects.filter(village__district__regency=OuterRef("pk"))
    return regencies.annotate(has_groups=Exists(groups), has_reports=Exists(reports))


def calendar_of(regency_code: str) -> Calendar:
    """The kabupaten's calendar; the usual one where nothing was decided. Raises Regency.DoesNotExist."""
    found = calendars_of(regency_code)
    if regency_code not in found:
        raise Regency.DoesNotExist(regency_code)
    return found[regency_code]


def due_day(calendar: Calendar, period: Period, tier: str = Tier.VILLAGE) -> date:
    return calendar.due_day(period, tier)


def leaves_of(area_code: str, codes: Iterable[str]) -> dict[tuple[int, str], date]:
    """{(key of the village, code of the period): until when it may report}, the longest leave of each; one query."""
    found: dict[tuple[int, str], date] = {}
    rows = DueException.objects.in_area(area_code).filter(period__in=list(codes))
    for village, period, until in rows.values_list("village", "period", "until"):
        found[village, period] = max(until, found.get((village, period), until))
    return found


def last_days(calendar: Calendar, period: Period, villages: Sequence[Village]) -> dict[int, date]:
    """{key of the village: its last day in time}: the due day, later where leave was given; one query."""
    common = calendar.due_day(period)
    given = DueException.objects.filter(period=period.code, village__in=villages).values_list("village", "until")
    found = {village.pk: common for village in villages}
    for pk, until in given:
        found[pk] = max(found[pk], until)
    return found


def expected(area_code: str, period: Period):
    """The villages that owe a report: those in force on the period's last day, whatever became of them since."""
    return Village.objects.in_area(area_code).active_on(period.last)


def report_periods(calendar: Calendar, today: date, count: int) -> list[Period]:
    """The latest periods that villages report and that have ended, the newest first."""
    found: list[Period] = []
    day = _running(calendar, today).first
    while len(found) < count:
        found.append(_running(calendar, day - ONE_DAY))
        day = found[-1].first
    return found


def _running(calendar: Calendar, day: date) -> Period:
    """The period, of the length that villages report then, that a day lies in."""
    return ended_before(calendar.every_in(day.year), day, 0)


def is_reported(calendar: Calendar, period: Period) -> bool:
    """Whether villages of the kabupaten hand in a report of just this length."""
    return period.months_count == calendar.every_in(period.last.year)


def parts_of(calendar: Calendar, period: Period) -> list[Period]:
    """The reported periods that a longer one is made of, in order; of itself where it is reported as it is.

    Raises ValueError for a period shorter than what villages report.
    """
    every = calendar.every_in(period.last.year)
    if period.months_count < every:
        raise ValueError(f"Desa melapor per triwulan; laporan {period.name} tidak ada.")
    year, first = period.first.year, period.first.month
    months = range(first, period.last.month + 1, every)
    if every == MONTH:
        return [parse_period(f"{year}-{month:02}") for month in months]
    return [parse_period(f"{year}-TW{(month - 1) // QUARTER + 1}") for month in months]


# ---- what is decided


@dataclass(frozen=True)
class Terms:
    """How often villages report and by which day of the next month each must have done his part."""

    every: int
    village_day: int
    district_day: int
    regency_day: int

    @property
    def days(self) -> tuple[int, int, int]:
        return self.village_day, self.district_day, self.regency_day


def begins_on(calendar: Calendar, terms: Terms) -> date:
    """The first day from which other terms may hold, so that nothing reported or late already changes.

    Another rhythm begins with the first year that has no report. Other days begin with the first period whose due
    day is ahead, under the old terms and the new.
    """
    if terms.every != calendar.every_in(today().year):
        return date(_first_free_year(calendar), 1, 1)
    period = report_periods(calendar, today(), 1)[0]
    due = min(calendar.due_day(period), next_month_day(period, terms.village_day))
    return period.first if today() <= due else period.last + ONE_DAY


def _first_free_year(calendar: Calendar) -> int:
    reports = VillageReport.objects.in_area(calendar.regency.code).order_by("-last_month")
    month = reports.values_list("last_month", flat=True).first()
    return max(today().year, month // 100 + 1) if month else today().year


@transaction.atomic
def set_calendar(*, regency: Regency, terms: Terms, reason: str, by: User) -> ReportCalendar:
    """Decides how often villages report and by which days of the month, from `begins_on`. The same terms twice are one.

    Raises ValidationError for days that do not follow each other and without a reason.
    """
    regency = Regency.objects.select_for_update().get(pk=regency.pk)
    calendar = calendar_of(regency.code)
    check_terms(terms)
    check_reason(reason, example="kecamatan meminta waktu lebih lama")
    if calendar.decisions and calendar.latest.terms == (terms.every, *terms.days):
        return calendar.latest
    from_day = begins_on(calendar, terms)
    row = ReportCalendar(
        regency=regency, from_day=from_day, every=terms.every, village_day=terms.village_day,
        district_day=terms.district_day, regency_day=terms.regency_day, reason=reason.strip(), set_by=by,
    )  # fmt: skip
    return history.save(row, by=by, reason=reason.strip())


def check_terms(terms: Terms) -> None:
    """Raises ValidationError unless the village's day comes before the kecamatan's and that before the kabupaten's."""
    if not terms.village_day < terms.district_day:
        said = f"Tulis tanggal sesudah batas desa, misalnya {min(terms.village_day + 5, 28)}."
        raise ValidationError({"district_day": said})
    if not terms.district_day < terms.regency_day:
        said = f"Tulis tanggal sesudah batas kecamatan, misalnya {min(terms.district_day + 5, 28)}."
        raise ValidationError({"regency_day": said})


@transaction.atomic
def move_due_day(*, regency: Regency, period: Period, tier: str, on: date, reason: str, by: User) -> DueDay:
    """Moves one due day of one period for everyone. The same day again changes nothing.

    Raises ValidationError for a period that villages do not report, a day before the period has ended, and no reason.
    """
    regency = Regency.objects.select_for_update().get(pk=regency.pk)
    calendar = calendar_of(regency.code)
    check_move(calendar, period, tier, on)
    check_reason(reason, example="banjir di tiga kecamatan")
    if calendar.due_day(period, tier) == on:
        return calendar.moved.get((period.code, tier)) or DueDay(regency=regency, period=period.code, tier=tier, on=on)
    row = calendar.moved.get((period.code, tier)) or DueDay(regency=regency, period=period.code, tier=tier)
    row.on, row.reason, row.set_by = on, reason.strip(), by
    return history.save(row, by=by, reason=reason.strip())


def check_move(calendar: Calendar, period: Period, tier: str, on: date) -> None:
    """Raises ValidationError unless the period is one that villages report and the day lies in the order of tiers."""
    if not is_reported(calendar, period):
        raise ValidationError({"period": f"{period.name} bukan periode laporan desa."})
    if on <= period.last:
        raise ValidationError({"on": f"Tulis tanggal sesudah {format_day(period.last)}, hari terakhir periodenya."})
    if on > period.last + timedelta(days=YEAR * 30):
        raise ValidationError({"on": "Tulis tanggal paling lama setahun sesudah periodenya berakhir."})
    order = list(Tier)
    at = order.index(Tier(tier))
    if at and on < (before := calendar.due_day(period, order[at - 1])):
        raise ValidationError({"on": f"Tulis tanggal paling awal {format_day(before)}, batas tahap sebelumnya."})


@transaction.atomic
def grant_leave(*, village: Village, period: Period, until: date, reason: str, by: User) -> DueException:
    """Lets one village report a period until a later day without being late. The same leave twice is one.

    Given by the kecamatan or kabupaten, never by whoever hands in the village's report. Raises ValidationError for a
    period not reported, a day that gives nothing or is past, a report that is in, and without a reason.
    """
    village = Village.objects.select_for_update(of=("self",)).select_related("district__regency").get(pk=village.pk)
    same = DueException.objects.filter(
        village=village, period=period.code, until=until, reason=reason.strip(), granted_by=by
    )
    if sent := same.first():
        return sent
    _check_leave(village, period, until, by)
    check_reason(reason, example=REASON)
    row = DueException(village=village, period=period.code, until=until, reason=reason.strip(), granted_by=by)
    return history.save(row, by=by, reason=reason.strip())


def _check_leave(village: Village, period: Period, until: date, by: User) -> None:
    access, calendar = by.access_on(today()), calendar_of(village.code[:5])
    if not access.may_in(Action.VERIFY_REPORTS, village):
        raise ValidationError("Perpanjangan diberi kecamatan atau kabupaten, bukan oleh desa sendiri.")
    if access.may_in(Action.SUBMIT_REPORTS, village):
        raise ValidationError("Anda sendiri yang mengajukan laporan desa ini. Minta kabupaten memberi perpanjangan.")
    if not is_reported(calendar, period) or not expected(village.code, period).exists():
        raise ValidationError({"period": f"{village.full_name} tidak melaporkan {period.name}."})
    came = VillageReport.objects.filter(village=village, period=period.code, state__in=(*IN, State.RETURNED))
    if came.exists():
        raise ValidationError(f"Laporan {period.name} desa ini sudah masuk, jadi tidak perlu perpanjangan.")
    last = last_days(calendar, period, [village])[village.pk]
    if until < max(today(), last + ONE_DAY):
        said = f"Batasnya sekarang {format_day(last)}. Tulis tanggal sesudahnya, paling awal hari ini."
        raise ValidationError({"until": said})
    if until > max(today(), last) + timedelta(days=LONGEST_LEAVE):
        raise ValidationError({"until": f"Perpanjangan paling lama {LONGEST_LEAVE} hari. Beri lagi nanti bila perlu."})
