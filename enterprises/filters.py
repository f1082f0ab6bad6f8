import django_filters
from django.db.models import Q

from enterprises.models import Category, Enterprise
from villages.filters import CountedFilterSet, in_district
from villages.models import District, Group


class EnterpriseFilter(CountedFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nama usaha, hasil atau pemilik")
    category = django_filters.ModelChoiceFilter(queryset=Category.objects.all(), label="Jenis usaha")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.select_related("village__district"), label="Kelompok"
    )

    class Meta:
        model = Enterprise
        fields = ("q", "category", "district", "group", "scope")

    def search(self, rows, name, words):
        owners = Q(member__name__icontains=words) | Q(poklak__name__icontains=words)
        return rows.filter(Q(name__icontains=words) | Q(products__icontains=words) | owners)
