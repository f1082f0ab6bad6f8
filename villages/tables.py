"""Groups, members and their incomes as lists: on the screen, in Excel and in JSON."""

from django.urls import reverse

from up2k_portal.lib.money import format_number
from up2k_portal.lib.privacy import mask_number
from up2k_portal.lib.tables import (
    ChoiceColumn,
    CountColumn,
    DayColumn,
    PlaceColumn,
    PortalTable,
    RupiahColumn,
    TextColumn,
)
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


class ChangeColumn(RupiahColumn):
    """A difference: no change is a 0, a dash says that nobody asked twice."""

    def render(self, value):
        return format_number(value)


class IncomeTable(PortalTable):
    """Members with what their families earn a month, at the first and at the latest answer."""

    name = TextColumn(linkify=True)
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    income_before = RupiahColumn(verbose_name="Sebelum (Rp)")
    income_before_on = DayColumn(verbose_name="Tanggal sebelum", on_phone=False)
    income_after = RupiahColumn(verbose_name="Sesudah (Rp)")
    income_after_on = DayColumn(verbose_name="Tanggal sesudah", on_phone=False)
    income_difference = ChangeColumn(verbose_name="Selisih (Rp)", lead=True)

    class Meta(PortalTable.Meta):
        model = Member
        fields = (
            "name", "group", "village", "income_before", "income_before_on", "income_after", "income_after_on",
            "income_difference",
        )  # fmt: skip
        sequence = fields


class IncomePickTable(PortalTable):
    """Members to choose from: who was asked longest ago comes first, a tap on the name opens the question."""

    name = TextColumn(
        verbose_name="Siapa yang ditanya?",
        linkify=lambda record: f"{reverse('income-add', args=[record.pk])}?dari=daftar",
    )
    group = TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok", on_phone=False)
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    income_latest = RupiahColumn(verbose_name="Terakhir (Rp)", lead=True)
    income_latest_on = DayColumn(verbose_name="Ditanya")

    class Meta(PortalTable.Meta):
        model = Member
        fields = ("name", "group", "village", "income_latest", "income_latest_on")
        sequence = fields
