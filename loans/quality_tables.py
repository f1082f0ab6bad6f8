"""Loans behind a figure of quality, and late loans with what was done about them, as lists and what one may ask."""

from decimal import Decimal
from fractions import Fraction

import django_filters
from django import forms

from loans.aging import NAMES, days_late
from loans.filters import BORROWER_OR_NUMBER, DayFilter
from loans.follow_services import PROMISES
from loans.models import FollowUp, Loan
from loans.quality import FORMULAS, Ratio
from loans.quality_services import SLICES, Quality
from loans.tables import LoanTable
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.money import round_rupiah
from up2k_portal.lib.tables import (
    ChoiceColumn,
    CountColumn,
    DayColumn,
    NameColumn,
    PlaceColumn,
    PortalTable,
    RupiahColumn,
    TextColumn,
)
from up2k_portal.lib.ui import percent
from up2k_portal.lib.xlsx_shell import NUMBER, Column, Sheet
from villages.filters import InGroupFilter
from villages.models import Village


class DaysLateColumn(CountColumn):
    """Days late on the day that the list is told of."""

    as_of = None

    def render(self, value):
        return super().render(self.value(value))

    def value(self, value):
        return days_late(value, self.as_of or today())


class QualityLoanTable(PortalTable):
    """As of a day, which the table is given."""

    borrower = NameColumn(
        linkify=lambda record: record.get_absolute_url(),
        order_by=("member__name", "poklak__name"),
        verbose_name="Peminjam",
    )
    number = TextColumn(verbose_name="Pinjaman", attrs={"td": {"class": "code"}})
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    principal = RupiahColumn(total=True, verbose_name="Pokok (Rp)", on_phone=False)
    principal_due = RupiahColumn(total=True, verbose_name="Pokok jatuh tempo (Rp)", on_phone=False)
    principal_due_paid = RupiahColumn(total=True, verbose_name="Yang sudah dibayar (Rp)", on_phone=False)
    balance = RupiahColumn(total=True, verbose_name="Sisa pokok (Rp)", lead=True)
    principal_late = RupiahColumn(total=True, verbose_name="Pokok menunggak (Rp)")
    service_fee_late = RupiahColumn(total=True, verbose_name="Jasa menunggak (Rp)", on_phone=False)
    days_late = DaysLateColumn(accessor="oldest_unpaid_on", verbose_name="Hari telat")
    unpaid_count = CountColumn(verbose_name="Kali menunggak", on_phone=False)
    collectability = ChoiceColumn(choices=NAMES.items(), verbose_name="Kolektibilitas")

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["days_late"].column.as_of = as_of

    class Meta(PortalTable.Meta):
        model = Loan
        fields = (
            "borrower", "number", "village", "disbursed_on", "principal", "principal_due", "principal_due_paid",
            "balance", "principal_late", "service_fee_late", "days_late", "unpaid_count", "collectability",
        )  # fmt: skip
        sequence = fields


class QualityFilter(InGroupFilter):
    """Where and when: the day is read by the page, which annotates its rows as of it."""

    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor pinjaman")
    searched = BORROWER_OR_NUMBER
    on = DayFilter(method="everything", label="Keadaan tanggal")
    village = django_filters.ModelChoiceFilter(
        queryset=Village.objects.select_related("district"), label="Desa/kelurahan"
    )

    class Meta:
        model = Loan
        fields = ("q", "on", "district", "village", "group", "scope")


class QualityLoanFilter(QualityFilter):
    slice = django_filters.ChoiceFilter(
        choices=[(key, words) for key, (words, _) in SLICES.items()], method="in_slice", label="Yang tampil"
    )
    since = DayFilter(field_name="disbursed_on", lookup_expr="gte", label="Cair sejak")
    numbers = django_filters.CharFilter(method="numbered", label="Nomor pinjaman", widget=forms.HiddenInput)

    class Meta:
        model = Loan
        fields = ("q", "on", "slice", "since", "numbers", "district", "village", "group", "scope")

    def numbered(self, rows, name, numbers):
        """Some loans by their numbers, as a finding about them asks: "2025-001,2025-007"."""
        return rows.filter(number__in=numbers.split(","))

    def in_slice(self, rows, name, key):
        day = self.form.cleaned_data.get("on")
        return rows.filter(SLICES[key][1](min(day or today(), today())))


class FollowTable(LoanTable):
    """Late loans with the latest that was done about each."""

    days_late = DaysLateColumn(accessor="oldest_unpaid_on", verbose_name="Hari telat")
    followed_on = DayColumn(verbose_name="Tindak lanjut")
    followed_way = ChoiceColumn(choices=FollowUp.Way.choices, verbose_name="Cara", on_phone=False)
    promised_on = DayColumn(verbose_name="Janji bayar")
    promised = RupiahColumn(verbose_name="Dijanjikan (Rp)", on_phone=False)
    promise = ChoiceColumn(choices=PROMISES, verbose_name="Janjinya")

    class Meta(LoanTable.Meta):
        fields = (
            "borrower", "number", "village", "late", "days_late", "followed_on", "followed_way", "promised_on",
            "promised", "promise",
        )  # fmt: skip
        sequence = fields
        exclude = ("purpose", "disbursed_on", "principal", "balance", "standing")


class FollowUpFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor pinjaman")
    searched = BORROWER_OR_NUMBER
    promise = django_filters.ChoiceFilter(
        choices=[*PROMISES, ("due", "Jatuh tempo hari ini atau lewat"), ("none", "Belum ada tindak lanjut")],
        method="with_promise",
        label="Janji bayar",
    )

    class Meta:
        model = Loan
        fields = ("q", "promise", "district", "group", "scope")

    def with_promise(self, rows, name, asked):
        if asked == "none":
            return rows.filter(followed_on=None)
        if asked == "due":
            return rows.filter(promised_on__lte=today()).exclude(promise="kept")
        return rows.filter(promise=asked)


def quality_sheet(quality: Quality, made: str) -> Sheet:
    """Every figure of a portfolio with its formula, as a sheet."""
    columns = [
        Column("Ukuran"),
        Column("Pembilang (Rp)", NUMBER),
        Column("Penyebut (Rp)", NUMBER),
        Column("Hasil (%)", "0.0"),
        Column("Cadangan (Rp)", NUMBER),
        Column("Rumus"),
    ]
    rows: list[list] = []
    for ratio in quality.ratios:
        rows.append([ratio.formula.label, ratio.part, ratio.whole, _tenths(ratio.percent), None, ratio.formula.words])
    for line in quality.classes:
        share = Ratio(FORMULAS[0], line.balance, quality.sums["balance"]).percent
        words = f"{line.count} pinjaman; cadangan {percent(line.percent)} dari saldonya"
        name = f"Kolektibilitas {line.level}. {line.name}"
        rows.append([name, line.balance, quality.sums["balance"], _tenths(share), line.allowance, words])
    for name, amount, _ in quality.ageing:
        share = Ratio(FORMULAS[0], amount, quality.sums["principal_late"]).percent
        words = "pokok yang menunggak menurut umurnya ÷ seluruh pokok yang menunggak"
        rows.append([f"Telat {name} hari", amount, quality.sums["principal_late"], _tenths(share), None, words])
    day = format_day(quality.as_of)
    return Sheet("Kualitas pinjaman", f"Keadaan {day}, skema {quality.scheme.code}. {made}", columns, rows)


def _tenths(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(round_rupiah(value * 10)) / 10
