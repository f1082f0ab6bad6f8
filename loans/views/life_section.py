"""What a loan's page tells and offers of its life: changed schedules, penalties, write-off, credit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse

from loans.allocation import Kind
from loans.life import Life
from loans.life_services import credit_of, fines_on, why_not_undone, with_later
from loans.models import Loan, Penalty, Reschedule
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.views import Link

Offer = tuple[Action, bool, str, str]


@dataclass(frozen=True)
class FineLine:
    """Rupiah of penalty on one instalment: `fresh` is what the rule would charge besides if it were paid today."""

    number: int
    charged: int
    paid: int
    waived: int
    fresh: int

    @property
    def left(self) -> int:
        return self.charged - self.paid - self.waived

    @property
    def is_open(self) -> bool:
        return bool(self.left or self.fresh)


def life_links(loan: Loan) -> list[Offer]:
    """What may be decided about a loan: (action, whether it fits the loan now, words, URL name)."""
    is_running = loan.is_disbursed and not loan.written_off_on
    has_owed = is_running and loan.standing != "paid_off"
    return [
        (Action.RESCHEDULE_LOANS, has_owed, "Jadwal ulang", "loan-reschedule"),
        (Action.RECORD_MONEY, has_owed and may_be_fined(loan), "Bebaskan denda", "loan-waive"),
        (Action.RECORD_MONEY, is_running and credit_of(loan, today()) > 0, "Kembalikan titipan", "loan-credit-back"),
        (Action.RECORD_MONEY, bool(loan.written_off_on), "Catat tagihan hapus buku", "loan-recovery"),
        (Action.APPROVE_LOANS, is_running and loan.balance > 0, "Hapus buku", "loan-write-off"),
    ]


def may_be_fined(loan: Loan) -> bool:
    """Whether penalties may stand unpaid: charged before, or asked for by the loan's rule today."""
    return bool(loan.penalty_kind != "none" and loan.late) or loan.penalties.exists()


def loan_life(page, loan: Loan):
    """The section of a loan's page below its receipts; empty while nothing happened."""
    if not loan.is_disbursed:
        return "loans/life_section.html", {}
    may_undo = page.access.may_in(Action.RESCHEDULE_LOANS, loan.village)
    rows = with_later(loan.reschedules.order_by("-pk")).select_related("recorded_by", "undone_by", "decision")
    fines = fine_lines(loan)
    return "loans/life_section.html", {
        "loan": loan,
        "reschedules": [(row, value_words(row), undo_link(row) if may_undo else None) for row in rows],
        "fines": [one for one in fines if one.is_open],
        "fines_done": [one for one in fines if not one.is_open],
        "recovered": recovered(loan) if loan.written_off_on else 0,
    }


def value_words(reschedule: Reschedule) -> str:
    """2 angsuran; 1,25% per angsuran; 31 Oktober 2026"""
    if reschedule.instalments:
        return f"{reschedule.instalments} angsuran"
    if reschedule.rate is not None:
        return f"{Decimal(reschedule.rate).normalize():f}% per angsuran".replace(".", ",")
    return format_day(reschedule.new_due_on)


def undo_link(reschedule: Reschedule) -> Link | None:
    return None if why_not_undone(reschedule) else Link("Urungkan", reverse("reschedule-undo", args=[reschedule.pk]))


def recovered(loan: Loan) -> int:
    """Rupiah that came in after the write-off."""
    return loan.receipt_parts.filter(kind="recovery").aggregate(sum=Sum("amount"))["sum"] or 0


def fine_lines(loan: Loan) -> list[FineLine]:
    """The instalments with a penalty, whatever became of it; the loan is played only where there may be one."""
    if not may_be_fined(loan) and not loan.receipt_parts.filter(kind="penalty").exists():
        return []
    return list(_fine_lines(Life(loan)))


def _fine_lines(life: Life) -> Iterator[FineLine]:
    purse = life.book_on(today()).purse
    waived: Counter[int] = Counter()
    for row in life.penalties:
        if row.kind == Penalty.Kind.WAIVER:
            waived[row.instalment_number] += row.amount
    fresh = {fine.number: fine.fresh for fine in fines_on(life, today())} if not life.loan.written_off_on else {}
    for number, (charged, paid) in enumerate(zip(purse.charged, purse.paid, strict=True), 1):
        line = FineLine(number, charged + waived[number], paid[Kind.PENALTY], waived[number], fresh.get(number, 0))
        if line.charged or line.fresh:
            yield line
