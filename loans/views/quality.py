"""Kualitas pinjaman: every figure with its formula, the loans behind it, and what a poklak's members bear together."""

from datetime import date
from urllib.parse import urlencode

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans.joint_services import joint_state
from loans.models import Loan
from loans.quality_services import SLICES, Quality, quality_of, sliced
from loans.quality_tables import QualityFilter, QualityLoanFilter, QualityLoanTable, quality_sheet
from loans.standing import BADGES
from up2k_portal.lib import xlsx
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, format_moment, parse_day, today
from up2k_portal.lib.views import ListingView, Page
from villages.models import Poklak

KEPT = ("q", "on", "district", "village", "group", "scope")  # what a link to the loans keeps of the question


def day_asked(request) -> date:
    """The day of the address, never ahead; today where none or no day is asked for (the form then says so)."""
    try:
        return min(parse_day(request.GET.get("on") or ""), today())
    except ValueError:
        return today()


class QualityPage(Page):
    """Three queries for the figures, whatever the number of loans."""

    action = Action.SEE_PEOPLE
    model = Loan
    title = "Kualitas pinjaman"

    def get(self, request):
        day = day_asked(request)
        filtered = QualityFilter(request.GET, queryset=self.visible(), access=self.access)
        is_clear = filtered.form.is_valid()
        quality = quality_of(filtered.qs if is_clear else self.visible().none(), day)
        if is_clear and request.GET.get("format") == "xlsx":
            made = f"Dibuat {format_moment(timezone.now())} oleh {request.user.name}"
            return xlsx.download(quality_sheet(quality, made), f"kualitas-pinjaman-{day:%Y%m%d}.xlsx")
        if request.GET.get("format") == "json":
            if not is_clear:  # never all rows under the name of some
                return JsonResponse({"errors": filtered.form.errors}, status=400)
            return JsonResponse(self.told(quality), json_dumps_params={"ensure_ascii": False})
        return render(request, "loans/quality.html", self.context(filtered, quality))

    def told(self, quality: Quality) -> dict:
        """For programs: sums in whole rupiah, and each ratio with what it is divided from."""
        return {
            "as_of": quality.as_of.isoformat(),
            "scheme": quality.scheme.code,
            "sums": quality.sums,
            "ratios": [
                {"key": one.formula.key, "label": one.formula.label, "numerator": one.part, "denominator": one.whole}
                for one in quality.ratios
            ],
        }

    def context(self, filtered, quality: Quality) -> dict:
        scheme, asked = quality.scheme, self.request.GET.dict()
        return {
            "title": self.title,
            "subtitle": f"Keadaan {format_day(quality.as_of)}. Skema {scheme.code}: {scheme.name}",
            "filter": filtered,
            "search_name": "q",
            "chips": [
                {"label": words, "remove_url": self.url({key: one for key, one in asked.items() if key != name})}
                for name, words in filtered.chips
            ],
            "clear_url": self.request.path,
            "quality": quality,
            "ratios": [(ratio, self.loans_url(ratio.formula.slice)) for ratio in quality.ratios],
            "classes": [(line, self.loans_url(f"class_{line.level}")) for line in quality.classes],
            "ageing": [(name, amount, self.loans_url(key)) for name, amount, key in quality.ageing],
            "running_url": self.loans_url("running"),
            "late_url": self.loans_url("late"),
            "xlsx_url": self.url(asked | {"format": "xlsx"}),
            "as_of": format_moment(timezone.now()),
        }

    def loans_url(self, key: str) -> str:
        asked = {name: self.request.GET[name] for name in KEPT if self.request.GET.get(name)}
        return f"{reverse('quality-loans')}?{urlencode(asked | {'slice': key})}"

    def url(self, asked: dict) -> str:
        return f"{self.request.path}?{urlencode(asked)}"


class QualityLoans(ListingView):
    """The loans behind a figure, as they stood at the end of the day."""

    action = Action.SEE_PEOPLE
    model = Loan
    filter_class = QualityLoanFilter
    title = "Pinjaman menurut kualitas"
    empty_title = "Tidak ada pinjaman di sini."
    empty_text = "Pada tanggal itu tidak ada pinjaman yang masuk hitungan ini."

    def rows(self):
        rows = self.visible().select_related("village__district", "member", "poklak")
        return sliced(rows, day_asked(self.request))

    def table_class(self, rows):
        return QualityLoanTable(rows, as_of=day_asked(self.request))

    def subtitle(self):
        key = self.request.GET.get("slice")
        words = f"{SLICES[key][0]}. " if key in SLICES else ""
        return f"{words}Keadaan {format_day(day_asked(self.request))}"


class PoklakArrears(RecordView):
    """Tanggung renteng of one poklak."""

    action = Action.SEE_PEOPLE
    model = Poklak
    template_name = "loans/quality_poklak.html"

    def rows(self):
        return self.visible().select_related("group", "village__district")

    def context(self):
        return {
            "title": f"Tanggung renteng {self.object}",
            "subtitle": f"{self.object.group}, {self.object.village.label}",
            "state": joint_state(self.object, today()),
            "badges": BADGES,
            "back_url": self.object.group.get_absolute_url(),
            "as_of": format_day(today()),
        }
