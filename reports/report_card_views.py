"""Rapor kelompok on screen and on paper, for the notice board of the village."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from reports.periods import QUARTER, Period, latest_closed_quarter, parse_period, recent_periods, running_periods
from reports.report_card import card_of, criteria, sentences
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Page
from villages.checklist import Ledger
from villages.models import Group, Office
from villages.models.placements import village_on

PAPERS = ("F4", "A4")


class ReportCard(Page):
    """One page a quarter, `?periode=2026-TW3`; no person is named but the two who sign."""

    action = Action.SEE_GROUPS
    model = Group
    ledgers: Sequence[Ledger] = ()  # all apps' books, given in the table of URLs

    def get(self, request, pk):
        group = get_object_or_404(self.visible().select_related("village__district__regency"), pk=pk)
        try:
            period, paper = _quarter(request.GET.get("periode", "")), _paper(request.GET.get("kertas", PAPERS[0]))
        except ValueError as error:
            return self.refuse(group, str(error))
        as_of = min(period.last, today())
        card = card_of(group, period, as_of, self.ledgers)
        asked = criteria(card)
        signers = self.access.may(Action.SEE_PEOPLE)
        context = {
            "title": f"Rapor kelompok {period.name}",
            "object": group,
            "village": village_on(group, as_of),
            "period": period,
            "periods": _choices(period),
            "card": card,
            "is_running": as_of < period.last,
            "sentences": sentences(card),
            "met": [one.words for one in asked if one.is_met],
            "missing": [one.words for one in asked if one.is_met is False],
            "unknown": [one.words for one in asked if one.is_met is None],
            "leader": group.officer_on(Office.KETUA, as_of) if signers else None,
            "treasurer": group.officer_on(Office.BENDAHARA, as_of) if signers else None,
            "paper": paper,
            "papers": [(one, f"?periode={period.code}&kertas={one}") for one in PAPERS if one != paper],
            "back_url": group.get_absolute_url(),
        }
        return render(request, "reports/report_card.html", context)

    def refuse(self, group: Group, sentence: str) -> HttpResponse:
        context = {"sentence": sentence, "back_url": reverse("report-card", args=[group.pk])}
        return render(self.request, "reports/report_card_refused.html", context, status=400)


def _quarter(code: str) -> Period:
    if not code:
        return latest_closed_quarter(today())
    period = parse_period(code)
    if period.months_count != QUARTER:
        raise ValueError("Rapor kelompok dibuat per triwulan. Tulis misalnya 2026-TW3.")
    if period.first > today():
        raise ValueError(f"{period.name} belum datang. Pilih yang sudah atau sedang berjalan.")
    return period


def _paper(name: str) -> str:
    if name not in PAPERS:
        raise ValueError(f"Kertas “{name[:10]}” tidak ada. Pilih F4 atau A4.")
    return name


def _choices(chosen: Period) -> list[tuple[Period, bool]]:
    """The running quarter and the latest ones; always with the chosen one."""
    periods = [one for one in (*running_periods(today()), *recent_periods(today())) if one.months_count == QUARTER]
    periods = periods if chosen in periods else [chosen, *periods]
    return [(one, one == chosen) for one in periods]
