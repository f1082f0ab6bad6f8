"""Who was marked absent on the sheet of a day; the form of the meeting proposes its attendance from it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from loans.ledger_services import check_day
from loans.models import SheetAbsence
from villages.models import Group, Member


def mark_absent(*, member: Member, on: date, absent: bool, by: User) -> None:
    """Marks a member as absent on the sheet of a day, or takes the mark away; done twice it is done once.

    To be called under the group's lock. Raises ValidationError for a day to come, and for who is no member then.
    """
    standing = SheetAbsence.objects.filter(member=member, on=on, cancelled_at=None)
    if not absent:
        standing.update(cancelled_at=timezone.now())
        return
    check_day("on", on, earliest=member.joined_on)
    if member.left_on and on >= member.left_on:
        raise ValidationError({"member": f"{member} sudah keluar. Muat ulang lembarnya."})
    if not standing.exists():
        group_id, village_id = member.group_id, member.village_id
        SheetAbsence.objects.create(village_id=village_id, group_id=group_id, on=on, member=member, user=by)


def absent_on(group: Group, on: date) -> set[int]:
    """The keys of the members whom the sheet of the day marked absent."""
    rows = SheetAbsence.objects.filter(group=group, on=on, cancelled_at=None)
    return set(rows.order_by().values_list("member_id", flat=True))
