"""Entrusted sheets as a list, and what one may ask of it."""

import django_filters

from loans.filters import DayFilter
from loans.models import EntrustedSheet
from up2k_portal.lib.tables import ChoiceColumn, DayColumn, NameColumn, PlaceColumn, PortalTable, TextColumn
from up2k_portal.lib.ui import badge
from villages.filters import InGroupFilter

BADGES = {
    "sent": "dititipkan",
    "typed": "diketik",
    "recorded": "tercatat",
    "returned": "dikembalikan",
    "refused": "ditolak",
}


class StateColumn(ChoiceColumn):
    def render(self, record):
        return badge(BADGES[record.status])


class EntrustedTable(PortalTable):
    group = NameColumn(
        linkify=lambda record: record.get_absolute_url(), order_by=("group__name",), verbose_name="Kelompok"
    )
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    on = DayColumn(verbose_name="Pertemuan")
    status = StateColumn(choices=EntrustedSheet.Status.choices, verbose_name="Keadaan")
    sent_by = TextColumn(accessor="sent_by__name", verbose_name="Dititipkan oleh", on_phone=False)
    typed_by = TextColumn(accessor="typed_by__name", verbose_name="Diketik oleh", on_phone=False)
    checked_by = TextColumn(accessor="checked_by__name", verbose_name="Diperiksa oleh", on_phone=False)

    class Meta(PortalTable.Meta):
        model = EntrustedSheet
        fields = ("group", "village", "on", "sent_by", "typed_by", "checked_by", "status")
        sequence = fields


class EntrustedFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari kelompok atau pesan")
    searched = ("group__name", "note")
    status = django_filters.ChoiceFilter(choices=EntrustedSheet.Status.choices, label="Keadaan")
    since = DayFilter(field_name="on", lookup_expr="gte", label="Pertemuan sejak")
    until = DayFilter(field_name="on", lookup_expr="lte", label="Sampai")

    class Meta:
        model = EntrustedSheet
        fields = ("q", "status", "since", "until", "district", "group", "scope")
