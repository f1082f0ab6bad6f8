"""What happens to a loan between its proposal and its end, besides money: shares, penalties, changed schedules."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.models.loans import Loan
from loans.models.receipts import MoneyRow, Receipt
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Member, Village


class LoanShare(models.Model):
    """A member's part of a poklak's loan, at each step of its way; the parts add up to the loan's amounts."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="shares", verbose_name="pinjaman")
    member = models.ForeignKey(Member, models.PROTECT, related_name="loan_shares", verbose_name="anggota")
    proposed = RupiahField("diajukan", min_value=0)
    verified = RupiahField("diverifikasi", min_value=0, null=True, blank=True)
    approved = RupiahField("disetujui", min_value=0, null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "bagian pinjaman anggota"
        verbose_name_plural = "bagian pinjaman anggota"
        ordering = ["loan", "pk"]
        constraints = [models.UniqueConstraint(fields=["loan", "member"], name="loan_share_once_a_member")]

    def __str__(self) -> str:
        return f"Bagian {self.member} di {self.loan}"

    @property
    def amount(self) -> int:
        """Rupiah that count: approved, else verified, else proposed."""
        known = (self.approved, self.verified, self.proposed)
        return next(amount for amount in known if amount is not None)


class SharePayment(MoneyRow):
    """Who brought the money for whose part of a poklak's loan: "tanggung renteng" in figures.

    A receipt's rows sum to what it paid for the loan; a receipt taken back takes its rows with it.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="share_payments", verbose_name="bukti")
    member = models.ForeignKey(Member, models.PROTECT, related_name="shares_paid", verbose_name="bagian siapa")
    payer = models.ForeignKey(Member, models.PROTECT, related_name="shares_covered", verbose_name="dibayar oleh")
    amount = RupiahField("jumlah", min_value=1)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "pembayaran bagian"
        verbose_name_plural = "pembayaran bagian"
        ordering = ["receipt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "member", "payer"], name="share_payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_payment_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.payer} untuk {self.member}"

    @property
    def is_cover(self) -> bool:
        return self.member_id != self.payer_id


class Penalty(MoneyRow):
    """A fine charged on a late instalment, or what was let go of one. Owed, not yet received: no ledger entry."""

    class Kind(models.TextChoices):
        CHARGE = "charge", "Denda"
        WAIVER = "waiver", "Dibebaskan"
        CANCEL = "cancel", "Dibatalkan"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="penalties", verbose_name="pinjaman")
    instalment_number = models.PositiveSmallIntegerField("angsuran ke")
    kind = models.CharField("jenis", max_length=6, choices=Kind.choices)
    on = DayField("tanggal")
    amount = RupiahField("jumlah", min_value=0)  # a charge of 0 says that this row is not to be fined
    reason = models.CharField("alasan", max_length=300, blank=True)
    # The charge that a cancellation takes back, with the receipt that brought it.
    of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="cancelled_by", verbose_name="membatalkan"
    )
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, null=True, blank=True, related_name="penalties", verbose_name="bersama bukti"
    )
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dicatat oleh"
    )
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "denda"
        verbose_name_plural = "denda"
        ordering = ["loan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="waiver") | ~Q(reason=""),
                name="penalty_waiver_has_reason",
                violation_error_message="Pembebasan denda perlu alasan.",
            ),
            models.CheckConstraint(
                condition=Q(kind="cancel", of__isnull=False) | (~Q(kind="cancel") & Q(of=None)),
                name="penalty_cancel_names_charge",
            ),
            # A charge of 0 says that the row is not to be fined; nothing cannot be let go.
            models.CheckConstraint(
                condition=Q(amount__gte=0, instalment_number__gt=0) & (~Q(kind="waiver") | Q(amount__gt=0)),
                name="penalty_not_negative",
                violation_error_message="Denda tidak boleh di bawah nol, dan untuk angsuran ke-1 atau sesudahnya.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} angsuran ke-{self.instalment_number}"


class ShiftDecision(models.Model):
    """One decision and one letter that move the due days of a whole village, after a flood."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="shift_decisions", verbose_name="desa/kelurahan")
    on = DayField("tanggal keputusan")
    letter_number = models.CharField("nomor surat", max_length=60)
    letter_on = DayField("tanggal surat")
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    from_day = DayField("jatuh tempo mulai")
    months = models.PositiveSmallIntegerField(
        "mundur (bulan)",
        validators=[MinValueValidator(1, "Paling sedikit 1 bulan."), MaxValueValidator(12, "Paling banyak 12 bulan.")],
    )
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh", editable=False
    )
    recorded_at = models.DateTimeField("dicatat", default=timezone.now, editable=False)
    undone_on = DayField("dibatalkan tanggal", null=True, editable=False)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dibatalkan oleh", editable=False
    )
    undo_reason = models.CharField("alasan dibatalkan", max_length=300, blank=True, editable=False)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.APPROVE_LOANS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "penundaan jatuh tempo"
        verbose_name_plural = "penundaan jatuh tempo"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"Penundaan {self.letter_number}"

    def get_absolute_url(self) -> str:
        return reverse("shift", args=[self.pk])


