"""What one may ask of decisions that moved a village's due days."""

import django_filters
from django.db.models import Q

from loans.filters import DayFilter
from loans.models import ShiftDecision
from up2k_portal.lib.forms import PortalFilterSet
from villages.filters import in_district
from villages.models import District


class ShiftFilter(PortalFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nomor surat, alasan, atau desa")
    since = DayFilter(field_name="on", lookup_expr="gte", label="Sejak tanggal")
    until = DayFilter(field_name="on", lookup_expr="lte", label="Sampai tanggal")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")

    class Meta:
        model = ShiftDecision
        fields = ("q", "since", "until", "district")

    def search(self, rows, name, words):
        asked = Q(letter_number__icontains=words) | Q(reason__icontains=words) | Q(village__name__icontains=words)
        return rows.filter(asked)
