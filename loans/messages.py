"""What goes out by WhatsApp about money: figures in whole rupiah, names masked, no NIK, no address, no phone number.

A message is forwarded further than anyone thinks; who it is for knows herself by three letters and the number of her
receipt or loan.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import format_rupiah
from up2k_portal.lib.privacy import mask_name

MOST_LINES = 60  # of a list; WhatsApp cuts off much longer texts


def wa_share_url(text: str) -> str:
    """The address that opens WhatsApp with the text, to choose for whom."""
    return f"https://wa.me/?text={quote(text)}"


def receipt_message(
    receipt: Any, parts: Iterable[Any], loan: Any, *, balance: int | None, check_url: str | None
) -> str:
    """A receipt: what it paid, what is left of the loan, and where anyone can check it."""
    lines = [
        f"Bukti setoran {receipt.number}",
        f"{receipt.group}, {receipt.village.label}",
        f"Dari {mask_name(str(receipt.payer))}, {format_day(receipt.received_on)}",
        *(f"{part.get_kind_display()}: {format_rupiah(part.amount)}" for part in parts),
        f"Jumlah: {format_rupiah(receipt.amount)}",
    ]
    if loan:
        lines.append(f"Sisa pokok {loan.number}: {format_rupiah(balance or 0)}")
    if check_url:
        lines.append(f"Cek: {check_url}")
    return "\n".join(lines)


def card_message(loan: Any, unpaid: Sequence[tuple[date, int]], on: date) -> str:
    """A loan's card: what is left, what is late on the day, and when the next instalment falls due.

    `unpaid` are (day due, rupiah still owed) of its rows in order; `loan` is read with its standing.
    """
    lines = [
        f"Kartu pinjaman {loan.number}",
        f"{loan.group}, {loan.village.label}",
        f"Peminjam: {mask_name(str(loan.borrower))}",
        f"Pokok {format_rupiah(loan.principal)}, sisa pokok {format_rupiah(loan.balance)}",
    ]
    if loan.late:
        lines.append(f"Tunggakan per {format_day(on)}: {format_rupiah(loan.late)}")
    if following := next(((day, left) for day, left in unpaid if day >= on), None):
        lines.append(f"Angsuran berikutnya {format_day(following[0])}: {format_rupiah(following[1])}")
    elif not loan.late:
        lines.append("Lunas. Terima kasih.")
    return "\n".join(lines)


def savings_message(member: Any, balances: Sequence[tuple[str, int]], on: date) -> str:
    """A member's savings on a day: `balances` are (words, rupiah) of each kind, those of 0 left out."""
    lines = [
        f"Simpanan per {format_day(on)}",
        f"{member.group}, {member.village.label}",
        f"Anggota: {mask_name(member.name)}",
        *(f"{words}: {format_rupiah(amount)}" for words, amount in balances if amount),
    ]
    return "\n".join([*lines, f"Jumlah: {format_rupiah(sum(amount for _, amount in balances))}"])


def dues_message(group: Any, on: date, dues: Sequence[tuple[str, int]]) -> str:
    """The list of a meeting: `dues` are (name, rupiah) in the order of the paper; who owes nothing is left out."""
    owing = [(name, due) for name, due in dues if due]
    lines = [
        f"Tagihan pertemuan {format_day(on)}",
        f"{group}, {group.village.label}",
        *(f"{number}. {mask_name(name)}: {format_rupiah(due)}" for number, (name, due) in enumerate(owing, 1)),
    ]
    if len(owing) > MOST_LINES:
        lines[2 + MOST_LINES :] = [f"… dan {len(owing) - MOST_LINES} lagi"]
    return "\n".join([*lines, f"Jumlah: {format_rupiah(sum(due for _, due in owing))}"])
