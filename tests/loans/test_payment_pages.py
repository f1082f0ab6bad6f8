"""Pages around a receipt: divided by the portal or by hand, early payoff, undo with its preview, the cash book."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from loans import life_services, services
from loans.models import LoanShare, MoneyRules, MonthClosing, Receipt
from tests import build

MARCH_1 = date(2026, 3, 1)


def parts_of(receipt) -> dict[str, int]:
    return dict(receipt.parts.standing().values_list("kind", "amount"))


def shown(page) -> str:
    """The words of a page, tags and line ends as spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def loan(member, operator):
    return build.loan(member, by=operator)


def pay(client, loan, **typed):
    facts = {"uuid": str(uuid4()), "amount": "115.000", "received_on": "1-3-2026"} | typed
    return client.post(reverse("payment-add", args=[loan.pk]), facts)


def undo(receipt, by, on=MARCH_1):
    return services.reverse_payment(
        receipt=receipt, reason="uang tidak diterima", reversed_on=on, by=by, uuid=uuid4()
    )  # fmt: skip


def close(group, period: int) -> None:
    MonthClosing.objects.create(group=group, village=group.village, period=period)


def test_the_check_shows_the_division_that_is_then_recorded(loan, operator, as_user):
    MoneyRules.objects.create(group=loan.group, village=loan.village, total_covers="dues")
    build.saving_terms(loan.group, since=MARCH_1)
    client = as_user(operator)
    looked = pay(client, loan, amount="150.000", till="bank")
    assert looked.context["parts"] == [("Jasa", 30_000), ("Pokok", 110_000), ("Simpanan wajib", 10_000)]
    assert "Masuk ke Bank" in shown(looked)
    assert Receipt.objects.count() == 0
    kept = {name: hidden(looked, name) for name in ("uuid", "amount", "received_on")}
    pay(client, loan, **kept, till="bank", save="1")
    receipt = Receipt.objects.get()
    assert (parts_of(receipt), receipt.till) == (
        {"service_fee": 30_000, "principal": 110_000, "mandatory": 10_000}, "bank",
    )  # fmt: skip


def test_the_form_opens_with_all_that_is_due(group, member, operator, as_user):
    MoneyRules.objects.create(group=group, village=group.village, total_covers="dues")
    build.saving_terms(group, since=date(2026, 9, 1))
    loan = build.loan(member, product=build.product(group, penalty_kind="fixed", penalty_amount=1_000), by=operator)
    page = as_user(operator).get(reverse("payment-add", args=[loan.pk]))
    # Eight rows are due by 30 September, seven of them late: 920.000 + 7.000 denda + 10.000 wajib.
    assert hidden(page, "amount") == "937.000"
    assert page.context["bill_parts"] == [
        ("Denda", 7_000), ("Jasa", 120_000), ("Pokok", 800_000), ("Simpanan wajib", 10_000),
    ]  # fmt: skip


def test_parts_by_hand_are_recorded_as_they_were_typed(loan, operator, as_user):
    client = as_user(operator)
    typed = {"amount": "120.000", "principal": "100.000", "service_fee": "15.000", "voluntary": "5.000"}
    looked = pay(client, loan, **typed)
    assert looked.context["parts"] == [("Pokok", 100_000), ("Jasa", 15_000), ("Simpanan sukarela", 5_000)]
    assert "Dibagi sendiri" in shown(looked)
    pay(client, loan, **typed, save="1")
    receipt = Receipt.objects.get()
    assert parts_of(receipt) == {"principal": 100_000, "service_fee": 15_000, "voluntary": 5_000}
    assert set(receipt.parts.filter(by_hand__gt=0).values_list("kind", flat=True)) == {"principal", "service_fee"}


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ("90.000", "Bagian-bagiannya Rp90.000, jumlah yang dibayar Rp115.000: Rp25.000 belum dibagi."),
        ("120.000", "Bagian-bagiannya Rp120.000, jumlah yang dibayar Rp115.000: Rp5.000 terlalu banyak."),
    ],
)
def test_parts_that_do_not_add_up_are_refused_in_words(principal, words, loan, operator, as_user):
    page = pay(as_user(operator), loan, principal=principal, save="1")
    assert words in shown(page)
    assert '<details class="fold" open>' in page.content.decode()
    assert Receipt.objects.count() == 0


