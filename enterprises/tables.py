from enterprises.models import Enterprise
from enterprises.months import month_code, short_month_name
from up2k_portal.lib.dates import today
from up2k_portal.lib.tables import (
    CountColumn,
    NameColumn,
    PlaceColumn,
    PortalTable,
    RupiahColumn,
    TextColumn,
)


class FlagshipColumn(TextColumn):
    """Only what is one is marked: a column of "tidak" would hide it."""

    empty_values = (None, "", False)

    def render(self, value):
        return self.value(value)

    def value(self, value):
        return "ya" if value else ""


class PermitsColumn(TextColumn):
    """NIB, P-IRT (kedaluwarsa): as of today."""

    def render(self, value):
        return self.value(value)

    def value(self, value):
        return ", ".join(dict.fromkeys(map(permit_words, value)))


class MonthColumn(TextColumn):
    """Sep 2026 for the eye, 2026-09 for machines."""

    css = "day"

    def render(self, value):
        return short_month_name(value)

    def value(self, value):
        return month_code(value)


class EnterpriseTable(PortalTable):
    name = TextColumn(linkify=True)
    category = TextColumn(accessor="category__name", order_by=("category__name",), verbose_name="Jenis usaha")
    owner = NameColumn(order_by=("member__name", "poklak__name"), verbose_name="Pemilik")
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    products = TextColumn(accessor="product_words", orderable=False, verbose_name="Produk")
    is_flagship = FlagshipColumn(verbose_name="Unggulan")
    permits = PermitsColumn(accessor="permit_rows", orderable=False, verbose_name="Izin")
    workers = CountColumn(verbose_name="Pekerja", on_phone=False)
    last_period = MonthColumn(verbose_name="Bulan terakhir", on_phone=False)
    last_turnover = RupiahColumn(verbose_name="Omzet terakhir (Rp)", lead=True)

    class Meta(PortalTable.Meta):
        model = Enterprise
        fields = (
            "name", "category", "owner", "group", "village", "products", "is_flagship", "permits", "workers",
            "started_on", "last_period", "last_turnover",
        )  # fmt: skip
        sequence = fields


def permit_words(permit) -> str:
    kind = permit.get_kind_display()
    return f"{kind} (kedaluwarsa)" if permit.state_on(today()) == "kedaluwarsa" else kind
