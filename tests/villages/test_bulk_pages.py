"""Bulk entry as people meet it: paste, check, save, take back. Nothing is stored before the button says so."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Change
from tests import build
from tests.test_lists import sheet_of
from tests.villages.test_bulk import RIGHT, text_of
from villages import bulk_services
from villages.bulk import COLUMNS
from villages.models import BulkEntry, Member, Poklak

NO_POKLAK = {"poklak": ""}
INPUT = re.compile(r'<input[^>]* name="([^"]+)"(?: value="([^"]*)")?')


def women(count: int, first: int = 1, **changed) -> list[dict]:
    return [
        {"name": f"Perempuan {number}", "nik": build.nik(number * 10 + 1), **NO_POKLAK, **changed}
        for number in range(first, first + count)
    ]


def filled(page) -> dict[str, str]:
    """What the page's form would send back: its boxes as they stand, unticked ones left out."""
    html = page.content.decode().split('<form method="post" class="stack block"')[1]
    return {name: value for name, value in INPUT.findall(html) if not name.startswith(("skip-", "new_poklaks", "csrf"))}


@pytest.fixture
def desk(group, operator, as_user):
    """(send a text or a form to the page of the group) → the answer."""
    client = as_user(operator)
    return lambda sent: client.post(
        reverse("member-paste", args=[group.pk]), {"text": sent} if isinstance(sent, str) else sent
    )


def counts(page) -> tuple[int, int, int]:
    grid = page.context["grid"]
    return grid.ready, len(grid.wrong), grid.skipped


class TestChecking:
    def test_the_first_page_shows_the_columns_in_their_order(self, group, operator, as_user):
        page = as_user(operator).get(reverse("member-paste", args=[group.pk])).content.decode()
        heads = re.findall(r'<th scope="row">(\d)\. ([^<]+)</th>', page)
        assert heads == [(str(number), heading) for number, heading in enumerate(COLUMNS.values(), 1)]

    def test_checking_stores_nothing(self, desk):
        page = desk(text_of(*women(2), {"nik": "1", **NO_POKLAK}))
        assert counts(page) == (2, 1, 0)
        assert "3 baris: 2 siap, 1 perlu diperbaiki" in page.content.decode()
        assert (Member.objects.count(), BulkEntry.objects.count(), Change.objects.count()) == (0, 0, 0)

    def test_what_is_no_table_stays_in_the_box_with_a_sentence(self, desk):
        page = desk("Siti Aminah")
        assert "Kolomnya tidak terbaca." in page.context["form"].errors["text"][0]
        assert "Siti Aminah" in page.content.decode()

    def test_six_hundred_rows_are_refused(self, desk):
        page = desk(text_of(*women(600)))
        assert page.context["form"].errors["text"] == [
            "Ada 600 baris; paling banyak 500 sekali tempel. Bagi menjadi beberapa kali."
        ]

    def test_each_wrong_box_names_its_error(self, desk):
        html = desk(text_of({"nik": "6,30801E+15", **NO_POKLAK})).content.decode()
        assert 'value="6,30801E+15" autocomplete="off" aria-invalid="true" aria-describedby="nik-1-e"' in html
        assert "NIK dirusak Excel menjadi 6,30801E+15. Di Excel: ubah kolom NIK menjadi Teks" in html

    def test_a_text_too_long_for_its_column_is_told(self, desk):
        page = desk(text_of({"address": "x" * 201, **NO_POKLAK}))
        assert "200" in page.context["grid"].wrong[0].errors["address"][0]

    def test_signs_of_html_and_formulas_stay_text(self, desk, group, operator, as_user):
        sent = filled(desk(text_of({"name": "<b>Ida</b>", "address": "=1+1", **NO_POKLAK})))
        assert sent["name-1"] == "&lt;b&gt;Ida&lt;/b&gt;"
        desk(sent | {"name-1": "<b>Ida</b>", "save": "1"})
        member = Member.objects.get()
        assert (member.name, member.address) == ("<b>Ida</b>", "=1+1")
        sheet = sheet_of(as_user(operator).get(reverse("member-list"), {"format": "xlsx"}))
        assert "<b>Ida</b>" in [cell.value for cell in sheet["A"]]

    def test_a_line_is_mended_and_checked_again(self, desk):
        sent = filled(desk(text_of(*women(2), {"nik": "1", **NO_POKLAK})))
        page = desk(sent | {"nik-3": build.nik(99), "check": "1"})
        assert counts(page) == (3, 0, 0)
        assert not Member.objects.exists()

    def test_a_member_is_not_offered_again(self, desk, group):
        build.member(group, name="Perempuan 1", nik=build.nik(11))
        page = desk(text_of(*women(2)))
        assert counts(page) == (1, 0, 1)
        assert "Dilewati: sudah tercatat sebagai anggota kelompok ini." in page.content.decode()

    def test_the_day_and_the_reason_are_asked_once_for_all(self, desk):
        page = desk(text_of(*women(2, nik="", joined_on="")))
        assert counts(page) == (0, 2, 0)
        page = desk(filled(page) | {"joined_on": "010926", "nik_reason": "belum rekam KTP", "check": "1"})
        assert counts(page) == (2, 0, 0)
        desk(filled(page) | {"save": "1"})
        assert set(Member.objects.values_list("nik", "nik_missing_reason", "joined_on")) == {
            (None, "belum rekam KTP", date(2026, 9, 1))
        }

    def test_a_form_that_no_page_of_ours_has_made_is_answered_calmly(self, desk):
        page = desk({"rows": "x", "save": "1"})
        assert "Isian tidak lengkap sampai. Tempel sekali lagi." in page.content.decode()


