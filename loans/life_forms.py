"""Forms of what is decided about running loans: another schedule, penalties, write-off; a village's days moved."""

from django import forms
from django.core.exceptions import ValidationError

from loans.forms import DAY_HINT, CountField, OnceForm
from loans.models import Reschedule
from loans.models.receipts import Till
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import parse_percent
from villages.models import Village

READ_BY = "Dibaca pengurus dan pemeriksa."


def reason_field(example: str, label: str = "Alasan") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"{READ_BY} Misalnya “{example}”.",
    )


def till_field(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Till.offered(), initial=Till.CASH, widget=forms.RadioSelect)


class RescheduleForm(OnceForm):
    """One of four changes; each has its own field, and only the chosen one's counts."""

    kind = forms.ChoiceField(
        label="Perubahan",
        widget=forms.RadioSelect,
        choices=[
            (Reschedule.Kind.EXTRA, "Tambah angsuran: sisa pokok dibagi lebih banyak kali"),
            (Reschedule.Kind.GRACE, "Masa tenggang: beberapa kali jasa saja, lalu jadwal berlanjut"),
            (Reschedule.Kind.RATE, "Ubah jasa: mulai angsuran itu"),
            (Reschedule.Kind.NEW_DUE_ON, "Ubah jatuh tempo: angsuran itu dan sesudahnya"),
        ],
    )
    from_instalment = CountField(
        label="Mulai angsuran ke", min_value=1, help_text="Angsuran yang belum dibayar sama sekali."
    )
    instalments = CountField(
        label="Berapa angsuran",
        min_value=1,
        max_value=600,
        required=False,
        help_text="Untuk tambah angsuran dan masa tenggang, misalnya 2",
    )
    rate = forms.CharField(
        label="Jasa baru per angsuran (%)", max_length=8, required=False, help_text="Untuk ubah jasa, misalnya 1,5"
    )
    new_due_on = DayFormField(
        label="Jatuh tempo baru", required=False, help_text="Untuk ubah jatuh tempo, misalnya 31-10-2026"
    )
    on = DayFormField(label="Berlaku sejak", help_text=f"Tanggal keputusannya. {DAY_HINT}")
    reason = reason_field("rumah terendam banjir dua bulan, disepakati rapat 5 November")

    VALUES = {
        Reschedule.Kind.EXTRA: ("instalments", "Isi berapa angsuran tambahannya, misalnya 2."),
        Reschedule.Kind.GRACE: ("instalments", "Isi berapa kali masa tenggangnya, misalnya 2."),
        Reschedule.Kind.RATE: ("rate", "Isi jasa barunya, misalnya 1,5."),
        Reschedule.Kind.NEW_DUE_ON: ("new_due_on", "Isi jatuh tempo barunya, misalnya 31-10-2026."),
    }

    def clean_rate(self):
        typed = self.cleaned_data["rate"]
        if not typed:
            return None
        try:
            rate = parse_percent(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if round(rate, 3) != rate:
            raise ValidationError("Jasa paling banyak tiga angka di belakang koma, misalnya 1,125.")
        return rate

    def clean(self):
        cleaned = super().clean()
        if kind := cleaned.get("kind"):
            name, asked = self.VALUES[kind]
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, asked)
        return cleaned

    def change(self) -> dict:
        """What the preview asks for."""
        told = self.cleaned_data
        name, _ = self.VALUES[told["kind"]]
        return {one: told[one] for one in ("kind", "from_instalment", "on")} | {"value": told[name]}

    def facts(self) -> dict:
        """What the verb asks for."""
        return self.change() | {name: self.cleaned_data[name] for name in ("reason", "uuid")}


class UndoForm(PortalVerbForm):
    undone_on = DayFormField(label="Diurungkan tanggal", help_text=DAY_HINT)
    reason = reason_field("salah pilih angsuran")


class WaiveForm(PortalVerbForm):
    on = DayFormField(label="Tanggal pembebasan", help_text=DAY_HINT)
    reason = reason_field("suaminya sakit, disepakati rapat 5 November")


class WriteOffForm(OnceForm):
    on = DayFormField(label="Tanggal hapus buku", help_text=DAY_HINT)
    reason = reason_field("peminjam wafat, ahli waris tidak mampu, rapat 5 November")


class RecoveryForm(OnceForm):
    amount = RupiahFormField(
        label="Jumlah diterima", min_value=1, max_value=MAX_RUPIAH, widget=forms.TextInput(attrs={"class": "big"})
    )
    received_on = DayFormField(label="Tanggal diterima", help_text=DAY_HINT)
    till = till_field("Masuk ke")
    note = forms.CharField(label="Catatan", max_length=200, required=False)


class CreditBackForm(OnceForm):
    amount = RupiahFormField(
        label="Jumlah dikembalikan", min_value=1, max_value=MAX_RUPIAH, widget=forms.TextInput(attrs={"class": "big"})
    )
    on = DayFormField(label="Tanggal dikembalikan", help_text=DAY_HINT)
    till = till_field("Diambil dari")


class ShiftForm(OnceForm):
    village = forms.ModelChoiceField(
        Village.objects.select_related("district").order_by("code"), label="Desa/kelurahan", empty_label="Pilih desa"
    )
    from_day = DayFormField(
        label="Jatuh tempo mulai", help_text="Angsuran yang jatuh tempo pada tanggal ini dan sesudahnya ikut mundur."
    )
    months = CountField(label="Mundur (bulan)", min_value=1, max_value=12, help_text="Misalnya 2")
    letter_number = forms.CharField(
        label="Nomor surat keputusan", max_length=60, help_text="Misalnya 14/SK/PKK-KEC/X/2026"
    )
    letter_on = DayFormField(label="Tanggal surat", help_text=DAY_HINT)
    on = DayFormField(label="Berlaku sejak", help_text=f"Tanggal keputusannya. {DAY_HINT}")
    reason = reason_field("banjir merendam desa sejak 5 September")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].label_from_instance = lambda village: village.label

    def plan(self) -> dict:
        """What the preview asks for."""
        return {name: self.cleaned_data[name] for name in ("village", "on", "from_day", "months")}
