"""Form fields that read what people type, and forms and filters that show no other village's rows."""

import re
from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from up2k_portal.lib import money
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import format_day, parse_day


class RupiahFormField(forms.Field):
    """Rupiah as typed ("50.000", "Rp50.000,-"): exact or refused, never a power of ten off."""

    widget = forms.TextInput

    def __init__(self, *, min_value: int | None = 0, max_value: int | None = None, **kwargs):
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off", "data-rupiah": ""}

    def prepare_value(self, value):
        return money.format_number(value) if isinstance(value, int) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return money.parse_rupiah(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"Jumlah terlalu kecil: paling sedikit {money.format_rupiah(self.min_value)}.")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"Jumlah terlalu besar: paling banyak {money.format_rupiah(self.max_value)}.")

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class DayFormField(forms.Field):
    """A day as typed: 310126, 31/1/26, 31-01-2026 or 31 Januari 2026; never month before day."""

    widget = forms.TextInput

    def widget_attrs(self, widget):
        return {"inputmode": "text", "autocomplete": "off", "data-day": ""}

    def prepare_value(self, value):
        return value.strftime("%d-%m-%Y") if hasattr(value, "strftime") else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if hasattr(value, "strftime"):
            return value
        try:
            return parse_day(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by their keys. A key that no row can have is refused before the database would choke on it."""

    def clean(self, value):
        if any(not re.fullmatch(r"[0-9]{1,18}", str(one), re.ASCII) for one in value or ()):
            raise ValidationError("Pilihan tidak dikenal. Muat ulang halaman, lalu pilih lagi.", code="invalid_choice")
        return super().clean(value)


class PortalForm:
    """What all our forms share: Indonesian labels without a colon and choices narrowed to the access.

    A field left out of a form silences the constraints that name it, so a form keeps such fields disabled.
    """

    def __init__(self, *args, access: Access, action: Action | None = None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                narrow(field, access, action)
            field.error_messages.setdefault("required", "")
            field.error_messages["required"] = f"{field.label or 'Bagian ini'} belum diisi."
            if field.error_messages.get("invalid") is forms.IntegerField.default_error_messages["invalid"]:
                field.error_messages["invalid"] = f"{field.label or 'Bagian ini'}: tulis angka bulat, misalnya 12."


def narrow(field: forms.ModelChoiceField, access: Access, action: Action | None = None) -> None:
    """Leaves in a choice only the rows that this access sees, or on which it may do `action`."""
    rows = field.queryset
    field.queryset = rows.open_to(access, action) if action else rows.visible_to(access)


class PortalModelForm(PortalForm, forms.ModelForm):
    pass


class PortalVerbForm(PortalForm, forms.Form):
    pass


MOST_CHOICES = 100  # beyond that a list is no choice: search and kecamatan lead there faster


class PortalFilterSet(django_filters.FilterSet):
    """A filter set whose choices show no other village's names."""

    def __init__(self, *args, access: Access, **kwargs):
        super().__init__(*args, **kwargs)
        self._offered: dict[str, list] = {}
        for name, one in list(self.filters.items()):
            if isinstance(one, django_filters.ChoiceFilter | django_filters.ModelChoiceFilter):
                one.extra["empty_label"] = "Semua"
            if isinstance(one.field, forms.ModelChoiceField):
                narrow(one.field, access)
                self._offer(name, one.field)

    def _offer(self, name: str, field: forms.ModelChoiceField) -> None:
        """One query a choice, whatever it finds: one row is no question, too many work by address alone."""
        rows = list(field.queryset[: MOST_CHOICES + 1])
        if len(rows) < 2:
            del self.filters[name]
        elif len(rows) > MOST_CHOICES:
            field.widget = forms.HiddenInput()
        else:
            choices = [(row.pk, getattr(row, "choice_label", str(row))) for row in rows]
            self._offered[name] = [("", "Semua"), *choices]

    @property
    def form(self):
        form = super().form
        for name, choices in self._offered.items():
            form.fields[name].widget.choices = choices  # read already: no second query at rendering
        return form

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The filters that are set, as (name, words)."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        return [
            (name, f"{self.form.fields[name].label}: {self._words(name, value)}")
            for name, value in cleaned.items()
            if value not in (None, "", []) and name in self.filters
        ]

    def _words(self, name: str, value) -> str:
        if isinstance(value, date):
            return format_day(value)
        choices = getattr(self.form.fields[name], "choices", None)
        if choices is None or hasattr(value, "pk"):
            return str(value)
        return str(dict(choices).get(value, value))
