"""Officers: who was in office on a day, what prints say, how one follows another."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from reports.figures import live_report
from reports.periods import parse_period
from tests import build
from villages import services
from villages.models import Officer

APPOINT = {"office": "bendahara", "member": "", "name": "Rahmawati", "since": "1-9-2026", "until": ""}


def appoint(client, group, **changed):
    return client.post(reverse("officer-appoint", args=[group.pk]), APPOINT | changed)


def names_on(group, office: str, *days: date) -> list[str]:
    found = [group.officer_on(office, day) for day in days]
    return [one.name if one else "" for one in found]


def test_the_last_day_of_a_term_belongs_to_it(group):
    build.officer(group, "bendahara", "Aminah", since=date(2020, 1, 1), until=date(2024, 5, 31))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2024, 5, 31), date(2024, 6, 1))
    assert names_on(group, "bendahara", *days) == ["", "Aminah", "Aminah", ""]


def test_an_appointment_ends_the_predecessors_term_the_day_before(group, staff, as_user):
    old = build.officer(group, "bendahara", "Aminah", since=date(2020, 1, 1))
    leader = build.officer(group, "ketua", "Hj. Rusdiana")
    page = appoint(as_user(staff), group)
    old.refresh_from_db()
    leader.refresh_from_db()
    assert page.url == group.get_absolute_url()
    assert (old.until, leader.until) == (date(2026, 8, 31), None)
    assert names_on(group, "bendahara", date(2026, 8, 31), date(2026, 9, 1)) == ["Aminah", "Rahmawati"]
    assert list(Change.objects.order_by("pk").values_list("object_name", "kind", "reason")) == [
        ("Bendahara Aminah", "changed", "diganti"),
        ("Bendahara Rahmawati", "created", ""),
    ]


def test_an_officer_who_is_a_member_is_named_after_her_and_stays_so(group, member, staff, as_user):
    appoint(as_user(staff), group, member=member.pk, name="")
    member.name = "Hj. Norhasanah"
    member.save()
    officer = Officer.objects.get()
    assert (officer.name, officer.member, officer.village) == ("Norhasanah", member, group.village)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "Pilih anggota, atau tulis namanya."),
        ({"since": "1-10-2026"}, "since", "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        (
            {"since": "1-1-2020"},
            "office",
            "Bendahara Aminah sudah menjabat sejak 1 Januari 2020. Dua orang sekaligus tidak boleh.",
        ),
        (
            {"since": "1-1-2019"},
            "office",
            "Bendahara Aminah sudah menjabat sejak 1 Januari 2020. Dua orang sekaligus tidak boleh.",
        ),
        (
            {"since": "1-1-2021", "until": "1-1-2022"},
            "office",
            "Bendahara Aminah sudah menjabat sejak 1 Januari 2020. Dua orang sekaligus tidak boleh.",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_changes(typed, field, words, group, staff, as_user):
    aminah = build.officer(group, "bendahara", "Aminah", since=date(2020, 1, 1))
    page = appoint(as_user(staff), group, **typed)
    assert page.context["form"].errors == {field: [words]}
    aminah.refresh_from_db()
    assert (aminah.until, Officer.objects.count(), Change.objects.count()) == (None, 1, 0)


def test_a_term_that_ends_before_it_begins_is_refused(group, staff, as_user):
    page = appoint(as_user(staff), group, since="1-5-2019", until="30-4-2019")
    assert page.context["form"].non_field_errors() == ["Tanggal sampai harus sama dengan atau sesudah tanggal sejak."]


def test_a_past_term_is_entered_beside_the_present_one(group, staff, as_user):
    aminah = build.officer(group, "bendahara", "Aminah", since=date(2020, 1, 1))
    appoint(as_user(staff), group, name="Hj. Salmah", since="2-1-2010", until="31-12-2019")
    aminah.refresh_from_db()
    assert aminah.until is None
    assert names_on(group, "bendahara", date(2019, 12, 31), date(2020, 1, 1)) == ["Hj. Salmah", "Aminah"]


def test_who_has_left_or_belongs_to_another_group_is_not_appointed(group, staff):
    gone = build.member(group, name="Barsiah", left_on=date(2026, 8, 1), left_reason="pindah")
    stranger = build.member(build.group(group.village))
    facts = {"group": group, "office": "ketua", "since": date(2026, 9, 1), "by": staff}
    for until in (None, date(2026, 8, 2)):
        with pytest.raises(ValidationError, match="Barsiah sudah keluar pada 1 Agustus 2026: isi sampai, paling lama"):
            services.appoint_officer(member=gone, **facts | {"since": date(2026, 7, 1), "until": until})
    with pytest.raises(ValidationError, match="Anggota ini dari kelompok lain"):
        services.appoint_officer(member=stranger, **facts)
    last = date(2026, 8, 1)
    assert services.appoint_officer(member=gone, **facts | {"since": last, "until": last}).name == "Barsiah"


def test_two_open_terms_in_one_office_are_refused_by_the_database_too(group):
    build.officer(group, "ketua", "Aminah")
    second = Officer(group=group, village=group.village, office="ketua", name="Barsiah", since=date(2026, 1, 1))
    with pytest.raises(ValidationError) as refusal:
        second.validate_constraints()
    assert refusal.value.messages == ["Jabatan ini masih dipegang orang lain. Akhiri dulu masa jabatannya."]


def test_who_leaves_the_group_leaves_her_office(group, member, operator):
    build.officer(group, "bendahara", member.name, member=member, since=date(2020, 2, 1))
    services.leave_group(member=member, left_on=date(2026, 9, 15), left_reason="pindah", by=operator)
    assert names_on(group, "bendahara", date(2026, 9, 15), date(2026, 9, 16)) == ["Norhasanah", ""]


def test_a_term_is_ended_and_a_name_corrected_on_its_page(group, member, staff, as_user):
    officer = build.officer(group, "sekretaris", "Ernawti", since=date(2020, 2, 1))
    client, url = as_user(staff), reverse("officer-edit", args=[officer.pk])
    client.post(url, {"name": "Ernawati", "since": "1-2-2020", "until": "30-9-2026", "office": "ketua"})
    officer.refresh_from_db()
    assert (officer.name, officer.office, officer.until) == ("Ernawati", "sekretaris", date(2026, 9, 30))
    client.post(url, {"name": "Ernawati", "member": member.pk, "since": "1-2-2020", "until": ""})
    officer.refresh_from_db()
    assert (officer.name, officer.member, officer.until) == ("Norhasanah", member, None)


def test_the_groups_page_lists_who_is_in_office_what_is_vacant_and_who_was(group, operator, as_user):
    build.officer(group, "ketua", "Hj. Salmah", since=date(2004, 3, 12), until=date(2019, 12, 31))
    build.officer(group, "ketua", "Hj. Rusdiana", since=date(2020, 1, 1))
    page = as_user(operator).get(group.get_absolute_url())
    seats = {label: officer and officer.name for label, officer in page.context["seats"].items()}
    assert seats == {"Ketua": "Hj. Rusdiana", "Sekretaris": None, "Bendahara": None}
    text = page.content.decode()
    for words in (
        "Ketua, sejak 1 Januari 2020",
        "Pengurus sebelumnya (1)",
        "Ketua, 12 Maret 2004 sampai 31 Desember 2019",
    ):
        assert words in text
    assert "Tambah pengurus" not in text  # the kabupaten enters officers


def test_a_receipt_is_signed_by_the_treasurer_of_its_day_and_a_card_by_todays(group, member, operator, as_user):
    build.officer(group, "bendahara", "Aminah", since=date(2020, 1, 1), until=date(2026, 3, 31))
    build.officer(group, "bendahara", "Rahmawati", since=date(2026, 4, 1))
    loan = build.loan(member)
    receipts = [build.payment(loan, 115_000, day) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    client = as_user(operator)
    papers = [client.get(reverse("receipt-paper", args=[one.pk])).content.decode() for one in receipts]
    papers.append(client.get(reverse("loan-card", args=[loan.pk])).content.decode())
    signed = [[name for name in ("Aminah", "Rahmawati") if name in paper] for paper in papers]
    assert signed == [["Aminah"], ["Rahmawati"], ["Rahmawati"]]


def test_without_a_treasurer_the_place_to_sign_stays_empty(member, operator, as_user):
    receipt = build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk])).content.decode()
    assert '<p class="sg">(............................)</p>' in paper


def test_r1_names_the_leader_of_the_cut_off_day(group):
    build.officer(group, "ketua", "Hj. Salmah", since=date(2010, 1, 2), until=date(2026, 6, 30))
    build.officer(group, "ketua", "Hj. Rusdiana", since=date(2026, 7, 1))
    build.officer(group, "bendahara", "Rahmawati", since=date(2010, 1, 2))
    leaders = [
        live_report(area_code="63.08", period=parse_period(code), made_by="x", made_at="y").groups[0].leader
        for code in ("2026-TW2", "2026-TW3")
    ]
    assert leaders == ["Hj. Salmah", "Hj. Rusdiana"]


def test_who_is_written_as_left_in_the_admin_leaves_her_office_too(group, member, staff):
    build.officer(group, "bendahara", member.name, member=member, since=date(2020, 2, 1))
    member.left_on, member.left_reason = date(2026, 8, 31), "pindah"
    services.save_member(member=member, by=staff)
    assert Officer.objects.get().until == date(2026, 8, 31)
