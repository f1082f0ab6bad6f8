"""Verbs on enterprises that are more than saving one form: a month of a whole group at once."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import history
from accounts.models import Change, User
from enterprises.models import Enterprise, MonthlyResult
from enterprises.months import month_name
from up2k_portal.lib.dates import period_of, today
from up2k_portal.lib.money import format_number
from villages.models import Group

RELATED = ("enterprise", "group", "product", "village__district")


class Figures(NamedTuple):
    """Whole rupiah of one month."""

    turnover: int
    cost: int


def field_of(name: str, enterprise_pk: int) -> str:
    """What the grid calls a cell: turnover_17."""
    return f"{name}_{enterprise_pk}"


def stored_figures(enterprises, period: int) -> dict[int, Figures]:
    """What is recorded of a month, by key of the enterprise."""
    rows = MonthlyResult.objects.filter(enterprise__in=enterprises, period=period)
    return {pk: Figures(*amounts) for pk, *amounts in rows.values_list("enterprise", "turnover", "cost")}


def overtaken(
    stored: Mapping[int, Figures], typed: Mapping[int, Figures], seen: Mapping[int, Figures]
) -> dict[str, str]:
    """{cell: sentence} for what somebody else wrote since the page was opened, where it would be overwritten."""
    return {
        field_of("turnover", pk): f"Baru saja dicatat orang lain: omzet {format_number(stored[pk].turnover)}, biaya "
        f"{format_number(stored[pk].cost)}. Periksa, lalu simpan lagi bila angka di sini yang benar."
        for pk, figures in typed.items()
        if pk in stored and stored[pk] not in (seen.get(pk), figures)
    }


@transaction.atomic
def record_month(
    *, group: Group, period: int, typed: Mapping[int, Figures], seen: Mapping[int, Figures], by: User
) -> int:
    """Writes the figures of a month (202609) of a group's enterprises, by their keys: all or nothing.

    `seen` is what the page showed when it was opened. What was left as shown is not written; each written row leaves
    its change. Returns how many were written. Raises ValidationError for a month to come, for an enterprise of
    another group, and for figures that somebody else wrote meanwhile.
    """
    Group.objects.select_for_update().get(pk=group.pk)
    check_month_has_come(period)
    wanted = {pk: figures for pk, figures in typed.items() if figures != seen.get(pk)}
    enterprises = Enterprise.objects.filter(group=group).in_bulk(wanted)
    if len(enterprises) < len(wanted):
        raise ValidationError("Ada usaha dari kelompok lain. Muat ulang halaman, lalu isi lagi.")
    rows = MonthlyResult.objects.filter(enterprise__in=enterprises, period=period).select_related(*RELATED)
    stored = {row.enterprise_id: row for row in rows}
    if errors := overtaken({pk: Figures(row.turnover, row.cost) for pk, row in stored.items()}, wanted, seen):
        raise ValidationError(errors)
    before = {row.pk: history.snapshot(row) for row in stored.values()}
    _write(stored, [_fresh(enterprises[pk], group, period) for pk in wanted if pk not in stored], wanted)
    history.record_many([*stored.values()], by=by, before=before)
    return len(wanted)


def check_month_has_come(period: int) -> None:
    """Raises ValidationError for a month after the running one."""
    if period > period_of(today()):
        raise ValidationError({"period": f"{month_name(period)} belum datang. Pilih bulan sampai bulan ini."})


def _fresh(enterprise: Enterprise, group: Group, period: int) -> MonthlyResult:
    return MonthlyResult(village=group.village, group=group, enterprise=enterprise, period=period)


def _write(stored: dict[int, MonthlyResult], fresh: list[MonthlyResult], wanted: Mapping[int, Figures]) -> None:
    """Puts the figures into the rows and both kinds into the database; the fresh join the stored."""
    for row in (*stored.values(), *fresh):
        row.turnover, row.cost = wanted[row.enterprise_id]
        row.clean_fields(exclude=("village", "group", "enterprise", "product"))
    MonthlyResult.objects.bulk_update(stored.values(), ["turnover", "cost"])
    stored |= {row.enterprise_id: row for row in MonthlyResult.objects.bulk_create(fresh)}


def history_of(enterprise: Enterprise):
    """The changes of an enterprise, its products, permits and months together, newest first."""
    own = Q(model=Enterprise._meta.label_lower, object_id=enterprise.pk)
    for rows in (enterprise.products, enterprise.permits, enterprise.results):
        own |= Q(model=rows.model._meta.label_lower, object_id__in=rows.values("pk"))
    return Change.objects.filter(own)
