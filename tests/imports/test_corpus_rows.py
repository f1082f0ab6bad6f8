"""Rows as people write them (X1 to X6, X16 to X21, X23): read exactly or refused in words, never guessed."""

import contextlib
import json
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests import build
from tests.imports import corpus
from tests.imports.build import AMINAH, BARSIAH, MEMBER_HEADINGS
from tests.loans.test_rupiah_matrix import TYPED
from villages.models import Member

NAME, NIK, SEX, BORN, ADDRESS, PHONE, JOINED = range(7)


def run(path, content: bytes, *options: str) -> dict:
    path.write_bytes(content)
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_workbook", str(path), "--as", "63.08.03.2014", "--json", *options, stdout=out)
    told = json.loads(out.getvalue())
    assert told["read"] == told["new"] + told["changed"] + told["skipped"] + told["refused"]
    return told


def with_cell(column: int, value) -> bytes:
    return corpus.good([(*AMINAH[:column], value, *AMINAH[column + 1 :])])


def faults(told: dict) -> list[tuple]:
    return [(one["row"], one["column"], one["message"]) for one in told["errors"]]


class TestHeadings:
    @pytest.mark.parametrize(
        "headings",
        [
            (*MEMBER_HEADINGS[:-1], "  masuk   TANGGAL "),
            ("Name", "No. NIK", "JK", "Tgl. lahir (hh-bb-tttt)", "Address", "No HP", "Joined"),
        ],
        ids=["blanks and capitals", "other words"],
    )
    def test_a_column_is_known_by_any_of_its_names(self, headings, group, operator, book_path):
        assert run(book_path, corpus.good([AMINAH], headings))["new"] == 1

    def test_order_titles_and_other_columns_do_not_matter(self, group, operator, book_path):
        turned = corpus.good(
            [(*AMINAH[::-1], "bebas")], (*MEMBER_HEADINGS[::-1], "Catatan"), above=(("DAFTAR",), ("Desa",))
        )
        told = run(book_path, turned, "--commit")
        assert (told["new"], Member.objects.get().address) == (1, "RT 02, Anjir")

    def test_of_merged_cells_only_the_first_holds_the_name(self, group, operator, book_path):
        told = run(book_path, corpus.merged())
        assert (told["refused"], faults(told)) == (1, [(4, "Nama", "Nama belum diisi. Contoh: Norhasanah.")])


