"""Whose a row of a yearly book is: the group's people by their names, and who becomes a member by the import. Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from loans.book_import import Book, BookRow
from villages.bulk import clean_cell, key_of

SKIP, NEW = "lewati", "baru"
MOST_LETTERS = 100  # of a member's name
TITLES = {"hj", "h", "hajjah", "haji", "ibu", "bu", "ny", "nyonya", "sdri", "sdr"}


@dataclass(frozen=True)
class Person:
    """Who a row may be, by the key of the page's list: a member ("m12"), a poklak ("p3"), one to be made ("n7")."""

    key: str
    name: str
    joined_on: date | None = None
    gone_on: date | None = None

    @property
    def is_member(self) -> bool:
        return self.key[0] in "mn"

    @property
    def is_new(self) -> bool:
        return self.key.startswith("n")


class Names:
    """The people of a group by their names, ever less strictly: as written, letters alone, without titles."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.ways = [
            (make, self._by(people, make)) for make in (clean_cell, key_of, lambda name: "".join(_words_of(name)))
        ]

    @staticmethod
    def _by(people: Sequence[Person], make: Callable[[str], str]) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in people:
            found.setdefault(make(person.name), []).append(person)
        return found

    def find(self, name: str) -> list[Person]:
        """Who may be meant; more than one where the name does not tell."""
        return next((found for make, by in self.ways if make(name) and (found := by.get(make(name)))), [])


def _words_of(name: str) -> list[str]:
    words = re.findall(r"\w+", name.casefold())
    return [word for word in words if word not in TITLES] or words


def newcomers(book: Book, numbers: Collection[int]) -> dict[int, Person]:
    """Who becomes a member, by the `numbers` of her rows: rows of one name are one person.

    She joined by the first day on which the book tells of her; when she really did, nobody reads from a book.
    """
    rows: dict[str, list[BookRow]] = {}
    for row in book.rows:
        if row.number in numbers and row.name:
            rows.setdefault(clean_cell(row.name).casefold(), []).append(row)
    found: dict[int, Person] = {}
    for same in rows.values():
        joined = min(_first_day(row, book.year) for row in same)
        person = Person(f"n{same[0].number}", clean_cell(same[0].name), joined)
        found |= {row.number: person for row in same}
    return found


def _first_day(row: BookRow, year: int) -> date:
    months = [month for kind in ("iuran", "simpanan") for month, amount in getattr(row, kind).items() if amount]
    days = [date(year, month, 1) for month in months] + ([row.disbursed_on] if row.disbursed_on else [])
    return min(days, default=date(year, 1, 1))
