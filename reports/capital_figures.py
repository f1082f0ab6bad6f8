"""Own capital and savings of the groups, out of the ledger alone.

Own capital is accounts 3.1–3.4 (R-2's check: equal to the balance sheet without the running result). It begins with
the first day of the group's books: the opening's day, or the day of its first entry.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import F, Min, Q, Sum

from loans.chart import GRANTS, INITIAL, MANDATORY, RESERVE, VOLUNTARY
from loans.models import Entry, ReceiptPart
from loans.models.vouchers import Source
from reports.periods import Period

OWN = (INITIAL, MANDATORY, GRANTS, RESERVE)
SAVED = {INITIAL: "savings_initial", MANDATORY: "savings_mandatory", VOLUNTARY: "savings_voluntary"}
FIELD_OF = {
    Source.APBN: "capital_apbn",
    Source.APBD_PROV: "capital_apbd_prov",
    Source.APBD_KAB: "capital_apbd_kab",
    Source.APBDES: "capital_apbdes",
    Source.CSR: "capital_csr",
    Source.SWADAYA: "capital_swadaya",
    "": "capital_swadaya",  # savings and reserves are the members' own
}


def capital_figures(groups: list, period: Period) -> dict[int, dict]:
    """{key of the group: fields of its GroupRow}; the same number of queries for any number of groups."""
    found: dict[int, Counter] = {group.pk: Counter() for group in groups}
    for pk, figures in (*_moved(groups, period), *_at_first(groups, period.last), *_saved(groups, period.last)):
        found[pk].update(figures)
    for row in _contributed(groups, period):
        found[row["group"]]["contribution_period"] += row["sum"]
    return {pk: dict(figures) for pk, figures in found.items()}


def _moved(groups: list, period: Period) -> Iterator[tuple[int, dict[str, int]]]:
    """Capital before the period, and what came and went in it; a correction counts against what it corrects."""
    rows = Entry.objects.filter(group__in=groups, on__lte=period.last).order_by()
    in_period, is_correction = Q(on__gte=period.first), Q(reverses__isnull=False)
    came, went = Q(credit__in=OWN) & ~Q(debit__in=OWN), Q(debit__in=OWN) & ~Q(credit__in=OWN)
    for moved, sign, there, back in ((came, 1, "in", "out"), (went, -1, "out", "in")):
        sums = (
            rows.filter(moved)
            .values("group")
            .annotate(
                before=Sum("amount", filter=~in_period, default=0),
                plain=Sum("amount", filter=in_period & ~is_correction, default=0),
                corrected=Sum("amount", filter=in_period & is_correction, default=0),
            )
        )
        for row in sums:
            figures = {f"capital_{there}_period": row["plain"], f"capital_{back}_period": -row["corrected"]}
            yield row["group"], {"capital_start": sign * row["before"], **figures}


def _at_first(groups: list, as_of: date) -> Iterator[tuple[int, dict[str, int]]]:
    """By source, what stood on the own accounts at the end of the first day of the books; nothing before that day."""
    rows = Entry.objects.filter(group__in=groups, on__lte=as_of).order_by()
    first = dict(rows.values_list("group").annotate(day=Min("on")))
    rows = rows.filter(on__in=set(first.values()))
    for name, sign in (("credit", 1), ("debit", -1)):
        own = rows.filter(**{f"{name}__in": OWN})
        for row in own.values("group", "on", "voucher__source").annotate(sum=Sum("amount")):
            if row["on"] == first[row["group"]]:
                yield row["group"], {FIELD_OF.get(row["voucher__source"] or "", "capital_other"): sign * row["sum"]}


def _saved(groups: list, as_of: date) -> Iterator[tuple[int, dict[str, int]]]:
    rows = Entry.objects.filter(group__in=groups, on__lte=as_of).order_by()
    for name, sign in (("credit", 1), ("debit", -1)):
        sums = rows.filter(**{f"{name}__in": SAVED}).values("group", account=F(name)).annotate(sum=Sum("amount"))
        for row in sums:
            yield row["group"], {SAVED[row["account"]]: sign * row["sum"]}


def _contributed(groups: list, period: Period):
    """Iuran paid by members in the period, whichever account the group puts it on."""
    parts = ReceiptPart.objects.filter(
        receipt__group__in=groups, kind="contribution", received_on__range=(period.first, period.last)
    )
    return parts.order_by().values(group=F("receipt__group")).annotate(sum=Sum("amount"))
