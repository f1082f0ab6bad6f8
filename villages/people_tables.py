"""The queue of doubles and its decisions as lists. The queue stands side by side for the eye and flat in files."""

from django.utils.html import format_html

from up2k_portal.lib.dates import format_day_short, format_moment
from up2k_portal.lib.privacy import mask_number
from up2k_portal.lib.tables import (
    ChoiceColumn,
    CountColumn,
    DayColumn,
    NameColumn,
    PortalColumn,
    PortalTable,
    TextColumn,
)
from villages.models import Member, PersonDecision
from villages.people_queue import KINDS
from villages.tables import NikColumn


class RecordColumn(PortalColumn):
    """One membership in three lines: where, who, since when."""

    def render(self, value):
        line = "<small class='sub d-block'><span class='vh'>, </span>{}</small>"  # one sentence on a phone's card
        place = f"{value.group} — {value.village.label}"
        return format_html("{}" + 2 * line, place, who(value), membership(value))


def who(member: Member) -> str:
    """lahir 12 Mar 1985, NIK ••••2514"""
    born = f"lahir {format_day_short(member.birth_date)}" if member.birth_date else "tanggal lahir belum ada"
    return f"{born}, {f'NIK {mask_number(member.nik)}' if member.nik else 'belum ada NIK'}"


def membership(member: Member) -> str:
    """masuk 6 Jan 2020, 2 pinjaman"""
    left = f", keluar {format_day_short(member.left_on)}" if member.left_on else ""
    loans = f", {member.loan_count} pinjaman" if member.loan_count else ""
    return f"masuk {format_day_short(member.joined_on)}{left}{loans}"


class CaseTable(PortalTable):
    names = TextColumn(linkify=lambda record: record.url, verbose_name="Nama", order_by=("names",))
    kind = ChoiceColumn(choices=KINDS, verbose_name="Perkara")
    first = RecordColumn(orderable=False, verbose_name="Catatan pertama")
    second = RecordColumn(orderable=False, verbose_name="Catatan kedua")

    class Meta(PortalTable.Meta):
        pass


def _columns_of(end: str, words: str) -> dict[str, PortalColumn]:
    return {
        f"{end}_name": TextColumn(accessor=f"{end}__name", verbose_name=f"Nama {words}"),
        f"{end}_born": DayColumn(accessor=f"{end}__birth_date", verbose_name=f"Lahir {words}"),
        f"{end}_nik": NikColumn(accessor=f"{end}__nik", verbose_name=f"NIK {words}"),
        f"{end}_group": TextColumn(accessor=f"{end}__group__name", verbose_name=f"Kelompok {words}"),
        f"{end}_village": TextColumn(accessor=f"{end}__village__label", verbose_name=f"Desa/kelurahan {words}"),
        f"{end}_joined_on": DayColumn(accessor=f"{end}__joined_on", verbose_name=f"Masuk {words}"),
        f"{end}_left_on": DayColumn(accessor=f"{end}__left_on", verbose_name=f"Keluar {words}"),
        f"{end}_loans": CountColumn(accessor=f"{end}__loan_count", verbose_name=f"Pinjaman {words}"),
    }


class _CaseSheet(PortalTable):
    """The same cases, a fact a column."""

    names = TextColumn(verbose_name="Nama", order_by=("names",))
    kind = ChoiceColumn(choices=KINDS, verbose_name="Perkara")

    class Meta(PortalTable.Meta):
        pass


CaseSheet = type("CaseSheet", (_CaseSheet,), _columns_of("first", "pertama") | _columns_of("second", "kedua"))


class MomentColumn(TextColumn):
    def render(self, value):
        return format_moment(value)

    def value(self, value):
        return format_moment(value)


class DecisionTable(PortalTable):
    first = NameColumn(
        linkify=lambda record: record.get_absolute_url(), order_by=("first__name",), verbose_name="Catatan pertama"
    )
    second = NameColumn(order_by=("second__name",), verbose_name="Catatan kedua")
    kind = ChoiceColumn(choices=PersonDecision.Kind.choices)
    state = TextColumn(accessor="state_words", orderable=False, verbose_name="Keadaan")
    reason = TextColumn(orderable=False)
    decided_at = MomentColumn(verbose_name="Waktu")
    decided_by = NameColumn(order_by=("decided_by__name",), verbose_name="Oleh", on_phone=False)

    class Meta(PortalTable.Meta):
        model = PersonDecision
        fields = ("first", "second", "kind", "state", "reason", "decided_at", "decided_by")
        sequence = fields
