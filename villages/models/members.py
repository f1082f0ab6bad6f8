"""Members of a group. Who has records leaves; nobody is deleted."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField
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

    def with_incomes(self, as_of):
        """What her family earns a month, by answers up to the day: `income_before`, `income_before_on` of the first,
        `income_after`, `income_after_on` of the latest and `income_difference`, all None until she was asked twice;
        `income_latest`, `income_latest_on` of the latest, be it the first.
        """
        asked = _incomes().filter(member=OuterRef("pk"), asked_on__lte=as_of)
        first = asked.order_by("asked_on")
        again = asked.filter(asked_on__gt=OuterRef("income_before_on")).order_by("-asked_on")
        return (
            self.annotate(income_before=_one(first, "amount"), income_before_on=_one(first, "asked_on"))
            .annotate(income_after=_one(again, "amount"), income_after_on=_one(again, "asked_on"))
            .annotate(
                income_difference=F("income_after") - F("income_before"),
                income_latest=Coalesce("income_after", "income_before"),
                income_latest_on=Coalesce("income_after_on", "income_before_on"),
            )
        )

    def asked_in(self, year: int):
        """Whose family's income was asked in that year."""
        return self.filter(Exists(_incomes().filter(member=OuterRef("pk"), asked_on__year=year)))

    def not_asked_in(self, year: int):
        return self.exclude(Exists(_incomes().filter(member=OuterRef("pk"), asked_on__year=year)))


def _incomes():
    return apps.get_model("villages", "HouseholdIncome").objects


def _one(rows, name: str):
    return Subquery(rows.values(name)[:1])


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
    joined_on = DayField("masuk tanggal")
    left_on = DayField("keluar tanggal", null=True, blank=True)
    left_reason = models.CharField("alasan keluar", max_length=100, blank=True)
    consent_on = DayField(
        "tanggal persetujuan data",
        null=True,
        blank=True,
        help_text="Hari ia menandatangani persetujuan datanya disimpan.",
    )
    # Rows with the same one are memberships of one person; `people_services` alone sets it.
    person = models.ForeignKey(
        "PersonDecision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="orang yang sama menurut",
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.EDIT_REGISTRY
    masked_fields = frozenset({"nik", "family_card_number"})
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "anggota"
        verbose_name_plural = "anggota"
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["village", "name"]),
            models.Index(fields=["name", "id"]),
            models.Index(fields=["nik"]),
            models.Index(fields=["birth_date"]),
        ]
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

    @property
    def income_at_joining(self) -> int | None:
        """Rupiah a month that her family earned when she joined, as told on that day; None when nobody asked."""
        row = self.incomes.filter(asked_on=self.joined_on).first()
        return row and row.amount

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
        try:
            nik.clean_nik(self.nik)
        except ValueError as error:  # an old row, from before it was asked for
            return [str(error)]
        regency_code = self.village.code[:5]
        return nik.nik_warnings(self.nik, sex=self.sex, birth_date=self.birth_date, regency_code=regency_code)
