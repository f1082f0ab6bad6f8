"""The surplus (SHU) of a year: by what scheme a group shares it, what a members' meeting decided, who was paid."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from loans.chart import RESERVE, SOCIAL_FUND, SURPLUS_TO_SHARE
from loans.models.receipts import MoneyRow
from loans.models.vouchers import Voucher
from loans.surplus import Post, PostKind, percent_words
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Meeting, Member, Officer, Village

INCENTIVE = "iptw"  # no post of the scheme: taken from the surplus before the posts are shared
KINDS = [
    (PostKind.BY_FEE.value, "Anggota, menurut jasa"),
    (PostKind.BY_SAVINGS.value, "Anggota, menurut simpanan"),
    (PostKind.EQUAL.value, "Anggota, bagi rata"),
    (PostKind.OFFICERS.value, "Pengurus"),
    (PostKind.TEACHERS.value, "Insentif guru PAUD"),
    (PostKind.SOCIAL.value, "Dana sosial"),
    (PostKind.EDUCATION.value, "Pendidikan"),
    (PostKind.RESERVE.value, "Cadangan modal"),
    (PostKind.OTHER.value, "Lain-lain"),
]
ALL_KINDS = [*KINDS, (INCENTIVE, "Insentif tepat waktu (IPTW)")]
# Where a post waits until it is paid; a reserve stays with the group.
ACCOUNTS = {PostKind.RESERVE: RESERVE, PostKind.SOCIAL: SOCIAL_FUND, PostKind.TEACHERS: SOCIAL_FUND}


def account_of(kind: str) -> str:
    """The account that an approved post goes to, out of the year's surplus."""
    return ACCOUNTS.get(kind, SURPLUS_TO_SHARE)


class SurplusScheme(models.Model):
    """How a group shares its surplus from a year on; the rows are the history of its rule."""

    class SavingsBasis(models.TextChoices):
        AVERAGE = "average", "Rata-rata saldo dua belas akhir bulan"
        YEAR_END = "year_end", "Saldo akhir tahun"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="surplus_schemes", verbose_name="kelompok")
    since_year = models.PositiveSmallIntegerField("berlaku sejak tahun buku")
    savings_basis = models.CharField(
        "simpanan dihitung dari", max_length=8, choices=SavingsBasis.choices, default=SavingsBasis.AVERAGE
    )
    leavers_take_part = models.BooleanField(
        "anggota yang keluar tahun itu ikut menerima", default=False, help_text="Menurut jasa dan simpanannya."
    )

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "skema SHU"
        verbose_name_plural = "skema SHU"
        ordering = ["group", "-since_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "since_year"],
                name="surplus_scheme_once_a_year",
                violation_error_message="Skema yang berlaku sejak tahun ini sudah ada. Ubah yang itu.",
            )
        ]

    def __str__(self) -> str:
        return f"Skema SHU sejak {self.since_year}"

    def get_absolute_url(self) -> str:
        return reverse("surplus", args=[self.group_id])

    def told_besides(self) -> dict[str, str]:
        """What the history keeps of the posts below."""
        return {"pos": "; ".join(f"{post.name} {post.percent_words}" for post in self.posts.all())} if self.pk else {}


