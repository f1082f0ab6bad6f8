"""Forms of groups, their officers and status, and of members. `village` follows from the group and is never asked."""

from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalModelForm, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah
from villages import nik
from villages.models import (
    Group,
    GroupAssessment,
    HouseholdIncome,
    LegalStatus,
    Member,
    Office,
    Officer,
    Poklak,
    Village,
)

DAY_HINT = "Misalnya 31-01-2026 atau 310126"
MOST_SUGGESTED = 300  # villages: a kabupaten's fit, a province's would weigh more than the page


class VillageInput(forms.TextInput):
    """A village by its code; the browser offers codes and names while one types either."""

    template_name = "forms/coded.html"
    villages = Village.objects.none()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, {**(attrs or {}), "list": f"{name}-codes", "autocomplete": "off"})
        rows = list(self.villages.select_related("district")[: MOST_SUGGESTED + 1])
        if len(rows) <= MOST_SUGGESTED:
            context["widget"]["options"] = [(row.code, row.label) for row in rows]
        return context


class VillageField(forms.ModelChoiceField):
    """No select of hundreds: names repeat, and the code is what one has on paper."""

    widget = VillageInput
    default_error_messages = {"invalid_choice": "Kode desa ini tidak ada di wilayah Anda. Tulis seperti 63.08.03.2014."}

    def __init__(self, **kwargs):
        super().__init__(queryset=Village.objects.all(), to_field_name="code", **kwargs)


class GroupForm(PortalModelForm):
    village = VillageField(label="Kode desa/kelurahan", help_text="Ketik kode atau nama desa, lalu pilih.")

    class Meta:
        model = Group
        fields = (
            "village", "name", "programme", "initials", "decree_number", "decree_on", "founded_on", "contact_phone",
            "closed_on", "is_practice",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        village = self.fields["village"]
        if self.instance.pk:
            village.disabled = True
            self.initial["village"] = self.instance.village.code
        else:
            village.queryset = village.queryset.active_on(today())
        village.widget.villages = village.queryset

    def clean_initials(self):
        return self.cleaned_data["initials"].upper()


class InGroupForm(PortalModelForm):
    """A row of one group: the group stands fixed, so that the constraints that name it still speak."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].disabled = True
        self.fields["group"].widget = forms.HiddenInput()

    def group_rows(self, name: str):
        self.fields[name].queryset = self.fields[name].queryset.filter(group=self.instance.group_id)


class PoklakForm(InGroupForm):
    class Meta:
        model = Poklak
        fields = ("group", "name", "business", "formed_on", "dissolved_on")


class AssessmentForm(InGroupForm):
    class Meta:
        model = GroupAssessment
        fields = ("group", "level", "assessed_on", "assessor", "reason")

    def clean_assessed_on(self):
        return _not_after_today(self.cleaned_data["assessed_on"])


class LegalStatusForm(InGroupForm):
    class Meta:
        model = LegalStatus
        fields = ("group", "status", "since", "number", "note")

    def clean_since(self):
        return _not_after_today(self.cleaned_data["since"])


class AppointForm(PortalVerbForm):
    """Who comes into which office, and since when; how the predecessor's term ends the service knows."""

    office = forms.ChoiceField(label="Jabatan", choices=Office.choices)
    member = forms.ModelChoiceField(
        Member.objects.all(),
        label="Anggota",
        required=False,
        empty_label="Bukan anggota",
        help_text="Pilih “Bukan anggota” bila pengurus bukan anggota, lalu tulis namanya.",
    )
    name = forms.CharField(
        label="Nama", max_length=100, required=False, help_text="Seperti dicetak; dari anggota bila dikosongkan."
    )
    since = DayFormField(label="Sejak", help_text=DAY_HINT)
    until = DayFormField(
        label="Sampai", required=False, help_text="Hanya untuk pengurus lama. Kosongkan bila masih menjabat."
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = self.fields["member"].queryset.filter(group=group)


class OfficerForm(InGroupForm):
    """Corrects a term, or ends it."""

    class Meta:
        model = Officer
        fields = ("group", "office", "member", "name", "since", "until")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.group_rows("member")
        self.fields["office"].disabled = True
        self.fields["member"].empty_label = "Bukan anggota"

    def clean_since(self):
        return _not_after_today(self.cleaned_data["since"])

    def clean(self):
        cleaned = super().clean()
        if "member" in self.changed_data and "name" not in self.changed_data:
            cleaned["name"] = ""  # the new member's own, which the model fills in
        return cleaned


class MemberForm(InGroupForm):
    # Longer than sixteen, so that a number typed with spaces is read rather than cut.
    nik = forms.CharField(
        label="NIK",
        max_length=40,
        required=False,
        help_text="16 angka, salin dari KTP. Boleh memakai spasi.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    family_card_number = forms.CharField(
        label="Nomor KK",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    income_at_joining = RupiahFormField(
        label="Pendapatan keluarga sebulan saat masuk",
        required=False,
        max_value=MAX_RUPIAH,
        help_text="Semua yang didapat serumah dalam sebulan, misalnya 1.750.000",
    )

    class Meta:
        model = Member
        fields = (
            "group", "name", "nik", "nik_missing_reason", "family_card_number", "sex", "birth_date", "address",
            "phone", "poklak", "welfare", "income_at_joining", "joined_on", "consent_on",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.group_rows("poklak")
        self.fields["poklak"].empty_label = "Perorangan"
        self.fields["birth_date"].widget.attrs["data-day"] = "far"
        if self.instance.pk:
            self.initial["income_at_joining"] = self.instance.income_at_joining

    def clean_nik(self):
        return _number(self.cleaned_data["nik"], nik.clean_nik) or None

    def clean_family_card_number(self):
        return _number(self.cleaned_data["family_card_number"], nik.clean_family_card)

    def clean_income_at_joining(self):
        told, known = self.cleaned_data["income_at_joining"], self.initial.get("income_at_joining")
        if told is None and known is not None:
            raise ValidationError(f"Sudah tercatat {format_rupiah(known)}: ubah jumlahnya, tidak dapat dikosongkan.")
        return told

    def clean_joined_on(self):
        return _not_after_today(self.cleaned_data["joined_on"])

    def clean_birth_date(self):
        return _not_after_today(self.cleaned_data["birth_date"])

    def clean_consent_on(self):
        return _not_after_today(self.cleaned_data["consent_on"])


class IncomeForm(PortalModelForm):
    """One answer of one member, who stands fixed."""

    class Meta:
        model = HouseholdIncome
        fields = ("member", "amount", "asked_on", "source", "asked_by")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].disabled = True
        self.fields["member"].widget = forms.HiddenInput()
        self.fields["amount"].widget.attrs["class"] = "big"

    def clean_asked_on(self):
        return _not_after_today(self.cleaned_data["asked_on"])


class LeaveForm(PortalVerbForm):
    left_on = DayFormField(label="Keluar tanggal", help_text=DAY_HINT)
    left_reason = forms.CharField(
        label="Alasan keluar", max_length=100, help_text="Misalnya pindah ke Banjarmasin, berhenti, meninggal dunia"
    )


def _number(typed: str, rule) -> str:
    """The sixteen digits without the spaces, before the model's own field would find it too long."""
    try:
        return rule(typed) if typed else ""
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _not_after_today(day):
    if day and day > today():
        raise ValidationError(f"Tanggal tidak boleh sesudah hari ini, {format_day(today())}.")
    return day
