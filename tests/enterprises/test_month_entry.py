"""A month of a whole group in one grid: nothing half-written, nothing lost, nothing overwritten unseen."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Change
from enterprises import services
from enterprises.models import MonthlyResult
from enterprises.services import Figures
from tests import build
from tests.enterprises import build as made

AUGUST = 202608
GRID_QUERIES, SAVE_QUERIES = 8, 14


@pytest.fixture
def two(group):
    """Of Aminah and of Barsiah, in the order of their names."""
    return [
        build.enterprise(build.member(group, name=owner), name=name)
        for owner, name in (("Aminah", "Warung"), ("Barsiah", "Bordir"))
    ]


def url(group, month="2026-08"):
    return f"{reverse('month-entry', args=[group.pk])}?bulan={month}"


def cells(*rows, shown=""):
    """The form's data of (enterprise, turnover, cost) as typed."""
    typed = {f"turnover_{one.pk}": turnover for one, turnover, _ in rows}
    return typed | {f"cost_{one.pk}": cost for one, _, cost in rows} | {"shown": shown}


def stored(period=AUGUST):
    rows = MonthlyResult.objects.filter(period=period).order_by("enterprise__member__name")
    return list(rows.values_list("enterprise__name", "turnover", "cost"))


def test_a_month_is_entered_at_once(two, group, operator, as_user):
    answer = as_user(operator).post(url(group), cells((two[0], "1.250.000", "900.000"), (two[1], "50000", "Rp60.000")))
    assert answer.url == url(group)
    assert stored() == [("Warung", 1_250_000, 900_000), ("Bordir", 50_000, 60_000)]
    row = MonthlyResult.objects.get(enterprise=two[1])
    assert (row.group, row.village, row.net_income) == (group, group.village, -10_000)


def test_blank_was_not_asked_and_zero_is_nihil(two, group, operator, as_user):
    as_user(operator).post(url(group), cells((two[0], "", ""), (two[1], "0", "0")))
    assert stored() == [("Bordir", 0, 0)]


def test_one_wrong_cell_keeps_everything_typed_and_writes_nothing(two, group, operator, as_user):
    page = as_user(operator).post(url(group), cells((two[0], "1.250.000", "900.000"), (two[1], "50,000", "1")))
    assert stored() == []
    assert page.context["form"].errors == {
        f"turnover_{two[1].pk}": ["Jumlah “50,000” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000."]
    }
    text = page.content.decode()
    assert 'value="1.250.000"' in text
    assert 'value="50,000"' in text
    assert f'href="#id_turnover_{two[1].pk}"' in text


@pytest.mark.parametrize(
    ("turnover", "cost", "field", "words"),
    [
        ("50.000", "", "cost", "Biaya belum diisi. Tulis 0 bila tidak ada biaya."),
        ("", "50.000", "turnover", "Omzet belum diisi. Tulis 0 bila nihil."),
    ],
)
def test_half_a_row_is_asked_for(turnover, cost, field, words, two, group, operator, as_user):
    page = as_user(operator).post(url(group), cells((two[0], turnover, cost)))
    assert page.context["form"].errors == {f"{field}_{two[0].pk}": [words]}


def test_the_page_shows_what_is_stored_and_last_month_as_a_hint(two, group, operator, as_user):
    made.result(two[0], AUGUST, 500_000, 200_000)
    made.result(two[0], 202607, 425_000, 175_000)
    page = as_user(operator).get(url(group)).content.decode()
    assert 'value="500.000"' in page
    assert "425.000" in page
    assert 'value="425.000"' not in page
    assert f'name="shown" value="{two[0].pk}:500000:200000"' in page


def test_the_cells_follow_the_names_of_the_owners_turnover_before_cost(two, group, operator, as_user):
    lines = as_user(operator).get(url(group)).context["form"].lines
    names = [cell.html_name for line in lines for _, cell in line.cells]
    assert names == [f"{name}_{one.pk}" for one in two for name in ("turnover", "cost")]


def test_only_what_changed_is_written_and_leaves_its_history(two, group, operator, as_user):
    for one in two:
        made.result(one, AUGUST, 500_000, 200_000)
    client = as_user(operator)
    shown = client.get(url(group)).context["form"].shown_now
    client.post(url(group), cells((two[0], "500.000", "200.000"), (two[1], "500.000", "250.000"), shown=shown))
    change = Change.objects.get()
    assert (change.object_name, change.before, change.after, change.user) == (
        "Bordir, Agustus 2026", {"biaya": 200_000}, {"biaya": 250_000}, operator,
    )  # fmt: skip


