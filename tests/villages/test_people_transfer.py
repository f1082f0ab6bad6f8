"""A member goes to another group: one woman, two memberships, no day counted twice."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from loans import proposal_services as money
from tests import build
from tests.conftest import TODAY
from up2k_portal.lib import dates
from villages import people_services as services
from villages.models import Member, PersonDecision

WHY = "ikut suami pindah"


@pytest.fixture
def to_group(elsewhere):
    return build.group(elsewhere, name="UP2K Mawar")


def move(client, member, to_group, on="30-9-2026", reason=WHY):
    facts = {"to_group": to_group.pk, "on": on, "reason": reason}
    return client.post(reverse("member-transfer", args=[member.pk]), facts)


def moved(member, to_group, staff, on=TODAY):
    return services.transfer_member(member=member, to_group=to_group, on=on, reason=WHY, by=staff)


def test_a_transfer_ends_one_membership_and_opens_the_other(group, to_group, staff, as_user):
    member = build.member(
        group, name="Aminah", poklak=build.poklak(group), phone="0812-0000-1111", welfare="poor", address="RT 02"
    )
    answer = move(as_user(staff), member, to_group, on="1-9-2026")
    old, new = Member.objects.order_by("pk")
    assert answer.url == new.get_absolute_url()
    assert (old.left_on, old.left_reason, old.poklak) == (date(2026, 9, 1), "Pindah kelompok", member.poklak)
    assert (new.group, new.village, new.joined_on, new.left_on) == (to_group, to_group.village, date(2026, 9, 1), None)
    assert (
        (new.poklak, new.income_at_joining) == (None, None) if hasattr(new, "income_at_joining") else new.poklak is None
    )
    same = ("name", "nik", "birth_date", "sex", "address", "phone", "welfare", "consent_on")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)])
def test_on_every_day_she_is_counted_once(day, member, to_group, staff):
    moved(member, to_group, staff, on=date(2026, 9, 1))
    assert Member.objects.active_on(day).count() == 1


def test_both_rows_are_one_person_and_no_case_of_the_queue(member, to_group, staff, as_user):
    moved(member, to_group, staff)
    old, new = Member.objects.order_by("pk")
    decision = PersonDecision.objects.get()
    assert (decision.kind, decision.reason) == ("moved", WHY)
    assert old.person == new.person == decision
    assert as_user(staff).get(reverse("people-doubles"), {"format": "json"}).json()["count"] == 0


def test_the_history_of_neither_row_tells_why(member, to_group, staff):
    moved(member, to_group, staff)
    told = Change.objects.filter(model="villages.member").values_list("reason", flat=True)
    assert set(told) == {"Pindah kelompok"}


def test_who_still_owes_stays_and_is_told_how_much_in_words(member, to_group, staff, as_user):
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    client = as_user(staff)
    words = (
        "Norhasanah masih berutang Rp1.035.000 (satu juta tiga puluh lima ribu rupiah) pada pinjaman 2026-001. "
        "Lunasi dulu, lalu pindahkan."
    )
    assert words in client.get(reverse("member-transfer", args=[member.pk])).content.decode()
    page = move(client, member, to_group)
    assert page.context["form"].non_field_errors() == [words]
    assert Member.objects.get().left_on is None


def test_who_waits_for_a_loan_stays_too(member, to_group, staff, as_user):
    build.proposal(member)
    page = move(as_user(staff), member, to_group)
    assert page.context["form"].non_field_errors() == [
        "Norhasanah masih mengajukan pinjaman 2026-001. Batalkan dulu pengajuan itu, lalu pindahkan."
    ]


def test_who_paid_all_may_go_and_her_loan_stays_in_the_old_group(member, group, to_group, staff, as_user):
    loan = build.loan(member)
    build.payment(loan, 1_150_000, date(2026, 9, 1))
    assert move(as_user(staff), member, to_group).status_code == 302
    loan.refresh_from_db()
    assert (loan.member, loan.group) == (member, group)
    member.refresh_from_db()
    with pytest.raises(ValidationError, match="sudah keluar"):
        build.proposal(member, proposed_on=TODAY)


def test_she_does_not_go_before_the_day_on_which_her_money_was_recorded(group, to_group, staff, as_user):
    member = build.member(group, name="Aminah")
    build.payment(build.loan(member), 1_150_000, date(2026, 9, 1))
    page = move(as_user(staff), member, to_group, on="31-8-2026")
    assert page.context["form"].errors["on"] == [
        f"Uang Aminah di {group} masih tercatat sampai 1 September 2026. "
        "Pakai tanggal itu atau sesudahnya, atau koreksi dulu catatannya."
    ]
    assert Member.objects.get().left_on is None
    assert move(as_user(staff), member, to_group, on="1-9-2026").status_code == 302


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"on": "1-10-2026"}, "on", "Tanggal pindah harus antara 6 Januari 2020 dan 30 September 2026."),
        ({"on": "5-1-2020"}, "on", "Tanggal pindah harus antara 6 Januari 2020 dan 30 September 2026."),
        ({"reason": "pindah"}, "reason", "Tulis alasan yang jelas, paling sedikit 10 huruf"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changed, field, words, member, to_group, staff, as_user):
    page = move(as_user(staff), member, to_group, **changed)
    assert page.context["form"].errors[field][0].startswith(words)
    assert not PersonDecision.objects.exists()


def test_the_groups_days_are_kept(member, elsewhere, staff):
    young = build.group(elsewhere, name="UP2K Baru", founded_on=date(2026, 8, 1))
    gone = build.group(elsewhere, name="UP2K Lama", closed_on=date(2026, 8, 1))
    for to_group, on, words in (
        (young, date(2026, 7, 1), "UP2K Baru baru berdiri pada 1 Agustus 2026."),
        (gone, TODAY, "UP2K Lama bubar pada 1 Agustus 2026."),
        (member.group, TODAY, "Ia sudah anggota kelompok ini. Pilih kelompok lain."),
    ):
        with pytest.raises(ValidationError, match=words):
            moved(member, to_group, staff, on=on)


def test_who_left_is_not_moved_and_who_is_there_already_neither(member, to_group, staff):
    build.member(to_group, nik=member.nik)
    with pytest.raises(ValidationError, match="NIK ini sudah dipakai anggota lain di kelompok yang sama"):
        moved(member, to_group, staff)
    member.refresh_from_db()
    assert member.left_on is None
    Member.objects.filter(pk=member.pk).update(left_on=date(2026, 9, 1), left_reason="berhenti")
    with pytest.raises(ValidationError, match="sudah keluar pada 1 September 2026"):
        moved(member, to_group, staff)


def test_only_groups_of_the_own_area_are_offered(member, group, to_group, staff, as_user):
    outside = build.group(build.village("63.09.01.2001"), name="UP2K Luar")
    client = as_user(staff)
    page = client.get(reverse("member-transfer", args=[member.pk])).content.decode()
    assert "Kec. Banjang" in page
    assert "Desa Pandulangan: UP2K Mawar" in page
    assert "UP2K Luar" not in page
    assert list(move(client, member, outside).context["form"].errors) == ["to_group"]
    assert list(move(client, member, group).context["form"].errors) == ["to_group"]


def test_a_transfer_is_taken_back_on_the_same_day(member, to_group, staff, as_user):
    moved(member, to_group, staff)
    decision, client = PersonDecision.objects.get(), as_user(staff)
    assert client.post(reverse("people-undo", args=[decision.pk]), {"reason": "salah orang"}).status_code == 302
    old, new = Member.objects.order_by("pk")
    assert (old.left_on, old.left_reason) == (None, "")
    assert (new.left_on, new.left_reason) == (new.joined_on, "Pindah kelompok dibatalkan")
    assert list(Member.objects.active_on(TODAY)) == [old]
    assert old.person == new.person == decision
    assert client.get(reverse("people-doubles"), {"format": "json"}).json()["count"] == 0


def test_taking_a_transfer_back_gives_the_office_back_unless_somebody_followed(member, to_group, staff):
    term = build.officer(member.group, "bendahara", member.name, member=member)
    other = build.officer(member.group, "ketua", member.name, member=member)
    moved(member, to_group, staff)
    build.officer(member.group, "ketua", "Mastura", since=date(2026, 10, 1))
    services.undo_transfer(decision=PersonDecision.objects.get(), reason="salah orang", by=staff)
    term.refresh_from_db()
    other.refresh_from_db()
    assert (term.until, other.until) == (None, TODAY)


def test_who_took_office_later_does_not_leave_before_and_is_told_why(member, to_group, staff):
    build.officer(member.group, "bendahara", member.name, member=member, since=date(2026, 6, 9))
    with pytest.raises(ValidationError) as refusal:
        moved(member, to_group, staff, on=date(2026, 4, 30))
    assert refusal.value.message_dict["left_on"] == [
        "Ia bendahara sejak 9 Juni 2026: pakai tanggal itu atau sesudahnya."
    ]


def test_a_transfer_is_not_taken_back_later_or_over_a_new_loan(member, to_group, staff, as_user, monkeypatch):
    new = moved(member, to_group, staff)
    url = reverse("people-undo", args=[PersonDecision.objects.get().pk])
    loan = build.proposal(new, proposed_on=TODAY)
    page = as_user(staff).post(url, {"reason": "salah orang"})
    assert page.context["form"].non_field_errors()[0].startswith("Norhasanah masih mengajukan pinjaman")
    money.withdraw_loan(loan=loan, by=staff, note="salah kelompok")
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: TODAY if args else date(2026, 10, 1))
    page = as_user(staff).post(url, {"reason": "salah orang"})
    assert page.context["form"].non_field_errors() == [
        "Pemindahan hanya dapat dibatalkan pada hari yang sama. Pindahkan ia kembali."
    ]


def test_the_way_to_a_transfer_stands_on_her_page_for_the_kabupaten_alone(member, staff, operator, as_user):
    url = reverse("member-transfer", args=[member.pk])
    assert url in as_user(staff).get(member.get_absolute_url()).content.decode()
    assert url not in as_user(operator).get(member.get_absolute_url()).content.decode()
