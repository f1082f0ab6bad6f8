"""Sending a period to the province: one act of the kabupaten's admin, which names who is missing and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reports import workbook
from reports.approved import approved_report
from reports.calendar_services import calendar_of, is_reported
from reports.completeness import Standing
from reports.models import ReportStep, Sending, SentFile, VillageReport
from reports.models.village_reports import State, Verb
from reports.periods import Period
from reports.rows import Report
from reports.sent import head_of
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.reasons import check_reasons
from villages.models import Regency


def missing_from(report: Report) -> list[Standing]:
    """The villages that owe a report and have none that is approved."""
    return [one for one in report.standings if not one.is_agreed]


@transaction.atomic
def send_period(*, regency: Regency, period: Period, reasons: Mapping[str, str], by: User) -> Sending:
    """Marks every approved report of the period as sent and keeps the workbook, byte for byte.

    `reasons` has one for each missing village, by its code. Raises ValidationError without approved reports, for a
    period that villages do not report or that has not ended, and for a missing village without a reason (at its code).
    """
    regency = Regency.objects.select_for_update().get(pk=regency.pk)
    if not is_reported(calendar_of(regency.code), period):
        raise ValidationError(f"{period.name} bukan periode laporan desa.")
    if period.last >= today():
        raise ValidationError(f"{period.name} belum berakhir, jadi belum dapat dikirim.")
    # All of the period are locked: what is approved meanwhile would stand in the file and not be marked as sent.
    reports = VillageReport.objects.select_for_update(of=("self",)).in_area(regency.code)
    every = reports.filter(period=period.code).order_by("pk")
    approved = [one for one in every if one.state == State.APPROVED]
    if not approved:
        raise ValidationError("Belum ada laporan yang disetujui dan belum dikirim pada periode ini.")
    at = timezone.now()
    report = approved_report(area_code=regency.code, period=period, made_by=by.name, made_at=format_moment(at))
    return keep_sending(report, approved, _reasoned(report, reasons), regency=regency, by=by, at=at)


def _reasoned(report: Report, reasons: Mapping[str, str]) -> list[dict]:
    missing = missing_from(report)
    told = {one.village_code: reasons.get(one.village_code, "").strip() for one in missing}
    check_reasons((code, reason, "kantor desa terendam banjir") for code, reason in told.items())
    return [{"code": one.village_code, "name": one.village_name, "reason": told[one.village_code]} for one in missing]


def keep_sending(
    report: Report, approved: Sequence[VillageReport], missing: list[dict], *, regency: Regency, by: User, at: datetime
) -> Sending:
    """The act itself, without asking whether it may be done: the sending, its file, and a step on each report."""
    code = report.period.code
    number = Sending.objects.filter(regency=regency, period=code).count() + 1
    sending = Sending(
        regency=regency,
        period=code,
        number=number,
        report_count=len(approved),
        missing=missing,
        head=head_of(report),
        sent_by=by,
        sent_at=at,
    )
    sending.save()
    target = BytesIO()
    workbook.save(report, target)
    content = target.getvalue()
    name = f"UP2K_{regency.code}_{code}_kirim-{number}.xlsx"
    SentFile(sending=sending, name=name, sha256=sha256(content).hexdigest(), content=content).save()
    facts = {"verb": Verb.SEND, "state": State.SENT, "by": by, "at": at, "sending": sending}
    for one in approved:
        ReportStep(report=one, version_id=one.version_id, **facts).save()
    VillageReport.objects.filter(pk__in=[one.pk for one in approved]).update(state=State.SENT, changed_at=at)
    return sending
