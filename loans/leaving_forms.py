"""Leaving and settling in one act."""

from django import forms

from loans.forms import OnceForm
from loans.models.receipts import Till
from villages.forms import LeaveForm


class SettleForm(LeaveForm, OnceForm):
    """When and why, as for leaving without money, and out of which till she is paid."""

    till = forms.ChoiceField(label="Dibayar dari", choices=Till.offered(), initial=Till.CASH)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def facts(self) -> dict:
        """What was typed: all but the key and what was shown."""
        return {name: self.cleaned_data[name] for name in ("left_on", "left_reason", "till")}
