"""The surplus (SHU) of a year as verbs: its scheme, the draft, the members' meeting's approval. Rupiah.

Who drafts or changes the rule is not who confirms what the meeting decided: another person who records money, or the
kecamatan. Approved posts leave 3.5 for what is still to be paid (2.3, 2.4) and the reserve (3.4); the payments are
`surplus_payment_services`. What a person can mend raises ValidationError with an Indonesian sentence.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import history
from accounts.models import User
from loans.chart import CHART, SURPLUS
from loans.ledger_services import (
    check_day,
    check_on,
    lock_group,
    lowest_balance,
    record_voucher,
    same_sending,
    take_back,
)
from loans.models import (
    PaudTeacher,
    SurplusDistribution,
    SurplusLine,
    SurplusPost,
    SurplusScheme,
    Voucher,
)
from loans.models.surplus import account_of
from loans.surplus import Post, PostKind, SurplusError, check_posts
from loans.surplus_plans import MAX_WEIGHT, SHARED_BY, Plan, payees_of, plan_of, recorded_plan, sharers_of
from loans.year_close import last_of
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import check_reason
from villages.models import Group

Status = SurplusDistribution.Status
MINUTES = ("minutes_number", "met_on", "meeting", "place", "chair", "writer", "present_count", "pays_from")


@transaction.atomic
def save_scheme(
    *,
    group: Group,
    since_year: int,
    posts: Sequence[Post],
    savings_basis: str,
    leavers_take_part: bool,
    by: User,
) -> SurplusScheme:
    """Sets the rule from a book year on, in the place of one that began with the same year.

    Refused: posts that do not add up to 100% (`check_posts`), and a rule by which a surplus was approved already.
    Drafts of those years become drafts of the one who changed their rule.
    """
    group = lock_group(group.pk)
    try:
        check_posts(posts)
    except SurplusError as error:
        raise ValidationError(str(error)) from error
    _check_not_used(group, since_year)
    scheme = SurplusScheme.objects.filter(group=group, since_year=since_year).first()
    before = history.snapshot(scheme) if scheme else {}
    scheme = scheme or SurplusScheme(group=group, since_year=since_year)
    scheme.village_id = group.village_id
    scheme.savings_basis, scheme.leavers_take_part = savings_basis, leavers_take_part
    scheme.full_clean()
    scheme.save()
    SurplusPost.objects.filter(scheme=scheme).delete()
    for position, post in enumerate(posts, 1):
        row = SurplusPost(
            village_id=group.village_id,
            scheme=scheme,
            position=position,
            name=post.name,
            kind=post.kind.value,
            percent=post.percent,
            takes_rest=post.takes_rest,
        )
        row.full_clean()
        row.save()
    history.record(scheme, by=by, before=before)
    _pass_drafts_to(group, by)
    return scheme


@transaction.atomic
def save_teacher(*, teacher: PaudTeacher, by: User) -> PaudTeacher:
    """Adds or changes a PAUD teacher; drafts become drafts of the one who changed who gets paid."""
    group = lock_group(teacher.group_id)
    teacher.village_id = group.village_id
    history.save(teacher, by=by)
    _pass_drafts_to(group, by)
    return teacher


@transaction.atomic
def draft_distribution(*, group: Group, year: int, withheld: int, by: User) -> SurplusDistribution:
    """Begins the draft of a year, or changes what is set aside in it. Nothing is posted."""
    group = lock_group(group.pk)
    found = SurplusDistribution.objects.filter(group=group, year=year).exclude(status=Status.CANCELLED).first()
    if found and not found.is_draft:
        raise ValidationError(f"SHU tahun {year} sudah disahkan dengan berita acara {found.minutes_number}.")
    draft = found or SurplusDistribution(group=group, village_id=group.village_id, year=year)
    if found and (found.withheld, found.drafted_by_id) == (withheld, by.pk):
        return found
    draft.withheld, draft.drafted_by, draft.drafted_at = withheld, by, timezone.now()
    return history.save(draft, by=by)


@transaction.atomic
def set_weights(*, distribution: SurplusDistribution, weights: Mapping[str, int], by: User) -> SurplusDistribution:
    """Says how officers and PAUD teachers share their posts in a draft: whole numbers (3 and 1) or percents (60, 40),
    by key of the payee; who is not named has 1. The draft becomes that of the one who says it.

    Raises ValidationError for somebody who shares no post, and where all of a post would have 0.
    """
    lock_group(distribution.group_id)
    distribution = read(distribution)
    if not distribution.is_draft:
        state = distribution.get_status_display().lower()
        raise ValidationError(f"{distribution} sudah {state}: pembagiannya tidak berubah lagi.")
    unknown = dict(weights)
    for kind, (what, _) in SHARED_BY.items():
        found = [unknown.pop(one.key, 1) for one in sharers_of(distribution, PostKind(kind))]
        if any(not 0 <= weight <= MAX_WEIGHT for weight in found):
            raise ValidationError(f"Bagian {what} paling sedikit 0 dan paling banyak {MAX_WEIGHT}.")
        if found and not any(found):
            raise ValidationError(f"Semua {what} diberi bagian 0. Isi paling sedikit satu di atas 0.")
    if unknown:
        raise ValidationError("Daftar penerima berubah sejak halaman ini dibuka. Muat ulang, lalu isi lagi.")
    told = {key: weight for key, weight in weights.items() if weight != 1}
    if (distribution.weights, distribution.drafted_by_id) == (told, by.pk):
        return distribution
    distribution.weights, distribution.drafted_by, distribution.drafted_at = told, by, timezone.now()
    return history.save(distribution, by=by)


@transaction.atomic
def approve_distribution(
    *, distribution: SurplusDistribution, on: date, seen: str, by: User, uuid: UUID, **minutes: Any
) -> SurplusDistribution:
    """Writes down and posts what the members' meeting decided: one voucher that takes every post out of 3.5.

    `minutes` are the fields of the berita acara (`MINUTES`); `on` is the day it is booked; `seen` the fingerprint of
    the plan that was looked at: another plan is a conflict. The same UUID with the same content is the same approval.
    Refused beyond the balance of 3.5 on any day from `on`, and by whoever drafted it.
    """
    group = lock_group(distribution.group_id)
    distribution = read(distribution)
    if distribution.voucher and distribution.voucher.uuid == uuid:
        is_same = distribution.is_approved and all(getattr(distribution, name) == minutes[name] for name in MINUTES)
        content = (distribution.voucher.on, distribution.approved_by_id)
        return same_sending(distribution, is_same and content == (on, by.pk))
    if not distribution.is_draft:
        raise ValidationError(f"{distribution} sudah {distribution.get_status_display().lower()}.")
    if distribution.drafted_by_id == by.pk:
        raise ValidationError(
            "Yang menyusun rancangan tidak boleh mengesahkannya. Minta pengurus lain atau kecamatan memeriksanya."
        )
    plan = plan_of(distribution)
    _check_approvable(distribution, plan, seen=seen, on=on, met_on=minutes["met_on"])
    stored = history.snapshot(distribution)
    for name in MINUTES:
        setattr(distribution, name, minutes[name])
    distribution.member_count = _members_at(group, minutes)
    distribution.income, distribution.expenses = plan.figures.income, plan.figures.expenses
    distribution.brought = plan.figures.brought
    distribution.voucher = _post(group, distribution, plan, on=on, by=by, uuid=uuid)
    distribution.status, distribution.approved_by, distribution.approved_at = Status.APPROVED, by, timezone.now()
    distribution.full_clean()
    distribution.save()
    history.record(distribution, by=by, before=stored, reason=f"rapat anggota {format_day(minutes['met_on'])}")
    _write_down(plan)
    return distribution


@transaction.atomic
def take_back_distribution(
    *, distribution: SurplusDistribution, on: date, reason: str, by: User
) -> SurplusDistribution:
    """Takes an approval back: its voucher is reversed, the surplus stands in 3.5 again, the year may be drafted anew.

    Refused while anyone is paid. Again by the same person with the same reason it changes nothing.
    """
    check_reason(reason, example="pos PAUD salah dicatat")
    group = lock_group(distribution.group_id)
    distribution = read(distribution)
    if distribution.status == Status.CANCELLED and (distribution.cancelled_by, distribution.cancel_reason) == (
        by,
        reason,
    ):
        return distribution
    if not distribution.is_approved:
        raise ValidationError(
            f"{distribution} {distribution.get_status_display().lower()}, jadi tidak dapat dibatalkan."
        )
    if paid := [one for one in payees_of(distribution, recorded_plan(distribution)) if one.vouchers]:
        raise ValidationError(
            f"{len(paid)} penerima sudah dibayar, antara lain {paid[0].name} ({paid[0].voucher})."
            " Koreksi dulu bukti pembayarannya."
        )
    voucher = cast(Voucher, distribution.voucher)  # a constraint: what is approved has one
    check_on(group, on, by, earliest=voucher.on)
    _check_not_paid_between(group, voucher, on)
    take_back(voucher, on=on, reason=reason, uuid=uuid5(voucher.uuid, "dibatalkan"), by=by)
    distribution.status, distribution.cancelled_by = Status.CANCELLED, by
    distribution.cancelled_at, distribution.cancel_reason = timezone.now(), reason
    return history.save(distribution, by=by, reason=reason)


def _check_not_paid_between(group: Group, voucher: Voucher, on: date) -> None:
    """Raises ValidationError where on some day since `on` a payment that was corrected later still counts."""
    for account, amount in voucher.entries.values_list("credit").annotate(sum=Sum("amount")).order_by():
        lowest, day = lowest_balance(group.entries, account, on)
        if lowest < amount:
            left = f"{CHART[account].name.lower()} {format_rupiah(lowest)}"
            words = f"Pada {format_day(day)} sebagian SHU ini masih tercatat dibayar: {left}."
            raise ValidationError({"on": f"{words} Pakai tanggal sesudah koreksi pembayarannya."})


def read(distribution: SurplusDistribution) -> SurplusDistribution:
    """The row as it is now; under the group's lock."""
    related = ("group__village__district", "village", "voucher", "cancelled_by", "meeting")
    return SurplusDistribution.objects.select_related(*related).get(pk=distribution.pk)


