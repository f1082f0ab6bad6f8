"""Groups and members as lists: on the screen, in Excel and in JSON."""

from up2k_portal.lib.privacy import mask_number
from up2k_portal.lib.tables import ChoiceColumn, CountColumn, PlaceColumn, PortalTable, TextColumn
from villages.models import Group, Level, Member, Programme


class GroupTable(PortalTable):
    name = TextColumn(linkify=True)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    level = ChoiceColumn(choices=Level.choices, verbose_name="Klasifikasi")
    member_count = CountColumn(lead=True, verbose_name="Anggota")
    poklak_count = CountColumn(verbose_name="Poklak")
    decree_number = TextColumn(on_phone=False)
    programme = ChoiceColumn(choices=Programme.choices, on_phone=False)

    class Meta(PortalTable.Meta):
        model = Group
        fields = (
            "name", "village", "level", "member_count", "poklak_count", "decree_number", "founded_on", "programme",
        )  # fmt: skip


class NikColumn(TextColumn):
    """Masked for every reader: the whole NIK stands on the member's own page alone."""

    def render(self, value):
        return mask_number(value)

    def value(self, value):
        return mask_number(value)


class MemberTable(PortalTable):
    name = TextColumn(linkify=True)
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    poklak = TextColumn(
        accessor="poklak__name", order_by=("poklak__name",), default="Perorangan", verbose_name="Poklak"
    )
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    nik = NikColumn(orderable=False, verbose_name="NIK")
    sex = ChoiceColumn(choices=Member.Sex.choices, on_phone=False)

    class Meta(PortalTable.Meta):
        model = Member
        fields = ("name", "group", "poklak", "village", "nik", "sex", "joined_on")
        sequence = fields
