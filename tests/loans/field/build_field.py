"""Items as a telephone sends them, and the verb that receives them."""

from datetime import date
from uuid import uuid4

from loans.field import services
from tests import build
from up2k_portal.lib.dates import today

ON = date(2026, 9, 25)


def row(of, **fields) -> dict:
    """A line of the sheet: of a member, or of a loan."""
    whose = {"member": of.member_id, "loan": of.pk, "group": of.group_id} if hasattr(of, "principal") else None
    told = {"uuid": str(uuid4()), "format": 2, "kind": "row", "on": ON.isoformat()}
    return told | (whose or {"member": of.pk, "loan": None, "group": of.group_id}) | fields


def count(group, pieces, **fields) -> dict:
    told = {"uuid": str(uuid4()), "format": 2, "kind": "count", "group": group.pk, "on": ON.isoformat()}
    return told | {"pieces": pieces, "explanation": ""} | fields


def send(*items, by, **facts):
    """The answers to items sent by a person from her sheet."""
    told = {"access": by.access_on(today()), "device": None, "sent_as": "sheet"} | facts
    return services.receive(items=items, by=by, **told)


def states(results) -> list[str]:
    return [str(one.state) for one in results]


def loans_of(group, members: int):
    """A loan to each of so many members, paid out on 31 January 2026."""
    product = build.product(group)
    return [build.loan(build.member(group), 1_000_000, product=product) for _ in range(members)]
