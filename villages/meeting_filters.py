"""What one may ask of meetings, inventory, letters and the state of the books."""

import django_filters
from django.db.models import Q

from up2k_portal.lib.dates import today
from villages.filters import CountedFilterSet, InGroupFilter, in_district
from villages.models import District, Group, InventoryItem, Letter, Meeting

YEARS = 10


def last_years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in range(today().year, today().year - YEARS, -1)]


class MeetingFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari judul, acara atau isi notulen")
    kind = django_filters.ChoiceFilter(choices=Meeting.Kind.choices, label="Jenis")
    year = django_filters.ChoiceFilter(field_name="held_on__year", choices=last_years, label="Tahun")
    searched = ("title", "agenda", "minutes", "decisions", "group__name")

    class Meta:
        model = Meeting
        fields = ("q", "kind", "year", "district", "group", "scope")


class InventoryFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari barang, asal atau tempat")
    condition = django_filters.ChoiceFilter(choices=InventoryItem.Condition.choices, label="Kondisi")
    state = django_filters.ChoiceFilter(
        choices=[("kept", "Masih ada"), ("gone", "Sudah dikeluarkan")], method="in_state", label="Keadaan"
    )
    searched = ("name", "origin", "place", "group__name")

    class Meta:
        model = InventoryItem
        fields = ("q", "condition", "state", "district", "group", "scope")

    def in_state(self, rows, name, state):
        kept = Q(disposed_on=None) | Q(disposed_on__gt=today())
        return rows.filter(kept) if state == "kept" else rows.exclude(kept)


class LetterFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari perihal, nomor, asal atau tujuan")
    direction = django_filters.ChoiceFilter(choices=Letter.Direction.choices, label="Arah")
    year = django_filters.ChoiceFilter(field_name="entered_on__year", choices=last_years, label="Tahun")
    searched = ("subject", "number", "correspondent", "group__name")

    class Meta:
        model = Letter
        fields = ("q", "direction", "year", "district", "group", "scope")


class AdministrationFilter(CountedFilterSet):
    group_path = "pk"
    q = django_filters.CharFilter(method="search", label="Cari nama kelompok atau desa")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")

    class Meta:
        model = Group
        fields = ("q", "district", "scope")

    def search(self, rows, name, words):
        return rows.filter(Q(name__icontains=words) | Q(village__name__icontains=words))
