"""The allowance for loan losses (1.3.9): what the quality of a group's loans asks for at a year's end, and the voucher
that brings the account there when the year is closed. Whole rupiah; by month it is told, not posted.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import accumulate
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.db.models import Count, Min, Q

from accounts.models import User
from loans.chart import ALLOWANCE, LOSSES
from loans.ledger_services import account_balance, record_voucher
from loans.models import Loan, Voucher
from loans.quality_services import Quality, quality_of
from up2k_portal.lib.dates import format_day
from villages.models import Group


def quality_of_group(group: Group, day: date) -> Quality:
    """The quality of all loans of a group at the end of the day; three queries."""
    return quality_of(Loan.objects.filter(group=group), day)


def set_aside(group: Group, day: date) -> int:
    """Rupiah of allowance in the books at the end of the day; below zero where write-offs took more than there was."""
    return -account_balance(group, ALLOWANCE, day)


def missing_allowance(group: Group, days: Iterable[date]) -> dict[date, int]:
    """Rupiah to be set aside on each of these days (oldest first) so that the books have what the loans ask for; below
    zero what is set free. A day counts with what the days before it post.
    """
    lent_from = Loan.objects.filter(group=group).aggregate(first=Min("disbursed_on"))["first"]
    found: dict[date, int] = {}
    for day in days:
        # Before the first loan there is no quality to ask for: a group may close its first fifteen years at once.
        asked = quality_of_group(group, day).allowance if lent_from and lent_from <= day else 0
        found[day] = asked - set_aside(group, day) - sum(found.values())
    return found


def post_allowance(group: Group, days: Iterable[date], by: User | None) -> list[Voucher]:
    """Posts on each of these days what is missing then, one voucher a day and none for nothing; under the group's lock.

    More is an expense of the day's year, less takes from its expenses.
    """
    return [
        record_voucher(**allowance_facts(group, day, amount, _key(group, day.year)), by=by)
        for day, amount in missing_allowance(group, days).items()
        if amount
    ]


def check_not_used(group: Group, vouchers: Iterable[Voucher]) -> None:
    """Raises ValidationError when without these vouchers of allowance less would be set aside than write-offs took.

    How a write-off was split between allowance and loss stands; so does what it rested on.
    """
    taken_back = {voucher.pk for voucher in vouchers}
    before, after = Counter[date](), Counter[date]()
    entries = group.entries.filter(Q(debit=ALLOWANCE) | Q(credit=ALLOWANCE))
    for day, credit, amount, voucher in entries.values_list("on", "credit", "amount", "voucher"):
        change = amount if credit == ALLOWANCE else -amount
        before[day] += change
        after[day] += 0 if voucher in taken_back else change
    days = sorted(before)
    stands = accumulate(before[day] for day in days)
    for day, was, left in zip(days, stands, accumulate(after[day] for day in days), strict=True):
        if left < min(was, 0):
            raise ValidationError(
                f"Cadangan kerugian yang dibukukan saat tutup tahun sudah dipakai untuk hapus buku {format_day(day)},"
                " jadi Desembernya tidak dapat dibuka lagi. Catat bukti yang tertinggal dengan izin mencatat di bulan"
                " tertutup."
            )


def allowance_facts(group: Group, day: date, amount: int, uuid: UUID) -> dict:
    """What the voucher says that sets rupiah aside at a year's end, or below zero sets them free."""
    debit, credit = (LOSSES, ALLOWANCE) if amount > 0 else (ALLOWANCE, LOSSES)
    return {
        "group": group,
        "kind": Voucher.Kind.ALLOWANCE,
        "on": day,
        "amount": abs(amount),
        "debit": debit,
        "credit": credit,
        "description": f"Penyisihan kerugian pinjaman tahun {day.year}",
        "uuid": uuid,
    }


def _key(group: Group, year: int) -> UUID:
    """Another one each time that a reopened year is closed again."""
    rows = group.vouchers.filter(kind=Voucher.Kind.ALLOWANCE, reverses=None, year=year)
    return uuid5(NAMESPACE_URL, f"up2k penyisihan {group.pk} {year} {rows.aggregate(n=Count('pk'))['n']}")
