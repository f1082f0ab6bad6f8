"""The narrative report a–h of an area and a period: its texts, and the document once it is final."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.dates import format_moment


class Narrative(models.Model):
    """Texts keep their braces, so that figures follow the reports until the document is final and frozen as it is."""

    area_code = models.CharField("kode wilayah", max_length=13)
    period = models.CharField("periode", max_length=8)
    texts = models.JSONField("naskah", default=dict, blank=True)  # {"a": "… {balance} …"}
    document = models.JSONField("naskah final", null=True, blank=True)  # reports.narrative_words.Document
    final_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dijadikan final oleh"
    )
    final_at = models.DateTimeField("dijadikan final", null=True, blank=True)

    area_path = "area_code"
    seen_with = Action.SEE_REPORTS
    untold_fields = frozenset({"texts", "document"})
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "laporan naratif"
        verbose_name_plural = "laporan naratif"
        ordering = ["-period", "area_code"]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "period"], name="narrative_once"),
            models.CheckConstraint(
                condition=Q(document=None, final_at=None) | Q(document__isnull=False, final_at__isnull=False),
                name="narrative_final_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"Laporan naratif {self.area_code} {self.period}"

    @property
    def is_final(self) -> bool:
        return self.final_at is not None

    @property
    def final_words(self) -> str:
        """Dijadikan final oleh Noor Hayati, 12 Januari 2027, 09.41 WITA"""
        return f"Dijadikan final oleh {self.final_by}, {format_moment(self.final_at)}" if self.final_at else ""

    def told_besides(self) -> dict[str, str]:
        """The history tells each section by its letter."""
        return {f"bagian {key}": text for key, text in sorted(self.texts.items())}
