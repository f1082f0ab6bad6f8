"""Opening a group's books with the figures of its old one: drafts, then all of them posted at once. Whole rupiah.

While it is a draft every figure may be changed and taken out; nothing of it is money. Opened, it stands: its vouchers
are append-only as all others are, and payments, dues and arrears rest on its loans. The whole of it can be taken back
only while nothing else was recorded (`opening_undo_services`). What turns out wrong later is put right by what every
day has for it, with its own number and reason: income, expense or capital, a deposit or withdrawal, a payment.

What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.attachments.models import Attachment
from accounts.attachments.services import remove_file
from accounts.models import User
from loans import builders, opening, postings
from loans.ledger_services import check_day, lock_group, next_loan_number, next_serial, same_sending
from loans.models import Entry, Instalment, Loan, Opening, OpeningLine, Voucher
from loans.month_services import closed_through
from loans.schedule import Row, ScheduleError
from loans.services import rules_of
from up2k_portal.lib.dates import format_day, format_moment
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.money import format_rupiah
from villages.models import Group, Member, Poklak

Kind = OpeningLine.Kind
Whose = tuple[str, int | None]  # kind and the member's key, None of a figure that the book has once
RELATED = ("member", "poklak", "product", "voucher", "loan")
SERIES = "J"  # no cash moved on the cut-off day: it lay there already
PHOTO_REASON = "angka saldo awal ini dihapus"
# What tells one loan or one giver from another.
SAME_LOAN = ("member_id", "poklak_id", "product_id", "disbursed_on", "principal")
SAME_CAPITAL = ("source", "nature", "note")
TYPED = ("kind", "amount", *SAME_LOAN, *SAME_CAPITAL, "purpose")


@transaction.atomic
def start_opening(*, group: Group, on: date, by: User) -> Opening:
    """Begins a draft with its cut-off day, or moves the day of one that is not opened yet."""
    group = lock_group(group.pk)
    draft = Opening.objects.filter(group=group).first()
    if draft:
        _check_is_draft(draft)
    else:
        draft = Opening(village_id=group.village_id, group=group, started_by=by)
    check_cut_off(group, on)
    draft.on = on
    return history.save(draft, by=by)


@transaction.atomic
def save_amounts(*, opening: Opening, amounts: Mapping[Whose, int], by: User) -> list[OpeningLine]:
    """Sets figures that the book has once, or once a member: rupiah by kind and member's key (None: the group's own).

    An amount of 0 takes the figure out; what is not named stays. Returns the lines that changed or came.
    """
    draft = _lock_draft(opening)
    members = _members_of(draft, {key for _, key in amounts if key is not None})
    lines = draft.lines.exclude(kind__in=(Kind.LOAN, Kind.CAPITAL)).select_related("member", "village__district")
    there = {(line.kind, line.member_id): line for line in lines}
    before, new, changed = {}, [], []
    for (kind, key), amount in amounts.items():
        member = members[key] if key is not None else None
        _check_amount(kind, amount, member)
        line = there.get((kind, key))
        if not amount:
            if line:
                _take_out(line, by)
        elif line is None:
            _check_saver(member, draft.on)
            new.append(OpeningLine(village=draft.village, opening=draft, kind=kind, member=member, amount=amount))
        elif line.amount != amount:
            before[line.pk] = history.snapshot(line)
            line.amount, line.changed_at = amount, timezone.now()
            changed.append(line)
    OpeningLine.objects.bulk_create(new)
    OpeningLine.objects.bulk_update(changed, ["amount", "changed_at"])
    history.record_many([*new, *changed], by=by, before=before)
    return [*new, *changed]


@transaction.atomic
def save_line(*, line: OpeningLine, by: User) -> OpeningLine:
    """Keeps one figure of a draft, new or changed. Of a loan without `service_fee_left` it is what the schedule says.

    The same UUID with the same content is the same figure; with other content it is refused.
    """
    line.opening = draft = _lock_draft(line.opening)
    if line._state.adding and (sent := OpeningLine.objects.filter(uuid=line.uuid).first()):
        return same_sending(sent, all(getattr(sent, name) == getattr(line, name) for name in TYPED))
    line.village_id, line.changed_at = draft.village_id, timezone.now()
    check_line(line)
    return history.save(line, by=by)


@transaction.atomic
def remove_line(*, line: OpeningLine, by: User) -> Opening:
    """Takes a figure out of a draft, with its photos. Done twice it is done once."""
    draft = _lock_draft(line.opening)
    if found := draft.lines.filter(pk=line.pk).first():
        _take_out(found, by)
    return draft


@transaction.atomic
def open_books(*, group: Group, by: User) -> Opening:
    """ "Buka buku": posts every figure of the draft on the cut-off day and makes its loans; all or nothing.

    Refused while both sides differ, while a figure cannot be, and where the group recorded money by that day or
    closed a month. Done again by the same person it is done once.
    """
    group = lock_group(group.pk)
    draft = Opening.objects.filter(group=group).select_related("opened_by").first()
    if draft is None:
        raise ValidationError("Saldo awal kelompok ini belum diisi. Mulai dengan tanggal awal bukunya.")
    if draft.opened_at and draft.opened_by == by:
        return draft
    _check_is_draft(draft)
    draft.group = group
    lines = list(draft.lines.select_related(*RELATED).order_by("pk"))
    check_cut_off(group, draft.on)
    _check_may_open(draft, lines)
    _make_loans(lines, by)
    _post(draft, lines, by)
    OpeningLine.objects.bulk_update(lines, ["voucher", "loan"])
    draft.opened_at, draft.opened_by = timezone.now(), by
    return history.save(draft, by=by)


def check_cut_off(group: Group, on: date) -> None:
    """Raises ValidationError at `on` for a day on which the books cannot begin.

    Every receipt and voucher has its entries, so these alone tell whether money was recorded.
    """
    check_day("on", on, earliest=group.founded_on)
    if closed_through(group):
        raise ValidationError({"on": "Kelompok ini sudah menutup bulan, jadi bukunya sudah berjalan."})
    recorded = Entry.objects.filter(group=group, on__lte=on).exclude(kind=Voucher.Kind.OPENING)  # one taken back
    if first := recorded.order_by("on").values_list("on", flat=True).first():
        raise ValidationError(
            {
                "on": f"Kelompok ini sudah mencatat uang pada {format_day(first)}."
                " Saldo awal harus sebelum catatan pertama: pakai tanggal sebelum itu."
            }
        )


def check_line(line: OpeningLine) -> None:
    """Raises ValidationError for a figure that cannot be in the old book at the end of the cut-off day."""
    member = line.member if line.kind in OpeningLine.OF_MEMBER else None
    _check_amount(line.kind, line.amount, member)
    if line.kind in OpeningLine.OF_MEMBER:
        if member is None or member.group_id != line.opening.group_id:
            raise ValidationError({"member": "Anggota ini dari kelompok lain. Pilih anggota kelompok ini."})
        _check_saver(member, line.opening.on)
    elif line.kind == Kind.LOAN:
        _check_loan(line)
        _check_once(line, SAME_LOAN, "Pinjaman yang sama sudah ada. Ubah angka yang ada, atau periksa tanggal cairnya.")
    elif line.kind == Kind.CAPITAL:
        if not (line.source and line.nature):
            raise ValidationError({"source": "Pilih sumber dan sifat modalnya."})
        said = "Modal dari sumber dan sifat ini sudah ada. Ubah angka yang ada, atau tulis halaman bukunya."
        _check_once(line, SAME_CAPITAL, said)


def plan_of(line: OpeningLine) -> tuple[Row, ...]:
    """The schedule of a running loan by its product's terms. Raises ValidationError where there is none."""
    rules = rules_of(line.opening.group)
    try:
        return builders.plan_loan(_loan_of(line, number=""), line.disbursed_on, rules)
    except ScheduleError as error:
        raise ValidationError({"principal": str(error)}) from error


