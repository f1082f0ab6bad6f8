"""The official regions of Indonesia, loaded as often as one likes: a row is known by its code."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import models, transaction

from villages.models import District, Province, Regency, RegionChange, Village

SOURCE = Path(__file__).parent / "data" / "wilayah.csv.gz"
KALIMANTAN_SELATAN = "63"
# Two names that the official list writes unlike all others.
SPELLINGS = {"63.08.03.2035": "Rantau Karau Tengah", "63.08.08.2012": "Tambak Sari Panji"}


class Level(NamedTuple):
    model: type[models.Model]
    code_length: int
    parent: str = ""


LEVELS = (
    Level(Province, 2),
    Level(Regency, 5, "province"),
    Level(District, 8, "regency"),
    Level(Village, 13, "district"),
)


class Entry(NamedTuple):
    code: str
    name: str
    postcode: str


@transaction.atomic
def load_regions(area: str = "") -> dict[str, int]:
    """Loads the regions whose code begins with `area`, without one all of Indonesia; returns rows per level.

    Names, kinds and postcodes follow the list; what the kabupaten decides itself (assisted villages, limits,
    active days, successors) stays as it is. So does a name given here, until the list has left the old one.
    """
    given = _given_names()
    entries = [one._replace(name=given.get((one.code, one.name), one.name)) for one in _entries(area)]
    return {str(level.model._meta.verbose_name): _load(level, entries) for level in LEVELS}


def _given_names() -> dict[tuple[str, str], str]:
    """(code, the name before a renaming here) → the name now."""
    renames = RegionChange.objects.filter(kind=RegionChange.Kind.RENAME)
    return {(code, old): now for code, old, now in renames.values_list("old_code", "old_name", "region__name")}


def _entries(area: str) -> Iterator[Entry]:
    with gzip.open(SOURCE, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)  # code,name,postcode
        for code, name, postcode in rows:
            if code.startswith(area):
                yield Entry(code, SPELLINGS.get(code, name), postcode)


def _load(level: Level, entries: list[Entry]) -> int:
    parents = _keys_of_parents(level)
    rows = [_region(level, entry, parents) for entry in entries if len(entry.code) == level.code_length]
    follow = ["name", "kind", "postcode"] if level.model is Village else ["name"]
    level.model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=follow)
    return len(rows)


def _keys_of_parents(level: Level) -> dict[str, int]:
    if not level.parent:
        return {}
    parent = level.model._meta.get_field(level.parent).remote_field.model
    return dict(parent._default_manager.values_list("code", "pk"))


def _region(level: Level, entry: Entry, parents: dict[str, int]) -> models.Model:
    fields = {"code": entry.code, "name": entry.name}
    if level.parent:
        fields[f"{level.parent}_id"] = parents[entry.code.rpartition(".")[0]]
    if level.model is Village:
        fields["kind"] = entry.code[9]  # 63.08.03.2014 is a desa, 63.08.05.1001 a kelurahan
        fields["postcode"] = entry.postcode
    return level.model(**fields)
