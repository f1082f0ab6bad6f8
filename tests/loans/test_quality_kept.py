"""Classes that another schedule does not better, the allowance at the year's end, and who earned the incentive."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from loans import life_services, shift_services
from loans.allowance_services import missing_allowance, quality_of_group, set_aside
from loans.audit import Scope, audit
from loans.chart import ALLOWANCE, LOSSES
from loans.incentive_services import YearLine, incentive_years, incentives
from loans.ledger_services import account_balance, reverse_voucher
from loans.models import Loan, LoanShare, MoneyRules, Reschedule, Voucher
from loans.year_close import years_to_close
from tests import build
from tests.loans import build_life
from tests.loans.test_month_pages import text
from tests.loans.test_months import refusal
from tests.loans.test_quality import use
from tests.loans.test_year_close import close, reopen

JUNE, END = date(2026, 6, 10), date(2025, 12, 31)


def class_of(loan, on) -> int:
    return Loan.objects.with_collectability(on).get(pk=loan.pk).collectability


def late_on(loan, on) -> int:
    return Loan.objects.with_arrears(on).get(pk=loan.pk).late


def reschedule(loan, on=JUNE, new_due_on=date(2026, 8, 31), from_instalment=1) -> Reschedule:
    facts = {"kind": "new_due_on", "from_instalment": from_instalment, "value": new_due_on, "reason": build_life.WHY}
    return life_services.reschedule_loan(loan=loan, on=on, by=loan.disbursed_by, uuid=uuid4(), **facts)


class TestKept:
    """Rp1.000.000 from 31 January, due 28 February on; on 10 June 102 days late, four times: class 3 by scheme E."""

    @pytest.fixture
    def loan(self, member):
        return build.loan(member)

    def test_the_reschedule_writes_down_how_late_the_loan_was(self, loan):
        row = reschedule(loan)
        assert (row.late_days, row.late_months, row.late_instalments) == (102, 4, 4)
        assert (row.kept_principal, row.kept_service_fee) == (300_000, 45_000)

    def test_a_new_schedule_leaves_nothing_late_but_keeps_the_class(self, loan):
        assert class_of(loan, JUNE) == 3
        reschedule(loan)
        assert (late_on(loan, JUNE), class_of(loan, JUNE)) == (0, 3)
        assert class_of(loan, date(2026, 6, 9)) == 3

    def test_three_paid_instalments_lift_it(self, loan):
        reschedule(loan)
        build.payment(loan, 344_999, date(2026, 8, 31))
        assert class_of(loan, date(2026, 8, 31)) == 3
        build.payment(loan, 1, date(2026, 9, 1))
        assert class_of(loan, date(2026, 9, 1)) == 1
        assert class_of(loan, date(2026, 8, 31)) == 3

    def test_a_worse_class_of_the_new_schedule_counts(self, loan):
        reschedule(loan, new_due_on=date(2026, 6, 11))
        assert class_of(loan, date(2026, 9, 30)) == 3  # 111 days by the new schedule
        assert class_of(loan, date(2026, 12, 31)) == 5

    def test_undone_it_does_not_count(self, loan, operator):
        row = reschedule(loan)
        life_services.undo_reschedule(reschedule=row, undone_on=JUNE, reason="salah pilih angsuran", by=operator)
        build.payment(loan, 460_000, JUNE)
        assert class_of(loan, JUNE) == 1

    def test_a_loan_that_was_not_late_keeps_nothing(self, loan):
        build.payment(loan, 575_000, date(2026, 6, 1))
        row = reschedule(loan, from_instalment=6)
        assert (row.late_days, row.kept_principal) == (0, 0)
        assert class_of(loan, JUNE) == 1

    def test_the_class_kept_is_that_of_the_scheme_in_use(self, loan):
        reschedule(loan)
        for code, level in (("B", 4), ("C", 4), ("A", 3)):
            use(code)
            assert class_of(loan, JUNE) == level, code

    def test_a_shift_for_the_whole_village_keeps_classes_too(self, loan, operator):
        facts = {"letter_number": "12/SK", "letter_on": JUNE, "reason": "banjir merendam rumah anggota"}
        shift_services.shift_village(
            village=loan.village, on=JUNE, from_day=date(2026, 2, 1), months=6, by=operator, uuid=uuid4(), **facts
        )
        assert (late_on(loan, JUNE), class_of(loan, JUNE)) == (0, 3)

    def test_a_written_off_loan_is_in_no_class(self, loan, operator):
        reschedule(loan)
        life_services.write_off_loan(
            loan=loan, on=date(2026, 7, 1), reason="peminjam wafat, rapat 1 Juli", by=operator, uuid=uuid4()
        )
        found = quality_of_group(loan.group, date(2026, 7, 1))
        assert (found.sums["balance"], found.sums["principal_due"], found.allowance) == (0, 0, 0)
        assert quality_of_group(loan.group, date(2026, 6, 30)).sums["balance"] == 1_000_000


class TestAllowance:
    """Rp1.000.000 from 31 January 2025, never paid: macet at the year's end, so all of it is set aside."""

    @pytest.fixture
    def lent(self, group):
        build.capital(group, 5_000_000, on=date(2024, 12, 2))
        build.loan(build.member(group), on=date(2025, 1, 31))
        return group

    def test_closing_december_sets_aside_what_the_classes_ask_for(self, lent, operator):
        assert missing_allowance(lent, [END]) == {END: 1_000_000}
        assert [(one.year, one.surplus) for one in years_to_close(lent, 202512)] == [(2025, -1_000_000)]
        close(lent, 202412, *range(202501, 202513), by=operator)
        made = Voucher.objects.get(kind="allowance")
        assert (made.on, made.amount, made.description) == (END, 1_000_000, "Penyisihan kerugian pinjaman tahun 2025")
        assert list(made.entries.values_list("debit", "credit", "amount")) == [(LOSSES, ALLOWANCE, 1_000_000)]
        assert (set_aside(lent, END), account_balance(lent, "3.5", END)) == (1_000_000, -1_000_000)
        assert list(audit(Scope("", END))) == []

    def test_less_needed_takes_from_the_expenses(self, lent, operator):
        close(lent, 202412, *range(202501, 202513), by=operator)
        build.payment(Loan.objects.get(), 1_150_000, date(2026, 1, 5))
        assert missing_allowance(lent, [date(2026, 12, 31)]) == {date(2026, 12, 31): -1_000_000}

    def test_years_closed_at_once_post_each_its_own_difference(self, lent):
        build.loan(build.member(lent), 2_000_000, date(2024, 12, 20))
        found = missing_allowance(lent, [date(2024, 12, 31), END])
        assert found == {date(2024, 12, 31): 20_000, END: 3_000_000 - 20_000}

    def test_reopening_december_takes_it_back_and_closing_posts_it_anew(self, lent, operator, district_officer):
        close(lent, 202412, *range(202501, 202513), by=operator)
        reopen(lent, district_officer)
        assert (set_aside(lent, END), account_balance(lent, "3.5", END)) == (0, 0)
        close(lent, 202512, by=operator)
        assert (set_aside(lent, END), account_balance(lent, "3.5", END)) == (1_000_000, -1_000_000)
        assert Voucher.objects.filter(kind="allowance").count() == 3
        assert list(audit(Scope("", END))) == []

    def test_it_follows_the_year_and_is_not_corrected_alone(self, lent, operator):
        close(lent, 202412, *range(202501, 202513), by=operator)
        facts = {"reason": "salah hitung", "reversed_on": date(2026, 1, 5), "by": operator, "uuid": uuid4()}
        assert refusal(reverse_voucher, voucher=Voucher.objects.get(kind="allowance"), **facts) == (
            "Penyisihan mengikuti tutup bulan Desember: buka dulu bulan itu."
        )