class Reschedule(models.Model):
    """A change of a loan's schedule from one instalment on. Undone, it stays as a record."""

    class Kind(models.TextChoices):
        EXTRA = "extra_instalments", "Tambah angsuran"
        GRACE = "grace", "Masa tenggang"
        RATE = "rate", "Ubah jasa"
        NEW_DUE_ON = "new_due_on", "Ubah jatuh tempo"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="reschedules", verbose_name="pinjaman")
    decision = models.ForeignKey(
        ShiftDecision, models.PROTECT, null=True, blank=True, related_name="reschedules", verbose_name="keputusan"
    )
    on = DayField("tanggal")
    kind = models.CharField("perubahan", max_length=17, choices=Kind.choices)
    from_instalment = models.PositiveSmallIntegerField("mulai angsuran ke")
    instalments = models.PositiveSmallIntegerField("banyaknya angsuran", null=True, blank=True)
    rate = models.DecimalField("jasa per angsuran (%)", max_digits=6, decimal_places=3, null=True, blank=True)
    new_due_on = DayField("jatuh tempo baru", null=True, blank=True)
    reason = models.CharField("alasan", max_length=300, validators=[MinLengthValidator(10)])
    # How late the loan was, and what must be paid in all for its third new instalment: till then it keeps its class.
    late_days = models.PositiveSmallIntegerField("terlambat (hari)", default=0, editable=False)
    late_months = models.PositiveSmallIntegerField("terlambat (bulan)", default=0, editable=False)
    late_instalments = models.PositiveSmallIntegerField("terlambat (kali)", default=0, editable=False)
    kept_principal = RupiahField("pokok sampai angsuran ketiga", default=0, editable=False)
    kept_service_fee = RupiahField("jasa sampai angsuran ketiga", default=0, editable=False)
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh", editable=False
    )
    recorded_at = models.DateTimeField("dicatat", default=timezone.now, editable=False)
    undone_on = DayField("diurungkan tanggal", null=True, editable=False)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="diurungkan oleh", editable=False
    )
    undo_reason = models.CharField("alasan diurungkan", max_length=300, blank=True, editable=False)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "penjadwalan ulang"
        verbose_name_plural = "penjadwalan ulang"
        ordering = ["loan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("extra_instalments", "grace"), instalments__gt=0, rate=None, new_due_on=None)
                | Q(kind="rate", instalments=None, rate__isnull=False, new_due_on=None)
                | Q(kind="new_due_on", instalments=None, rate=None, new_due_on__isnull=False),
                name="reschedule_has_its_value",
                violation_error_message="Isi nilai yang sesuai dengan perubahannya.",
            ),
            models.CheckConstraint(
                condition=Q(undone_on=None) | Q(undone_on__gte=F("on")), name="reschedule_undone_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} mulai angsuran ke-{self.from_instalment}"

    def get_absolute_url(self) -> str:
        return self.loan.get_absolute_url()


class Settlement(AppendOnlyModel):
    """A member's leaving in one act: what her savings and titipan paid of her loans, what she got, what she owes."""

    row_words = "Penyelesaian keluar"
    instead = "koreksi bukti-buktinya"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    member = models.ForeignKey(Member, models.PROTECT, related_name="settlements", verbose_name="anggota")
    on = DayField("tanggal keluar")
    saved = RupiahField("simpanan yang dikembalikan")
    credit = RupiahField("titipan yang dikembalikan", default=0)
    paid_on_loans = RupiahField("untuk pinjaman")
    paid_out = RupiahField("dibayarkan kepadanya")
    still_owed = RupiahField("pokok yang masih dipinjam")
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="dicatat oleh")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "penyelesaian keluar"
        verbose_name_plural = "penyelesaian keluar"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(saved=F("paid_on_loans") + F("paid_out") - F("credit")), name="settlement_adds_up"
            )
        ]

    def __str__(self) -> str:
        return f"Penyelesaian {self.member}"

    def get_absolute_url(self) -> str:
        return reverse("settlement", args=[self.pk])
