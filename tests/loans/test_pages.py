"""The operator's money pages: a payment in four taps, its paper, its correction, a proposal and its decision."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans.models import Loan, Receipt
from tests import build


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


def test_a_payment_is_recorded_in_four_taps_from_home(member, operator, as_user):
    loan, client = build.loan(member, by=operator), as_user(operator)
    home = client.get("/").content.decode()
    assert f'href="{reverse("payment-pick")}"' in home  # 1 Catat angsuran
    pick = client.get(reverse("payment-pick")).content.decode()
    pay_url = reverse("payment-add", args=[loan.pk])
    assert f'href="{pay_url}"' in pick  # 2 her name
    page = client.get(pay_url)
    facts = {"uuid": hidden(page, "uuid"), "amount": hidden(page, "amount"), "received_on": hidden(page, "received_on")}
    assert facts["amount"] == "920.000"  # eight instalments are due by 30 September
    check = client.post(pay_url, facts)  # 3 Lanjut: periksa
    assert "sembilan ratus dua puluh ribu rupiah" in check.content.decode()
    assert Receipt.objects.count() == 0
    done = client.post(pay_url, facts | {"save": "1"})  # 4 Simpan
    receipt = Receipt.objects.get()
    assert (done.status_code, done.url) == (302, receipt.get_absolute_url())
    assert (receipt.amount, receipt.recorded_by, receipt.received_on) == (920_000, operator, date(2026, 9, 30))


def test_sending_the_last_step_twice_makes_one_receipt(member, operator, as_user):
    loan, client = build.loan(member, by=operator), as_user(operator)
    url, facts = reverse("payment-add", args=[loan.pk]), {"uuid": str(uuid4()), "amount": "115.000", "save": "1"}
    answers = [client.post(url, facts | {"received_on": "30-9-2026"}) for _ in range(2)]
    assert [answer.url for answer in answers] == [Receipt.objects.get().get_absolute_url()] * 2


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("50.000", 50_000), ("50000", 50_000), ("Rp 50.000,-", 50_000), ("1.150.000", 1_150_000), ("50.000,00", 50_000)],
)
def test_rupiah_as_typed_are_never_a_power_of_ten_off(typed, stored, member, operator, as_user):
    loan = build.loan(member, by=operator)
    facts = {"uuid": str(uuid4()), "amount": typed, "received_on": "30-9-2026", "save": "1"}
    as_user(operator).post(reverse("payment-add", args=[loan.pk]), facts)
    assert Receipt.objects.get().amount == stored


@pytest.mark.parametrize("typed", ["50,000", "50.00", "1e6", "-50.000", "lima puluh", "", "٥٠", "50.000.00"])
def test_an_unclear_amount_is_refused_at_its_field_and_in_the_summary(typed, member, operator, as_user):
    loan = build.loan(member, by=operator)
    facts = {"uuid": str(uuid4()), "amount": typed, "received_on": "30-9-2026", "save": "1"}
    page = as_user(operator).post(reverse("payment-add", args=[loan.pk]), facts)
    (error,) = page.context["form"].errors["amount"]
    assert page.content.decode().count(error.replace('"', "&quot;")) == 2
    assert "<title>Galat: " in page.content.decode()
    assert Receipt.objects.count() == 0


def test_nothing_typed_is_lost_when_one_field_is_wrong(member, operator, as_user):
    loan = build.loan(member, by=operator)
    facts = {"uuid": str(uuid4()), "amount": "115.000", "received_on": "1-10-2026", "note": "titip Bu Aminah"}
    page = as_user(operator).post(reverse("payment-add", args=[loan.pk]), facts).content.decode()
    assert "Tanggal tidak boleh sesudah hari ini, 30 September 2026." in page
    for text in ("115.000", "1-10-2026", "titip Bu Aminah", facts["uuid"]):
        assert text in page


def test_the_check_page_leads_back_with_everything_kept(member, operator, as_user):
    loan = build.loan(member, by=operator)
    facts = {"uuid": str(uuid4()), "amount": "115.000", "received_on": "30-9-2026", "note": "x"}
    page = as_user(operator).post(reverse("payment-add", args=[loan.pk]), facts | {"edit": "1"})
    assert page.context["form"]["amount"].value() == "115.000"
    assert hidden(page, "uuid") == facts["uuid"]


def test_the_kuitansi_says_the_amount_in_words_and_what_is_left(member, operator, as_user):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk])).content.decode()
    for text in ("KUITANSI", "AS-2026-0001", "Norhasanah", "Seratus lima belas ribu rupiah", "Rp115.000", "900.000"):
        assert text in paper
    assert "Meterai" not in paper
    assert member.nik not in paper


def test_a_reprint_says_what_the_first_print_said(member, operator, as_user):
    loan = build.loan(member, by=operator)
    first, second = (build.payment(loan, 115_000, date(2026, 3, 1)) for _ in range(2))
    rests = [
        as_user(operator).get(reverse("receipt-paper", args=[one.pk])).context["balance"] for one in (first, second)
    ]
    assert rests == [900_000, 800_000]


@pytest.mark.parametrize(("amount", "stamped"), [(5_000_000, False), (5_000_001, True)])
def test_a_receipt_above_five_million_has_a_box_for_the_stamp(amount, stamped, member, operator, as_user):
    receipt = build.payment(build.loan(member, 5_000_000, by=operator), amount, date(2026, 3, 1))
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk])).content.decode()
    assert ("Meterai" in paper) == stamped


def test_the_card_shows_schedule_payments_and_rest(member, operator, as_user):
    loan = build.loan(member, by=operator)
    build.payment(loan, 115_000, date(2026, 3, 1))
    card = as_user(operator).get(reverse("loan-card", args=[loan.pk])).content.decode()
    for text in ("KARTU ANGSURAN", "28-02-2026", "AS-2026-0001", "1.150.000", "900.000", "Rp1.000.000"):
        assert text in card


def test_a_correction_leaves_both_receipts_linked(member, operator, as_user):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    client = as_user(operator)
    facts = {"uuid": str(uuid4()), "reversed_on": "30-9-2026", "reason": "salah ketik jumlah"}
    done = client.post(reverse("receipt-reverse", args=[receipt.pk]), facts)
    reversal = Receipt.objects.get(reverses=receipt)
    assert done.url == reversal.get_absolute_url()
    assert reversal.get_absolute_url() in client.get(receipt.get_absolute_url()).content.decode()
    assert receipt.get_absolute_url() in client.get(reversal.get_absolute_url()).content.decode()
    assert reverse("receipt-reverse", args=[receipt.pk]) not in client.get(receipt.get_absolute_url()).content.decode()


def test_from_proposal_to_payout_through_the_pages(member, operator, district_officer, client):
    product = build.product(member.group)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    facts = {
        "uuid": str(uuid4()),
        "product": product.pk,
        "principal": "9.000.000",
        "purpose": "mesin bordir",
        "proposed_on": "1/9/26",
        "save": "1",
    }
    url = client.post(reverse("loan-propose", args=[member.pk]), facts).url
    loan = Loan.objects.get()
    assert "Menunggu persetujuan" in client.get(url).content.decode()
    refused = client.post(reverse("loan-disburse", args=[loan.pk]), {"disbursed_on": "30-9-2026"})
    assert "di atas batas operator Rp5.000.000" in refused.content.decode()
    client.force_login(district_officer, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("loan-approve", args=[loan.pk]), {"amount": "9.000.000", "note": "usaha sudah dilihat"})
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("loan-disburse", args=[loan.pk]), {"disbursed_on": "30-9-2026"})
    loan.refresh_from_db()
    assert (loan.status, loan.decided_by, loan.disbursed_on) == ("disbursed", district_officer, date(2026, 9, 30))


def test_a_row_of_nothing_is_not_called_paid(member, operator, as_user):
    bullet = build.product(member.group, method="bullet", rate=0, instalment_count=6)
    loan = build.loan(member, by=operator, product=bullet)
    page = as_user(operator).get(loan.get_absolute_url())
    assert [one["state"] for one in page.context["rows"]] == ["", "", "", "", "", "late"]
    receipt = build.payment(loan, 400_000, date(2026, 3, 1))
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk]))
    assert (paper.context["paid_count"], paper.context["payable_count"]) == (0, 1)


def test_a_conflict_of_keys_is_answered_with_409_and_keeps_what_was_typed(member, operator, as_user):
    loan, client = build.loan(member, by=operator), as_user(operator)
    url = reverse("payment-add", args=[loan.pk])
    facts = {"uuid": str(uuid4()), "amount": "115.000", "received_on": "30-9-2026", "save": "1"}
    client.post(url, facts)
    answer = client.post(url, facts | {"amount": "230.000"})
    assert answer.status_code == 409
    assert answer.context["form"]["amount"].value() == "230.000"


def test_a_correction_is_proposed_for_the_receipts_own_day(member, operator, as_user):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    page = as_user(operator).get(reverse("receipt-reverse", args=[receipt.pk]))
    assert hidden(page, "reversed_on") == "01-03-2026"


def test_the_card_adds_up_with_fine_and_credit(member, operator, as_user):
    loan = build.loan(member, by=operator)
    build.payment(loan, 1_205_000, date(2026, 3, 1), penalty=5_000)
    card = as_user(operator).get(reverse("loan-card", args=[loan.pk])).content.decode()
    for column in ("titipan Rp50.000", "1.000.000", "150.000", "5.000", "50.000", "1.205.000"):
        assert column in card


@pytest.mark.parametrize("rate", ["1_5", "1e1", "٣", "1,5,5", "x"])
def test_a_rate_that_is_no_number_is_refused(rate, operator, as_user):
    page = as_user(operator).get(reverse("simulation"), SIMULATION | {"rate": rate})
    assert page.context["form"].errors["rate"]


def test_a_group_without_products_is_told_who_adds_them(member, operator, as_user):
    page = as_user(operator).get(reverse("loan-propose", args=[member.pk])).content.decode()
    assert "Kelompok ini belum punya produk pinjaman." in page


SIMULATION = {
    "method": "flat",
    "principal": "1.000.000",
    "rate": "1,5",
    "instalments": "10",
    "every": "month",
    "start": "31-01-2026",
    "grace": "0",
    "step": "1",
    "rounding": "nearest",
    "round_what": "total",
    "difference": "last",
}


def test_the_simulation_tells_the_effective_rate_beside_the_flat_one(operator, as_user):
    page = as_user(operator).get(reverse("simulation"), SIMULATION).content.decode()
    for text in ("1,5%", "setahun", "28 Feb 2026", "115.000", "Lebih berat dari kelihatannya"):
        assert text in page


def test_an_impossible_simulation_says_why(operator, as_user):
    page = as_user(operator).get(
        reverse("simulation"), SIMULATION | {"principal": "100.000", "step": "100.000", "rounding": "up"}
    )
    assert page.context["form"].non_field_errors()
    assert "rows" not in page.context
