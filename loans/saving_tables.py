"""Members with their savings as a list, and what one may ask of it."""

import django_filters
from django.urls import reverse

from up2k_portal.lib.dates import today
from up2k_portal.lib.tables import PlaceColumn, PortalTable, RupiahColumn, TextColumn
from villages.filters import InGroupFilter
from villages.models import Member


class SavingFilter(InGroupFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Cari nama anggota")
    late = django_filters.ChoiceFilter(
        choices=[("yes", "Wajib belum disetor"), ("no", "Wajib sudah disetor")],
        method="is_late",
        label="Simpanan wajib",
    )
    state = django_filters.ChoiceFilter(
        choices=[("active", "Aktif"), ("left", "Sudah keluar")], method="in_state", label="Keadaan"
    )

    class Meta:
        model = Member
        fields = ("q", "late", "state", "district", "group", "scope")

    def is_late(self, rows, name, answer):
        return rows.filter(mandatory_late__gt=0) if answer == "yes" else rows.filter(mandatory_late=0)

    def in_state(self, rows, name, state):
        return rows.active_on(today()) if state == "active" else rows.filter(left_on__lte=today())


class SavingTable(PortalTable):
    name = TextColumn(linkify=lambda record: reverse("saving-book", args=[record.pk]), verbose_name="Anggota")
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    initial = RupiahColumn(total=True, verbose_name="Pokok (Rp)")
    mandatory = RupiahColumn(total=True, verbose_name="Wajib (Rp)")
    voluntary = RupiahColumn(total=True, verbose_name="Sukarela (Rp)")
    savings = RupiahColumn(total=True, verbose_name="Jumlah simpanan (Rp)", lead=True)
    mandatory_late = RupiahColumn(total=True, verbose_name="Wajib belum disetor (Rp)")

    class Meta(PortalTable.Meta):
        model = Member
        fields = ("name", "group", "village", "initial", "mandatory", "voluntary", "savings", "mandatory_late")
        sequence = fields
