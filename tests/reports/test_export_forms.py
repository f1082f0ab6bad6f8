"""Every form for every level, from the command: approved figures, or a draft that says so."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reports.services import WHOLE, filename, form_names
from reports.workbook.sheets import FORMS
from tests import build
from tests.reports import build_reports
from tests.reports.build_reports import TW2

pytestmark = pytest.mark.django_db
DRAFT = "DRAF – belum disetujui"
AREAS = ("63", "63.08", "63.08.03", build.PANDULANGAN)


def export(tmp_path, **asked):
    path = tmp_path / "buku.xlsx"
    facts = {"form": WHOLE, "period": "2026-TW2", "area": "63.08", "output": str(path)} | asked
    call_command("export_report", **facts, verbosity=0, stdout=StringIO())
    return load_workbook(path)


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


@pytest.fixture
def two_villages(group):
    """One report approved, one of another village only submitted."""
    other = build.group(build.village(build.OTHER_PANDULANGAN), name="UP2K Sapala")
    build.member(group)
    build.member(other)
    build_reports.kept(group.village, state="approved")
    build_reports.kept(other.village)
    return group, other


def test_the_list_tells_every_form_and_what_it_is():
    said = StringIO()
    call_command("export_report", list=True, stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == [
        "provinsi", "kelengkapan", "rekap-kec", "r-1", "r-2", "r-3", "r-4", "r-5", "r-6a", "r-6b", "4.22", "definisi",
        "4.22-v", "buku-bantuan", "buku-prestasi",
    ]  # fmt: skip
    assert lines[3] == "r-1            Rekapitulasi kelompok"


@pytest.mark.parametrize("area", AREAS)
def test_every_form_is_written_for_every_level(area, two_villages, tmp_path):
    for form, _ in form_names():
        book = export(tmp_path, form=form, area=area)
        assert len(book.sheetnames) == (11 if form == WHOLE else 1), form
        told = [text for sheet in book for text in texts(sheet)]
        assert [text for text in told if "{" in text or text == DRAFT] == [], form


def test_only_approved_reports_have_figures_and_the_others_are_named(two_villages, tmp_path):
    group, other = two_villages
    book = export(tmp_path)
    names = texts(book["R-1"])
    assert (group.name in names, other.name in names) == (True, False)
    assert "Menunggu kecamatan: Pandulangan" in texts(book["Kelengkapan"])
    assert book["Sampul"]["D13"].value == "1 dari 2 desa/kelurahan disetujui (50,0%)"
    assert book["Sampul"]["D17"].value == "1 desa/kelurahan: Desa Pandulangan (lihat lembar Kelengkapan)"


def test_a_draft_has_all_groups_and_says_what_it_is(two_villages, tmp_path):
    group, other = two_villages
    book = export(tmp_path, basis="live")
    assert {group.name, other.name} <= set(texts(book["R-1"]))
    assert [DRAFT in texts(sheet) for sheet in book] == [True] * len(book.sheetnames)
    assert book["Sampul"]["D13"].value == "1 dari 2 desa/kelurahan disetujui (50,0%)"


def test_a_month_can_only_be_a_draft_where_villages_report_by_the_quarter(two_villages, tmp_path):
    with pytest.raises(CommandError) as refused:
        export(tmp_path, period="2026-06")
    assert refused.value.returncode == 2
    sheet = export(tmp_path, period="2026-06", basis="live", form="kelengkapan").worksheets[0]
    assert "Catatan: desa/kelurahan tidak melapor untuk periode ini; lihat triwulannya." in texts(sheet)


def test_the_command_asks_for_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match="Isi juga --period, --output."):
        call_command("export_report", area="63.08")


def test_the_name_of_a_file_says_form_and_draft():
    assert filename("63.08", TW2) == "UP2K_63.08_2026-TW2.xlsx"
    assert filename("63.08", TW2, "r-3", "live") == "UP2K_63.08_2026-TW2_r-3_DRAF.xlsx"


def test_a_single_form_is_the_sheet_of_the_workbook(two_villages, tmp_path):
    whole = export(tmp_path)
    for code in ("kelengkapan", "rekap-kec", "r-3", "4.22"):
        alone = export(tmp_path, form=code).worksheets[0]
        same = whole[alone.title]
        assert [[cell.value for cell in row] for row in alone.iter_rows()] == [
            [cell.value for cell in row] for row in same.iter_rows()
        ]
    assert set(FORMS) >= {"r-5", "4.22-v"}
