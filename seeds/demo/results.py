"""What belongs to an enterprise of the demo: its products, permits and months. All unsaved, all invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from enterprises.models import Enterprise, MonthlyResult, Permit, Product
from enterprises.months import first_day, last_day, months_until
from seeds.demo.livelihoods import Livelihood
from seeds.demo.markets import BY_CATEGORY, GOODS, Market
from up2k_portal.lib.days import period_of
from villages.models import Poklak

MONTHS = 27  # so that two whole years can be compared
HARD = 55  # percent of a usual month that a hard one brings
RISE = 7  # percent a year
FORGOTTEN, LOST = 5, 3  # percent of the months
PIRT_DAYS = 5 * 365  # a P-IRT holds five years: some have run out


def describe(enterprise: Enterprise, market: Market, rng: Random) -> None:
    """Workers, markets and whether the group shows it."""
    is_joint = isinstance(enterprise.owner, Poklak)
    enterprise.workers = rng.randint(3, 8) if is_joint else rng.choice((1, 1, 1, 2, 2, 3))
    enterprise.is_flagship = _happens(rng, 60 if is_joint else 4)
    enterprise.sells_locally = _happens(rng, 94)
    enterprise.sells_outside = _happens(rng, market.outside)
    enterprise.sells_online = _happens(rng, market.online)


def build_details(
    enterprise: Enterprise, livelihood: Livelihood, made: list[str], rng: Random, until: date
) -> Iterator[Product | Permit | MonthlyResult]:
    """The rows of one enterprise in an order in which each may point at the ones before it."""
    market = BY_CATEGORY[livelihood.category]
    describe(enterprise, market, rng)
    products = [_product(enterprise, name) for name in made]
    yield from products
    yield from _permits(enterprise, market, rng, until)
    counted = products[0] if _happens(rng, 55) else None  # not everybody counts pieces
    yield from _months(enterprise, livelihood, counted, rng, until)


def _product(enterprise: Enterprise, name: str) -> Product:
    unit, price = GOODS[name]
    return Product(village=enterprise.village, enterprise=enterprise, name=name, unit=unit, price=price)


def _permits(enterprise: Enterprise, market: Market, rng: Random, until: date) -> Iterator[Permit]:
    """The NIB first: the others ask for it. The numbers begin with 9, as on no real permit."""
    if not _happens(rng, market.nib):
        return
    issued_on = until - timedelta(days=rng.randint(60, 1_600))
    yield _permit(enterprise, Permit.Kind.NIB, f"9{rng.randint(0, 10**12 - 1):012}", issued_on)
    if market.is_food and _happens(rng, 55):
        issued_on = until - timedelta(days=rng.randint(30, PIRT_DAYS + 200))
        number = f"9063{rng.randint(0, 10**11 - 1):011}"
        yield _permit(enterprise, Permit.Kind.PIRT, number, issued_on, issued_on + timedelta(days=PIRT_DAYS))
    if market.is_food and _happens(rng, 35):
        issued_on = until - timedelta(days=rng.randint(30, 900))
        yield _permit(enterprise, Permit.Kind.HALAL, f"ID9{rng.randint(0, 10**10 - 1):010}", issued_on)


def _permit(enterprise: Enterprise, kind: str, number: str, issued_on: date, expires_on: date | None = None) -> Permit:
    return Permit(
        village=enterprise.village,
        enterprise=enterprise,
        kind=kind,
        number=number,
        issued_on=issued_on,
        expires_on=expires_on,
    )


def _months(
    enterprise: Enterprise, livelihood: Livelihood, counted: Product | None, rng: Random, until: date
) -> Iterator[MonthlyResult]:
    market = BY_CATEGORY[livelihood.category]
    usual = rng.randint(*market.turnover) * 1_000
    for number, period in enumerate(months_until(period_of(until), MONTHS)):
        if not _runs(enterprise, period) or _happens(rng, FORGOTTEN):
            continue
        turnover = usual * (100 + RISE * number // 12) * rng.randint(75, 125) // 10_000
        if period % 100 in livelihood.hard_months:
            turnover = turnover * HARD // 100
        share = rng.randint(*market.cost) + (60 if _happens(rng, LOST) else 0)
        yield _result(enterprise, period, turnover, share, counted)


def _result(enterprise: Enterprise, period: int, turnover: int, share: int, counted: Product | None) -> MonthlyResult:
    """Whole pieces where they are counted, else steps of 5.000."""
    step = counted.price if counted else 5_000
    pieces = max(1, turnover // step)
    return MonthlyResult(
        village=enterprise.village,
        group=enterprise.group,
        enterprise=enterprise,
        period=period,
        turnover=pieces * step,
        cost=pieces * step * share // 100 // 1_000 * 1_000,
        product=counted,
        volume=pieces if counted else None,
    )


def _runs(enterprise: Enterprise, period: int) -> bool:
    """Begun by the end of the month, and the owner still there at its beginning."""
    gone_on = getattr(enterprise.owner, "left_on", None)
    begun = enterprise.started_on is None or enterprise.started_on <= last_day(period)
    return begun and (gone_on is None or gone_on > first_day(period))


def _happens(rng: Random, percent: int) -> bool:
    return rng.randrange(100) < percent
