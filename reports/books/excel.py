"""Filled pages as a workbook: the same forms, with live totals. Pure."""

from collections.abc import Sequence
from os import PathLike
from typing import IO

from reports.books.page import Page
from reports.cells import new_workbook
from reports.forms import layout
from reports.sheet import write_form, write_statement

NAME_MOST = 31  # characters of a tab's name


def save(pages: Sequence[Page], target: str | PathLike[str] | IO[bytes], *, paper: str, made_by: str) -> None:
    """Writes the pages, a sheet each, to a path or a binary stream; `paper` is F4 or A4."""
    book = new_workbook()
    book.properties.creator = made_by
    for page in pages:
        form = layout(page.form)
        ws = book.create_sheet((page.sheet or form["sheet"])[:NAME_MOST])
        if page.lines:
            write_statement(ws, form, page.lines, page.words, page.notes, paper=paper)
        else:
            write_form(ws, form, page.blocks, page.words, page.notes, paper=paper, below=page.below)
    book.save(target)
