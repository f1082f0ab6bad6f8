"""The page Periksa berkas: a workbook in, "Berkas sama" or the differing cells out."""

from base64 import b64encode

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse

from reports.check_file import Checked, check, marked
from reports.periods import parse_period
from up2k_portal.lib.access import Action
from up2k_portal.lib.forms import PortalVerbForm
from up2k_portal.lib.views import Page, add_errors
from up2k_portal.lib.xlsx import CONTENT_TYPE
from up2k_portal.lib.xlsx_file import MOST_BYTES, TOO_MANY_BYTES

TYPES = f".xlsx,{CONTENT_TYPE}"
SHOWN = 300  # differing cells on the page; the marked file has more
MOST_INLINE = 4 * 1024 * 1024  # bytes of a marked file that travels within the page


class CheckFileForm(PortalVerbForm):
    file = forms.FileField(
        label="Berkas buku kerja",
        widget=forms.FileInput(attrs={"accept": TYPES}),
        help_text="Excel (.xlsx) yang dikirim ke provinsi atau diunduh dari portal, paling banyak 10 MB.",
        error_messages={"empty": "Berkas kosong (0 byte). Kirim sekali lagi."},
    )
    area = forms.RegexField(
        r"^[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?$", label="Kode wilayah", required=False,
        help_text="Hanya bila berkasnya tanpa lembar Sampul, misalnya 63.08.",
        error_messages={"invalid": "Tulis kode wilayah seperti 63.08 atau 63.08.03."},
    )  # fmt: skip
    period = forms.CharField(
        label="Periode", required=False, max_length=8,
        help_text="Hanya bila berkasnya tanpa lembar Sampul, misalnya 2026-TW3.",
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(TOO_MANY_BYTES)
        return file

    def clean_period(self):
        if not (code := self.cleaned_data["period"]):
            return None
        try:
            return parse_period(code)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class CheckFile(Page):
    """Nothing of the upload is kept: the marked copy goes back within the answer."""

    action = Action.SEE_REPORTS

    def get(self, request):
        return self.show(CheckFileForm(access=self.access))

    def post(self, request):
        form = CheckFileForm(request.POST, request.FILES, access=self.access)
        if not form.is_valid():
            return self.show(form)
        data = form.cleaned_data
        try:
            checked = check(data["file"].file, access=self.access, area_code=data["area"], period=data["period"])
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        return self.show(CheckFileForm(access=self.access), **self.told(checked, data["file"]))

    def told(self, checked: Checked, file) -> dict:
        result, copy = checked.result, None
        if result.differences:
            copy = marked(file.file, checked)
        is_small = copy is not None and len(copy) <= MOST_INLINE
        return {
            "checked": checked,
            "result": result,
            "file_name": file.name,
            "shown": result.differences[:SHOWN],
            "more": max(0, len(result.differences) - SHOWN),
            "copy": f"data:{CONTENT_TYPE};base64,{b64encode(copy).decode()}" if is_small else "",
            "copy_name": f"{file.name.removesuffix('.xlsx')}_diperiksa.xlsx",
        }

    def show(self, form, **more):
        context = {
            "title": "Periksa berkas",
            "intro": "Bandingkan sebuah buku kerja dengan angka yang dibekukan portal, sel demi sel.",
            "form": form,
            "back_url": reverse("report-board"),
            **more,
        }
        return render(self.request, "reports/check_file.html", context)
