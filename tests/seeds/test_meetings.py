"""The demo's meetings, letters and goods: rows that the portal itself would accept, the same each time."""

from datetime import date

from seeds.demo.meetings import build_books
from seeds.demo.plan import GroupPlan
from seeds.demo.scene import Scene
from tests import build
from villages.models import Meeting


def books_of(group, members):
    """The demo's rows for this group, unsaved."""
    plan = GroupPlan(group, members=members)
    return list(build_books(plan, Scene(63, date(2026, 8, 31), {})))


def test_the_demo_group_of_the_guide_meets_every_month_and_keeps_every_book(group):
    rows = books_of(group, [build.member(group) for _ in range(12)])
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.is_relation and field.is_cached(row):
                setattr(row, field.name, field.get_cached_value(row))
        row.full_clean()
        row.save()
    meetings = Meeting.objects.with_attendance()
    assert meetings.count() == 12
    assert {one.invited_count for one in meetings} == {12}
    assert min(one.present_count for one in meetings) >= 4
    assert {type(row).__name__ for row in rows} == {"Meeting", "Attendance", "Guest", "InventoryItem", "Letter"}


def test_the_demo_tells_the_same_each_time(group):
    members = [build.member(group) for _ in range(12)]
    told = [[(str(row), row.__class__) for row in books_of(group, members)] for _ in range(2)]
    assert told[0] == told[1]
