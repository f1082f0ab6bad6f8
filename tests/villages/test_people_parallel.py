"""Many decisions at once about the same rows. Needs a database that threads share."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from loans.people import owes_nothing
from loans.proposal_services import disburse_loan
from tests import build
from tests.conftest import TODAY
from up2k_portal.lib.access import Role
from villages import people_services as services
from villages.models import Member, PersonDecision

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]


def at_once(acts) -> list:
    """What each act gave, or the sentence that refused it."""

    def alone(act):
        try:
            return act()
        except ValidationError as error:
            return error.messages[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(alone, acts))


@pytest.fixture
def by():
    return build.user(Role.STAFF, "63.08")


def test_links_made_at_once_end_in_one_person(by):
    rows = [build.member(build.group()) for _ in range(8)]
    pairs = list(zip(rows, rows[1:], strict=False))
    at_once(
        [
            lambda pair=pair: services.merge_people(first=pair[0], second=pair[1], reason="KTP sama saja", by=by)
            for pair in pairs
        ]
    )
    assert PersonDecision.objects.count() == 7
    assert set(Member.objects.values_list("person", flat=True)) == {PersonDecision.objects.order_by("pk").first().pk}


def test_one_merge_sent_eight_times_at_once_is_one_decision(by):
    first, second = (build.member(build.group()) for _ in range(2))
    at_once([lambda: services.merge_people(first=first, second=second, reason="KTP sama saja", by=by)] * 8)
    assert PersonDecision.objects.count() == 1


def test_no_loan_is_paid_out_to_whom_a_transfer_takes_away(by):
    member, to_group = build.member(build.group()), build.group()
    waiting = build.proposal(member, proposed_on=date(2026, 9, 1))
    move = {"member": member, "to_group": to_group, "on": TODAY, "reason": "ikut suami pindah", "by": by}
    at_once(
        [
            lambda: services.transfer_member(**move, guards=(owes_nothing,)),
            lambda: disburse_loan(loan=waiting, disbursed_on=TODAY, by=waiting.proposed_by),
        ]
    )
    member.refresh_from_db()
    waiting.refresh_from_db()
    assert (member.left_on, waiting.is_disbursed) == (None, True)
