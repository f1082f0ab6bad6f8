"""Titles and the cover: which area, which day, whose report."""

import pytest

from reports.completeness import Standing
from reports.indicators import definitions_hash
from reports.periods import parse_period
from reports.rows import fingerprint
from tests.reports.build import LEVELS, column, group, printed, regency_groups, report, village_report

IN_ORDER = [
    "Kelengkapan", "Rekap Kecamatan", "R-1", "R-2", "R-3", "R-4", "R-6a Bantuan", "R-6b Pembinaan", "Lampiran 4.22",
    "Definisi",
]  # fmt: skip


@pytest.fixture(scope="module")
def regency():
    return printed(report(groups=regency_groups()))


@pytest.mark.parametrize(
    ("level", "line"),
    [
        ("provinsi", "PROVINSI KALIMANTAN SELATAN"),
        ("kabupaten", "KABUPATEN HULU SUNGAI UTARA"),
        ("kecamatan", "KECAMATAN SUNGAI PANDAN KABUPATEN HULU SUNGAI UTARA"),
        ("desa", "DESA PANDULANGAN KECAMATAN SUNGAI PANDAN"),
    ],
)
def test_titles_name_the_area_and_the_day_of_the_figures(level, line):
    book = printed(LEVELS[level]())
    for sheet in ("Kelengkapan", "Rekap Kecamatan", "R-1", "R-2", "R-3", "R-4", "R-6a Bantuan", "R-6b Pembinaan"):
        assert book[sheet]["A2"].value == line
        assert book[sheet]["A3"].value == "TRIWULAN III TAHUN 2026 (KEADAAN 30 SEPTEMBER 2026)"
    assert book["Sampul"]["B2"].value == f"TIM PENGGERAK PKK {line}"
    lampiran = book["Lampiran 4.22"]
    assert [lampiran[ref].value for ref in ("AG1", "A2", "A3", "A4", "A5")] == [
        "LAMPIRAN 4.22", "DATA KEGIATAN PKK", f"TP PKK : {line}", "TAHUN : 2026", "POKJA II",
    ]  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_no_brace_of_a_layout_is_left_in_any_cell(level):
    book = printed(LEVELS[level]())
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [text for text in texts if "{" in text] == []


def test_the_sheets_stand_in_the_order_of_the_workbook(regency):
    assert regency.sheetnames == ["Sampul", *IN_ORDER]


def test_r_5_belongs_to_what_closes_the_year():
    names = {code: printed(report(period=parse_period(code))).sheetnames for code in ("2026-TW4", "2026-S2", "2026")}
    assert {code: "R-5" in some for code, some in names.items()} == dict.fromkeys(names, True)
    assert names["2026-TW4"].index("R-5") == names["2026-TW4"].index("R-4") + 1
    assert "R-5" not in printed(report(period=parse_period("2026-12"))).sheetnames


def test_the_cover_tells_the_facts_of_the_report():
    facts = report(groups=(group(), group(group_name="UP2K Melati")))
    cover = printed(facts)["Sampul"]
    code = fingerprint(facts)
    assert {cover[f"B{row}"].value: cover[f"D{row}"].value for row in range(10, 18)} == {
        "Wilayah": "Kabupaten Hulu Sungai Utara (63.08)",
        "Periode": "Triwulan III 2026, keadaan 30 September 2026",
        "Disampaikan kepada": "TP PKK Provinsi Kalimantan Selatan",
        "Kelengkapan": "1 dari 219 desa/kelurahan mempunyai kelompok (0,5%)",
        "Dibuat": "12 Oktober 2026, 09.41 WITA oleh Siti Rahmah (kabupaten)",
        "Versi formulir dan definisi": "Kelengkapan versi 1, Rekap Kecamatan versi 1, R-1 versi 1, R-2 versi 1, R-3 "
        "versi 1, R-4 versi 1, R-6a Bantuan versi 1, R-6b Pembinaan versi 1, Lampiran 4.22 versi 4.22/rakernas-x, "
        f"Definisi versi 1; susunan 2026-11-24; definisi {definitions_hash()[:8]}",
        "Kode pemeriksaan (SHA-256)": " ".join(code[start : start + 4] for start in range(0, 64, 4)),
        "Belum disetujui": "desa tidak melapor untuk periode ini",
    }


def test_the_cover_says_how_many_reports_are_approved_and_who_is_missing():
    standings = tuple(
        Standing(f"63.08.03.{2000 + number}", f"Desa Sapala {number}", is_in=number > 9, is_agreed=number > 10)
        for number in range(1, 12)
    )
    cover = printed(report(basis="approved", standings=standings))["Sampul"]
    assert cover["D13"].value == "1 dari 11 desa/kelurahan disetujui (9,1%)"
    assert cover["D17"].value == (
        "10 desa/kelurahan: Desa Sapala 1, Desa Sapala 2, Desa Sapala 3, Desa Sapala 4, Desa Sapala 5, Desa Sapala 6, "
        "Desa Sapala 7, Desa Sapala 8, dan 2 lagi (lihat lembar Kelengkapan)"
    )
    all_in = (Standing("63.08.03.2014", "Desa Pandulangan", is_in=True, is_agreed=True),)
    assert printed(report(basis="approved", standings=all_in))["Sampul"]["D17"].value == "tidak ada"


def test_the_cover_links_every_other_sheet(regency):
    cover = regency["Sampul"]
    links = [cover[f"B{row}"].hyperlink.location for row in range(21, 21 + len(IN_ORDER))]
    assert links == [f"'{name}'!A1" for name in IN_ORDER]
    assert cover[f"B{21 + len(IN_ORDER)}"].value is None


@pytest.mark.parametrize(
    ("level", "recipient"),
    [
        ("provinsi", "TP PKK Pusat"),
        ("kecamatan", "TP PKK Kabupaten Hulu Sungai Utara"),
        ("desa", "TP PKK Kecamatan Sungai Pandan"),
    ],
)
def test_a_report_goes_one_level_up(level, recipient):
    assert printed(LEVELS[level]())["Sampul"]["D12"].value == recipient


def test_a_kelurahan_is_not_called_desa():
    facts = village_report(area_code="63.08.05.1004", area_name="Paliwara", district_name="Amuntai Tengah")
    assert printed(facts)["R-1"]["A2"].value == "KELURAHAN PALIWARA KECAMATAN AMUNTAI TENGAH"


def test_a_kota_is_not_called_kabupaten():
    facts = report(area_code="63.72", area_name="Banjarbaru", children=())
    assert printed(facts)["R-1"]["A2"].value == "KOTA BANJARBARU"


def test_a_name_that_carries_its_word_does_not_get_it_twice():
    assert printed(report(area_name="Kabupaten Hulu Sungai Utara"))["R-1"]["A2"].value == "KABUPATEN HULU SUNGAI UTARA"


def test_a_running_period_is_said_to_be_running():
    book = printed(report(period=parse_period("2026-TW4")))
    assert book["Sampul"]["D11"].value == "Triwulan IV 2026, keadaan 31 Desember 2026 (periode masih berjalan)"
    note = (
        "Periode masih berjalan: target memuat angsuran s.d. 31 Desember 2026; RR, NPL dan kolektibilitas belum akhir."
    )
    assert note in column(book["R-3"], "A")
    assert note in column(book["Rekap Kecamatan"], "A")
