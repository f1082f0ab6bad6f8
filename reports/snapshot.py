"""Frozen figures of one village and period, as JSON and back. Pure: no database, no clock.

The canonical JSON has sorted keys and no blanks, so the same figures have the same SHA-256 wherever they are computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from typing import Any

from reports import indicators
from reports.rows import GroupRow, canonical

DAYS = ("decree_on", "founded_on", "dissolved_on")
FIGURES = [one.name for one in fields(GroupRow) if type(one.default) is int and one.name != "group_id"]
SHAPE = 1  # of the JSON: another shape is another number, and `read` knows the old ones


@dataclass(frozen=True)
class Snapshot:
    """What a village signed off: its groups' rows, and the definitions they were made with."""

    village_code: str
    village_name: str  # as it was called on the period's last day
    period: str
    definitions: str  # SHA-256 of the table of indicators
    groups: tuple[GroupRow, ...] = ()
    is_nil: bool = False

    @property
    def values(self) -> dict[str, int | None]:
        return indicators.values(self.groups)

    @property
    def sha256(self) -> str:
        return sha256(canonical(self.as_json()).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values, groups in the order of their key."""
        groups = [_plain(asdict(row)) for row in sorted(self.groups, key=lambda row: (row.group_id, row.group_name))]
        return {
            "shape": SHAPE,
            "village": self.village_code,
            "village_name": self.village_name,
            "period": self.period,
            "definitions": self.definitions,
            "is_nil": self.is_nil,
            "groups": groups,
        }


def read(figures: Mapping[str, Any]) -> Snapshot:
    """The snapshot of kept JSON. A figure that a row of that time did not have yet is None: nobody counted a 0."""
    known = {field.name for field in fields(GroupRow)}
    groups = tuple(_row({name: value for name, value in row.items() if name in known}) for row in figures["groups"])
    return Snapshot(
        figures["village"],
        figures["village_name"],
        figures["period"],
        figures["definitions"],
        groups,
        figures["is_nil"],
    )


def fingerprint_of(figures: Mapping[str, Any]) -> str:
    """SHA-256 of kept JSON itself, whatever its shape."""
    return sha256(canonical(figures).encode()).hexdigest()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    told = row | {
        "enterprises_by_category": [list(pair) for pair in row["enterprises_by_category"]],
        **{name: row[name].isoformat() if row[name] else None for name in DAYS},
    }
    if not row["dissolved_on"]:  # of nearly all rows; without it they are what they were before it was told
        del told["dissolved_on"]
    return told


def _row(row: dict[str, Any]) -> GroupRow:
    days = {name: date.fromisoformat(row[name]) if row.get(name) else None for name in DAYS}
    pairs = tuple((name, count) for name, count in row.get("enterprises_by_category", ()))
    return GroupRow(**dict.fromkeys(FIGURES) | row | days | {"enterprises_by_category": pairs})


@dataclass(frozen=True)
class Change:
    """One figure that is not what it was; `group_id` 0 for the village's sum."""

    group_id: int
    group_name: str
    key: str
    label: str
    then: int | str | None
    now: int | str | None


def changes(then: Snapshot, now: Snapshot) -> list[Change]:
    """Every figure of a group that differs, in the order of the indicators; a group that came or went counts whole."""
    before, after = ({row.group_id: row for row in one.groups} for one in (then, now))
    found = []
    for pk in sorted(before.keys() | after.keys()):
        old, new = before.get(pk), after.get(pk)
        name = (new or old).group_name  # type: ignore[union-attr]
        old_values, new_values = ({} if row is None else indicators.values([row]) for row in (old, new))
        for key, indicator in indicators.BASES.items():
            if old_values.get(key) != new_values.get(key):
                found.append(Change(pk, name, key, indicator.label, old_values.get(key), new_values.get(key)))
    return found


def joined(rows: Sequence[GroupRow]) -> GroupRow:
    """One group's row of a longer period out of its shorter ones, in their order: what flows is summed, what stands is
    the last one's. Raises IndexError for no row.
    """
    last = rows[-1]
    if len(rows) == 1:
        return last
    flows = {
        one.key: one.of(rows) for one in indicators.INDICATORS if one.spread is indicators.Spread.FLOW and not one.level
    }
    return GroupRow(**{**_as_fields(last), **flows, "capital_start": rows[0].capital_start, **_product_of(rows)})


def _product_of(rows: Sequence[GroupRow]) -> dict[str, Any]:
    """The latest main product; its pieces over all rows, None where it was another one before: they do not add up."""
    made = [row for row in rows if row.main_product]
    if not made:
        return {}
    counted = [row.volume for row in made if row.volume is not None]
    is_one = len({(row.main_product, row.unit) for row in made}) == 1
    volume = sum(counted) if counted and is_one else None
    return {"main_product": made[-1].main_product, "unit": made[-1].unit, "volume": volume}


def _as_fields(row: GroupRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}
