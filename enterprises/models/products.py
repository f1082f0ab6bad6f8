"""What an enterprise makes, and what it is permitted to."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from enterprises.models.businesses import Enterprise
from enterprises.querysets import PermitQuerySet
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Village

RENEW_WITHIN = timedelta(days=90)  # the offices that renew take weeks


class Product(models.Model):
    """Something an enterprise sells: its unit, and the price of one unit."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="products", verbose_name="usaha")
    name = models.CharField("nama produk", max_length=80, help_text="Misalnya telur asin, kain bordir")
    unit = models.CharField("satuan", max_length=20, help_text="Misalnya butir, bungkus, lembar, kg")
    price = RupiahField("harga satuan", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "produk usaha"
        verbose_name_plural = "produk usaha"
        ordering = ["enterprise", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "name"],
                name="product_name_once_in_enterprise",
                violation_error_message="Produk dengan nama ini sudah ada di usaha yang sama.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()


class Permit(models.Model):
    """A permit or certificate. A renewal is a new row: the old number stays as it was."""

    class Kind(models.TextChoices):
        NIB = "nib", "NIB"
        PIRT = "pirt", "P-IRT"
        HALAL = "halal", "Halal"
        BRAND = "brand", "Merek"
        BPOM = "bpom", "BPOM"
        RIGHTS = "rights", "HAKI"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="permits", verbose_name="usaha")
    kind = models.CharField("jenis izin", max_length=6, choices=Kind.choices)
    number = models.CharField("nomor", max_length=60)
    issued_on = DayField("terbit", null=True, blank=True)
    expires_on = DayField("berlaku sampai", null=True, blank=True, help_text="Kosong bila berlaku seterusnya.")

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = "izin usaha"
        verbose_name_plural = "izin usaha"
        ordering = ["enterprise", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "number"],
                name="permit_number_once",
                violation_error_message="Izin dengan nomor ini sudah tercatat untuk usaha yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="permit_expires_after_issue",
                violation_error_message="Berlaku sampai harus sesudah tanggal terbit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()

    def state_on(self, day: date) -> str:
        """ "kedaluwarsa", "hampir_habis" (within 90 days) or "berlaku": the keys of their badges."""
        if self.expires_on is None or self.expires_on > day + RENEW_WITHIN:
            return "berlaku"
        return "kedaluwarsa" if self.expires_on < day else "hampir_habis"
