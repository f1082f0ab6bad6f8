"""What a key stands for, whose rows a voucher may name, and which source lent what."""

from datetime import date
from uuid import uuid4, uuid5

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from loans import ledger_services, proposal_services, saving_services, voucher_services
from loans.chart import BANK, CASH, DEBT, GRANTS
from loans.forms import OnceForm
from loans.models import Entry, Voucher
from tests import build

DAY = date(2026, 9, 10)


def facts_of(group, by, **fields) -> dict:
    told = {
        "group": group, "kind": "capital", "on": DAY, "amount": 500_000, "debit": CASH, "credit": GRANTS,
        "description": "modal swadaya", "by": by, "uuid": uuid4(), "till": "cash", "party": "Warga",
        "source": "SWADAYA", "nature": "hibah", "form": "uang",
    }  # fmt: skip
    return told | fields


def borrow(group, by, amount=2_000_000, **fields) -> Voucher:
    facts = facts_of(group, by, amount=amount, credit=DEBT, source="BANK", nature="pinjaman")
    return ledger_services.record_voucher(**facts | fields)


def give_back(group, by, amount, **fields) -> Voucher:
    facts = {
        "on": DAY, "till": "cash", "description": "angsuran utang", "uuid": uuid4(), "source": "BANK",
        "nature": "pinjaman", "form": "uang", "party": "BRI Unit Alabio",
    }  # fmt: skip
    return voucher_services.return_capital(group=group, amount=amount, by=by, **facts | fields)


def test_the_same_key_and_content_is_one_voucher(group, operator):
    facts = facts_of(group, operator)
    first, second = (ledger_services.record_voucher(**facts) for _ in range(2))
    assert (first, Voucher.objects.count()) == (second, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"till": "bank"},
        {"party": "Dinas PMD"},
        {"source": "APBDES"},
        {"nature": "bergulir"},
        {"form": "barang"},
        {"description": "hibah"},
        {"amount": 500_001},
        {"on": date(2026, 9, 11)},
        {"debit": BANK},
        {"kind": "income"},
        {"lines": [(CASH, GRANTS, 200_000), (CASH, GRANTS, 300_000)]},
    ],
)
def test_the_same_key_with_other_content_is_a_conflict(other, group, operator):
    facts = facts_of(group, operator)
    ledger_services.record_voucher(**facts)
    with pytest.raises(ValidationError) as refused:
        ledger_services.record_voucher(**facts | other)
    assert refused.value.code == "conflict"


def test_the_same_key_for_another_member_or_loan_is_a_conflict(group, member, operator):
    loan, other = build.loan(member, by=operator), build.loan(build.member(group), by=operator)
    facts = facts_of(group, operator, member=member, loan=loan)
    ledger_services.record_voucher(**facts)
    for told in ({"member": other.member}, {"loan": other}, {"member": None}):
        with pytest.raises(ValidationError) as refused:
            ledger_services.record_voucher(**facts | told)
        assert refused.value.code == "conflict"


def test_lines_sent_again_are_the_same_voucher(group, operator):
    facts = facts_of(group, operator, lines=[(CASH, GRANTS, 200_000), (BANK, GRANTS, 300_000)])
    first, second = (ledger_services.record_voucher(**facts) for _ in range(2))
    assert (first, Entry.objects.count()) == (second, 2)


@pytest.mark.parametrize("other", [{"reversed_on": date(2026, 9, 11)}, {"reason": "salah ketik tanggal"}])
def test_a_correction_with_another_day_or_reason_is_a_conflict(other, group, operator):
    voucher = ledger_services.record_voucher(**facts_of(group, operator))
    facts = {"voucher": voucher, "reason": "salah ketik jumlah", "reversed_on": DAY, "by": operator, "uuid": uuid4()}
    assert ledger_services.reverse_voucher(**facts) == ledger_services.reverse_voucher(**facts)
    with pytest.raises(ValidationError) as refused:
        ledger_services.reverse_voucher(**facts | other)
    assert refused.value.code == "conflict"


