"""Looks into the rows behind a village's figures, by the name of their rule. Each yields what it found, with a link."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from enterprises.months import month_name
from loans.chart import CASH
from loans.ledger_services import account_balance
from loans.models import CashCount, Entry, FollowUp, Loan, MonthClosing, Receipt, ReceiptPart
from loans.month_services import closed_through
from reports.findings import Finding, Severity
from reports.periods import Period, before
from reports.snapshot import Snapshot
from reports.validation import Rule
from up2k_portal.lib.access import in_areas, same_world
from up2k_portal.lib.dates import format_day, period_of
from up2k_portal.lib.money import format_rupiah
from villages.models import Group, Member, Village


def _found(rule: Rule, key: str, words: str, url: str = "", group_id: int = 0) -> Finding:
    return Finding(f"{rule.code}:{key}", rule.code, rule.severity, words, url, group_id)


def _groups(snapshot: Snapshot) -> list[Group]:
    return list(Group.objects.filter(pk__in=[row.group_id for row in snapshot.groups]).order_by("pk"))


def cash_is_counted(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """The latest count of the period against the book as it is now."""
    for group in _groups(snapshot):
        count = CashCount.objects.filter(
            group=group, till="cash", counted_on__range=(period.first, period.last)
        ).first()
        if count is None:
            continue
        booked = account_balance(group, CASH, count.counted_on)
        if booked != count.counted:
            severity, advice = _of_difference(rule, group, count, booked - count.counted)
            words = (
                f"{group}: kas dihitung {format_rupiah(count.counted)} pada {format_day(count.counted_on)}, buku"
                f" sekarang {format_rupiah(booked)}; {advice}"
            )
            url = reverse("cash-count", args=[count.pk])
            yield Finding(f"{rule.code}:{group.pk}", rule.code, severity, words, url, group.pk)


def _of_difference(rule: Rule, group: Group, count: CashCount, difference: int) -> tuple[Severity, str]:
    """How much it matters that a count is no longer the book's, and what to do about it.

    A count in an open month is repeated. In a closed month nobody can count again: where what was recorded by leave
    after the count makes up the whole difference, a sentence about it is enough, for the next count shows the money.
    """
    if closed_through(group) < period_of(count.counted_on):
        return rule.severity, "hitung kas sekali lagi"
    rows = Entry.objects.filter(group=group, on__lte=count.counted_on, recorded_at__gt=count.counted_at)
    if count.voucher_id:  # the difference that the count itself wrote down
        rows = rows.exclude(voucher=count.voucher_id)
    later = rows.aggregate(
        came=Sum("amount", filter=Q(debit=CASH), default=0),
        went=Sum("amount", filter=Q(credit=CASH), default=0),
    )
    if later["came"] - later["went"] == difference:
        told = f"selisih {format_rupiah(difference)} berasal dari catatan yang menyusul sesudah kas dihitung"
        return Severity.SOFT, f"{told}; jelaskan"
    month = month_name(period_of(count.counted_on))
    return rule.severity, f"minta kecamatan membuka {month}, hitung kas sekali lagi, lalu tutup lagi bulannya"


def members_without_poklak(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Active members whose poklak was dissolved; where a group has poklaks, also those in none once they are more than
    `threshold` percent: its officers are usually in none.
    """
    for group in _groups(snapshot):
        active = Member.objects.filter(group=group).active_on(period.last)
        alone = active.filter(poklak__dissolved_on__lte=period.last).count()
        if group.poklaks.standing_on(period.last).exists():
            alone += _many(active.filter(poklak=None).count(), active.count(), rule.threshold)
        if alone:
            words = f"{group}: {alone} anggota tanpa poklak"
            yield _found(rule, str(group.pk), words, group.get_absolute_url(), group.pk)


def _many(count: int, of: int, percent: int) -> int:
    """The count where it is more than so many percent, else 0."""
    return count if 100 * count > percent * of else 0


