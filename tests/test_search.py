"""One box over everything that the person may see."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import build


def titles(client, words: str) -> dict[str, list[str]]:
    found = client.get(reverse("search"), {"q": words}).context["found"]
    return {one.title: [hit.name for hit in one.hits] for one in found}


def test_a_name_is_found_wherever_it_stands(group, operator, as_user):
    member = build.member(group, name="Norhasanah")
    build.enterprise(member, name="Bordir Norhasanah")
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    assert titles(as_user(operator), "norhas") == {
        "Anggota": ["Norhasanah"],
        "Usaha": ["Bordir Norhasanah"],
        "Pinjaman": ["Norhasanah, 2026-001"],
    }


def test_a_receipt_is_found_by_its_number(member, operator, as_user):
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    assert titles(as_user(operator), "AS-2026-0001") == {"Angsuran": ["AS-2026-0001"]}


def test_the_last_four_digits_of_a_nik_find_her_and_show_nothing_of_it(group, operator, as_user):
    build.member(group, name="Mastura", nik="6308035203852514")
    client = as_user(operator)
    assert titles(client, "2514") == {"Anggota": ["Mastura"]}
    page = client.get(reverse("search"), {"q": "6308035203852514"})
    assert page.context["found"] == []


def test_nothing_of_another_village_is_found(elsewhere, operator, as_user):
    member = build.member(build.group(elsewhere, name="UP2K Mawar"), name="Ernawati")
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    client = as_user(operator)
    assert [titles(client, words) for words in ("Ernawati", "Mawar", "Banjang", "AS-2026", member.nik[-4:])] == [{}] * 5


def test_a_province_finds_places_and_groups_and_no_person(group, province_reader, as_user):
    build.member(group, name="Syifa Norhasanah")
    assert titles(as_user(province_reader), "Syifa") == {"Kelompok": ["UP2K As Syifa"]}


@pytest.mark.parametrize("words", ["", "a", "\x00", "' OR 1=1 --", "x" * 10_000, "🦆", "%_%"])
def test_any_words_are_answered_calmly(words, operator, as_user):
    assert as_user(operator).get(reverse("search"), {"q": words}).status_code == 200


def test_a_search_costs_the_same_queries_for_any_number_of_hits(group, operator, as_user):
    client = as_user(operator)
    for rows in (1, 10):
        for _ in range(rows):
            build.payment(build.loan(build.member(group)), 115_000, date(2026, 3, 1))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("search"), {"q": "norhasanah"})
        assert len(queries) == 10
