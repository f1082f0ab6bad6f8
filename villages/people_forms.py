"""Forms of the verbs on persons."""

from itertools import groupby

from django import forms

from up2k_portal.lib.forms import DayFormField, PortalVerbForm
from villages.models import Group, Member

WHY = "Hanya dibaca kabupaten. Misalnya “KTP dan KK sama” atau “sudah ditanyakan kepada ketua kedua kelompok”."


def reason_field() -> forms.CharField:
    rows = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label="Alasan", max_length=300, widget=rows, help_text=WHY)


class JudgeForm(PortalVerbForm):
    reason = reason_field()


class TransferForm(PortalVerbForm):
    to_group = forms.ModelChoiceField(Group.objects.all(), label="Ke kelompok")
    on = DayFormField(label="Sejak tanggal", help_text="Hari itu ia keluar dari kelompok lama dan masuk yang baru.")
    reason = reason_field()

    def __init__(self, *args, member: Member, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["to_group"]
        rows = field.queryset.filter(closed_on=None).exclude(pk=member.group_id)
        field.queryset = rows.select_related("village__district").order_by("village__district__name", "village__name")
        field.choices = [("", "Pilih kelompok"), *_by_district(field.queryset)]


def _by_district(groups) -> list[tuple[str, list[tuple[int, str]]]]:
    """Two hundred groups are found by their kecamatan and village."""
    return [
        (district, [(group.pk, f"{group.village.full_name}: {group}") for group in rows])
        for district, rows in groupby(groups, lambda group: group.village.district.label)
    ]
