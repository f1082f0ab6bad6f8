"""`manage.py import_workbook`: what it prints, how it ends, what it leaves."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from imports import services
from imports.models import Import
from tests.imports.build import AMINAH, BARSIAH, workbook
from villages.models import Member


def run(path, *options, user="63.08.03.2014") -> tuple[int, dict]:
    """Its exit status and what it printed as JSON."""
    out = StringIO()
    try:
        call_command("import_workbook", str(path), "--as", user, "--json", *options, stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_dry_run_leaves_nothing(group, operator, book_path, settings):
    status, told = run(workbook(book_path, [AMINAH, BARSIAH]))
    assert (status, told) == (
        0,
        {"read": 2, "new": 2, "changed": 0, "skipped": 0, "refused": 0, "errors": [], "committed": False},
    )
    assert (Member.objects.count(), Import.objects.count()) == (0, 0)
    assert list((settings.MEDIA_ROOT / "impor").iterdir()) == []


def test_committed_twice_it_adds_nothing(group, operator, book_path):
    workbook(book_path, [AMINAH, BARSIAH])
    assert run(book_path, "--commit")[1]["committed"] is True
    status, told = run(book_path, "--commit")
    assert (status, told) == (
        0,
        {"read": 2, "new": 0, "changed": 0, "skipped": 2, "refused": 0, "errors": [], "committed": True},
    )
    assert Member.objects.count() == 2


def test_a_refused_row_is_status_1_and_nothing_is_saved(group, operator, book_path):
    status, told = run(workbook(book_path, [AMINAH, ("Barsiah", "12", *BARSIAH[2:])]), "--commit")
    assert (status, told["refused"], told["committed"], Member.objects.count()) == (1, 1, False, 0)
    assert told["errors"] == [
        {
            "sheet": "Anggota",
            "row": 3,
            "column": "NIK",
            "value": "12",
            "message": "NIK harus 16 angka; yang ditulis 2 huruf/angka. Salin dari KTP atau KK.",
        }
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Berkas kosong (0 byte). Kirim sekali lagi."),
        (b"%PDF-1.7", "Berkas ini PDF, bukan Excel. Kirim berkas Excel (.xlsx)."),
    ],
)
def test_a_refused_file_is_status_2(content, said, group, operator, book_path):
    book_path.write_bytes(content)
    status, told = run(book_path)
    assert (status, [error["message"] for error in told["errors"]]) == (2, [said])


def test_an_unknown_user_and_a_missing_file_are_status_2(group, operator, book_path):
    assert run(book_path)[0] == 2
    assert run(workbook(book_path, [AMINAH]), user="bukan")[1]["errors"][0]["message"] == "Tidak ada pengguna bukan."


def test_whoever_may_nothing_is_told_so(group, operator, book_path):
    operator.assignments.all().delete()
    status, told = run(workbook(book_path, [AMINAH]))
    assert (status, told["errors"][0]["message"]) == (
        2,
        "Anda tidak berwenang mengimpor anggota di sini. Minta bantuan TP PKK Kabupaten.",
    )


def test_a_mistake_of_ours_is_no_traceback(group, operator, book_path, monkeypatch):
    monkeypatch.setattr(services, "find_sheet", lambda book: 1 / 0)
    status, told = run(workbook(book_path, [AMINAH]))
    assert (status, told["errors"][0]["message"]) == (2, services.BROKEN)


def test_a_folder_is_no_file(group, operator, tmp_path):
    assert run(tmp_path)[0] == 2
