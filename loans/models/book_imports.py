"""Yearly books that came in as a file: what was read, and what of it became figures of the opening."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.models.loans import LoanProduct
from loans.models.opening import OpeningLine
from loans.models.rules import BookInstalments
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Group, Member, Village


class BookImport(models.Model):
    """A file that was read; nothing of it counts before it is used. One that is not used gives way to the next."""

    Meaning = BookInstalments

    class SavingKind(models.TextChoices):
        INITIAL = "initial", "Simpanan pokok"
        MANDATORY = "mandatory", "Simpanan wajib"
        VOLUNTARY = "voluntary", "Simpanan sukarela"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="book_imports", verbose_name="kelompok")
    file_name = models.CharField("berkas", max_length=120)
    sha256 = models.CharField("sidik berkas", max_length=64)
    year = models.PositiveSmallIntegerField("tahun buku")
    book = models.JSONField("isi yang terbaca")
    product = models.ForeignKey(LoanProduct, models.PROTECT, related_name="+", verbose_name="produk pinjaman")
    on = DayField("tanggal awal buku")
    meaning = models.CharField("arti angsuran", max_length=9, choices=Meaning.choices, default=Meaning.TOTAL)
    saving_kind = models.CharField(
        "jenis simpanan", max_length=9, choices=SavingKind.choices, default=SavingKind.MANDATORY
    )
    lines = models.ManyToManyField(OpeningLine, related_name="book_imports", verbose_name="angka saldo awal")
    members = models.ManyToManyField(Member, related_name="+", verbose_name="anggota baru")
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dibaca oleh")
    read_at = models.DateTimeField("dibaca", default=timezone.now)
    used_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dipakai oleh"
    )
    used_at = models.DateTimeField("dipakai", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    untold_fields = frozenset({"book"})  # persons and their money, which the figures' own histories tell
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "impor buku tahunan"
        verbose_name_plural = "impor buku tahunan"
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"Buku {self.year} {self.group}"

    def get_absolute_url(self) -> str:
        return reverse("book-import-check", args=[self.pk])
