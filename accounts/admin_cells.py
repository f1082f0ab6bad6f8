"""Amounts, days and villages in the admin's lists and read-only pages: as everywhere in the portal."""

from functools import cache

from django.contrib import admin
from django.db.models import BooleanField, DecimalField
from django.utils.html import format_html

from up2k_portal.lib.dates import format_day_short
from up2k_portal.lib.fields import DayField, RupiahField
from up2k_portal.lib.money import format_number, format_rupiah

NOTHING = "–"


@cache
def shown(model, name: str, in_list: bool):
    """What writes a field as the portal does; the name itself where Django's way is ours."""
    field = model._meta.get_field(name)
    write = _writer(field, in_list)
    if write is None:
        return name
    words = f"{field.verbose_name} (Rp)" if write is _amount_cell else field.verbose_name

    @admin.display(description=words, ordering=name)
    def show(row):
        value = getattr(row, name)
        return NOTHING if value is None else write(value)

    show.__name__ = name
    return show


def _writer(field, in_list: bool):
    if isinstance(field, RupiahField):
        return _amount_cell if in_list else format_rupiah
    if isinstance(field, DayField):
        return _day
    if isinstance(field, BooleanField):
        return yes_no
    if isinstance(field, DecimalField):
        return _decimal
    return _place if in_list and field.name == "village" else None


def _amount_cell(amount: int):
    return format_html('<span class="num">{}</span>', format_number(amount))


def _day(day) -> str:
    return format_day_short(day).replace(" ", "\xa0")


def yes_no(is_so: bool) -> str:
    """In words: Django's icon says True and False to who cannot see it."""
    return "ya" if is_so else "tidak"


def _decimal(number) -> str:
    """1,5: with the zeros of the database, 1,500 would be read as one thousand five hundred."""
    return f"{number.normalize():f}".replace(".", ",")


def _place(village) -> str:
    """In two lines at most: it breaks before the kecamatan alone."""
    return village.label.replace(" ", "\xa0").replace("\xa0—\xa0", " —\xa0")
