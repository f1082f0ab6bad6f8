"""Decisions that moved a village's due days, as a list: on the screen, in Excel and in JSON."""

from loans.models import ShiftDecision
from up2k_portal.lib.tables import CountColumn, PlaceColumn, PortalTable, TextColumn


class ShiftTable(PortalTable):
    """`loan_count` and `standing` come from the view's rows."""

    letter_number = TextColumn(linkify=True)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    months = CountColumn(verbose_name="Mundur (bulan)", lead=True)
    loan_count = CountColumn(verbose_name="Pinjaman")
    standing = TextColumn(verbose_name="Keadaan", orderable=False)

    class Meta(PortalTable.Meta):
        model = ShiftDecision
        fields = ("letter_number", "on", "village", "reason", "from_day", "months", "loan_count", "standing")
        sequence = fields