@pytest.fixture
def poklak_loan(group, operator):
    """2.000.000 of a poklak, 230.000 a month; Aminah's part is three quarters, Barsiah's one."""
    poklak = build.poklak(group)
    loan = build.loan(poklak, 2_000_000, by=operator)
    for name, part in (("Aminah", 1_500_000), ("Barsiah", 500_000)):
        one = build.member(group, name=name, poklak=poklak)
        LoanShare.objects.create(village=loan.village, loan=loan, member=one, proposed=part)
    return loan


def brought(receipt) -> list[tuple[str, str, int]]:
    return [(str(row.member), str(row.payer), row.amount) for row in receipt.share_payments.all()]


def test_each_member_of_a_poklak_pays_her_part_unless_said_otherwise(poklak_loan, operator, as_user):
    client = as_user(operator)
    page = client.get(reverse("payment-add", args=[poklak_loan.pk]))
    assert page.context["dues_of_members"] == [("Aminah", 1_380_000), ("Barsiah", 460_000)]
    pay(client, poklak_loan, amount="230.000", save="1")
    assert brought(Receipt.objects.get()) == [("Aminah", "Aminah", 172_500), ("Barsiah", "Barsiah", 57_500)]


def test_who_covered_for_whom_is_chosen_on_the_page(poklak_loan, operator, as_user):
    client = as_user(operator)
    aminah, barsiah = (share.member_id for share in poklak_loan.shares.all())
    typed = {"amount": "230.000", f"payer_{barsiah}": aminah}
    looked = pay(client, poklak_loan, **typed)
    assert "Barsiah, dibayar Aminah Rp57.500" in shown(looked)
    done = pay(client, poklak_loan, **typed, save="1")
    assert brought(Receipt.objects.get()) == [("Aminah", "Aminah", 172_500), ("Barsiah", "Aminah", 57_500)]
    assert "Barsiah, dibayar Aminah Rp57.500" in shown(client.get(done.url))


def test_parts_of_members_that_do_not_add_up_are_told_at_the_check(poklak_loan, operator, as_user):
    aminah, _ = (share.member_id for share in poklak_loan.shares.all())
    page = pay(as_user(operator), poklak_loan, amount="230.000", **{f"share_{aminah}": "200.000"})
    assert "Yang dibayar anggota Rp200.000, uang yang diterima Rp230.000: kurang Rp30.000." in shown(page)


def test_a_poklak_has_no_savings_to_divide(group, operator, as_user):
    loan = build.loan(build.poklak(group), by=operator)
    form = as_user(operator).get(reverse("payment-add", args=[loan.pk])).context["form"]
    assert [field.name for field in form.part_fields] == ["principal", "service_fee", "penalty", "credit"]


def test_a_loan_with_nothing_left_offers_no_form(loan, operator, as_user):
    build.payment(loan, 1_150_000, MARCH_1)
    client = as_user(operator)
    for name in ("payment-add", "loan-payoff"):
        page = client.get(reverse(name, args=[loan.pk])).content.decode()
        assert "Pinjaman ini sudah lunas." in page
        assert 'name="amount"' not in page
    assert reverse("loan-payoff", args=[loan.pk]) not in client.get(loan.get_absolute_url()).content.decode()


def test_a_loan_written_off_is_not_offered_and_takes_no_instalment(loan, operator, as_user):
    life_services.write_off_loan(
        loan=loan, on=date(2026, 9, 30), reason="peminjam wafat, rapat 28 September", by=operator, uuid=uuid4()
    )
    client = as_user(operator)
    assert "Norhasanah" not in shown(client.get(reverse("payment-pick")))
    page = client.get(reverse("payment-add", args=[loan.pk]))
    assert "Pinjaman ini dihapus buku." in shown(page)
    assert 'name="amount"' not in page.content.decode()
    assert client.get(reverse("loan-payoff", args=[loan.pk])).status_code == 404


def test_a_closed_month_is_refused_at_the_check_already(loan, operator, as_user):
    close(loan.group, 202603)
    page = pay(as_user(operator), loan)
    assert "Bulan Maret 2026 sudah ditutup." in shown(page)


@pytest.fixture
def cheap(group, member, operator):
    """The same loan, whose early payoff takes the running period's jasa alone."""
    return build.loan(member, product=build.product(group, payoff_fees="running"), by=operator)


