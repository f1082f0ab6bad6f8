"""The page of the workbook, and the figures that the admin's index shows."""

from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reports.export_form import ExportForm
from reports.figures import headline
from reports.services import export_workbook, filename
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.views import Page
from up2k_portal.lib.xlsx import CONTENT_TYPE

SHEETS = (
    ("Sampul", "wilayah, periode, kode pemeriksaan"),
    ("R-1", "rekap kelompok"),
    ("R-3", "perkembangan simpan pinjam"),
    ("R-4", "usaha dan pendapatan anggota"),
    ("Rekap Kecamatan", "jumlah per kecamatan, RR, NPL dan omzet"),
    ("Lampiran 4.22", "data kegiatan Pokja II, kolom 26–35"),
)


class ExportPage(Page):
    action = Action.SEE_REPORTS

    def get(self, request):
        context = {"title": "Buku kerja provinsi", "form": ExportForm(access=self.access), "sheets": SHEETS}
        return render(request, "reports/export.html", context)


class ExportDownload(Page):
    """The workbook itself; an area outside the person's own is 404."""

    action = Action.SEE_REPORTS

    def get(self, request):
        form = ExportForm(
            {"period": request.GET.get("period", ""), "area": request.GET.get("area")}, access=self.access
        )
        if not self.access.covers(request.GET.get("area", "")):
            raise Http404
        if not form.is_valid():
            context = {"title": "Buku kerja provinsi", "form": form, "sheets": SHEETS}
            return render(request, "reports/export.html", context)
        return self.workbook(form.cleaned_data["area"], form.cleaned_data["period"])

    def workbook(self, area_code, period):
        content = BytesIO()
        export_workbook(
            form="provinsi",
            area_code=area_code,
            period=period,
            made_by=self.request.user.name,
            at=timezone.now(),
            target=content,
        )
        return HttpResponse(
            content.getvalue(),
            content_type=CONTENT_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{filename(area_code, period)}"'},
        )


def admin_index(request) -> dict:
    """What the admin's front page tells: the five figures and the way to the workbook."""
    return {
        "figures": headline(request.access, today()),
        "workbook_url": reverse("export"),
        "as_of": format_moment(timezone.now()),
    }
