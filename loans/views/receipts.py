"""Pages of receipts: the list, a payment in three steps, the receipt, its paper, its correction."""

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db.models import F, Q, Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import builders, services
from loans.allocation import Kind
from loans.filters import LoanPickFilter, ReceiptFilter
from loans.forms import PaymentForm, ReversalForm
from loans.models import Loan, Receipt, ReceiptPart
from loans.tables import LoanPickTable, ReceiptTable
from loans.views.loans import PLACES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.views import Link, ListingView, VerbView, add_errors
from villages.models.placements import village_on

METERAI_ABOVE = 5_000_000  # rupiah; UU 10/2020: receipts for more than five million carry a stamp


class ReceiptListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Receipt
    table_class = ReceiptTable
    filter_class = ReceiptFilter
    title = "Angsuran"
    empty_title = "Belum ada angsuran."
    empty_text = "Catat angsuran pertama; kuitansinya langsung dapat dicetak."

    def rows(self):
        rows = self.visible().select_related("village__district", "member", "poklak", "reverses", "reversal")
        return rows.with_parts()

    def add_link(self):
        return Link("Catat angsuran", reverse("payment-pick")) if self.access.may(Action.RECORD_MONEY) else None


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
        return rows.exclude(standing="paid_off").disbursed(today()).order_by(F("late").desc(), "member__name", "pk")


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
        self.instalments = list(self.object.instalments.in_force().order_by("number"))

    @property
    def title(self):
        return f"Berapa yang dibayar {self.object.borrower}?"

    @property
    def intro(self):
        return f"{self.object}, {self.object.purpose}"

    def initial(self):
        return {"amount": amount_due(self.object, self.instalments), "received_on": today()}

    def make_form(self, **kwargs):
        return super().make_form(saver=self.object.member, **kwargs)

    def post(self, request, **kwargs):
        if "save" in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        return self.check(form) if form.is_valid() and "edit" not in request.POST else self.show(form)

    def check(self, form):
        """The second step: the parts, in figures and words, before anything is saved."""
        facts = form.facts()
        try:
            services.check_payment(self.object, facts["amount"], {Kind.PENALTY: facts["penalty"]}, facts["received_on"])
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        parts = self.parts(facts["amount"], facts["penalty"]) | facts["savings"]
        facts["amount"] = sum(parts.values())
        context = {**self.context(), "form": form, "facts": facts, "parts": parts, "title": "Sudah benar?"}
        return render(self.request, "loans/payment_check.html", context)

    def do(self, form):
        return services.record_payment(loan=self.object, by=self.request.user, **form.facts())

    def context(self):
        return super().context() | {"loan": self.object, "parts": self.parts(self.initial()["amount"])}

    def parts(self, amount: int, penalty: int = 0) -> dict:
        if not amount:
            return {}
        loan = self.object
        return builders.split_payment(
            loan=loan,
            instalments=self.instalments,
            principal_paid=loan.principal_paid,
            service_fee_paid=loan.service_fee_paid,
            amount=amount,
            penalty=penalty,
        )


def amount_due(loan: Loan, instalments) -> int:
    """What the person owes today (late and due today), else her next instalment; rupiah, 0 when all is paid."""
    due = loan.principal_due + loan.service_fee_due - loan.principal_paid - loan.service_fee_paid
    if due > 0:
        return due
    paid = loan.principal_paid + loan.service_fee_paid
    ahead = (row.principal_to_date + row.service_fee_to_date - paid for row in instalments)
    return next((left for left in ahead if left > 0), 0)


