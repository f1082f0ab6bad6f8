"""The queue of doubles: what stands in it, who sees it, how it is answered."""

from datetime import date

import pytest
from django.urls import reverse

from tests import build
from tests.test_lists import queries_of, sheet_of
from up2k_portal.lib.access import Role
from villages.models import Member, PersonDecision

QUEUE = reverse("people-doubles")
NIK = "6308035203852514"
# Session, user, assignments, the name of the place; kecamatan; suspicious rows, judgements, their rows, loans.
QUERIES = 9


@pytest.fixture
def twice(group, elsewhere):
    """One NIK in two villages; the older row borrowed once and paid, the younger left."""
    first = build.member(group, name="Norhasanah", nik=NIK)
    second = build.member(
        build.group(elsewhere, name="UP2K Mawar"),
        name="Hj. Norhasanah",
        nik=NIK,
        left_on=date(2026, 5, 1),
        left_reason="pindah",
    )
    build.loan(first)
    return first, second


@pytest.fixture
def alike(group):
    return [
        build.member(group, name=name, nik=nik, nik_missing_reason="KTP hilang", birth_date=date(1990, 5, 17))
        for name, nik in (("Siti Maulida", build.nik(77, born=date(1990, 5, 17))), ("St. Maulida", None))
    ]


@pytest.fixture
def legacy(group):
    """From before the NIK was checked: stored past every form."""
    return build.member(group, name="Basrah", nik="0000000000000000", birth_date=None)


def listed(client, **asked):
    return client.get(QUEUE, asked | {"format": "json"}).json()["results"]


def judge(client, name, first, second, reason="KTP dan KK sama"):
    return client.post(reverse(name, args=[f"{first.pk}-{second.pk}"]), {"reason": reason})


def test_three_kinds_of_case_stand_in_the_queue(twice, alike, legacy, staff, as_user):
    found = [(row["id"], row["kind"]) for row in listed(as_user(staff))]
    assert found == [
        (f"{twice[0].pk}-{twice[1].pk}", "NIK sama"),
        (f"{alike[0].pk}-{alike[1].pk}", "Nama dan tanggal lahir sama"),
        (str(legacy.pk), "NIK tidak benar"),
    ]


def test_ordinary_members_are_no_case(group, elsewhere, staff, as_user):
    for one in (group, build.group(elsewhere)):
        build.member(one)
    assert listed(as_user(staff)) == []
    assert "Tidak ada yang perlu diperiksa." in as_user(staff).get(QUEUE).content.decode()


def test_a_case_tells_both_rows_with_the_nik_masked(twice, staff, as_user):
    (row,) = listed(as_user(staff))
    assert row == {
        "id": f"{twice[0].pk}-{twice[1].pk}",
        "village_codes": [build.PANDULANGAN, build.OTHER_PANDULANGAN],
        "names": "Norhasanah / Hj. Norhasanah",
        "kind": "NIK sama",
        "first_name": "Norhasanah",
        "first_born": "1985-03-12",
        "first_nik": "••••2514",
        "first_group": "UP2K As Syifa",
        "first_village": "Desa Pandulangan — Kec. Sungai Pandan",
        "first_joined_on": "2020-01-06",
        "first_left_on": None,
        "first_loans": 1,
        "second_name": "Hj. Norhasanah",
        "second_born": "1985-03-12",
        "second_nik": "••••2514",
        "second_group": "UP2K Mawar",
        "second_village": "Desa Pandulangan — Kec. Banjang",
        "second_joined_on": "2020-01-06",
        "second_left_on": "2026-05-01",
        "second_loans": 0,
    }


def test_page_excel_and_json_show_the_same_cases_and_no_whole_nik(twice, alike, legacy, staff, as_user):
    client = as_user(staff)
    names = [row["names"] for row in listed(client)]
    page = client.get(QUEUE).content.decode()
    sheet = [[cell.value for cell in row] for row in sheet_of(client.get(QUEUE, {"format": "xlsx"}))]
    assert all(name in page for name in names)
    assert [row[0] for row in sheet if row[0] in names] == names
    assert NIK not in page + str(sheet) + str(listed(client))


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_queue_costs_the_same_queries_for_any_number_of_cases(rows, group, elsewhere, staff, as_user):
    other = build.group(elsewhere)
    for number in range(rows):
        member = build.member(group, birth_date=date(1980, 1, 1 + number))
        build.member(other, nik=member.nik)
    assert queries_of(as_user(staff), QUEUE) == QUERIES


