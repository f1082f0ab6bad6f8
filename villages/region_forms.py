"""Forms of what happens to villages. The first day and the legal basis are asked of every change."""

from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RowsField
from villages.models import Group, Village

CODE_HINT = "Misalnya 63.08.03.2998. Angka pertama bagian terakhir: 1 kelurahan, 2 desa."


class CodeField(forms.CharField):
    def __init__(self, **kwargs):
        code = Village._meta.get_field("code")
        super().__init__(max_length=code.max_length, validators=code.validators, **kwargs)


class ChangeForm(PortalVerbForm):
    """`village` is the one that changes; the access says whether the new code is within reach."""

    on = DayFormField(label="Berlaku mulai", help_text="Hari pertama keadaan baru, misalnya 01-01-2026.")
    legal_basis = forms.CharField(
        label="Dasar hukum", max_length=200, help_text="Misalnya Perda HSU Nomor 3 Tahun 2026"
    )

    def __init__(self, *args, village: Village, access, **kwargs):
        super().__init__(*args, access=access, **kwargs)
        self.village, self.access = village, access

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not self.access.covers(code):
            raise ValidationError(f"Kode {code} di luar wilayah Anda.")
        if code == self.village.code:
            raise ValidationError(f"Kode {code} adalah kode desa ini sendiri. Tulis kode yang lain.")
        return code


class RenameForm(ChangeForm):
    name = forms.CharField(label="Nama baru", max_length=100, help_text="Tanpa kata desa atau kelurahan")
    field_order = ("name",)


class MovingForm(ChangeForm):
    move_assignments = forms.BooleanField(
        label="Pindahkan juga penugasan yang menunjuk kode lama",
        required=False,
        initial=True,
        help_text="Berlaku hari ini juga. Nama pengguna dan kata sandi tetap.",
    )


class RecodeForm(MovingForm):
    code = CodeField(label="Kode baru", help_text=CODE_HINT)
    name = forms.CharField(label="Nama baru", max_length=100, required=False, help_text="Kosongkan bila namanya tetap.")
    field_order = ("code", "name", "on", "legal_basis")


class MergeForm(MovingForm):
    code = CodeField(label="Kode desa tujuan", help_text="Kode desa yang sudah ada, atau kode desa yang baru dibentuk.")
    name = forms.CharField(
        label="Nama desa tujuan", max_length=100, required=False, help_text="Hanya bila desa tujuan belum ada."
    )
    others = RowsField(
        queryset=Village.objects.all(),
        label="Desa lain yang ikut berakhir",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("code", "name", "on", "legal_basis", "move_assignments", "others")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        others = self.fields["others"]
        near = others.queryset.filter(district=self.village.district, active_until=None).exclude(pk=self.village.pk)
        others.queryset = near.select_related("district")
        others.label_from_instance = lambda village: f"{village.full_name} ({village.code})"


class SplitForm(ChangeForm):
    code = CodeField(label="Kode desa baru", help_text=CODE_HINT)
    name = forms.CharField(label="Nama desa baru", max_length=100, help_text="Tanpa kata desa atau kelurahan")
    groups = RowsField(
        queryset=Group.objects.all(),
        label="Kelompok yang ikut ke desa baru",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ends = forms.BooleanField(
        label="Desa lama berakhir",
        required=False,
        help_text="Hanya bila semua kelompoknya ikut. Mekar menjadi beberapa desa dicatat satu per satu.",
    )
    field_order = ("code", "name", "groups", "ends", "on", "legal_basis")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = self.fields["groups"].queryset.filter(village=self.village)
