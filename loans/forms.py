"""Forms of the money verbs. Each carries the key under which sending it twice does it once."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from loans import schedule
from loans.models.loans import Difference, Every, Method, Rounding, RoundWhat
from loans.models.receipts import Till
from loans.shares import in_proportion
from up2k_portal.lib.dates import format_day, today
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah, parse_percent

DAY_HINT = "Misalnya 24-09-2026 atau 240926"


class OnceForm(PortalVerbForm):
    """A form that is done once: its UUID is made when the page opens and stays through Back and reload."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, initial=None, **kwargs):
        super().__init__(*args, initial={"uuid": uuid4()} | (initial or {}), **kwargs)

    def clean_uuid(self):
        """A random key: the keys that the portal derives from one (version 5) cannot be taken by a sending."""
        if self.cleaned_data["uuid"].version != 4:
            raise ValidationError("Kunci kiriman ini tidak dikenal. Muat ulang halaman, lalu isi lagi.")
        return self.cleaned_data["uuid"]


class TillField(forms.ChoiceField):
    """Kas or bank; who says nothing means kas."""

    def __init__(self, **kwargs):
        super().__init__(choices=Till.offered(), initial=Till.CASH, **kwargs)

    def clean(self, value):
        return super().clean(value or Till.CASH.value)


class PaymentForm(OnceForm):
    """A total that the portal divides; or divided by hand, in parts that sum to it."""

    amount = RupiahFormField(
        label="Jumlah dibayar",
        min_value=1,
        max_value=MAX_RUPIAH,
        help_text="Sudah diisi sesuai tagihan. Ubah jika berbeda.",
        widget=forms.TextInput(attrs={"class": "big"}),
    )
    received_on = DayFormField(label="Tanggal bayar", help_text=DAY_HINT)
    till = TillField(label="Masuk ke")
    principal = RupiahFormField(label="Pokok", required=False, max_value=MAX_RUPIAH)
    service_fee = RupiahFormField(label="Jasa", required=False, max_value=MAX_RUPIAH)
    penalty = RupiahFormField(label="Denda", required=False, max_value=MAX_RUPIAH)
    mandatory = RupiahFormField(label="Simpanan wajib", required=False, max_value=MAX_RUPIAH)
    voluntary = RupiahFormField(label="Simpanan sukarela", required=False, max_value=MAX_RUPIAH)
    contribution = RupiahFormField(label="Iuran", required=False, max_value=MAX_RUPIAH)
    credit = RupiahFormField(label="Titipan", required=False, max_value=MAX_RUPIAH)
    note = forms.CharField(label="Catatan", max_length=200, required=False)

    SAVINGS = ("mandatory", "voluntary", "contribution")
    PARTS = ("principal", "service_fee", "penalty", *SAVINGS, "credit")

    def __init__(self, *args, saver=None, shares=(), **kwargs):
        """`shares` are the members' parts of a poklak's loan."""
        super().__init__(*args, **kwargs)
        self.shares = list(shares)
        if saver is None:  # a poklak owes, its members save
            for name in self.SAVINGS:
                del self.fields[name]
        members = [(share.member_id, str(share.member)) for share in self.shares]
        for pk, name in members:
            self.fields[f"share_{pk}"] = RupiahFormField(label=f"Untuk bagian {name}", required=False)
            self.fields[f"payer_{pk}"] = forms.TypedChoiceField(
                label="Dibayar oleh", choices=members, coerce=int, initial=pk, empty_value=pk, required=False
            )

    @property
    def part_fields(self):
        return [self[name] for name in self.PARTS if name in self.fields]

    @property
    def parts_typed(self) -> bool:
        return any(field.value() for field in self.part_fields)

    def clean(self):
        cleaned = super().clean()
        given = sum(self.parts().values())
        if not self.errors and given and given != cleaned["amount"]:
            raise ValidationError(_not_divided(given, cleaned["amount"]))
        return cleaned

    def parts(self) -> dict[str, int]:
        """What was divided by hand, in rupiah by kind; empty where the portal divides."""
        typed = {name: self.cleaned_data.get(name) or 0 for name in self.PARTS}
        return {name: amount for name, amount in typed.items() if amount}

    @property
    def share_fields(self):
        """(the member's part of the loan, her two fields) in the order of the loan's parts."""
        return [(one, self[f"share_{one.member_id}"], self[f"payer_{one.member_id}"]) for one in self.shares]

    def payers(self) -> list | None:
        """(whose part, who brought the money, rupiah); in proportion where no amount was typed, None without parts."""
        if not self.shares:
            return None
        typed = {share.member: self.cleaned_data[f"share_{share.member_id}"] or 0 for share in self.shares}
        if not any(typed.values()):
            typed = in_proportion(self.cleaned_data["amount"], {share.member: share.amount for share in self.shares})
        members = {member.pk: member for member in typed}
        return [
            (member, members[self.cleaned_data[f"payer_{member.pk}"]], part) for member, part in typed.items() if part
        ]

    def facts(self) -> dict:
        """What the verbs ask for besides the amount and its parts."""
        told = {name: self.cleaned_data[name] for name in ("received_on", "till", "note", "uuid")}
        return told | {"payers": self.payers()}


def _not_divided(given: int, amount: int) -> str:
    left = amount - given
    rest = f"{format_rupiah(left)} belum dibagi" if left > 0 else f"{format_rupiah(-left)} terlalu banyak"
    return (
        f"Bagian-bagiannya {format_rupiah(given)}, jumlah yang dibayar {format_rupiah(amount)}: {rest}."
        " Samakan, atau kosongkan semua bagian."
    )


class PayoffForm(OnceForm):
    amount = RupiahFormField(label="Jumlah pelunasan", min_value=1, max_value=MAX_RUPIAH, widget=forms.HiddenInput)
    received_on = DayFormField(label="Tanggal bayar", widget=forms.HiddenInput)
    till = TillField(label="Masuk ke")
    note = forms.CharField(label="Catatan", max_length=200, required=False)


class PayoffDayForm(PortalVerbForm):
    """The day for which a payoff is worked out; it may be to come."""

    tanggal = DayFormField(label="Hitung untuk tanggal", help_text=DAY_HINT)

    def __init__(self, *args, earliest, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = earliest

    def clean_tanggal(self):
        day = self.cleaned_data["tanggal"]
        if day < self.earliest:
            raise ValidationError(f"Tanggal tidak boleh sebelum pinjamannya cair, {format_day(self.earliest)}.")
        return day


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
