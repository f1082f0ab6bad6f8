"""The draft of a year's surplus: what the books say is shared by the scheme, to the rupiah, and nothing is posted."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loans import services
from loans.ledger_services import balances
from loans.models import MoneyRules, SurplusDistribution, SurplusLine, SurplusScheme
from loans.opening_services import open_books
from loans.surplus import PostKind
from loans.surplus_bases import fees_of
from loans.surplus_plans import payees_of, plan_of, scheme_on
from tests import build
from tests.loans import build_surplus
from tests.loans.build_surplus import said
from tests.loans.test_year_close import close, earn
from up2k_portal.lib.access import Role

TODAY = date(2026, 9, 30)


@pytest.fixture
def year(group, operator):
    """The closed year 2025 (SHU Rp80.000), three officers' posts of which two are held, a PAUD teacher, a scheme."""
    members = build_surplus.earned_year(group, operator)
    build.officer(group, "ketua", "Hj. Rusdiana")
    build.officer(group, "bendahara", "Aminah")
    build_surplus.teacher(group, operator)
    build_surplus.scheme(group, operator)
    return members


@pytest.fixture
def draft(year, group, operator):
    return build_surplus.draft(group, operator)


def amounts(plan) -> dict[str, int]:
    return {part.allotment.name: part.allotment.amount for part in plan.parts}


def lines(plan) -> dict[str, dict[str, int]]:
    return {part.allotment.name: {one.name: one.amount for one in part.lines} for part in plan.parts}


def test_a_draft_shares_what_the_year_earned_and_posts_nothing(draft, group):
    plan = plan_of(draft)
    assert (plan.figures.income, plan.figures.expenses, plan.figures.to_share) == (90_000, 10_000, 80_000)
    assert amounts(plan) == {
        "Cadangan modal": 32_000, "Anggota menurut jasa": 20_000, "Anggota menurut simpanan": 12_000,
        "Pengurus": 4_000, "Insentif guru PAUD": 4_000, "Pendidikan": 4_000, "Dana sosial": 4_000,
    }  # fmt: skip
    assert balances(group, TODAY, ("2.3", "2.4", "3.4", "3.5")) == {"2.3": 0, "2.4": 0, "3.4": 0, "3.5": 80_000}
    assert not SurplusLine.objects.exists()


def test_each_part_follows_fees_the_mean_of_twelve_month_ends_and_offices(draft):
    """Aminah saved Rp120.000 from July on, half of the twelve month-ends; Camah Rp60.000 from January."""
    found = lines(plan_of(draft))
    assert found["Anggota menurut jasa"] == {"Aminah": 13_333, "Barsiah": 6_667}
    assert found["Anggota menurut simpanan"] == {"Aminah": 6_000, "Camah": 6_000}
    assert found["Pengurus"] == {"Hj. Rusdiana": 2_000, "Aminah": 2_000}
    assert found["Insentif guru PAUD"] == {"Siti Aisyah": 4_000}
    assert found["Dana sosial"] == {"Dana sosial": 4_000}
    assert found["Cadangan modal"] == {}


def test_every_part_says_in_one_line_how_it_comes_about(draft):
    words = [one.words for part in plan_of(draft).parts for one in part.lines]
    assert words == [
        "jasa Rp60.000 dari Rp90.000 × Rp20.000 = Rp13.333",
        "jasa Rp30.000 dari Rp90.000 × Rp20.000 = Rp6.667",
        "simpanan Rp60.000 dari Rp120.000 × Rp12.000 = Rp6.000",
        "simpanan Rp60.000 dari Rp120.000 × Rp12.000 = Rp6.000",
        "Rp4.000 dibagi rata 2 pengurus = Rp2.000",
        "Rp4.000 dibagi rata 2 pengurus = Rp2.000",
        "Rp4.000 dibagi rata 1 guru PAUD = Rp4.000",
        "seluruh pos Pendidikan",
        "seluruh pos Dana sosial",
    ]


def test_another_scheme_counts_the_draft_anew(draft, group, operator):
    rows = (("Cadangan", PostKind.RESERVE, 50, True), ("Anggota", PostKind.EQUAL, 50, False))
    build_surplus.scheme(group, operator, rows, since_year=2025)
    assert lines(plan_of(draft)) == {"Cadangan": {}, "Anggota": {"Aminah": 13_334, "Barsiah": 13_333, "Camah": 13_333}}


def test_savings_at_the_year_s_end_are_another_basis(draft, group, operator):
    build_surplus.scheme(group, operator, savings_basis="year_end")
    assert lines(plan_of(draft))["Anggota menurut simpanan"] == {"Aminah": 8_000, "Camah": 4_000}


