"""The yearly book as villages keep it: headings wherever they stand, rows, amounts, days, JUMLAH."""

from datetime import date

import pytest

from loans.book_import import from_json, read_book, to_json
from tests.loans.build_book import BASE, TODAY, columns, only, package, part, read, row, stream_of, workbook
from up2k_portal.lib.xlsx_file import read_workbook
from up2k_portal.lib.xlsx_parts import FileError

LOAN = row("Aminah", lent=1_000_000, paid=(None, None, 115_000, 115_000), contributed=(5_000,), saved=(10_000, 20_000))


def refusal(book, **facts) -> str:
    with pytest.raises(FileError) as caught:
        read(book, **facts)
    return str(caught.value)


def test_a_row_is_a_loan_with_its_months():
    found = only(workbook([LOAN]))
    assert (found.number, found.name, found.purpose) == (7, "Aminah", "Bordir")
    assert (found.disbursed_on, found.principal) == (date(2025, 3, 5), 1_000_000)
    assert (found.angsuran, found.iuran) == ({3: 115_000, 4: 115_000}, {1: 5_000})
    assert (found.simpanan, found.faults, found.warnings) == ({1: 10_000, 2: 20_000}, [], [])


def test_the_book_tells_its_year_its_titles_and_its_last_month():
    book = read(workbook([LOAN]))
    assert (book.year, book.sheet, book.last_month) == (2025, "Pinjaman-Angsuran", 4)
    assert book.titles == ["BUKU DAFTAR PINJAMAN", "DESA PANDULANGAN", "TAHUN 2025"]
    assert book.months == list(range(1, 13))


def test_what_was_read_survives_being_kept():
    book = read(workbook([LOAN, row("Barsiah", saved=(10_000,))]))
    assert from_json(to_json(book)) == book


@pytest.mark.parametrize(
    "places",
    [
        columns(first=4),
        columns(order=("NAMA", "TANDA TANGAN", "JUMLAH PINJAMAN", "NO", "UNTUK KEPERLUAN USAHA", "TANGGAL")),
        columns(order=()) | {key: at for at, key in enumerate(BASE, 40)},
    ],
    ids=["shifted", "other order", "months first"],
)
def test_columns_may_stand_anywhere(places):
    found = only(workbook([LOAN], places=places))
    assert (found.name, found.principal, found.disbursed_on) == ("Aminah", 1_000_000, date(2025, 3, 5))
    assert (found.angsuran, found.simpanan) == ({3: 115_000, 4: 115_000}, {1: 10_000, 2: 20_000})


def test_any_number_of_title_rows_may_stand_above():
    titles = [*(f"BARIS JUDUL {number}" for number in range(20)), "TAHUN 2024"]
    book = read(workbook([row("Aminah", saved=(1_000,))], titles=titles))
    assert (book.year, book.rows[0].number) == (2024, 25)


def test_other_names_of_the_columns_are_known():
    book = workbook([LOAN])
    sheet = book.active
    for place, name in (
        ("B5", "Tgl. Cair"),
        ("C5", " nama  anggota "),
        ("D5", "Keperluan"),
        ("E5", "Besar Pinjaman (Rp)"),
    ):
        sheet[place] = name
    sheet["G5"], sheet["G6"], sheet["I6"], sheet["AK5"] = "Jan.", "Angs.", "Tabungan", "NOPEMBER"
    sheet["E5"] = "Besar Pinjaman"
    found = only(book)
    assert (found.principal, found.simpanan, found.disbursed_on) == (
        1_000_000, {1: 10_000, 2: 20_000}, date(2025, 3, 5),
    )  # fmt: skip


