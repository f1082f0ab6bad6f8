"""Which months are closed. The verbs that close and reopen them stand in `closing_services`, above the ledger."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from enterprises.months import first_day, month_name, months_before
from loans.models import MonthClosing, MonthException, MonthLock, Opening
from up2k_portal.lib.dates import format_day, format_month, period_of
from villages.models import Group


def closed_through(group: Group) -> int:
    """The latest closed month (202609), 0 when none is: months close in order, so all before it are closed too."""
    closings = MonthClosing.objects.filter(group=group, reopened_at=None).order_by()
    return closings.aggregate(last=Max("period"))["last"] or 0


def closing_of(group: Group, period: int) -> MonthClosing | None:
    """The closing in force that closed a month: its own, or the first one after it, which closed all before."""
    rows = MonthClosing.objects.filter(group=group, period__gte=period, reopened_at=None)
    return rows.order_by("period").first()


def first_open_month(group: Group, on: date) -> date:
    """The day itself where its month is open, else the first day of the first open month."""
    last = closed_through(group)
    return on if period_of(on) > last else first_day(months_before(last, -1))


def check_month_open(group: Group, on: date, by: User | None, *, field: str = "on") -> None:
    """Raises ValidationError at `field` when the day lies before the books began, when its month is closed and `by`
    holds no live exception from it, or when a report that is out rests on the month.

    To be asked under the group's lock, which closing takes too.
    """
    if opening := Opening.objects.filter(group=group, opened_at__isnull=False, on__gt=on).first():
        raise ValidationError(
            {field: f"Buku kelompok ini mulai {format_day(opening.on)}. Pakai tanggal itu atau sesudahnya."}
        )
    if sentence := why_closed(group, on, by):
        raise ValidationError({field: sentence})


def why_closed(group: Group, on: date, by: User | None) -> str:
    """Why nothing is dated on the day any more, and whom to ask, as an Indonesian sentence; "" while it can be.

    The month is closed and `by` holds no live exception, or a report that is out rests on it.
    """
    closing = closing_of(group, period_of(on))
    # A group without entries closed nothing: a report that is out locks its months all the same.
    if closing is None or _has_exception(closing, period_of(on), by):
        lock = lock_on(group, [period_of(on)])
        return _lock_words(lock) if lock else ""
    first_open = month_name(months_before(closed_through(group), -1))
    return (
        f"Bulan {format_month(on)} sudah ditutup. Pakai tanggal mulai 1 {first_open},"
        " atau minta izin kecamatan untuk bulan itu."
    )


def check_not_locked(group: Group, periods: list[int], *, field: str = "") -> None:
    """Raises ValidationError, at `field` if given, when a report that is out rests on one of the months (202609)."""
    if not (lock := lock_on(group, periods)):
        return
    raise ValidationError({field: _lock_words(lock)} if field else _lock_words(lock))


def _lock_words(lock: MonthLock) -> str:
    who = f" oleh {lock.locked_by}" if lock.locked_by else ""
    return (
        f"{lock.words}{who} pada {format_day(timezone.localtime(lock.locked_at).date())}, jadi bulannya terkunci."
        " Minta kecamatan mengembalikan laporan itu, atau catat di bulan yang masih terbuka."
    )


def lock_on(group: Group, periods: list[int]) -> MonthLock | None:
    """The lock in force over one of the months, the latest of several."""
    if not periods:
        return None
    rows = MonthLock.objects.filter(group=group, lifted_at=None).select_related("locked_by")
    return rows.filter(first__lte=max(periods), last__gte=min(periods)).order_by("-last").first()


def _has_exception(closing: MonthClosing, period: int, by: User | None) -> bool:
    """Whether the person was let into the month since that closing: one of an earlier closing ended with it."""
    if by is None:
        return False
    given = MonthException.objects.filter(group=closing.group_id, period=period, user=by)
    return given.filter(expires_at__gt=timezone.now(), granted_at__gte=closing.closed_at).exists()
