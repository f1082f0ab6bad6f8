"""Periksa berkas: the sent file is the same; a changed number, total, sheet or period is named by its cell."""

from base64 import b64decode
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reports.approved import approved_report
from reports.check_file import cover_of, period_of_name
from reports.check_file_reading import read_sheets
from reports.models import Sending, SentFile
from reports.periods import parse_period
from reports.sending_services import missing_from, send_period
from reports.services import export_workbook
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib.access import Role

TW2 = reports.TW2


@pytest.fixture
def sent(member, group, pandulangan) -> bytes:
    """The workbook of the kabupaten as it went to the province."""
    build.capital(group, 5_000_000, date(2026, 1, 5))
    build.payment(build.loan(member, 1_000_000, date(2026, 1, 31)), 115_000, date(2026, 4, 20))
    reports.approved(pandulangan)
    regency = pandulangan.district.regency
    report = approved_report(area_code=regency.code, period=TW2, made_by="", made_at="")
    reasons = {one.village_code: "kantor desa terendam banjir" for one in missing_from(report)}
    send_period(regency=regency, period=TW2, reasons=reasons, by=reports.person(Role.ADMIN, "63.08", "mastura"))
    return bytes(SentFile.objects.get().content)


@pytest.fixture
def province(db, as_user):
    return as_user(build.user(Role.PROVINCE, "63", username="rusdiana"))


def upload(client, content: bytes, name: str = "UP2K.xlsx", **more):
    return client.post(reverse("check-file"), {"file": SimpleUploadedFile(name, content), **more})


def with_cells(content: bytes, **cells) -> bytes:
    """`R3_H9=5` writes into sheet R-3."""
    book = openpyxl.load_workbook(BytesIO(content))
    for key, value in cells.items():
        sheet, ref = key.split("_")
        book[{"R3": "R-3", "R1": "R-1", "L422": "Lampiran 4.22"}[sheet]][ref] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def cell_of_total(content: bytes, letter: str) -> str:
    sheet = openpyxl.load_workbook(BytesIO(content))["R-3"]
    return next(f"{letter}{row}" for row in range(1, 99) if sheet[f"A{row}"].value == "JUMLAH")


def cell_of(content: bytes, value) -> str:
    sheet = openpyxl.load_workbook(BytesIO(content))["R-3"]
    return next(cell.coordinate for row in sheet.iter_rows() for cell in row if cell.value == value)


def found(answer) -> list[tuple]:
    result = answer.context["result"]
    return [(one.sheet, one.ref, str(one.kind), one.in_file.words, one.in_portal.words) for one in result.differences]


def test_the_cover_says_whose_file_it_is_and_of_when(sent):
    cover = cover_of(read_sheets(BytesIO(sent)))
    assert (cover.area_code, cover.period) == ("63.08", TW2)
    assert (cover.made.endswith(" WITA oleh mastura"), cover.dated) == (True, "Amuntai, 30 September 2026")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Triwulan II 2026", "2026-TW2"),
        ("Semester I 2026", "2026-S1"),
        ("Tahun 2025", "2025"),
        ("Juni 2026", "2026-06"),
    ],
)
def test_a_period_is_known_by_its_name(name, code):
    assert period_of_name(name).code == code


@pytest.mark.parametrize("name", ["", "Triwulan V 2026", "Semester III 2026", "2026", "Kapan saja", "Triwulan II 26"])
def test_what_is_no_period_is_none(name):
    assert period_of_name(name) is None


def test_the_file_as_it_was_sent_is_the_same(sent, province):
    answer = upload(province, sent)
    assert found(answer) == []
    page = answer.content.decode()
    assert "Berkas sama." in page
    assert "pengiriman ke-1" in page


def test_a_changed_number_is_named_by_sheet_and_cell(sent, province):
    ref = cell_of(sent, 900_000)
    answer = upload(province, with_cells(sent, **{f"R3_{ref}": 800_000}))
    assert found(answer) == [("R-3", ref, "nilai lain", "800.000", "900.000")]
    assert "Berkas tidak sama." in answer.content.decode()


def test_a_total_whose_formula_was_changed_or_overwritten_is_found(sent, province):
    total = cell_of_total(sent, "J")
    made = f"={openpyxl.load_workbook(BytesIO(sent))['R-3'][total].value[1:]}"
    changed = upload(province, with_cells(sent, **{f"R3_{total}": f"{made}+100000"}))
    assert found(changed) == [("R-3", total, "rumus lain", f"{made}+100000", made)]
    overwritten = upload(province, with_cells(sent, **{f"R3_{total}": 1_000_000}))
    assert found(overwritten) == [("R-3", total, "rumus lain", "1.000.000", made)]


