"""What a kind of sheet declares and can: its columns, how rows are checked, saved and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError

from accounts.models import User
from imports.columns import Column, Type
from imports.lines import Line
from imports.models import Import, ImportPart
from up2k_portal.lib.access import Access, Action
from villages.models import Group, Village

OURS = uuid5(NAMESPACE_URL, "up2k/impor")
# Filled in by the template, on every sheet: it makes sending a sheet twice do it once.
CODE = Column("code", "Kode baris", Type.CODE, "", synonyms="kodebaris uuid", is_hidden=True, most=60)


@dataclass
class Scope:
    """Who imports, for where, on which day; `seen` and `memo` live as long as one reading of a sheet."""

    access: Access
    by: User
    area_code: str
    village: Village | None
    today: date
    is_saving: bool = False
    seen: dict[Any, int] = field(default_factory=dict)  # what stood in an earlier row, and in which
    memo: dict[str, Any] = field(default_factory=dict)


@dataclass
class Saved:
    """What a chunk of lines became, as `ImportPart` keeps it."""

    made: list[list] = field(default_factory=list)
    changed: list[list] = field(default_factory=list)

    def make(self, row, code: str = "") -> None:
        self.made.append([row._meta.label_lower, row.pk, code])

    def change(self, row, before: Mapping[str, Any]) -> None:
        """Keeps of each field what it was and what it is now, so that undoing takes back nobody else's change."""
        now = {name: plain(getattr(row, name)) for name in before}
        self.changed.append([row._meta.label_lower, row.pk, {name: [before[name], now[name]] for name in before}])


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def is_as_left(row, changes: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a row still is what an import made of it."""
    return all(plain(getattr(row, name)) == now for name, (_, now) in changes.items())


class Kind:
    """One kind of sheet. `words` name its rows: "214 anggota"."""

    key = ""
    title = ""
    sheet = ""
    words = ""
    help = ""
    action = Action.EDIT_REGISTRY
    columns: tuple[Column, ...] = ()
    is_of_many = False  # rows of many villages; else all belong to one
    undo_words = ""
    empty_rows = 100  # of a template, below the rows that it is filled with

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def check(self, lines: Sequence[Line], scope: Scope) -> None:
        """Tells of each line what is wrong with it or what it would do. Stores nothing; queries a fixed number."""
        raise NotImplementedError

    def save(self, lines: Sequence[Line], scope: Scope) -> Saved:
        """Saves lines that were just checked, within a transaction; a line that cannot be saved is refused."""
        raise NotImplementedError

    def take_back(self, part: ImportPart, *, imported: Import, reason: str, by: User) -> tuple[int, int]:
        """Takes back what a part made and changed; returns (taken back, kept because something rests on it)."""
        raise NotImplementedError

    def lock(self, lines: Sequence[Line], scope: Scope) -> None:
        """Locks the groups that the lines write to, in one order."""
        groups = self.groups(lines, scope)
        list(Group.objects.select_for_update().filter(pk__in=[one.pk for one in groups]).order_by("pk"))

    def groups(self, lines: Sequence[Line], scope: Scope) -> Iterable[Group]:
        return groups_of(scope)

    def rows_for(self, village: Village, today: date) -> Iterable[dict[str, Any]]:
        """What the template of a village is filled with, by key of the column."""
        return ()

    def words_for(self, village: Village, key: str, today: date) -> Sequence[str]:
        """What the drop-down of a column offers in this village."""
        return self.column(key).words

    def list_url(self, imported: Import) -> str:
        """Where what came in is seen; "" where there is no such page."""
        return ""


def groups_of(scope: Scope) -> list[Group]:
    """The standing groups of the scope's village; asked once."""
    if "groups" not in scope.memo:
        groups = Group.objects.filter(village=scope.village, closed_on=None).select_related("village__district")
        scope.memo["groups"] = list(groups.order_by("pk"))
    return scope.memo["groups"]


def row_code(model: str, pk: int) -> str:
    """The hidden code of a row that stands for a record: it tells nothing and cannot be guessed from another."""
    return str(uuid5(OURS, f"{model}:{pk}"))


def key_of_row(*facts: Any) -> UUID:
    """A key for a row by what it says, for sheets without hidden codes: the same row is the same key."""
    return uuid5(OURS, "|".join(map(str, facts)))


def codes_made(area_code: str, kind: str) -> dict[str, tuple[str, int]]:
    """Code of the row → (model, key), of everything that imports of this kind made here and that stands."""
    parts = ImportPart.objects.filter(imported__area_code=area_code, imported__kind=kind, imported__undone_at=None)
    return {code: (model, key) for made in parts.values_list("made", flat=True) for model, key, code in made if code}


def sentences(error: ValidationError) -> list[tuple[str, str]]:
    """(key of the column, why) of a service's refusal."""
    if hasattr(error, "error_dict"):
        return [(name, words) for name, found in error.message_dict.items() for words in found]
    return [("", words) for words in error.messages]
