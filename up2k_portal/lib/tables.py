"""Columns that know their type, and a table as plain records for Excel and JSON.

A column has two faces: `render` for the eye and `value` for machines.
"""

from collections.abc import Iterator

import django_tables2 as tables
from django.core.paginator import Paginator
from django.db import models
from django.utils.functional import cached_property
from django.utils.html import format_html
from django_tables2.columns import library
from django_tables2.utils import AttributeDict

from up2k_portal.lib import money
from up2k_portal.lib.dates import format_day_short
from up2k_portal.lib.fields import DayField, RupiahField

COUNT_LIMIT = 10_000


class CappedPaginator(Paginator):
    """Counts to ten thousand and no further: no page may cost more because the table is long."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list.data if hasattr(self.object_list, "data") else self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(self.object_list)
        return rows.order_by()[: COUNT_LIMIT + 1].count()

    @property
    def is_capped(self) -> bool:
        return self.count > COUNT_LIMIT


class PortalColumn(tables.Column):
    """A column whose Excel format and machine value are known.

    `lead` puts it beside the name on a phone's card, `on_phone=False` leaves it to wider screens.
    """

    excel_format = "@"
    css = ""

    def __init__(self, *args, lead: bool = False, on_phone: bool = True, **kwargs):
        css = " ".join(filter(None, [self.css, lead and "lead", not on_phone and "hide-p"]))
        kwargs.setdefault("attrs", {part: {"class": css} for part in ("th", "td", "tf")} if css else {})
        super().__init__(*args, **kwargs)

    def value(self, value):
        return value


@library.register
class RupiahColumn(PortalColumn):
    """`Rp` stands in the heading; the cell has bare digits; machines get the integer."""

    excel_format = "#,##0"
    css = "num"

    def __init__(self, *args, total: bool = False, **kwargs):
        self.total = total
        super().__init__(*args, **kwargs)

    def render(self, value):
        return money.format_number(value) if value else "–"

    @classmethod
    def from_field(cls, field, **kwargs):
        return cls(**kwargs) if isinstance(field, RupiahField) else None


@library.register
class DayColumn(PortalColumn):
    excel_format = "dd-mm-yyyy"
    css = "day"

    def render(self, value):
        return format_day_short(value)

    @classmethod
    def from_field(cls, field, **kwargs):
        return cls(**kwargs) if isinstance(field, DayField) else None


class CountColumn(PortalColumn):
    excel_format = "#,##0"
    css = "num"

    def render(self, value):
        return money.format_number(value) if value else "–"


@library.register
class TextColumn(PortalColumn):
    @classmethod
    def from_field(cls, field, **kwargs):
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        return cls(**kwargs) if is_text else None


class NameColumn(PortalColumn):
    """Another row, shown by its name."""

    def value(self, value):
        return str(value)


class ChoiceColumn(PortalColumn):
    """A choice shows its words, to machines too: they read Indonesian sheets."""

    def __init__(self, *args, choices, **kwargs):
        self.words = dict(choices)
        super().__init__(*args, **kwargs)

    def render(self, value):
        return self.words.get(value, value)

    def value(self, value):
        return self.words.get(value, value)


class PlaceColumn(PortalColumn):
    """A village, always as "Desa Pandulangan — Kec. Sungai Pandan"."""

    def render(self, value):
        place = "{}<small class='sub d-block'><span class='vh'> — </span>{}</small>"
        return format_html(place, value.full_name, value.district.label)

    def value(self, value):
        return value.label


class PortalTable(tables.Table):
    """A list page: page of 25, sorted by a stable order, empty cells as a dash."""

    class Meta:
        attrs = AttributeDict({"class": "u-table lists"})
        default = "–"
        template_name = "components/table.html"


def records(table: tables.Table) -> Iterator[tuple[object, list]]:
    """All rows of a table as (row, machine values), in the table's own order.

    Resolves each accessor itself: the rendering of django-tables2 costs ten times as much a cell.
    """
    columns = [(bound.accessor, bound.column) for bound in table.columns]
    rows = table.data.data
    source = rows.iterator(chunk_size=2000) if isinstance(rows, models.QuerySet) else rows
    for row in source:
        yield row, [_machine_value(row, accessor, column) for accessor, column in columns]


def _machine_value(row, accessor, column):
    value = accessor.resolve(row, quiet=True)
    return value if value is None else column.value(value)