def test_a_payoff_is_quoted_for_a_day_and_recorded_to_the_rupiah(cheap, operator, as_user):
    client, url = as_user(operator), reverse("loan-payoff", args=[cheap.pk])
    page = client.get(url, {"tanggal": "15-3-2026"})
    # Rows 1 (28 February) and 2 (31 March, running): 30.000 jasa; eight rows of 15.000 are let go.
    quote = page.context["quote"]
    assert (quote.principal, quote.service_fee, quote.waived_service_fee) == (1_000_000, 30_000, 120_000)
    for words in ("Rp1.030.000", "berlaku untuk tanggal 15 Maret 2026", "Jasa yang dibebaskan Rp120.000"):
        assert words in shown(page)
    facts = {"uuid": hidden(page, "uuid"), "amount": "1030000", "received_on": "15-03-2026", "till": "bank"}
    done = [client.post(url, facts) for _ in range(2)]
    receipt = Receipt.objects.get()
    assert [answer.url for answer in done] == [receipt.get_absolute_url()] * 2
    assert parts_of(receipt) == {"service_fee": 30_000, "principal": 1_000_000}
    assert (receipt.till, receipt.waives_from) == ("bank", 3)
    assert "Pinjaman ini sudah lunas." in shown(client.get(url))


def test_a_product_that_takes_all_fees_lets_none_go(loan, operator, as_user):
    page = as_user(operator).get(reverse("loan-payoff", args=[loan.pk]), {"tanggal": "15-3-2026"})
    assert (page.context["quote"].total, "dibebaskan" in shown(page)) == (1_150_000, False)


def test_a_quote_that_is_old_by_now_is_shown_anew(cheap, operator, as_user):
    client, url = as_user(operator), reverse("loan-payoff", args=[cheap.pk])
    build.payment(cheap, 115_000, MARCH_1)
    page = client.post(url, {"uuid": str(uuid4()), "amount": "1.030.000", "received_on": "15-03-2026"})
    assert "sekarang Rp915.000, bukan Rp1.030.000" in shown(page)
    assert hidden(page, "amount") == "915000"
    assert Receipt.objects.count() == 1


def test_a_quote_for_a_day_to_come_is_printed_and_not_recorded(cheap, operator, as_user):
    client = as_user(operator)
    page = client.get(reverse("loan-payoff", args=[cheap.pk]), {"tanggal": "15-10-2026"})
    assert "Tanggal ini belum datang." in shown(page)
    assert "Bayar lunas" not in shown(page)
    assert page.context["paper_url"] in page.content.decode()
    paper = shown(client.get(page.context["paper_url"]))
    for words in ("HITUNGAN PELUNASAN", "15 Oktober 2026", "1.135.000", "bukan kuitansi"):
        assert words in paper


@pytest.mark.parametrize(("typed", "words"), [("bukan", "tidak dikenal"), ("1-1-2026", "tidak boleh sebelum")])
def test_a_day_that_cannot_be_is_told(typed, words, cheap, operator, as_user):
    page = as_user(operator).get(reverse("loan-payoff", args=[cheap.pk]), {"tanggal": typed})
    assert (page.status_code, page.context["day"]) == (200, date(2026, 9, 30))
    assert words in shown(page)


def test_an_undo_shows_first_what_it_changes_in_other_receipts(loan, operator, as_user):
    first, second = build.payment(loan, 20_000, MARCH_1), build.payment(loan, 115_000, date(2026, 3, 2))
    client, url = as_user(operator), reverse("receipt-reverse", args=[first.pk])
    # Before: 95.000 pokok of row 1, 15.000 jasa and 5.000 pokok of row 2. After: row 1 in full.
    assert parts_of(second) == {"principal": 100_000, "service_fee": 15_000}
    assert "Pembagian bukti lain tidak berubah." in shown(client.get(url))
    third = build.payment(loan, 20_000, date(2026, 3, 3))  # 15.000 of these are row 2's
    assert parts_of(third) == {"principal": 20_000}
    page = client.get(url)
    assert page.context["changed"] == [(third, [("Jasa", 0, 15_000), ("Pokok", 20_000, 5_000)])]
    assert f"Pembagian bukti {third} diperbarui." in shown(page)
    client.post(url, {"uuid": str(uuid4()), "reversed_on": "1-3-2026", "reason": "uang tidak diterima"})
    assert parts_of(third) == {"service_fee": 15_000, "principal": 5_000}