class TestCells:
    def test_a_formula_without_its_result_is_never_read_as_empty(self, group, operator, book_path):
        ((row, column, message),) = faults(run(book_path, corpus.formula(None)))
        assert (row, column) == (2, "Nama")
        assert "rumus tanpa hasil" in message

    def test_a_formula_with_its_result_is_its_result(self, group, operator, book_path):
        run(book_path, corpus.formula("Aminah"), "--commit")
        assert Member.objects.get().name == "Aminah"

    @pytest.mark.parametrize(
        ("typed", "day"),
        [
            ("31/01/2026", date(2026, 1, 31)),
            ("31 Januari 2026", date(2026, 1, 31)),
            ("310126", date(2026, 1, 31)),
            (46053, date(2026, 1, 31)),
            (date(2026, 1, 31), date(2026, 1, 31)),
        ],
    )
    def test_a_day_is_read_as_indonesians_write_it(self, typed, day, group, operator, book_path):
        run(book_path, with_cell(JOINED, typed), "--commit")
        assert Member.objects.get().joined_on == day

    @pytest.mark.parametrize("typed", ["01/13/2026", "29-02-2025", "12-03-0206", "kemarin", 12, -5, 1e12])
    def test_what_is_no_day_is_refused(self, typed, group, operator, book_path):
        told = run(book_path, with_cell(JOINED, typed), "--commit")
        assert (told["refused"], [column for _, column, _ in faults(told)]) == (1, ["Masuk tanggal"])
        assert Member.objects.count() == 0

    def test_a_blank_day_stays_blank(self, group, operator, book_path):
        run(book_path, with_cell(BORN, None), "--commit")
        assert Member.objects.get().birth_date is None

    def test_days_of_the_system_of_1904_are_four_years_later(self, group, operator, book_path):
        book = corpus.sheet([AMINAH])
        book.epoch = CALENDAR_MAC_1904
        content = corpus.saved(book)
        assert 'date1904="1"' in corpus.part(content, corpus.BOOK)
        run(book_path, content, "--commit")
        assert Member.objects.get().joined_on == AMINAH[JOINED]

    @pytest.mark.parametrize("typed", [date(2026, 10, 1), date(2009, 12, 31)], ids=["to come", "before the group"])
    def test_a_day_out_of_range_is_refused_with_the_range(self, typed, group, operator, book_path):
        told = run(book_path, with_cell(JOINED, typed))
        assert told["refused"] == 1
        assert [column for _, column, _ in faults(told)] == ["Masuk tanggal"]

    @pytest.mark.parametrize("typed", [6308035203850001, 6.308035203850001e15, 0])
    def test_a_nik_that_is_a_number_is_to_be_typed_as_text(self, typed, group, operator, book_path):
        ((_, column, message),) = faults(run(book_path, with_cell(NIK, typed)))
        assert column == "NIK"
        assert "Ubah kolom NIK menjadi Teks" in message

    @pytest.mark.parametrize("typed", ["63080352038500", "63080352038500012", "0000000000000000", "630803520385000A"])
    def test_a_nik_that_cannot_be_is_refused(self, typed, group, operator, book_path):
        assert run(book_path, with_cell(NIK, typed))["refused"] == 1

    @pytest.mark.parametrize("typed", ["6308 0352 0385 0001", "6308.0352.0385.0001", "'6308035203850001"])
    def test_signs_between_the_digits_of_a_nik_are_taken_away(self, typed, group, operator, book_path):
        run(book_path, with_cell(NIK, typed), "--commit")
        assert Member.objects.get().nik == "6308035203850001"

    @pytest.mark.parametrize(
        ("typed", "name"),
        [("Siti\u00a0 Rahmah", "Siti Rahmah"), ("Siti\u200bRahmah", "SitiRahmah"), ("\uff33iti \uff12", "Siti 2"),
         ("  SITI  ", "SITI"), ("O'Rahmah", "O'Rahmah")],
    )  # fmt: skip
    def test_invisible_and_wide_signs_are_made_plain(self, typed, name, group, operator, book_path):
        run(book_path, with_cell(NAME, typed), "--commit")
        assert Member.objects.get().name == name


class TestAmounts:
    HEADINGS = ("Nama", "Tanggal", "Jenis simpanan", "Setor")

    def deposit(self, path, typed, *options):
        row = ("Norhasanah Tunggal", date(2026, 9, 10), "Simpanan sukarela", typed)
        return run(path, corpus.good([row], self.HEADINGS), *options)

    @pytest.fixture(autouse=True)
    def _saver(self, group, operator):
        self.saver = build.member(group, name="Norhasanah Tunggal")

    # NFKC makes full-width digits plain before the amount is read (X20): everything else is as in the forms.
    @pytest.mark.parametrize(("typed", "rupiah"), [(text, read[0]) for text, read in TYPED.items() if text.isascii()])
    def test_as_text_it_is_what_the_forms_read(self, typed, rupiah, book_path):
        told = self.deposit(book_path, typed, "--commit")
        assert sum(self.saver.receipts.values_list("amount", flat=True)) == (rupiah or 0)
        assert told["refused"] == (0 if rupiah else 1)

    @pytest.mark.parametrize(
        ("typed", "rupiah"),
        [(50_000, 50_000), (50_000.0, 50_000), (1e6, 1_000_000), (50_000.5, 0), (-5_000, 0), (1e15, 0)],
    )
    def test_as_a_number_it_is_exact_or_refused(self, typed, rupiah, book_path):
        told = self.deposit(book_path, typed, "--commit")
        assert sum(self.saver.receipts.values_list("amount", flat=True)) == rupiah
        assert told["refused"] == (0 if rupiah else 1)

    @pytest.mark.parametrize("typed", ["seratus ribu", "-", "10%"])
    def test_words_and_percents_are_no_amount(self, typed, book_path):
        assert self.deposit(book_path, typed)["refused"] == 1

    @pytest.mark.parametrize("typed", ["0", 0, None])
    def test_nothing_paid_is_passed_over(self, typed, book_path):
        told = self.deposit(book_path, typed, "--commit")
        assert (told["skipped"] + told["refused"], self.saver.receipts.count()) == (1, 0)

    @pytest.mark.parametrize("on", [date(2026, 10, 1), date(2019, 1, 1)], ids=["to come", "before she was a member"])
    def test_money_of_a_day_that_cannot_be_is_refused(self, on, book_path):
        row = ("Norhasanah Tunggal", on, "Simpanan sukarela", 10_000)
        told = run(book_path, corpus.good([row], self.HEADINGS), "--commit")
        assert (told["refused"], self.saver.receipts.count()) == (1, 0)


