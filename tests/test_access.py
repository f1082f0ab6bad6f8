"""Every URL × every role × an own and a foreign row. A URL that is missing from the table fails the first test."""

from copy import deepcopy
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Assignment, Change
from loans import services
from loans.models import Loan, Receipt
from tests import build
from tests.access_table import AREAS, FOREIGN, LISTS, OPEN, ROLES, TABLE, TOLD, VERBS, args_of, rows_in
from up2k_portal.lib.access import Role
from villages.models import Member


def status_of(client, url: str) -> int:
    answer = client.get(url)
    assert b"".join(answer) or answer.status_code == 302  # a file is read to its end, which closes it
    return answer.status_code


def names_of(patterns) -> set[str]:
    found = set()
    for one in patterns:
        if isinstance(one, URLResolver) and one.namespace != "admin":
            found |= names_of(one.url_patterns)
        elif isinstance(one, URLPattern):
            found.add(one.name)
    return found


def test_every_url_stands_in_the_table():
    assert names_of(get_resolver().url_patterns) == set(TABLE) | OPEN


@pytest.fixture
def sign_in(client, db):
    def _sign_in(role):
        user = build.user(role, AREAS[role])
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _sign_in


@pytest.fixture(scope="module")
def kept(keep_rows):
    codes = {build.PANDULANGAN, build.OTHER_PANDULANGAN, *FOREIGN.values()}
    yield from keep_rows(lambda: {code: rows_in(code) for code in sorted(codes)})


@pytest.fixture
def rows_by_village(kept, db):
    """Villages by code with a row of each kind: her own, a foreign one for each role."""
    return deepcopy(kept)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_on_its_own_rows_what_the_table_says(role, rows_by_village, sign_in):
    rows, client = rows_by_village[build.PANDULANGAN], sign_in(role)
    expected = {name: int(statuses.split()[ROLES.index(role)]) for name, (_, statuses) in TABLE.items()}
    assert {name: status_of(client, rows.url(name)) for name in TABLE} == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_row_is_404_and_a_missing_right_403(role, rows_by_village, sign_in):
    rows, client = rows_by_village[FOREIGN[role]], sign_in(role)
    names = [name for name, (kind, _) in TABLE.items() if kind]
    expected = {name: 403 if TABLE[name][1].split()[ROLES.index(role)] == "403" else 404 for name in names}
    assert {name: status_of(client, rows.url(name)) for name in names} == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_post_on_a_foreign_row_changes_nothing(role, rows_by_village, sign_in):
    rows, client = rows_by_village[FOREIGN[role]], sign_in(role)
    before = Change.objects.count()
    facts = {
        "uuid": uuid4(),
        "amount": "50.000",
        "received_on": "30-09-2026",
        "save": "1",
        "name": "Bukan",
        "note": "x" * 20,
        "reason": "x" * 20,
        "reversed_on": "30-09-2026",
        "disbursed_on": "30-09-2026",
        "left_on": "30-09-2026",
        "left_reason": "pindah",
    }
    expected = {name: 403 if TABLE[name][1].split()[ROLES.index(role)] == "403" else 404 for name in VERBS}
    assert {name: client.post(rows.url(name), facts).status_code for name in VERBS} == expected
    assert Change.objects.count() == before


def test_a_foreign_row_and_one_that_does_not_exist_answer_alike(rows_by_village, sign_in):
    rows, client = rows_by_village[build.OTHER_PANDULANGAN], sign_in(Role.OPERATOR)
    foreign = client.get(reverse("member", args=[rows.member.pk]))
    missing = client.get(reverse("member", args=[10**9]))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


@pytest.mark.parametrize("name", sorted(set(TABLE) - TOLD))
def test_a_stranger_is_sent_to_the_login(name, client, db):
    kind, _ = TABLE[name]
    url = reverse(name, args=args_of(name, uuid4() if kind == "file" else 1) if kind else [])
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"/masuk/?next={url}")


