"""Another schedule for a running loan, its undo, and penalties let go, to the rupiah.

Worked example of most: pokok Rp1.000.000, 10 kali, jasa 1,5% tetap, cair 31 Januari 2026 (100.000 + 15.000 a row).
"""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import life_services, services
from loans.life import Life
from loans.models import Instalment, MonthClosing, Penalty, Reschedule
from tests import build
from tests.loans import build_life as life

SEPTEMBER, LATER = date(2026, 9, 10), date(2026, 9, 20)


def fines_of(loan) -> list[tuple]:
    return list(loan.penalties.order_by("pk").values_list("kind", "instalment_number", "amount"))


class TestReschedule:
    def test_two_extra_instalments_share_the_rest_and_keep_the_flat_fee(self, member):
        """700.000 over 9 rows are 77.778 each, the last 77.776; the fee stays 1,5% of 1.000.000."""
        loan = build.loan(member)
        build.payment(loan, 345_000, date(2026, 4, 30))
        life.reschedule(loan, "extra_instalments", 2, first=4, on=SEPTEMBER)
        rows = life.rows_of(loan)
        assert [row[2:] for row in rows[:3]] == [(100_000, 15_000)] * 3
        assert [row[2:] for row in rows[3:11]] == [(77_778, 15_000)] * 8
        assert rows[11] == (12, date(2027, 1, 31), 77_776, 15_000)
        assert sum(row[2] for row in rows) == 1_000_000

    def test_grace_puts_rows_with_the_fee_only_before_the_others(self, member):
        loan = build.loan(member)
        build.payment(loan, 345_000, date(2026, 4, 30))
        life.reschedule(loan, "grace", 2, first=4, on=SEPTEMBER)
        rows = life.rows_of(loan)
        assert rows[3:6] == [
            (4, date(2026, 5, 31), 0, 15_000),
            (5, date(2026, 6, 30), 0, 15_000),
            (6, date(2026, 7, 31), 100_000, 15_000),
        ]
        assert rows[-1] == (12, date(2027, 1, 31), 100_000, 15_000)

    def test_a_new_rate_holds_from_that_instalment_on_the_original_principal(self, member):
        loan = build.loan(member)
        build.payment(loan, 345_000, date(2026, 4, 30))
        life.reschedule(loan, "rate", Decimal("1"), first=4, on=SEPTEMBER)
        assert [fee for *_, fee in life.rows_of(loan)] == [15_000] * 3 + [10_000] * 7

    def test_a_new_due_day_moves_that_instalment_and_those_after_it(self, member):
        loan = build.loan(member)
        build.payment(loan, 920_000, date(2026, 8, 31))
        life.reschedule(loan, "new_due_on", date(2026, 11, 15), first=9, on=SEPTEMBER)
        assert [row[:2] for row in life.rows_of(loan)[7:]] == [
            (8, date(2026, 9, 30)),
            (9, date(2026, 11, 15)),
            (10, date(2026, 12, 15)),
        ]

    def test_extra_instalments_of_a_seasonal_loan_fall_on_the_next_seasons(self, member):
        product = build.product(member.group, seasons="31-08, 31-01", instalment_count=3)
        loan = build.loan(member, 900_000, product=product)
        life.reschedule(loan, "extra_instalments", 1, first=2, on=SEPTEMBER)
        assert [row[:3] for row in life.rows_of(loan)] == [
            (1, date(2026, 8, 31), 300_000),
            (2, date(2027, 1, 31), 200_000),
            (3, date(2027, 8, 31), 200_000),
            (4, date(2028, 1, 31), 200_000),
        ]

    def test_the_preview_tells_what_the_act_does_and_writes_nothing(self, member):
        loan = build.loan(member)
        facts = {"kind": "grace", "value": 1, "on": SEPTEMBER}
        before, after = life_services.preview_reschedule(loan=loan, from_instalment=4, **facts)
        assert (len(before.rows), Reschedule.objects.count(), Instalment.objects.count()) == (10, 0, 10)
        life.reschedule(loan, "grace", 1, first=4, on=SEPTEMBER)
        assert [(row.number, row.due_on, row.principal, row.service_fee) for row in after.rows] == life.rows_of(loan)

    def test_sent_twice_it_is_done_once_and_with_other_content_refused(self, member):
        loan, by, key = build.loan(member), life.kecamatan(), uuid4()
        first, second = (life.reschedule(loan, "grace", 1, first=4, by=by, uuid=key) for _ in range(2))
        assert (first.pk, Reschedule.objects.count(), len(life.rows_of(loan))) == (second.pk, 1, 11)
        with pytest.raises(ValidationError, match="bertabrakan"):
            life.reschedule(loan, "grace", 2, first=4, by=by, uuid=key)

    @pytest.mark.parametrize(
        ("first", "kind", "value", "words"),
        [
            (3, "grace", 1, "Angsuran ke-4 sudah dibayar, seluruhnya atau sebagian"),
            (11, "grace", 1, "Angsuran ke-11 tidak ada; isi 1 sampai 10."),
            (5, "extra_instalments", 0, "isi paling sedikit 1"),
            (5, "new_due_on", date(2026, 5, 30), "padahal angsuran ke-4 31 Mei 2026"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_left(self, first, kind, value, words, member):
        loan = build.loan(member)
        build.payment(loan, 400_000, date(2026, 4, 30))
        with pytest.raises(ValidationError, match=words):
            life.reschedule(loan, kind, value, first=first)
        assert (Reschedule.objects.count(), Instalment.objects.count()) == (0, 10)

    def test_a_short_reason_a_day_before_the_last_record_and_a_closed_month_are_refused(self, member, operator):
        loan = build.loan(member, on=date(2026, 6, 30), by=operator)
        build.payment(loan, 115_000, date(2026, 7, 31))
        with pytest.raises(ValidationError, match="Tulis alasan yang jelas"):
            life.reschedule(loan, "grace", 1, first=4, reason="banjir")
        with pytest.raises(ValidationError, match="sebelum 31 Juli 2026"):
            life.reschedule(loan, "grace", 1, first=4, on=date(2026, 7, 30))
        MonthClosing.objects.create(group=member.group, village=member.village, period=202608, closed_by=operator)
        with pytest.raises(ValidationError, match="Bulan Agustus 2026 sudah ditutup"):
            life.reschedule(loan, "grace", 1, first=4, on=date(2026, 8, 15))

    def test_a_loan_not_paid_out_has_no_schedule_to_change(self, member):
        with pytest.raises(ValidationError, match="belum dicairkan"):
            life.reschedule(build.proposal(member), "grace", 1, first=1)

    def test_money_after_it_finds_the_new_rows(self, member):
        loan = build.loan(member)
        life.reschedule(loan, "grace", 2, first=1, on=SEPTEMBER)
        receipt = build.payment(loan, 145_000, LATER)
        assert dict(receipt.parts.values_list("kind", "amount")) == {"service_fee": 45_000, "principal": 100_000}


class TestUndo:
    def test_it_brings_the_very_same_rows_back_and_every_day_tells_its_own(self, member):
        loan = build.loan(member)
        build.payment(loan, 345_000, date(2026, 4, 30))
        first = life.rows_of(loan)
        row = life.reschedule(loan, "new_due_on", date(2026, 12, 31), first=4, on=SEPTEMBER)
        life.undo(row, LATER)
        assert life.rows_of(loan) == first
        days = [date(2026, 9, 9), SEPTEMBER, date(2026, 9, 19), LATER]
        assert [life.as_of(loan, day) for day in days] == [
            (700_000, 460_000), (700_000, 0), (700_000, 0), (700_000, 460_000),
        ]  # fmt: skip
        assert life.rows_of(loan, date(2026, 9, 9)) == first

    def test_it_keeps_the_record_and_says_who_and_why(self, member):
        loan, by = build.loan(member), life.kecamatan()
        row = life.undo(life.reschedule(loan, "grace", 1, first=4, on=SEPTEMBER), LATER, by=by)
        assert (row.undone_on, row.undone_by, row.undo_reason) == (LATER, by, "salah pilih angsuran")
        assert Change.objects.filter(model="loans.reschedule", reason="salah pilih angsuran").count() == 1
        assert life.undo(row, LATER, by=by).pk == row.pk
        with pytest.raises(ValidationError, match="bertabrakan"):
            life.undo(row, life.TODAY, by=by)

    def test_only_the_newest_goes_back_and_none_under_later_records(self, member):
        loan = build.loan(member)
        old = life.reschedule(loan, "grace", 1, first=4, on=SEPTEMBER)
        new = life.reschedule(loan, "rate", Decimal("1"), first=4, on=SEPTEMBER)
        with pytest.raises(ValidationError, match="Urungkan dulu penjadwalan ulang yang lebih baru"):
            life.undo(old)
        life.undo(new)
        build.payment(loan, 50_000, LATER)
        with pytest.raises(ValidationError, match="sudah ada catatan lain"):
            life.undo(old)

    def test_it_is_not_dated_before_the_reschedule(self, member):
        row = life.reschedule(build.loan(member), "grace", 1, first=4, on=SEPTEMBER)
        with pytest.raises(ValidationError, match="sebelum 10 September 2026"):
            life.undo(row, date(2026, 9, 9))


@pytest.fixture
def fined(member):
    """Rp5.000 for each instalment more than 7 days late, never more than Rp30.000 a loan."""
    terms = {"penalty_kind": "fixed", "penalty_amount": 5_000, "penalty_free_days": 7, "penalty_cap": 30_000}
    return build.loan(member, product=build.product(member.group, **terms))


class TestPenalties:
    def test_a_fixed_one_waits_its_free_days_and_is_charged_with_the_payment(self, fined):
        build.payment(fined, 115_000, date(2026, 3, 7))
        assert fines_of(fined) == []
        receipt = build.payment(fined, 120_000, date(2026, 4, 8))
        assert fines_of(fined) == [("charge", 2, 5_000)]
        parts = {"penalty": 5_000, "service_fee": 15_000, "principal": 100_000}
        assert dict(receipt.parts.values_list("kind", "amount")) == parts
        assert fined.penalties.get().receipt == receipt

    def test_a_percentage_is_of_what_is_unpaid(self, member):
        """2% of 65.000 (115.000 less 50.000 paid) is 1.300."""
        product = build.product(member.group, penalty_kind="percent", penalty_percent=Decimal("2"))
        loan = build.loan(member, product=product)
        build.payment(loan, 50_000, date(2026, 2, 28))
        build.payment(loan, 66_300, date(2026, 3, 1))
        assert fines_of(loan) == [("charge", 1, 1_300)]
        assert life.as_of(loan, date(2026, 3, 1)) == (900_000, 0)

    def test_all_of_a_loan_never_exceed_the_cap(self, fined):
        """Eight rows are late by today, seven of them for more than 7 days: 6 x 5.000 and no more."""
        fines = life_services.fines_on(Life(fined), life.TODAY)
        assert [(fine.number, fine.charged, fine.fresh) for fine in fines] == [(n, 0, 5_000) for n in range(1, 7)]

    def test_they_go_with_the_receipt_that_brought_them(self, fined, operator):
        receipt = build.payment(fined, 120_000, date(2026, 3, 10))
        services.reverse_payment(
            receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 3, 10), by=operator, uuid=uuid4()
        )
        assert fines_of(fined) == [("charge", 1, 5_000), ("cancel", 1, 5_000)]
        assert [fine.number for fine in life_services.fines_on(Life(fined), date(2026, 3, 10))] == [1]

    def test_a_waiver_lets_go_of_what_is_owed_and_of_what_the_rule_would_charge(self, fined, operator):
        build.payment(fined, 3_000, date(2026, 3, 10))
        why = "suaminya sakit, disepakati rapat"
        facts = {"loan": fined, "on": date(2026, 4, 10), "reason": why, "by": operator}
        assert life_services.waive_penalty(**facts) == 7_000
        assert fines_of(fined) == [
            ("charge", 1, 5_000),
            ("waiver", 1, 2_000),
            ("charge", 2, 5_000),
            ("waiver", 2, 5_000),
        ]
        assert life_services.fines_on(Life(fined), date(2026, 4, 10)) == []
        assert {row.reason for row in Penalty.objects.filter(kind="waiver")} == {why}
        assert life_services.waive_penalty(**facts) == 7_000
        assert len(fines_of(fined)) == 4

    def test_a_waived_instalment_is_not_fined_again(self, fined, operator):
        life_services.waive_penalty(loan=fined, on=date(2026, 3, 10), reason="disepakati rapat Maret", by=operator)
        receipt = build.payment(fined, 115_000, date(2026, 3, 20))
        assert dict(receipt.parts.values_list("kind", "amount")) == {"service_fee": 15_000, "principal": 100_000}

    def test_where_none_is_owed_none_is_waived(self, member, operator):
        with pytest.raises(ValidationError, match="tidak ada denda yang belum dibayar"):
            life_services.waive_penalty(
                loan=build.loan(member), on=life.TODAY, reason="disepakati rapat September", by=operator
            )
