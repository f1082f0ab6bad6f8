"""What members save: dues by the group's terms, balances, deposits, withdrawals, and what each refuses."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Change
from loans import services
from loans.ledger_services import account_balance, record_voucher, reverse_voucher
from loans.models import Entry, MoneyRules, MonthClosing, Receipt, SavingTerms, Voucher
from loans.saving_services import record_deposit, withdraw_saving
from loans.savings import book_rows, dues, mandatory_due, saving_balances, terms_on, with_savings
from tests import build
from up2k_portal.lib.access import Role
from villages.models import Member

TODAY = date(2026, 9, 30)
AUGUST = date(2026, 8, 10)


def terms(group, kind="mandatory", amount=10_000, since=date(2026, 1, 1), **fields) -> SavingTerms:
    return SavingTerms.objects.create(
        group=group, village=group.village, kind=kind, amount=amount, since=since, **fields
    )


def deposit(member, by, on=AUGUST, **parts) -> Receipt:
    return record_deposit(member=member, parts=parts, received_on=on, by=by, uuid=uuid4())


def withdraw(member, by, amount, kind="voluntary", on=AUGUST, **fields) -> Voucher:
    facts = {"member": member, "kind": kind, "amount": amount, "on": on, "by": by, "uuid": uuid4()}
    return withdraw_saving(**facts | fields)


def opening(member, amount, on):
    """What stood in the old book of wajib."""
    return record_voucher(
        group=member.group, kind="capital", on=on, amount=amount, debit="3.9", credit="3.2", description="Saldo awal",
        by=None, uuid=uuid4(), member=member, source="SWADAYA", nature="hibah", form="uang",
    )  # fmt: skip


def row(since: date, amount: int):
    return SimpleNamespace(since=since, amount=amount)


@pytest.mark.parametrize(
    ("joined_on", "as_of", "due"),
    [
        (date(2025, 5, 20), date(2026, 1, 9), 0),  # nothing is agreed yet
        (date(2025, 5, 20), date(2026, 1, 10), 5_000),  # the first month, whole
        (date(2025, 5, 20), date(2026, 3, 31), 15_000),
        (date(2025, 5, 20), date(2026, 4, 14), 20_000),  # the new amount is not in force on the day
        (date(2025, 5, 20), date(2026, 4, 15), 25_000),  # from its month on: 3 × 5.000 + 10.000
        (date(2025, 5, 20), date(2026, 12, 31), 105_000),  # 3 × 5.000 + 9 × 10.000
        (date(2026, 3, 31), date(2026, 12, 31), 95_000),  # March is her first month
        (date(2026, 6, 1), date(2026, 6, 1), 10_000),
        (date(2026, 6, 1), date(2026, 5, 31), 0),
    ],
)
def test_every_month_begun_owes_the_amount_in_force(joined_on, as_of, due):
    rows = [row(date(2026, 4, 15), 10_000), row(date(2026, 1, 10), 5_000)]
    assert mandatory_due(rows, joined_on, as_of) == due


def test_of_two_terms_in_one_month_the_later_counts():
    rows = [row(date(2026, 1, 1), 5_000), row(date(2026, 1, 20), 7_000)]
    assert mandatory_due(rows, date(2025, 1, 1), date(2026, 2, 28)) == 14_000


def test_a_group_without_terms_locks_pokok_and_wajib_and_asks_nothing(group):
    found = terms_on(group, TODAY)
    said = {kind: (one.amount, one.is_locked, one.returned_on_leaving) for kind, one in found.items()}
    assert said == {
        "initial": (0, True, True),
        "mandatory": (0, True, True),
        "voluntary": (0, False, True),
        "contribution": (0, False, True),
    }


def test_the_terms_of_a_day_are_the_latest_begun(group):
    terms(group, amount=5_000, since=date(2025, 1, 1))
    terms(group, amount=10_000, since=date(2026, 1, 1))
    days = (date(2024, 12, 31), date(2025, 12, 31), date(2026, 1, 1))
    assert [terms_on(group, day)["mandatory"].amount for day in days] == [0, 5_000, 10_000]


def test_a_deposit_is_one_receipt_with_an_entry_a_part(member, operator):
    receipt = deposit(member, operator, initial=50_000, mandatory=10_000, voluntary=25_000, contribution=2_000)
    assert (receipt.number, receipt.amount, receipt.member) == ("AS-2026-0001", 87_000, member)
    assert list(receipt.parts.values_list("kind", "amount", "loan", "member").order_by("pk")) == [
        ("initial", 50_000, None, member.pk),
        ("mandatory", 10_000, None, member.pk),
        ("voluntary", 25_000, None, member.pk),
        ("contribution", 2_000, None, member.pk),
    ]
    entries = Entry.objects.filter(part__receipt=receipt).order_by("pk").values_list("debit", "credit", "amount")
    assert list(entries) == [
        ("1.1", "3.1", 50_000), ("1.1", "3.2", 10_000), ("1.1", "2.1", 25_000), ("1.1", "4.3", 2_000),
    ]  # fmt: skip


def test_the_iuran_goes_to_the_social_fund_where_the_group_set_so(member, operator):
    MoneyRules.objects.create(group=member.group, village=member.village, contribution_to="social")
    deposit(member, operator, contribution=2_000)
    assert [account_balance(member.group, code, TODAY) for code in ("2.4", "4.3")] == [2_000, 0]


def test_a_deposit_takes_the_next_number_of_the_payments_and_may_go_to_the_bank(member, operator):
    build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    facts = {"member": member, "parts": {"voluntary": 5_000}, "received_on": AUGUST, "by": operator}
    receipt = record_deposit(**facts, uuid=uuid4(), till="bank", note="titip")
    assert (receipt.number, receipt.till, receipt.note) == ("AS-2026-0002", "bank", "titip")
    assert account_balance(member.group, "1.2", TODAY) == 5_000


def test_a_deposit_sent_twice_is_done_once(member, operator):
    facts = {"member": member, "parts": {"mandatory": 10_000, "voluntary": 0}, "received_on": AUGUST, "by": operator}
    key = uuid4()
    first, second = (record_deposit(**facts, uuid=key) for _ in range(2))
    assert first == second
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"parts": {"voluntary": 10_000}}, {"received_on": TODAY}, {"till": "bank"}, {"note": "lain"}]
)
def test_another_deposit_under_the_same_key_is_a_conflict(other, member, operator):
    facts = {"member": member, "parts": {"mandatory": 10_000}, "received_on": AUGUST, "by": operator, "uuid": uuid4()}
    record_deposit(**facts)
    with pytest.raises(ValidationError) as refused:
        record_deposit(**facts | other)
    assert refused.value.code == "conflict"
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("parts", "on", "field", "said"),
    [
        (
            {},
            AUGUST,
            "__all__",
            "Belum ada jumlah yang diisi. Isi paling sedikit satu, misalnya simpanan wajib 10.000.",
        ),
        ({"voluntary": 0}, AUGUST, "__all__", "Belum ada jumlah yang diisi."),
        ({"voluntary": -1}, AUGUST, "voluntary", "Simpanan sukarela tidak boleh di bawah nol."),
        ({"voluntary": 1}, date(2026, 10, 1), "received_on", "Tanggal tidak boleh sesudah hari ini"),
        ({"voluntary": 1}, date(2020, 1, 5), "received_on", "Tanggal tidak boleh sebelum 6 Januari 2020."),
    ],
)
def test_a_deposit_that_cannot_be_is_refused_in_words(parts, on, field, said, member, operator):
    with pytest.raises(ValidationError) as refused:
        deposit(member, operator, on=on, **parts)
    found = refused.value.message_dict if hasattr(refused.value, "error_dict") else {"__all__": refused.value.messages}
    assert list(found) == [field]
    assert found[field][0].startswith(said)
    assert Receipt.objects.count() == 0


def test_a_closed_month_takes_no_deposit_and_no_withdrawal(member, operator):
    deposit(member, operator, on=date(2026, 7, 1), voluntary=25_000)
    MonthClosing.objects.create(group=member.group, village=member.village, period=202608)
    with pytest.raises(ValidationError, match=r"Bulan Agustus 2026 sudah ditutup\.") as refused:
        deposit(member, operator, voluntary=5_000)
    assert list(refused.value.message_dict) == ["received_on"]
    with pytest.raises(ValidationError, match=r"Bulan Agustus 2026 sudah ditutup\.") as refused:
        withdraw(member, operator, 5_000)
    assert list(refused.value.message_dict) == ["on"]
    assert deposit(member, operator, on=date(2026, 9, 1), voluntary=5_000).amount == 5_000


def test_who_has_left_pays_nothing_in(group, operator):
    member = build.member(group, name="Aminah", left_on=date(2026, 7, 1), left_reason="pindah")
    with pytest.raises(ValidationError, match="Aminah sudah keluar pada 1 Juli 2026"):
        deposit(member, operator, voluntary=5_000)
    assert deposit(member, operator, on=date(2026, 6, 30), voluntary=5_000).amount == 5_000


def test_balances_are_of_the_day_and_of_each_member(group, member, operator):
    other = build.member(group)
    deposit(member, operator, on=date(2026, 3, 1), initial=50_000, mandatory=10_000, contribution=2_000)
    deposit(member, operator, on=date(2026, 4, 1), mandatory=10_000, voluntary=30_000)
    withdraw(member, operator, 20_000, on=date(2026, 5, 1))
    assert saving_balances([member, other], date(2026, 3, 31)) == {
        member.pk: {"initial": 50_000, "mandatory": 10_000, "voluntary": 0},
        other.pk: {"initial": 0, "mandatory": 0, "voluntary": 0},
    }
    assert saving_balances([member], TODAY)[member.pk] == {"initial": 50_000, "mandatory": 20_000, "voluntary": 10_000}


@pytest.mark.parametrize("long_list", [2, 100])  # a stretch of keys with another member's among them; a list of keys
def test_balances_of_many_cost_one_query(group, operator, django_assert_num_queries, monkeypatch, long_list):
    monkeypatch.setattr("loans.savings.LONG_LIST", long_list)
    members = [build.member(group) for _ in range(5)]
    for one in members:
        deposit(one, operator, mandatory=10_000, voluntary=5_000)
    asked = [one for one in members if one != members[2]]
    with django_assert_num_queries(1):
        shown = saving_balances(asked, TODAY)
    assert {key: sum(kinds.values()) for key, kinds in shown.items()} == {one.pk: 15_000 for one in asked}


def test_a_reversed_deposit_takes_each_saving_back(member, operator):
    receipt = deposit(member, operator, mandatory=10_000, voluntary=25_000)
    services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=AUGUST, by=operator, uuid=uuid4()
    )
    assert saving_balances([member], TODAY)[member.pk] == {"initial": 0, "mandatory": 0, "voluntary": 0}
    assert [one.balance for one in book_rows(member, TODAY)] == [10_000, 35_000, 25_000, 0]


def test_a_deposit_whose_money_was_taken_out_cannot_be_reversed(member, operator):
    build.capital(member.group)
    receipt = deposit(member, operator, voluntary=25_000)
    withdraw(member, operator, 20_000, on=TODAY)
    with pytest.raises(ValidationError, match=r"pada 30 September 2026 Rp5\.000, kurang dari Rp25\.000\."):
        services.reverse_payment(
            receipt=receipt, reason="salah ketik jumlah", reversed_on=AUGUST, by=operator, uuid=uuid4()
        )
    assert saving_balances([member], TODAY)[member.pk]["voluntary"] == 5_000


def test_a_withdrawal_is_a_voucher_out_of_the_till(member, operator):
    deposit(member, operator, voluntary=25_000)
    voucher = withdraw(member, operator, 20_000)
    assert (voucher.number, voucher.kind, voucher.amount) == ("AS-K-2026-0001", "withdrawal", 20_000)
    assert (voucher.member, voucher.party, voucher.description) == (member, "Norhasanah", "Penarikan simpanan sukarela")
    assert list(voucher.entries.values_list("debit", "credit", "amount", "member")) == [
        ("2.1", "1.1", 20_000, member.pk)
    ]
    assert account_balance(member.group, "1.1", TODAY) == 5_000


def test_a_withdrawal_of_everything_sent_twice_is_done_once(member, operator):
    deposit(member, operator, voluntary=25_000)
    key = uuid4()
    first, second = (withdraw(member, operator, 25_000, uuid=key) for _ in range(2))
    assert first == second
    assert saving_balances([member], TODAY)[member.pk]["voluntary"] == 0


def test_the_same_key_for_another_member_is_a_conflict(group, member, operator):
    other = build.member(group)
    for one in (member, other):
        deposit(one, operator, voluntary=25_000)
    key = uuid4()
    withdraw(member, operator, 5_000, uuid=key)
    with pytest.raises(ValidationError) as refused:
        withdraw(other, operator, 5_000, uuid=key)
    assert refused.value.code == "conflict"


def test_no_day_may_show_savings_below_zero(member, operator):
    deposit(member, operator, on=date(2026, 3, 1), voluntary=30_000)
    withdraw(member, operator, 25_000, on=date(2026, 6, 1))
    deposit(member, operator, on=date(2026, 7, 1), voluntary=50_000)
    with pytest.raises(ValidationError) as refused:  # on 1 April she had 30.000, but on 1 June only 5.000
        withdraw(member, operator, 10_000, on=date(2026, 4, 1))
    said = "Simpanan sukarela Norhasanah pada 1 Juni 2026 Rp5.000, kurang dari Rp10.000."
    assert refused.value.message_dict == {"amount": [f"{said} Periksa jumlah dan tanggalnya."]}
    assert withdraw(member, operator, 5_000, on=date(2026, 4, 1)).amount == 5_000


def test_a_reversed_withdrawal_gives_the_savings_back(member, operator):
    deposit(member, operator, voluntary=25_000)
    voucher = withdraw(member, operator, 20_000)
    reverse_voucher(voucher=voucher, reason="salah ketik jumlah", reversed_on=AUGUST, by=operator, uuid=uuid4())
    assert saving_balances([member], TODAY)[member.pk]["voluntary"] == 25_000
    assert [(one.paid_in, one.paid_out, one.balance) for one in book_rows(member, TODAY)] == [
        (25_000, 0, 25_000),
        (0, 20_000, 5_000),
        (20_000, 0, 25_000),
    ]


@pytest.mark.parametrize("kind", ["initial", "mandatory"])
def test_locked_savings_stay_while_she_is_a_member(kind, member, operator):
    deposit(member, operator, **{kind: 10_000})
    with pytest.raises(ValidationError, match="tidak dapat ditarik selama Norhasanah masih anggota") as refused:
        withdraw(member, operator, 5_000, kind=kind)
    assert list(refused.value.message_dict) == ["kind"]


def test_the_iuran_cannot_be_taken_out(member, operator):
    deposit(member, operator, contribution=5_000)
    with pytest.raises(ValidationError, match="Iuran bukan simpanan"):
        withdraw(member, operator, 5_000, kind="contribution")


def test_a_till_without_money_pays_nothing_out(member, operator):
    deposit(member, operator, voluntary=25_000)
    with pytest.raises(ValidationError, match="Saldo bank"):
        withdraw(member, operator, 5_000, till="bank")


def test_dues_are_what_was_agreed_less_what_was_paid_in(member, operator):
    terms(member.group, "initial", 50_000, date(2019, 1, 1))
    terms(member.group, "mandatory", 10_000)
    terms(member.group, "contribution", 2_000, date(2026, 6, 1))
    deposit(member, operator, initial=20_000, mandatory=35_000, contribution=10_000)
    assert dues(member, TODAY) == {
        "initial": 30_000,
        "mandatory": 55_000,  # nine months
        "voluntary": 0,
        "contribution": 0,  # four months, 8.000, and 2.000 ahead
    }


def test_pokok_is_what_it_was_when_she_joined(member, operator):
    terms(member.group, "initial", 25_000, date(2019, 1, 1))
    terms(member.group, "initial", 50_000, date(2024, 1, 1))
    assert dues(member, TODAY)["initial"] == 25_000  # she joined in 2020


def test_a_reversed_deposit_is_due_again_and_a_withdrawal_is_not(member, operator):
    terms(member.group, "mandatory", 10_000, is_locked=False)
    receipt = deposit(member, operator, on=date(2026, 3, 1), mandatory=60_000)
    withdraw(member, operator, 30_000, kind="mandatory")
    assert dues(member, TODAY)["mandatory"] == 30_000
    other = deposit(member, operator, mandatory=30_000)
    assert dues(member, TODAY)["mandatory"] == 0
    services.reverse_payment(receipt=other, reason="salah ketik jumlah", reversed_on=AUGUST, by=operator, uuid=uuid4())
    assert dues(member, TODAY)["mandatory"] == 30_000
    assert receipt.amount == 60_000


@pytest.mark.parametrize(("on", "due"), [(date(2026, 1, 1), 90_000), (date(2026, 1, 2), 0)])
def test_the_old_books_wajib_was_for_the_months_before_the_terms(on, due, member):
    terms(member.group, "mandatory", 10_000)
    opening(member, 500_000, on)
    assert dues(member, TODAY)["mandatory"] == due
    assert with_savings(Member.objects.all(), TODAY).get().mandatory_late == due


def test_who_left_owes_up_to_the_month_of_leaving(group):
    terms(group, "mandatory", 10_000)
    member = build.member(group, left_on=date(2026, 4, 2), left_reason="pindah")
    assert dues(member, TODAY)["mandatory"] == 40_000


def test_what_was_paid_before_the_terms_began_pays_no_month_of_theirs_nor_does_taking_it_back(member, operator):
    terms(member.group, "mandatory", 10_000, date(2026, 6, 1))
    before = deposit(member, operator, on=date(2026, 5, 10), mandatory=25_000, contribution=5_000)
    deposit(member, operator, on=date(2026, 6, 10), mandatory=15_000)
    due = [dues(member, TODAY)["mandatory"], with_savings(Member.objects.all(), TODAY).get().mandatory_late]
    reason = {"reason": "salah ketik jumlah", "reversed_on": date(2026, 9, 1), "by": operator, "uuid": uuid4()}
    services.reverse_payment(receipt=before, **reason)
    due += [dues(member, TODAY)["mandatory"], with_savings(Member.objects.all(), TODAY).get().mandatory_late]
    assert due == [25_000] * 4  # June to September, less what was paid in June


@pytest.mark.parametrize("as_of", [date(2025, 12, 31), date(2026, 1, 31), date(2026, 5, 14), date(2026, 5, 15), TODAY])
def test_the_list_tells_the_same_rupiah_as_the_member(as_of, group, operator):
    terms(group, "mandatory", 5_000, date(2026, 1, 1))
    terms(group, "mandatory", 10_000, date(2026, 5, 1))
    terms(group, "mandatory", 12_000, date(2026, 5, 15))
    build.group(group.village)  # another group's terms are its own
    members = [
        build.member(group, joined_on=date(2020, 1, 6)),
        build.member(group, joined_on=date(2026, 3, 31)),
        build.member(group, joined_on=date(2026, 3, 31), left_on=date(2026, 6, 1), left_reason="pindah"),
        build.member(group, joined_on=date(2026, 5, 20), left_on=date(2026, 5, 21), left_reason="pindah"),
    ]
    for one in members[:3]:
        deposit(one, operator, on=date(2026, 5, 10), initial=50_000, mandatory=15_000, voluntary=4_000)
    withdraw(members[0], operator, 1_000, on=date(2026, 5, 12))
    told = {one.pk: one for one in with_savings(Member.objects.all(), as_of)}
    saved = saving_balances(members, as_of)
    for one in members:
        row = told[one.pk]
        assert {kind: getattr(row, kind) for kind in saved[one.pk]} == saved[one.pk]
        assert row.savings == sum(saved[one.pk].values())
        assert row.mandatory_late == dues(one, as_of)["mandatory"]


def test_the_book_names_the_papers_in_order_and_runs_a_balance(member, operator):
    deposit(member, operator, on=date(2026, 3, 1), mandatory=10_000, voluntary=30_000, contribution=2_000)
    withdraw(member, operator, 5_000, on=date(2026, 4, 1))
    book = book_rows(member, TODAY)
    told = [(one.on, one.number, str(one.kind), one.paid_in, one.paid_out, one.balance) for one in book]
    assert told == [
        (date(2026, 3, 1), "AS-2026-0001", "mandatory", 10_000, 0, 10_000),
        (date(2026, 3, 1), "AS-2026-0001", "voluntary", 30_000, 0, 40_000),
        (date(2026, 4, 1), "AS-K-2026-0001", "voluntary", 0, 5_000, 35_000),
    ]
    assert len(book_rows(member, date(2026, 3, 31))) == 2


def test_the_book_costs_one_query(member, operator, django_assert_num_queries):
    for _ in range(4):
        deposit(member, operator, mandatory=10_000)
    with django_assert_num_queries(1):
        assert book_rows(member, TODAY)[-1].balance == 40_000


def test_a_deposit_and_a_withdrawal_leave_their_history(member, pandulangan):
    by = build.user(Role.OPERATOR, pandulangan.code)
    receipt = deposit(member, by, voluntary=25_000)
    voucher = withdraw(member, by, 5_000)
    told = Change.objects.filter(model__in=("loans.receipt", "loans.voucher")).order_by("pk")
    assert [(one.object_id, one.user) for one in told] == [(receipt.pk, by), (voucher.pk, by)]