def _check_loan(line: OpeningLine) -> None:
    draft, borrower = line.opening, line.borrower
    if borrower is None or borrower.group_id != draft.group_id:
        raise ValidationError({"member": "Peminjam ini dari kelompok lain. Pilih anggota atau poklak kelompok ini."})
    if line.product is None or line.product.group_id != draft.group_id:
        raise ValidationError({"product": "Produk ini dari kelompok lain. Pilih produk kelompok ini."})
    if line.disbursed_on > draft.on:
        raise ValidationError(
            {
                "disbursed_on": f"Tanggal cair sesudah tanggal awal buku, {format_day(draft.on)}."
                " Pinjaman yang cair sesudahnya dicatat lewat Ajukan pinjaman."
            }
        )
    _check_borrower(borrower, line.disbursed_on)
    if line.amount > line.principal:
        raise ValidationError(
            {
                "amount": f"Sisa pokok {format_rupiah(line.amount)} melebihi"
                f" pokok semula {format_rupiah(line.principal)}."
            }
        )
    rows = plan_of(line)
    fees = sum(row.service_fee for row in rows)
    if line.service_fee_left is None:
        line.service_fee_left = opening.fee_left(rows, line.amount)
    if line.service_fee_left > fees:
        raise ValidationError(
            {
                "service_fee_left": f"Sisa jasa {format_rupiah(line.service_fee_left)} melebihi jasa seluruhnya"
                f" menurut jadwal produk, {format_rupiah(fees)}."
            }
        )


