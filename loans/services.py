"""The money verbs: lock, check, save. Each is done once however often it is sent, and leaves its history.

All amounts are whole rupiah. What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import builders, ledger_services, postings, savings
from loans.allocation import Kind
from loans.chart import CONTRIBUTION, CREDIT, SAVINGS, SOCIAL_FUND
from loans.events import WORDS, Reversal
from loans.ledger_services import check_day, check_on, lock_group, next_serial, same_sending
from loans.life import PAID_KINDS, Effect, Life, new_charge, payment_event
from loans.models import CashCount, Entry, Instalment, Loan, MoneyRules, Penalty, Receipt, ReceiptPart
from loans.models.receipts import Till
from loans.month_services import check_month_open, closed_through, first_open_month
from loans.payer_services import Payers, are_payers, payer_rows, save_payers
from loans.payoff import running_until
from loans.rules_services import rules_of
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group, Member, Poklak

REASON_EXAMPLE = "salah ketik jumlah"
NEW = "baru"  # the key of the event that is being recorded


@transaction.atomic
def record_payment(
    *,
    loan: Loan,
    amount: int,
    received_on: date,
    by: User,
    uuid: UUID,
    penalty: int = 0,
    parts: Mapping[str, int] | None = None,
    savings: Mapping[str, int] | None = None,
    till: str = "cash",
    note: str = "",
    is_payoff: bool = False,
    payers: Payers | None = None,
) -> Receipt:
    """Receives `amount` rupiah for a loan and returns the receipt.

    `parts` (rupiah by kind: principal, service_fee, penalty) are facts that are never split anew; so is `penalty`, a
    fine of it. The rest goes by the loan's order, after the penalties that its rule asks for on that day. `savings`
    (rupiah by kind: mandatory, voluntary, contribution …) came on top and stands on the same receipt. `is_payoff`
    pays the loan off early: fees of later periods are let go as the loan's rule says. `payers` say of a poklak's loan
    who brought what for whose part; without them everyone paid for herself (`payer_services.payer_rows`).

    Dated before others, it splits those anew (see `resplit`). The same UUID with the same content is the same
    payment; with other content it is refused.
    """
    loan = lock_loan(loan)
    saved = {kind: saving for kind, saving in (savings or {}).items() if saving}
    by_hand = {Kind(kind): part for kind, part in {"penalty": penalty, **(parts or {})}.items() if part}
    if sent := Receipt.objects.filter(uuid=uuid).first():
        content = (sent.group_id, sent.received_on, sent.till, sent.note, sent.recorded_by)
        is_same = content == (loan.group_id, received_on, till, note, by) and (sent.waives_from is None or is_payoff)
        is_same = is_same and _same_parts(sent, loan, amount, by_hand, saved)
        return same_sending(sent, is_same and are_payers(sent, payer_rows(loan, amount, payers)))
    check_payment(loan, amount, by_hand, received_on)
    _check_saver(loan, saved, received_on)
    check_month_open(loan.group, received_on, by, field="received_on")
    brought = payer_rows(loan, amount, payers)
    life = Life(loan)
    waives_from = _fees_let_go(life, received_on) if is_payoff else None
    payment = payment_event(NEW, received_on, amount, by_hand, waives_from)
    fines = _fines(life, by_hand, received_on)
    effect = life.after(
        *(new_charge(row.instalment_number, row.on, row.amount) for row in fines),
        payment,
        own=NEW,
    )
    if is_payoff and life.owed_on(received_on):
        raise ValidationError({"amount": _not_enough_to_pay_off(life, received_on)})
    receipt, rows = builders.build_payment(
        loan=loan,
        parts=effect.own,
        by_hand=by_hand,
        savings=saved,
        received_on=received_on,
        serial=next_serial(loan.group.receipts, received_on),
        till=till,
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
        note=note,
        waives_from=waives_from,
    )
    save_receipt(receipt, rows + resplit(life, receipt, effect), by=by)
    save_payers(receipt, brought)
    _save_fines(fines, receipt)
    save_schedule(life, received_on)
    return receipt


@transaction.atomic
def reverse_payment(*, receipt: Receipt, reason: str, reversed_on: date, by: User, uuid: UUID) -> Receipt:
    """Takes a receipt back by a new one with the negative amounts; the original stays untouched.

    Penalties that were charged with it and fees that it let go are taken back with it; other receipts of the loan are
    split anew (see `resplit`).
    """
    group = lock_group(receipt.group_id)
    if sent := Receipt.objects.filter(uuid=uuid).first():
        content = (sent.reverses_id, sent.received_on, sent.reason, sent.recorded_by)
        return same_sending(sent, content == (receipt.pk, reversed_on, reason, by))
    _check_reversible(receipt)
    check_reason(reason, example=REASON_EXAMPLE)
    check_may_undo(receipt, by)
    check_on(group, reversed_on, by, field="reversed_on", earliest=receipt.received_on)
    reversal, rows = builders.build_reversal(
        receipt=receipt,
        parts=receipt.parts.standing().select_related("loan", "member"),
        reversed_on=reversed_on,
        reason=reason,
        serial=next_serial(group.receipts, reversed_on),
        uuid=uuid,
        by=by,
        recorded_at=timezone.now(),
    )
    paid = next((part.loan for part in rows if part.loan_id), None)
    if paid is None:
        return save_receipt(reversal, rows, by=by, reason=reason)
    life = Life(lock_loan(paid))
    fines = fines_of(life, receipt)
    effect = after_undo(life, receipt, fines, reversed_on)
    save_receipt(reversal, rows + resplit(life, reversal, effect, rows), by=by, reason=reason)
    _cancel_fines(fines, reversal)
    save_schedule(life, reversed_on)
    return reversal


def after_undo(life: Life, receipt: Receipt, fines: Iterable[Penalty], on: date) -> Effect:
    """What taking the receipt back on the day does, with the `fines` that came with it (`fines_of`).

    Raises ValidationError for what cannot be, also when fees that an early payoff let go would stay let go though the
    loan is owed again.
    """
    backs = [Reversal(f"batal {row.pk}", f"denda {row.pk}", on) for row in fines if row.amount]
    effect = life.after(Reversal(NEW, receipt.pk, on), *backs)
    for parts in life.standing.values():
        payoff = parts[0].receipt
        if payoff.waives_from and payoff != receipt and life.owed_on(max(payoff.received_on, life.latest)):
            raise ValidationError(
                f"Bukti {payoff} melunasi pinjaman ini dengan membebaskan jasa berikutnya. Koreksi dulu bukti itu,"
                " baru yang ini; lalu hitung lagi pelunasannya."
            )
    return effect


def resplit(life: Life, cause: Receipt, effect: Effect, own: Sequence[ReceiptPart] = ()) -> list[ReceiptPart]:
    """The unsaved parts by which a receipt changes the split of others, its `own` left aside.

    While every receipt concerned lies in an open month, each is taken back part by part and split anew under its own
    number, from the day of the cause on. Otherwise all stay as they are, and the difference is one adjustment on the
    cause, in the first open month.
    """
    loan, day = life.loan, cause.received_on
    closed = closed_through(loan.group) if effect.moved else 0
    receipts = {key: parts for key, parts in life.standing.items() if key in effect.moved}
    splits = {key: _split_after(parts, effect.moved[key]) for key, parts in receipts.items()}
    days = [parts[0].receipt.received_on for parts in receipts.values()]
    may_split = all(period_of(one) > closed for one in days) and all(splits.values())
    found: list[ReceiptPart] = []
    if may_split:
        for key, parts in receipts.items():
            found += builders.build_resplit(parts, splits[key] or {}, max(day, parts[0].receipt.received_on))
    left = Counter(effect.total)
    left.subtract(effect.own)
    for part in (*own, *found):
        if part.kind in PAID_KINDS:
            left[Kind(part.kind)] -= part.amount
    if any(left.values()):
        on = first_open_month(loan.group, max([day, *(one for one in days if not may_split)]))
        found += builders.build_adjustment(cause, loan, left, on)
    return found


def _split_after(parts: list[ReceiptPart], moved: Mapping[Kind, int]) -> dict[str, int] | None:
    """A receipt's parts with what moved between them; None where a part would be below zero, or below what
    was given by hand."""
    split = Counter({part.kind: part.amount for part in parts})
    split.update(moved)
    if any(split[part.kind] < part.by_hand for part in parts) or any(amount < 0 for amount in split.values()):
        return None
    return {kind: amount for kind, amount in split.items() if amount}


def save_schedule(life: Life, on: date) -> None:
    """Puts the schedule that holds from the day on in the place of what no longer does."""
    ended, new = life.schedule_changes(on)
    if ended:
        Instalment.objects.bulk_update(ended, ["valid_until"])
    if new:
        Instalment.objects.bulk_create(new)


def _fines(life: Life, by_hand: Mapping[Kind, int], on: date) -> list[Penalty]:
    """The penalties that the loan's rule asks for on the day, unsaved; none where a fine was given by hand."""
    return [] if Kind.PENALTY in by_hand else life.fines_on(on)


