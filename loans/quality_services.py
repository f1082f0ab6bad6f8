"""The quality of any loans as of any day, in whole rupiah. Everything about lateness comes from `LoanQuerySet`, so that
a tile, a list and a sheet cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum

from loans import quality
from loans.aging import AGEING, NAMES, NPL_FROM, SCHEMES, Scheme
from loans.models import AllowanceRate, CollectabilityScheme
from loans.quality import ClassLine, Ratio
from loans.querysets import MOST, LoanQuerySet

SUMMED = ("balance", "late", "principal_late", "service_fee_late", "principal_due", "principal_due_paid")
AGES = (0, *(most for _, most in AGEING if most is not None))  # where the buckets of ageing begin
NPL = Q(balance__gt=0, collectability__gte=NPL_FROM)
FAR = Q(unpaid_count__gte=quality.FAR_LATE)
RUNNING = Q(balance__gt=0)
ASKED = ("oldest_unpaid_on", "unpaid_count", "collectability")  # by the conditions below


def _late_beyond(days: int) -> Callable[[date], Q]:
    return lambda as_of: RUNNING & Q(oldest_unpaid_on__lt=as_of - timedelta(days=days))


def _in_class(level: int) -> Callable[[date], Q]:
    return lambda as_of: RUNNING & Q(collectability=level)


def _aged(days: int) -> Callable[[date], Q]:
    return lambda as_of: Q((f"principal_late_{days}__gt", 0))


# Which loans make a figure: its name in an address → words, condition on the day.
SLICES: dict[str, tuple[str, Callable[[date], Q]]] = {
    "running": ("Masih bersaldo", lambda as_of: RUNNING),
    "late": ("Menunggak", lambda as_of: Q(late__gt=0)),
    **{f"par{days}": (f"Telat lebih dari {days} hari", _late_beyond(days)) for days in quality.PAR_DAYS},
    "npl": ("Kurang lancar, diragukan, macet", lambda as_of: NPL),
    "due": ("Sudah ada yang jatuh tempo", lambda as_of: Q(principal_due__gt=0)),
    "not_far": ("Tidak menunggak 3 kali", lambda as_of: RUNNING & ~FAR),
    "far": ("Menunggak 3 kali atau lebih", lambda as_of: RUNNING & FAR),
    **{f"class_{level}": (name, _in_class(level)) for level, name in NAMES.items()},
    **{f"age_{days}": (f"Pokok telat lebih dari {days} hari", _aged(days)) for days in AGES},
}


@dataclass(frozen=True)
class Quality:
    """What a portfolio is worth on a day: its sums in rupiah and counts by name, and its classes."""

    as_of: date
    scheme: Scheme
    sums: dict[str, int]
    classes: list[ClassLine]

    @property
    def ratios(self) -> list[Ratio]:
        return quality.ratios(self.sums)

    @property
    def allowance(self) -> int:
        return sum(one.allowance for one in self.classes)

    @property
    def ageing(self) -> list[tuple[str, int, str]]:
        """Late principal by how long ago its instalments fell due: the bucket, rupiah, and which loans hold some."""
        older = [self.sums[f"principal_late_{days}"] for days in AGES] + [0]
        return [
            (name, older[at] - older[at + 1], f"age_{days}")
            for at, ((name, _), days) in enumerate(zip(AGEING, AGES, strict=True))
        ]


def scheme_on(day: date) -> Scheme:
    """The scheme in use with the percents in force on the day; two queries."""
    scheme = CollectabilityScheme.objects.in_use()
    rows = AllowanceRate.objects.filter(scheme__is_in_use=True, since__lte=day).order_by("since", "pk")
    percents = dict(rows.values_list("level", "percent"))  # of several the latest
    if scheme is SCHEMES[0]:  # no rows: the shipped one itself
        return scheme
    return Scheme(scheme.code, scheme.name, scheme.source, scheme.levels, percents)


def sliced(loans: LoanQuerySet, as_of: date, scheme: Scheme | None = None) -> LoanQuerySet:
    """Loans paid out by the day with all that `SLICES` asks for; one query more for the scheme if it is not given."""
    rows = loans.disbursed(as_of).with_collectability(as_of, scheme)
    return rows.with_unpaid_count(as_of).with_ageing(as_of, AGES)


def quality_of(loans: LoanQuerySet, as_of: date, scheme: Scheme | None = None) -> Quality:
    """Every figure of these loans at the end of the day: three queries however many they are, one with the scheme.

    A loan written off by the day is not in the portfolio any more; what was paid on it stays in the realisation.
    """
    scheme = scheme or scheme_on(as_of)
    names = [*SUMMED, *(f"principal_late_{days}" for days in AGES), *ASKED]
    rows = sliced(loans, as_of, scheme).order_by().values("pk", *names)[:MOST]
    found = rows.aggregate(
        **{f"sum_{name}": Sum(name) for name in SUMMED},
        **{f"sum_late_{days}": Sum("balance", filter=_late_beyond(days)(as_of)) for days in quality.PAR_DAYS},
        **{f"sum_principal_late_{days}": Sum(f"principal_late_{days}") for days in AGES},
        **{f"sum_balance_{level}": Sum("balance", filter=Q(collectability=level)) for level in NAMES},
        **{f"sum_count_{level}": Count("pk", filter=RUNNING & Q(collectability=level)) for level in NAMES},
        sum_npl=Sum("balance", filter=NPL),
        sum_not_far=Sum("balance", filter=~FAR),
        sum_running_count=Count("pk", filter=RUNNING),
        sum_late_count=Count("pk", filter=Q(late__gt=0)),
    )
    sums = {name.removeprefix("sum_"): value or 0 for name, value in found.items()}
    classes = [
        ClassLine(level, name, sums[f"count_{level}"], sums[f"balance_{level}"], scheme.percents.get(level, Decimal(0)))
        for level, name in scheme.names.items()
    ]
    return Quality(as_of, scheme, sums, classes)
