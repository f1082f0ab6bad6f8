"""Vouchers as a list: on the screen, in Excel and in JSON."""

from loans.models import Voucher
from up2k_portal.lib.tables import ChoiceColumn, PlaceColumn, PortalTable, RupiahColumn, TextColumn


class VoucherTable(PortalTable):
    """`money_in`, `money_out` and `correction` come from the view's rows; a sum over both directions says nothing."""

    number = TextColumn(linkify=True)
    kind = ChoiceColumn(choices=Voucher.Kind.choices)
    party = TextColumn(on_phone=False)
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    money_in = RupiahColumn(total=True, verbose_name="Masuk (Rp)", on_phone=False)
    money_out = RupiahColumn(total=True, verbose_name="Keluar (Rp)", on_phone=False)
    amount = RupiahColumn(verbose_name="Jumlah (Rp)", lead=True)
    correction = TextColumn(verbose_name="Koreksi", orderable=False)

    class Meta(PortalTable.Meta):
        model = Voucher
        fields = (
            "number", "on", "kind", "description", "party", "group", "village", "money_in", "money_out", "amount",
            "correction",
        )  # fmt: skip
        sequence = fields
