"""Counting the cash, closing months, opening them again: under the group's lock, each leaves its history.

The village closes its months itself, in order; only kecamatan and kabupaten open one again or let one person in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from accounts import history
from accounts.models import Assignment, User
from enterprises.months import first_day, last_day, month_name, months_before, months_until
from loans.chart import CASH
from loans.closing_builders import build_cash_count, build_closing, difference_facts, value_of
from loans.ledger_services import account_balance, check_on, in_field, lock_group, record_voucher, same_sending
from loans.models import CashCount, Entry, MonthClosing, MonthException, Opening, Receipt, SurplusDistribution, Voucher
from loans.models.months import DENOMINATIONS
from loans.models.receipts import Till
from loans.month_services import check_not_locked, closed_through, closing_of
from loans.year_close import DECEMBER, close_years, reopen_years
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.reasons import MIN_REASON, check_reason
from villages.models import Group, Meeting

MOST_DAYS_OF_EXCEPTION = 14
MOST_PIECES = 1_000_000  # of one denomination: beyond any village's table
DIFFERENCE_EXAMPLE = "uang kembalian belum dicatat"

A_YEAR = 100  # between two periods: 202609 − 202509


@dataclass(frozen=True)
class MonthChecks:
    """What a month holds and whether it can be closed; amounts are whole rupiah."""

    period: int
    receipt_count: int
    receipt_sum: int
    voucher_count: int
    cash_moved: bool
    cash_count: CashCount | None  # the latest of the month
    booked: int  # the cash of the book at the end of the day of that count, else of the month
    in_field: int = 0  # what a sheet brought in by the end of the month and nobody handed in to the box, then or later

    @property
    def difference(self) -> int:
        """Counted less booked as the book is now; 0 without a count."""
        return self.cash_count.counted - self.booked if self.cash_count else 0

    @property
    def is_early(self) -> bool:
        """Whether it is a December that still runs: its voucher of the year is dated on its last day."""
        return self.period % 100 == DECEMBER and today() < last_day(self.period)

    @property
    def problem(self) -> str:
        """Why the month cannot be closed, as an Indonesian sentence; "" when nothing stands against it."""
        name = month_name(self.period)
        if self.is_early:
            return f"{name} ditutup bersama tahunnya, jadi paling awal {format_day(last_day(self.period))}."
        if self.in_field:
            return (
                f"Masih ada {format_rupiah(self.in_field)} di petugas pada akhir {name}. Hitung uang di meja di Lembar"
                " Setoran pertemuan itu, supaya uangnya masuk ke kas."
            )
        if self.cash_count is None and self.cash_moved:
            return f"Kas belum dihitung pada {name}. Hitung uangnya, lalu catat dengan tanggal di bulan itu."
        if self.cash_count and self.difference:
            return (
                f"Hitungan kas {format_day(self.cash_count.counted_on)} {format_rupiah(self.cash_count.counted)}, buku"
                f" sekarang {format_rupiah(self.booked)}: ada catatan sesudah dihitung. Hitung kas sekali lagi."
            )
        return ""


def count_pieces(pieces: dict[str, int]) -> int:
    """Rupiah of so many notes and coins of each denomination. Raises ValidationError at `pieces` for what is none."""
    known = {str(one) for one in DENOMINATIONS}
    for name, count in pieces.items():
        if name not in known:
            raise ValidationError({"pieces": f"Pecahan Rp{name} tidak ada; pakai pecahan yang tertulis di daftar."})
        if type(count) is not int or not 0 <= count <= MOST_PIECES:
            raise ValidationError({"pieces": f"Jumlah pecahan Rp{name} tidak dikenal; isi angka bulat, misalnya 3."})
    return value_of(pieces)


@transaction.atomic
def record_cash_count(
    *,
    group: Group,
    counted_on: date,
    pieces: dict[str, int],
    explanation: str,
    uuid: UUID,
    by: User | None,
    meeting: Meeting | None = None,
    seen: int | None = None,
) -> CashCount:
    """Keeps the money counted beside the cash of the book at the end of that day.

    A difference needs an explanation and is posted by a voucher, so that book and money are one again. `seen` is the
    book's cash that the counter was shown: if it changed since, nothing is saved. The same UUID with the same content
    is the same count.
    """
    group = lock_group(group.pk)
    pieces = {str(one): pieces.get(str(one), 0) for one in DENOMINATIONS} | pieces
    if sent := CashCount.objects.filter(uuid=uuid).first():
        return same_sending(sent, _is_same(sent, group, counted_on, pieces, explanation, by, meeting))
    count = compare_cash(group=group, counted_on=counted_on, pieces=pieces, by=by)
    if meeting and meeting.group_id != group.pk:
        raise ValidationError({"meeting": "Pertemuan ini milik kelompok lain. Pilih pertemuan kelompok ini."})
    if seen not in (None, count.booked):
        raise ValidationError("Buku kas berubah sejak halaman ini dibuka. Periksa sekali lagi.", code="conflict")
    _check_not_of_the_field(group, count)
    check_explained(count.difference, explanation)
    count.meeting, count.explanation, count.uuid = meeting, explanation, uuid
    if count.difference:
        count.voucher = record_voucher(**difference_facts(count), by=by)
    return history.save(count, by=by)


def compare_cash(*, group: Group, counted_on: date, pieces: dict[str, int], by: User | None) -> CashCount:
    """The count, unsaved, with the cash of the book at the end of that day. Raises ValidationError as saving would."""
    count_pieces(pieces)
    check_on(group, counted_on, by, field="counted_on")
    booked = account_balance(group, CASH, counted_on)
    return build_cash_count(group=group, counted_on=counted_on, pieces=pieces, booked=booked, by=by)


def check_explained(difference: int, explanation: str) -> None:
    """Raises ValidationError when money is missing or over and nobody says why."""
    if not difference or len(explanation.strip()) >= MIN_REASON:
        return
    raise ValidationError(
        {
            "explanation": f"{difference_words(difference)}. Jelaskan selisihnya, paling sedikit {MIN_REASON} huruf,"
            f" misalnya “{DIFFERENCE_EXAMPLE}”."
        }
    )


def _check_not_of_the_field(group: Group, count: CashCount) -> None:
    """Raises ValidationError where just what lies with the officer is over in the box: posted as income it would be in
    the books twice once the table is counted."""
    if count.difference > 0 and count.difference == in_field(group, count.counted_on):
        raise ValidationError(
            f"Uang lebih {format_rupiah(count.difference)}, persis yang masih di petugas. Hitung dulu uang di meja di"
            " Lembar Setoran, lalu hitung kas lagi: kalau tidak, uang itu tercatat dua kali."
        )


def difference_words(difference: int) -> str:
    """Which way the money differs from the book, and by how much."""
    if not difference:
        return "Uang cocok dengan buku"
    return f"Uang {'kurang' if difference < 0 else 'lebih'} {format_rupiah(abs(difference))} dari buku"


def _is_same(sent: CashCount, group, counted_on, pieces, explanation, by, meeting) -> bool:
    content = (sent.group_id, sent.counted_on, sent.pieces, sent.explanation, sent.counted_by, sent.meeting)
    return content == (group.pk, counted_on, pieces, explanation, by, meeting)


def first_period(group: Group) -> int:
    """The month of the group's first entry, 0 before there is one; no month before the books that were opened."""
    first = Entry.objects.filter(group=group).order_by().aggregate(first=Min("period"))["first"] or 0
    opened = Opening.objects.filter(group=group, opened_at__isnull=False).values_list("on", flat=True).first()
    return max(first, period_of(opened)) if first and opened else first


