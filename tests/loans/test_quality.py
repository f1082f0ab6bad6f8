"""Figures of a portfolio's quality; loans of Rp1.000.000 paid out 31 January 2026, 115.000 due from 28 February on."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loans import aging
from loans.aging import SCHEMES, Lateness, Unit, earliest_within, lateness, months_before
from loans.models import AllowanceRate, CollectabilityLevel, CollectabilityScheme, Loan
from loans.quality import FORMULAS, Due, Paid, Ratio, allowance, incentive, ratios, was_on_time
from loans.quality_services import SLICES, quality_of, scheme_on, sliced
from loans.shipped_schemes import ship_schemes
from tests import build
from tests.loans import build_life
from up2k_portal.lib.ui import percent

TODAY = date(2026, 9, 30)
E, B, C, A = SCHEMES


def use(code: str) -> None:
    CollectabilityScheme.objects.filter(is_in_use=True).update(is_in_use=False)
    CollectabilityScheme.objects.filter(code=code).update(is_in_use=True)


def class_of(loan, on) -> int:
    return Loan.objects.with_collectability(on).get(pk=loan.pk).collectability


# ---- published examples


def test_par_of_a_published_example(group):
    """ "Portfolio at Risk Example" (https://meetblog.pages.dev/par-loan): of 9,013,400 lent there are 100,950, 82,022,
    73,009, 55,880 and 27,020 late by more and more; the first from 30 days on, the second from 60, the others from 90.
    PAR 30, 60 and 90 are 3.76, 2.64 and 1.73%.
    """
    days = [date(2026, 7, 16), date(2026, 6, 17), date(2026, 5, 20), date(2026, 4, 20), date(2026, 2, 10)]
    for amount, on in zip((100_950, 82_022, 73_009, 55_880, 27_020), days, strict=True):
        build.loan(build.member(group), amount, on)
    for amount in (4_337_259, 4_337_260):  # all the rest is on time
        build.loan(build.member(group), amount, date(2026, 9, 15))
    found = {one.formula.key: one for one in quality_of(Loan.objects.all(), TODAY).ratios}
    assert [found[key].part for key in ("par1", "par30", "par60", "par90")] == [338_881, 338_881, 237_931, 155_909]
    assert [percent(found[key].percent) for key in ("par30", "par60", "par90")] == ["3,8%", "2,6%", "1,7%"]
    assert [round(float(found[key].percent), 2) for key in ("par30", "par60", "par90")] == [3.76, 2.64, 1.73]


def test_repayment_rate_and_par_as_p2kp_defines_them():
    """POB Pinjaman Bergulir PNPM Mandiri Perkotaan 2013, "Pengukuran kinerja pinjaman bergulir"
    (https://text-id.123dok.com/document/oz14l02vz): RR = (saldo − saldo menunggak ≥ 3 kali) / saldo, so RR and the
    balance late 3 times add up to all of it.
    """
    sums = dict.fromkeys((part for one in FORMULAS for part in (one.part, one.whole)), 0)
    found = {one.formula.key: one for one in ratios(sums | {"balance": 50_000_000, "not_far": 45_000_000})}
    assert found["rr_balance"].percent == 90
    assert found["rr_due"].percent is None  # nothing fell due yet


@pytest.mark.parametrize(
    ("every", "late", "level"),
    [
        ("month", Lateness(89, 3, 3), 1),
        ("month", Lateness(93, 4, 3), 4),
        ("month", Lateness(275, 9, 9), 4),
        ("month", Lateness(276, 10, 9), 5),
        ("week", Lateness(28, 1, 4), 1),
        ("week", Lateness(29, 1, 4), 4),
        ("week", Lateness(56, 2, 8), 4),
        ("week", Lateness(57, 2, 8), 5),
        ("season", Lateness(200, 7, 1), 1),
        ("season", Lateness(400, 14, 2), 4),
        ("season", Lateness(500, 17, 3), 5),
    ],
)
def test_scheme_b_is_the_table_of_the_regulation(every, late, level):
    """Lampiran III POJK 62/POJK.05/2015, "Parameter pengukuran kualitas pinjaman", part I
    (https://adoc.pub/otoritas-jasa-keuangan-republik-indonesia151669864591160.html).
    """
    assert B.level_of(late, every) == level


# ---- schemes, pure


@pytest.mark.parametrize(("months", "level"), [(0, 1), (3, 1), (4, 4), (5, 4), (6, 5)])
def test_scheme_c_counts_months(months, level):
    assert C.level_of(Lateness(days=months * 30, months=months), "week") == level


@pytest.mark.parametrize(("count", "level"), [(0, 1), (1, 2), (2, 2), (3, 3), (5, 3), (6, 4), (8, 4), (9, 5)])
def test_scheme_a_counts_instalments(count, level):
    assert A.level_of(Lateness(instalments=count)) == level


@given(days=st.integers(0, 400))
def test_scheme_e_of_the_schemes_is_that_of_the_replay(days):
    assert E.level_of(Lateness(days=days)) == aging.collectability(days).level


@given(
    unit=st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH]),
    most=st.integers(0, 40),
    ago=st.integers(1, 900),
    as_of=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
)
def test_the_day_asked_in_sql_and_the_units_counted_agree(unit, most, ago, as_of):
    oldest = as_of - aging.timedelta(days=ago)
    is_within = lateness(oldest, as_of, 1).in_unit(unit) <= most
    assert (oldest >= earliest_within(unit, most, as_of)) == is_within


def test_a_month_earlier_is_the_last_day_where_there_is_no_such_day():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


# ---- schemes as data


@pytest.mark.django_db
class TestSchemes:
    def test_four_are_shipped_once_and_e_is_in_use(self):
        ship_schemes()
        assert list(CollectabilityScheme.objects.values_list("code", "is_in_use")) == [
            ("E", True), ("A", False), ("B", False), ("C", False),
        ]  # fmt: skip
        assert CollectabilityLevel.objects.count() == 5 + 9 + 3 + 5
        assert scheme_on(TODAY) == E

    def test_what_somebody_changed_stays(self):
        use("C")
        CollectabilityScheme.objects.filter(code="B").update(name="Milik kami")
        ship_schemes()
        assert CollectabilityScheme.objects.in_use().code == "C"
        assert CollectabilityScheme.objects.get(code="B").name == "Milik kami"

    def test_every_shipped_scheme_comes_back_from_its_rows(self):
        for scheme in SCHEMES:
            use(scheme.code)
            found = scheme_on(TODAY)
            assert {every: found.levels_of(every) for every in ("", "month", "week", "season")} == {
                every: scheme.levels_of(every) for every in ("", "month", "week", "season")
            }
            assert (found.code, found.percents) == (scheme.code, scheme.percents)

    def test_without_rows_it_is_e(self):
        AllowanceRate.objects.all().delete()
        CollectabilityLevel.objects.all().delete()
        CollectabilityScheme.objects.all().delete()
        assert scheme_on(TODAY) == E

    def test_a_rate_holds_from_its_day_on(self):
        scheme = CollectabilityScheme.objects.get(code="E")
        AllowanceRate.objects.create(scheme=scheme, level=5, since=date(2026, 7, 1), percent=80)
        assert scheme_on(date(2026, 6, 30)).percents[5] == 100
        assert scheme_on(date(2026, 7, 1)).percents[5] == 80

    @pytest.mark.parametrize("code", ["E", "B", "C", "A"])
    def test_sql_and_pure_code_class_alike(self, code, group):
        use(code)
        scheme = scheme_on(TODAY)
        loans = [
            build.loan(build.member(group), product=build.product(group, instalment_count=20, **terms))
            for terms in ({}, {"every": "week"}, {"seasons": "31-03, 30-09"})
        ]
        build.payment(loans[0], 130_000, date(2026, 3, 20))
        for on in (date(2026, 2, 6), date(2026, 3, 1), date(2026, 5, 9), date(2026, 6, 29), date(2026, 9, 30)):
            for row in Loan.objects.with_collectability(on).with_unpaid_count(on):
                late = lateness(row.oldest_unpaid_on, on, row.unpaid_count)
                every = "season" if row.seasons else row.every
                assert row.collectability == scheme.level_of(late, every), (row, on, late)

    def test_the_class_of_a_loan_follows_the_scheme_in_use(self, member):
        loan = build.loan(member)
        found = {}
        for code in "EBCA":
            use(code)
            found[code] = [class_of(loan, on) for on in (date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 30))]
        assert found == {"E": [2, 3, 5], "B": [1, 4, 4], "C": [1, 4, 5], "A": [2, 3, 4]}


# ---- the figures


@pytest.fixture
def portfolio(group):
    """Balances of 900.000 (paid once, 6 late), 1.000.000 (never paid, 7 late) and 2.000.000 (fresh in September)."""
    late = build.loan(build.member(group))
    build.payment(late, 115_000, date(2026, 3, 1))
    build.loan(build.member(group))
    build.loan(build.member(group), 2_000_000, date(2026, 9, 15))
    return group


def test_every_figure_of_a_portfolio(portfolio, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = quality_of(Loan.objects.all(), date(2026, 6, 15))
    shares = {one.formula.key: (one.part, one.whole) for one in found.ratios}
    assert shares == {
        "par1": (1_900_000, 1_900_000),
        "par30": (1_900_000, 1_900_000),
        "par60": (1_900_000, 1_900_000),
        "par90": (1_000_000, 1_900_000),
        "arrears": (300_000 + 400_000, 1_900_000),
        "npl": (1_000_000, 1_900_000),
        "rr_due": (100_000, 800_000),
        "rr_balance": (0, 1_900_000),
    }
    assert [(one.level, one.count, one.balance, one.allowance) for one in found.classes] == [
        (1, 0, 0, 0), (2, 1, 900_000, 45_000), (3, 1, 1_000_000, 150_000), (4, 0, 0, 0), (5, 0, 0, 0),
    ]  # fmt: skip
    assert found.allowance == 195_000
    assert found.ageing == [
        ("1-30", 200_000, "age_0"), ("31-60", 200_000, "age_30"), ("61-90", 200_000, "age_60"),
        (">90", 100_000, "age_90"),
    ]  # fmt: skip


def test_a_fresh_loan_lowers_every_share(portfolio):
    found = {one.formula.key: one for one in quality_of(Loan.objects.all(), TODAY).ratios}
    assert (found["par30"].part, found["par30"].whole) == (1_900_000, 3_900_000)
    assert found["par30"].percent == Fraction(1_900, 39)
    assert found["rr_balance"].part == 2_000_000


def test_a_write_off_takes_what_was_not_paid_out_of_the_target_and_the_formula_says_so(portfolio):
    """Target less realisation is TUNGGAKAN in R-3: what nobody asks for any more may not stand in it."""
    before = {one.formula.key: one for one in quality_of(Loan.objects.all(), TODAY).ratios}["rr_due"]
    build_life.write_off(Loan.objects.order_by("pk")[1])
    found = {one.formula.key: one for one in quality_of(Loan.objects.all(), TODAY).ratios}
    rate, arrears = found["rr_due"], found["arrears"]
    assert [(one.part, one.whole) for one in (before, rate)] == [(100_000, 1_600_000), (100_000, 800_000)]
    assert rate.whole - rate.part - arrears.part == 100_000  # due on the day itself: a target, but not late
    assert rate.formula.words.endswith(
        "dari pinjaman yang dihapus buku hanya yang dibayar, jadi angka ini naik karena hapus buku"
    )


def test_the_loans_behind_each_figure_sum_to_it(portfolio):
    found = quality_of(Loan.objects.all(), TODAY)
    for ratio in found.ratios:
        rows = sliced(Loan.objects.all(), TODAY).filter(SLICES[ratio.formula.slice][1](TODAY))
        column = {"arrears": "principal_late", "rr_due": "principal_due_paid"}.get(ratio.formula.key, "balance")
        assert sum(getattr(row, column) for row in rows) == ratio.part, ratio.formula.key
    for line in found.classes:
        rows = sliced(Loan.objects.all(), TODAY).filter(SLICES[f"class_{line.level}"][1](TODAY))
        assert (len(rows), sum(row.balance for row in rows)) == (line.count, line.balance)
    tile = Loan.objects.sums(TODAY)
    assert (tile["balance"], tile["late"], tile["balance_npl"]) == (
        found.sums["balance"], found.sums["late"], found.sums["npl"],
    )  # fmt: skip


@pytest.mark.django_db
def test_nothing_lent_has_no_ratio():
    found = quality_of(Loan.objects.all(), TODAY)
    assert {one.percent for one in found.ratios} == {None}
    assert (found.allowance, found.sums["balance"]) == (0, 0)


def test_three_classes_leave_the_second_and_third_out(portfolio):
    use("C")
    assert [one.level for one in quality_of(Loan.objects.all(), TODAY).classes] == [1, 4, 5]


@pytest.mark.parametrize(("balance", "percent", "amount"), [(150, "1", 2), (149, "1", 1), (1_000_001, "0.5", 5_000)])
def test_allowance_is_rounded_half_up(balance, percent, amount):
    assert allowance(balance, Decimal(percent)) == amount


def test_a_ratio_of_nothing_is_none():
    assert Ratio(FORMULAS[0], 0, 0).percent is None


# ---- the incentive


DUES = [Due(date(2026, 2, 28), 100_000, 15_000), Due(date(2026, 3, 31), 200_000, 30_000)]


@pytest.mark.parametrize(
    ("paid", "free_days", "is_on_time"),
    [
        ([Paid(date(2026, 2, 28), 100_000, 15_000), Paid(date(2026, 3, 31), 100_000, 15_000)], 0, True),
        ([Paid(date(2026, 2, 10), 200_000, 30_000)], 0, True),
        ([Paid(date(2026, 2, 28), 100_000, 15_000), Paid(date(2026, 4, 1), 100_000, 15_000)], 0, False),
        ([Paid(date(2026, 2, 28), 100_000, 15_000), Paid(date(2026, 4, 1), 100_000, 15_000)], 1, True),
        ([Paid(date(2026, 2, 28), 100_000, 15_000), Paid(date(2026, 3, 31), 100_000, 14_999)], 5, False),
        ([Paid(date(2026, 2, 28), 200_000, 30_000), Paid(date(2026, 3, 2), -200_000, -30_000)], 0, False),
        ([], 31, False),
    ],
)
def test_on_time_is_every_instalment_in_full_by_its_day(paid, free_days, is_on_time):
    assert was_on_time(DUES, paid, 2026, free_days) is is_on_time


def test_a_year_in_which_nothing_fell_due_earns_nothing():
    assert not was_on_time(DUES, [Paid(date(2026, 1, 31), 200_000, 30_000)], 2025, 0)


@pytest.mark.parametrize(("fees", "percent", "amount"), [(150_000, "10", 15_000), (99, "2.5", 2), (-5, "10", 0)])
def test_the_incentive_never_exceeds_its_percent(fees, percent, amount):
    assert incentive(fees, Decimal(percent)) == amount


def test_lateness_says_how_much_in_each_unit():
    late = lateness(date(2026, 2, 27), date(2026, 3, 28), 2)
    assert [late.in_unit(unit) for unit in Unit] == [29, 5, 2, 2]
