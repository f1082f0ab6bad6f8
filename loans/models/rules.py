"""What a group agreed on: its money rules, and what members save and contribute."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Village


class Reaction(models.TextChoices):
    """What a rule about new loans does."""

    OFF = "off", "Dibiarkan"
    WARN = "warn", "Diperingatkan"
    STOP = "stop", "Ditolak"


class TotalCovers(models.TextChoices):
    """What a total pays: the loan alone, or what is due of wajib and iuran too, before money goes ahead."""

    LOAN = "loan", "Pinjaman saja"
    DUES = "dues", "Tagihan pinjaman, lalu simpanan wajib dan iuran"


class BookInstalments(models.TextChoices):
    """What the column ANGSURAN of the yearly book holds, in the old book and in the one that is printed."""

    TOTAL = "total", "Pokok dan jasa"
    PRINCIPAL = "principal", "Pokok saja"


class DueDay(models.Model):
    """The day of the month on which loans fall due; the cut-off day belongs to it and says nothing without it."""

    due_day = models.PositiveSmallIntegerField(
        "tanggal jatuh tempo",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Isi 1 sampai 31."), MaxValueValidator(31, "Isi 1 sampai 31.")],
        help_text="Tanggal yang sama tiap bulan. Berlaku untuk pinjaman baru.",
    )
    cutoff_day = models.PositiveSmallIntegerField(
        "tanggal batas cair",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Isi 1 sampai 31."), MaxValueValidator(31, "Isi 1 sampai 31.")],
        help_text="Cair pada atau sesudah tanggal ini: angsuran pertama sebulan lebih lambat.",
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.cutoff_day and not self.due_day:
            raise ValidationError(
                {"due_day": "Isi juga tanggal jatuh temponya, misalnya 10, atau kosongkan tanggal batas cair."}
            )


class VillageRules(DueDay):
    """What a village set for all its groups; one row a village, made when it first says so."""

    village = models.OneToOneField(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "aturan desa"
        verbose_name_plural = "aturan desa"

    def __str__(self) -> str:
        return f"Aturan {self.village.full_name}"

    def get_absolute_url(self) -> str:
        return reverse("village-rules", args=[self.village_id])


class MoneyRules(DueDay):
    """The rules of a group; one row a group, made when it is first asked for with what is usual."""

    class ContributionTo(models.TextChoices):
        INCOME = "income", "Pendapatan kelompok"
        SOCIAL = "social", "Dana sosial/PAUD"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.OneToOneField(Group, models.PROTECT, related_name="money_rules", verbose_name="kelompok")
    contribution_to = models.CharField(
        "iuran masuk ke", max_length=6, choices=ContributionTo.choices, default=ContributionTo.INCOME
    )
    total_covers = models.CharField(
        "uang yang diterima membayar",
        max_length=4,
        choices=TotalCovers.choices,
        default=TotalCovers.LOAN,
        help_text="Bila seluruh uang dibagi sendiri oleh portal.",
    )
    needs_verification = models.BooleanField(
        "wajib diverifikasi", default=False, help_text="Pengajuan diperiksa orang kedua sebelum diputuskan."
    )
    member_arrears = models.CharField(
        "peminjam masih menunggak", max_length=4, choices=Reaction.choices, default=Reaction.WARN
    )
    poklak_arrears = models.CharField(
        "anggota poklaknya menunggak",
        max_length=4,
        choices=Reaction.choices,
        default=Reaction.WARN,
        help_text="Tanggung renteng.",
    )
    most_running = models.PositiveSmallIntegerField(
        "pinjaman berjalan paling banyak",
        default=1,
        validators=[MinValueValidator(1, "Paling sedikit 1."), MaxValueValidator(9, "Paling banyak 9.")],
    )
    too_many_running = models.CharField("lebih dari itu", max_length=4, choices=Reaction.choices, default=Reaction.WARN)
    most_share = models.PositiveSmallIntegerField(
        "pinjaman paling besar (% dari modal)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Isi 1 sampai 100."), MaxValueValidator(100, "Isi 1 sampai 100.")],
        help_text="Dari modal kelompok; kosong: tidak dibatasi.",
    )
    too_large = models.CharField("lebih dari itu", max_length=4, choices=Reaction.choices, default=Reaction.WARN)
    no_decree = models.CharField("kelompok belum ber-SK", max_length=4, choices=Reaction.choices, default=Reaction.WARN)
    iptw_percent = models.DecimalField(
        "insentif tepat waktu (%)",
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[
            MinValueValidator(Decimal(0), "Insentif tidak boleh di bawah 0%%."),
            MaxValueValidator(Decimal(100), "Insentif paling tinggi 100%%."),
        ],
        help_text="Dari jasa yang dibayar setahun, bila tiap angsuran tepat waktu; 0: tidak ada insentif.",
    )
    iptw_free_days = models.PositiveSmallIntegerField(
        "masih tepat waktu (hari)",
        default=0,
        validators=[MaxValueValidator(31, "Paling banyak 31 hari.")],
        help_text="Sekian hari sesudah jatuh tempo masih dihitung tepat waktu.",
    )
    book_instalments = models.CharField(
        "kolom ANGSURAN buku tahunan berisi",
        max_length=9,
        choices=BookInstalments.choices,
        default=BookInstalments.TOTAL,
        help_text="Di buku 6 + 36 kolom: yang dicetak, dan yang diambil dari Excel.",
    )

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    of_village: VillageRules | None = None  # given by `services.rules_of`

    class Meta:
        verbose_name = "aturan uang"
        verbose_name_plural = "aturan uang"

    def __str__(self) -> str:
        return f"Aturan {self.group}"

    @property
    def due(self) -> DueDay:
        """Whose due day and cut-off day hold: the group's own, else the village's."""
        return self if self.due_day or self.of_village is None else self.of_village

    def get_absolute_url(self) -> str:
        return reverse("money-rules", args=[self.group_id])


class SavingTerms(models.Model):
    """What members pay in of one kind from a day on; the rows are the history of the amount."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "Simpanan pokok"
        MANDATORY = "mandatory", "Simpanan wajib"
        VOLUNTARY = "voluntary", "Simpanan sukarela"
        CONTRIBUTION = "contribution", "Iuran"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="saving_terms", verbose_name="kelompok")
    kind = models.CharField("jenis", max_length=12, choices=Kind.choices)
    since = DayField("berlaku sejak")
    amount = RupiahField("jumlah", default=0, help_text="Wajib dan iuran sebulan; pokok sekali.")
    is_locked = models.BooleanField("terkunci", default=False, help_text="Tidak dapat ditarik selama masih anggota.")
    returned_on_leaving = models.BooleanField("dikembalikan saat keluar", default=True)

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "ketentuan simpanan"
        verbose_name_plural = "ketentuan simpanan"
        ordering = ["group", "kind", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind", "since"],
                name="saving_terms_once_a_day",
                violation_error_message="Ketentuan jenis ini pada tanggal itu sudah ada. Ubah yang itu.",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="saving_terms_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} sejak {self.since:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("money-rules", args=[self.group_id])
