"""Files that are no book, or that would do harm: each is refused in words, quickly, without being unpacked."""

import re
import time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from tests.loans.build_book import package, part, row, stream_of, workbook
from up2k_portal.lib import xlsx_file
from up2k_portal.lib.xlsx_file import read_workbook
from up2k_portal.lib.xlsx_parts import FileError

SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELS = "xl/_rels/workbook.xml.rels"
RESAVE = "Buka di Excel atau LibreOffice, pilih Simpan sebagai Excel (.xlsx), lalu kirim yang baru."
TOO_LARGE = "Isi berkas terlalu besar. Salin lembar yang diperlukan saja ke berkas baru."
UNSOUND = f"Isi berkas tidak wajar untuk Excel. {RESAVE}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def whole():
    return as_excel_writes(stream_of(workbook([row("Aminah", saved=(10_000,))])))


def as_excel_writes(stream) -> BytesIO:
    """With shared texts, which openpyxl puts into the cells."""
    texts: list[str] = []

    def shared(match) -> str:
        texts.append(match[1])
        return f't="s"><v>{len(texts) - 1}</v>'

    sheet = re.sub(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', shared, part(stream, SHEET))
    link = '<Relationship Id="s" Type="http://a/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    rels = part(stream, RELS).replace("</Relationships>", link)
    strings = f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>"
    return package(stream, {SHEET: sheet.encode(), RELS: rels.encode(), STRINGS: strings.encode()})


def refusal(stream) -> str:
    with pytest.raises(FileError) as caught:
        read_workbook(stream)
    return str(caught.value)


def zipped(**entries) -> BytesIO:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name, content in entries.items():
            new.writestr(name.replace("__", "/"), content)
    made.seek(0)
    return made


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Berkas kosong (0 byte). Kirim sekali lagi."),
        (OLE + "Book".encode("utf-16-le"), f"Berkas ini Excel lama (.xls) atau dokumen lama, bukan .xlsx. {RESAVE}"),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "Berkas terkunci sandi. Buka di Excel, hapus sandinya (File, Info, Lindungi), lalu kirim lagi.",
        ),
        (b"%PDF-1.7 ...", "Berkas ini PDF, bukan Excel. Kirim berkas Excel (.xlsx)."),
        (b"\xff\xd8\xff\xe0 ...", "Berkas ini foto, bukan Excel. Kirim berkas Excel (.xlsx)."),
        (b"\r\n<HTML><table>", f"Berkas ini halaman web (HTML) yang diberi nama Excel. {RESAVE}"),
        (b'<?xml version="1.0"?><Workbook/>', f"Berkas ini XML, bukan .xlsx. {RESAVE}"),
        (b"NO;NAMA;JANUARI\r\n1;Aminah;5000", f"Berkas ini teks (CSV), bukan .xlsx. {RESAVE}"),
        ("NO\tNAMA\n1\tSiti".encode("utf-16"), f"Berkas ini teks (CSV), bukan .xlsx. {RESAVE}"),
        ("\ufeffNO,NAMA".encode(), f"Berkas ini teks (CSV), bukan .xlsx. {RESAVE}"),
        (b"\x00\x01\x02\x03", f"Berkas ini bukan Excel (.xlsx). {RESAVE}"),
    ],
)  # fmt: skip
def test_what_is_no_xlsx_is_called_by_its_name(content, words):
    assert refusal(BytesIO(content)) == words


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"mimetype": "x", "content.xml": "<a/>"}, f"Berkas ini OpenDocument (.ods), bukan .xlsx. {RESAVE}"),
        ({"word__document.xml": "<a/>"}, "Berkas ini Word (.docx), bukan Excel. Kirim berkas Excel (.xlsx)."),
        ({"foto.txt": "x"}, "Berkas ini arsip ZIP, bukan Excel. Kirim berkas Excel (.xlsx)."),
        ({"[Content_Types].xml": "<a/>"}, f"Berkas rusak atau terpotong. {RESAVE}"),
        (
            {"[Content_Types].xml": "<a/>", "xl__vbaProject.bin": "x"},
            f"Berkas ini berisi makro (.xlsm atau .xlsb), jadi tidak diterima. {RESAVE}",
        ),
        (
            {"[Content_Types].xml": "<a/>", "xl__macrosheets__sheet1.xml": "x"},
            f"Berkas ini berisi makro (.xlsm atau .xlsb), jadi tidak diterima. {RESAVE}",
        ),
    ],
)
def test_another_package_is_called_by_its_name(entries, words):
    assert refusal(zipped(**entries)) == words


