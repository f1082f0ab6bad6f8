"""Pusat ekspor: which workbook of which area and period; and the figures that the admin's index shows."""

from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reports.export_form import ExportForm
from reports.exports.services import ask, is_large
from reports.figures import headline
from reports.services import BASES, WHOLE, export_workbook, filename
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.views import Page, add_errors
from up2k_portal.lib.xlsx import CONTENT_TYPE

ASKED = {"form": WHOLE, "period": "", "area": "", "basis": BASES[0]}  # with what an address need not say


class ExportPage(Page):
    """What is small comes at once; what is large becomes a job under "Unduhan Saya"."""

    action = Action.SEE_REPORTS

    def get(self, request):
        return self.show(ExportForm(access=self.access))

    def post(self, request):
        form = self.checked(request.POST)
        if not form.is_valid():
            return self.show(form)
        facts = form.facts()
        try:
            if not is_large(facts["area_code"]):
                return self.workbook(**facts)
            ask(**facts, by=request.user, uuid=form.key())
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        return HttpResponseRedirect(reverse("exports"))

    def checked(self, asked) -> ExportForm:
        """The form over what was asked; an area outside the person's own is 404."""
        if not self.access.covers(asked.get("area", "")):
            raise Http404
        return ExportForm(asked, access=self.access)

    def show(self, form, *, is_for_later: bool = False):
        context = {"title": "Pusat ekspor", "form": form, "is_for_later": is_for_later}
        return render(self.request, "reports/export.html", context)

    def workbook(self, *, form, area_code, period, basis):
        content = BytesIO()
        export_workbook(
            form=form,
            area_code=area_code,
            period=period,
            made_by=self.request.user.name,
            at=timezone.now(),
            target=content,
            basis=basis,
        )
        name = filename(area_code, period, form, basis)
        return HttpResponse(
            content.getvalue(),
            content_type=CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class ExportDownload(ExportPage):
    """The workbook by its address. What is large a person asks for by a button; a program with a token may wait."""

    def get(self, request):
        asked = {name: request.GET.get(name, usual) for name, usual in ASKED.items()} | {"uuid": uuid4()}
        form = self.checked(asked)
        if not form.is_valid():
            return self.show(form)
        if is_large(form.cleaned_data["area"]) and not getattr(request, "token", None):
            return self.show(form, is_for_later=True)
        try:
            return self.workbook(**form.facts())
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)


def admin_index(request) -> dict:
    """What the admin's front page tells: the five figures and the way to the workbook."""
    return {
        "figures": headline(request.access, today()),
        "workbook_url": reverse("export"),
        "as_of": format_moment(timezone.now()),
    }
