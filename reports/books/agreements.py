"""Surat perjanjian as a workbook: the letter on one page, its schedule, and who answers for it together. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from typing import IO

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from loans.agreement import Letter, Paragraph, Signature
from reports.cells import STYLES, Look, Pen, Words, new_workbook, set_up_page
from reports.forms import Layout, layout
from reports.sheet import Block, Row, height_of, lines_of, write_form

FORM, SCHEDULE, SHARES = "surat-perjanjian", "rencana-angsuran", "tanggung-renteng"
BODY = Look(size=10, boxed=False, align="justify")
PLAIN = Look(size=10, boxed=False, align="center")
DASHED = Side(style="dashed", color="808080")
STAMP_ROWS, ROLE_HEIGHT, SPACE_HEIGHT = 3, 26, 15


def save_agreement(
    letter: Letter,
    shares: Sequence[tuple[str, int]],
    words: Words,
    target: str | PathLike[str] | IO[bytes],
    *,
    paper: str,
    made_by: str,
) -> None:
    """Writes the letter and its annexes to a path or a binary stream. `shares` are (name, rupiah) of a poklak's
    members; `words` fill {NO_PINJAMAN}, {NAMA}, {POKLAK}, {wilayah} and {periode}; `paper` is F4 or A4."""
    book = new_workbook()
    book.properties.creator = made_by
    form = layout(FORM)
    _write_letter(book.create_sheet(form["sheet"]), form, letter, words, paper)
    rows: list[Row] = [
        {"no": None, "ke": row.number, "jatuh_tempo": row.due_on, "t_pokok": row.principal, "t_jasa": row.service_fee}
        for row in letter.rows
    ]
    annexes = [(SCHEDULE, rows)]
    if shares:
        annexes.append(
            (SHARES, [{"nama": name, "bagian": rupiah, "ttd": f"{at}."} for at, (name, rupiah) in enumerate(shares, 1)])
        )
    for code, annex in annexes:
        annexed = layout(code)
        write_form(book.create_sheet(annexed["sheet"]), annexed, [Block(annex)], words, paper=paper)
    book.save(target)


def _write_letter(ws: Worksheet, form: Layout, letter: Letter, words: Words, paper: str) -> None:
    pen = Pen(ws)
    for letter_of_column, width in form["column_widths"].items():
        ws.column_dimensions[letter_of_column].width = width
    _write_line(pen, form["body"], 1, letter.title, Look(size=STYLES["title"], bold=True, align="center", boxed=False))
    _write_line(pen, form["body"], 2, letter.number, replace(PLAIN, bold=True))
    ws.row_dimensions[1].height, ws.row_dimensions[2].height, ws.row_dimensions[3].height = 20, 16, 8
    width, row = sum(form["column_widths"].values()), 4
    for paragraph in letter.paragraphs:
        _write_line(pen, form["body"], row, paragraph, BODY)
        ws.row_dimensions[row].height = height_of(lines_of(str(paragraph), 0.9 * width)) + 2
        row += 1
    ws.row_dimensions[row].height = 8
    left, right = form["signature_columns"]
    _write_line(pen, right, row + 1, letter.dated, PLAIN)
    row += 2
    for pair in letter.signatures:
        for one, columns in zip(pair, (left, right), strict=True):
            _sign(pen, form, one, columns, row)
        row += STAMP_ROWS + 3
    footer = f"{form['name']} {words['{NO_PINJAMAN}']} – {words['{wilayah}']}"
    set_up_page(ws, form, footer, row - 2, paper=paper)


def _sign(pen: Pen, form: Layout, one: Signature, columns: str, row: int) -> None:
    """Role, room to sign (with the stamp's box where one is asked for), name."""
    _write_line(pen, columns, row, one.role, PLAIN)
    pen.ws.row_dimensions[row].height = ROLE_HEIGHT if len(one.role) > 40 else SPACE_HEIGHT
    name_row = row + STAMP_ROWS + 1
    for at in range(row + 1, name_row + 1):
        pen.ws.row_dimensions[at].height = SPACE_HEIGHT
    if one.has_meterai:
        _write_stamp(pen, form["meterai"], row + 1)
    has_name = one.name.strip("(.)")
    _write_line(pen, columns, name_row, one.name, replace(PLAIN, bold=True, underline="single" if has_name else None))
    pen.ws.row_dimensions[name_row + 1].height = 8


def _write_stamp(pen: Pen, stamp: Layout, row: int) -> None:
    first, last = stamp["columns"].split(":")
    area = f"{first}{row}:{last}{row + STAMP_ROWS - 1}"
    look = replace(PLAIN, size=8, color="808080")
    pen.merge(area, look)
    pen.write(f"{first}{row}", stamp["text"], look)
    cells = pen.ws[area]
    for at, line in enumerate(cells):
        edge = {"top": DASHED} if at == 0 else {"bottom": DASHED} if at == len(cells) - 1 else {}
        line[0].border, line[-1].border = Border(left=DASHED, **edge), Border(right=DASHED, **edge)


def _write_line(pen: Pen, columns: str, row: int, text: str | Paragraph, look: Look) -> None:
    """A merged line; the lead of a paragraph is bold."""
    first, last = columns.split(":")
    pen.merge(f"{first}{row}:{last}{row}", look)
    pen.write(f"{first}{row}", str(text), look)
    if isinstance(text, Paragraph) and text.lead:
        plain, bold = (InlineFont(rFont=STYLES["font"], sz=look.size, b=is_bold) for is_bold in (False, True))
        runs = [(text.number, plain), (text.lead, bold), (text.text, plain)]
        cleaned = [(ILLEGAL_CHARACTERS_RE.sub("", words), font) for words, font in runs]
        pen.ws[f"{first}{row}"].value = CellRichText([TextBlock(font, words) for words, font in cleaned if words])
