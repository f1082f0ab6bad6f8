"""Pages of due days moved for a whole village: the list, the decision in two steps, its record, letter and undo."""

from django.contrib import messages
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Concat
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import shift_services
from loans.life_forms import ShiftForm, UndoForm
from loans.life_services import why_not_undone
from loans.models import ShiftDecision
from loans.shift_filters import ShiftFilter
from loans.shift_tables import ShiftTable
from loans.views.life import CheckedPage
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView, VerbView

PLACES = ("village__district__regency", "recorded_by", "undone_by")


class ShiftListing(ListingView):
    action = Action.SEE_PEOPLE
    model = ShiftDecision
    table_class = ShiftTable
    filter_class = ShiftFilter
    title = "Penundaan angsuran"
    empty_title = "Belum ada penundaan."
    empty_text = "Sesudah banjir, kecamatan dapat menunda angsuran satu desa dengan satu surat keputusan."

    def rows(self):
        return self.visible().select_related("village__district").annotate(
            loan_count=Count("reschedules"),
            standing=Case(
                When(undone_on=None, then=Value("Berlaku")),
                default=Concat(Value("Diurungkan: "), F("undo_reason")),
            ),
        )  # fmt: skip

    def add_link(self):
        return Link("Tunda angsuran", reverse("shift-new")) if self.access.may(Action.RESCHEDULE_LOANS) else None


class ShiftNew(CheckedPage):
    """The decision, then every loan of the village with its old and new day, then the act."""

    action = Action.RESCHEDULE_LOANS
    model = ShiftDecision
    form_class = ShiftForm
    title = "Tunda angsuran satu desa"
    intro = "Jatuh tempo semua pinjaman berjalan di desa itu mundur bersama, dengan satu surat keputusan."
    check_template = "loans/shift_check.html"
    check_title = "Pinjaman yang ditunda"
    act_label = "Simpan penundaan"
    done_message = "{} tersimpan. Suratnya dapat dicetak."

    def initial(self):
        return {"on": today(), "letter_on": today()}

    def back_url(self):
        return reverse("shift-list")

    def preview(self, form):
        shift = shift_services.preview_shift(by=self.request.user, **form.plan())
        return {"shift": shift, "facts": form.cleaned_data}

    def do(self, form):
        return shift_services.shift_village(by=self.request.user, **form.cleaned_data)


class ShiftView(RecordView):
    """A decision with its loans: from which instalment each moved, and what became of it."""

    action = Action.SEE_PEOPLE
    model = ShiftDecision
    template_name = "loans/shift.html"

    def rows(self):
        return self.visible().select_related(*PLACES)

    def context(self):
        decision = self.object
        return super().context() | {
            "title": str(decision),
            "subtitle": decision.village.label,
            "back_url": reverse("shift-list"),
            "status": "dibatalkan" if decision.undone_on else "berlaku",
            "lines": shift_lines(decision),
        }

    def actions(self):
        links = [Link("Cetak surat keputusan", reverse("shift-letter", args=[self.object.pk]))]
        may_undo = self.access.may_in(Action.RESCHEDULE_LOANS, self.object.village)
        if may_undo and not self.object.undone_on:
            links.append(Link("Urungkan penundaan", reverse("shift-undo", args=[self.object.pk])))
        return links


def shift_lines(decision: ShiftDecision) -> list[dict]:
    """Each loan with its first moved instalment: the day before and after, and whether it can still go back."""
    rows = shift_services.moved_by(decision)
    return [{"row": row, "loan": row.loan, "why_not": why_not_undone(row)} for row in rows]


class ShiftLetter(ShiftView):
    """Surat keputusan on paper."""

    template_name = "loans/shift_letter.html"

    def context(self):
        decision = self.object
        return {
            "lines": shift_lines(decision),
            "village": decision.village,
            "back_url": decision.get_absolute_url(),
            "printed_at": timezone.now(),
        }


class ShiftUndo(VerbView):
    action = Action.RESCHEDULE_LOANS
    model = ShiftDecision
    form_class = UndoForm
    template_name = "loans/shift_undo.html"
    submit_label = "Urungkan penundaan"
    danger = True

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def title(self):
        return f"Urungkan {self.object}"

    @property
    def intro(self):
        return f"{self.object.village.label}. Jatuh tempo pinjamannya kembali ke jadwal lama."

    def initial(self):
        return {"undone_on": today()}

    def context(self):
        lines = shift_lines(self.object)
        return super().context() | {"kept": [line for line in lines if line["why_not"]], "lines": lines}

    def do(self, form):
        return shift_services.undo_shift(decision=self.object, by=self.request.user, **form.cleaned_data)

    def thank(self, done):
        rows = list(done.reschedules.values_list("undone_on", flat=True))
        kept = sum(one is None for one in rows)
        words = f"{len(rows) - kept} pinjaman kembali ke jadwal lama."
        if kept:
            words += f" {kept} pinjaman tetap ditunda, karena sudah ada catatan sesudahnya."
        messages.success(self.request, words)
        return HttpResponseRedirect(done.get_absolute_url())