def _check_not_used(group: Group, since_year: int) -> None:
    """A rule that a meeting shared by stays as it was: a new one begins with a later year."""
    later = SurplusScheme.objects.filter(group=group, since_year__gt=since_year).order_by("since_year").first()
    used = SurplusDistribution.objects.filter(group=group, status=Status.APPROVED, year__gte=since_year)
    used = used.filter(year__lt=later.since_year) if later else used
    if last := used.order_by("-year").first():
        raise ValidationError(
            {
                "since_year": f"{last} sudah disahkan menurut skema yang berlaku saat itu."
                f" Isi tahun {last.year + 1} untuk skema baru."
            }
        )


def _pass_drafts_to(group: Group, by: User) -> None:
    for draft in SurplusDistribution.objects.filter(group=group, status=Status.DRAFT).exclude(drafted_by=by):
        draft.drafted_by = by
        history.save(draft, by=by, reason="skema atau daftar penerima diubah")


def _check_approvable(distribution: SurplusDistribution, plan: Plan, *, seen: str, on: date, met_on: date) -> None:
    if plan.problem:
        raise ValidationError(plan.problem)
    if plan.fingerprint != seen:
        raise ValidationError(
            "Angka rancangan berubah sejak halaman ini dibuka. Buka lagi halamannya dan periksa sekali lagi.",
            code="conflict",
        )
    check_day("met_on", met_on, earliest=last_of(distribution.year))
    check_day("on", on, earliest=met_on)
    group = distribution.group
    lowest, day = lowest_balance(group.entries, SURPLUS, on)
    if plan.total > lowest:
        raise ValidationError(
            f"SHU yang dibagi {format_rupiah(plan.total)}, padahal saldo SHU di buku (3.5) pada {format_day(day)}"
            f" {format_rupiah(lowest)}. Sisihkan dulu {format_rupiah(plan.total - lowest)}, misalnya karena rugi"
            " tahun sebelumnya."
        )


