"""Serah terima pengurus: one officer hands her office to the next, with what she kept."""

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.models.months import CashCount
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Group, Office, Officer, Village


class Handover(AppendOnlyModel):
    """The act and its figures as they were that day: the signed paper says the same whenever it is printed again.

    `balances` are rupiah by account; `loans` lists [number, borrower, principal still owed]; `documents` the codes
    of what was handed over.
    """

    row_words = "Serah terima"
    instead = "catat serah terima berikutnya"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="handovers", verbose_name="kelompok")
    office = models.CharField("jabatan", max_length=10, choices=Office.choices)
    on = DayField("tanggal")
    outgoing = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="yang menyerahkan")
    incoming = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="yang menerima")
    cash_count = models.ForeignKey(CashCount, models.PROTECT, related_name="handovers", verbose_name="hitungan kas")
    balances = models.JSONField("saldo", default=dict)
    loans = models.JSONField("pinjaman berjalan", default=list, blank=True)
    documents = models.JSONField("dokumen", default=list, blank=True)
    documents_note = models.CharField("dokumen lain dan catatan", max_length=300, blank=True)
    closed_user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="akun yang ditutup"
    )
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    untold_fields = frozenset({"balances", "loans", "documents"})  # words of the code; the paper tells them
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "serah terima pengurus"
        verbose_name_plural = "serah terima pengurus"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"Serah terima {self.get_office_display().lower()} {self.on:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("handover-paper", args=[self.pk])
