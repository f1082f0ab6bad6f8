"""A proposal on its way: proposed, verified by another, decided by another, paid out; each step done once."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from loans.models import Loan, LoanShare, MoneyRules
from loans.proposal_services import (
    approve_loan,
    disburse_loan,
    propose_loan,
    reject_loan,
    verify_loan,
    withdraw_loan,
)
from tests import build
from up2k_portal.lib.access import Role

DAY = date(2026, 9, 30)


@pytest.fixture
def proposal(member, operator):
    return build.proposal(member, 2_000_000, by=operator)


@pytest.fixture
def colleague(pandulangan):
    return build.user(Role.OPERATOR, pandulangan.code, name="Masniah")


def strict(group, **fields) -> MoneyRules:
    return MoneyRules.objects.create(group=group, village=group.village, needs_verification=True, **fields)


def test_amounts_go_down_from_step_to_step_and_the_principal_follows(proposal, operator, colleague, district_officer):
    verified = verify_loan(loan=proposal, amount=1_800_000, note="kiosnya kecil", by=colleague)
    assert (verified.status, verified.principal, verified.verified_on) == ("verified", 1_800_000, DAY)
    assert (verified.verified_by, verified.verification_note) == (colleague, "kiosnya kecil")
    approved = approve_loan(loan=proposal, amount=1_500_000, by=district_officer)
    paid_out = disburse_loan(loan=approved, disbursed_on=DAY, by=operator)
    amounts = (paid_out.proposed_amount, paid_out.verified_amount, paid_out.approved_amount, paid_out.principal)
    assert amounts == (2_000_000, 1_800_000, 1_500_000, 1_500_000)
    assert sum(row.principal for row in paid_out.instalments.all()) == 1_500_000
    assert paid_out.vouchers.get().amount == 1_500_000


def test_without_an_amount_a_step_leaves_what_was_there(proposal, colleague, district_officer):
    verify_loan(loan=proposal, amount=1_800_000, by=colleague)
    assert approve_loan(loan=proposal, by=district_officer).approved_amount == 1_800_000


@pytest.mark.parametrize("verb", [verify_loan, approve_loan])
def test_no_step_goes_above_the_proposal_or_to_nothing(verb, proposal, district_officer):
    with pytest.raises(ValidationError, match=r"Rp2\.000\.001 melebihi yang diajukan Rp2\.000\.000"):
        verb(loan=proposal, amount=2_000_001, by=district_officer)
    with pytest.raises(ValidationError, match="lebih dari nol"):
        verb(loan=proposal, amount=0, by=district_officer)


def test_who_proposed_neither_verifies_nor_decides(proposal, operator):
    with pytest.raises(ValidationError, match="tidak boleh memverifikasi"):
        verify_loan(loan=proposal, by=operator)
    for decide in (approve_loan, reject_loan):
        with pytest.raises(ValidationError, match="tidak boleh memutuskan"):
            decide(loan=proposal, by=operator, note="sudah dilihat")


def test_above_the_limit_a_verified_loan_still_waits_for_the_kecamatan(member, operator, colleague, district_officer):
    loan = build.proposal(member, 9_000_000, by=operator)
    verify_loan(loan=loan, by=colleague)
    with pytest.raises(ValidationError, match="di atas batas operator"):
        disburse_loan(loan=loan, disbursed_on=DAY, by=operator)
    approve_loan(loan=loan, by=district_officer)
    assert disburse_loan(loan=loan, disbursed_on=DAY, by=operator).is_disbursed


def test_where_the_group_asks_it_nothing_is_decided_or_paid_out_unverified(
    group, proposal, operator, colleague, district_officer
):
    strict(group)
    for act in (
        lambda: approve_loan(loan=proposal, by=district_officer),
        lambda: reject_loan(loan=proposal, by=district_officer, note="usahanya belum jalan"),
        lambda: disburse_loan(loan=proposal, disbursed_on=DAY, by=operator),
    ):
        with pytest.raises(ValidationError, match="harus diverifikasi dulu oleh orang kedua"):
            act()
    verify_loan(loan=proposal, by=colleague)
    assert disburse_loan(loan=proposal, disbursed_on=DAY, by=operator).is_disbursed


def test_each_step_sent_again_by_the_same_person_changes_nothing(proposal, colleague, district_officer):
    for act in (
        lambda by: verify_loan(loan=proposal, amount=1_800_000, note="dilihat", by=by),
        lambda by: approve_loan(loan=proposal, amount=1_500_000, note="boleh", by=by),
        lambda by: withdraw_loan(loan=proposal, note="batal berjualan", by=by),
    ):
        first, changes = act(district_officer), Change.objects.count()
        again = act(district_officer)
        assert (again.pk, again.status, Change.objects.count()) == (first.pk, first.status, changes)
        with pytest.raises(ValidationError):
            act(colleague)


def test_a_rejection_sent_again_is_one_and_with_another_reason_is_refused(proposal, district_officer):
    reject_loan(loan=proposal, by=district_officer, note="usahanya belum jalan")
    assert reject_loan(loan=proposal, by=district_officer, note="usahanya belum jalan").status == "rejected"
    with pytest.raises(ValidationError, match="sudah ditolak"):
        reject_loan(loan=proposal, by=district_officer, note="tunggakan belum selesai")


def test_a_proposal_sent_again_is_one_and_any_other_content_a_conflict(group, operator, colleague):
    poklak = build.poklak(group)
    ones = [build.member(group, poklak=poklak) for _ in range(2)]
    facts = {
        "product": build.product(group),
        "borrower": poklak,
        "principal": 1_000_000,
        "purpose": "bibit itik",
        "proposed_on": DAY,
        "uuid": uuid4(),
        "by": operator,
        "shares": dict.fromkeys(ones, 500_000),
    }
    first = propose_loan(**facts)
    assert propose_loan(**facts) == first
    others = {
        "product": build.product(group),
        "borrower": ones[0],
        "principal": 900_000,
        "purpose": "pakan itik",
        "proposed_on": date(2026, 9, 29),
        "by": colleague,
        "shares": {ones[0]: 1_000_000},
    }
    for name, other in others.items():
        with pytest.raises(ValidationError) as error:
            propose_loan(**facts | {name: other})
        assert error.value.code == "conflict"
    assert (Loan.objects.count(), LoanShare.objects.count()) == (1, 2)


def test_a_proposal_sent_again_after_verification_is_still_the_same(proposal, member, operator, colleague):
    verify_loan(loan=proposal, amount=1_000_000, by=colleague)
    again = build.proposal(
        member, 2_000_000, by=operator, product=proposal.product, uuid=proposal.uuid, proposed_on=proposal.proposed_on
    )
    assert again == proposal


def test_who_left_the_poklak_since_gets_no_money(group, operator):
    poklak = build.poklak(group)
    stays, leaves = (build.member(group, poklak=poklak) for _ in range(2))
    loan = build.proposal(poklak, 1_000_000, by=operator, shares=dict.fromkeys((stays, leaves), 500_000))
    leaves.left_on, leaves.left_reason = date(2026, 9, 1), "moved"
    leaves.save()
    with pytest.raises(ValidationError, match="sudah keluar pada 1 September 2026"):
        disburse_loan(loan=loan, disbursed_on=DAY, by=operator)


def test_a_warning_is_seen_before_the_proposal_is_saved(member, operator, as_user):
    facts = {
        "uuid": str(uuid4()),
        "product": build.product(member.group).pk,
        "principal": "1.000.000",
        "purpose": "benang bordir",
        "proposed_on": "1/9/26",
    }
    url, client = reverse("loan-propose", args=[member.pk]), as_user(operator)
    page = client.post(url, facts).content.decode()
    assert ("Tetap ajukan" in page, "Kelompok ini belum punya SK." in page) == (True, True)
    assert not Loan.objects.exists()
    assert 'value="benang bordir"' in client.post(url, facts | {"edit": "1"}).content.decode()
    page = client.post(url, facts | {"save": "1"}, follow=True).content.decode()
    assert "Kelompok ini belum punya SK." in page
    assert Loan.objects.get().warnings.startswith("Kelompok ini belum punya SK.")


def test_a_proposal_without_warnings_is_saved_at_once_and_a_stop_is_said_on_the_form(group, member, operator, as_user):
    group.decree_number = "12/SK/2026"
    group.save()
    facts = {"uuid": str(uuid4()), "product": build.product(group).pk, "principal": "1.000.000", "purpose": "benang"}
    facts |= {"proposed_on": "1/9/26"}
    url, client = reverse("loan-propose", args=[member.pk]), as_user(operator)
    assert client.post(url, facts).status_code == 302
    MoneyRules.objects.create(group=group, village=group.village, most_share=1, too_large="stop")
    page = client.post(url, facts | {"uuid": str(uuid4()), "principal": "11.000.000"}).content.decode()
    assert "lebih dari 1% modal kelompok Rp1.000.000.000; paling banyak Rp10.000.000." in page
    assert Loan.objects.count() == 1


def test_the_loans_page_offers_what_may_come_next(group, proposal, operator, colleague, district_officer, as_user):
    strict(group)

    def offered(user):
        return [link.label for link in as_user(user).get(proposal.get_absolute_url()).context["actions"]]

    assert offered(operator) == ["Batalkan pengajuan"]  # her own proposal
    assert offered(colleague) == ["Verifikasi", "Batalkan pengajuan"]
    assert offered(district_officer) == ["Verifikasi"]
    as_user(colleague).post(
        reverse("loan-verify", args=[proposal.pk]), {"amount": "1.800.000", "note": "kiosnya kecil"}
    )
    assert offered(operator) == ["Cairkan", "Batalkan pengajuan", "Cetak surat perjanjian"]
    assert offered(district_officer) == ["Setujui", "Tolak"]
    page = as_user(operator).get(proposal.get_absolute_url()).content.decode()
    assert "oleh Masniah: kiosnya kecil" in page
    assert [one for one in ("Jumlah diajukan", "Jumlah diverifikasi", "Jumlah disetujui") if one in page] == [
        "Jumlah diajukan",
        "Jumlah diverifikasi",
    ]


@pytest.mark.parametrize("name", ["loan-verify", "loan-approve", "loan-reject"])
def test_a_decision_is_taken_in_sight_of_the_warnings(name, proposal, district_officer, as_user):
    page = as_user(district_officer).get(reverse(name, args=[proposal.pk])).content.decode()
    assert "Kelompok ini belum punya SK." in page


def test_the_group_sets_its_rules_about_new_loans(group, staff, as_user):
    facts = {
        "contribution_to": "income",
        "total_covers": "dues",
        "needs_verification": "on",
        "iptw_percent": "0",
        "iptw_free_days": "0",
        "book_instalments": "total",
        "member_arrears": "stop",
        "poklak_arrears": "off",
        "most_running": "2",
        "too_many_running": "stop",
        "most_share": "20",
        "too_large": "stop",
        "no_decree": "warn",
    }
    assert as_user(staff).post(reverse("money-rules-edit", args=[group.pk]), facts).status_code == 302
    rules = MoneyRules.objects.get()
    assert (rules.needs_verification, rules.total_covers, rules.most_share, rules.most_running) == (True, "dues", 20, 2)
    page = as_user(staff).get(reverse("money-rules", args=[group.pk])).content.decode()
    assert ("Lebih dari 20% modal kelompok" in page, "Lebih dari 2 pinjaman berjalan" in page) == (True, True)


def test_a_poklaks_parts_are_lowered_on_the_decision_page(group, operator, district_officer, as_user):
    poklak = build.poklak(group)
    ones = [build.member(group, poklak=poklak) for _ in range(2)]
    loan = build.proposal(poklak, 1_000_000, by=operator, shares=dict.fromkeys(ones, 500_000))
    url, client = reverse("loan-approve", args=[loan.pk]), as_user(district_officer)
    fields = [f"bagian_{one.pk}" for one in ones]
    page = client.post(url, dict(zip(fields, ("900.000", "200.000"), strict=True))).content.decode()
    assert "Jumlah Rp1.100.000 melebihi yang diajukan Rp1.000.000" in page
    assert client.post(url, dict(zip(fields, ("500.000", ""), strict=True))).status_code == 302
    loan.refresh_from_db()
    assert (loan.principal, [row.approved for row in loan.shares.all()]) == (500_000, [500_000, 0])
