"""Enterprises: one owner, of the same group; where they sell; whether they run."""

from datetime import date

import pytest
from django.urls import reverse

from enterprises.models import Category, Enterprise
from tests import build
from tests.enterprises import build as made


@pytest.fixture
def entry(db):
    category, _ = Category.objects.get_or_create(name="Bordir")
    return {"name": "Bordir Norhasanah", "category": category.pk}


def test_hsus_own_kinds_of_business_are_there_from_the_start(db):
    names = set(Category.objects.values_list("name", flat=True))
    assert {"Bordir", "Itik Alabio", "Kerupuk", "Kue kering", "Warung", "Anyaman purun", "Lampit rotan"} <= names


def test_an_enterprise_of_a_member_is_entered(member, operator, as_user, entry):
    facts = {"member": member.pk, "workers": "3", "is_flagship": "on", "sells_locally": "on", "sells_online": "on"}
    as_user(operator).post(reverse("enterprise-add", args=[member.group.pk]), entry | facts)
    one = Enterprise.objects.get()
    assert (one.owner, one.village, one.group) == (member, member.village, member.group)
    assert (one.workers, one.is_flagship, one.channel_words) == (3, True, "Lokal, Daring")


@pytest.mark.parametrize("owners", ["none", "both"])
def test_it_has_exactly_one_owner(owners, member, operator, as_user, entry):
    chosen = {} if owners == "none" else {"member": member.pk, "poklak": build.poklak(member.group).pk}
    page = as_user(operator).post(reverse("enterprise-add", args=[member.group.pk]), entry | chosen)
    assert page.context["form"].non_field_errors() == ["Pilih satu pemilik: anggota atau poklak."]
    assert not Enterprise.objects.exists()


def test_an_owner_of_another_group_is_refused(member, operator, as_user, entry):
    stranger = build.member(build.group(member.village))
    page = as_user(operator).post(reverse("enterprise-add", args=[member.group.pk]), entry | {"member": stranger.pk})
    assert "member" in page.context["form"].errors
    assert not Enterprise.objects.exists()


def test_it_cannot_stop_before_it_began(member, operator, as_user, entry):
    days = {"member": member.pk, "started_on": "1-9-2026", "closed_on": "31-8-2026"}
    page = as_user(operator).post(reverse("enterprise-add", args=[member.group.pk]), entry | days)
    words = "Tanggal berhenti harus sama dengan atau sesudah mulai usaha."
    assert page.context["form"].non_field_errors() == [words]


@pytest.mark.parametrize(
    ("fields", "runs"),
    [
        ({}, True),
        ({"started_on": date(2026, 9, 30)}, True),
        ({"started_on": date(2026, 10, 1)}, False),
        ({"closed_on": date(2026, 9, 30)}, False),
        ({"closed_on": date(2026, 10, 1)}, True),
    ],
)
def test_who_stops_on_a_day_is_out_on_it(fields, runs, member):
    build.enterprise(member, **fields)
    assert Enterprise.objects.running_on(date(2026, 9, 30)).exists() is runs


def test_an_enterprise_runs_no_longer_than_its_owner_stays(group):
    gone = build.member(group, left_on=date(2026, 8, 15), left_reason="pindah")
    build.enterprise(gone)
    assert not Enterprise.objects.running_on(date(2026, 9, 1)).exists()
    assert Enterprise.objects.running_between(date(2026, 8, 1), date(2026, 8, 31)).exists()


# the list


def names(client, **asked):
    rows = client.get(reverse("enterprise-list"), asked | {"format": "json"}).json()["results"]
    return {row["name"] for row in rows}


@pytest.fixture
def three(group):
    """Bordir with a good NIB, Itik with one that ends in a month, Warung with a P-IRT that has ended."""
    bordir, itik, warung = (
        build.enterprise(build.member(group, name=owner), name=name, **fields)
        for name, owner, fields in (
            ("Bordir", "Aminah", {"is_flagship": True, "sells_locally": True, "sells_online": True}),
            ("Itik", "Barsiah", {"sells_outside": True, "sells_locally": True}),
            ("Warung", "Hamidah", {}),
        )
    )
    made.permit(bordir)
    made.permit(itik, expires_on=date(2026, 10, 31))
    made.permit(warung, "pirt", expires_on=date(2026, 9, 29))
    made.product(itik, name="telur asin")
    made.result(bordir, 202607, 900_000)
    made.result(bordir, 202608, 750_000)
    return bordir, itik, warung


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"permit": "nib"}, {"Bordir", "Itik"}),
        ({"permit": "pirt"}, set()),
        ({"permit": "renew"}, {"Itik", "Warung"}),
        ({"flagship": "yes"}, {"Bordir"}),
        ({"flagship": "no"}, {"Itik", "Warung"}),
        ({"channel": "sells_locally"}, {"Bordir", "Itik"}),
        ({"channel": "sells_outside"}, {"Itik"}),
        ({"channel": "sells_online"}, {"Bordir"}),
        ({"q": "asin"}, {"Itik"}),
        ({"q": "hamid"}, {"Warung"}),
    ],
)
def test_the_list_is_asked_for_permits_flagships_and_markets(asked, found, three, operator, as_user):
    assert names(as_user(operator), **asked) == found


def test_the_list_filters_by_category(three, operator, as_user):
    category = Category.objects.create(name="Itik")
    Enterprise.objects.filter(name="Itik").update(category=category)
    assert names(as_user(operator), category=category.pk) == {"Itik"}


def test_a_row_tells_products_permits_and_the_last_turnover(three, operator, as_user):
    rows = as_user(operator).get(reverse("enterprise-list"), {"format": "json"}).json()["results"]
    assert rows[0] == {
        "id": three[0].pk,
        "village_code": build.PANDULANGAN,
        "name": "Bordir",
        "category": "Bordir",
        "owner": "Aminah",
        "group": "UP2K As Syifa",
        "village": "Desa Pandulangan — Kec. Sungai Pandan",
        "products": "",
        "is_flagship": "ya",
        "permits": "NIB",
        "workers": None,
        "started_on": None,
        "last_period": "2026-08",
        "last_turnover": 750_000,
    }
    assert (rows[1]["products"], rows[2]["permits"]) == ("telur asin", "P-IRT (kedaluwarsa)")


def test_a_permit_renewed_is_told_once(three, operator, as_user):
    made.permit(three[0], number="9999")
    rows = as_user(operator).get(reverse("enterprise-list"), {"format": "json"}).json()["results"]
    assert rows[0]["permits"] == "NIB"
