"""A payment in three steps: whose, how much, a look at the division; then its receipt stands."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.shortcuts import get_object_or_404, render

from loans import payment_services
from loans.filters import LoanPickFilter
from loans.forms import PaymentForm
from loans.models import Loan, ReceiptPart
from loans.payer_services import payer_rows
from loans.shares import in_proportion
from loans.tables import LoanPickTable
from loans.views.loans import PLACES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import ListingView, VerbView, add_errors

ENDED = ("paid_off", "written_off")


class PaymentPick(ListingView):
    """Whose payment it is: running loans, the late ones first."""

    action = Action.RECORD_MONEY
    model = Loan
    table_class = LoanPickTable
    filter_class = LoanPickFilter
    title = "Catat angsuran"
    empty_title = "Tidak ada pinjaman berjalan."
    empty_text = "Cairkan pinjaman dulu; angsurannya dicatat dari sini."

    def rows(self):
        rows = self.open().select_related("village__district", "member", "poklak").with_standing(today())
        return rows.exclude(standing__in=ENDED).disbursed(today()).order_by(F("late").desc(), "member__name", "pk")


class PaymentAdd(VerbView):
    """How much, then a look at the parts, then the receipt."""

    action = Action.RECORD_MONEY
    model = Loan
    form_class = PaymentForm
    submit_label = "Lanjut: periksa"
    template_name = "loans/payment.html"

    def load(self, pk):
        rows = self.open().disbursed(today()).select_related(*PLACES).with_standing(today())
        self.object = get_object_or_404(rows, pk=pk)
        self.bill = payment_services.bill_on(self.object, today())
        self.shares = list(self.object.shares.select_related("member")) if self.object.poklak_id else []

    @property
    def title(self):
        return f"Berapa yang dibayar {self.object.borrower}?"

    @property
    def intro(self):
        return f"{self.object}, {self.object.purpose}"

    def initial(self):
        return {"amount": self.bill.amount or None, "received_on": today()}

    def make_form(self, **kwargs):
        return super().make_form(saver=self.object.member, shares=self.shares, **kwargs)

    def post(self, request, **kwargs):
        if "save" in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        return self.check(form) if form.is_valid() and "edit" not in request.POST else self.show(form)

    def check(self, form):
        """The third step: the parts, in figures and words, before anything is saved."""
        facts = form.cleaned_data
        try:
            parts = self.parts(form.parts(), facts["amount"], facts["received_on"])
            payers = payer_rows(self.object, facts["amount"], form.payers()) if self.shares else {}
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        looked_at = {
            "form": form,
            "facts": facts,
            "parts": worded(parts),
            "is_by_hand": bool(form.parts()),
            "payers": [(member, payer, part) for (member, payer), part in payers.items()],
            "title": "Sudah benar?",
        }
        return render(self.request, "loans/payment_check.html", self.context() | looked_at)

    def parts(self, by_hand, amount, on) -> dict[str, int]:
        """The division as it will be recorded."""
        by = self.request.user
        if by_hand:
            return payment_services.preview_by_hand(self.object, by_hand, on, by)
        return payment_services.preview_total(self.object, amount, on, by)

    def do(self, form):
        facts = {"loan": self.object, "by": self.request.user, **form.facts()}
        if parts := form.parts():
            return payment_services.record_by_hand(parts=parts, **facts)
        return payment_services.record_total(total=form.cleaned_data["amount"], **facts)

    def context(self):
        bill = self.bill
        return super().context() | {
            "loan": self.object,
            "bill": bill,
            "dues_of_members": self.dues_of_members(),
            "bill_parts": worded(self.bill_parts()),
            "is_ended": self.object.standing in ENDED or not (bill.loan_due or bill.next_row),
        }

    def dues_of_members(self) -> list[tuple[str, int]]:
        """What of the bill falls to each member of a poklak by her part."""
        if not (self.shares and self.bill.amount):
            return []
        dues = in_proportion(self.bill.amount, {share.member: share.amount for share in self.shares})
        return [(str(member), due) for member, due in dues.items()]

    def bill_parts(self) -> dict[str, int]:
        """What the proposed amount would pay; nothing where it cannot be recorded today."""
        try:
            return self.parts({}, self.bill.amount, today()) if self.bill.amount else {}
        except ValidationError:
            return {}


def worded(parts: dict[str, int]) -> list[tuple[str, int]]:
    """("Jasa", 15000) in the order given."""
    words = ReceiptPart.Kind
    return [("Titipan (lebih bayar)" if kind == "credit" else words(kind).label, parts[kind]) for kind in parts]
