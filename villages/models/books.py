"""What a group owns, and the letters it gets and sends: Buku Inventaris (4.12) and Agenda Surat (4.10)."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField
from villages.models.groups import Group
from villages.models.regions import Village


class InventoryItem(models.Model):
    class Condition(models.TextChoices):
        GOOD = "good", "Baik"
        WORN = "worn", "Rusak ringan"
        BROKEN = "broken", "Rusak berat"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="inventory", verbose_name="kelompok")
    name = models.CharField("nama barang", max_length=100)
    origin = models.CharField("asal barang", max_length=100, help_text="Misalnya dibeli dari kas, bantuan Dinas PMD")
    acquired_on = DayField("tanggal penerimaan/pembelian")
    quantity = models.PositiveIntegerField(
        "jumlah", default=1, validators=[MinValueValidator(1, "Jumlah paling sedikit 1.")]
    )
    place = models.CharField("tempat penyimpanan", max_length=100)
    condition = models.CharField("kondisi", max_length=8, choices=Condition.choices, default=Condition.GOOD)
    note = models.CharField("keterangan", max_length=200, blank=True)
    disposed_on = DayField(
        "dikeluarkan tanggal", null=True, blank=True, help_text="Hari barang dihapus dari inventaris: dijual, hilang."
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.EDIT_REGISTRY
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "barang inventaris"
        verbose_name_plural = "barang inventaris"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["village", "name"]), models.Index(fields=["group", "-acquired_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(disposed_on=None) | Q(disposed_on__gte=F("acquired_on")),
                name="item_disposed_after_acquired",
                violation_error_message="Tanggal keluar harus sama dengan atau sesudah tanggal penerimaan.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inventory", args=[self.pk])


class LetterQuerySet(ScopedQuerySet):
    def with_day(self):
        """`entered_on`: the day under which the agenda has the letter: received, or else written."""
        return self.annotate(entered_on=Coalesce("received_on", "dated_on"))


class Letter(models.Model):
    class Direction(models.TextChoices):
        IN = "in", "Surat masuk"
        OUT = "out", "Surat keluar"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="letters", verbose_name="kelompok")
    direction = models.CharField("arah", max_length=3, choices=Direction.choices, default=Direction.IN)
    number = models.CharField("nomor surat", max_length=60, blank=True)
    dated_on = DayField("tanggal surat")
    received_on = DayField("tanggal terima", null=True, blank=True, help_text="Hanya untuk surat masuk.")
    correspondent = models.CharField(
        "asal/kepada", max_length=120, help_text="Pengirim surat masuk, tujuan surat keluar."
    )
    subject = models.CharField("perihal", max_length=200)
    enclosure = models.CharField("lampiran", max_length=60, blank=True, help_text="Misalnya 1 berkas")
    copies = models.CharField(
        "diteruskan kepada/tembusan",
        max_length=120,
        blank=True,
        help_text="Surat masuk: siapa yang menindaklanjuti. Surat keluar: tembusannya.",
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.EDIT_REGISTRY
    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "surat"
        verbose_name_plural = "surat"
        ordering = ["-dated_on", "-pk"]
        indexes = [models.Index(fields=["village", "-dated_on", "-id"]), models.Index(fields=["group", "-dated_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="in", received_on__gte=F("dated_on")) | Q(direction="out", received_on=None),
                name="letter_received_after_written",
                violation_error_message="Tanggal terima harus sama dengan atau sesudah tanggal surat.",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.pk])

    @property
    def is_incoming(self) -> bool:
        return self.direction == self.Direction.IN

    def clean(self):
        if self.is_incoming and self.received_on is None:
            raise ValidationError({"received_on": "Isi tanggal surat masuk ini diterima."})
        if not self.is_incoming and self.received_on:
            raise ValidationError({"received_on": "Surat keluar tidak punya tanggal terima. Kosongkan."})
