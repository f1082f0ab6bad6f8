"""What stands in the rows of the sheets, and the formulas of their totals."""

from datetime import date

import pytest

from reports.completeness import Standing
from reports.forms import layout
from tests.reports.build import (
    FORMS,
    column,
    district_report,
    group,
    printed,
    printed_form,
    province_report,
    random_standings,
    regency_groups,
    report,
    village_report,
)


@pytest.fixture(scope="module")
def regency():
    return printed(report(groups=regency_groups()))


def two_districts():
    return report(
        groups=(
            group(group_name="UP2K Mawar", members_female=9, principal_due=100, principal_due_paid=40),
            group(members_male=1, members_female=24, balance=500, balance_1=400, balance_4=100),
            group(
                village_code="63.08.09.2001", village_label="Paminggir", district_code="63.08.09",
                district_name="Paminggir", members_female=11, principal_due=50, principal_due_paid=50,
            ),
        )
    )  # fmt: skip


def test_groups_stand_under_their_kecamatan_numbered_from_one_again():
    sheet = printed_form("r-1", two_districts())
    assert [(sheet[f"A{row}"].value, sheet[f"B{row}"].value) for row in range(8, 16)] == [
        ("I", "KECAMATAN SUNGAI PANDAN"),
        (1, "Sungai Pandan"),
        (2, "Sungai Pandan"),
        ("JUMLAH KEC. SUNGAI PANDAN", None),
        ("II", "KECAMATAN PAMINGGIR"),
        (1, "Paminggir"),
        ("JUMLAH KEC. PAMINGGIR", None),
        ("JUMLAH", None),
    ]
    assert [sheet.row_dimensions[row].outlineLevel for row in range(8, 16)] == [0, 1, 1, 0, 0, 1, 0, 0]


def test_subtotals_sum_their_rows_and_the_grand_total_sums_the_subtotals():
    book = printed(two_districts())
    assert [book["R-1"][f"M{row}"].value for row in (9, 11, 14, 15)] == [
        "=K9+L9", "=SUM(M9:M10)", "=SUM(M13:M13)", "=SUM(M11,M14)",
    ]  # fmt: skip
    assert [book["R-3"][f"J{row}"].value for row in (11, 14, 15)] == [
        "=SUM(J9:J10)", "=SUM(J13:J13)", "=SUM(J11,J14)",
    ]  # fmt: skip


def test_ratios_of_a_total_are_made_of_its_own_numerator_and_denominator():
    sheet = printed_form("r-3", two_districts())
    assert [sheet[f"Q{row}"].value for row in (9, 11, 15)] == [
        '=IF(G9=0,"-",H9/G9)', '=IF(G11=0,"-",H11/G11)', '=IF(G15=0,"-",H15/G15)',
    ]  # fmt: skip
    assert sheet["R15"].value == '=IF(J15=0,"-",SUM(N15:P15)/J15)'


def official_totals(form, first, last):
    formulas = form["total_row"]["formulas"]
    return {letter: formula.format(f=first, l=last, t=last + 1) for letter, formula in formulas.items()}


def totals(sheet, row):
    return {cell.column_letter: cell.value for cell in sheet[row] if cell.data_type == "f"}


@pytest.mark.parametrize("code", ["r-1", "r-2", "r-3", "r-4"])
def test_in_a_kecamatan_the_total_row_is_the_official_one(code):
    sheet = printed(district_report(groups=(group(), group(group_name="UP2K Mawar"))))[FORMS[code]]
    assert totals(sheet, 10) == official_totals(layout(code), 8, 9)


def test_the_total_row_of_4_22_is_the_official_one(regency):
    assert totals(regency["Lampiran 4.22"], 22) == official_totals(layout("4.22"), 12, 21)


def test_the_total_row_of_rekap_is_the_official_one_where_villages_report():
    facts = report(groups=regency_groups(), standings=random_standings())
    assert totals(printed_form("rekap-kec", facts), 18) == official_totals(layout("rekap-kec"), 8, 17)


def test_where_nobody_owes_a_report_lapor_stays_blank_with_its_total(regency):
    sheet = regency["Rekap Kecamatan"]
    blank = {"E": '=IF(COUNT(E8:E17)=0,"",SUM(E8:E17))'}
    assert totals(sheet, 18) == official_totals(layout("rekap-kec"), 8, 17) | blank
    assert sheet["E8"].value is None