def test_each_new_row_leaves_its_history(two, group, operator, as_user):
    as_user(operator).post(url(group), cells((two[0], "1", "0"), (two[1], "2", "0")))
    changes = Change.objects.filter(model="enterprises.monthlyresult", kind="created")
    assert {change.object_id for change in changes} == set(MonthlyResult.objects.values_list("pk", flat=True))
    assert {change.area_code for change in changes} == {build.PANDULANGAN}


def test_what_is_recorded_is_not_blanked(two, group, operator, as_user):
    made.result(two[0], AUGUST, 500_000, 200_000)
    client = as_user(operator)
    shown = client.get(url(group)).context["form"].shown_now
    page = client.post(url(group), cells((two[0], "", ""), shown=shown))
    words = "Sudah tercatat Rp500.000. Tulis angkanya, atau 0 bila nihil."
    assert page.context["form"].errors == {f"turnover_{two[0].pk}": [words]}


def test_what_somebody_else_wrote_meanwhile_is_told_before_it_is_overwritten(two, group, operator, as_user):
    client = as_user(operator)
    client.get(url(group))  # nothing is stored yet
    made.result(two[0], AUGUST, 700_000, 100_000)
    typed = cells((two[0], "500.000", "200.000"), (two[1], "1", "0"))
    page = client.post(url(group), typed)
    words = (
        "Baru saja dicatat orang lain: omzet 700.000, biaya 100.000. "
        "Periksa, lalu simpan lagi bila angka di sini yang benar."
    )
    assert page.context["form"].errors == {f"turnover_{two[0].pk}": [words]}
    assert stored() == [("Warung", 700_000, 100_000)]
    client.post(url(group), typed | {"shown": page.context["form"].shown_now})
    assert stored() == [("Warung", 500_000, 200_000), ("Bordir", 1, 0)]


def test_what_one_left_alone_does_not_undo_what_somebody_else_wrote(two, group, operator, as_user):
    made.result(two[0], AUGUST, 500_000, 200_000)
    client = as_user(operator)
    shown = client.get(url(group)).context["form"].shown_now
    MonthlyResult.objects.update(turnover=700_000)
    client.post(url(group), cells((two[0], "500.000", "200.000"), (two[1], "1", "0"), shown=shown))
    assert stored() == [("Warung", 700_000, 200_000), ("Bordir", 1, 0)]


def test_the_same_sent_twice_is_done_once(two, group, operator, as_user):
    client, typed = as_user(operator), cells((two[0], "1", "0"))
    client.post(url(group), typed)
    client.post(url(group), typed)
    assert stored() == [("Warung", 1, 0)]
    assert Change.objects.count() == 1


def test_the_service_tells_of_it_too_under_its_lock(two, group, operator):
    made.result(two[0], AUGUST, 700_000, 100_000)
    typed = {two[0].pk: Figures(1, 0), two[1].pk: Figures(1, 0)}
    with pytest.raises(ValidationError) as refused:
        services.record_month(group=group, period=AUGUST, typed=typed, seen={}, by=operator)
    assert list(refused.value.error_dict) == [f"turnover_{two[0].pk}"]
    assert stored() == [("Warung", 700_000, 100_000)]


