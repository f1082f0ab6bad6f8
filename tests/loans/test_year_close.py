"""The end of a year: income and expenses into the surplus, and all of it taken back when December opens again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.months import first_day, last_day
from loans import closing_services as services
from loans.audit import Scope, audit
from loans.chart import CHART
from loans.closing_builders import pieces_of
from loans.ledger_services import account_balance, balances, record_voucher, reverse_voucher
from loans.models import MonthClosing, SurplusDistribution, Voucher
from loans.month_services import closed_through
from loans.year_close import EXPENSES, INCOME, Year, closing_lines, last_of, year_result, years_to_close
from tests import build
from tests.loans.test_month_pages import text
from tests.loans.test_months import refusal
from up2k_portal.lib import dates

END = date(2025, 12, 31)
RESULT = (*INCOME, *EXPENSES)


def voucher(of, debit, credit, amount, on) -> Voucher:
    kind = "income" if credit in INCOME else "expense"
    facts = {"description": "Uang lain", "uuid": uuid4(), "by": None}
    return record_voucher(group=of, kind=kind, on=on, amount=amount, debit=debit, credit=credit, **facts)


def earn(of, amount, on, code="4.2") -> Voucher:
    return voucher(of, "1.1", code, amount, on)


def spend(of, amount, on, code="5.2") -> Voucher:
    return voucher(of, code, "1.1", amount, on)


def close(of, *periods, by=None) -> MonthClosing:
    """Each month counted on its last day and closed."""
    for period in periods:
        on = min(last_day(period), dates.today())
        pieces = pieces_of(account_balance(of, "1.1", on))
        services.record_cash_count(group=of, counted_on=on, pieces=pieces, explanation="", uuid=uuid4(), by=by)
        closing = services.close_month(group=of, period=period, by=by)
    return closing


def reopen(of, by) -> MonthClosing:
    closing = MonthClosing.objects.get(group=of, period=closed_through(of), reopened_at=None)
    return services.reopen_month(closing=closing, reason="bukti Desember tertinggal", by=by)


def results(of, on=END) -> dict[str, int]:
    """The accounts of income and expenses that do not stand at 0, and the surplus."""
    return {code: amount for code, amount in balances(of, on, (*RESULT, "3.5")).items() if amount}


@pytest.fixture
def year(group):
    """Founded in November 2025: Rp150.000 earned, Rp60.000 spent by the end of the year."""
    build.capital(group, 500_000, on=date(2025, 11, 3))
    earn(group, 120_000, date(2025, 11, 20))
    earn(group, 30_000, date(2025, 12, 6), "4.9")
    spend(group, 60_000, date(2025, 12, 9))
    return group


# ---- the voucher


def test_closing_december_takes_income_and_expenses_into_the_surplus(year, operator):
    close(year, 202511, 202512, by=operator)
    made = Voucher.objects.get(kind="year_close")
    assert (made.number, made.on, made.description) == ("AS-J-2025-0001", END, "Tutup tahun 2025")
    assert (made.amount, made.recorded_by) == (210_000, operator)
    assert list(made.entries.order_by("pk").values_list("debit", "credit", "amount")) == [
        ("4.2", "3.5", 120_000), ("4.9", "3.5", 30_000), ("3.5", "5.2", 60_000),
    ]  # fmt: skip
    assert results(year) == {"3.5": 90_000}
    assert balances(year, END, ("1.1", "3.3")) == {"1.1": 590_000, "3.3": 500_000}
    assert list(audit(Scope("", END))) == []


def test_a_year_that_lost_makes_the_surplus_less(year):
    spend(year, 200_000, date(2025, 12, 20), "5.3")
    close(year, 202511, 202512)
    assert results(year) == {"3.5": -110_000}


def test_an_account_on_its_other_side_is_taken_from_there():
    assert closing_lines({"4.2": -5_000, "5.2": -300, "4.1": 0}) == [("3.5", "4.2", 5_000), ("5.2", "3.5", 300)]


def test_january_begins_at_nothing(year):
    close(year, 202511, 202512)
    earn(year, 7_000, date(2026, 1, 5))
    assert results(year, date(2026, 1, 31)) == {"3.5": 90_000, "4.2": 7_000}


def test_other_months_close_without_a_voucher_and_so_does_a_year_without_results(group):
    build.capital(group, 500_000, on=date(2025, 11, 3))
    close(group, 202511, 202512, 202601)
    assert Voucher.objects.filter(kind="year_close").count() == 0


def test_the_first_closing_closes_every_year_before_it(group):
    for number, on in enumerate((date(2023, 5, 2), date(2024, 12, 31), date(2025, 1, 1), date(2026, 2, 2)), 1):
        earn(group, number * 1_000, on)
    assert [(one.year, one.surplus) for one in years_to_close(group, 202608)] == [
        (2023, 1_000), (2024, 2_000), (2025, 3_000),
    ]  # fmt: skip
    services.record_cash_count(
        group=group, counted_on=date(2026, 8, 31), pieces={"1000": 10}, explanation="", uuid=uuid4(), by=None
    )
    services.close_month(group=group, period=202608, by=None)
    made = Voucher.objects.filter(kind="year_close").order_by("on").values_list("number", "on", "amount")
    assert list(made) == [(f"AS-J-{2022 + n}-0001", last_of(2022 + n), n * 1_000) for n in (1, 2, 3)]
    assert results(group, date(2026, 8, 31)) == {"3.5": 6_000, "4.2": 4_000}


def test_december_closes_on_its_last_day_at_the_earliest(year, monkeypatch):
    close(year, 202511)
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: date(2025, 12, 30))
    assert refusal(close, year, 202512) == (
        "Desember 2025 ditutup bersama tahunnya, jadi paling awal 31 Desember 2025."
    )
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: END)
    close(year, 202512)
    assert results(year) == {"3.5": 90_000}


def test_nobody_takes_the_voucher_back_by_hand(year, district_officer):
    close(year, 202511, 202512)
    facts = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 1, 5), "by": district_officer, "uuid": uuid4()}
    assert refusal(reverse_voucher, voucher=Voucher.objects.get(kind="year_close"), **facts) == (
        "Tutup tahun mengikuti tutup bulan Desember: buka dulu bulan itu."
    )


def test_a_refused_closing_leaves_no_voucher(year):
    close(year, 202511)
    with pytest.raises(ValidationError, match="Kas belum dihitung"), transaction.atomic():
        services.close_month(group=year, period=202512, by=None)
    assert Voucher.objects.filter(kind="year_close").count() == 0


# ---- the result of a year


def test_the_result_of_a_year_is_the_same_before_and_after_it_is_closed(year):
    earn(year, 7_000, date(2026, 1, 5))
    told = dict.fromkeys(RESULT, 0) | {"4.2": 120_000, "4.9": 30_000, "5.2": 60_000}
    assert year_result(year, 2025) == told
    close(year, 202511, 202512)
    assert year_result(year, 2025) == told
    one = Year(2025, year_result(year, 2025))
    assert (one.income, one.expenses, one.surplus) == (150_000, 60_000, 90_000)
    assert Year(2026, year_result(year, 2026)).surplus == 7_000


# ---- reopening


def test_reopening_december_takes_the_voucher_back_on_its_day(year, district_officer):
    closing = close(year, 202511, 202512)
    before = balances(year, END)
    reopened = reopen(year, district_officer)
    back = Voucher.objects.get(kind="year_close", amount__lt=0)
    assert (back.number, back.on, back.amount) == ("AS-J-2025-0002", END, -210_000)
    assert (back.reason, back.recorded_by) == ("bukti Desember tertinggal", district_officer)
    assert (reopened.pk, back.recorded_at > reopened.reopened_at > closing.closed_at) == (closing.pk, True)
    assert results(year) == {"4.2": 120_000, "4.9": 30_000, "5.2": 60_000}
    assert list(audit(Scope("", END))) == []
    earn(year, 10_000, date(2025, 12, 30))
    close(year, 202512)
    assert balances(year, END) == before | {"1.1": before["1.1"] + 10_000, "3.5": 100_000}
    assert [one.number for one in Voucher.objects.filter(kind="year_close", amount__gt=0).order_by("serial")] == [
        "AS-J-2025-0001", "AS-J-2025-0003",
    ]  # fmt: skip
    assert list(audit(Scope("", END))) == []


def test_reopening_another_month_leaves_the_years_alone(year, district_officer):
    close(year, 202511, 202512, 202601)
    reopen(year, district_officer)
    assert Voucher.objects.filter(kind="year_close").count() == 1


def test_reopening_the_first_closing_opens_the_years_before_it(group, district_officer):
    earn(group, 1_000, date(2024, 5, 2))
    earn(group, 2_000, date(2025, 5, 2))
    close(group, 202608)
    assert services.months_to_open(group)[-1] == 202405
    reopen(group, district_officer)
    assert results(group, date(2026, 8, 31)) == {"4.2": 3_000}
    assert services.months_to_open(group) == []
    close(group, 202608)
    assert results(group, date(2026, 8, 31)) == {"3.5": 3_000}
    assert list(audit(Scope("", date(2026, 8, 31)))) == []


def test_a_year_whose_surplus_is_shared_stays_closed(year, district_officer):
    close(year, 202511, 202512)
    shared = SurplusDistribution.objects.create(
        group=year, village=year.village, year=2025, status="approved", voucher=Voucher.objects.get(kind="year_close"),
        met_on=date(2026, 1, 20), minutes_number="01/RA/2026", income=150_000, expenses=60_000, brought=0,
    )  # fmt: skip
    assert refusal(reopen, year, district_officer) == (
        "SHU tahun 2025 sudah dibagi. Batalkan dulu pembagiannya, lalu buka bulannya."
    )
    assert closed_through(year) == 202512
    SurplusDistribution.objects.filter(pk=shared.pk).update(status="cancelled")
    reopen(year, district_officer)
    assert closed_through(year) == 202511


MOVES = st.lists(
    st.tuples(
        st.sampled_from([202511, 202512, 202601]),
        st.integers(0, 27),
        st.sampled_from(["4.2", "4.9", *(code for code in EXPENSES if code not in ("5.6", "5.8"))]),
        st.integers(1, 4_000).map(lambda hundreds: hundreds * 100),  # as much as there are coins for
        st.booleans(),
    ),
    max_size=8,
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_whatever_a_year_brought_it_closes_opens_and_closes_to_the_same(moves, group, district_officer):
    with transaction.atomic():
        build.capital(group, 10_000_000, on=date(2025, 11, 1))
        surplus = 0
        for period, day, code, amount, is_undone in moves:
            on = first_day(period) + timedelta(days=day)
            made = (earn if code in INCOME else spend)(group, amount, on, code)
            if is_undone:
                facts = {"reason": "salah ketik jumlah", "reversed_on": on, "uuid": uuid4(), "by": district_officer}
                reverse_voucher(voucher=made, **facts)
            elif period < 202601:
                surplus += amount if code in INCOME else -amount
        close(group, 202511, 202512)
        closed = balances(group, END)
        assert {code: closed[code] for code in RESULT} == dict.fromkeys(RESULT, 0)
        assert (closed["3.5"], Year(2025, year_result(group, 2025)).surplus) == (surplus, surplus)
        reopen(group, district_officer)
        assert balances(group, END, ("3.5",)) == {"3.5": 0}
        close(group, 202512)
        assert balances(group, END) == closed
        sides = {True: 0, False: 0}
        for code, amount in balances(group, date(2026, 1, 31)).items():
            sides[CHART[code].side.grows_by_debit] += amount
        assert sides[True] == sides[False]
        assert list(audit(Scope("", date(2026, 1, 31)))) == []
        transaction.set_rollback(True)


# ---- the pages


def test_closing_december_says_what_it_posts_and_the_list_leads_to_it(year, operator, as_user):
    close(year, 202511)
    services.record_cash_count(
        group=year, counted_on=END, pieces={"100000": 5, "50000": 1, "20000": 2}, explanation="", uuid=uuid4(), by=None
    )
    client, url = as_user(operator), reverse("month-close", args=[year.pk])
    assert (
        "Tahun 2025 ikut ditutup. Satu bukti bertanggal 31 Desember 2025 memindahkan pendapatan Rp150.000 dan biaya"
        " Rp60.000: SHU tahun berjalan bertambah Rp90.000. Mulai 1 Januari 2026 pendapatan dan biaya dihitung dari nol;"
        " kas, piutang, simpanan dan modal tetap."
    ) in text(client.get(url))
    listed = reverse("months", args=[year.pk])
    assert "Tahun 2025 Pendapatan Rp150.000 Biaya Rp60.000 SHU Rp90.000" in text(client.get(listed))
    client.post(url, {"period": "202512"})
    page = client.get(listed)
    assert "Tahun 2025 ditutup, AS-J-2025-0001 Pendapatan Rp150.000 Biaya Rp60.000 SHU Rp90.000" in text(page)
    assert Voucher.objects.get(kind="year_close").get_absolute_url() in page.content.decode()


def test_reopening_says_that_the_year_opens_too(year, district_officer, as_user):
    close(year, 202511, 202512)
    page = text(as_user(district_officer).get(reverse("month-reopen", args=[year.pk])))
    assert "Tahunnya ikut terbuka. Dibatalkan dengan bukti koreksi: Tutup tahun 2025, AS-J-2025-0001 ." in page
    assert "Ini bulan pertama yang ditutup" not in page


def test_reopening_the_first_closing_says_that_all_before_opens_too(year, district_officer, as_user):
    close(year, 202512)
    page = text(as_user(district_officer).get(reverse("month-reopen", args=[year.pk])))
    assert "Ini bulan pertama yang ditutup: semua bulan sejak November 2025 ikut terbuka." in page


def test_a_running_december_offers_no_count_but_waits(year, operator, as_user, monkeypatch):
    close(year, 202511)
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: date(2025, 12, 10))
    page = as_user(operator).get(reverse("month-close", args=[year.pk]))
    assert "Desember 2025 ditutup bersama tahunnya, jadi paling awal 31 Desember 2025." in text(page)
    assert reverse("cash-count-new", args=[year.pk]) not in page.content.decode()
