"""Payments and savings by workbook: recorded as by hand, once, and taken back by corrections."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from imports import services
from loans.models import Receipt, Voucher
from tests import build
from tests.imports.build import checked, counts, faults, saved, workbook
from up2k_portal.lib.dates import today

HEADINGS = ("Nomor pinjaman", "Nama anggota", "Tanggal setor", "Angsuran", "Simpanan wajib")
MARCH = date(2026, 3, 1)
REASON = "salah unggah berkas bulan lalu"


def payments(path, *rows, headings=HEADINGS):
    return workbook(path, rows, headings, sheet="Setoran")


def savings(path, *rows):
    return workbook(path, rows, ("Nama anggota", "Tanggal", "Jenis simpanan", "Setor", "Tarik"), sheet="Simpanan")


def test_payments_are_recorded_and_the_totals_add_up(member, operator, book_path):
    loan = build.loan(member)
    rows = [
        (loan.number, "Norhasanah", MARCH, 115_000, "Rp 10.000,-"),
        ("", "Norhasanah", MARCH, None, "20.000"),
        (loan.number, "Norhasanah", None, None, None),
    ]
    imported = saved(payments(book_path, *rows), operator)
    assert counts(imported) == {"read": 3, "new": 2, "changed": 0, "skipped": 1, "refused": 0}
    assert imported.totals == {"amount": {"new": 115_000}, "mandatory": {"new": 30_000}}
    assert sorted(Receipt.objects.values_list("amount", flat=True)) == [20_000, 125_000]


def test_the_same_payments_again_add_nothing(member, operator, book_path):
    loan = build.loan(member)
    saved(payments(book_path, (loan.number, "Norhasanah", MARCH, 115_000, None)), operator)
    again = checked(book_path, operator)
    assert (counts(again)["skipped"], Receipt.objects.count()) == (1, 1)


def test_checking_records_nothing_and_says_what_the_books_would_refuse(member, operator, book_path):
    loan = build.loan(member)
    rows = [
        (loan.number, "Norhasanah", date(2026, 1, 1), 115_000, None),
        ("2026-099", "Norhasanah", MARCH, 115_000, None),
        ("", "Bukan Anggota", MARCH, None, 10_000),
        (loan.number, "Norhasanah", date(2026, 10, 1), 115_000, None),
        (loan.number, "Norhasanah", MARCH, -5_000, None),
    ]
    imported = checked(payments(book_path, *rows), operator)
    assert Receipt.objects.count() == 0
    assert [(row, column) for row, column, _, _ in faults(imported)] == [
        (2, "Tanggal setor"),
        (3, "Nomor pinjaman"),
        (4, "Nama anggota"),
        (5, "Tanggal setor"),
        (6, "Angsuran"),
    ]


def test_two_equal_rows_are_one_too_many(member, operator, book_path):
    loan = build.loan(member)
    row = (loan.number, "Norhasanah", MARCH, 115_000, None)
    assert faults(checked(payments(book_path, row, row), operator)) == [
        (3, "", "", "Isinya sama dengan baris 2. Bila memang dua kali, bedakan catatannya.")
    ]


def test_undone_payments_are_corrected_and_do_not_come_back(member, operator, book_path):
    loan = build.loan(member)
    imported = saved(payments(book_path, (loan.number, "Norhasanah", MARCH, 115_000, None)), operator)
    access = operator.access_on(today())
    assert services.undo(imported=imported, reason=REASON, by=operator, access=access) == (1, 0)
    assert sum(Receipt.objects.values_list("amount", flat=True)) == 0
    reversal = Receipt.objects.get(amount=-115_000)
    assert faults(checked(book_path, operator)) == [
        (
            2,
            "",
            "",
            f"Baris ini sudah tercatat lalu dikoreksi ({reversal}). Unduh templat baru bila memang disetor lagi.",
        )
    ]


def test_the_template_knows_the_loans_and_is_used_once(member, operator, as_user, book_path):
    loan = build.loan(member)
    build.member(member.group, name="Aminah")
    answer = as_user(operator).get(reverse("import-template"), {"jenis": "setoran"})
    book = load_workbook(BytesIO(answer.content))
    page = book["Setoran"]
    places = {cell.value: cell.column for cell in page[1]}
    names = [(page.cell(row, 1).value, page.cell(row, 2).value) for row in (2, 3)]
    assert names == [(loan.number, "Norhasanah"), (None, "Aminah")]
    page.cell(2, places["Tanggal setor"]).value, page.cell(2, places["Angsuran"]).value = MARCH, 115_000
    book.save(book_path)
    imported = saved(book_path, operator)
    assert counts(imported) == {"read": 2, "new": 1, "changed": 0, "skipped": 1, "refused": 0}
    page.cell(2, places["Angsuran"]).value = 100_000
    book.save(book_path)
    receipt = Receipt.objects.get()
    assert faults(checked(book_path, operator)) == [
        (2, "", "", f"Baris ini sudah tercatat sebagai {receipt} tanggal 1 Maret 2026 sebesar Rp115.000."
                    " Unduh templat baru untuk setoran yang baru.")
    ]  # fmt: skip


def test_savings_go_in_and_out_in_the_order_of_the_rows(member, operator, book_path):
    rows = [
        ("Norhasanah", MARCH, "Sukarela", 50_000, None),
        ("Norhasanah", date(2026, 3, 2), "Simpanan sukarela", None, 20_000),
        ("Norhasanah", date(2026, 3, 3), "sukarela", None, 40_000),
    ]
    imported = checked(savings(book_path, *rows), operator)
    assert [(row, column) for row, column, _, _ in faults(imported)] == [(4, "Setor")]
    saved(savings(book_path, *rows[:2]), operator)
    assert (Receipt.objects.get().amount, Voucher.objects.get(kind="withdrawal").amount) == (50_000, 20_000)
    again = checked(book_path, operator)
    assert counts(again)["skipped"] == 2


def test_undone_savings_are_taken_back_the_last_first(member, operator, book_path):
    rows = [("Norhasanah", MARCH, "Sukarela", 50_000, None), ("Norhasanah", MARCH, "Sukarela", None, 20_000)]
    imported = saved(savings(book_path, *rows), operator)
    access = operator.access_on(today())
    assert services.undo(imported=imported, reason=REASON, by=operator, access=access) == (2, 0)
    assert sum(Voucher.objects.filter(kind="withdrawal").values_list("amount", flat=True)) == 0


def test_money_is_the_villages_own(group, regency_admin, book_path):
    with pytest.raises(ValidationError) as caught:
        checked(savings(book_path, ("Norhasanah", MARCH, "Sukarela", 50_000, None)), regency_admin)
    assert caught.value.messages == ["Anda tidak berwenang mengimpor simpanan di sini. Minta bantuan TP PKK Kabupaten."]
