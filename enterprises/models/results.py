"""What an enterprise turned over and spent, month by month."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from enterprises.models.businesses import Enterprise
from enterprises.models.products import Product
from enterprises.months import EARLIEST, LATEST, is_month, month_name
from enterprises.querysets import ResultQuerySet
from up2k_portal.lib.access import Action
from up2k_portal.lib.fields import RupiahField
from villages.models import Group, Village


def check_month(period: int) -> None:
    if not is_month(period):
        raise ValidationError("Bulan tidak dikenal. Tulis tahun dan bulan, misalnya 202609.")


class MonthlyResult(models.Model):
    """One month of one enterprise, under the group in which it was earned. No row: not asked; zeros: nihil."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="results", verbose_name="kelompok")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="results", verbose_name="usaha")
    period = models.PositiveIntegerField("bulan", validators=[check_month])
    turnover = RupiahField("omzet")
    cost = RupiahField("biaya", help_text="Bahan, upah, ongkos: semua yang dikeluarkan untuk usaha bulan itu.")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="results", verbose_name="produk"
    )
    volume = models.PositiveIntegerField("volume", null=True, blank=True, help_text="Dalam satuan produknya.")

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = "hasil bulanan"
        verbose_name_plural = "hasil bulanan"
        ordering = ["-period", "pk"]
        indexes = [models.Index(fields=["group", "period"]), models.Index(fields=["-period", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "period"],
                name="one_result_a_month",
                violation_error_message="Bulan ini sudah tercatat untuk usaha ini. Ubah catatannya.",
            ),
            models.CheckConstraint(
                condition=Q(period__range=(EARLIEST, LATEST)),
                name="result_in_a_month",
                violation_error_message="Bulan tidak dikenal. Tulis tahun dan bulan, misalnya 202609.",
            ),
            models.CheckConstraint(
                condition=Q(volume=None) | Q(product__isnull=False),
                name="volume_has_a_product",
                violation_error_message="Pilih produknya, supaya volume punya satuan.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}, {month_name(self.period)}"

    def get_absolute_url(self) -> str:
        return self.enterprise.get_absolute_url()

    @property
    def net_income(self) -> int:
        """Rupiah; below zero where the month cost more than it brought."""
        return self.turnover - self.cost

    def clean(self):
        if self.product_id and self.product.enterprise_id != self.enterprise_id:
            raise ValidationError({"product": "Produk ini milik usaha lain. Pilih produk usaha yang sama."})
