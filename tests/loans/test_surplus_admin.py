"""The surplus in the admin: everyone's own area, to read alone."""

import pytest
from django.urls import reverse

from loans.models import (
    PaudTeacher,
    SurplusAllotment,
    SurplusDistribution,
    SurplusLine,
    SurplusPayment,
    SurplusPost,
    SurplusScheme,
)
from tests import build
from tests.loans import build_surplus
from tests.loans.test_month_pages import text
from up2k_portal.lib.access import Role

MODELS = (SurplusScheme, PaudTeacher, SurplusDistribution, SurplusLine, SurplusPayment)


def url(model, page="changelist", *args):
    return reverse(f"admin:loans_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def rows(member, elsewhere):
    """Of the own village, and of a village of another kecamatan."""
    build_surplus.rows_for_admin(member)
    build_surplus.rows_for_admin(build.member(build.group(elsewhere, name="UP2K Mawar")))


@pytest.mark.parametrize("model", MODELS)
def test_a_kecamatan_sees_its_own_alone(rows, model, district_officer, as_user, member):
    client = as_user(district_officer)
    found = client.get(url(model)).context["cl"].result_list
    assert [row.village for row in found] == [member.village]
    foreign = model.objects.exclude(village=member.village).get()
    assert client.get(url(model, "change", foreign.pk)).status_code == 404


@pytest.mark.parametrize("model", MODELS)
def test_nobody_writes_here(rows, model, regency_admin, as_user):
    client, row = as_user(regency_admin), model.objects.first()
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "change", row.pk), {"name": "Lain", "year": 2020}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.count() == 2


def test_a_sharing_tells_its_meeting_and_posts_and_a_scheme_its_percents(rows, regency_admin, as_user):
    client = as_user(regency_admin)
    page = text(client.get(url(SurplusDistribution, "change", SurplusDistribution.objects.first().pk)))
    assert "01/BA-SHU/AS/2026" in page
    assert SurplusAllotment.objects.first().name in page
    page = text(client.get(url(SurplusScheme, "change", SurplusScheme.objects.first().pk)))
    assert SurplusPost.objects.first().name in page
    assert ">100<" in client.get(url(SurplusScheme, "change", SurplusScheme.objects.first().pk)).content.decode()


def test_an_operator_does_not_come_in(rows, pandulangan, as_user):
    client = as_user(build.user(Role.OPERATOR, pandulangan.code))
    assert client.get(url(SurplusDistribution)).status_code == 403
