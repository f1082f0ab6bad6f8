"""Who may be recorded twice, and which records are one person. Pure rules; all facts come as arguments.

One woman has one NIK, but the books have slips: two groups enter her, an old list has zeros, a name is spelled twice.
These rules only ask; a person at the kabupaten answers (docs/decisions/020-people-once.md).
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, takewhile

from villages.nik import clean_nik

# What `clean_nik` accepts, as one pattern that databases read too; a test holds the two together.
NIK_PATTERN = (
    r"^[0-9]{6}(0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(0[1-9]|1[0-2])[0-9]{2}"
    r"([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])$"
)
_TITLES = {"h", "hj", "haji", "hajjah", "hajah", "ibu", "bu", "ny", "nyonya", "bapak", "pak"}
_SPELLINGS = {"st": "siti", "sitti": "siti", "abd": "abdul"} | dict.fromkeys(("m", "muh", "moh", "mohd"), "muhammad")
_NOR = re.compile("noor|nur")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`ʼ]")


class Kind(StrEnum):
    """Why two records, or one, want a look; in the order in which they matter."""

    SAME_NIK = "same_nik"
    BAD_NIK = "bad_nik"
    ALIKE = "alike"


@dataclass(frozen=True)
class Record:
    """One membership, with what the rules look at. `person` is the number under which rows are one person."""

    pk: int
    name: str
    nik: str | None
    birth_date: date | None
    group: int
    district: int
    person: int | None = None

    @property
    def node(self) -> Hashable:
        """The person that this record is of: linked records share it."""
        return node(self.pk, self.person)

    @property
    def known_nik(self) -> str | None:
        return self.nik if self.nik and is_well_formed(self.nik) else None


def node(pk: int, person: int | None) -> Hashable:
    return ("person", person) if person else ("member", pk)


@dataclass(frozen=True)
class Suspicion:
    """Two records that may be one person, or one record (`second` is None) whose NIK cannot be."""

    kind: Kind
    first: int
    second: int | None = None


def is_well_formed(nik: str) -> bool:
    """Whether this can be a NIK at all."""
    try:
        return clean_nik(nik) == nik
    except ValueError:
        return False


def name_key(name: str) -> str:
    """Hj. St. Nor Hasanah → sitinorhasanah: without titles, spaces, case and the usual other spellings."""
    words = _WORD.findall(_APOSTROPHES.sub("", name).casefold())
    return _NOR.sub("nor", "".join(_SPELLINGS.get(word, word) for word in words if word not in _TITLES))


def common_area(one: str, other: str) -> str:
    """63.08 for 63.08.03.2014 and 63.08.07.2004: the smallest region around two villages; "" when none is."""
    parts = zip(one.split("."), other.split("."), strict=True)
    return ".".join(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], parts))


def suspicions(records: Iterable[Record], judged: Iterable[tuple[Hashable, Hashable]]) -> Iterator[Suspicion]:
    """The open questions about these records, each pair of persons once and in a fixed order.

    `judged` are the pairs of persons (`Record.node`) that somebody found to be different.
    """
    rows = sorted(records, key=lambda row: row.pk)
    answered = {frozenset(pair) for pair in judged}
    for kind, first, second in [*_pairs_by_nik(rows), *_pairs_by_name(rows)]:
        asked = frozenset((first.node, second.node))
        if len(asked) == 2 and asked not in answered:
            answered.add(asked)
            yield Suspicion(kind, first.pk, second.pk)
    for row in rows:
        if row.nik and row.known_nik is None:
            yield Suspicion(Kind.BAD_NIK, row.pk)


def persons(links: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    """{record: person} for links (number, first, second): linked records are one person, however they are linked.

    The person bears the number of the earliest link, so taking a link away gives back what was before it.
    """
    numbers: dict[int, int] = {}
    for number, first, second in sorted(links):
        ends = (first, second)
        joined = {numbers[end] for end in ends if end in numbers}
        one = min(joined, default=number)
        numbers |= {row: one for row, old in numbers.items() if old in joined} | dict.fromkeys(ends, one)
    return numbers


def _pairs_by_nik(rows: list[Record]):
    """The same NIK in two groups; twice in one group it is a woman who came back."""
    for same in _alike(rows, lambda row: row.known_nik):
        for first, second in combinations(same, 2):
            if first.group != second.group:
                yield Kind.SAME_NIK, first, second


def _pairs_by_name(rows: list[Record]):
    """The same name and birth date in one kecamatan, where the NIK does not speak."""
    for same in _alike(rows, _likeness):
        for first, second in combinations(same, 2):
            if first.known_nik is None or first.known_nik != second.known_nik:
                yield Kind.ALIKE, first, second


def _likeness(row: Record) -> Hashable:
    key = name_key(row.name)
    return (key, row.birth_date, row.district) if key and row.birth_date else None


def _alike(rows: list[Record], key) -> list[list[Record]]:
    found: dict[Hashable, list[Record]] = defaultdict(list)
    for row in rows:
        if (value := key(row)) is not None:
            found[value].append(row)
    return [same for same in found.values() if len(same) > 1]
