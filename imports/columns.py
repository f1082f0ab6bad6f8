"""Columns of the sheets that come in, declared: what each is called, holds and looks like when it is right. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Type(StrEnum):
    TEXT = "text"
    NIK = "nik"  # sixteen digits as text, never a number
    FAMILY_CARD = "family_card"
    DAY = "day"
    MONTH = "month"  # 202609
    RUPIAH = "rupiah"
    WHOLE = "whole"
    CHOICE = "choice"
    CODE = "code"  # of a row or a record: told by the template, never typed


@dataclass(frozen=True)
class Column:
    """One column. `synonyms` are other headings in small letters without blanks and signs; `choices` lead from a word
    written so to its value, and `words` are those that the drop-down offers."""

    key: str
    heading: str
    type: Type
    example: str
    help: str = ""
    synonyms: str = ""
    is_required: bool = False
    most: int = 100
    choices: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    is_locked: bool = False
    is_hidden: bool = False
    has_total: bool = False
    width: int = 16

    @property
    def names(self) -> set[str]:
        """All that its heading may be, as `name_of` writes it."""
        return {name_of(self.heading), *self.synonyms.split()}


def name_of(heading: str) -> str:
    """A heading in small letters, without blanks, signs and what stands in brackets: "Tgl. Lahir (hh-bb-tttt)"."""
    return re.sub(r"[\W_]", "", re.sub(r"\([^)]*\)", "", heading.casefold()))
