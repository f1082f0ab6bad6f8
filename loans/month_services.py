"""Which months are closed. The verbs that close and reopen them stand in `closing_services`, above the ledger."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from enterprises.months import first_day, month_name, months_before
from loans.models import MonthClosing, MonthException
from up2k_portal.lib.dates import format_month, period_of
from villages.models import Group


def closed_through(group: Group) -> int:
    """The latest closed month (202609), 0 when none is: months close in order, so all before it are closed too."""
    closings = MonthClosing.objects.filter(group=group, reopened_at=None).order_by()
    return closings.aggregate(last=Max("period"))["last"] or 0


def first_open_month(group: Group, on: date) -> date:
    """The day itself where its month is open, else the first day of the first open month."""
    last = closed_through(group)
    return on if period_of(on) > last else first_day(months_before(last, -1))


def check_month_open(group: Group, on: date, by: User | None, *, field: str = "on") -> None:
    """Raises ValidationError at `field` when the day's month is closed and `by` holds no live exception from it.

    To be asked under the group's lock, which closing takes too.
    """
    last, period = closed_through(group), period_of(on)
    if period > last or _has_exception(group, period, by):
        return
    first_open = month_name(months_before(last, -1))
    raise ValidationError(
        {
            field: f"Bulan {format_month(on)} sudah ditutup. Pakai tanggal mulai 1 {first_open},"
            " atau minta izin kecamatan untuk bulan itu."
        }
    )


def _has_exception(group: Group, period: int, by: User | None) -> bool:
    if by is None:
        return False
    given = MonthException.objects.filter(group=group, period=period, user=by)
    return given.filter(expires_at__gt=timezone.now()).exists()
