"""Reports that wait for the reader, approving several at once, and sending a period to the province."""

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from reports import report_services as services
from reports.approved import approved_report
from reports.calendar_services import calendar_of, is_reported, report_periods
from reports.models import Sending, SentFile, VillageReport
from reports.models.village_reports import State
from reports.periods import Period, parse_period
from reports.report_forms import BulkApproveForm
from reports.sending_services import missing_from, send_period
from up2k_portal.lib.access import EVERYWHERE, Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Page
from up2k_portal.lib.xlsx import CONTENT_TYPE
from villages.models import District, Regency

SHOWN = 100  # the oldest reports of a queue on one page
PERIODS = 6  # that may be sent, the latest


class ReportQueue(Page):
    """What the reader may verify or approve next, the oldest first; those without a warning can be approved at once."""

    action = Action.VERIFY_REPORTS
    model = VillageReport

    def dispatch(self, request, *args, **kwargs):
        """An admin approves and does not verify: both have a queue."""
        if not request.access.may(Action.VERIFY_REPORTS) and request.access.may(Action.APPROVE_REPORTS):
            self.action = Action.APPROVE_REPORTS
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        states = [State.SUBMITTED] if self.access.may(Action.VERIFY_REPORTS) else []
        states += [State.VERIFIED] if self.access.may(Action.APPROVE_REPORTS) else []
        rows = self.visible().filter(state__in=states).order_by("changed_at", "pk")
        rows = rows.select_related("village__district", "version__made_by").defer("version__figures")
        waiting = list(rows[: SHOWN + 1])
        context = {
            "title": "Menunggu Anda",
            "subtitle": "Laporan desa yang menunggu diperiksa, yang terlama lebih dulu",
            "rows": [(one, parse_period(one.period)) for one in waiting[:SHOWN]],
            "has_more": len(waiting) > SHOWN,
            "approves": self.access.may(Action.APPROVE_REPORTS),
            "clean_count": sum(self._is_clean(one) for one in waiting[:SHOWN]),
        }
        return render(request, "reports/report_queue.html", context)

    def _is_clean(self, report: VillageReport) -> bool:
        return report.state == State.VERIFIED and not report.version.warning_count


class BulkApprove(Page):
    """Each ticked report in its own transaction: what cannot be approved is told, the others are."""

    action = Action.APPROVE_REPORTS
    model = VillageReport

    def get(self, request):
        return HttpResponseRedirect(reverse("report-queue"))

    def post(self, request):
        try:
            picks = BulkApproveForm(request.POST).picks()
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return HttpResponseRedirect(reverse("report-queue"))
        done, refused = 0, []
        rows = self.open().select_related("village", "version").in_bulk([pk for pk, _ in picks[:SHOWN]])
        if any(pk not in rows for pk, _ in picks[:SHOWN]):
            raise Http404  # before anything is approved
        for pk, seen in picks[:SHOWN]:
            report = rows[pk]
            try:
                self._approve(report, seen)
                done += 1
            except ValidationError as error:
                refused.append(f"{report.village}: {error.messages[0]}")
        if done:
            messages.success(request, f"{done} laporan disetujui.")
        for sentence in refused:
            messages.error(request, sentence)
        return HttpResponseRedirect(reverse("report-queue"))

    def _approve(self, report: VillageReport, seen: str) -> None:
        if report.version and report.version.warning_count:
            raise ValidationError("Ada peringatan: buka laporannya, lalu setujui di sana.")
        services.approve(report=report, seen=seen, by=self.request.user)


class SendPage(Page):
    action = Action.SEND_REPORTS
    model = Regency

    def regency(self) -> Regency:
        """The admin's kabupaten; one who serves several names it in the address."""
        rows = self.visible().order_by("code")
        if code := self.request.GET.get("wilayah"):
            return get_object_or_404(rows, code=code)
        if EVERYWHERE in self.access.areas:  # an installation's first admin: the kabupaten that reports
            rows = rows.filter(districts__villages__reports__isnull=False).distinct()
        return get_object_or_404(rows[:1])


