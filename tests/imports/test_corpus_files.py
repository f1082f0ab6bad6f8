"""Whole files that are refused (X1, X7 to X15, X22, X24): in words, quickly, by the command and by the page alike."""

import json
import time
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from imports.models import Import
from tests.imports import corpus
from villages.models import Member


def run(path) -> tuple[int, dict]:
    out, status = StringIO(), 0
    try:
        call_command("import_workbook", str(path), "--as", "63.08.03.2014", "--json", "--commit", stdout=out)
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue())


@pytest.mark.parametrize("name", corpus.REFUSED)
def test_a_file_that_is_refused_says_why_and_writes_nothing(name, group, operator, as_user, book_path):
    make, words = corpus.REFUSED[name]
    content = make()
    book_path.write_bytes(content)
    began = time.process_time()
    status, told = run(book_path)
    assert (status, told["committed"]) == (2, False)
    assert words in " ".join(error["message"] for error in told["errors"])
    assert time.process_time() - began < 5  # of this process; its child has limits of its own
    upload = SimpleUploadedFile("anggota.xlsx", content)
    answer = as_user(operator).post(reverse("import-new"), {"file": upload}, follow=True)
    assert answer.status_code == 200
    assert words in " ".join(answer.content.decode().split())
    assert Member.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.xlsx", "a" * 300 + ".xlsx", "anggota\u202exslx.exe.xlsx", "anggota.xlsx.php", "<b>x</b>.xlsx"],
)
def test_a_file_is_kept_under_a_name_of_ours(name, group, operator, as_user, settings):
    upload = SimpleUploadedFile("x.xlsx", corpus.good())
    upload._name = name  # what a browser would clean before it sends
    answer = as_user(operator).post(reverse("import-new"), {"file": upload}, follow=True)
    kept = Import.objects.get()
    assert answer.status_code == 200
    assert len(kept.file_name) <= 120
    assert "<b>x</b>" not in answer.content.decode()
    assert all(kept.uuid.hex in path.name.replace("-", "") for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


def test_another_villages_template_is_refused_without_its_name(group, elsewhere, operator, book_path):
    book_path.write_bytes(corpus.template({"Jenis templat": "anggota", "Kode desa": elsewhere.code}))
    status, told = run(book_path)
    words = " ".join(error["message"] for error in told["errors"])
    assert (status, elsewhere.name in words) == (2, False)


def test_an_older_template_is_read_with_a_notice(group, operator, book_path):
    about = {"Jenis templat": "anggota", "Kode desa": group.village.code, "Versi templat": "0"}
    book_path.write_bytes(corpus.template(about))
    assert run(book_path)[0] == 0
    assert "Templat ini versi lama." in Import.objects.get().notices[0]
