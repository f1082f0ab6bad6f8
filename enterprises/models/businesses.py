"""Enterprises and their kinds: what members and poklak live from."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from enterprises.querysets import EnterpriseQuerySet
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


class Channel(models.TextChoices):
    """Where it sells; one enterprise may use several. The keys are the fields that say so."""

    LOCAL = "sells_locally", "Lokal"
    OUTSIDE = "sells_outside", "Luar kab."
    ONLINE = "sells_online", "Daring"


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
    workers = models.PositiveSmallIntegerField(
        "tenaga kerja", null=True, blank=True, help_text="Orang yang bekerja di usaha ini, termasuk pemiliknya."
    )
    is_flagship = models.BooleanField(
        "produk unggulan", default=False, help_text="Ditampilkan kelompok di lomba, bazar atau Dekranasda."
    )
    sells_locally = models.BooleanField("dijual di dalam kabupaten", default=False)
    sells_outside = models.BooleanField("dijual ke luar kabupaten", default=False)
    sells_online = models.BooleanField("dijual daring (WA, Facebook, lokapasar)", default=False)
    started_on = DayField("mulai usaha", null=True, blank=True)
    closed_on = DayField("berhenti", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.EDIT_REGISTRY
    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "usaha"
        verbose_name_plural = "usaha"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["village", "name"]), models.Index(fields=["name", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(poklak__isnull=True),
                name="enterprise_has_one_owner",
                violation_error_message="Pilih satu pemilik: anggota atau poklak.",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(started_on=None) | Q(closed_on__gte=models.F("started_on")),
                name="enterprise_closed_after_start",
                violation_error_message="Tanggal berhenti harus sama dengan atau sesudah mulai usaha.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("enterprise", args=[self.pk])

    @property
    def owner(self) -> Member | Poklak:
        return self.member or self.poklak

    @property
    def channel_words(self) -> str:
        """Lokal, Daring"""
        return ", ".join(one.label for one in Channel if getattr(self, one))

    @property
    def product_words(self) -> str:
        """Telur asin, telur asin asap: prefetch `products` where many are shown."""
        return ", ".join(product.name for product in self.products.all())

    @property
    def permit_rows(self) -> list | None:
        """The permits, for a column; prefetch `permits` where many are shown."""
        return list(self.permits.all()) or None

    def clean(self):
        for name in ("member", "poklak"):
            owner = getattr(self, name)
            if owner and owner.group_id != self.group_id:
                raise ValidationError({name: "Pemilik ini dari kelompok lain. Pilih dari kelompok yang sama."})
