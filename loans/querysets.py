"""Loans with what was paid, what is due and what is late, as of any day; in one query, for one loan or a thousand."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Least

from loans.aging import NPL_FROM, Level, Rhythm, Scheme, Unit, earliest_within
from up2k_portal.lib.access import ScopedQuerySet

# Of an instalment whose loan carries what is paid on it.
UNPAID = Q(principal_to_date__gt=OuterRef("principal_paid")) | Q(service_fee_to_date__gt=OuterRef("service_fee_paid"))

# Loans, beyond any regency: a slice is worked out once and then summed, otherwise once more for each sum.
MOST = 10_000_000
_SUMMED = ("principal", "balance", "late", "principal_due", "principal_due_paid")


class LoanQuerySet(ScopedQuerySet):
    def disbursed(self, as_of: date):
        return self.filter(disbursed_on__lte=as_of)

    def with_paid(self, as_of: date):
        """`principal_paid`, `service_fee_paid` (rupiah) by receipts on or before the day, reversals netted; with what
        was paid before the books of the group began.
        """
        return self.annotate(
            principal_paid=_rupiah(F("opening_principal_paid") + _paid("principal", as_of)),
            service_fee_paid=_rupiah(F("opening_service_fee_paid") + _paid("service_fee", as_of)),
        )

    def with_balance(self, as_of: date):
        """`balance`: principal still owed at the end of the day; 0 for a loan not disbursed by then or written off."""
        owed = Case(
            When(written_off_on__lte=as_of, then=Value(0)),
            When(disbursed_on__lte=as_of, then=F("principal") - F("principal_paid")),
            default=Value(0),
            output_field=BigIntegerField(),
        )
        return self.with_paid(as_of).annotate(balance=owed)

    def with_arrears(self, as_of: date):
        """Besides the balance:

        `principal_due`, `service_fee_due`: what fell due on or before the day;
        `principal_due_paid`: what of `principal_due` is paid (payment in advance is not counted);
        `principal_late`, `service_fee_late`, `late`: due before the day and unpaid (due today is not late);
        `oldest_unpaid_on`: the due day of the oldest instalment not paid in full, None when nothing is late.
        Of a loan written off by then nothing is due but what was paid, and nothing is late.
        """
        zero = Value(0)
        until_day, before_day = Q(due_on__lte=as_of), Q(due_on__lt=as_of)

        def unless_lost(then: str, otherwise):
            return Case(
                When(written_off_on__lte=as_of, then=F(then)), default=otherwise, output_field=BigIntegerField()
            )

        first_late_on = _first_due_on(UNPAID & before_day, as_of)
        return (
            self.with_balance(as_of)
            .annotate(
                principal_due=unless_lost("principal_paid", _due("principal_to_date", until_day, as_of)),
                service_fee_due=unless_lost("service_fee_paid", _due("service_fee_to_date", until_day, as_of)),
                oldest_unpaid_on=Case(
                    When(written_off_on__lte=as_of, then=None), default=first_late_on, output_field=DateField()
                ),
                _principal_past=unless_lost("principal_paid", _due("principal_to_date", before_day, as_of)),
                _service_fee_past=unless_lost("service_fee_paid", _due("service_fee_to_date", before_day, as_of)),
            )
            .annotate(
                principal_due_paid=Least(F("principal_due"), F("principal_paid")),
                principal_late=Greatest(F("_principal_past") - F("principal_paid"), zero),
                service_fee_late=Greatest(F("_service_fee_past") - F("service_fee_paid"), zero),
            )
            .annotate(late=F("principal_late") + F("service_fee_late"))
        )

    def with_unpaid_count(self, as_of: date):
        """`unpaid_count`: instalments due before the day and not paid in full; call after `with_paid`."""
        past = Q(due_on__lt=as_of)
        first = Subquery(_instalments(UNPAID & past, as_of).order_by("number").values("number")[:1])
        last = Subquery(_instalments(past, as_of).order_by("-number").values("number")[:1])
        # Without jasa a row of a grace or between two rows of principal asks for nothing and is left out: row by row.
        asked = _instalments(UNPAID & past & (Q(principal__gt=0) | Q(service_fee__gt=0)), as_of).order_by()
        each = Subquery(asked.values("loan").annotate(n=Count("pk")).values("n"))
        count = Case(When(rate=0, then=each), default=last - first + 1, output_field=IntegerField())
        return self.annotate(unpaid_count=_unless_lost(Coalesce(count, 0), as_of))

    def with_ageing(self, as_of: date, days: Iterable[int]):
        """`principal_late_90`: principal unpaid of instalments that fell due more than 90 days ago; so for each number
        of days. Call after `with_paid`.
        """
        late = {}
        for one in days:
            due = _due("principal_to_date", Q(due_on__lt=as_of - timedelta(days=one)), as_of)
            late[f"principal_late_{one}"] = _unless_lost(Greatest(due - F("principal_paid"), Value(0)), as_of)
        return self.annotate(**late)

    def with_collectability(self, as_of: date, scheme: Scheme | None = None):
        """`collectability`: the level 1–5 by how late a loan is, of the scheme in use (one query more) or of this one.

        A loan whose schedule was changed while it was late keeps its class of that day, if that is worse, until what
        its third new instalment asks for is paid.
        """
        scheme = scheme or apps.get_model("loans", "CollectabilityScheme").objects.in_use()
        rows = self.with_arrears(as_of)
        if scheme.counts_instalments:
            rows = rows.with_unpaid_count(as_of)
        kept = Coalesce(Subquery(_kept_classes(scheme, as_of)), 1, output_field=IntegerField())
        # Most loans are not late at all: they are asked for their oldest unpaid instalment once, not once a class.
        in_time = When(oldest_unpaid_on__isnull=True, then=Value(_first_level(scheme)))
        now = _classes(scheme, lambda level: _is_beyond(level, as_of), first=[in_time])
        return rows.annotate(
            collectability=Case(
                When(written_off_on__lte=as_of, then=Value(1)),
                default=Greatest(now, kept),
                output_field=IntegerField(),
            )
        )

    def with_standing(self, as_of: date):
        """`standing`: the status of a loan not yet paid out, "written_off", "paid_off", or "class_1" … "class_5"."""
        rows = self.with_collectability(as_of).annotate(_service_fee_promised=_due("service_fee_to_date", Q(), as_of))
        return rows.annotate(
            standing=Case(
                When(~Q(status="disbursed"), then=F("status")),
                When(written_off_on__lte=as_of, then=Value("written_off")),
                When(service_fee_paid__gte=F("_service_fee_promised"), balance=0, then=Value("paid_off")),
                default=Concat(Value("class_"), Cast("collectability", CharField())),
                output_field=CharField(),
            )
        )

    def sums(self, as_of: date) -> dict[str, int]:
        """Rupiah and counts over these loans on the day; every figure of a page or sheet comes from here.

        `principal` (paid out), `balance`, `late`, `principal_due`, `principal_due_paid`,
        `balance_npl` (classes 3 to 5), `running_count`, `late_count`.
        """
        rows = self.disbursed(as_of).with_collectability(as_of).order_by()
        found = rows.values("pk", *_SUMMED, "collectability")[:MOST].aggregate(
            **{f"sum_{name}": Sum(name) for name in _SUMMED},
            sum_balance_npl=Sum("balance", filter=Q(collectability__gte=NPL_FROM)),
            sum_running_count=Count("pk", filter=Q(balance__gt=0)),
            sum_late_count=Count("pk", filter=Q(late__gt=0)),
        )
        return {name.removeprefix("sum_"): value or 0 for name, value in found.items()}

    def owed_by_members(self, members, as_of: date):
        """Annotates members with `balance`: the principal that each still owes on her own loans."""
        is_lost = Q(written_off_on__lte=as_of)
        lent = self.disbursed(as_of).exclude(is_lost).filter(member=OuterRef("pk")).order_by().values("member")
        parts = apps.get_model("loans", "ReceiptPart").objects
        paid = parts.filter(loan__member=OuterRef("pk"), kind="principal", received_on__lte=as_of)
        paid = paid.exclude(loan__written_off_on__lte=as_of)
        paid = paid.order_by().values("loan__member").annotate(sum=Sum("amount")).values("sum")
        lent = lent.annotate(sum=Sum(F("principal") - F("opening_principal_paid"))).values("sum")
        return members.annotate(balance=Coalesce(Subquery(lent), 0) - Coalesce(Subquery(paid), 0))

    def running(self, as_of: date):
        """Loans with a balance; call after `with_balance`."""
        return self.disbursed(as_of).filter(balance__gt=0)


def _classes(scheme: Scheme, is_beyond: Callable[[Level], Q], loan: str = "", first: Iterable[When] = ()) -> Case:
    """The class as a CASE, after `first` the worst asked first; `loan` leads from the row to its loan."""
    own = {one.every for one in scheme.levels if one.every != Rhythm.ANY}
    whens = [*first]
    for every in [*sorted(own), Rhythm.ANY]:
        levels = scheme.levels_of(every)
        others = ~reduce(or_, (_of_rhythm(one, loan) for one in own)) if own else Q()
        which = others if every == Rhythm.ANY else _of_rhythm(every, loan)
        for lower, upper in reversed(list(zip(levels, levels[1:], strict=False))):
            whens.append(When(which & is_beyond(lower), then=Value(upper.level)))
    return Case(*whens, default=Value(_first_level(scheme)), output_field=IntegerField())


def _first_level(scheme: Scheme) -> int:
    return min((one.level for one in scheme.levels), default=1)


def _of_rhythm(every: str, loan: str) -> Q:
    if every == Rhythm.SEASON:
        return ~Q(**{f"{loan}seasons": ""})
    return Q(**{f"{loan}seasons": "", f"{loan}every": every})


def _is_beyond(level: Level, as_of: date) -> Q:
    """Whether a loan is later than the level allows."""
    if level.unit == Unit.INSTALMENT:
        return Q(unpaid_count__gt=level.most)
    return Q(oldest_unpaid_on__lt=earliest_within(level.unit, level.most or 0, as_of))


def _was_beyond(level: Level) -> Q:
    """Whether a loan was later than the level allows when its schedule was changed."""
    most = level.most or 0
    match level.unit:
        case Unit.MONTH:
            return Q(late_months__gt=most)
        case Unit.INSTALMENT:
            return Q(late_instalments__gt=most)
        case unit:
            return Q(late_days__gt=most * (7 if unit == Unit.WEEK else 1))


def _kept_classes(scheme: Scheme, as_of: date):
    """The classes that a loan keeps from its changes of schedule, the worst first."""
    rows = apps.get_model("loans", "Reschedule").objects.filter(
        Q(undone_on=None) | Q(undone_on__gt=as_of),
        Q(kept_principal__gt=OuterRef("principal_paid")) | Q(kept_service_fee__gt=OuterRef("service_fee_paid")),
        loan=OuterRef("pk"),
        late_days__gt=0,
        on__lte=as_of,
    )
    return rows.annotate(kept=_classes(scheme, _was_beyond, "loan__")).order_by("-kept").values("kept")[:1]


def _paid(kind: str, as_of: date):
    parts = apps.get_model("loans", "ReceiptPart").objects.filter(
        loan=OuterRef("pk"), kind=kind, received_on__lte=as_of
    )
    # As a function, not an aggregate: the parts are of one loan, and grouping them would only cost time.
    sums = parts.order_by().annotate(sum=Func(F("amount"), function="SUM")).values("sum")
    return Coalesce(Subquery(sums), 0, output_field=BigIntegerField())


def _rupiah(expression):
    return ExpressionWrapper(expression, output_field=BigIntegerField())


def _due(column: str, condition: Q, as_of: date):
    """The sum of a column up to the last instalment that meets the condition; 0 when none does."""
    return Coalesce(
        Subquery(_instalments(condition, as_of).order_by("-number").values(column)[:1]),
        0,
        output_field=BigIntegerField(),
    )


def _unless_lost(value, as_of: date) -> Case:
    """The value, 0 of a loan written off by the day."""
    return Case(When(written_off_on__lte=as_of, then=Value(0)), default=value, output_field=BigIntegerField())


def _first_due_on(condition: Q, as_of: date):
    rows = _instalments(condition, as_of).order_by("number").values("due_on")
    return Subquery(rows[:1], output_field=DateField())


def _instalments(condition: Q, as_of: date):
    """Rows of the schedule as it stood at the end of the day."""
    rows = apps.get_model("loans", "Instalment").objects.in_force(as_of)
    return rows.filter(condition, loan=OuterRef("pk"))
