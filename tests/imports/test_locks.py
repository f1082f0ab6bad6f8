"""What a closed month or a report that is out forbids; two who save one import at the same time; what is cleaned up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from imports import services, storage
from imports.models import Import
from loans.models import MonthLock, Receipt
from tests import build
from tests.imports.build import AMINAH, checked, received, saved, workbook
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import period_of, today
from villages.models import Member

REASON = "salah unggah berkas bulan lalu"


def lock(group, first: int, last: int) -> None:
    words = "Laporan Triwulan III 2026 sudah diajukan"
    MonthLock.objects.create(group=group, village=group.village, first=first, last=last, words=words)


def refusal(imported, by) -> str:
    with pytest.raises(ValidationError) as caught:
        services.undo(imported=imported, reason=REASON, by=by, access=by.access_on(today()))
    return caught.value.messages[0]


def test_members_stay_once_the_report_of_their_month_is_out(group, operator, book_path):
    imported = saved(workbook(book_path, [AMINAH]), operator)
    month = period_of(timezone.localtime(imported.sent_at).date())
    lock(group, month, month)
    assert refusal(imported, operator).startswith("Laporan Triwulan III 2026 sudah diajukan")
    assert Member.objects.get().left_on is None


def test_money_is_not_taken_back_in_a_locked_month_and_then_none_of_it_is(member, operator, book_path):
    rows = [("Norhasanah", date(2026, 9, day), 10_000) for day in (1, 2)]
    headings = ("Nama anggota", "Tanggal setor", "Simpanan wajib")
    imported = saved(workbook(book_path, rows, headings, sheet="Setoran"), operator)
    lock(member.group, 202607, 202609)
    assert refusal(imported, operator).startswith("Laporan Triwulan III 2026 sudah diajukan")
    assert Receipt.objects.count() == 2


def test_a_month_that_was_locked_meanwhile_refuses_all_of_an_import_that_is_all_or_nothing(member, operator, book_path):
    rows = [("Norhasanah", date(2026, 8, 1), 10_000), ("Norhasanah", date(2026, 9, 1), 10_000)]
    headings = ("Nama anggota", "Tanggal setor", "Simpanan wajib")
    imported = checked(workbook(book_path, rows, headings, sheet="Setoran"), operator)
    lock(member.group, 202607, 202608)
    imported = services.begin(imported=imported, is_partial=False, by=operator)
    with pytest.raises(ValidationError) as caught:
        services.save(imported, access=operator.access_on(today()))
    assert caught.value.messages[0].startswith("Baris 2: Laporan Triwulan III 2026 sudah diajukan")
    imported.refresh_from_db()
    assert (imported.state, Receipt.objects.count(), imported.done) == ("cut", 0, 0)


def test_asked_for_the_right_ones_the_others_are_told_and_the_numbers_add_up(member, operator, book_path):
    rows = [("Norhasanah", date(2026, 8, 1), 10_000), ("Norhasanah", date(2026, 9, 1), 10_000)]
    headings = ("Nama anggota", "Tanggal setor", "Simpanan wajib")
    imported = checked(workbook(book_path, rows, headings, sheet="Setoran"), operator)
    lock(member.group, 202607, 202608)
    imported = services.begin(imported=imported, is_partial=True, by=operator)
    imported = services.save(imported, access=operator.access_on(today()))
    assert (imported.read, imported.new, imported.refused, imported.done) == (2, 1, 1, 1)
    assert [row for row, _ in imported.parts.get().refused] == [2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database")
@pytest.mark.parametrize("is_partial", [True, False])
def test_two_who_save_one_import_save_it_once(is_partial, book_path):
    group = build.group(build.village())
    operator = build.user(Role.OPERATOR, group.village.code)
    rows = [(f"Anggota {n}", build.nik(n), *AMINAH[2:]) for n in range(1, 8)]
    imported = checked(workbook(book_path, rows), operator)
    services.begin(imported=imported, is_partial=is_partial, by=operator)

    def save(_):
        try:
            own = Import.objects.select_related("village__district", "saved_by").get(pk=imported.pk)
            return services.save(own, access=operator.access_on(today())).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(save, range(2))) == ["done", "done"]
    imported.refresh_from_db()
    assert (Member.objects.count(), imported.done, imported.parts.count()) == (7, 7, 1)


def test_old_uploads_go_and_what_they_made_stays(group, operator, book_path):
    done, left = saved(workbook(book_path, [AMINAH]), operator), received(book_path, operator)
    Import.objects.update(sent_at=timezone.now() - timedelta(days=31))
    assert services.clean_up() == 2
    assert [storage.book_path(one.uuid).exists() for one in (done, left)] == [False, False]
    kept = Import.objects.get()
    assert (kept.pk, kept.is_kept, Member.objects.count()) == (done.pk, False, 1)


def test_who_checks_and_never_saves_keeps_no_more_than_twenty_files(group, operator, book_path, monkeypatch):
    monkeypatch.setattr(services, "MOST_UNSAVED", 2)
    first, *rest = [checked(workbook(book_path, [AMINAH]), operator) for _ in range(3)]
    assert list(Import.objects.order_by("pk").values_list("pk", flat=True)) == [one.pk for one in rest]
    assert not storage.book_path(first.uuid).exists()
