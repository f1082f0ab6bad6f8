"""What the home page tells of reports: the one a village owes next, what came back, or how many wait for the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from enterprises.months import first_day
from reports.calendar_services import calendar_of, last_days, report_periods
from reports.drill import rows_url
from reports.indicators import ALL
from reports.models import ReportRemark, ReportStep, VillageReport
from reports.models.village_reports import IN, State, Verb
from reports.periods import Period, ended_before
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_number
from villages.models import Village


@dataclass(frozen=True)
class Waiting:
    title: str
    text: str
    url: str
    link: str


def waiting_for(access: Access) -> Waiting | None:
    """How many reports wait for this reviewer; one query, or none for who reviews nothing."""
    states = [State.SUBMITTED] if access.may(Action.VERIFY_REPORTS) else []
    states += [State.VERIFIED] if access.may(Action.APPROVE_REPORTS) else []
    if not states:
        return None
    count = VillageReport.objects.visible_to(access).filter(state__in=states).count()
    if not count:
        return None
    title = f"{format_number(count)} laporan desa menunggu Anda"
    return Waiting(title, "Yang terlama lebih dulu.", reverse("report-queue"), "Buka antrean")


@dataclass(frozen=True)
class Remark:
    """What a reviewer said of one value: `url` leads to the rows behind it, else to the report."""

    about: str
    words: str
    url: str


@dataclass(frozen=True)
class Owed:
    """The report that a village hands in next."""

    village: Village
    period: Period
    state: State
    due_on: date
    has_ended: bool
    reason: str = ""  # why it came back
    by: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def url(self) -> str:
        return reverse("village-report", args=[self.village.pk, self.period.code])

    @property
    def is_returned(self) -> bool:
        return self.state is State.RETURNED


def owed_by(village: Village, month: int, access: Access) -> Owed:
    """The report of the period that a month (202609) lies in, while it is not in; else the one that ended last while
    that is not in; else that of the running period. Eight queries at most. The village comes with its `district`.
    """
    calendar = calendar_of(village.code[:5])
    rows = VillageReport.objects.visible_to(access).filter(village=village)
    reports = {one.period: one for one in rows.order_by("period")}
    day = first_day(month)
    worked_on = ended_before(calendar.every_in(day.year), day, 0)
    running = ended_before(calendar.every_in(today().year), today(), 0)
    ended = [one for one in (worked_on, report_periods(calendar, today(), 1)[0]) if one.last < today()]
    open_ = [one for one in ended if one.code not in reports or reports[one.code].state not in IN]
    back = [one for one in ended if one.code in reports and reports[one.code].state == State.RETURNED]
    period = next(iter([*back, *open_]), running)
    report = reports.get(period.code)
    state = State(report.state) if report else State.DRAFT
    due_on, has_ended = last_days(calendar, period, [village])[village.pk], period.last < today()
    step = _return_of(report, access) if report and state is State.RETURNED else None
    if step is None:
        return Owed(village, period, state, due_on, has_ended)
    by, remarks = str(step.by) if step.by else "", tuple(_remarks(step, village, period, access))
    return Owed(village, period, state, due_on, has_ended, step.reason, by, remarks)


def _return_of(report: VillageReport, access: Access) -> ReportStep | None:
    """With which the latest version came back."""
    steps = ReportStep.objects.visible_to(access).filter(report=report, verb=Verb.RETURN)
    return steps.select_related("by", "report").order_by("-pk").first()


def _remarks(step: ReportStep, village: Village, period: Period, access: Access) -> Iterator[Remark]:
    rows = ReportRemark.objects.visible_to(access).filter(step=step).select_related("group").order_by("pk")
    for one in rows:
        url = rows_url(one.key, one.group_id or village.code, period, access) if one.key in ALL else ""
        about = ALL[one.key].label if one.key in ALL else str(one.group or "Seluruh laporan")
        yield Remark(about, one.words, url or step.report.get_absolute_url())
