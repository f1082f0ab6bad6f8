"""A list as Excel, read back: what is a number stays a number, what is text stays text."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from up2k_portal.lib import xlsx, xlsx_shell
from up2k_portal.lib.tables import DayColumn, PortalTable, RupiahColumn, TextColumn

MADE = "Dibuat 24 September 2026, 10.42 WITA oleh Siti"


class LoanTable(PortalTable):
    name = TextColumn(verbose_name="Anggota")
    nik = TextColumn(verbose_name="NIK")
    principal = RupiahColumn(verbose_name="Pokok (Rp)", total=True)
    disbursed_on = DayColumn(verbose_name="Cair")
    is_active = TextColumn(verbose_name="Aktif")


def a_loan(**changes):
    return {
        "name": "Siti Aminah",
        "nik": "••••2514",
        "principal": 1_000_000,
        "disbursed_on": date(2026, 9, 24),
        "is_active": True,
    } | changes


def midnight(year: int, month: int, day: int) -> datetime:
    """How openpyxl reads a day: Excel's dates know no time zone."""
    return datetime.combine(date(year, month, day), time())


def written(rows, *, title="Pinjaman") -> BytesIO:
    stream = BytesIO()
    xlsx.write(LoanTable(rows), title=title, made=MADE, stream=stream)
    return stream


def page_of(rows):
    return load_workbook(written(rows)).worksheets[0]


def test_the_sheet_begins_with_title_maker_and_headers():
    rows = list(page_of([a_loan()]).iter_rows(max_row=4, values_only=True))
    nothing = (None,) * 4
    assert rows == [
        ("Pinjaman", *nothing),
        (MADE, *nothing),
        (None, *nothing),
        ("Anggota", "NIK", "Pokok (Rp)", "Cair", "Aktif"),
    ]


def test_a_row_has_typed_cells():
    cells = page_of([a_loan()])[5]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [
        ("Siti Aminah", "s", "@"),
        ("••••2514", "s", "@"),
        (1_000_000, "n", "#,##0"),
        (midnight(2026, 9, 24), "d", "dd-mm-yyyy"),
        ("ya", "s", "@"),
    ]


def test_no_value_is_an_empty_cell():
    cells = page_of([a_loan(name=None, principal=None, disbursed_on=None, is_active=False)])[5]
    assert [cell.value for cell in cells] == [None, "••••2514", None, None, "tidak"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://example.org")',
        "+62 812",
        "-5",
        "@SUM(A1)",
        "6308034107860001",
        "0012",
        "<b>Nor & Siti</b>",
        "  tepi  ",
        "baris\nkedua",
        "]]>",
    ],
)
def test_text_stays_the_same_text(text):
    cell = page_of([a_loan(name=text)])["A5"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_characters_that_xml_forbids_are_left_out():
    assert page_of([a_loan(name="Si\x00ti\x0b A\ud800mi\ufffenah\x1f")])["A5"].value == "Siti Aminah"


def test_a_text_too_long_for_excel_is_cut_where_excel_ends():
    assert page_of([a_loan(name="&" * 40_000)])["A5"].value == "&" * 32_767


def test_the_only_formulas_are_the_sums():
    stream = written([a_loan(name="=1+1"), a_loan(name="=2")], title="=3")
    with ZipFile(stream) as package:
        formulas = [re.findall(rb"<f>.*?</f>", package.read(name)) for name in package.namelist()]
    assert [one for found in formulas for one in found] == [b"<f>SUM(C5:C6)</f>"]


def test_the_sum_is_live_and_has_its_value():
    stream = written([a_loan(principal=1_000_001), a_loan(principal=None), a_loan(principal=-1)])
    live, read = load_workbook(stream).worksheets[0], load_workbook(stream, data_only=True).worksheets[0]
    assert [cell.value for cell in live[8]] == ["Jumlah", None, "=SUM(C5:C7)", None, None]
    assert (read["C8"].value, live["C8"].number_format, live["C8"].font.bold) == (1_000_000, "#,##0", True)


def test_an_empty_list_has_headers_and_no_sum():
    page = page_of([])
    assert (page.max_row, page["A4"].value) == (4, "Anggota")


def test_the_second_sheet_tells_what_this_is():
    page = load_workbook(written([a_loan(), a_loan()]))["Tentang"]
    assert list(page.iter_rows(values_only=True)) == [
        ("Daftar", "Pinjaman"),
        ("Keterangan", MADE),
        ("Jumlah baris", 2),
    ]


def test_it_prints_on_f4_landscape_one_page_wide_with_its_header_on_each_page():
    page = page_of([a_loan()])
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (14, "landscape")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.print_title_rows, page.freeze_panes, page.auto_filter.ref) == ("$4:$4", "A5", None)


def test_rows_beyond_the_end_of_a_sheet_go_to_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 2)
    book = load_workbook(written([a_loan(principal=amount) for amount in (1, 2, 3, 4, 5)]))
    assert book.sheetnames == ["Pinjaman", "Pinjaman (2)", "Pinjaman (3)", "Tentang"]
    sums = [[row[2].value for row in page.iter_rows(min_row=5)] for page in book.worksheets[:3]]
    assert sums == [[1, 2, "=SUM(C5:C6)"], [3, 4, "=SUM(C5:C6)"], [5, "=SUM(C5:C5)"]]
    assert book["Tentang"]["B3"].value == 5


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pinjaman", "Pinjaman"),
        ("Anggota: 'aktif' [desa]/2026?*", "Anggota 'aktif' desa 2026"),
        ("Daftar pinjaman kelompok As Syifa Pandulangan", "Daftar pinjaman kelompok As Syi"),
        ("", "Daftar"),
        ("Tentang", "Daftar"),
    ],
)
def test_a_sheet_has_a_name_that_excel_accepts(title, name):
    assert xlsx_shell.sheet_name(title) == name


def test_numbers_moments_and_days_need_no_column_of_their_own():
    class Plain(PortalTable):
        value = TextColumn()

    values = [
        7,
        Decimal("1.5"),
        date(2026, 1, 31),
        datetime(2026, 1, 31, 2, 30, tzinfo=UTC),
        date(1900, 1, 1),
    ]
    stream = BytesIO()
    xlsx.write(Plain([{"value": one} for one in values]), title="Nilai", made=MADE, stream=stream)
    cells = [row[0] for row in load_workbook(stream).worksheets[0].iter_rows(min_row=5)]
    assert [(cell.value, cell.number_format) for cell in cells] == [
        (7, "#,##0"),
        (1.5, "0.00##"),
        (midnight(2026, 1, 31), "dd-mm-yyyy"),
        (midnight(2026, 1, 31) + timedelta(hours=10, minutes=30), "dd-mm-yyyy hh:mm"),  # WITA
        ("01-01-1900", "@"),
    ]


def test_the_answer_is_a_download_that_no_cache_keeps():
    answer = xlsx.response(LoanTable([a_loan()]), title="Pinjaman", filename="pinjaman-20260924.xlsx", made=MADE)
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == 'attachment; filename="pinjaman-20260924.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    answer.file_to_stream.close()
    assert book["Pinjaman"]["A5"].value == "Siti Aminah"
