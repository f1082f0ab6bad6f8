"""Titles and the cover: which area, which day, whose report."""

import pytest

from reports.periods import parse_period
from reports.rows import fingerprint
from tests.reports.build import LEVELS, column, group, printed, regency_groups, report, village_report


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
    for sheet in ("R-1", "R-3", "R-4", "Rekap Kecamatan"):
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
    assert regency.sheetnames == ["Sampul", "R-1", "R-3", "R-4", "Rekap Kecamatan", "Lampiran 4.22"]


def test_the_cover_tells_the_facts_of_the_report():
    facts = report(groups=(group(), group(group_name="UP2K Melati")))
    cover = printed(facts)["Sampul"]
    code = fingerprint(facts)
    assert {cover[f"B{row}"].value: cover[f"D{row}"].value for row in range(10, 17)} == {
        "Wilayah": "Kabupaten Hulu Sungai Utara (63.08)",
        "Periode": "Triwulan III 2026, keadaan 30 September 2026",
        "Disampaikan kepada": "TP PKK Provinsi Kalimantan Selatan",
        "Kelengkapan": "1 dari 219 desa/kelurahan mempunyai kelompok (0,5%)",
        "Dibuat": "12 Oktober 2026, 09.41 WITA oleh Siti Rahmah (kabupaten)",
        "Versi formulir dan definisi": "R-1 versi 1, R-3 versi 1, R-4 versi 1, Rekap Kecamatan versi 1, "
        "Lampiran 4.22 versi 4.22/rakernas-x; susunan 2026-11-24",
        "Kode pemeriksaan (SHA-256)": " ".join(code[start : start + 4] for start in range(0, 64, 4)),
    }


def test_the_cover_links_every_other_sheet(regency):
    cover = regency["Sampul"]
    assert [cover[f"B{row}"].hyperlink.location for row in range(21, 26)] == [
        "'R-1'!A1", "'R-3'!A1", "'R-4'!A1", "'Rekap Kecamatan'!A1", "'Lampiran 4.22'!A1",
    ]  # fmt: skip
    assert cover["B26"].value is None


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
