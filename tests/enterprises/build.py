"""Plain builders of what belongs to an enterprise."""

from datetime import date

from enterprises.models import Enterprise, MonthlyResult, Permit, Product


def product(of: Enterprise, **fields) -> Product:
    defaults = {"name": "mukena bordir", "unit": "lembar", "price": 150_000}
    return Product.objects.create(enterprise=of, village=of.village, **defaults | fields)


def permit(of: Enterprise, kind: str = "nib", **fields) -> Permit:
    defaults = {"number": "0220001234567", "issued_on": date(2024, 3, 5)}
    return Permit.objects.create(enterprise=of, village=of.village, kind=kind, **defaults | fields)


def result(of: Enterprise, period: int = 202608, turnover: int = 500_000, cost: int = 300_000, **fields):
    return MonthlyResult.objects.create(
        enterprise=of, group=of.group, village=of.village, period=period, turnover=turnover, cost=cost, **fields
    )


def with_details(of: Enterprise) -> Enterprise:
    """The enterprise, with one product, one permit and one month."""
    permit(of, expires_on=date(2026, 10, 31))
    result(of, product=product(of), volume=4)
    return of
