"""The way through the pages: template, upload, preview, save, the list of what came in, undo."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from imports import annotated, services, storage
from imports.models import Import
from tests import build
from tests.imports.build import AMINAH, BARSIAH, checked, saved, workbook
from villages.models import Member


def upload(client, path, **facts):
    with path.open("rb") as file:
        return client.post(reverse("import-new"), {"file": file} | facts, follow=True)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_upload_shows_what_would_be_saved_and_saves_it_on_demand(group, operator, as_user, book_path):
    build.member(group, name="Norhasanah")
    client = as_user(operator)
    page = text(upload(client, workbook(book_path, [AMINAH, BARSIAH])))
    assert "Simpan 2 baris" in page
    assert "NIK ••••0001" in page
    assert AMINAH[1] not in page
    assert Member.objects.count() == 1
    imported = Import.objects.get()
    page = text(client.post(reverse("import-save", args=[imported.pk]), follow=True))
    assert f"2 baris tersimpan sebagai impor no. {imported.pk}." in page
    assert f"{reverse('member-list')}?impor={imported.pk}" in page
    rows = client.get(reverse("member-list"), {"impor": imported.pk, "format": "json"}).json()["results"]
    assert [row["name"] for row in rows] == ["Aminah", "Barsiah"]


def test_sent_twice_the_save_button_saves_once(group, operator, as_user, book_path):
    imported = checked(workbook(book_path, [AMINAH]), operator)
    client = as_user(operator)
    for _ in range(2):
        client.post(reverse("import-save", args=[imported.pk]))
    assert (Member.objects.count(), imported.parts.count()) == (1, 1)


def test_another_villages_import_is_no_filter(group, elsewhere, operator, as_user, book_path):
    stranger = build.user("operator", elsewhere.code)
    build.group(elsewhere)
    imported = saved(workbook(book_path, [AMINAH]), stranger)
    build.member(group)
    client = as_user(operator)
    answer = client.get(reverse("member-list"), {"impor": imported.pk, "format": "json"}).json()
    assert answer["results"] == []


def test_wrong_rows_are_listed_and_only_the_right_ones_offered(group, operator, as_user, book_path):
    client = as_user(operator)
    page = text(upload(client, workbook(book_path, [AMINAH, ("Barsiah", "12", *BARSIAH[2:])])))
    assert "1 baris perlu diperbaiki" in page
    assert "Anggota, baris 3, NIK" in page
    assert "Simpan 1 baris yang benar saja" in page
    client.post(reverse("import-save", args=[Import.objects.get().pk]))
    assert Member.objects.count() == 0
    client.post(reverse("import-save", args=[Import.objects.get().pk]), {"cara": "benar"})
    assert Member.objects.get().name == "Aminah"


def test_a_refused_file_leaves_nothing_and_the_form_says_why(group, operator, as_user, tmp_path, settings):
    path = tmp_path / "foto.xlsx"
    path.write_bytes(build.picture())
    page = text(upload(as_user(operator), path))
    assert page.count("Berkas ini foto, bukan Excel. Kirim berkas Excel (.xlsx).") == 2
    headings = ("Nama", "Alamat")
    page = text(upload(as_user(operator), workbook(path, [("Aminah", 12)], headings), village=""))
    assert Import.objects.count() == 0 or "baris perlu diperbaiki" in page


def test_discarded_it_is_gone_with_its_files(group, operator, as_user, book_path):
    imported = checked(workbook(book_path, [AMINAH]), operator)
    as_user(operator).post(reverse("import-discard", args=[imported.pk]))
    assert (Import.objects.count(), storage.book_path(imported.uuid).exists()) == (0, False)


def test_undone_by_the_page_with_a_reason(group, operator, as_user, book_path):
    imported = saved(workbook(book_path, [AMINAH]), operator)
    client = as_user(operator)
    url = reverse("import-undo", args=[imported.pk])
    assert "paling sedikit 10 huruf" in text(client.post(url, {"reason": "salah"}))
    page = text(client.post(url, {"reason": "salah unggah berkas"}, follow=True))
    assert f"Impor no. {imported.pk} dibatalkan: 1 catatan diambil kembali." in page
    assert Member.objects.get().left_on == AMINAH[6]


def test_the_workbook_goes_back_with_red_cells_comments_and_remarks(group, operator, as_user, book_path):
    workbook(book_path, [AMINAH, ("Barsiah", "12", *BARSIAH[2:])])
    imported = checked(book_path, operator)
    answer = as_user(operator).get(reverse("import-file", args=[imported.pk]))
    page = load_workbook(BytesIO(b"".join(answer)))["Anggota"]
    why = "NIK harus 16 angka; yang ditulis 2 huruf/angka. Salin dari KTP atau KK."
    assert (page["B3"].fill.fgColor.rgb, page["B3"].comment.text) == ("00FFC7CE", why)
    assert (page["H1"].value, page["H2"].value, page["H3"].value) == ("Keterangan", None, f"NIK: {why}")


def test_what_went_back_and_was_mended_goes_in(group, operator, as_user, book_path):
    workbook(book_path, [("Barsiah", "12", *BARSIAH[2:])])
    answer = as_user(operator).get(reverse("import-file", args=[checked(book_path, operator).pk]))
    book = load_workbook(BytesIO(b"".join(answer)))
    book["Anggota"]["B2"] = BARSIAH[1]
    book.save(book_path)
    imported = saved(book_path, operator)
    assert (imported.new, imported.notices) == (1, [])


def test_the_filled_template_given_back_unchanged_changes_nothing(group, operator, as_user, book_path):
    build.member(group, name="Norhasanah", poklak=build.poklak(group, name="Melati"))
    build.member(group, name="=HYPERLINK(1)", nik=None, nik_missing_reason="belum rekam KTP")
    answer = as_user(operator).get(reverse("import-template"), {"jenis": "anggota"})
    book_path.write_bytes(answer.content)
    imported = checked(book_path, operator)
    assert (imported.read, imported.skipped, imported.notices) == (2, 2, [])
    book = load_workbook(book_path)
    page = book["Anggota"]
    assert (book["Tentang"].sheet_state, page["A2"].value, page["A2"].data_type) == ("hidden", "=HYPERLINK(1)", "s")
    assert page["B2"].number_format == "@"
    assert (page.protection.sheet, page["A2"].protection.locked, page["M2"].protection.locked) == (True, False, True)


def test_a_new_row_of_a_template_is_one_person_however_often_it_is_mended(group, operator, as_user, book_path):
    answer = as_user(operator).get(reverse("import-template"), {"jenis": "anggota"})
    book_path.write_bytes(answer.content)
    book = load_workbook(book_path)
    page = book["Anggota"]
    headings = {cell.value: cell.column for cell in page[1]}
    facts = {"Nama": "Aminah", "NIK": AMINAH[1], "Jenis kelamin": "P", "Masuk tanggal": AMINAH[6]}
    for name, value in facts.items():
        page.cell(2, headings[name]).value = value
    book.save(book_path)
    saved(book_path, operator)
    page.cell(2, headings["Nama"]).value = "Siti Aminah"
    page.cell(2, headings["NIK"]).value = BARSIAH[1]
    book.save(book_path)
    imported = saved(book_path, operator)
    assert (imported.new, imported.changed, Member.objects.get().name) == (0, 1, "Siti Aminah")


def test_a_large_import_waits_for_the_worker(group, operator, as_user, book_path, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    monkeypatch.setattr(services, "ROWS_AT_ONCE", 0)
    client = as_user(operator)
    assert "Simpan 1 baris" in text(upload(client, workbook(book_path, [AMINAH])))
    imported = Import.objects.get()
    page = text(client.post(reverse("import-save", args=[imported.pk]), follow=True))
    assert "Lihat 1 anggota yang baru masuk" in page


@pytest.mark.parametrize("state", ["waiting", "reading", "queued", "saving", "cut", "failed"])
def test_every_state_has_its_page(state, group, operator, as_user, book_path):
    imported = checked(workbook(book_path, [AMINAH]), operator)
    Import.objects.update(state=state)
    page = text(as_user(operator).get(imported.get_absolute_url()))
    words = {"cut": "Penyimpanan terputus", "failed": "Berkas ditolak, tidak ada yang disimpan"}
    assert words.get(state, Import.State(state).label) in page


def test_a_large_workbook_comes_back_with_its_refused_rows_alone(group, operator, book_path, monkeypatch):
    monkeypatch.setattr(annotated, "MOST_ROWS", 1)
    workbook(book_path, [AMINAH, ("Barsiah", "12", *BARSIAH[2:])])
    with annotated.write(checked(book_path, operator)) as stream:
        book = load_workbook(stream)
    page = book["Anggota"]
    assert [page.max_row, page["A2"].value, page["B2"].value] == [2, "Barsiah", "12"]
    page["B2"] = BARSIAH[1]
    book.save(book_path)
    again = checked(book_path, operator)
    assert (again.new, again.refused, again.area_code) == (1, 0, build.PANDULANGAN)