def fines_of(life: Life, receipt: Receipt) -> list[Penalty]:
    """The penalties charged with a receipt, but those of which something was let go."""
    waived = {life.number_now(row) for row in life.penalties if row.kind == Penalty.Kind.WAIVER}
    charged = [row for row in life.penalties if row.receipt_id == receipt.pk and row.kind == Penalty.Kind.CHARGE]
    return [row for row in charged if life.number_now(row) not in waived]


def _save_fines(fines: list[Penalty], receipt: Receipt) -> None:
    for row in fines:
        row.receipt, row.recorded_by, row.recorded_at = receipt, receipt.recorded_by, receipt.recorded_at
    Penalty.objects.bulk_create(fines)


def _cancel_fines(fines: list[Penalty], reversal: Receipt) -> None:
    Penalty.objects.bulk_create(
        Penalty(
            village_id=row.village_id,
            loan=row.loan,
            instalment_number=row.instalment_number,
            kind=Penalty.Kind.CANCEL,
            on=reversal.received_on,
            amount=row.amount,
            of=row,
            receipt=reversal,
            recorded_by=reversal.recorded_by,
            recorded_at=reversal.recorded_at,
        )
        for row in fines
    )


def _fees_let_go(life: Life, on: date) -> int | None:
    """The first row whose fee an early payoff lets go; None where it lets none go."""
    if not life.quote_on(on).waived_service_fee:
        return None
    rows = life.book_on(on).purse.rows
    until = running_until(rows, on)
    return next(row.number for row in rows if row.due_on > until)


