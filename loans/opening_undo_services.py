"""Taking the opening of a group's books back while nothing rests on it yet: all its vouchers, or none.

As with any voucher, the originals stay and each gets its mirror under a number of its own, on the cut-off day: no
balance in between counts money that never was. The loans stay too, as withdrawn ones without a schedule in force. The
figures become a draft again, under new keys, so that they can be put right and opened anew.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans import postings
from loans.ledger_services import lock_group, next_serial, same_sending
from loans.models import CashCount, Entry, Instalment, Loan, Opening, OpeningLine, Penalty, Reschedule, Voucher
from loans.month_services import closed_through
from loans.opening_services import SERIES
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.reasons import check_reason
from villages.models import Group


@transaction.atomic
def take_back_opening(*, group: Group, reason: str, by: User, uuid: UUID) -> Opening:
    """ "Batalkan pembukaan": refused once anything else was recorded in the group. The same UUID does it once."""
    group = lock_group(group.pk)
    draft = Opening.objects.filter(group=group).first()
    if sent := Voucher.objects.filter(uuid=uuid).first():
        content = (sent.group_id, sent.kind, sent.reason, sent.recorded_by)
        same_sending(sent, content == (group.pk, Voucher.Kind.OPENING, reason, by))
        return Opening.objects.get(group=group)
    if draft is None or not draft.opened_at:
        raise ValidationError("Buku kelompok ini belum dibuka, jadi tidak ada yang dibatalkan.")
    check_reason(reason, example="angka bank salah baca")
    lines = list(
        draft.lines.select_related("voucher__group", "voucher__member", "voucher__loan", "loan").order_by("pk")
    )
    check_nothing_rests_on(group, [line.loan for line in lines if line.loan])
    _mirror(group, [line.voucher for line in lines if line.voucher], draft.on, reason, by, uuid)
    for line in lines:
        if line.loan:
            _withdraw(line.loan, reason, by)
        line.voucher = line.loan = None
        line.uuid = uuid4()
    OpeningLine.objects.bulk_update(lines, ["voucher", "loan", "uuid"])
    draft.opened_at = draft.opened_by = None
    return history.save(draft, by=by, reason=reason)


def check_nothing_rests_on(group: Group, loans: Sequence[Loan]) -> None:
    """Raises ValidationError when something besides the opening was recorded."""
    other = Entry.objects.filter(group=group).exclude(kind=Voucher.Kind.OPENING).order_by("on").first()
    counted = CashCount.objects.filter(group=group).order_by("counted_on").first()
    changed = any(model.objects.filter(loan__in=loans).exists() for model in (Penalty, Reschedule))
    said = ""
    if closed_through(group):
        said = "bulannya sudah ada yang ditutup"
    elif other:
        said = f"uang sudah dicatat pada {format_day(other.on)}"
    elif counted:
        said = f"kas sudah dihitung pada {format_day(counted.counted_on)}"
    elif changed:
        said = "jadwal atau denda pinjamannya sudah diubah"
    if said:
        raise ValidationError(
            f"Pembukaan buku tidak dapat dibatalkan lagi: {said}. Betulkan angka yang salah dengan bukti biasa."
        )


def _mirror(group: Group, posted: Sequence[Voucher], on: date, reason: str, by: User, uuid: UUID) -> None:
    """Every voucher taken back; the first under the key that was sent, the others under its own."""
    first, now = next_serial(group.vouchers.filter(series=SERIES), on), timezone.now()
    entries_of = defaultdict(list)
    for entry in Entry.objects.filter(voucher__in=posted).select_related("loan", "member"):
        entries_of[entry.voucher_id].append(entry)
    vouchers, entries = [], []
    for at, one in enumerate(posted):
        voucher, rows = postings.build_voucher_reversal(
            voucher=one,
            entries=entries_of[one.pk],
            on=on,
            reason=reason,
            serial=first + at,
            uuid=uuid5(uuid, str(at)) if at else uuid,
            by=by,
            recorded_at=now,
        )
        voucher.village = group.village  # read once, for the history of all
        vouchers.append(voucher)
        entries += rows
    Voucher.objects.bulk_create(vouchers)
    history.record_many(vouchers, by=by)
    Entry.objects.bulk_create(entries)


def _withdraw(loan: Loan, reason: str, by: User) -> None:
    """The loan was never in the books; its schedule was in force on no day."""
    rows = list(loan.instalments.in_force())
    for row in rows:
        row.valid_until = row.valid_from
    Instalment.objects.bulk_update(rows, ["valid_until"])
    loan.status = Loan.Status.WITHDRAWN
    loan.disbursed_on = loan.opened_on = None
    loan.opening_principal_paid = loan.opening_service_fee_paid = 0
    loan.decision_note = f"pembukaan buku dibatalkan: {reason}"[:300]
    history.save(loan, by=by, reason=reason)
