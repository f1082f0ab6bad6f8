"""A village's report of a period: its state, its frozen versions, its steps, and remarks on single values."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from reports.completeness import IS_IN
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Group, Village


class State(models.TextChoices):
    """Where a report stands on its way. A village without a row has not begun: its draft is computed when looked at."""

    DRAFT = "draft", "Draf"
    SUBMITTED = "submitted", "Diajukan"
    VERIFIED = "verified", "Diverifikasi kecamatan"
    APPROVED = "approved", "Disetujui kabupaten"
    SENT = "sent", "Terkirim ke provinsi"
    RETURNED = "returned", "Dikembalikan"


IN = tuple(state for state in State if state in IS_IN)  # counted as received
AGREED = (State.APPROVED, State.SENT)  # may stand in a workbook


class Verb(models.TextChoices):
    SUBMIT = "submit", "Diajukan"
    WITHDRAW = "withdraw", "Ditarik kembali"
    VERIFY = "verify", "Diverifikasi"
    APPROVE = "approve", "Disetujui"
    SEND = "send", "Dikirim ke provinsi"
    RETURN = "return", "Dikembalikan"


class DefinitionSet(AppendOnlyModel):
    """The table of indicators as it was when reports were frozen with it."""

    row_words = "Definisi indikator"
    instead = "simpan susunan baru"

    sha256 = models.CharField("sidik", max_length=64, unique=True)
    rows = models.JSONField("definisi")
    kept_at = models.DateTimeField("disimpan", default=timezone.now)

    area_path = ""
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "definisi indikator"
        verbose_name_plural = "definisi indikator"

    def __str__(self) -> str:
        return self.sha256[:8]


class VillageReport(models.Model):
    """One village, one period. `state` and `version` are where its steps led; all else is in the versions."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="reports", verbose_name="desa/kelurahan")
    period = models.CharField("periode", max_length=8)  # 2026-TW3
    last_month = models.PositiveIntegerField("bulan terakhir")  # 202609
    state = models.CharField("keadaan", max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.ForeignKey(
        "ReportVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="versi"
    )
    submitted_on = DayField("masuk tanggal", null=True, blank=True)  # of the first submission: it decides on time
    changed_at = models.DateTimeField("berubah", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_REPORTS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "laporan desa"
        verbose_name_plural = "laporan desa"
        ordering = ["-last_month", "village"]
        constraints = [
            models.UniqueConstraint(fields=["village", "period"], name="village_reports_once"),
            models.CheckConstraint(condition=Q(state="draft") | Q(version__isnull=False), name="report_has_version"),
        ]
        indexes = [models.Index(fields=["period", "state"])]

    def __str__(self) -> str:
        return f"Laporan {self.village} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("village-report", args=[self.village_id, self.period])

    @property
    def is_in(self) -> bool:
        return self.state in IN

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED


class ReportVersion(AppendOnlyModel):
    """The figures as they were signed off. Its fingerprint is what the next ones review, approve and send."""

    row_words = "Versi laporan"
    instead = "ajukan versi baru"

    report = models.ForeignKey(VillageReport, models.PROTECT, related_name="versions", verbose_name="laporan")
    number = models.PositiveSmallIntegerField("versi ke")
    figures = models.JSONField("angka")  # reports.snapshot.Snapshot
    sha256 = models.CharField("sidik", max_length=64)  # of the canonical JSON of `figures`
    definitions = models.ForeignKey(DefinitionSet, models.PROTECT, related_name="+", verbose_name="definisi")
    is_nil = models.BooleanField("nihil", default=False)
    nil_reason = models.CharField("alasan nihil", max_length=300, blank=True)
    explanations = models.JSONField("penjelasan", default=dict)  # {finding key: {"finding", "words"}}
    warning_count = models.PositiveSmallIntegerField("peringatan", default=0)
    signed_name = models.CharField("ditandatangani", max_length=100, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="diajukan oleh")
    made_at = models.DateTimeField("diajukan", default=timezone.now)

    area_path = "report__village__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "versi laporan"
        verbose_name_plural = "versi laporan"
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]

    def __str__(self) -> str:
        return f"Versi {self.number}"


class ReportStep(AppendOnlyModel):
    """What someone did with a version, and the state it led to."""

    row_words = "Langkah laporan"
    instead = "catat langkah baru"

    report = models.ForeignKey(VillageReport, models.PROTECT, related_name="steps", verbose_name="laporan")
    version = models.ForeignKey(ReportVersion, models.PROTECT, related_name="steps", verbose_name="versi")
    verb = models.CharField("langkah", max_length=8, choices=Verb.choices)
    state = models.CharField("menjadi", max_length=9, choices=State.choices)
    reason = models.CharField("alasan", max_length=300, blank=True)
    sending = models.ForeignKey(
        "Sending", models.PROTECT, null=True, blank=True, related_name="steps", verbose_name="pengiriman"
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="oleh")
    at = models.DateTimeField("waktu", default=timezone.now)

    area_path = "report__village__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "langkah laporan"
        verbose_name_plural = "langkah laporan"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.version}"


class ReportRemark(AppendOnlyModel):
    """A remark of whoever returned a version, on one value of one group, on a group, or on the whole."""

    row_words = "Catatan"
    instead = "tulis catatan baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    step = models.ForeignKey(ReportStep, models.PROTECT, related_name="remarks", verbose_name="pengembalian")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kelompok")
    key = models.CharField("angka", max_length=40, blank=True)  # of the indicator, "" for all of them
    words = models.CharField("catatan", max_length=300, validators=[MinLengthValidator(10)])

    area_path = "village__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "catatan laporan"
        verbose_name_plural = "catatan laporan"
        ordering = ["step", "pk"]

    def __str__(self) -> str:
        return self.words[:40]