def test_the_page_has_25_and_json_all(group, elsewhere, staff, as_user):
    other = build.group(elsewhere)
    for number in range(27):
        build.member(other, nik=build.member(group, birth_date=date(1980, 1, 1 + number)).nik)
    page = as_user(staff).get(QUEUE)
    assert (page.context["page_text"], len(listed(as_user(staff)))) == ("1–25 dari 27", 27)


def test_filters_narrow_page_and_export_alike(twice, alike, legacy, elsewhere, staff, as_user):
    client = as_user(staff)
    for asked, names in (
        ({"kind": "bad_nik"}, ["Basrah"]),
        ({"kind": "alike"}, ["Siti Maulida / St. Maulida"]),
        ({"district": elsewhere.district_id}, ["Norhasanah / Hj. Norhasanah"]),
        ({"q": "maul"}, ["Siti Maulida / St. Maulida"]),
        ({"sort": "names"}, ["Basrah", "Norhasanah / Hj. Norhasanah", "Siti Maulida / St. Maulida"]),
        ({"q": "maul", "kind": "bad_nik"}, []),
    ):
        assert [row["names"] for row in listed(client, **asked)] == names
        assert [case.names for case in client.get(QUEUE, asked).context["table"].data.data] in (names, sorted(names))


@pytest.mark.parametrize("asked", ["?page=99999", "?page=x", "?sort=zzz", "?sort=-first", "?q='--", "?lain=1"])
def test_a_strange_question_is_answered_calmly(asked, twice, staff, as_user):
    for form in ("", "&format=json", "&format=xlsx"):
        response = as_user(staff).get(QUEUE + asked + form)
        assert response.status_code == 200
        assert b"".join(response)


def test_a_filter_that_cannot_be_shows_no_cases(twice, staff, as_user):
    client = as_user(staff)
    page = client.get(QUEUE, {"kind": "x"})
    assert "Masukkan pilihan yang valid." in page.content.decode()
    assert len(page.context["table"].rows) == 0
    assert client.get(QUEUE, {"kind": "x", "format": "json"}).status_code == 400


def test_a_kabupaten_sees_no_case_that_lies_half_outside(group, as_user, staff):
    outside = build.group(build.village("63.09.01.2001"))
    build.member(outside, nik=build.member(group, nik=NIK).nik)
    assert listed(as_user(staff)) == []
    assert len(listed(as_user(build.user(Role.ADMIN, "63.08", "63.09")))) == 1


def test_the_case_page_shows_both_side_by_side_and_asks(twice, staff, as_user):
    page = as_user(staff).get(reverse("people-case", args=[f"{twice[0].pk}-{twice[1].pk}"]))
    words = page.content.decode()
    for text in ("UP2K As Syifa", "UP2K Mawar", "••••2514", "NIK keduanya sama.", "1 kali", "belum pernah"):
        assert text in words
    assert [one.label for one in page.context["actions"]] == ["Orang yang sama", "Orang berbeda"]
    assert NIK not in words


@pytest.mark.parametrize("pair", ["1", "1-1", "a-b", "1-2-3", "999999-999998", f"{10**30}-1", "0-1"])
def test_a_pair_that_is_none_is_404(pair, twice, staff, as_user):
    assert as_user(staff).get(reverse("people-case", args=[pair])).status_code == 404


def test_the_same_person_leaves_the_queue_and_comes_back_when_undone(twice, staff, as_user):
    client = as_user(staff)
    answer = judge(client, "people-merge", *twice)
    assert (answer.status_code, answer.url) == (302, QUEUE)
    assert listed(client) == []
    page = client.get(reverse("people-case", args=[f"{twice[0].pk}-{twice[1].pk}"]))
    assert "Dicatat sebagai orang yang sama." in page.content.decode()
    assert page.context["actions"] == []
    undo = reverse("people-undo", args=[PersonDecision.objects.get().pk])
    assert undo in page.content.decode()
    client.post(undo, {"reason": "ternyata bibinya"})
    assert [row["kind"] for row in listed(client)] == ["NIK sama"]
    assert set(Member.objects.values_list("person", flat=True)) == {None}


