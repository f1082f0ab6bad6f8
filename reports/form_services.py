"""Which layout and which definitions a workbook is printed with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from reports.edition import Edition
from reports.forms import Layout, layout
from reports.models import DefinitionSet, FormVersion, VillageReport
from reports.models.village_reports import AGREED
from reports.rows import Report
from up2k_portal.lib.dates import period_of
from villages.models import District


def edition_of(report: Report) -> Edition:
    """Layouts in force on the report's last day; of approved reports the definitions that they were frozen with."""
    kept = _definitions(report) if report.basis == "approved" else None
    more = {"definitions": kept.rows, "definitions_hash": kept.sha256} if kept else {}
    return Edition(layout=layouts_on(report.period.last, report.area_code[:5]), places=_places(report), **more)


def trial_edition(report: Report, version: FormVersion) -> Edition:
    """The report's own edition with a version in place of the form it would replace."""
    instead = {version.form: version.layout}
    return replace(edition_of(report), layout=layouts_on(report.period.last, report.area_code[:5], instead))


def layouts_on(day: date, regency_code: str, instead: Mapping[str, Layout] | None = None) -> Callable[[str], Layout]:
    """A finder of layouts by code as of a day; `instead` has what is tried out. A province's code finds the shipped."""
    found: dict[str, Layout] = {}
    for row in FormVersion.objects.filter(regency__code=regency_code).in_force(day):
        found.setdefault(row.form, row.layout)
    return partial(_layout, found | dict(instead or {}))


def _layout(found: Mapping[str, Layout], code: str) -> Layout:
    return found.get(code) or layout(code)


def _definitions(report: Report) -> DefinitionSet | None:
    """The set that the approved reports were frozen with; the newest of several."""
    rows = VillageReport.objects.in_area(report.area_code).filter(
        last_month=period_of(report.period.last), state__in=AGREED
    )
    keys = set(rows.values_list("version__definitions", flat=True))  # few; as one query they cost a join of joins
    return DefinitionSet.objects.filter(pk__in=keys).order_by("-kept_at", "-pk").first()


def _places(report: Report) -> dict[str, str]:
    """Names of the kecamatan, which only a province's sheets need."""
    if report.area_level != "provinsi":
        return {}
    return dict(District.objects.in_area(report.area_code).values_list("code", "name"))