def next_to_close(group: Group) -> int:
    """The month that is closed next, 0 when there is none: it must have begun and the group must have entries.

    A group that never closed one begins with its first month; with many years behind it, with the month before this
    one: closing that closes them all.
    """
    return next_month(closed_through(group), first_period(group))


def next_month(last: int, first: int) -> int:
    """`next_to_close` of a group that closed its months through `last` and whose first is `first`; 0 for none."""
    if not last and 0 < first < period_of(today()) - A_YEAR:
        return months_before(period_of(today()), 1)
    period = months_before(last, -1) if last else first
    return period if period <= period_of(today()) else 0


def month_checks(group: Group, period: int) -> MonthChecks:
    """Receipts, vouchers and cash of one month, read as they are now."""
    receipts = Receipt.objects.filter(group=group, period=period).order_by().aggregate(n=Count("pk"), sum=Sum("amount"))
    days = (first_day(period), last_day(period))
    cash_count = CashCount.objects.filter(group=group, till=Till.CASH, counted_on__range=days).first()
    return MonthChecks(
        period=period,
        receipt_count=receipts["n"],
        receipt_sum=receipts["sum"] or 0,
        voucher_count=Voucher.objects.filter(group=group, period=period).count(),
        cash_moved=Entry.objects.filter(Q(debit=CASH) | Q(credit=CASH), group=group, period=period).exists(),
        cash_count=cash_count,
        booked=account_balance(group, CASH, cash_count.counted_on if cash_count else last_day(period)),
        in_field=in_field(group, last_day(period)),
    )


