"""Asking for an export, making it, asking again, throwing it away. A job does what the page would do, later.

What is small is answered at once (`is_large`); the rest becomes a job that the worker (`manage.py run_tasks`) makes
with the access that its owner has when it is made, not when she asked.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from loans.ledger_services import same_sending
from reports.exports import storage
from reports.exports.progress import percent_at, sheet_count
from reports.models import ExportJob
from reports.periods import Period, parse_period
from reports.services import BASES, WHOLE, filename, form_names, report_for, write_report
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from villages.areas import area_names
from villages.models import Group

logger = logging.getLogger(__name__)

AT_ONCE = 100  # groups whose workbook a person waits for: a second on two idle cores, several on busy ones
MOST_WAITING = 5  # of one person
MOST_ATTEMPTS = 2  # a job that took the worker down twice is not tried by itself again
Step, State = ExportJob.Step, ExportJob.State

LOST_AREA = "Wilayah ini tidak lagi di bawah penugasan Anda."
CUT_OFF = "Pembuatannya terputus dua kali. Coba lagi nanti atau pilih wilayah yang lebih kecil."
BROKEN = "Ada kesalahan di sistem saat membuat berkas ini, bukan karena isian Anda. Coba lagi atau hubungi kabupaten."


def is_large(area_code: str) -> bool:
    """Whether the workbook of an area takes longer than a person should wait for a page."""
    groups = Group.objects.in_area(area_code).order_by()
    return len(groups.values_list("pk")[: AT_ONCE + 1]) > AT_ONCE


@transaction.atomic
def ask(*, form: str, area_code: str, period: Period, basis: str, by: User, uuid: UUID) -> ExportJob:
    """The job for this export, queued; the same uuid gives the same job, and so does what already waits unmade.

    Raises ValidationError for a form or basis that does not exist, for another export or person under the same uuid,
    and when five of hers are not made yet.
    """
    facts = {"form": form, "area_code": area_code, "period": period.code, "basis": basis}
    if sent := ExportJob.objects.filter(uuid=uuid).first():
        return same_sending(sent, all(getattr(sent, name) == told for name, told in (facts | {"asked_by": by}).items()))
    _check(form, basis)
    mine = ExportJob.objects.filter(asked_by=by).unfinished()
    if waiting := mine.filter(**facts).first():
        return waiting
    if mine.count() >= MOST_WAITING:
        raise ValidationError(f"Sudah ada {MOST_WAITING} unduhan Anda yang belum jadi. Tunggu salah satunya selesai.")
    ((name, _),) = area_names([area_code])
    job = ExportJob.objects.create(uuid=uuid, asked_by=by, area_name=name, **facts)
    _queue(job)
    return job


def _check(form: str, basis: str) -> None:
    if form not in dict(form_names()):
        raise ValidationError(f"Formulir {form[:20]} tidak ada.")
    if basis not in BASES:
        raise ValidationError(f"Dasar angka {basis[:20]} tidak ada. Yang ada: {', '.join(BASES)}.")


def _queue(job: ExportJob) -> None:
    from reports.exports.tasks import make_export  # a task calls the services; they only queue it

    make_export.enqueue(job.pk)


@transaction.atomic
def retry(job: ExportJob) -> ExportJob:
    """A failed or expired job once more, from the beginning; nothing for one that waits or runs or is there."""
    row = ExportJob.objects.select_for_update().get(pk=job.pk)
    if row.state != State.FAILED:
        return row
    row.state, row.percent, row.attempts, row.problem, row.finished_at = State.WAITING, Step.ASKED, 0, "", None
    row.save()
    _queue(row)
    return row


def throw_away(job: ExportJob) -> None:
    """Row and file; one that is being made ends unseen."""
    ExportJob.objects.filter(pk=job.pk).delete()
    storage.drop(job.uuid)


def make(pk: int) -> None:
    """Makes the file of a waiting job. Of two workers only one begins it; one thrown away meanwhile leaves nothing.

    What a person can mend stands in `problem`; what is our fault is logged and told as such.
    """
    waiting = ExportJob.objects.filter(pk=pk, state=State.WAITING)
    begun = {"state": State.RUNNING, "percent": Step.BEGUN, "started_at": timezone.now()}
    job = waiting.select_related("asked_by").first()
    if job is None or not waiting.update(**begun, attempts=job.attempts + 1):
        return
    try:
        _make(job)
    except ValidationError as error:
        _fail(job, " ".join(error.messages))
    except Exception:
        logger.exception("Export %s failed.", job.pk)
        _fail(job, BROKEN)


def _make(job: ExportJob) -> None:
    access = job.asked_by.access_on(today())
    if not (access.may(Action.SEE_REPORTS) and access.covers(job.area_code)):
        raise ValidationError(LOST_AREA)
    period = parse_period(job.period)
    report = report_for(
        basis=job.basis,
        area_code=job.area_code,
        period=period,
        made_by=job.asked_by.name,
        made_at=format_moment(timezone.now()),
    )
    _tell(job, Step.READ)
    with storage.scratch() as stream:
        sheets = sheet_count(job.form, period, WHOLE)
        write_report(report, stream, form=job.form, told=lambda count: _tell(job, percent_at(count, sheets)))
        _tell(job, Step.WRITTEN)
        size, sha256 = storage.keep(job.uuid, stream)
    now = timezone.now()
    done = ExportJob.objects.filter(pk=job.pk).update(
        state=State.DONE,
        percent=Step.DONE,
        finished_at=now,
        expires_at=now + timedelta(days=settings.EXPORTS_KEPT_DAYS),
        name=filename(job.area_code, period, job.form, job.basis),
        size=size,
        sha256=sha256,
    )
    if not done:  # thrown away while it was made
        storage.drop(job.uuid)


def _tell(job: ExportJob, percent: int) -> None:
    ExportJob.objects.filter(pk=job.pk).update(percent=percent)


def _fail(job: ExportJob, problem: str) -> None:
    ExportJob.objects.filter(pk=job.pk).update(state=State.FAILED, problem=problem[:300], finished_at=timezone.now())


def usual_times(jobs: Iterable[ExportJob]) -> dict[tuple[str, str], timedelta]:
    """{(form, area): how long the same took the last time}, for jobs that are not made yet; one query."""
    wanted = {(job.form, job.area_code) for job in jobs}
    if not wanted:
        return {}
    made = ExportJob.objects.filter(state=State.DONE, area_code__in={code for _, code in wanted})
    rows = made.order_by("finished_at").values_list("form", "area_code", "started_at", "finished_at")
    return {(form, code): ended - began for form, code, began, ended in rows if began and (form, code) in wanted}


@transaction.atomic
def take_up() -> int:
    """Queues what an earlier worker left undone; returns how many. Only for the one worker, as it starts."""
    cut_off = ExportJob.objects.filter(state=State.RUNNING)
    cut_off.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED, problem=CUT_OFF, finished_at=timezone.now())
    cut_off.update(state=State.WAITING, percent=Step.ASKED)
    waiting = list(ExportJob.objects.filter(state=State.WAITING).order_by("pk"))
    for job in waiting:
        _queue(job)
    return len(waiting)


def clean_up() -> int:
    """Throws away what has expired, file and row; returns how many."""
    expired = list(ExportJob.objects.filter(expires_at__lte=timezone.now()))
    for job in expired:
        throw_away(job)
    return len(expired)
