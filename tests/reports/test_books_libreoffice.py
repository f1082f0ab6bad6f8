"""LibreOffice recalculates every book: each figure in the workbook equals the one on the page, to the rupiah."""

import subprocess

import openpyxl
import pytest

from reports.books import catalogue, excel, grid
from reports.forms import layout
from tests.reports.test_book_figures import YEAR, september  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.system, pytest.mark.django_db]


def spans_of(book):
    from reports.book_views import usual_span

    return YEAR if 12 in book.spans else usual_span(book)


def as_text(cell):
    """A recalculated cell as the page writes it."""
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in cell.number_format:
            return f"{round(value * 1000) / 10:.1f}%".replace(".", ",")
        return grid.show(round(value), cell.number_format)
    return grid.show(value.date() if hasattr(value, "date") else value, cell.number_format)


def test_every_book_says_in_excel_what_it_says_on_the_page(group, september, tmp_path):  # noqa: F811
    pages = {}
    for code, book in catalogue.BOOKS.items():
        pages[code] = book.pages(group, spans_of(book))
        excel.save(pages[code], tmp_path / f"{code}.xlsx", paper="F4", made_by="Rahmah")
    out = tmp_path / "out"
    command = ["soffice", "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", out, *sorted(tmp_path.glob("*.xlsx"))], check=True, capture_output=True, timeout=180
    )
    for code, filled in pages.items():
        book = openpyxl.load_workbook(out / f"{code}.xlsx", data_only=True)
        for page, ws in zip(filled, book.worksheets, strict=True):
            for shown in grid.sheet_of(page).grids:
                rows = [[cell.text for cell in cells] for _, cells in shown.rows]
                first = layout(page.form)["first_data_row"]
                for number, row in enumerate(rows, first):
                    written = {as_text(cell) for cell in ws[number]}
                    missing = [text for text in row if text and text not in written]
                    assert not missing, f"{code} {ws.title} baris {number}: {missing} tidak ada di {sorted(written)}"