def test_a_file_of_more_than_10_mb_is_refused_unread(monkeypatch):
    monkeypatch.setattr(xlsx_file, "MOST_BYTES", 100)
    assert refusal(BytesIO(b"PK\x03\x04" + b"x" * 100)) == (
        "Berkas terlalu besar: paling banyak 10 MB. Hapus gambar dan lembar yang tidak perlu."
    )


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_file_cut_short_is_refused(whole, share):
    content = whole.getvalue()
    assert refusal(BytesIO(content[: int(len(content) * share)])) == f"Berkas rusak atau terpotong. {RESAVE}"


@pytest.mark.parametrize("name", [SHEET, STRINGS, "xl/styles.xml", BOOK])
def test_a_part_that_is_broken_is_refused(whole, name):
    made = package(whole, {name: part(whole, name)[:-30].encode()})
    if name == "xl/styles.xml":  # read only up to the formats of cells
        made = package(whole, {name: b"<styleSheet><numFmts>"})
    assert refusal(made) == f"Berkas rusak atau terpotong. {RESAVE}"


@pytest.mark.parametrize("name", [SHEET, STRINGS, BOOK])
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
    ids=["entities", "a file", "an address"],
)
def test_entities_are_never_expanded(whole, name, doctype):
    text = part(whole, name)
    head, sign, rest = text.rpartition("?>") if text.startswith("<?xml") else ("", "", text)
    made = package(whole, {name: (head + sign + doctype + rest).encode()})
    assert refusal(made) == UNSOUND


def test_a_doctype_in_another_encoding_is_found_too(whole):
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "a">]><sst/>'
    assert refusal(package(whole, {STRINGS: text.encode("utf-16")})) == UNSOUND


def test_a_bomb_is_refused_by_what_the_directory_says(whole):
    bomb = package(whole, {STRINGS: b"<sst>" + b" " * (30 * 1024 * 1024) + b"</sst>"})
    began = time.process_time()
    assert refusal(bomb) == TOO_LARGE
    assert time.process_time() - began < 0.5


def test_a_directory_that_lies_about_a_size_is_refused(whole):
    content = package(whole, {STRINGS: b"<sst>" + b"<si/>" * 100_000 + b"</sst>"}).getvalue()
    with ZipFile(BytesIO(content)) as made:
        size = made.getinfo(STRINGS).file_size
    lying = content.replace(size.to_bytes(4, "little"), (64).to_bytes(4, "little"))
    assert lying != content
    assert refusal(BytesIO(lying)) == f"Berkas rusak atau terpotong. {RESAVE}"


def test_more_than_200_entries_are_refused(whole):
    assert refusal(package(whole, {f"xl/media/{at}.png": b"x" for at in range(200)})) == TOO_LARGE


def test_millions_of_small_elements_are_refused(whole, monkeypatch):
    monkeypatch.setattr("up2k_portal.lib.xlsx_parts.MOST_ELEMENTS", 1_000)
    assert refusal(package(whole, {STRINGS: b"<sst>" + b"<si/>" * 1_001 + b"</sst>"})) == TOO_LARGE


