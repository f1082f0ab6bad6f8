"""Savings of who left: what she still gets, what the group takes no more; the row in hand may be older than that."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans.models import Receipt, Voucher
from loans.saving_services import record_deposit, withdraw_saving, withdrawable
from tests import build
from villages.models import Member

TODAY, AUGUST = date(2026, 9, 30), date(2026, 8, 10)


def deposit(member, by, on=AUGUST, **parts) -> Receipt:
    return record_deposit(member=member, parts=parts, received_on=on, by=by, uuid=uuid4())


def withdraw(member, by, amount, kind, on=TODAY) -> Voucher:
    return withdraw_saving(member=member, kind=kind, amount=amount, on=on, by=by, uuid=uuid4())


def gone(member, on=date(2026, 9, 1)) -> None:
    """Notes that she left, by another hand: the row that the test holds knows nothing of it."""
    Member.objects.filter(pk=member.pk).update(left_on=on, left_reason="pindah")


def test_what_the_group_returns_may_be_paid_out(member, operator):
    build.saving_terms(member.group, "initial", 50_000, since=date(2020, 1, 1), returned_on_leaving=False)
    deposit(member, operator, initial=50_000, mandatory=10_000, voluntary=5_000)
    assert withdrawable(member, TODAY) == {"voluntary": 5_000}
    gone(member)
    assert withdraw(member, operator, 10_000, "mandatory").amount == 10_000
    member.refresh_from_db()
    assert withdrawable(member, TODAY) == {"voluntary": 5_000}
    with pytest.raises(ValidationError, match="Simpanan pokok tidak dikembalikan saat keluar"):
        withdraw(member, operator, 50_000, "initial")


def test_she_saves_no_more_from_the_day_of_leaving(member, operator):
    gone(member)
    with pytest.raises(ValidationError) as refused:
        deposit(member, operator, on=date(2026, 9, 1), voluntary=5_000)
    assert refused.value.message_dict == {
        "received_on": ["Norhasanah sudah keluar pada 1 September 2026. Pakai tanggal sebelum itu."]
    }


def test_what_she_saved_before_may_still_be_recorded(member, operator):
    gone(member)
    assert deposit(member, operator, on=date(2026, 8, 31), voluntary=5_000).amount == 5_000


def test_a_payment_carries_no_savings_of_hers(member, operator):
    loan = build.loan(member, by=operator)
    gone(member)
    with pytest.raises(ValidationError, match="Norhasanah sudah keluar pada 1 September 2026"):
        build.payment(loan, 115_000, TODAY, by=operator, savings={"mandatory": 10_000})
    assert build.payment(loan, 115_000, TODAY, by=operator).amount == 115_000


@pytest.mark.parametrize("fine", [{"penalty": -1}, {"parts": {"penalty": -1}}])
def test_a_fine_below_zero_is_refused(fine, member, operator):
    with pytest.raises(ValidationError) as refused:
        build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1), by=operator, **fine)
    assert refused.value.message_dict == {"penalty": ["Denda tidak boleh di bawah nol. Kosongkan bila tidak ada."]}
