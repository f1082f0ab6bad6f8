""" "Hitung uang di meja": what a sheet brought in is counted note by note and handed in to the group's box.

One voucher moves what the book says lies with the officer; a difference is explained and posted beside it, so that the
box holds what was counted. Whole rupiah; what a person can mend raises ValidationError, an Indonesian sentence.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import User
from loans.chart import CASH, FIELD_CASH
from loans.closing_builders import build_cash_count, difference_facts
from loans.closing_services import check_explained, count_pieces
from loans.ledger_services import check_on, in_field, lock_group, record_voucher, same_sending
from loans.models import CashCount, Voucher
from loans.models.months import DENOMINATIONS
from loans.models.receipts import Till
from up2k_portal.lib.dates import format_day
from villages.models import Group, Meeting

NOTHING = (
    "Tidak ada uang di petugas sampai {day}: semuanya sudah disetor ke kas. Bila hitungannya keliru, hitung kas"
    " kelompok di halaman Tutup bulan."
)


@transaction.atomic
def count_table(
    *,
    group: Group,
    on: date,
    pieces: Mapping[str, int],
    explanation: str,
    uuid: UUID,
    by: User,
    meeting: Meeting | None = None,
) -> tuple[CashCount, Voucher]:
    """Counts the field's cash up to a day and hands it in to the box; the count, and the voucher of the handing in.

    What left the officer on a later day already is not handed in again.

    A difference between the table and the book needs an explanation and is posted by a voucher of its own. Nothing
    lies with an officer: nothing is counted. The same UUID with the same content is the same count.
    """
    group = lock_group(group.pk)
    full = {str(one): pieces.get(str(one), 0) for one in DENOMINATIONS} | dict(pieces)
    if sent := CashCount.objects.filter(uuid=uuid).first():
        content = (sent.group_id, sent.till, sent.counted_on, sent.pieces, sent.explanation, sent.counted_by)
        same_sending(sent, content == (group.pk, Till.FIELD, on, full, explanation, by))
        return sent, Voucher.objects.get(uuid=uuid5(uuid, "setoran"))
    count_pieces(full)
    check_on(group, on, by, field="counted_on")
    booked = in_field(group, on)
    if not booked:
        raise ValidationError({"pieces": NOTHING.format(day=format_day(on))})
    count = build_cash_count(group=group, counted_on=on, pieces=full, booked=booked, by=by, till=Till.FIELD)
    check_explained(count.difference, explanation)
    count.meeting, count.explanation, count.uuid = meeting, explanation, uuid
    handed_in = record_voucher(**_handed_in(count), by=by)
    if count.difference:
        count.voucher = record_voucher(**difference_facts(count), by=by)
    return history.save(count, by=by), handed_in


def _handed_in(count: CashCount) -> dict[str, Any]:
    """What the voucher says; its key follows from the count's: one count, one voucher."""
    return {
        "group": count.group,
        "kind": Voucher.Kind.FIELD_IN,
        "on": count.counted_on,
        "amount": count.booked,
        "debit": CASH,
        "credit": FIELD_CASH,
        "till": Till.FIELD,
        "description": "Setoran kas petugas sesudah uang di meja dihitung",
        "party": count.counted_by.name[:100] if count.counted_by else "",
        "uuid": uuid5(count.uuid, "setoran"),
    }
