"""The workbook's figures against the rows themselves, counted anew by plain Python."""

from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from loans.models import CollectabilityScheme, Instalment, Loan, ReceiptPart
from reports.figures import headline, live_report, percent
from reports.periods import parse_period
from tests import build
from up2k_portal.lib.access import Access, Role
from up2k_portal.lib.money import format_number

TW2 = parse_period("2026-TW2")  # to 30 June 2026


def report(area="63.08", period=TW2):
    return live_report(area_code=area, period=period, made_by="Rahmah", made_at="30 Juni 2026, 10.00 WITA")


@pytest.fixture
def busy(db):
    """Three groups in two kecamatan with good, late and paid-off loans; others that no report counts."""
    here, there = (
        build.group(build.village(), name="UP2K A"),
        build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K B"),
    )
    build.group(build.village("63.08.03.2001"), name="UP2K C")
    build.assessment(here, "MANDIRI", date(2020, 1, 1))
    build.assessment(there, "MADYA", date(2026, 7, 1))  # after the quarter
    for number, group in enumerate((here, here, there), 1):
        member = build.member(group, sex="L" if number == 2 else "P", nik=build.nik(number), welfare="poor")
        loan = build.loan(member, number * 1_000_000)
        build.payment(loan, number * 115_000, date(2026, 2, 20))
        build.payment(loan, number * 57_500 + 1, date(2026, 4, number))
    build.payment(build.loan(build.member(here), 500_000), 575_000, date(2026, 6, 30))
    build.payment(build.loan(build.member(here), 300_000), 345_000, date(2026, 7, 1))  # after the quarter
    for fields in ({"programme": "uppka"}, {"is_practice": True}):
        build.loan(build.member(build.group(here.village, **fields)), 700_000)
    return here, there


def counted_anew(group, on: date) -> dict[str, int]:
    """Balance, due, paid of due and class sums of a group, loan by loan, from instalments and parts alone."""
    sums = {"balance": 0, "principal_due": 0, "principal_due_paid": 0} | {f"balance_{n}": 0 for n in range(1, 6)}
    for loan in Loan.objects.filter(group=group, disbursed_on__lte=on):
        parts = list(ReceiptPart.objects.filter(loan=loan, received_on__lte=on))
        paid = sum(part.amount for part in parts if part.kind == "principal")
        fee_paid = sum(part.amount for part in parts if part.kind == "service_fee")
        rows = list(Instalment.objects.filter(loan=loan).order_by("number"))
        due = sum(row.principal for row in rows if row.due_on <= on)
        late_since, principal, fee = None, 0, 0
        for row in rows:
            principal, fee = principal + row.principal, fee + row.service_fee
            if row.due_on < on and (principal > paid or fee > fee_paid):
                late_since = late_since or row.due_on
        days = (on - late_since).days if late_since else 0
        level = 1 + sum(days > limit for limit in (0, 90, 120, 180))
        sums["balance"] += loan.principal - paid
        sums["principal_due"] += due
        sums["principal_due_paid"] += min(due, paid)
        sums[f"balance_{level}"] += loan.principal - paid
    return sums


def test_every_figure_of_r3_equals_the_rows_counted_anew(busy):
    for row in report().groups:
        group = next((group for group in busy if group.name == row.group_name), None)
        if group:
            assert counted_anew(group, TW2.last) == {name: getattr(row, name) for name in counted_anew(group, TW2.last)}


def test_a_group_row_by_hand(busy):
    row = report("63.08.03").groups[1]
    assert (row.group_name, row.level, row.members_male, row.members_female, row.members_poor) == (
        "UP2K A", "MANDIRI", 1, 3, 2,
    )  # fmt: skip
    assert (row.borrowers, row.disbursed_period, row.disbursed_to_date) == (3, 0, 3_800_000)
    # 15.000 + 30.000 in April and 75.000 at the end of June; what was paid in February is of another quarter.
    assert row.service_fee_paid_period == 15_000 + 30_000 + 75_000


def test_the_level_counts_as_assessed_then(busy):
    levels = {row.group_name: row.level for row in report().groups}
    assert levels == {"UP2K A": "MANDIRI", "UP2K B": "", "UP2K C": ""}
    later = {row.group_name: row.level for row in report(period=parse_period("2026-TW3")).groups}
    assert later["UP2K B"] == "MADYA"


def test_other_programmes_and_practice_are_counted_nowhere(busy):
    assert [row.group_name for row in report().groups] == ["UP2K C", "UP2K A", "UP2K B"]
    figures = {one.label: one.value for one in headline(Access(Role.STAFF, frozenset({"63.08"})), date(2026, 9, 30))}
    assert (figures["Kelompok UP2K"], figures["Anggota aktif"]) == ("3", "5")


def test_kabupaten_is_the_sum_of_its_kecamatan_and_villages(busy):
    whole, names = report(), ("balance", "principal_due", "principal_due_paid", "disbursed_to_date", "borrowers")
    for areas in (["63.08.03", "63.08.07"], ["63.08.03.2001", build.PANDULANGAN, build.OTHER_PANDULANGAN]):
        parts = [row for area in areas for row in report(area).groups]
        assert {n: sum(getattr(row, n) for row in parts) for n in names} == {
            n: sum(getattr(row, n) for row in whole.groups) for n in names
        }


def test_the_five_figures_are_those_of_the_rows(busy):
    figures = headline(Access(Role.STAFF, frozenset({"63.08"})), date(2026, 6, 30))
    anew = [counted_anew(group, date(2026, 6, 30)) for group in busy]
    balance = sum(one["balance"] for one in anew)
    assert figures[2].value == f"Rp{balance:,}".replace(",", ".")
    assert figures[4].value == percent(
        sum(one["principal_due_paid"] for one in anew), sum(one["principal_due"] for one in anew)
    )


