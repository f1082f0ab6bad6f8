import pytest

from reports.rows import Child, area_rows, fingerprint
from tests.reports.build import group, regency_groups, report


def test_an_area_row_sums_what_lies_in_it():
    groups = (
        group(level="UTAMA", members_male=2, members_female=10, principal_due=100, principal_due_paid=90),
        group(group_name="UP2K Mawar", members_female=8, balance=60, balance_2=10, balance_3=20, balance_5=30),
        group(village_code="63.08.03.2013", level="UTAMA", members_female=5, is_cooperative=True),
        group(village_code="63.08.10.2001", level="MADYA", members_female=100),
    )
    row = {row.code: row for row in area_rows(report(groups=groups))}["63.08.03"]
    assert (row.villages_count, row.villages_with_group) == (33, 2)
    assert (row.groups, row.members) == ((1, 0, 2, 0), (8, 0, 17, 0))
    assert (row.cooperatives, row.cooperative_members) == (1, 5)
    assert (row.principal_due, row.principal_due_paid, row.balance, row.balance_bad) == (100, 90, 60, 50)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"balance": 3, "balance_1": 2}, "saldo 3 tidak sama dengan jumlah kolektibilitas 2"),
        ({"principal_due": 1, "principal_due_paid": 2}, "realisasi 2 melebihi target 1"),
        ({"level": "JUARA"}, "tingkat JUARA tidak dikenal, yang ada PEMULA, MADYA, UTAMA, MANDIRI"),
    ],
)
def test_a_group_whose_figures_contradict_each_other_is_refused(facts, sentence):
    with pytest.raises(ValueError) as refused:
        group(**facts)
    assert str(refused.value) == f"UP2K As-Syifa (63.08.03.2014): {sentence}."


def test_a_group_outside_the_area_is_refused_so_that_sheets_cannot_disagree():
    with pytest.raises(ValueError) as refused:
        report(groups=(group(village_code="63.09.01.2001"),))
    assert str(refused.value) == "UP2K As-Syifa (63.09.01.2001) di luar wilayah laporan."


def test_a_code_that_only_begins_alike_lies_outside():
    with pytest.raises(ValueError):
        report(area_code="63.0", children=(Child("63.0", "", 1),), groups=(group(),))


def test_the_same_figures_have_the_same_code_in_whatever_order_and_whoever_prints_them():
    groups = regency_groups()
    printed = report(groups=groups)
    again = report(groups=groups[::-1], made_at="13 Oktober 2026, 08.00 WITA", made_by="Nor Asiah")
    assert fingerprint(again) == fingerprint(printed)


def test_one_rupiah_changes_the_code():
    one, other = report(groups=(group(disbursed_period=1),)), report(groups=(group(disbursed_period=2),))
    assert fingerprint(one) != fingerprint(other)
