"""A closed year and what comes after it: late entries by exception, and write-offs that used its allowance."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from loans import closing_services as services
from loans.allowance_services import set_aside
from loans.audit import Scope, audit
from loans.ledger_services import account_balance, record_voucher
from loans.models import Loan, SurplusDistribution, Voucher
from loans.month_services import closed_through
from loans.surplus_plans import figures_of
from loans.year_close import Year, year_result
from tests import build
from tests.loans import build_life as life
from tests.loans.test_year_close import close, earn, reopen

END, NEXT_END = date(2024, 12, 31), date(2025, 12, 31)


def surplus(group, year) -> int:
    return Year(year, year_result(group, year)).surplus


class TestLateEntries:
    """Rp100.000 earned in 2024, closed; Rp30.000 in 2025; then a bukti of 20.000 for December 2024 turns up."""

    @pytest.fixture
    def late(self, group, operator, district_officer):
        earn(group, 100_000, date(2024, 12, 5))
        close(group, 202412, by=operator)
        earn(group, 30_000, date(2025, 3, 5))
        services.grant_exception(
            group=group, period=202412, user=operator, reason="bukti pasar 28 Desember baru ditemukan",
            expires_at=timezone.now() + timedelta(days=3), granted_by=district_officer,
        )  # fmt: skip
        facts = {"debit": "1.1", "credit": "4.2", "description": "Uang lain", "uuid": uuid4(), "by": operator}
        record_voucher(group=group, kind="income", on=date(2024, 12, 28), amount=20_000, **facts)
        return group

    def test_the_closed_years_result_stays_what_went_into_the_surplus(self, late):
        assert (surplus(late, 2024), account_balance(late, "3.5", END)) == (100_000, 100_000)
        assert (figures_of(late, 2024).surplus, figures_of(late, 2025).surplus) == (100_000, 50_000)

    def test_the_year_that_takes_it_counts_it_before_and_after_its_closing(self, late, operator):
        before = year_result(late, 2025)
        close(late, *range(202501, 202513), by=operator)
        assert (year_result(late, 2025), surplus(late, 2025)) == (before, 50_000)
        assert account_balance(late, "3.5", NEXT_END) == surplus(late, 2024) + surplus(late, 2025) == 150_000
        assert list(audit(Scope("", NEXT_END))) == []

    def test_the_year_after_begins_without_it(self, late, operator):
        close(late, *range(202501, 202513), by=operator)
        earn(late, 7_000, date(2026, 1, 5))
        assert surplus(late, 2026) == 7_000

    def test_whoever_wants_it_in_its_own_year_opens_december_again(self, late, operator, district_officer):
        reopen(late, district_officer)
        assert surplus(late, 2024) == 120_000
        close(late, 202412, by=operator)
        assert (surplus(late, 2024), surplus(late, 2025)) == (120_000, 30_000)
        assert account_balance(late, "3.5", END) == 120_000

    def test_after_the_surplus_was_shared_nothing_of_it_changes(self, late, operator, district_officer):
        SurplusDistribution.objects.create(
            group=late, village=late.village, year=2024, status="approved", voucher=Voucher.objects.first(),
            met_on=date(2025, 1, 20), minutes_number="01/RA/2025", income=100_000, expenses=0, brought=0,
        )  # fmt: skip
        with pytest.raises(ValidationError, match="SHU tahun 2024 sudah dibagi"):
            reopen(late, district_officer)
        assert surplus(late, 2024) == 100_000


class TestAllowanceThatWasUsed:
    """Rp1.000.000 from January 2025, never paid: all of it is set aside with December, and written off later."""

    @pytest.fixture
    def closed(self, group, operator):
        build.capital(group, 5_000_000, on=date(2024, 12, 2))
        build.loan(build.member(group), on=date(2025, 1, 31), by=operator)
        close(group, 202412, *range(202501, 202513), by=operator)
        return group

    def test_december_does_not_open_under_a_write_off_that_rests_on_it(self, closed, district_officer):
        life.write_off(Loan.objects.get(), date(2026, 3, 5))
        with pytest.raises(ValidationError) as refused:
            reopen(closed, district_officer)
        assert refused.value.messages == [
            "Cadangan kerugian yang dibukukan saat tutup tahun sudah dipakai untuk hapus buku 5 Maret 2026, jadi"
            " Desembernya tidak dapat dibuka lagi. Catat bukti yang tertinggal dengan izin mencatat di bulan tertutup."
        ]
        assert (closed_through(closed), set_aside(closed, date(2026, 3, 5))) == (202512, 0)
        assert list(audit(Scope("", date(2026, 9, 30)))) == []

    def test_it_opens_where_an_older_allowance_bears_the_write_off(self, closed, operator, district_officer):
        other = build.loan(build.member(closed), 200_000, date(2026, 1, 31), by=operator)
        life.allowance(closed, 200_000, date(2026, 2, 1))
        life.write_off(other, date(2026, 3, 5))
        reopen(closed, district_officer)
        assert (closed_through(closed), set_aside(closed, date(2026, 3, 5))) == (202511, 0)

    def test_without_a_write_off_it_opens(self, closed, district_officer):
        reopen(closed, district_officer)
        assert set_aside(closed, NEXT_END) == 0
