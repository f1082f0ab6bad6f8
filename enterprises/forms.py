"""Forms of enterprises and of what belongs to one; `village` and `group` follow from it and are never asked."""

import re

from django import forms
from django.core.exceptions import ValidationError

from enterprises.models import Enterprise, MonthlyResult, Permit, Product
from enterprises.months import month_name, months_before, months_until
from enterprises.services import check_month_has_come
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.forms import PortalModelForm
from up2k_portal.lib.money import format_number
from villages.forms import InGroupForm

MONTHS_OFFERED = 36


class CountFormField(forms.IntegerField):
    """A whole number as typed, "1.250" or "1250"; never a number input, whose wheel changes what was typed."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Tulis angka bulat, misalnya 1.250."}

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}

    def prepare_value(self, value):
        return format_number(value) if isinstance(value, int) else value

    def to_python(self, value):
        text = str(value).strip() if value is not None else ""
        return super().to_python(text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text)


class EnterpriseForm(InGroupForm):
    class Meta:
        model = Enterprise
        fields = (
            "group", "name", "category", "member", "poklak", "workers", "is_flagship", "sells_locally",
            "sells_outside", "sells_online", "started_on", "closed_on",
        )  # fmt: skip
        field_classes = {"workers": CountFormField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("member", "poklak"):
            self.group_rows(name)
            self.fields[name].empty_label = "–"


class OfEnterpriseForm(PortalModelForm):
    """A row of one enterprise, which stands fixed, so that the constraints that name it still speak."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].disabled = True
        self.fields["enterprise"].widget = forms.HiddenInput()


class ProductForm(OfEnterpriseForm):
    class Meta:
        model = Product
        fields = ("enterprise", "name", "unit", "price")


class PermitForm(OfEnterpriseForm):
    class Meta:
        model = Permit
        fields = ("enterprise", "kind", "number", "issued_on", "expires_on")

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day and day > today():
            raise ValidationError(f"Tanggal tidak boleh sesudah hari ini, {format_day(today())}.")
        return day


class ResultForm(OfEnterpriseForm):
    period = forms.TypedChoiceField(coerce=int, label="Bulan")

    class Meta:
        model = MonthlyResult
        fields = ("enterprise", "period", "turnover", "cost", "product", "volume")
        field_classes = {"volume": CountFormField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        period = self.fields["period"]
        if self.instance.pk:
            period.choices, period.disabled = [(self.instance.period, month_name(self.instance.period))], True
        else:
            offered = reversed(months_until(period_of(today()), MONTHS_OFFERED))
            period.choices = [(month, month_name(month)) for month in offered]
            period.initial = months_before(period_of(today()), 1)
        product = self.fields["product"]
        product.queryset = product.queryset.filter(enterprise=self.instance.enterprise_id)
        product.empty_label = "–"

    def clean_period(self):
        check_month_has_come(self.cleaned_data["period"])
        return self.cleaned_data["period"]