@transaction.atomic
def close_month(*, group: Group, period: int, by: User | None) -> MonthClosing:
    """ "Tutup bulan": from now on nothing is dated into the month (202609). Months close in order.

    The years that end with it are closed first, each by its voucher (see `year_close`). Done twice by the same person
    it is done once. Raises ValidationError for another month than the next one, for one
    that has not begun, and where the cash was not counted or the count no longer agrees with the book.
    """
    group = lock_group(group.pk)
    if closed := MonthClosing.objects.filter(group=group, period=period, reopened_at=None, closed_by=by).first():
        return closed
    _check_is_next(group, period)
    checks = month_checks(group, period)
    if checks.problem:
        raise ValidationError(checks.problem)
    close_years(group, period, by)
    return history.save(build_closing(group=group, period=period, cash_count=checks.cash_count, by=by), by=by)


def _check_is_next(group: Group, period: int) -> None:
    first, last = first_period(group), closed_through(group)
    if not last and not first:
        raise ValidationError("Kelompok ini belum punya catatan keuangan, jadi belum ada bulan yang ditutup.")
    if period > period_of(today()):
        raise ValidationError(f"Bulan {month_name(period)} belum mulai, jadi belum dapat ditutup.")
    if period <= last:
        raise ValidationError(f"Bulan {month_name(period)} sudah ditutup.")
    if period < first:
        raise ValidationError(f"Catatan pertama kelompok ini bulan {month_name(first)}: mulai dari sana.")
    if last and period > (following := months_before(last, -1)):
        raise ValidationError(f"Bulan ditutup berurutan: tutup dulu {month_name(following)}.")


@transaction.atomic
def reopen_month(*, closing: MonthClosing, reason: str, by: User) -> MonthClosing:
    """Opens the latest closed month again, with a reason; the closing stays as a record of what was.

    The first closing closed all months before it: they open with it. Years whose December opens are no longer closed:
    their vouchers are taken back. Refused while the surplus of such a year is shared out.
    """
    check_reason(reason, example="angsuran 28 September belum tercatat")
    group = lock_group(closing.group_id)
    closing = MonthClosing.objects.select_related("group", "village").get(pk=closing.pk)
    if closing.reopened_at:
        raise ValidationError("Bulan ini sudah dibuka lagi.")
    if closing.period != (last := closed_through(group)):
        raise ValidationError(f"Buka dulu bulan {month_name(last)}: hanya bulan terakhir yang dapat dibuka.")
    check_not_locked(group, months_to_open(group))
    _check_not_shared(group)
    closing.reopened_by, closing.reopened_at, closing.reopen_reason = by, timezone.now(), reason
    history.save(closing, by=by, reason=reason)
    reopen_years(group, reason, by)
    return closing


