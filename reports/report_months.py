"""The months that a report rests on: locked while it is out, opened again when it comes back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from enterprises.months import months_until
from loans.closing_services import grant_exception, reopen_month
from loans.ledger_services import lock_group
from loans.models import MonthClosing, MonthLock
from loans.month_services import closed_through
from reports.models import VillageReport
from reports.periods import Period, parse_period
from reports.snapshot import Snapshot
from up2k_portal.lib.dates import period_of
from villages.models import Group

DAYS_TO_MEND = 14  # that leave for a closed month lasts after a return


def groups_of(snapshot: Snapshot) -> list[Group]:
    keys = [row.group_id for row in snapshot.groups]
    return list(Group.objects.filter(pk__in=keys).select_related("village").order_by("pk"))


def lock_groups(keys: Iterable[int]) -> None:
    """Always in the order of their keys, and before any report's row."""
    for pk in sorted(keys):
        lock_group(pk)


def lock_months(snapshot: Snapshot, by: User) -> None:
    period = parse_period(snapshot.period)
    for group in groups_of(snapshot):
        if not MonthLock.objects.filter(group=group, last=period_of(period.last), lifted_at=None).exists():
            build_lock(group, period, by, timezone.now()).save()


def build_lock(group: Group, period: Period, by: User | None, at: datetime) -> MonthLock:
    """The lock of a group's months of a period, unsaved."""
    last = period_of(period.last)
    return MonthLock(
        village_id=group.village_id,
        group=group,
        first=months_until(last, period.months_count)[0],
        last=last,
        words=f"Laporan {period.name} sudah diajukan",
        locked_by=by,
        locked_at=at,
    )


def open_again(report: VillageReport, reason: str, by: User) -> None:
    """Lifts the locks and opens the months of the period again, of this village alone.

    Where later months are closed already, or the year's SHU is shared, opening would open those too: then whoever
    submitted gets leave for the months of the period instead.
    """
    period = parse_period(report.period)
    locks = MonthLock.objects.filter(
        group__in=[row["group_id"] for row in report.version.figures["groups"]],
        last=period_of(period.last),
        lifted_at=None,
    )
    for lock in locks.select_related("group__village").order_by("group"):
        lock.lifted_by, lock.lifted_at = by, timezone.now()
        lock.save()
        if not _reopened(lock, reason, by):
            _grant(lock, report, reason, by)


def _reopened(lock: MonthLock, reason: str, by: User) -> bool:
    group = lock_group(lock.group_id)
    if closed_through(group) > lock.last:
        return False
    try:
        with transaction.atomic():
            for closing in MonthClosing.objects.filter(
                group=group, reopened_at=None, period__range=(lock.first, lock.last)
            ).order_by("-period"):
                reopen_month(closing=closing, reason=reason, by=by)
    except ValidationError:
        return False
    return True


def _grant(lock: MonthLock, report: VillageReport, reason: str, by: User) -> None:
    """Leave is only for a person who still records money there; without one the kecamatan gives it by hand."""
    user = report.version.made_by
    if user is None or user == by:
        return
    until = timezone.now() + timedelta(days=DAYS_TO_MEND - 1)
    months = parse_period(report.period).months_count
    for month in months_until(lock.last, months):
        try:
            with transaction.atomic():
                grant_exception(
                    group=lock.group, period=month, user=user, expires_at=until, reason=reason, granted_by=by
                )
        except ValidationError:
            continue  # the month is open, or she serves there no longer
