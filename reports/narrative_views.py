"""Laporan naratif a–h: read, written, made final, printed, and handed out as a Word document."""

from functools import cached_property
from io import BytesIO
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.history import changes_of
from reports import narrative_services as services
from reports.board_views import AreaPage
from reports.models import Narrative
from reports.narrative_docx import CONTENT_TYPE, write_docx
from reports.narrative_words import TABLE, offered, section_titles, starting_texts
from reports.periods import MONTH, SEMESTER, Period, ended_before, parse_period, recent_periods
from reports.report_forms import SeenForm
from reports.rows import Report
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.forms import PortalVerbForm
from up2k_portal.lib.views import FormPage, Link
from villages.models import District

PAGE = "narrative"


class NarrativePage(AreaPage):
    """An area of the person's own and a period of three months at least."""

    @cached_property
    def period(self) -> Period:
        """Of the address; the semester that ended last where none is asked for."""
        if not (code := self.request.GET.get("periode")):
            return ended_before(SEMESTER, today(), 1)
        try:
            period = parse_period(code)
        except ValueError as error:
            raise Http404(str(error)) from error
        if period.months_count == MONTH or period.first > today():
            raise Http404("Laporan naratif disusun per triwulan, semester atau tahun yang sudah mulai.")
        return period

    @cached_property
    def narrative(self) -> Narrative:
        return services.narrative_of(self.area.code, self.period)

    @cached_property
    def report(self) -> Report:
        return services.figures_of(self.area.code, self.period, made_by=self.request.user.name, at=timezone.now())

    @property
    def may_write(self) -> bool:
        return services.may_write(self.access, self.area)

    def url(self, name: str = PAGE, **other) -> str:
        return f"{reverse(name)}?{urlencode({'wilayah': self.area.code, 'periode': self.period.code} | other)}"

    def document(self):
        return services.shown_document(self.narrative, lambda: self.report)


class NarrativeView(NarrativePage):
    """The document with its figures, and what the reader may do with it."""

    def get(self, request):
        document = self.document()
        context = {
            "title": f"Laporan naratif {self.period.name}",
            "subtitle": self.area.full_name,
            "back_url": reverse("report-board"),
            "document": document,
            "rows": [(row[0], row[1], list(zip(document.head, row, strict=True))[2:]) for row in document.rows],
            "narrative": self.narrative,
            "table": TABLE,
            "has_people": self.access.may(Action.SEE_PEOPLE),
            "may_write": self.may_write,
            "writer_words": "" if self.may_write else services.writer_words(self.area.code),
            "acts": self.acts(),
            "print_url": self.url("narrative-print"),
            "file_url": self.url("narrative-file"),
            "periods": self.period_links(),
            "places": self.places(),
            "changes": changes_of(self.narrative, self.access) if self.narrative.pk else [],
        }
        return render(request, "reports/narrative.html", context)

    def acts(self) -> list[Link]:
        if not self.may_write:
            return []
        if self.narrative.is_final:
            return [Link("Buka lagi", self.url("narrative-reopen"))]
        return [Link("Ubah naskah", self.url("narrative-edit")), Link("Jadikan final", self.url("narrative-final"))]

    def period_links(self) -> list[tuple[Period, str, bool]]:
        ended = [one for one in recent_periods(today()) if one.months_count > MONTH]
        return [(one, self.url(periode=one.code), one == self.period) for one in ended[:4] + ended[8:10] + ended[12:13]]

    def places(self) -> list[Link]:
        """The person's areas, and the kecamatan of a kabupaten."""
        found = [Link(name, f"{url}&periode={self.period.code}") for name, url, is_here in self.place_links()]
        if len(self.area.code) == 5:
            districts = self.visible(District).in_area(self.area.code).order_by("code")
            found += [Link(one.label, self.url(wilayah=one.code)) for one in districts]
        return found


class NarrativePrint(NarrativePage):
    def get(self, request):
        context = {"title": "Laporan naratif", "document": self.document(), "table": TABLE, "back_url": self.url()}
        return render(request, "reports/narrative_print.html", context)


class NarrativeFile(NarrativePage):
    """The document for Word, whose letters may still be changed there."""

    def get(self, request):
        target = BytesIO()
        write_docx(self.document(), target)
        name = f"laporan-naratif_{self.area.code}_{self.period.code}.docx"
        head = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(target.getvalue(), content_type=CONTENT_TYPE, headers=head)


class TextsForm(SeenForm):
    """One field a section; braces stand for figures."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, title in section_titles().items():
            self.fields[key] = forms.CharField(
                label=f"{key}. {title}",
                required=False,
                max_length=services.MOST_LETTERS,
                widget=forms.Textarea(attrs={"rows": 6}),
                help_text="Kosongkan untuk kembali ke kalimat awal." if key == "a" else "",
            )

    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in section_titles()}


class ReasonForm(PortalVerbForm):
    reason = forms.CharField(label="Mengapa dibuka lagi", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NarrativeVerb(NarrativePage, FormPage):
    """Only for who writes the narrative of the area."""

    template_name = "layouts/form.html"

    def load(self, **kwargs):
        if not self.may_write:
            raise PermissionDenied

    def make_form(self, **kwargs):
        return self.form_class(access=self.access, initial=self.initial(), **kwargs)

    def initial(self):
        return {"seen": services.seen_of(self.narrative)}

    def context(self):
        return {**super().context(), "subtitle": self.area.full_name}

    def back_url(self):
        return self.url()

    def thank(self, done):
        messages.success(self.request, self.done_message)
        return HttpResponseRedirect(self.url())


class NarrativeEdit(NarrativeVerb):
    form_class = TextsForm
    template_name = "reports/narrative_edit.html"
    title = "Ubah naskah"
    intro = "Angka dalam kurung kurawal diisi portal menurut laporan yang disetujui; satu baris menjadi satu alinea."
    done_message = "Naskah tersimpan."

    def load(self, **kwargs):
        super().load()
        if self.narrative.is_final:
            raise Http404("Naskah ini sudah final.")

    def initial(self):
        return {**super().initial(), **services.texts_of(self.narrative, self.report)}

    def context(self):
        return {**super().context(), "offered": offered()}

    def do(self, form):
        """A section left as it was offered stays the portal's: its suggestions follow the figures."""
        started = starting_texts(self.report)
        texts = {key: text for key, text in form.texts().items() if text.splitlines() != started[key].splitlines()}
        seen = form.cleaned_data["seen"]
        return services.save_texts(area=self.area, period=self.period, texts=texts, seen=seen, by=self.request.user)


class NarrativeFinal(NarrativeVerb):
    form_class = SeenForm
    title = "Jadikan final"
    intro = "Angkanya dibekukan seperti sekarang. Sesudah ini naskah tidak berubah lagi, kecuali dibuka dengan alasan."
    submit_label = "Jadikan final"
    done_message = "Laporan naratif sudah final."

    def do(self, form):
        seen = form.cleaned_data["seen"]
        return services.make_final(area=self.area, period=self.period, seen=seen, by=self.request.user)


class NarrativeReopen(NarrativeVerb):
    form_class = ReasonForm
    title = "Buka lagi naskah final"
    intro = "Angkanya kembali mengikuti laporan yang disetujui."
    submit_label = "Buka lagi"
    done_message = "Naskah dapat diubah lagi."
    danger = True

    def initial(self):
        return {}

    def do(self, form):
        reason = form.cleaned_data["reason"]
        return services.open_again(area=self.area, period=self.period, reason=reason, by=self.request.user)
