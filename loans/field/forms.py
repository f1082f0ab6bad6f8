"""Forms of the sheet: which group and day, and the backup file of a telephone's queue."""

from django import forms

from loans.field.file_services import MOST_BYTES
from loans.forms import DAY_HINT
from up2k_portal.lib.dates import today
from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from villages.models import Group


class SheetStartForm(PortalVerbForm):
    """The sheet of which group, on which day."""

    group = forms.ModelChoiceField(Group.objects.all(), label="Kelompok", empty_label=None)
    on = DayFormField(label="Tanggal pertemuan", help_text=DAY_HINT)

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups
        self.fields["group"].label_from_instance = lambda group: group.choice_label

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError("Lembar dibuka untuk pertemuan hari ini atau sebelumnya.")
        return day


class QueueFileForm(PortalVerbForm):
    """The file that a telephone saved; after the preview its content comes back in the page itself."""

    file = forms.FileField(
        label="Berkas cadangan antrean",
        required=False,
        help_text="Dibuat di HP lewat Antrean sinyal, tombol Simpan cadangan ke berkas (.json), paling besar 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    content = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self):
        told = super().clean()
        file, content = told.get("file"), told.get("content", "")
        if file is None and not content:
            raise forms.ValidationError({"file": "Pilih berkas cadangannya."})
        if (file.size if file else len(content)) > MOST_BYTES:
            raise forms.ValidationError({"file": "Berkas ini terlalu besar untuk cadangan antrean: paling besar 1 MB."})
        told["bytes"] = file.read() if file else content.encode("utf-8", "surrogatepass")
        return told
