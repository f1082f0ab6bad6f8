"""Village reports as far on their way as a test needs them, made through the services."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from enterprises.months import last_day
from loans.closing_services import close_month, next_to_close
from loans.month_services import closed_through
from reports.forms import layout
from reports.indicators import definitions as definitions_
from reports.models import (
    DefinitionSet,
    DueDay,
    DueException,
    ExportJob,
    FormVersion,
    ReportCalendar,
    ReportStep,
    ReportVersion,
    Sending,
    SentFile,
    VillageReport,
)
from reports.periods import Period, parse_period
from reports.report_services import Signing, approve, draft_of, snapshot_of, submit, verify
from tests import build
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import period_of
from villages.models import Group, Regency, Village

TW2 = parse_period("2026-TW2")  # ended on 30 June 2026: the latest quarter that is over in the tests


def person(role: Role, area: str, username: str) -> User:
    return User.objects.filter(username=username).first() or build.user(role, area, username=username, name=username)


def close_until(group: Group, last: date = TW2.last) -> None:
    """Closes the group's months up to a day's, counting its cash on that day."""
    if next_to_close(group) and not closed_through(group):
        build.cash_count(group, last)
        close_month(group=group, period=period_of(last), by=None)
    while 0 < (month := next_to_close(group)) <= period_of(last):
        build.cash_count(group, last_day(month))
        close_month(group=group, period=month, by=None)


def submitted(
    village: Village, period: Period = TW2, *, by: User | None = None, closes: bool = True, **signing
) -> VillageReport:
    """The report as its operator submitted it, every warning explained."""
    by = by or person(Role.OPERATOR, village.code, f"op-{village.code}")
    if closes:
        for group in Group.objects.filter(village=village):
            close_until(group, period.last)
    draft = draft_of(village, period)
    explanations = {one.key: "sudah diperiksa di rapat" for one in draft.warnings}
    signing = Signing(explanations=explanations, **signing)
    return submit(village=village, period=period, by=by, seen=draft.snapshot.sha256, signing=signing).report


def verified(village: Village, period: Period = TW2, *, by: User | None = None, **more) -> VillageReport:
    by = by or person(Role.DISTRICT, village.code[:8], f"kec-{village.code[:8]}")
    report = submitted(village, period, **more)
    return verify(report=report, seen=report.version.sha256, by=by).report


def approved(village: Village, period: Period = TW2, *, by: User | None = None, **more) -> VillageReport:
    by = by or person(Role.STAFF, village.code[:5], f"kab-{village.code[:5]}")
    report = verified(village, period, **more)
    return approve(report=report, seen=report.version.sha256, by=by).report


def kept(village: Village, period: Period = TW2, **fields) -> VillageReport:
    """A report that is simply there, whatever the village's months say: for pages, not for the way it went."""
    snapshot = snapshot_of(village, period)
    report = VillageReport.objects.create(village=village, period=period.code, last_month=period_of(period.last))
    definitions, _ = DefinitionSet.objects.get_or_create(sha256=snapshot.definitions, defaults={"rows": definitions_()})
    version = ReportVersion(
        report=report, number=1, figures=snapshot.as_json(), sha256=snapshot.sha256, definitions=definitions
    )
    version.save()
    for name, value in ({"state": "submitted", "submitted_on": date(2026, 7, 4)} | fields).items():
        setattr(report, name, value)
    report.version = version
    report.save()
    ReportStep(report=report, version=version, verb="submit", state="submitted").save()
    return report


def sent_file(regency: Regency) -> SentFile:
    sending = Sending(regency=regency, period=TW2.code, number=1, report_count=1)
    sending.save()
    file = SentFile(sending=sending, name="UP2K.xlsx", sha256="0" * 64, content=b"PK")
    file.save()
    return file


def leave(village: Village, **fields) -> DueException:
    """That a village may report later, as a row."""
    reason = f"kantor desa terendam, kali ke-{DueException.objects.count() + 1}"
    facts = {"period": TW2.code, "until": date(2026, 10, 5), "reason": reason}
    return DueException.objects.create(village=village, **facts | fields)


def calendar_rows(village: Village, by: User) -> None:
    """One decision, one moved day and one leave, as rows."""
    regency, reason = village.district.regency, "banjir di tiga kecamatan"
    ReportCalendar.objects.create(regency=regency, from_day=date(2026, 7, 1), reason=reason, set_by=by)
    DueDay.objects.create(
        regency=regency, period=TW2.code, tier="village", on=date(2026, 7, 9), reason=reason, set_by=by
    )
    leave(village, granted_by=by)


def form_version(regency: Regency) -> FormVersion:
    """A new version of R-3 that someone has looked at and nobody has put in force."""
    return FormVersion.objects.create(
        regency=regency,
        form="r-3",
        version="2",
        valid_from=date(2027, 1, 1),
        layout=layout("r-3") | {"version": "2"},
        previewed_at=timezone.now(),
    )


def export(village: Village, **fields) -> ExportJob:
    """A download that somebody asked for and nobody made yet."""
    facts = {"form": "provinsi", "area_code": village.code, "area_name": village.full_name, "period": TW2.code}
    return ExportJob.objects.create(**facts | {"basis": "live", "asked_by": build.user()} | fields)
