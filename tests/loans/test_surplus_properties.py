"""Random groups: whatever their year brought, every payout list sums to its post and the posts to the surplus."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans.audit import Scope, audit
from loans.ledger_services import balances, record_voucher
from loans.models import SurplusLine
from loans.surplus import PostKind, distribute
from loans.surplus_plans import payees_of, plan_of, recorded_plan
from loans.surplus_services import set_weights
from tests import build
from tests.loans import build_surplus
from tests.loans.test_year_close import close
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db
KINDS = [kind for kind in PostKind if kind != PostKind.RESERVE]
SAVED = st.tuples(st.integers(1, 12), st.integers(1, 900_000))  # in which month of 2025, rupiah
WEIGHTS = st.lists(st.integers(0, 100), min_size=2, max_size=2).filter(any)  # of two people who share a post
SCHEMES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 5_000)), min_size=1, max_size=6)


def posts_of(drawn) -> list[tuple]:
    """Posts of random kinds and percents of two decimals, with a reserve that takes the rest."""
    percents = distribute(10_000, dict(enumerate([*(weight for _, weight in drawn), 1_000])))
    rows = [
        (f"Pos {at}", kind, Decimal(percents[at]) / 100, False) for at, (kind, _) in enumerate(drawn) if percents[at]
    ]
    used = sum(percent for _, _, percent, _ in rows)
    return [*rows, ("Cadangan", PostKind.RESERVE, 100 - used, True)]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    earned=st.integers(1, 10**8),
    saved=st.lists(SAVED, max_size=7),
    drawn=SCHEMES,
    weights=st.tuples(WEIGHTS, WEIGHTS),
    percent=st.integers(1, 99),
)
def test_every_list_sums_to_its_post_and_everything_can_be_paid(
    earned, saved, drawn, weights, percent, group, operator
):
    with transaction.atomic():
        in_bank = {"debit": "1.2", "till": "bank"}  # where no coin is too small
        build.capital(group, 10**9, on=date(2025, 1, 2), **in_bank)
        facts = {"kind": "income", "credit": "4.2", "description": "Hasil usaha", "uuid": uuid4(), "by": operator}
        record_voucher(group=group, amount=earned, on=date(2025, 6, 1), **facts, **in_bank)
        for month, amount in saved:
            build_surplus.saves(build.member(group), amount, date(2025, month, 5), operator, till="bank")
        officers = [build.officer(group), build.officer(group, "bendahara", "Norhayati")]
        teachers = [build_surplus.teacher(group, operator), build_surplus.teacher(group, operator, "Noor Laila")]
        close(group, 202608, by=operator)
        build_surplus.scheme(group, operator, posts_of(drawn))
        keys = [[f"p{one.pk}" for one in officers], [f"g{one.pk}" for one in teachers]]
        told = {key: weight for of, by in zip(keys, weights, strict=True) for key, weight in zip(of, by, strict=True)}
        draft = build_surplus.draft(group, operator)
        draft = set_weights(distribution=draft, weights=told, by=operator)
        plan = plan_of(draft)
        assert plan.total == earned
        one = build_surplus.approve(draft, build.user(Role.OPERATOR, group.village.code), present_count=0, uuid=uuid4())
        plan = recorded_plan(one)
        for part in plan.parts:
            if part.allotment.kind != PostKind.RESERVE:
                assert sum(line.amount for line in part.lines) == part.allotment.amount
        found = balances(group, date(2026, 9, 30), ("2.3", "2.4", "3.4", "3.5"))
        assert (sum(found.values()), found["3.5"]) == (earned, 0)
        payees = payees_of(one, plan)
        for fund in [payee for payee in payees if payee.is_fund and payee.amount > 1]:  # first a part of each
            part = max(1, fund.amount * percent // 100)
            build_surplus.pay(one, [fund.key], operator, till="bank", party="Panti Asuhan", amount=part)
        if payees:
            build_surplus.pay(one, [payee.key for payee in payees], operator, till="bank", party="Panti Asuhan")
        left = balances(group, date(2026, 9, 30), ("2.3", "2.4", "3.4", "3.5"))
        assert left == {"2.3": 0, "2.4": 0, "3.4": found["3.4"], "3.5": 0}
        assert sum(SurplusLine.objects.values_list("amount", flat=True)) == earned - found["3.4"]
        assert list(audit(Scope("", date(2026, 9, 30)))) == []
        transaction.set_rollback(True)
