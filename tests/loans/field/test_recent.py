"""The page where a sheet begins: which sheets were written last, how each stands, and the day that it proposes."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans.field.device_services import tell
from loans.field.recent import proposed_day, recent_sheets
from loans.models import MoneyRules
from tests import build
from tests.loans.field.build_field import count, row, send

TODAY = date(2026, 9, 30)


@pytest.fixture
def saver(group, operator):
    build.saving_terms(group)
    return build.member(group, name="Aminah")


def told(sheets) -> list[tuple]:
    return [(one.on, one.rows, one.state[0]) for one in sheets]


def write(saver, operator, on: date, **fields) -> None:
    (answer,) = send(row(saver, on=on.isoformat(), savings={"mandatory": 10_000}, **fields), by=operator)
    assert str(answer.state) == "saved"


def test_the_newest_sheet_stands_first_with_its_state(group, saver, operator):
    write(saver, operator, date(2026, 8, 25))
    send(count(group, {"10000": 1}, on="2026-08-25"), by=operator)
    write(saver, operator, date(2026, 9, 25))
    assert told(recent_sheets([group])) == [
        (date(2026, 9, 25), 1, "Uang belum dihitung"),
        (date(2026, 8, 25), 1, "Uang sudah dihitung"),
    ]
    tell(group=group, on=date(2026, 9, 25), device=uuid4(), user=operator, waiting=3, is_along=False)
    newest = recent_sheets([group])[0]
    assert (newest.state[0], newest.waiting) == ("Menunggu HP", "menunggu 1 HP: Rahmah (3 baris)")


def test_a_sheet_of_another_group_is_not_listed(group, saver, operator):
    write(saver, operator, date(2026, 9, 25))
    assert recent_sheets([build.group(group.village)]) == []


@pytest.mark.parametrize(
    ("due_day", "written", "proposed"),
    [
        (None, None, TODAY),
        (25, None, date(2026, 9, 25)),
        (10, None, TODAY),  # that meeting is long over
        (25, date(2026, 9, 28), date(2026, 9, 28)),
        (None, date(2026, 9, 1), TODAY),
    ],
)
def test_the_day_is_that_of_the_sheet_in_hand_the_meeting_or_today(due_day, written, proposed, group, saver, operator):
    if due_day:
        MoneyRules.objects.create(group=group, village=group.village, due_day=due_day)
    if written:
        write(saver, operator, written)
    assert proposed_day([group], recent_sheets([group])) == proposed


def test_a_counted_sheet_is_not_proposed_again(group, saver, operator):
    write(saver, operator, date(2026, 9, 28))
    send(count(group, {"10000": 1}, on="2026-09-28"), by=operator)
    assert proposed_day([group], recent_sheets([group])) == TODAY


def test_the_list_asks_the_same_number_of_queries_for_one_sheet_and_for_six(
    group, saver, operator, django_assert_num_queries
):
    write(saver, operator, date(2026, 9, 1))
    with django_assert_num_queries(3):
        recent_sheets([group])
    for day in range(2, 8):
        write(saver, operator, date(2026, 9, day))
    with django_assert_num_queries(3):
        assert len(recent_sheets([group])) == 6


def test_the_page_proposes_the_only_group_and_lists_its_sheets(as_user, group, saver, operator):
    client = as_user(operator)
    assert "Belum ada lembar" in client.get(reverse("sheet-start")).content.decode()
    write(saver, operator, date(2026, 9, 28))
    page = client.get(reverse("sheet-start")).content.decode()
    assert 'value="28-09-2026"' in page
    assert f'<a href="/kelompok/{group.pk}/lembar/2026-09-28/">28 September 2026</a>' in page
    assert "UP2K As Syifa, 1 setoran" in page


def test_a_sheet_is_counted_by_a_later_count_and_open_again_once_more_comes(group, member, operator):
    send(row(member, savings={"mandatory": 10_000}), by=operator)
    later = "2026-09-28"
    send(
        row(member, savings={"mandatory": 5_000}, on=later),
        count(group, {"10000": 1, "5000": 1}, on=later),
        by=operator,
    )
    assert [one.is_counted for one in recent_sheets([group])] == [True, True]
    send(row(member, savings={"mandatory": 1_000}), by=operator)
    assert [(one.on.isoformat(), one.is_counted) for one in recent_sheets([group])] == [
        (later, True),
        ("2026-09-25", False),
    ]
