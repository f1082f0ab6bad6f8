"""Pages of closed months: the list, closing, reopening, an exception; the cash count in two steps and its record."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts import pages
from enterprises.months import month_name, months_until
from loans import closing_services as services
from loans.entrusted.services import month_words
from loans.field.device_services import waiting_in_month, waiting_words
from loans.ledger_services import in_field
from loans.models import CashCount, MonthClosing, MonthException
from loans.models.months import DENOMINATIONS
from loans.month_forms import CashCountForm, CloseForm, ExceptionForm, ReopenForm
from loans.month_services import closed_through
from loans.year_close import Year, december, last_of, standing_vouchers, year_result, years_to_close
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import FormPage, Link, RecordView, add_errors
from villages.models import Group
from villages.models.placements import village_on

MONTHS_SHOWN = 13
YEARS_SHOWN = 2
PLACES = ("village__district__regency",)


class Months(RecordView):
    """The last 13 months of a group, with what became of each."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/months.html"

    def rows(self):
        return self.open().select_related(*PLACES)

    def context(self):
        group = self.object
        to_close, last = services.next_to_close(group), closed_through(group)
        is_approver = self.access.may_in(Action.APPROVE_LOANS, group.village)
        return {
            "title": "Tutup bulan",
            "subtitle": f"{group}, {group.village.label}",
            "back_url": group.get_absolute_url(),
            "months": self.months(last),
            "years": self.years(last),
            "next_month": month_name(to_close) if to_close else "",
            "may_record": self.access.may_in(Action.RECORD_MONEY, group.village),
            "may_reopen": is_approver and last,
            "exceptions": self.exceptions(),
            "actions": self.actions(),
        }

    def months(self, last: int) -> list[dict]:
        first = services.first_period(self.object)
        closings = self.visible(MonthClosing).filter(group=self.object).select_related("closed_by", "reopened_by")
        found = {one.period: one for one in closings.order_by("pk")}  # of one reopened and closed again, the latter
        return [
            {"name": month_name(one), "closing": found.get(one), "is_closed": one <= last}
            for one in reversed(months_until(period_of(today()), MONTHS_SHOWN))
            if first and one >= first
        ]

    def years(self, last: int) -> list[dict]:
        """What the group earned this year and the one before, with the voucher of the year where it is closed."""
        first, this = services.first_period(self.object) // 100, period_of(today()) // 100
        vouchers = {one.year: one for one in standing_vouchers(self.object).filter(year__gt=this - YEARS_SHOWN)}
        return [
            {
                "result": Year(one, year_result(self.object, one)),
                "is_closed": december(one) <= last,
                "voucher": vouchers.get(one),
            }
            for one in range(this, this - YEARS_SHOWN, -1)
            if first and one >= first
        ]

    def exceptions(self):
        rows = self.visible(MonthException).filter(group=self.object, expires_at__gt=timezone.now())
        return [(month_name(one.period), one) for one in rows.select_related("user", "granted_by")]

    def actions(self) -> list[Link]:
        if not self.access.may_in(Action.RECORD_MONEY, self.object.village):
            return []
        return [Link("Hitung kas", reverse("cash-count-new", args=[self.object.pk]))]


class GroupVerb(FormPage):
    """A verb on a group's months; it leads back to the list of them."""

    model = Group

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def intro(self):
        return f"{self.object}, {self.object.village.label}"

    def periods(self) -> list[int]:
        """The months that may be meant."""
        raise NotImplementedError

    def initial(self):
        return {"period": next(iter(self.periods()), None)}

    def make_form(self, **kwargs):
        return super().make_form(periods=self.periods(), **kwargs)

    def context(self):
        return super().context() | {"has_months": bool(self.periods())}

    def back_url(self):
        return reverse("months", args=[self.object.pk])

    def thank(self, done):
        messages.success(self.request, self.done_message.format(done))
        return HttpResponseRedirect(self.back_url())


class MonthClose(GroupVerb):
    """What the month holds and whether it can be closed, with one button."""

    action = Action.RECORD_MONEY
    form_class = CloseForm
    template_name = "loans/close_month.html"
    done_message = "{} ditutup."

    def load(self, pk):
        super().load(pk)
        self.to_close = services.next_to_close(self.object)

    @property
    def title(self):
        return f"Tutup {month_name(self.to_close)}" if self.to_close else "Belum ada bulan untuk ditutup"

    @property
    def submit_label(self):
        return self.title

    def periods(self):
        """The next one; one that is closed already stays known, for whoever sends the form twice."""
        return [one for one in (self.to_close, closed_through(self.object)) if one]

    def do(self, form):
        return services.close_month(group=self.object, period=form.cleaned_data["period"], by=self.request.user)

    def context(self):
        period = self.to_close
        return super().context() | {
            "group": self.object,
            "checks": services.month_checks(self.object, period) if period else None,
            "waiting": waiting_words(waiting_in_month(self.object, period)) if period else "",
            "entrusted": month_words(self.object, period) if period else "",
            "is_running": period == period_of(today()),
            "years": [_closing_words(one) for one in years_to_close(self.object, period)] if period else [],
        }


def _closing_words(year: Year) -> tuple[str, str]:
    """What closing a year posts, as a title and a sentence."""
    income, expenses, surplus = (format_rupiah(one) for one in (year.income, year.expenses, abs(year.surplus)))
    return (
        f"Tahun {year.year} ikut ditutup.",
        f"Satu bukti bertanggal {format_day(last_of(year.year))} memindahkan pendapatan {income} dan biaya {expenses}:"
        f" SHU tahun berjalan {'berkurang' if year.surplus < 0 else 'bertambah'} {surplus}. Mulai 1 Januari"
        f" {year.year + 1} pendapatan dan biaya dihitung dari nol; kas, piutang, simpanan dan modal tetap.",
    )


