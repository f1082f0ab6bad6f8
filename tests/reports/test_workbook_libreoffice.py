"""LibreOffice recalculates the workbook: every total equals a sum made here, to the rupiah."""

import subprocess
from dataclasses import replace

import openpyxl
import pytest

from reports.periods import parse_period
from reports.rows import LEVELS
from reports.workbook.book import write_one
from reports.workbook.book import write_workbook as save
from reports.workbook.sheets import FORMS
from tests.reports.build import MARKETS_AND_PERMITS, random_standings, regency_groups, report

pytestmark = pytest.mark.system

GROUPS = (replace(regency_groups()[0], group_name="=1+1"), *regency_groups()[1:])
STANDINGS = random_standings()
BALANCES = [f"balance_{number}" for number in range(1, 6)]
R3_SUMS = {
    "D": "borrowers", "E": "disbursed_period", "F": "disbursed_to_date", "G": "principal_due",
    "H": "principal_due_paid", "I": "service_fee_paid_period", "J": "balance",
    **dict(zip("LMNOP", BALANCES, strict=True)),
}  # fmt: skip


R2_SUMS = dict(
    zip(
        "DEFGHIJKLMNOP",
        (
            "capital_swadaya", "capital_apbn", "capital_apbd_prov", "capital_apbd_kab", "capital_apbdes",
            "capital_csr", "capital_other", "capital_initial", "capital_start", "capital_in_period",
            "capital_out_period", "capital_end", "capital_growth",
        ),
        strict=True,
    )
)  # fmt: skip
R5_SUMS = dict(
    zip(
        "DEFGHIJKLMNOPQ",
        (
            "surplus", "surplus_members", "surplus_officers", "surplus_reserve", "surplus_paud", "surplus_social",
            "surplus_education", "surplus_other", "surplus", "surplus_recipients", "surplus_paid",
            "paud_institutions", "paud_teachers", "paud_paid",
        ),
        strict=True,
    )
)  # fmt: skip
ALONE = ("4.22-v", "buku-bantuan", "buku-prestasi")
R4_SUMS = {"G": "turnover_period", "H": "net_income_period", "I": "members_asked"}
R4_SUMS |= dict(zip("MNOPQR", MARKETS_AND_PERMITS, strict=True))


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """The workbooks of HSU with groups and without, as LibreOffice computes them."""
    made, out = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("out")
    full = report(groups=GROUPS, standings=STANDINGS, basis="approved", period=parse_period("2026-TW4"))
    save(full, made / "full.xlsx")
    save(report(), made / "empty.xlsx")
    for form in ALONE:
        write_one(FORMS[form], full, made / f"{form}.xlsx")
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={out.as_uri()}/profile",
        "--convert-to",
        "xlsx",
    ]
    files = sorted(made.iterdir())
    subprocess.run([*command, "--outdir", out, *files], check=True, capture_output=True, timeout=120)
    return {file.stem: openpyxl.load_workbook(out / file.name, data_only=True) for file in files}


def total(field, groups=GROUPS):
    return sum(getattr(group, field) for group in groups)


def row_of(sheet, label, letter="A"):
    return next(cell.row for cell in sheet[letter] if cell.value == label)


def districts():
    return {group.district_name: [g for g in GROUPS if g.district_name == group.district_name] for group in GROUPS}


@pytest.mark.parametrize("name", ["full", "empty", *ALONE])
def test_no_cell_is_an_error_and_no_formula_is_left_uncomputed(recalculated, name):
    cells = [cell for sheet in recalculated[name] for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type in ("e", "f")] == []


def test_r_1_counts_what_the_groups_count(recalculated):
    sheet = recalculated["full"]["R-1"]
    for label, groups in [
        ("JUMLAH", GROUPS),
        *((f"JUMLAH KEC. {k.upper()}", v) for k, v in districts().items()),
    ]:
        row = row_of(sheet, label)
        assert [sheet[f"{letter}{row}"].value for letter in "JKLMN"] == [
            total("poklak_count", groups), total("members_male", groups), total("members_female", groups),
            total("members_male", groups) + total("members_female", groups), total("members_poor", groups),
        ]  # fmt: skip


