"""Exports that take longer than a page may: who asked for what, how far it is, and where the file lies."""

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from reports.periods import parse_period
from up2k_portal.lib.access import Action, ScopedQuerySet


class ExportJobQuerySet(ScopedQuerySet):
    def unfinished(self):
        return self.filter(state__in=(ExportJob.State.WAITING, ExportJob.State.RUNNING))


class ExportJob(models.Model):
    """One file that somebody asked for. The bytes lie under MEDIA_ROOT, named by the uuid, until they expire."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu giliran"
        RUNNING = "running", "Sedang dibuat"
        DONE = "done", "Siap diunduh"
        FAILED = "failed", "Gagal"

    class Step(models.IntegerChoices):
        """What is behind it, in percent; the figures take the longest."""

        ASKED = 0, "menunggu giliran"
        BEGUN = 5, "membaca angka"
        READ = 60, "menulis lembar"
        WRITTEN = 95, "menyimpan berkas"
        DONE = 100, "selesai"

    uuid = models.UUIDField("kode", unique=True, default=uuid4)
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="exports", verbose_name="diminta oleh")
    asked_at = models.DateTimeField("diminta", default=timezone.now)
    form = models.CharField("formulir", max_length=20)
    area_code = models.CharField("kode wilayah", max_length=13)
    area_name = models.CharField("wilayah", max_length=100)
    period = models.CharField("periode", max_length=8)
    basis = models.CharField("dasar", max_length=10)
    state = models.CharField("keadaan", max_length=10, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField("kemajuan (%)", default=0)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    started_at = models.DateTimeField("dimulai", null=True, blank=True)
    finished_at = models.DateTimeField("selesai", null=True, blank=True)
    expires_at = models.DateTimeField("disimpan sampai", null=True, blank=True)
    problem = models.CharField("sebab gagal", max_length=300, blank=True)
    name = models.CharField("nama berkas", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("ukuran (byte)", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    area_path = "area_code"
    seen_with = Action.SEE_REPORTS
    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "unduhan"
        verbose_name_plural = "unduhan"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "expires_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="export_at_most_whole"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(sha256=""), name="export_done_with_its_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.area_code} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("exports")

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.DONE

    @property
    def period_name(self) -> str:
        return parse_period(self.period).name
