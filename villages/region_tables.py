"""Villages as a list: in force or ended, with their groups."""

import django_filters
import django_tables2 as tables
from django.db.models import Q

from up2k_portal.lib.dates import today
from up2k_portal.lib.forms import PortalFilterSet
from up2k_portal.lib.tables import ChoiceColumn, CountColumn, PortalTable, TextColumn
from villages.filters import in_district
from villages.models import District, Village, VillageKind


class RegionTable(PortalTable):
    name = TextColumn(linkify=("region", {"pk": tables.A("pk")}))
    code = TextColumn()
    kind = ChoiceColumn(choices=VillageKind.choices)
    district = TextColumn(accessor="district__name", order_by=("district__name", "code"), verbose_name="Kecamatan")
    group_count = CountColumn(lead=True, verbose_name="Kelompok")
    postcode = TextColumn(on_phone=False)

    class Meta(PortalTable.Meta):
        model = Village
        fields = ("name", "code", "kind", "district", "group_count", "postcode", "active_from", "active_until")
        order_by = ("code",)


class RegionFilter(PortalFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari nama atau kode desa")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    kind = django_filters.ChoiceFilter(choices=VillageKind.choices, label="Jenis")
    state = django_filters.ChoiceFilter(
        choices=[("active", "Berlaku"), ("ended", "Tidak berlaku lagi"), ("changed", "Pernah berubah")],
        method="in_state",
        label="Keadaan",
    )

    class Meta:
        model = Village
        fields = ("q", "district", "kind", "state")

    def search(self, rows, name, words):
        return rows.filter(
            Q(name__icontains=words) | Q(code__startswith=words) | Q(changes_from__old_name__icontains=words)
        ).distinct()

    def in_state(self, rows, name, state):
        if state == "changed":
            return rows.filter(Q(changes_from__isnull=False) | Q(changes_into__isnull=False)).distinct()
        return rows.active_on(today()) if state == "active" else rows.filter(active_until__lt=today())
