"""The demo's telling cases, on twelve villages up to August 2026: each is there and its books hold."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from loans.field.lines import sheet_of
from loans.ledger_services import balances
from loans.models import (
    CashCount,
    Entry,
    Loan,
    MonthClosing,
    Opening,
    Penalty,
    Receipt,
    ReceiptPart,
    SurplusDistribution,
    Voucher,
)
from loans.surplus_plans import payees_of, recorded_plan
from loans.year_close import EXPENSES, INCOME, Year, last_of, year_result
from seeds.demo.scenario import seed
from seeds.demo.villages import KNOWN
from villages.models import Group

UNTIL = date(2026, 8, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Filled once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(village_count=12, chance=63, until=UNTIL, password="rahasia")
        transaction.set_rollback(True)


def as_syifa() -> Group:
    return Group.objects.get(name="UP2K As Syifa")


def test_the_books_of_the_demo_agree(demo):
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    assert out.getvalue().startswith("Buku cocok: ")


def test_every_group_with_money_closed_its_months_but_the_last_one_or_two(demo):
    last = Counter()
    old = Opening.objects.get().group
    told = Entry.objects.exclude(group=old).values_list("group", flat=True).distinct()
    for group in Group.objects.filter(pk__in=told):
        first = group.entries.order_by("period").first().period
        closed = list(group.closings.order_by("period").values_list("period", flat=True))
        assert closed[0] == first
        assert closed[-1] == 202606 or group.village.code not in KNOWN
        last[closed[-1]] += 1
    assert set(last) == {202606, 202607}
    assert not MonthClosing.objects.filter(group=old).exists()


def test_the_cash_was_counted_wherever_it_moved(demo):
    uncounted = MonthClosing.objects.filter(cash_count=None)
    assert uncounted.exists()
    for closing in uncounted:
        moved = Entry.objects.filter(Q(debit="1.1") | Q(credit="1.1"), group=closing.group_id, period=closing.period)
        assert not moved.exists()
    differences = CashCount.objects.exclude(voucher=None)
    assert differences.exists()
    for count in differences.select_related("voucher"):
        assert (-100 < count.difference < 0, count.voucher.amount) == (True, -count.difference)


def test_every_year_that_ended_is_closed_and_begins_at_nothing(demo):
    assert set(Voucher.objects.filter(kind="year_close").values_list("year", flat=True)) == {2023, 2024, 2025}
    for year in (2023, 2024, 2025):
        ended = balances(as_syifa(), last_of(year))
        assert {ended[code] for code in (*INCOME, *EXPENSES)} == {0}
        earned = sum(Year(one, year_result(as_syifa(), one)).surplus for one in range(2023, year + 1))
        assert ended["3.5"] == earned > 0


def test_a_late_borrower_pays_her_fines_and_another_s_are_let_go(demo):
    fined, excused = Loan.objects.filter(product__name="Pinjaman mingguan berdenda").order_by("pk")
    assert (fined.member.name, excused.member.name) == ("Risnawati", "Nahdiah")
    assert fined.receipt_parts.filter(kind="penalty").exists()
    waived = Penalty.objects.filter(loan=excused, kind="waiver")
    assert (waived.exists(), set(waived.values_list("reason", flat=True))) == (
        True, {"Kandang dan dapur terendam banjir, disepakati di pertemuan"},
    )  # fmt: skip


def test_a_receipt_is_split_anew_when_the_one_before_it_was_a_mistake(demo):
    receipt = Receipt.objects.get(member__name="Masniah", amount=60_000)
    assert receipt.parts.filter(role=ReceiptPart.Role.RESPLIT).exists()
    standing = {part.kind: part.amount for part in receipt.parts.standing()}
    assert standing == {"service_fee": 15_000, "principal": 45_000}


def test_the_women_of_a_poklak_answer_for_each_other(demo):
    loan = Loan.objects.get(poklak__name="Telur Barakat", group=as_syifa())
    shares = list(loan.shares.exclude(proposed=0).values_list("proposed", flat=True))
    assert (len(shares), sum(shares)) == (3, loan.principal)
    receipt = Receipt.objects.get(parts__loan=loan, parts__kind="principal")
    payments = list(receipt.share_payments.select_related("payer"))
    assert (sum(one.amount for one in payments), [one.is_cover for one in payments]) == (
        receipt.amount, [False, True, False],
    )  # fmt: skip


def test_some_loans_have_another_schedule_and_one_is_written_off(demo):
    assert Loan.objects.exclude(reschedules=None).count() >= 2
    lost = Loan.objects.exclude(written_off_on=None)
    assert lost.exists()
    for loan in lost:
        assert (loan.written_off_on, loan.written_off > 0) == (date(2026, 8, 5), True)
        assert sum(loan.receipt_parts.filter(kind="recovery").values_list("amount", flat=True)) == 50_000


def test_the_group_of_1985_came_with_its_old_book(demo):
    opening = Opening.objects.select_related("group").get()
    assert (opening.group.founded_on.year, opening.on, opening.opened_at is not None) == (1985, date(2026, 6, 30), True)
    loans = opening.group.loans.order_by("pk")
    assert [loan.opening_principal_paid for loan in loans] == [450_000, 400_000, 300_000]
    assert {loan.receipt_parts.exists() for loan in loans} == {True}
    assert opening.group.entries.filter(debit="3.9").exists()


@pytest.fixture
def shared(demo) -> SurplusDistribution:
    return SurplusDistribution.objects.select_related("group", "village", "meeting").get()


def test_as_syifa_shared_last_years_surplus_by_its_members_meeting(shared):
    assert (shared.group, shared.year, shared.status) == (as_syifa(), 2025, "approved")
    assert (shared.minutes_number, shared.met_on) == ("01/BA-SHU/AS/II/2026", date(2026, 2, 14))
    assert (shared.meeting.kind, shared.meeting.attendances.count()) == ("members", shared.present_count)
    assert shared.drafted_by != shared.approved_by
    plan = recorded_plan(shared)
    assert plan.total == plan.figures.to_share == shared.voucher.amount > 5_000_000
    for part in plan.parts:
        assert sum(line.amount for line in part.lines) in (part.allotment.amount, 0)  # the reserve has no lines


def test_the_teachers_of_three_institutions_share_a_post_and_half_of_them_came(shared):
    teachers = [one for one in payees_of(shared, recorded_plan(shared)) if one.section == "teachers"]
    assert {one.about for one in teachers} == {"PAUD Melati", "PAUD Al Hidayah", "TK Al-Qur’an Nurul Iman"}
    assert [bool(one.vouchers) for one in teachers] == [True, True, False, False]


def test_most_are_paid_and_of_the_social_fund_two_gifts(shared):
    payees = payees_of(shared, recorded_plan(shared))
    paid = [not one.left for one in payees if one.section == "members"]
    assert 0.6 < sum(paid) / len(paid) < 0.8
    (social,) = [one for one in payees if one.name == "Dana sosial"]
    assert [voucher.party for voucher in social.vouchers] == ["Panti Asuhan Al Amin", "Keluarga almarhumah Hj. Aluh"]
    assert 0 < social.paid < social.amount
    ketua, *others = [one.amount for one in payees if one.section == "officers"]
    assert ketua > max(others)


def test_every_page_of_the_surplus_opens_with_what_the_demo_tells(shared, client):
    client.force_login(User.objects.get(username=as_syifa().village.code), "django.contrib.auth.backends.ModelBackend")
    for name, pk, words in (
        ("surplus", shared.group_id, "SHU tahun 2025"),
        ("paud-teachers", shared.group_id, "PAUD Al Hidayah"),
        ("surplus-year", shared.pk, "bagian 40 dari 100"),
        ("surplus-pay", shared.pk, "Dana sosial, sisa Rp"),
        ("surplus-minutes", shared.pk, "01/BA-SHU/AS/II/2026"),
    ):
        page = client.get(reverse(name, args=[pk]))
        assert page.status_code == 200
        assert words in page.content.decode()
    for code, words in (("ba-shu-pos", "Insentif guru PAUD"), ("shu-anggota", "Norlaila"), ("shu-paud", "Raihanah")):
        page = client.get(reverse("book", args=[shared.group_id, code]), {"periode": "2025"})
        assert words in page.content.decode()


def test_the_sheet_of_the_running_month_asks_for_what_the_members_agreed(demo):
    lines = sheet_of(as_syifa(), date(2026, 9, 25)).lines
    firsts = {line.member.pk: line for line in reversed(lines) if line.member and not line.member.left_on}
    assert {(line.mandatory, line.contribution) for line in firsts.values()} == {(10_000, 2_000)}
