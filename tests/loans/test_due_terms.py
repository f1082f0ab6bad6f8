"""When a loan falls due: the group's own day, seasons, and principal less often than the fee."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from loans.models import MoneyRules
from tests import build


def rows_of(loan):
    return list(loan.instalments.order_by("number").values_list("due_on", "principal", "service_fee"))


def test_a_group_with_its_own_due_day_collects_on_it(member):
    MoneyRules.objects.create(group=member.group, village=member.village, due_day=10, cutoff_day=20)
    early = build.loan(member, on=date(2026, 1, 19))
    late = build.loan(member, on=date(2026, 1, 20))
    assert [day for day, *_ in rows_of(early)][:2] == [date(2026, 2, 10), date(2026, 3, 10)]
    assert [day for day, *_ in rows_of(late)][:2] == [date(2026, 3, 10), date(2026, 4, 10)]


def test_a_seasonal_loan_falls_due_after_harvest_and_after_the_ducks_are_sold(member):
    product = build.product(member.group, method="declining", instalment_count=3, seasons="31-08, 31-01")
    loan = build.loan(member, on=date(2026, 2, 10), product=product)
    assert [day for day, *_ in rows_of(loan)] == [date(2026, 8, 31), date(2027, 1, 31), date(2027, 8, 31)]


def test_principal_every_third_time_and_the_fee_each_time(member):
    product = build.product(member.group, instalment_count=6, principal_every=3)
    loan = build.loan(member, 900_000, on=date(2026, 1, 31), product=product)
    assert [principal for _, principal, _ in rows_of(loan)] == [0, 0, 450_000, 0, 0, 450_000]
    assert {fee for *_, fee in rows_of(loan)} == {13_500}


def test_a_season_that_is_no_day_is_refused_at_the_product(group):
    product = build.product(group)
    product.seasons = "31-13"
    with pytest.raises(ValidationError, match="Musim"):
        product.full_clean()
