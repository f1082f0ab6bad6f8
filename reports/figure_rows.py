"""The records behind a figure of one group, where no list of the portal shows just these: one row each, with its page.

The rows add up to the figure (tests/reports/test_figure_rows.py holds them against it). They are read by the same
conditions that the figure is made of, as they are recorded now.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Min, Q

from enterprises.models import MonthlyResult
from enterprises.months import month_name
from loans.models import Entry, Loan, SurplusLine
from loans.surplus import PostKind
from reports.capital_figures import FIELD_OF as SOURCE_OF
from reports.capital_figures import OWN
from reports.lending_figures import loans_behind
from reports.periods import Period
from reports.surplus_figures import FIELD_OF as POST_OF
from reports.surplus_figures import payments_of, shared_in
from up2k_portal.lib.dates import period_of
from villages.models import Group

PARTS_OF = {"balance_bad": ("balance_3", "balance_4", "balance_5")}  # a figure that is a sum of figures


@dataclass(frozen=True)
class Record:
    """`amount` is what it adds to the figure, in the figure's own unit; `url` is the page where it stands."""

    on: date | None
    words: str
    about: str
    amount: int
    url: str


Source = Callable[[Group, Period, str], Iterator[Record]]


def records(group: Group, period: Period, key: str) -> list[Record]:
    """The records behind a figure of a group, the latest first; KeyError for a figure that SOURCES does not tell."""
    return sorted(SOURCES[key](group, period, key), key=lambda one: (one.on or date.min, one.words), reverse=True)


def _lent(group: Group, period: Period, key: str) -> Iterator[Record]:
    """Loans; each borrower once where people are counted."""
    amounts = loans_behind(group, period, PARTS_OF.get(key, (key,)))
    loans = Loan.objects.filter(pk__in=amounts).select_related("member", "poklak").order_by("disbursed_on", "pk")
    counted = set()
    for loan in loans:
        who = (loan.member_id, loan.poklak_id)
        if key == "borrowers" and who in counted:
            continue
        counted.add(who)
        yield Record(loan.disbursed_on, loan.number, str(loan.borrower), amounts[loan.pk], loan.get_absolute_url())


def _capital(group: Group, period: Period, key: str) -> Iterator[Record]:
    """Entries that brought own capital or took it away, by the day and source that the figure asks for; and what was
    left when the group was dissolved.
    """
    rows = Entry.objects.filter(group=group, on__lte=period.last)
    first, left = rows.aggregate(day=Min("on"))["day"], 0
    rows = rows.filter(Q(credit__in=OWN) | Q(debit__in=OWN)).select_related("voucher", "part__receipt__member")
    for entry in rows.select_related("part__receipt__poklak"):
        left += entry.amount * ((entry.credit in OWN) - (entry.debit in OWN))
        for account, sign in ((entry.credit, 1), (entry.debit, -1)):
            if account in OWN and (amount := _share(entry, sign, key, period, first)):
                yield _entry(entry, amount)
    if left and key == "capital_out_period" and group.closed_on and period.first <= group.closed_on <= period.last:
        about = "Modal yang tersisa waktu kelompok bubar"
        yield Record(group.closed_on, "Bubar", about, left, group.get_absolute_url())


def _share(entry: Entry, sign: int, key: str, period: Period, first: date | None) -> int:
    """What one side of an entry adds to a figure of capital."""
    is_first, is_in = entry.on == first, entry.on >= period.first
    is_inner = entry.credit in OWN and entry.debit in OWN  # from one own account to another: nothing came or went
    if key == "capital_end":
        return sign * entry.amount * (not is_inner)
    if key == "capital_start":
        return sign * entry.amount * (not is_inner and not is_in)
    if key == "capital_growth":
        return sign * entry.amount * (not is_inner and not is_first)
    if key in ("capital_in_period", "capital_out_period"):
        came = (sign > 0) != (entry.reverses_id is not None)  # a correction counts against what it corrects
        is_asked = came == (key == "capital_in_period")
        return (-entry.amount if entry.reverses_id else entry.amount) * (is_in and is_asked and not is_inner)
    source = SOURCE_OF.get(entry.voucher.source if entry.voucher else "", "capital_other")
    return sign * entry.amount * (is_first and key in ("capital_initial", source))


