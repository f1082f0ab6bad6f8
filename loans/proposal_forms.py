"""Forms of a loan's way to its money. A poklak's loan has a field a member: her part."""

from collections.abc import Iterable

from django import forms

from loans.forms import DAY_HINT, OnceForm
from loans.models import LoanProduct
from loans.payer_services import difference_words
from up2k_portal.lib.fields import MAX_RUPIAH
from up2k_portal.lib.forms import DayFormField, PortalVerbForm, RupiahFormField
from up2k_portal.lib.money import format_rupiah
from villages.models import Member


class ShareFields:
    """What the forms with a field a member share; `sharers` are the members, and what each has so far in rupiah."""

    sharers: dict[Member, int | None]

    def add_share_fields(self, sharers: dict[Member, int | None]) -> None:
        self.sharers = sharers
        for member, amount in sharers.items():
            self.fields[self._name(member)] = RupiahFormField(
                label=member.name, required=False, max_value=MAX_RUPIAH, initial=amount
            )

    @staticmethod
    def _name(member: Member) -> str:
        return f"bagian_{member.pk}"

    @property
    def share_fields(self) -> list:
        return [self[self._name(member)] for member in self.sharers]

    def shares(self) -> dict[Member, int]:
        """Rupiah by member as typed, 0 where nothing is."""
        return {member: self.cleaned_data.get(self._name(member)) or 0 for member in self.sharers}


class ProposalForm(ShareFields, OnceForm):
    product = forms.ModelChoiceField(LoanProduct.objects.all(), label="Produk pinjaman", empty_label=None)
    principal = RupiahFormField(
        label="Jumlah pinjaman", min_value=1, max_value=MAX_RUPIAH, help_text="Misalnya 1.500.000"
    )
    purpose = forms.CharField(label="Untuk keperluan usaha", max_length=120, help_text="Misalnya beli benang bordir")
    proposed_on = DayFormField(label="Tanggal pengajuan", help_text=DAY_HINT)

    FACTS = ("product", "principal", "purpose", "proposed_on", "uuid")

    def __init__(self, *args, group, sharers: Iterable[Member] = (), **kwargs):
        super().__init__(*args, **kwargs)
        products = self.fields["product"].queryset
        self.fields["product"].queryset = products.filter(group=group, is_active=True)
        self.add_share_fields(dict.fromkeys(sharers))

    def clean(self):
        cleaned = super().clean()
        if self.sharers and not self.errors and (given := sum(self.shares().values())) != cleaned["principal"]:
            said = difference_words("Bagian anggota", given, cleaned["principal"], "jumlah pinjaman")
            self.add_error(self.share_fields[0].name, said)
        return cleaned

    def facts(self) -> dict:
        """What the verb asks for."""
        return {name: self.cleaned_data[name] for name in self.FACTS} | {"shares": self.shares()}


class AmountForm(ShareFields, PortalVerbForm):
    """The amount of a step: one, or a poklak's by its members' parts, which make it."""

    amount = RupiahFormField(label="Jumlah", min_value=1, max_value=MAX_RUPIAH)
    note = forms.CharField(label="Catatan", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, loan, sharers: dict[Member, int | None], amount_label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_share_fields(sharers)
        if sharers:
            del self.fields["amount"]
        else:
            self.fields["amount"].label = amount_label
            self.fields["amount"].initial = loan.principal
            self.fields["amount"].help_text = f"Paling banyak {format_rupiah(loan.proposed_amount)}, yang diajukan"

    def facts(self) -> dict:
        """What the verb asks for."""
        how_much = {"shares": self.shares()} if self.sharers else {"amount": self.cleaned_data["amount"]}
        return how_much | {"note": self.cleaned_data["note"]}


class DisburseForm(PortalVerbForm):
    disbursed_on = DayFormField(label="Tanggal pencairan", help_text=DAY_HINT)


class ReasonForm(PortalVerbForm):
    note = forms.CharField(label="Alasan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
