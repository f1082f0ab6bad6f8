"""The backup file of a telephone's queue: what its account can no longer send, the kecamatan sends for it.

The file is what the app saved: {"up2k": "antrean", "format": 2, "user": 7, "name": "…", "items": […]}. Nothing is
recorded before a person saw who it was and how much; whole rupiah.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Assignment, User
from loans.field.items import FORMAT, UPDATE, Item, ItemError, read
from loans.field.services import Result, State, receive
from loans.models import Envelope
from up2k_portal.lib.access import Access, Action, in_areas

MOST_BYTES = 1024 * 1024
MOST_ITEMS = 2_000
NO_QUEUE = "Berkas ini bukan cadangan antrean portal. Pilih berkas yang dibuat tombol “Simpan cadangan ke berkas”."
FILE = Envelope.SentAs.FILE


@dataclass(frozen=True)
class QueueFile:
    """What a file holds: whose queue, and its items as they were written."""

    owner: User
    items: list[Any]


@dataclass(frozen=True)
class Preview:
    """What sending a file would do, item by item; rupiah that would come in, and that came before."""

    owner: User
    rows: list[tuple[Item | None, Result]]

    def count(self, *wanted: State) -> int:
        return sum(1 for _, one in self.rows if one.state in wanted)

    @property
    def new_count(self) -> int:
        return self.count(State.SAVED)

    @property
    def there_count(self) -> int:
        return self.count(State.THERE)

    @property
    def refused_count(self) -> int:
        return len(self.rows) - self.new_count - self.there_count

    @property
    def new_sum(self) -> int:
        return self._sum(State.SAVED)

    @property
    def there_sum(self) -> int:
        return self._sum(State.THERE)

    def _sum(self, state: State) -> int:
        return sum(brought(item) for item, one in self.rows if item and one.state == state)


def brought(item: Item) -> int:
    """Rupiah that an item brings to the table."""
    return item.amount + sum(item.savings.values()) - sum(item.withdraw.values())


def read_file(content: bytes, access: Access) -> QueueFile:
    """The queue that a file holds. Raises ValidationError for any other file, and for an account that is unknown or
    never served in the reader's area: a file is easily forged, and would tell the names of all accounts.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError("Berkas ini terlalu besar untuk cadangan antrean: paling besar 1 MB.")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValidationError(NO_QUEUE) from error
    if not isinstance(told, dict) or told.get("up2k") != "antrean" or not isinstance(told.get("items"), list):
        raise ValidationError(NO_QUEUE)
    if type(format_ := told.get("format")) is not int or not 1 <= format_ <= FORMAT:
        raise ValidationError(UPDATE)
    items = told["items"]
    if not items:
        raise ValidationError("Berkas ini kosong: tidak ada setoran yang menunggu di dalamnya.")
    if len(items) > MOST_ITEMS:
        raise ValidationError(f"Berkas ini memuat {len(items)} setoran, paling banyak {MOST_ITEMS}.")
    key = told.get("user")
    owner = _owner(key, access) if type(key) is int and 0 < key < 2**31 else None
    if owner is None:
        raise ValidationError("Akun pemilik antrean ini tidak dikenal di wilayah Ibu. Tanyakan admin kabupaten.")
    return QueueFile(owner, [{"format": format_} | one if isinstance(one, dict) else one for one in items])


def _owner(key: int, access: Access) -> User | None:
    served = Assignment.objects.filter(in_areas("area_code", access.areas))
    return User.objects.filter(pk=key, assignments__in=served).first()


def preview(queue: QueueFile, *, by: User, access: Access) -> Preview:
    """What `send_file` would answer; nothing stays."""
    with transaction.atomic():
        results = _receive(queue, by=by, access=access)
        transaction.set_rollback(True)
    return Preview(queue.owner, [(_item(one), result) for one, result in zip(queue.items, results, strict=True)])


@transaction.atomic
def send_file(queue: QueueFile, *, by: User, access: Access) -> Preview:
    """Records what the file holds, each item for itself, under the sender's name with the owner's in the note.

    What came before, from the owner's telephone or from this file, is there already.
    """
    results = _receive(queue, by=by, access=access)
    return Preview(queue.owner, [(_item(one), result) for one, result in zip(queue.items, results, strict=True)])


def _receive(queue: QueueFile, *, by: User, access: Access) -> Sequence[Result]:
    facts: dict[str, Any] = {"by": by, "access": access, "device": None, "sent_as": FILE, "owner": queue.owner}
    return receive(items=queue.items, action=Action.SEND_FOR_OTHERS, **facts)


def _item(told: Any) -> Item | None:
    try:
        return read(told)
    except ItemError:
        return None
