"""The sheets that were written last, and how each stands: what the page where a sheet begins lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse

from loans.field.device_services import waiting_words
from loans.models import CashCount, Envelope, SheetDevice
from loans.models.receipts import Till
from loans.rules_services import rules_of
from up2k_portal.lib.dates import today
from villages.models import Group

SHOWN = 6
STILL_NEAR = timedelta(days=7)  # a meeting so long ago is still being entered


@dataclass(frozen=True)
class RecentSheet:
    """A sheet by its group and day: rows recorded, whether the table was counted since, which telephones wait."""

    group: Group
    on: date
    rows: int
    is_counted: bool
    waiting: str

    @property
    def url(self) -> str:
        return reverse("sheet", args=[self.group.pk, self.on])

    @property
    def state(self) -> tuple[str, str, str]:
        """Word, icon and colour."""
        if self.waiting:
            return "Menunggu HP", "clock", "warn"
        if self.is_counted:
            return "Uang sudah dihitung", "check", "ok quiet"
        return "Uang belum dihitung", "pen", "info"


def recent_sheets(groups: Iterable[Group]) -> list[RecentSheet]:
    """The sheets of the groups that were written last, the newest day first; a fixed number of queries."""
    known = {group.pk: group for group in groups}
    rows = Envelope.objects.filter(group__in=known).order_by().values("group", "on")
    is_money = Q(kind__in=(Envelope.Kind.ROW, Envelope.Kind.TOTAL))
    facts = {"rows": Count("pk", filter=is_money), "last": Max("pk"), "came": Max("received_at", filter=is_money)}
    found = list(rows.annotate(**facts).order_by("-on", "-last")[:SHOWN])
    days = {one["on"] for one in found}
    counts = CashCount.objects.filter(group__in=known, till=Till.FIELD, counted_on__gte=min(days)) if days else ()
    counted = [(one.group_id, one.counted_on, one.counted_at) for one in counts]
    waiting: dict[tuple[int, date], list[SheetDevice]] = {}
    for device in SheetDevice.objects.filter(group__in=known, on__in=days).select_related("user"):
        if device.is_waiting:
            waiting.setdefault((device.group_id, device.on), []).append(device)
    return [
        RecentSheet(
            group=known[one["group"]],
            on=one["on"],
            rows=one["rows"],
            # By a count of that meeting or of a later one, after all that came.
            is_counted=any(
                group == one["group"] and on >= one["on"] and one["came"] and at >= one["came"]
                for group, on, at in counted
            ),
            waiting=waiting_words(waiting.get((one["group"], one["on"]), ())),
        )
        for one in found
    ]


def proposed_day(groups: Iterable[Group], recent: Iterable[RecentSheet]) -> date:
    """The day that the form proposes: the sheet still being written, else the only group's meeting day of these days,
    else today."""
    now, groups = today(), list(groups)
    for sheet in recent:
        if not sheet.is_counted and now - STILL_NEAR <= sheet.on <= now:
            return sheet.on
    day = rules_of(groups[0]).due.due_day if len(groups) == 1 else None
    if day and now.day >= day and (now.day - day) <= STILL_NEAR.days:
        return now.replace(day=day)
    return now
