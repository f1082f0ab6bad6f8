"""Members of a group. Who has records leaves; nobody is deleted."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages import nik
from villages.models.groups import Group, Poklak
from villages.models.regions import Village


class Welfare(models.TextChoices):
    POOR = "poor", "Keluarga miskin"
    NEAR_POOR = "near_poor", "Rentan miskin"
    SUFFICIENT = "sufficient", "Cukup"
    UNKNOWN = "unknown", "Belum didata"


class MemberQuerySet(ScopedQuerySet):
    def active_on(self, day):
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)


class Member(models.Model):
    """A member of a group, in a poklak or on her own (perorangan)."""

    class Sex(models.TextChoices):
        FEMALE = "P", "Perempuan"
        MALE = "L", "Laki-laki"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="members", verbose_name="kelompok")
    poklak = models.ForeignKey(
        Poklak,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name="poklak",
        help_text="Kosongkan bila perorangan.",
    )
    name = models.CharField("nama", max_length=100)
    nik = models.CharField("NIK", max_length=16, null=True, blank=True)
    nik_missing_reason = models.CharField("alasan belum ada NIK", max_length=100, blank=True)
    family_card_number = models.CharField("nomor KK", max_length=16, blank=True)
    sex = models.CharField("jenis kelamin", max_length=1, choices=Sex.choices, default=Sex.FEMALE)
    birth_date = DayField("tanggal lahir", null=True, blank=True)
    address = models.CharField("alamat", max_length=200, blank=True, help_text="RT/RW atau nama jalan, anjir, handil")
    phone = models.CharField("nomor HP", max_length=20, blank=True)
    welfare = models.CharField(
        "keadaan keluarga saat masuk", max_length=10, choices=Welfare.choices, default=Welfare.UNKNOWN
    )
    income_at_joining = RupiahField("pendapatan keluarga sebulan saat masuk", null=True, blank=True)
    joined_on = DayField("masuk tanggal")
    left_on = DayField("keluar tanggal", null=True, blank=True)
    left_reason = models.CharField("alasan keluar", max_length=100, blank=True)
    consent_on = DayField(
        "tanggal persetujuan data",
        null=True,
        blank=True,
        help_text="Hari ia menandatangani persetujuan datanya disimpan.",
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    masked_fields = frozenset({"nik", "family_card_number"})
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "anggota"
        verbose_name_plural = "anggota"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["village", "name"]), models.Index(fields=["name", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "nik"],
                condition=Q(left_on=None),
                name="nik_once_in_group",
                violation_error_message="NIK ini sudah dipakai anggota lain di kelompok yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(nik__isnull=False) | ~Q(nik_missing_reason=""),
                name="nik_or_reason",
                violation_error_message="Isi NIK, atau tulis alasan belum ada NIK.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="left_after_joining",
                violation_error_message="Tanggal keluar harus sama dengan atau sesudah tanggal masuk.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | ~Q(left_reason=""),
                name="left_with_reason",
                violation_error_message="Tulis alasan keluar.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.pk])

    def clean(self):
        self.nik = self._cleaned("nik", nik.clean_nik) or None
        self.family_card_number = self._cleaned("family_card_number", nik.clean_family_card)
        if self.poklak_id and self.poklak.group_id != self.group_id:
            raise ValidationError({"poklak": "Poklak ini milik kelompok lain. Pilih poklak kelompok yang sama."})

    def _cleaned(self, name: str, rule) -> str:
        text = getattr(self, name) or ""
        try:
            return rule(text) if text.strip() else ""
        except ValueError as error:
            raise ValidationError({name: str(error)}) from error

    @property
    def nik_warnings(self) -> list[str]:
        if not self.nik:
            return []
        regency_code = self.village.code[:5]
        return nik.nik_warnings(self.nik, sex=self.sex, birth_date=self.birth_date, regency_code=regency_code)
