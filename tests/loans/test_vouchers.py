"""Vouchers: between which accounts each kind moves the money, and what is refused."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from loans import ledger_services, voucher_services
from loans.chart import BANK, CASH, DEBT, GOODS, GRANTS
from loans.models import Entry, Voucher
from loans.voucher_forms import EXPENSES, INCOMES, CapitalBackForm, CapitalForm, ExpenseForm, IncomeForm, TransferForm

DAY = date(2026, 9, 10)
COMMON = {
    "amount": "500.000",
    "on": "10-9-2026",
    "description": "uraian",
    "uuid": "6b0a1f5c-6a34-4a0e-9c58-3d6c4ff4d111",
}


def filled(form_class, access=None, **typed):
    form = form_class(data=COMMON | typed, access=access)
    assert form.is_valid(), form.errors
    return form


CAPITAL = {"source": "APBD_KAB", "till": "cash"}
MOVES = [
    (IncomeForm, {"account": "4.9", "till": "cash", "party": "x"}, ("income", "1.1", "4.9")),
    (IncomeForm, {"account": "4.2", "till": "bank", "party": "x"}, ("income", "1.2", "4.2")),
    (ExpenseForm, {"account": "5.2", "till": "cash", "party": "x"}, ("expense", "5.2", "1.1")),
    (ExpenseForm, {"account": "5.5", "till": "bank", "party": "x"}, ("expense", "5.5", "1.2")),
    (CapitalForm, CAPITAL | {"nature": "hibah", "form": "uang", "party": "x"}, ("capital", "1.1", "3.3")),
    (CapitalForm, CAPITAL | {"nature": "hibah", "form": "barang", "party": "x"}, ("capital", "1.5", "3.3")),
    (
        CapitalForm,
        {"source": "SWADAYA", "till": "bank", "nature": "hibah", "form": "uang", "party": "x"},
        ("capital", "1.2", "3.3"),
    ),
    (CapitalForm, CAPITAL | {"nature": "pinjaman", "form": "uang", "party": "x"}, ("capital", "1.1", "2.2")),
    (CapitalForm, CAPITAL | {"nature": "bergulir", "form": "barang", "party": "x"}, ("capital", "1.5", "2.2")),
    (CapitalBackForm, CAPITAL | {"nature": "pinjaman", "party": "x"}, ("capital_back", "2.2", "1.1")),
    (TransferForm, {"till": "cash"}, ("transfer", "1.2", "1.1")),
    (TransferForm, {"till": "bank"}, ("transfer", "1.1", "1.2")),
]


@pytest.mark.parametrize(("form_class", "typed", "moved"), MOVES)
def test_each_kind_moves_money_between_its_two_accounts(form_class, typed, moved, db):
    facts = filled(form_class, **typed).facts()
    assert (facts["kind"], facts["debit"], facts["credit"]) == moved
    assert (facts["amount"], facts["on"], facts["description"]) == (500_000, DAY, "uraian")


def test_goods_lie_in_no_till(db):
    facts = filled(CapitalForm, source="CSR_SWASTA", nature="hibah", form="barang", till="bank", party="x").facts()
    assert (facts["till"], facts["debit"]) == ("cash", "1.5")


def test_nobody_is_paid_for_a_loss_or_a_difference_of_cash():
    assert [code for code, _ in EXPENSES] == ["5.1", "5.2", "5.3", "5.4", "5.5", "5.9"]
    assert INCOMES == [("4.9", "Penerimaan lain"), ("4.2", "Hasil usaha kelompok")]


def test_what_the_people_gave_themselves_is_no_loan(db):
    typed = {"source": "SWADAYA", "nature": "bergulir", "form": "uang", "till": "cash", "party": "x"}
    form = CapitalForm(data=COMMON | typed, access=None)
    assert form.errors == {
        "nature": ["Swadaya tidak dipinjam: pilih sifat Hibah, atau sumber lain bila harus dikembalikan."]
    }


def test_a_description_has_at_most_200_letters(db):
    form = TransferForm(data=COMMON | {"till": "cash", "description": "x" * 201}, access=None)
    assert list(form.errors) == ["description"]


@pytest.mark.parametrize(("till", "words"), [("cash", "Setor ke bank"), ("bank", "Ambil dari bank")])
def test_moving_money_between_cash_and_bank_needs_no_words(till, words, db):
    assert filled(TransferForm, till=till, description="").facts()["description"] == words


def borrow(group, by, amount=2_000_000, on=DAY):
    return ledger_services.record_voucher(
        group=group, kind="capital", on=on, amount=amount, debit=CASH, credit=DEBT, description="modal", by=by,
        uuid=uuid4(), source="BANK", nature="pinjaman", form="uang",
    )  # fmt: skip


def give_back(group, by, amount, on=DAY, uuid=None):
    return voucher_services.return_capital(
        group=group, on=on, amount=amount, till="cash", description="angsuran utang", by=by, uuid=uuid or uuid4(),
        source="BANK", nature="pinjaman", form="uang", party="BRI Unit Alabio",
    )  # fmt: skip


def test_borrowed_capital_is_paid_back_up_to_the_debt(group, operator):
    borrow(group, operator)
    paid = give_back(group, operator, 1_500_000)
    entry = paid.entries.get()
    assert (paid.number, paid.kind, entry.debit, entry.credit) == ("AS-K-2026-0001", "capital_back", "2.2", "1.1")
    with pytest.raises(ValidationError) as refused:
        give_back(group, operator, 500_001)
    assert refused.value.message_dict == {
        "amount": [
            "Utang kepada sumber ini (Bank (BRI/BPR/KUR), pinjaman) tinggal Rp500.000. Paling banyak sebesar itu."
        ]
    }
    give_back(group, operator, 500_000)
    assert ledger_services.account_balance(group, DEBT, DAY) == 0


def test_a_group_without_debt_pays_no_capital_back(group, operator):
    with pytest.raises(ValidationError) as refused:
        give_back(group, operator, 1)
    assert refused.value.messages == [
        "Pada 10 September 2026 kelompok tidak berutang modal dari sumber ini (Bank (BRI/BPR/KUR), pinjaman). "
        "Hibah dan swadaya tidak dikembalikan; catat dulu modal pinjamannya lewat Modal masuk."
    ]


def test_a_repayment_before_a_later_one_counts_that_one_too(group, operator):
    borrow(group, operator)
    give_back(group, operator, 1_500_000, on=date(2026, 9, 20))
    with pytest.raises(ValidationError) as refused:
        give_back(group, operator, 600_000, on=date(2026, 9, 15))
    assert "pinjaman) tinggal Rp500.000." in refused.value.messages[0]


def test_a_repayment_sent_twice_is_one(group, operator):
    borrow(group, operator)
    key = uuid4()
    first, second = (give_back(group, operator, 2_000_000, uuid=key) for _ in range(2))
    assert (first, Voucher.objects.count()) == (second, 2)


def test_borrowed_capital_is_not_taken_back_once_part_of_it_was_repaid(group, operator):
    borrowed = borrow(group, operator)
    borrow(group, operator, 300_000)
    repaid = give_back(group, operator, 500_000)
    facts = {"reason": "salah ketik jumlah", "reversed_on": DAY, "by": operator}
    with pytest.raises(ValidationError) as refused:
        ledger_services.reverse_voucher(voucher=borrowed, uuid=uuid4(), **facts)
    assert refused.value.messages == [
        "Modal ini sudah dikembalikan sebagian: utang kepada sumber ini tinggal Rp1.800.000, bukti ini Rp2.000.000. "
        "Koreksi dulu bukti pengembaliannya."
    ]
    ledger_services.reverse_voucher(voucher=repaid, uuid=uuid4(), **facts)
    ledger_services.reverse_voucher(voucher=borrowed, uuid=uuid4(), **facts)
    assert ledger_services.balances(group, DAY, (CASH, DEBT)) == {CASH: 300_000, DEBT: 300_000}


def test_taking_back_is_a_new_voucher_with_the_accounts_swapped(group, operator):
    voucher = borrow(group, operator)
    facts = {"reason": "salah ketik jumlah", "reversed_on": DAY, "by": operator, "uuid": uuid4()}
    reversal, again = (ledger_services.reverse_voucher(voucher=voucher, **facts) for _ in range(2))
    assert (again, reversal.number, reversal.amount) == (reversal, "AS-M-2026-0002", -2_000_000)
    assert list(Entry.objects.values_list("debit", "credit", "amount").order_by("pk")) == [
        ("1.1", "2.2", 2_000_000),
        ("2.2", "1.1", 2_000_000),
    ]


def test_cash_that_is_not_there_cannot_be_spent(group, operator):
    form = filled(ExpenseForm, account="5.1", till="cash", party="Toko Amanah")
    with pytest.raises(ValidationError) as refused:
        ledger_services.record_voucher(group=group, by=operator, **form.facts())
    assert refused.value.messages == [
        "Saldo kas pada 10 September 2026 Rp0, kurang dari Rp500.000. "
        "Catat dulu penerimaan atau modalnya, atau periksa jumlahnya."
    ]


def test_money_and_goods_given_stand_in_their_accounts(group, operator):
    for form in ("uang", "barang"):
        typed = {
            "source": "APBDES",
            "nature": "hibah",
            "form": form,
            "till": "bank",
            "party": "Desa",
            "uuid": str(uuid4()),
        }
        ledger_services.record_voucher(group=group, by=operator, **filled(CapitalForm, **typed).facts())
    assert ledger_services.balances(group, DAY, (CASH, BANK, GOODS, GRANTS)) == {
        CASH: 0,
        BANK: 500_000,
        GOODS: 500_000,
        GRANTS: 1_000_000,
    }
    assert sorted(Voucher.objects.values_list("number", flat=True)) == ["AS-J-2026-0001", "AS-M-2026-0001"]