def _entry(entry: Entry, amount: int) -> Record:
    if entry.voucher:
        voucher = entry.voucher
        return Record(entry.on, voucher.number, voucher.description, amount, voucher.get_absolute_url())
    part = entry.part
    receipt = part.receipt  # type: ignore[union-attr]  # an entry without a voucher has a part
    about = f"{part.get_kind_display()}, {receipt.payer}"  # type: ignore[union-attr]
    return Record(entry.on, receipt.number, about, amount, receipt.get_absolute_url())


def _posts(group: Group, period: Period, key: str) -> Iterator[Record]:
    """Posts of the surplus that was shared."""
    for one in shared_in([group], period):
        for post in one.allotments.all():
            if post.amount and key in ("surplus", POST_OF.get(post.kind, "surplus_other")):
                yield Record(one.met_on, str(one), post.name, post.amount, one.get_absolute_url())


def _receivers(group: Group, period: Period, key: str) -> Iterator[Record]:
    """Lines of the list of receivers; teachers and their institutions once each."""
    lines = SurplusLine.objects.filter(allotment__distribution__in=shared_in([group], period)).order_by("pk")
    counted = set()
    for line in lines.select_related("allotment__distribution", "teacher"):
        who = {"paud_teachers": line.teacher_id, "paud_institutions": line.teacher and line.teacher.institution}
        one = who.get(key, line.pk)
        if one is None or one in counted:
            continue
        counted.add(one)
        shared = line.allotment.distribution
        named = line.teacher.institution if key == "paud_institutions" else line.name
        yield Record(shared.met_on, named, line.allotment.name, 1, shared.get_absolute_url())


def _paid(group: Group, period: Period, key: str) -> Iterator[Record]:
    """Payments of the surplus, each with the voucher that paid it."""
    rows = payments_of(shared_in([group], period), period).select_related("voucher", "line__allotment")
    for row in rows:
        if key == "surplus_paid" or row.line.allotment.kind == PostKind.TEACHERS:
            yield Record(row.voucher.on, row.voucher.number, str(row.line), row.paid, row.voucher.get_absolute_url())


def _sold(group: Group, period: Period, key: str) -> Iterator[Record]:
    """What the enterprises recorded, month by month."""
    rows = MonthlyResult.objects.filter(group=group).in_months(period_of(period.first), period_of(period.last))
    for row in rows.annotate(net=F("turnover") - F("cost")).select_related("enterprise"):
        amount = row.turnover if key == "turnover_period" else row.net
        month = date(row.period // 100, row.period % 100, 1)
        yield Record(month, str(row.enterprise), month_name(row.period), amount, row.enterprise.get_absolute_url())


LENT = (
    "borrowers", "loans_made_period", "loans_running", "loans_late", "disbursed_period", "disbursed_to_date",
    "principal_due", "principal_due_paid", "service_fee_due", "service_fee_due_paid", "balance", "principal_late",
    "service_fee_late", *(f"balance_{level}" for level in range(1, 6)), "balance_bad", "balance_not_far",
    "written_off_period", *(f"risk_{days}" for days in (1, 30, 60, 90)),
)  # fmt: skip
CAPITAL = (
    *dict.fromkeys(SOURCE_OF.values()), "capital_other", "capital_initial", "capital_start", "capital_in_period",
    "capital_out_period", "capital_end", "capital_growth",
)  # fmt: skip
POSTS = ("surplus", *dict.fromkeys(POST_OF.values()), "surplus_other")


def _each(keys: Iterable[str], source: Source) -> dict[str, Source]:
    return dict.fromkeys(keys, source)


SOURCES: dict[str, Source] = {
    **_each(LENT, _lent),
    **_each(CAPITAL, _capital),
    **_each(POSTS, _posts),
    **_each(("surplus_recipients", "paud_teachers", "paud_institutions"), _receivers),
    **_each(("surplus_paid", "paud_paid"), _paid),
    **_each(("turnover_period", "net_income_period"), _sold),
}
