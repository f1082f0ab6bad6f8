"""What speaks against a new loan by the rules that the group set itself. Pure; whole rupiah.

A rule does nothing ("off"), warns ("warn") or stops ("stop"). Sentences of arrears tell counts and rupiah, no other
borrower's name: who reads a proposal need not know which neighbour is late.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from up2k_portal.lib.money import format_rupiah

WARN, STOP = "warn", "stop"


@dataclass(frozen=True)
class Facts:
    """What is known on the day of the proposal or disbursement.

    `late` is what the borrower has not paid in time on her loans; `late_members` and `poklak_late` are how many others
    of her poklak are late and with how much; `poklak_loan_late` is what the poklak itself is late with. A poklak that
    borrows is the borrower, all its members the others. `running` counts loans not paid off, this one left out.
    """

    borrower: str
    principal: int
    capital: int
    has_decree: bool
    late: int = 0
    late_members: int = 0
    poklak_late: int = 0
    poklak_loan_late: int = 0
    running: int = 0


@dataclass(frozen=True)
class Rules:
    """What each rule does, as the group's money rules say; the words are those of `Reaction`."""

    member_arrears: str
    poklak_arrears: str
    most_running: int
    too_many_running: str
    most_share: int | None
    too_large: str
    no_decree: str


@dataclass(frozen=True)
class Finding:
    level: str
    sentence: str


def findings(facts: Facts, rules: Rules) -> tuple[Finding, ...]:
    """What warns or stops, in the order of the rules; empty when nothing speaks against the loan."""
    return tuple(Finding(level, sentence) for level, sentence in _said(facts, rules) if level in (WARN, STOP))


def _said(facts: Facts, rules: Rules) -> Iterator[tuple[str, str]]:
    if facts.late:
        yield rules.member_arrears, f"{facts.borrower} masih menunggak {format_rupiah(facts.late)}."
    if facts.late_members:
        late = format_rupiah(facts.poklak_late)
        yield rules.poklak_arrears, f"{facts.late_members} anggota poklaknya menunggak, seluruhnya {late}."
    if facts.poklak_loan_late:
        yield rules.poklak_arrears, f"Pinjaman poklaknya menunggak {format_rupiah(facts.poklak_loan_late)}."
    if facts.running >= rules.most_running:
        yield (
            rules.too_many_running,
            f"{facts.borrower} masih punya {facts.running} pinjaman berjalan; menurut aturan kelompok, dengan yang ini"
            f" paling banyak {rules.most_running}.",
        )
    if rules.most_share is not None and facts.principal * 100 > rules.most_share * facts.capital:
        most = format_rupiah(largest_loan(facts.capital, rules.most_share))
        yield (
            rules.too_large,
            f"Pinjaman {format_rupiah(facts.principal)} lebih dari {rules.most_share}% modal kelompok"
            f" {format_rupiah(facts.capital)}; paling banyak {most}.",
        )
    if not facts.has_decree:
        yield rules.no_decree, "Kelompok ini belum punya SK. Isi nomor SK di data kelompok bila sudah ada."


def largest_loan(capital: int, most_share: int) -> int:
    """The largest principal in rupiah within `most_share` percent of the capital."""
    return capital * most_share // 100
