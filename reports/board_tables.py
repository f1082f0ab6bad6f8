"""The villages of a period as a list, the leave that was given, and the board as a sheet."""

import django_filters
from django.db.models import Q
from django.urls import reverse

from reports.board_services import Board, Cell, Line
from reports.board_words import NOT_IN_USE, STANDINGS
from reports.completeness import Standing
from reports.models import DueException
from reports.periods import parse_period
from up2k_portal.lib.forms import PortalFilterSet
from up2k_portal.lib.tables import DayColumn, PlaceColumn, PortalColumn, PortalTable, TextColumn
from up2k_portal.lib.ui import badge
from up2k_portal.lib.xlsx_shell import DAY, NUMBER, Column, Sheet
from villages.filters import in_district
from villages.models import District


class StandingColumn(PortalColumn):
    def render(self, value):
        return badge(STANDINGS[value].badge)

    def value(self, value):
        return STANDINGS[value].word


class PeriodColumn(PortalColumn):
    """2026-TW2 for machines, Triwulan II 2026 for people."""

    def render(self, value):
        return parse_period(value).name


class StandingTable(PortalTable):
    """`is_linked`: whether the period is one that the villages report, so that each has a page for it."""

    village_name = TextColumn(verbose_name="Desa/kelurahan", linkify=lambda record, table: table.link(record))
    village_code = TextColumn(verbose_name="Kode", on_phone=False)
    district = TextColumn(verbose_name="Kecamatan")
    kind = StandingColumn(verbose_name="Keadaan", orderable=False)
    due_on = DayColumn(verbose_name="Batas")
    submitted_on = DayColumn(verbose_name="Masuk")
    remark = TextColumn(verbose_name="Keterangan", orderable=False)

    class Meta(PortalTable.Meta):
        sequence = ("village_name", "village_code", "district", "kind", "due_on", "submitted_on", "remark")
        order_by = ("village_code",)

    def __init__(self, *args, period_code: str, is_linked: bool, **kwargs):
        self.period_code, self.is_linked = period_code, is_linked
        super().__init__(*args, **kwargs)

    def link(self, record) -> str | None:
        return reverse("village-report", args=[record.village_id, self.period_code]) if self.is_linked else None


class LeaveFilter(PortalFilterSet):
    q = django_filters.CharFilter(method="search", label="Cari desa atau alasan")
    periode = django_filters.CharFilter(field_name="period", label="Periode, misalnya 2026-TW3")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")

    class Meta:
        model = DueException
        fields = ("q", "periode", "district")

    def search(self, rows, name, words):
        return rows.filter(Q(reason__icontains=words) | Q(village__name__icontains=words))


class LeaveTable(PortalTable):
    """`standing` comes from the view's rows; who gave it is shown to those who see people."""

    village = PlaceColumn(order_by=("village__code",), verbose_name="Desa/kelurahan")
    period = PeriodColumn()
    until = DayColumn(verbose_name="Boleh sampai", lead=True)
    standing = TextColumn(verbose_name="Keadaan", orderable=False)
    granted_by = TextColumn(accessor="granted_by__name", verbose_name="Diberi oleh", orderable=False)

    class Meta(PortalTable.Meta):
        model = DueException
        fields = ("village", "period", "until", "standing", "reason", "granted_by")
        sequence = fields


def board_sheet(board: Board, made: str) -> Sheet:
    """The board as a sheet: for villages the state and the day it came in, else counts over the same villages."""
    columns = [Column("Kode"), Column(board.row_name)]
    for period in board.periods:
        if board.of_villages:
            columns += [Column(period.name), Column(f"{period.name}: masuk", DAY)]
        else:
            names = ("wajib lapor", "masuk", "tepat waktu", "terlambat masuk", "lewat batas", "disetujui")
            columns += [Column(f"{period.name}: {name}", NUMBER) for name in names]
    lines = board.lines if board.of_villages else (*board.lines, board.total)
    rows = [
        [line.code, named(line), *(value for cell in line.cells for value in _values(board, cell))] for line in lines
    ]
    return Sheet("Papan laporan", made, columns, rows)


def named(line: Line) -> str:
    """With what stands for its counts where a kabupaten has not begun."""
    return line.name if line.is_in_use else f"{line.name} ({NOT_IN_USE})"


def _values(board: Board, cell: Cell) -> list:
    if board.of_villages:
        one = cell.rows[0] if cell.rows else None
        return [STANDINGS[one.kind].word, one.submitted_on] if one else ["", None]
    if not cell.rows:  # an empty cell does not claim that 0 villages came
        return [None] * 6
    sums = cell.sums
    return [sums.expected, sums.received, sums.on_time, sums.late, sums.overdue, sums.agreed]


def cell_json(cell: Cell) -> dict:
    """Counts, the same for a village as for a province; `kinds` add up to `expected`."""
    sums = cell.sums
    return {
        "expected": sums.expected,
        "received": sums.received,
        "on_time": sums.on_time,
        "late": sums.late,
        "overdue": sums.overdue,
        "nil": sums.nil,
        "approved": sums.agreed,
        "kinds": dict(sums.kinds),
    }


def remark_of(one: Standing) -> str:
    """What a badge does not say."""
    words = []
    if one.is_in and one.is_late:
        words.append("masuk terlambat")
    if one.is_nil:
        words.append("nihil")
    if one.lacking:
        words.append(f"belum masuk: {', '.join(one.lacking)}")
    return "; ".join(words)
