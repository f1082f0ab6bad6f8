"""What was recorded after a report was frozen and reaches into its period: the reasons why its figures differ now."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst

from accounts.models import Change
from loans.models import Receipt, ReceiptPart, Voucher
from reports.changes import Drift
from reports.periods import parse_period
from villages.models import Group

PEOPLE, CAPITAL, LENDING, SAVINGS, SURPLUS, LIVELIHOOD = (
    "Kelompok dan anggota",
    "Modal",
    "Simpan pinjam",
    "Simpanan",
    "SHU",
    "Usaha dan pendapatan",
)
MOST = 200  # of each kind: more than that nobody reads, and the newest say the most
PART_TOPICS = {
    "principal": {LENDING},
    "service_fee": {LENDING},
    "penalty": {LENDING},
    "recovery": {LENDING},
    "initial": {SAVINGS, CAPITAL},
    "mandatory": {SAVINGS, CAPITAL},
    "voluntary": {SAVINGS},
    "contribution": {SAVINGS},
}
VOUCHER_TOPICS = {
    "disbursement": {LENDING},
    "write_off": {LENDING},
    "withdrawal": {SAVINGS, CAPITAL},
    "capital": {CAPITAL},
    "capital_back": {CAPITAL},
    "opening": {CAPITAL, LENDING, SAVINGS},
    "year_close": {CAPITAL},
    "surplus": {SURPLUS, CAPITAL},
    "surplus_paid": {SURPLUS},
}


@dataclass(frozen=True)
class Noted:
    """A kind of row whose history is told: what it moves, the field of its day, and its page ("" for none)."""

    topics: frozenset[str]
    on: str = ""
    page: str = ""


def _noted(*topics: str, on: str = "", page: str = "") -> Noted:
    return Noted(frozenset(topics), on, page)


# Money is told by its own papers, so receipts, vouchers and loans are not among them.
OF_VILLAGES = {
    "villages.group": _noted(PEOPLE, on="founded_on", page="group"),
    "villages.groupassessment": _noted(PEOPLE, on="assessed_on"),
    "villages.legalstatus": _noted(PEOPLE, on="since"),
    "villages.poklak": _noted(PEOPLE, on="formed_on"),
    "villages.member": _noted(PEOPLE, on="joined_on", page="member"),
    "villages.householdincome": _noted(LIVELIHOOD, on="asked_on"),
    "enterprises.enterprise": _noted(LIVELIHOOD, on="started_on", page="enterprise"),
    "enterprises.monthlyresult": _noted(LIVELIHOOD, on="period"),
    "enterprises.product": _noted(LIVELIHOOD),
    "enterprises.permit": _noted(LIVELIHOOD, on="issued_on"),
    "loans.reschedule": _noted(LENDING, on="on"),
    "loans.shiftdecision": _noted(LENDING, on="on", page="shift"),
    "loans.paudteacher": _noted(SURPLUS),
    "loans.surplusdistribution": _noted(SURPLUS, on="met_on", page="surplus-year"),
}
# Of the kabupaten: they move figures of every village.
OF_RULES = {
    "loans.collectabilityscheme": _noted(LENDING),
    "loans.collectabilitylevel": _noted(LENDING),
    "villages.regionchange": _noted(PEOPLE, on="on"),
}
NOTED = OF_VILLAGES | OF_RULES
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Cause:
    """One entry after the freezing. `name`, `url` and `who` are for those who may see persons."""

    topics: frozenset[str]
    words: str
    recorded_at: datetime
    on: date | None = None
    amount: int | None = None  # whole rupiah; below zero for a correction
    name: str = ""
    url: str = ""
    who: str = ""
    reason: str = ""


def causes_of(drift: Drift) -> list[Cause]:
    """Receipts, vouchers and changes of the registry recorded after the version was made and dated up to the period's
    end; the newest first, at most MOST of each kind. Six queries, whatever was recorded."""
    since, last = drift.version.made_at, parse_period(drift.report.period).last
    groups = drift.group_ids
    found = [*_receipts(groups, since, last), *_vouchers(groups, since, last), *_registry(drift, since, last)]
    return sorted(found, key=lambda one: one.recorded_at, reverse=True)


def _receipts(groups: Collection[int], since: datetime, last: date) -> list[Cause]:
    found = Receipt.objects.filter(group__in=groups, recorded_at__gt=since, received_on__lte=last)
    rows = list(found.select_related("recorded_by", "member", "poklak").order_by("-recorded_at", "-pk")[:MOST])
    topics: dict[int, set[str]] = {}
    parts = ReceiptPart.objects.filter(receipt__in=[row.pk for row in rows]).values_list("receipt", "kind").distinct()
    for pk, kind in parts.order_by():
        topics.setdefault(pk, set()).update(PART_TOPICS.get(kind, ()))
    return [
        Cause(
            topics=frozenset(topics.get(row.pk, ())),
            words=f"Koreksi setoran {row.number}" if row.is_reversal else f"Setoran {row.number}",
            recorded_at=row.recorded_at,
            on=row.received_on,
            amount=row.amount,
            name=str(row.payer),
            url=row.get_absolute_url(),
            who=_person(row.recorded_by),
            reason=row.reason,
        )
        for row in rows
    ]


def _vouchers(groups: Collection[int], since: datetime, last: date) -> list[Cause]:
    rows = Voucher.objects.filter(group__in=groups, recorded_at__gt=since, on__lte=last)
    rows = rows.select_related("recorded_by", "member").order_by("-recorded_at", "-pk")[:MOST]
    return [
        Cause(
            topics=frozenset(VOUCHER_TOPICS.get(row.kind, ())),
            words=f"{'Koreksi ' if row.is_reversal else ''}{row.get_kind_display()} {row.number}",
            recorded_at=row.recorded_at,
            on=row.on,
            amount=row.amount,
            name=str(row.member or row.party),
            url=row.get_absolute_url(),
            who=_person(row.recorded_by),
            reason=row.reason,
        )
        for row in rows
    ]


def _registry(drift: Drift, since: datetime, last: date) -> list[Cause]:
    """Changes of rows of the village, and of the rules that hold for all."""
    villages = Group.objects.filter(pk__in=drift.group_ids).values_list("village__code", flat=True)
    codes = {drift.report.village.code, *villages}
    rows = Change.objects.filter(
        Q(area_code__in=codes, model__in=OF_VILLAGES) | Q(model__in=OF_RULES), at__gt=since
    ).order_by("-at", "-pk")
    return [_change(row) for row in rows[: 5 * MOST] if _reaches(row, last)][:MOST]


def _reaches(change: Change, last: date) -> bool:
    """Whether it can move figures of that day: what began later, and dates that all lie later, cannot."""
    if change.kind == Change.Kind.CREATED:
        on = _began(change)
        return on is None or on <= last
    days = [str(one) for one in (*change.before.values(), *change.after.values()) if _DAY.fullmatch(str(one))]
    return not days or min(days) <= last.isoformat()


def _began(change: Change) -> date | None:
    field = NOTED[change.model].on
    if not field:
        return None
    told = str(change.after.get(str(apps.get_model(change.model)._meta.get_field(field).verbose_name)) or "")
    if field == "period" and told.isdecimal():
        return date(int(told) // 100, int(told) % 100, 1)
    return date.fromisoformat(told) if _DAY.fullmatch(told) else None


def _change(change: Change) -> Cause:
    noted = NOTED[change.model]
    noun = capfirst(str(apps.get_model(change.model)._meta.verbose_name))
    return Cause(
        topics=noted.topics,
        words=f"{noun} {change.get_kind_display().lower()}",
        recorded_at=change.at,
        on=_began(change) if change.kind == Change.Kind.CREATED else None,
        name="; ".join([change.object_name, *change.summary_lines]),
        url=reverse(noted.page, args=[change.object_id]) if noted.page else "",
        who=change.user_name,
        reason=change.reason,
    )


def _person(user) -> str:
    return user.name if user else "sistem"
