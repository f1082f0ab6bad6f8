"""Behind a figure: the groups of an area that it is summed from, and the records of one of them."""

from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from enterprises.models import Category
from reports.board_views import AreaPage
from reports.calendar_services import is_reported
from reports.drill import group_rows_url
from reports.figure_rows import SOURCES, Record, records
from reports.indicator_lines import Column, value_of
from reports.indicators import ALL, Indicator, Ratio, Unit
from reports.report_words import words_of
from reports.rows import GroupRow
from reports.services import BASES, report_for
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import format_moment
from up2k_portal.lib.tables import CountColumn, DayColumn, PortalTable, TextColumn
from up2k_portal.lib.views import ListingView
from villages.models import Group, Village

TOLD = {
    "approved": "Angka beku dari laporan yang disetujui; barisnya menurut catatan sekarang.",
    "live": "Angka saat ini.",
}


class Rows(list):
    """A list that can be nothing, as a listing expects of its rows."""

    def none(self) -> "Rows":
        return Rows()


class AskedForm(forms.Form):
    q = forms.CharField(required=False)
    angka = forms.CharField(required=False, widget=forms.HiddenInput)
    periode = forms.CharField(required=False, widget=forms.HiddenInput)
    wilayah = forms.CharField(required=False, widget=forms.HiddenInput)
    dasar = forms.CharField(required=False, widget=forms.HiddenInput)
    jenis = forms.CharField(required=False, widget=forms.HiddenInput)


class WordsFilter:
    """As a filter set, over rows that no table of the database holds: by the words in them."""

    filters = ("q",)

    def __init__(self, data: QueryDict, queryset: Rows, access: Access, label: str):
        self.queryset = queryset
        self.form = AskedForm(data, label_suffix="")
        self.form.fields["q"].label = label

    @property
    def qs(self) -> Rows:
        words = self.form.cleaned_data["q"].strip().lower()
        return Rows(one for one in self.queryset if words in one.searched.lower())

    @property
    def chips(self) -> list[tuple[str, str]]:
        words = self.form.cleaned_data["q"] if self.form.is_valid() else ""
        return [("q", f"Cari: {words}")] if words else []


class AmountColumn(CountColumn):
    """A figure; a zero that is one says so."""

    def __init__(self, *args, total: bool = True, **kwargs):
        self.total = total
        super().__init__(*args, **kwargs)


class FigurePage(AreaPage, ListingView):
    """What the address asks for: a figure by its key, of a period."""

    unasked = "groups"  # the figure where none is asked for

    @cached_property
    def one(self) -> Indicator | Ratio:
        try:
            return ALL[self.request.GET.get("angka") or self.unasked]
        except KeyError as error:
            raise Http404("Tidak ada angka dengan kunci itu.") from error

    @property
    def unit(self) -> str:
        return str(self.one.unit) if isinstance(self.one, Indicator) else str(Unit.RUPIAH)

    @property
    def filter_class(self):
        return partial(WordsFilter, label=self.searched)

    def _keys(self, row) -> dict:
        return row.keys


@dataclass(frozen=True)
class GroupFigure:
    """One group's part of a figure; of a ratio what it is divided from too."""

    row: GroupRow
    amount: int | None
    of: int | None
    url: str
    report: str  # address of the village's report, "" where it has none for this period

    @property
    def searched(self) -> str:
        return f"{self.row.group_name} {self.row.village_label} {self.row.district_name}"

    @property
    def keys(self) -> dict:
        return {"id": self.row.group_id, "village_code": self.row.village_code}


