"""What a telephone asks and sends without a page: who she is, her village's data, her queue."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from loans.models import Envelope, Receipt, SheetDevice
from tests import build
from tests.loans.field.build_field import ON, row
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db
SEND = "/luring/kirim/"


@pytest.fixture
def phone(as_user, operator):
    """Sends a body as the operator's telephone does; gives the answer."""
    client = as_user(operator)

    def _post(told=None, **fields):
        body = {"format": 2, "user": operator.pk, "device": str(uuid4()), "items": [], "waiting": []} | fields
        return client.post(SEND, json.dumps(body if told is None else told), content_type="application/json")

    return _post


def test_who_is_signed_in_is_told_with_the_token_for_sending(as_user, operator):
    answer = as_user(operator).get(reverse("offline-me"))
    told = answer.json()
    assert (told["user"], told["name"], told["village"]) == (operator.pk, "Rahmah", "63.08.03.2014")
    assert len(told["csrf"]) == 64
    assert len(told["build"]) == 12
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["offline-me", "offline-data", "offline-send"])
def test_who_is_signed_out_is_told_so_in_json_and_loses_nothing(name, client, db):
    for answer in (client.get(reverse(name)), client.post(reverse(name), "{}", content_type="application/json")):
        assert (answer.status_code, answer.json()["code"]) == (401, "login")
        assert answer["Cache-Control"] == "private, no-store"


def test_one_item_alone_has_its_own_status(phone, member):
    item = row(member, savings={"mandatory": 10_000})
    answers = [phone(items=[item]), phone(items=[item]), phone(items=[item | {"savings": {"mandatory": 1}}])]
    assert [one.status_code for one in answers] == [201, 200, 409]
    (told,) = answers[0].json()["results"]
    receipt = Receipt.objects.get()
    assert told == {
        "uuid": item["uuid"],
        "status": 201,
        "state": "saved",
        "number": receipt.number,
        "url": receipt.get_absolute_url(),
        "message": "",
        "fields": {},
        "theirs": None,
    }


def test_several_items_are_answered_together_each_with_its_own_status(phone, member):
    good, bad = row(member, savings={"mandatory": 10_000}), row(member, savings={"mandatory": -1})
    answer = phone(items=[good, bad])
    assert (answer.status_code, [one["status"] for one in answer.json()["results"]]) == (200, [201, 422])


def test_the_queue_of_another_person_is_not_recorded(phone, member, staff):
    answer = phone(user=staff.pk, items=[row(member, savings={"mandatory": 10_000})])
    assert (answer.status_code, answer.json()["code"], Envelope.objects.count()) == (409, "user", 0)


def test_the_first_format_is_converted_and_one_to_come_is_refused(phone, member):
    loan = build.loan(member)
    first = {"uuid": str(uuid4()), "format": 1, "group": member.group_id, "on": ON.isoformat()}
    items = [
        first | {"kind": "row", "member": member.pk, "loan": loan.pk, "amount": 115_000, "mandatory": 10_000},
        first | {"uuid": str(uuid4()), "kind": "payment", "loan": loan.pk, "amount": 115_000},
        row(member, format=3, savings={"mandatory": 10_000}),
    ]
    results = phone(items=items).json()["results"]
    assert [one["status"] for one in results] == [201, 201, 422]
    assert results[2]["fields"] == {
        "format": "Kiriman ini dibuat aplikasi yang lain versinya. Perbarui aplikasi, lalu kirim lagi."
    }
    assert [(one.format, one.kind) for one in Envelope.objects.order_by("pk")] == [(1, "row"), (1, "total")]


def test_telephones_tell_of_their_rows_until_they_are_empty(phone, member, operator):
    device, told = str(uuid4()), {"group": member.group_id, "on": ON.isoformat(), "count": 3, "along": True}
    assert phone(device=device, waiting=[told]).status_code == 200
    kept = SheetDevice.objects.get()
    assert (str(kept.device), kept.user, kept.waiting, kept.is_along, kept.is_waiting) == (
        device,
        operator,
        3,
        True,
        True,
    )
    phone(device=device, waiting=[told | {"count": 0, "along": False}])
    assert not SheetDevice.objects.get().is_waiting


def test_a_telephone_tells_nothing_of_a_foreign_group(phone, elsewhere):
    foreign = build.group(elsewhere)
    phone(waiting=[{"group": foreign.pk, "on": ON.isoformat(), "count": 3}])
    assert SheetDevice.objects.count() == 0


JUNK = ["", "x", "NaN", "null", "[]", "7", '"x"', "{}", "[" * 100_000, '{"user":' + "[" * 50_000, "\ud800", "{'a':1}"]


