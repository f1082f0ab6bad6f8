"""Imports as a list: Pusat impor."""

from django_tables2 import A

from imports.kinds import KINDS
from imports.models import Import
from up2k_portal.lib.tables import ChoiceColumn, CountColumn, PortalColumn, PortalTable, TextColumn
from up2k_portal.lib.ui import moment


class MomentColumn(PortalColumn):
    excel_format = "dd-mm-yyyy hh:mm"

    def render(self, value):
        return moment(value)


class ImportTable(PortalTable):
    pk = TextColumn(verbose_name="No.", linkify=("import", {"pk": A("pk")}))
    kind = ChoiceColumn(choices=[(kind.key, kind.title) for kind in KINDS.values()], verbose_name="Jenis")
    area_name = TextColumn(verbose_name="Wilayah")
    file_name = TextColumn(on_phone=False)
    state = ChoiceColumn(choices=Import.State.choices)
    read = CountColumn(verbose_name="Dibaca", on_phone=False)
    done = CountColumn(verbose_name="Tersimpan", lead=True)
    refused = CountColumn(verbose_name="Ditolak")
    sent_by = TextColumn(accessor="sent_by__name", order_by=("sent_by__name",), verbose_name="Dikirim oleh")
    sent_at = MomentColumn(verbose_name="Dikirim")

    class Meta(PortalTable.Meta):
        model = Import
        fields = ("pk", "kind", "area_name", "file_name", "state", "read", "done", "refused", "sent_by", "sent_at")
        sequence = fields
        order_by = ("-sent_at",)
