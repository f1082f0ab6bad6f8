"""The waiting list: who is next, and how much can be lent this month and next."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loans.proposal_services import approve_loan
from loans.waiting import Fit, Money, Proposal, fair_order, fits, months_ends, still_due
from loans.waiting_services import dues_between, money_of, waiting_list
from tests import build

TODAY = date(2026, 9, 30)


def waiting(key, *, running=False, since=date(2020, 1, 1), on=date(2026, 9, 1), number="2026-001"):
    return Proposal(key, number, 1_000_000, on, running, since)


def test_who_has_nothing_running_comes_first_then_who_waits_longest_then_the_day_then_the_number():
    proposals = [
        waiting(1, running=True, since=date(2010, 1, 1)),
        waiting(2, since=date(2022, 1, 1)),
        waiting(3, on=date(2026, 9, 2), number="2026-001"),
        waiting(4, number="2026-1000"),
        waiting(5, number="2026-999"),
        waiting(6, since=date(2019, 1, 1), on=date(2026, 9, 29)),
    ]
    assert [one.key for one in fair_order(proposals)] == [6, 5, 4, 3, 2, 1]


def test_a_proposal_fits_when_the_money_is_enough_for_it_and_all_before_it():
    money = Money(cash=900, bank=100, due_this_month=500, due_next_month=1_000, late=9_999, promised=500)
    assert (money.this_month, money.next_month) == (1_000, 2_000)
    assert list(fits([600, 400, 1_000, 1], money)) == [Fit.THIS_MONTH, Fit.THIS_MONTH, Fit.NEXT_MONTH, Fit.LATER]
    assert list(fits([1_500, 600], money)) == [Fit.NEXT_MONTH, Fit.LATER]


def test_what_is_left_of_a_row_after_the_older_ones_are_filled():
    assert [still_due(200, 100, paid) for paid in (0, 100, 130, 200, 500)] == [100, 100, 70, 0, 0]


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 9, 30), (date(2026, 9, 30), date(2026, 10, 31))),
        (date(2026, 12, 1), (date(2026, 12, 31), date(2027, 1, 31))),
        (date(2028, 1, 15), (date(2028, 1, 31), date(2028, 2, 29))),
        (date(2026, 11, 24), (date(2026, 11, 30), date(2026, 12, 31))),
    ],
)
def test_the_ends_of_this_month_and_the_next(day, ends):
    assert months_ends(day) == ends


@pytest.fixture
def poor(group):
    """A group with Rp2.000.000 to lend on ten times Rp115.000."""
    build.capital(group, 2_000_000)
    return build.product(group)


def test_dues_count_what_falls_due_and_not_what_is_late_or_paid_ahead(group, poor, operator):
    late, ahead = (build.loan(build.member(group), by=operator, product=poor, on=date(2026, 7, 31)) for _ in range(2))
    build.payment(ahead, 115_000 * 2 + 50_000, TODAY)
    # due 31 August, 30 September (today), 31 October; the one paid September and Rp50.000 of October
    dues = [(due.on, due.total) for due in dues_between(group, TODAY, date(2026, 10, 31)) if due.total]
    assert dues == [(TODAY, 115_000), (date(2026, 10, 31), 115_000), (date(2026, 10, 31), 65_000)]
    money = money_of(group, TODAY, promised=0)
    assert (money.cash, money.due_this_month, money.due_next_month, money.late) == (280_000, 115_000, 180_000, 115_000)
    assert money.next_month == 280_000 + 115_000 + 180_000
    build.payment(late, 115_000, TODAY)
    assert money_of(group, TODAY, promised=0).late == 0


def test_who_never_borrowed_waits_since_she_joined_and_who_did_since_it_was_paid_off(group, poor, operator):
    old, new, runs = (
        build.member(group, joined_on=day) for day in (date(2020, 1, 6), date(2026, 4, 1), date(2019, 1, 1))
    )
    paid_off = build.loan(old, 300_000, by=operator, product=poor)
    build.payment(paid_off, 345_000, date(2026, 6, 15))
    build.loan(runs, 300_000, by=operator, product=poor)
    wanted = [
        build.proposal(one, 800_000, by=operator, product=poor, proposed_on=date(2026, 9, day))
        for one, day in ((runs, 1), (old, 2), (new, 3))
    ]
    found = waiting_list(group, TODAY)
    assert [(place.loan, place.proposal.waits_since, place.proposal.has_running) for place in found.places] == [
        (wanted[2], date(2026, 4, 1), False),
        (wanted[1], date(2026, 6, 15), False),
        (wanted[0], date(2019, 1, 1), True),
    ]
    # Rp1.745.000 in cash, of the running loan Rp34.500 due today and Rp34.500 next month
    assert [place.fit for place in found.places] == [Fit.THIS_MONTH, Fit.THIS_MONTH, Fit.LATER]


def test_what_is_approved_is_kept_for_it(group, poor, operator, district_officer):
    first, second = (build.proposal(build.member(group), 1_500_000, by=operator, product=poor) for _ in range(2))
    approve_loan(loan=second, by=district_officer, amount=1_000_000)
    found = waiting_list(group, TODAY)
    assert (found.approved, found.money.promised, found.money.next_month) == ([second], 1_000_000, 1_000_000)
    assert [(place.loan, place.fit) for place in found.places] == [(first, Fit.LATER)]


def test_the_page_says_what_can_be_lent_and_who_is_next(group, poor, operator, as_user):
    build.proposal(build.member(group, name="Aminah"), 1_500_000, by=operator, product=poor)
    page = as_user(operator).get(reverse("waiting-list", args=[group.pk]))
    assert (page.context["can_lend"], [look for _, look in page.context["places"]]) == (2_000_000, ["ok"])
    said = page.content.decode()
    assert ("1. <a" in said, "menunggu sejak 6 Januari 2020" in said) == (True, True)
    assert reverse("waiting-list", args=[group.pk]) in as_user(operator).get(group.get_absolute_url()).content.decode()


def test_an_empty_list_says_so(group, operator, as_user):
    page = as_user(operator).get(reverse("waiting-list", args=[group.pk])).content.decode()
    assert "Tidak ada pengajuan yang menunggu keputusan." in page


def test_the_page_costs_the_same_queries_for_any_number_of_proposals(group, operator, as_user):
    client = as_user(operator)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("waiting-list", args=[group.pk]))
        return len(found)

    build.proposal(build.member(group), by=operator)
    build.loan(build.member(group), by=operator)
    few = queries()
    for _ in range(5):
        build.proposal(build.member(group), by=operator)
        build.loan(build.member(group), by=operator)
    assert queries() == few
