"""When reports are due: what a kabupaten decided, single due days moved, and leave for single villages."""

from datetime import date

from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Regency, Village

LATEST_DAY = 28  # the latest due day that every month has


class Tier(models.TextChoices):
    """Who must have done his part by a due day."""

    VILLAGE = "village", "Desa/kelurahan ke kecamatan"
    DISTRICT = "district", "Kecamatan ke kabupaten"
    REGENCY = "regency", "Kabupaten ke provinsi"


def _day_of_month(label: str, default: int) -> models.PositiveSmallIntegerField:
    words = f"Isi 1 sampai {LATEST_DAY}."
    validators = [MinValueValidator(1, words), MaxValueValidator(LATEST_DAY, words)]
    return models.PositiveSmallIntegerField(label, default=default, validators=validators)


class ReportCalendar(AppendOnlyModel):
    """What was decided about reporting in a kabupaten, for the periods that end on `from_day` or later.

    The latest decision counts, so what was late under an earlier one stays late. Without any: `ReportCalendar()`.
    """

    row_words = "Kalender laporan"
    instead = "atur kalender baru"

    class Every(models.IntegerChoices):
        MONTH = 1, "Tiap bulan"
        QUARTER = 3, "Tiap triwulan"

    regency = models.ForeignKey(Regency, models.PROTECT, related_name="report_calendars", verbose_name="kabupaten/kota")
    from_day = DayField("berlaku mulai")
    every = models.PositiveSmallIntegerField("desa melapor", choices=Every.choices, default=Every.QUARTER)
    village_day = _day_of_month("desa paling lambat tanggal", 5)
    district_day = _day_of_month("kecamatan paling lambat tanggal", 10)
    regency_day = _day_of_month("kabupaten paling lambat tanggal", 15)
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="diatur oleh")
    set_at = models.DateTimeField("diatur", default=timezone.now)

    area_path = "regency__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "kalender laporan"
        verbose_name_plural = "kalender laporan"
        ordering = ["regency", "-pk"]

    def __str__(self) -> str:
        return f"Kalender laporan {self.regency}"

    @property
    def terms(self) -> tuple[int, int, int, int]:
        return self.every, self.village_day, self.district_day, self.regency_day

    def day_of(self, tier: str) -> int:
        return getattr(self, f"{tier}_day")


class DueDay(models.Model):
    """A due day of one period moved for everyone: a flood, a holiday."""

    regency = models.ForeignKey(Regency, models.PROTECT, related_name="due_days", verbose_name="kabupaten/kota")
    period = models.CharField("periode", max_length=8)
    tier = models.CharField("tahap", max_length=8, choices=Tier.choices)
    on = DayField("paling lambat")
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="diatur oleh")
    set_at = models.DateTimeField("diatur", default=timezone.now)

    area_path = "regency__code"
    seen_with = Action.SEE_REPORTS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "hari batas"
        verbose_name_plural = "hari batas"
        constraints = [models.UniqueConstraint(fields=["regency", "period", "tier"], name="due_day_once")]

    def __str__(self) -> str:
        return f"{self.period} {self.get_tier_display()}"


class DueException(AppendOnlyModel):
    """One village may report a period until a later day and is not late; it expires by itself."""

    row_words = "Perpanjangan"
    instead = "beri perpanjangan baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="due_exceptions", verbose_name="desa/kelurahan")
    period = models.CharField("periode", max_length=8)
    until = DayField("sampai")
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="diberi oleh")
    granted_at = models.DateTimeField("diberi", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "perpanjangan laporan"
        verbose_name_plural = "perpanjangan laporan"
        ordering = ["-granted_at", "-pk"]
        indexes = [models.Index(fields=["period", "village"])]

    def __str__(self) -> str:
        return f"{self.village} {self.period}"

    def holds_on(self, day: date) -> bool:
        return day <= self.until
