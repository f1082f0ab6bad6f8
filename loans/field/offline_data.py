"""What a telephone holds of its operator's own village to work without signal: names and dues, no NIK, no number.

The same shape serves the page of one sheet, so that one renderer draws it with and without a network. Whole rupiah.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import User
from loans.field.items import FORMAT
from loans.field.lines import Sheet, SheetLine, lines_of, monthly_of
from loans.month_services import closed_through
from loans.rules_services import rules_of
from up2k_portal.lib.access import Access, Action
from up2k_portal.lib.dates import today
from villages.models import Group, Village

VILLAGE_PARTS = 3  # dots in the code of a village


def village_data(user: User, access: Access) -> dict[str, Any]:
    """Groups and lines of the villages that a person serves as operator, as of today; empty for everybody else."""
    groups = own_groups(access)
    village = groups[0].village if groups else None
    return _told(user, village, [(group, lines_of(group, today()), monthly_of(group, today())) for group in groups])


def sheet_data(sheet: Sheet, user: User) -> dict[str, Any]:
    """The same of one group, as of the day of its sheet, with what the sheet recorded and which telephones wait."""
    found = _told(user, sheet.group.village, [(sheet.group, sheet.lines, sheet.monthly)])
    return found | {
        "as_of": sheet.on.isoformat(),
        "group": sheet.group.pk,
        "on": sheet.on.isoformat(),
        "field_cash": sheet.field_cash,
        "saved": {line.key: _saved(line) for line in sheet.lines if line.saved or line.absent},
        "waiting": [
            {"device": str(one.device), "user": str(one.user), "count": one.waiting, "along": one.is_along}
            for one in sheet.waiting
        ],
    }


def own_groups(access: Access) -> list[Group]:
    """The groups that exist today in the villages, and in nothing larger, whose money a person records."""
    if not access.areas or any(area.count(".") != VILLAGE_PARTS for area in access.areas):
        return []
    rows = Group.objects.open_to(access, Action.RECORD_MONEY).filter(closed_on=None)
    return list(rows.select_related("village__district").order_by("village__code", "name", "pk"))


def fingerprint(told: dict[str, Any]) -> str:
    """The same for the same content, whenever it was made."""
    kept = {name: value for name, value in told.items() if name != "made_at"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _told(user: User, village: Village | None, groups: Iterable[tuple[Group, list[SheetLine], dict]]) -> dict[str, Any]:
    found = list(groups)
    return {
        "format": FORMAT,
        "user": user.pk,
        "made_at": timezone.now().isoformat(),
        "as_of": today().isoformat(),
        "village": village and {"code": village.code, "name": village.label, "district": village.district.name},
        "groups": [
            {
                "id": group.pk,
                "name": group.name,
                "closed_through": closed_through(group),
                "monthly": monthly,
                "day": rules_of(group).due.due_day,
            }
            for group, _, monthly in found
        ],
        "lines": [_line(line, group, monthly) for group, lines, monthly in found for line in lines],
    }


def _line(line: SheetLine, group: Group, monthly: dict[str, int]) -> dict[str, Any]:
    loan, member = line.loan, line.member
    return {
        "key": line.key,
        "group": group.pk,
        "name": line.name,
        "member": member and member.pk,
        "poklak": line.poklak and str(line.poklak),
        "loan": loan and loan.pk,
        "number": line.number,
        "rows": [[due_on.isoformat(), principal, fee] for due_on, principal, fee in line.rows],
        "left": line.left,
        "penalty": line.penalty,
        "mandatory": {"due": line.mandatory, "monthly": monthly["mandatory"] if member else 0},
        "contribution": {"due": line.contribution, "monthly": monthly["contribution"] if member else 0},
        "withdrawable": line.withdrawable,
        "purpose": loan.purpose if loan else "",
        "ahead": loan.ahead if loan else "",
    }


def _saved(line: SheetLine) -> dict[str, Any]:
    receipts = [{"number": one.number, "url": one.url, "amounts": one.amounts} for one in line.saved]
    return {"receipts": receipts, "absent": line.absent}
