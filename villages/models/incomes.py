"""What a member's family earns a month, each time somebody asked: the first answer and the latest tell the change."""

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models.members import Member
from villages.models.regions import Village


class HouseholdIncome(models.Model):
    """Rupiah a month of the whole household, as told on a day."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    member = models.ForeignKey(Member, models.PROTECT, related_name="incomes", verbose_name="anggota")
    asked_on = DayField("tanggal ditanya")
    amount = RupiahField(
        "pendapatan keluarga sebulan", help_text="Semua yang didapat serumah dalam sebulan, misalnya 1.750.000"
    )
    source = models.CharField(
        "sumber pendapatan", max_length=200, blank=True, help_text="Misalnya upah suami, jual telur asin"
    )
    asked_by = models.CharField("ditanya oleh", max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dicatat oleh"
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pendapatan keluarga"
        verbose_name_plural = "pendapatan keluarga"
        ordering = ["member", "asked_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "asked_on"],
                name="income_asked_once_a_day",
                violation_error_message="Pendapatannya pada tanggal itu sudah tercatat. Ubah catatan itu.",
            )
        ]

    def __str__(self) -> str:
        return f"Pendapatan keluarga {self.member}, {format_day(self.asked_on)}"

    def get_absolute_url(self) -> str:
        return self.member.get_absolute_url()

    def clean(self):
        if self.member_id and self.asked_on and self.asked_on < self.member.joined_on:
            joined = format_day(self.member.joined_on)
            raise ValidationError({"asked_on": f"Pendapatan dicatat sejak ia masuk, {joined}; tanggal ini sebelumnya."})
