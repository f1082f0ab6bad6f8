"""Enterprises: one owner, of the same group."""

import pytest
from django.urls import reverse

from enterprises.models import Category, Enterprise
from tests import build


@pytest.fixture
def entry(db):
    return {
        "name": "Bordir Norhasanah",
        "category": Category.objects.get(name="Bordir").pk,
        "products": "mukena bordir",
    }


def test_hsus_own_kinds_of_business_are_there_from_the_start(db):
    names = set(Category.objects.values_list("name", flat=True))
    assert {"Bordir", "Itik Alabio", "Kerupuk", "Kue kering", "Warung", "Anyaman purun", "Lampit rotan"} <= names


def test_an_enterprise_of_a_member_is_entered(member, operator, as_user, entry):
    as_user(operator).post(reverse("enterprise-add", args=[member.group.pk]), entry | {"member": member.pk})
    one = Enterprise.objects.get()
    assert (one.owner, one.village, one.group) == (member, member.village, member.group)


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
