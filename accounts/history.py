"""Every change of a row is kept: who, when, before, after. Written in the same transaction as the change."""

from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import Change, User
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
    row.save()
    record(row, by=by, before=before, reason=reason)
    return row


def record(row, *, by: User | None, before: dict | None = None, reason: str = "") -> None:
    """Writes the change of an already saved row; nothing when nothing changed."""
    if change := _change(row, by=by, before=before or {}, reason=reason):
        change.save()


def record_many(rows, *, by: User | None, before: dict[int, dict] | None = None) -> None:
    """Writes the changes of many saved rows at once; `before` are their snapshots by key, missing for new rows.

    Queries do not grow with the rows where each row's related rows are loaded.
    """
    stored = before or {}
    changes = (_change(row, by=by, before=stored.get(row.pk, {})) for row in rows)
    Change.objects.bulk_create([change for change in changes if change])


def _change(row, *, by: User | None, before: dict, reason: str = "") -> Change | None:
    """The unsaved change of a row; None when nothing changed."""
    after = snapshot(row)
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


def changes_of(row, limit: int = 20):
    """The latest changes of one row, newest first."""
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
    hidden = {"id", "password", "last_login"} | getattr(row, "untold_fields", frozenset())
    masked = getattr(row, "masked_fields", frozenset())
    besides = row.told_besides() if hasattr(row, "told_besides") else {}
    return besides | {
        str(field.verbose_name): mask_number(field.value_from_object(row))
        if field.name in masked
        else _plain(field, row)
        for field in row._meta.concrete_fields
        if field.name not in hidden
    }


def _plain(field, row):
    if field.is_relation:
        related = getattr(row, field.name)
        return None if related is None else str(related)
    value = field.value_from_object(row)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, time):
        return f"{value:%H.%M}"
    if isinstance(value, date | datetime | Decimal | UUID):
        return str(value)
    return value
