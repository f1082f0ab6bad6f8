"""What the kabupaten sent to the province: which reports, who was missing and why, and the file itself."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from villages.models import Regency


class Sending(AppendOnlyModel):
    """One act of the kabupaten's admin for one period; a period may be sent again after a correction."""

    row_words = "Pengiriman"
    instead = "kirim sekali lagi"

    regency = models.ForeignKey(Regency, models.PROTECT, related_name="sendings", verbose_name="kabupaten/kota")
    period = models.CharField("periode", max_length=8)
    number = models.PositiveSmallIntegerField("pengiriman ke")
    report_count = models.PositiveIntegerField("laporan")
    missing = models.JSONField("yang tidak ikut", default=list)  # [{"code", "name", "reason"}]
    head = models.JSONField("susunan", default=dict)  # the report without its groups: see reports.sent
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dikirim oleh")
    sent_at = models.DateTimeField("dikirim", default=timezone.now)

    area_path = "regency__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "pengiriman"
        verbose_name_plural = "pengiriman"
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["regency", "period", "number"], name="sending_once")]

    def __str__(self) -> str:
        return f"Pengiriman ke-{self.number} {self.period}"


class SentFile(AppendOnlyModel):
    """The workbook as it went out, byte for byte: in the database, so that no backup has one without the other."""

    row_words = "Berkas terkirim"
    instead = "kirim sekali lagi"

    sending = models.OneToOneField(Sending, models.PROTECT, related_name="file", verbose_name="pengiriman")
    name = models.CharField("nama berkas", max_length=100)
    sha256 = models.CharField("sidik", max_length=64)
    content = models.BinaryField("isi")

    area_path = "sending__regency__code"
    seen_with = Action.SEE_REPORTS
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "berkas terkirim"
        verbose_name_plural = "berkas terkirim"

    def __str__(self) -> str:
        return self.name
