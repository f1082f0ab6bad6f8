"""Cash counts, closed months and the exceptions from them."""

from uuid import uuid4

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from enterprises.months import month_name
from loans.models.receipts import Till
from loans.models.vouchers import Voucher
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Meeting, Village

DENOMINATIONS = (100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)


class CashCount(AppendOnlyModel):
    """The money on the table, counted note by note, beside what the book says; a difference is explained."""

    row_words = "Hitungan kas"
    instead = "hitung lagi"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="cash_counts", verbose_name="kelompok")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="cash_counts", verbose_name="pertemuan"
    )
    counted_on = DayField("tanggal")
    # Of the box, or of what a sheet brought in: the latter is handed in to the box by its count.
    till = models.CharField("kas", max_length=5, choices=Till.choices, default=Till.CASH)
    pieces = models.JSONField("lembar/keping")  # {"100000": 3}: how many of each denomination
    counted = RupiahField("uang dihitung")
    booked = RupiahField("kas menurut buku", min_value=None)
    explanation = models.CharField("penjelasan selisih", max_length=300, blank=True)
    voucher = models.OneToOneField(
        Voucher, models.PROTECT, null=True, blank=True, related_name="cash_count", verbose_name="bukti selisih"
    )
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4)
    counted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dihitung oleh"
    )
    counted_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "hitungan kas"
        verbose_name_plural = "hitungan kas"
        ordering = ["-counted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counted=F("booked")) | ~Q(explanation=""),
                name="cash_difference_explained",
                violation_error_message="Jelaskan selisih antara uang dan buku.",
            )
        ]

    def __str__(self) -> str:
        return f"Hitungan kas {self.counted_on}"

    def get_absolute_url(self) -> str:
        return reverse("cash-count", args=[self.pk])

    @property
    def difference(self) -> int:
        """Rupiah that lie on the table beyond the book; negative when money is missing."""
        return self.counted - self.booked


class MonthClosing(models.Model):
    """A month that the village closed: nothing is dated into it any more. Reopened, it stays as a record."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="closings", verbose_name="kelompok")
    period = models.PositiveIntegerField("bulan")  # YYYYMM
    cash_count = models.ForeignKey(
        CashCount, models.PROTECT, null=True, blank=True, related_name="closings", verbose_name="hitungan kas"
    )
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ditutup oleh"
    )
    closed_at = models.DateTimeField("ditutup", default=timezone.now)
    reopened_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dibuka oleh"
    )
    reopened_at = models.DateTimeField("dibuka lagi", null=True, blank=True)
    reopen_reason = models.CharField("alasan dibuka", max_length=300, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "bulan tertutup"
        verbose_name_plural = "bulan tertutup"
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "period"], condition=Q(reopened_at=None), name="month_closed_once")
        ]

    def __str__(self) -> str:
        return f"Bulan {month_name(self.period)}"

    def get_absolute_url(self) -> str:
        return reverse("months", args=[self.group_id])


class MonthException(AppendOnlyModel):
    """Leave for one person to date entries into one closed month until a moment."""

    row_words = "Izin"
    instead = "beri izin baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="month_exceptions", verbose_name="kelompok")
    period = models.PositiveIntegerField("bulan")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="untuk")
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    expires_at = models.DateTimeField("berlaku sampai")
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="diberi oleh"
    )
    granted_at = models.DateTimeField("diberi", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "izin bulan tertutup"
        verbose_name_plural = "izin bulan tertutup"
        ordering = ["-granted_at", "-pk"]

    def __str__(self) -> str:
        return f"Izin {self.user} sampai {self.expires_at:%d-%m-%Y}"


class MonthLock(models.Model):
    """The closed months of a group that a report rests on: neither opened nor entered while the report is out.

    Written by whoever freezes the figures; lifted, it stays as a record.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="month_locks", verbose_name="kelompok")
    first = models.PositiveIntegerField("dari bulan")  # YYYYMM
    last = models.PositiveIntegerField("sampai bulan")
    words = models.CharField("karena", max_length=200)  # "Laporan Triwulan III 2026 sudah diajukan"
    locked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dikunci oleh")
    locked_at = models.DateTimeField("dikunci", default=timezone.now)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dibuka oleh"
    )
    lifted_at = models.DateTimeField("dibuka", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_REPORTS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "kunci bulan"
        verbose_name_plural = "kunci bulan"
        ordering = ["group", "-last"]
        constraints = [
            models.UniqueConstraint(fields=["group", "last"], condition=Q(lifted_at=None), name="months_locked_once")
        ]

    def __str__(self) -> str:
        return self.words