class TestSaving:
    def test_the_right_ones_are_saved_and_the_numbers_add_up(self, desk, group, operator):
        build.member(group, name="Perempuan 1", nik=build.nik(11))
        page = desk(text_of(*women(3), {"nik": "1", **NO_POKLAK}))
        page = desk(filled(page) | {"save": "1"})
        entry = BulkEntry.objects.get()
        assert (entry.read, entry.stored, entry.skipped, entry.refused) == (4, 2, 1, 1)
        assert "4 baris dibaca = 2 masuk + 1 dilewati + 1 ditolak" in page.content.decode()
        assert (entry.village, entry.recorded_by, entry.members.count()) == (group.village, operator, 2)
        assert [line.number for line, _ in page.context["grid"].lines] == [4]  # what is left to mend

    def test_what_was_refused_is_mended_and_saved_as_its_own_entry(self, desk):
        page = desk(filled(desk(text_of(*women(2), {"nik": "1", **NO_POKLAK}))) | {"save": "1"})
        page = desk(filled(page) | {"nik-3": build.nik(99), "check": "1"})
        answer = desk(filled(page) | {"save": "1"})
        assert answer.url == BulkEntry.objects.first().get_absolute_url()
        assert list(BulkEntry.objects.order_by("pk").values_list("read", "stored")) == [(3, 2), (1, 1)]

    def test_each_member_has_her_change_with_the_nik_masked(self, desk, operator):
        desk(filled(desk(text_of(*women(2)))) | {"save": "1"})
        changes = Change.objects.filter(model="villages.member")
        assert [(one.kind, one.user, one.area_code) for one in changes] == [
            ("created", operator, build.PANDULANGAN)
        ] * 2
        assert {one.after["NIK"] for one in changes} == {"••••0011", "••••0021"}

    def test_sent_twice_it_is_done_once(self, desk):
        sent = filled(desk(text_of(*women(3)))) | {"save": "1"}
        assert desk(sent).url == desk(sent).url
        assert (Member.objects.count(), BulkEntry.objects.count()) == (3, 1)

    def test_sent_twice_with_a_wrong_line_it_is_done_once(self, desk):
        sent = filled(desk(text_of(*women(3), {"nik": "1", **NO_POKLAK}))) | {"save": "1"}
        for page in (desk(sent), desk(sent)):
            assert "4 baris dibaca = 3 masuk + 0 dilewati + 1 ditolak" in page.content.decode()
        assert (Member.objects.count(), BulkEntry.objects.count()) == (3, 1)

    def test_what_was_not_checked_is_not_saved(self, desk):
        sent = filled(desk(text_of(*women(2))))
        page = desk(sent | {"name-1": "Lain", "save": "1"})
        assert "Isian berubah sejak diperiksa. Lihat hasilnya, lalu simpan." in page.content.decode()
        assert not Member.objects.exists()
        desk(filled(page) | {"save": "1"})
        assert Member.objects.filter(name="Lain").exists()

    def test_a_line_marked_to_skip_is_left_out_and_counted(self, desk):
        page = desk(filled(desk(text_of(*women(2)))) | {"skip-2": "1", "check": "1"})
        assert counts(page) == (1, 0, 1)
        desk(filled(page) | {"skip-2": "1", "save": "1"})
        entry = BulkEntry.objects.get()
        assert (entry.read, entry.stored, entry.skipped, entry.refused) == (2, 1, 1, 0)

    def test_new_poklak_are_made_once_and_only_with_the_tick(self, desk, group):
        rows = [*women(2, poklak="Mawar"), *women(1, 3, poklak="poklak MAWAR"), *women(1, 4, poklak="Melati")]
        build.poklak(group, name="Melati")
        page = desk(text_of(*rows))
        assert counts(page) == (1, 3, 0)
        assert "Buat poklak baru: Mawar (2 baris)" in page.content.decode()
        page = desk(filled(page) | {"new_poklaks": "on", "check": "1"})
        assert counts(page) == (4, 0, 0)
        assert not Poklak.objects.filter(name="Mawar").exists()
        desk(filled(page) | {"new_poklaks": "on", "save": "1"})
        assert sorted(Member.objects.values_list("poklak__name", flat=True)) == ["Mawar", "Mawar", "Mawar", "Melati"]
        assert Poklak.objects.count() == 2

    def test_a_poklak_of_another_group_is_unknown_here(self, desk, group):
        build.poklak(build.group(group.village, name="UP2K Lain"), name="Mawar")
        assert counts(desk(text_of(*women(1, poklak="Mawar")))) == (0, 1, 0)

    def test_a_key_of_another_group_saves_nothing(self, desk, group, operator):
        other = build.group(group.village, name="UP2K Lain")
        key = build.bulk_entry(other).uuid
        page = desk(filled(desk(text_of(*women(1)))) | {"uuid": key, "save": "1"})
        assert "Kiriman ini milik kelompok lain." in page.content.decode()
        assert not Member.objects.filter(group=group).exists()

    def test_a_member_of_another_village_with_this_nik_is_neither_told_nor_shown(self, desk, elsewhere):
        build.member(build.group(elsewhere, name="UP2K Rahasia"), name="Siti Rahasia", nik=build.nik(11))
        page = desk(text_of(*women(1)))
        assert counts(page) == (1, 0, 0)
        assert "Rahasia" not in page.content.decode()

    def test_five_hundred_rows_are_saved_at_once(self, desk):
        """More than four thousand boxes in one form."""
        sent = filled(desk(text_of(*women(500)))) | {"save": "1"}
        assert len(sent) > 4_000
        assert desk(sent).status_code == 302
        assert Member.objects.count() == 500

    def test_no_step_costs_more_queries_for_more_rows(self, desk):
        def queries(sent) -> tuple[int, object]:
            with CaptureQueriesContext(connection) as seen:
                answer = desk(sent)
            inserts = [one for one in seen.captured_queries if one["sql"].startswith("INSERT")]
            return len(seen) - len(inserts), answer

        few, many = text_of(*women(2)), text_of(*women(300, 3))
        (checked_few, page_few), (checked_many, page_many) = queries(few), queries(many)
        assert checked_few == checked_many
        saved = [queries(filled(page) | {"save": "1"})[0] for page in (page_few, page_many)]
        assert saved[0] == saved[1]