def test_rekap_counts_the_villages_whose_report_is_approved_and_sums_capital_and_incentives():
    standings = (
        Standing("63.08.03.2014", "Desa Pandulangan", state="approved", is_in=True, is_agreed=True),
        Standing("63.08.03.2015", "Desa Sapala", state="verified", is_in=True),
    )
    groups = (
        group(capital_apbdes=5_000_000, capital_start=6_000_000, capital_in_period=500_000, paud_paid=75_000),
        group(group_name="UP2K Mawar", capital_swadaya=1_000_000, capital_start=1_000_000, paud_paid=25_000),
    )
    sheet = printed_form("rekap-kec", report(groups=groups, standings=standings))
    assert [sheet[f"{letter}10"].value for letter in "BCDELMV"] == [
        "Sungai Pandan", 33, 1, 1, 6_000_000, 7_500_000, 100_000,
    ]  # fmt: skip
    assert sheet["N10"].value == '=IF(L10=0,"-",M10/L10-1)'


def test_a_row_of_r_1_has_typed_cells():
    facts = group(
        decree_number="0188", decree_on=date(2019, 12, 5), founded_on=date(2007, 3, 1), leader="Siti Aminah",
        level="UTAMA", poklak_count=5, members_male=1, members_female=24, members_poor=7,
        main_enterprise="Bordir", legal_status="SK Desa",
    )  # fmt: skip
    cells = printed(village_report(groups=(facts,)))["R-1"][8]
    assert [cell.value for cell in cells] == [
        1, "Sungai Pandan", "Pandulangan", "UP2K As-Syifa", "0188", cells[5].value, 2007, "Siti Aminah",
        "UTAMA", 5, 1, 24, "=K8+L8", 7, "Bordir", "SK Desa", None,
    ]  # fmt: skip
    assert cells[5].value.date() == date(2019, 12, 5)
    assert (cells[5].number_format, cells[4].number_format, cells[9].number_format) == (
        "dd-mm-yyyy",
        "@",
        "#,##0",
    )


@pytest.mark.parametrize("name", ["=1+1", "+62811", "-Melati", "@nama", "#N/A", "=HYPERLINK(1)"])
def test_what_a_person_typed_is_text_and_never_a_formula(name):
    cell = printed_form("r-1", village_report(groups=(group(group_name=name),)))["D8"]
    assert (cell.value, cell.data_type) == (name, "s")


def test_characters_that_excel_refuses_are_left_out():
    sheet = printed_form("r-1", village_report(groups=(group(group_name="UP2K\x0b Melati"),)))
    assert sheet["D8"].value == "UP2K Melati"


def test_a_long_name_gets_a_row_of_its_height():
    sheet = printed_form("r-1", village_report(groups=(group(group_name="UP2K Purun Lestari Sejahtera Bersama"),)))
    assert sheet.row_dimensions[8].height == 28.25


def test_an_area_without_groups_says_nihil_and_sums_to_nothing():
    book = printed(report())
    sheet = book["R-3"]
    assert (sheet["A8"].value, sheet["A9"].value, sheet["J9"].value) == ("NIHIL", "JUMLAH", "=SUM(J8:J8)")
    rekap = book["Rekap Kecamatan"]
    assert [rekap[f"{letter}8"].value for letter in "ABCDFK"] == [1, "Danau Panggang", 16, 0, 0, 0]
    assert rekap["C18"].value == "=SUM(C8:C17)"


def test_a_province_groups_by_kabupaten_and_a_village_names_its_kecamatan():
    banjar = group(
        village_code="63.03.02.2001", village_label="Pandulangan", district_code="63.03.02",
        district_name="Aluh-Aluh", regency_code="63.03", regency_name="Banjar",
    )  # fmt: skip
    book = printed(province_report(groups=(group(), banjar)))
    assert column(book["R-3"], "A")[7:14] == [
        "I", 1, "JUMLAH KAB. BANJAR", "II", 1, "JUMLAH KAB. HULU SUNGAI UTARA", "JUMLAH",
    ]  # fmt: skip
    assert (book["R-3"]["B8"].value, book["R-3"]["B9"].value) == (
        "KABUPATEN BANJAR",
        "Pandulangan\nKec. Aluh-Aluh",
    )
    assert book["R-3"].row_dimensions[9].height == 28.25
    assert column(book["Rekap Kecamatan"], "B")[7:10] == [
        "Kab. Banjar",
        "Kab. Hulu Sungai Utara",
        "Kota Banjarbaru",
    ]


def test_a_kecamatan_has_one_row_per_village_in_rekap_and_4_22():
    book = printed(district_report(groups=(group(),)))
    villages = ["Hambuku Raya", "Pandulangan", "Sungai Pandan Hulu"]
    assert column(book["Rekap Kecamatan"], "B")[7:10] == villages
    assert column(book["Lampiran 4.22"], "B")[11:14] == villages


