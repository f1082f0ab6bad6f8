"""Titip isi: a village without signal sends a photo of its sheet; the kecamatan types it, a second person checks."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Village


class EntrustedSheet(models.Model):
    """A photographed Lembar Setoran on its way into the books; until it is checked nothing of it counts.

    `rows` are the items of the sheet as they were typed (`loans.field.items`), each with the UUID under which it will
    be recorded: checked twice, it is recorded once.
    """

    class Status(models.TextChoices):
        SENT = "sent", "Menunggu diketik"
        TYPED = "typed", "Menunggu diperiksa"
        RECORDED = "recorded", "Tercatat"
        RETURNED = "returned", "Dikembalikan ke pengetik"
        REFUSED = "refused", "Ditolak"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="entrusted_sheets", verbose_name="kelompok")
    on = DayField("tanggal pertemuan")
    note = models.CharField("pesan", max_length=200, blank=True, help_text="Misalnya: dikirim Ibu Aminah lewat WA")
    status = models.CharField("keadaan", max_length=8, choices=Status.choices, default=Status.SENT)
    rows = models.JSONField("baris yang diketik", default=list, blank=True)
    paper_total = RupiahField("jumlah di kertas", null=True, blank=True, min_value=None)
    reason = models.CharField("alasan", max_length=300, blank=True)  # of the latest return or refusal
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dititipkan oleh")
    sent_at = models.DateTimeField("dititipkan", default=timezone.now)
    typed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="diketik oleh"
    )
    typed_at = models.DateTimeField("diketik", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="diperiksa oleh"
    )
    checked_at = models.DateTimeField("diperiksa", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.ENTRUST_SHEETS
    # Names and amounts of persons, which the receipts' own histories tell; moments that the history has itself.
    untold_fields = frozenset({"rows", "typed_at", "checked_at"})
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "lembar titipan"
        verbose_name_plural = "lembar titipan"
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["-sent_at", "-id"]),
            models.Index(fields=["village", "-sent_at", "-id"]),
            models.Index(fields=["status", "sent_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(typed_by=None) | Q(checked_by=None) | ~Q(typed_by=F("checked_by")),
                name="entrusted_checked_by_another",
                violation_error_message="Yang memeriksa harus orang lain daripada yang mengetik.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("returned", "refused")) | ~Q(reason=""),
                name="entrusted_returned_with_reason",
                violation_error_message="Tulis alasan lembar ini dikembalikan.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lembar titipan {self.group} {self.on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("entrusted", args=[self.pk])

    @property
    def why_files_stay(self) -> str:
        """Why no photo is added or removed any more; "" until it is typed. They are the proof of what was recorded."""
        if self.status not in (self.Status.TYPED, self.Status.RECORDED):
            return ""
        return "Lembar ini sudah diketik, jadi fotonya tetap di sini. Foto lain dikirim sebagai titipan baru."

    @property
    def is_typable(self) -> bool:
        return self.status in (self.Status.SENT, self.Status.RETURNED)