def _not_enough_to_pay_off(life: Life, on: date) -> str:
    left = format_rupiah(life.owed_on(on))
    return f"Jumlah ini belum melunasi pinjaman: masih kurang {left}. Buka lagi hitungan pelunasannya."


def _same_parts(sent: Receipt, loan: Loan, amount: int, by_hand: Mapping[Kind, int], saved: Mapping[str, int]) -> bool:
    parts = list(sent.parts.filter(role=ReceiptPart.Role.ORIGINAL))
    for_loan = sum(part.amount for part in parts if part.loan_id == loan.pk)
    facts = {part.kind: part.by_hand for part in parts if part.by_hand}
    besides = {part.kind: part.amount for part in parts if part.loan_id is None}
    return (for_loan, facts, besides) == (amount, by_hand, saved)


def _check_saver(loan: Loan, saved: Mapping[str, int], on: date) -> None:
    if saved and not loan.member_id:
        raise ValidationError("Simpanan dan iuran dicatat atas nama anggota, bukan poklak. Catat di halaman anggota.")
    if saved:
        check_borrower(loan.borrower, on)
    for kind, amount in saved.items():
        if amount < 1:
            raise ValidationError({kind: "Jumlah harus lebih dari nol, misalnya 10.000. Kosongkan bila tidak ada."})


