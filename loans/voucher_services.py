"""Vouchers with a rule of their own: what the group owes may not be paid back twice. Whole rupiah.

What a person can mend raises ValidationError with an Indonesian sentence.
"""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from loans.chart import DEBT, TILLS
from loans.ledger_services import lock_group, lowest_balance, record_voucher, reverse_voucher
from loans.models import Voucher
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Group


@transaction.atomic
def return_capital(*, group: Group, on: date, amount: int, till: str, uuid: UUID, by: User, **facts) -> Voucher:
    """Pays back borrowed or revolving capital out of a till; never more than the group owes on any day from `on`."""
    group = lock_group(group.pk)
    if not group.vouchers.filter(uuid=uuid).exists():
        _check_owes(group, amount, on)
    return record_voucher(
        group=group,
        kind=Voucher.Kind.CAPITAL_BACK,
        on=on,
        amount=amount,
        debit=DEBT,
        credit=TILLS[till],
        till=till,
        uuid=uuid,
        by=by,
        **facts,
    )


@transaction.atomic
def take_back(*, voucher: Voucher, reason: str, reversed_on: date, by: User, uuid: UUID) -> Voucher:
    """Reverses a voucher; borrowed capital only while it was not paid back."""
    group = lock_group(voucher.group_id)
    brought_debt = voucher.entries.filter(credit=DEBT).exists()
    if brought_debt and not voucher.is_reversal and not group.vouchers.filter(reverses=voucher).exists():
        left = lowest_debt(group, reversed_on)
        if left < voucher.amount:
            raise ValidationError(
                f"Modal ini sudah dikembalikan sebagian: utang kelompok tinggal {format_rupiah(left)}, bukti ini "
                f"{format_rupiah(voucher.amount)}. Koreksi dulu bukti pengembaliannya."
            )
    return reverse_voucher(voucher=voucher, reason=reason, reversed_on=reversed_on, by=by, uuid=uuid)


def lowest_debt(group: Group, since: date) -> int:
    """Rupiah that the group owes at the end of `since`, or of the later day on which it owes least."""
    return lowest_balance(group.entries, DEBT, since)[0]


def _check_owes(group: Group, amount: int, on: date) -> None:
    owed = lowest_debt(group, on)
    if owed <= 0:
        raise ValidationError(
            f"Pada {format_day(on)} kelompok tidak berutang modal. Hibah dan swadaya tidak dikembalikan; "
            "catat dulu modal pinjamannya lewat Modal masuk."
        )
    if amount > owed:
        raise ValidationError(
            {"amount": f"Utang kelompok tinggal {format_rupiah(owed)}. Paling banyak sebesar itu yang dikembalikan."}
        )
