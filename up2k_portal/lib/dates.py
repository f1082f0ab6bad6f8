"""The clock: business days are local days of Asia/Makassar. How days are written and typed stands in `days`."""

from datetime import date, datetime

from django.utils import timezone

from up2k_portal.lib import days
from up2k_portal.lib.days import format_day, format_day_short, format_month, period_of

__all__ = ["format_day", "format_day_short", "format_moment", "format_month", "parse_day", "period_of", "today"]


def today() -> date:
    """The local day; the only clock that views and services read."""
    return timezone.localdate()


def format_moment(moment: datetime) -> str:
    """24 September 2026, 10.42 WITA"""
    local = timezone.localtime(moment)
    return f"{format_day(local.date())}, {local:%H.%M} WITA"


def parse_day(text: str) -> date:
    """The day that a person typed, as `days.parse_day` reads it today."""
    return days.parse_day(text, today())
