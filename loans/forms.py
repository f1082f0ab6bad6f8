"""Forms of the money verbs. Each carries the key under which sending it twice does it once."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from loans import schedule
from loans.models import LoanProduct
from loans.models.loans import Difference, Every, Method, Rounding, RoundWhat
from up2k_portal.lib.dates import today
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import parse_percent

DAY_HINT = "Misalnya 24-09-2026 atau 240926"


class OnceForm(PortalVerbForm):
    """A form that is done once: its UUID is made when the page opens and stays through Back and reload."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, initial=None, **kwargs):
        super().__init__(*args, initial={"uuid": uuid4()} | (initial or {}), **kwargs)


class ProposalForm(OnceForm):
    product = forms.ModelChoiceField(LoanProduct.objects.all(), label="Produk pinjaman", empty_label=None)
    principal = RupiahFormField(
        label="Jumlah pinjaman", min_value=1, max_value=MAX_RUPIAH, help_text="Misalnya 1.500.000"
    )
    purpose = forms.CharField(label="Untuk keperluan usaha", max_length=120, help_text="Misalnya beli benang bordir")
    proposed_on = DayFormField(label="Tanggal pengajuan", help_text=DAY_HINT)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        products = self.fields["product"].queryset
        self.fields["product"].queryset = products.filter(group=group, is_active=True)


class PaymentForm(OnceForm):
    amount = RupiahFormField(
        label="Jumlah dibayar",
        min_value=1,
        max_value=MAX_RUPIAH,
        help_text="Sudah diisi sesuai tagihan. Ubah jika berbeda.",
        widget=forms.TextInput(attrs={"class": "big"}),
    )
    received_on = DayFormField(label="Tanggal bayar", help_text=DAY_HINT)
    penalty = RupiahFormField(
        label="Di dalamnya denda", required=False, help_text="Hanya bila kelompok memungut denda."
    )
    mandatory = RupiahFormField(
        label="Simpanan wajib", required=False, help_text="Di luar jumlah di atas, pada bukti yang sama."
    )
    voluntary = RupiahFormField(label="Simpanan sukarela", required=False)
    contribution = RupiahFormField(label="Iuran", required=False)
    note = forms.CharField(label="Catatan", max_length=200, required=False)

    SAVINGS = ("mandatory", "voluntary", "contribution")

    def __init__(self, *args, saver=None, **kwargs):
        super().__init__(*args, **kwargs)
        if saver is None:  # a poklak owes, its members save
            for name in self.SAVINGS:
                del self.fields[name]

    def clean_penalty(self):
        return self.cleaned_data["penalty"] or 0

    def facts(self) -> dict:
        """What the verb asks for: the savings as one."""
        facts = dict(self.cleaned_data)
        savings = {name: facts.pop(name, None) or 0 for name in self.SAVINGS}
        return facts | {"savings": {name: amount for name, amount in savings.items() if amount}}


class DisburseForm(PortalVerbForm):
    disbursed_on = DayFormField(label="Tanggal pencairan", help_text=DAY_HINT)


class ReasonForm(PortalVerbForm):
    note = forms.CharField(label="Alasan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(PortalVerbForm):
    note = forms.CharField(label="Catatan", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReversalForm(OnceForm):
    reversed_on = DayFormField(
        label="Tanggal koreksi", help_text="Sama dengan tanggal bukti, kecuali uangnya dikembalikan kemudian."
    )
    reason = forms.CharField(
        label="Alasan koreksi",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca pengurus dan pemeriksa. Misalnya “salah ketik, mestinya 150.000”.",
    )


class CountField(forms.IntegerField):
    """A small whole number, typed; never a number input, whose wheel changes what was typed."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}


class SimulationForm(PortalVerbForm):
    method = forms.ChoiceField(label="Cara jasa", choices=Method.choices, initial=Method.FLAT)
    principal = RupiahFormField(label="Pinjaman", min_value=1, max_value=MAX_RUPIAH, initial=1_000_000)
    rate = forms.CharField(label="Jasa per angsuran (%)", initial="1,5", max_length=8)
    instalments = CountField(label="Jumlah angsuran", min_value=1, max_value=156, initial=10)
    every = forms.ChoiceField(label="Waktu angsuran", choices=Every.choices, initial=Every.MONTH)
    start = DayFormField(label="Tanggal pencairan", initial=today, help_text=DAY_HINT)
    grace = CountField(
        label="Masa tenggang (angsuran)", min_value=0, initial=0, help_text="Angsuran pertama yang jasa saja"
    )
    principal_every = CountField(
        label="Pokok tiap berapa angsuran",
        min_value=1,
        max_value=52,
        initial=1,
        required=False,
        help_text="1: tiap kali",
    )
    step = RupiahFormField(label="Pembulatan", min_value=1, max_value=100_000, initial=1)
    rounding = forms.ChoiceField(label="Arah pembulatan", choices=Rounding.choices, initial=Rounding.NEAREST)
    round_what = forms.ChoiceField(label="Yang dibulatkan", choices=RoundWhat.choices, initial=RoundWhat.TOTAL)
    difference = forms.ChoiceField(label="Selisih masuk ke", choices=Difference.choices, initial=Difference.LAST)

    def clean_rate(self):
        try:
            return parse_percent(self.cleaned_data["rate"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def terms(self) -> schedule.Terms:
        """The terms as typed. Raises schedule.ScheduleError for what cannot be."""
        typed = self.cleaned_data
        return schedule.Terms(
            method=schedule.Method(typed["method"]),
            principal=typed["principal"],
            rate=typed["rate"],
            instalments=typed["instalments"],
            every=schedule.Every(typed["every"]),
            grace=typed["grace"],
            principal_every=typed["principal_every"] or 1,
            step=typed["step"],
            rounding=schedule.Rounding(typed["rounding"]),
            round_what=schedule.RoundWhat(typed["round_what"]),
            difference=schedule.Difference(typed["difference"]),
        )
