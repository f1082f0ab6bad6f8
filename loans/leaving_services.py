"""Leaving in one act: her savings and titipan pay her loans, the rest is paid out, a shortfall stays a loan. Rupiah.

What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum

from accounts import history
from accounts.models import User
from loans import services
from loans.chart import SAVINGS, TILLS
from loans.leaving import Outcome, Settled, Withdrawn
from loans.ledger_services import TILL_NAMES, lock_group, lowest_balance, same_sending
from loans.life import Life
from loans.life_services import credit_of, give_credit_back
from loans.models import Loan, Receipt, ReceiptPart, SavingTerms, Settlement, SharePayment, Voucher
from loans.month_services import check_month_open
from loans.people import WAITING
from loans.saving_services import give_member_credit_back, member_credit, member_now, withdraw_saving, withdrawable
from loans.savings import saving_balances
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Member
from villages.services import leave_group

NOTE = "Dari simpanan, keluar dari kelompok"
# Vouchers that only a member's own act brings.
HERS = (Voucher.Kind.WITHDRAWAL, Voucher.Kind.DISBURSEMENT, Voucher.Kind.CREDIT_BACK)


@transaction.atomic
def settle_and_leave(
    *, member: Member, left_on: date, left_reason: str, by: User, uuid: UUID, till: str = "cash", seen: str = ""
) -> Settlement:
    """Ends her membership and settles her money, all or nothing.

    Her savings that the group's terms return, and what she paid beyond a loan (titipan), pay her running loans, the
    oldest first: early payoff where they cover the whole quote of that day, else a total by the loan's order. The rest
    leaves the till; what is not covered stays a loan of hers. `seen` is the mark of the figures that were shown: where
    they changed since, nothing is done. The same UUID with the same content is the same settlement; with other content
    it is refused.
    """
    group = lock_group(member.group_id)
    member = member_now(member)
    if sent := Settlement.objects.filter(uuid=uuid).first():
        content = (sent.member_id, sent.on, member.left_reason, sent.recorded_by)
        return same_sending(sent, content == (member.pk, left_on, left_reason, by) and _tills(sent) <= {till})
    member = leave(member=member, left_on=left_on, left_reason=left_reason, by=by)
    check_month_open(group, left_on, by, field="left_on")
    saved, credits = withdrawable(member, left_on), _credits(member, left_on)
    credit = sum(credits.values())
    returned = sum(saved.values()) + credit
    # Receipts first: what her money pays of her loans lies in the till before it leaves it.
    paid = sum(receipt.amount for receipt in _pay_loans(member, returned, left_on, by, uuid, till))
    _check_till(member, till, left_on, returned, paid)
    facts: dict[str, Any] = {"on": left_on, "by": by, "till": till}
    for loan, amount in credits.items():
        _give_back(member, loan, amount=amount, uuid=_credit_key(uuid, loan), **facts)
    for kind, amount in saved.items():
        withdraw_saving(member=member, kind=kind, amount=amount, uuid=uuid5(uuid, kind), **facts)
    settlement = Settlement(
        village_id=member.village_id,
        member=member,
        on=left_on,
        saved=sum(saved.values()),
        credit=credit,
        paid_on_loans=paid,
        paid_out=returned - paid,
        still_owed=sum(loan.balance for loan in _running(member)),
        uuid=uuid,
        recorded_by=by,
    )
    history.save(settlement, by=by, reason=left_reason)
    if seen and seen != outcome_of(settlement).mark:
        raise ValidationError("Catatan uangnya berubah sejak halaman ini dibuka. Periksa sekali lagi.", code="conflict")
    return settlement


def preview_settlement(*, member: Member, left_on: date, left_reason: str, by: User, till: str = "cash") -> Outcome:
    """What settling would do, told by doing it and taking it back at once: no second reckoning can tell otherwise.

    Raises ValidationError as settling would.
    """
    with transaction.atomic():
        settlement = settle_and_leave(
            member=member, left_on=left_on, left_reason=left_reason, by=by, uuid=uuid4(), till=till
        )
        outcome = outcome_of(settlement)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def leave(*, member: Member, left_on: date, left_reason: str, by: User) -> Member:
    """Ends her membership under the group's lock, money left aside; not before what she herself paid in or got."""
    lock_group(member.group_id)
    member = member_now(member)
    latest = latest_money(member)
    if latest and left_on < latest and not member.left_on:
        raise ValidationError(
            {
                "left_on": f"Setoran, penarikan atau pinjaman {member} masih tercatat sampai {format_day(latest)}. "
                "Pakai tanggal itu atau sesudahnya, atau koreksi dulu catatannya."
            }
        )
    return leave_group(member=member, left_on=left_on, left_reason=left_reason, by=by)


