"""Pages on a running loan: another schedule, penalties let go, write-off, recovery, credit given back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from loans import life_services
from loans.life import Life
from loans.life_forms import (
    CreditBackForm,
    RecoveryForm,
    RescheduleForm,
    UndoForm,
    WaiveForm,
    WriteOffForm,
)
from loans.models import Reschedule
from loans.reschedule import Plan
from loans.views.life_section import recovered
from loans.views.loans import PLACES
from loans.views.proposals import LoanVerb
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from up2k_portal.lib.views import FormPage, VerbView, add_errors


class CheckedPage(FormPage):
    """What is typed, then what it would do, and only then the act."""

    submit_label = "Lanjut: periksa"
    check_template = ""
    check_title = "Sudah benar?"
    act_label = "Simpan"

    def post(self, request, **kwargs):
        if "save" in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        return self.check(form) if form.is_valid() and "edit" not in request.POST else self.show(form)

    def check(self, form):
        try:
            check_reason(form.cleaned_data["reason"])
            found = self.preview(form)
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        words = {"title": self.check_title, "act_label": self.act_label}
        return render(self.request, self.check_template, {**self.context(), **words, "form": form, **found})

    def preview(self, form) -> dict:
        """What the second step shows. Raises ValidationError as the act would."""
        raise NotImplementedError


class RunningLoanVerb(LoanVerb):
    """A verb on a loan that was paid out."""

    def load(self, pk):
        rows = self.open().disbursed(today()).select_related(*PLACES).with_standing(today())
        self.object = get_object_or_404(rows, pk=pk)


class LoanReschedule(CheckedPage, RunningLoanVerb):
    """Another schedule, seen beside the old one before it is saved."""

    action = Action.RESCHEDULE_LOANS
    form_class = RescheduleForm
    template_name = "loans/reschedule.html"
    check_template = "loans/reschedule_check.html"
    check_title = "Jadwal lama dan baru"
    act_label = "Simpan jadwal baru"
    done_message = "Jadwal baru tersimpan. Selama belum ada catatan lain, jadwal lama masih dapat dikembalikan."

    @property
    def title(self):
        return f"Jadwal ulang {self.object.number}"

    def initial(self):
        return {"from_instalment": life_services.first_free(Life(self.object)), "on": today()}

    def context(self):
        return super().context() | {"is_free": self.initial()["from_instalment"] is not None, "loan": self.object}

    def preview(self, form):
        before, after = life_services.preview_reschedule(loan=self.object, by=self.request.user, **form.change())
        return compared(before, after) | {"facts": form.cleaned_data, "change": dict(Reschedule.Kind.choices)}

    def do(self, form):
        return life_services.reschedule_loan(loan=self.object, by=self.request.user, **form.facts())


def compared(before: Plan, after: Plan) -> dict:
    """Two schedules row by row, which rows differ, and the sums of both in rupiah."""
    old, new = ({row.number: row for row in plan.rows} for plan in (before, after))
    pairs = [(number, old.get(number), new.get(number)) for number in sorted(old | new)]
    return {
        "pairs": [(number, one, other, _told(one) != _told(other)) for number, one, other in pairs],
        "sums": [
            (words, sum(of(row) for row in before.rows), sum(of(row) for row in after.rows))
            for words, of in (
                ("Pokok", lambda row: row.principal),
                ("Jasa", lambda row: row.service_fee),
                ("Pokok dan jasa", lambda row: row.total),
            )
        ],
        "lasts": (before.rows[-1].due_on, after.rows[-1].due_on),
        "counts": (len(before.rows), len(after.rows)),
    }


def _told(row):
    return row and (row.due_on, row.principal, row.service_fee)


class RescheduleUndo(VerbView):
    action = Action.RESCHEDULE_LOANS
    model = Reschedule
    form_class = UndoForm
    submit_label = "Kembalikan jadwal lama"
    done_message = "{} diurungkan. Jadwal sebelumnya berlaku lagi."
    danger = True

    def load(self, pk):
        rows = self.open().select_related("loan__member", "loan__poklak", "village__district")
        self.object = get_object_or_404(rows, pk=pk)

    @property
    def title(self):
        return f"Urungkan jadwal ulang {self.object.loan.number}"

    @property
    def intro(self):
        return f"{self.object.loan.borrower}: {self.object}."

    def initial(self):
        return {"undone_on": today()}

    def do(self, form):
        return life_services.undo_reschedule(reschedule=self.object, by=self.request.user, **form.cleaned_data)


class LoanWaive(RunningLoanVerb):
    """Lets go of the penalties that are unpaid today, instalment by instalment."""

    action = Action.RECORD_MONEY
    form_class = WaiveForm
    template_name = "loans/life_waive.html"
    submit_label = "Bebaskan denda"
    verb = staticmethod(life_services.waive_penalty)

    def initial(self):
        return {"on": today()}

    def context(self):
        fines = life_services.fines_on(Life(self.object), today())
        return super().context() | {
            "fines": fines,
            "sums": {name: sum(getattr(fine, name) for fine in fines) for name in ("charged", "fresh", "amount")},
        }

    def thank(self, done):
        messages.success(self.request, f"Denda {format_rupiah(done)} dibebaskan.")
        return HttpResponseRedirect(self.object.get_absolute_url())


class LoanWriteOff(CheckedPage, RunningLoanVerb):
    """The last word on a loan, with what the allowance bears and what is lost."""

    action = Action.APPROVE_LOANS
    form_class = WriteOffForm
    check_template = "loans/life_write_off_check.html"
    check_title = "Hapus buku pinjaman ini?"
    act_label = "Hapus buku"
    done_message = "{} dihapus buku."
    danger = True

    @property
    def title(self):
        return f"Hapus buku pinjaman {self.object.number}"

    @property
    def intro(self):
        return (
            f"{super().intro}. Sesudah dihapus buku, pinjaman ini tidak dapat diangsur atau dikoreksi lagi;"
            " uang yang masuk kemudian dicatat sebagai tagihan hapus buku."
        )

    def initial(self):
        return {"on": today()}

    def preview(self, form):
        on = form.cleaned_data["on"]
        loss = life_services.preview_write_off(loan=self.object, on=on, by=self.request.user)
        return {"loss": loss, "facts": form.cleaned_data, "loan": self.object}

    def do(self, form):
        return life_services.write_off_loan(loan=self.object, by=self.request.user, **form.cleaned_data)


class LoanRecovery(RunningLoanVerb):
    """Money for a loan that was written off."""

    action = Action.RECORD_MONEY
    form_class = RecoveryForm
    submit_label = "Catat tagihan hapus buku"
    done_message = "Bukti {} tersimpan sebagai pendapatan kelompok."
    verb = staticmethod(life_services.record_recovery)

    @property
    def intro(self):
        loan = self.object
        told = f"dihapus buku {format_rupiah(loan.written_off)}, sudah masuk {format_rupiah(recovered(loan))}"
        return f"{super().intro}: {told if loan.written_off_on else 'belum dihapus buku'}."

    def initial(self):
        return {"received_on": today()}


class LoanCreditBack(RunningLoanVerb):
    """What the borrower paid beyond her debt, handed back."""

    action = Action.RECORD_MONEY
    form_class = CreditBackForm
    submit_label = "Kembalikan titipan"
    done_message = "Bukti {} tersimpan."
    verb = staticmethod(life_services.give_credit_back)

    @property
    def intro(self):
        credit = life_services.credit_of(self.object, today())
        return f"{super().intro}: titipan {format_rupiah(credit)}."

    def initial(self):
        return {"amount": life_services.credit_of(self.object, today()) or None, "on": today()}
