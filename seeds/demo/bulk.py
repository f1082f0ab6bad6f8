"""Many rows, fast: keys known in advance, and one prepared INSERT a table."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import count
from typing import TypeVar

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models

from loans.models import MonthClosing

Row = TypeVar("Row", bound=models.Model)


class Rows:
    """Rows to insert, each with its key from the moment it is added, so that later ones may point at it.

    For one transaction in which nobody else writes these tables. Nothing is checked: builders made the rows.
    """

    def __init__(self) -> None:
        self.counts: Counter[type[models.Model]] = Counter()
        self._keys: dict[type[models.Model], count] = {}
        self._waiting: dict[type[models.Model], list[models.Model]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        model = type(row)
        if model not in self._keys:
            self._keys[model] = count((model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1)
        row.pk = next(self._keys[model])
        _point_at_keys(row)
        self._waiting[model].append(row)
        return row

    def insert(self) -> None:
        """Writes what was added since the last time."""
        for model in _pointed_at_first(self._waiting):
            rows = self._waiting[model]
            _insert(model, rows)
            self.counts[model] += len(rows)
        self._waiting.clear()

    def close(self) -> None:
        """Writes the rest and tells the database where its own keys go on."""
        self.insert()
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._keys)):
                cursor.execute(statement)


def _pointed_at_first(kinds: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """The models so that each comes after those it points at, and closings after all.

    The guards of the database look at what a row names, and let nothing into a month that is closed.
    """
    waiting, ordered = sorted(kinds, key=lambda model: model is MonthClosing), []

    def place(model):
        if model not in waiting:
            return
        waiting.remove(model)
        for field in model._meta.concrete_fields:
            if field.is_relation:
                place(field.related_model)
        ordered.append(model)

    while waiting:
        place(waiting[0])
    return ordered


def _point_at_keys(row: models.Model) -> None:
    """Related rows that got their keys after this row was built."""
    for field in row._meta.concrete_fields:
        if field.is_relation and getattr(row, field.attname) is None and field.is_cached(row):
            setattr(row, field.name, field.get_cached_value(row))


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]  # not django.db.connection, whose every look-up costs
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = ([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", values)