def latest_money(member: Member) -> date | None:
    """The last day on which she paid in or got money, what was taken back left aside: she cannot leave before it."""
    stands = {"reverses": None, "reversal": None}
    paid_in = member.receipts.filter(**stands).aggregate(day=Max("received_on"))["day"]
    got = member.vouchers.filter(**stands, kind__in=HERS).aggregate(day=Max("on"))["day"]
    return max((day for day in (paid_in, got) if day), default=None)


def outcome_of(settlement: Settlement) -> Outcome:
    """What a settlement did, by its vouchers and receipts."""
    member, on = settlement.member, settlement.on
    kept = saving_balances([member], on)[member.pk]
    return Outcome(
        withdrawn=(*_withdrawn(settlement), *_credits_back(settlement)),
        settled=tuple(_settled(settlement)),
        kept=tuple((SavingTerms.Kind(kind).label, amount) for kind, amount in kept.items() if amount > 0),
        saved=settlement.saved,
        credit=settlement.credit,
        paid_on_loans=settlement.paid_on_loans,
        paid_out=settlement.paid_out,
        still_owed=settlement.still_owed,
    )


def cautions(member: Member) -> list[str]:
    """What a settlement leaves as it is and somebody should know, as sentences."""
    return [*_shares(member), *_covered(member), *_proposals(member)]


def _pay_loans(member: Member, rest: int, on: date, by: User, uuid: UUID, till: str) -> Iterator[Receipt]:
    for loan in _running(member):
        total = Life(loan).quote_on(on).total
        if rest and total:
            receipt = services.record_payment(
                loan=loan,
                amount=min(rest, total),
                received_on=on,
                by=by,
                uuid=uuid5(uuid, str(loan.uuid)),
                till=till,
                note=NOTE,
                is_payoff=rest >= total,
            )
            rest -= receipt.amount
            yield receipt


def _running(member: Member):
    """Her loans that were paid out, the oldest first; for one written off nothing is owed any more."""
    loans = Loan.objects.with_balance(date.max).filter(member=member, status=Loan.Status.DISBURSED, written_off_on=None)
    return loans.select_related("group").order_by("disbursed_on", "pk")


def has_credit(member: Member, on: date) -> bool:
    """Whether the group keeps money for her (titipan) that her leaving would give back."""
    return bool(_credits(member, on))


def _credits(member: Member, on: date) -> dict[Loan | None, int]:
    """Rupiah that she paid beyond her loans and did not get back, by loan; without one what the old book told of."""
    loans = member.loans.filter(status=Loan.Status.DISBURSED).select_related("group").order_by("pk")
    credits: dict[Loan | None, int] = {loan: credit_of(loan, on) for loan in loans}
    credits[None] = member_credit(member, on)
    return {loan: amount for loan, amount in credits.items() if amount}


def _give_back(member: Member, loan: Loan | None, **facts: Any) -> Voucher:
    return give_credit_back(loan=loan, **facts) if loan else give_member_credit_back(member=member, **facts)


def _credit_key(uuid: UUID, loan: Loan | None) -> UUID:
    return uuid5(uuid, f"titipan {loan.uuid}" if loan else "titipan")


def _check_till(member: Member, till: str, on: date, returned: int, paid: int) -> None:
    """Receipts already count here: what the till had without them must reach for what is paid out."""
    lowest, day = lowest_balance(member.group.entries, TILLS[till], on)
    if lowest < returned:
        name = TILL_NAMES[TILLS[till]]
        raise ValidationError(
            {
                "till": f"Saldo {name} pada {format_day(day)} {format_rupiah(lowest - paid)}, kurang dari "
                f"{format_rupiah(returned - paid)} yang dibayarkan kepadanya. "
                "Pilih yang lain, atau catat dulu penerimaannya."
            }
        )


def _vouchers(settlement: Settlement) -> dict[str, Voucher]:
    """Its withdrawals by kind of saving."""
    keys = {uuid5(settlement.uuid, kind): kind for kind in SAVINGS}
    rows = Voucher.objects.filter(uuid__in=keys).select_related("reversal")
    return {keys[row.uuid]: row for row in rows}


