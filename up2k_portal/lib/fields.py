"""Model fields that know what they hold, so that screen, Excel and JSON follow the type."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from up2k_portal.lib import forms

MAX_RUPIAH = 10**12  # a trillion: beyond any village fund, far below what BIGINT and Excel hold exactly


class RupiahField(models.BigIntegerField):
    """Whole rupiah. Never a decimal: SQLite sums those as binary floats."""

    description = "Rupiah bulat"

    def __init__(self, *args, min_value: int | None = 0, **kwargs):
        self.min_value = min_value
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.min_value != 0:
            kwargs["min_value"] = self.min_value
        return name, path, args, kwargs

    @property
    def validators(self):
        limits = [MaxValueValidator(MAX_RUPIAH, "Jumlah terlalu besar: paling banyak Rp1.000.000.000.000.")]
        if self.min_value is not None:
            least = f"{self.min_value:,}".replace(",", ".")
            limits.append(MinValueValidator(self.min_value, f"Jumlah terlalu kecil: paling sedikit Rp{least}."))
        return [*self._validators, *limits]

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self, **{"form_class": forms.RupiahFormField, "min_value": self.min_value, **kwargs}
        )


class DayField(models.DateField):
    """A day, typed the Indonesian way."""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": forms.DayFormField, **kwargs})