def test_a_village_prints_itself_as_one_row():
    sheet = printed(village_report(groups=(group(members_female=20, level="MADYA", is_cooperative=True),)))[
        "Lampiran 4.22"
    ]
    assert (sheet["B12"].value, sheet["A13"].value) == ("Pandulangan", "JUMLAH")
    assert [sheet.cell(12, number).value for number in range(26, 37)] == [
        0,
        0,
        1,
        20,
        0,
        0,
        0,
        0,
        1,
        20,
        None,
    ]


#


def test_a_row_of_r_4_has_products_turnover_and_means():
    facts = group(
        turnover_period=12_500_000, net_income_period=-250_000, main_product="Telur asin", volume=3_500, unit="butir",
        members_asked=3, income_before=3_000_000, income_after=4_000_001, sells_locally=5, sells_outside=2,
        sells_online=1, with_nib=4, with_pirt=3, with_halal=2,
    )  # fmt: skip
    cells = printed(village_report(groups=(facts,)))["R-4"][8]
    assert [cell.value for cell in cells] == [
        1, "Pandulangan", "UP2K As-Syifa", "Telur asin", 3_500, "butir", 12_500_000, -250_000, 3, 1_000_000,
        1_333_334, '=IF(N(J8)=0,"-",K8/J8-1)', 5, 2, 1, 4, 3, 2, None,
    ]  # fmt: skip
    assert (cells[6].number_format, cells[11].number_format) == ("#,##0", "0.0%")


def test_what_was_not_recorded_stays_blank_in_r_4_and_rekap():
    book = printed(village_report(groups=(group(main_product="Telur asin", unit="butir"),)))
    sheet = book["R-4"]
    assert [sheet[f"{letter}8"].value for letter in "EFGHJK"] == [None] * 6
    assert sheet["I8"].value == 0
    assert book["Rekap Kecamatan"]["U8"].value is None


def test_a_mean_of_r_4_is_weighted_with_who_was_asked_and_never_averaged():
    sheet = printed_form("r-4", two_districts())
    assert [sheet[f"K{row}"].value for row in (11, 14, 15)] == [
        '=IF(I11=0,"-",SUMPRODUCT(I9:I10,K9:K10)/I11)',
        '=IF(I14=0,"-",SUMPRODUCT(I13:I13,K13:K13)/I14)',
        '=IF(I15=0,"-",(I11*N(K11)+I14*N(K14))/I15)',
    ]
    assert [sheet[f"L{row}"].value for row in (11, 15)] == [
        '=IF(N(J11)=0,"-",K11/J11-1)', '=IF(N(J15)=0,"-",K15/J15-1)',
    ]  # fmt: skip
    assert [sheet[f"E{row}"].value for row in (11, 14, 15)] == [None] * 3


def test_rekap_sums_the_turnover_of_those_who_recorded_it():
    sapala = {"village_code": "63.08.03.2015", "group_name": "D"}
    groups = (
        group(turnover_period=100),
        group(group_name="UP2K Mawar"),
        group(group_name="C", turnover_period=50),
        group(**sapala),
    )
    sheet = printed_form("rekap-kec", district_report(groups=groups))
    assert [sheet[f"U{row}"].value for row in (8, 9, 10)] == [0, 150, None]


def test_the_notes_say_what_the_turnover_is_made_of():
    book = printed(village_report(groups=(group(level="MADYA"),)))
    notes = " ".join(str(value) for sheet in ("R-4", "Rekap Kecamatan") for value in column(book[sheet], "A"))
    assert "Produk utama menurut omzet; volume tidak dijumlahkan karena satuannya berbeda." in notes
    assert "INSENTIF PAUD dari SHU, di luar insentif APBD." in notes


# groups that nobody has assessed


def test_a_group_without_level_counts_as_pemula_and_the_sheets_say_so():
    book = printed(village_report(groups=(group(members_female=20),)))
    assert book["R-1"]["I8"].value == "PEMULA *)"
    assert book["R-1"]["A10"].value == (
        "*) 1 kelompok belum dinilai tingkatnya; sebelum dinilai dihitung sebagai PEMULA."
    )
    assert (book["Rekap Kecamatan"]["F8"].value, book["Lampiran 4.22"]["AA12"].value) == (1, 20)
    for sheet in ("Rekap Kecamatan", "Lampiran 4.22"):
        note = "1 kelompok belum dinilai tingkatnya dan dihitung sebagai PEMULA."
        assert note in column(book[sheet], "A")


def test_where_all_are_assessed_no_sheet_speaks_of_it():
    book = printed(village_report(groups=(group(level="PEMULA"),)))
    texts = [str(value) for sheet in book for value in column(sheet, "A")]
    assert [text for text in texts if "belum dinilai" in text] == []
