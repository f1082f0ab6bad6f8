"""Whatever an operator does with a NIK, she learns of no other village, group or member."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests import build
from up2k_portal.lib.access import Role
from villages import people_services as services
from villages.models import Member

NIK = "6308035203852514"
FAR, NEAR = build.OTHER_PANDULANGAN, "63.08.03.2001"  # another kecamatan, and the next village of her own
ENTRY = {"name": "Aminah", "nik": NIK, "sex": "P", "birth_date": "12-3-1985", "welfare": "poor", "joined_on": "1/9/26"}
ELSEWHERE = "NIK ini juga tercatat di kelompok lain. Data tetap tersimpan; kabupaten akan memeriksanya."
NOT_A_PAGE = re.compile(r"/(keluar|masuk|sandi|static)/|format=xlsx")


def hidden_member(code):
    village = build.village(code, name="Kenari Tujuh")
    return build.member(build.group(village, name="UP2K Rahasia Dua"), name="Hj. Aminah Kenari", nik=NIK, pk=987_654)


def canaries(member):
    """Everything of the other row that a page could let slip."""
    return [member.village.name, member.village.code, member.group.name, member.name, str(member.pk)]


def enter(client, group, **changed):
    return client.post(reverse("member-add", args=[group.pk]), ENTRY | changed, follow=True)


def page_texts(client, start, most=150):
    """{address: text} of every page within reach of the first, and of every list as JSON."""
    waiting, seen = [start], {}
    while waiting and len(seen) < most:
        url = waiting.pop()
        if url in seen or NOT_A_PAGE.search(url):
            continue
        answer = client.get(url)
        seen[url] = b"".join(answer).decode("utf-8", "replace")
        waiting += re.findall(r'(?:href|action)="(/[^"#]*)"', seen[url].replace("&amp;", "&"))
    return seen


def leaks(texts, member):
    return [(url, word) for url, text in texts.items() for word in canaries(member) if word in text]


@pytest.mark.parametrize("code", [FAR, NEAR])
def test_a_nik_of_elsewhere_is_saved_and_answered_in_one_sentence(code, group, operator, as_user):
    hidden = hidden_member(code)
    page = enter(as_user(operator), group)
    made = Member.objects.get(group=group)
    assert made.nik == NIK
    assert [str(one) for one in page.context["messages"]] == [ELSEWHERE, "Data Aminah tersimpan."]
    assert [word for word in canaries(hidden) if word in page.content.decode()] == []


def test_near_and_far_answer_alike(pandulangan, operator, as_user):
    answers = []
    for code in (FAR, NEAR):
        hidden_member(code)
        group = build.group(pandulangan, name="UP2K Melati")
        page = enter(as_user(operator), group)
        own = str(Member.objects.get(group=group).pk)
        answers.append((page.status_code, [str(one) for one in page.context["messages"]]))
        Member.objects.filter(nik=NIK).delete()
        Member.objects.filter(pk=own).delete()
        group.delete()
    assert answers[0] == answers[1]
    assert ELSEWHERE in answers[0][1]


def test_a_nik_of_nobody_is_answered_without_it(group, operator, as_user):
    page = enter(as_user(operator), group)
    assert ELSEWHERE not in [str(one) for one in page.context["messages"]]


def test_in_the_same_group_it_stays_a_refusal(group, operator, as_user):
    build.member(group, nik=NIK)
    page = enter(as_user(operator), group)
    assert page.context["form"].non_field_errors() == ["NIK ini sudah dipakai anggota lain di kelompok yang sama."]
    assert Member.objects.count() == 1


def test_the_sentence_comes_once_not_at_every_save(group, operator, as_user):
    hidden_member(FAR)
    client = as_user(operator)
    enter(client, group)
    made = Member.objects.get(group=group)
    page = client.post(reverse("member-edit", args=[made.pk]), ENTRY | {"phone": "0812"}, follow=True)
    assert ELSEWHERE not in [str(one) for one in page.context["messages"]]


@pytest.fixture
def linked(group, staff):
    """Her own row and a hidden one, judged one person with a reason that names what she must not learn."""
    hidden = hidden_member(FAR)
    own = build.member(group, name="Aminah", nik=NIK)
    reason = "sama dengan UP2K Rahasia Dua di Kenari Tujuh"
    services.merge_people(first=own, second=hidden, reason=reason, by=staff)
    return own, hidden


def test_she_learns_that_there_is_more_and_nothing_of_it(linked, operator, as_user):
    own, hidden = linked
    page = as_user(operator).get(own.get_absolute_url()).content.decode()
    assert "Juga tercatat di kelompok lain; ditangani kabupaten." in page
    assert [word for word in canaries(hidden) if word in page] == []


def test_a_crawl_of_all_her_pages_meets_no_canary(linked, operator, as_user):
    own, hidden = linked
    texts = page_texts(as_user(operator), "/")
    lists = ("member-list", "group-list", "loan-list", "receipt-list", "enterprise-list")
    texts |= page_texts(as_user(operator), own.get_absolute_url())
    for name in lists:
        texts |= page_texts(as_user(operator), f"{reverse(name)}?format=json")
    texts |= page_texts(as_user(operator), f"/cari/?q={NIK[-4:]}")
    assert own.get_absolute_url() in texts
    assert len(texts) > 25
    assert leaks(texts, hidden) == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DISTRICT])
def test_a_transfer_away_tells_her_that_and_no_more(role, member, staff, as_user):
    hidden_member(FAR)
    to_group = hidden_member_group()
    new = services.transfer_member(
        member=member, to_group=to_group, on=date(2026, 9, 30), reason="ke UP2K Rahasia Dua", by=staff
    )
    area = build.PANDULANGAN if role == Role.OPERATOR else "63.08.03"
    page = as_user(build.user(role, area)).get(member.get_absolute_url()).content.decode()
    assert "Pindah kelompok" in page
    assert "Juga tercatat di kelompok lain; ditangani kabupaten." in page
    assert [word for word in (to_group.name, to_group.village.name, f"/{new.pk}/") if word in page] == []


def hidden_member_group():
    return Member.objects.get(pk=987_654).group


def test_the_pages_of_the_queue_do_not_exist_for_her(linked, operator, district_officer, as_user):
    own, hidden = linked
    decision = own.__class__.objects.get(pk=own.pk).person
    pages = [
        reverse("people-doubles"),
        reverse("people-decisions"),
        reverse("people-case", args=[decision.pair]),
        reverse("people-merge", args=[decision.pair]),
        reverse("people-undo", args=[decision.pk]),
        reverse("member-transfer", args=[own.pk]),
    ]
    for user in (operator, district_officer):
        answers = [as_user(user).get(page) for page in pages]
        assert {answer.status_code for answer in answers} == {403}
        assert leaks({page: answer.content.decode() for page, answer in zip(pages, answers, strict=True)}, hidden) == []


def test_the_kecamatan_meets_no_canary_in_the_admin_either(linked, district_officer, as_user):
    own, hidden = linked
    client = as_user(district_officer)
    texts = page_texts(client, reverse("admin:villages_member_history", args=[own.pk]), most=60)
    texts |= page_texts(client, reverse("admin:accounts_change_changelist"), most=60)
    assert client.get(reverse("admin:villages_persondecision_changelist")).status_code == 403
    assert leaks(texts, hidden) == []


def test_who_sees_both_villages_follows_the_link(linked, staff, as_user):
    own, hidden = linked
    page = as_user(staff).get(own.get_absolute_url()).content.decode()
    assert f"Juga anggota di {hidden.group.name}" in page
    assert hidden.get_absolute_url() in page
    assert "ditangani kabupaten" not in page


def test_who_sees_some_of_her_rows_sees_those_and_that_there_are_more(linked, staff, as_user):
    own, hidden = linked
    near = build.member(build.group(build.village(NEAR), name="UP2K Dekat"), name="Aminah", nik=NIK)
    services.merge_people(first=own, second=near, reason="KTP dan KK sama", by=staff)
    page = as_user(build.user(Role.DISTRICT, "63.08.03")).get(own.get_absolute_url()).content.decode()
    assert "Juga anggota di UP2K Dekat" in page
    assert "Juga tercatat di kelompok lain; ditangani kabupaten." in page
    assert [word for word in canaries(hidden) if word in page] == []