class SendList(SendPage):
    """The latest periods and what was sent of each."""

    def get(self, request):
        regency = self.regency()
        calendar = calendar_of(regency.code)
        sendings = Sending.objects.filter(regency=regency).select_related("sent_by", "file").defer("file__content")
        by_period: dict[str, list[Sending]] = {}
        for one in sendings:
            by_period.setdefault(one.period, []).append(one)
        periods = report_periods(calendar, today(), PERIODS)
        context = {
            "title": "Kirim ke provinsi",
            "subtitle": regency.name,
            "rows": [(period, by_period.get(period.code, [])) for period in periods],
        }
        return render(request, "reports/report_sendings.html", context)


class SendPeriod(SendPage):
    """Who is in, who is missing and why; one button sends the period."""

    @cached_property
    def period(self) -> Period:
        """Of the address; the latest that ended where none is asked for."""
        if not (code := self.request.GET.get("periode")):
            return report_periods(calendar_of(self.regency().code), today(), 1)[0]
        try:
            return parse_period(code)
        except ValueError as error:
            raise Http404(str(error)) from error

    def get(self, request):
        return self.show({}, {})

    def post(self, request):
        regency = self.regency()
        reasons = {
            name.removeprefix("alasan-"): text for name, text in request.POST.items() if name.startswith("alasan-")
        }
        common = request.POST.get("alasan", "").strip()
        reasons = {
            one.village_code: reasons.get(one.village_code, "").strip() or common for one in self.missing(regency)
        }
        try:
            sending = send_period(regency=regency, period=self.period, reasons=reasons, by=request.user)
        except ValidationError as error:
            return self.show(reasons, error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        messages.success(request, f"{self.period.name} terkirim: {sending.report_count} laporan.")
        return HttpResponseRedirect(reverse("report-sendings"))

    def missing(self, regency: Regency):
        return missing_from(self.report_of(regency))

    def report_of(self, regency: Regency):
        if not is_reported(calendar_of(regency.code), self.period):
            raise Http404("Bukan periode laporan desa.")
        if not hasattr(self, "_report"):
            self._report = approved_report(area_code=regency.code, period=self.period, made_by="", made_at="")
        return self._report

    def show(self, reasons: dict, errors: dict):
        regency = self.regency()
        report = self.report_of(regency)
        missing = missing_from(report)
        waiting = VillageReport.objects.in_area(regency.code).filter(period=self.period.code, state=State.APPROVED)
        context = {
            "title": f"Kirim {self.period.name}",
            "subtitle": regency.name,
            "back_url": reverse("report-sendings"),
            "period": self.period,
            "expected_count": len(report.standings),
            "agreed_count": len(report.standings) - len(missing),
            "waiting_count": waiting.count(),
            "districts": self._by_district(missing, reasons, errors),
            "missing_count": len(missing),
            "errors": errors.get("", []),
        }
        return render(self.request, "reports/report_send.html", context)

    def _by_district(self, missing, reasons: dict, errors: dict) -> list[tuple[str, list]]:
        """The missing villages under their kecamatan, each with its reason and what is wrong with it."""
        codes = {one.village_code[:8] for one in missing}
        names = dict(self.visible(District).filter(code__in=codes).values_list("code", "name"))
        found: dict[str, list] = {}
        for one in missing:
            line = (one, reasons.get(one.village_code, ""), errors.get(one.village_code, []))
            found.setdefault(names.get(one.village_code[:8], ""), []).append(line)
        return list(found.items())


class SentDownload(Page):
    """The file as it went out, byte for byte."""

    action = Action.SEE_REPORTS
    model = SentFile

    def get(self, request, pk):
        file = get_object_or_404(self.visible(), pk=pk)
        head = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-SHA256": file.sha256}
        return HttpResponse(bytes(file.content), content_type=CONTENT_TYPE, headers=head)
