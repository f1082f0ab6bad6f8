"""What a workbook says of itself: draft or approved, who is missing, and the same cells for the same figures."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from reports.completeness import Standing
from reports.edition import Edition
from reports.forms import layout
from reports.indicators import definitions
from reports.missing import MOST
from reports.periods import parse_period
from reports.workbook.book import write_one, write_workbook
from reports.workbook.sheets import FORMS
from tests.reports.build import (
    district_report,
    group,
    printed,
    printed_form,
    province_report,
    random_standings,
    regency_groups,
    report,
)

DRAFT = "DRAF – belum disetujui"
YEAR_END = parse_period("2026-TW4")

BY_HAND = (
    "Catatan: belum dicatat di portal, terisi begitu datanya dicatat di sini; sampai itu diisi tangan (kosong = belum"
    " diisi, bukan nihil)."
)


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def cells(book):
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.number_format)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_every_sheet_of_live_figures_says_that_it_is_a_draft():
    book = printed(report(groups=(group(),), period=YEAR_END))
    assert {sheet.title: DRAFT in texts(sheet) for sheet in book} == dict.fromkeys(book.sheetnames, True)


def test_no_sheet_of_approved_figures_says_so():
    book = printed(report(groups=(group(),), period=YEAR_END, basis="approved", standings=random_standings()))
    assert [sheet.title for sheet in book if DRAFT in texts(sheet)] == []


def test_the_same_report_gives_equal_cells_and_another_figure_does_not():
    facts = report(groups=regency_groups(), standings=random_standings(), basis="approved")
    first = cells(printed(facts))
    assert first == cells(printed(replace(facts, groups=tuple(reversed(facts.groups)))))
    richer = (replace(facts.groups[0], turnover_period=1), *facts.groups[1:])
    assert first != cells(printed(replace(facts, groups=richer)))


def test_a_kecamatan_lists_who_is_missing_and_where_each_report_stands():
    standings = (
        Standing("63.08.03.2013", "Desa Hambuku Raya", state="approved", is_in=True, is_agreed=True),
        Standing("63.08.03.2014", "Desa Pandulangan", state="verified", is_in=True, is_late=True),
        Standing("63.08.03.2015", "Kelurahan Paliwara"),
        Standing("63.08.03.2016", "Desa Sapala", state="returned"),
        Standing("63.08.04.2001", "Desa Jauh", state="sent", is_in=True, is_nil=True, is_agreed=True),
    )
    sheet = printed_form("kelengkapan", report(standings=standings, basis="approved"))
    assert [cell.value for cell in sheet[10]] == [
        3, "Sungai Pandan", 4, 1, 1, "=D10+E10", 0, 1, "=C10-F10", '=IF(C10=0,"-",F10/C10)', '=IF(C10=0,"-",D10/C10)',
        "Belum masuk: Kelurahan Paliwara; dikembalikan: Sapala; menunggu kabupaten: Pandulangan",
    ]  # fmt: skip
    assert [sheet[f"{letter}11"].value for letter in "CDEGHL"] == [1, 1, 0, 1, 1, None]


def test_a_list_too_long_for_a_row_of_excel_says_how_many_more_there_are():
    standings = tuple(Standing(f"63.08.03.{2000 + number}", f"Desa Sapala {number:03}") for number in range(1, 151))
    told = printed_form("kelengkapan", report(standings=standings))["L10"].value
    shown = told.count("Sapala")
    assert told.endswith(f"Sapala {shown:03}, dan {150 - shown} desa/kelurahan lagi")
    assert MOST - 20 < len(told) < MOST + 40


def test_a_province_counts_the_missing_by_kecamatan():
    standings = tuple(Standing(f"63.08.0{1 + number // 3}.{2001 + number}", f"Desa {number}") for number in range(5))
    target = io.BytesIO()
    write_workbook(province_report(standings=standings), target, Edition(places={"63.08.01": "Danau Panggang"}))
    sheet = openpyxl.load_workbook(target)["Kelengkapan"]
    assert sheet["L9"].value == "Kec. Danau Panggang: 3, Kec. 63.08.02: 2"


def test_where_villages_do_not_report_the_period_kelengkapan_says_so():
    told = texts(printed_form("kelengkapan", report(period=parse_period("2026-09"))))
    assert "Catatan: desa/kelurahan tidak melapor untuk periode ini; lihat triwulannya." in told


@pytest.mark.parametrize("form", ["r-6a", "r-6b", "buku-bantuan", "buku-prestasi"])
def test_what_the_portal_does_not_record_is_left_to_the_pen_and_never_called_nihil(form):
    told = texts(printed_form(form, report()))
    assert "NIHIL" not in told
    assert BY_HAND in told


def test_the_definitions_are_those_that_a_form_prints():
    sheet = printed_form("definisi", report())
    printed_ones = [one for one in definitions() if one["forms"]]
    assert [sheet[f"B{row}"].value for row in range(5, 5 + len(printed_ones))] == [one["key"] for one in printed_ones]
    row = [cell.value for cell in sheet[5]]
    assert row[1:4] + row[6:] == ["groups", "Kelompok UP2K", "kelompok", "Rekap kolom 10"]


def test_rekap_has_three_charts_over_its_rows_and_a_single_village_none():
    target = io.BytesIO()
    write_workbook(report(groups=regency_groups()), target)
    charts = [name for name in zipfile.ZipFile(target).namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    drawn = "".join(zipfile.ZipFile(target).read(name).decode() for name in charts)
    for column in ("S", "T", "C", "E", "B"):
        assert f"'Rekap Kecamatan'!${column}$8:${column}$17" in drawn
    alone = io.BytesIO()
    write_workbook(district_report(children=()), alone)
    assert [name for name in zipfile.ZipFile(alone).namelist() if "chart" in name] == []


def test_the_outline_of_the_groups_is_declared_so_that_excel_shows_it():
    sheet = printed_form("r-3", report(groups=regency_groups()))
    assert sheet.sheet_format.outlineLevelRow == 1


def test_a_workbook_that_breaks_half_way_leaves_no_temporary_file():
    broken = layout("r-3") | {"signature_columns": ["D:B", "Q:M"]}  # backwards
    target, before = io.BytesIO(), len(ALL_TEMP_FILES)
    with pytest.raises(ValueError, match="must be greater"):
        write_one(FORMS["r-3"], report(groups=regency_groups()), target, Edition(layout=lambda code: broken))
    made = ALL_TEMP_FILES[before:]
    assert [name for name in made if Path(name).exists()] == []
    assert target.getvalue() == b""
