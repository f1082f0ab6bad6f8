"""What a forged file, a foreign key or a strange address is told: nothing that its sender may not see."""

from uuid import uuid4

import pytest
from django.urls import reverse

from loans.field import services
from loans.models import Envelope, Receipt
from tests import build
from tests.loans.field.build_field import ON, row, send, states
from tests.loans.field.test_queue_file import content, upload
from tests.loans.test_audit_ledger import tamper
from up2k_portal.lib.access import Action, Role
from up2k_portal.lib.dates import today

pytestmark = pytest.mark.django_db
UNKNOWN = "Akun pemilik antrean ini tidak dikenal di wilayah Ibu. Tanyakan admin kabupaten."


@pytest.fixture
def stranger(elsewhere):
    """An operator of a village that the kecamatan does not serve, and what she sent."""
    user = build.user(Role.OPERATOR, elsewhere.code, name="Ibu Asing")
    return user


@pytest.fixture
def theirs(stranger, elsewhere):
    (answer,) = send(row(build.member(build.group(elsewhere)), savings={"mandatory": 10_000}), by=stranger)
    return answer.receipt


def test_a_file_does_not_tell_the_names_of_accounts_elsewhere(as_user, district_officer, stranger, member):
    page = upload(as_user(district_officer), content(stranger, [row(member, savings={"mandatory": 1_000})]))
    told = page.content.decode()
    assert UNKNOWN in told
    assert "Ibu Asing" not in told


def test_a_file_of_a_closed_account_of_the_area_is_taken(as_user, district_officer, operator, member):
    operator.assignments.update(ends_on=today().replace(day=1))
    operator.is_active = False
    operator.save()
    page = upload(as_user(district_officer), content(operator, [row(member, savings={"mandatory": 1_000})]))
    assert page.context["found"].new_count == 1


def test_a_file_records_nothing_where_its_owner_never_served(as_user, district_officer, operator):
    other = build.village("63.08.03.2015")
    items = [row(build.member(build.group(other)), savings={"mandatory": 1_000})]
    page = upload(as_user(district_officer), content(operator, items))
    assert page.context["found"].new_count == 0
    assert f"{operator} tidak pernah bertugas di {other.label}" in page.content.decode()


def test_a_conflict_elsewhere_shows_nothing_to_who_sends_for_others(district_officer, member, stranger, theirs):
    """She served here too once; what she recorded elsewhere stays there."""
    stranger.assignments.create(role=Role.OPERATOR, area_code=member.village.code, starts_on=today())
    told = {"owner": stranger, "action": Action.SEND_FOR_OTHERS, "sent_as": "file"}
    (answer,) = send(row(member, savings={"mandatory": 1_000}, uuid=str(theirs.uuid)), by=district_officer, **told)
    assert (str(answer.state), answer.theirs, answer.receipt, answer.number) == ("foreign", None, None, "")


def test_a_page_elsewhere_under_the_key_shows_nothing_either(district_officer, member, stranger, elsewhere):
    stranger.assignments.create(role=Role.OPERATOR, area_code=member.village.code, starts_on=today())
    receipt = build.payment(build.loan(build.member(build.group(elsewhere))), 5_000, ON, by=stranger)
    told = {"owner": stranger, "action": Action.SEND_FOR_OTHERS, "sent_as": "file"}
    (answer,) = send(row(member, savings={"mandatory": 1_000}, uuid=str(receipt.uuid)), by=district_officer, **told)
    assert (str(answer.state), answer.theirs, answer.number) == ("foreign", None, "")


def test_a_page_of_nobody_is_not_the_senders_own(member, operator):
    receipt = build.payment(build.loan(member), 5_000, ON)
    tamper("UPDATE loans_receipt SET recorded_by_id = NULL WHERE id = %s", receipt.pk)
    (answer,) = send(row(member, savings={"mandatory": 1_000}, uuid=str(receipt.uuid)), by=operator)
    assert (str(answer.state), answer.theirs) == ("foreign", None)


def test_the_sheet_of_a_meeting_to_come_may_be_printed(as_user, operator, group):
    for name in ("sheet", "sheet-print"):
        assert as_user(operator).get(reverse(name, args=[group.pk, "2026-10-25"])).status_code == 200


JUNK = [None, [], {}, "1", 1.5, True, -1, 10**30, {"mandatory": []}, {"__class__": 1}]
NAMES = ["amount", "savings", "withdraw", "pieces", "group", "member", "loan", "note", "on", "uuid", "kind", "format"]


@pytest.mark.parametrize("name", NAMES)
def test_junk_in_a_field_is_refused_or_harmless(name, member, operator):
    item = row(member, savings={"mandatory": 1_000})
    answers = send(*(item | {"uuid": str(uuid4())} | {name: junk} for junk in JUNK), by=operator)
    assert set(states(answers)) <= {"refused", "saved"}
    assert Receipt.objects.count() == Envelope.objects.count() == states(answers).count("saved")


def test_a_stranger_learns_no_more_of_a_group_that_exists_than_of_one_that_does_not(member, stranger):
    items = [row(member, savings={"mandatory": 1_000}) | {"group": group} for group in (member.group_id, 10**14)]
    answers = send(*items, by=stranger)
    assert {(one.status, one.message, one.who) for one in answers} == {(422, services.NO_GROUP, "")}
