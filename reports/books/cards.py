"""Kartu Angsuran of one loan: the schedule beside what was paid, line by line.

The form has no place for the incentive for paying on time (IPTW): a note below tells it, year by year.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from loans.incentive_services import YearLine, incentive_years
from loans.models import Instalment, Loan
from loans.rules_services import rules_of
from loans.views.loans import receipts_of
from reports.books.page import Page
from reports.books.spans import of_day
from reports.books.wording import words_of
from reports.cells import Value, Words
from reports.sheet import Block, Row
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_number, format_rupiah

FORM = "kartu-angsuran"
# What a receipt may hold that the form has no column for.
BESIDES = {"penalty": "denda", "credit": "titipan", "recovery": "tagihan hapus buku"}


def card_page(loan: Loan, day: date) -> Page:
    """The card as of now, signed on the day. Six queries, two more where the group pays IPTW; `loan` comes with
    `village__district__regency`, the group and the borrower."""
    schedule = list(loan.instalments.in_force())
    receipts = list(receipts_of(loan))
    rows = list(card_rows(loan, schedule, receipts))
    incentive = incentive_years(loan, rules_of(loan.group), day)
    notes = [*_notes(loan, receipts), *incentive_words(incentive)]
    return Page(FORM, _words(loan, schedule, day), [Block(rows)], notes=notes)


def incentive_words(lines: list[YearLine]) -> Iterator[str]:
    """The IPTW of each year in one sentence, and that a year with a late instalment has none."""
    told = []
    for line in lines:
        until = "" if line.is_over else ", sampai hari ini semua tepat waktu"
        told.append(f"{line.year} {format_rupiah(line.amount)}{until}" if line.is_on_time else f"{line.year} tidak ada")
    if told:
        late = "" if all(line.is_on_time for line in lines) else " Tidak ada bila satu angsuran terlambat."
        yield f"Insentif tepat waktu (IPTW), dibayar bersama SHU: {'; '.join(told)}.{late}"


def card_rows(loan: Loan, schedule: list[Instalment], receipts: Iterable) -> Iterator[Row]:
    """A line an instalment; a payment stands beside the one that was the oldest unpaid before it, a further one of the
    same instalment on a line of its own below. Payments keep their order, so the balance runs down the column."""
    waiting = list(receipts)
    principal, fee = loan.opening_principal_paid, loan.opening_service_fee_paid
    left = loan.principal - principal
    for at, instalment in enumerate(schedule):
        is_last = at == len(schedule) - 1
        line: dict[str, Value] = _scheduled(instalment)
        while waiting and (is_last or not _is_paid(instalment, principal, fee)):
            receipt = waiting.pop(0)
            principal, fee = principal + receipt.principal, fee + receipt.service_fee
            left -= receipt.principal
            yield line | _paid(receipt, left)
            line = {"t_jumlah": 0}  # as the form's formula has it
        if "ke" in line:
            yield line | {"no": None}


def _is_paid(instalment: Instalment, principal: int, fee: int) -> bool:
    return principal >= instalment.principal_to_date and fee >= instalment.service_fee_to_date


def _scheduled(instalment: Instalment) -> dict[str, Value]:
    return {
        "ke": instalment.number,
        "jatuh_tempo": instalment.due_on,
        "t_pokok": instalment.principal,
        "t_jasa": instalment.service_fee,
        "t_jumlah": instalment.total,
    }


def _paid(receipt, left: int) -> dict[str, Value]:
    total = receipt.principal + receipt.service_fee + receipt.contribution + receipt.savings
    return {
        "no": None,  # a further payment has no number of its own
        "tgl_bayar": receipt.received_on,
        "no_kwt": receipt.number,
        "b_pokok": receipt.principal,
        "b_jasa": receipt.service_fee,
        "b_iuran": receipt.contribution,
        "b_simpanan": receipt.savings,
        "b_jumlah": total,
        "sisa": left,
    }


def _notes(loan: Loan, receipts: Iterable) -> Iterator[str]:
    """What the columns cannot say: money of other kinds, corrections, what was paid before the books began."""
    receipts = list(receipts)
    if loan.opened_on:
        principal, fee = format_rupiah(loan.opening_principal_paid), format_rupiah(loan.opening_service_fee_paid)
        yield f"Dari buku lama per {format_day(loan.opened_on)}: sudah dibayar pokok {principal}, jasa {fee}."
    for receipt in receipts:
        besides = [
            f"{words} {format_rupiah(amount)}" for name, words in BESIDES.items() if (amount := getattr(receipt, name))
        ]
        told = [f"termasuk {', '.join(besides)}"] if besides else []
        if receipt.correction_words:
            told.append(receipt.correction_words)
        if told:
            yield f"Kuitansi {receipt.number} {format_rupiah(receipt.amount)}: {'; '.join(told)}."
    if loan.written_off_on:
        yield f"Dihapus buku {format_day(loan.written_off_on)}: {format_rupiah(loan.written_off)}."


def _words(loan: Loan, schedule: list[Instalment], day: date) -> Words:
    poklak = loan.poklak or (loan.member and loan.member.poklak)
    return {
        **words_of(loan.group, of_day(day), day),
        "{NO_PINJAMAN}": loan.number,
        "{NAMA}": str(loan.borrower),
        "{POKLAK}": str(poklak or "-"),
        "{USAHA}": loan.purpose,
        "{POKOK}": format_number(loan.principal),
        "{JASA}": loan.rate_words,
        "{JANGKA}": f"{len(schedule)} kali",
        "{TANGGAL_CAIR}": format_day(loan.disbursed_on),
        "{P}": str(loan.principal - loan.opening_principal_paid),
    }
