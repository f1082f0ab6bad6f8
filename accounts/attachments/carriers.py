"""Which records may carry files: those whose model states `files_with`, the action that adds and removes them."""

from functools import cache

from django.apps import apps
from django.db import models

MAX_DIGITS = 19  # of a key in the database


@cache
def carriers() -> dict[str, type[models.Model]]:
    """Label → model."""
    return {model._meta.label_lower: model for model in apps.get_models() if hasattr(model, "files_with")}


def place_of(record: models.Model) -> str:
    """villages.member-12: how an address names a record of any app."""
    return f"{record._meta.label_lower}-{record.pk}"


def read_place(place: str) -> tuple[type[models.Model] | None, int]:
    """The model and number that an address names; no model where such rows carry no files."""
    label, _, number = place.rpartition("-")
    known = number.isascii() and number.isdecimal() and len(number) < MAX_DIGITS
    return (carriers().get(label), int(number)) if known else (None, 0)