@pytest.mark.parametrize(
    ("leavers", "fees"), [(False, {"Aminah": 20_000}), (True, {"Aminah": 13_333, "Barsiah": 6_667})]
)
def test_who_left_in_the_year_takes_part_where_the_scheme_says_so(draft, year, group, operator, leavers, fees):
    barsiah = year[1]
    barsiah.left_on, barsiah.left_reason = date(2025, 11, 3), "pindah"
    barsiah.save()
    build_surplus.scheme(group, operator, leavers_take_part=leavers)
    assert lines(plan_of(draft))["Anggota menurut jasa"] == fees


def test_who_left_before_the_year_or_joined_after_it_takes_no_part(draft, year, group, operator):
    build.member(group, name="Dahlia", joined_on=date(2026, 1, 2))
    build.member(group, name="Erna", left_on=date(2024, 12, 31), left_reason="pindah")
    rows = (("Cadangan", PostKind.RESERVE, 50, True), ("Anggota", PostKind.EQUAL, 50, False))
    build_surplus.scheme(group, operator, rows, leavers_take_part=True)
    assert list(lines(plan_of(draft))["Anggota"]) == ["Aminah", "Barsiah", "Camah"]


def test_a_poklak_s_fees_are_its_members_by_their_parts_of_the_loan(group, operator):
    melati = build.poklak(group)
    ani, bunga = (build.member(group, name=name, poklak=melati) for name in ("Ani", "Bunga"))
    loan = build.loan(melati, on=date(2025, 1, 31), by=operator, shares={ani: 750_000, bunga: 250_000})
    build.payment(loan, 115_000, date(2025, 2, 28), by=operator)
    assert fees_of(group, 2025) == {ani.pk: 11_250, bunga.pk: 3_750}


def test_a_fee_taken_back_in_the_year_does_not_count(year, group, operator):
    loan = build.loan(build.member(group, name="Dahlia"), on=date(2026, 9, 1), by=operator)
    receipt = build.payment(loan, 115_000, date(2026, 9, 20), by=operator)
    assert fees_of(group, 2026)[loan.member_id] == 15_000
    services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 9, 20),
        by=operator, uuid=uuid4(),
    )  # fmt: skip
    assert fees_of(group, 2026)[loan.member_id] == 0


def test_incentives_for_paying_on_time_are_taken_first(draft, year):
    plan = plan_of(draft, {year[0]: 8_000})
    assert amounts(plan)["Insentif tepat waktu (IPTW)"] == 8_000
    assert amounts(plan)["Cadangan modal"] == 28_800  # 40% of Rp72.000
    assert plan.total == 80_000


def test_a_members_post_that_nobody_has_a_basis_for_goes_to_the_one_that_takes_the_rest(group, operator):
    build_surplus.pays_fees(build.member(group, name="Aminah"), 4, operator)
    close(group, 202608, by=operator)
    rows = (("Cadangan", PostKind.RESERVE, 70, True), ("Anggota", PostKind.BY_SAVINGS, 30, False))
    build_surplus.scheme(group, operator, rows)
    plan = plan_of(build_surplus.draft(group, operator))
    assert lines(plan) == {"Cadangan": {}, "Anggota": {}}
    assert [(part.allotment.amount, part.allotment.note) for part in plan.parts] == [
        (60_000, "termasuk Anggota"),
        (0, "tidak ada dasar pembagian: masuk ke Cadangan"),
    ]


def test_a_loss_is_carried_and_nothing_shared(group, operator):
    build_surplus.earned_year(group, operator, expenses=130_000)
    build_surplus.scheme(group, operator)
    plan = plan_of(build_surplus.draft(group, operator))
    assert (plan.problem, plan.parts) == (
        "Tahun 2025 rugi Rp40.000: tidak ada yang dibagi. Kekurangan ini dibawa ke tahun 2026.", (),
    )  # fmt: skip


def test_a_year_whose_december_is_open_is_not_shared(year, group, operator):
    plan = plan_of(build_surplus.draft(group, operator, year=2026))
    assert plan.problem == ("Desember 2026 belum ditutup. Tutup dulu bulannya: saat itu SHU tahun 2026 menjadi pasti.")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((("Guru", PostKind.TEACHERS, 100, True),), "Pos Guru: belum ada guru PAUD yang masih mengajar di daftarnya."),
        (
            (("Pengurus", PostKind.OFFICERS, 100, True),),
            "Pos Pengurus: tidak ada pengurus yang menjabat",
        ),
    ],
)
def test_a_post_for_people_who_are_not_there_says_so(group, operator, rows, sentence):
    build_surplus.earned_year(group, operator)
    build_surplus.scheme(group, operator, rows)
    assert plan_of(build_surplus.draft(group, operator)).problem.startswith(sentence)


