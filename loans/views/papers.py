"""Papers of a loan and a receipt besides the usual ones: surat perjanjian, and the kuitansi on a roll of 58 mm."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import agreement, builders, receipt_slip, services
from loans.models import Loan
from loans.views.proposal_section import is_agreed
from loans.views.receipts import METERAI_ABOVE, ReceiptPaper
from loans.views.surplus_year import WEEKDAYS
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.money import format_rupiah
from villages.models import Office
from villages.models.placements import village_on

PLACES = ("village__district__regency", "group", "member__poklak", "poklak", "product")


class LoanAgreement(RecordView):
    """Surat perjanjian of a loan that may be paid out (approved, or within the operator's limit) as planned for today,
    or was, as it was paid out. The only paper with a whole NIK, so only who records the village's money prints it."""

    action = Action.RECORD_MONEY
    model = Loan
    template_name = "loans/agreement.html"

    def rows(self):
        return self.open().exclude(status__in=("rejected", "withdrawn")).select_related(*PLACES)

    def context(self):
        loan = self.object
        if not is_agreed(loan, services.rules_of(loan.group)):
            raise Http404("Surat perjanjian dicetak sesudah pinjamannya disetujui.")
        day = loan.disbursed_on or today()
        rows = agreed_rows(loan, day)
        letter = agreement.letter_of(
            loan,
            day,
            WEEKDAYS[day.weekday()],
            rows,
            village=village_on(loan.group, day),
            leader=loan.group.officer_on(Office.KETUA, day),
            treasurer=loan.group.officer_on(Office.BENDAHARA, day),
        )
        paper = "A4" if self.request.GET.get("kertas") == "A4" else "F4"
        return {
            "letter": letter,
            "paper": paper,
            "other_paper": "F4" if paper == "A4" else "A4",
            "shares": [(share.member, share.amount) for share in loan.shares.select_related("member")],
            "service_fee": sum(row.service_fee for row in rows),
            "total": sum(row.total for row in rows),
            "xlsx_url": f"{reverse('loan-agreement-sheet', args=[loan.pk])}?kertas={paper}",
            "back_url": loan.get_absolute_url(),
            "printed_at": timezone.now(),
        }


def agreed_rows(loan: Loan, day: date) -> list:
    """The schedule as it was agreed: as paid out, whatever moved it since; planned where it is not paid out yet."""
    if not loan.is_disbursed:
        return list(builders.plan_loan(loan, day, services.rules_of(loan.group)))
    return list(loan.instalments.in_force(day)) or list(loan.instalments.in_force())


class ReceiptPaper58(ReceiptPaper):
    """Kuitansi on a roll of 58 mm. A stamp does not fit on it, so larger sums are printed on A5."""

    template_name = "loans/kuitansi_58.html"

    def get(self, request, pk):
        response = super().get(request, pk)
        receipt = self.object
        if abs(receipt.amount) <= METERAI_ABOVE:
            return response
        sentence = (
            f"Kuitansi {receipt} berjumlah {format_rupiah(receipt.amount)}, di atas {format_rupiah(METERAI_ABOVE)}:"
            " cetak di kertas A5, karena meterai tidak dapat ditempel di struk."
        )
        context = {"sentence": sentence, "paper_url": reverse("receipt-paper", args=[receipt.pk])}
        return render(request, "loans/kuitansi_58_refused.html", context, status=400)

    def context(self):
        told = super().context()
        lines = receipt_slip.slip_lines(told["paper"], group=self.object.group, village=told["village"])
        return told | {"lines": lines}
