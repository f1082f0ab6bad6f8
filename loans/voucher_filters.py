"""What one may ask of vouchers."""

import django_filters
from django.db.models import Q

from loans.filters import DayFilter
from loans.models import Voucher
from villages.filters import CountedFilterSet, in_district
from villages.models import District, Group


class VoucherFilter(CountedFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nomor, uraian, atau nama")
    kind = django_filters.ChoiceFilter(choices=Voucher.Kind.choices, label="Jenis")
    since = DayFilter(field_name="on", lookup_expr="gte", label="Sejak tanggal")
    until = DayFilter(field_name="on", lookup_expr="lte", label="Sampai tanggal")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.select_related("village__district"), label="Kelompok"
    )

    class Meta:
        model = Voucher
        fields = ("q", "kind", "since", "until", "district", "group", "scope")

    def search(self, rows, name, words):
        return rows.filter(Q(number__icontains=words) | Q(description__icontains=words) | Q(party__icontains=words))
