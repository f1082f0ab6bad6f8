"""The SHU that the groups shared out in the year of a period, and what of it was paid by its last day."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Case, Count, F, Q, Sum, When

from loans.models import SurplusAllotment, SurplusDistribution, SurplusLine, SurplusPayment
from loans.surplus import PostKind
from reports.periods import Period

MEMBERS = (PostKind.BY_FEE, PostKind.BY_SAVINGS, PostKind.EQUAL, "iptw")
FIELD_OF = {
    **dict.fromkeys(MEMBERS, "surplus_members"),
    PostKind.OFFICERS: "surplus_officers",
    PostKind.RESERVE: "surplus_reserve",
    PostKind.TEACHERS: "surplus_paud",
    PostKind.SOCIAL: "surplus_social",
    PostKind.EDUCATION: "surplus_education",
}


def book_year(period: Period) -> int:
    """The year whose surplus the members' meetings share out in the year of the period: the one before."""
    return period.last.year - 1


def surplus_figures(groups: list, period: Period) -> dict[int, dict]:
    """{key of the group: fields of its GroupRow} of those that shared; four queries for any number of groups."""
    shared = shared_in(groups, period)
    found: dict[int, Counter] = {pk: Counter(surplus=0) for pk in shared.values_list("group", flat=True)}
    posts = SurplusAllotment.objects.filter(distribution__in=shared).order_by()
    for row in posts.values("kind", group=F("distribution__group")).annotate(sum=Sum("amount")):
        found[row["group"]][FIELD_OF.get(row["kind"], "surplus_other")] += row["sum"]
        found[row["group"]]["surplus"] += row["sum"]
    lines = SurplusLine.objects.filter(allotment__distribution__in=shared).order_by()
    for row in lines.values(group=F("allotment__distribution__group")).annotate(
        surplus_recipients=Count("pk"),
        paud_teachers=Count("teacher", distinct=True),
        paud_institutions=Count("teacher__institution", distinct=True),
    ):
        found[row.pop("group")].update(row)
    for row in _paid(shared, period):
        found[row["group"]]["surplus_paid"] += row["sum"]
        if row["kind"] == PostKind.TEACHERS:
            found[row["group"]]["paud_paid"] += row["sum"]
    return {pk: dict(figures) for pk, figures in found.items()}


def shared_in(groups: list, period: Period):
    """The sharings of the groups that the figures of a period tell of."""
    return SurplusDistribution.objects.filter(
        group__in=groups, year=book_year(period), status=SurplusDistribution.Status.APPROVED, met_on__lte=period.last
    )


def payments_of(shared, period: Period):
    """What vouchers paid by the period's last day, as `paid`: a person's line whole, of a fund as much as the voucher
    says.
    """
    taken_back = Q(voucher__reversal__on__lte=period.last)
    rows = SurplusPayment.objects.filter(
        line__allotment__distribution__in=shared, voucher__on__lte=period.last, voucher__reverses=None
    ).exclude(taken_back)
    is_fund = Q(line__member=None, line__officer=None, line__teacher=None)
    paid = Case(When(is_fund, then=F("voucher__amount")), default=F("line__amount"))
    return rows.annotate(paid=paid)


def _paid(shared, period: Period) -> Iterator[dict]:
    group, kind = F("line__allotment__distribution__group"), F("line__allotment__kind")
    rows = payments_of(shared, period).order_by()
    yield from rows.values(group=group, kind=kind).annotate(sum=Sum("paid"))