def _check_borrower(borrower: Member | Poklak, on: date) -> None:
    gone_on = borrower.dissolved_on if isinstance(borrower, Poklak) else borrower.left_on
    if gone_on and gone_on <= on:
        raise ValidationError(
            {"disbursed_on": f"{borrower} sudah keluar pada {format_day(gone_on)}. Periksa tanggal cairnya."}
        )
    if isinstance(borrower, Member) and on < borrower.joined_on:
        joined = format_day(borrower.joined_on)
        raise ValidationError(
            {"disbursed_on": f"{borrower} baru menjadi anggota pada {joined}. Betulkan dulu tanggal masuknya."}
        )


def _check_saver(member: Member | None, on: date) -> None:
    if member is None:
        return
    if member.left_on and member.left_on <= on:
        raise ValidationError(
            f"{member} sudah keluar pada {format_day(member.left_on)}, jadi tanpa simpanan pada tanggal awal buku."
        )
    if on < member.joined_on:
        raise ValidationError(
            f"{member} baru menjadi anggota pada {format_day(member.joined_on)}, sesudah tanggal awal buku."
        )


def _check_once(line: OpeningLine, names: Sequence[str], said: str) -> None:
    same = line.opening.lines.filter(kind=line.kind, **{name: getattr(line, name) for name in names})
    if same.exclude(pk=line.pk).exists():
        raise ValidationError(said)


def _check_amount(kind: str, amount: int, member: Member | None) -> None:
    if not 0 <= amount <= MAX_RUPIAH:
        words = f"{Kind(kind).label} {member or ''}".strip()
        raise ValidationError(f"{words}: jumlah harus Rp0 sampai {format_rupiah(MAX_RUPIAH)}.")


def _check_may_open(draft: Opening, lines: Sequence[OpeningLine]) -> None:
    if not lines:
        raise ValidationError("Belum ada angka saldo awal. Isi dulu angka-angka dari buku lama.")
    figures = [line.figure for line in lines]
    if difference := opening.totals(figures).difference:
        raise ValidationError(f"{opening.difference_words(difference)} {opening.what_to_look_for(figures)}")
    faults = []
    for line in lines:
        line.opening = draft
        try:
            check_line(line)
        except ValidationError as error:
            faults += [f"{line}: {message}" for message in error.messages]
    if faults:
        raise ValidationError(faults)


