"""The collectability schemes that come with the portal, put into the database after every migration."""

from datetime import date

from django.db import connections

from loans import aging
from loans.models import AllowanceRate, CollectabilityLevel, CollectabilityScheme

SHIPPED_SINCE = date(2000, 1, 1)  # the shipped percents hold for every day that books may have


def ship_schemes(sender=None, using: str = "default", **kwargs) -> None:
    """Puts the shipped schemes there with their levels and percents, each once; what somebody changed stays.

    Runs after every `migrate`; nothing while a table of theirs is still missing.
    """
    tables = set(connections[using].introspection.table_names())
    if not {one._meta.db_table for one in (CollectabilityScheme, CollectabilityLevel, AllowanceRate)} <= tables:
        return
    schemes = CollectabilityScheme.objects.using(using)
    known = set(schemes.values_list("code", flat=True))
    for scheme in aging.SCHEMES:
        if scheme.code not in known:
            _ship(scheme, using)
    if not schemes.filter(is_in_use=True).exists():
        schemes.filter(code=aging.SCHEMES[0].code).update(is_in_use=True)


def _ship(scheme: aging.Scheme, using: str) -> None:
    row = CollectabilityScheme.objects.using(using).create(code=scheme.code, name=scheme.name, source=scheme.source)
    CollectabilityLevel.objects.using(using).bulk_create(
        CollectabilityLevel(
            scheme=row, every=one.every.value, level=one.level, name=one.name, most=one.most, unit=one.unit.value
        )
        for one in scheme.levels
    )
    AllowanceRate.objects.using(using).bulk_create(
        AllowanceRate(scheme=row, level=level, since=SHIPPED_SINCE, percent=percent)
        for level, percent in scheme.percents.items()
    )
