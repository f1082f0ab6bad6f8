"""What the groups lent in a period and how it stands at its end, from the same query layer as lists and loan cards."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Q, Sum

from loans.aging import NAMES, Scheme
from loans.models import CollectabilityScheme, Loan, ReceiptPart
from loans.quality import FAR_LATE, PAR_DAYS
from reports.periods import Period

SUMMED = ("balance", "principal_due", "principal_due_paid", "service_fee_due", "principal_late", "service_fee_late")
ASKED = ("pk", "group", "member", "poklak", "principal", "disbursed_on", "collectability", "oldest_unpaid_on")
MORE = ("service_fee_paid", "unpaid_count", "late", "written_off_on", "written_off")
# By kind of part, the field that tells what of it came in.
CAME_IN = {"principal": "principal_paid_period", "service_fee": "service_fee_paid_period"}


def lending_figures(groups: list, period: Period) -> dict[int, dict]:
    """{key of the group: fields of its GroupRow}; the same number of queries for any number of groups."""
    scheme = CollectabilityScheme.objects.in_use()
    lacking = {f"balance_{level}": None for level in NAMES if level not in scheme.names}
    found = {group.pk: Counter() for group in groups}
    borrowers: dict[int, set] = {group.pk: set() for group in groups}
    for loan in _loans(groups, period.last, scheme):
        found[loan["group"]].update(_sums_of(loan, period))
        if loan["balance"] > 0:
            borrowers[loan["group"]].add((loan["member"], loan["poklak"]))
    came_in = _came_in(groups, period)
    return {
        pk: {**sums, **lacking, **came_in.get(pk, {}), "borrowers": len(borrowers[pk])} for pk, sums in found.items()
    }


def _loans(groups: list, as_of: date, scheme: Scheme):
    rows = Loan.objects.filter(group__in=groups).disbursed(as_of).with_collectability(as_of, scheme)
    return rows.with_unpaid_count(as_of).order_by().values(*ASKED, *SUMMED, *MORE)


def _sums_of(loan: dict, period: Period) -> dict[str, int]:
    """What one loan adds to its group's sums."""
    balance, is_new = loan["balance"], loan["disbursed_on"] >= period.first
    lost_on = loan["written_off_on"]
    return {
        **{name: loan[name] for name in SUMMED},
        "service_fee_due_paid": min(loan["service_fee_due"], loan["service_fee_paid"]),
        "loans_made_period": int(is_new),
        "loans_running": int(balance > 0),
        "loans_late": int(loan["late"] > 0),
        "disbursed_to_date": loan["principal"],
        "disbursed_period": loan["principal"] * is_new,
        f"balance_{loan['collectability']}": balance,
        "balance_not_far": balance * ((loan["unpaid_count"] or 0) < FAR_LATE),
        "written_off_period": loan["written_off"] * bool(lost_on and period.first <= lost_on <= period.last),
        **{f"risk_{days}": balance * _is_late_beyond(loan, days, period.last) for days in PAR_DAYS},
    }


def _is_late_beyond(loan: dict, days: int, as_of: date) -> bool:
    since = loan["oldest_unpaid_on"]
    return since is not None and since < as_of - timedelta(days=days)


def loans_behind(group, period: Period, keys: tuple[str, ...]) -> dict[int, int]:
    """{key of a loan: what it adds to these figures of its group together}, those that add nothing left out."""
    found = {}
    for loan in _loans([group], period.last, CollectabilityScheme.objects.in_use()):
        sums = _sums_of(loan, period) | {"borrowers": int(loan["balance"] > 0)}
        found[loan["pk"]] = sum(sums.get(key, 0) for key in keys)
    return {pk: amount for pk, amount in found.items() if amount}


def _came_in(groups: list, period: Period) -> dict[int, dict]:
    parts = ReceiptPart.objects.filter(
        loan__group__in=groups, kind__in=CAME_IN, received_on__range=(period.first, period.last)
    )
    sums = {field: Sum("amount", filter=Q(kind=kind), default=0) for kind, field in CAME_IN.items()}
    return {row.pop("loan__group"): row for row in parts.order_by().values("loan__group").annotate(**sums)}
