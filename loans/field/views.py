"""Pages of the sheet: where it begins, the sheet, its paper, the queue of a telephone, and the shell without signal."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from loans.entrusted.services import sheet_words
from loans.field.forms import SheetStartForm
from loans.field.lines import sheet_of
from loans.field.offline_data import sheet_data
from loans.field.recent import proposed_day, recent_sheets
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.views import FormPage, Page, see_other
from villages.models import Group

PLACES = ("village__district__regency",)


class SheetStart(FormPage):
    """Which group and day; who has one group finds it chosen."""

    action = Action.RECORD_MONEY
    model = Group
    form_class = SheetStartForm
    template_name = "loans/field/sheet_start.html"
    title = "Lembar Setoran"
    intro = "Pilih kelompok dan tanggal pertemuannya."
    submit_label = "Buka lembar"

    def load(self):
        self.groups = self.open().filter(closed_on=None).select_related("village__district")
        self.recent = recent_sheets(self.groups)

    def make_form(self, **kwargs):
        return super().make_form(groups=self.groups, **kwargs)

    def initial(self):
        return {"on": proposed_day(self.groups, self.recent)}

    def context(self):
        return super().context() | {"recent": self.recent}

    def do(self, form):
        return form.cleaned_data

    def thank(self, done):
        return see_other("sheet", done["group"].pk, done["on"])


class SheetPage(Page):
    """The sheet of a group on a day; one renderer draws it from the same data with and without signal."""

    action = Action.RECORD_MONEY
    model = Group
    template_name = "loans/field/sheet.html"

    def get(self, request, pk: int, on: date):
        group = get_object_or_404(self.open().select_related(*PLACES), pk=pk)
        self.sheet = sheet_of(group, on)
        return render(request, self.template_name, self.context())

    def context(self) -> dict:
        sheet = self.sheet
        return {
            "title": "Lembar Setoran",
            "subtitle": f"{sheet.group}, {format_day(sheet.on)}",
            "group": sheet.group,
            "on": sheet.on,
            "sheet": sheet,
            "sheet_data": sheet_data(sheet, self.request.user),
            "entrusted": sheet_words(sheet.group, sheet.on),
            "entrusted_url": f"{reverse('entrusted-list')}?group={sheet.group.pk}",
            "back_url": sheet.group.get_absolute_url(),
        }


class Queue(Page):
    """What waits in this telephone; drawn in the browser. Open to whoever is signed in, so that nobody's is hidden."""

    action = Action.SEE_REPORTS
    template_name = "loans/field/queue.html"

    def get(self, request):
        return render(request, self.template_name, {"title": "Antrean sinyal"})


@method_decorator(login_not_required, name="dispatch")
class OfflineShell(View):
    """What the service worker keeps and shows without signal: no name and no amount, whoever asks for it."""

    http_method_names = ("get", "head", "options")

    def get(self, request):
        return HttpResponse(render_to_string("loans/field/shell.html", {"title": "Tanpa sinyal"}))
