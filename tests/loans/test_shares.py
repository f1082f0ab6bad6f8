"""Members' parts of a poklak's loan, and who covered for whom."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from loans import proposal_services, services
from loans.builders import build_payment
from loans.models import LoanShare, Receipt, SharePayment
from loans.share_services import share_state
from loans.shares import in_proportion
from tests import build

DAY = date(2026, 3, 1)
TODAY = date(2026, 9, 30)


@pytest.fixture
def poklak(group):
    return build.poklak(group, name="Melati")


@pytest.fixture
def three(group, poklak):
    return [build.member(group, poklak=poklak, name=name) for name in ("Aminah", "Barsiah", "Chadijah")]


@pytest.fixture
def loan(poklak, three, operator):
    """Rp1.000.000 for three, ten times Rp115.000, as 500, 300 and 200."""
    shares = dict(zip(three, (500_000, 300_000, 200_000), strict=True))
    return build.loan(poklak, 1_000_000, by=operator, shares=shares)


def pay(loan, amount, payers=None, on=DAY, **facts):
    facts = {"by": loan.disbursed_by, "uuid": uuid4()} | facts
    return services.record_payment(loan=loan, amount=amount, received_on=on, payers=payers, **facts)


def rows_of(receipt):
    return [(row.member.name, row.payer.name, row.amount) for row in receipt.share_payments.all()]


def test_a_split_gives_the_rupiah_left_over_to_who_lost_most():
    assert in_proportion(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert in_proportion(10, {"a": 5, "b": 3, "c": 2}) == {"a": 5, "b": 3, "c": 2}
    assert in_proportion(7, {"a": 2, "b": 0, "c": 3}) == {"a": 3, "b": 0, "c": 4}


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_a_split_sums_to_the_amount_and_never_strays_a_rupiah(amount, weights):
    parts = in_proportion(amount, dict(enumerate(weights)))
    assert sum(parts.values()) == amount
    for key, weight in enumerate(weights):
        assert abs(parts[key] * sum(weights) - amount * weight) < sum(weights)


def test_shares_that_do_not_add_up_are_refused_with_the_difference(poklak, three, operator):
    for given_, words in ((900_000, "Rp900.000, % kurang Rp100.000"), (1_100_000, "Rp1.100.000, % lebih Rp100.000")):
        with pytest.raises(ValidationError) as error:
            build.proposal(poklak, 1_000_000, by=operator, shares={three[0]: given_})
        said = words.replace("%", "pokok pinjaman Rp1.000.000:")
        assert error.value.message_dict == {"shares": [f"Bagian anggota {said}. Samakan jumlahnya."]}


def test_every_active_member_has_a_row_and_a_stranger_none(group, poklak, three, operator):
    gone = build.member(group, poklak=poklak, left_on=date(2026, 1, 1), left_reason="moved")
    loan = build.proposal(poklak, 1_000_000, by=operator, shares={three[0]: 1_000_000})
    assert [(row.member, row.proposed) for row in loan.shares.all()] == list(zip(three, (1_000_000, 0, 0), strict=True))
    for stranger in (gone, build.member(group)):
        with pytest.raises(ValidationError, match="bukan anggota Poklak Melati"):
            build.proposal(poklak, 1_000_000, by=operator, shares={stranger: 1_000_000})


def test_a_poklak_with_members_must_say_the_shares_and_one_without_may_not(group, poklak, three, member, operator):
    with pytest.raises(ValidationError, match=r"kurang Rp1\.000\.000"):
        build.proposal(poklak, 1_000_000, by=operator, shares={})
    empty = build.proposal(build.poklak(group), 1_000_000, by=operator)
    assert not LoanShare.objects.filter(loan=empty).exists()
    with pytest.raises(ValidationError, match="tidak dibagi"):
        build.proposal(member, 1_000_000, by=operator, shares={member: 1_000_000})


def test_without_payers_everyone_paid_for_herself_by_her_part(loan):
    assert rows_of(pay(loan, 115_001)) == [
        ("Aminah", "Aminah", 57_501),
        ("Barsiah", "Barsiah", 34_500),
        ("Chadijah", "Chadijah", 23_000),
    ]


def test_the_table_says_who_covered_for_whom_and_what_is_left(loan, three):
    aminah, barsiah, chadijah = three
    pay(loan, 115_000, [(aminah, aminah, 57_500), (barsiah, aminah, 34_500), (chadijah, chadijah, 23_000)])
    state = share_state(loan, TODAY)
    told = [
        (line.member.name, line.share, line.paid, line.paid_herself, line.covered, line.covers, line.left)
        for line in state.lines
    ]
    assert told == [
        ("Aminah", 500_000, 57_500, 57_500, 0, 34_500, 517_500),
        ("Barsiah", 300_000, 34_500, 0, 34_500, 0, 310_500),
        ("Chadijah", 200_000, 23_000, 23_000, 0, 0, 207_000),
    ]
    assert (state.total("left"), state.unnamed) == (1_150_000 - 115_000, 0)
    assert share_state(loan, date(2026, 2, 28)).total("paid") == 0


@pytest.mark.parametrize("receipts", [1, 4])
def test_the_table_costs_four_queries_for_any_number_of_receipts(receipts, loan, django_assert_num_queries):
    for _ in range(receipts):
        pay(loan, 50_000)
    with django_assert_num_queries(4):
        assert share_state(loan, TODAY).total("paid") == receipts * 50_000


def test_a_cancelled_receipt_is_left_out(loan, operator):
    receipt = pay(loan, 115_000)
    pay(loan, 50_000)
    services.reverse_payment(receipt=receipt, reason="salah ketik jumlah", reversed_on=DAY, by=operator, uuid=uuid4())
    state = share_state(loan, TODAY)
    assert (state.total("paid"), state.total("left"), state.unnamed) == (50_000, 1_100_000, 0)


def test_a_receipt_that_names_nobody_is_told_apart(loan, operator):
    """As older ones may be: each payment through the services names who paid."""
    receipt, parts = build_payment(
        loan=loan, parts={"principal": 50_000}, received_on=DAY, serial=1, uuid=uuid4(), by=operator, recorded_at=now()
    )
    services.save_receipt(receipt, parts, by=operator)
    state = share_state(loan, TODAY)
    assert (state.total("paid"), state.total("left"), state.unnamed) == (0, 1_150_000, 50_000)


def test_payers_must_bring_what_was_received(loan, three, member):
    aminah, barsiah, _ = three
    with pytest.raises(ValidationError) as error:
        pay(loan, 115_000, [(aminah, aminah, 100_000)])
    assert error.value.message_dict == {
        "payers": ["Yang dibayar anggota Rp100.000, uang yang diterima Rp115.000: kurang Rp15.000. Samakan jumlahnya."]
    }
    for payers, words in (
        ([(member, aminah, 115_000)], "tidak punya bagian"),
        ([(aminah, build.member(build.group()), 115_000)], "dari kelompok lain"),
        ([(aminah, aminah, 116_000), (barsiah, aminah, -1_000)], "lebih dari nol"),
    ):
        with pytest.raises(ValidationError, match=words):
            pay(loan, 115_000, payers)
    assert not Receipt.objects.exists()
    assert rows_of(pay(loan, 115_000, [(aminah, barsiah, 100_000), (aminah, barsiah, 15_000)])) == [
        ("Aminah", "Barsiah", 115_000)
    ]


def test_a_payment_sent_twice_is_one_and_with_other_payers_a_conflict(loan, three):
    aminah, barsiah, _ = three
    key = uuid4()
    first = pay(loan, 115_000, [(aminah, barsiah, 115_000)], uuid=key)
    assert pay(loan, 115_000, [(aminah, barsiah, 115_000)], uuid=key) == first
    for payers in (None, [(aminah, aminah, 115_000)]):
        with pytest.raises(ValidationError) as error:
            pay(loan, 115_000, payers, uuid=key)
        assert error.value.code == "conflict"
    assert SharePayment.objects.count() == 1


def test_a_payment_of_a_poklak_without_shares_names_nobody(group, operator, member):
    loan = build.loan(build.poklak(group), by=operator)
    assert rows_of(pay(loan, 115_000)) == []
    with pytest.raises(ValidationError, match="tidak punya bagian"):
        pay(loan, 115_000, [(member, member, 115_000)])


def test_the_loans_page_and_the_receipt_show_the_parts(loan, three, operator, as_user):
    aminah, barsiah, chadijah = three
    receipt = pay(loan, 115_000, [(aminah, aminah, 57_500), (barsiah, aminah, 34_500), (chadijah, chadijah, 23_000)])
    page = as_user(operator).get(loan.get_absolute_url()).content.decode()
    assert "sendiri Rp0, ditanggung yang lain Rp34.500" in page
    assert "menanggung yang lain Rp34.500" in page
    page = as_user(operator).get(receipt.get_absolute_url()).content.decode()
    assert "Barsiah, dibayar Aminah" in page


def test_the_proposal_page_asks_each_member_and_tells_the_difference(poklak, three, operator, as_user):
    facts = {
        "uuid": str(uuid4()),
        "product": build.product(poklak.group).pk,
        "principal": "1.000.000",
        "purpose": "bibit itik",
        "proposed_on": "1/9/26",
        "save": "1",
    }
    parts = dict(zip((f"bagian_{one.pk}" for one in three), ("500.000", "300.000", ""), strict=True))
    url, client = reverse("loan-propose-poklak", args=[poklak.pk]), as_user(operator)
    assert (
        "Bagian anggota Rp800.000, jumlah pinjaman Rp1.000.000: kurang Rp200.000"
        in client.post(url, facts | parts).content.decode()
    )
    client.post(url, facts | parts | {f"bagian_{three[2].pk}": "200.000"})
    assert [row.proposed for row in LoanShare.objects.all()] == [500_000, 300_000, 200_000]


def test_shares_follow_verification_and_decision(poklak, three, operator, district_officer, as_user):
    loan = build.proposal(poklak, 1_000_000, by=operator, shares={three[0]: 600_000, three[1]: 400_000})
    proposal_services.verify_loan(loan=loan, by=district_officer, shares={three[0]: 500_000, three[1]: 400_000})
    with pytest.raises(ValidationError, match=r"pokok pinjaman Rp800\.000: lebih Rp100\.000"):
        proposal_services.approve_loan(loan=loan, by=district_officer, amount=800_000)
    approved = proposal_services.approve_loan(
        loan=loan, by=district_officer, shares={three[0]: 500_000, three[1]: 300_000}
    )
    assert [(row.proposed, row.verified, row.approved) for row in approved.shares.all()] == [
        (600_000, 500_000, 500_000),
        (400_000, 400_000, 300_000),
        (0, 0, 0),
    ]
    assert (approved.principal, approved.verified_amount, approved.approved_amount) == (800_000, 900_000, 800_000)
    page = as_user(operator).get(loan.get_absolute_url()).content.decode()
    assert "diajukan Rp400.000, diverifikasi Rp400.000, disetujui Rp300.000" in page
