"""Groups: what is counted, the level as assessed then, entry."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests import build
from villages.models import Group, Village


def test_only_up2k_groups_that_exist_and_are_not_for_practice_are_counted(pandulangan):
    counted = build.group(pandulangan, name="A")
    build.group(pandulangan, name="B", programme="uppka")
    build.group(pandulangan, name="C", is_practice=True)
    build.group(pandulangan, name="D", closed_on=date(2026, 9, 30))
    build.group(pandulangan, name="E", founded_on=date(2026, 10, 1))
    assert list(Group.objects.counted(date(2026, 9, 30))) == [counted]


def test_the_level_is_the_one_assessed_last_by_that_day(group):
    build.assessment(group, "PEMULA", date(2015, 5, 1))
    build.assessment(group, "MANDIRI", date(2020, 5, 1))
    levels = {year: Group.objects.with_level(date(year, 5, 1)).get().level for year in (2014, 2015, 2019, 2020, 2026)}
    assert levels == {2014: None, 2015: "PEMULA", 2019: "PEMULA", 2020: "MANDIRI", 2026: "MANDIRI"}


def test_a_village_is_always_read_with_its_kecamatan(pandulangan, elsewhere):
    assert [village.label for village in Village.objects.order_by("code")] == [
        "Desa Pandulangan — Kec. Sungai Pandan",
        "Desa Pandulangan — Kec. Banjang",
    ]


def test_staff_enter_a_group_and_the_same_name_in_the_village_is_refused(pandulangan, staff, as_user):
    client = as_user(staff)
    facts = {"village": pandulangan.code, "name": "UP2K As Syifa", "programme": "up2k", "initials": "as"}
    client.post(reverse("group-add"), facts)
    group = Group.objects.get()
    assert (group.initials, group.village) == ("AS", pandulangan)
    page = client.post(reverse("group-add"), facts)
    assert page.context["form"].non_field_errors() == ["Kelompok dengan nama ini sudah ada di desa yang sama."]


def test_staff_assess_a_group_with_date_assessor_and_reason(group, staff, as_user):
    facts = {"level": "MADYA", "assessed_on": "30-9-2026", "assessor": "Ibu Noor", "reason": "buku lengkap"}
    as_user(staff).post(reverse("assessment-add", args=[group.pk]), facts)
    one = group.assessments.get()
    assert (one.level, one.assessed_on, one.assessor, one.village) == (
        "MADYA", date(2026, 9, 30), "Ibu Noor", group.village,
    )  # fmt: skip


def test_a_province_reads_the_group_without_a_person_in_it(group, province_reader, as_user):
    group.contact_phone = "0812-0000-1111"
    group.save()
    build.officer(group, "ketua", "Hj. Salmah")
    build.officer(group, "bendahara", "Rahmawati")
    build.officer(group, "sekretaris", "Ernawati", until=date(2020, 1, 1))
    build.poklak(group, name="Melati")
    page = as_user(province_reader).get(group.get_absolute_url()).content.decode()
    for text in ("Hj. Salmah", "Rahmawati", "Ernawati", "0812-0000-1111", "Melati", "Ketua"):
        assert text not in page


def test_adding_a_member_without_a_group_named_leads_to_the_only_group(group, operator, as_user):
    assert as_user(operator).get(reverse("member-new")).url == reverse("member-add", args=[group.pk])


def test_who_serves_several_groups_picks_one_first(group, operator, as_user):
    build.group(group.village)
    assert as_user(operator).get(reverse("member-new")).url == reverse("group-list")


def test_a_village_outside_the_area_is_refused_by_its_code(staff, as_user):
    build.village("63.09.01.2001")
    facts = {"village": "63.09.01.2001", "name": "UP2K As Syifa", "programme": "up2k", "initials": "as"}
    page = as_user(staff).post(reverse("group-add"), facts)
    assert page.context["form"].errors["village"] == [
        "Kode desa ini tidak ada di wilayah Anda. Tulis seperti 63.08.03.2014."
    ]
    assert "63.09.01.2001" in page.content.decode()  # what was typed stays


def test_the_form_suggests_villages_with_their_kecamatan(pandulangan, elsewhere, staff, as_user):
    page = as_user(staff).get(reverse("group-add")).content.decode()
    assert '<option value="63.08.03.2014">Desa Pandulangan — Kec. Sungai Pandan</option>' in page
    assert '<option value="63.08.07.2004">Desa Pandulangan — Kec. Banjang</option>' in page


def test_the_village_of_a_group_stays_while_the_rest_is_edited(group, elsewhere, staff, as_user):
    facts = {"village": elsewhere.code, "name": "UP2K As Syifa Baru", "programme": "up2k", "initials": "asb"}
    done = as_user(staff).post(reverse("group-edit", args=[group.pk]), facts)
    group.refresh_from_db()
    assert (done.status_code, group.name, group.initials) == (302, "UP2K As Syifa Baru", "ASB")
    assert group.village.code == build.PANDULANGAN


def test_a_province_reads_no_person_in_the_groups_history(group, staff, province_reader, as_user):
    facts = {"village": group.village.code, "name": group.name, "programme": "up2k", "initials": "AS"}
    as_user(staff).post(reverse("group-edit", args=[group.pk]), facts | {"contact_phone": "0812-0000-1985"})
    assert "0812-0000-1985" in as_user(staff).get(group.get_absolute_url()).content.decode()
    assert "0812-0000-1985" not in as_user(province_reader).get(group.get_absolute_url()).content.decode()


def test_initials_are_capitals_everywhere(group):
    group.initials = "as"
    with pytest.raises(ValidationError, match="Tulis dengan huruf besar tanpa spasi, misalnya AS."):
        group.full_clean()
