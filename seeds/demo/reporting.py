"""Reports of the demo's villages over four quarters: the old ones sent, the last ones on their way.

Figures are read once a quarter for the whole kabupaten and frozen village by village, as submitting would have.
A village hands in only what its groups have closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from loans.models import Entry, MonthClosing
from reports import indicators
from reports.approved import approved_report
from reports.calendar_services import calendar_of, due_day
from reports.figures import group_rows
from reports.models import (
    DefinitionSet,
    ReportRemark,
    ReportStep,
    ReportVersion,
    VillageReport,
)
from reports.models.village_reports import State, Verb
from reports.periods import QUARTER, Period, ended_before
from reports.report_months import build_lock
from reports.rows import GroupRow
from reports.sending_services import keep_sending, missing_from
from reports.snapshot import Snapshot
from reports.validation_services import find
from seeds.demo.bulk import Rows
from seeds.demo.scene import Scene
from seeds.demo.users import ADMIN
from seeds.demo.villages import REGENCY
from up2k_portal.lib.dates import format_moment, period_of
from villages.models import Group, Regency, Village

QUARTERS = 4
NOT_SENT = 2  # quarters at the end that the kabupaten has not sent yet
LATE = 0.12  # of the villages, by a few days
NEVER = 0.05  # that miss an old period altogether
NIL_REASON = "Belum ada kelompok UP2K di desa ini"
MISSING_REASON = "Laporan belum masuk sampai hari pengiriman"
EXPLAINED = (
    "Sudah ditagih di pertemuan, dibayar sesudah panen",
    "Pinjaman musim tanam baru cair bulan itu",
    "Sudah diperiksa dengan buku, angkanya benar",
)
REMARK = "Jumlah anggota tidak sama dengan daftar hadir, mohon diperiksa"
# Of the quarter before the last and of the last: how far reports came, by chance up to each number.
REACH = (
    ((0.80, State.APPROVED), (0.90, State.VERIFIED), (1.0, State.SUBMITTED)),
    ((0.35, State.APPROVED), (0.60, State.VERIFIED), (0.92, State.SUBMITTED), (1.0, State.RETURNED)),
)
WAY = (
    (Verb.SUBMIT, State.SUBMITTED, 0),
    (Verb.VERIFY, State.VERIFIED, 3),
    (Verb.APPROVE, State.APPROVED, 7),
)


@dataclass
class Reporting:
    """What all reports of one demo share."""

    scene: Scene
    users: dict[str, User]
    rows: Rows
    definitions: DefinitionSet
    latest: Period  # the quarter that is on its way: its reports are checked, as submitting does
    closed: dict[int, int]  # {key of the group: the last month it closed}
    with_money: set[int]

    def is_closed(self, groups: Iterable[GroupRow], month: int) -> bool:
        return all(self.closed.get(row.group_id, 0) >= month for row in groups if row.group_id in self.with_money)


def add_reports(scene: Scene, users: dict[str, User]) -> None:
    """Four quarters up to the scene's end, for every village of the kabupaten."""
    calendar = calendar_of(REGENCY)
    definitions, _ = DefinitionSet.objects.get_or_create(
        sha256=indicators.definitions_hash(), defaults={"rows": indicators.definitions()}
    )
    closings = MonthClosing.objects.filter(reopened_at=None).values_list("group").annotate(last=Max("period"))
    with_money = set(Entry.objects.order_by().values_list("group", flat=True).distinct())
    periods = [ended_before(QUARTER, scene.until + timedelta(days=1), back) for back in range(QUARTERS, 0, -1)]
    reporting = Reporting(scene, users, Rows(), definitions, periods[-1], dict(closings), with_money)
    _count_rows()
    for at, period in enumerate(periods):
        reach = REACH[at - QUARTERS + NOT_SENT] if at >= QUARTERS - NOT_SENT else None
        _add_quarter(reporting, period, due_day(calendar, period), reach)
    reporting.rows.close()
    _count_rows()
    for period in periods[:-NOT_SENT]:
        _send(reporting, period)


