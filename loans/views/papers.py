"""Papers of a loan and a receipt besides the usual ones: surat perjanjian, and the kuitansi on a roll of 58 mm."""

from datetime import date
from decimal import Decimal

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import builders, receipt_slip, schedule, services
from loans.models import Loan
from loans.models.loans import PayoffFees, PenaltyKind
from loans.views.proposal_section import is_agreed
from loans.views.receipts import METERAI_ABOVE, ReceiptPaper
from loans.views.surplus_year import WEEKDAYS
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.days import MONTHS
from up2k_portal.lib.money import format_rupiah, terbilang
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
        return {
            "day": day,
            "weekday": WEEKDAYS[day.weekday()],
            "day_words": words_of_day(day),
            "village": village_on(loan.group, day),
            "leader": loan.group.officer_on(Office.KETUA, day),
            "treasurer": loan.group.officer_on(Office.BENDAHARA, day),
            "shares": [(share.member, share.amount) for share in loan.shares.select_related("member")],
            "rows": rows,
            "service_fee": sum(row.service_fee for row in rows),
            "total": sum(row.total for row in rows),
            "effective": effective_rate(loan, rows),
            "unit": {"month": "bulan", "week": "minggu"}[loan.every],
            "penalty_words": penalty_words(loan),
            "payoff_words": PAYOFF_WORDS[PayoffFees(loan.payoff_fees)],
            "back_url": loan.get_absolute_url(),
            "printed_at": timezone.now(),
        }


PAYOFF_WORDS = {
    PayoffFees.ALL: "seluruh jasa sampai akhir jangka waktu tetap dibayar",
    PayoffFees.RUNNING: "jasa dihitung sampai masa angsuran yang sedang berjalan",
}


def agreed_rows(loan: Loan, day: date) -> list:
    """The schedule as it was agreed: as paid out, whatever moved it since; planned where it is not paid out yet."""
    if not loan.is_disbursed:
        return list(builders.plan_loan(loan, day, services.rules_of(loan.group)))
    return list(loan.instalments.in_force(day)) or list(loan.instalments.in_force())


def effective_rate(loan: Loan, rows: list) -> Decimal | None:
    """Percent a year of what is really held; None where the instalments fall by season and not by month or week."""
    if loan.seasons or not rows:
        return None
    return schedule.effective_annual_rate(loan.schedule_terms(loan.principal), rows)


def penalty_words(loan: Loan) -> str:
    """What being late costs, as a sentence."""
    kind = PenaltyKind(loan.penalty_kind)
    if kind == PenaltyKind.NONE:
        return "Keterlambatan tidak dikenai denda."
    percent = f"{Decimal(loan.penalty_percent).normalize():f}%".replace(".", ",")
    how_much = {
        PenaltyKind.FIXED: f"{format_rupiah(loan.penalty_amount)} untuk tiap angsuran yang terlambat",
        PenaltyKind.PERCENT: f"{percent} dari angsuran yang terlambat",
    }[kind]
    late = f" lebih dari {loan.penalty_free_days} hari" if loan.penalty_free_days else ""
    most = f", paling banyak {format_rupiah(loan.penalty_cap)}" if loan.penalty_cap is not None else ""
    return f"Keterlambatan{late} dikenai denda {how_much}{most}."


def words_of_day(day: date) -> str:
    """tiga puluh September dua ribu dua puluh enam"""
    number, year = (terbilang(one).removesuffix(" rupiah") for one in (day.day, day.year))
    return f"{number} {MONTHS[day.month - 1]} {year}"


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
        receipt, village, treasurer = self.object, told["village"], told["treasurer"]
        remarks = ["BUKTI KOREKSI"] if receipt.is_reversal else []
        if hasattr(receipt, "reversal"):
            remarks.append(f"BATAL, dikoreksi oleh {receipt.reversal}")
        lines = receipt_slip.slip_lines(
            group=str(receipt.group),
            place=f"{village.full_name}, Kec. {village.district.name}",
            number=receipt.number,
            on=receipt.received_on,
            payer=str(receipt.payer),
            parts=[(part.get_kind_display(), part.amount) for part in told["parts"]],
            amount=receipt.amount,
            left=told.get("balance"),
            treasurer=treasurer.name if treasurer else "....................",
            remarks=remarks,
        )
        return told | {"lines": lines}
