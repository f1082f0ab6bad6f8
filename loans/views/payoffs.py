"""Paying a loan off early: a quote as of a day, on the screen and on paper, and the receipt of what it says."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import payment_services
from loans.forms import PayoffDayForm, PayoffForm
from loans.life import Life
from loans.models import Loan
from loans.views.loans import PLACES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import VerbView


class LoanPayoff(VerbView):
    """Pelunasan: what pays the loan off on a day (`?tanggal=30-09-2026`), and the button that records it."""

    action = Action.RECORD_MONEY
    model = Loan
    form_class = PayoffForm
    template_name = "loans/payoff.html"
    submit_label = "Bayar lunas"

    def load(self, pk):
        self.object = get_object_or_404(running(self.open()), pk=pk)
        asked = self.request.POST.get("received_on") or self.request.GET.get("tanggal")
        self.day_form, self.day = quote_day(self, asked)
        self.quote = Life(self.object).quote_on(self.day)

    @property
    def title(self):
        return f"Pelunasan {self.object.borrower}"

    @property
    def intro(self):
        return f"{self.object}, {self.object.purpose}"

    def initial(self):
        return {"amount": self.quote.total, "received_on": self.day}

    def do(self, form):
        return payment_services.pay_off(loan=self.object, by=self.request.user, **form.cleaned_data)

    def context(self):
        paper = reverse("loan-payoff-paper", args=[self.object.pk])
        return super().context() | {
            "loan": self.object,
            "quote": self.quote,
            "day": self.day,
            "day_form": self.day_form,
            "is_future": self.day > today(),
            "paper_url": f"{paper}?tanggal={self.day:%d-%m-%Y}",
        }


class LoanPayoffPaper(RecordView):
    """The quote on paper, for the borrower to take home."""

    action = Action.SEE_PEOPLE
    model = Loan
    template_name = "loans/payoff_paper.html"

    def rows(self):
        return running(self.visible())

    def context(self):
        loan = self.object
        _, day = quote_day(self, self.request.GET.get("tanggal"))
        return {
            "quote": Life(loan).quote_on(day),
            "day": day,
            "treasurer": loan.group.officer_on("bendahara", today()),
            "back_url": loan.get_absolute_url(),
            "today": today(),
            "printed_at": timezone.now(),
        }


def running(loans):
    """Loans paid out and not written off: what else is there to pay off."""
    return loans.disbursed(today()).filter(written_off_on=None).select_related(*PLACES)


def quote_day(page, asked: str | None) -> tuple[PayoffDayForm, date]:
    """The form with the day asked for, and that day; today where none or an impossible one was asked."""
    loan = page.object
    form = PayoffDayForm(
        {"tanggal": asked or today()}, access=page.access, earliest=loan.opened_on or loan.disbursed_on
    )
    return form, form.cleaned_data["tanggal"] if form.is_valid() else today()