class GroupFigureTable(PortalTable):
    group = TextColumn(accessor="row__group_name", verbose_name="Kelompok", linkify=lambda record: record.url or None)
    village = TextColumn(
        accessor="row__village_label", verbose_name="Desa/kelurahan", linkify=lambda record: record.report or None
    )
    district = TextColumn(accessor="row__district_name", verbose_name="Kecamatan", on_phone=False)
    amount = AmountColumn(verbose_name="Angka", lead=True)
    of = AmountColumn(verbose_name="Penyebut", on_phone=False)

    class Meta(PortalTable.Meta):
        sequence = ("group", "village", "district", "amount", "of")

    def __init__(self, *args, one: Indicator | Ratio, unit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["amount"].column.verbose_name = f"{_numerator(one).label} ({unit})"
        if isinstance(one, Ratio):
            self.columns["of"].column.verbose_name = f"{ALL[one.denominator].label} ({unit})"
        else:
            self.columns.hide("of")


def _numerator(one: Indicator | Ratio) -> Indicator:
    return ALL[one.numerator] if isinstance(one, Ratio) else one


class FigureGroups(FigurePage):
    """Rekap per kelompok: the groups that a figure is summed from, live or as the approved reports froze them."""

    title = "Rekap per kelompok"
    template_name = "reports/figure_rows.html"
    searched = "Cari kelompok, desa atau kecamatan"
    empty_title = "Tidak ada kelompok di balik angka ini."
    empty_text = "Angkanya nol, atau laporannya belum disetujui."

    @cached_property
    def basis(self) -> str:
        basis = self.request.GET.get("dasar", "live")
        if basis not in BASES:
            raise Http404(f"Dasar angka yang ada: {', '.join(BASES)}.")
        return basis

    @cached_property
    def kind(self) -> str:
        """The kind of business by which alone the enterprises are counted; "" for all."""
        return self.request.GET.get("jenis", "") if self.one.key == "enterprises" else ""

    @cached_property
    def groups(self) -> tuple[GroupRow, ...]:
        _ = self.area
        made_at = format_moment(timezone.now())
        try:
            report = report_for(
                basis=self.basis,
                area_code=self.area_code,
                period=self.period,
                made_by=self.request.user.name,
                made_at=made_at,
            )
        except ValidationError as error:
            raise Http404(" ".join(error.messages)) from error
        return report.groups

    def rows(self) -> Rows:
        """Those that add something to it, in the order of their villages."""
        reports = self.villages()
        found = Rows()
        for row in self.groups:
            parts = self.parts_of(row)
            if any(parts):
                url = self.rows_url(row) if parts[0] else ""
                found.append(GroupFigure(row, *parts, url, reports.get(row.village_code, "")))
        return found

    def parts_of(self, row: GroupRow) -> tuple[int | None, int | None]:
        """What the group adds to the figure, and of a ratio to what it is divided from."""
        if self.kind:
            return dict(row.enterprises_by_category).get(self.kind), None
        value = value_of(self.one, Column(row.village_code, row.group_name, (row,), row.group_id))
        return (value.numerator, value.denominator) if isinstance(self.one, Ratio) else (value.value, None)

    def rows_url(self, row: GroupRow) -> str:
        url = group_rows_url(self.one.key, row.group_id, self.period, self.access)
        return f"{url}&category={self.kind_key}" if url and self.kind_key else url

    @cached_property
    def kind_key(self) -> int | None:
        return self.visible(Category).filter(name=self.kind).values_list("pk", flat=True).first()

    def villages(self) -> dict[str, str]:
        """{code: address of the report of the period}; none where villages do not report such a period."""
        if not all(is_reported(one, self.period) for one in self.calendars.values()):
            return {}
        codes = {row.village_code for row in self.groups}
        rows = self.visible(Village).filter(code__in=codes) if len(codes) < 500 else self.visible(Village)
        keys = rows.in_area(self.area_code).values_list("code", "pk")
        return {code: reverse("village-report", args=[pk, self.period.code]) for code, pk in keys}

    def table_class(self, rows):
        return GroupFigureTable(rows, one=self.one, unit=self.unit)

    def subtitle(self):
        total = sum(self.parts_of(row)[0] or 0 for row in self.groups) if self.kind else self.one.of(self.groups)
        value, label = words_of(self.one, total), f"{self.one.label}: {self.kind}" if self.kind else self.one.label
        return f"{label}, {self.area.full_name}, {self.period.name}: {value}. {TOLD[self.basis]}"

    def context(self, table, filtered):
        asked = {"wilayah": self.area_code, "periode": self.period.code, "dasar": self.basis}
        kind = {"jenis": self.kind} if self.kind else {}
        return super().context(table, filtered) | {
            "back_url": f"{reverse('indicators')}?{urlencode(asked)}",
            "back_words": "Indikator",
            "clear_url": f"{self.request.path}?{urlencode(asked | {'angka': self.one.key} | kind)}",
        }


class RecordRow(Record):
    """A record as the list searches it and names it to a program."""

    @property
    def searched(self) -> str:
        return f"{self.words} {self.about}"

    @property
    def keys(self) -> dict:
        return {"url": self.url}


class RecordTable(PortalTable):
    words = TextColumn(verbose_name="Catatan", linkify=lambda record: record.url)
    about = TextColumn(verbose_name="Uraian")
    on = DayColumn(verbose_name="Tanggal")
    amount = AmountColumn(verbose_name="Jumlah", lead=True)

    class Meta(PortalTable.Meta):
        sequence = ("words", "about", "on", "amount")

    def __init__(self, *args, unit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["amount"].column.verbose_name = f"Jumlah ({unit})"


class FigureRows(FigurePage):
    """Baris di balik angka: the records of one group; each opens its own page, with its photos."""

    action = Action.SEE_PEOPLE
    unasked = "balance"
    title = "Baris di balik angka"
    template_name = "reports/figure_rows.html"
    searched = "Cari nomor, nama atau uraian"
    empty_title = "Tidak ada baris di balik angka ini."
    empty_text = "Angka kelompok ini nol pada periode itu."

    def get(self, request, pk):
        self.group = get_object_or_404(self.visible(Group).select_related("village__district"), pk=pk)
        if _numerator(self.one).key not in SOURCES:
            raise Http404("Angka itu tidak punya baris di halaman ini.")
        return super().get(request)

    @cached_property
    def found(self) -> Rows:
        return Rows(RecordRow(**vars(one)) for one in records(self.group, self.period, _numerator(self.one).key))

    def rows(self) -> Rows:
        return self.found

    def table_class(self, rows):
        return RecordTable(rows, unit=self.unit)

    def subtitle(self):
        one = _numerator(self.one)
        value = words_of(one, sum(row.amount for row in self.found))
        return f"{one.label} {value}: {self.group}, {self.group.village.label}, {self.period.name}"

    def context(self, table, filtered):
        code = self.group.village.code
        asked = {"angka": self.one.key, "periode": self.period.code}
        return super().context(table, filtered) | {
            "back_url": f"{reverse('figure-groups')}?{urlencode({'wilayah': code} | asked)}",
            "back_words": "Rekap per kelompok",
            "clear_url": f"{self.request.path}?{urlencode(asked)}",
        }
