"""A kuitansi as words and amounts: what the A5 page, the slip of 58 mm and the workbook all say. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_rupiah

METERAI_ABOVE = 5_000_000  # rupiah; UU 10/2020: receipts for more than five million carry a stamp


@dataclass(frozen=True)
class Kuitansi:
    """`parts` are (kind, words, rupiah) that sum to `amount`; `left` is the principal still owed on the loan, None
    where the money was for no loan; `number_paid` says which instalments the principal was for: "3" or "3 s.d. 10"."""

    title: str
    number: str
    payer: str
    purpose: str
    parts: tuple[tuple[str, str, int], ...]
    amount: int
    left: int | None
    number_paid: str
    on: date
    treasurer: str
    remarks: tuple[str, ...]
    is_void: bool = False

    @property
    def needs_meterai(self) -> bool:
        return self.amount > METERAI_ABOVE


def kuitansi_of(
    receipt: Any, parts: Sequence[Any], loan: Any, *, standing: dict[str, Any], treasurer: Any, remarks: Sequence[str]
) -> Kuitansi:
    """The paper of a receipt. `standing` tells of its loan `balance`, `paid_count`, `payable_count` and `number_paid`;
    it is empty where there is none. `remarks` tell how its parts were divided anew."""
    reversal = getattr(receipt, "reversal", None)
    void = [f"BATAL, dikoreksi oleh {reversal}."] if reversal else []
    return Kuitansi(
        title="BUKTI KOREKSI" if receipt.is_reversal else "KUITANSI",
        number=receipt.number,
        payer=str(receipt.payer),
        purpose=_purpose(loan, standing),
        parts=tuple((part.kind, part.get_kind_display(), part.amount) for part in parts),
        amount=receipt.amount,
        left=standing.get("balance"),
        number_paid=standing.get("number_paid", ""),
        on=receipt.received_on,
        treasurer=treasurer.name if treasurer else "",
        remarks=(*void, *remarks),
        is_void=bool(void),
    )


def _purpose(loan: Any, standing: dict[str, Any]) -> str:
    if loan is None:
        return "Simpanan dan iuran"
    paid = f"lunas {standing['paid_count']} dari {standing['payable_count']} kali"
    return f"Angsuran pinjaman {loan.number} ({loan.purpose}), {paid}"


def division_remarks(changed_on: date | None, adjustments: Sequence[Any]) -> list[str]:
    """What a paper says of parts that were divided otherwise after its first print."""
    remarks = [f"Pembagian diperbarui {format_day(changed_on)}."] if changed_on else []
    if adjustments:
        told = [f"{part.get_kind_display().lower()} {format_rupiah(part.amount)}" for part in adjustments]
        remarks.append(f"Penyesuaian pembagian {format_day(adjustments[0].received_on)}: {', '.join(told)}.")
    return remarks


def numbers_paid(rows: Sequence[tuple[int, int, int]], before: int, after: int) -> str:
    """Which instalments a payment of principal from `before` to `after` rupiah went into: "3", "3 s.d. 10" or "".
    `rows` are (number, principal, principal to date) of the schedule, in order."""
    touched = [number for number, principal, to_date in rows if principal and to_date - principal < after > before]
    touched = [number for number, _, to_date in rows if number in touched and to_date > before]
    if not touched:
        return ""
    return str(touched[0]) if len(touched) == 1 else f"{touched[0]} s.d. {touched[-1]}"
