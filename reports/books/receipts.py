"""A kuitansi as a workbook: the cells of its form on one A5 page. Pure.

The form has a row each for principal, fee, contribution and saving; money of other kinds gets rows of its own below
them, so that the live sum is what was paid. What the form does not say (a correction, another division, the code that
proves it) stands below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from typing import IO, Any

from openpyxl.styles import Border, Side
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from loans.kuitansi import Kuitansi
from reports.cells import STYLES, Look, Pen, Words, fill_words, new_workbook, set_up_page
from reports.forms import Layout, layout
from reports.sheet import height_of, lines_of
from up2k_portal.lib.days import format_day
from up2k_portal.lib.money import terbilang

FORM = "kuitansi"
SAVINGS = {"initial": "pokok", "mandatory": "wajib", "voluntary": "sukarela"}
FIRST_PART, LAST_PART = 10, 13  # rows of the four parts; whatever stands below moves down for further ones
FOOT_WIDTH = 95  # of B:G
PLAIN = Look(size=10, boxed=False)
AMOUNT = replace(PLAIN, align="right", indent=1)
LOOKS = {
    "bold11": replace(PLAIN, size=11, bold=True, wrap=False),
    "bold": replace(PLAIN, bold=True),
    "title16": replace(PLAIN, size=16, bold=True, align="center"),
    "line_terbilang": replace(PLAIN, italic=True),
    "total": replace(AMOUNT, bold=True, fill=STYLES["total_fill"]),
    "name": replace(PLAIN, bold=True, underline="single", align="center"),
    "small8": replace(PLAIN, size=8, italic=True),
}
THIN, THICK, DASHED = Side(style="thin"), Side(style="medium"), Side(style="dashed", color="808080")


def save_receipt(
    paper: Kuitansi, words: Words, target: str | PathLike[str] | IO[bytes], *, made_by: str, foot: Sequence[str] = ()
) -> None:
    """Writes the form to a path or a binary stream. `words` fill what the paper does not know: {KELOMPOK}, {alamat},
    {POKLAK}, {tempat}, {wilayah}; `foot` are further sentences for its lowest line."""
    form, book = layout(FORM), new_workbook()
    book.properties.creator = made_by
    ws = book.create_sheet(form["sheet"])
    filled = {**words, **_words(paper, words)}
    amounts, further = _amounts(paper)
    last = _write(ws, form, filled, amounts, further, paper)
    last = _write_foot(ws, (*paper.remarks, *foot), last)
    set_up_page(ws, form, f"{form['name']} {paper.number} – {words['{wilayah}']}", last)
    book.save(target)


def _words(paper: Kuitansi, words: Words) -> dict[str, str]:
    saved = [SAVINGS[kind] for kind, _, _ in paper.parts if kind in SAVINGS]
    poklak = words.get("{POKLAK}", "")
    return {
        "KUITANSI": f"{paper.title} (BATAL)" if paper.is_void else paper.title,
        "{NOMOR}": paper.number,
        " (anggota no. {NO_ANGGOTA}, {POKLAK})": f" ({poklak})" if poklak else "",
        "{NAMA}": paper.payer,
        "{TERBILANG} rupiah": terbilang(paper.amount),
        "{UNTUK}": paper.purpose,
        " ke-{KE}": f" ke-{paper.number_paid}" if paper.number_paid else "",
        " {JENIS}": f" {saved[0]}" if saved else "",
        "{tanggal}": format_day(paper.on),
        "{nama_bendahara}": paper.treasurer or "." * 30,
    }


def _amounts(paper: Kuitansi) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """The values of the form's own rows, and the rows for what is left over: words and rupiah."""
    own: dict[str, int] = {}
    further = []
    for kind, words, amount in paper.parts:
        key = "saving" if kind in SAVINGS else kind
        if key in ("principal", "service_fee", "contribution", "saving") and key not in own:
            own[key] = amount
        else:
            further.append((words, amount))
    if paper.left is not None:
        own["outstanding_after"] = paper.left
    return own, further


