"""Which telephones have the sheet of a day, and whether rows of it still sit in them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from enterprises.months import first_day, last_day
from loans.models import SheetDevice
from villages.models import Group

MOST_WAITING = 100_000


@transaction.atomic
def tell(*, group: Group, on: date, device: UUID, user: User, waiting: int, is_along: bool) -> None:
    """Keeps what a telephone tells of its own queue: how many rows of the sheet wait, and whether it was taken along.

    A telephone that tells of nothing and was never known leaves no row.
    """
    now = timezone.now()
    facts = {"user": user, "told_at": now, "waiting": min(waiting, MOST_WAITING), "is_along": is_along}
    rows = SheetDevice.objects.filter(group=group, on=on, device=device)
    if not rows.update(**facts) and (waiting or is_along):
        first = {"village_id": group.village_id, "opened_at": now}
        SheetDevice.objects.update_or_create(
            group=group, on=on, device=device, defaults=facts, create_defaults=facts | first
        )


def waiting_devices(group: Group, on: date) -> list[SheetDevice]:
    """The telephones in which rows of the day's sheet may still sit."""
    return _waiting(SheetDevice.objects.filter(group=group, on=on))


def waiting_in_month(group: Group, period: int) -> list[SheetDevice]:
    """The telephones in which rows of a month (202609) may still sit."""
    return _waiting(SheetDevice.objects.filter(group=group, on__range=(first_day(period), last_day(period))))


def _waiting(rows: QuerySet[SheetDevice]) -> list[SheetDevice]:
    return [row for row in rows.select_related("user") if row.is_waiting]


def waiting_words(devices: Iterable[SheetDevice]) -> str:
    """ "menunggu 1 HP: Rahmah (3 baris)"; "" when none is."""
    found = list(devices)
    if not found:
        return ""
    who = ", ".join(f"{one.user} ({one.waiting} baris)" if one.waiting else f"{one.user} (dibawa)" for one in found)
    return f"menunggu {len(found)} HP: {who}"
