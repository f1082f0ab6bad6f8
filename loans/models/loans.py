"""Loan products, loans and their instalments. A product's terms are copied into a loan when it is proposed
and stand fixed from its disbursement on."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from loans import due_days, penalty, schedule
from loans.allocation import Kind
from loans.querysets import LoanQuerySet
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Poklak, Village


class Method(models.TextChoices):
    FLAT = "flat", "Tetap (flat)"
    DECLINING = "declining", "Menurun"
    ANNUITY = "annuity", "Anuitas"
    BULLET = "bullet", "Sekaligus/musiman"


class Every(models.TextChoices):
    MONTH = "month", "Bulanan"
    WEEK = "week", "Mingguan"


class Rounding(models.TextChoices):
    NEAREST = "nearest", "Terdekat"
    UP = "up", "Ke atas"
    DOWN = "down", "Ke bawah"


class RoundWhat(models.TextChoices):
    TOTAL = "total", "Jumlah angsuran"
    PARTS = "parts", "Pokok dan jasa masing-masing"


class Difference(models.TextChoices):
    LAST = "last", "Angsuran terakhir"
    FIRST = "first", "Angsuran pertama"


class PenaltyKind(models.TextChoices):
    NONE = "none", "Tanpa denda"
    FIXED = "fixed", "Tetap tiap angsuran terlambat"
    PERCENT = "percent", "Persen dari angsuran terlambat"


class PayoffFees(models.TextChoices):
    ALL = "all", "Seluruh jasa tetap dibayar"
    RUNNING = "running", "Jasa sampai masa berjalan saja"


class Ahead(models.TextChoices):
    NEXT = "next", "Angsuran berikutnya"
    VOLUNTARY = "voluntary", "Simpanan sukarela peminjam"


PARTS = {Kind.PENALTY: "denda", Kind.SERVICE_FEE: "jasa", Kind.PRINCIPAL: "pokok"}
ORDERS = [
    (",".join(order), ", lalu ".join(PARTS[kind] for kind in order).capitalize()) for order in permutations(PARTS)
]


class LoanTerms(models.Model):
    """The terms that make a schedule: of a product, and frozen in a loan."""

    method = models.CharField("cara jasa", max_length=10, choices=Method.choices, default=Method.FLAT)
    rate = models.DecimalField(
        "jasa per angsuran (%)",
        max_digits=6,
        decimal_places=3,
        validators=[
            MinValueValidator(Decimal(0), "Jasa tidak boleh di bawah 0%%."),
            MaxValueValidator(Decimal(100), "Jasa paling tinggi 100%%."),
        ],
    )
    every = models.CharField("waktu angsuran", max_length=5, choices=Every.choices, default=Every.MONTH)
    instalment_count = models.PositiveSmallIntegerField(
        "jumlah angsuran",
        validators=[MinValueValidator(1, "Paling sedikit 1 kali."), MaxValueValidator(156, "Paling banyak 156 kali.")],
    )
    grace = models.PositiveSmallIntegerField("masa tenggang", default=0, help_text="Angsuran pertama yang jasa saja")
    step = models.PositiveIntegerField(
        "pembulatan (Rp)", default=1, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    rounding = models.CharField("arah pembulatan", max_length=7, choices=Rounding.choices, default=Rounding.NEAREST)
    round_what = models.CharField("yang dibulatkan", max_length=5, choices=RoundWhat.choices, default=RoundWhat.TOTAL)
    difference = models.CharField("selisih masuk ke", max_length=5, choices=Difference.choices, default=Difference.LAST)
    allocation_order = models.CharField(
        "urutan pembagian bayar", max_length=40, choices=ORDERS, default="penalty,service_fee,principal"
    )

    principal_every = models.PositiveSmallIntegerField(
        "pokok tiap berapa angsuran",
        default=1,
        validators=[MinValueValidator(1, "Paling sedikit 1."), MaxValueValidator(52, "Paling banyak 52.")],
        help_text="1: pokok dan jasa bersama. 3: jasa tiap kali, pokok tiap tiga kali.",
    )
    seasons = models.CharField(
        "musim bayar",
        max_length=90,
        blank=True,
        help_text="Tanggal dan bulan panen, misalnya 31-08, 31-01; kosong bila menurut waktu angsuran.",
    )
    penalty_kind = models.CharField("denda", max_length=7, choices=PenaltyKind.choices, default=PenaltyKind.NONE)
    penalty_amount = RupiahField("denda tetap", default=0, help_text="Rupiah untuk tiap angsuran yang terlambat")
    penalty_percent = models.DecimalField(
        "denda (%)",
        max_digits=6,
        decimal_places=3,
        default=Decimal(0),
        validators=[
            MinValueValidator(Decimal(0), "Denda tidak boleh di bawah 0%%."),
            MaxValueValidator(Decimal(100), "Denda paling tinggi 100%%."),
        ],
        help_text="Dari pokok dan jasa angsuran itu yang belum dibayar",
    )
    penalty_free_days = models.PositiveSmallIntegerField(
        "bebas denda (hari)", default=0, help_text="Lewat sekian hari sesudah jatuh tempo baru didenda"
    )
    penalty_cap = RupiahField(
        "denda paling banyak", null=True, blank=True, help_text="Sepanjang pinjaman; kosong: tanpa batas"
    )
    payoff_fees = models.CharField(
        "jasa bila lunas dipercepat", max_length=7, choices=PayoffFees.choices, default=PayoffFees.ALL
    )
    ahead = models.CharField(
        "lebih dari tagihan masuk ke",
        max_length=9,
        choices=Ahead.choices,
        default=Ahead.NEXT,
        help_text="Untuk uang yang dibayar sebelum waktunya",
    )

    class Meta:
        abstract = True

    TERM_FIELDS = (
        "method", "rate", "every", "instalment_count", "grace", "step", "rounding", "round_what", "difference",
        "allocation_order", "principal_every", "seasons",
        "penalty_kind", "penalty_amount", "penalty_percent", "penalty_free_days", "penalty_cap", "payoff_fees", "ahead",
    )  # fmt: skip

    def schedule_terms(self, principal: int) -> schedule.Terms:
        return schedule.Terms(
            method=schedule.Method(self.method),
            principal=principal,
            rate=Decimal(self.rate),
            instalments=self.instalment_count,
            every=schedule.Every(self.every),
            grace=self.grace,
            step=self.step,
            rounding=schedule.Rounding(self.rounding),
            round_what=schedule.RoundWhat(self.round_what),
            difference=schedule.Difference(self.difference),
            principal_every=self.principal_every,
        )

    def penalty_rule(self) -> penalty.Rule:
        return penalty.Rule(
            kind=penalty.PenaltyKind(self.penalty_kind),
            amount=self.penalty_amount,
            percent=Decimal(self.penalty_percent),
            free_days=self.penalty_free_days,
            cap=self.penalty_cap,
        )

    def clean(self):
        super().clean()
        if self.penalty_kind == PenaltyKind.FIXED and not self.penalty_amount:
            raise ValidationError({"penalty_amount": "Isi denda tetapnya, misalnya 5.000, atau pilih tanpa denda."})
        if self.penalty_kind == PenaltyKind.PERCENT and not self.penalty_percent:
            raise ValidationError({"penalty_percent": "Isi persennya, misalnya 1,5, atau pilih tanpa denda."})
        try:
            due_days.parse_seasons(self.seasons)
        except schedule.ScheduleError as error:
            raise ValidationError({"seasons": str(error)}) from error

    def due_days(self, start, fixed_day: int | None = None, cutoff_day: int | None = None):
        """The days of the instalments of a loan disbursed on `start` in a group with these days, if any."""
        return due_days.due_days(
            start,
            self.instalment_count,
            every=schedule.Every(self.every),
            fixed_day=fixed_day,
            cutoff_day=cutoff_day,
            seasons=due_days.parse_seasons(self.seasons),
        )

    @property
    def rate_words(self) -> str:
        """1,5% per bulan, tetap"""
        percent = f"{Decimal(self.rate).normalize():f}".replace(".", ",")
        unit = {"month": "bulan", "week": "minggu"}[self.every]
        return f"{percent}% per {unit}, {self.get_method_display().split(' (')[0].lower()}"


class LoanProduct(LoanTerms):
    """What a group lends on: agreed by its members, one row a kind of loan."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="loan_products", verbose_name="kelompok")
    name = models.CharField("nama produk", max_length=80)
    is_active = models.BooleanField("dipakai", default=True)

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "produk pinjaman"
        verbose_name_plural = "produk pinjaman"
        ordering = ["group", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                name="product_name_once_in_group",
                violation_error_message="Produk dengan nama ini sudah ada di kelompok yang sama.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.rate_words}, {self.instalment_count} kali)"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()


class Loan(LoanTerms):
    """A loan to a member or to a poklak. Its balance is never a column: it is principal less what receipts paid."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Diajukan"
        VERIFIED = "verified", "Diverifikasi"
        APPROVED = "approved", "Disetujui"
        REJECTED = "rejected", "Ditolak"
        WITHDRAWN = "withdrawn", "Dibatalkan"
        DISBURSED = "disbursed", "Dicairkan"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="loans", verbose_name="kelompok")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="loans", verbose_name="anggota"
    )
    poklak = models.ForeignKey(
        Poklak, models.PROTECT, null=True, blank=True, related_name="loans", verbose_name="poklak"
    )
    product = models.ForeignKey(LoanProduct, models.PROTECT, related_name="loans", verbose_name="produk")
    number = models.CharField("nomor", max_length=20, editable=False)
    uuid = models.UUIDField("kunci kiriman", unique=True, default=uuid4, editable=False)
    purpose = models.CharField("untuk keperluan usaha", max_length=120)
    # What counts: the amount proposed, then as verified, then as approved; what is paid out and owed.
    principal = RupiahField("pokok", min_value=1)
    proposed_amount = RupiahField("jumlah diajukan", min_value=1, editable=False)
    verified_amount = RupiahField("jumlah diverifikasi", min_value=1, null=True, editable=False)
    approved_amount = RupiahField("jumlah disetujui", min_value=1, null=True, editable=False)
    status = models.CharField("keadaan", max_length=10, choices=Status.choices, default=Status.PROPOSED, editable=False)
    proposed_on = DayField("diajukan tanggal")
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="diajukan oleh", editable=False
    )
    warnings = models.TextField("peringatan saat diajukan", blank=True, editable=False)
    verified_on = DayField("diverifikasi tanggal", null=True, editable=False)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="diverifikasi oleh", editable=False
    )
    verification_note = models.CharField("catatan verifikasi", max_length=300, blank=True, editable=False)
    decided_on = DayField("diputuskan tanggal", null=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="diputuskan oleh", editable=False
    )
    decision_note = models.CharField("catatan keputusan", max_length=300, blank=True, editable=False)
    disbursed_on = DayField("dicairkan tanggal", null=True, editable=False)
    disbursed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="dicairkan oleh", editable=False
    )
    # A loan that ran before the group's books began: what was already paid on the day they opened.
    opened_on = DayField("masuk buku tanggal", null=True, editable=False)
    opening_principal_paid = RupiahField("pokok dibayar sebelum buku", default=0, editable=False)
    opening_service_fee_paid = RupiahField("jasa dibayar sebelum buku", default=0, editable=False)
    written_off_on = DayField("dihapus buku tanggal", null=True, editable=False)
    written_off = RupiahField("pokok dihapus buku", default=0, editable=False)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    objects = LoanQuerySet.as_manager()

    # Columns that LoanQuerySet adds as of a day; a loan read plainly has none of them.
    principal_paid: int
    service_fee_paid: int
    balance: int

    class Meta:
        verbose_name = "pinjaman"
        verbose_name_plural = "pinjaman"
        ordering = ["-proposed_on", "-pk"]
        indexes = [
            models.Index(fields=["village", "status"]),
            models.Index(fields=["-proposed_on", "-id"]),
            models.Index(fields=["group", "disbursed_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "number"],
                name="loan_number_once_in_group",
                violation_error_message="Nomor pinjaman ini sudah dipakai di kelompok yang sama.",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(poklak__isnull=True),
                name="loan_has_one_borrower",
                violation_error_message="Pilih satu peminjam: anggota atau poklak.",
            ),
            models.CheckConstraint(
                condition=Q(principal__gt=0),
                name="loan_principal_positive",
                violation_error_message="Pokok pinjaman harus lebih dari nol.",
            ),
            models.CheckConstraint(
                condition=Q(status="disbursed", disbursed_on__isnull=False)
                | (~Q(status="disbursed") & Q(disbursed_on__isnull=True)),
                name="loan_disbursed_has_day",
                violation_error_message="Pinjaman yang dicairkan harus punya tanggal pencairan.",
            ),
            models.CheckConstraint(
                condition=Q(written_off_on=None, written_off=0)
                | (Q(written_off_on__isnull=False, disbursed_on__isnull=False) & Q(written_off__gt=0)),
                name="loan_written_off_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(disbursed_on=None) | Q(disbursed_on__gte=F("proposed_on")),
                name="loan_disbursed_after_proposal",
                violation_error_message="Tanggal cair tidak boleh sebelum tanggal pengajuan.",
            ),
            models.CheckConstraint(
                condition=Q(opening_principal_paid=0, opening_service_fee_paid=0)
                | Q(opened_on__isnull=False, opening_principal_paid__gte=0, opening_service_fee_paid__gte=0),
                name="loan_paid_before_books_has_day",
                violation_error_message="Yang dibayar sebelum buku perlu tanggal masuk buku.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pinjaman {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("loan", args=[self.pk])

    @property
    def borrower(self) -> Member | Poklak:
        return self.member or self.poklak

    @property
    def is_disbursed(self) -> bool:
        return self.status == self.Status.DISBURSED

    def clean(self):
        super().clean()
        for name in ("member", "poklak", "product"):
            related = getattr(self, name, None)
            if related and related.group_id != self.group_id:
                raise ValidationError({name: "Pilihan ini dari kelompok lain. Pilih dari kelompok yang sama."})


class InstalmentQuerySet(ScopedQuerySet):
    def in_force(self, as_of: date | None = None):
        """The rows of the schedule as it stands now, or stood at the end of a day."""
        if as_of is None:
            return self.filter(valid_until=None)
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=as_of), valid_from__lte=as_of)


class Instalment(models.Model):
    """One row of the schedule, made at disbursement. Its amounts never change: a reschedule ends its time and puts
    another row in its place, so that any day can be told as it was.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="instalments", verbose_name="pinjaman")
    number = models.PositiveSmallIntegerField("angsuran ke")
    due_on = DayField("jatuh tempo")
    principal = RupiahField("pokok")
    service_fee = RupiahField("jasa")
    # Sums up to and with this row. The schedule never changes, so they cannot grow stale; with them the oldest unpaid
    # instalment of a loan is one look into an index.
    principal_to_date = RupiahField("pokok sampai angsuran ini")
    service_fee_to_date = RupiahField("jasa sampai angsuran ini")
    valid_from = DayField("berlaku sejak")
    valid_until = DayField("berlaku sampai sebelum", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = "jadwal angsuran"
        verbose_name_plural = "jadwal angsuran"
        ordering = ["loan", "number"]
        # What is due of a loan by a day is answered by this alone: from its end the first row due by then is the last.
        indexes = [
            models.Index(
                fields=[
                    "loan", "number", "due_on", "valid_from", "valid_until",
                    "principal", "service_fee", "principal_to_date", "service_fee_to_date",
                ],
                name="instalment_due",
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "number"], condition=Q(valid_until=None), name="instalment_number_once_in_loan"
            ),
            models.CheckConstraint(condition=Q(principal__gte=0, service_fee__gte=0), name="instalment_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Angsuran ke-{self.number}"

    @property
    def total(self) -> int:
        return self.principal + self.service_fee
