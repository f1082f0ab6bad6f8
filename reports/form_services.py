"""Which layout and which definitions a workbook is printed with, and how a form gets a new version."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reports.edition import Edition
from reports.forms import Layout, layout
from reports.forms.schema import problems
from reports.models import DefinitionSet, FormVersion, Sending, VillageReport
from reports.models.village_reports import AGREED
from reports.periods import parse_period
from reports.rows import Report
from up2k_portal.lib.dates import format_day, period_of
from villages.models import District

# The forms that may get another version; their rows are what the portal fills for the shipped layouts.
REPLACEABLE = ("r-1", "r-2", "r-3", "r-4", "r-5", "r-6a", "r-6b", "rekap-kec", "kelengkapan", "4.22")
VARIANTS = {"4.22": ("4.22-v",)}  # shipped layouts that may stand in for a form


def edition_of(report: Report) -> Edition:
    """Layouts in force on the report's last day; of approved reports the definitions that they were frozen with."""
    kept = _definitions(report) if report.basis == "approved" else None
    more = {"definitions": kept.rows, "definitions_hash": kept.sha256} if kept else {}
    return Edition(layout=layouts_on(report.period.last), places=_places(report), **more)


def trial_edition(report: Report, version: FormVersion) -> Edition:
    """The report's own edition with a version in place of the form it would replace."""
    return replace(edition_of(report), layout=layouts_on(report.period.last, {version.form: version.layout}))


def layouts_on(day: date, instead: Mapping[str, Layout] | None = None):
    """A finder of layouts by code as of a day; `instead` has what is tried out."""
    found: dict[str, Layout] = {}
    for row in FormVersion.objects.in_force(day):
        found.setdefault(row.form, row.layout)
    return partial(_layout, found | dict(instead or {}))


def _layout(found: Mapping[str, Layout], code: str) -> Layout:
    return found.get(code) or layout(code)


def filled_keys(form: str) -> set[str]:
    """The keys of the columns that the portal fills or knows for a form."""
    codes = (form, *VARIANTS.get(form, ()))
    return {column["key"] for code in codes for column in layout(code)["columns"]}


@transaction.atomic
def add_version(*, form: str, content: Any, valid_from: date, note: str = "", by: User) -> FormVersion:
    """Keeps a new layout, not yet in force. The same version sent twice is one row.

    Raises ValidationError for a form that cannot be replaced, a layout that cannot be printed (a sentence for each
    problem), a version that exists, and a first day that lies in a period already sent to the province.
    """
    if form not in REPLACEABLE:
        raise ValidationError({"form": f"Formulir ini tidak dapat diganti. Yang dapat: {', '.join(REPLACEABLE)}."})
    if same := _kept(form, content, valid_from):
        return same
    wrong = problems(content, filled_keys(form))
    if wrong:
        raise ValidationError({"file": wrong[:10]})
    _check_day(valid_from)
    row = FormVersion(
        form=form, version=content["version"][:40], valid_from=valid_from, layout=content, note=note, added_by=by
    )
    row.full_clean()
    row.save()
    return row


def _kept(form: str, content: Any, valid_from: date) -> FormVersion | None:
    """The row of the same version sent twice."""
    version = str(content.get("version"))[:40] if isinstance(content, dict) else ""
    row = FormVersion.objects.filter(form=form, version=version, valid_from=valid_from).first()
    return row if row and row.layout == content else None


def use_variant(*, form: str, variant: str, valid_from: date, by: User) -> FormVersion:
    """Another shipped layout in place of a form, as a version like any other: previewed before it is in force."""
    if variant != form and variant not in VARIANTS.get(form, ()):
        raise ValidationError({"variant": "Varian ini tidak ada untuk formulir itu."})
    content = dict(layout(variant))
    count = FormVersion.objects.filter(form=form, version__startswith=content["version"]).count()
    content["version"] += f" ({count + 1})" if count else ""
    return add_version(form=form, content=content, valid_from=valid_from, by=by)


def note_preview(row: FormVersion) -> None:
    """Someone has seen the version with real figures."""
    FormVersion.objects.filter(pk=row.pk, previewed_at=None).update(previewed_at=timezone.now())


@transaction.atomic
def put_in_force(*, version: FormVersion, by: User) -> FormVersion:
    """From its first day on the version prints. Twice is once.

    Raises ValidationError before it was previewed, and where its first day lies in a period already sent.
    """
    row = FormVersion.objects.select_for_update().get(pk=version.pk)
    if row.is_in_force:
        return row
    if row.previewed_at is None:
        raise ValidationError("Lihat dulu versi ini dengan angka periode lalu: unduh pratinjaunya.")
    _check_day(row.valid_from)
    row.in_force_at, row.in_force_by = timezone.now(), by
    row.save()
    return row


def _check_day(valid_from: date) -> None:
    """What was sent must be rebuilt with the same cells, so a new form begins after the last period sent."""
    sent = [parse_period(code).last for code in Sending.objects.values_list("period", flat=True).distinct()]
    if sent and valid_from <= max(sent):
        raise ValidationError(
            {"valid_from": f"Laporan sampai {format_day(max(sent))} sudah dikirim ke provinsi. Pilih hari sesudahnya."}
        )


def _definitions(report: Report) -> DefinitionSet | None:
    """The set that the approved reports were frozen with; the newest of several."""
    rows = VillageReport.objects.in_area(report.area_code).filter(
        last_month=period_of(report.period.last), state__in=AGREED
    )
    return DefinitionSet.objects.filter(pk__in=rows.values("version__definitions")).order_by("-kept_at", "-pk").first()


def _places(report: Report) -> dict[str, str]:
    """Names of the kecamatan, which only a province's sheets need."""
    if report.area_level != "provinsi":
        return {}
    return dict(District.objects.in_area(report.area_code).values_list("code", "name"))
