"""Every change of a row is kept: who, when, before, after. Written in the same transaction as the change."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.db import transaction

from accounts.models import Change, User
from up2k_portal.lib.access import Access
from up2k_portal.lib.privacy import mask_number

SYSTEM = "sistem"
request_id: ContextVar[UUID | None] = ContextVar("request_id", default=None)


@transaction.atomic
def save(row, *, by: User | None, reason: str = ""):
    """Checks the row, saves it and records what changed. Returns the row.

    `by` is None for the system's own acts (commands). Raises ValidationError with what a user can mend.
    """
    row.full_clean()
    stored = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
    before = snapshot(stored) if stored else {}
    hidden = _hidden_changes(stored, row) if stored else {}
    row.save()
    record(row, by=by, before=before, reason=reason, hidden=hidden)
    return row


def _hidden_changes(stored, row) -> dict:
    """Masked fields that changed where the mask hides it: the history says that, and not what."""
    masked = getattr(row, "masked_fields", frozenset())
    names = {row._meta.get_field(name).verbose_name: name for name in masked}
    changed = {
        words: mask_number(getattr(row, name))
        for words, name in names.items()
        if getattr(stored, name) != getattr(row, name)
    }
    return {words: f"{new} (angka yang tersembunyi berubah)" for words, new in changed.items() if new}


def record(row, *, by: User | None, before: dict | None = None, reason: str = "", hidden: dict | None = None) -> None:
    """Writes the change of an already saved row; nothing when nothing changed."""
    if change := _change(row, by=by, before=before or {}, reason=reason, hidden=hidden):
        change.save()


def record_many(rows, *, by: User | None, before: dict[int, dict] | None = None) -> None:
    """Writes the changes of many saved rows at once; `before` are their snapshots by key, missing for new rows.

    Queries do not grow with the rows where each row's related rows are loaded.
    """
    stored = before or {}
    changes = (_change(row, by=by, before=stored.get(row.pk, {})) for row in rows)
    Change.objects.insert_many(change for change in changes if change)


def _change(row, *, by: User | None, before: dict, reason: str = "", hidden: dict | None = None) -> Change | None:
    """The unsaved change of a row; None when nothing changed."""
    after = snapshot(row)
    after |= {name: words for name, words in (hidden or {}).items() if before.get(name) == after[name]}
    changed = {name for name in after if before.get(name) != after[name]}
    if not changed:
        return None
    return Change(
        user=by,
        user_name=by.name if by else SYSTEM,
        request_id=request_id.get(),
        kind=Change.Kind.CHANGED if before else Change.Kind.CREATED,
        model=row._meta.label_lower,
        object_id=row.pk,
        object_name=str(row)[:200],
        area_code=area_code_of(row),
        before={name: before[name] for name in before if name in changed},
        after={name: after[name] for name in after if name in changed},
        reason=reason,
    )


def record_new_password(user: User, *, by: User) -> None:
    """That it happened, never what it is: a snapshot knows no password, so this change is told in words."""
    Change(
        user=by,
        user_name=by.name,
        request_id=request_id.get(),
        kind=Change.Kind.CHANGED,
        model=User._meta.label_lower,
        object_id=user.pk,
        object_name=str(user),
        area_code="",
        before={"kata sandi": "yang lama"},
        after={"kata sandi": "yang baru"},
    ).save()


def changes_of(row, access: Access, limit: int = 20):
    """The latest changes of a row that this person sees, newest first; none for who may see no persons.

    The row decides where, not the area of each change: a village that moved keeps its history.
    """
    if not access.may(Change.seen_with):
        return Change.objects.none()
    return Change.objects.filter(model=row._meta.label_lower, object_id=row.pk)[:limit]


def area_code_of(row) -> str:
    """The region a row belongs to, by its `area_path`; "" when it belongs to none alone (a user)."""
    if not type(row).area_path:
        return ""
    found = row
    for name in type(row).area_path.split("__"):
        found = getattr(found, name)
        if hasattr(found, "all"):
            return ""
    return found


def snapshot(row) -> dict:
    """The row's own fields by their Indonesian names, fit for JSON; secrets left out, numbers of persons masked.

    A row that is written with others below it tells of them in words by `told_besides`; so does one whose field
    holds a word of the code (`untold_fields`).
    """
    besides = row.told_besides() if hasattr(row, "told_besides") else {}
    return besides | {words: tell(row) for words, tell in _told_fields(type(row))}


@cache
def _told_fields(model) -> list[tuple[str, Callable]]:
    """(Indonesian name, what tells the value of a row) of a model's fields that the history tells."""
    hidden = {"id", "password", "last_login"} | getattr(model, "untold_fields", frozenset())
    masked = getattr(model, "masked_fields", frozenset())
    told = [field for field in model._meta.concrete_fields if field.name not in hidden]
    return [(str(field.verbose_name), _teller(field, is_masked=field.name in masked)) for field in told]


def _teller(field, *, is_masked: bool) -> Callable:
    name = field.attname
    if is_masked:
        return lambda row: mask_number(getattr(row, name))
    if field.is_relation:
        return lambda row: None if (related := getattr(row, field.name)) is None else str(related)
    if field.choices:
        words = dict(field.flatchoices)
        return lambda row: str(words.get(getattr(row, name), getattr(row, name)))
    return lambda row: _plain(getattr(row, name))


def _plain(value):
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if isinstance(value, date | datetime | Decimal | UUID):
        return str(value)
    return value