def test_a_draft_without_a_scheme_asks_for_one(group, operator):
    build_surplus.earned_year(group, operator)
    assert plan_of(build_surplus.draft(group, operator)).problem == (
        "Belum ada skema pembagian untuk tahun 2025. Isi dulu skemanya menurut keputusan rapat anggota."
    )


def test_the_surplus_that_the_old_book_had_in_that_year_is_shared_too(group, operator):
    """The books began on 30 June 2025 with Rp50.000 of surplus since January; Rp20.000 were earned after."""
    build.opening_line(group, "cash", 50_000, on=date(2025, 6, 30))
    build.opening_line(group, "surplus", 50_000, on=date(2025, 6, 30))
    open_books(group=group, by=operator)
    earn(group, 20_000, date(2025, 9, 1))
    close(group, 202506, 202507, 202508, 202509, 202510, 202511, 202512, by=operator)
    figures = plan_of(build_surplus.draft(group, operator)).figures
    assert (figures.income, figures.brought, figures.surplus) == (20_000, 50_000, 70_000)
    assert balances(group, TODAY, ("3.5",)) == {"3.5": 70_000}


# ---- the scheme


def test_a_scheme_that_does_not_add_up_is_refused(group, operator):
    rows = (("Cadangan", PostKind.RESERVE, 40, True), ("Anggota", PostKind.EQUAL, "59.5", False))
    with pytest.raises(ValidationError) as refused:
        build_surplus.scheme(group, operator, rows)
    assert said(refused) == "Jumlah persen 99,5%, kurang 0,5% dari 100%. Ubah salah satu pos."
    assert not SurplusScheme.objects.exists()


def test_percents_keep_two_decimals(group, operator):
    rows = (("Cadangan", PostKind.RESERVE, "66.67", True), ("Anggota", PostKind.EQUAL, "33.33", False))
    made = build_surplus.scheme(group, operator, rows)
    assert [post.percent_words for post in made.posts.all()] == ["66,67%", "33,33%"]


def test_a_new_scheme_counts_from_its_year_on(year, group, operator):
    build_surplus.scheme(group, operator, (("Cadangan", PostKind.RESERVE, 100, True),), since_year=2026)
    assert [scheme_on(group, one).since_year for one in (2025, 2026, 2027)] == [2024, 2026, 2026]
    assert scheme_on(group, 2023) is None


def test_who_changes_the_rule_or_the_teachers_becomes_the_maker_of_the_draft(draft, group, operator):
    other = build.user(Role.OPERATOR, group.village.code, name="Salmah")
    build_surplus.teacher(group, other, "Noor Laila")
    draft.refresh_from_db()
    assert draft.drafted_by == other
    build_surplus.scheme(group, operator)
    draft.refresh_from_db()
    assert draft.drafted_by == operator


def test_the_group_s_own_incentive_for_paying_on_time_is_taken_first(draft, group):
    """10% of the fees of the year of who paid every instalment in time: Rp60.000 and Rp30.000."""
    MoneyRules.objects.update_or_create(group=group, defaults={"village": group.village, "iptw_percent": 10})
    found = lines(plan_of(draft))
    assert found["Insentif tepat waktu (IPTW)"] == {"Aminah": 6_000, "Barsiah": 3_000}
    assert sum(sum(one.values()) for one in found.values()) == 80_000 - 28_400  # 40% of Rp71.000 stay in the reserve


def test_incentives_that_leave_nothing_to_share_are_refused(draft, year):
    assert plan_of(draft, {year[0]: 80_000}).problem == (
        "Insentif tepat waktu (IPTW) Rp80.000 tidak kurang dari SHU yang dibagi Rp80.000. Turunkan persen IPTW di"
        " aturan uang kelompok."
    )


def test_withholding_everything_leaves_nothing_to_share(year, group, operator):
    draft = build_surplus.draft(group, operator, withheld=80_000)
    assert plan_of(draft).problem == ("SHU Rp80.000, disisihkan dulu Rp80.000: tidak ada yang dapat dibagi.")


@pytest.mark.parametrize("count", [1, 12])
def test_a_draft_costs_the_same_queries_for_any_number_of_members(draft, group, count):
    for _ in range(count):
        build.member(group)
    with CaptureQueriesContext(connection) as queries:
        plan = plan_of(SurplusDistribution.objects.select_related("group", "village").get(pk=draft.pk))
        payees_of(draft, plan)
    assert len(queries) == 16
