"""One month of a whole group: the grid to enter it, and the book as printed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.pages import RecordView
from enterprises import services
from enterprises.models import Enterprise, MonthlyResult
from enterprises.month_form import MonthForm
from enterprises.months import first_day, last_day, month_code, month_name, months_before, months_until, parse_month
from enterprises.views.enterprises import sums_of
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import period_of, today
from up2k_portal.lib.views import FormPage
from villages.models import Group, Office
from villages.models.placements import village_on

MONTHS_OFFERED = 36


def month_asked(request) -> int:
    """The month of ?bulan=2026-09, else the last closed one; a month that cannot be is 404."""
    code = request.GET.get("bulan")
    if not code:
        return months_before(period_of(today()), 1)
    try:
        period = parse_month(code)
        services.check_month_has_come(period)
    except (ValueError, ValidationError) as error:
        raise Http404(f"Bulan {code[:20]} tidak ada.") from error
    return period


class MonthEntry(FormPage):
    """A row an enterprise, two cells a row, all saved at once. Works as a plain form; the script adds Enter."""

    action = Action.EDIT_REGISTRY
    template_name = "enterprises/month_entry.html"
    submit_label = "Simpan bulan ini"

    def load(self, pk):
        self.group = get_object_or_404(self.open(Group).select_related("village__district"), pk=pk)
        self.period = month_asked(self.request)
        self.enterprises = list(self.rows())

    def rows(self):
        """What ran in the month, and what is recorded for it all the same."""
        rows = self.open(Enterprise).filter(group=self.group)
        recorded = self.open(MonthlyResult).filter(group=self.group, period=self.period)
        running = rows.running_between(first_day(self.period), last_day(self.period))
        both = rows.filter(pk__in=running.values("pk")) | rows.filter(pk__in=recorded.values("enterprise"))
        return both.select_related("member", "poklak").by_owner()

    def make_form(self, **kwargs):
        self.stored = services.stored_figures(self.enterprises, self.period)
        return MonthForm(
            access=self.access,
            enterprises=self.enterprises,
            stored=self.stored,
            last=services.stored_figures(self.enterprises, months_before(self.period, 1)),
            **kwargs,
        )

    def do(self, form):
        return services.record_month(
            group=self.group, period=self.period, typed=form.typed, seen=form.seen, by=self.request.user
        )

    @property
    def title(self):
        return f"Hasil usaha {month_name(self.period)}"

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}"

    def context(self):
        return super().context() | {
            "group": self.group,
            "month": month_name(self.period),
            "month_code": month_code(self.period),
            "last_month": month_name(months_before(self.period, 1)),
            "months": [(month_code(one), month_name(one)) for one in reversed(self.offered())],
            "count": len(self.stored),
            "turnover": sum(one.turnover for one in self.stored.values()),
            "cost": sum(one.cost for one in self.stored.values()),
        }

    def offered(self) -> list[int]:
        months = months_until(period_of(today()), MONTHS_OFFERED)
        return months if self.period in months else [self.period, *months]

    def back_url(self):
        return self.group.get_absolute_url()

    def thank(self, done):
        if done:
            messages.success(self.request, f"{done} usaha tersimpan untuk {month_name(self.period)}.")
        else:
            messages.info(self.request, "Tidak ada angka yang berubah.")
        address = reverse("month-entry", args=[self.group.pk])
        return HttpResponseRedirect(f"{address}?bulan={month_code(self.period)}")


class ProductionBook(RecordView):
    """Buku Produksi & Penjualan of a group and a month, on paper."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "enterprises/production_book.html"

    def rows(self):
        return self.visible().select_related("village__district__regency")

    def context(self):
        period, group = month_asked(self.request), self.object
        results = self.visible(MonthlyResult).filter(group=group, period=period)
        results = results.select_related("enterprise__member", "enterprise__poklak", "product")
        results = list(results.prefetch_related("enterprise__products").by_owner())
        next_month, signed_on = months_before(period, -1), min(last_day(period), today())
        return {
            "results": results,
            "sums": sums_of(results),
            "month": month_name(period),
            "earlier": month_code(months_before(period, 1)),
            "later": month_code(next_month) if next_month <= period_of(today()) else "",
            "back_url": group.get_absolute_url(),
            "signed_on": signed_on,
            "village": village_on(group, signed_on),
            "leader": group.officer_on(Office.KETUA, signed_on),
            "treasurer": group.officer_on(Office.BENDAHARA, signed_on),
        }
