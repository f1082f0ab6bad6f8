"""Plain builders of what is decided about running loans; today is 30 September 2026."""

from datetime import date
from itertools import count
from uuid import uuid4

from loans import ledger_services, life_services, shift_services
from loans.models import (
    Entry,
    FollowUp,
    Instalment,
    Loan,
    LoanShare,
    Opening,
    OpeningLine,
    Penalty,
    Reschedule,
    Settlement,
    SharePayment,
    ShiftDecision,
)
from tests import build
from up2k_portal.lib.access import Role
from villages.models import Group

TODAY = date(2026, 9, 30)
WHY = "rumah terendam banjir dua bulan"
_serial = count(1)


def kecamatan():
    return build.user(Role.DISTRICT, "63.08.03")


def decision(of: Group, **fields) -> ShiftDecision:
    """A decision as a plain row, without loans."""
    defaults = {"on": date(2026, 9, 10), "letter_on": date(2026, 9, 9), "from_day": date(2026, 9, 1), "months": 2}
    told = {"letter_number": f"{next(_serial)}/SK/2026", "reason": f"banjir merendam rumah anggota {of}"}
    return ShiftDecision.objects.create(village=of.village, **defaults | told | fields)


def reschedule_row(of: Loan) -> Reschedule:
    """A reschedule as a plain row that moves nothing yet: the last instalment, a month later."""
    last = of.instalments.in_force().last()
    facts = {"kind": "new_due_on", "new_due_on": date(2027, 6, 30), "reason": WHY}
    return Reschedule.objects.create(
        village=of.village, loan=of, on=of.disbursed_on, from_instalment=last.number, **facts
    )


def reschedule(of: Loan, kind: str, value, first: int, on: date = TODAY, **fields) -> Reschedule:
    """A reschedule through the service."""
    facts = {"reason": WHY, "by": fields.pop("by", None) or kecamatan(), "uuid": uuid4()}
    return life_services.reschedule_loan(
        loan=of, on=on, kind=kind, from_instalment=first, value=value, **facts | fields
    )


def undo(row: Reschedule, on: date = TODAY, **fields) -> Reschedule:
    facts = {"reason": "salah pilih angsuran", "by": fields.pop("by", None) or kecamatan()}
    return life_services.undo_reschedule(reschedule=row, undone_on=on, **facts | fields)


def write_off(of: Loan, on: date = TODAY, **fields) -> Loan:
    facts = {"reason": "peminjam wafat, ahli waris tidak mampu", "by": fields.pop("by", None) or kecamatan()}
    return life_services.write_off_loan(loan=of, on=on, **{"uuid": uuid4()} | facts | fields)


def allowance(of: Group, amount: int, on: date = date(2026, 1, 1)) -> None:
    """Rupiah set aside for loans that will not come back: as the old book told of them."""
    ledger_services.record_voucher(
        group=of, kind="opening", on=on, amount=amount, debit="3.9", credit="1.3.9",
        description="Cadangan pinjaman", by=None, uuid=uuid4(),
    )  # fmt: skip


def shift(of: Group, months: int = 2, **fields) -> ShiftDecision:
    """A shift of the group's village through the service."""
    facts = {"on": TODAY, "letter_number": "14/SK/PKK-KEC/2026", "letter_on": date(2026, 9, 28), "uuid": uuid4()}
    told = {"reason": "banjir merendam desa sejak 5 September", "from_day": date(2026, 9, 1)}
    by = fields.pop("by", None) or kecamatan()
    return shift_services.shift_village(village=of.village, months=months, by=by, **facts | told | fields)


def rows_of(loan: Loan, as_of: date | None = None) -> list[tuple[int, date, int, int]]:
    """(number, due day, principal, fee) of the rows in force."""
    rows = Instalment.objects.filter(loan=loan).in_force(as_of).order_by("number")
    return list(rows.values_list("number", "due_on", "principal", "service_fee"))


def as_of(loan: Loan, day: date) -> tuple[int, int]:
    """(balance, late) in rupiah at the end of a day."""
    found = Loan.objects.with_arrears(day).get(pk=loan.pk)
    return found.balance, found.late


def entries_of(loan: Loan, kind: str) -> list[tuple[str, str, int]]:
    rows = Entry.objects.filter(loan=loan, voucher__kind=kind).order_by("pk")
    return list(rows.values_list("debit", "credit", "amount"))


def rows_for_admin(loan: Loan) -> None:
    """A plain row of each kind that the admin shows of a loan's life and of where books began."""
    member, receipt = loan.member, loan.group.receipts.first()
    own = {"village": loan.village}
    Penalty.objects.create(**own, loan=loan, instalment_number=1, kind="charge", on=TODAY, amount=5_000)
    LoanShare.objects.create(**own, loan=loan, member=member, proposed=loan.principal)
    SharePayment.objects.create(**own, receipt=receipt, member=member, payer=member, amount=receipt.amount)
    reschedule_row(loan)
    FollowUp.objects.create(**own, loan=loan, on=TODAY, way="visit", words="dagangan sepi")
    decision(loan.group)
    sums = {"saved": 0, "paid_on_loans": 0, "paid_out": 0, "still_owed": 0}
    Settlement.objects.create(**own, member=member, on=TODAY, **sums)
    opening = Opening.objects.create(**own, group=loan.group, on=date(2025, 12, 31))
    OpeningLine.objects.create(**own, opening=opening, kind="cash", amount=100_000)
