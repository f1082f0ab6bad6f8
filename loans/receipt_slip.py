"""A kuitansi on a roll of 58 mm: 32 letters a line, as cheap printers have them. Pure."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from loans.kuitansi import Kuitansi
from up2k_portal.lib.money import format_number, terbilang

WIDTH = 32
RULE, DOUBLE = "-" * WIDTH, "=" * WIDTH


def slip_lines(paper: Kuitansi, *, group: Any, village: Any) -> list[str]:
    """The lines up to the QR; `village` is the group's on the day of the receipt."""
    place = f"{village.full_name}, Kec. {village.district.name}"
    head = [] if paper.title == "KUITANSI" else [paper.title]
    lines = [*_centred(str(group)), *_centred(place), RULE]
    lines += [f"No.  {paper.number}", f"Tgl  {paper.on:%d-%m-%Y}", *_told("Dari ", paper.payer)]
    lines += [*remarked((*head, *paper.remarks)), RULE]
    lines += [line for _, words, rupiah in paper.parts for line in _amount(words, format_number(rupiah))]
    total = f"Rp{format_number(paper.amount)}"
    lines += [DOUBLE, *_amount("JUMLAH", total), *wrap(f"({terbilang(paper.amount)})", WIDTH)]
    if paper.left is not None:
        lines += _amount("Sisa pokok", format_number(paper.left))
    return [*lines, RULE, *_told("Bendahara: ", paper.treasurer or "." * 20)]


def remarked(remarks: Iterable[str]) -> list[str]:
    return [line for text in remarks for line in wrap(text, WIDTH)]


def _centred(text: str) -> list[str]:
    return [line.center(WIDTH).rstrip() for line in wrap(text, WIDTH)]


def _told(label: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=label, subsequent_indent=" " * len(label))


def _amount(words: str, rupiah: str) -> list[str]:
    """Words left and rupiah right on one line; on two where they do not fit."""
    if len(words) + 1 + len(rupiah) <= WIDTH:
        return [words + rupiah.rjust(WIDTH - len(words))]
    return [words[:WIDTH], rupiah.rjust(WIDTH)]
