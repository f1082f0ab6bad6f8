"""Surat perjanjian pinjaman as sentences: what the page, the printer and the workbook all say.

Ten short articles; the wording is our own and waits for the kabupaten's legal bureau.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from loans import schedule
from loans.models import Loan
from loans.models.loans import PayoffFees, PenaltyKind
from up2k_portal.lib.days import MONTHS, format_day
from up2k_portal.lib.money import format_rupiah, terbilang
from up2k_portal.lib.ui import percent

BLANK = "." * 32  # to be written by hand
NAME_BLANK = f"({'.' * 28})"
UNITS = {"month": "bulan", "week": "minggu"}
PAYOFF_WORDS = {
    PayoffFees.ALL: "seluruh jasa sampai akhir jangka waktu tetap dibayar",
    PayoffFees.RUNNING: "jasa dihitung sampai masa angsuran yang sedang berjalan",
}


@dataclass(frozen=True)
class Paragraph:
    """`lead` is printed bold, `number` before it."""

    text: str
    lead: str = ""
    number: str = ""

    def __str__(self) -> str:
        return f"{self.number}{self.lead}{self.text}"


@dataclass(frozen=True)
class Signature:
    role: str
    name: str = NAME_BLANK
    has_meterai: bool = False


@dataclass(frozen=True)
class Letter:
    """`signatures` stand in pairs, left and right; `rows` are the schedule that was agreed."""

    title: str
    number: str
    paragraphs: list[Paragraph]
    dated: str
    signatures: list[tuple[Signature, Signature]]
    rows: Sequence[Any]


def letter_of(
    loan: Loan, day: date, weekday: str, rows: Sequence[Any], *, village: Any, leader: Any, treasurer: Any
) -> Letter:
    """The agreement of the day; `rows` is the schedule, `village` the group's on that day, `leader` and `treasurer` the
    officers of that day or None. Select the group, member, poklak and village with the loan."""
    articles = _articles(loan, rows)
    return Letter(
        title="SURAT PERJANJIAN PINJAMAN UP2K PKK",
        number=f"Nomor: {loan.number}",
        paragraphs=[
            *_parties(loan, f"{weekday}, tanggal {words_of_day(day)} ({day:%d-%m-%Y})", village, leader),
            *(Paragraph(f" {text}", f"Pasal {at} {head}.") for at, (head, text) in enumerate(articles, 1)),
        ],
        dated=f"{village.name}, {format_day(day) if loan.is_disbursed else BLANK}",
        signatures=_signatures(loan, village, leader, treasurer),
        rows=rows,
    )


def _parties(loan: Loan, day: str, village: Any, leader: Any) -> list[Paragraph]:
    first = f", Ketua Poksus {loan.group.name}, {village.full_name}, Kecamatan {village.district.name}, bertindak untuk"
    return [
        Paragraph(f"Pada hari ini {day}, bertempat di {village.full_name}, kami yang bertanda tangan di bawah ini:"),
        Paragraph(
            f"{first} dan atas nama Poksus, selanjutnya disebut PIHAK PERTAMA;",
            leader.name if leader else BLANK,
            "1. ",
        ),
        _borrower(loan),
        Paragraph("sepakat mengadakan perjanjian pinjaman dengan ketentuan berikut."),
    ]


def _borrower(loan: Loan) -> Paragraph:
    member = loan.member
    if member is None:
        name = loan.poklak.name if loan.poklak else BLANK
        text = f", diwakili oleh {BLANK}, NIK {BLANK}, atas nama anggota yang menandatangani lampiran"
        return Paragraph(f"{text}, selanjutnya disebut PIHAK KEDUA,", f"Poklak {name}", "2. ")
    poklak = f", poklak {member.poklak.name}" if member.poklak else ""
    text = f", NIK {member.nik or BLANK}, alamat {member.address or BLANK}, anggota {loan.group.name}{poklak}"
    return Paragraph(f"{text}, selanjutnya disebut PIHAK KEDUA,", member.name, "2. ")


def _articles(loan: Loan, rows: Sequence[Any]) -> list[tuple[str, str]]:
    joint = "Tidak berlaku: pinjaman ini perorangan."
    if loan.poklak:
        joint = f"Anggota poklak {loan.poklak.name} yang menandatangani lampiran menanggung bersama angsuran yang tidak"
        joint += " terbayar."
    return [
        ("Pinjaman", _lent(loan)),
        ("Jasa dan jangka waktu", _terms(loan, rows)),
        ("Angsuran", _instalments(loan, rows)),
        (
            "Kewajiban",
            "PIHAK KEDUA memakai pinjaman menurut Pasal 1, menyetor simpanan wajib dan iuran, dan memberi keterangan"
            " yang benar tentang usahanya.",
        ),
        (
            "Keterlambatan",
            f"{penalty_words(loan)} Tunggakan diselesaikan dengan musyawarah; selama menunggak tidak diberikan pinjaman"
            " baru.",
        ),
        ("Tanggung renteng", joint),
        (
            "Keadaan memaksa",
            "Bila terjadi banjir, gagal panen, wabah ternak atau musibah, jadwal dapat diubah dengan keputusan tertulis"
            " PIHAK PERTAMA.",
        ),
        ("Pelunasan", f"PIHAK KEDUA boleh melunasi lebih awal; {PAYOFF_WORDS[PayoffFees(loan.payoff_fees)]}."),
        (
            "Data pribadi",
            "PIHAK KEDUA menyetujui datanya dicatat untuk pengelolaan pinjaman dan pelaporan UP2K PKK; laporan ke"
            " kecamatan, kabupaten dan provinsi tidak memuat NIK.",
        ),
        ("Penutup", "Dibuat rangkap dua bermeterai cukup, dibaca dan dipahami kedua pihak."),
    ]


def _lent(loan: Loan) -> str:
    received = format_day(loan.disbursed_on) if loan.is_disbursed and loan.disbursed_on else BLANK
    return (
        f"PIHAK PERTAMA memberi pinjaman kepada PIHAK KEDUA sebesar {format_rupiah(loan.principal)}"
        f" ({terbilang(loan.principal)}) untuk usaha {loan.purpose}, diterima pada tanggal {received}."
    )


def _terms(loan: Loan, rows: Sequence[Any]) -> str:
    fee = format_rupiah(sum(row.service_fee for row in rows))
    every = "" if loan.seasons else f", tiap {UNITS[loan.every]}"
    text = f"Jasa {loan.rate_words}, seluruhnya {fee}; jangka waktu {len(rows)} kali angsuran{every}."
    effective = effective_rate(loan, rows)
    if effective is not None:
        text += f" Beban jasa ini setara {percent(effective)} setahun dari sisa pinjaman."
    return text


def _instalments(loan: Loan, rows: Sequence[Any]) -> str:
    first, last = rows[0], rows[-1]
    return (
        f"PIHAK KEDUA membayar {len(rows)} kali angsuran menurut Rencana Angsuran terlampir, angsuran pertama"
        f" {format_rupiah(first.total)} pada tanggal {format_day(first.due_on)}, terakhir tanggal"
        f" {format_day(last.due_on)}{'' if loan.is_disbursed else ' bila diterima hari ini'}."
        " Setiap pembayaran diberi kuitansi bernomor."
    )


def _signatures(loan: Loan, village: Any, leader: Any, treasurer: Any) -> list[tuple[Signature, Signature]]:
    def named(role: str, person: Any) -> Signature:
        return Signature(role, person.name if person else NAME_BLANK)

    borrower = Signature("PIHAK KEDUA,", loan.member.name if loan.member else NAME_BLANK, has_meterai=True)
    return [
        (borrower, named("PIHAK PERTAMA, Ketua Poksus,", leader)),
        (Signature("Menyetujui, suami/wali PIHAK KEDUA,"), named("Bendahara Poksus,", treasurer)),
        (Signature("Saksi: Ketua Poklak,"), Signature(f"Mengetahui, Ketua TP PKK {village.full_name},")),
    ]


def effective_rate(loan: Loan, rows: Sequence[Any]) -> Decimal | None:
    """Percent a year of what is really held; None where the instalments fall by season and not by month or week."""
    if loan.seasons or not rows:
        return None
    return schedule.effective_annual_rate(loan.schedule_terms(loan.principal), list(rows))


def penalty_words(loan: Loan) -> str:
    """What being late costs, as a sentence."""
    kind = PenaltyKind(loan.penalty_kind)
    if kind == PenaltyKind.NONE:
        return "Keterlambatan tidak dikenai denda."
    share = f"{Decimal(loan.penalty_percent).normalize():f}%".replace(".", ",")
    how_much = {
        PenaltyKind.FIXED: f"{format_rupiah(loan.penalty_amount)} untuk tiap angsuran yang terlambat",
        PenaltyKind.PERCENT: f"{share} dari angsuran yang terlambat",
    }[kind]
    late = f" lebih dari {loan.penalty_free_days} hari" if loan.penalty_free_days else ""
    most = f", paling banyak {format_rupiah(loan.penalty_cap)}" if loan.penalty_cap is not None else ""
    return f"Keterlambatan{late} dikenai denda {how_much}{most}."


def words_of_day(day: date) -> str:
    """tiga puluh September dua ribu dua puluh enam"""
    number, year = (terbilang(one).removesuffix(" rupiah") for one in (day.day, day.year))
    return f"{number} {MONTHS[day.month - 1]} {year}"