def save_receipt(receipt: Receipt, parts: list[ReceiptPart], *, by: User, reason: str = "") -> Receipt:
    """Saves a receipt, its parts and their entries under the group's lock; no till or saving may fall below zero."""
    history.save(receipt, by=by, reason=reason)
    _check_never_overpaid(parts)
    ReceiptPart.objects.bulk_create(parts)
    entries = postings.entries_of_parts(
        parts,
        recorded_at=receipt.recorded_at,
        contribution_to=_contribution_account(receipt.group, parts),
        originals=_originals(parts),
    )
    if receipt.reverses and receipt.till == Till.FIELD:
        count = count_since(receipt.reverses)
        told = {"on": receipt.received_on, "handed_in": count and count.counted_on, "cause": receipt.uuid, "by": by}
        ledger_services.take_from_box(receipt.group, entries, **told)
    ledger_services.check_tills(receipt.group, entries)
    for part in parts:
        if part.member and part.kind in SAVINGS and part.amount < 0:
            savings.check_not_below_zero(part.member, part.kind, part.received_on, part.amount)
    _check_credit_not_paid_back(parts)
    Entry.objects.bulk_create(entries)
    return receipt


def _contribution_account(group: Group, parts: list[ReceiptPart]) -> str:
    if not any(part.kind == ReceiptPart.Kind.CONTRIBUTION for part in parts):
        return CONTRIBUTION
    rules = rules_of(group)
    return SOCIAL_FUND if rules and rules.contribution_to == MoneyRules.ContributionTo.SOCIAL else CONTRIBUTION


def _originals(parts: Iterable[ReceiptPart]) -> dict[int, Entry]:
    """The entries of the parts that these take back, by the part's key."""
    taken_back = [part.reverses_id for part in parts if part.reverses_id]
    if not taken_back:
        return {}
    return {entry.part_id: entry for entry in Entry.objects.filter(part__in=taken_back) if entry.part_id}


def lock_loan(loan: Loan) -> Loan:
    """The loan as it is now, with what was paid on any day, under its group's lock."""
    lock_group(loan.group_id)
    rows = Loan.objects.with_balance(date.max).select_related("group", "member", "poklak", "product")
    return rows.select_related("village__district__regency").get(pk=loan.pk)


def check_payment(loan: Loan, amount: int, by_hand: Mapping[Kind, int], received_on: date) -> None:
    """Raises ValidationError when this payment of rupiah cannot be. `loan` carries what was paid (`with_balance`)."""
    if not loan.is_disbursed:
        raise ValidationError("Pinjaman ini belum dicairkan, jadi belum dapat diangsur.")
    if loan.written_off_on:
        raise ValidationError(
            f"Pinjaman ini dihapus buku {format_day(loan.written_off_on)}. Catat uangnya sebagai tagihan hapus buku."
        )
    check_day("received_on", received_on, earliest=loan.opened_on or loan.disbursed_on)
    if amount < 1:
        raise ValidationError({"amount": "Jumlah harus lebih dari nol, misalnya 50.000."})
    for kind, part in by_hand.items():
        if part < 0:
            raise ValidationError(
                {kind: f"{WORDS[kind].capitalize()} tidak boleh di bawah nol. Kosongkan bila tidak ada."}
            )
    penalty = by_hand.get(Kind.PENALTY, 0)
    if penalty > amount:
        raise ValidationError(
            {"penalty": f"Denda {format_rupiah(penalty)} melebihi jumlah yang dibayar {format_rupiah(amount)}."}
        )
    if (given := sum(by_hand.values())) > amount:
        raise ValidationError(
            f"Bagian-bagiannya {format_rupiah(given)}, melebihi jumlah yang dibayar {format_rupiah(amount)}."
        )
    owed = loan.balance + sum(row.service_fee for row in loan.instalments.in_force()) - loan.service_fee_paid
    if owed <= 0 and amount > penalty and not Life(loan).owed_on(received_on):
        raise ValidationError("Pinjaman ini sudah lunas. Periksa nama peminjamnya.")


