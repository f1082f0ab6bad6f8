"""Vouchers: money that leaves, money that comes from elsewhere than members' payments, and what moves no cash."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.models.loans import Loan
from loans.models.receipts import MoneyRow, Till
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Village


class Source(models.TextChoices):
    """Where a group's capital comes from."""

    SWADAYA = "SWADAYA", "Swadaya masyarakat"
    APBN = "APBN", "APBN"
    APBD_PROV = "APBD_PROV", "APBD provinsi"
    APBD_KAB = "APBD_KAB", "APBD kabupaten"
    APBDES = "APBDES", "APBDes/Alokasi Dana Desa"
    CSR = "CSR_SWASTA", "CSR/swasta"
    BANK = "BANK", "Bank (BRI/BPR/KUR)"
    LKM = "LKM", "LKM/UPK"
    COOPERATIVE = "KOPERASI", "Koperasi"
    DONOR = "DONOR", "Donor/luar negeri"
    OTHER = "LAINNYA", "Lainnya"


class Nature(models.TextChoices):
    GRANT = "hibah", "Hibah"
    DEBT = "pinjaman", "Pinjaman"
    REVOLVING = "bergulir", "Dana bergulir"


class Form(models.TextChoices):
    MONEY = "uang", "Uang"
    GOODS = "barang", "Barang"


class Voucher(MoneyRow):
    """A numbered paper about money other than a member's payment; its entries tell which accounts.

    A reversal is a voucher whose amount is the negative of the one it points at, as with receipts.
    """

    class Kind(models.TextChoices):
        DISBURSEMENT = "disbursement", "Pencairan pinjaman"
        WITHDRAWAL = "withdrawal", "Penarikan simpanan"
        CAPITAL = "capital", "Modal masuk"
        CAPITAL_BACK = "capital_back", "Pengembalian modal"
        INCOME = "income", "Penerimaan lain"
        EXPENSE = "expense", "Pengeluaran"
        TRANSFER = "transfer", "Pindah kas–bank"
        FIELD_IN = "field_in", "Setoran kas petugas"
        CASH_DIFFERENCE = "cash_difference", "Selisih kas"
        CREDIT_BACK = "credit_back", "Pengembalian titipan"
        WRITE_OFF = "write_off", "Hapus buku pinjaman"
        OPENING = "opening", "Saldo awal"
        YEAR_CLOSE = "year_close", "Tutup tahun"
        ALLOWANCE = "allowance", "Penyisihan kerugian pinjaman"
        SURPLUS = "surplus", "Pembagian SHU"
        SURPLUS_PAID = "surplus_paid", "Pembayaran SHU"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="vouchers", verbose_name="kelompok")
    number = models.CharField("nomor bukti", max_length=20)
    series = models.CharField("seri", max_length=1)  # K out, M in, J no cash
    year = models.PositiveSmallIntegerField("tahun")
    serial = models.PositiveIntegerField("urutan")
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4)
    kind = models.CharField("jenis", max_length=16, choices=Kind.choices)
    on = DayField("tanggal")
    period = models.PositiveIntegerField("bulan")
    amount = RupiahField("jumlah", min_value=None)
    till = models.CharField("lewat", max_length=5, choices=Till.choices, default=Till.CASH)
    description = models.CharField("uraian", max_length=200)
    party = models.CharField("dari/kepada", max_length=100, blank=True)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="vouchers", verbose_name="anggota"
    )
    loan = models.ForeignKey(
        Loan, models.PROTECT, null=True, blank=True, related_name="vouchers", verbose_name="pinjaman"
    )
    source = models.CharField("sumber modal", max_length=10, choices=Source.choices, blank=True)
    nature = models.CharField("sifat", max_length=8, choices=Nature.choices, blank=True)
    form = models.CharField("bentuk", max_length=6, choices=Form.choices, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="koreksi atas"
    )
    reason = models.CharField("alasan koreksi", max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dicatat oleh"
    )
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "bukti kas"
        verbose_name_plural = "bukti kas"
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(fields=["village", "-on", "-id"], name="voucher_in_village"),
            models.Index(fields=["group", "kind", "on"], name="voucher_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "series", "year", "serial"],
                name="voucher_number_once_in_group",
                violation_error_message="Nomor bukti ini sudah dipakai di kelompok yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0, reason="")
                | (Q(reverses__isnull=False, amount__lt=0) & ~Q(reason="")),
                name="voucher_sign_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("capital", "capital_back")) | (~Q(source="") & ~Q(nature="") & ~Q(form="")),
                name="voucher_capital_has_source",
                violation_error_message="Modal perlu sumber, sifat dan bentuk.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("voucher", args=[self.pk])

    @property
    def is_reversal(self) -> bool:
        return self.reverses_id is not None

    @property
    def is_cancelled(self) -> bool:
        return hasattr(self, "reversal")
