"""New versions of the official forms, from a day on. The shipped layouts are version 1 of each."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Regency


class FormVersionQuerySet(ScopedQuerySet):
    def in_force(self, day):
        """Of each form the version of the day first: the latest valid-from, and of two the one put in force later."""
        rows = self.filter(valid_from__lte=day, in_force_at__isnull=False)
        return rows.order_by("form", "-valid_from", "-in_force_at", "-pk")


class FormVersion(models.Model):
    """A layout that replaces a form of a kabupaten from a day on; a province prints the shipped ones.

    Its layout never changes: a mistake is mended by another version. It prints nothing before someone has
    looked at it with real figures and put it in force.
    """

    regency = models.ForeignKey(Regency, models.PROTECT, related_name="form_versions", verbose_name="kabupaten/kota")
    form = models.CharField("formulir", max_length=20)  # code of the shipped form
    version = models.CharField("versi", max_length=40)
    valid_from = DayField("berlaku sejak", help_text="Periode yang berakhir pada hari ini atau sesudahnya.")
    layout = models.JSONField("susunan")
    note = models.CharField("keterangan", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="ditambahkan oleh")
    added_at = models.DateTimeField("ditambahkan", default=timezone.now)
    previewed_at = models.DateTimeField("dilihat dengan angka", null=True, blank=True)
    in_force_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="diberlakukan oleh"
    )
    in_force_at = models.DateTimeField("diberlakukan", null=True, blank=True)

    area_path = "regency__code"
    seen_with = Action.MANAGE_SETTINGS
    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versi formulir"
        verbose_name_plural = "versi formulir"
        ordering = ["form", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regency", "form", "version"],
                name="form_version_once",
                violation_error_message="Versi dengan nama ini sudah ada untuk formulir itu. Beri nama versi lain.",
            ),
            models.CheckConstraint(
                condition=Q(in_force_at=None) | Q(previewed_at__isnull=False),
                name="form_version_previewed",
                violation_error_message="Lihat dulu versi ini dengan angka periode lalu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} versi {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("form-version", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return self.in_force_at is not None
