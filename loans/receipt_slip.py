"""A kuitansi on a roll of 58 mm: 32 letters a line, as cheap printers have them. Pure."""

from collections.abc import Iterable
from datetime import date
from textwrap import wrap

from up2k_portal.lib.money import format_number, terbilang

WIDTH = 32
RULE, DOUBLE = "-" * WIDTH, "=" * WIDTH


def slip_lines(
    *,
    group: str,
    place: str,
    number: str,
    on: date,
    payer: str,
    parts: Iterable[tuple[str, int]],
    amount: int,
    left: int | None,
    treasurer: str,
    remarks: Iterable[str] = (),
) -> list[str]:
    """The lines up to the QR. `parts` are (words, rupiah) that sum to `amount`; `left` is the principal still owed on
    the loan, None where the money was for no loan; `on` is its day; `remarks` stand before the parts."""
    lines = [*_centred(group), *_centred(place), RULE]
    lines += [f"No.  {number}", f"Tgl  {on:%d-%m-%Y}", *_told("Dari ", payer), *remarked(remarks), RULE]
    lines += [line for words, rupiah in parts for line in _amount(words, format_number(rupiah))]
    lines += [DOUBLE, *_amount("JUMLAH", f"Rp{format_number(amount)}"), *wrap(f"({terbilang(amount)})", WIDTH)]
    if left is not None:
        lines += _amount("Sisa pokok", format_number(left))
    return [*lines, RULE, *_told("Bendahara: ", treasurer)]


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
