"""What one may ask of vouchers."""

import django_filters

from loans.filters import DayFilter
from loans.models import Voucher
from villages.filters import InGroupFilter


class VoucherFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nomor, uraian, atau nama")
    searched = ("number", "description", "party")
    kind = django_filters.ChoiceFilter(choices=Voucher.Kind.choices, label="Jenis")
    since = DayFilter(field_name="on", lookup_expr="gte", label="Sejak tanggal")
    until = DayFilter(field_name="on", lookup_expr="lte", label="Sampai tanggal")

    class Meta:
        model = Voucher
        fields = ("q", "kind", "since", "until", "district", "group", "scope")
