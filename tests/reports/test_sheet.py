"""Every form sheet: its official header, its print set-up, its pages."""

import re

import pytest
from openpyxl.utils import range_boundaries

from reports.cells import NAME_BLANK
from reports.forms import layout
from tests.reports.build import FORMS, group, printed, printed_form, regency_groups, report, village_report


@pytest.fixture(scope="module")
def regency():
    return printed(report(groups=regency_groups()))


def bare(text):
    return re.sub(r"\s", "", text or "")


@pytest.mark.parametrize("code", FORMS)
def test_the_merges_of_the_header_are_the_official_ones(regency, code):
    form = layout(code)
    first, last = form["header_rows"]
    merges = {str(area) for area in regency[FORMS[code]].merged_cells.ranges if first <= area.min_row <= last}
    assert merges == set(form["merges"])


@pytest.mark.parametrize("code", FORMS)
def test_every_text_of_the_header_is_the_official_one(regency, code):
    form, sheet = layout(code), regency[FORMS[code]]
    first, last = form["header_rows"]
    written = {c.coordinate: bare(c.value) for row in sheet.iter_rows(first, last) for c in row if c.value is not None}
    assert written == {ref: bare(text) for ref, text in form["header_cells"].items() if text}


@pytest.mark.parametrize("code", FORMS)
def test_the_number_row_is_the_official_one(regency, code):
    number_row = layout(code)["number_row"]
    written = {cell.coordinate: cell.value for cell in regency[FORMS[code]][number_row["row"]]}
    assert written == number_row["cells"]


def test_only_headings_over_one_narrow_column_are_turned(regency):
    header = regency["Lampiran 4.22"]["A7:AJ10"]
    turned = {cell.coordinate for row in header for cell in row if cell.value and cell.alignment.textRotation == 90}
    over_all, leaves = {"C7", "L8", "M8"}, {f"{letter}9" for letter in "DEFGHIJKNOPQRSTUVWXY"}
    levels = {f"{letter}10" for letter in ("Z", "AA", "AB", "AC", "AD", "AE", "AF", "AG")}
    assert turned == over_all | leaves | levels | {"AH9", "AI9"}


@pytest.mark.parametrize("code", FORMS)
def test_columns_are_as_wide_as_the_layout_says(regency, code):
    widths = {column["letter"]: column["width"] for column in layout(code)["columns"]}
    dimensions = regency[FORMS[code]].column_dimensions
    assert {letter: dimensions[letter].width for letter in widths} == widths


@pytest.mark.parametrize(
    ("sheet", "freeze", "titles", "area", "high"),
    [
        ("Sampul", "A8", None, "$A$1:$H$39", 1),
        ("Kelengkapan", "C8", "$5:$7", "$A$1:$L$18", 0),
        ("R-1", "E8", "$5:$7", "$A$1:$Q$155", 0),
        ("R-2", "D8", "$5:$7", "$A$1:$R$156", 0),
        ("R-3", "D8", "$5:$7", "$A$1:$R$155", 0),
        ("R-4", "D8", "$5:$7", "$A$1:$S$157", 0),
        ("Rekap Kecamatan", "C8", "$5:$7", "$A$1:$V$42", 0),
        ("R-6a Bantuan", "C8", "$5:$7", "$A$1:$H$25", 0),
        ("R-6b Pembinaan", "C8", "$5:$7", "$A$1:$J$25", 0),
        ("Lampiran 4.22", "C12", "$7:$11", "$A$1:$AJ$32", 0),
    ],
)
def test_every_sheet_prints_on_f4_landscape_one_page_wide(regency, sheet, freeze, titles, area, high):
    ws = regency[sheet]
    page = ws.page_setup
    assert (page.paperSize, page.orientation, page.usePrinterDefaults) == (14, "landscape", None)
    assert (ws.sheet_properties.pageSetUpPr.fitToPage, page.fitToWidth, page.fitToHeight) == (True, 1, high)
    assert (ws.freeze_panes, ws.print_title_rows, ws.print_area) == (freeze, titles, f"'{sheet}'!{area}")
    assert (ws.sheet_view.showGridLines, ws.print_options.horizontalCentered) == (False, True)
    assert {selection.activeCell for selection in ws.sheet_view.selection} == {"A1"}


