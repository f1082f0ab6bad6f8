"""What members pay in and take out of their savings, and get back of what the old book kept for them: lock, check,
save, once however often it is sent."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from loans import builders, savings, services
from loans.chart import CREDIT, SAVINGS, TILLS
from loans.ledger_services import check_on, lock_group, lowest_balance, next_serial, record_voucher, same_sending
from loans.models import Receipt, ReceiptPart, SavingTerms, Voucher
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

Kind = SavingTerms.Kind


@transaction.atomic
def record_deposit(
    *,
    member: Member,
    parts: dict[str, int],
    received_on: date,
    by: User,
    uuid: UUID,
    till: str = "cash",
    note: str = "",
) -> Receipt:
    """Receives what a member saves and contributes: rupiah by kind, those of 0 left out.

    The same UUID with the same content is the same deposit; with other content it is refused.
    """
    group = lock_group(member.group_id)
    member = member_now(member)
    amounts = {str(kind): amount for kind, amount in parts.items() if amount}
    if sent := Receipt.objects.filter(uuid=uuid).first():
        content = (sent.member_id, sent.received_on, sent.till, sent.note, sent.recorded_by)
        is_same = content == (member.pk, received_on, till, note, by) and _amounts(sent) == amounts
        return same_sending(sent, is_same)
    _check_amounts(amounts)
    _check_member_on(member, received_on)
    check_on(group, received_on, by, field="received_on", earliest=member.joined_on)
    receipt, rows = builders.build_deposit(
        member=member,
        amounts=amounts,
        received_on=received_on,
        serial=next_serial(group.receipts, received_on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
        till=till,
        note=note,
    )
    return services.save_receipt(receipt, rows, by=by)


@transaction.atomic
def withdraw_saving(
    *, member: Member, kind: str, amount: int, on: date, by: User, uuid: UUID, till: str = "cash"
) -> Voucher:
    """Pays `amount` rupiah of her savings of one kind out of a till.

    Refused beyond her balance of that day or any later one, for a locked kind while she is a member, and for one that
    the group keeps when she leaves. The same UUID with the same content is the same withdrawal.
    """
    group = lock_group(member.group_id)
    member = member_now(member)
    facts: dict[str, Any] = {
        "group": group,
        "kind": Voucher.Kind.WITHDRAWAL,
        "on": on,
        "amount": amount,
        "debit": _account(kind),
        "credit": TILLS[till],
        "description": f"Penarikan {Kind(kind).label.lower()}",
        "party": str(member)[:100],
        "member": member,
        "till": till,
    }
    if not Voucher.objects.filter(uuid=uuid).exists():
        check_on(group, on, by, earliest=member.joined_on)
        check_may_withdraw(member, kind, on)
        _check_balance(member, kind, on, amount)
    return record_voucher(**facts, by=by, uuid=uuid)


@transaction.atomic
def give_member_credit_back(
    *, member: Member, amount: int, on: date, by: User, uuid: UUID, till: str = "cash"
) -> Voucher:
    """Pays rupiah out of a till that the old book kept for her (titipan without a loan), never more than there is.

    What she paid beyond a loan of the portal lies on that loan: `life_services.give_credit_back`.
    """
    group = lock_group(member.group_id)
    member = member_now(member)
    if not Voucher.objects.filter(uuid=uuid).exists():
        check_on(group, on, by, earliest=member.joined_on)
        lowest, day = _credit(member, on)
        if amount > lowest:
            left = format_rupiah(max(lowest, 0))
            raise ValidationError({"amount": f"Titipan {member} pada {format_day(day)} {left}. Paling banyak itu."})
    return record_voucher(
        group=group,
        kind=Voucher.Kind.CREDIT_BACK,
        on=on,
        amount=amount,
        debit=CREDIT,
        credit=TILLS[till],
        till=till,
        description="Pengembalian titipan dari buku lama",
        party=str(member)[:100],
        member=member,
        by=by,
        uuid=uuid,
    )


def member_credit(member: Member, on: date) -> int:
    """Rupiah that the old book kept for her and that could be given back on the day."""
    return max(_credit(member, on)[0], 0)


def _credit(member: Member, on: date) -> tuple[int, date]:
    return lowest_balance(member.entries.filter(loan=None), CREDIT, on)


def check_may_withdraw(member: Member, kind: str, on: date) -> None:
    """Raises ValidationError when the group's terms keep this kind in."""
    terms = savings.terms_on(member.group, on)[kind]
    words = Kind(kind).label
    if _is_member_on(member, on):
        if terms.is_locked:
            said = f"{words} tidak dapat ditarik selama {member} masih anggota."
            raise ValidationError({"kind": f"{said} Pilih simpanan yang tidak terkunci."})
    elif not terms.returned_on_leaving:
        raise ValidationError({"kind": f"{words} tidak dikembalikan saat keluar menurut aturan kelompok ini."})


def withdrawable(member: Member, on: date) -> dict[str, int]:
    """Rupiah by kind that she could take out on the day, those of 0 left out."""
    terms = savings.terms_on(member.group, on)
    inside = _is_member_on(member, on)
    free = [kind for kind in SAVINGS if (not terms[kind].is_locked if inside else terms[kind].returned_on_leaving)]
    lowest = {kind: lowest_balance(member.entries, SAVINGS[kind], on)[0] for kind in free}
    return {kind: amount for kind, amount in lowest.items() if amount > 0}


def member_now(member: Member) -> Member:
    """Her row under the group's lock: she may have left since the page was opened."""
    return Member.objects.select_related("group", "village").get(pk=member.pk)


def _is_member_on(member: Member, on: date) -> bool:
    return member.left_on is None or on < member.left_on


def _account(kind: str) -> str:
    if kind not in SAVINGS:
        raise ValidationError({"kind": "Iuran bukan simpanan, jadi tidak dapat ditarik. Pilih simpanan."})
    return SAVINGS[kind]


def _check_balance(member: Member, kind: str, on: date, amount: int) -> None:
    try:
        savings.check_not_below_zero(member, kind, on, -amount)
    except ValidationError as error:
        raise ValidationError({"amount": error.messages}) from error


def _amounts(receipt: Receipt) -> dict[str, int]:
    return dict(receipt.parts.values_list("kind", "amount"))


def _check_amounts(amounts: dict[str, int]) -> None:
    allowed = {kind.value for kind in Kind}
    if unknown := set(amounts) - allowed:
        raise ValueError(f"not a saving or contribution: {', '.join(sorted(unknown))}")
    if not amounts:
        raise ValidationError("Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya simpanan wajib 10.000.")
    for kind, amount in amounts.items():
        if amount < 0:
            words = ReceiptPart.Kind(kind).label
            raise ValidationError({kind: f"{words} tidak boleh di bawah nol. Kosongkan bila tidak disetor."})


def _check_member_on(member: Member, on: date) -> None:
    if not _is_member_on(member, on):
        raise ValidationError(
            {"received_on": f"{member} sudah keluar pada {format_day(member.left_on)}. Pakai tanggal sebelum itu."}
        )