class TestTakingBack:
    @pytest.fixture
    def entry(self, desk):
        desk(filled(desk(text_of(*women(3)))) | {"save": "1"})
        return BulkEntry.objects.get()

    def test_the_result_leads_to_each_member_and_back(self, entry, operator, as_user):
        page = as_user(operator).get(entry.get_absolute_url()).content.decode()
        assert all(one.get_absolute_url() in page for one in entry.members.all())
        assert reverse("bulk-undo", args=[entry.pk]) in page

    def test_who_is_taken_back_is_counted_on_no_day_and_nobody_is_deleted(self, entry, operator, as_user):
        answer = as_user(operator).post(reverse("bulk-undo", args=[entry.pk]), follow=True)
        assert "3 anggota dibatalkan." in answer.content.decode()
        rows = list(Member.objects.values_list("joined_on", "left_on", "left_reason"))
        assert rows == [(date(2026, 9, 1), date(2026, 9, 1), "Batal dimasukkan: salah tempel")] * 3
        assert [Member.objects.active_on(date(2026, 9, day)).count() for day in (1, 2, 30)] == [0, 0, 0]
        told = Change.objects.filter(model="villages.member", kind="changed")
        assert [one.after["alasan keluar"] for one in told] == ["Batal dimasukkan: salah tempel"] * 3

    def test_afterwards_the_same_women_may_be_pasted_again(self, entry, desk, operator, as_user):
        as_user(operator).post(reverse("bulk-undo", args=[entry.pk]))
        assert counts(desk(text_of(*women(3)))) == (3, 0, 0)

    def test_who_has_a_record_stays(self, entry, operator, as_user):
        build.loan(entry.members.get(name="Perempuan 1"), on=date(2026, 9, 5))
        answer = as_user(operator).post(reverse("bulk-undo", args=[entry.pk]), follow=True)
        assert "2 anggota dibatalkan. 1 tetap karena sudah punya catatan lain." in answer.content.decode()
        assert Member.objects.get(left_on=None).name == "Perempuan 1"

    def test_the_next_day_it_is_too_late(self, entry, operator):
        BulkEntry.objects.update(recorded_on=date(2026, 9, 29))
        with pytest.raises(ValidationError, match="Hanya dapat dibatalkan pada hari yang sama, 29 September 2026."):
            bulk_services.undo_block(entry=entry, by=operator)

    def test_it_is_taken_back_once(self, entry, operator):
        bulk_services.undo_block(entry=entry, by=operator)
        with pytest.raises(ValidationError, match="Penambahan ini sudah dibatalkan."):
            bulk_services.undo_block(entry=entry, by=operator)


def test_the_template_has_the_columns_and_keeps_a_nik_as_text(operator, as_user, group):
    answer = as_user(operator).get(reverse("member-paste-template"))
    page = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in page[1]] == list(COLUMNS.values())
    assert [page.cell(501, place).number_format for place in (2, 4, 6, 8)] == ["@", "dd-mm-yyyy", "@", "dd-mm-yyyy"]


def test_a_kecamatan_pastes_only_where_it_assists(group, district_officer, as_user):
    client, url = as_user(district_officer), reverse("member-paste", args=[group.pk])
    assert client.get(url).status_code == 404
    group.village.is_assisted = True
    group.village.save()
    assert client.get(url).status_code == 200


def test_the_right_line_of_these_tests_is_right(desk, group):
    build.poklak(group, name="Melati")
    assert counts(desk(text_of(RIGHT))) == (1, 0, 0)
