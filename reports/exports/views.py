"""Unduhan Saya: what she asked for, how far it is, the file; again, or away with it. Nobody else's is ever shown."""

from datetime import timedelta

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.attachments.contents import size_words
from reports.export_form import BASES
from reports.exports import services, storage
from reports.exports.progress import Progress, left_words, progress_of, sheet_count, time_left
from reports.models import ExportJob
from reports.periods import parse_period
from reports.services import WHOLE, form_names
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment
from up2k_portal.lib.views import Page
from up2k_portal.lib.xlsx import CONTENT_TYPE

MOST = 50
SLOW = timedelta(minutes=2)  # nothing begins for so long: the worker is not there or has much to do


class OwnExports(Page):
    """Of her own jobs those whose area she may still see."""

    action = Action.SEE_REPORTS
    model = ExportJob

    def mine(self):
        return self.visible().filter(asked_by=self.request.user)

    def job(self, pk) -> ExportJob:
        return get_object_or_404(self.mine(), pk=pk)


class ExportList(OwnExports):
    def get(self, request):
        jobs = list(self.mine()[:MOST])
        if request.GET.get("format") == "json":
            return JsonResponse({"count": len(jobs), "results": [told(job) for job in jobs]})
        if request.GET.get("format"):
            raise Http404("Bentuk yang ada: json.")
        names = dict(form_names())
        usual = services.usual_times(job for job in jobs if job.is_unfinished)
        context = {
            "title": "Unduhan Saya",
            "rows": [
                (job, names.get(job.form, job.form), BASES.get(job.basis, ""), details(job), how_far(job, usual))
                for job in jobs
            ],
            "is_moving": any(job.is_unfinished for job in jobs),
            "is_slow": any(job.state == ExportJob.State.WAITING and is_slow(job) for job in jobs),
            "back_url": reverse("export"),
        }
        return render(request, "reports/exports.html", context)


def is_slow(job: ExportJob) -> bool:
    return timezone.now() - job.asked_at > SLOW


def progress(job: ExportJob) -> Progress:
    return progress_of(job.percent, sheet_count(job.form, parse_period(job.period), WHOLE))


def how_far(job: ExportJob, usual: dict[tuple[str, str], timedelta]) -> str:
    """Langkah 5 dari 14: menulis lembar 4 dari 12, kira-kira 20 detik lagi."""
    if not job.is_unfinished:
        return ""
    one = progress(job)
    if job.state == ExportJob.State.WAITING:
        return f"{one.total} langkah, {one.words}"
    left = time_left(job.percent, job.started_at, timezone.now(), usual.get((job.form, job.area_code)))
    words = f"Langkah {one.done + 1} dari {one.total}: {one.words}"
    return ", ".join(filter(None, (words, left_words(left))))


def details(job: ExportJob) -> str:
    if job.is_ready:
        return f"{size_words(job.size)}, disimpan sampai {format_moment(job.expires_at)}"
    return f"Diminta {format_moment(job.asked_at)}"


def told(job: ExportJob) -> dict:
    """For programs: where it stands, and the address of the file once it is there."""
    return {
        "id": job.pk,
        "form": job.form,
        "area": job.area_code,
        "period": job.period,
        "basis": job.basis,
        "state": job.state,
        "percent": job.percent,
        "steps_done": progress(job).done if job.is_unfinished else None,
        "steps": progress(job).total if job.is_unfinished else None,
        "problem": job.problem,
        "name": job.name,
        "sha256": job.sha256,
        "file": reverse("export-file", args=[job.pk]) if job.is_ready else "",
    }


class ExportFile(OwnExports):
    def get(self, request, pk):
        job = self.job(pk)
        if not job.is_ready or job.expires_at <= timezone.now():
            raise Http404
        try:
            stream = storage.open_file(job.uuid)
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(stream, as_attachment=True, filename=job.name, content_type=CONTENT_TYPE)


class ExportVerb(OwnExports):
    """A button of the list; its bare address leads back there."""

    def get(self, request, pk):
        self.job(pk)
        return HttpResponseRedirect(reverse("exports"))

    def post(self, request, pk):
        self.act(self.job(pk))
        return HttpResponseRedirect(reverse("exports"))


class ExportRetry(ExportVerb):
    def act(self, job):
        services.retry(job)


class ExportDelete(ExportVerb):
    def act(self, job):
        services.throw_away(job)
        messages.success(self.request, "Unduhan dihapus.")