def test_a_number_typed_as_text_and_an_emptied_cell_differ(sent, province):
    ref = cell_of(sent, 900_000)
    assert found(upload(province, with_cells(sent, **{f"R3_{ref}": "900.000"}))) == [
        ("R-3", ref, "teks, bukan angka", "900.000", "900.000")
    ]
    assert found(upload(province, with_cells(sent, **{f"R3_{ref}": None}))) == [
        ("R-3", ref, "dikosongkan", "", "900.000")
    ]


def test_what_others_fill_in_is_told_apart(sent, province):
    answer = upload(province, with_cells(sent, L422_C12=17))
    assert found(answer) == [("Lampiran 4.22", "C12", "diisi sesudahnya", "17", "")]
    assert "Angka berkas sama." in answer.content.decode()


def test_sheets_that_went_or_came_are_told(sent, province):
    book = openpyxl.load_workbook(BytesIO(sent))
    del book["R-2"]
    book.create_sheet("Catatan saya")["A1"] = "rapat"
    target = BytesIO()
    book.save(target)
    result = upload(province, target.getvalue()).context["result"]
    assert (result.differences, result.missing, result.extra) == ((), ("R-2",), ("Catatan saya",))


def test_the_marked_copy_has_the_cells_yellow_with_what_the_portal_says(sent, province):
    ref = cell_of(sent, 900_000)
    answer = upload(province, with_cells(sent, **{f"R3_{ref}": 800_000}), name="kiriman.xlsx")
    assert answer.context["copy_name"] == "kiriman_diperiksa.xlsx"
    copy = openpyxl.load_workbook(BytesIO(b64decode(answer.context["copy"].partition("base64,")[2])))
    cell = copy["R-3"][ref]
    assert (cell.value, cell.fill.fgColor.rgb, cell.comment.text) == (800_000, "00FFFF00", "Di portal: 900.000")


def test_a_workbook_made_later_has_the_same_figures(sent, staff, province):
    target = BytesIO()
    export_workbook(
        form="provinsi", area_code="63.08", period=TW2, made_by="Noor", at=Sending.objects.get().sent_at, target=target
    )
    assert found(upload(province, target.getvalue())) == []


def test_a_kecamatan_compares_with_what_is_approved(sent, district_officer, as_user):
    target = BytesIO()
    export_workbook(
        form="provinsi", area_code="63.08.03", period=TW2, made_by="Noor", at=Sending.objects.get().sent_at,
        target=target,
    )  # fmt: skip
    answer = upload(as_user(district_officer), target.getvalue())
    assert found(answer) == []
    assert "laporan yang sudah disetujui kabupaten" in answer.content.decode()


def test_a_file_of_another_period_differs(sent, province):
    target = BytesIO()
    export_workbook(
        form="provinsi", area_code="63.08", period=parse_period("2026-TW1"), made_by="Noor",
        at=Sending.objects.get().sent_at, target=target, basis="live",
    )  # fmt: skip
    cells = {(sheet, ref): told for sheet, ref, *told in found(upload(province, target.getvalue(), period=TW2.code))}
    assert cells["R-3", cell_of(sent, 900_000)] == ["nilai lain", "1.000.000", "900.000"]
    assert cells["Sampul", "D11"][:2] == ["nilai lain", "Triwulan I 2026, keadaan 31 Maret 2026"]


def test_a_period_without_approved_reports_has_nothing_to_compare_with(sent, province):
    answer = upload(province, sent, period="2026-TW1")
    assert answer.context["form"].errors["file"] == [
        "Belum ada laporan Triwulan I 2026 yang disetujui untuk wilayah 63.08, jadi belum ada bandingan."
    ]


def test_the_file_of_another_area_is_refused(sent, as_user):
    client = as_user(build.user(Role.STAFF, "63.09", username="banjar"))
    assert upload(client, sent).context["form"].errors["file"] == [
        "Berkas ini milik wilayah 63.08, bukan wilayah Anda."
    ]


def test_a_file_without_a_cover_asks_for_area_and_period(sent, province):
    book = openpyxl.load_workbook(BytesIO(sent))
    for name in [name for name in book.sheetnames if name != "R-3"]:
        del book[name]
    target = BytesIO()
    book.save(target)
    assert upload(province, target.getvalue()).context["form"].errors["area"] == [
        "Lembar Sampul tidak menyebut wilayahnya. Pilih sendiri di bawah, lalu periksa lagi."
    ]
    result = upload(province, target.getvalue(), area="63.08", period="2026-TW2").context["result"]
    assert (result.differences, "R-1" in result.missing, "R-3" in result.missing) == ((), True, False)
