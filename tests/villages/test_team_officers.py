"""Who leads a TP PKK is printed under the reports of its area, as it was on the day of signing."""

from datetime import date

import pytest
from django.urls import reverse

from reports.figures import live_report
from reports.periods import parse_period
from villages.models import TeamOfficer

TW2 = parse_period("2026-TW2")


def signers(area="63.08"):
    report = live_report(area_code=area, period=TW2, made_by="Rahmah", made_at="30 September 2026")
    return report.chair, report.pokja_2


@pytest.fixture
def team(pandulangan):
    for name, since, until in (
        ("Hj. Anisah", date(2020, 1, 1), date(2025, 2, 19)),
        ("Hj. Rusdiana", date(2025, 2, 20), None),
    ):
        TeamOfficer.objects.create(area_code="63.08", office="chair", name=name, since=since, until=until)


def test_only_who_is_in_office_signs(team):
    assert signers() == ("Hj. Rusdiana", "")


def test_a_kecamatan_has_its_own(team, elsewhere):
    TeamOfficer.objects.create(area_code="63.08.03", office="pokja_2", name="Norlaila", since=date(2025, 3, 1))
    assert (signers("63.08.03"), signers("63.08.07")) == (("", "Norlaila"), ("", ""))


def test_staff_enters_them_for_their_own_areas_only(team, staff, as_user):
    client, add = as_user(staff), reverse("admin:villages_teamofficer_add")
    facts = {"area_code": "63.09", "office": "pokja_2", "name": "Norlaila", "since": "01-03-2025", "until": ""}
    text = client.post(add, facts).content.decode()
    assert "Kode wilayah 63.09 tidak ada di wilayah Anda. Pakai kode di dalam 63.08." in text
    client.post(add, facts | {"area_code": "63.08"})
    assert signers() == ("Hj. Rusdiana", "Norlaila")


def test_an_operator_and_the_province_enter_none(team, operator, province_reader, as_user):
    for person in (operator, province_reader):
        answer = as_user(person).get(reverse("admin:villages_teamofficer_add"))
        assert answer.status_code in (302, 403)
