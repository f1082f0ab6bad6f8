"""What members and poklak live from. The registry in full (turnover, permits, products) grows from here."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Group, Member, Poklak, Village


class Category(models.Model):
    name = models.CharField("nama", max_length=60, unique=True)

    area_path = ""
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "jenis usaha"
        verbose_name_plural = "jenis usaha"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A business of one member or of one poklak."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="enterprises", verbose_name="kelompok")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name="pemilik (anggota)"
    )
    poklak = models.ForeignKey(
        Poklak, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name="pemilik (poklak)"
    )
    name = models.CharField("nama usaha", max_length=100)
    category = models.ForeignKey(Category, models.PROTECT, related_name="enterprises", verbose_name="jenis usaha")
    products = models.CharField("hasil", max_length=200, blank=True, help_text="Misalnya telur asin, itik pedaging")
    started_on = DayField("mulai usaha", null=True, blank=True)
    closed_on = DayField("berhenti", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "usaha"
        verbose_name_plural = "usaha"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["village", "name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(poklak__isnull=True),
                name="enterprise_has_one_owner",
                violation_error_message="Pilih satu pemilik: anggota atau poklak.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprise", args=[self.pk])

    @property
    def owner(self) -> Member | Poklak:
        return self.member or self.poklak

    def clean(self):
        for name in ("member", "poklak"):
            owner = getattr(self, name)
            if owner and owner.group_id != self.group_id:
                raise ValidationError({name: "Pemilik ini dari kelompok lain. Pilih dari kelompok yang sama."})