def test_r_3_sums_to_the_rupiah(recalculated):
    sheet = recalculated["full"]["R-3"]
    for label, groups in [
        ("JUMLAH", GROUPS),
        *((f"JUMLAH KEC. {k.upper()}", v) for k, v in districts().items()),
    ]:
        row = row_of(sheet, label)
        due, paid = total("principal_due", groups), total("principal_due_paid", groups)
        bad = sum(total(field, groups) for field in BALANCES[2:])
        sums = {letter: sheet[f"{letter}{row}"].value for letter in R3_SUMS}
        assert sums == {letter: total(field, groups) for letter, field in R3_SUMS.items()}
        assert sheet[f"K{row}"].value == due - paid
        assert sheet[f"Q{row}"].value == pytest.approx(paid / due, abs=1e-12)
        assert sheet[f"R{row}"].value == pytest.approx(bad / total("balance", groups), abs=1e-12)


def mean(field, groups):
    """Of whole means of the groups, weighted with who was asked: what the cells themselves say."""
    asked = total("members_asked", groups)
    means = {group: (2 * getattr(group, field) + n) // (2 * n) for group in groups if (n := group.members_asked)}
    return sum(means[group] * group.members_asked for group in means) / asked if asked else "-"


def known(field, groups):
    return sum(getattr(group, field) or 0 for group in groups)


def test_r_4_sums_to_the_rupiah_and_weighs_its_means(recalculated):
    sheet = recalculated["full"]["R-4"]
    for label, groups in [
        ("JUMLAH", GROUPS),
        *((f"JUMLAH KEC. {k.upper()}", v) for k, v in districts().items()),
    ]:
        row = row_of(sheet, label)
        before, after = mean("income_before", groups), mean("income_after", groups)
        assert {letter: sheet[f"{letter}{row}"].value for letter in R4_SUMS} == {
            letter: known(field, groups) for letter, field in R4_SUMS.items()
        }
        assert [sheet[f"{letter}{row}"].value for letter in "JK"] == [
            one if one == "-" else pytest.approx(one, abs=1e-6) for one in (before, after)
        ]
        rise = "-" if before == "-" else pytest.approx(after / before - 1, abs=1e-12)
        assert sheet[f"L{row}"].value == rise
        assert sheet[f"E{row}"].value is None


def test_every_row_of_rekap_and_its_total_equal_the_groups(recalculated):
    sheet = recalculated["full"]["Rekap Kecamatan"]
    places = [(name, "B", groups) for name, groups in districts().items()]
    for label, letter, groups in [("JUMLAH", "A", GROUPS), *places]:
        row = row_of(sheet, label, letter)
        by_level = [sum(group.counted_level == level for group in groups) for level in LEVELS]
        assert [sheet[f"{column}{row}"].value for column in "DFGHIJKOPQR"] == [
            len({group.village_code for group in groups}), *by_level, len(groups), total("members", groups),
            total("principal_due", groups), total("principal_due_paid", groups), total("balance", groups),
            sum(total(field, groups) for field in BALANCES[2:]),
        ]  # fmt: skip
        assert (sheet[f"U{row}"].value or 0) == known("turnover_period", groups)
    assert sheet[f"C{row_of(sheet, 'JUMLAH')}"].value == 219


@pytest.mark.parametrize(("name", "sums"), [("R-2", R2_SUMS), ("R-5", R5_SUMS)])
def test_r_2_and_r_5_sum_to_the_rupiah(name, sums, recalculated):
    sheet = recalculated["full"][name]
    places = [("JUMLAH", GROUPS), *((f"JUMLAH KEC. {k.upper()}", v) for k, v in districts().items())]
    for label, groups in places:
        row = row_of(sheet, label)
        assert {letter: sheet[f"{letter}{row}"].value or 0 for letter in sums} == {
            letter: known(field, groups) for letter, field in sums.items()
        }
        if name == "R-2":
            percent = total("capital_growth", groups) / total("capital_initial", groups)
            assert sheet[f"Q{row}"].value == pytest.approx(percent, abs=1e-12)


def test_rekap_sums_reports_capital_and_incentives(recalculated):
    sheet = recalculated["full"]["Rekap Kecamatan"]
    for label, letter, groups in [("JUMLAH", "A", GROUPS), *((name, "B", some) for name, some in districts().items())]:
        row = row_of(sheet, label, letter)
        code = "63.08." if label == "JUMLAH" else f"{groups[0].district_code}."
        agreed = sum(one.is_agreed for one in STANDINGS if one.village_code.startswith(code))
        assert [sheet[f"{column}{row}"].value for column in "ELMV"] == [
            agreed, total("capital_initial", groups), total("capital_end", groups), known("paud_paid", groups),
        ]  # fmt: skip


def test_kelengkapan_counts_every_village_once(recalculated):
    sheet = recalculated["full"]["Kelengkapan"]
    row = row_of(sheet, "JUMLAH")
    received = [one for one in STANDINGS if one.is_in]
    late = sum(one.is_late for one in received)
    assert [sheet[f"{letter}{row}"].value for letter in "CDEFGHI"] == [
        len(STANDINGS), len(received) - late, late, len(received), sum(one.is_nil for one in received),
        sum(one.is_agreed for one in STANDINGS), len(STANDINGS) - len(received),
    ]  # fmt: skip
    assert sheet[f"J{row}"].value == pytest.approx(len(received) / len(STANDINGS), abs=1e-12)
    assert len(STANDINGS) == 219


@pytest.mark.parametrize("name", ["full", "empty"])
def test_columns_without_figures_show_nothing(recalculated, name):
    lampiran = recalculated[name]["Lampiran 4.22"]
    assert {lampiran.cell(22, number).value or "" for number in range(3, 26)} == {""}
    hand = recalculated[name]["R-6b Pembinaan"]
    assert {hand[f"{letter}16"].value or "" for letter in "FGHI"} == {""}
    if name == "empty":
        rekap = recalculated[name]["Rekap Kecamatan"]
        assert {rekap[f"E{row}"].value or "" for row in range(8, 19)} == {""}


def test_the_variant_counts_as_the_appendix_does(recalculated):
    sheet = recalculated["4.22-v"].worksheets[0]
    by_level = [[group for group in GROUPS if group.counted_level == level] for level in LEVELS]
    cooperatives = [group for group in GROUPS if group.is_cooperative]
    others = [group for group in GROUPS if not group.is_cooperative]
    row = row_of(sheet, "JUMLAH")
    pairs = [(len(groups), total("members", groups)) for groups in by_level]
    assert [sheet.cell(row, number).value for number in range(14, 22)] == [figure for pair in pairs for figure in pair]
    assert [sheet.cell(row, number).value for number in range(24, 28)] == [
        len(others), total("members", others), len(cooperatives), total("members", cooperatives),
    ]  # fmt: skip


def test_4_22_counts_groups_and_members_by_level(recalculated):
    sheet = recalculated["full"]["Lampiran 4.22"]
    by_level = [[group for group in GROUPS if group.counted_level == level] for level in LEVELS]
    cooperatives = [group for group in GROUPS if group.is_cooperative]
    pairs = [(len(groups), total("members", groups)) for groups in [*by_level, cooperatives]]
    assert [sheet.cell(22, number).value for number in range(26, 36)] == [figure for pair in pairs for figure in pair]


def test_an_area_without_groups_sums_to_zero_and_has_no_ratio(recalculated):
    sheet = recalculated["empty"]["R-3"]
    assert [sheet[f"{letter}9"].value for letter in "DEFGHIJKLMNOPQR"] == [0] * 13 + ["-", "-"]


def test_a_name_that_looks_like_a_formula_is_still_a_name(recalculated):
    assert recalculated["full"]["R-1"]["D9"].value == "=1+1"