class ReceiptView(RecordView):
    action = Action.SEE_PEOPLE
    model = Receipt
    template_name = "loans/receipt.html"

    def rows(self):
        related = ("village__district__regency", "group", "member", "poklak", "reverses", "reversal", "recorded_by")
        return self.visible().select_related(*related)

    def context(self):
        receipt = self.object
        parts = list(receipt.parts.select_related("loan").order_by("pk"))
        loan = next((part.loan for part in parts if part.loan), None)
        may_record = self.access.may_in(Action.RECORD_MONEY, receipt.village)
        standing = loan_standing(receipt, loan) if loan else {}
        return (
            super().context()
            | standing
            | {
                "parts": parts,
                "loan": loan,
                "title": done_words(receipt, loan),
                "needs_meterai": receipt.amount > METERAI_ABOVE,
                "share_url": f"https://wa.me/?text={quote(share_text(receipt, parts, loan, standing.get('balance')))}",
                "may_record": may_record,
                "may_reverse": may_record and not receipt.is_reversal and not hasattr(receipt, "reversal"),
            }
        )


def done_words(receipt: Receipt, loan: Loan | None) -> str:
    if receipt.is_reversal:
        return "Koreksi tersimpan"
    return "Angsuran tersimpan" if loan else "Simpanan tersimpan"


def loan_standing(receipt: Receipt, loan: Loan) -> dict:
    """How the loan stood after this receipt."""
    paid = paid_up_to(receipt, loan)
    return {
        "balance": loan.principal - paid["principal"],
        "paid_count": paid_count(loan, paid),
        "payable_count": payable(loan).count(),
    }


def paid_up_to(receipt: Receipt, loan: Loan) -> dict[str, int]:
    """Rupiah by kind that the loan was paid by this receipt and those before it: a reprint says what the first said."""
    before = Q(received_on__lt=receipt.received_on) | Q(received_on=receipt.received_on, receipt__lte=receipt.pk)
    rows = loan.receipt_parts.filter(before).order_by().values_list("kind").annotate(Sum("amount"))
    return dict.fromkeys(ReceiptPart.Kind.values, 0) | dict(rows)


def paid_count(loan: Loan, paid: dict[str, int]) -> int:
    """How many instalments these payments cover in full."""
    covered = {"principal_to_date__lte": paid["principal"], "service_fee_to_date__lte": paid["service_fee"]}
    return payable(loan).filter(**covered).count()


def payable(loan: Loan):
    """The instalments that ask for money: a row of Rp0 is never paid."""
    return loan.instalments.in_force().exclude(principal=0, service_fee=0)


class ReceiptPaper(ReceiptView):
    """Kuitansi, A5 landscape."""

    template_name = "loans/kuitansi.html"

    def context(self):
        receipt = self.object
        return super().context() | {
            "village": village_on(receipt.group, receipt.received_on),
            "treasurer": receipt.group.officer_on("bendahara", receipt.received_on),
            "back_url": receipt.get_absolute_url(),
            "printed_at": timezone.now(),
        }


def share_text(receipt: Receipt, parts, loan: Loan | None, balance: int | None) -> str:
    """What goes to the payer by WhatsApp: no NIK, no address."""
    lines = [
        f"Bukti setoran {receipt.number}",
        f"{receipt.group}, {receipt.village.label}",
        f"Dari {receipt.payer}, {format_day(receipt.received_on)}",
        *(f"{part.get_kind_display()}: {format_rupiah(part.amount)}" for part in parts),
        f"Jumlah: {format_rupiah(receipt.amount)}",
    ]
    if loan:
        lines.append(f"Sisa pokok {loan.number}: {format_rupiah(balance)}")
    return "\n".join(lines)


class Correction(VerbView):
    """Takes a receipt or voucher back; the right one is then recorded anew."""

    action = Action.RECORD_MONEY
    form_class = ReversalForm
    submit_label = "Catat koreksi"
    danger = True
    intro = "Bukti lama tidak dihapus. Koreksi membuat bukti baru yang menarik kembali jumlahnya."

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related("group", "village__district"), pk=pk)

    @property
    def title(self):
        return f"Koreksi bukti {self.object}"


class ReceiptReverse(Correction):
    model = Receipt
    done_message = "Bukti koreksi {} tersimpan. Bukti lama tetap ada; catat setoran yang benar bila perlu."

    def initial(self):
        """On the receipt's own day, so that no balance in between counts what was never received."""
        return {"reversed_on": self.object.received_on}

    def do(self, form):
        return services.reverse_payment(receipt=self.object, by=self.request.user, **form.cleaned_data)
