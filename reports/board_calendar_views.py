"""Kalender laporan: when each level is due, a due day moved, leave for single villages; each told before it is done."""

from functools import cached_property

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from loans.views.life import CheckedPage
from reports import calendar_services as services
from reports.board_forms import CalendarForm, DueDayForm, LeaveForm, initial_terms
from reports.board_services import columns_of, look_ahead, regencies_of, running_or_recent, upcoming
from reports.board_tables import LeaveFilter, LeaveTable
from reports.board_views import AreaPage
from reports.models import DueException
from reports.models.calendar import Tier
from reports.periods import parse_period
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.views import FormPage, Link, ListingView
from villages.models import Regency, Village


class CalendarView(AreaPage):
    """When reports of a kabupaten are due; a province chooses which."""

    def get(self, request):
        if self.calendar is None:
            context = {"title": "Kalender laporan", "rows": self.regencies(), "back_url": reverse("report-board")}
            return render(request, "reports/board_calendars.html", context)
        return render(request, "reports/board_calendar.html", self.context(self.calendar))

    def regencies(self) -> list[tuple[str, str]]:
        return [(one.name, self.url_of(one.code)) for one in regencies_of(self.area_code)]

    def context(self, calendar: services.Calendar) -> dict:
        people = self.access.may(Action.SEE_PEOPLE)
        return {
            "title": "Kalender laporan",
            "subtitle": calendar.regency.name,
            "back_url": reverse("report-board"),
            "terms": calendar.on(today()),
            "ahead": calendar.latest if calendar.decisions and calendar.latest.from_day > today() else None,
            "rows": upcoming(calendar),
            "moved": [(parse_period(row.period), row) for row in calendar.moved.values()],
            "decisions": calendar.decisions,
            "people": people,
            "actions": self.actions(calendar.regency),
        }

    def actions(self, regency: Regency) -> list[Link]:
        links = []
        if self.access.may(Action.VERIFY_REPORTS):
            links.append(Link("Beri perpanjangan", reverse("due-exception-add")))
        if self.access.may(Action.MANAGE_SETTINGS) and self.access.covers(regency.code):
            links.append(Link("Pindahkan hari batas", reverse("report-due-day", args=[regency.pk])))
            links.append(Link("Atur kalender", reverse("report-calendar-edit", args=[regency.pk])))
        return [*links, Link("Daftar perpanjangan", reverse("due-exception-list"))]


class CalendarVerb(CheckedPage):
    """A decision about the calendar of the kabupaten in the address."""

    action = Action.MANAGE_SETTINGS
    model = Regency

    def load(self, pk):
        self.object = get_object_or_404(self.open(), pk=pk)

    @cached_property
    def calendar(self) -> services.Calendar:
        return services.calendar_of(self.object.code)

    def back_url(self):
        return f"{reverse('report-calendar')}?wilayah={self.object.code}"

    def thank(self, done):
        messages.success(self.request, self.done_message)
        return HttpResponseRedirect(self.back_url())


class CalendarEdit(CalendarVerb):
    """How often and by when, then from which day that holds, then the act."""

    form_class = CalendarForm
    title = "Atur kalender laporan"
    intro = "Berlaku untuk periode yang akan datang; yang sudah dilaporkan atau sudah lewat batas tidak berubah."
    check_template = "reports/board_calendar_check.html"
    check_title = "Kalender baru"
    act_label = "Simpan kalender"
    done_message = "Kalender laporan tersimpan."

    def initial(self):
        return initial_terms(self.calendar)

    def preview(self, form):
        terms = form.terms()
        return {
            "terms": terms,
            "before": self.calendar.latest,
            "from_day": services.begins_on(self.calendar, terms),
            "is_new_rhythm": terms.every != self.calendar.every_in(today().year),
            "year": today().year,
        }

    def do(self, form):
        reason = form.cleaned_data["reason"]
        return services.set_calendar(regency=self.object, terms=form.terms(), reason=reason, by=self.request.user)


class DueDayMove(CalendarVerb):
    """A period, a tier and a day; then the villages that it makes late or saves from it; then the act."""

    form_class = DueDayForm
    title = "Pindahkan hari batas"
    intro = "Untuk semua desa di kabupaten ini, satu periode saja. Untuk satu desa, beri perpanjangan."
    check_template = "reports/board_due_day_check.html"
    check_title = "Hari batas baru"
    act_label = "Pindahkan hari batas"
    done_message = "Hari batas dipindahkan."

    def make_form(self, **kwargs):
        return super().make_form(periods=running_or_recent(self.calendar), **kwargs)

    def initial(self):
        return {"period": columns_of(self.calendar)[0].code, "tier": Tier.VILLAGE}

    def preview(self, form):
        facts = form.cleaned_data
        services.check_move(self.calendar, facts["period"], facts["tier"], facts["on"])
        seen = look_ahead(self.calendar, facts["period"], facts["tier"], facts["on"])
        return {"seen": seen, "tier": Tier(facts["tier"]), "is_of_villages": facts["tier"] == Tier.VILLAGE}

    def do(self, form):
        return services.move_due_day(regency=self.object, by=self.request.user, **form.cleaned_data)


class LeaveListing(ListingView):
    """Perpanjangan: which village may report until when, why, and by whom."""

    action = Action.SEE_REPORTS
    model = DueException
    table_class = LeaveTable
    filter_class = LeaveFilter
    title = "Perpanjangan laporan"
    empty_title = "Belum ada perpanjangan."
    empty_text = "Kecamatan atau kabupaten dapat memberi satu desa waktu lebih lama, dengan alasan; habisnya sendiri."

    def rows(self):
        return self.visible().select_related("village__district", "granted_by").annotate(
            standing=Case(When(until__lt=today(), then=Value("Sudah habis")), default=Value("Masih berlaku"))
        )  # fmt: skip

    def page(self, table, filtered):
        self.hide_people(table)
        return super().page(table, filtered)

    def as_xlsx(self, table):
        self.hide_people(table)
        return super().as_xlsx(table)

    def as_json(self, table):
        self.hide_people(table)
        return super().as_json(table)

    def hide_people(self, table) -> None:
        if not self.access.may(Action.SEE_PEOPLE):
            table.columns.hide("granted_by")

    def add_link(self):
        if not self.access.may(Action.VERIFY_REPORTS):
            return None
        return Link("Beri perpanjangan", reverse("due-exception-add"))


class LeaveAdd(FormPage):
    """Never by the village itself: the action is not an operator's, and the service asks once more."""

    action = Action.VERIFY_REPORTS
    model = Village
    form_class = LeaveForm
    title = "Beri perpanjangan"
    intro = "Satu desa boleh melapor lebih lambat tanpa dihitung terlambat. Habisnya sendiri sesudah tanggal itu."
    submit_label = "Simpan perpanjangan"

    def make_form(self, **kwargs):
        first = get_object_or_404(self.open().order_by("code")[:1])
        periods = running_or_recent(services.calendar_of(first.code[:5]))
        return super().make_form(periods=periods, **kwargs)

    def initial(self):
        return {"village": self.request.GET.get("desa"), "period": self.request.GET.get("periode")}

    def back_url(self):
        return reverse("due-exception-list")

    def do(self, form):
        return services.grant_leave(by=self.request.user, **form.cleaned_data)

    def thank(self, done):
        messages.success(self.request, f"{done.village.full_name} boleh melapor sampai {format_day(done.until)}.")
        return HttpResponseRedirect(self.back_url())
