"""A sent workbook that LibreOffice opened and saved again is the same file; what was changed in between is found."""

import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from reports.approved import approved_report
from reports.check_file import check
from reports.models import SentFile
from reports.sending_services import missing_from, send_period
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib.access import EVERYWHERE, Access, Role

pytestmark = pytest.mark.system
ALL = Access(Role.ADMIN, frozenset({EVERYWHERE}))


@pytest.fixture
def sent(member, group, pandulangan) -> bytes:
    build.capital(group, 5_000_000, date(2026, 1, 5))
    build.payment(build.loan(member, 1_000_000, date(2026, 1, 31)), 115_000, date(2026, 4, 20))
    build.assessment(group, "MADYA", date(2026, 2, 1))
    reports.approved(pandulangan)
    regency = pandulangan.district.regency
    report = approved_report(area_code=regency.code, period=reports.TW2, made_by="", made_at="")
    reasons = {one.village_code: "kantor desa terendam banjir" for one in missing_from(report)}
    send_period(regency=regency, period=reports.TW2, reasons=reasons, by=reports.person(Role.ADMIN, "63.08", "mastura"))
    return bytes(SentFile.objects.get().content)


def saved_again(content: bytes, folder: Path) -> bytes:
    book = folder / "kirim.xlsx"
    book.write_bytes(content)
    command = [
        "soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo", "--convert-to", "xlsx",
        "--outdir", str(folder / "out"), str(book),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "out" / "kirim.xlsx").read_bytes()


def told(content: bytes) -> list[tuple]:
    result = check(BytesIO(content), access=ALL).result
    assert (result.missing, result.extra) == ((), ())
    return [(one.sheet, one.ref, one.in_file.words, one.in_portal.words) for one in result.differences]


def test_a_file_saved_again_by_libreoffice_is_the_same(sent, tmp_path):
    assert told(saved_again(sent, tmp_path)) == []


def test_a_number_changed_before_saving_again_is_found(sent, tmp_path):
    book = openpyxl.load_workbook(BytesIO(sent))
    sheet = book["R-3"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 900_000)
    cell.value = 1_900_000
    target = BytesIO()
    book.save(target)
    assert told(saved_again(target.getvalue(), tmp_path)) == [("R-3", cell.coordinate, "1.900.000", "900.000")]
