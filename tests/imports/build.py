"""Workbooks as people would send them."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from imports import services, storage
from imports.lines import Line, to_json
from imports.models import Import, ImportPart
from tests import build
from up2k_portal.lib.dates import today

MEMBER_HEADINGS = ("Nama", "NIK", "Jenis kelamin", "Tanggal lahir", "Alamat", "Nomor HP", "Masuk tanggal")
AMINAH = ("Aminah", "6308035203850001", "P", date(1985, 3, 12), "RT 02, Anjir", "081200001111", date(2026, 1, 6))
BARSIAH = ("Barsiah", "6308035203850002", "P", date(1985, 3, 12), "RT 03", "", date(2026, 1, 6))


def workbook(path: Path, rows: Sequence[Sequence], headings: Sequence[str] = MEMBER_HEADINGS, **told) -> Path:
    """A workbook of one sheet; `about` are the facts of a hidden sheet Tentang."""
    book = Workbook()
    page = book.active
    page.title = told.get("sheet", "Anggota")
    for row in (headings, *rows):
        page.append(list(row))
    if about := told.get("about"):
        page = book.create_sheet("Tentang")
        page.sheet_state = "hidden"
        for fact in about.items():
            page.append(list(fact))
    book.save(path)
    return path


def received(path: Path, by, village=None) -> Import:
    access = by.access_on(today())
    with path.open("rb") as stream:
        imported = services.receive(stream=stream, name=path.name, by=by, access=access, village=village)
    return imported


def checked(path: Path, by, village=None) -> Import:
    imported = received(path, by, village)
    return services.check(imported, access=by.access_on(today()))


def saved(path: Path, by, *, is_partial: bool = False, village=None) -> Import:
    imported = checked(path, by, village)
    imported = services.begin(imported=imported, is_partial=is_partial, by=by)
    return services.save(imported, access=by.access_on(today()))


def counts(imported: Import) -> dict[str, int]:
    return {name: getattr(imported, name) for name in ("read", "new", "changed", "skipped", "refused")}


def faults(imported: Import) -> list[tuple]:
    """(row, column, what stands there, why) of every fault."""
    found = services.faults_of(imported, services.lines_of(imported))
    return [(one["row"], one["column"], one["value"], one["message"]) for one in found]


def done(group, member=None) -> Import:
    """An import that saved one member of the group and refused another row; its files lie where they should."""
    imported = Import(
        area_code=group.village.code, area_name=str(group.village), village=group.village, kind="anggota",
        file_name="anggota.xlsx", sha256="0" * 64, size=1, sheet="Anggota", state=Import.State.DONE, is_partial=True,
        read=2, new=1, refused=1, done=1, sent_by=build.user(), headings={"row": 1, "places": {"1": "name"}},
    )  # fmt: skip
    stream = BytesIO()
    book = Workbook()
    book.active.title = "Anggota"
    book.save(stream)
    imported.size, imported.sha256 = storage.keep(imported.uuid, stream)
    imported.save()
    wrong = Line(3, typed={"name": "Barsiah"}, faults=[("nik", "NIK kosong.")])
    storage.write_lines(imported.uuid, [to_json(Line(2, {"name": "Aminah"}, {"name": "Aminah"})), to_json(wrong)])
    made = [["villages.member", (member or build.member(group)).pk, ""]]
    ImportPart.objects.create(imported=imported, number=1, rows=1, made=made)
    return imported
