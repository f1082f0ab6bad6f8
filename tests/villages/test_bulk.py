"""A pasted block: what is read, what is refused with a way to mend it, what is left out."""

from datetime import date

import pytest

from tests import build
from villages.bulk import COLUMNS, Line, clean_cell, key_of, read_block
from villages.bulk_check import Known, check_lines

TODAY = date(2026, 9, 30)
RIGHT = {
    "name": "Mastura",
    "nik": build.nik(2514),
    "sex": "P",
    "birth_date": "12-03-1985",
    "address": "RT 02",
    "phone": "0812-0000-1111",
    "poklak": "Melati",
    "joined_on": "01-09-2026",
}
GROUP = Known(
    today=TODAY,
    regency_code="63.08",
    poklaks={"melati": "Melati"},
    names_by_nik={build.nik(7): "Aminah"},
    people=frozenset({("aminah", date(1985, 3, 12)), ("siti", None)}),
)


def text_of(*rows, sign="\t", heading=False) -> str:
    """Rows as Excel puts them on the clipboard; each differs from the right one by what is given."""
    filled = [(RIGHT | row).values() for row in rows]
    return "\r\n".join(sign.join(row) for row in ([COLUMNS.values()] if heading else []) + filled) + "\r\n"


def checked(*rows, known=GROUP, **asked) -> list[Line]:
    lines = [Line(number, RIGHT | row) for number, row in enumerate(rows, 1)]
    check_lines(lines, known, **asked)
    return lines


def typed(text: str) -> list[list[str]]:
    return [list(line.typed.values()) for line in read_block(text).lines]


class TestReading:
    def test_tabs_and_semicolons_are_read_alike(self):
        assert typed(text_of({})) == typed(text_of({}, sign=";")) == [list(RIGHT.values())]

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
    def test_any_line_end_ends_a_line(self, end):
        assert len(typed(text_of({}, {}).replace("\r\n", end))) == 2

    def test_a_heading_says_which_column_is_which(self):
        text = "No\tTgl. Lahir\tNama Lengkap\tNo. KTP\tL/P\tRT\n1\t12-03-1985\tMastura\t6308\tP\t02"
        block = read_block(text)
        assert block.unused == ["No", "RT"]
        assert {name: value for name, value in block.lines[0].typed.items() if value} == {
            "name": "Mastura",
            "nik": "6308",
            "sex": "P",
            "birth_date": "12-03-1985",
        }

    def test_titles_above_the_heading_are_no_members(self):
        text = "DAFTAR ANGGOTA UP2K AS SYIFA\t\n\t\n" + text_of({}, heading=True)
        assert [line.typed["name"] for line in read_block(text).lines] == ["Mastura"]

    def test_without_a_heading_a_first_column_that_counts_is_left_out(self):
        text = "\n".join(f"{number}\t{text_of({}).strip()}" for number in (1, 2, 3))
        assert typed(text) == [list(RIGHT.values())] * 3

    def test_empty_lines_are_no_rows(self):
        assert len(typed("\n\t\t\n" + text_of({}) + "\t \u00a0\t\n")) == 1

    def test_a_cell_with_a_line_break_stands_in_quotes(self):
        assert typed('Mastura\t\t\t\t"RT 02\nAnjir ""Kecil"""\n')[0][4] == 'RT 02 Anjir "Kecil"'

    def test_a_quote_that_nothing_closes_swallows_no_row(self):
        assert [row[0] for row in typed('"Ida\t1\nAminah\t2\nBarsiah\t3')] == ['"Ida', "Aminah", "Barsiah"]

    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            ("\u00a0Siti\u00a0 Aminah\u2003", "Siti Aminah"),
            ("Si\u200bti\ufeff A\u00adminah\u200e", "Siti Aminah"),
            ("'6308035203852514", "6308035203852514"),
            ("Nor\x07ma", "Nor ma"),
            ("Rose\u0301", "Rosé"),
            ("'Aisyah", "'Aisyah"),
        ],
    )
    def test_what_nobody_sees_is_taken_out_of_a_cell(self, cell, text):
        assert clean_cell(cell) == text

    def test_cells_beyond_the_columns_are_told(self):
        (line,) = read_block(text_of({}).strip() + "\tlebih\tsekali").lines
        assert line.warnings == ["Ada isi di luar kolom yang dipakai: lebih, sekali. Periksa letak kolomnya."]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (" \n ", "Belum ada baris. Salin barisnya di Excel, lalu tempel di sini."),
            ("Siti Aminah dari RT 02", "Kolomnya tidak terbaca. Salin selnya langsung dari Excel"),
            ("NIK\tAlamat\n1\t2", "Kolom Nama tidak ada di baris judul."),
            ("Nama\tNIK\n", "Hanya ada baris judul. Salin juga baris anggotanya."),
            ("A\tB\n" * 600, "Ada 600 baris; paling banyak 500 sekali tempel. Bagi menjadi beberapa kali."),
            ("A\t" + "x" * 400_001, "Teks yang ditempel terlalu panjang."),
            ("A\t" + "x" * 200_000, "Ada sel yang terlalu panjang. Salin hanya kolom yang diperlukan."),
        ],
    )
    def test_what_is_no_such_table_is_refused_in_words(self, text, words):
        with pytest.raises(ValueError, match=words[:40]) as refused:
            read_block(text)
        assert str(refused.value).startswith(words)

    def test_five_hundred_rows_are_read(self):
        assert len(read_block("A\tB\n" * 500).lines) == 500


