"""Where a group's books begin: what it had, owed and was owed on the day it started with the portal."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.models.loans import Loan, LoanProduct
from loans.models.vouchers import Nature, Source, Voucher
from loans.opening import Figure
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Poklak, Village


class Opening(models.Model):
    """A cut-off day and its figures. A draft may be changed; opened, it is posted and stands."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.OneToOneField(Group, models.PROTECT, related_name="opening", verbose_name="kelompok")
    on = DayField("tanggal awal buku", help_text="Angka menurut buku lama pada akhir hari itu")
    opened_at = models.DateTimeField("dibuka", null=True, editable=False)
    opened_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dibuka oleh", editable=False
    )
    started_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dimulai oleh", editable=False
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "saldo awal"
        verbose_name_plural = "saldo awal"

    def __str__(self) -> str:
        return f"Saldo awal {self.group}"

    def get_absolute_url(self) -> str:
        return reverse("opening", args=[self.group_id])


class OpeningLine(models.Model):
    """One figure of the old book, with the photo of its page beside it where there is one (an attached file)."""

    class Kind(models.TextChoices):
        CASH = "cash", "Kas"
        BANK = "bank", "Bank"
        STOCK = "stock", "Persediaan"
        GOODS = "goods", "Inventaris"
        LOAN = "loan", "Pinjaman berjalan"
        INITIAL = "initial", "Simpanan pokok"
        MANDATORY = "mandatory", "Simpanan wajib"
        VOLUNTARY = "voluntary", "Simpanan sukarela"
        CREDIT = "credit", "Titipan angsuran"
        CAPITAL = "capital", "Modal"
        SOCIAL_FUND = "social_fund", "Dana sosial/PAUD"
        RESERVE = "reserve", "Cadangan modal"
        ALLOWANCE = "allowance", "Cadangan kerugian pinjaman"
        SURPLUS_TO_SHARE = "surplus_to_share", "SHU belum dibagi"
        SURPLUS = "surplus", "SHU tahun berjalan"
        LOSS = "loss", "Rugi tahun berjalan"

    OF_MEMBER = (Kind.INITIAL, Kind.MANDATORY, Kind.VOLUNTARY, Kind.CREDIT)
    # Of these the old book has one figure; of the others one a member, a loan or a giver.
    SINGLE = (
        Kind.CASH, Kind.BANK, Kind.STOCK, Kind.GOODS, Kind.SOCIAL_FUND, Kind.RESERVE, Kind.ALLOWANCE,
        Kind.SURPLUS_TO_SHARE, Kind.SURPLUS, Kind.LOSS,
    )  # fmt: skip

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="lines", verbose_name="saldo awal")
    kind = models.CharField("pos", max_length=16, choices=Kind.choices)
    amount = RupiahField("jumlah", min_value=1)  # of a loan: the principal that is left
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="anggota")
    poklak = models.ForeignKey(Poklak, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="poklak")
    source = models.CharField("sumber modal", max_length=10, choices=Source.choices, blank=True)
    nature = models.CharField("sifat", max_length=8, choices=Nature.choices, blank=True)
    product = models.ForeignKey(
        LoanProduct, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="produk pinjaman"
    )
    principal = RupiahField("pokok semula", min_value=1, null=True, blank=True)
    service_fee_left = RupiahField("sisa jasa", null=True, blank=True)
    disbursed_on = DayField("dicairkan tanggal", null=True, blank=True)
    purpose = models.CharField("untuk keperluan usaha", max_length=120, blank=True)
    note = models.CharField("halaman buku lama", max_length=100, blank=True, help_text="Misalnya Buku Kas hal. 12")
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    voucher = models.OneToOneField(
        Voucher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opening_line",
        verbose_name="bukti saldo awal",
        editable=False,
    )
    loan = models.OneToOneField(
        Loan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opening_line",
        verbose_name="pinjaman",
        editable=False,
    )
    changed_at = models.DateTimeField("diubah", default=timezone.now, editable=False)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "angka saldo awal"
        verbose_name_plural = "angka saldo awal"
        ordering = ["opening", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("initial", "mandatory", "voluntary", "credit"), member__isnull=False)
                | Q(kind="loan", product__isnull=False, principal__isnull=False, disbursed_on__isnull=False)
                | ~Q(kind__in=("initial", "mandatory", "voluntary", "credit", "loan")),
                name="opening_line_names_whose",
                violation_error_message="Sebutkan anggotanya; pinjaman: juga produk, pokok semula dan tanggal cair.",
            ),
            models.UniqueConstraint(
                fields=["opening", "kind"],
                condition=~Q(kind__in=("initial", "mandatory", "voluntary", "credit", "loan", "capital")),
                name="opening_figure_once",
                violation_error_message="Angka ini sudah ada. Ubah angka yang ada.",
            ),
            models.UniqueConstraint(
                fields=["opening", "kind", "member"],
                condition=Q(kind__in=("initial", "mandatory", "voluntary", "credit")),
                name="opening_saving_once_a_member",
                violation_error_message="Angka anggota ini sudah ada. Ubah angka yang ada.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.whose}".strip()

    def get_absolute_url(self) -> str:
        return self.opening.get_absolute_url()

    @property
    def borrower(self) -> Member | Poklak | None:
        return self.member or self.poklak

    @property
    def whose(self) -> str:
        """The member, the poklak or the giver; "" of what is the group's own."""
        return str(self.borrower or "") or (self.get_source_display() if self.source else "")

    @property
    def figure(self) -> Figure:
        return (self.kind, self.nature, self.amount)