@pytest.mark.parametrize("name", LISTS)
def test_lists_filters_and_exports_show_no_foreign_row(name, rows_by_village, sign_in):
    own, foreign = rows_by_village[build.PANDULANGAN], rows_by_village[build.OTHER_PANDULANGAN]
    client = sign_in(Role.OPERATOR)
    listed = client.get(reverse(name), {"format": "json"}).json()
    assert {row["village_code"] for row in listed["results"]} == {build.PANDULANGAN}
    page = client.get(reverse(name)).content.decode()
    for text in (foreign.group.name, foreign.member.name, "Kec. Banjang"):
        assert text not in page
    assert own.group.name in page or own.member.name in page


def test_a_foreign_area_gets_no_workbook(sign_in):
    client = sign_in(Role.OPERATOR)
    build.village()
    response = client.get(reverse("export-download"), {"period": "2026-TW2", "area": "63.08"})
    assert response.status_code == 404


def test_the_kecamatan_enters_money_only_for_villages_it_assists(rows_by_village, sign_in):
    rows, client = rows_by_village[build.PANDULANGAN], sign_in(Role.DISTRICT)
    url = rows.url("payment-add")
    assert client.get(url).status_code == 404
    village = rows.group.village
    village.is_assisted = True
    village.save()
    assert client.get(url).status_code == 200


def test_who_serves_two_villages_sees_both_and_no_third(client, db):
    served = [build.PANDULANGAN, build.OTHER_PANDULANGAN]
    for code in (*served, "63.08.03.2001"):
        rows_in(code)
    client.force_login(build.user(Role.OPERATOR, *served), backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(reverse("loan-list"), {"format": "json"}).json()["results"]
    assert {row["village_code"] for row in listed} == set(served)


def test_a_closed_assignment_counts_at_the_next_request(sign_in):
    client = sign_in(Role.OPERATOR)
    build.village()
    assert client.get(reverse("member-list")).status_code == 200
    Assignment.objects.update(ends_on="2026-09-29")
    assert client.get(reverse("member-list")).status_code == 403


def test_a_foreign_group_smuggled_into_a_form_is_refused(rows_by_village, sign_in):
    own, foreign = rows_by_village[build.PANDULANGAN], rows_by_village[build.OTHER_PANDULANGAN]
    client = sign_in(Role.OPERATOR)
    facts = {
        "group": foreign.group.pk,
        "name": "Selundupan",
        "sex": "P",
        "joined_on": "1-9-2026",
        "welfare": "poor",
        "nik_missing_reason": "belum rekam",
        "poklak": foreign.poklak.pk,
    }
    response = client.post(reverse("member-add", args=[own.group.pk]), facts)
    assert response.status_code == 200
    assert not Member.objects.filter(name="Selundupan").exists()


def test_a_foreign_product_cannot_be_lent_on(rows_by_village, sign_in):
    own, foreign = rows_by_village[build.PANDULANGAN], rows_by_village[build.OTHER_PANDULANGAN]
    client = sign_in(Role.OPERATOR)
    before = Loan.objects.count()
    facts = {
        "uuid": uuid4(),
        "product": foreign.loan.product.pk,
        "principal": "500.000",
        "purpose": "x",
        "proposed_on": "1-9-2026",
    }
    response = client.post(reverse("loan-propose", args=[own.member.pk]), facts)
    assert (response.status_code, Loan.objects.count()) == (200, before)


def test_a_key_of_another_village_replays_nothing_of_it(rows_by_village):
    own, foreign = rows_by_village[build.PANDULANGAN], rows_by_village[build.OTHER_PANDULANGAN]
    key, before = foreign.receipt.uuid, Receipt.objects.count()
    with pytest.raises(services.ValidationError):
        build.payment(own.loan, foreign.receipt.amount, foreign.receipt.received_on, uuid=key)
    assert Receipt.objects.count() == before