def test_a_million_rows_are_refused_quickly(whole):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 1_000_001))
    made = package(whole, {SHEET: b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"})
    began = time.process_time()
    sheet = read_workbook(made).sheets[0]
    assert (sheet.is_cut, len(sheet.rows)) == (True, 2_000)
    assert time.process_time() - began < 2


def test_a_million_blank_rows_are_passed_over(whole):
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (at, at) for at in range(3, 900_000))
    start = b'<worksheet><sheetData><row r="2"><c r="B2"><v>7</v></c></row>'
    made = package(whole, {SHEET: start + rows + b"</sheetData></worksheet>"})
    sheet = read_workbook(made).sheets[0]
    assert (sheet.is_cut, list(sheet.rows)) == (False, [2])


def test_a_cell_in_the_last_corner_costs_nothing(whole):
    text = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    text += '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row></sheetData></worksheet>'
    sheet = read_workbook(package(whole, {SHEET: text.encode()})).sheets[0]
    assert (list(sheet.rows), sheet.far, sheet.is_cut) == ([1], "XFD1", True)
    assert [cell.ref for cell in sheet.rows[1].values()] == ["A1"]


def test_cells_without_their_places_are_counted(whole):
    text = (
        '<worksheet><sheetData><row><c><v>1</v></c><c t="inlineStr"><is><r><t>Si</t></r><r><t>ti</t></r></is></c></row>'
    )
    text += '<row><c t="str"><f>A1</f><v></v></c><c><v>NaN</v></c></row></sheetData></worksheet>'
    sheet = read_workbook(package(whole, {SHEET: text.encode()})).sheets[0]
    assert [(cell.ref, str(cell.value)) for cell in sheet.rows[1].values()] == [("A1", "1"), ("B1", "Siti")]
    assert [(cell.ref, cell.fault) for cell in sheet.rows[2].values()] == [
        ("B2", "berisi “NaN”, bukan angka yang wajar")
    ]


def test_how_a_text_sounds_is_no_part_of_it(whole):
    text = "<sst><si><r><t>Siti</t></r><rPh><t>sounds</t></rPh><r><t> A</t></r></si></sst>"
    row_ = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>9</v></c></row>'
    sheet = f"<worksheet><sheetData>{row_}</sheetData></worksheet>"
    cells = read_workbook(package(whole, {STRINGS: text.encode(), SHEET: sheet.encode()})).sheets[0].rows[1]
    assert (cells[1].value, cells[2].fault) == ("Siti A", "berisi teks yang hilang")


@pytest.mark.parametrize(("written", "said"), [("1E-999999999", "1E-999999999"), ("1E+999999999", "1E+999999999")])
def test_a_number_beyond_reason_is_never_written_out(whole, written, said):
    text = f'<worksheet><sheetData><row r="1"><c r="A1"><v>{written}</v></c></row></sheetData></worksheet>'
    cell = read_workbook(package(whole, {SHEET: text.encode()})).sheets[0].rows[1][1]
    assert cell.fault == f"berisi “{said}”, bukan angka yang wajar"


def test_nothing_times_a_power_is_nothing(whole):
    text = '<worksheet><sheetData><row r="1"><c r="A1"><v>0E-999999999</v></c></row></sheetData></worksheet>'
    assert read_workbook(package(whole, {SHEET: text.encode()})).sheets[0].rows[1][1].value == 0


def test_hidden_and_chart_sheets_are_not_read():
    book = Workbook()
    book.active.title, book.active["A1"] = "Buku", 1
    hidden = book.create_sheet("Lama")
    hidden.sheet_state = "veryHidden"
    book.create_chartsheet("Bagan")
    made = read_workbook(stream_of(book))
    assert ([sheet.name for sheet in made.sheets], made.hidden) == (["Buku"], ["Lama"])


def test_links_to_other_files_are_not_followed(whole):
    rels = part(whole, RELS).replace(
        "</Relationships>",
        '<Relationship Id="x" Type="http://a/styles" Target="http://127.0.0.1/s.xml" TargetMode="External"/>'
        "</Relationships>",
    )
    made = package(whole, {RELS: rels.encode()})
    assert read_workbook(made).sheets[0].rows[7][3].value == "Aminah"
