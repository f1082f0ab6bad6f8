"""Province, regency, district (kecamatan), village: the Ministry's codes, which carry the hierarchy.

Names repeat, even inside one kecamatan: nothing matches by name, and a village is always shown with its kecamatan.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField

DEFAULT_OPERATOR_LIMIT = 5_000_000  # rupiah; each regency's admin sets its own


def _code(pattern: str, example: str) -> RegexValidator:
    return RegexValidator(rf"^{pattern}$", f"Kode wilayah tidak tepat: tulis seperti {example}.")


class RegionQuerySet(ScopedQuerySet):
    def active_on(self, day):
        """The regions in force on a day; no start means as long as the record goes back."""
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=day), Q(active_until=None) | Q(active_until__gte=day)
        )


class Region(models.Model):
    """What the four levels share."""

    name = models.CharField("nama", max_length=100)
    active_from = DayField("berlaku sejak", null=True, blank=True)
    active_until = DayField("berlaku sampai", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="pengganti"
    )

    area_path = "code"
    seen_with = Action.SEE_GROUPS
    objects = RegionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_until=None) | Q(active_until__gte=F("active_from")),
                name="%(class)s_active_until_after_from",
                violation_error_message="Berlaku sampai harus sesudah berlaku sejak.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def full_name(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.full_name


class Province(Region):
    code = models.CharField("kode", max_length=2, unique=True, validators=[_code(r"\d\d", "63")])

    class Meta(Region.Meta):
        verbose_name = "provinsi"
        verbose_name_plural = "provinsi"

    @property
    def full_name(self) -> str:
        return f"Provinsi {self.name}"


class Regency(Region):
    """Kabupaten or kota; the name carries the word ("Kabupaten Hulu Sungai Utara")."""

    code = models.CharField("kode", max_length=5, unique=True, validators=[_code(r"\d\d\.\d\d", "63.08")])
    province = models.ForeignKey(Province, models.PROTECT, related_name="regencies", verbose_name="provinsi")
    operator_limit = RupiahField(
        "batas pencairan operator",
        default=DEFAULT_OPERATOR_LIMIT,
        help_text="Pinjaman di atas jumlah ini dicairkan setelah disetujui kecamatan atau kabupaten.",
    )

    class Meta(Region.Meta):
        verbose_name = "kabupaten/kota"
        verbose_name_plural = "kabupaten/kota"


class District(Region):
    """Kecamatan. The word "district" never means kabupaten here."""

    code = models.CharField("kode", max_length=8, unique=True, validators=[_code(r"\d\d\.\d\d\.\d\d", "63.08.03")])
    regency = models.ForeignKey(Regency, models.PROTECT, related_name="districts", verbose_name="kabupaten/kota")

    class Meta(Region.Meta):
        verbose_name = "kecamatan"
        verbose_name_plural = "kecamatan"

    @property
    def full_name(self) -> str:
        return f"Kecamatan {self.name}"

    @property
    def label(self) -> str:
        return f"Kec. {self.name}"


class VillageKind(models.TextChoices):
    """The first digit of the code's last part tells the kind: 1 kelurahan, 2 desa, 3 desa adat."""

    KELURAHAN = "1", "Kelurahan"
    DESA = "2", "Desa"
    DESA_ADAT = "3", "Desa Adat"


class Village(Region):
    """Desa, kelurahan or desa adat."""

    code = models.CharField(
        "kode", max_length=13, unique=True, validators=[_code(r"\d\d\.\d\d\.\d\d\.\d{4}", "63.08.03.2014")]
    )
    kind = models.CharField("jenis", max_length=1, choices=VillageKind.choices)
    postcode = models.CharField("kode pos", max_length=5, blank=True, validators=[_code(r"\d{5}", "71455")])
    district = models.ForeignKey(District, models.PROTECT, related_name="villages", verbose_name="kecamatan")
    is_assisted = models.BooleanField(
        "dibantu kecamatan", default=False, help_text="Kecamatan boleh mengisi data dan uang desa ini."
    )

    class Meta(Region.Meta):
        verbose_name = "desa/kelurahan"
        verbose_name_plural = "desa/kelurahan"

    @property
    def full_name(self) -> str:
        """Desa Pandulangan"""
        return f"{self.get_kind_display()} {self.name}"

    @property
    def label(self) -> str:
        """Desa Pandulangan — Kec. Sungai Pandan"""
        return f"{self.full_name} — Kec. {self.district.name}"