class MonthReopen(GroupVerb):
    action = Action.APPROVE_LOANS
    form_class = ReopenForm
    danger = True
    submit_label = "Buka lagi"
    done_message = "{} dibuka lagi. Tutup lagi sesudah dibetulkan."
    template_name = "loans/month_verb.html"

    def load(self, pk):
        super().load(pk)
        self.last = closed_through(self.object)

    @property
    def title(self):
        return f"Buka lagi {month_name(self.last)}" if self.last else "Belum ada bulan yang ditutup"

    def periods(self):
        return [self.last] if self.last else []

    def context(self):
        return super().context() | {
            "earlier": self.earlier(),
            "vouchers": standing_vouchers(self.object).filter(period__in=services.months_to_open(self.object)),
        }

    def earlier(self) -> str:
        """What the first closing opens besides its own month."""
        opened = services.months_to_open(self.object)
        if len(opened) < 2:
            return ""
        return f"Ini bulan pertama yang ditutup: semua bulan sejak {month_name(opened[-1])} ikut terbuka."

    def do(self, form):
        told = form.cleaned_data
        rows = self.open(MonthClosing).filter(group=self.object, period=told["period"], reopened_at=None)
        return services.reopen_month(closing=get_object_or_404(rows), reason=told["reason"], by=self.request.user)


class MonthExceptionGrant(GroupVerb):
    action = Action.APPROVE_LOANS
    form_class = ExceptionForm
    title = "Izin mencatat di bulan tertutup"
    submit_label = "Beri izin"
    done_message = "{}."
    template_name = "loans/month_verb.html"

    def periods(self):
        return services.closed_months(self.object)

    def make_form(self, **kwargs):
        return super().make_form(users=services.recorders_of(self.object, besides=self.request.user), **kwargs)

    def do(self, form):
        return services.grant_exception(group=self.object, granted_by=self.request.user, **form.facts())


class CashCountNew(FormPage):
    """How much lies on the table, then beside the book, then the record."""

    action = Action.RECORD_MONEY
    model = Group
    form_class = CashCountForm
    template_name = "loans/cash_count_form.html"
    title = "Hitung kas"
    submit_label = "Lanjut: bandingkan dengan buku"

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def intro(self):
        return f"{self.object}, {self.object.village.label}. Hitung uang kas di meja, lembar demi lembar."

    def initial(self):
        return {"counted_on": today()}

    def make_form(self, **kwargs):
        return super().make_form(group=self.object, **kwargs)

    def back_url(self):
        return reverse("months", args=[self.object.pk])

    def post(self, request, pk):
        self.load(pk)
        form = self.make_form(data=request.POST)
        if not form.is_valid() or "edit" in request.POST:
            return self.show(form)
        if "save" not in request.POST:
            return self.check(form)
        try:
            return self.thank(services.record_cash_count(group=self.object, by=request.user, **form.facts()))
        except ValidationError as error:
            return self.check(form, error)

    def check(self, form, refusal: ValidationError | None = None):
        """The second step: the count beside the book, before anything is saved; `refusal` says why it was not."""
        day, by = form.cleaned_data["counted_on"], self.request.user
        try:
            count = services.compare_cash(group=self.object, counted_on=day, pieces=form.pieces(), by=by)
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        form.fields["explanation"].required = bool(count.difference)  # as its label says it
        left = in_field(self.object, day)
        if refusal:
            add_errors(form, refusal)
        context = {
            **self.context(),
            "form": form,
            "count": count,
            "size": abs(count.difference),
            "in_field": f"Masih ada {format_rupiah(left)} di petugas." if left else "",
            "waiting": waiting_words(waiting_in_month(self.object, period_of(day))),
            "title": services.difference_words(count.difference),
            "kept": [field for field in form if field.name not in ("explanation", "seen")],
        }
        status = 409 if getattr(refusal, "code", "") == "conflict" else 200
        return render(self.request, "loans/cash_count_check.html", context, status=status)


class CashCountView(pages.RecordView):
    action = Action.SEE_PEOPLE
    model = CashCount
    template_name = "loans/cash_count.html"

    def rows(self):
        return self.visible().select_related(*PLACES, "group", "meeting", "voucher", "counted_by")

    def context(self):
        count = self.object
        return super().context() | {
            "title": services.difference_words(count.difference),
            "size": abs(count.difference),
            "subtitle": f"{count.group}, {count.village.label}",
            "back_url": reverse("months", args=[count.group_id]),
            "lines": [
                (one, pieces, one * pieces) for one in DENOMINATIONS if (pieces := count.pieces.get(str(one), 0))
            ],
        }

    def actions(self):
        return [Link("Cetak berita acara", reverse("cash-count-paper", args=[self.object.pk]))]


class CashCountPaper(CashCountView):
    """Berita acara hitungan kas, F4."""

    template_name = "loans/cash_count_paper.html"

    def context(self):
        count = self.object
        return super().context() | {
            "village": village_on(count.group, count.counted_on),
            "leader": count.group.officer_on("ketua", count.counted_on),
            "treasurer": count.group.officer_on("bendahara", count.counted_on),
            "back_url": count.get_absolute_url(),
            "printed_at": timezone.now(),
        }
