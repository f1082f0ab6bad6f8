"""Versions of the official forms: which is in force, a new one, its preview with real figures, putting it in force."""

import json
from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from reports import form_services, version_services
from reports.forms import layout
from reports.models import FormVersion
from reports.periods import latest_closed_quarter
from reports.services import filename, report_for, write_report
from reports.version_forms import ForceForm, FormVersionForm, VariantForm
from reports.workbook.sheets import FORMS
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment, today
from up2k_portal.lib.views import FormPage, Link, Page, RecordView, VerbView, see_other
from up2k_portal.lib.xlsx import CONTENT_TYPE
from villages.models import Regency


class FormPageOfRegency:
    """Forms belong to a kabupaten: that of the admin."""

    @property
    def regency(self):
        return self.visible(Regency).order_by("code").first()


class FormVersions(FormPageOfRegency, Page):
    """Each form with the version of today and those that wait."""

    action = Action.MANAGE_SETTINGS
    model = FormVersion

    def get(self, request):
        context = {"title": "Versi formulir", "rows": list(self.offers())}
        return render(request, "reports/form_versions.html", context)

    def offers(self):
        rows = self.visible().filter(regency=self.regency).defer("layout")
        kept, current = list(rows), {}
        for row in rows.in_force(today()):
            current.setdefault(row.form, row)
        for code in version_services.REPLACEABLE:
            shipped = layout(code)
            yield {
                "code": code,
                "name": f"{shipped['sheet']}: {FORMS[code].contents}",
                "current": current.get(code),
                "shipped": shipped["version"],
                "versions": [row for row in kept if row.form == code],
            }


class FormLayout(FormPageOfRegency, Page):
    """The layout of today as a file: where a new version begins."""

    action = Action.MANAGE_SETTINGS

    def get(self, request):
        code = request.GET.get("formulir", "")
        if code not in version_services.REPLACEABLE:
            raise Http404
        content = json.dumps(form_services.layouts_on(today(), self.regency.code)(code), ensure_ascii=False, indent=1)
        headers = {"Content-Disposition": f'attachment; filename="formulir_{code}.json"'}
        return HttpResponse(content, content_type="application/json; charset=utf-8", headers=headers)


class FormVersionAdd(FormPageOfRegency, FormPage):
    action = Action.MANAGE_SETTINGS
    form_class = FormVersionForm
    title = "Tambah versi formulir"
    intro = "Versi baru belum dipakai. Lihat dulu dengan angka triwulan lalu, lalu berlakukan."
    submit_label = "Simpan versi"
    done_message = "{} tersimpan. Unduh pratinjaunya sebelum diberlakukan."

    def make_form(self, **kwargs):
        return super().make_form(files=self.request.FILES if kwargs else None, **kwargs)

    def do(self, form):
        facts = dict(form.cleaned_data)
        facts |= {"content": facts.pop("file"), "regency": self.regency}
        return version_services.add_version(by=self.request.user, **facts)

    def back_url(self):
        return reverse("form-versions")


class FormVariant(FormVersionAdd):
    """The choice between the two appendices."""

    form_class = VariantForm
    title = "Pilih Lampiran 4.22"

    def make_form(self, **kwargs):
        return FormPage.make_form(self, **kwargs)

    def do(self, form):
        facts = form.cleaned_data | {"form": "4.22", "regency": self.regency}
        return version_services.use_variant(by=self.request.user, **facts)


class FormVersionRecord(RecordView):
    action = Action.MANAGE_SETTINGS
    model = FormVersion
    template_name = "reports/form_version.html"

    def rows(self):
        return self.visible().select_related("regency", "added_by", "in_force_by")

    def context(self):
        row = self.object
        before = form_services.layouts_on(row.valid_from, row.regency.code)(row.form)
        wait = row.previewed_at and not row.is_in_force
        return {
            "title": f"{layout(row.form)['sheet']} versi {row.version}",
            "subtitle": FORMS[row.form].contents,
            "back_url": reverse("form-versions"),
            "changes": None,
            "differences": differences(before, row.layout) if not row.is_in_force else [],
            "period": latest_closed_quarter(today()),
            "actions": [Link("Berlakukan", reverse("form-version-force", args=[row.pk]))] if wait else [],
            "as_of": format_moment(timezone.now()),
        }


class FormVersionPreview(Page):
    """The sheet of the version with the latest quarter's approved figures; a draft before there are any."""

    action = Action.MANAGE_SETTINGS
    model = FormVersion

    def get(self, request, pk):
        return see_other("form-version", get_object_or_404(self.visible(), pk=pk).pk)

    def post(self, request, pk):
        row = get_object_or_404(self.visible().select_related("regency"), pk=pk)
        area, period = row.regency.code, latest_closed_quarter(today())
        head = {"area_code": area, "period": period, "made_by": request.user.name}
        head["made_at"] = format_moment(timezone.now())
        report = report_for(basis="approved", **head)
        if not report.groups:
            report = report_for(basis="live", **head)
        content = BytesIO()
        write_report(report, content, form=row.form, edition=form_services.trial_edition(report, row))
        version_services.note_preview(row)
        name = filename(area, period, f"{row.form}_pratinjau", report.basis)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content.getvalue(), content_type=CONTENT_TYPE, headers=headers)


class FormVersionForce(VerbView):
    action = Action.MANAGE_SETTINGS
    model = FormVersion
    form_class = ForceForm
    title = "Berlakukan versi formulir"
    submit_label = "Berlakukan"
    done_message = "{} berlaku. Laporan periode sebelumnya tetap memakai bentuk pada masanya."

    @property
    def intro(self):
        row = self.object
        return f"{layout(row.form)['sheet']} versi {row.version}, untuk periode yang berakhir sejak tanggal berlakunya."

    def do(self, form):
        return version_services.put_in_force(version=self.object, by=self.request.user)


def differences(before, after) -> list[str]:
    """What changes, in words: columns that come and go, and headings that read otherwise."""
    old = {column["key"]: column for column in before["columns"]}
    new = {column["key"]: column for column in after["columns"]}
    found = [f"Kolom baru: {_heading(new[key])}" for key in new if key not in old]
    found += [f"Kolom hilang: {_heading(old[key])}" for key in old if key not in new]
    for key in old.keys() & new.keys():
        if _heading(old[key]) != _heading(new[key]):
            found.append(f"Kepala kolom {new[key]['n']}: {_heading(old[key])} menjadi {_heading(new[key])}")
        elif old[key]["n"] != new[key]["n"]:
            found.append(f"{_heading(new[key])} pindah dari kolom {old[key]['n']} ke {new[key]['n']}")
    texts = [[title["text"] for title in one["title_rows"]] for one in (before, after)]
    if texts[0] != texts[1]:
        found.append(f"Judul: {' / '.join(texts[1])}")
    return sorted(found)


def _heading(column) -> str:
    return " – ".join(part for part in column.get("label_path", [column["key"]]) if part)