def _make_loans(lines: Sequence[OpeningLine], by: User) -> None:
    """The loans that were running, each with its whole schedule and what was paid of it; their money left long ago."""
    running = [line for line in lines if line.kind == Kind.LOAN]
    for line in sorted(running, key=lambda line: (line.disbursed_on, line.pk)):
        loan = _loan_of(line, number=next_loan_number(line.opening.group, line.disbursed_on))
        rules = rules_of(line.opening.group)
        rows = builders.build_disbursement(loan=loan, disbursed_on=line.disbursed_on, by=None, rules=rules)
        loan.opened_on = line.opening.on
        loan.opening_principal_paid = line.principal - line.amount
        loan.opening_service_fee_paid = sum(row.service_fee for row in rows) - line.service_fee_left
        history.save(loan, by=by)
        Instalment.objects.bulk_create(rows)
        line.loan = loan


def _loan_of(line: OpeningLine, number: str) -> Loan:
    """The loan as it was agreed on. Who proposed and decided it then, the portal does not know; the history tells
    who entered it.
    """
    product, borrower = line.product, line.borrower
    if product is None or borrower is None:
        raise ValueError(f"{line} is no loan")
    loan = builders.build_loan(
        product=product,
        borrower=borrower,
        principal=line.principal,
        purpose=line.purpose,
        proposed_on=line.disbursed_on,
        number=number,
        uuid=uuid5(line.uuid, "loan"),
        by=None,
    )
    loan.approved_amount = line.principal
    loan.decided_on = line.disbursed_on
    loan.decision_note = "berjalan sebelum buku di portal dibuka"
    return loan


def _post(draft: Opening, lines: Sequence[OpeningLine], by: User) -> None:
    """A voucher a figure, under its own number, with its entry between the figure's account and 3.9."""
    first = next_serial(draft.group.vouchers.filter(series=SERIES), draft.on)
    vouchers, entries, now = [], [], timezone.now()
    for serial, line in enumerate(lines, first):
        debit, credit, amount = opening.posting(*line.figure)
        line.voucher, rows = postings.build_voucher(
            group=draft.group,
            kind=Voucher.Kind.OPENING,
            on=draft.on,
            amount=amount,
            series=SERIES,
            serial=serial,
            debit=debit,
            credit=credit,
            description=description_of(line),
            by=by,
            recorded_at=now,
            uuid=voucher_key(line),
            party=line.whose[:100],
            member=line.member,
            loan=line.loan,
            source=line.source,
            nature=line.nature,
            form="uang" if line.kind == Kind.CAPITAL else "",
        )
        line.voucher.village = draft.group.village  # read once, for the history of all
        vouchers.append(line.voucher)
        entries += rows
    Voucher.objects.bulk_create(vouchers)
    history.record_many(vouchers, by=by)
    Entry.objects.bulk_create(entries)


def voucher_key(line: OpeningLine) -> UUID:
    """The key follows from the figure's: one figure, one voucher."""
    return uuid5(line.uuid, "opening")


def description_of(line: OpeningLine) -> str:
    """Saldo awal: Kas, Buku Kas hal. 12"""
    return f"Saldo awal: {line.get_kind_display()}" + (f", {line.note}" if line.note else "")


def _take_out(line: OpeningLine, by: User) -> None:
    for photo in Attachment.objects.of(line).present():
        remove_file(attachment=photo, reason=PHOTO_REASON, by=by)
    line.delete()


def _lock_draft(draft: Opening) -> Opening:
    """The opening as it is now, under its group's lock; refused once it was opened."""
    group = lock_group(draft.group_id)
    draft = Opening.objects.select_related("opened_by").get(pk=draft.pk)
    _check_is_draft(draft)
    draft.group = group
    return draft


def _check_is_draft(draft: Opening) -> None:
    if draft.opened_at:
        raise ValidationError(
            f"Buku kelompok ini sudah dibuka {format_moment(draft.opened_at)} oleh {draft.opened_by},"
            " jadi saldo awalnya tidak dapat diubah lagi."
        )


def _members_of(draft: Opening, keys: set[int]) -> dict[int, Member]:
    found = Member.objects.filter(group=draft.group_id).in_bulk(keys)
    if keys - found.keys():
        raise ValidationError("Ada anggota dari kelompok lain. Muat ulang halaman, lalu isi lagi.")
    return found