def test_the_service_refuses_another_groups_enterprise_and_a_month_to_come(two, group, operator):
    other = build.enterprise(build.member(build.group(group.village)))
    for typed, period, words in (
        ({other.pk: Figures(1, 0)}, AUGUST, "Ada usaha dari kelompok lain"),
        ({two[0].pk: Figures(1, 0)}, 202610, "Oktober 2026 belum datang"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.record_month(group=group, period=period, typed=typed, seen={}, by=operator)
    assert not MonthlyResult.objects.exists()


def test_the_grid_has_what_ran_in_the_month_and_what_is_recorded_all_the_same(group, operator, as_user):
    member = build.member(group)
    for name, fields in (
        ("jalan", {}),
        ("berhenti bulan itu", {"closed_on": date(2026, 8, 15)}),
        ("berhenti dulu", {"closed_on": date(2026, 7, 31)}),
        ("mulai nanti", {"started_on": date(2026, 9, 1)}),
        ("tercatat", {"closed_on": date(2026, 7, 1)}),
    ):
        build.enterprise(member, name=name, **fields)
    made.result(member.enterprises.get(name="tercatat"))
    names = {one.name for one in as_user(operator).get(url(group)).context["form"].enterprises}
    assert names == {"jalan", "berhenti bulan itu", "tercatat"}


def test_a_group_where_nothing_runs_says_so(group, operator, as_user):
    page = as_user(operator).get(url(group)).content.decode()
    assert "Belum ada usaha yang berjalan." in page
    assert "Simpan bulan ini" not in page


@pytest.mark.parametrize("month", ["2026-10", "2026-13", "x", "202608"])
def test_a_month_that_cannot_be_is_not_found(month, two, group, operator, as_user):
    client = as_user(operator)
    assert client.get(url(group, month)).status_code == 404
    assert client.get(f"{reverse('production-book', args=[group.pk])}?bulan={month}").status_code == 404


def test_without_a_month_it_is_the_last_closed_one(two, group, operator, as_user):
    page = as_user(operator).get(reverse("month-entry", args=[group.pk]))
    assert page.context["title"] == "Hasil usaha Agustus 2026"


@pytest.mark.parametrize("shown", ["", "x", "1:2", "1:2:3:4", "1:2:x", ",,,"])
def test_a_broken_note_of_what_was_shown_overwrites_nothing(shown, two, group, operator, as_user):
    made.result(two[0], AUGUST, 700_000, 100_000)
    as_user(operator).post(url(group), cells((two[0], "1", "0"), shown=shown))
    assert stored() == [("Warung", 700_000, 100_000)]


def save_cost(client, group, enterprises, turnover: str) -> int:
    shown = client.get(url(group)).context["form"].shown_now
    with CaptureQueriesContext(connection) as queries:
        client.post(url(group), cells(*((one, turnover, "1.000") for one in enterprises), shown=shown))
    return len(queries)


@pytest.mark.parametrize("count", [1, 40])
def test_a_month_costs_the_same_queries_for_one_enterprise_and_for_forty(count, group, operator, as_user):
    enterprises = [build.enterprise(build.member(group)) for _ in range(count)]
    client = as_user(operator)
    client.get(url(group))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(group))
    costs = [save_cost(client, group, enterprises, turnover) for turnover in ("50.000", "60.000")]
    assert (len(queries), *costs) == (GRID_QUERIES, SAVE_QUERIES, SAVE_QUERIES)
    assert Change.objects.count() == 2 * count


def test_more_than_a_thousand_cells_are_taken(group, operator, as_user):
    member = build.member(group)
    enterprises = [build.enterprise(member) for _ in range(520)]
    answer = as_user(operator).post(url(group), cells(*((one, "1.000", "0") for one in enterprises)))
    assert (answer.status_code, MonthlyResult.objects.count()) == (302, 520)


# the book


def book(client, group, month="2026-08"):
    return client.get(f"{reverse('production-book', args=[group.pk])}?bulan={month}")


def test_the_book_lists_the_month_with_its_sums(two, group, operator, as_user):
    product = made.product(two[1], name="mukena bordir", price=150_000)
    made.result(two[0], AUGUST, 1_250_000, 900_000)
    made.result(two[1], AUGUST, 300_000, 400_000, product=product, volume=2)
    made.result(two[1], 202607, 9_999_999)
    page = book(as_user(operator), group)
    assert page.context["sums"] == {"count": 2, "turnover": 1_550_000, "cost": 1_300_000, "net_income": 250_000}
    cells_of = [
        " ".join(cell.split("<")[0] for cell in row.split("<td")[1:])
        for row in page.content.decode().split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    ]
    assert [" ".join(row.replace(' class="num">', "").replace(">", "").split()) for row in cells_of[:2]] == [
        "1 Agustus 2026 Warung Aminah 1.250.000 900.000 350.000",
        "2 Agustus 2026 Bordir Barsiah mukena bordir 2 lembar 150.000 300.000 400.000 −100.000",
    ]
    assert "9.999.999" not in page.content.decode()


def test_a_month_without_records_is_nihil_in_the_book(group, operator, as_user):
    assert "NIHIL" in book(as_user(operator), group).content.decode()


def test_the_book_is_signed_by_who_was_in_office_at_the_end_of_its_month(group, operator, as_user):
    build.officer(group, "ketua", "Hj. Rusdiana", until=date(2026, 8, 31))
    build.officer(group, "ketua", "Aminah", since=date(2026, 9, 1))
    build.officer(group, "bendahara", "Rahmawati")
    client = as_user(operator)
    august, september = (book(client, group, month).content.decode() for month in ("2026-08", "2026-09"))
    assert "Pandulangan, 31 Agustus 2026" in august
    assert ("Hj. Rusdiana" in august, "Rahmawati" in august, "Aminah" in august) == (True, True, False)
    assert "Aminah" in september


def test_the_book_leads_to_the_months_around_it_but_not_to_one_to_come(group, operator, as_user):
    client = as_user(operator)
    assert "?bulan=2026-07" in book(client, group).content.decode()
    assert "?bulan=2026-09" in book(client, group).content.decode()
    assert "?bulan=2026-10" not in book(client, group, "2026-09").content.decode()