def test_different_persons_leave_the_queue_and_come_back_when_reopened(alike, staff, as_user):
    client = as_user(staff)
    judge(client, "people-dismiss", *alike)
    assert listed(client) == []
    client.post(reverse("people-undo", args=[PersonDecision.objects.get().pk]), {"reason": "salah memutuskan"})
    assert len(listed(client)) == 1


def test_a_decision_needs_a_reason(twice, staff, as_user):
    page = judge(as_user(staff), "people-merge", *twice, reason="sama")
    assert page.context["form"].errors["reason"] == [
        "Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “KTP dan KK sama”."
    ]
    assert not PersonDecision.objects.exists()


def test_a_bad_nik_is_mended_on_her_own_page(legacy, staff, as_user):
    client = as_user(staff)
    edit = reverse("member-edit", args=[legacy.pk])
    assert f'href="{edit}"' in client.get(QUEUE).content.decode()
    assert "NIK tidak boleh nol semua." in client.get(legacy.get_absolute_url()).content.decode()
    facts = {"name": "Basrah", "nik": NIK, "sex": "P", "welfare": "poor", "joined_on": "6-1-2020"}
    assert client.post(edit, facts).status_code == 302
    assert listed(client) == []


@pytest.mark.parametrize("nik", ["0", "63080A5203852514", "630803520385251"])
def test_a_page_with_a_nik_that_cannot_be_opens(nik, group, operator, as_user):
    old = build.member(group, nik=nik)
    assert as_user(operator).get(old.get_absolute_url()).status_code == 200


def test_the_log_of_decisions_is_a_list_like_any_other(twice, alike, staff, as_user):
    client, url = as_user(staff), reverse("people-decisions")
    judge(client, "people-merge", *twice)
    judge(client, "people-dismiss", *alike, reason="lain orang tuanya")
    client.post(reverse("people-undo", args=[PersonDecision.objects.first().pk]), {"reason": "salah memutuskan"})
    rows = client.get(url, {"format": "json"}).json()["results"]
    assert [(row["first"], row["kind"], row["state"], row["reason"]) for row in rows] == [
        ("Siti Maulida", "Dibatalkan", "", "salah memutuskan"),
        ("Siti Maulida", "Orang berbeda", "sudah dibatalkan", "lain orang tuanya"),
        ("Norhasanah", "Orang yang sama", "", "KTP dan KK sama"),
    ]
    asked = client.get(url, {"kind": "same", "format": "json"}).json()["results"]
    assert [row["first"] for row in asked] == ["Norhasanah"]
    assert client.get(url, {"q": "maulida", "format": "json"}).json()["count"] == 2
    near = client.get(url, {"district": twice[1].village.district_id, "format": "json"}).json()
    assert [row["second"] for row in near["results"]] == ["Hj. Norhasanah"]
    assert "salah memutuskan" in client.get(url).content.decode()
    assert sheet_of(client.get(url, {"format": "xlsx"})).max_row > 5


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_log_costs_the_same_queries_for_any_number_of_rows(rows, group, elsewhere, staff, as_user):
    other = build.group(elsewhere)
    for _ in range(rows):
        build.decision(build.member(group), build.member(other), by=staff)
    assert queries_of(as_user(staff), reverse("people-decisions")) == 7


def test_the_kabupaten_is_told_on_its_first_page_how_many_wait(twice, alike, staff, operator, as_user):
    words = "2 perkara menunggu: mungkin tercatat dua kali, atau NIK tidak benar."
    page = as_user(staff).get("/").content.decode()
    assert words in page
    assert f'href="{QUEUE}"' in page
    page = as_user(operator).get("/").content.decode()
    assert "perkara menunggu" not in page
    assert QUEUE not in page
