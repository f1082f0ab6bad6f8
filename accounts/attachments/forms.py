"""Choosing files to add; the reason for removing one."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.attachments.contents import ACCEPTED, MAX_PDF, MAX_UPLOAD, read_file, size_words
from up2k_portal.lib.forms import PortalVerbForm

MAX_AT_ONCE = 10
HINT = (
    f"{ACCEPTED} Boleh beberapa sekaligus, paling banyak {MAX_AT_ONCE}. "
    f"Foto sampai {size_words(MAX_UPLOAD)}, PDF sampai {size_words(MAX_PDF)}. Lokasi di dalam foto dibuang."
)


class FilesInput(forms.FileInput):
    """Without `capture`, so that a phone offers both its camera and its pictures.

    The types are named one by one: then an iPhone hands over a JPEG instead of its own HEIC.
    """

    allow_multiple_selected = True

    def __init__(self):
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})


class FilesField(forms.FileField):
    widget = FilesInput

    def clean(self, data, initial=None):
        uploads = [one for one in data or [] if one]
        if not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MAX_AT_ONCE:
            raise ValidationError(f"Terlalu banyak: {len(uploads)} berkas. Kirim paling banyak {MAX_AT_ONCE} sekali.")
        return uploads


class AttachmentForm(PortalVerbForm):
    """`cleaned_data["files"]` are what will be kept, `refused` the sentences about the rest."""

    files = FilesField(label="Foto atau berkas", help_text=HINT)
    title = forms.CharField(
        label="Keterangan", max_length=100, required=False, help_text="Misalnya Pertemuan September 2026"
    )

    def clean_files(self):
        contents, self.refused = [], []
        for upload in self.cleaned_data["files"]:
            try:
                contents.append(read_file(upload, upload.name))
            except ValidationError as error:
                self.refused += error.messages
        if not contents:
            raise ValidationError(self.refused)
        return contents


class RemovalForm(PortalVerbForm):
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya “foto kabur, diganti yang baru”.",
    )
