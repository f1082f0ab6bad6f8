"""Indikator: every figure of an area and a period with what it means; the glossary; and the page on open data."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from enterprises.models import Category
from reports.board_services import area_above
from reports.board_views import AreaPage
from reports.drill import groups_url, rows_url
from reports.export_form import area_choices, period_choices
from reports.indicator_lines import Line, Value, categories_of, columns_of, lines_of, records_of, topics_of
from reports.indicators import ALL, TOPICS, definitions, definitions_hash
from reports.open_data import ENDPOINTS
from reports.rows import Report
from reports.services import BASES, report_for
from up2k_portal.lib import xlsx
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, format_moment, today
from up2k_portal.lib.views import Page
from up2k_portal.lib.xlsx_shell import NUMBER, TEXT, Column, Sheet

BASIS_WORDS = {"approved": "Laporan yang disetujui", "live": "Angka saat ini"}


class IndicatorPage(AreaPage):
    """The same figures as page, JSON and Excel; live for whoever asks for nothing else."""

    template_name = "reports/indicators.html"

    def get(self, request):
        wanted = request.GET.get("format")
        if wanted not in (None, "xlsx", "json"):
            raise Http404("Bentuk yang ada: xlsx dan json.")
        _ = self.area
        try:
            report = report_for(
                basis=self.basis,
                area_code=self.area_code,
                period=self.period,
                made_by=request.user.name,
                made_at=format_moment(timezone.now()),
            )
        except ValidationError as error:
            raise Http404(" ".join(error.messages)) from error
        self.columns = columns_of(report)
        lines = lines_of(self.columns)
        if wanted == "json":
            return self.as_json(report, lines)
        if wanted == "xlsx":
            return self.as_xlsx(report, lines)
        return render(request, self.template_name, self.context(report, lines))

    @cached_property
    def basis(self) -> str:
        basis = self.request.GET.get("dasar", "live")
        if basis not in BASES:
            raise Http404(f"Dasar angka yang ada: {', '.join(BASES)}.")
        return basis

    def head(self, report: Report) -> dict:
        """What every answer says of its figures."""
        return {
            "area": report.area_code,
            "name": self.area.full_name,
            "period": self.period.code,
            "as_of": min(self.period.last, today()).isoformat(),
            "basis": self.basis,
            "villages": report.villages_count,
            "villages_approved": sum(one.is_agreed for one in report.standings),
            "definitions": definitions_hash(),
            "made_at": timezone.now().isoformat(),
        }

    def as_json(self, report: Report, lines: list[Line]) -> JsonResponse:
        results = list(records_of(lines))
        names = [column.name for column in self.columns]
        categories = [
            {"category": name, "enterprises": counts[0], "by_area": dict(zip(names[1:], counts[1:], strict=True))}
            for name, counts in categories_of(self.columns)
        ]
        answer = self.head(report) | {"count": len(results), "results": results, "enterprises_by_category": categories}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})

    def as_xlsx(self, report: Report, lines: list[Line]):
        heads = [*(Column(name, TEXT) for name in ("Topik", "Angka", "Satuan", "Definisi", "Menjumlahkan", "Formulir"))]
        heads += [Column(column.name, NUMBER) for column in self.columns]
        rows = [
            [
                line.one.topic,
                line.one.label,
                str(line.one.unit),
                line.one.definition,
                line.one.roll_up,
                "; ".join(line.one.forms),
                *(_cell(value.value) for value in line.values),
            ]
            for line in lines
        ]
        made = f"{self.area.full_name}, {self.period.name}. {BASIS_WORDS[self.basis]}. {self.made_note()}"
        name = f"indikator-{self.area_code}-{self.period.code}{'-DRAF' if self.basis == 'live' else ''}.xlsx"
        return xlsx.download(Sheet("Indikator", made, heads, rows), name)

    def context(self, report: Report, lines: list[Line]) -> dict:
        above = area_above(self.area_code)
        return {
            "title": "Indikator",
            "subtitle": f"{self.area.full_name}, {self.period.name}",
            "place_links": self.place_links(),
            "above_url": self.url_of(above) if above and self.access.covers(above) else "",
            "area_code": self.area_code,
            "period": self.period,
            "basis": self.basis,
            "areas": self.area_choices(),
            "periods": period_choices(),
            "bases": BASIS_WORDS.items(),
            "topics": [(name, [self.line(one) for one in some]) for name, some in topics_of(lines)],
            "chosen": self.chosen(lines),
            "categories": self.categories(),
            "day": format_day(min(self.period.last, today())),
            "missing": sum(not one.is_agreed for one in report.standings) if self.basis == "approved" else 0,
            "xlsx_url": self.url_of(self.area_code, format="xlsx"),
            "json_url": self.url_of(self.area_code, format="json"),
            "as_of": format_moment(timezone.now()),
        }

    def categories(self) -> list[tuple[str, int, str]]:
        """Kinds of business with the number of enterprises and the address of their rows; of what is frozen, and where
        the reader sees no list, of the groups that have them.
        """
        counts = [(name, counts[0]) for name, counts in categories_of(self.columns)]
        url = rows_url("enterprises", self.area_code, self.period, self.access)
        if self.basis != "live" or not url.startswith(reverse("enterprise-list")):
            groups = groups_url("enterprises", self.area_code, self.period, self.basis)
            return [(name, count, f"{groups}&{urlencode({'jenis': name})}") for name, count in counts]
        keys = dict(self.visible(Category).values_list("name", "pk"))
        return [(name, count, f"{url}&category={keys[name]}" if name in keys else "") for name, count in counts]

    def area_choices(self) -> list[tuple[str, str]]:
        offered = area_choices(self.access)
        known = {code for code, _ in offered}
        return offered if self.area_code in known else [*offered, (self.area_code, self.area.full_name)]

    def line(self, line: Line) -> tuple[Line, str, str]:
        """With the addresses of the rows behind the whole area's value and of its parts side by side."""
        whole = line.values[0]
        parts_url = f"{self.url_of(self.area_code, angka=line.one.key)}#bagian" if len(self.columns) > 1 else ""
        return line, self.value_url(whole), parts_url

    def chosen(self, lines: list[Line]) -> dict | None:
        """One figure, area below by area below: as many as there are, on any width."""
        key = self.request.GET.get("angka")
        if not key:
            return None
        line = next((one for one in lines if one.one.key == key), None)
        if line is None:
            raise Http404("Tidak ada angka dengan kunci itu.")
        parts = [(value, self.column_url(value.column), self.value_url(value)) for value in line.values]
        return {"one": line.one, "parts": [*parts[1:], parts[0]], "is_ratio": line.values[0].denominator is not None}

    def value_url(self, value: Value) -> str:
        """Of the rows behind it; what is frozen leads to its groups as they were frozen, and on to their rows."""
        return self.rows_url(value.one.key, value.column) if value.value else ""

    def rows_url(self, key: str, column) -> str:
        if self.basis != "live":
            return groups_url(key, column.code, self.period, self.basis)
        return rows_url(key, column.group_id or column.code, self.period, self.access)

    def column_url(self, column) -> str:
        if column.group_id:
            return reverse("group", args=[column.group_id])
        return self.url_of(column.code) if column.code != self.area_code else ""

    def url_of(self, code: str, **more) -> str:
        return super().url_of(code, periode=self.period.code, dasar=self.basis, **more)