def test_one_heading_may_name_month_and_kind():
    book = workbook([LOAN])
    sheet = book.active
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    for column in range(7, 43):
        month = sheet.cell(5, 7 + (column - 7) // 3 * 3).value
        sheet.cell(6, column).value = f"{sheet.cell(6, column).value} {month}"
    for column in range(7, 43):
        sheet.cell(5, column).value = None
    assert only(book).angsuran == {3: 115_000, 4: 115_000}


def test_months_may_be_missing_at_the_end():
    book = read(workbook([LOAN], places=columns(months=6)))
    assert (book.months, book.rows[0].angsuran) == ([1, 2, 3, 4, 5, 6], {3: 115_000, 4: 115_000})
    assert "Buku sampai Juni." in book.notes


def test_a_month_missing_between_is_told():
    places = {key: at for key, at in columns().items() if not (isinstance(key, tuple) and key[0] == "FEBRUARI")}
    facts = {key: value for key, value in LOAN.items() if key[0] != "FEBRUARI"}
    book = read(workbook([facts], places=places))
    assert "Kolom bulan yang tidak ada: Februari. Bulan itu dianggap kosong." in book.notes
    assert book.rows[0].simpanan == {1: 10_000}


def test_missing_columns_are_named():
    book = workbook([LOAN])
    book.active["E5"] = "JAMINAN"
    book.active["B5"] = "HARI"
    assert refusal(book) == "Kolom yang tidak ada: JUMLAH PINJAMAN, TANGGAL. Tambahkan judul kolomnya."


def test_a_column_that_stands_twice_is_refused():
    book = workbook([LOAN])
    book.active["H6"] = "ANGSURAN"
    assert refusal(book) == "Kolom ANGSURAN JANUARI ada dua kali: kolom G dan sel H6. Hapus salah satunya."


def test_a_column_without_its_month_is_refused():
    book = workbook([LOAN])
    book.active.unmerge_cells("G5:I5")
    book.active["G5"] = None
    assert "Sel G6: ANGSURAN tanpa nama bulan di atasnya." in refusal(book)


def test_columns_that_are_not_read_are_named():
    book = workbook([LOAN])
    book.active["AQ5"] = "KETERANGAN"
    assert "Kolom yang tidak dibaca: KETERANGAN (AQ)." in read(book).notes


def test_a_sheet_without_headings_is_refused():
    book = workbook([LOAN])
    book.active["C5"] = "SIAPA"
    assert refusal(book).startswith("Judul kolom buku tidak ditemukan. Yang dicari: NAMA, JUMLAH PINJAMAN")


def test_more_members_than_a_group_can_have_are_refused():
    book = workbook([row(f"Anggota {at}", saved=(1_000,)) for at in range(501)])
    assert refusal(book) == "Ada 501 baris anggota; paling banyak 500. Bagi menjadi dua berkas."


def test_more_rows_than_are_read_are_refused_unless_jumlah_ends_the_table():
    book = workbook([LOAN])
    book.active["A2300"] = 1
    assert refusal(book).startswith("Lembar “Pinjaman-Angsuran” lebih dari 2.000 baris.")
    book.active["A8"] = "JUMLAH"
    assert [one.name for one in read(book).rows] == ["Aminah"]


def test_headings_without_rows_are_refused():
    assert refusal(workbook([])) == ("Lembar “Pinjaman-Angsuran” belum berisi baris anggota di bawah judul kolomnya.")


@pytest.mark.parametrize(
    ("titles", "said", "words"),
    [
        (["BUKU"], None, "Tahun buku tidak tertulis di judul berkas. Isi tahunnya di bawah."),
        (["TAHUN 2025"], 2024, "Judul berkas menyebut tahun 2025, isian tahun 2024. Betulkan salah satunya."),
        (["TAHUN 2027"], None, "Tahun 2027 belum berjalan. Periksa tahun bukunya."),
        (["TAHUN 2024", "TAHUN 2025"], None, "Judul berkas menyebut beberapa tahun: 2024, 2025."),
    ],
)
def test_a_year_that_is_not_clear_is_refused(titles, said, words):
    assert refusal(workbook([LOAN], titles=titles), year=said) == words


def test_a_year_that_only_the_person_tells_is_taken():
    assert read(workbook([LOAN], titles=["BUKU"]), year=2025).year == 2025


def test_the_row_of_jumlah_is_no_member_and_is_compared():
    total = {"JUMLAH PINJAMAN": 1_000_000, ("MARET", "ANGSURAN"): 115_000, ("APRIL", "ANGSURAN"): 120_000}
    total |= {("JANUARI", "IURAN"): 5_000, ("JANUARI", "SIMPANAN"): 10_000, ("FEBRUARI", "SIMPANAN"): "20.000"}
    book = read(workbook([LOAN], total=total))
    assert ([one.name for one in book.rows], book.is_compared) == (["Aminah"], True)
    assert book.differences == [
        "Sel P8 (April angsuran): JUMLAH di berkas Rp120.000, jumlah barisnya Rp115.000, selisih Rp5.000."
    ]


def test_a_blank_in_jumlah_is_told_and_not_compared():
    book = read(workbook([row("Aminah", saved=(10_000,))], total={"JUMLAH PINJAMAN": 0}))
    assert (book.is_compared, book.differences, book.notes) == (
        False, [], ["Baris JUMLAH kosong di 1 kolom yang berisi, jadi kolom itu tidak dicocokkan."],
    )  # fmt: skip


def test_jumlah_as_a_formula_without_result_is_not_compared():
    total = {key: "=SUM(A1:A2)" for key in columns() if isinstance(key, tuple) or key == "JUMLAH PINJAMAN"}
    book = read(workbook([LOAN], total=total))
    assert (book.is_compared, book.differences, len(book.rows)) == (False, [], 1)
    assert any("rumus tanpa hasil" in note for note in book.notes)


def test_a_formula_without_result_in_a_row_is_a_fault():
    found = only(workbook([LOAN | {("MEI", "ANGSURAN"): "=100000+15000"}]))
    assert found.faults == ["Sel S7 berisi rumus tanpa hasil: buka berkasnya di Excel, simpan ulang, lalu kirim lagi."]


def test_a_formula_with_its_result_is_read():
    stream = stream_of(workbook([LOAN | {("MEI", "ANGSURAN"): "=100000+15000"}]))
    sheet = part(stream, "xl/worksheets/sheet1.xml").replace(
        "<f>100000+15000</f><v />", "<f>100000+15000</f><v>115000</v>"
    )
    assert "<v>115000</v></c>" in sheet
    made = package(stream, {"xl/worksheets/sheet1.xml": sheet.encode()})
    assert read_book(read_workbook(made), None, TODAY).rows[0].angsuran == {3: 115_000, 4: 115_000, 5: 115_000}


def test_signatures_below_jumlah_are_no_members():
    book = workbook([LOAN], total={"JUMLAH PINJAMAN": 1_000_000})
    sheet = book.active
    sheet["B10"], sheet["P10"], sheet["C12"], sheet["P12"] = "Mengetahui,", "Pandulangan", "Hj. MAHRITA", "NOR ASIAH"
    assert [(one.name, one.faults) for one in read(book).rows] == [("Aminah", [])]


def test_a_name_without_figures_and_repeated_headings_are_left_out():
    book = workbook([LOAN, row("Barsiah")])
    sheet = book.active
    for column in range(1, 43):
        sheet.cell(9, column, sheet.cell(6, column).value if column > 6 else None)
    sheet["C10"], sheet["G10"] = "Citra", 5_000
    sheet["B10"] = None
    assert [one.name for one in read(book).rows] == ["Aminah", "Citra"]


def test_the_row_of_column_numbers_is_left_out():
    book = workbook([row("x"), LOAN])
    for column in range(1, 43):
        book.active.cell(7, column, column)
    assert [(one.number, one.name) for one in read(book).rows] == [(8, "Aminah")]


def test_a_second_table_with_other_columns_is_refused():
    book = workbook([LOAN, row("Barsiah", saved=(5_000,))])
    book.active["C8"], book.active["I8"] = "NAMA", None
    book.active["E8"] = "SISA"
    assert refusal(book).startswith("Baris 8 memulai tabel kedua dengan kolom lain.")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"name": "", "saved": (5_000,)}, "Nama kosong, padahal ada jumlah. Tulis nama di tiap baris."),
        ({"name": "Aminah", "paid": (5_000,)}, "Ada angsuran, tetapi jumlah pinjamannya kosong."),
        ({"name": "Aminah", "lent": -5_000}, "Jumlah pinjaman tidak boleh negatif."),
    ],
)
def test_a_row_that_contradicts_itself_is_a_fault(facts, words):
    assert only(workbook([row(**facts)])).faults == [words]


