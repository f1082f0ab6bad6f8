"""Konfirmasi saldo of a group and a quarter: who confirmed, the slips to hand out, the answers that came back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from loans.confirmation_services import (
    asked_members,
    check_quarter,
    confirmed_share,
    fingerprint,
    record_answers,
)
from loans.handover_forms import AnswersForm
from loans.quarters import Quarter, latest_ended, parse_quarter, recent
from loans.views.months import PLACES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, Link, Page
from villages.models import Group, Office
from villages.models.placements import village_on

PAPERS = ("F4", "A4")


class QuarterPage(Page):
    """A page of a group and of the quarter in `?triwulan=2026-TW3`; the latest ended one where none is asked."""

    action = Action.SEE_PEOPLE
    model = Group
    url_name = ""

    def dispatch(self, request, *args, **kwargs):
        """A quarter that is none, or runs still, is told on a page of its own."""
        self.refusal = ""
        self.quarter = latest_ended(today())
        try:
            if code := request.GET.get("triwulan"):
                asked = parse_quarter(code)
                check_quarter(asked)
                self.quarter = asked
        except ValidationError as error:
            self.refusal = error.messages[0]
        except ValueError as error:
            self.refusal = str(error)
        return super().dispatch(request, *args, **kwargs)

    def group(self, pk: int) -> Group:
        return get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    def page_url(self, name: str, **query: str) -> str:
        return quarter_url(name, self.object.pk, self.quarter, **query)

    def refuse(self):
        back = reverse("confirmations", args=[self.object.pk])
        context = {"sentence": self.refusal, "back_url": back}
        return render(self.request, "loans/confirmation_refused.html", context, status=400)


def quarter_url(name: str, pk: int, quarter: Quarter, **query: str) -> str:
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{reverse(name, args=[pk])}?triwulan={quarter.code}{more}"


class Confirmations(QuarterPage):
    """How many said "cocok", and everybody with her figures; a "tidak" leads to where the mistake may be."""

    def get(self, request, pk):
        self.object = self.group(pk)
        if self.refusal:
            return self.refuse()
        rows = asked_members(self.object, self.quarter)
        confirmed = sum(row.state == "yes" for row in rows)
        may_record = self.access.may_in(Action.RECORD_MONEY, self.object.village)
        actions = [
            (True, Link("Cetak lembar konfirmasi", self.page_url("confirmation-slips"))),
            (may_record, Link("Isi jawaban", self.page_url("confirmation-answers"))),
        ]
        context = {
            "object": self.object,
            "title": "Konfirmasi saldo",
            "subtitle": f"{self.object}, {self.object.village.label}",
            "back_url": self.object.get_absolute_url(),
            "quarter": self.quarter,
            "quarters": recent(today()),
            "rows": rows,
            "confirmed_words": f"{confirmed} dari {len(rows)}",
            "share_words": f"{round_percent(confirmed, len(rows))} dari yang punya saldo" if rows else "",
            "no_count": sum(row.state == "no" for row in rows),
            "open_count": sum(row.state in ("", "stale") for row in rows),
            "actions": [link for may, link in actions if may and rows],
        }
        return render(request, "loans/confirmations.html", context)


def round_percent(part: int, whole: int) -> str:
    """Whole percent, never 100% while one is missing: 67%."""
    return f"{100 * part // whole}%"


class ConfirmationSlips(QuarterPage):
    """A slip a member, several to a sheet, to be cut and signed."""

    def get(self, request, pk):
        self.object = self.group(pk)
        paper = request.GET.get("kertas", PAPERS[0])
        if paper not in PAPERS:
            self.refusal = f"Kertas “{paper[:10]}” tidak ada. Pilih F4 atau A4."
        if self.refusal:
            return self.refuse()
        day = self.quarter.last
        context = {
            "object": self.object,
            "title": f"Konfirmasi saldo {self.quarter.name}",
            "quarter": self.quarter,
            "rows": asked_members(self.object, self.quarter),
            "village": village_on(self.object, day),
            "treasurer": self.object.officer_on(Office.BENDAHARA, today()),
            "paper": paper,
            "papers": [(one, self.page_url("confirmation-slips", kertas=one)) for one in PAPERS if one != paper],
            "back_url": self.page_url("confirmations"),
            "printed_at": timezone.now(),
        }
        return render(request, "loans/confirmation_slips.html", context)


class ConfirmationAnswers(QuarterPage, FormPage):
    """All members' answers in one form, as the slips come back."""

    action = Action.RECORD_MONEY
    form_class = AnswersForm
    template_name = "loans/confirmation_answers.html"
    title = "Jawaban konfirmasi saldo"
    submit_label = "Simpan jawaban"

    def load(self, pk):
        self.object = self.group(pk)
        self.asked = [] if self.refusal else asked_members(self.object, self.quarter)

    def get(self, request, **kwargs):
        self.load(**kwargs)
        return self.refuse() if self.refusal else self.show(self.make_form())

    def post(self, request, **kwargs):
        if self.refusal:
            self.load(**kwargs)
            return self.refuse()
        return super().post(request, **kwargs)

    @property
    def intro(self):
        return f"{self.quarter.name}. {self.object}, {self.object.village.label}"

    def make_form(self, **kwargs):
        return super().make_form(asked=self.asked, **kwargs)

    def initial(self):
        return {"answered_on": today(), "seen": fingerprint(self.asked)}

    def context(self):
        return super().context() | {"object": self.object, "quarter": self.quarter}

    def back_url(self):
        return self.page_url("confirmations")

    def do(self, form):
        return record_answers(group=self.object, quarter=self.quarter, by=self.request.user, **form.facts())

    def thank(self, done):
        messages.success(self.request, f"{len(done)} jawaban tersimpan." if done else "Tidak ada jawaban yang berubah.")
        return HttpResponseRedirect(self.back_url())


def group_checked(page, group: Group):
    """The section of a group's page about what its people check together: balances, handovers, the quarter's card."""
    card = Link("Rapor kelompok", reverse("report-card", args=[group.pk]))
    if not page.access.may(Action.SEE_PEOPLE):
        return "loans/confirmation_section.html", {"rows": [(card, "Satu halaman untuk papan pengumuman")]}
    quarter = latest_ended(today())
    confirmed, asked = confirmed_share(group, quarter)
    words = f"{quarter.name}: {confirmed} dari {asked} anggota cocok" if asked else f"{quarter.name}: belum ada saldo"
    return "loans/confirmation_section.html", {
        "rows": [
            (Link("Konfirmasi saldo", reverse("confirmations", args=[group.pk])), words),
            (Link("Serah terima pengurus", reverse("handovers", args=[group.pk])), "Saldo, kas, dokumen, akun"),
            (card, "Satu halaman untuk papan pengumuman"),
        ]
    }
