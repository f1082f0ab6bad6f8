"""Pages of receipts: the list, the receipt, its paper, its correction. A payment is recorded in `payments`."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import payment_services, services
from loans.filters import ReceiptFilter
from loans.forms import ReversalForm
from loans.kuitansi import METERAI_ABOVE, Kuitansi, division_remarks, kuitansi_of, numbers_paid
from loans.messages import receipt_message, wa_share_url
from loans.models import Loan, Receipt, ReceiptPart
from loans.month_services import first_open_month
from loans.tables import ReceiptTable
from loans.views.checks import printed_code
from loans.views.payments import worded
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Link, ListingView, VerbView
from villages.models.placements import village_on

Role = ReceiptPart.Role
MAY_CORRECT = (Action.RECORD_MONEY, Action.CORRECT_OLD)


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


class ReceiptView(RecordView):
    action = Action.SEE_PEOPLE
    model = Receipt
    template_name = "loans/receipt.html"

    def rows(self):
        related = ("village__district__regency", "group", "member", "poklak", "reverses", "reversal", "recorded_by")
        return self.visible().select_related(*related)

    def context(self):
        receipt = self.object
        found = division_of(receipt)
        loan = next((part.loan for part in found.first if part.loan), None)
        standing = loan_standing(receipt, loan, found) if loan else {}
        code = printed_code(self.request, receipt)
        told = {"balance": standing.get("balance"), "check_url": code.get("check_url")}
        said = receipt_message(receipt, found.standing, loan, **told)
        return (
            super().context()
            | standing
            | code
            | {
                "division": found,
                "parts": found.standing,
                "loan": loan,
                "title": done_words(receipt, loan),
                "needs_meterai": receipt.amount > METERAI_ABOVE,
                "share_url": wa_share_url(said),
            }
        )


class ReceiptPage(ReceiptView):
    """The receipt on the screen, with what may be done next."""

    def context(self):
        receipt, access = self.object, self.access
        may_correct = any(access.may_in(action, receipt.village) for action in MAY_CORRECT)
        is_open = may_correct and not receipt.is_reversal and not hasattr(receipt, "reversal")
        return super().context() | {
            "may_record": access.may_in(Action.RECORD_MONEY, receipt.village),
            "may_reverse": is_open,
            "share_payments": receipt.share_payments.select_related("member", "payer") if receipt.poklak_id else [],
            "locked": payment_services.why_not_undo(receipt, self.request.user) if is_open else "",
        }


@dataclass(frozen=True)
class Division:
    """How a receipt was and is split; `changed_on` is the day of its latest other split."""

    first: list[ReceiptPart]
    standing: list[ReceiptPart]
    adjustments: list[ReceiptPart]
    changed_on: date | None


def division_of(receipt: Receipt) -> Division:
    """A cancelled receipt keeps what it was split into when it was taken back; so its own parts alone are asked."""
    parts = list(receipt.parts.select_related("loan").order_by("pk"))
    first = [part for part in parts if part.role == Role.ORIGINAL]
    anew = [part for part in parts if part.role == Role.RESPLIT]
    gone = {part.reverses_id for part in anew}
    standing = [part for part in first if part.pk not in gone]
    standing += [part for part in anew if part.pk not in gone and not part.reverses_id]
    return Division(
        first=first,
        standing=sorted(standing, key=lambda part: ReceiptPart.Kind.values.index(part.kind)),
        adjustments=[part for part in parts if part.role == Role.ADJUSTMENT],
        changed_on=max((part.received_on for part in anew), default=None),
    )


def done_words(receipt: Receipt, loan: Loan | None) -> str:
    if receipt.is_reversal:
        return "Koreksi tersimpan"
    return "Angsuran tersimpan" if loan else "Simpanan tersimpan"


def loan_standing(receipt: Receipt, loan: Loan, division: Division) -> dict:
    """How the loan stood after this receipt: as the first print said, or by the division that stands since."""
    paid = paid_up_to(receipt, loan, is_split_anew=division.changed_on is not None)
    return {
        "balance": loan.principal - paid["principal"],
        "paid_count": paid_count(loan, paid),
        "payable_count": payable(loan).count(),
    }


def paid_up_to(receipt: Receipt, loan: Loan, *, is_split_anew: bool = False) -> dict[str, int]:
    """Rupiah by kind that the loan was paid by this receipt and those before it, and before the books began.

    A reprint says what the first said; one that was split anew counts as if those taken back had never been.
    """
    day, pk = receipt.received_on, receipt.pk
    if is_split_anew:
        before = Q(receipt__received_on__lt=day) | Q(receipt__received_on=day, receipt__lte=pk)
        rows = loan.receipt_parts.filter(before, receipt__reversal=None, receipt__reverses=None)
    else:
        rows = loan.receipt_parts.filter(Q(received_on__lt=day) | Q(received_on=day, receipt__lte=pk))
    paid = Counter(dict(rows.order_by().values_list("kind").annotate(Sum("amount"))))
    paid.update(principal=loan.opening_principal_paid, service_fee=loan.opening_service_fee_paid)
    return paid


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
        receipt, told = self.object, super().context()
        treasurer = receipt.group.officer_on("bendahara", receipt.received_on)
        return told | {
            "paper": self.kuitansi(told, treasurer),
            "village": village_on(receipt.group, receipt.received_on),
            "treasurer": treasurer,
            "xlsx_url": reverse("receipt-sheet", args=[receipt.pk]),
            "back_url": receipt.get_absolute_url(),
            "printed_at": timezone.now(),
        }

    def kuitansi(self, told, treasurer) -> Kuitansi:
        receipt, loan, division = self.object, told["loan"], told["division"]
        standing = {key: told[key] for key in ("balance", "paid_count", "payable_count") if key in told}
        if loan:
            after = loan.principal - told["balance"]
            principal = sum(part.amount for part in division.standing if part.kind == "principal")
            rows = list(payable(loan).values_list("number", "principal", "principal_to_date"))
            standing["number_paid"] = numbers_paid(rows, after - principal, after)
        return kuitansi_of(
            receipt,
            division.standing,
            loan,
            standing=standing,
            treasurer=treasurer,
            remarks=division_remarks(division.changed_on, division.adjustments),
        )


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
    """Shows first what it would change in other receipts; says to whom it is locked, and why."""

    model = Receipt
    template_name = "loans/receipt_reverse.html"
    done_message = "Bukti koreksi {} tersimpan. Bukti lama tetap ada; catat setoran yang benar bila perlu."

    def dispatch(self, request, *args, **kwargs):
        """The kecamatan comes by its right on old receipts, the operator by hers on money."""
        if request.access.may(Action.CORRECT_OLD):
            self.action = Action.CORRECT_OLD
        return super().dispatch(request, *args, **kwargs)

    def load(self, pk):
        super().load(pk)
        self.locked = payment_services.why_not_undo(self.object, self.request.user)

    def initial(self):
        """On the receipt's own day, so that no balance in between counts what was never received; in a closed month
        on the first day that is open."""
        return {"reversed_on": first_open_month(self.object.group, self.object.received_on)}

    def do(self, form):
        if self.locked:
            raise ValidationError(self.locked)
        return services.reverse_payment(receipt=self.object, by=self.request.user, **form.cleaned_data)

    def show(self, form):
        typed = form.cleaned_data.get("reversed_on") if form.is_bound else None
        self.preview, self.problem = self.look_ahead(typed or self.initial()["reversed_on"])
        return super().show(form)

    def look_ahead(self, day: date):
        if self.locked:
            return None, ""
        try:
            return payment_services.preview_undo(self.object, day, self.request.user), ""
        except ValidationError as error:
            return None, " ".join(error.messages)

    def context(self):
        found = self.preview
        return super().context() | {
            "locked": self.locked,
            "problem": self.problem,
            "changed": [(one.receipt, both_splits(one.old, one.new)) for one in found.changed] if found else [],
            "adjustment": worded(found.adjustment) if found else [],
            "adjusted_on": found and found.adjusted_on,
        }


def both_splits(old: dict[str, int], new: dict[str, int]) -> list[tuple[str, int, int]]:
    """("Jasa", 15000, 30000): before and after, kind by kind."""
    kinds = [kind for kind in ReceiptPart.Kind.values if kind in old or kind in new]
    return [(ReceiptPart.Kind(kind).label, old.get(kind, 0), new.get(kind, 0)) for kind in kinds]
