"""Surat perjanjian and the kuitansi on 58 mm: what they say, who prints them, and when they are refused."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from loans import life_services, proposal_services, receipt_slip
from loans.agreement import penalty_words, words_of_day
from loans.kuitansi import Kuitansi
from tests import build
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db


def agreement(client, loan):
    return client.get(reverse("loan-agreement", args=[loan.pk]))


def test_the_agreement_tells_the_loan_as_it_was_paid_out(member, operator, as_user):
    member.address = "RT 2, Anjir Serapat"
    member.save()
    build.officer(member.group, "ketua", "Hj. Masliani")
    build.officer(member.group, "bendahara", "Rahmawati")
    response = agreement(as_user(operator), build.loan(member, by=operator))
    page = response.content.decode()
    for words in (
        "Pada hari ini Sabtu, tanggal tiga puluh satu Januari dua ribu dua puluh enam (31-01-2026)",
        "1. <b>Hj. Masliani</b>, Ketua Poksus UP2K As Syifa",
        f"2. <b>Norhasanah</b>, NIK {member.nik}, alamat RT 2, Anjir Serapat",
        "sebesar Rp1.000.000 (satu juta rupiah) untuk usaha beli benang bordir, diterima pada tanggal 31 Januari 2026",
        "Jasa 1,5% per bulan, tetap, seluruhnya Rp150.000; jangka waktu 10 kali angsuran, tiap bulan.",
        "angsuran pertama Rp115.000 pada tanggal 28 Februari 2026, terakhir tanggal 30 November 2026.",
        "Keterlambatan tidak dikenai denda. Tunggakan diselesaikan dengan musyawarah",
        "Tidak berlaku: pinjaman ini perorangan.",
        "seluruh jasa sampai akhir jangka waktu tetap dibayar",
        "Pasal 10 Penutup.",
    ):
        assert words in page
    assert page.count("<b>Pasal ") == 10
    assert page.index("PIHAK KEDUA,</p><span") < page.index("Meterai") < page.index("PIHAK PERTAMA, Ketua Poksus,")
    assert (
        "Beban jasa ini setara 31,5% setahun dari sisa pinjaman." in page
    )  # 2,625% a month pays 1.000.000 off with ten times 115.000


def test_a_schedule_that_moved_since_leaves_the_agreement_as_signed(member, operator, district_officer, as_user):
    loan = build.loan(member, by=operator)
    before = [(row.due_on, row.total) for row in agreement(as_user(operator), loan).context["letter"].rows]
    life_services.reschedule_loan(
        loan=loan, on=date(2026, 9, 30), kind="new_due_on", from_instalment=10, value=date(2027, 6, 30),
        reason="rumah terendam banjir dua bulan", by=district_officer, uuid=loan.uuid,
    )  # fmt: skip
    assert loan.instalments.in_force().last().due_on == date(2027, 6, 30)
    assert [(row.due_on, row.total) for row in agreement(as_user(operator), loan).context["letter"].rows] == before


def test_it_is_printed_from_approval_on(member, operator, district_officer, as_user):
    member.village.district.regency.operator_limit = 500_000
    member.village.district.regency.save()
    loan = build.proposal(member, by=operator)
    assert agreement(as_user(operator), loan).status_code == 404
    proposal_services.approve_loan(loan=loan, by=district_officer)
    page = agreement(as_user(operator), loan).content.decode()
    assert "terakhir tanggal 30 Juli 2027 bila diterima hari ini" in page
    assert "diterima pada tanggal ................................" in page


def test_a_loan_within_the_operators_limit_needs_no_approval_to_be_signed(member, operator, as_user):
    loan = build.proposal(member, 300_000, by=operator)
    client = as_user(operator)
    assert agreement(client, loan).status_code == 200
    assert reverse("loan-agreement", args=[loan.pk]) in client.get(loan.get_absolute_url()).content.decode()
    proposal_services.withdraw_loan(loan=loan, note="tidak jadi meminjam", by=operator)
    assert agreement(client, loan).status_code == 404


def test_only_who_records_the_villages_money_prints_the_nik(
    member, operator, staff, district_officer, elsewhere, as_user
):
    loan = build.loan(member, by=operator)
    foreign = build.user(Role.OPERATOR, elsewhere.code)
    found = [agreement(as_user(user), loan).status_code for user in (operator, foreign, district_officer, staff)]
    assert found == [200, 404, 404, 403]


def test_a_poklak_signs_together_with_its_parts(group, operator, as_user):
    poklak = build.poklak(group, name="Melati")
    for name in ("Aminah", "Barsiah"):
        build.member(group, name=name, poklak=poklak)
    page = agreement(as_user(operator), build.loan(poklak, by=operator)).content.decode()
    assert "Anggota poklak Melati yang menandatangani lampiran menanggung bersama" in page
    assert page.count('<td class="num">500.000</td>') == 2


def test_the_penalty_is_said_in_a_sentence(member):
    loan = build.proposal(member)
    loan.penalty_kind, loan.penalty_amount, loan.penalty_free_days = "fixed", 5_000, 7
    assert penalty_words(loan) == (
        "Keterlambatan lebih dari 7 hari dikenai denda Rp5.000 untuk tiap angsuran yang terlambat."
    )
    loan.penalty_kind, loan.penalty_percent, loan.penalty_free_days = "percent", Decimal("1.500"), 0
    loan.penalty_cap = 50_000
    assert penalty_words(loan) == (
        "Keterlambatan dikenai denda 1,5% dari angsuran yang terlambat, paling banyak Rp50.000."
    )


def test_a_day_is_said_in_words():
    assert words_of_day(date(2026, 9, 30)) == "tiga puluh September dua ribu dua puluh enam"


def test_a_slip_has_32_letters_a_line():
    paper = Kuitansi(
        title="KUITANSI",
        number="AS-2026-0001",
        payer="Hj. Siti Norhasanah binti Abdurrahman",
        purpose="",
        parts=(
            ("principal", "Pokok", 100_000),
            ("service_fee", "Jasa", 15_000),
            ("voluntary", "Simpanan sukarela", 5_000),
        ),
        amount=120_000,
        left=900_000,
        number_paid="1",
        on=date(2026, 3, 1),
        treasurer="Rahmawati",
        remarks=(),
    )
    district = SimpleNamespace(name="Sungai Pandan")
    village = SimpleNamespace(full_name="Desa Pandulangan", district=district)
    lines = receipt_slip.slip_lines(paper, group="UP2K As Syifa", village=village)
    assert lines == [
        "         UP2K As Syifa",
        " Desa Pandulangan, Kec. Sungai",
        "             Pandan",
        "--------------------------------",
        "No.  AS-2026-0001",
        "Tgl  01-03-2026",
        "Dari Hj. Siti Norhasanah binti",
        "     Abdurrahman",
        "--------------------------------",
        "Pokok                    100.000",
        "Jasa                      15.000",
        "Simpanan sukarela          5.000",
        "================================",
        "JUMLAH                 Rp120.000",
        "(seratus dua puluh ribu rupiah)",
        "Sisa pokok               900.000",
        "--------------------------------",
        "Bendahara: Rahmawati",
    ]


def test_the_slip_carries_the_code_and_the_qr_of_the_a5(member, operator, as_user):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))
    client = as_user(operator)
    slip, a5 = (client.get(reverse(name, args=[receipt.pk])) for name in ("receipt-paper-58", "receipt-paper"))
    assert slip.context["code"] == a5.context["code"]
    assert str(slip.context["qr"]) == str(a5.context["qr"])
    page = slip.content.decode()
    assert f"Kode {slip.context['code']}" in page
    assert 'class="qr"' in page
    assert max(len(line) for line in slip.context["lines"]) == 32
    assert reverse("receipt-paper-58", args=[receipt.pk]) in client.get(receipt.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("amount", "status"), [(5_000_000, 200), (5_000_001, 400)])
def test_above_five_million_a5_must_be_used(amount, status, member, operator, as_user):
    receipt = build.payment(build.loan(member, 5_000_000, by=operator), amount, date(2026, 3, 1))
    client = as_user(operator)
    response = client.get(reverse("receipt-paper-58", args=[receipt.pk]))
    assert response.status_code == status
    refused = (
        "Kuitansi AS-2026-0001 berjumlah Rp5.000.001, di atas Rp5.000.000: cetak di kertas A5, karena meterai tidak"
        " dapat ditempel di struk."
    )
    assert (refused in response.content.decode()) == (status == 400)
    link = reverse("receipt-paper-58", args=[receipt.pk])
    assert (link in client.get(receipt.get_absolute_url()).content.decode()) == (status == 200)


def test_a_cancelled_receipt_says_so_on_the_slip_too(member, operator, as_user):
    receipt = build.payment(build.loan(member, by=operator), 115_000, date(2026, 9, 1))
    client = as_user(operator)
    facts = {"uuid": "2f5f0a3e-6f0b-4b6a-9e56-0a0d8f0b1c11", "reversed_on": "30-9-2026", "reason": "salah ketik jumlah"}
    client.post(reverse("receipt-reverse", args=[receipt.pk]), facts)
    lines = client.get(reverse("receipt-paper-58", args=[receipt.pk])).context["lines"]
    assert "BATAL, dikoreksi oleh" in " ".join(lines)