def _credit_vouchers(settlement: Settlement) -> list[Voucher]:
    keys = [_credit_key(settlement.uuid, loan) for loan in (*settlement.member.loans.all(), None)]
    return list(Voucher.objects.filter(uuid__in=keys).select_related("loan", "reversal").order_by("pk"))


def _receipts(settlement: Settlement) -> dict[int, Receipt]:
    """Its receipts by the loan's key."""
    keys = {uuid5(settlement.uuid, str(loan.uuid)): loan.pk for loan in settlement.member.loans.all()}
    rows = Receipt.objects.filter(uuid__in=keys).select_related("reversal")
    return {keys[row.uuid]: row for row in rows}


def _tills(settlement: Settlement) -> set[str]:
    vouchers = [*_vouchers(settlement).values(), *_credit_vouchers(settlement)]
    return {row.till for row in vouchers} | {row.till for row in _receipts(settlement).values()}


def _withdrawn(settlement: Settlement) -> Iterator[Withdrawn]:
    vouchers = _vouchers(settlement)
    for kind in SAVINGS:
        if row := vouchers.get(kind):
            yield Withdrawn(SavingTerms.Kind(kind).label, row.number, row.amount, row.is_cancelled)


def _credits_back(settlement: Settlement) -> Iterator[Withdrawn]:
    for row in _credit_vouchers(settlement):
        words = f"Titipan pinjaman {row.loan.number}" if row.loan else "Titipan dari buku lama"
        yield Withdrawn(words, row.number, row.amount, row.is_cancelled)


def _settled(settlement: Settlement) -> Iterator[Settled]:
    on, receipts = settlement.on, _receipts(settlement)
    loans = settlement.member.loans.filter(status=Loan.Status.DISBURSED, disbursed_on__lte=on)
    for loan in loans.select_related("group").order_by("disbursed_on", "pk"):
        receipt, life = receipts.get(loan.pk), Life(loan)
        owed = 0 if loan.written_off_on and loan.written_off_on <= on else life.owed_on(on)
        if receipt or owed:
            yield Settled(
                loan_number=loan.number,
                number=receipt.number if receipt else "",
                parts=_parts(receipt),
                principal_left=life.book_on(on).outstanding if owed else 0,
                owed_left=owed,
                is_cancelled=receipt is not None and hasattr(receipt, "reversal"),
            )


def _parts(receipt: Receipt | None) -> dict[str, int]:
    """Rupiah by words of kind, as it was split at first."""
    if receipt is None:
        return {}
    parts = receipt.parts.filter(role=ReceiptPart.Role.ORIGINAL).order_by("pk")
    return {part.get_kind_display(): part.amount for part in parts}


def _shares(member: Member) -> Iterator[str]:
    shares = member.loan_shares.select_related("loan").filter(
        loan__status=Loan.Status.DISBURSED, loan__written_off_on=None
    )
    balances = Loan.objects.with_balance(date.max).filter(pk__in=[share.loan_id for share in shares])
    running = {loan.pk for loan in balances if loan.balance > 0}
    for share in shares:
        if share.loan_id in running:
            yield (
                f"Bagiannya {format_rupiah(share.amount)} pada pinjaman poklak {share.loan.number} tidak ikut "
                "diselesaikan di sini. Sepakati dengan poklaknya siapa yang melanjutkan."
            )


def _covered(member: Member) -> Iterator[str]:
    standing = SharePayment.objects.filter(receipt__reverses=None, receipt__reversal=None).order_by()
    for_others = standing.filter(payer=member).exclude(member=member).aggregate(sum=Sum("amount"))["sum"]
    by_others = standing.filter(member=member).exclude(payer=member).aggregate(sum=Sum("amount"))["sum"]
    if for_others:
        yield f"Ia pernah menanggung {format_rupiah(for_others)} bagian anggota lain pada pinjaman poklak."
    if by_others:
        yield f"Anggota lain pernah menanggung {format_rupiah(by_others)} bagiannya pada pinjaman poklak."


def _proposals(member: Member) -> Iterator[str]:
    waiting = member.loans.filter(status__in=WAITING).order_by("pk")
    if numbers := ", ".join(loan.number for loan in waiting):
        yield f"Pengajuan pinjamannya {numbers} belum dicairkan dan tidak akan dapat dicairkan. Batalkan pengajuan itu."
