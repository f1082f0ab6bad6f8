"""Enterprises that run, permits that hold, and what was turned over, as of any day."""

from datetime import date

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Subquery

from up2k_portal.lib.access import ScopedQuerySet


class EnterpriseQuerySet(ScopedQuerySet):
    def running_on(self, day: date):
        """Begun, not stopped, and the owner still in the group. Who stops on the day is out on it."""
        return self.running_between(day, day)

    def running_between(self, first: date, last: date):
        """What ran on a day of the span, both ends included."""
        return self.filter(
            Q(started_on=None) | Q(started_on__lte=last),
            Q(closed_on=None) | Q(closed_on__gt=first),
            Q(member=None) | Q(member__left_on=None) | Q(member__left_on__gt=first),
            Q(poklak=None) | Q(poklak__dissolved_on=None) | Q(poklak__dissolved_on__gt=first),
        )

    def with_last_result(self):
        """`last_period`, `last_turnover`: of the latest month that is recorded; None when there is none."""
        latest = _own("MonthlyResult").order_by("-period")
        return self.annotate(
            last_period=Subquery(latest.values("period")[:1]),
            last_turnover=Subquery(latest.values("turnover")[:1]),
        )

    def with_permit(self, kind: str, day: date):
        """Those with a permit of the kind that is good on the day."""
        return self.filter(Exists(_own("Permit").valid_on(day).filter(kind=kind)))

    def with_permit_ending_by(self, day: date):
        return self.filter(Exists(_own("Permit").filter(expires_on__lte=day)))

    def making(self, words: str) -> Q:
        """The condition that one of the products is called like this."""
        return Q(Exists(_own("Product").filter(name__icontains=words)))

    def by_owner(self):
        """In the order in which a group calls its people: by the owner's name."""
        return self.order_by(F("member__name").asc(nulls_last=True), "poklak__name", "name", "pk")


class PermitQuerySet(ScopedQuerySet):
    def valid_on(self, day: date):
        """Issued by the day (or on an unknown day) and good on it; one without an end is good for ever."""
        return self.filter(
            Q(issued_on=None) | Q(issued_on__lte=day),
            Q(expires_on=None) | Q(expires_on__gte=day),
        )


class ResultQuerySet(ScopedQuerySet):
    def in_months(self, first: int, last: int):
        """From one month to another (202607, 202609), both included."""
        return self.filter(period__range=(first, last))

    def by_owner(self):
        member = F("enterprise__member__name").asc(nulls_last=True)
        return self.order_by(member, "enterprise__poklak__name", "enterprise__name", "pk")


def _own(model: str):
    """The rows of a model that belong to the enterprise of the outer query, which is narrowed already."""
    return apps.get_model("enterprises", model).objects.filter(enterprise=OuterRef("pk"))
