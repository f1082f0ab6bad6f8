"""Members by workbook: what is new, changed, there already or refused; twice adds nothing; the way back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from imports import services
from imports.models import Import
from tests import build
from tests.imports.build import AMINAH, BARSIAH, MEMBER_HEADINGS, checked, counts, faults, saved, workbook
from up2k_portal.lib.dates import today
from villages.models import Member


def test_two_new_members_are_read_and_nothing_is_stored(group, operator, book_path):
    imported = checked(workbook(book_path, [AMINAH, BARSIAH]), operator)
    assert counts(imported) == {"read": 2, "new": 2, "changed": 0, "skipped": 0, "refused": 0}
    assert (imported.kind, imported.area_code, imported.state) == ("anggota", build.PANDULANGAN, "checked")
    assert Member.objects.count() == 0


def test_saved_they_are_members_with_their_history(group, operator, book_path):
    imported = saved(workbook(book_path, [AMINAH, BARSIAH]), operator)
    member = Member.objects.get(name="Aminah")
    assert (member.nik, member.birth_date, member.group) == ("6308035203850001", date(1985, 3, 12), group)
    assert Change.objects.filter(model="villages.member", user=operator).count() == 2
    assert (imported.state, imported.done, imported.parts.get().keys(Member)) == (
        "done",
        2,
        list(Member.objects.order_by("pk").values_list("pk", flat=True)),
    )


def test_the_same_workbook_again_adds_nothing_and_says_so(group, operator, book_path):
    saved(workbook(book_path, [AMINAH, BARSIAH]), operator)
    again = checked(book_path, operator)
    assert counts(again) == {"read": 2, "new": 0, "changed": 0, "skipped": 2, "refused": 0}
    assert "Berkas yang sama sudah diimpor" in again.notices[0]
    with pytest.raises(ValidationError) as caught:
        services.begin(imported=again, is_partial=False, by=operator)
    assert caught.value.messages == ["Tidak ada baris baru atau yang berubah. Tidak ada yang perlu disimpan."]
    assert Member.objects.count() == 2


def test_without_a_nik_the_name_and_days_tell_who_is_there(group, operator, book_path):
    row = ("Aminah", "", "P", None, "", "", date(2026, 1, 6), "belum rekam KTP")
    headings = (*MEMBER_HEADINGS, "Alasan belum ada NIK")
    saved(workbook(book_path, [row], headings), operator)
    assert counts(checked(book_path, operator))["skipped"] == 1
    assert Member.objects.get().nik_missing_reason == "belum rekam KTP"


def test_what_the_sheet_says_otherwise_is_a_change_and_an_empty_cell_is_none(group, operator, book_path):
    saved(workbook(book_path, [AMINAH]), operator)
    moved = (*AMINAH[:4], "RT 09, Handil", "", AMINAH[6])
    imported = checked(workbook(book_path, [moved]), operator)
    (line,) = services.lines_of(imported)
    assert line.changes == {"Alamat": "RT 02, Anjir → RT 09, Handil"}
    saved(book_path, operator)
    member = Member.objects.get()
    assert (member.address, member.phone) == ("RT 09, Handil", "081200001111")


def test_every_fault_is_told_at_once_with_its_place(group, operator, book_path):
    rows = [
        ("", "6308035203850001", "P", None, "", "", date(2026, 1, 6)),
        ("Barsiah", 6308035203850002, "X", "12/31/1985", "", "", date(2027, 1, 6)),
        ("Aminah", "123", "", None, "", "", None),
    ]
    imported = checked(workbook(book_path, rows), operator)
    assert counts(imported) == {"read": 3, "new": 0, "changed": 0, "skipped": 0, "refused": 3}
    assert faults(imported) == [
        (2, "Nama", "", "Nama belum diisi. Contoh: Norhasanah."),
        (
            3,
            "NIK",
            "6308035203850002",
            "NIK tersimpan sebagai angka, jadi angka ke-16 dapat hilang. Ubah kolom NIK menjadi Teks di Excel,"
            " lalu ketik ulang 16 angkanya dari KTP atau KK.",
        ),
        (3, "Jenis kelamin", "X", "“X” tidak dikenal. Tulis P atau L."),
        (3, "Tanggal lahir", "12/31/1985",
         "Tanggal 12/31/1985 ditulis bulan dulu. Tulis hari, bulan, tahun: 31-12-1985."),
        (3, "Masuk tanggal", "06-01-2027",
         "Tanggal 6 Januari 2027 belum datang. Paling akhir hari ini, 30 September 2026."),
        (4, "NIK", "123", "NIK harus 16 angka; yang ditulis 3 huruf/angka. Salin dari KTP atau KK."),
        (4, "Jenis kelamin", "", "Jenis kelamin belum diisi. Contoh: P."),
        (4, "Masuk tanggal", "", "Masuk tanggal belum diisi. Contoh: 06-01-2026."),
    ]  # fmt: skip


def test_one_nik_is_one_person(group, operator, book_path):
    build.member(group, name="Norhasanah", nik=AMINAH[1])
    rows = [AMINAH, BARSIAH, ("Citra", BARSIAH[1], *BARSIAH[2:])]
    imported = checked(workbook(book_path, rows), operator)
    assert faults(imported) == [
        (2, "NIK", AMINAH[1], "NIK ini milik Norhasanah, anggota kelompok ini. Periksa dengan KTP."),
        (4, "NIK", BARSIAH[1], "NIK ini sama dengan baris 3."),
    ]


def test_a_nik_of_another_village_is_a_note_that_names_no_village(group, elsewhere, operator, book_path):
    build.member(build.group(elsewhere), nik=AMINAH[1])
    imported = checked(workbook(book_path, [AMINAH]), operator)
    (line,) = services.lines_of(imported)
    assert line.note == "NIK ini juga tercatat di kelompok lain. Data tetap masuk; kabupaten akan memeriksanya."


def test_only_the_right_rows_or_none(group, operator, book_path):
    workbook(book_path, [AMINAH, ("", *BARSIAH[1:])])
    imported = checked(book_path, operator)
    with pytest.raises(ValidationError) as caught:
        services.begin(imported=imported, is_partial=False, by=operator)
    assert caught.value.messages == ["1 baris masih salah. Perbaiki berkasnya, atau pilih “Simpan yang benar saja”."]
    assert counts(saved(book_path, operator, is_partial=True)) == {
        "read": 2, "new": 1, "changed": 0, "skipped": 0, "refused": 1,
    }  # fmt: skip
    assert Member.objects.get().name == "Aminah"


def test_another_villages_template_is_refused(group, elsewhere, operator, book_path):
    about = {"Jenis templat": "anggota", "Kode desa": build.OTHER_PANDULANGAN, "Versi templat": 1}
    with pytest.raises(ValidationError) as caught:
        checked(workbook(book_path, [AMINAH], about=about), operator)
    assert caught.value.messages == [
        "Templat ini milik desa lain, bukan wilayah Anda. Unduh templat desa Anda, lalu salin isinya."
    ]
    assert (Import.objects.get().state, Member.objects.count()) == ("failed", 0)


def test_undone_new_members_left_and_changed_ones_are_as_before(group, operator, book_path):
    saved(workbook(book_path, [AMINAH]), operator)
    imported = saved(workbook(book_path, [(*AMINAH[:4], "RT 09", *AMINAH[5:]), BARSIAH]), operator)
    access = operator.access_on(today())
    reason = "salah unggah berkas tahun lalu"
    assert services.undo(imported=imported, reason=reason, by=operator, access=access) == (2, 0)
    assert services.undo(imported=imported, reason=reason, by=operator, access=access) == (0, 0)
    aminah, barsiah = Member.objects.order_by("name")
    assert (aminah.address, aminah.left_on, barsiah.left_on) == ("RT 02, Anjir", None, date(2026, 1, 6))
    imported.refresh_from_db()
    assert (imported.state, imported.undone_by) == ("undone", operator)


def test_who_has_records_stays_when_an_import_is_undone(group, operator, book_path):
    imported = saved(workbook(book_path, [AMINAH, BARSIAH]), operator)
    build.loan(Member.objects.get(name="Aminah"))
    access = operator.access_on(today())
    done = services.undo(imported=imported, reason="salah unggah berkas", by=operator, access=access)
    assert (done, Member.objects.filter(left_on=None).get().name) == ((1, 1), "Aminah")


def test_an_import_that_was_killed_goes_on_and_adds_nothing_twice(group, operator, book_path, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 2)
    rows = [(f"Anggota {n}", build.nik(n), *AMINAH[2:]) for n in range(1, 6)]
    imported = checked(workbook(book_path, rows), operator)
    imported = services.begin(imported=imported, is_partial=True, by=operator)
    real, calls = services._save_chunk, []

    def killed(*args):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(services, "_save_chunk", killed)
    with pytest.raises(KeyboardInterrupt):
        services.save(imported, access=operator.access_on(today()))
    assert Member.objects.count() == 2
    imported.refresh_from_db()
    assert (imported.state, imported.done) == ("saving", 2)
    services.take_up()
    imported.refresh_from_db()
    done = services.save(imported, access=operator.access_on(today()))
    assert (done.state, done.done, Member.objects.count(), done.parts.count()) == ("done", 5, 5, 3)


def test_what_somebody_else_changed_since_is_not_taken_back(group, operator, book_path):
    saved(workbook(book_path, [AMINAH]), operator)
    imported = saved(workbook(book_path, [(*AMINAH[:4], "RT 09", *AMINAH[5:])]), operator)
    Member.objects.update(address="RT 11")
    access = operator.access_on(today())
    done = services.undo(imported=imported, reason="salah unggah berkas", by=operator, access=access)
    assert (done, Member.objects.get().address) == ((0, 1), "RT 11")
