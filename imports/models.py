"""Workbooks that came in: who sent which file, what was read of it, what became of its rows, and the way back."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from villages.models import Village


class Import(models.Model):
    """One workbook. Its bytes and the lines read of it lie under MEDIA_ROOT, named by the uuid, until they expire."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu dibaca"
        READING = "reading", "Sedang dibaca"
        FAILED = "failed", "Berkas ditolak"
        CHECKED = "checked", "Siap diperiksa"
        QUEUED = "queued", "Menunggu disimpan"
        SAVING = "saving", "Sedang disimpan"
        CUT = "cut", "Terputus"
        DONE = "done", "Tersimpan"
        UNDONE = "undone", "Dibatalkan"

    uuid = models.UUIDField("kode", unique=True, default=uuid4)
    area_code = models.CharField("kode wilayah", max_length=13)
    area_name = models.CharField("wilayah", max_length=100)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="desa/kelurahan"
    )
    kind = models.CharField("jenis", max_length=20, blank=True)
    file_name = models.CharField("berkas", max_length=120)
    sha256 = models.CharField("sidik berkas", max_length=64)
    size = models.PositiveBigIntegerField("ukuran (byte)")
    sheet = models.CharField("lembar", max_length=31, blank=True)
    version = models.PositiveSmallIntegerField("versi templat", null=True, blank=True)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.WAITING)
    is_partial = models.BooleanField("simpan yang benar saja", default=False)
    read = models.PositiveIntegerField("baris dibaca", default=0)
    new = models.PositiveIntegerField("baru", default=0)
    changed = models.PositiveIntegerField("diubah", default=0)
    skipped = models.PositiveIntegerField("dilewati", default=0)
    refused = models.PositiveIntegerField("ditolak", default=0)
    done = models.PositiveIntegerField("baris tersimpan", default=0)
    totals = models.JSONField("jumlah uang", default=dict, blank=True)
    headings = models.JSONField("letak kolom", default=dict, blank=True)
    notices = models.JSONField("catatan", default=list, blank=True)
    problem = models.CharField("sebab gagal", max_length=1000, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dikirim oleh")
    sent_at = models.DateTimeField("dikirim", default=timezone.now)
    moved_at = models.DateTimeField("terakhir bergerak", default=timezone.now)
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="disimpan oleh"
    )
    saved_at = models.DateTimeField("disimpan", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dibatalkan oleh"
    )
    undone_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    undo_reason = models.CharField("alasan pembatalan", max_length=300, blank=True)
    is_kept = models.BooleanField("berkas masih disimpan", default=True)

    area_path = "area_code"
    seen_with = Action.SEE_PEOPLE
    untold_fields = frozenset({"totals", "headings", "notices", "problem", "moved_at", "sha256", "uuid"})
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "impor"
        verbose_name_plural = "impor"
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["-sent_at", "-id"]),
            models.Index(fields=["area_code", "kind", "-sent_at"]),
            models.Index(fields=["sha256"]),
            models.Index(fields=["state"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(read=F("new") + F("changed") + F("skipped") + F("refused")), name="import_rows_add_up"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("read")), name="import_saves_what_it_read"),
        ]

    def __str__(self) -> str:
        return f"Impor no. {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def to_save(self) -> int:
        return self.new + self.changed

    @property
    def percent(self) -> int:
        return 100 * self.done // self.to_save if self.to_save else 0

    @property
    def is_moving(self) -> bool:
        """Whether something is being done with it, or waits for its turn."""
        return self.state in (self.State.WAITING, self.State.READING, self.State.QUEUED, self.State.SAVING)


class ImportPart(models.Model):
    """Rows of an import that were saved together: what they made and what they changed, for the list and the way back.

    `made`: [[model, key, code of the row], …]; `changed`: [[model, key, {field: [before, after]}], …]; `refused`:
    [[row, why], …] for rows that were right when they were checked and no longer when they were saved.
    """

    imported = models.ForeignKey(Import, models.CASCADE, related_name="parts", verbose_name="impor")
    number = models.PositiveIntegerField("bagian")
    rows = models.PositiveIntegerField("baris")  # of the file that it settled, whatever became of them
    made = models.JSONField("yang dibuat", default=list)
    changed = models.JSONField("yang diubah", default=list)
    refused = models.JSONField("yang ditolak", default=list)
    saved_at = models.DateTimeField("disimpan", default=timezone.now)

    area_path = "imported__area_code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "bagian impor"
        verbose_name_plural = "bagian impor"
        ordering = ["imported", "number"]
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"{self.imported}, bagian {self.number}"

    def keys(self, model: type[models.Model]) -> list[int]:
        label = model._meta.label_lower
        return [key for name, key, _ in self.made if name == label]