def test_a_loan_that_stands_twice_is_told():
    book = read(workbook([LOAN, LOAN]))
    assert [one.faults for one in book.rows] == [[], ["Pinjaman yang sama sudah ada di baris 7."]]


def test_a_name_merged_over_two_rows_is_a_fault_of_the_second():
    book = workbook([LOAN, row("x", saved=(5_000,))])
    book.active.merge_cells("C7:C8")
    second = read(book).rows[1]
    assert second.faults == [
        "Nama kosong, padahal ada jumlah. Selnya digabung dengan baris 7. Tulis nama di tiap baris."
    ]


def test_what_excel_hides_is_told():
    book = workbook([LOAN, row("Barsiah", saved=(5_000,))])
    sheet = book.active
    sheet.row_dimensions[8].hidden = True
    sheet.column_dimensions["I"].hidden = True
    book.create_sheet("Catatan")["A1"] = "apa saja"
    old = book.create_sheet("2024")
    old["A1"], old.sheet_state = "lama", "hidden"
    sheet["GA7"] = "jauh"
    notes = read(book).notes
    assert [note for note in notes if "JUMLAH" not in note] == [
        "Lembar lain tidak dibaca: Catatan.",
        "Lembar tersembunyi tidak dibaca: 2024.",
        "Baris tersembunyi di Excel ikut dibaca: 8.",
        "Ada kolom tersembunyi di Excel; isinya ikut dibaca.",
        "Isi jauh di luar tabel tidak dibaca, mulai sel GA7.",
    ]


def test_a_second_book_in_the_file_is_told():
    book = workbook([LOAN])
    book.copy_worksheet(book.active).title = "2024"
    assert "Lembar lain yang juga berisi buku tidak dibaca: 2024." in read(book).notes


def test_a_name_like_a_formula_stays_a_text():
    book = workbook([row("x", saved=(5_000,))])
    book.active["C7"].value, book.active["C7"].data_type = "=HYPERLINK(1)", "s"
    assert only(book).name == "=HYPERLINK(1)"
