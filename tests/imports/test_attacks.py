"""What one could try against the import: copied codes, other people's files, formulas, races, a full disk."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from imports import annotated, services, storage
from imports.kinds import KINDS
from imports.models import Import
from imports.template_book import write_template
from loans.models import Receipt
from tests import build
from tests.imports import corpus
from tests.imports.build import AMINAH, BARSIAH, MEMBER_HEADINGS, checked, counts, faults, received, saved, workbook
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import today
from up2k_portal.lib.xlsx_parts import FileError
from villages.models import Member

MARCH = date(2026, 3, 1)
REASON = "salah unggah berkas bulan lalu"
PAID = ("Nama anggota", "Tanggal setor", "Simpanan wajib", "Kode baris")


def paid(path, *rows):
    return workbook(path, rows, PAID, sheet="Setoran")


class TestCopiedRows:
    @pytest.mark.parametrize("second", [10_000, 25_000], ids=["the same amount", "another amount"])
    def test_money_in_a_copied_row_is_never_lost_unseen(self, second, member, operator, book_path):
        rows = [("Norhasanah", MARCH, amount, "kode-1") for amount in (10_000, second)]
        imported = checked(paid(book_path, *rows), operator)
        assert faults(imported) == [
            (3, "", "", "Baris ini salinan baris 2, bersama kode tersembunyinya."
                        " Ketik yang kedua di baris kosong di bawah tabel.")
        ]  # fmt: skip
        saved(book_path, operator, is_partial=True)
        assert [one.amount for one in Receipt.objects.all()] == [10_000]

    def test_a_loan_in_a_copied_row_is_refused(self, group, operator, book_path):
        member = build.member(group, name="Norhasanah")
        headings = ("Nama anggota", "Tanggal cair", "Pokok semula", "Sisa pokok", "Kode baris")
        row = (member.name, date(2025, 6, 1), 1_000_000, 600_000, "kode-1")
        imported = checked(workbook(book_path, [row, row], headings, sheet="Pinjaman berjalan"), operator)
        assert counts(imported)["new"] == 0

    def test_copied_new_members_are_two_and_stay_two(self, group, operator, book_path):
        headings = (*MEMBER_HEADINGS, "Kode baris")
        saved(workbook(book_path, [(*AMINAH, "kode-1"), (*BARSIAH, "kode-1")], headings), operator)
        again = checked(book_path, operator)
        assert (Member.objects.count(), counts(again)["skipped"], faults(again)) == (2, 2, [])


class TestOtherPeople:
    def test_who_sent_the_same_file_elsewhere_is_not_told(self, group, elsewhere, operator, book_path):
        build.group(elsewhere)
        stranger = build.user(Role.OPERATOR, elsewhere.code, name="Zubaidah Rahasia")
        saved(workbook(book_path, [AMINAH]), stranger)
        assert checked(book_path, operator).notices == []

    def test_the_bytes_that_count_are_those_that_were_checked(self, group, operator, book_path):
        imported = checked(workbook(book_path, [AMINAH]), operator)
        storage.book_path(imported.uuid).write_bytes(corpus.good([BARSIAH]))
        services.begin(imported=imported, is_partial=False, by=operator)
        imported.refresh_from_db()
        services.save(imported, access=operator.access_on(today()))
        assert Member.objects.get().name == "Aminah"

    def test_what_was_taken_back_is_not_saved_by_whoever_comes_late(self, group, operator, book_path):
        access = operator.access_on(today())
        imported = checked(workbook(book_path, [AMINAH]), operator)
        services.begin(imported=imported, is_partial=False, by=operator)
        late = Import.objects.get(pk=imported.pk)
        services.save(Import.objects.get(pk=imported.pk), access=access)
        services.undo(imported=imported, reason=REASON, by=operator, access=access)
        assert (services.save(late, access=access).state, Import.objects.get().state) == ("undone", "undone")

    @pytest.mark.parametrize("code", ["\0", "63\0", "x" * 10_000, "' OR 1=1", "{{7*7}}"])
    def test_a_template_asked_for_no_village_is_none(self, code, group, staff, as_user):
        answer = as_user(staff).get(reverse("import-template"), {"jenis": "anggota", "desa": code})
        assert answer.status_code in (302, 404)

    @pytest.mark.parametrize("number", ["9" * 25, "NaN", "Infinity", "-1", "' OR 1=1"])
    def test_a_list_asked_for_no_import_answers(self, number, group, operator, as_user):
        build.member(group)
        assert as_user(operator).get(reverse("member-list"), {"impor": number}).status_code == 200


def test_after_a_late_refusal_the_money_still_adds_up(member, operator, book_path):
    rows = [("Norhasanah", date(2026, month, 1), 10_000 * month, "") for month in (8, 9)]
    imported = checked(paid(book_path, *rows), operator)
    assert imported.totals == {"mandatory": {"new": 170_000}}
    member.group.month_locks.create(village=member.village, first=202607, last=202608, words="Laporan sudah diajukan")
    services.begin(imported=imported, is_partial=True, by=operator)
    imported.refresh_from_db()
    imported = services.save(imported, access=operator.access_on(today()))
    assert imported.totals == {"mandatory": {"new": 90_000, "refused": 80_000}}
    assert Import.objects.get().totals == imported.totals


def test_no_formula_goes_out_with_the_annotated_workbook(group, operator, book_path):
    book = corpus.sheet([("=HYPERLINK(1)", "12", *AMINAH[2:]), ("+Siti", "12", *AMINAH[2:]), ("@x", "1", *AMINAH[2:])])
    book.active["A2"].data_type = "s"
    book.active["I1"], book.active["I2"] = "Bebas", '=HYPERLINK("http://x","klik")'
    book.save(book_path)
    with annotated.write(checked(book_path, operator)) as stream:
        content = stream.read()
    page = load_workbook(BytesIO(content))["Anggota"]
    assert [page[f"A{row}"].value for row in (2, 3, 4)] == ["=HYPERLINK(1)", "+Siti", "@x"]
    assert "<f>" not in corpus.part(content, corpus.SHEET)


class TestPractice:
    @pytest.fixture
    def visitor(self, db):
        village = build.village("00.01.01.2001")
        build.group(village)
        return build.user(Role.OPERATOR, village.code)

    def test_five_files_a_day(self, visitor, book_path):
        workbook(book_path, [AMINAH])
        for _ in range(5):
            received(book_path, visitor)
            Import.objects.update(state="checked")
        with pytest.raises(ValidationError) as caught:
            received(book_path, visitor)
        assert caught.value.messages == [
            "Di Desa Latihan paling banyak 5 berkas sehari. Langkah lainnya masih dapat dicoba."
        ]

    def test_small_files(self, visitor, as_user, book_path):
        book_path.write_bytes(corpus.rebuilt(corpus.good(), {"x.bin": bytes(build.nik(1), "ascii")}))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(services, "PRACTICE_BYTES", 1024)
            with book_path.open("rb") as file:
                page = as_user(visitor).post(reverse("import-new"), {"file": file}).content.decode()
        assert page.count("Di Desa Latihan berkas paling banyak 1 KB. Coba dengan templat.") == 2
        assert Import.objects.count() == 0

    def test_for_a_day(self, visitor, group, operator, book_path):
        kept = [saved(workbook(book_path, [AMINAH]), one) for one in (visitor, operator)]
        Import.objects.update(sent_at=timezone.now() - timedelta(days=2))
        assert services.clean_up() == 1
        assert [storage.book_path(one.uuid).exists() for one in kept] == [False, True]


class TestDisk:
    def test_lines_that_would_fill_the_disk_are_refused(self, group, operator, book_path, monkeypatch):
        monkeypatch.setattr(storage, "MOST_OF_LINES", 300)
        with pytest.raises(ValidationError) as caught:
            checked(workbook(book_path, [AMINAH, BARSIAH]), operator)
        assert caught.value.messages == [storage.TOO_LONG]
        assert [path.suffix for path in storage.book_path(Import.objects.get().uuid).parent.iterdir()] == [".xlsx"]
        assert issubclass(FileError, ValueError)

    def test_files_of_what_is_saved_give_way_to_new_ones(self, group, operator, book_path, monkeypatch):
        monkeypatch.setattr(services, "MOST_KEPT_BYTES", 0)
        first = saved(workbook(book_path, [AMINAH]), operator)
        checked(workbook(book_path, [BARSIAH]), operator)
        first.refresh_from_db()
        assert (first.is_kept, storage.book_path(first.uuid).exists(), Member.objects.count()) == (False, False, 1)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_template_is_fit_for_paper_and_says_how_it_is_filled_in(kind, member, book_path):
    content = write_template(kind, None if kind.is_of_many else member.village, date(2026, 9, 30))
    book = load_workbook(BytesIO(content))
    page, guide = book[kind.sheet], book["Petunjuk"]
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.freeze_panes, page["A2"].border.left.style) == (
        True, "B2", "thin",
    )  # fmt: skip
    told = {row[0].value for row in guide.iter_rows()}
    assert {column.heading for column in kind.columns if not column.is_hidden} <= told
    assert "<f>" not in corpus.part(content, corpus.SHEET)


def test_ten_faults_are_told_in_red_and_only_the_mended_rows_sent_again_go_in(group, operator, book_path):
    wrong = [
        ("", "6308035203850011", *AMINAH[2:]),
        ("Dua", "123", *AMINAH[2:]),
        ("Tiga", 6308035203850013, *AMINAH[2:]),
        ("Empat", "6308035203850014", "X", *AMINAH[3:]),
        ("Lima", "6308035203850015", "P", "12/31/1985", *AMINAH[4:]),
        ("Enam", "6308035203850016", *AMINAH[2:6], date(2027, 1, 1)),
        ("Tujuh", "6308035203850017", *AMINAH[2:6], None),
        ("88", "6308035203850018", *AMINAH[2:]),
        ("Sembilan", AMINAH[1], *AMINAH[2:]),
        ("Sepuluh", None, *AMINAH[2:]),
    ]
    imported = saved(workbook(book_path, [AMINAH, *wrong]), operator, is_partial=True)
    assert counts(imported) == {"read": 11, "new": 1, "changed": 0, "skipped": 0, "refused": 10}
    with annotated.write(imported) as stream:
        book = load_workbook(stream)
    page = book["Anggota"]
    red = [cell for row in page["A3:G12"] for cell in row if cell.fill.fgColor.rgb == annotated.MARK]
    assert [cell.coordinate for cell in red] == [
        "A3", "B4", "B5", "C6", "D7", "G8", "G9", "A10", "B11", "B12",
    ]  # fmt: skip
    assert all(cell.comment.text and page.cell(cell.row, 8).value for cell in red)
    for cell, right in zip(red, ["Satu", build.nik(2), build.nik(3), "P", None, AMINAH[6], AMINAH[6], "Delapan",
                                 build.nik(9), build.nik(10)], strict=True):  # fmt: skip
        cell.value = right
    page.delete_rows(2)
    book.save(book_path)
    again = saved(book_path, operator)
    assert (counts(again)["new"], again.refused, Member.objects.count()) == (10, 0, 11)
