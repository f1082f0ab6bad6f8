"""Which export: the form, the area, the period, and whether out of approved reports or as the figures are now."""

from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError

from reports.periods import Period, latest_closed_quarter, parse_period, recent_periods, running_periods
from reports.services import WHOLE, form_names
from up2k_portal.lib.access import EVERYWHERE, Access
from up2k_portal.lib.dates import today
from villages.areas import area_names, find_area
from villages.models import District, Province, Regency, Village

KINDS = {3: "Triwulan", 6: "Semester", 12: "Tahun", 1: "Bulan"}
BASES = {
    "approved": "Laporan desa yang sudah disetujui",
    "live": "Angka saat ini, sebagai draf",
}


class ExportForm(forms.Form):
    form = forms.ChoiceField(label="Formulir")
    period = forms.CharField(label="Periode", widget=forms.Select)
    area = forms.CharField(label="Wilayah", widget=forms.Select)
    basis = forms.ChoiceField(label="Dasar angka", choices=BASES.items(), widget=forms.RadioSelect)
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, access: Access, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.access = access
        self.fields["form"].choices = list(form_names())
        self.fields["form"].initial = WHOLE
        self.fields["period"].widget.choices = period_choices()
        self.fields["period"].initial = latest_closed_quarter(today()).code
        self.fields["area"].widget.choices = area_choices(access)
        self.fields["basis"].initial = "approved"
        self.fields["uuid"].initial = uuid4
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} belum diisi."

    def clean_period(self) -> Period:
        """Any period may be asked for by its code; the choices are only the near ones."""
        try:
            return parse_period(self.cleaned_data["period"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean_area(self) -> str:
        """Any region of the person's own by its code: single villages too, which the choices leave out."""
        code = self.cleaned_data["area"]
        if not self.access.covers(code) or find_area(code) is None:
            raise ValidationError(f"Kode wilayah {code[:20]} tidak ada di wilayah Anda.")
        return code

    def key(self) -> UUID:
        """Of this page and what was chosen on it: a second press is the same sending, another choice after Back not."""
        chosen = "/".join(str(self.cleaned_data[name]) for name in ("form", "area", "period", "basis"))
        return uuid5(self.cleaned_data["uuid"] or uuid4(), chosen)

    def facts(self) -> dict:
        """Of a valid form: what `services` and `exports.services` ask for."""
        cleaned = self.cleaned_data
        return {
            "form": cleaned["form"],
            "area_code": cleaned["area"],
            "period": cleaned["period"],
            "basis": cleaned["basis"],
        }


def period_choices() -> list:
    """The running period of each kind, then the recent ones, newest first."""
    groups: dict[str, list] = {
        KINDS[period.months_count]: [(period.code, f"{period.name} (berjalan)")] for period in running_periods(today())
    }
    for period in recent_periods(today()):
        groups.setdefault(KINDS[period.months_count], []).append((period.code, period.name))
    return list(groups.items())


def area_choices(access: Access) -> list[tuple[str, str]]:
    """The person's own areas and the kecamatan (for a province: the kabupaten) inside them.

    Single villages are offered to those who serve them; hundreds would make no choice.
    """
    codes = [area for area in sorted(access.areas) if area != EVERYWHERE]
    own = [(code, name) for code, (name, _) in zip(codes, area_names(codes), strict=True)]
    if EVERYWHERE in access.areas:
        own = [(row.code, f"Provinsi {row.name}") for row in Province.objects.visible_to(access)]
    return own + [choice for code, _ in own for choice in _below(code, access)]


def _below(code: str, access: Access) -> list[tuple[str, str]]:
    """The regions of the next level down, as choices."""
    model = {2: Regency, 5: District, 8: Village}.get(len(code))
    return [(row.code, row.full_name) for row in model.objects.visible_to(access).in_area(code)] if model else []