class TestIncentive:
    """10% of the fees of the year: 15.000 a month of a loan of Rp1.000.000."""

    @pytest.fixture
    def rules(self, group):
        facts = {"iptw_percent": Decimal(10), "iptw_free_days": 2}
        return MoneyRules.objects.create(group=group, village=group.village, **facts)

    def pay_all(self, loan, days_late=0):
        for row in loan.instalments.in_force():
            on = row.due_on.replace(day=min(row.due_on.day, 27)) if not days_late else row.due_on
            if on <= date(2026, 9, 30):
                build.payment(loan, row.total, on)

    def test_who_paid_every_instalment_on_time_earns_it(self, rules, group):
        on_time, late = build.member(group, name="Aminah"), build.member(group, name="Barsiah")
        loan = build.loan(on_time, product=build.product(group, instalment_count=3))
        self.pay_all(loan)
        build.payment(build.loan(late, product=build.product(group, instalment_count=3)), 1_045_000, date(2026, 5, 3))
        assert incentives(group, 2026) == {on_time: 4_500}
        assert incentives(group, 2025) == {}

    def test_free_days_are_still_on_time(self, rules, group, member):
        loan = build.loan(member, product=build.product(group, instalment_count=1))
        build.payment(loan, 1_015_000, date(2026, 3, 2))
        assert incentives(group, 2026) == {member: 1_500}
        MoneyRules.objects.update(iptw_free_days=1)
        assert incentives(group, 2026) == {}

    def test_a_poklaks_incentive_is_its_members(self, rules, group):
        poklak = build.poklak(group)
        first, second = (build.member(group, poklak=poklak) for _ in range(2))
        loan = build.loan(poklak, product=build.product(group, instalment_count=1))
        LoanShare.objects.filter(member=first).update(proposed=700_000)
        LoanShare.objects.filter(member=second).update(proposed=300_000)
        build.payment(loan, 1_015_000, date(2026, 2, 28))
        assert incentives(group, 2026) == {first: 1_050, second: 450}

    def test_the_loan_page_tells_what_it_earns(self, rules, group, operator, as_user):
        loan = build.loan(build.member(group), on=date(2025, 11, 30), product=build.product(group, instalment_count=4))
        for on in (date(2025, 12, 30), date(2026, 1, 30), date(2026, 3, 10)):
            build.payment(loan, 265_000, on)
        assert incentive_years(loan, rules, date(2026, 2, 2)) == [
            YearLine(2026, False, True, 1_500), YearLine(2025, True, True, 1_500),
        ]  # fmt: skip
        page = text(as_user(operator).get(loan.get_absolute_url()))
        assert "Ada angsuran yang terlambat, jadi tidak mendapat insentif" in page
        assert "Semua angsuran tepat waktu: 10,0% dari jasa yang dibayar Rp1.500" in page

    def test_without_a_percent_nobody_earns(self, group, member):
        loan = build.loan(member, product=build.product(group, instalment_count=1))
        build.payment(loan, 1_015_000, date(2026, 2, 28))
        assert incentives(group, 2026) == {}

    def test_it_costs_the_same_queries_for_any_number_of_loans(self, rules, group, django_assert_num_queries):
        for _ in range(3):
            self.pay_all(build.loan(build.member(group), product=build.product(group, instalment_count=1)))
        with django_assert_num_queries(7):
            assert len(incentives(group, 2026)) == 3