def test_a_member_or_loan_of_another_group_is_refused_in_words(group, operator):
    other = build.group(group.village, name="UP2K Melati")
    stranger = build.member(other, name="Aminah")
    foreign = {"member": stranger, "loan": build.loan(stranger, by=operator)}
    before = Voucher.objects.count()
    for name, row in foreign.items():
        with pytest.raises(ValidationError) as refused:
            ledger_services.record_voucher(**facts_of(group, operator) | {name: row})
        assert refused.value.message_dict == {name: [f"{row} dari kelompok lain. Pilih dari UP2K As Syifa."]}
    assert Voucher.objects.count() == before


def test_a_withdrawal_sent_twice_is_one_and_another_members_is_a_conflict(group, member, operator):
    other = build.member(group)
    for one in (member, other):
        saving_services.record_deposit(
            member=one, parts={"voluntary": 10_000}, received_on=DAY, by=operator, uuid=uuid4()
        )
    facts = {"member": member, "kind": "voluntary", "amount": 10_000, "on": DAY, "by": operator, "uuid": uuid4()}
    first, second = (saving_services.withdraw_saving(**facts) for _ in range(2))
    assert (first, Voucher.objects.count()) == (second, 1)
    for told in ({"member": other}, {"till": "bank"}, {"kind": "mandatory"}):
        with pytest.raises(ValidationError) as refused:
            saving_services.withdraw_saving(**facts | told)
        assert refused.value.code == "conflict"


def test_a_form_takes_no_key_of_those_that_the_portal_derives(member, operator):
    proposal = build.proposal(member, by=operator)
    form = OnceForm(data={"uuid": str(uuid5(proposal.uuid, "disbursement"))}, access=None)
    assert form.errors == {"uuid": ["Kunci kiriman ini tidak dikenal. Muat ulang halaman, lalu isi lagi."]}
    assert OnceForm(data={"uuid": str(uuid4())}, access=None).is_valid()


def test_nobody_blocks_a_disbursement_by_a_voucher_under_its_key(member, operator, as_user):
    proposal = build.proposal(member, by=operator)
    typed = {
        "amount": "1.000", "on": "10-9-2026", "description": "x", "account": "4.9", "till": "cash", "party": "x",
        "uuid": str(uuid5(proposal.uuid, "disbursement")),
    }  # fmt: skip
    before = Voucher.objects.count()
    page = as_user(operator).post(reverse("voucher-income", args=[member.group_id]), typed)
    assert "Kunci kiriman ini tidak dikenal." in page.content.decode()
    assert Voucher.objects.count() == before
    assert proposal_services.disburse_loan(loan=proposal, disbursed_on=DAY, by=operator).is_disbursed


def test_capital_goes_back_to_the_source_that_lent_it(group, operator):
    borrow(group, operator)
    borrow(group, operator, 300_000, source="LKM")
    with pytest.raises(ValidationError) as refused:
        give_back(group, operator, 300_001, source="LKM")
    assert refused.value.message_dict == {
        "amount": ["Utang kepada sumber ini (LKM/UPK, pinjaman) tinggal Rp300.000. Paling banyak sebesar itu."]
    }
    give_back(group, operator, 300_000, source="LKM")
    for told in ({"source": "LKM"}, {"source": "KOPERASI"}, {"nature": "bergulir"}):
        with pytest.raises(ValidationError, match="tidak berutang modal dari sumber ini"):
            give_back(group, operator, 1, **told)
    give_back(group, operator, 2_000_000)


def test_what_the_old_book_owed_counts_for_its_source(group, operator):
    borrow(group, operator, 400_000, kind="opening", debit="3.9", till="cash", source="APBD_KAB", nature="bergulir")
    build.capital(group)
    give_back(group, operator, 400_000, source="APBD_KAB", nature="bergulir")
    assert ledger_services.account_balance(group, DEBT, DAY) == 0


def test_one_sources_debt_does_not_stand_for_anothers(group, operator):
    """However much the group owes in all, what was paid back to one source keeps that one's voucher."""
    lkm = borrow(group, operator, 300_000, source="LKM")
    borrow(group, operator)
    give_back(group, operator, 1, source="LKM")
    with pytest.raises(ValidationError, match="utang kepada sumber ini tinggal Rp299.999, bukti ini Rp300.000"):
        ledger_services.reverse_voucher(
            voucher=lkm, reason="salah ketik jumlah", reversed_on=DAY, by=operator, uuid=uuid4()
        )
