"""The administration checklist: computed from rows, one query, every book of every app."""

from datetime import date

import pytest
from django.urls import reverse

from enterprises.models import MonthlyResult
from tests import build
from up2k_portal.ledgers import LEDGERS
from villages.checklist import checklist, months_before
from villages.models import Officer

TODAY = date(2026, 9, 30)


def judged(group, as_of=TODAY) -> dict[str, str]:
    return {one.ledger.key: one.judgement for one in checklist(group, LEDGERS, as_of)}


@pytest.fixture
def full(group):
    """A group with an entry in every book."""
    group.decree_number = "188.45/07/KUM/2004"
    group.save()
    Officer.objects.create(group=group, village=group.village, office="ketua", name="Rusdiana", since=date(2020, 1, 1))
    member = build.member(group)
    build.meeting(group, present=[member], guests=["Noor"], minutes="Angsuran diterima.", held_on=date(2026, 9, 10))
    build.item(group)
    build.letter(group)
    build.payment(build.loan(member), 115_000, date(2026, 3, 1))
    made = build.enterprise(member)
    MonthlyResult.objects.create(
        group=group, village=group.village, enterprise=made, period=202607, turnover=900_000, cost=400_000
    )
    return group


def test_an_empty_group_has_nothing(group):
    assert set(judged(group).values()) == {"Kosong"}


def test_each_book_is_judged_by_what_was_entered(full):
    assert judged(full) == {
        "members": "Terisi",
        "officers": "Terisi",
        "minutes": "Terisi & baru",
        "attendance": "Terisi & baru",
        "guests": "Terisi & baru",
        "activities": "Terisi & baru",
        "inventory": "Terisi",
        "letters": "Terisi & baru",
        "money": "Terisi, lama",
        "production": "Terisi & baru",
    }


@pytest.mark.parametrize(
    ("as_of", "words"), [(date(2026, 11, 10), "Terisi & baru"), (date(2026, 11, 11), "Terisi, lama")]
)
def test_a_book_is_fresh_for_two_months(as_of, words, full):
    assert judged(full, as_of)["minutes"] == words


def test_two_months_before_the_last_day_are_clipped_to_the_month():
    assert [months_before(day, 2) for day in (date(2026, 4, 30), date(2026, 2, 28), date(2025, 12, 31))] == [
        date(2026, 2, 28), date(2025, 12, 28), date(2025, 10, 31),
    ]  # fmt: skip


def test_a_month_of_business_is_fresh_until_two_months_after_its_end(full):
    assert [judged(full, day)["production"] for day in (date(2026, 10, 1), date(2026, 10, 2))] == [
        "Terisi & baru", "Terisi, lama",
    ]  # fmt: skip


def test_meetings_without_minutes_fill_no_book_of_minutes(group):
    build.meeting(group)
    found = judged(group)
    assert (found["minutes"], found["activities"]) == ("Kosong", "Terisi & baru")


def test_entries_are_counted_by_year_and_the_last_day_is_told(group):
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 1)):
        build.meeting(group, held_on=day)
    activities = next(one for one in checklist(group, LEDGERS, TODAY) if one.ledger.key == "activities")
    assert (activities.last_on, activities.this_year) == (date(2026, 8, 1), 2)


def test_another_groups_rows_fill_nothing(full):
    other = build.group(full.village)
    assert set(judged(other).values()) == {"Kosong"}


def test_the_checklist_of_a_group_is_one_query(full, django_assert_num_queries):
    with django_assert_num_queries(1):
        checklist(full, LEDGERS, TODAY)


def test_the_kabupaten_reads_one_row_a_group_with_its_score(full, staff, as_user):
    build.group(full.village, name="UP2K Baru")
    build.group(full.village, name="UPPKA Mawar", programme="uppka")
    client = as_user(staff)
    rows = client.get(reverse("administration"), {"format": "json", "sort": "-score"}).json()["results"]
    assert [(row["name"], row["score"], row["fresh"]) for row in rows] == [
        ("UP2K As Syifa", 10, 9),
        ("UP2K Baru", 0, 0),
    ]
    assert rows[0]["missing"] == ""
    assert rows[1]["missing"] == (
        "Buku anggota, Pengurus & SK, Buku notulen, Daftar hadir, Buku tamu, Buku kegiatan, Buku inventaris, "
        "Agenda surat, Buku pinjaman & angsuran, Buku produksi & penjualan"
    )
    assert "10 dari 10" in client.get(reverse("administration")).content.decode()


def test_the_kecamatan_filters(full, elsewhere, staff, as_user):
    build.group(elsewhere, name="UP2K Mawar")
    district = elsewhere.district_id
    rows = as_user(staff).get(reverse("administration"), {"district": district, "format": "json"}).json()["results"]
    assert [row["name"] for row in rows] == ["UP2K Mawar"]


def test_the_groups_page_tells_how_its_books_stand_and_leads_to_their_print(full, operator, as_user):
    page = as_user(operator).get(full.get_absolute_url()).content.decode()
    assert "Administrasi: 10 dari 10 buku terisi" in page
    assert "Terakhir 10 September 2026, 1 isian tahun 2026" in page
    assert reverse("book-minutes", args=[full.pk]) in page


def test_the_province_reads_the_scores_and_no_book(full, province_reader, as_user):
    client = as_user(province_reader)
    (row,) = client.get(reverse("administration"), {"format": "json"}).json()["results"]
    assert row["score"] == 10
    page = client.get(full.get_absolute_url()).content.decode()
    assert "Administrasi: 10 dari" in page
    assert "/buku/" not in page
