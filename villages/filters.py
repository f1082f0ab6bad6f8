"""What one may ask of groups, members and their incomes."""

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from up2k_portal.lib.access import Access
from up2k_portal.lib.dates import parse_day, today
from up2k_portal.lib.forms import DayFormField, PortalFilterSet
from villages.areas import find_area
from villages.models import District, Group, Level, Member, Poklak, Programme, Welfare
from villages.models.placements import placed_on


class AreaFormField(forms.CharField):
    """A region by its code; its name stands in the chip."""

    def to_python(self, value):
        code = super().to_python(value)
        if not code:
            return None
        if (region := find_area(code)) is None:
            raise ValidationError(f"Kode wilayah {code[:20]} tidak ada. Contoh: 63.08.03.")
        return region


class AreaFilter(django_filters.Filter):
    field_class = AreaFormField


class AsOfFilter(django_filters.Filter):
    field_class = DayFormField


def day_asked(request) -> date:
    """The day as of which a list is asked, today where none is: the form says what is wrong with another."""
    try:
        return parse_day(request.GET.get("as_of") or "")
    except ValueError:
        return today()


def in_district(rows, name, district):
    return rows.in_area(district.code) if district else rows


class CountedFilterSet(PortalFilterSet):
    """What reports count, unless one asks for the rest: other programmes, practice, closed groups.

    Whoever serves one village alone sees all of it: an operator of a practice group works with that group. Whoever
    chose a group sees that group.

    A figure of a report leads here by `area` and `as_of`: then the groups are those that the report counted on that
    day, where they lay on it, and each list shows its rows as they were (`on_day`).
    """

    group_path = "group"
    scope = django_filters.ChoiceFilter(
        choices=[("all", "Termasuk program lain, latihan, dan yang bubar")], method="everything", label="Yang tampil"
    )
    area = AreaFilter(method="everything", label="Wilayah", widget=forms.HiddenInput)
    as_of = AsOfFilter(method="on_day", label="Keadaan tanggal", widget=forms.HiddenInput)

    def __init__(self, *args, access: Access, **kwargs):
        super().__init__(*args, access=access, **kwargs)
        self.access = access
        self.counts_only = not access.serves_one_village
        self.filters["scope"].extra["empty_label"] = "Yang dihitung di laporan"
        if not self.counts_only:
            del self.filters["scope"]

    def everything(self, rows, name, asked):
        return rows

    def on_day(self, rows, name, day):
        return rows

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        area, day = asked.get("area"), asked.get("as_of")
        if day and not asked.get("group"):
            groups = self._counted_on(day, area, asked.get("since"))
            return rows.filter(**{f"{self.group_path}__in": groups})
        if area:
            rows = rows.in_area(area.code)
        if not self.counts_only or asked.get("scope") == "all" or asked.get("group"):
            return rows
        return rows.filter(**{f"{self.group_path}__in": Group.objects.visible_to(self.access).counted(today())})

    def _counted_on(self, day, area, since=None):
        """The groups that a report of the day counts, in the area by the villages of that day; of what happened since
        another day, those too that were dissolved meanwhile.
        """
        groups = Group.objects.visible_to(self.access).counted(day, since)
        return [group.pk for group, _ in placed_on(groups, area.code, day)] if area else groups


class InGroupFilter(CountedFilterSet):
    """Rows of groups: the kecamatan and the group to choose from."""

    q = django_filters.CharFilter(method="search", label="Cari")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.select_related("village__district"), label="Kelompok"
    )
    searched: tuple[str, ...] = ()

    def search(self, rows, name, words):
        asked = Q()
        for one in self.searched:
            asked |= Q(**{f"{one}__icontains": words})
        return rows.filter(asked)


class GroupFilter(CountedFilterSet):
    group_path = "pk"
    q = django_filters.CharFilter(method="search", label="Cari nama kelompok atau desa")
    district = django_filters.ModelChoiceFilter(queryset=District.objects.all(), method=in_district, label="Kecamatan")
    level = django_filters.ChoiceFilter(choices=Level.choices, method="of_level", label="Klasifikasi")
    programme = django_filters.ChoiceFilter(choices=Programme.choices, label="Program")

    class Meta:
        model = Group
        fields = ("q", "district", "level", "programme", "scope")

    def filter_queryset(self, queryset):
        """As of a day the level and the sizes are that day's too."""
        if day := self.form.cleaned_data.get("as_of"):
            queryset = queryset.with_level(day).with_sizes(day)
        return super().filter_queryset(queryset)

    def search(self, rows, name, words):
        return rows.filter(Q(name__icontains=words) | Q(village__name__icontains=words))

    def of_level(self, rows, name, level):
        """In a report a group that nobody has assessed counts as PEMULA, and so it does as of a day."""
        unassessed = Q(level=None) if level == Level.PEMULA and self.form.cleaned_data.get("as_of") else Q()
        return rows.filter(Q(level=level) | unassessed if unassessed else Q(level=level))


class MemberFilter(InGroupFilter):
    q = django_filters.CharFilter(method="search", label="Cari nama atau 4 angka akhir NIK")
    state = django_filters.ChoiceFilter(
        choices=[("active", "Aktif"), ("left", "Sudah keluar")], method="in_state", label="Keadaan"
    )
    poklak = django_filters.ModelChoiceFilter(queryset=Poklak.objects.select_related("group"), label="Poklak")
    sex = django_filters.ChoiceFilter(choices=Member.Sex.choices, label="Jenis kelamin")
    welfare = django_filters.ChoiceFilter(choices=Welfare.choices, label="Keadaan keluarga")
    nik = django_filters.ChoiceFilter(
        choices=[("no", "Belum ada NIK"), ("yes", "Sudah ada NIK")], method="with_nik", label="NIK"
    )

    class Meta:
        model = Member
        fields = ("q", "state", "district", "group", "poklak", "sex", "welfare", "nik", "scope")

    def search(self, rows, name, words):
        by_nik = Q(nik__endswith=words) if len(words) == 4 and words.isdigit() else Q()
        return rows.filter(Q(name__icontains=words) | by_nik if by_nik else Q(name__icontains=words))

    def with_nik(self, rows, name, answer):
        return rows.filter(nik__isnull=answer == "no")

    def in_state(self, rows, name, state):
        return rows.active_on(today()) if state == "active" else rows.filter(left_on__lte=today())

    def on_day(self, rows, name, day):
        return rows.active_on(day)


def years() -> list[tuple[str, str]]:
    """This year and the nine before it."""
    return [(str(year), str(year)) for year in range(today().year, today().year - 10, -1)]


class IncomeFilter(InGroupFilter):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Cari nama anggota")
    asked = django_filters.ChoiceFilter(
        choices=[
            ("no", "Belum ditanya tahun ini"),
            ("yes", "Sudah ditanya tahun ini"),
            ("twice", "Sudah ditanya dua kali"),
        ],
        method="asked_this_year",
        label="Tahun ini",
    )
    year = django_filters.ChoiceFilter(choices=years, method="asked_in", label="Ditanya dalam tahun")

    class Meta:
        model = Member
        fields = ("q", "asked", "year", "district", "group", "scope")

    def asked_this_year(self, rows, name, answer):
        if answer == "twice":
            return rows.filter(income_after__isnull=False)
        return rows.asked_in(today().year) if answer == "yes" else rows.not_asked_in(today().year)

    def asked_in(self, rows, name, year):
        return rows.asked_in(int(year))
