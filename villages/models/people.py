"""Decisions about which memberships are one person. No row of a member is ever joined into another or deleted."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from villages.models.members import Member


class PersonDecisionQuerySet(AppendOnlyQuerySet):
    def standing(self):
        """Those that nobody took back."""
        return self.filter(undone_by=None).exclude(kind=PersonDecision.Kind.UNDONE)

    def linking(self):
        """Those that make two rows one person; a transfer says so even when it is taken back."""
        same = Q(kind=PersonDecision.Kind.SAME, undone_by=None)
        return self.filter(same | Q(kind=PersonDecision.Kind.MOVED))

    def different(self):
        """Those by which two rows are two persons."""
        return self.standing().filter(kind=PersonDecision.Kind.DIFFERENT)


class PersonDecision(AppendOnlyModel):
    """Somebody of the kabupaten judged two rows: who, when, why. Taking it back is a new row that points at it."""

    class Kind(models.TextChoices):
        SAME = "same", "Orang yang sama"
        DIFFERENT = "different", "Orang berbeda"
        MOVED = "moved", "Pindah kelompok"
        UNDONE = "undone", "Dibatalkan"

    row_words = "Keputusan tentang orang"
    instead = "batalkan dengan keputusan baru"

    kind = models.CharField("keputusan", max_length=10, choices=Kind.choices)
    first = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="catatan pertama")
    second = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="catatan kedua")
    area_code = models.CharField(
        "kode wilayah", max_length=13, blank=True, help_text="Wilayah terkecil yang memuat keduanya"
    )
    reason = models.CharField("alasan", max_length=300)
    decided_at = models.DateTimeField("waktu", default=timezone.now, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="diputuskan oleh")
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name="membatalkan"
    )

    # The smallest region around both rows: who serves one village of two never sees that there is a second.
    area_path = "area_code"
    seen_with = Action.EDIT_GROUPS
    objects = PersonDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "keputusan tentang orang"
        verbose_name_plural = "keputusan tentang orang"
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["area_code", "-decided_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="person_decision_of_two_rows",
                violation_error_message="Keputusan selalu tentang dua catatan, yang lama lebih dulu.",
            ),
            models.CheckConstraint(
                condition=Q(kind="undone", undoes__isnull=False) | (~Q(kind="undone") & Q(undoes=None)),
                name="person_undoing_names_what",
                violation_error_message="Pembatalan harus menyebut keputusan yang dibatalkan.",
            ),
        ]

    def __str__(self) -> str:
        """A number alone: it stands in the history of rows whose readers may not know the other row."""
        return f"Keputusan no. {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("people-case", args=[self.pair])

    @property
    def pair(self) -> str:
        return f"{self.first_id}-{self.second_id}"

    @property
    def is_standing(self) -> bool:
        return self.kind != self.Kind.UNDONE and not hasattr(self, "undone_by")

    @property
    def state_words(self) -> str:
        """How it stands today; select `undone_by` with the row."""
        return "" if self.is_standing or self.kind == self.Kind.UNDONE else "sudah dibatalkan"
