"""Who may be recorded twice: the pure rules."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from villages.people import (
    NIK_PATTERN,
    Kind,
    Record,
    Suspicion,
    common_area,
    is_well_formed,
    name_key,
    node,
    persons,
    suspicions,
)

NIK, OTHER_NIK = "6308035203852514", "6308035203852515"
BORN = date(1985, 3, 12)


def record(pk, **fields):
    facts = {"name": f"Norhasanah {pk * 'x'}", "nik": None, "birth_date": BORN, "group": pk, "district": 1}
    return Record(pk=pk, **facts | fields)


def asked(*records, judged=()):
    return list(suspicions(records, judged))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Norhasanah", "NORHASANAH"),
        ("Nor Hasanah", "Norhasanah"),
        ("Noor Hasanah", "Nurhasanah"),
        ("Hj. Norhasanah", "Norhasanah"),
        ("St. Aminah", "Siti Aminah"),
        ("Sitti Aminah", "siti  aminah"),
        ("Sa’diah", "Sa'diah"),
        ("M. Noor", "Muhammad Nur"),
        ("Ibu Hj. Rusdiana", "Rusdiana"),
    ],
)
def test_two_spellings_are_one_name(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Aminah", "Amanah"), ("Siti Aminah", "Aminah"), ("Hj. Ida", "Ida Hj. Sari")]
)
def test_another_name_stays_another(one, other):
    assert name_key(one) != name_key(other)


def test_the_same_nik_in_two_groups_is_asked():
    assert asked(record(1, nik=NIK), record(2, nik=NIK)) == [Suspicion(Kind.SAME_NIK, 1, 2)]


def test_who_came_back_to_her_group_is_not_asked():
    assert asked(record(1, nik=NIK, group=7), record(2, nik=NIK, group=7)) == []
    returned = {"name": "Aminah", "nik": NIK, "group": 7}
    assert asked(record(1, **returned), record(2, **returned)) == []


def test_a_nik_that_cannot_be_is_asked_alone_and_makes_nobody_the_same():
    rows = [record(1, nik="0000000000000000"), record(2, nik="0000000000000000"), record(3, nik="0")]
    assert asked(*rows) == [Suspicion(Kind.BAD_NIK, pk) for pk in (1, 2, 3)]


@pytest.mark.parametrize("niks", [(NIK, OTHER_NIK), (NIK, None), (None, None), ("0", "0"), (NIK, "0")])
def test_name_and_birth_date_are_asked_where_the_nik_does_not_speak(niks):
    rows = [record(pk, name="Hj. Aminah", nik=nik) for pk, nik in enumerate(niks, 1)]
    assert Suspicion(Kind.ALIKE, 1, 2) in asked(*rows)


@pytest.mark.parametrize(
    "other", [{"birth_date": date(1985, 3, 13)}, {"birth_date": None}, {"district": 2}, {"name": "Barsiah"}]
)
def test_a_name_alone_is_no_suspicion(other):
    assert asked(record(1, name="Aminah"), record(2, **{"name": "Aminah"} | other)) == []


def test_the_same_nik_and_name_is_one_question_not_two():
    rows = [record(pk, name="Aminah", nik=NIK) for pk in (1, 2)]
    assert asked(*rows) == [Suspicion(Kind.SAME_NIK, 1, 2)]


def test_three_rows_are_asked_pair_by_pair_until_two_are_one_person():
    rows = [record(pk, nik=NIK) for pk in (1, 2, 3)]
    assert len(asked(*rows)) == 3
    linked = [record(1, nik=NIK, person=9), record(2, nik=NIK), record(3, nik=NIK, person=9)]
    assert asked(*linked) == [Suspicion(Kind.SAME_NIK, 1, 2)]


def test_what_was_judged_of_a_person_holds_for_all_her_rows():
    rows = [record(1, nik=NIK, person=9), record(2, nik=NIK), record(3, nik=NIK, person=9)]
    assert asked(*rows, judged=[(node(2, None), node(3, 9))]) == []


@pytest.mark.parametrize(
    ("one", "other", "area"),
    [
        ("63.08.03.2014", "63.08.03.2014", "63.08.03.2014"),
        ("63.08.03.2014", "63.08.03.2015", "63.08.03"),
        ("63.08.03.2014", "63.08.07.2004", "63.08"),
        ("63.08.03.2014", "63.09.03.2014", "63"),
        ("63.08.03.2014", "62.08.03.2014", ""),
    ],
)
def test_the_area_of_two_villages_is_the_smallest_around_both(one, other, area):
    assert common_area(one, other) == area


def test_linked_rows_bear_the_number_of_the_earliest_link():
    assert persons([(5, 1, 2), (6, 3, 4)]) == {1: 5, 2: 5, 3: 6, 4: 6}
    assert persons([(5, 1, 2), (6, 3, 4), (7, 2, 3)]) == dict.fromkeys((1, 2, 3, 4), 5)


LINKS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=12)


@given(LINKS, st.randoms())
def test_the_order_in_which_links_are_read_says_nothing(pairs, chance):
    links = [(number, *pair) for number, pair in enumerate(pairs, 1)]
    shuffled = chance.sample(links, len(links))
    assert persons(links) == persons(shuffled)


@given(LINKS)
def test_every_link_joins_and_nothing_else_does(pairs):
    links = [(number, *pair) for number, pair in enumerate(pairs, 1)]
    found = persons(links)
    for start in found:
        reached, edge = {start}, {start}
        while edge := {b for _, one, two in links for a, b in ((one, two), (two, one)) if a in edge} - reached:
            reached |= edge
        assert {row for row, number in found.items() if number == found[start]} == reached


NEAR_NIKS = st.from_regex(r"\A630803[0-7][0-9][01][0-9]85000[01]\Z") | st.from_regex(r"\A[0-9]{14,17}\Z")


@given(NEAR_NIKS)
def test_the_databases_pattern_and_the_rule_of_the_form_are_one(nik):
    assert bool(re.search(NIK_PATTERN, nik)) == is_well_formed(nik)
