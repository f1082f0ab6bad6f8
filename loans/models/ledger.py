"""The ledger: every rupiah that moved, once, from one account to another. Written beside its source, never by hand."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from loans.chart import CHART
from loans.models.loans import Loan
from loans.models.receipts import MoneyRow, ReceiptPart
from loans.models.vouchers import Voucher
from up2k_portal.lib.access import Action
from up2k_portal.lib.append_only import AppendOnlyQuerySet
from up2k_portal.lib.fields import DayField, RupiahField
from villages.models import Group, Member, Village

ACCOUNTS = [(account.code, f"{account.code} {account.name}") for account in CHART.values()]


class Entry(MoneyRow):
    """One amount from the account `credit` to the account `debit`: it cannot be unbalanced.

    A reversal is a new row with the accounts swapped that points at the original. No text about persons stands here:
    who and why is told by the source, a part of a receipt or a voucher.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name="desa/kelurahan")
    group = models.ForeignKey(Group, models.PROTECT, related_name="entries", verbose_name="kelompok")
    on = DayField("tanggal")
    period = models.PositiveIntegerField("bulan")  # YYYYMM of `on`
    amount = RupiahField("jumlah", min_value=1)
    debit = models.CharField("debet", max_length=6, choices=ACCOUNTS)
    credit = models.CharField("kredit", max_length=6, choices=ACCOUNTS)
    kind = models.CharField("jenis", max_length=16)  # of the part or voucher: what the money was
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, related_name="entries", verbose_name="pinjaman")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="entries", verbose_name="anggota")
    part = models.OneToOneField(
        ReceiptPart, models.PROTECT, null=True, related_name="entry", verbose_name="bagian setoran"
    )
    voucher = models.ForeignKey(Voucher, models.PROTECT, null=True, related_name="entries", verbose_name="bukti kas")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversal", verbose_name="koreksi atas"
    )
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    area_path = "village__code"
    seen_with = Action.SEE_PEOPLE
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "baris buku besar"
        verbose_name_plural = "buku besar"
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["group", "debit", "on", "amount"], name="entry_debit"),
            models.Index(fields=["group", "credit", "on", "amount"], name="entry_credit"),
            models.Index(fields=["member", "credit", "debit", "on", "amount"], name="entry_member"),
            models.Index(fields=["loan", "kind", "on"], name="entry_loan"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_two_accounts"),
            models.CheckConstraint(
                condition=Q(part__isnull=True) ^ Q(voucher__isnull=True), name="entry_has_one_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debit} ← {self.credit}"