def test_who_sees_no_people_is_led_to_the_groups_that_add_up_to_the_figure(busy, province_reader, as_user):
    figures = headline(province_reader.access_on(date(2026, 9, 30)), date(2026, 9, 30))
    client, told = as_user(province_reader), {}
    for one in figures[1:3]:
        results = client.get(f"{one.url}&format=json").json()["results"]
        told[one.label] = format_number(sum(row["amount"] for row in results))
    assert told == {one.label: one.value.removeprefix("Rp") for one in figures[1:3]}
    assert [one.url for one in figures[3:]] == ["", ""]  # a recap of September would count what falls due until its end


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [(1, 3, "33,3%"), (2, 3, "66,7%"), (1, 2000, "0,1%"), (0, 5, "0,0%"), (5, 5, "100,0%"), (1, 0, "–")],
)
def test_a_share_is_told_with_one_decimal(numerator, denominator, words):
    assert percent(numerator, denominator) == words


def test_the_figures_cost_the_same_queries_for_any_number_of_groups(busy, django_assert_num_queries):
    with django_assert_num_queries(29):
        report()
    for _ in range(5):
        build.loan(build.member(build.group(build.village())))
    with django_assert_num_queries(29):
        report()


def test_the_command_writes_the_workbook(busy, tmp_path):
    path, said = tmp_path / "buku.xlsx", StringIO()
    asked = {"form": "provinsi", "period": "2026-TW2", "area": "63.08", "output": str(path)}
    call_command("export_report", **asked, basis="live", stdout=said)
    book = load_workbook(path)
    assert book.sheetnames == [
        "Sampul", "Kelengkapan", "Rekap Kecamatan", "R-1", "R-2", "R-3", "R-4", "R-6a Bantuan", "R-6b Pembinaan",
        "Lampiran 4.22", "Definisi",
    ]  # fmt: skip
    assert said.getvalue() == f"Tersimpan: {path}\n"
    balances = [cell.value for cell in book["R-3"]["J"][7:] if isinstance(cell.value, int)]
    assert sum(balances) == sum(row.balance for row in report().groups)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"period": "2026-TW5"}, "Periode “2026-TW5” tidak dikenal."),
        ({"area": "99.99"}, "Kode wilayah 99.99 tidak ada."),
    ],
)
def test_the_command_refuses_in_words_and_with_code_2(asked, words, busy, tmp_path):
    facts = {"form": "provinsi", "period": "2026-TW2", "area": "63.08", "output": str(tmp_path / "x.xlsx")}
    with pytest.raises(CommandError, match=words) as refusal:
        call_command("export_report", **facts | asked)
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_page_gives_the_same_workbook(busy, staff, as_user):
    asked = {"period": "2026-TW2", "area": "63.08.03", "basis": "live"}
    answer = as_user(staff).get(reverse("export-download"), asked)
    assert answer["Content-Disposition"] == 'attachment; filename="UP2K_63.08.03_2026-TW2_DRAF.xlsx"'
    sheet = load_workbook(BytesIO(answer.content))["R-3"]
    assert "UP2K A" in [cell.value for cell in sheet["C"]]
    assert "UP2K B" not in [cell.value for cell in sheet["C"]]


def test_no_nik_stands_in_the_workbook(busy, staff, as_user):
    asked = {"period": "2026-TW2", "area": "63.08", "basis": "live"}
    answer = as_user(staff).get(reverse("export-download"), asked)
    book = load_workbook(BytesIO(answer.content))
    text = str([[cell.value for cell in row] for sheet in book for row in sheet])
    assert "UP2K A" in text
    assert "630803" not in text


def test_an_unknown_area_is_told(db):
    with pytest.raises(ValidationError, match="Kode wilayah 77 tidak ada"):
        report("77")


def test_the_running_quarter_is_offered_and_said_to_be_running(busy, staff, as_user):
    page = as_user(staff).get(reverse("export")).content.decode()
    assert '<option value="2026-TW3">Triwulan III 2026 (berjalan)</option>' in page
    assert '<option value="2026-TW2" selected>Triwulan II 2026</option>' in page


@pytest.mark.parametrize(
    ("period", "area", "words"),
    [
        ("2026-TW9", "63.08", "Periode “2026-TW9” tidak dikenal."),
        ("2026-TW2", "63.08.99", "Kode wilayah 63.08.99 tidak ada di wilayah Anda."),
    ],
)
def test_the_page_refuses_in_words(period, area, words, busy, staff, as_user):
    answer = as_user(staff).get(reverse("export-download"), {"period": period, "area": area})
    assert words in answer.content.decode()


def test_any_period_and_any_village_of_ones_own_may_be_asked_for(busy, staff, as_user):
    answer = as_user(staff).get(reverse("export-download"), {"period": "2019-S1", "area": build.OTHER_PANDULANGAN})
    assert answer["Content-Disposition"] == 'attachment; filename="UP2K_63.08.07.2004_2019-S1.xlsx"'


def test_a_scheme_of_three_classes_leaves_the_second_and_third_blank(group):
    CollectabilityScheme.objects.filter(is_in_use=True).update(is_in_use=False)
    CollectabilityScheme.objects.filter(code="C").update(is_in_use=True)
    build.loan(build.member(group), on=date(2026, 1, 31))
    (row,) = report(period=parse_period("2026-TW3")).groups
    assert (row.balance_1, row.balance_2, row.balance_3, row.balance_4, row.balance_5) == (0, None, None, 0, 1_000_000)
    assert (row.balance, row.balance_bad) == (1_000_000, 1_000_000)