def _check_never_overpaid(parts: Sequence[ReceiptPart]) -> None:
    """No day may show more principal paid than was lent: a receipt taken back later still counts until then."""
    change = Counter[date]()
    for part in parts:
        if part.kind == Kind.PRINCIPAL:
            change[part.received_on] += part.amount
    if not any(amount > 0 for amount in change.values()):
        return
    loan = next(part.loan for part in parts if part.loan)
    sums = loan.receipt_parts.filter(kind=Kind.PRINCIPAL).order_by().values_list("received_on").annotate(Sum("amount"))
    by_day = Counter(dict(sums))
    by_day.update(change)
    paid = loan.opening_principal_paid
    for day in sorted(by_day):
        paid += by_day[day]
        if day >= min(change) and paid > loan.principal:
            raise ValidationError({"received_on": _still_paid(loan, day)})


def _check_credit_not_paid_back(parts: Sequence[ReceiptPart]) -> None:
    """Credit that was handed back to the borrower cannot pay instalments any more."""
    change = Counter[date]()
    for part in parts:
        if part.kind == Kind.CREDIT and part.loan:
            change[part.received_on] += part.amount
    if not any(amount < 0 for amount in change.values()):
        return
    loan = next(part.loan for part in parts if part.loan)
    lowest, day = ledger_services.lowest_balance(loan.entries, CREDIT, min(change), change)
    if lowest < 0:
        raise ValidationError(
            f"Titipan {loan} sudah dikembalikan kepada peminjam; pada {format_day(day)} kurang"
            f" {format_rupiah(-lowest)}. Koreksi dulu bukti pengembaliannya."
        )


def _still_paid(loan: Loan, day: date) -> str:
    taken_back = loan.receipt_parts.filter(receipt__reverses__isnull=False, received_on__gt=day)
    opens_on = taken_back.order_by("received_on").values_list("received_on", flat=True).first()
    said = f"Pada {format_day(day)} pinjaman ini masih tercatat dibayar, jadi setoran ini melebihi pinjamannya."
    return f"{said} Bukti lamanya baru dikoreksi {format_day(opens_on)}: pakai tanggal itu." if opens_on else said


def check_may_undo(receipt: Receipt, by: User) -> None:
    """Raises ValidationError when the receipt's meeting is over: then the kecamatan takes it back.

    A meeting is open until its cash was counted. The kecamatan is whoever may correct old receipts of the village.
    """
    if not is_counted(receipt) or by.access_on(today()).may_in(Action.CORRECT_OLD, receipt.village):
        return
    raise ValidationError(
        "Kas pertemuan itu sudah dihitung, jadi bukti ini hanya dapat dikoreksi kecamatan."
        " Sampaikan nomor bukti dan alasannya kepada pengurus kecamatan."
    )


def is_counted(receipt: Receipt) -> bool:
    """Whether the cash of the receipt's meeting was counted since it was recorded."""
    return count_since(receipt) is not None


def count_since(receipt: Receipt) -> CashCount | None:
    """The first count of the cash of the receipt's meeting since it was recorded: the table's, of what a sheet brought
    in."""
    till = Till.FIELD if receipt.till == Till.FIELD else Till.CASH
    counts = CashCount.objects.filter(group=receipt.group_id, till=till, counted_on__gte=receipt.received_on)
    return counts.filter(counted_at__gt=receipt.recorded_at).order_by("counted_at", "pk").first()


def _check_reversible(receipt: Receipt) -> None:
    if receipt.is_reversal:
        raise ValidationError("Bukti koreksi tidak dapat dikoreksi lagi: catat setoran baru.")
    if earlier := Receipt.objects.filter(reverses=receipt).first():
        raise ValidationError(f"Bukti ini sudah dikoreksi dengan {earlier.number}.")


def check_borrower(borrower: Member | Poklak, on: date) -> None:
    """Raises ValidationError when she (or the poklak) does not belong to the group on the day."""
    gone_on = borrower.dissolved_on if isinstance(borrower, Poklak) else borrower.left_on
    if gone_on and gone_on <= on:
        raise ValidationError(f"{borrower} sudah keluar pada {format_day(gone_on)}.")
    if isinstance(borrower, Member) and on < borrower.joined_on:
        raise ValidationError(f"{borrower} baru menjadi anggota pada {format_day(borrower.joined_on)}.")
