"""Members entered as one block: the key that makes sending it twice do it once, and the numbers that add up."""

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.dates import today
from up2k_portal.lib.fields import DayField
from villages.models.groups import Group
from villages.models.members import Member
from villages.models.regions import Village


class BulkEntry(models.Model):
    """A pasted block that was saved: how many rows were read, and what became of each."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="bulk_entries", verbose_name="kelompok")
    uuid = models.UUIDField("kunci kiriman", unique=True)
    members = models.ManyToManyField(Member, related_name="bulk_entries", verbose_name="anggota")
    read = models.PositiveSmallIntegerField("baris dibaca")
    stored = models.PositiveSmallIntegerField("baris masuk")
    skipped = models.PositiveSmallIntegerField("baris dilewati")
    refused = models.PositiveSmallIntegerField("baris ditolak")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_on = DayField("tanggal", default=today)
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)
    undone_at = models.DateTimeField("dibatalkan", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pengisian sekaligus"
        verbose_name_plural = "pengisian sekaligus"
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["-recorded_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read=F("stored") + F("skipped") + F("refused")), name="bulk_rows_add_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stored} anggota {self.group}"

    def get_absolute_url(self) -> str:
        return reverse("bulk-entry", args=[self.pk])

    @property
    def may_be_undone(self) -> bool:
        """On the local day of the entry, and once."""
        return self.undone_at is None and self.recorded_on == today()
