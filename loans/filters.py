"""What one may ask of loans and receipts."""

import django_filters
from django.db.models import Q

from loans.models import Loan, Receipt
from loans.standing import STANDINGS
from up2k_portal.lib.forms import DayFormField
from villages.filters import CountedFilterSet, in_district
from villages.models import District, Group


class DayFilter(django_filters.Filter):
    field_class = DayFormField


class LoanFilter(CountedFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor pinjaman")
    standing = django_filters.ChoiceFilter(choices=STANDINGS, label="Keadaan")
    is_late = django_filters.ChoiceFilter(
        choices=[("yes", "Menunggak"), ("no", "Tidak menunggak")], method="late", label="Tunggakan"
    )
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.select_related("village__district"), label="Kelompok"
    )

    class Meta:
        model = Loan
        fields = ("q", "standing", "is_late", "district", "group", "scope")

    def search(self, rows, name, words):
        return rows.filter(
            Q(member__name__icontains=words) | Q(poklak__name__icontains=words) | Q(number__icontains=words)
        )

    def late(self, rows, name, answer):
        return rows.filter(late__gt=0) if answer == "yes" else rows.filter(late=0)


class ReceiptFilter(CountedFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nama atau nomor bukti")
    since = DayFilter(field_name="received_on", lookup_expr="gte", label="Sejak tanggal")
    until = DayFilter(field_name="received_on", lookup_expr="lte", label="Sampai tanggal")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.select_related("village__district"), label="Kelompok"
    )

    class Meta:
        model = Receipt
        fields = ("q", "since", "until", "district", "group", "scope")

    def search(self, rows, name, words):
        return rows.filter(
            Q(member__name__icontains=words) | Q(poklak__name__icontains=words) | Q(number__icontains=words)
        )


class LoanPickFilter(LoanFilter):
    """For choosing a loan to pay: the money of a practice group is recorded too."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.counts_only = False
        self.filters.pop("scope", None)
