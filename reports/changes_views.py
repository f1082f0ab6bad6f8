"""Frozen reports against the live figures: what changed in one, by whom, and which of an area's changed at all."""

from dataclasses import dataclass

from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reports.board_views import AreaPage
from reports.changes import Drift, drift_of, drifts_of, handed_in_count
from reports.changes_causes import Cause, causes_of
from reports.indicators import ALL, TOPICS
from reports.report_services import snapshot_of
from reports.report_views import BADGES, ReportPage, report_url
from reports.report_words import words_of
from reports.snapshot import Change
from up2k_portal.lib import xlsx
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_moment
from up2k_portal.lib.views import Link
from up2k_portal.lib.xlsx_shell import NUMBER, TEXT, Column, Sheet

FORMS = (None, "json", "xlsx")


@dataclass(frozen=True)
class Line:
    """A figure then and now, in words."""

    group: str
    label: str
    then: str
    now: str


@dataclass(frozen=True)
class Topic:
    """The figures of a topic that changed, and the entries that may have done it."""

    title: str
    lines: tuple[Line, ...]
    causes: tuple[Cause, ...]


def topics_of(drift: Drift, causes: list[Cause]) -> list[Topic]:
    """In the order of the indicators; an entry stands under each topic that it moves."""
    several = len(drift.group_ids) > 1
    found = []
    for title in TOPICS:
        some = [one for one in drift.changes if ALL[one.key].topic == title]
        if some:
            lines = tuple(_line(one, several) for one in some)
            found.append(Topic(title, lines, tuple(one for one in causes if title in one.topics)))
    return found


def _line(change: Change, several: bool) -> Line:
    indicator = ALL[change.key]
    then, now = (words_of(indicator, value) for value in (change.then, change.now))
    return Line(change.group_name if several else "", change.label, then, now)


class ReportChanges(ReportPage):
    """What differs from the frozen version of one village, and which entries did it."""

    def get(self, request):
        wanted = request.GET.get("format")
        if wanted not in FORMS:
            raise Http404("Bentuk yang ada: xlsx dan json.")
        if self.report is None or not self.report.is_in:
            return HttpResponseRedirect(self.page_url())  # a draft is the live figures
        drift = drift_of(self.report, snapshot_of(self.village, self.period))
        causes = causes_of(drift) if drift.changes else []
        if wanted == "json":
            return self.as_json(drift, causes)
        if wanted == "xlsx":
            return xlsx.download(self.sheet(drift), f"perubahan_{self.village.code}_{self.period.code}.xlsx")
        return render(request, "reports/changes.html", self.context(drift, causes))

    def context(self, drift: Drift, causes: list[Cause]) -> dict:
        address = report_url("report-changes", self.village, self.period)
        return {
            **self.heading(),
            "title": f"Perubahan laporan {self.period.name}",
            "drift": drift,
            "version": self.report.version,
            "topics": topics_of(drift, causes),
            "has_people": self.has_people,
            "xlsx_url": f"{address}?format=xlsx",
            "json_url": f"{address}?format=json",
            "as_of": format_moment(timezone.now()),
        }

    @property
    def has_people(self) -> bool:
        return self.access.may(Action.SEE_PEOPLE)

    def as_json(self, drift: Drift, causes: list[Cause]) -> JsonResponse:
        version = self.report.version
        answer = {
            "village_code": self.village.code,
            "period": self.period.code,
            "version": version.number,
            "frozen_at": version.made_at.isoformat(),
            "as_of": timezone.now().isoformat(),
            "count": len(drift.changes),
            "results": [
                {"group": one.group_name, "key": one.key, "label": one.label, "then": one.then, "now": one.now}
                for one in drift.changes
            ],
            "causes": [self._told(one) for one in causes],
        }
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})

    def _told(self, cause: Cause) -> dict:
        told = {
            "kind": cause.words,
            "on": cause.on and cause.on.isoformat(),
            "recorded_at": cause.recorded_at.isoformat(),
            "amount": cause.amount,
        }
        return told | ({"name": cause.name, "by": cause.who, "url": cause.url} if self.has_people else {})

    def sheet(self, drift: Drift) -> Sheet:
        columns = [
            Column("Kelompok"), Column("Kode"), Column("Angka"), Column("Satuan"), Column("Saat dibekukan", NUMBER),
            Column("Kini", NUMBER),
        ]  # fmt: skip
        rows = [
            [one.group_name, one.key, one.label, str(ALL[one.key].unit), one.then, one.now] for one in drift.changes
        ]
        title = f"Perubahan laporan {self.period.name} {self.village.full_name}"
        return Sheet(title, f"Dibuat {format_moment(timezone.now())} oleh {self.request.user.name}", columns, rows)


class ChangedReports(AreaPage):
    """Which reports that are in differ from the live figures; an area and a period at a time."""

    def get(self, request):
        wanted = request.GET.get("format")
        if wanted not in FORMS:
            raise Http404("Bentuk yang ada: xlsx dan json.")
        drifts = drifts_of([self.area_code], self.period)
        if wanted == "json":
            return self.as_json(drifts)
        if wanted == "xlsx":
            return xlsx.download(self.sheet(drifts), f"berubah_{self.area_code}_{self.period.code}.xlsx")
        return render(request, "reports/changed.html", self.context(drifts))

    def context(self, drifts: list[Drift]) -> dict:
        more = {"periode": self.period.code}
        return {
            "title": "Laporan yang berubah",
            "subtitle": f"{self.area.full_name}, {self.period.name}",
            "back_url": reverse("report-board"),
            "rows": [(one, BADGES[one.report.state], self._page(one)) for one in drifts],
            "count": handed_in_count([self.area_code], self.period),
            "places": [Link(name, f"{url}&periode={self.period.code}") for name, url, is_here in self.place_links()],
            "xlsx_url": self.url_of(self.area_code, format="xlsx", **more),
            "json_url": self.url_of(self.area_code, format="json", **more),
            "as_of": format_moment(timezone.now()),
        }

    def _page(self, drift: Drift) -> str:
        return report_url("report-changes", drift.report.village, self.period)

    def as_json(self, drifts: list[Drift]) -> JsonResponse:
        results = [
            {
                "village_code": one.report.village.code,
                "village": one.report.village.full_name,
                "district": one.report.village.district.name,
                "state": one.report.state,
                "version": one.report.version.number,
                "changed": len(one.changes),
            }
            for one in drifts
        ]
        answer = {"area": self.area_code, "period": self.period.code, "count": len(results), "results": results}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})

    def sheet(self, drifts: list[Drift]) -> Sheet:
        columns = [
            Column("Kode", TEXT), Column("Desa/kelurahan"), Column("Kecamatan"), Column("Keadaan"),
            Column("Versi", NUMBER), Column("Angka berubah", NUMBER, total=True),
        ]  # fmt: skip
        rows = [
            [
                one.report.village.code,
                one.report.village.full_name,
                one.report.village.district.name,
                one.report.get_state_display(),
                one.report.version.number,
                len(one.changes),
            ]
            for one in drifts
        ]
        return Sheet(f"Laporan yang berubah {self.period.name}", self.made_note(), columns, rows)