class TestChecking:
    def test_a_right_line_gives_the_facts_of_a_member(self):
        (line,) = checked({})
        assert (line.state, line.errors, line.warnings) == ("ready", {}, [])
        assert line.facts == {
            "name": "Mastura",
            "nik": build.nik(2514),
            "nik_missing_reason": "",
            "sex": "P",
            "birth_date": date(1985, 3, 12),
            "joined_on": date(2026, 9, 1),
            "poklak": "Melati",
            "address": "RT 02",
            "phone": "0812-0000-1111",
        }

    @pytest.mark.parametrize(
        ("column", "value", "words"),
        [
            ("name", "", "Nama belum diisi."),
            ("name", "12", "“12” bukan nama. Periksa letak kolomnya."),
            ("nik", "", "NIK kosong. Isi, atau tulis di atas alasan belum ada NIK."),
            ("nik", "6,30801E+15", "NIK dirusak Excel menjadi 6,30801E+15. Di Excel: ubah kolom NIK menjadi Teks"),
            ("nik", "6.3080352E15", "NIK dirusak Excel menjadi 6.3080352E15."),
            ("nik", "630803520385251", "NIK harus 16 angka; yang ditulis 15 huruf/angka."),
            ("nik", "0", "NIK harus 16 angka"),
            ("nik", "0000000000000000", "NIK tidak boleh nol semua."),
            ("nik", "6308035203850000", "Empat angka terakhir NIK tidak boleh 0000."),
            ("nik", build.nik(7), "NIK ini milik Aminah, anggota kelompok ini."),
            ("sex", "", "Jenis kelamin: tulis P (perempuan) atau L (laki-laki)."),
            ("sex", "X", "Jenis kelamin: tulis P (perempuan) atau L (laki-laki)."),
            ("birth_date", "3/25/1985", "Tanggal 3/25/1985 ditulis bulan dulu. Tulis hari, bulan, tahun: 25-3-1985."),
            ("birth_date", "31118", "Tanggal “31118” tidak dikenal."),
            ("birth_date", "30-02-1985", "Tanggal “30-02-1985” tidak dikenal."),
            ("birth_date", "1-10-2026", "Tanggal 1 Oktober 2026 tidak boleh sesudah hari ini, 30 September 2026."),
            ("joined_on", "", "Masuk tanggal belum diisi. Isi di sini, atau sekali untuk semua di atas."),
            ("joined_on", "1-10-2026", "Tanggal 1 Oktober 2026 tidak boleh sesudah hari ini"),
            ("poklak", "Mawar", "Poklak Mawar belum ada di kelompok ini."),
        ],
    )
    def test_what_is_wrong_is_said_with_what_would_be_right(self, column, value, words):
        (line,) = checked({column: value})
        assert line.state == "wrong"
        (sentence,) = line.errors[column]
        assert sentence.startswith(words)

    @pytest.mark.parametrize(
        ("value", "sex"),
        [("p", "P"), ("Pr.", "P"), ("PEREMPUAN", "P"), ("wanita", "P"), ("L", "L"), ("Laki-laki", "L"), ("lk", "L")],
    )
    def test_a_sex_is_read_as_people_write_it(self, value, sex):
        assert checked({"sex": value})[0].facts["sex"] == sex

    @pytest.mark.parametrize("value", ["12/3/85", "120385", "12 Maret 1985", "1985-03-12", "12-Mar-1985"])
    def test_a_day_is_read_day_first(self, value):
        assert checked({"birth_date": value})[0].facts["birth_date"] == date(1985, 3, 12)

    def test_where_one_line_is_month_first_the_others_are_suspected(self):
        first, second = checked({"birth_date": "3/25/1985"}, {"birth_date": "3/12/1985", "nik": build.nik(1)})
        assert first.state == "wrong"
        assert "Tanggal lahir 3/12/1985: baris lain ditulis bulan dulu. Periksa harinya." in second.warnings

    @pytest.mark.parametrize("value", ["Melati", " melati", "POKLAK MELATI", "Poklak  Melati"])
    def test_a_poklak_is_known_by_its_name_however_written(self, value):
        assert checked({"poklak": value})[0].facts["poklak"] == "Melati"

    @pytest.mark.parametrize("value", ["", "-", "Perorangan"])
    def test_without_a_poklak_she_is_on_her_own(self, value):
        assert checked({"poklak": value})[0].facts["poklak"] == ""

    def test_an_unknown_poklak_is_made_only_when_asked(self):
        (refused,), (made,) = checked({"poklak": "Mawar"}), checked({"poklak": "Mawar"}, new_poklaks=True)
        assert (refused.state, refused.new_poklak) == ("wrong", "Mawar")
        assert (made.state, made.facts["poklak"]) == ("ready", "Mawar")

    def test_a_reason_for_all_serves_the_lines_without_a_nik(self):
        without, other = checked({"nik": ""}, {}, nik_reason="belum rekam KTP")
        assert (without.state, without.facts["nik"], without.facts["nik_missing_reason"]) == (
            "ready", None, "belum rekam KTP",
        )  # fmt: skip
        assert other.facts["nik_missing_reason"] == ""

    def test_one_nik_in_two_lines_is_refused_in_the_second(self):
        first, second = checked({}, {"name": "Barsiah"})
        assert (first.state, second.errors["nik"]) == ("ready", ["NIK ini sama dengan baris 1."])

    def test_who_is_a_member_already_is_skipped(self):
        (line,) = checked({"name": "AMINAH", "nik": build.nik(7)})
        assert (line.state, line.skipped) == ("skipped", "sudah tercatat sebagai anggota kelompok ini")

    def test_without_a_nik_name_and_birth_day_tell_a_member(self):
        (line,) = checked({"name": "Aminah", "nik": ""}, nik_reason="KTP hilang")
        assert line.state == "skipped"

    def test_like_names_are_a_warning(self):
        again, twin = checked({"name": "Siti"}, {"name": "Siti", "nik": build.nik(1)})
        assert again.warnings == ["Nama ini sudah ada di kelompok. Pastikan orangnya berbeda."]
        assert twin.warnings == ["Nama dan tanggal lahirnya sama dengan baris 1."]
        assert (again.state, twin.state) == ("ready", "ready")

    def test_a_nik_that_ends_in_zero_is_a_warning_with_the_way_to_mend_it(self):
        (line,) = checked({"nik": build.nik(2510)})
        assert line.warnings == [
            "NIK berakhir 0: mungkin angka terakhirnya hilang di Excel. Cocokkan dengan KTP. Di Excel: ubah kolom NIK "
            "menjadi Teks, ketik ulang 16 angkanya dari KTP, lalu salin lagi."
        ]

    def test_what_does_not_fit_the_nik_is_a_warning(self):
        (line,) = checked({"sex": "L"})
        assert line.warnings == ["Jenis kelamin tidak cocok dengan NIK. Periksa dengan KTP."]

    def test_a_child_is_a_warning(self):
        (line,) = checked({"birth_date": "12-03-2015", "nik": build.nik(1, born=date(2015, 3, 12))})
        assert line.warnings == ["Umur saat masuk 11 tahun. Periksa tahun lahirnya."]

    def test_a_formula_is_a_text_like_any_other(self):
        (line,) = checked({"address": '=HYPERLINK("x")'})
        assert line.facts["address"] == '=HYPERLINK("x")'


@pytest.mark.parametrize(("name", "key"), [("Poklak Melati", "melati"), ("Hj. NOR  Asiah", "hj nor asiah"), ("!", "")])
def test_two_writings_of_a_name_share_a_key(name, key):
    assert key_of(name) == key
