"""Verbs on members and groups that are more than saving one form."""

from datetime import date

from django.core.exceptions import ValidationError

from accounts import history
from accounts.models import User
from up2k_portal.lib.dates import format_day, today
from villages.models import Member


def leave_group(*, member: Member, left_on: date, left_reason: str, by: User) -> Member:
    """Ends a membership; the member and her records stay. Raises ValidationError for an impossible day."""
    if member.left_on:
        raise ValidationError(f"{member} sudah keluar pada {format_day(member.left_on)}.")
    if not member.joined_on <= left_on <= today():
        raise ValidationError(
            {"left_on": f"Tanggal keluar harus antara {format_day(member.joined_on)} dan {format_day(today())}."}
        )
    member.left_on, member.left_reason = left_on, left_reason
    return history.save(member, by=by, reason=left_reason)
