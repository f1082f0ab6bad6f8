"""What became of each item that was sent, and how it is told. Every word that a person reads is Indonesian."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from loans.models import CashCount, Receipt, Voucher


class State(StrEnum):
    SAVED = "saved"
    THERE = "there"  # the same sending had come before
    CONFLICT = "conflict"  # the sender's own key, with other content
    FOREIGN = "foreign"  # another person's key
    LOCKED = "locked"  # the month is closed, or the group
    REFUSED = "refused"


STATUS = {
    State.SAVED: 201,
    State.THERE: 200,
    State.CONFLICT: 409,
    State.FOREIGN: 409,
    State.LOCKED: 423,
    State.REFUSED: 422,
}


@dataclass(frozen=True)
class Result:
    """The answer to one item; `theirs` is what is recorded under its key where that is another thing."""

    uuid: str
    state: State
    receipt: Receipt | None = None
    voucher: Voucher | None = None
    cash_count: CashCount | None = None
    message: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, Any] | None = None
    who: str = ""

    @property
    def status(self) -> int:
        return STATUS[self.state]

    @property
    def number(self) -> str:
        """Of the receipt, else of the voucher; "" for an absence."""
        paper = self.receipt or self.voucher
        return paper.number if paper else ""

    @property
    def url(self) -> str:
        found = self.receipt or self.cash_count or self.voucher
        return found.get_absolute_url() if found else ""


def told(results: Iterable[Result]) -> list[dict[str, Any]]:
    """The answers as JSON tells them."""
    return [
        {
            "uuid": one.uuid,
            "status": one.status,
            "state": str(one.state),
            "number": one.number,
            "url": one.url,
            "message": one.message,
            "fields": dict(one.fields),
            "theirs": one.theirs,
        }
        for one in results
    ]
