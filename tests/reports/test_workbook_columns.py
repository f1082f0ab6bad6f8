"""Every figure of the sheets is an indicator of the table, and the table names the same column."""

import re
from dataclasses import replace

import pytest

from reports.forms import layout
from reports.indicators import ALL
from reports.workbook.columns import COMPUTED, OF_AREAS, OF_GROUPS
from tests.reports.build import group, printed_form, report

NAMES = {"r-1": "R-1", "r-2": "R-2", "r-3": "R-3", "r-4": "R-4", "r-5": "R-5", "rekap-kec": "Rekap", "4.22": "4.22"}
FIGURES = {code: (OF_GROUPS | OF_AREAS)[code] | COMPUTED.get(code, {}) for code in NAMES}
# Counts of villages, which no group has, and the pieces of one product, which nobody adds up.
NO_INDICATOR = {("rekap-kec", "desa"), ("rekap-kec", "desa_up2k"), ("rekap-kec", "desa_lapor"), ("r-4", "volume")}
# Columns of Excel's own arithmetic over figures of the row.
ARITHMETIC = {("r-3", "tunggakan"): "GH", ("r-5", "alokasi"): "EK"}


def figure_columns(code):
    """Columns with figures that people do not fill by hand."""
    columns = (one for one in layout(code)["columns"] if one["kind"] in ("int", "rp", "pct"))
    return [one for one in columns if one["source"] != "manual"]


@pytest.mark.parametrize("code", NAMES)
def test_every_figure_column_names_an_indicator_that_names_the_column(code):
    for column in figure_columns(code):
        place = (code, column["key"])
        if place not in NO_INDICATOR and place not in ARITHMETIC:
            indicator = ALL[FIGURES[code][column["key"]]]
            assert f"{NAMES[code]} kolom {column['n']}" in indicator.forms, place


@pytest.mark.parametrize("code", NAMES)
def test_every_column_that_an_indicator_names_is_there_and_prints_it(code):
    keys = {column["n"]: column["key"] for column in layout(code)["columns"]}
    said = [(one.key, form) for one in ALL.values() for form in one.forms if form.startswith(f"{NAMES[code]} kolom ")]
    assert said
    for key, form in said:
        column = keys[int(form.rsplit(" ", 1)[1])]
        words = column == "klasifikasi"  # the level in letters, counted in Rekap and 4.22
        assert words or FIGURES[code][column] == key, form


@pytest.mark.parametrize(("place", "letters"), ARITHMETIC.items())
def test_what_excel_works_out_by_itself_rests_on_figures_of_the_row(place, letters):
    code, key = place
    columns = {column["letter"]: column for column in layout(code)["columns"]}
    formula = next(column["formula"] for column in columns.values() if column["key"] == key)
    assert set(re.findall(r"([A-Z])\{r\}", formula)) == set(letters)
    assert all(columns[letter]["key"] in FIGURES[code] for letter in letters)


def test_a_row_of_r_2_has_capital_by_source_and_how_it_moved():
    facts = group(
        capital_swadaya=1, capital_apbn=2, capital_apbd_prov=3, capital_apbd_kab=4, capital_apbdes=5, capital_csr=6,
        capital_other=7, capital_start=100, capital_in_period=20, capital_out_period=8,
    )  # fmt: skip
    sheet = printed_form("r-2", report(groups=(facts,)))
    assert [cell.value for cell in sheet[9]] == [
        1, "Pandulangan", "UP2K As-Syifa", 1, 2, 3, 4, 5, 6, 7, "=SUM(D9:J9)", 100, 20, 8, "=L9+M9-N9", "=O9-K9",
        '=IF(K9=0,"-",P9/K9)', None,
    ]  # fmt: skip


def test_a_group_that_shared_nothing_has_blank_cells_in_r_5():
    shared = group(
        surplus=100, surplus_members=60, surplus_officers=10, surplus_reserve=10, surplus_paud=20,
        surplus_recipients=12, surplus_paid=50, paud_institutions=1, paud_teachers=2, paud_paid=20,
    )  # fmt: skip
    sheet = printed_form("r-5", report(groups=(shared, replace(group(), group_name="UP2K Mawar"))))
    assert [cell.value for cell in sheet[9]][3:] == [
        100, 60, 10, 10, 20, 0, 0, 0, '=IF(COUNT(E9:K9)=0,"",SUM(E9:K9))', 12, 50, 1, 2, 20, None,
    ]  # fmt: skip
    assert [cell.value for cell in sheet[10]][3:11] == [None] * 8
    assert sheet["A3"].value == "TAHUN BUKU 2025"


def test_the_variant_counts_groups_without_a_legal_body_apart():
    groups = (
        group(level="MADYA", members_female=20, is_cooperative=True),
        group(group_name="UP2K Mawar", members_female=9),
    )
    sheet = printed_form("4.22-v", report(groups=groups))
    assert [sheet.cell(12, number).value for number in range(14, 28)] == [
        1, 9, 1, 20, 0, 0, 0, 0, None, None, 1, 9, 1, 20,
    ]  # fmt: skip
    notes = [cell.value for cell in sheet["A"]]
    assert any(str(note).startswith("Catatan: kolom 14–21, 24–27 dihitung dari data portal") for note in notes)