def _cell(value: int | Fraction | None) -> int | Decimal | None:
    """A percent with two decimals, everything else whole."""
    return Decimal(round(value * 100)) / 100 if isinstance(value, Fraction) else value


class Definitions(Page):
    """The glossary: the table that the workbook's sheet of definitions and every check reads."""

    action = Action.SEE_REPORTS

    def get(self, request):
        wanted = request.GET.get("format")
        if wanted == "json":
            found = {"sha256": definitions_hash(), "count": len(ALL), "results": definitions()}
            return JsonResponse(found, json_dumps_params={"ensure_ascii": False})
        if wanted == "xlsx":
            return self.as_xlsx()
        if wanted is not None:
            raise Http404("Bentuk yang ada: xlsx dan json.")
        context = {
            "title": "Definisi indikator",
            "topics": [(topic, [one for one in ALL.values() if one.topic == topic]) for topic in TOPICS],
            "fingerprint": definitions_hash(),
            "back_url": reverse("indicators"),
            "xlsx_url": f"{request.path}?{urlencode({'format': 'xlsx'})}",
        }
        return render(request, "reports/definitions.html", context)

    def as_xlsx(self):
        heads = [Column(name) for name in ("Kunci", "Nama", "Satuan", "Definisi", "Menjumlahkan", "Formulir")]
        rows = [
            [one["key"], one["label"], one["unit"], one["definition"], one["roll_up"], "; ".join(one["forms"])]
            for one in definitions()
        ]
        made = f"Dibuat {format_moment(timezone.now())} oleh {self.request.user.name}"
        return xlsx.download(Sheet("Definisi", made, heads, rows), f"definisi-{today():%Y%m%d}.xlsx")


class OpenData(Page):
    """For the kabupaten's open-data office: what can be read by a program, and how."""

    action = Action.SEE_REPORTS

    def get(self, request):
        rows = [(one, reverse(one.url_name)) for one in ENDPOINTS if self.access.may(one.action)]
        context = {
            "title": "Data terbuka",
            "rows": rows,
            "site": request.build_absolute_uri("/").rstrip("/"),
            "back_url": reverse("indicators"),
        }
        return render(request, "reports/open_data.html", context)