def _members_at(group: Group, minutes: Mapping[str, Any]) -> int:
    """How many members the group had on the day of the meeting; not more of them came."""
    count = group.members.active_on(minutes["met_on"]).count()
    if minutes["present_count"] > count:
        raise ValidationError(
            {
                "present_count": f"Yang hadir {minutes['present_count']} orang, padahal anggota pada hari itu {count}."
                " Periksa jumlahnya atau tanggal rapatnya."
            }
        )
    return count


def _post(group: Group, distribution: SurplusDistribution, plan: Plan, *, on: date, by: User, uuid: UUID) -> Voucher:
    lines = [
        (SURPLUS, account_of(part.allotment.kind), part.allotment.amount)
        for part in plan.parts
        if part.allotment.amount
    ]
    return record_voucher(
        group=group,
        kind=Voucher.Kind.SURPLUS,
        on=on,
        amount=plan.total,
        debit=SURPLUS,
        credit=lines[0][1],
        lines=lines,
        description=f"Pembagian SHU tahun {distribution.year}, berita acara {distribution.minutes_number}"[:200],
        by=by,
        uuid=uuid,
    )


def _write_down(plan: Plan) -> None:
    for part in plan.parts:
        part.allotment.full_clean()
        part.allotment.save()
        for line in part.lines:
            line.allotment = part.allotment  # its key is known only now
        SurplusLine.objects.bulk_create(part.lines)