def test_a_receipt_split_anew_says_so_and_keeps_what_its_first_print_said(loan, operator, as_user):
    first, _ = build.payment(loan, 20_000, MARCH_1), build.payment(loan, 115_000, date(2026, 3, 2))
    third = build.payment(loan, 20_000, date(2026, 3, 3))
    undo(first, operator)
    client = as_user(operator)
    for name in ("receipt", "receipt-paper"):
        page = client.get(reverse(name, args=[third.pk]))
        assert [(part.kind, part.amount) for part in page.context["parts"]] == [
            ("service_fee", 15_000), ("principal", 5_000),
        ]  # fmt: skip
        assert re.search("[Pp]embagian diperbarui 3 Maret 2026", shown(page))
        assert page.context["balance"] == 1_000_000 - 100_000 - 5_000
    page = shown(client.get(third.get_absolute_url()))
    assert "Pembagian saat dicatat Seperti pada cetakan pertama, 3 Maret 2026. Pokok Rp20.000" in page
    assert "diperbarui" not in shown(client.get(reverse("receipt-paper", args=[first.pk])))


def test_a_cancelled_receipt_keeps_its_parts_under_the_word_batal(loan, operator, as_user):
    receipt = build.payment(loan, 115_000, MARCH_1)
    undo(receipt, operator)
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk]))
    assert [(part.kind, part.amount) for part in paper.context["parts"]] == [
        ("service_fee", 15_000), ("principal", 100_000),
    ]  # fmt: skip
    assert "BATAL, dikoreksi oleh AS-2026-0002." in shown(paper)
    assert '<main class="kw void"' in paper.content.decode()


def test_in_a_closed_month_the_difference_is_one_adjustment_shown_before_and_after(loan, operator, as_user):
    first, _ = build.payment(loan, 20_000, MARCH_1), build.payment(loan, 115_000, date(2026, 3, 2))
    third = build.payment(loan, 20_000, date(2026, 3, 3))
    close(loan.group, 202603)
    client, url = as_user(operator), reverse("receipt-reverse", args=[first.pk])
    page = client.get(url)
    assert hidden(page, "reversed_on") == "01-04-2026"
    # Receipt 1 gives back 15.000 jasa and 5.000 pokok; the play says that the loan now lost 20.000 pokok.
    assert page.context["changed"] == []
    assert dict(page.context["adjustment"]) == {"Jasa": 15_000, "Pokok": -15_000}
    assert "penyesuaian tanggal 1 April 2026" in shown(page)
    done = client.post(url, {"uuid": str(uuid4()), "reversed_on": "1-4-2026", "reason": "uang tidak diterima"})
    assert parts_of(third) == {"principal": 20_000}
    page = shown(client.get(done.url))
    assert "Penyesuaian pembagian" in page
    assert "Jasa, 1 Apr 2026 Rp15.000" in page


def test_the_operator_is_told_why_a_counted_receipt_is_locked_and_the_kecamatan_opens_it(
    loan, operator, district_officer, as_user
):
    receipt = build.payment(loan, 115_000, date(2026, 9, 10))
    url = reverse("receipt-reverse", args=[receipt.pk])
    early = as_user(district_officer).get(url)
    assert "Mintalah operatornya." in shown(early)
    build.cash_count(loan.group)
    build.capital(loan.group, on=date(2026, 9, 30))  # the count found an empty table
    facts = {"uuid": str(uuid4()), "reversed_on": "30-9-2026", "reason": "salah ketik jumlah"}
    client = as_user(operator)
    for page in (client.get(receipt.get_absolute_url()), client.get(url), client.post(url, facts)):
        assert "Kas pertemuan itu sudah dihitung, jadi bukti ini hanya dapat dikoreksi kecamatan." in shown(page)
        assert 'name="reason"' not in page.content.decode()
    client = as_user(district_officer)
    assert url in client.get(receipt.get_absolute_url()).content.decode()
    done = client.post(url, facts)
    assert done.url == Receipt.objects.get(reverses=receipt).get_absolute_url()


def test_the_card_adds_up_with_what_was_saved_on_the_same_receipt(loan, operator, as_user):
    build.payment(loan, 115_000, MARCH_1, savings={"mandatory": 10_000, "contribution": 2_000})
    card = shown(as_user(operator).get(reverse("loan-card", args=[loan.pk])))
    assert "AS-2026-0001 100.000 15.000 2.000 10.000 127.000 900.000" in card
