"""A village's report on its way: the page that everybody sees, and the verbs that carry it on."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from reports import report_services as services
from reports.calendar_services import calendar_of, is_reported, last_days
from reports.changes import drift_of
from reports.drill import rows_url
from reports.models import ReportRemark, ReportStep, VillageReport
from reports.models.village_reports import AGREED, State, Verb
from reports.periods import MONTH, Period, parse_period
from reports.report_forms import ReturnForm, SeenForm, SubmitForm
from reports.report_lines import heads_of, topics_of
from reports.snapshot import Snapshot, read
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.views import FormPage, Link, Page, add_errors
from villages.models import Village

FIRST_YEAR = 2000  # before, no village has anything to report
BADGES = {
    State.DRAFT: "draf",
    State.SUBMITTED: "diajukan",
    State.VERIFIED: "diverifikasi",
    State.APPROVED: "disetujui",
    State.SENT: "terkirim",
    State.RETURNED: "dikembalikan",
}
# Who does what next, for whoever reads the page.
NEXT = {
    State.DRAFT: "Desa memeriksa lalu mengajukan laporan ini.",
    State.RETURNED: "Desa memperbaiki angka yang diberi catatan, menutup bulannya lagi, lalu mengajukan ulang.",
    State.SUBMITTED: "Kecamatan memeriksa lalu memverifikasi, atau mengembalikan dengan catatan.",
    State.VERIFIED: "Kabupaten menyetujui, atau mengembalikan dengan catatan.",
    State.APPROVED: "Admin kabupaten mengirim periode ini ke provinsi.",
    State.SENT: "Selesai. Koreksi sesudah ini dicatat di bulan yang masih terbuka.",
}
ANOTHER = " Orang lain, bukan Anda: langkah sebelumnya pada versi ini Anda sendiri yang mencatat."
ROLE_OF = {
    Verb.SUBMIT: "desa",
    Verb.WITHDRAW: "desa",
    Verb.VERIFY: "kecamatan",
    Verb.APPROVE: "kabupaten",
    Verb.SEND: "admin kabupaten",
    Verb.RETURN: "pemeriksa",
}


class ReportPage(Page):
    """A page of a village and of a period that it reports; another village, day or length of period is 404."""

    action = Action.SEE_REPORTS
    model = Village

    def dispatch(self, request, *args, village: int, period: str, **kwargs):
        if self.action is None or not request.access.may(self.action):
            raise PermissionDenied
        self.village = get_object_or_404(self.open().select_related("district__regency"), pk=village)
        self.period = self._period(period)
        return super().dispatch(request, *args, **kwargs)

    def _period(self, code: str) -> Period:
        try:
            period = parse_period(code)
        except ValueError as error:
            raise Http404(str(error)) from error
        was_there = self.visible().active_on(period.last).filter(pk=self.village.pk).exists()
        # An end that was recorded after the report came in does not hide it.
        was_there = was_there or self.visible(VillageReport).filter(village=self.village, period=period.code).exists()
        is_near = date(FIRST_YEAR, 1, 1) <= period.first <= today()
        if not was_there or not is_near or not is_reported(self.calendar, period):
            raise Http404("Desa ini tidak melaporkan periode itu.")
        return period

    @cached_property
    def calendar(self):
        return calendar_of(self.village.code[:5])

    @cached_property
    def report(self) -> VillageReport | None:
        rows = self.visible(VillageReport).select_related("version__made_by", "village")
        return rows.filter(village=self.village, period=self.period.code).first()

    @property
    def state(self) -> State:
        return State(self.report.state) if self.report else State.DRAFT

    def page_url(self) -> str:
        return report_url("village-report", self.village, self.period)

    def may(self, action: Action) -> bool:
        return self.access.may_in(action, self.village)

    def heading(self) -> dict:
        return {"title": f"Laporan {self.period.name}", "subtitle": self.village.label, "back_url": self.page_url()}


def report_url(name: str, village: Village, period: Period) -> str:
    return reverse(name, args=[village.pk, period.code])


class ReportView(ReportPage):
    """The figures, frozen or as they are now; who did what, who is next, and what the reader may do."""

    def get(self, request):
        return self.show()

    def post(self, request):
        """Submitting: the form stands on the page below what it signs."""
        if not self.may(Action.SUBMIT_REPORTS):
            raise PermissionDenied
        form = self.submit_form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            services.submit(
                village=self.village,
                period=self.period,
                by=request.user,
                seen=form.cleaned_data["seen"],
                signing=form.signing(),
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form, status=409 if getattr(error, "code", "") == "conflict" else 200)
        messages.success(request, f"Laporan {self.period.name} sudah diajukan ke kecamatan.")
        return HttpResponseRedirect(self.page_url())

    def show(self, form=None, status: int = 200):
        is_frozen = self.report is not None and self.report.is_in
        snapshot = read(self.report.version.figures) if is_frozen else self.draft.snapshot
        may_submit = not is_frozen and self.may(Action.SUBMIT_REPORTS)
        context = {
            **self.heading(),
            "back_url": reverse("report-board"),
            "village": self.village,
            "period": self.period,
            "report": self.report,
            "status": BADGES[self.state],
            "is_frozen": is_frozen,
            "due_on": last_days(self.calendar, self.period, [self.village])[self.village.pk],
            "drift": drift_of(self.report, services.snapshot_of(self.village, self.period)) if is_frozen else None,
            "next_words": NEXT[self.state] + (ANOTHER if self.has_acted else ""),
            "heads": heads_of(snapshot),
            "topics": topics_of(snapshot, self.version_before, self.remarks, self.rows_url),
            "general_remarks": self.general_remarks,
            "steps": self.steps(),
            "narrative_url": self.narrative_url,
            "draft": None if is_frozen else self.draft,
            "form": (form or self.submit_form()) if may_submit and not self.draft.problem else None,
            "actions": self.actions(),
            "may_go_on": self.may_go_on,
            "remark_url": self.remark_url,
            "locked_words": self.locked_words,
            "has_people": self.access.may(Action.SEE_PEOPLE),
            "as_of": "" if is_frozen else format_moment(timezone.now()),
        }
        return render(self.request, "reports/village_report.html", context, status=status)

    @cached_property
    def draft(self):
        return services.draft_of(self.village, self.period)

    def submit_form(self, data=None) -> SubmitForm:
        more = {"draft": self.draft, "may_be_nil": services.may_be_nil(self.draft.snapshot)}
        if data is None:
            return SubmitForm(access=self.access, initial={"seen": self.draft.snapshot.sha256}, **more)
        return SubmitForm(data, access=self.access, **more)

    @cached_property
    def version_before(self) -> Snapshot | None:
        """What stood there before: the returned version while it is mended, the version before once it is out again."""
        if self.report is None or self.report.version is None:
            return None
        if not self.report.is_in:
            return read(self.report.version.figures)
        before = self.report.versions.filter(number=self.report.version.number - 1).first()
        return read(before.figures) if before else None

    @cached_property
    def _returned(self) -> ReportStep | None:
        """The latest return."""
        return self.report.steps.filter(verb=Verb.RETURN).order_by("-pk").first() if self.report else None

    @cached_property
    def _rows(self) -> list[ReportRemark]:
        return list(self._returned.remarks.all()) if self._returned else []

    @property
    def remarks(self) -> dict[tuple[int, str], list[str]]:
        found = defaultdict(list)
        for one in self._rows:
            if one.key:
                found[(one.group_id or 0, one.key)].append(one.words)
        return found

    def rows_url(self, group_id: int, key: str) -> str:
        basis = "approved" if self.state in AGREED else "live"  # what is only submitted, no recap has frozen yet
        return rows_url(key, group_id or self.village.code, self.period, self.access, basis)

    @property
    def narrative_url(self) -> str:
        """Narratives are of three months at least."""
        asked = urlencode({"wilayah": self.village.code, "periode": self.period.code})
        return f"{reverse('narrative')}?{asked}" if self.period.months_count > MONTH else ""

    @property
    def general_remarks(self) -> list[str]:
        """Why it was sent back, and what was said of no single value, until it is agreed."""
        if self._returned is None or self.state in AGREED:
            return []
        return [self._returned.reason, *(one.words for one in self._rows if not one.key)]

    def steps(self) -> list[dict]:
        if self.report is None:
            return []
        named = self.access.may(Action.SEE_PEOPLE)
        rows = self.report.steps.select_related("by", "version").order_by("pk")
        return [
            {
                "words": f"{one.get_verb_display()} (versi {one.version.number})",
                "who": str(one.by) if named and one.by else ROLE_OF[Verb(one.verb)],
                "at": one.at,
                "reason": one.reason,
            }
            for one in rows
        ]

    @property
    def may_go_on(self) -> bool:
        """Whether the reader carries the report on: that button stands out then."""
        return self._reviews and not self.has_acted

    @property
    def _reviews(self) -> bool:
        verify = self.state is State.SUBMITTED and self.may(Action.VERIFY_REPORTS)
        return verify or (self.state is State.VERIFIED and self.may(Action.APPROVE_REPORTS))

    @cached_property
    def has_acted(self) -> bool:
        """Whether who would review next has submitted or verified this version: then another person does."""
        own = (Verb.SUBMIT, Verb.VERIFY)
        return self._reviews and self.report.version.steps.filter(verb__in=own, by=self.request.user).exists()

    @property
    def remark_url(self) -> str:
        """Where a remark on one value is written; "" for who may not send the report back."""
        if self.report is None or not self.report.is_in or not services.may_return(self.report, self.request.user):
            return ""
        return report_url("report-return", self.village, self.period)

    @property
    def locked_words(self) -> str:
        """To the village: since when, by whom, and how to ask."""
        if self.report is None or not self.report.is_in or not self.may(Action.SUBMIT_REPORTS):
            return ""
        version = self.report.version
        told = f"Diajukan {version.made_by or 'sistem'} pada {format_moment(version.made_at)}."
        ask = f"minta {services.who_returns(self.report)}, dengan menyebut angka yang keliru."
        if self.report.is_agreed:
            return f"{told} Koreksi biasa dicatat di bulan yang masih terbuka; bila laporan ini sendiri keliru, {ask}"
        return f"{told} Untuk memperbaiki angka: {ask}"

    def actions(self) -> list[Link]:
        if self.report is None:
            return []
        by, offered = self.request.user, []
        if self.state is State.SUBMITTED and self.may_go_on:
            offered.append(Link("Verifikasi", report_url("report-verify", self.village, self.period)))
        if self.state is State.VERIFIED and self.may_go_on:
            offered.append(Link("Setujui", report_url("report-approve", self.village, self.period)))
        if self.report.is_in and services.may_return(self.report, by):
            offered.append(Link("Kembalikan dengan catatan", report_url("report-return", self.village, self.period)))
        if self.state is State.SUBMITTED and self.may(Action.SUBMIT_REPORTS):
            offered.append(Link("Tarik kembali", report_url("report-withdraw", self.village, self.period)))
        return offered


class ReportVerb(ReportPage, FormPage):
    """A verb on the version that the reader saw: its fingerprint travels through the form."""

    form_class = SeenForm
    template_name = "layouts/form.html"
    verb: Callable[..., ReportStep]  # of the service: the report, what was seen, and who does it

    def load(self, **kwargs):
        if self.report is None or self.report.version is None:
            raise Http404
        self.snapshot = read(self.report.version.figures)

    def initial(self):
        return {"seen": self.report.version.sha256}

    def context(self):
        return {**super().context(), **self.heading(), "title": self.title}

    def back_url(self):
        return self.page_url()

    def do(self, form):
        type(self).verb(report=self.report, by=self.request.user, **self.facts(form))
        return self.report

    def facts(self, form) -> dict:
        return {"seen": form.cleaned_data["seen"]}

    def thank(self, done):
        messages.success(self.request, self.done_message)
        return HttpResponseRedirect(self.page_url())


class ReportVerify(ReportVerb):
    action = Action.VERIFY_REPORTS
    title = "Verifikasi laporan"
    intro = "Angka, peringatan dan penjelasannya sudah diperiksa. Sesudah ini kabupaten yang menyetujui."
    submit_label = "Verifikasi"
    done_message = "Laporan sudah diverifikasi."
    verb = staticmethod(services.verify)


class ReportApprove(ReportVerb):
    action = Action.APPROVE_REPORTS
    title = "Setujui laporan"
    intro = "Angkanya masuk ke buku kerja provinsi. Sesudah ini koreksi dicatat di bulan yang masih terbuka."
    submit_label = "Setujui"
    done_message = "Laporan sudah disetujui."
    verb = staticmethod(services.approve)


class ReportWithdraw(ReportVerb):
    action = Action.SUBMIT_REPORTS
    title = "Tarik kembali laporan"
    intro = "Laporan menjadi draf lagi dan bulannya terbuka. Bisa dilakukan selama belum diverifikasi."
    submit_label = "Tarik kembali"
    done_message = "Laporan ditarik kembali."
    verb = staticmethod(services.withdraw)


class ReportReturn(ReportVerb):
    """With a reason, and remarks on single values that the village sees beside them."""

    action = Action.SEE_REPORTS  # who may return depends on how far it came: the service decides
    form_class = ReturnForm
    template_name = "reports/report_return.html"
    title = "Kembalikan laporan"
    submit_label = "Kembalikan"
    danger = True
    done_message = "Laporan dikembalikan ke desa."
    verb = staticmethod(services.return_report)

    def dispatch(self, request, *args, **kwargs):
        if not any(request.access.may(action) for action in services.RETURNERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def load(self, **kwargs):
        super().load(**kwargs)
        if not services.may_return(self.report, self.request.user):
            raise PermissionDenied

    def make_form(self, **kwargs):
        return ReturnForm(access=self.access, initial=self.initial(), snapshot=self.snapshot, **kwargs)

    def initial(self):
        return {**super().initial(), "value_1": self.request.GET.get("angka", "")}

    def facts(self, form):
        return super().facts(form) | {"reason": form.cleaned_data["reason"], "remarks": form.remarks()}
