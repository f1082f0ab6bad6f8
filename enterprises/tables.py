from enterprises.models import Enterprise
from up2k_portal.lib.tables import NameColumn, PlaceColumn, PortalTable, TextColumn


class EnterpriseTable(PortalTable):
    name = TextColumn(linkify=True)
    category = TextColumn(accessor="category__name", order_by=("category__name",), verbose_name="Jenis usaha")
    owner = NameColumn(order_by=("member__name", "poklak__name"), verbose_name="Pemilik")
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    products = TextColumn()

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = ("name", "category", "owner", "group", "village", "products", "started_on")
        sequence = fields
