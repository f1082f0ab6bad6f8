"""Forms of the import: the file, where it belongs, and why it is taken back."""

from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib.forms import PortalVerbForm
from up2k_portal.lib.xlsx import CONTENT_TYPE
from up2k_portal.lib.xlsx_file import MOST_BYTES, TOO_MANY_BYTES
from villages.models import Village

TYPES = f".xlsx,{CONTENT_TYPE}"


class UploadForm(PortalVerbForm):
    file = forms.FileField(
        label="Berkas Excel",
        widget=forms.FileInput(attrs={"accept": TYPES}),
        help_text="Templat yang diunduh, atau daftar sendiri (.xlsx), paling banyak 10 MB. Berkas bermakro ditolak.",
        error_messages={"empty": "Berkas kosong (0 byte). Kirim sekali lagi."},
    )
    village = forms.CharField(
        label="Kode desa",
        required=False,
        max_length=13,
        help_text="Hanya bila berkasnya bukan templat, misalnya 63.08.03.2014.",
    )

    def __init__(self, *args, access, **kwargs):
        super().__init__(*args, access=access, **kwargs)
        self.access = access
        if access.serves_one_village:
            del self.fields["village"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(TOO_MANY_BYTES)
        return file

    def clean_village(self):
        if not (code := self.cleaned_data["village"].strip()):
            return None
        village = Village.objects.visible_to(self.access).filter(code=code).first()
        if village is None:
            raise ValidationError(f"Tidak ada desa berkode {code} di wilayah Anda. Contoh: 63.08.03.2014.")
        return village


class UndoForm(PortalVerbForm):
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya: salah unggah berkas bulan lalu.",
    )
