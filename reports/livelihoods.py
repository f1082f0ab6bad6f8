"""What the groups live from in a period: products, turnover, markets and permits of their enterprises."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, Sum

from enterprises.models import Channel, Enterprise, MonthlyResult, Permit, Product
from reports.periods import Period
from up2k_portal.lib.dates import period_of
from villages.incomes import before_and_after

PERMITS = {Permit.Kind.NIB: "with_nib", Permit.Kind.PIRT: "with_pirt", Permit.Kind.HALAL: "with_halal"}


@dataclass
class Made:
    """One product of a group, whoever makes it: rupiah turned over, and pieces where they were counted."""

    name: str
    unit: str
    turnover: int = 0
    volume: int | None = None


@dataclass
class Sold:
    turnover: int = 0
    net_income: int = 0
    products: dict[tuple[str, str], Made] = field(default_factory=dict)


def livelihood_figures(groups: list, period: Period) -> dict[int, dict]:
    """{key of the group: fields of its GroupRow}; the same number of queries for any number of groups."""
    running = Enterprise.objects.running_on(period.last).filter(group__in=groups).order_by()
    found: dict[int, dict] = defaultdict(dict)
    for pk, sold in _sold(groups, period).items():
        found[pk] |= {"turnover_period": sold.turnover, "net_income_period": sold.net_income, **_main_product(sold)}
    for row in running.values("group").annotate(**{one: Count("pk", filter=Q(**{one: True})) for one in Channel}):
        found[row["group"]] |= {name: row[name] for name in Channel.values}
    for pk, counts in _permitted(running, period.last).items():
        found[pk] |= counts
    for pk, growth in before_and_after(groups, period.last).items():
        found[pk] |= {"members_asked": growth.people, "income_before": growth.before, "income_after": growth.after}
    return found


def _sold(groups: list, period: Period) -> dict[int, Sold]:
    """What is recorded for the months of the period; a group without a record is missing."""
    results = MonthlyResult.objects.filter(group__in=groups)
    results = results.in_months(period_of(period.first), period_of(period.last)).order_by()
    rows = results.values("group", "enterprise", "product__name", "product__unit").annotate(
        sum_turnover=Sum("turnover"), sum_net=Sum(F("turnover") - F("cost")), sum_volume=Sum("volume")
    )
    first_products = _first_products(groups)
    found: dict[int, Sold] = defaultdict(Sold)
    for row in rows.order_by("enterprise", "product"):
        sold = found[row["group"]]
        sold.turnover += row["sum_turnover"]
        sold.net_income += row["sum_net"]
        named = (row["product__name"], row["product__unit"]) if row["product__name"] else None
        if called := named or first_products.get(row["enterprise"]):
            _count(sold, called, row["sum_turnover"], row["sum_volume"])
    return found


def _first_products(groups: list) -> dict[int, tuple[str, str]]:
    """What an enterprise makes where its months do not say: the first of its products."""
    rows = Product.objects.filter(enterprise__group__in=groups).order_by("-pk")
    return {pk: (name, unit) for pk, name, unit in rows.values_list("enterprise", "name", "unit")}


def _count(sold: Sold, called: tuple[str, str], turnover: int, volume: int | None) -> None:
    """Adds to the product of this name, however it was capitalized."""
    name, unit = called
    made = sold.products.setdefault((name.casefold(), unit.casefold()), Made(name, unit))
    made.turnover += turnover
    if volume is not None:
        made.volume = (made.volume or 0) + volume


def _main_product(sold: Sold) -> dict:
    """The product that brought most; the first in the alphabet where two brought the same, none where all is nihil."""
    ranked = sorted(sold.products.values(), key=lambda made: (-made.turnover, made.name.casefold()))
    if not ranked or not ranked[0].turnover:
        return {}
    return {"main_product": ranked[0].name, "volume": ranked[0].volume, "unit": ranked[0].unit}


def _permitted(running, day: date) -> dict[int, Counter]:
    """How many enterprises of each group have a permit of a kind that holds on the day."""
    permits = Permit.objects.valid_on(day).filter(enterprise__in=running, kind__in=PERMITS).order_by()
    found: dict[int, Counter] = defaultdict(Counter)
    for row in permits.values("enterprise__group", "kind").annotate(n=Count("enterprise", distinct=True)):
        found[row["enterprise__group"]][PERMITS[row["kind"]]] = row["n"]
    return found
