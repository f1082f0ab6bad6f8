"""Loans, receipts and the choice of a loan to pay, as lists."""

from django.urls import reverse
from django.utils.html import format_html

from loans.aging import days_late
from loans.models import Loan, Receipt
from loans.standing import BADGES, STANDINGS
from up2k_portal.lib.dates import today
from up2k_portal.lib.tables import (
    ChoiceColumn,
    CountColumn,
    NameColumn,
    PlaceColumn,
    PortalTable,
    RupiahColumn,
    TextColumn,
)
from up2k_portal.lib.ui import badge
from villages.models import Member
from villages.tables import MemberTable


class StandingColumn(ChoiceColumn):
    """The state as a badge for the eye, as words for machines."""

    def render(self, value):
        return badge(BADGES[value])


class DaysLateColumn(CountColumn):
    """Days since the oldest unpaid instalment fell due; the list is as of today."""

    def render(self, value):
        return super().render(self.value(value))

    def value(self, value):
        return days_late(value, today())


class LoanTable(PortalTable):
    borrower = NameColumn(
        linkify=lambda record: record.get_absolute_url(),
        order_by=("member__name", "poklak__name"),
        verbose_name="Peminjam",
    )
    number = TextColumn(verbose_name="Pinjaman", attrs={"td": {"class": "code"}})
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    principal = RupiahColumn(total=True, verbose_name="Pokok (Rp)", on_phone=False)
    balance = RupiahColumn(total=True, verbose_name="Sisa pokok (Rp)", lead=True)
    late = RupiahColumn(total=True, verbose_name="Tunggakan (Rp)")
    days_late = DaysLateColumn(accessor="oldest_unpaid_on", verbose_name="Hari telat", on_phone=False)
    standing = StandingColumn(choices=STANDINGS, verbose_name="Keadaan")
    purpose = TextColumn(verbose_name="Keperluan", on_phone=False)

    class Meta(PortalTable.Meta):
        model = Loan
        fields = (
            "borrower", "number", "village", "purpose", "disbursed_on", "principal", "balance", "late", "days_late",
            "standing",
        )  # fmt: skip
        sequence = fields


class LoanPickTable(PortalTable):
    """Running loans to choose from: a tap on the name opens the payment."""

    borrower = NameColumn(order_by=("member__name", "poklak__name"), verbose_name="Siapa yang membayar?")
    number = TextColumn(verbose_name="Pinjaman")
    balance = RupiahColumn(verbose_name="Sisa pokok (Rp)")
    late = RupiahColumn(verbose_name="Tunggakan (Rp)")
    standing = StandingColumn(choices=STANDINGS, verbose_name="Keadaan")

    class Meta(PortalTable.Meta):
        model = Loan
        fields = ("borrower", "number", "balance", "late", "standing")
        sequence = fields

    def render_borrower(self, record):
        return format_html('<a href="{}">{}</a>', reverse("payment-add", args=[record.pk]), record.borrower)


class BorrowerPickTable(MemberTable):
    """Members to choose from when a loan is proposed."""

    name = TextColumn(
        verbose_name="Siapa yang meminjam?", linkify=lambda record: reverse("loan-propose", args=[record.pk])
    )

    class Meta(MemberTable.Meta):
        fields = ("name", "group", "poklak", "joined_on")
        sequence = fields
        exclude = ("village", "nik", "sex")


class MemberMoneyTable(MemberTable):
    """The members' list with what each still owes."""

    balance = RupiahColumn(total=True, verbose_name="Sisa pinjaman (Rp)")

    class Meta(MemberTable.Meta):
        model = Member
        fields = ("name", "group", "poklak", "village", "nik", "sex", "joined_on", "balance")
        sequence = fields


class ReceiptTable(PortalTable):
    number = TextColumn(linkify=True)
    payer = NameColumn(order_by=("member__name", "poklak__name"), verbose_name="Penyetor")
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    principal = RupiahColumn(total=True, verbose_name="Pokok (Rp)")
    service_fee = RupiahColumn(total=True, verbose_name="Jasa (Rp)")
    penalty = RupiahColumn(total=True, verbose_name="Denda (Rp)")
    credit = RupiahColumn(total=True, verbose_name="Titipan (Rp)")
    savings = RupiahColumn(total=True, verbose_name="Simpanan (Rp)")
    contribution = RupiahColumn(total=True, verbose_name="Iuran (Rp)")
    amount = RupiahColumn(total=True, verbose_name="Jumlah (Rp)", lead=True)
    correction = TextColumn(verbose_name="Koreksi", orderable=False, accessor="correction_words")

    class Meta(PortalTable.Meta):
        model = Receipt
        fields = (
            "number", "received_on", "payer", "village", "principal", "service_fee", "penalty", "credit", "savings",
            "contribution", "amount", "correction",
        )  # fmt: skip
        sequence = fields