def _check_not_shared(group: Group) -> None:
    """Raises ValidationError when a year would open whose surplus was shared: it rests on what the year closed with."""
    years = [period // A_YEAR for period in months_to_open(group) if period % A_YEAR == DECEMBER]
    approved = SurplusDistribution.Status.APPROVED
    shared = group.distributions.filter(year__in=years, status=approved).order_by("year").first()
    if shared:
        raise ValidationError(f"SHU tahun {shared.year} sudah dibagi. Batalkan dulu pembagiannya, lalu buka bulannya.")


@transaction.atomic
def grant_exception(
    *, group: Group, period: int, user: User, expires_at: datetime, reason: str, granted_by: User
) -> MonthException:
    """Lets one person date entries into one closed month until a moment at most 14 days ahead.

    It ends with the closing that it is from: a month opened and closed anew needs another one.
    """
    check_reason(reason, example="bukti pasar 28 September baru ditemukan")
    group = lock_group(group.pk)
    name = month_name(period)
    if not closing_of(group, period):
        raise ValidationError({"period": f"Bulan {name} tidak ditutup, jadi tidak perlu izin."})
    check_not_locked(group, [period], field="period")
    if user == granted_by:
        raise ValidationError({"user": "Izin tidak dapat diberikan kepada diri sendiri."})
    if not user.access_on(today()).may_in(Action.RECORD_MONEY, group.village):
        raise ValidationError(
            {"user": f"{user} tidak bertugas mencatat uang di {group.village.label}. Pilih yang lain."}
        )
    _check_expiry(expires_at)
    exception = MonthException(
        village_id=group.village_id,
        group=group,
        period=period,
        user=user,
        reason=reason,
        expires_at=expires_at,
        granted_by=granted_by,
    )
    return history.save(exception, by=granted_by, reason=reason)


def _check_expiry(expires_at: datetime) -> None:
    now = timezone.now()
    if expires_at <= now:
        raise ValidationError({"expires_at": "Izin harus berlaku sampai hari ini atau sesudahnya."})
    latest = timezone.localtime(now).date() + timedelta(days=MOST_DAYS_OF_EXCEPTION)
    if timezone.localtime(expires_at).date() > latest:
        raise ValidationError(
            {"expires_at": f"Izin berlaku paling lama {MOST_DAYS_OF_EXCEPTION} hari: sampai {format_day(latest)}."}
        )


def closed_months(group: Group) -> list[int]:
    """The closed months from the group's first entry on, the latest first."""
    last, first = closed_through(group), first_period(group)
    if not first or not last:
        return []
    count = (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1
    return months_until(last, count)[::-1]


def months_to_open(group: Group) -> list[int]:
    """The months that open when the latest closed one does: it alone, or with the first closing all before it too."""
    rows = MonthClosing.objects.filter(group=group, reopened_at=None, period__lt=closed_through(group)).order_by()
    stay = rows.aggregate(last=Max("period"))["last"] or 0
    return [period for period in closed_months(group) if period > stay]


def recorders_of(group: Group, *, besides: User) -> list[User]:
    """Who may record money in the group's village today, without one person; by name."""
    code = group.village.code
    areas = [code[:length] for length in (8, 13)]
    assigned = Assignment.objects.in_force(today()).filter(area_code__in=areas)
    users = User.objects.filter(pk__in=assigned.values("user"), is_active=True).exclude(pk=besides.pk)
    rows: Iterable[User] = users.order_by("name", "pk").prefetch_related("assignments")
    return [one for one in rows if one.access_on(today()).may_in(Action.RECORD_MONEY, group.village)]
