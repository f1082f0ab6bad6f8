"""What an old book carried over is worth on both sides, and how each figure is posted. Pure; whole rupiah.

A figure of the assets moves from the account in between (3.9) to its own, one of the other side the other way round;
so 3.9 ends at nothing exactly when both sides are equal.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loans.chart import (
    ALLOWANCE,
    BANK,
    CASH,
    CHART,
    CREDIT,
    DEBT,
    GOODS,
    GRANTS,
    INITIAL,
    LOANS,
    MANDATORY,
    OPENING,
    RESERVE,
    SOCIAL_FUND,
    STOCK,
    SURPLUS,
    SURPLUS_TO_SHARE,
    VOLUNTARY,
    Side,
)
from loans.schedule import Row
from up2k_portal.lib.money import format_rupiah

Figure = tuple[str, str, int]  # kind, nature (of capital, else ""), rupiah

# Kind → account and its word in a sentence. Capital stands on the account of its nature.
_ACCOUNTS = {
    "cash": (CASH, "kas"),
    "bank": (BANK, "bank"),
    "stock": (STOCK, "persediaan"),
    "goods": (GOODS, "inventaris"),
    "loan": (LOANS, "pinjaman berjalan"),
    "allowance": (ALLOWANCE, "cadangan kerugian pinjaman"),
    "initial": (INITIAL, "simpanan pokok"),
    "mandatory": (MANDATORY, "simpanan wajib"),
    "voluntary": (VOLUNTARY, "simpanan sukarela"),
    "credit": (CREDIT, "titipan angsuran"),
    "capital": (GRANTS, "modal"),
    "social_fund": (SOCIAL_FUND, "dana sosial"),
    "reserve": (RESERVE, "cadangan modal"),
    "surplus_to_share": (SURPLUS_TO_SHARE, "SHU belum dibagi"),
    "surplus": (SURPLUS, "SHU tahun berjalan"),
    "loss": (SURPLUS, "rugi tahun berjalan"),
}
# What raises the assets, or lessens the other side.
DEBIT_KINDS = ("cash", "bank", "stock", "goods", "loan", "loss")
# What may be missing, by the side that is too small, the likeliest first.
_MISSING = {
    Side.ASSET: ("cash", "bank", "loan", "stock", "goods"),
    Side.EQUITY: (
        "initial", "mandatory", "voluntary", "capital", "reserve", "social_fund", "surplus_to_share", "surplus",
        "allowance", "credit",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """Rupiah of the old book: what the group has, what it owes (savings that can be withdrawn too), and the rest."""

    assets: int
    liabilities: int
    equity: int

    @property
    def claims(self) -> int:
        return self.liabilities + self.equity

    @property
    def difference(self) -> int:
        """More than nothing when the assets are larger."""
        return self.assets - self.claims


def account_of(kind: str, nature: str = "") -> str:
    """The account of a figure. Capital that was given is the group's own, borrowed or revolving it owes."""
    if kind == "capital" and nature != "hibah":
        return DEBT
    return _ACCOUNTS[kind][0]


def posting(kind: str, nature: str, amount: int) -> tuple[str, str, int]:
    """(debit, credit, rupiah) by which a figure comes into the books."""
    account = account_of(kind, nature)
    return (account, OPENING, amount) if kind in DEBIT_KINDS else (OPENING, account, amount)


def totals(figures: Iterable[Figure]) -> Totals:
    """Both sides. The allowance for losses lessens the assets, a loss of the running year the equity."""
    sums: Counter[Side] = Counter()
    for kind, nature, amount in figures:
        side = CHART[account_of(kind, nature)].side
        grows = (kind in DEBIT_KINDS) == side.grows_by_debit
        sums[side] += amount if grows else -amount
    return Totals(sums[Side.ASSET], sums[Side.LIABILITY], sums[Side.EQUITY])


def difference_words(difference: int) -> str:
    """Selisih Rp50.000: harta lebih besar daripada simpanan, utang dan modal."""
    if not difference:
        return "Seimbang: harta sama dengan simpanan, utang dan modal."
    larger, smaller = ("harta", "simpanan, utang dan modal")[:: 1 if difference > 0 else -1]
    return f"Selisih {format_rupiah(abs(difference))}: {larger} lebih besar daripada {smaller}."


def what_to_look_for(figures: Sequence[Figure]) -> str:
    """What may be missing, or wrong, while both sides differ; "" when they are equal."""
    difference = totals(figures).difference
    if not difference:
        return ""
    there = {kind for kind, _, _ in figures}
    side = Side.EQUITY if difference > 0 else Side.ASSET
    missing = [_ACCOUNTS[kind][1] for kind in _MISSING[side] if kind not in there]
    larger = [one for one in figures if (one[0] in DEBIT_KINDS) == (difference > 0)]
    same = next((kind for kind, _, amount in larger if amount == abs(difference)), None)
    hints = [f"Mungkin belum dimasukkan: {', '.join(missing)}."] if missing else []
    if same:
        hints.append(f"Selisihnya sama besar dengan satu angka {_ACCOUNTS[same][1]}: mungkin tercatat dua kali.")
    return " ".join(hints) or "Semua pos sudah ada: cocokkan lagi tiap angka dengan buku lama."


def fee_left(rows: Sequence[Row], principal_left: int) -> int:
    """Rupiah of the fees that the schedule still asks for when so much principal is left.

    The fees up to the last row whose principal is paid in full count as paid; rows of grace before it too. It is what
    to expect; the old book may know better.
    """
    paid = sum(row.principal for row in rows) - principal_left
    until = principal = 0
    for row in rows:
        principal += row.principal
        if row.principal and principal <= paid:
            until = row.number
    return sum(row.service_fee for row in rows if row.number > until)
