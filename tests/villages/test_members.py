"""Members: NIK as text, entry, leaving, what history keeps of them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from tests import build
from villages import nik
from villages.models import Member

ENTRY = {
    "name": "Mastura", "nik": "6308 0352 0385 2514", "sex": "P", "birth_date": "12-3-1985", "welfare": "poor",
    "income_at_joining": "1.250.000", "joined_on": "1/9/26", "consent_on": "010926",
}  # fmt: skip


def add(client, group, **changed):
    return client.post(reverse("member-add", args=[group.pk]), ENTRY | changed)


def test_a_member_is_entered_with_her_nik_as_text(group, operator, as_user):
    add(as_user(operator), group)
    member = Member.objects.get()
    assert (member.nik, member.income_at_joining, member.joined_on) == (
        "6308035203852514", 1_250_000, date(2026, 9, 1),
    )  # fmt: skip
    assert member.village == group.village


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("630803520385251", "NIK harus 16 angka; yang ditulis 15 huruf/angka."),
        ("6308035203850000", "Empat angka terakhir NIK tidak boleh 0000."),
        ("6308033203852514", "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir"),
        ("6308037203852514", "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir"),
        ("6308035213852514", "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir"),
        ("0000000000000000", "NIK tidak boleh nol semua."),
        ("63080352038525AB", "NIK harus 16 angka"),
    ],
)
def test_an_impossible_nik_is_refused_in_words(typed, words, group, operator, as_user):
    page = add(as_user(operator), group, nik=typed)
    assert words in page.context["form"].errors["nik"][0]
    assert not Member.objects.exists()


def test_without_a_nik_a_reason_is_asked(group, operator, as_user):
    client = as_user(operator)
    page = add(client, group, nik="")
    assert page.context["form"].non_field_errors() == ["Isi NIK, atau tulis alasan belum ada NIK."]
    add(client, group, nik="", nik_missing_reason="KTP hilang")
    assert Member.objects.get().nik is None


def test_the_same_nik_twice_in_a_group_is_refused(group, operator, as_user):
    client = as_user(operator)
    add(client, group)
    page = add(client, group, name="Aminah")
    assert page.context["form"].non_field_errors() == ["NIK ini sudah dipakai anggota lain di kelompok yang sama."]
    assert Member.objects.count() == 1


def test_what_does_not_fit_the_nik_is_a_warning_and_no_refusal():
    facts = {"sex": "L", "birth_date": date(1985, 3, 13), "regency_code": "63.09"}
    assert nik.nik_warnings("6308035203852514", **facts) == [
        "NIK terbit di kabupaten lain. Benar bila anggota pindahan.",
        "Jenis kelamin tidak cocok dengan NIK.",
        "Tanggal lahir tidak cocok dengan NIK.",
    ]
    fitting = {"sex": "P", "birth_date": date(1985, 3, 12), "regency_code": "63.08"}
    assert nik.nik_warnings("6308035203852514", **fitting) == []


@pytest.mark.parametrize("day", [1, 9, 31])
def test_women_born_on_any_day_are_read_by_their_day_plus_forty(day):
    born = date(1985, 3, day)
    number = build.nik(1, born=born)
    assert nik.nik_warnings(number, sex="P", birth_date=born, regency_code="63.08") == []


def test_history_keeps_who_when_before_and_after_with_the_nik_masked(group, operator, as_user):
    client = as_user(operator)
    add(client, group)
    member = Member.objects.get()
    client.post(
        reverse("member-edit", args=[member.pk]), ENTRY | {"phone": "0812-1111-2222", "nik": "6308035203852515"}
    )
    created, changed = Change.objects.filter(model="villages.member").order_by("pk")
    assert (created.kind, changed.kind, changed.user, changed.user_name) == ("created", "changed", operator, "Rahmah")
    assert changed.before == {"NIK": "••••2514", "nomor HP": ""}
    assert changed.after == {"NIK": "••••2515", "nomor HP": "0812-1111-2222"}
    assert (changed.area_code, changed.object_id) == (group.village.code, member.pk)
    assert "6308035203852514" not in str(created.after)
    page = client.get(member.get_absolute_url()).content.decode()
    assert "nomor HP: kosong → 0812-1111-2222" in page


def test_a_change_in_the_hidden_digits_of_a_nik_is_history_too(group, operator, as_user):
    client = as_user(operator)
    add(client, group)
    changed_nik = ENTRY | {"nik": "6308015203852514"}
    client.post(reverse("member-edit", args=[Member.objects.get().pk]), changed_nik)
    changed = Change.objects.order_by("pk").last()
    assert (changed.kind, changed.before, changed.after) == (
        "changed",
        {"NIK": "••••2514"},
        {"NIK": "••••2514 (angka yang tersembunyi berubah)"},
    )


def test_saving_without_a_change_leaves_no_history(group, operator, as_user):
    client = as_user(operator)
    add(client, group)
    client.post(reverse("member-edit", args=[Member.objects.get().pk]), ENTRY)
    assert list(Change.objects.values_list("model", "kind").order_by("pk")) == [
        ("villages.member", "created"),
        ("villages.householdincome", "created"),
    ]


def test_history_itself_cannot_be_changed_or_deleted(group, operator, as_user):
    add(as_user(operator), group)
    change = Change.objects.first()
    for act in (change.save, change.delete, lambda: Change.objects.update(reason="x"), Change.objects.all().delete):
        with pytest.raises(TypeError, match="Riwayat tidak dapat"):
            act()


def test_a_member_leaves_and_her_records_stay(member, operator, as_user):
    build.loan(member)
    client = as_user(operator)
    client.post(reverse("member-leave", args=[member.pk]), {"left_on": "30-9-2026", "left_reason": "pindah"})
    member.refresh_from_db()
    assert (member.left_on, member.left_reason, member.loans.count()) == (date(2026, 9, 30), "pindah", 1)
    assert list(Member.objects.active_on(date(2026, 9, 29))) == [member]
    assert list(Member.objects.active_on(date(2026, 9, 30))) == []


@pytest.mark.parametrize("left_on", ["1-10-2026", "5-1-2020"])
def test_nobody_leaves_before_joining_or_in_the_future(left_on, member, operator, as_user):
    page = as_user(operator).post(
        reverse("member-leave", args=[member.pk]), {"left_on": left_on, "left_reason": "pindah"}
    )
    assert page.context["form"].errors["left_on"] == [
        "Tanggal keluar harus antara 6 Januari 2020 dan 30 September 2026."
    ]


def test_a_poklak_of_another_group_is_refused(group, operator):
    other = build.poklak(build.group(group.village, name="UP2K Mawar"))
    with pytest.raises(ValidationError, match="Poklak ini milik kelompok lain"):
        build.member(group).__class__(
            group=group, village=group.village, poklak=other, name="x", nik=build.nik(9), joined_on=date(2026, 1, 1)
        ).full_clean()


def test_before_a_member_leaves_the_page_says_what_she_owes(member, operator, as_user):
    client, url = as_user(operator), reverse("member-leave", args=[member.pk])
    assert client.get(url).context["intro"] == ""
    loan = build.loan(member, by=operator)
    assert client.get(url).context["intro"] == (
        "Norhasanah masih berutang Rp1.150.000 (satu juta seratus lima puluh ribu rupiah) pada pinjaman 2026-001. "
        "Pinjamannya tetap ditagih sesudah ia keluar."
    )
    build.payment(loan, 1_150_000, date(2026, 3, 1))
    assert client.get(url).context["intro"] == ""
