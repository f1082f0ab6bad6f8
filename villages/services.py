"""Verbs on members, their incomes and a group's officers that are more than saving one form."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import history
from accounts.models import User
from up2k_portal.lib.dates import format_day, today
from villages.models import Group, HouseholdIncome, Member, Officer


@transaction.atomic
def save_member(*, member: Member, by: User, income_at_joining: int | None = None) -> Member:
    """Saves a new or changed member; what her family earned a month when she joined is the first row of its income.

    The row follows a corrected joining day. None says nothing about the income and leaves what is recorded. Raises
    ValidationError for a joining day after a day on which she was already asked.
    """
    row = _income_at_joining(member)
    history.save(member, by=by)
    if member.left_on:
        _leave_offices(member, by)
    if earlier := member.incomes.filter(asked_on__lt=member.joined_on).exclude(pk=row and row.pk).first():
        asked = format_day(earlier.asked_on)
        raise ValidationError({"joined_on": f"Pendapatannya sudah ditanya pada {asked}, sebelum tanggal masuk ini."})
    if row is None and income_at_joining is not None:
        row = HouseholdIncome(village=member.village, member=member, asked_by=by.name, recorded_by=by)
    if row:
        row.member, row.asked_on = member, member.joined_on
        row.amount = row.amount if income_at_joining is None else income_at_joining
        history.save(row, by=by)
    return member


def _income_at_joining(member: Member) -> HouseholdIncome | None:
    """The row told on the joining day that is stored, which the member in hand may be about to change."""
    stored = Member.objects.filter(pk=member.pk).first()
    return stored and stored.incomes.filter(asked_on=stored.joined_on).first()


@transaction.atomic
def leave_group(*, member: Member, left_on: date, left_reason: str, by: User) -> Member:
    """Ends a membership, and with it her offices; the member and her records stay.

    Raises ValidationError for an impossible day.
    """
    if member.left_on:
        raise ValidationError(f"{member} sudah keluar pada {format_day(member.left_on)}.")
    if not member.joined_on <= left_on <= today():
        raise ValidationError(
            {"left_on": f"Tanggal keluar harus antara {format_day(member.joined_on)} dan {format_day(today())}."}
        )
    member.left_on, member.left_reason = left_on, left_reason
    _leave_offices(member, by)
    return history.save(member, by=by, reason=left_reason)


def _leave_offices(member: Member, by: User) -> None:
    for officer in member.terms.exclude(until__lte=member.left_on):
        if officer.since > member.left_on:
            office = officer.get_office_display().lower()
            raise ValidationError(
                {"left_on": f"Ia {office} sejak {format_day(officer.since)}: pakai tanggal itu atau sesudahnya."}
            )
        end_term(officer=officer, until=member.left_on, by=by, reason=member.left_reason)


@transaction.atomic
def appoint_officer(
    *,
    group: Group,
    office: str,
    since: date,
    by: User,
    member: Member | None = None,
    name: str = "",
    until: date | None = None,
) -> Officer:
    """Puts a member, or somebody by her name, into an office; whoever holds it ends her term the day before.

    With `until` it is a past term, and nobody's ends. Raises ValidationError for a day to come, for a member who left
    before its end, and where somebody else held the office in these days.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    if since > today():
        raise ValidationError({"since": f"Tanggal tidak boleh sesudah hari ini, {format_day(today())}."})
    officer = Officer(
        village=group.village, group=group, office=office, member=member, name=name, since=since, until=until
    )
    predecessor = group.officers.in_office(since).filter(office=office, since__lt=since).first()
    if predecessor and until is None:
        end_term(officer=predecessor, until=since - timedelta(days=1), by=by, reason="diganti")
    return history.save(officer, by=by)


def end_term(*, officer: Officer, until: date | None, by: User, reason: str = "") -> Officer:
    """Ends a term with its last day (None: it goes on). Raises ValidationError for a day before it began."""
    officer.until = until
    return history.save(officer, by=by, reason=reason)