class TestRows:
    def test_a_nik_twice_in_the_file_is_told_at_the_second(self, group, operator, book_path):
        told = run(book_path, corpus.good([AMINAH, (BARSIAH[0], AMINAH[1], *BARSIAH[2:])]))
        assert (told["new"], [row for row, *_ in faults(told)]) == (1, [3])

    def test_a_nik_of_another_village_is_told_without_its_name(self, group, elsewhere, operator, book_path):
        build.member(build.group(elsewhere, name="UP2K Rahasia"), nik=AMINAH[1], name="Zubaidah")
        told = json.dumps(run(book_path, corpus.good([AMINAH])))
        assert all(word not in told for word in ("Rahasia", "Zubaidah", elsewhere.code))

    def test_hidden_rows_are_told_of_and_other_sheets_left(self, group, operator, as_user, book_path):
        told = run(book_path, corpus.hidden())
        assert (told["read"], told["new"]) == (2, 2)
        with book_path.open("rb") as file:
            page = as_user(operator).post(reverse("import-new"), {"file": file}, follow=True).content.decode()
        assert "tersembunyi" in page
        assert "Catatan" in page

    def test_titles_blank_rows_and_the_totals_are_no_members(self, group, operator, book_path):
        told = run(book_path, corpus.titled())
        assert (told["read"], told["new"], told["errors"]) == (2, 2, [])

    @pytest.mark.parametrize("name", ['=HYPERLINK("http://x","Siti")', "+Siti", "@SUM(A1)", "-Siti", "\tSiti"])
    def test_what_looks_like_a_formula_stays_text_in_every_export(self, name, group, operator, as_user, book_path):
        book = corpus.sheet([AMINAH])
        book.active["A2"].value = name
        book.active["A2"].data_type = "s"
        run(book_path, corpus.saved(book), "--commit")
        (member,) = Member.objects.all()
        assert member.name == name.strip()
        content = b"".join(as_user(operator).get(reverse("member-list"), {"format": "xlsx"}))
        with ZipFile(BytesIO(content)) as package:
            assert "<f>" not in package.read("xl/worksheets/sheet1.xml").decode().replace("<f>SUM(", "")
        values = [cell.value for row in load_workbook(BytesIO(content)).active for cell in row]
        assert member.name in values

    def test_the_same_file_again_adds_nothing(self, group, operator, book_path):
        assert run(book_path, corpus.good(), "--commit")["new"] == 2
        assert (run(book_path, corpus.good(), "--commit")["skipped"], Member.objects.count()) == (2, 2)

    def test_a_file_in_two_halves_is_the_whole_file(self, group, operator, book_path):
        run(book_path, corpus.good([AMINAH]), "--commit")
        run(book_path, corpus.good([BARSIAH]), "--commit")
        told = run(book_path, corpus.good([BARSIAH, AMINAH]))
        assert (told["skipped"], told["new"]) == (2, 0)
