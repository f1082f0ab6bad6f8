"""What the admin fills in for a new version of an official form."""

import json

from django import forms
from django.core.exceptions import ValidationError

from reports.forms import layout
from reports.version_services import REPLACEABLE, VARIANTS
from up2k_portal.lib.forms import DayFormField, PortalVerbForm

MOST_BYTES = 300_000
DAY_HELP = "Periode yang berakhir pada hari ini atau sesudahnya memakai versi ini. Misalnya 01-01-2027."


class FormVersionForm(PortalVerbForm):
    form = forms.ChoiceField(label="Formulir", choices=[(code, "") for code in REPLACEABLE])
    file = forms.FileField(
        label="Berkas susunan (JSON)", help_text="Unduh susunan yang berlaku, ubah, lalu pilih di sini."
    )
    valid_from = DayFormField(label="Berlaku sejak", help_text=DAY_HELP)
    note = forms.CharField(label="Keterangan", max_length=300, required=False, help_text="Misalnya surat edarannya.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = [
            (code, f"{layout(code)['sheet']}: {layout(code)['name']}") for code in REPLACEABLE
        ]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"Berkas terlalu besar: paling banyak {MOST_BYTES // 1000} KB.")
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise ValidationError("Berkas ini bukan JSON. Unduh susunan yang berlaku sebagai contoh.") from error


class VariantForm(PortalVerbForm):
    variant = forms.ChoiceField(label="Lampiran 4.22 yang dipakai")
    valid_from = DayFormField(label="Berlaku sejak", help_text=DAY_HELP)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = ("4.22", *VARIANTS["4.22"])
        self.fields["variant"].choices = [(code, layout(code)["name"]) for code in codes]


class ForceForm(PortalVerbForm):
    """Nothing to fill in: the button is the decision."""