def _count_rows() -> None:
    """PostgreSQL takes tables filled in this transaction for empty, and joins them row by row, until it is told."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _add_quarter(reporting: Reporting, period: Period, due: date, reach) -> None:
    by_village: dict[str, list[GroupRow]] = {}
    for row in group_rows(REGENCY, period):
        by_village.setdefault(row.village_code, []).append(row)
    for village in Village.objects.in_area(REGENCY).active_on(period.last).order_by("code"):
        groups = by_village.get(village.code, [])
        rng = Random(f"{reporting.scene.seed}:{village.code}:{period.code}")
        if rng.random() < NEVER or not reporting.is_closed(groups, period_of(period.last)):
            continue
        draw = rng.random()
        state = next(one for most, one in reach if draw <= most) if reach else State.APPROVED
        if village.code not in reporting.users and not groups and draw > 0.7:
            continue  # nobody serves there, and the kecamatan did not declare it nihil
        if village.code in reporting.users and not groups and period == reporting.latest:
            continue  # left for whoever tries the demo as its operator
        _Writer(reporting, village, period, tuple(groups), rng).write(state, due)


@dataclass
class _Writer:
    """One village's report, as far as it came."""

    reporting: Reporting
    village: Village
    period: Period
    groups: tuple[GroupRow, ...]
    rng: Random

    def write(self, state: State, due: date) -> None:
        rows, users = self.reporting.rows, self.reporting.users
        district, staff = users[self.village.code[:8]], users[REGENCY]
        operator = users.get(self.village.code)
        on = due + timedelta(days=self.rng.randint(1, 9) if self.rng.random() < LATE else -self.rng.randint(0, 4))
        report = rows.add(
            VillageReport(village=self.village, period=self.period.code, last_month=period_of(self.period.last))
        )
        version = rows.add(self._version(report, operator, _moment(on)))
        report.submitted_on = on
        for verb, then, days in WAY:
            by = {Verb.SUBMIT: operator, Verb.VERIFY: district, Verb.APPROVE: staff}[verb]
            self._step(report, version, verb, then, by, _moment(on + timedelta(days=days)))
            if then == state or state == State.RETURNED:
                break
        if state == State.RETURNED:
            self._return(report, version, district, _moment(on + timedelta(days=2)))
        else:
            self._lock(operator, _moment(on))

    def _version(self, report: VillageReport, by: User | None, at: datetime) -> ReportVersion:
        snapshot = Snapshot(
            self.village.code, self.village.full_name, self.period.code, self.reporting.definitions.sha256,
            self.groups, is_nil=not self.groups,
        )  # fmt: skip
        explained = self._explained(snapshot)
        return ReportVersion(
            report=report,
            number=1,
            figures=snapshot.as_json(),
            sha256=snapshot.sha256,
            explanations=explained,
            warning_count=len(explained),
            definitions=self.reporting.definitions,
            is_nil=snapshot.is_nil,
            nil_reason=NIL_REASON if snapshot.is_nil else "",
            signed_name=self.groups[0].leader if self.groups else "",
            made_by=by,
            made_at=at,
        )

    def _explained(self, snapshot: Snapshot) -> dict[str, dict[str, str]]:
        if self.period != self.reporting.latest:
            return {}
        found = find(self.village, self.period, snapshot)
        return {one.key: {"finding": one.words, "words": self.rng.choice(EXPLAINED)} for one in found}

    def _step(self, report, version, verb, state, by, at, reason="") -> ReportStep:
        report.state, report.version, report.changed_at = state, version, at
        return self.reporting.rows.add(
            ReportStep(report=report, version=version, verb=verb, state=state, by=by, at=at, reason=reason)
        )

    def _return(self, report, version, by: User, at: datetime) -> None:
        step = self._step(report, version, Verb.RETURN, State.RETURNED, by, at, REMARK)
        for row in self.groups[:1]:
            remark = ReportRemark(village=self.village, step=step, group_id=row.group_id, key="members", words=REMARK)
            self.reporting.rows.add(remark)

    def _lock(self, by: User | None, at: datetime) -> None:
        for group in Group.objects.filter(pk__in=[row.group_id for row in self.groups]).order_by("pk"):
            self.reporting.rows.add(build_lock(group, self.period, by, at))


def _send(reporting: Reporting, period: Period) -> None:
    """The kabupaten's one act, on the third day after its own due day, with the file as it went out."""
    regency, admin = Regency.objects.get(code=REGENCY), reporting.users[ADMIN]
    at = _moment(due_day(calendar_of(REGENCY), period, "regency") + timedelta(days=3))
    report = approved_report(area_code=REGENCY, period=period, made_by=admin.name, made_at=format_moment(at))
    missing = [
        {"code": one.village_code, "name": one.village_name, "reason": MISSING_REASON} for one in missing_from(report)
    ]
    approved = VillageReport.objects.in_area(REGENCY).filter(period=period.code, state=State.APPROVED)
    keep_sending(report, list(approved.order_by("pk")), missing, regency=regency, by=admin, at=at)


def _moment(on: date) -> datetime:
    return datetime.combine(on, time(9, 30), tzinfo=timezone.get_default_timezone())