@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
def test_a_body_that_is_no_sending_is_refused_in_indonesian(body, as_user, operator):
    sent = body.encode("utf-8", "surrogatepass")
    answer = as_user(operator).post(SEND, sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "json")
    assert answer.json()["error"] == "Kiriman ini tidak dapat dibaca. Perbarui aplikasi, lalu kirim lagi."


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"user": "7"}, 400, "json"),
        ({"user": True}, 400, "json"),
        ({"format": 99}, 400, "format"),
        ({"format": "2"}, 400, "format"),
        ({"items": {}}, 400, "json"),
        ({"waiting": "x"}, 400, "json"),
        ({"items": [{}] * 61}, 413, "size"),
        ({"more": "x" * 300_000}, 413, "size"),
    ],
)
def test_a_sending_that_cannot_be_taken_as_a_whole_says_why(fields, status, code, phone):
    answer = phone(**fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


STRANGE = [
    "\0",
    "x" * 10_000,
    "\ud800",
    "‮",
    "' OR 1=1 --",
    "{{7*7}}",
    "NaN",
    1e308,
    -1,
    10**400,
    [[[]]],
    {"a": 1},
    True,
]


@pytest.mark.parametrize("value", [*STRANGE, float("nan"), float("inf"), None])
def test_junk_in_any_field_is_refused_or_harmless_and_never_an_error_of_the_server(value, phone, member):
    build.loan(member)
    good = row(member.loans.get(), amount=115_000, savings={"mandatory": 10_000}, withdraw={}, note="", order=1)
    good |= {"recorded_at": None, "pieces": {}, "explanation": "", "absent": True}
    for name in good:
        answer = phone(items=[good | {name: value, "uuid": value if name == "uuid" else str(uuid4())}])
        assert answer.status_code in (201, 400, 422), (name, answer.status_code)
        told = answer.json().get("results", [answer.json()])[0]
        assert answer.status_code == 201 or told.get("message") or told["error"], name


@pytest.mark.parametrize("value", STRANGE)
def test_junk_in_what_a_telephone_tells_is_passed_over(value, phone, member):
    told = {"group": member.group_id, "on": ON.isoformat(), "count": 1, "along": False}
    answers = [phone(waiting=[told | {name: value}]) for name in told] + [phone(waiting=[value], device=value)]
    assert {one.status_code for one in answers} == {200}


def test_a_sending_carries_the_token_that_was_fetched_before_it(operator, member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    token = client.get(reverse("offline-me")).json()["csrf"]
    body = json.dumps({"format": 2, "user": operator.pk, "items": [row(member, savings={"mandatory": 10_000})]})
    facts = {"data": body, "content_type": "application/json"}
    assert client.post(SEND, **facts).status_code == 403
    assert client.post(SEND, **facts, headers={"X-CSRFToken": token}).status_code == 201
    as_form = client.post(SEND, {"items": "x"}, headers={"X-CSRFToken": token})
    assert (as_form.status_code, as_form.json()["code"]) == (400, "json")


def test_after_the_session_ended_the_same_person_sends_the_same_queue_once(operator, member):
    client, items = Client(), [row(member, savings={"mandatory": n}) for n in range(1, 11)]
    body = json.dumps({"format": 2, "user": operator.pk, "items": items})
    answers = []
    for is_in in (False, True, True):
        if is_in:
            client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
        answers.append(client.post(SEND, body, content_type="application/json"))
    assert [one.status_code for one in answers] == [401, 200, 200]
    assert [{one["state"] for one in answer.json()["results"]} for answer in answers[1:]] == [{"saved"}, {"there"}]
    assert Receipt.objects.count() == 10


def test_a_role_without_the_right_on_money_is_told_so(as_user, staff):
    answer = as_user(staff).post(SEND, "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "right")


def test_the_data_of_the_own_village_holds_no_nik_and_no_number_of_a_telephone(as_user, operator, member):
    member.phone = "081234567890"
    member.save()
    build.loan(member)
    text = as_user(operator).get(reverse("offline-data")).content.decode()
    assert "Norhasanah" in text
    assert member.nik not in text
    assert "081234567890" not in text


def test_the_data_is_told_once_while_it_stays_the_same(as_user, operator, member):
    client = as_user(operator)
    first = client.get(reverse("offline-data"))
    again = client.get(reverse("offline-data"), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    build.member(member.group)
    assert client.get(reverse("offline-data"), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_kecamatan_of_an_assisted_village_keeps_none_of_it_in_a_telephone(as_user, district_officer, member):
    member.village.is_assisted = True
    member.village.save()
    told = as_user(district_officer).get(reverse("offline-data")).json()
    assert (told["village"], told["groups"], told["lines"]) == (None, [], [])


def test_an_operator_of_two_villages_keeps_both(as_user, member, elsewhere):
    other = build.member(build.group(elsewhere))
    both = build.user(Role.OPERATOR, member.village.code, elsewhere.code)
    told = as_user(both).get(reverse("offline-data")).json()
    assert {line["key"] for line in told["lines"]} == {f"m{member.pk}", f"m{other.pk}"}
