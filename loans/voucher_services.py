"""Vouchers with a rule of their own: what the group owes may not be paid back twice. Whole rupiah.

What a person can mend raises ValidationError with an Indonesian sentence.
"""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from loans.chart import DEBT, TILLS
from loans.ledger_services import lock_group, lowest_debt, record_voucher
from loans.models import Voucher
from loans.models.vouchers import Nature, Source
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from villages.models import Group


@transaction.atomic
def return_capital(*, group: Group, on: date, amount: int, till: str, uuid: UUID, by: User, **facts) -> Voucher:
    """Pays back rupiah of borrowed or revolving capital out of a till.

    Refused beyond what the group owes to that source, for capital of that nature, on any day from `on`.
    """
    group = lock_group(group.pk)
    if not Voucher.objects.filter(uuid=uuid).exists():
        _check_owes(group, amount, on, facts["source"], facts["nature"])
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


def _check_owes(group: Group, amount: int, on: date, source: str, nature: str) -> None:
    owed = lowest_debt(group, on, source, nature)
    words = f"{Source(source).label}, {Nature(nature).label.lower()}"
    if owed <= 0:
        raise ValidationError(
            f"Pada {format_day(on)} kelompok tidak berutang modal dari sumber ini ({words}). Hibah dan swadaya tidak "
            "dikembalikan; catat dulu modal pinjamannya lewat Modal masuk."
        )
    if amount > owed:
        raise ValidationError(
            {"amount": f"Utang kepada sumber ini ({words}) tinggal {format_rupiah(owed)}. Paling banyak sebesar itu."}
        )
