"""Leaving in one act: savings pay the loans, the rest is paid out, a shortfall stays a loan; and what is refused."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import leaving_services, saving_services, services
from loans.leaving import Settled, Withdrawn
from loans.ledger_services import balances
from loans.life import Life
from loans.models import Entry, Loan, MonthClosing, Penalty, Receipt, Settlement, Voucher
from tests import build
from villages.models import Member

LEFT_ON = date(2026, 9, 10)
CASH, BANK, LOANS = "1.1", "1.2", "1.3"
WHY = "pindah ke Banjarmasin"


def deposit(member, by, on=date(2026, 8, 10), till="cash", **parts) -> Receipt:
    facts = {"member": member, "parts": parts, "received_on": on, "till": till}
    return saving_services.record_deposit(**facts, by=by, uuid=uuid4())


def settle(member, by, **fields) -> Settlement:
    facts = {"member": member, "left_on": LEFT_ON, "left_reason": WHY, "by": by, "uuid": uuid4()}
    return leaving_services.settle_and_leave(**facts | fields)


def preview(member, by, **fields):
    facts = {"member": member, "left_on": LEFT_ON, "left_reason": WHY, "by": by}
    return leaving_services.preview_settlement(**facts | fields)


def figures(settlement) -> tuple[int, int, int, int]:
    return settlement.saved, settlement.paid_on_loans, settlement.paid_out, settlement.still_owed


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Settlement, Receipt, Voucher, Entry, Change))


def lend(member, by, principal, on) -> Loan:
    """On terms that let the fees of later periods go where it is paid off early."""
    product = member.group.loan_products.first() or build.product(member.group, payoff_fees="running")
    return build.loan(member, principal, on, product=product, by=by)


@pytest.fixture
def loan(member, operator):
    """Rp500.000 in ten instalments of 50.000 and a fee of 7.500, none due before 30 September."""
    return lend(member, operator, 500_000, date(2026, 8, 31))


def owed(loan) -> int:
    return Life(services.lock_loan(loan)).owed_on(LEFT_ON)


def test_savings_pay_the_loan_off_and_the_rest_is_paid_out(member, operator, loan):
    deposit(member, operator, initial=50_000, mandatory=600_000, voluntary=100_000)
    before = balances(member.group, LEFT_ON, (CASH,))[CASH]
    settlement = settle(member, operator)
    assert figures(settlement) == (750_000, 507_500, 242_500, 0)
    assert owed(loan) == 0
    assert balances(member.group, LEFT_ON, (CASH, "2.1", "3.1", "3.2", LOANS)) == {
        CASH: before - 242_500, "2.1": 0, "3.1": 0, "3.2": 0, LOANS: 0,
    }  # fmt: skip
    member.refresh_from_db()
    assert (member.left_on, member.left_reason) == (LEFT_ON, WHY)


def test_what_savings_do_not_cover_stays_a_loan_paid_by_its_order(member, operator):
    loan = lend(member, operator, 1_000_000, date(2026, 7, 31))  # 115.000 were due on 31 August
    deposit(member, operator, mandatory=250_000)
    settlement = settle(member, operator)
    assert figures(settlement) == (250_000, 250_000, 0, 795_000)
    receipt = Receipt.objects.get(parts__loan=loan, parts__kind="principal")
    assert dict(receipt.parts.values_list("kind", "amount")) == {"service_fee": 45_000, "principal": 205_000}
    assert owed(loan) == 900_000
    loan.refresh_from_db()
    assert loan.status == "disbursed"


def test_the_oldest_loan_is_paid_first(member, operator, loan):
    older = lend(member, operator, 100_000, date(2026, 8, 1))
    deposit(member, operator, voluntary=150_000)
    outcome = preview(member, operator)
    assert outcome.settled[0].loan_number == older.number
    assert [(one.amount, one.owed_left) for one in outcome.settled] == [(103_000, 0), (47_000, 528_000)]
    assert outcome.still_owed == 460_500


def test_a_late_fee_is_paid_though_no_principal_is_left(member, operator):
    loan = lend(member, operator, 100_000, date(2026, 6, 30))
    build.payment(loan, 100_000, date(2026, 7, 1), by=operator, parts={"principal": 100_000})
    deposit(member, operator, voluntary=50_000)
    settlement = settle(member, operator)
    assert figures(settlement) == (50_000, 4_500, 45_500, 0)  # July, August and the running period


def test_a_member_without_money_leaves_with_a_paper_of_nothing(member, operator):
    assert figures(settle(member, operator)) == (0, 0, 0, 0)
    assert (Receipt.objects.count(), Voucher.objects.count()) == (0, 0)


def test_a_loan_written_off_takes_nothing_of_her_savings(member, operator, loan):
    Loan.objects.filter(pk=loan.pk).update(written_off_on=date(2026, 9, 1), written_off=500_000)
    deposit(member, operator, voluntary=10_000)
    assert figures(settle(member, operator)) == (10_000, 0, 10_000, 0)


def test_savings_that_the_group_keeps_stay_on_her_account_and_are_shown(member, operator, loan):
    build.saving_terms(member.group, "initial", 50_000, since=date(2020, 1, 1), returned_on_leaving=False)
    deposit(member, operator, initial=50_000, voluntary=20_000)
    outcome = preview(member, operator)
    assert (outcome.saved, outcome.paid_on_loans, outcome.kept) == (20_000, 20_000, (("Simpanan pokok", 50_000),))
    settle(member, operator)
    assert balances(member.group, LEFT_ON, ("3.1", "2.1")) == {"3.1": 50_000, "2.1": 0}


def test_the_preview_writes_nothing_and_tells_what_the_act_does(member, operator, loan):
    deposit(member, operator, mandatory=600_000, voluntary=100_000)
    before = counts()
    told = preview(member, operator)
    assert counts() == before
    assert Member.objects.get(pk=member.pk).left_on is None
    settlement = settle(member, operator, seen=told.mark)
    assert leaving_services.outcome_of(settlement) == told
    assert told.withdrawn == (
        Withdrawn("Simpanan wajib", "AS-K-2026-0002", 600_000),
        Withdrawn("Simpanan sukarela", "AS-K-2026-0003", 100_000),
    )
    assert told.settled == (Settled(loan.number, "AS-2026-0002", {"Jasa": 7_500, "Pokok": 500_000}, 0, 0),)


def test_figures_that_changed_since_they_were_shown_are_not_acted_on(member, operator):
    deposit(member, operator, voluntary=100_000)
    told = preview(member, operator)
    deposit(member, operator, voluntary=1_000)
    before = counts()
    with pytest.raises(ValidationError, match="berubah sejak halaman ini dibuka") as refused:
        settle(member, operator, seen=told.mark)
    assert refused.value.code == "conflict"
    assert counts() == before
    assert Member.objects.get(pk=member.pk).left_on is None


def test_a_settlement_sent_twice_is_one(member, operator, loan):
    deposit(member, operator, voluntary=100_000)
    key = uuid4()
    first = settle(member, operator, uuid=key)
    before = counts()
    assert settle(member, operator, uuid=key) == first  # the row in hand knows nothing of her leaving
    assert counts() == before


@pytest.mark.parametrize(
    "other", [{"left_on": date(2026, 9, 11)}, {"left_reason": "meninggal dunia"}, {"till": "bank"}, {"by": None}]
)
def test_the_same_key_with_other_content_is_a_conflict(other, member, operator):
    deposit(member, operator, voluntary=100_000)
    key = uuid4()
    settle(member, operator, uuid=key)
    with pytest.raises(ValidationError) as refused:
        settle(member, **{"by": operator, "uuid": key} | other)
    assert refused.value.code == "conflict"


def test_a_till_with_nothing_in_it_settles_what_only_pays_loans(member, operator, loan):
    deposit(member, operator, till="bank", voluntary=30_000)
    cash = balances(member.group, LEFT_ON, (CASH,))[CASH]
    spend(member.group, operator, cash)
    assert figures(settle(member, operator)) == (30_000, 30_000, 0, 477_500)
    assert balances(member.group, LEFT_ON, (CASH, BANK)) == {CASH: 0, BANK: 30_000}


def test_a_till_that_cannot_pay_the_rest_out_stops_the_whole_act(member, operator, loan):
    deposit(member, operator, voluntary=600_000)
    spend(member.group, operator, balances(member.group, LEFT_ON, (CASH,))[CASH] - 92_499)
    before = counts()
    with pytest.raises(ValidationError) as refused:
        settle(member, operator)
    assert refused.value.message_dict == {
        "till": [
            "Saldo kas pada 10 September 2026 Rp92.499, kurang dari Rp92.500 yang dibayarkan kepadanya. "
            "Pilih yang lain, atau catat dulu penerimaannya."
        ]
    }
    assert counts() == before
    assert Member.objects.get(pk=member.pk).left_on is None


def spend(group, by, amount):
    """Takes cash out before she leaves."""
    build.capital(
        group, amount, date(2026, 9, 1), kind="expense", debit="5.9", credit="1.1", by=by, source="", nature="", form=""
    )


@pytest.mark.parametrize("act", [settle, leaving_services.leave])
def test_she_does_not_leave_before_what_she_paid_in(act, member, operator):
    deposit(member, operator, on=date(2026, 9, 11), voluntary=10_000)
    facts = {"member": member, "by": operator, "left_reason": WHY}
    with pytest.raises(ValidationError) as refused:
        act(**facts, left_on=LEFT_ON)
    assert refused.value.message_dict == {
        "left_on": [
            "Setoran, penarikan atau pinjaman Norhasanah masih tercatat sampai 11 September 2026. "
            "Pakai tanggal itu atau sesudahnya, atau koreksi dulu catatannya."
        ]
    }
    act(**facts, left_on=date(2026, 9, 11))
    assert Member.objects.get(pk=member.pk).left_on == date(2026, 9, 11)


def test_what_was_taken_back_keeps_her_from_nothing(member, operator):
    receipt = deposit(member, operator, on=date(2026, 9, 11), voluntary=10_000)
    services.reverse_payment(
        receipt=receipt, reason="salah nama penyetor", reversed_on=date(2026, 9, 11), by=operator, uuid=uuid4()
    )
    assert figures(settle(member, operator)) == (0, 0, 0, 0)


def test_a_closed_month_takes_no_settlement(member, operator):
    deposit(member, operator, voluntary=10_000)
    MonthClosing.objects.create(group=member.group, village=member.village, period=202609)
    with pytest.raises(ValidationError) as refused:
        settle(member, operator)
    assert list(refused.value.message_dict) == ["left_on"]


def test_who_has_left_settles_no_more(member, operator):
    settle(member, operator)
    with pytest.raises(ValidationError, match="sudah keluar pada 10 September 2026"):
        settle(member, operator)


FINED = {"penalty_kind": "fixed", "penalty_amount": 5_000, "payoff_fees": "running"}


@pytest.mark.parametrize(
    ("saved", "parts", "still_owed"),
    [
        (20_000, {"penalty": 5_000, "service_fee": 15_000}, 1_000_000),  # the late row: 115.000 since 31 August
        (4_000, {"penalty": 4_000}, 1_000_000),
        (2_000_000, {"penalty": 5_000, "service_fee": 30_000, "principal": 1_000_000}, 0),
    ],
)
def test_savings_pay_the_fine_that_the_rule_asks_for_then_the_fee_then_principal(
    saved, parts, still_owed, member, operator
):
    product = build.product(member.group, **FINED)
    loan = build.loan(member, 1_000_000, date(2026, 7, 31), product=product, by=operator)
    deposit(member, operator, voluntary=saved)
    told = preview(member, operator)
    assert Penalty.objects.count() == 0
    settlement = settle(member, operator, seen=told.mark)
    assert (settlement.paid_on_loans, settlement.still_owed) == (sum(parts.values()), still_owed)
    receipt = Receipt.objects.get(parts__loan=loan, parts__kind="penalty")
    assert dict(receipt.parts.values_list("kind", "amount")) == parts
    assert list(Penalty.objects.values_list("amount", "receipt")) == [(5_000, receipt.pk)]


def test_a_corrected_document_is_marked_on_the_paper_and_the_settlement_stays(member, operator, loan):
    deposit(member, operator, voluntary=600_000)
    settlement = settle(member, operator)
    receipt = Receipt.objects.get(parts__loan=loan, parts__kind="principal")
    services.reverse_payment(
        receipt=receipt, reason="salah pilih pinjaman", reversed_on=LEFT_ON, by=operator, uuid=uuid4()
    )
    outcome = leaving_services.outcome_of(settlement)
    assert [(one.amount, one.is_cancelled, one.owed_left) for one in outcome.settled] == [(507_500, True, 575_000)]
    assert figures(settlement) == (600_000, 507_500, 92_500, 0)
