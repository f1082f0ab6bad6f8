"""What a workbook is printed with: the layouts and the definitions of its time. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports import indicators
from reports.forms import Layout, layout


@dataclass(frozen=True)
class Edition:
    """`layout` finds a layout by the code of its form; `places` names the kecamatan by their codes."""

    layout: Callable[[str], Layout] = layout
    definitions: Sequence[Mapping[str, Any]] = field(default_factory=indicators.definitions)
    definitions_hash: str = field(default_factory=indicators.definitions_hash)
    places: Mapping[str, str] = field(default_factory=dict)
