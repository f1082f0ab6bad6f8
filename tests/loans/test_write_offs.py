"""A loan taken out of the books, what comes in for it afterwards, and credit handed back, to the rupiah."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import ledger_services, life_services, services
from loans.models import Loan, Receipt, Voucher
from tests import build
from tests.loans import build_life as life

ON, BEFORE = date(2026, 9, 20), date(2026, 9, 19)


@pytest.fixture
def loan(member, operator):
    """Rp1.000.000, 10 kali, 1,5%: six rows are paid; of the other four 400.000 principal and 60.000 fee are left."""
    made = build.loan(member, by=operator)
    build.payment(made, 690_000, date(2026, 7, 31))
    return made


def recover(loan, amount, on=life.TODAY, **fields) -> Receipt:
    facts = {"by": fields.pop("by", None) or loan.disbursed_by, "uuid": uuid4()}
    return life_services.record_recovery(loan=loan, amount=amount, received_on=on, **facts | fields)


class TestWriteOff:
    @pytest.mark.parametrize(
        ("set_aside", "entries"),
        [
            (0, [("5.6", "1.3", 400_000)]),
            (150_000, [("1.3.9", "1.3", 150_000), ("5.6", "1.3", 250_000)]),
            (400_000, [("1.3.9", "1.3", 400_000)]),
            (900_000, [("1.3.9", "1.3", 400_000)]),
        ],
    )
    def test_the_allowance_bears_it_as_far_as_it_reaches(self, set_aside, entries, loan):
        if set_aside:
            life.allowance(loan.group, set_aside)
        loss = life_services.preview_write_off(loan=loan, on=ON)
        borne = min(set_aside, 400_000)
        assert (loss.principal, loss.borne, loss.lost, loss.let_go) == (400_000, borne, 400_000 - borne, 60_000)
        life.write_off(loan, ON)
        assert life.entries_of(loan, "write_off") == entries
        left = ledger_services.balances(loan.group, ON, codes=("1.3", "1.3.9", "5.6"))
        assert left == {"1.3": 0, "1.3.9": borne - set_aside, "5.6": 400_000 - borne}

    def test_what_another_write_off_takes_later_is_not_taken_twice(self, loan):
        life.allowance(loan.group, 500_000)
        life.write_off(loan, life.TODAY)
        other = build.loan(build.member(loan.group), on=date(2026, 2, 28))
        life.write_off(other, ON)
        assert life.entries_of(other, "write_off") == [("1.3.9", "1.3", 100_000), ("5.6", "1.3", 900_000)]

    def test_nothing_is_owed_or_late_from_the_day_on_but_before(self, loan):
        life.write_off(loan, ON)
        assert life.as_of(loan, BEFORE) == (400_000, 115_000)
        assert [life.as_of(loan, day) for day in (ON, life.TODAY)] == [(0, 0), (0, 0)]
        found = Loan.objects.with_standing(ON).get(pk=loan.pk)
        assert (found.written_off_on, found.written_off, found.standing) == (ON, 400_000, "written_off")
        assert Loan.objects.with_standing(BEFORE).get(pk=loan.pk).standing != "written_off"

    def test_sent_twice_it_is_done_once(self, loan):
        by, key = life.kecamatan(), uuid4()
        first, second = (life.write_off(loan, ON, by=by, uuid=key) for _ in range(2))
        assert (first.pk, second.pk, Voucher.objects.filter(kind="write_off").count()) == (loan.pk, loan.pk, 1)
        with pytest.raises(ValidationError, match="bertabrakan"):
            life.write_off(loan, ON, by=by)

    def test_afterwards_nothing_but_recoveries_is_recorded(self, loan, operator):
        receipt = Receipt.objects.get()
        row = life.reschedule(loan, "grace", 1, first=7, on=BEFORE)
        life.write_off(loan, ON)
        with pytest.raises(ValidationError, match="Catat uangnya sebagai tagihan hapus buku"):
            build.payment(loan, 50_000, life.TODAY)
        with pytest.raises(ValidationError, match="dihapusbukukan"):
            services.reverse_payment(
                receipt=receipt, reason="salah ketik jumlah", reversed_on=life.TODAY, by=operator, uuid=uuid4()
            )
        with pytest.raises(ValidationError, match="dihapusbukukan"):
            life.reschedule(loan, "grace", 1, first=8)
        with pytest.raises(ValidationError, match="dihapus buku 20 September 2026"):
            life.undo(row)
        assert Receipt.objects.count() == 1

    def test_it_comes_after_the_last_record_and_has_a_reason(self, loan):
        with pytest.raises(ValidationError, match="hari peristiwa terakhir"):
            life.write_off(loan, date(2026, 7, 30))
        with pytest.raises(ValidationError, match="Tulis alasan yang jelas"):
            life.write_off(loan, ON, reason="macet")
        build.payment(loan, 460_000, BEFORE)
        with pytest.raises(ValidationError, match="Tidak ada pokok yang tersisa"):
            life.write_off(loan, ON)
        assert Voucher.objects.filter(kind="write_off").count() == 0


class TestRecovery:
    def test_it_is_income_and_no_principal(self, loan):
        life.write_off(loan, ON)
        receipt = recover(loan, 125_000)
        (part,) = receipt.parts.all()
        assert (part.kind, part.amount, part.loan) == ("recovery", 125_000, loan)
        (entry,) = loan.entries.filter(part=part)
        assert (entry.debit, entry.credit, entry.amount) == ("1.1", "4.5", 125_000)
        assert life.as_of(loan, life.TODAY) == (0, 0)

    def test_one_taken_back_is_income_no_more(self, loan, operator):
        life.write_off(loan, ON)
        receipt = recover(loan, 125_000, by=operator)
        services.reverse_payment(
            receipt=receipt, reason="salah ketik jumlah", reversed_on=life.TODAY, by=operator, uuid=uuid4()
        )
        assert ledger_services.account_balance(loan.group, "4.5", life.TODAY) == 0

    def test_sent_twice_it_is_one_receipt(self, loan):
        life.write_off(loan, ON)
        key = uuid4()
        assert recover(loan, 125_000, uuid=key).pk == recover(loan, 125_000, uuid=key).pk
        with pytest.raises(ValidationError, match="bertabrakan"):
            recover(loan, 126_000, uuid=key)

    def test_it_needs_a_write_off_before_it(self, loan):
        with pytest.raises(ValidationError, match="tidak dihapus buku"):
            recover(loan, 125_000)
        life.write_off(loan, ON)
        with pytest.raises(ValidationError, match="sebelum 20 September 2026"):
            recover(loan, 125_000, BEFORE)
        with pytest.raises(ValidationError, match="lebih dari nol"):
            recover(loan, 0)


class TestCreditBack:
    @pytest.fixture
    def overpaid(self, member, operator):
        made = build.loan(member, by=operator)
        build.payment(made, 1_200_000, ON)
        return made

    def give(self, loan, amount, **fields) -> Voucher:
        facts = {"on": life.TODAY, "by": loan.disbursed_by, "uuid": uuid4()}
        return life_services.give_credit_back(loan=loan, amount=amount, **facts | fields)

    def test_it_leaves_the_till_and_the_debt_to_the_borrower(self, overpaid):
        assert life_services.credit_of(overpaid, life.TODAY) == 50_000
        self.give(overpaid, 30_000)
        assert life.entries_of(overpaid, "credit_back") == [("2.5", "1.1", 30_000)]
        assert life_services.credit_of(overpaid, life.TODAY) == 20_000

    def test_never_more_than_there_is(self, overpaid):
        with pytest.raises(ValidationError, match="Titipan pinjaman ini pada 30 September 2026 Rp50.000"):
            self.give(overpaid, 50_001)
        key = uuid4()
        assert self.give(overpaid, 50_000, uuid=key).pk == self.give(overpaid, 50_000, uuid=key).pk
        with pytest.raises(ValidationError, match="Rp0"):
            self.give(overpaid, 1)
