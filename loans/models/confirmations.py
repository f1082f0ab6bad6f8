"""Konfirmasi saldo: what a member says of the balance that the book has of her."""

from uuid import uuid4

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.quarters import of_key
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Village


class Confirmation(AppendOnlyModel):
    """Her answer to the figures that she was shown, kept with it; of several of one quarter the latest counts."""

    row_words = "Jawaban konfirmasi"
    instead = "catat jawaban yang baru"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="confirmations", verbose_name="kelompok")
    member = models.ForeignKey(Member, models.PROTECT, related_name="confirmations", verbose_name="anggota")
    quarter = models.PositiveIntegerField("triwulan")  # 20263: the third of 2026
    loan = RupiahField("sisa pokok pinjaman")
    poklak_share = RupiahField("bagian di pinjaman poklak", default=0)  # pokok and jasa
    initial = RupiahField("simpanan pokok")
    mandatory = RupiahField("simpanan wajib")
    voluntary = RupiahField("simpanan sukarela")
    agrees = models.BooleanField("cocok")
    note = models.CharField("catatan", max_length=200, blank=True, validators=[MinLengthValidator(5)])
    answered_on = DayField("dijawab tanggal")
    uuid = models.UUIDField("kunci kiriman", default=uuid4, editable=False)  # of the page: a row a member
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    FIGURES = ("loan", "poklak_share", "initial", "mandatory", "voluntary")

    class Meta:
        verbose_name = "konfirmasi saldo"
        verbose_name_plural = "konfirmasi saldo"
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["group", "quarter"], name="confirmation_of_quarter")]
        constraints = [
            models.UniqueConstraint(fields=["uuid", "member"], name="confirmation_once_a_sending"),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(note=""),
                name="confirmation_no_has_note",
                violation_error_message="Tulis apa yang tidak cocok.",
            ),
        ]

    def __str__(self) -> str:
        return f"Konfirmasi {self.member}, {of_key(self.quarter).name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('confirmations', args=[self.group_id])}?triwulan={of_key(self.quarter).code}"

    @property
    def figures(self) -> tuple[int, ...]:
        """Rupiah that she was shown: loan, part of poklak loans, savings by kind."""
        return tuple(getattr(self, name) for name in self.FIGURES)
