"""What came from a sheet or a telephone: the envelopes as they were sent, the telephones, and who was absent."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from loans.models.loans import Loan
from loans.models.months import CashCount
from loans.models.receipts import Receipt
from loans.models.vouchers import Voucher
from up2k_portal.lib.access import Action, ScopedQuerySet
from up2k_portal.lib.append_only import AppendOnlyModel, AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField
from villages.models import Group, Member, Village


class Envelope(AppendOnlyModel):
    """One sending that was recorded: its content as it came, and what it became. Refused ones leave none.

    Its key is unique over all that is sent, so that a telephone which never heard the answer may ask again.
    """

    class Kind(models.TextChoices):
        ROW = "row", "Baris lembar"
        TOTAL = "total", "Setoran tunggal"
        ABSENT = "absent", "Tidak hadir"
        COUNT = "count", "Hitung uang di meja"

    class SentAs(models.TextChoices):
        SHEET = "sheet", "Lembar setoran"
        PAYMENT = "payment", "Setoran tunggal"
        FILE = "file", "Berkas cadangan"
        ENTRUSTED = "entrusted", "Lembar titipan"

    row_words = "Kiriman"
    instead = "kirim yang baru"

    uuid = models.UUIDField("kunci kiriman", unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dikirim oleh")
    # Whose queue it was, where another person sent its backup file.
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="antrean milik")
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="envelopes", verbose_name="kelompok")
    kind = models.CharField("jenis", max_length=6, choices=Kind.choices)
    on = DayField("tanggal")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", verbose_name="anggota")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="+", verbose_name="pinjaman")
    receipt = models.OneToOneField(
        Receipt, models.PROTECT, null=True, related_name="envelope", verbose_name="bukti setoran"
    )
    voucher = models.OneToOneField(
        Voucher, models.PROTECT, null=True, related_name="envelope", verbose_name="bukti kas"
    )
    cash_count = models.OneToOneField(
        CashCount, models.PROTECT, null=True, related_name="envelope", verbose_name="hitungan kas"
    )
    content = models.JSONField("isi")  # as converted to today's format, without order and clock
    sha256 = models.CharField("sidik isi", max_length=64)
    format = models.PositiveSmallIntegerField("format kiriman")  # as it was sent
    device = models.UUIDField("HP", null=True)
    sent_as = models.CharField("lewat", max_length=9, choices=SentAs.choices)
    recorded_at = models.DateTimeField("dicatat di HP", null=True)  # the telephone's clock: told, never reckoned with
    received_at = models.DateTimeField("diterima", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "kiriman lapangan"
        verbose_name_plural = "kiriman lapangan"
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["group", "on"], name="envelope_of_sheet")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("row", "total"), cash_count=None)
                & (Q(receipt__isnull=False) | Q(voucher__isnull=False))
                | Q(kind="absent", receipt=None, voucher=None, cash_count=None, member__isnull=False)
                | Q(kind="count", receipt=None, cash_count__isnull=False),
                name="envelope_names_what_it_became",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class SheetDevice(models.Model):
    """A telephone that had the sheet of a day open, and how many of its rows wait in it, as it told last."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="sheet_devices", verbose_name="kelompok")
    on = DayField("tanggal")
    device = models.UUIDField("HP", default=uuid4)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dipakai oleh")
    opened_at = models.DateTimeField("dibuka", default=timezone.now)
    told_at = models.DateTimeField("kabar terakhir", default=timezone.now)
    waiting = models.PositiveIntegerField("menunggu", default=0)
    is_along = models.BooleanField("dibawa ke pertemuan", default=False)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "HP di lembar setoran"
        verbose_name_plural = "HP di lembar setoran"
        ordering = ["-told_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["group", "on", "device"], name="device_once_on_sheet")]

    def __str__(self) -> str:
        return f"HP {self.user} {self.on}"

    @property
    def is_waiting(self) -> bool:
        """Whether rows of the sheet may still sit in it."""
        return self.waiting > 0 or self.is_along


class SheetAbsence(models.Model):
    """Who was marked absent on the sheet of a day; the meeting's attendance is proposed from it."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="sheet_absences", verbose_name="kelompok")
    on = DayField("tanggal")
    member = models.ForeignKey(Member, models.PROTECT, related_name="sheet_absences", verbose_name="anggota")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="dicatat oleh")
    at = models.DateTimeField("dicatat", default=timezone.now)
    cancelled_at = models.DateTimeField("dibatalkan", null=True, blank=True)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "tidak hadir di lembar"
        verbose_name_plural = "tidak hadir di lembar"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["on", "member"], condition=Q(cancelled_at=None), name="absent_once_on_sheet"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.on}"
