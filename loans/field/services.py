"""Receives what a sheet or a telephone's queue sent: each item stands alone, has one answer, and is recorded once.

What comes goes to the till `field` and counts at once. An item that is refused leaves nothing behind, so that it may be
corrected and sent under the same key. Whole rupiah; every word that a person reads is Indonesian.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from loans.field.answers import Result, State, told
from loans.field.items import Item, ItemError, read
from loans.field.receiving import KeyTaken, Receiving, Sender
from up2k_portal.lib.access import Access, Action
from villages.models import Group

__all__ = ["Result", "State", "receive", "told"]
MOST_TRIES = 3  # of a group's items, when another sending takes a key in the same moment
NO_GROUP = "Kelompok ini tidak ditemukan di wilayah Ibu. Periksa apakah Ibu masuk dengan akun yang benar."
STAYED = "Coba kirim lagi sebentar lagi: portal sedang mencatat kiriman lain untuk kelompok ini."


def receive(
    *,
    items: Sequence[Item | dict],
    by: User,
    access: Access,
    device: UUID | None,
    sent_as: str,
    action: Action = Action.RECORD_MONEY,
    owner: User | None = None,
) -> list[Result]:
    """Records the items, each for itself, and answers in their order; one that is refused leaves the others saved.

    `action` is the right that the sender needs in the village of each group. Under a key that came before the same
    content is there already, another is a conflict that a person must judge; another person's key is foreign, and
    nothing of it is told.
    """
    sender = Sender(by, access, sent_as, device, action, owner)
    results: dict[int, Result] = {}
    readable: list[tuple[int, Item]] = []
    for at, one in enumerate(items):
        try:
            readable.append((at, one if isinstance(one, Item) else read(one)))
        except ItemError as error:
            results[at] = Result(_uuid_of(one), State.REFUSED, message=str(error), fields=error.fields)
    groups = _groups_open_to(sender, {item.group for _, item in readable})
    for key, found in groupby(sorted(readable, key=lambda one: one[1].group), key=lambda one: one[1].group):
        of_group = list(found)
        words = _never_served(owner, groups[key]) if key in groups else NO_GROUP
        if words:
            answers = [Result(str(item.uuid), State.REFUSED, message=words) for _, item in of_group]
        else:
            answers = _receive_of_group(groups[key], [item for _, item in of_group], sender)
        results |= dict(zip([at for at, _ in of_group], answers, strict=True))
    return [results[at] for at in range(len(items))]


def _uuid_of(item: Any) -> str:
    said = item.get("uuid") if isinstance(item, dict) else None
    return said if isinstance(said, str) and said.isascii() and len(said) <= 36 else ""


def _groups_open_to(sender: Sender, keys: set[int]) -> dict[int, Group]:
    rows = Group.objects.filter(pk__in=keys).select_related("village__district")
    return {row.pk: row for row in rows if sender.access.may_in(sender.action, row.village)}


def _never_served(owner: User | None, group: Group) -> str:
    """Why a queue cannot hold sendings of the group; "" where its owner served the village at some time."""
    if owner is None:
        return ""
    areas = frozenset(owner.assignments.values_list("area_code", flat=True))
    if Access(areas=areas).covers(group.village.code):
        return ""
    return f"{owner} tidak pernah bertugas di {group.village.label}. Periksa apakah berkasnya benar."


def _receive_of_group(group: Group, items: list[Item], sender: Sender) -> list[Result]:
    """One transaction under one lock. Another group may be taking the same key at this moment: then once more, and the
    key is seen."""
    for _ in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return Receiving(group, items, sender).run()
        except (IntegrityError, KeyTaken):
            continue
    return [Result(str(item.uuid), State.REFUSED, message=STAYED) for item in items]
