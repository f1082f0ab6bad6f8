"""What an old book may say, what is refused and why, any balanced book, and taking an opening back."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans import opening
from loans.chart import CHART
from loans.ledger_services import balances
from loans.models import Entry, Instalment, Loan, LoanProduct, OpeningLine, Voucher
from loans.opening_services import open_books, save_amounts, save_line, start_opening
from loans.opening_undo_services import take_back_opening
from loans.schedule import Method, Row, Terms
from loans.schedule import build as build_schedule
from tests import build

CUT_OFF = date(2025, 12, 31)
REASON = "angka bank salah baca"


@pytest.fixture
def product(group):
    facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
    return LoanProduct.objects.create(group=group, village=group.village, **facts)


@pytest.fixture
def saver(group):
    return build.member(group, name="Aminah", joined_on=date(2015, 1, 5))


@pytest.fixture
def draft(group, operator):
    return start_opening(group=group, on=CUT_OFF, by=operator)


def loan_line(draft, borrower, product, **fields):
    facts = {
        "amount": 700_000, "principal": 1_000_000, "disbursed_on": date(2025, 9, 15), "purpose": "beli benang",
    }  # fmt: skip
    return OpeningLine(opening=draft, kind="loan", member=borrower, product=product, **facts | fields)


def refused(verb) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        verb()
    return refusal.value.messages


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"amount": 1_000_001}, "Sisa pokok Rp1.000.001 melebihi pokok semula Rp1.000.000."),
        (
            {"service_fee_left": 150_001},
            "Sisa jasa Rp150.001 melebihi jasa seluruhnya menurut jadwal produk, Rp150.000.",
        ),
        (
            {"disbursed_on": date(2026, 1, 1)},
            "Tanggal cair sesudah tanggal awal buku, 31 Desember 2025."
            " Pinjaman yang cair sesudahnya dicatat lewat Ajukan pinjaman.",
        ),
        (
            {"disbursed_on": date(2015, 1, 4)},
            "Aminah baru menjadi anggota pada 5 Januari 2015. Betulkan dulu tanggal masuknya.",
        ),
    ],
)
def test_an_impossible_loan_is_refused_in_words(draft, product, saver, operator, fields, words):
    said = refused(lambda: save_line(line=loan_line(draft, saver, product, **fields), by=operator))
    assert said == [words]
    assert draft.lines.count() == 0


def test_a_loan_on_terms_that_give_no_schedule_is_refused(draft, product, saver, operator):
    product.grace = 10
    product.save()
    said = refused(lambda: save_line(line=loan_line(draft, saver, product), by=operator))
    assert said == ["Masa tenggang 10 angsuran tidak mungkin; isi 0 sampai 9."]


def test_the_rows_of_another_group_are_refused(draft, product, saver, operator, elsewhere):
    other = build.group(elsewhere)
    foreign = LoanProduct.objects.create(
        group=other, village=elsewhere, name="Lain", method="flat", rate=Decimal(1), instalment_count=10
    )
    assert refused(lambda: save_line(line=loan_line(draft, saver, foreign), by=operator)) == [
        "Produk ini dari kelompok lain. Pilih produk kelompok ini."
    ]
    stranger = build.member(other, joined_on=date(2015, 1, 5))
    assert refused(lambda: save_line(line=loan_line(draft, stranger, product), by=operator)) == [
        "Peminjam ini dari kelompok lain. Pilih anggota atau poklak kelompok ini."
    ]
    assert refused(lambda: save_amounts(opening=draft, amounts={("initial", stranger.pk): 1}, by=operator)) == [
        "Ada anggota dari kelompok lain. Muat ulang halaman, lalu isi lagi."
    ]


def test_the_same_loan_is_entered_once(draft, product, saver, operator):
    save_line(line=loan_line(draft, saver, product), by=operator)
    again = loan_line(draft, saver, product, amount=600_000)
    assert refused(lambda: save_line(line=again, by=operator)) == [
        "Pinjaman yang sama sudah ada. Ubah angka yang ada, atau periksa tanggal cairnya."
    ]
    assert draft.lines.count() == 1


def test_the_same_key_is_one_figure_and_other_content_a_conflict(draft, product, saver, operator):
    key = uuid4()
    first = save_line(line=loan_line(draft, saver, product, uuid=key), by=operator)
    assert save_line(line=loan_line(draft, saver, product, uuid=key), by=operator) == first
    other = loan_line(draft, saver, product, uuid=key, amount=1)
    assert refused(lambda: save_line(line=other, by=operator)) == [
        "Kiriman ini bertabrakan dengan kiriman lain. Muat ulang halaman, lalu isi lagi."
    ]


def test_who_had_left_has_no_savings_but_may_still_owe(group, draft, product, operator):
    gone = build.member(
        group, name="Barsiah", joined_on=date(2015, 1, 5), left_on=date(2025, 11, 1), left_reason="pindah"
    )
    assert refused(lambda: save_amounts(opening=draft, amounts={("voluntary", gone.pk): 5_000}, by=operator)) == [
        "Barsiah sudah keluar pada 1 November 2025, jadi tanpa simpanan pada tanggal awal buku."
    ]
    assert save_line(line=loan_line(draft, gone, product), by=operator).amount == 700_000
    late = loan_line(draft, gone, product, disbursed_on=date(2025, 11, 1))
    assert refused(lambda: save_line(line=late, by=operator)) == [
        "Barsiah sudah keluar pada 1 November 2025. Periksa tanggal cairnya."
    ]


def test_what_became_wrong_since_is_refused_at_opening(group, draft, product, saver, operator):
    line = save_line(line=loan_line(draft, saver, product), by=operator)
    save_amounts(opening=draft, amounts={("reserve", None): line.amount}, by=operator)
    start_opening(group=group, on=date(2025, 8, 31), by=operator)
    assert refused(lambda: open_books(group=group, by=operator)) == [
        "Pinjaman berjalan Aminah: Tanggal cair sesudah tanggal awal buku, 31 Agustus 2025."
        " Pinjaman yang cair sesudahnya dicatat lewat Ajukan pinjaman."
    ]
    assert (Voucher.objects.count(), Loan.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 10, 1), "Tanggal tidak boleh sesudah hari ini, 30 September 2026."),
        (date(2010, 1, 1), "Tanggal tidak boleh sebelum 2 Januari 2010."),
        (
            date(2026, 9, 10),
            "Kelompok ini sudah mencatat uang pada 10 September 2026."
            " Saldo awal harus sebelum catatan pertama: pakai tanggal sebelum itu.",
        ),
    ],
)
def test_the_books_begin_before_anything_was_recorded(group, operator, on, words):
    build.capital(group, on=date(2026, 9, 10))
    assert refused(lambda: start_opening(group=group, on=on, by=operator)) == [words]
    assert start_opening(group=group, on=date(2026, 9, 9), by=operator).on == date(2026, 9, 9)


def test_a_group_without_figures_or_draft_is_not_opened(group, operator):
    assert refused(lambda: open_books(group=group, by=operator)) == [
        "Saldo awal kelompok ini belum diisi. Mulai dengan tanggal awal bukunya."
    ]
    start_opening(group=group, on=CUT_OFF, by=operator)
    assert refused(lambda: open_books(group=group, by=operator)) == [
        "Belum ada angka saldo awal. Isi dulu angka-angka dari buku lama."
    ]


def test_one_rupiah_of_difference_keeps_the_books_shut(group, draft, operator):
    save_amounts(opening=draft, amounts={("cash", None): 500_000, ("reserve", None): 500_001}, by=operator)
    assert refused(lambda: open_books(group=group, by=operator)) == [
        "Selisih Rp1: simpanan, utang dan modal lebih besar daripada harta."
        " Mungkin belum dimasukkan: bank, pinjaman berjalan, persediaan, inventaris."
    ]
    assert (Voucher.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_difference_as_large_as_one_figure_points_at_it():
    figures = [("cash", "", 300), ("bank", "", 200), ("reserve", "", 300)]
    assert opening.what_to_look_for(figures).endswith(
        "Selisihnya sama besar dengan satu angka bank: mungkin tercatat dua kali."
    )


def test_the_fee_left_follows_the_principal_that_is_paid():
    days = [date(2025, month, 1) for month in (2, 3, 4, 5)]
    rows = build_schedule(Terms(Method.FLAT, 400, Decimal("2.5"), 4), date(2025, 1, 1), days)
    assert [opening.fee_left(rows, left) for left in (400, 399, 300, 250, 100, 1)] == [40, 40, 30, 30, 10, 10]
    at_the_end = [Row(1, days[0], 0, 10, 400), Row(2, days[1], 400, 10, 0)]
    assert [opening.fee_left(at_the_end, left) for left in (400, 100)] == [20, 20]


AMOUNTS = st.integers(0, 10**9)
ASSETS = ("cash", "bank", "stock", "goods", "loss")
CLAIMS = ("allowance", "social_fund", "reserve", "surplus_to_share")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    own=st.dictionaries(st.sampled_from(ASSETS + CLAIMS), AMOUNTS),
    saved=st.dictionaries(st.sampled_from(OpeningLine.OF_MEMBER), AMOUNTS),
    lent=st.integers(1_000, 10**8),
    left=st.fractions(0, 1),
)
def test_any_balanced_book_opens_and_nothing_stays_in_between(transactional_group, own, saved, lent, left):
    group, member, product, by = transactional_group()
    draft = start_opening(group=group, on=CUT_OFF, by=by)
    principal_left = max(int(lent * left), 1)
    save_line(line=loan_line(draft, member, product, principal=lent, amount=principal_left), by=by)
    amounts = {(kind, None): amount for kind, amount in own.items()}
    amounts |= {(kind, member.pk): amount for kind, amount in saved.items()}
    save_amounts(opening=draft, amounts=amounts, by=by)
    difference = opening.totals([line.figure for line in draft.lines.all()]).difference
    if difference:
        assert refused(lambda: open_books(group=group, by=by))[0].startswith("Selisih Rp")
        assert not Entry.objects.filter(group=group).exists()
        side = ("surplus", None) if difference > 0 else ("cash", None)
        save_amounts(opening=draft, amounts={side: abs(difference) + own.get(side[0], 0)}, by=by)
    open_books(group=group, by=by)
    booked, entries = balances(group, CUT_OFF), Entry.objects.filter(group=group)
    expected = dict.fromkeys(CHART, 0)
    for line in draft.lines.all():
        account = CHART[opening.account_of(line.kind, line.nature)]
        grows = (line.kind in opening.DEBIT_KINDS) == account.side.grows_by_debit
        expected[account.code] += line.amount if grows else -line.amount
    assert booked == expected
    assert booked["3.9"] == 0
    assets = sum(booked[code] for code, account in CHART.items() if account.side.grows_by_debit)
    assert assets == sum(booked[code] for code, account in CHART.items() if not account.side.grows_by_debit)
    assert entries.aggregate(sum=Sum("amount"))["sum"] == sum(line.amount for line in draft.lines.all())
    loan = Loan.objects.with_balance(CUT_OFF).get(group=group)
    assert (loan.balance, loan.principal_paid) == (principal_left, lent - principal_left)


@pytest.fixture
def transactional_group(pandulangan, operator):
    """Another group with a member and a product at each call."""

    def make():
        group = build.group(pandulangan)
        facts = {"name": "Bulanan", "method": "flat", "rate": Decimal("1.5"), "instalment_count": 10}
        product = LoanProduct.objects.create(group=group, village=group.village, **facts)
        return group, build.member(group, joined_on=date(2015, 1, 5)), product, operator

    return make


def opened(group, draft, product, saver, by):
    line = save_line(line=loan_line(draft, saver, product), by=by)
    amounts = {("bank", None): 300_000, ("reserve", None): 900_000, ("mandatory", saver.pk): 100_000}
    save_amounts(opening=draft, amounts=amounts, by=by)
    open_books(group=group, by=by)
    return line


def test_an_opening_on_which_nothing_rests_is_taken_back_and_opened_anew(
    group, draft, product, saver, operator, district_officer
):
    opened(group, draft, product, saver, operator)
    key = uuid4()
    facts = {"group": group, "reason": REASON, "by": district_officer, "uuid": key}
    first, second = (take_back_opening(**facts) for _ in range(2))
    assert (first.opened_at, second.pk, Voucher.objects.count()) == (None, first.pk, 8)
    assert set(balances(group, CUT_OFF).values()) == {0}
    loan = Loan.objects.get()
    assert (loan.status, loan.disbursed_on, loan.instalments.in_force().count()) == ("withdrawn", None, 0)
    assert loan.decision_note == "pembukaan buku dibatalkan: angka bank salah baca"
    save_amounts(opening=draft, amounts={("bank", None): 350_000, ("reserve", None): 950_000}, by=operator)
    open_books(group=group, by=operator)
    assert balances(group, CUT_OFF, codes=("1.2", "1.3", "3.2", "3.4", "3.9")) == {
        "1.2": 350_000, "1.3": 700_000, "3.2": 100_000, "3.4": 950_000, "3.9": 0,
    }  # fmt: skip
    assert [one.number for one in Loan.objects.order_by("pk")] == ["2025-001", "2025-002"]
    assert Instalment.objects.in_force().count() == 10


def test_an_opening_on_which_a_receipt_rests_stays(group, draft, product, saver, operator, district_officer):
    opened(group, draft, product, saver, operator)
    build.payment(Loan.objects.get(), 115_000, date(2026, 1, 15), by=operator)
    facts = {"group": group, "reason": REASON, "by": district_officer, "uuid": uuid4()}
    assert refused(lambda: take_back_opening(**facts)) == [
        "Pembukaan buku tidak dapat dibatalkan lagi: uang sudah dicatat pada 15 Januari 2026."
        " Betulkan angka yang salah dengan bukti biasa."
    ]
    draft.refresh_from_db()
    assert (draft.opened_by, Voucher.objects.count()) == (operator, 4)


def test_a_draft_cannot_be_taken_back_and_a_reason_is_asked(group, draft, product, saver, operator, district_officer):
    facts = {"group": group, "by": district_officer, "uuid": uuid4()}
    assert refused(lambda: take_back_opening(reason=REASON, **facts)) == [
        "Buku kelompok ini belum dibuka, jadi tidak ada yang dibatalkan."
    ]
    opened(group, draft, product, saver, operator)
    assert refused(lambda: take_back_opening(reason="salah", **facts))[0].startswith("Tulis alasan yang jelas")
