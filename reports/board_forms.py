"""What one may ask of the villages of a period, and the forms of the calendar, of a moved due day and of leave."""

from django import forms
from django.http import QueryDict

from loans.life_forms import reason_field
from reports.board_words import STANDINGS
from reports.calendar_services import Calendar, Terms, check_terms
from reports.completeness import KINDS, Standing
from reports.models import ReportCalendar
from reports.models.calendar import LATEST_DAY, Tier
from reports.periods import Period, parse_period
from up2k_portal.lib.access import Access
from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from villages.models import Village

MISSING, CAME_LATE, ON_TIME, OVERDUE, AGREED = "missing", "came-late", "on-time", "overdue", "agreed"
ASKED = (
    (MISSING, "Belum masuk"),
    (OVERDUE, "Belum masuk, lewat batas"),
    (ON_TIME, "Masuk tepat waktu"),
    (CAME_LATE, "Masuk terlambat"),
    (AGREED, "Disetujui atau terkirim"),
    *((kind, STANDINGS[kind].word) for kind in KINDS),
)


class StandingForm(forms.Form):
    q = forms.CharField(label="Cari desa atau kode", required=False)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=(("", "Semua"), *ASKED))
    periode = forms.ChoiceField(label="Periode", required=False)
    wilayah = forms.CharField(required=False, widget=forms.HiddenInput)


class Standings(list[Standing]):
    """A list that can be nothing, as a listing expects of its rows."""

    def none(self) -> "Standings":
        return Standings()


class StandingFilter:
    """As a filter set, over standings that no table of the database holds."""

    filters = ("q", "keadaan")

    def __init__(self, data: QueryDict, queryset: Standings, access: Access, periods: list[Period]):
        self.queryset = queryset
        self.form = StandingForm(data, label_suffix="")
        self.form.fields["periode"].choices = [(one.code, one.name) for one in periods]

    @property
    def qs(self) -> Standings:
        asked = self.form.cleaned_data
        words = asked["q"].strip().lower()
        return Standings(
            one
            for one in self.queryset
            if words in f"{one.village_name} {one.village_code}".lower() and _is(one, asked["keadaan"])
        )

    @property
    def chips(self) -> list[tuple[str, str]]:
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        words = dict(ASKED)
        found = {"q": asked.get("q", ""), "keadaan": words.get(asked.get("keadaan", ""), "")}
        return [(name, f"{self.form.fields[name].label}: {one}") for name, one in found.items() if one]


def _is(one: Standing, kind: str) -> bool:
    if kind == MISSING:
        return not one.is_in
    if kind in (CAME_LATE, ON_TIME):
        return one.is_in and one.is_late == (kind == CAME_LATE)
    if kind == OVERDUE:
        return one.is_late and not one.is_in
    if kind == AGREED:
        return one.is_agreed
    return kind in ("", one.kind)


class DayOfMonthField(forms.IntegerField):
    widget = forms.TextInput

    def __init__(self, **kwargs):
        said = f"Tulis tanggal 1 sampai {LATEST_DAY}, misalnya 5."
        super().__init__(
            min_value=1,
            max_value=LATEST_DAY,
            error_messages={"invalid": said, "min_value": said, "max_value": said},
            **kwargs,
        )

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}


class CalendarForm(PortalVerbForm):
    every = forms.TypedChoiceField(
        label="Desa melapor", choices=ReportCalendar.Every.choices, coerce=int, widget=forms.RadioSelect
    )
    village_day = DayOfMonthField(
        label="Desa paling lambat tanggal", help_text="Bulan sesudah periodenya berakhir, misalnya 5"
    )
    district_day = DayOfMonthField(label="Kecamatan paling lambat tanggal", help_text="Misalnya 10")
    regency_day = DayOfMonthField(label="Kabupaten paling lambat tanggal", help_text="Misalnya 15")
    reason = reason_field("kecamatan meminta waktu lebih lama")

    def clean(self):
        if not self.errors:
            check_terms(self.terms())
        return self.cleaned_data

    def terms(self) -> Terms:
        names = ("every", "village_day", "district_day", "regency_day")
        return Terms(**{name: self.cleaned_data[name] for name in names})


class PeriodField(forms.ChoiceField):
    """A period by its code, out of those that the page offers."""

    def clean(self, value) -> Period:
        return parse_period(super().clean(value))


class DueDayForm(PortalVerbForm):
    period = PeriodField(label="Periode")
    tier = forms.ChoiceField(label="Tahap", choices=Tier.choices, initial=Tier.VILLAGE, widget=forms.RadioSelect)
    on = DayFormField(label="Batas baru")
    reason = reason_field("banjir di tiga kecamatan")

    def __init__(self, *args, periods: list[Period], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(one.code, one.name) for one in periods]


class LeaveForm(PortalVerbForm):
    village = forms.ModelChoiceField(
        Village.objects.select_related("district").order_by("code"), label="Desa/kelurahan", empty_label="Pilih desa"
    )
    period = PeriodField(label="Periode")
    until = DayFormField(label="Boleh melapor sampai", help_text="Sesudah tanggal ini perpanjangannya habis sendiri.")
    reason = reason_field("kantor desa terendam banjir")

    def __init__(self, *args, periods: list[Period], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].label_from_instance = lambda village: village.label
        self.fields["period"].choices = [(one.code, one.name) for one in periods]


def initial_terms(calendar: Calendar) -> dict:
    return dict(zip(("every", "village_day", "district_day", "regency_day"), calendar.latest.terms, strict=True))