def test_the_normal_style_is_arial_10(regency):
    for font in (regency._named_styles["Normal"].font, regency._fonts[0]):
        assert (font.name, font.size) == ("Arial", 10)


def test_the_footer_names_sheet_area_and_period_and_doubles_the_ampersand():
    facts = village_report(area_name="Pandulangan & Sapala")
    footer = printed_form("r-1", facts).oddFooter
    assert footer.left.text == "Rekap kelompok – Desa Pandulangan && Sapala – Triwulan III 2026"
    assert (footer.left.font, footer.left.size) == ("Arial,Italic", 8)
    assert footer.right.text == "Halaman &P dari &N"


def test_the_last_rows_are_for_the_signatures(regency):
    sheet = regency["Rekap Kecamatan"]
    assert [sheet[f"B{row}"].value for row in (23, 24, 29)] == [
        "Mengetahui,", "Ketua TP PKK Kabupaten Hulu Sungai Utara", NAME_BLANK,
    ]  # fmt: skip
    assert [sheet[f"Q{row}"].value for row in (23, 24)] == [
        "Amuntai, 12 Oktober 2026", "Ketua Pokja II TP PKK Kabupaten Hulu Sungai Utara",
    ]  # fmt: skip


def last_page_from(sheet):
    return max((mark.id for mark in sheet.row_breaks.brk), default=0) + 1


@pytest.mark.parametrize("count", range(20, 80, 3))
def test_signatures_never_stand_on_a_page_without_two_rows_of_figures(count):
    groups = tuple(group(group_name=f"UP2K {number:03}") for number in range(count))
    sheet = printed_form("r-1", village_report(groups=groups))
    last_data_row = 7 + count
    assert last_page_from(sheet) <= last_data_row - 1


@pytest.mark.parametrize("code", FORMS)
def test_every_page_is_full_but_not_too_full(regency, code):
    """F4 landscape leaves 536 points; a sheet shrunk to its width has room for more points of rows."""
    sheet, form = regency[FORMS[code]], layout(code)
    shrunk = min(1, 878 / (5.25 * sum(column["width"] for column in form["columns"])))
    last_row = range_boundaries(sheet.print_area.split("!")[1].replace("$", ""))[3]
    first, last = form["repeat_rows"].split(":")
    header = sum(sheet.row_dimensions[row].height for row in range(int(first), int(last) + 1))
    starts = [1, *(mark.id + 1 for mark in sheet.row_breaks.brk), last_row + 1]
    for start, end in zip(starts, starts[1:], strict=False):
        height = sum(sheet.row_dimensions[row].height for row in range(start, end))
        assert height + (header if start > 1 else 0) <= 536 / shrunk
        is_before_charts = code == "rekap-kec" and end == last_row - 12  # they stay together
        assert height > 0.8 * 536 / shrunk - header or end == last_row + 1 or is_before_charts


@pytest.mark.parametrize("count", range(30, 60, 2))
def test_no_page_ends_with_a_heading_or_begins_with_a_subtotal(count):
    first = [group(group_name=f"UP2K {number:03}") for number in range(count)]
    babirik = {"village_code": "63.08.02.2001", "district_code": "63.08.02", "district_name": "Babirik"}
    second = [group(group_name=f"UP2K {number:03}", **babirik) for number in range(90 - count)]
    sheet = printed_form("r-1", report(groups=(*second, *first)))
    around = [(sheet[f"A{mark.id}"].value, sheet[f"A{mark.id + 1}"].value) for mark in sheet.row_breaks.brk]
    assert len(around) == 2
    for ends, begins in around:
        assert isinstance(ends, int) or ends.startswith("JUMLAH KEC.")
        assert isinstance(begins, int) or begins == "II"