class SurplusPost(models.Model):
    """A line of a scheme: its percent, for whom, and whether it takes what rounding leaves."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    scheme = models.ForeignKey(SurplusScheme, models.CASCADE, related_name="posts", verbose_name="skema")
    position = models.PositiveSmallIntegerField("urutan")
    name = models.CharField("nama pos", max_length=60)
    kind = models.CharField("untuk", max_length=10, choices=KINDS)
    percent = models.DecimalField(
        "persen",
        max_digits=5,
        decimal_places=2,
        validators=[
            MinValueValidator(Decimal("0.01"), "Persen harus di atas 0."),
            MaxValueValidator(Decimal(100), "Persen paling banyak 100."),
        ],
    )
    takes_rest = models.BooleanField("menerima sisa pembulatan", default=False)

    area_path = "village__code"
    seen_with = Action.SEE_GROUPS
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pos skema SHU"
        verbose_name_plural = "pos skema SHU"
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="surplus_post_name_once",
                violation_error_message="Nama pos ini sudah dipakai di skema yang sama.",
            ),
            models.UniqueConstraint(fields=["scheme"], condition=Q(takes_rest=True), name="surplus_rest_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def percent_words(self) -> str:
        return percent_words(self.percent)

    def as_post(self) -> Post:
        return Post(str(self.position), self.name, PostKind(self.kind), self.percent, self.takes_rest)


class PaudTeacher(models.Model):
    """A teacher of a PAUD of the village, who gets a part of the surplus while she is active."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="paud_teachers", verbose_name="kelompok")
    institution = models.CharField("lembaga PAUD", max_length=100, help_text="Misalnya PAUD Melati")
    name = models.CharField("nama guru", max_length=100)
    address = models.CharField("alamat", max_length=200, blank=True)
    is_active = models.BooleanField("masih mengajar", default=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "guru PAUD"
        verbose_name_plural = "guru PAUD"
        ordering = ["institution", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "institution", "name"],
                name="paud_teacher_once",
                violation_error_message="Guru ini sudah ada di daftar lembaga yang sama.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("paud-teachers", args=[self.group_id])


def officer_key(pk: int) -> str:
    """What an officer is called among those who get paid."""
    return f"p{pk}"


def teacher_key(pk: int) -> str:
    """What a PAUD teacher is called among those who get paid."""
    return f"g{pk}"


class SurplusDistribution(models.Model):
    """The sharing of one year's surplus. A draft is counted anew whenever it is looked at; what the members' meeting
    approved is written down and posted, and stands. Taken back, it stays as a record and the year may be drafted anew.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Rancangan"
        APPROVED = "approved", "Disahkan"
        CANCELLED = "cancelled", "Dibatalkan"

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="distributions", verbose_name="kelompok")
    year = models.PositiveSmallIntegerField("tahun buku")
    status = models.CharField("keadaan", max_length=9, choices=Status.choices, default=Status.DRAFT)
    withheld = RupiahField(
        "disisihkan dulu",
        default=0,
        help_text="Misalnya menutup rugi tahun lalu. Tidak ikut dibagi, tetap di SHU tahun berjalan.",
    )
    weights = models.JSONField("perbandingan bagian", default=dict, blank=True)  # by key of the payee; missing is 1
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="disusun oleh"
    )
    drafted_at = models.DateTimeField("disusun", default=timezone.now)
    # As of the approval: what the meeting saw.
    income = RupiahField("pendapatan", null=True, blank=True, min_value=None)
    expenses = RupiahField("biaya", null=True, blank=True, min_value=None)
    brought = RupiahField("SHU menurut buku lama", null=True, blank=True, min_value=None)
    minutes_number = models.CharField("nomor berita acara", max_length=60, blank=True)
    met_on = DayField("tanggal rapat anggota", null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pertemuan"
    )
    place = models.CharField("tempat rapat", max_length=100, blank=True)
    chair = models.CharField("pimpinan rapat", max_length=100, blank=True)
    writer = models.CharField("notulis", max_length=100, blank=True)
    present_count = models.PositiveSmallIntegerField("anggota hadir", null=True, blank=True)
    member_count = models.PositiveSmallIntegerField("anggota", null=True, blank=True)
    pays_from = DayField("dibayar mulai", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="disahkan oleh"
    )
    approved_at = models.DateTimeField("disahkan", null=True, blank=True)
    voucher = models.OneToOneField(
        Voucher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="distribution",
        verbose_name="bukti pembagian",
    )
    cancelled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dibatalkan oleh"
    )
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)
    cancel_reason = models.CharField("alasan dibatalkan", max_length=300, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    files_with = Action.RECORD_MONEY
    untold_fields = frozenset({"weights"})  # keys of the code: told in words
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "pembagian SHU"
        verbose_name_plural = "pembagian SHU"
        ordering = ["group", "-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "year"],
                condition=~Q(status="cancelled"),
                name="surplus_shared_once_a_year",
                violation_error_message="Pembagian SHU tahun ini sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", voucher=None)
                | (~Q(status="draft") & Q(voucher__isnull=False, met_on__isnull=False) & ~Q(minutes_number="")),
                name="surplus_approved_with_minutes",
                violation_error_message="Pembagian yang disahkan perlu berita acara dan buktinya.",
            ),
        ]

    def __str__(self) -> str:
        return f"SHU tahun {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("surplus-year", args=[self.pk])

    def told_besides(self) -> dict[str, str]:
        """What the history keeps of the weights of officers and teachers: their names with the numbers."""
        if not self.weights:
            return {"perbandingan bagian": ""}
        names = {officer_key(one.pk): one.name for one in Officer.objects.filter(group=self.group_id)}
        names |= {teacher_key(one.pk): one.name for one in PaudTeacher.objects.filter(group=self.group_id)}
        told = (f"{names.get(key, key)} {weight}" for key, weight in self.weights.items())
        return {"perbandingan bagian": "; ".join(told)}

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.status == self.Status.APPROVED


class SurplusAllotment(MoneyRow):
    """What one post got of an approved surplus; Rp0 where nobody was there to share it."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    distribution = models.ForeignKey(
        SurplusDistribution, models.PROTECT, related_name="allotments", verbose_name="pembagian"
    )
    position = models.PositiveSmallIntegerField("urutan")
    name = models.CharField("nama pos", max_length=60)
    kind = models.CharField("untuk", max_length=10, choices=ALL_KINDS)
    percent = models.DecimalField("persen", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = RupiahField("jumlah")
    note = models.CharField("keterangan", max_length=200, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "pos SHU"
        verbose_name_plural = "pos SHU"
        ordering = ["distribution", "position"]
        constraints = [models.UniqueConstraint(fields=["distribution", "position"], name="surplus_allotment_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def percent_words(self) -> str:
        return percent_words(self.percent) if self.percent is not None else ""


class SurplusLine(MoneyRow):
    """One person's part of a post, or the whole of a fund; the lines of a post sum to it. Names as they were then."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    allotment = models.ForeignKey(SurplusAllotment, models.PROTECT, related_name="lines", verbose_name="pos")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="surplus_lines", verbose_name="anggota"
    )
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pengurus"
    )
    teacher = models.ForeignKey(
        PaudTeacher, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="guru PAUD"
    )
    name = models.CharField("nama", max_length=100)
    about = models.CharField("poklak, jabatan atau lembaga", max_length=100, blank=True)
    address = models.CharField("alamat", max_length=200, blank=True)
    basis = RupiahField("dasar", null=True, blank=True)  # rupiah of fees or savings
    amount = RupiahField("jumlah", min_value=1)
    words = models.CharField("penjelasan", max_length=200)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "bagian SHU"
        verbose_name_plural = "bagian SHU"
        ordering = ["allotment", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="surplus_line_positive"),
            models.UniqueConstraint(fields=["allotment", "member"], name="surplus_line_once_a_member"),
            models.UniqueConstraint(fields=["allotment", "officer"], name="surplus_line_once_an_officer"),
            models.UniqueConstraint(fields=["allotment", "teacher"], name="surplus_line_once_a_teacher"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.allotment}"


class SurplusPayment(MoneyRow):
    """That a voucher paid a line: a person's lines whole, of a fund's as much as the voucher says. A voucher that was
    taken back no longer counts.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    line = models.ForeignKey(SurplusLine, models.PROTECT, related_name="payments", verbose_name="bagian")
    voucher = models.ForeignKey(
        Voucher, models.PROTECT, related_name="surplus_payments", verbose_name="bukti pembayaran"
    )

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "pembayaran SHU"
        verbose_name_plural = "pembayaran SHU"
        ordering = ["voucher", "pk"]
        constraints = [models.UniqueConstraint(fields=["line", "voucher"], name="surplus_payment_once")]

    def __str__(self) -> str:
        return f"{self.line}, {self.voucher}"
