"""By which scheme loans are classed and how much is set aside for each class; and what was done about late loans."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from loans import aging
from loans.models.loans import Loan
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Village

LEVELS = [(level, f"{level}. {name}") for level, name in aging.NAMES.items()]


class SchemeQuerySet(ScopedQuerySet):
    def in_use(self) -> aging.Scheme:
        """The scheme by which loans are classed, without percents; one query. The usual one while none is chosen."""
        rows = list(CollectabilityLevel.objects.filter(scheme__is_in_use=True).select_related("scheme"))
        return rows[0].scheme.as_scheme(rows) if rows else aging.SCHEMES[0]


class CollectabilityScheme(models.Model):
    """A way to class loans by how late they are; one of them is in use for all groups."""

    code = models.CharField("kode", max_length=4, unique=True)
    name = models.CharField("nama", max_length=80)
    source = models.CharField("sumber", max_length=300, blank=True)
    is_in_use = models.BooleanField("dipakai", default=False)

    area_path = ""
    seen_with = Action.SEE_GROUPS
    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "skema kolektibilitas"
        verbose_name_plural = "skema kolektibilitas"
        ordering = ["-is_in_use", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_in_use"],
                condition=Q(is_in_use=True),
                name="one_scheme_in_use",
                violation_error_message="Skema lain masih dipakai, dan hanya satu yang dapat dipakai.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"

    def as_scheme(self, levels, percents: Mapping[int, Decimal] | None = None) -> aging.Scheme:
        """The scheme for the pure code, of its rows."""
        found = tuple(row.as_level() for row in levels)
        return aging.Scheme(self.code, self.name, self.source, found, percents or {})


class CollectabilityLevel(models.Model):
    """A class of a scheme: which loans it is for, and how late they may be to stay in it."""

    class Every(models.TextChoices):
        ANY = "", "Semua pinjaman"
        MONTH = "month", "Bulanan"
        WEEK = "week", "Mingguan"
        SEASON = "season", "Musiman"

    class Unit(models.TextChoices):
        DAY = "day", "Hari"
        WEEK = "week", "Minggu"
        MONTH = "month", "Bulan"
        INSTALMENT = "instalment", "Kali angsuran"

    scheme = models.ForeignKey(CollectabilityScheme, models.PROTECT, related_name="levels", verbose_name="skema")
    every = models.CharField("untuk pinjaman", max_length=6, choices=Every.choices, blank=True, default="")
    level = models.PositiveSmallIntegerField("tingkat", choices=LEVELS)
    name = models.CharField("nama", max_length=40)
    most = models.PositiveSmallIntegerField(
        "menunggak paling lama", null=True, blank=True, help_text="Kosong: tanpa batas"
    )
    unit = models.CharField("satuan", max_length=10, choices=Unit.choices, default=Unit.DAY)

    area_path = ""
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "tingkat kolektibilitas"
        verbose_name_plural = "tingkat kolektibilitas"
        ordering = ["scheme", "every", "level"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "every", "level"], name="level_once_in_scheme"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="level_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.code}: {self.level}. {self.name}"

    def as_level(self) -> aging.Level:
        return aging.Level(self.level, self.name, self.most, aging.Unit(self.unit), aging.Rhythm(self.every))


class AllowanceRate(models.Model):
    """The percent of the balance of a class that is set aside for losses, from a day on; the rows are its history."""

    scheme = models.ForeignKey(CollectabilityScheme, models.PROTECT, related_name="rates", verbose_name="skema")
    level = models.PositiveSmallIntegerField("tingkat", choices=LEVELS)
    since = DayField("berlaku sejak")
    percent = models.DecimalField(
        "cadangan (%)",
        max_digits=6,
        decimal_places=3,
        validators=[
            MinValueValidator(Decimal(0), "Cadangan tidak boleh di bawah 0%%."),
            MaxValueValidator(Decimal(100), "Cadangan paling tinggi 100%%."),
        ],
    )

    area_path = ""
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "persen cadangan"
        verbose_name_plural = "persen cadangan"
        ordering = ["scheme", "level", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "level", "since"],
                name="rate_once_a_day",
                violation_error_message="Persen tingkat ini pada tanggal itu sudah ada. Pakai tanggal lain.",
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="rate_level_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme.code}: {self.level}, sejak {self.since:%d-%m-%Y}"

    def clean(self):
        super().clean()
        if self.scheme_id and not self.scheme.levels.filter(level=self.level).exists():
            raise ValidationError({"level": f"Skema {self.scheme} tidak punya tingkat {self.level}. Pilih yang lain."})


class FollowUp(AppendOnlyModel):
    """What was done about a late loan: who was asked, what was said, what was promised."""

    row_words = "Tindak lanjut"

    class Way(models.TextChoices):
        VISIT = "visit", "Kunjungan"
        CALL = "call", "Telepon/WA"
        MEETING = "meeting", "Rapat"
        LETTER = "letter", "Surat"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="follow_ups", verbose_name="pinjaman")
    on = DayField("tanggal")
    way = models.CharField("cara", max_length=7, choices=Way.choices)
    words = models.CharField("hasil pembicaraan", max_length=300, validators=[MinLengthValidator(5)])
    promised_on = DayField("janji bayar tanggal", null=True, blank=True)
    promised = RupiahField("janji bayar", null=True, blank=True, min_value=1)
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "tindak lanjut"
        verbose_name_plural = "tindak lanjut"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["loan", "-on", "-id"], name="follow_up_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_on=None, promised=None)
                | Q(promised_on__gte=F("on"), promised__isnull=False, promised__gt=0),
                name="follow_up_promise_has_both",
                violation_error_message="Janji bayar perlu tanggal (tidak sebelum tindak lanjutnya) dan jumlah.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return self.loan.get_absolute_url()
