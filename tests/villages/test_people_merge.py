"""One person with several memberships: linked, kept apart, taken back; no row is ever joined into another."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans.models import Loan, Receipt
from tests import build
from up2k_portal.lib.access import Role
from villages import people_services as services
from villages.models import Member, PersonDecision

WHY = "KTP dan KK sama"


@pytest.fixture
def rows(member, elsewhere):
    """Four rows that may be one woman, the first two with money."""
    made = [member, *(build.member(build.group(elsewhere), nik=member.nik) for _ in range(3))]
    for row in made[:2]:
        build.payment(build.loan(row), 115_000, date(2026, 3, 1))
    return made


def merge(one, other, by, reason=WHY):
    return services.merge_people(first=one, second=other, reason=reason, by=by)


def numbers():
    """{row: the person it is of}, for rows that are linked."""
    return dict(Member.objects.exclude(person=None).order_by("pk").values_list("pk", "person"))


def state():
    """All that the books say of members, loans and receipts."""
    return [list(model.objects.order_by("pk").values()) for model in (Member, Loan, Receipt)]


def test_a_merge_makes_one_person_of_two_rows_and_moves_nothing(rows, staff):
    before = state()
    decision = merge(rows[0], rows[1], staff)
    assert numbers() == {rows[0].pk: decision.pk, rows[1].pk: decision.pk}
    Member.objects.update(person=None)
    assert state() == before


def test_a_decision_says_who_when_and_why(rows, staff):
    decision = merge(rows[1], rows[0], staff, "  KTP dan KK sama  ")
    kept = PersonDecision.objects.get()
    assert (kept, kept.kind, kept.first, kept.second) == (decision, "same", rows[0], rows[1])
    assert (kept.reason, kept.decided_by, kept.area_code, kept.is_standing) == (WHY, staff, "63.08", True)


def test_both_rows_tell_of_it_in_their_history_without_the_reason(rows, staff):
    decision = merge(rows[0], rows[1], staff, "sama dengan yang di Desa Pandulangan Banjang")
    told = Change.objects.filter(model="villages.member", object_id__in=[rows[0].pk, rows[1].pk])
    assert {(one.user, one.reason) for one in told} == {(staff, "Disatukan dengan catatan di kelompok lain")}
    assert [one.after for one in told] == [{"orang yang sama menurut": f"Keputusan no. {decision.pk}"}] * 2
    assert Change.objects.get(model="villages.persondecision").area_code == "63.08"


def test_undoing_gives_back_every_row_exactly(rows, staff):
    before = state()
    decision = merge(rows[0], rows[1], staff)
    undone = services.undo_merge(decision=decision, reason="ternyata bibinya", by=staff)
    assert state() == before
    assert (undone.undoes, undone.kind, PersonDecision.objects.count()) == (decision, "undone", 2)


def test_undoing_one_of_several_leaves_the_others_as_they_were(rows, staff):
    merge(rows[0], rows[1], staff)
    merge(rows[2], rows[3], staff)
    two_persons = numbers()
    bridge = merge(rows[1], rows[2], staff)
    assert len(set(numbers().values())) == 1
    services.undo_merge(decision=bridge, reason="ternyata bibinya", by=staff)
    assert numbers() == two_persons


def test_undoing_the_first_keeps_the_later_ones(rows, staff):
    first = merge(rows[0], rows[1], staff)
    second = merge(rows[1], rows[2], staff)
    services.undo_merge(decision=first, reason="ternyata bibinya", by=staff)
    assert numbers() == {rows[1].pk: second.pk, rows[2].pk: second.pk}


def test_what_was_undone_can_be_decided_again(rows, staff):
    services.undo_merge(decision=merge(rows[0], rows[1], staff), reason="ternyata bibinya", by=staff)
    again = merge(rows[0], rows[1], staff)
    assert set(numbers().values()) == {again.pk}


def test_an_old_row_with_a_nik_that_cannot_be_is_linked_too(member, staff):
    old = build.member(member.group, nik="0")
    merge(member, old, staff)
    assert len(numbers()) == 2


def refusal(act, **facts):
    with pytest.raises(ValidationError) as caught:
        act(**facts)
    return caught.value.messages


def test_what_cannot_be_decided_is_refused_in_words(rows, staff):
    pair = {"first": rows[0], "second": rows[1], "by": staff}
    short = ["Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “KTP dan KK sama”."]
    assert refusal(services.merge_people, reason=" sama ", **pair) == short
    assert refusal(services.dismiss_case, reason="", **pair) == short
    same = pair | {"second": rows[0]}
    assert refusal(services.merge_people, reason=WHY, **same) == ["Pilih dua catatan yang berbeda."]
    decision = services.merge_people(reason=WHY, **pair)
    assert refusal(services.merge_people, reason=WHY, **pair) == [
        "Kedua catatan ini sudah disatukan sebagai orang yang sama."
    ]
    assert refusal(services.dismiss_case, reason=WHY, **pair) == [
        "Keduanya sudah disatukan sebagai orang yang sama. Batalkan dulu penyatuannya."
    ]
    services.undo_merge(decision=decision, reason=WHY, by=staff)
    assert refusal(services.undo_merge, decision=decision, reason=WHY, by=staff) == ["Keputusan ini sudah dibatalkan."]
    assert refusal(services.reopen_case, decision=decision, reason=WHY, by=staff) == [
        "Keputusan ini tidak dapat dibatalkan di sini."
    ]


def test_who_was_found_different_is_not_merged_by_a_third_row(rows, staff):
    services.dismiss_case(first=rows[0], second=rows[2], reason="lain orang tuanya", by=staff)
    merge(rows[1], rows[2], staff)
    facts = {"first": rows[0], "second": rows[1], "reason": WHY, "by": staff}
    assert refusal(services.merge_people, **facts) == [
        "Keduanya pernah diputuskan orang berbeda. Batalkan dulu keputusan itu, lalu satukan."
    ]


def test_a_dismissed_pair_can_be_opened_again(rows, staff):
    pair = {"first": rows[0], "second": rows[1], "by": staff}
    decision = services.dismiss_case(reason="lain orang tuanya", **pair)
    assert refusal(services.dismiss_case, reason=WHY, **pair) == ["Keduanya sudah diputuskan orang berbeda."]
    services.reopen_case(decision=decision, reason="KK-nya ternyata sama", by=staff)
    assert services.merge_people(reason=WHY, **pair).is_standing


def test_decisions_are_never_changed_or_deleted(rows, staff):
    decision = merge(rows[0], rows[1], staff)
    acts = (decision.save, decision.delete, PersonDecision.objects.all().delete)
    for act in (*acts, lambda: PersonDecision.objects.update(reason="x")):
        with pytest.raises(TypeError, match="Keputusan tentang orang tidak dapat"):
            act()


def test_a_decision_is_seen_where_both_villages_are(rows, staff, district_officer, operator):
    decision = merge(rows[0], rows[1], staff)
    seen = {user.username: PersonDecision.objects.visible_to(user.access_on(date(2026, 9, 30))) for user in (
        staff, district_officer, operator, build.user(Role.STAFF, "63.09", username="63.09"),
    )}  # fmt: skip
    assert {name: list(found) for name, found in seen.items()} == {
        "63.08": [decision], "63.08.03": [], "63.08.03.2014": [], "63.09": [],
    }  # fmt: skip
