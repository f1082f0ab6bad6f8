"""Which months are closed. The verbs that close and reopen them stand in `closing_services`, above the ledger."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from loans.models import MonthClosing, MonthException
from up2k_portal.lib.dates import format_month, period_of
from villages.models import Group


def month_of(period: int) -> date:
    """The first day of the month 202609."""
    return date(period // 100, period % 100, 1)


def month_name(period: int) -> str:
    """September 2026"""
    return format_month(month_of(period))


def next_period(period: int) -> int:
    """202601 after 202512."""
    return period + 1 if period % 100 < 12 else period + 89


def closed_through(group: Group) -> int:
    """The latest closed month (202609), 0 when none is: months close in order, so all before it are closed too."""
    closings = MonthClosing.objects.filter(group=group, reopened_at=None).order_by()
    return closings.aggregate(last=Max("period"))["last"] or 0


def first_open_month(group: Group, on: date) -> date:
    """The day itself where its month is open, else the first day of the first open month."""
    last = closed_through(group)
    return on if period_of(on) > last else month_of(next_period(last))


def check_month_open(group: Group, on: date, by: User | None, *, field: str = "on") -> None:
    """Raises ValidationError at `field` when the day's month is closed and `by` holds no live exception from it.

    To be asked under the group's lock, which closing takes too.
    """
    last, period = closed_through(group), period_of(on)
    if period > last or _has_exception(group, period, by):
        return
    raise ValidationError(
        {
            field: f"Bulan {format_month(on)} sudah ditutup. Pakai tanggal mulai 1 {month_name(next_period(last))},"
            " atau minta izin kecamatan untuk bulan itu."
        }
    )


def _has_exception(group: Group, period: int, by: User | None) -> bool:
    if by is None:
        return False
    given = MonthException.objects.filter(group=group, period=period, user=by)
    return given.filter(expires_at__gt=timezone.now()).exists()
