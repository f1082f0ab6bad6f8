"""Recording a meeting with all who came: one transaction, one change in the history."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import User
from up2k_portal.lib.dates import format_day
from villages.models import Attendance, Group, Guest, Meeting, Member


@dataclass(frozen=True)
class Visitor:
    """A guest as told, not yet a row."""

    name: str
    institution: str = ""
    purpose: str = ""


@transaction.atomic
def record_meeting(*, meeting: Meeting, present: Iterable[Member], guests: Iterable[Visitor], by: User) -> Meeting:
    """Saves a new or changed meeting; `present` and `guests` are all who came, replacing what was recorded.

    Without a number of invited, all who were active members on the day count as invited.
    Raises ValidationError for members who were none on the day and for fewer invited than came.
    """
    Group.objects.select_for_update().get(pk=meeting.group_id)
    present, guests = list(present), list(guests)
    before = history.snapshot(Meeting.objects.get(pk=meeting.pk)) if meeting.pk else None
    _check_present(meeting, present)
    meeting.full_clean()
    meeting.save()
    _replace(meeting, present, guests)
    history.record(meeting, by=by, before=before)
    return meeting


def _check_present(meeting: Meeting, present: list[Member]) -> None:
    active = set(Member.objects.active_on(meeting.held_on).filter(group=meeting.group_id))
    if meeting.invited_count is None:
        meeting.invited_count = len(active)
    if strange := sorted(str(one) for one in set(present) - active):
        raise ValidationError(
            {
                "present": f"Bukan anggota aktif pada {format_day(meeting.held_on)}: {', '.join(strange)}. "
                "Hapus centangnya, atau perbaiki tanggal pertemuan."
            }
        )
    if meeting.invited_count < len(present):
        raise ValidationError(
            {"invited_count": f"Yang hadir {len(present)} anggota; yang diundang tidak mungkin lebih sedikit."}
        )


def _replace(meeting: Meeting, present: list[Member], guests: list[Visitor]) -> None:
    meeting.attendances.all().delete()
    meeting.guests.all().delete()
    facts = {"meeting": meeting, "village": meeting.village}
    Attendance.objects.bulk_create(Attendance(member=one, **facts) for one in present)
    Guest.objects.bulk_create(Guest(**asdict(one), **facts) for one in guests)