def _write(
    ws: Worksheet,
    form: Layout,
    words: Words,
    amounts: Mapping[str, int],
    further: Sequence[tuple[str, int]],
    paper: Kuitansi,
) -> int:
    """Returns the form's last row."""
    pen, more = Pen(ws), len(further)
    for letter, width in form["column_widths"].items():
        ws.column_dimensions[letter].width = width
    for row, height in form["row_heights"].items():
        ws.row_dimensions[_moved_row(int(row), more)].height = height
    for cell in form["cells"]:
        _write_cell(pen, cell, words, amounts, more)
    for row, (label, amount) in enumerate(further, LAST_PART + 1):
        pen.write(f"B{row}", label, PLAIN)
        pen.write(f"D{row}", amount, replace(AMOUNT, format="#,##0"))
        ws.row_dimensions[row].height = form["row_heights"][str(LAST_PART)]
    _rule(ws, "B2:G2", THICK)
    for area in ("D6:G6", "D7:G7", "D8:G8"):
        _rule(ws, area, THIN)
    total = LAST_PART + more + 1
    for letter in "BC":
        pen.paint(ws[f"{letter}{total}"], replace(LOOKS["bold"], fill=STYLES["total_fill"]))
    for row in range(FIRST_PART, total + 2):
        _rule(ws, f"B{row}:D{row}", THIN)
    if paper.needs_meterai:
        _write_stamp(pen, form["meterai"], more)
    return _moved_row(17, more)


def _write_cell(pen: Pen, cell: Layout, words: Words, amounts: Mapping[str, int], more: int) -> None:
    ref = _moved(cell["cell"], more)
    look = replace(LOOKS.get(cell.get("style", ""), PLAIN), format=cell.get("format", "General"))
    if "align" in cell:
        look = replace(look, align=cell["align"], wrap=False)
    if "merge" in cell:
        pen.merge(_moved(cell["merge"], more), look)
    if "formula" in cell:
        pen.write_formula(ref, f"=SUM(D{FIRST_PART}:D{LAST_PART + more})", look)
    elif "value" in cell:
        pen.write(ref, amounts.get(cell["value"]), replace(AMOUNT, format=cell["format"]))
    else:
        is_text = "merge" in cell and look.size == PLAIN.size
        pen.write(ref, fill_words(cell["text"], words), replace(look, wrap=is_text))


def _write_stamp(pen: Pen, stamp: Layout, more: int) -> None:
    area = _moved(stamp["merge"], more)
    look = replace(PLAIN, size=8, align="center", color="808080")
    pen.merge(area, look)
    pen.write(stamp["cell"], stamp["text"], look)
    left, top, _, bottom = range_boundaries(area)
    for row in range(top, bottom + 1):
        edge = {"top": DASHED} if row == top else {"bottom": DASHED} if row == bottom else {}
        pen.ws.cell(row, left).border = Border(left=DASHED, right=DASHED, **edge)


def _write_foot(ws: Worksheet, sentences: Sequence[str], row: int) -> int:
    """Returns the last row that is printed."""
    text = " ".join(sentences)
    if not text:
        return row
    pen, row = Pen(ws), row + 1
    pen.merge(f"B{row}:G{row}", LOOKS["small8"])
    pen.write(f"B{row}", text, LOOKS["small8"])
    ws.row_dimensions[row].height = height_of(lines_of(text, FOOT_WIDTH))
    return row


def _rule(ws: Worksheet, area: str, side: Side) -> None:
    for cell in ws[area][0]:
        cell.border = Border(bottom=side)


def _moved(ref: str, more: int) -> str:
    """A cell or a range of the form, lower by the further parts where it stands below the four."""
    return ":".join(f"{one[0]}{_moved_row(int(one[1:]), more)}" for one in ref.split(":"))


def _moved_row(row: int, more: int) -> int:
    return row + more if row > LAST_PART else row


def _short(regency: str) -> str:
    return regency.replace("Kabupaten ", "Kab. ", 1)


def words_of_receipt(receipt: Any, village: Any) -> dict[str, str]:
    """What stands on a kuitansi besides the payment; `village` is the group's on its day."""
    district = village.district
    poklak = receipt.member and receipt.member.poklak
    return {
        "POKSUS UP2K PKK {KELOMPOK}": f"POKSUS {receipt.group.name}".upper(),
        "{alamat}": f"{village.full_name}, Kec. {district.name}, {_short(district.regency.name)}",
        "{POKLAK}": str(poklak or ""),
        "{tempat}": village.name,
        "{wilayah}": f"{receipt.group.name}, {village.label}",
    }
