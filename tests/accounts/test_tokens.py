"""Read tokens: exactly what the owner may see, for reading alone, until they or the owner's assignment end."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, Change, ReadToken
from accounts.tokens import find_token, make_token, revoke_token
from tests import build

UNTIL = date(2026, 12, 31)
JSON = {"format": "json"}


@pytest.fixture(autouse=True)
def _no_wrong_tokens_yet():
    cache.clear()


@pytest.fixture
def token_of(client):
    """The client's answer to an address asked with a new token of this person."""

    def make(user):
        return make_token(name="dasbor", expires_on=UNTIL, by=user)[1]

    return make


def bearer(token: str) -> dict:
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def test_it_is_shown_once_and_kept_as_a_hash_alone(operator, as_user):
    client = as_user(operator)
    page = client.post(reverse("token-add"), {"name": "dasbor", "expires_on": "31-12-2026"}).content.decode()
    row = ReadToken.objects.get()
    token = page.split('readonly value="')[1].split('"')[0]
    assert (row.user, row.name, row.expires_on) == (operator, "dasbor", UNTIL)
    assert row.digest == sha256(token.encode()).hexdigest()
    assert token not in str([vars(one) for one in (*ReadToken.objects.all(), *Change.objects.all())])
    assert token not in client.get(reverse("tokens")).content.decode()


def test_it_opens_what_its_owner_sees_and_no_more(group, elsewhere, operator, client, token_of):
    own, foreign = build.member(group), build.member(build.group(elsewhere))
    answer = client.get(reverse("member-list"), JSON, **bearer(token_of(operator)))
    assert [row["name"] for row in answer.json()["results"]] == [own.name]
    assert foreign.name not in answer.content.decode()
    assert client.get(
        reverse("indicators"), JSON | {"wilayah": elsewhere.code}, **bearer(token_of(operator))
    ).json() == {"error": "Tidak ada, atau di luar wilayah pemilik token."}


def test_it_gives_excel_too(group, operator, client, token_of):
    answer = client.get(reverse("group-list"), {"format": "xlsx"}, **bearer(token_of(operator)))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_a_province_reads_figures_and_no_persons(member, province_reader, client, token_of):
    token = token_of(province_reader)
    assert client.get(reverse("indicators"), JSON, **bearer(token)).status_code == 200
    refused = client.get(reverse("member-list"), JSON, **bearer(token))
    assert (refused.status_code, refused.json()) == (403, {"error": "Pemilik token tidak berhak membuka ini."})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_writes_nothing(method, member, operator, client, token_of):
    url = f"{reverse('member-edit', args=[member.pk])}?format=json"
    answer = getattr(client, method)(url, **bearer(token_of(operator)))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("name", ["home", "password", "simulation"])
def test_it_opens_no_page(name, operator, client, token_of):
    token = token_of(operator)
    assert client.get(reverse(name), **bearer(token)).status_code == 406
    answer = client.get(reverse(name), JSON, **bearer(token))
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")


def test_it_opens_neither_the_admin_nor_a_photo(member, regency_admin, operator, client, token_of):
    answer = client.get("/admin/", JSON, **bearer(token_of(regency_admin)))
    assert answer.status_code == 406
    photo = build.photo(member)
    answer = client.get(reverse("file", args=[photo.uuid]), JSON, **bearer(token_of(operator)))
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")


def test_a_session_beside_it_does_not_widen_it(group, elsewhere, operator, staff, as_user, token_of):
    build.group(elsewhere, name="UP2K Jauh")
    client = as_user(staff)
    answer = client.get(reverse("group-list"), JSON, **bearer(token_of(operator)))
    assert [row["name"] for row in answer.json()["results"]] == ["UP2K As Syifa"]


def test_a_revoked_one_opens_nothing(operator, as_user, token_of):
    token = token_of(operator)
    as_user(operator).post(reverse("token-revoke", args=[ReadToken.objects.get().pk]))
    assert find_token(token) is None


def test_an_expired_one_opens_nothing(operator, client, token_of):
    token = token_of(operator)
    ReadToken.objects.update(expires_on=date(2026, 9, 29))
    answer = client.get(reverse("member-list"), JSON, **bearer(token))
    assert answer.status_code == 401
    assert answer.json() == {"error": "Token tidak dikenal, sudah dicabut, atau sudah lewat masanya."}


def test_it_is_good_on_its_last_day(operator, token_of):
    token = token_of(operator)
    ReadToken.objects.update(expires_on=date(2026, 9, 30))
    assert find_token(token) is not None


def test_it_ends_with_the_person_and_with_her_assignment(member, operator, client, token_of):
    token = token_of(operator)
    Assignment.objects.update(ends_on="2026-09-29")
    assert client.get(reverse("member-list"), JSON, **bearer(token)).status_code == 403
    Assignment.objects.update(ends_on=None)
    operator.is_active = False
    operator.save()
    assert client.get(reverse("member-list"), JSON, **bearer(token)).status_code == 401


def test_after_twenty_wrong_ones_the_address_waits(operator, client, token_of):
    codes = [client.get(reverse("group-list"), JSON, **bearer(f"up2k_{n}")).status_code for n in range(21)]
    assert codes == [401] * 20 + [429]
    answer = client.get(reverse("group-list"), JSON, **bearer(token_of(operator)), REMOTE_ADDR="10.1.1.1")
    assert answer.status_code == 200


def test_its_use_is_noted_once_an_hour(operator, token_of):
    token = token_of(operator)
    find_token(token)
    first = ReadToken.objects.get().last_used_at
    find_token(token)
    assert ReadToken.objects.get().last_used_at == first
    ReadToken.objects.update(last_used_at=timezone.now() - timedelta(hours=2))
    find_token(token)
    assert ReadToken.objects.get().last_used_at >= first


def test_making_and_revoking_stand_in_the_history(operator, token_of):
    token_of(operator)
    row = ReadToken.objects.get()
    revoke_token(token=row, by=operator)
    revoke_token(token=row, by=operator)
    told = Change.objects.filter(model="accounts.readtoken").order_by("pk")
    assert [(one.kind, one.user, one.reason) for one in told] == [
        ("created", operator, ""), ("changed", operator, "token dicabut"),
    ]  # fmt: skip
    assert row.digest not in str([(one.before, one.after) for one in told])


def test_nobody_else_sees_or_revokes_it(operator, regency_admin, as_user, token_of):
    token_of(operator)
    client, row = as_user(regency_admin), ReadToken.objects.get()
    assert "Belum ada token." in client.get(reverse("tokens")).content.decode()
    assert client.post(reverse("token-revoke", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("day", [date(2026, 9, 29), date(2027, 10, 2)])
def test_it_is_made_for_a_year_at_most(day, operator):
    with pytest.raises(ValidationError, match="dari hari ini sampai 1 Oktober 2027"):
        make_token(name="dasbor", expires_on=day, by=operator)


def test_an_eleventh_valid_one_is_refused(operator, token_of):
    for _ in range(10):
        token_of(operator)
    with pytest.raises(ValidationError, match="Anda sudah punya 10 token yang berlaku"):
        token_of(operator)


def test_the_form_says_what_is_wrong(operator, as_user):
    page = as_user(operator).post(reverse("token-add"), {"name": "", "expires_on": "1-1-2030"}).content.decode()
    assert "Dipakai untuk belum diisi." in page
    page = as_user(operator).post(reverse("token-add"), {"name": "x", "expires_on": "1-1-2030"}).content.decode()
    assert "Pilih tanggal dari hari ini sampai 1 Oktober 2027." in page