def receipts_after_closing(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Money dated into a month that had been closed when it was recorded."""
    closed = MonthClosing.objects.filter(group=OuterRef("group"), period__gte=OuterRef("period"), reopened_at=None)
    first_closed = Subquery(closed.order_by("closed_at").values("closed_at")[:1])
    rows = Receipt.objects.filter(
        group__in=[row.group_id for row in snapshot.groups], received_on__range=(period.first, period.last)
    )
    late = rows.annotate(closed_at=first_closed).filter(recorded_at__gt=F("closed_at"))
    for pk, count in Counter(late.values_list("group", flat=True)).items():
        group = Group.objects.get(pk=pk)
        url = f"{reverse('receipt-list')}?group={pk}&since={period.first:%d-%m-%Y}&until={period.last:%d-%m-%Y}"
        yield _found(rule, str(pk), f"{group}: {count} setoran dicatat sesudah bulannya ditutup", url, pk)


def same_nik_twice(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Active members whose NIK another active member has, wherever she is: the other is not told of."""
    members = Member.objects.filter(group__in=[row.group_id for row in snapshot.groups]).active_on(period.last)
    twin = Member.objects.filter(nik=OuterRef("nik")).active_on(period.last).exclude(pk=OuterRef("pk"))
    twin = twin.filter(in_areas("village__code", same_world(village.code)))
    for one in members.filter(nik__isnull=False).filter(Exists(twin)).order_by("pk"):
        words = f"NIK {one} juga tercatat pada anggota lain"  # the number itself is never shown
        yield _found(rule, str(one.pk), words, one.get_absolute_url(), one.group_id)


def impossible_ages(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Younger than `least` years or older than `threshold` on the period's last day."""
    born_after, born_before = (_years_before(period.last, years) for years in (rule.least, rule.threshold))
    odd = Q(birth_date__gt=born_after) | Q(birth_date__lt=born_before)
    members = Member.objects.filter(group__in=[row.group_id for row in snapshot.groups]).active_on(period.last)
    for one in members.filter(odd).select_related("group").order_by("pk"):
        years = period.last.year - one.birth_date.year
        years -= (period.last.month, period.last.day) < (one.birth_date.month, one.birth_date.day)
        words = f"{one} berumur {years} tahun menurut tanggal lahirnya"
        yield _found(rule, str(one.pk), words, one.get_absolute_url(), one.group_id)


def silent_loans(rule: Rule, village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Late loans that fell silent in the period: by its end nothing had come in for `threshold` days.

    Each is told once. One that was silent before stands in the classes, and one that somebody asked after since is
    known: a sentence about it every quarter would only teach people to click findings away.
    """
    silence = timedelta(days=rule.threshold)
    since, before_since = period.last - silence, before(period).last - silence
    groups = [row.group_id for row in snapshot.groups]
    loans = Loan.objects.filter(group__in=groups, disbursed_on__lte=since).with_arrears(period.last)
    paid = ReceiptPart.objects.filter(loan=OuterRef("pk"), received_on__lte=period.last, amount__gt=0).order_by()
    last_paid = Subquery(paid.values("loan").annotate(last=Max("received_on")).values("last"))
    silent = loans.filter(balance__gt=0, late__gt=0).annotate(heard_on=Coalesce(last_paid, "disbursed_on"))
    silent = silent.filter(heard_on__lt=since, heard_on__gte=before_since)
    asked = FollowUp.objects.filter(loan=OuterRef("pk"), on__gt=since, on__lte=period.last)
    by_group: dict[int, list[Loan]] = {}
    for loan in silent.exclude(Exists(asked)).order_by("group", "pk"):
        by_group.setdefault(loan.group_id, []).append(loan)
    for group in Group.objects.filter(pk__in=by_group).order_by("pk"):
        some = by_group[group.pk]
        words = f"{group}: {len(some)} pinjaman menunggak tanpa setoran lebih dari {rule.threshold} hari"
        numbers = ",".join(loan.number for loan in some)
        asked_for = f"{reverse('quality-loans')}?group={group.pk}&on={period.last:%d-%m-%Y}&numbers={numbers}"
        url = some[0].get_absolute_url() if len(some) == 1 else asked_for
        yield _found(rule, str(group.pk), words, url, group.pk)


def _years_before(day: date, years: int) -> date:
    year = day.year - years
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


Check = Callable[[Rule, Village, Period, Snapshot], Iterator[Finding]]
CHECKS: dict[str, Check] = {
    "cash": cash_is_counted,
    "no-poklak": members_without_poklak,
    "late-entry": receipts_after_closing,
    "nik": same_nik_twice,
    "age": impossible_ages,
    "silent": silent_loans,
}
