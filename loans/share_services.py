"""Members' parts of a poklak's loan, and how much was paid for each ("tanggung renteng"; by whom: `payer_services`).

Whole rupiah; what a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Sum

from accounts import history
from accounts.models import User
from loans.models import Loan, LoanShare, SharePayment
from loans.payer_services import difference_words
from loans.shares import in_proportion
from villages.models import Member, Poklak


@dataclass(frozen=True)
class ShareLine:
    """One member's part of a loan on a day; rupiah, jasa and denda in what was paid included.

    `paid` = `paid_herself` + `covered` (what others brought for her part); `covers` is what she brought for others.
    `left` is her part of what is still to be paid, pokok and jasa; below zero where more was paid for her.
    """

    member: Member
    share: int
    paid_herself: int
    covered: int
    covers: int
    left: int

    @property
    def paid(self) -> int:
        return self.paid_herself + self.covered


@dataclass(frozen=True)
class ShareState:
    """The lines of a loan's members, and rupiah that came in without saying for whom (`unnamed`)."""

    lines: list[ShareLine]
    unnamed: int

    def total(self, name: str) -> int:
        return sum(getattr(line, name) for line in self.lines)


def share_state(loan: Loan, as_of: date) -> ShareState:
    """Each member's part of the loan, what was paid for it and by whom, as of the end of a day; receipts cancelled by
    then are left out. Four queries, whatever the loan has."""
    shares = list(loan.shares.select_related("member"))
    weights = {share.member_id: share.amount for share in shares}
    rows = _standing(SharePayment.objects.filter(receipt__parts__loan=loan).order_by("pk").distinct(), as_of)
    paid: Counter[tuple[int, bool]] = Counter()
    covers: Counter[int] = Counter()
    for row in rows:
        paid[row.member_id, row.is_cover] += row.amount
        if row.is_cover:
            covers[row.payer_id] += row.amount
    owed, received = _owed_and_received(loan, as_of)
    parts = in_proportion(owed, weights) if any(weights.values()) else dict.fromkeys(weights, 0)
    ended = bool(loan.written_off_on and loan.written_off_on <= as_of)
    lines = [
        ShareLine(
            member=share.member,
            share=share.amount,
            paid_herself=paid[share.member_id, False],
            covered=paid[share.member_id, True],
            covers=covers[share.member_id],
            left=0 if ended else parts[share.member_id] - paid[share.member_id, False] - paid[share.member_id, True],
        )
        for share in shares
    ]
    return ShareState(lines, received - sum(paid.values()))


def _standing(rows, as_of: date):
    """Of receipts up to the day, those not taken back by then."""
    return rows.filter(receipt__received_on__lte=as_of).exclude(receipt__reversal__received_on__lte=as_of)


def _owed_and_received(loan: Loan, as_of: date) -> tuple[int, int]:
    """Rupiah that the loan costs as known on the day (pokok, jasa, the denda paid, money kept as titipan), without what
    was paid before the books began; and what of it came in."""
    fees = loan.instalments.in_force(as_of).aggregate(sum=Sum("service_fee"))["sum"]
    if fees is None:  # not paid out by then
        return 0, 0
    parts = loan.receipt_parts.filter(received_on__lte=as_of).order_by().values_list("kind")
    sums = dict(parts.annotate(sum=Sum("amount")))
    before = loan.opening_principal_paid + loan.opening_service_fee_paid
    besides = sums.get("penalty", 0) + sums.get("credit", 0)
    return loan.principal + fees - before + besides, sum(sums.values()) - sums.get("recovery", 0)


def check_shares(poklak: Poklak, shares: Mapping[Member, int], principal: int, on: date) -> dict[Member, int]:
    """A row for every active member of the poklak, 0 where none is given; they add up to the principal in rupiah.

    Raises ValidationError at `shares`. A poklak without members has none.
    """
    members = list(poklak.members.active_on(on).order_by("pk"))
    if strangers := [str(one) for one in shares if one not in members]:
        raise ValidationError({"shares": f"{strangers[0]} bukan anggota {poklak}. Bagi kepada anggotanya saja."})
    if not members:
        return {}
    rows = {member: shares.get(member, 0) for member in members}
    check_sum_of_shares(rows, principal)
    return rows


def check_sum_of_shares(shares: Mapping[Member, int], principal: int) -> None:
    """Raises ValidationError at `shares` when one is below zero or they do not add up to the principal in rupiah."""
    for member, amount in shares.items():
        if amount < 0:
            raise ValidationError({"shares": f"Bagian {member} tidak boleh di bawah nol. Kosongkan bila tidak ada."})
    if (given := sum(shares.values())) != principal:
        raise ValidationError({"shares": difference_words("Bagian anggota", given, principal, "pokok pinjaman")})


def save_new_shares(loan: Loan, shares: Mapping[Member, int], by: User) -> None:
    """The parts as proposed, with their history."""
    rows = [
        LoanShare(village_id=loan.village_id, loan=loan, member=member, proposed=amount)
        for member, amount in shares.items()
    ]
    history.record_many(LoanShare.objects.bulk_create(rows), by=by)


def change_shares(rows: Iterable[LoanShare], step: str, amounts: Mapping[Member, int], by: User) -> None:
    """Writes the parts of one step (verified, approved), with their history."""
    rows = list(rows)
    before = {row.pk: history.snapshot(row) for row in rows}
    for row in rows:
        setattr(row, step, amounts[row.member])
    LoanShare.objects.bulk_update(rows, [step])
    history.record_many(rows, by=by, before=before)
