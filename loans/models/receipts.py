"""Receipts: money received on a day, in parts. Append-only: a mistake is reversed by a new receipt."""

from uuid import uuid4

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.chart import SAVINGS
from loans.models.loans import Loan
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Poklak, Village

LOAN_KINDS = ("penalty", "service_fee", "principal", "credit", "recovery")


class Till(models.TextChoices):
    """Where the money lies."""

    CASH = "cash", "Kas"
    BANK = "bank", "Bank"
    FIELD = "field", "Kas di petugas"  # what a sheet or a telephone recorded, until the money on the table is counted

    @classmethod
    def offered(cls) -> list[tuple[str, str]]:
        """What a page lets choose; into the field's till only a sheet writes."""
        return [(one.value, str(one.label)) for one in (cls.CASH, cls.BANK)]


class MoneyRow(AppendOnlyModel):
    row_words = "Baris uang"
    instead = "catat koreksi"

    class Meta:
        abstract = True


class ReceiptQuerySet(AppendOnlyQuerySet):
    def with_parts(self):
        """A column a kind in rupiah, 0 where there is none; the three kinds of saving together as `savings`."""
        columns = {str(kind): (kind,) for kind in ReceiptPart.Kind if kind not in tuple(SAVINGS)}
        return self.annotate(**{name: _part(kinds) for name, kinds in (columns | {"savings": tuple(SAVINGS)}).items()})


class ReceiptPartQuerySet(AppendOnlyQuerySet):
    def standing(self):
        """What the receipt is split into today, without the adjustments of other receipts that it carries."""
        return self.filter(reversal=None, reverses=None).exclude(role=ReceiptPart.Role.ADJUSTMENT)


def _part(kinds):
    parts = ReceiptPart.objects.filter(receipt=OuterRef("pk"), kind__in=kinds).order_by().values("receipt")
    return Coalesce(Subquery(parts.annotate(sum=Sum("amount")).values("sum")), 0)


class Receipt(MoneyRow):
    """Money received by a group from a member or a poklak on a day.

    A reversal is a receipt whose amounts are the negatives of the one it points at: sums need no exception.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="receipts", verbose_name="kelompok")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name="penyetor (anggota)"
    )
    poklak = models.ForeignKey(
        Poklak, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name="penyetor (poklak)"
    )
    number = models.CharField("nomor bukti", max_length=20)
    year = models.PositiveSmallIntegerField("tahun", editable=False)
    serial = models.PositiveIntegerField("urutan", editable=False)  # within the group's year: the highest is one look
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4)
    received_on = DayField("tanggal")
    period = models.PositiveIntegerField("bulan")  # YYYYMM of received_on: sums by month without date functions
    amount = RupiahField("jumlah", min_value=None)  # the sum of the parts; the builder sets it, a test proves it
    till = models.CharField("masuk ke", max_length=5, choices=Till.choices, default=Till.CASH)
    note = models.CharField("catatan", max_length=200, blank=True)
    # An early payoff lets the fees of the rows from this number on go.
    waives_from = models.PositiveSmallIntegerField("jasa dibebaskan mulai angsuran", null=True, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="koreksi atas"
    )
    reason = models.CharField("alasan koreksi", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "bukti setoran"
        verbose_name_plural = "bukti setoran"
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(fields=["-received_on", "-id"]),
            models.Index(fields=["village", "-received_on", "-id"]),
            models.Index(fields=["village", "period"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "year", "serial"],
                name="receipt_number_once_in_group",
                violation_error_message="Nomor bukti ini sudah dipakai di kelompok yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(poklak__isnull=True), name="receipt_has_one_payer"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0, reason="")
                | (Q(reverses__isnull=False, amount__lt=0) & ~Q(reason="")),
                name="receipt_sign_and_reason",
                violation_error_message="Setoran berjumlah positif; koreksi berjumlah negatif dan beralasan.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("receipt", args=[self.pk])

    @property
    def payer(self) -> Member | Poklak:
        return self.member or self.poklak

    @property
    def is_reversal(self) -> bool:
        return self.reverses_id is not None

    @property
    def correction_words(self) -> str | None:
        """How this receipt stands to a correction; select `reverses` and `reversal` with the row."""
        if self.is_reversal:
            return f"Koreksi atas {self.reverses}"
        return f"BATAL, dikoreksi oleh {self.reversal}" if hasattr(self, "reversal") else None


class ReceiptPart(MoneyRow):
    """What one part of a receipt paid: penalty, service fee, principal, credit left over, or what a member saved.

    When another receipt of the loan is taken back or entered late, a total may be split anew: the old parts are
    reversed and new ones stand beside them under the same number (`resplit`). Where a closed month forbids that, the
    receipt that caused it carries one adjustment of parts that sum to nothing.
    """

    class Role(models.TextChoices):
        ORIGINAL = "", "Asli"
        RESPLIT = "resplit", "Pembagian diperbarui"
        ADJUSTMENT = "adjustment", "Penyesuaian pembagian"

    class Kind(models.TextChoices):
        PENALTY = "penalty", "Denda"
        SERVICE_FEE = "service_fee", "Jasa"
        PRINCIPAL = "principal", "Pokok"
        CREDIT = "credit", "Titipan"
        INITIAL = "initial", "Simpanan pokok"
        MANDATORY = "mandatory", "Simpanan wajib"
        VOLUNTARY = "voluntary", "Simpanan sukarela"
        CONTRIBUTION = "contribution", "Iuran"
        RECOVERY = "recovery", "Tagihan hapus buku"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="parts", verbose_name="bukti")
    kind = models.CharField("bagian", max_length=12, choices=Kind.choices)
    loan = models.ForeignKey(
        Loan, models.PROTECT, null=True, blank=True, related_name="receipt_parts", verbose_name="pinjaman"
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="receipt_parts", verbose_name="anggota"
    )
    amount = RupiahField("jumlah", min_value=None)
    # The receipt's day again, so that a balance as of a day needs no join; of a part split anew, the day of its cause.
    received_on = DayField("tanggal")
    role = models.CharField("asal bagian", max_length=10, choices=Role.choices, blank=True, default=Role.ORIGINAL)
    by_hand = RupiahField("dibagi sendiri", default=0)  # of the amount, given as a fact: never split anew
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name="membatalkan bagian"
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ReceiptPartQuerySet.as_manager()

    class Meta:
        verbose_name = "bagian setoran"
        verbose_name_plural = "bagian setoran"
        ordering = ["receipt", "pk"]
        indexes = [
            models.Index(fields=["loan", "kind", "received_on", "amount"], name="part_paid_to_date"),
            models.Index(fields=["receipt", "role", "amount"], name="part_of_receipt"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "kind"], condition=Q(role=""), name="part_kind_once_in_receipt"),
            models.CheckConstraint(condition=~Q(amount=0), name="part_amount_not_zero"),
            models.CheckConstraint(
                condition=Q(kind__in=LOAN_KINDS, loan__isnull=False)
                | Q(kind__in=("initial", "mandatory", "voluntary", "contribution"), loan=None, member__isnull=False),
                name="part_names_its_loan_or_saver",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
