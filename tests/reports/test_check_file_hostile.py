"""Periksa berkas against files that mean harm: each is refused with a sentence, quickly, and nothing of it is kept."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from reports import check_file_reading
from reports.check_file_reading import read_sheets

BOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def client_of(staff, as_user):
    return as_user(staff)


def plain() -> bytes:
    book = Workbook()
    book.active.title = "Sampul"
    book.active["B10"], book.active["D10"] = "Wilayah", "Kabupaten Hulu Sungai Utara (63.08)"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(name: str, content: bytes, *, level: int = 6) -> bytes:
    """The plain workbook with one part replaced or added."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(plain())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content, compresslevel=level)
    return target.getvalue()


def said(client, content: bytes) -> str:
    answer = client.post(reverse("check-file"), {"file": SimpleUploadedFile("berkas.xlsx", content)})
    assert answer.status_code == 200
    return " ".join(" ".join(words) for words in answer.context["form"].errors.values())


LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "Berkas ini PDF, bukan Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel lama (.xls)"),
        (b"<html><table>", "halaman web (HTML)"),
        (b"a;b;c\n1;2;3", "teks (CSV)"),
        (b"PK\x03\x04 dan seterusnya", "rusak atau terpotong"),
    ],
)
def test_what_is_no_workbook_is_named(content, words, client_of):
    assert words in said(client_of, content)


def test_a_cut_workbook_is_broken(client_of):
    assert "rusak atau terpotong" in said(client_of, plain()[:-400])


def test_a_bomb_is_refused_by_its_directory(client_of):
    bomb = with_part("xl/media/image1.png", b"\0" * 70_000_000, level=9)
    assert len(bomb) < 200_000
    assert said(client_of, bomb) == check_file_reading.TOO_MUCH


@pytest.mark.parametrize("part", [SHEET, BOOK, "xl/comments1.xml", "docProps/custom.xml"])
def test_no_part_may_declare_entities(part, client_of):
    assert "tidak wajar untuk Excel" in said(client_of, with_part(part, LAUGHS))


def test_macros_are_refused(client_of):
    assert "berisi makro" in said(client_of, with_part("xl/vbaProject.bin", b"x"))


def test_a_shared_formula_without_its_first_is_broken_not_a_crash(client_of):
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><f t="shared" si="7"/></c></row></sheetData></worksheet>'
    assert "rusak atau terpotong" in said(client_of, with_part(SHEET, sheet))


def test_a_cell_far_away_and_a_number_beyond_reason_cost_nothing(client_of):
    row = b'<row r="1048576"><c r="XFD1048576"><v>1E-999999999</v></c></row>'
    sheet = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
    (read,) = read_sheets(BytesIO(with_part(SHEET, sheet)))
    assert {ref: cell.value for ref, cell in read.cells.items()} == {"XFD1048576": "1E-999999999"}


def test_a_merge_over_the_whole_sheet_is_too_much(client_of):
    sheet = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert said(client_of, with_part(SHEET, sheet)) == check_file_reading.TOO_MUCH


def test_a_strange_address_of_a_cell_is_broken(client_of):
    sheet = b'<worksheet><sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>'
    assert "rusak atau terpotong" in said(client_of, with_part(SHEET, sheet))


def test_a_workbook_of_something_else_asks_what_it_is(client_of):
    assert said(client_of, plain()).startswith("Lembar Sampul tidak menyebut periodenya.")


def test_nothing_of_the_upload_is_kept(client_of, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    said(client_of, with_part("xl/media/image1.bin", bytes(range(256)) * 12_000))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
