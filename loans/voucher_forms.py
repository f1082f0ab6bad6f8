"""What is typed on a voucher, and which two accounts its money moves between."""

from django import forms
from django.core.exceptions import ValidationError

from loans.chart import (
    BANK,
    CASH,
    CASH_DIFFERENCE,
    CHART,
    DEBT,
    GOODS,
    GRANTS,
    LOSSES,
    OTHER_INCOME,
    TILLS,
    TRADE,
    Side,
    accounts_of,
)
from loans.forms import DAY_HINT, OnceForm
from loans.models import Voucher
from loans.models.receipts import Till
from loans.models.vouchers import Form, Nature, Source
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, RupiahFormField

INCOMES = [(code, CHART[code].name) for code in (OTHER_INCOME, TRADE)]
# Losses come from loans written off and differences from the cash count: nobody is paid for either.
EXPENSES = [
    (one.code, one.name) for one in accounts_of(Side.EXPENSE) if one.code not in (LOSSES, CASH_DIFFERENCE)
]  # fmt: skip
BORROWED = (Nature.DEBT, Nature.REVOLVING)
DIRECTIONS = [("cash", "Kas ke bank (setor)"), ("bank", "Bank ke kas (ambil)")]
TRANSFER_WORDS = {"cash": "Setor ke bank", "bank": "Ambil dari bank"}


def till_field(label: str, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Till.offered(), initial=Till.CASH, widget=forms.RadioSelect, **kwargs)


class VoucherForm(OnceForm):
    """What every voucher tells: how much, when, what for. `facts` is what the service takes."""

    kind: Voucher.Kind
    amount = RupiahFormField(
        label="Jumlah", min_value=1, max_value=MAX_RUPIAH, widget=forms.TextInput(attrs={"class": "big"})
    )
    on = DayFormField(label="Tanggal", help_text=DAY_HINT)
    description = forms.CharField(
        label="Uraian", max_length=200, help_text="Untuk apa uangnya; tercetak di bukti dan di buku kas."
    )

    def facts(self) -> dict:
        """The keyword arguments of `record_voucher`, but for the group and who records it."""
        debit, credit = self.accounts()
        return self.typed() | {"kind": self.kind, "debit": debit, "credit": credit}

    def typed(self) -> dict:
        """What was typed under the names that a voucher gives it."""
        names = ("amount", "on", "description", "uuid", "till", "party", "source", "nature", "form")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def accounts(self) -> tuple[str, str]:
        """(debit, credit)"""
        raise NotImplementedError


class IncomeForm(VoucherForm):
    kind = Voucher.Kind.INCOME
    account = forms.ChoiceField(label="Penerimaan apa", choices=INCOMES, widget=forms.RadioSelect)
    till = till_field("Masuk ke")
    party = forms.CharField(label="Diterima dari", max_length=100)
    field_order = ("account", "amount", "till", "party", "description", "on")

    def accounts(self):
        return TILLS[self.cleaned_data["till"]], self.cleaned_data["account"]


class ExpenseForm(VoucherForm):
    kind = Voucher.Kind.EXPENSE
    account = forms.ChoiceField(label="Pengeluaran apa", choices=EXPENSES, widget=forms.RadioSelect)
    till = till_field("Dibayar dari")
    party = forms.CharField(label="Dibayar kepada", max_length=100, help_text="Orang atau toko, misalnya Toko Amanah")
    field_order = ("account", "amount", "till", "party", "description", "on")

    def accounts(self):
        return self.cleaned_data["account"], TILLS[self.cleaned_data["till"]]


class CapitalForm(VoucherForm):
    kind = Voucher.Kind.CAPITAL
    source = forms.ChoiceField(label="Sumber modal", choices=Source.choices)
    nature = forms.ChoiceField(
        label="Sifat",
        choices=Nature.choices,
        widget=forms.RadioSelect,
        help_text="Hibah, juga swadaya, tidak dikembalikan. Pinjaman dan dana bergulir menjadi utang kelompok.",
    )
    form = forms.ChoiceField(
        label="Bentuk",
        choices=Form.choices,
        initial=Form.MONEY,
        widget=forms.RadioSelect,
        help_text="Barang dicatat dengan harganya dan masuk ke inventaris, bukan ke kas.",
    )
    till = till_field("Bila uang, masuk ke")
    party = forms.CharField(label="Pemberi", max_length=100, help_text="Misalnya Dinas PMD Kabupaten")
    field_order = ("source", "nature", "form", "amount", "till", "party", "description", "on")

    def clean(self):
        super().clean()
        if self.cleaned_data.get("source") == Source.SWADAYA and self.cleaned_data.get("nature") in BORROWED:
            raise ValidationError(
                {"nature": "Swadaya tidak dipinjam: pilih sifat Hibah, atau sumber lain bila harus dikembalikan."}
            )
        return self.cleaned_data

    def typed(self):
        in_goods = self.cleaned_data["form"] == Form.GOODS
        return super().typed() | ({"till": Till.CASH} if in_goods else {})

    def accounts(self):
        in_money = self.cleaned_data["form"] == Form.MONEY
        debit = TILLS[self.cleaned_data["till"]] if in_money else GOODS
        return debit, GRANTS if self.cleaned_data["nature"] == Nature.GRANT else DEBT


class CapitalBackForm(VoucherForm):
    kind = Voucher.Kind.CAPITAL_BACK
    source = forms.ChoiceField(
        label="Sumber modal yang dikembalikan", choices=[one for one in Source.choices if one[0] != Source.SWADAYA]
    )
    nature = forms.ChoiceField(
        label="Sifat", choices=[(one, one.label) for one in BORROWED], initial=Nature.DEBT, widget=forms.RadioSelect
    )
    till = till_field("Dibayar dari")
    party = forms.CharField(label="Dikembalikan kepada", max_length=100)
    field_order = ("source", "nature", "amount", "till", "party", "description", "on")

    def typed(self):
        return super().typed() | {"form": Form.MONEY}

    def accounts(self):
        return DEBT, TILLS[self.cleaned_data["till"]]


class TransferForm(VoucherForm):
    """`till` is where the money leaves."""

    kind = Voucher.Kind.TRANSFER
    till = forms.ChoiceField(label="Arah", choices=DIRECTIONS, widget=forms.RadioSelect)
    description = forms.CharField(label="Uraian", max_length=200, required=False)
    field_order = ("till", "amount", "description", "on")

    def clean_description(self):
        return self.cleaned_data["description"] or TRANSFER_WORDS.get(self.cleaned_data.get("till"), "")

    def accounts(self):
        return (BANK, CASH) if self.cleaned_data["till"] == Till.CASH else (CASH, BANK)
