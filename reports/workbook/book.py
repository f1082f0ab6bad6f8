"""The provincial workbook and its single sheets: a Report in, a workbook out. Pure.

The same report and edition give equal cells, whenever it is made. Rows leave memory as they are written, so that a
province takes no more than a kabupaten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, Any

from openpyxl import Workbook

from reports.cells import Words, abandon, add_sheet, new_workbook
from reports.cover import write_cover
from reports.edition import Edition
from reports.rows import Report
from reports.sheet import write_form
from reports.wording import area_label, words_of
from reports.workbook.charts import CHART_ROWS, add_charts
from reports.workbook.notes import draft_note
from reports.workbook.sheets import FormSheet, sheets_of

Target = str | PathLike[str] | IO[bytes]
Told = Callable[[int], None]  # how many sheets are written


def _nobody(count: int) -> None:
    pass


def write_workbook(report: Report, target: Target, edition: Edition | None = None, told: Told = _nobody) -> None:
    """The whole workbook: Sampul and every sheet that belongs to the period; `told` is called after each."""
    edition = edition or Edition()
    sheets = sheets_of(report.period)
    words = words_of(report, [edition.layout(sheet.form) for sheet in sheets], edition.definitions_hash)
    cover = edition.layout("sampul")
    index = [(edition.layout(sheet.form)["sheet"], sheet.contents) for sheet in sheets]
    with _book(report) as book:
        write_cover(add_sheet(book, cover["sheet"]), cover, words, index, draft_note(report))
        for count, sheet in enumerate(sheets, 1):
            told(count)
            _write_sheet(book, sheet, report, edition, words)
        told(len(sheets) + 1)
        book.save(target)


def write_one(sheet: FormSheet, report: Report, target: Target, edition: Edition | None = None) -> None:
    """A workbook of one form."""
    edition = edition or Edition()
    words = words_of(report, [edition.layout(sheet.form)], edition.definitions_hash)
    with _book(report) as book:
        _write_sheet(book, sheet, report, edition, words)
        book.save(target)


@contextmanager
def _book(report: Report) -> Iterator[Workbook]:
    """A streamed workbook; one that fails half-way leaves no temporary file behind."""
    book = new_workbook(is_streamed=True)
    book.properties.creator = report.made_by
    book.properties.title = f"Laporan UP2K-PKK {area_label(report)} {report.period.name}"
    try:
        yield book
    except BaseException:
        abandon(book)
        raise


def _write_sheet(book: Workbook, sheet: FormSheet, report: Report, edition: Edition, words: Words) -> None:
    form = edition.layout(sheet.form)
    ws: Any = add_sheet(book, form["sheet"])
    blocks = sheet.blocks(report, edition)
    blank = sheet.blank if report.standings else sheet.blank | sheet.blank_without_reports
    count = sum(len(block.rows) for block in blocks)
    charts = CHART_ROWS if sheet.has_charts and count > 1 else 0
    notes = sheet.notes(report, form)
    below = write_form(ws, form, blocks, words, notes, blank, mark=draft_note(report), charts=charts)
    if charts:
        first = form["first_data_row"]
        add_charts(ws, form, first, first + count - 1, below)
