"""The accounts of a group in PKK's words, and which two of them each kind of money moves between. Pure.

The chart follows the minimal one of a savings-and-loan group (posisi keuangan 1–3, hasil usaha 4–5; SAK EMKM's three
statements need no more). Every group keeps the same accounts; each has its own balances.
"""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """What an account is; assets and expenses grow by debit, the others by credit."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def grows_by_debit(self) -> bool:
        return self in (Side.ASSET, Side.EXPENSE)


@dataclass(frozen=True)
class Account:
    code: str
    name: str
    side: Side


CASH, FIELD_CASH, BANK, LOANS, ALLOWANCE, STOCK, GOODS = "1.1", "1.1.9", "1.2", "1.3", "1.3.9", "1.4", "1.5"
VOLUNTARY, DEBT, SURPLUS_TO_SHARE, SOCIAL_FUND, CREDIT = "2.1", "2.2", "2.3", "2.4", "2.5"
INITIAL, MANDATORY, GRANTS, RESERVE, SURPLUS, OPENING = "3.1", "3.2", "3.3", "3.4", "3.5", "3.9"
FEE, TRADE, CONTRIBUTION, PENALTY, RECOVERY, OTHER_INCOME = "4.1", "4.2", "4.3", "4.4", "4.5", "4.9"
LOSSES, CASH_DIFFERENCE, OTHER_EXPENSE = "5.6", "5.8", "5.9"

_ROWS = {
    Side.ASSET: {
        CASH: "Kas", FIELD_CASH: "Kas di petugas", BANK: "Bank", LOANS: "Piutang pinjaman",
        ALLOWANCE: "Cadangan kerugian pinjaman", STOCK: "Persediaan", GOODS: "Inventaris",
    },
    Side.LIABILITY: {
        VOLUNTARY: "Simpanan sukarela", DEBT: "Utang dan dana bergulir", SURPLUS_TO_SHARE: "SHU belum dibagi",
        SOCIAL_FUND: "Dana sosial/PAUD", CREDIT: "Titipan angsuran",
    },
    Side.EQUITY: {
        INITIAL: "Simpanan pokok", MANDATORY: "Simpanan wajib", GRANTS: "Modal swadaya dan hibah",
        RESERVE: "Cadangan modal", SURPLUS: "SHU tahun berjalan", OPENING: "Saldo awal (antara)",
    },
    Side.INCOME: {
        FEE: "Jasa pinjaman", TRADE: "Hasil usaha kelompok", CONTRIBUTION: "Iuran anggota", PENALTY: "Denda",
        RECOVERY: "Pinjaman hapus buku yang tertagih", OTHER_INCOME: "Penerimaan lain",
    },
    Side.EXPENSE: {
        "5.1": "Alat tulis dan cetak", "5.2": "Transport", "5.3": "Insentif pengurus", "5.4": "Konsumsi rapat",
        "5.5": "Administrasi bank dan jasa utang", LOSSES: "Kerugian pinjaman", CASH_DIFFERENCE: "Selisih kas",
        OTHER_EXPENSE: "Biaya lain",
    },
}  # fmt: skip
CHART = {code: Account(code, name, side) for side, rows in _ROWS.items() for code, name in rows.items()}
TILLS = {"cash": CASH, "bank": BANK, "field": FIELD_CASH}
IN_HAND = (CASH, FIELD_CASH)  # one in the cash book: the box, and what a sheet brought in until it is counted

# Where a part of a receipt goes, against the till that took the money.
CREDITED_BY_PART = {
    "penalty": PENALTY,
    "service_fee": FEE,
    "principal": LOANS,
    "credit": CREDIT,
    "initial": INITIAL,
    "mandatory": MANDATORY,
    "voluntary": VOLUNTARY,
    "recovery": RECOVERY,
    "contribution": CONTRIBUTION,  # or SOCIAL_FUND, as the group set
}
SAVINGS = {"initial": INITIAL, "mandatory": MANDATORY, "voluntary": VOLUNTARY}


def accounts_of(side: Side) -> list[Account]:
    """The accounts of one side, in the order of their codes."""
    return [account for account in CHART.values() if account.side == side]
