"""Meetings, inventory, letters and the state of the groups' books, as lists."""

from up2k_portal.lib.tables import ChoiceColumn, CountColumn, DayColumn, PlaceColumn, PortalTable, TextColumn
from villages.models import Group, InventoryItem, Letter, Meeting


def group_column() -> TextColumn:
    return TextColumn(accessor="group__name", order_by=("group__name",), verbose_name="Kelompok")


class MeetingTable(PortalTable):
    title = TextColumn(linkify=True, verbose_name="Pertemuan")
    group = group_column()
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    kind = ChoiceColumn(choices=Meeting.Kind.choices)
    attendance = TextColumn(accessor="attendance_words", order_by=("present_count",), verbose_name="Hadir", lead=True)
    guest_count = CountColumn(verbose_name="Tamu", on_phone=False)

    class Meta(PortalTable.Meta):
        model = Meeting
        fields = ("title", "held_on", "group", "village", "kind", "attendance", "guest_count")
        sequence = fields


class InventoryTable(PortalTable):
    name = TextColumn(linkify=True)
    group = group_column()
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    origin = TextColumn(on_phone=False)
    quantity = CountColumn(lead=True)
    place = TextColumn(on_phone=False)
    condition = ChoiceColumn(choices=InventoryItem.Condition.choices)

    class Meta(PortalTable.Meta):
        model = InventoryItem
        fields = (
            "name", "group", "village", "origin", "acquired_on", "quantity", "place", "condition", "disposed_on",
        )  # fmt: skip
        sequence = fields


class LetterTable(PortalTable):
    subject = TextColumn(linkify=True)
    direction = ChoiceColumn(choices=Letter.Direction.choices)
    entered_on = DayColumn(verbose_name="Tanggal", lead=True)
    number = TextColumn(on_phone=False)
    correspondent = TextColumn()
    group = group_column()
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")

    class Meta(PortalTable.Meta):
        model = Letter
        fields = ("subject", "direction", "entered_on", "number", "correspondent", "group", "village")
        sequence = fields


class ScoreColumn(CountColumn):
    """8 dari 10; machines get the 8."""

    def __init__(self, *, out_of: int, **kwargs):
        self.out_of = out_of
        super().__init__(**kwargs)

    def render(self, value):
        return f"{value} dari {self.out_of}"


class MissingColumn(TextColumn):
    """The books that are empty, by name; the row carries a bit for each that is filled."""

    def __init__(self, *, titles: list[str], **kwargs):
        self.titles = titles
        super().__init__(**kwargs)

    def render(self, value):
        return self.value(value) or "–"

    def value(self, value):
        return ", ".join(title for bit, title in enumerate(self.titles) if not value & 1 << bit)


class AdministrationTable(PortalTable):
    name = TextColumn(linkify=True, verbose_name="Kelompok")
    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")

    class Meta(PortalTable.Meta):
        model = Group
        fields = ("name", "village")


def administration_table(rows, titles: list[str]) -> AdministrationTable:
    """The table for these books: how many there are is known only where all apps meet."""
    score = ScoreColumn(out_of=len(titles), verbose_name="Buku terisi", lead=True)
    fresh = ScoreColumn(out_of=len(titles), verbose_name="Terisi & baru")
    missing = MissingColumn(titles=titles, accessor="filled_bits", orderable=False, verbose_name="Masih kosong")
    return AdministrationTable(rows, extra_columns=[("score", score), ("fresh", fresh), ("missing", missing)])
