"""What an import costs against the same reader with a bulk insert: `python benchmarks/imports.py`.

10,000 and 100,000 members of many villages, each way in a process and a database of its own (a file of SQLite, or a
test database beside the one of DATABASE_URL), alternating: read the workbook and insert the rows as they are, against
the import from upload to the last saved chunk, with its checks, preview, history and parts. Prints seconds and the
peak of memory, child included, and their ratios; then what a hostile file costs until it is refused.
"""

import json
import os
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["UP2K_SYSTEM"] = "1"  # a database of the disk: one in memory would count as the import's

SIZES, ROUNDS, VILLAGES = (10_000, 100_000), 3, 200
HEADINGS = ("Kode desa", "Nama", "NIK", "Jenis kelamin", "Tanggal lahir", "Alamat", "Nomor HP", "Masuk tanggal")
BORN, JOINED = date(1985, 3, 12), date(2026, 1, 6)


def village_code(number: int) -> str:
    return f"63.08.{3 + number // 20:02}.{2001 + number % 20}"


def write_book(path: Path, rows: int) -> None:
    from openpyxl import Workbook

    from tests.build import nik

    book = Workbook(write_only=True)
    page = book.create_sheet("Anggota banyak desa")
    page.append(HEADINGS)
    for number in range(rows):
        code = village_code(number % VILLAGES)
        name, street = f"Norhasanah {number}", f"RT {number % 20:02}, Anjir"
        page.append([code, name, nik(number + number // 9_999 + 1), "P", BORN, street, f"0812{number:08}", JOINED])
    book.save(path)


def plain(path: Path, groups: dict, user) -> int:
    """The same reader, and the rows inserted as they are."""
    from itertools import islice

    from imports.reading import CHUNK, MOST_ROWS
    from up2k_portal.lib.xlsx_rows import Reader
    from villages.models import Member

    done = 0
    with Reader(path) as book:
        rows = islice(book.rows(book.sheets[0], MOST_ROWS), 1, None)
        while chunk := list(islice(rows, CHUNK)):
            Member.objects.bulk_create(_member(row.cells, groups) for row in chunk)
            done += len(chunk)
    return done


def _member(cells: dict, groups: dict):
    from villages.models import Member

    told = [cells[place][1] for place in range(1, 9)]
    group = groups[told[0]]
    return Member(
        village=group.village, group=group, name=told[1], nik=told[2], sex=told[3], birth_date=told[4],
        address=told[5], phone=told[6], joined_on=told[7],
    )  # fmt: skip


def portal(path: Path, groups: dict, user) -> int:
    from imports import services
    from up2k_portal.lib.dates import today

    access = user.access_on(today())
    with path.open("rb") as stream:
        imported = services.receive(stream=stream, name=path.name, by=user, access=access)
    services.check(imported, access=access)
    imported = services.begin(imported=imported, is_partial=True, by=user)
    return services.save(imported, access=access).done


def measure(way: str, path: Path) -> None:
    """In a process of its own: seconds and megabytes, as JSON."""
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    import imports.services  # noqa: F401 loaded before the clock starts, as in a server
    from tests import build
    from up2k_portal.lib.access import Role

    runner = get_runner(settings)(verbosity=0)
    old = runner.setup_databases()
    try:
        groups = {code: build.group(build.village(code)) for code in map(village_code, range(VILLAGES))}
        user = build.user(Role.STAFF, "63.08")
        started, before = perf_counter(), process_time()
        done = {"plain": plain, "portal": portal}[way](path, groups, user)
        took = perf_counter() - started
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        worked = sum(one.ru_utime + one.ru_stime for one in usages) - before
    finally:
        runner.teardown_databases(old)
    peak = sum(one.ru_maxrss for one in usages) / 1024
    print(json.dumps({"seconds": took, "processor": worked, "megabytes": peak, "rows": done}))


def measured(way: str, path: Path) -> dict:
    out = subprocess.run([sys.executable, __file__, way, str(path)], check=True, capture_output=True, text=True)
    return json.loads(out.stdout.splitlines()[-1])


def hostile(folder: Path, size: int) -> tuple[float, float]:
    """Seconds until a file of this size that would unpack to a gigabyte is refused; until a legal one is read."""
    from zipfile import ZIP_DEFLATED, ZipFile

    from up2k_portal.lib.xlsx_parts import FileError
    from up2k_portal.lib.xlsx_rows import Reader

    bomb, legal = folder / "bom.xlsx", folder / f"{SIZES[0]}.xlsx"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<a/>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            while bomb.stat().st_size < size:
                part.write(b"\0" * (1 << 24))
    started = perf_counter()
    try:
        Reader(bomb)
    except FileError:
        refused = perf_counter() - started
    started = perf_counter()
    with Reader(legal) as book:
        for _ in book.rows(book.sheets[0], SIZES[-1]):
            pass
    return refused, perf_counter() - started


def main() -> None:
    import django

    django.setup()  # for the helper of the tests that makes NIKs
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        found: dict[tuple[str, int], list[dict]] = {}
        for rows in SIZES:
            write_book(folder / f"{rows}.xlsx", rows)
        for turn in range(ROUNDS):
            for rows in SIZES:
                for way in ("plain", "portal") if turn % 2 else ("portal", "plain"):
                    told = measured(way, folder / f"{rows}.xlsx")
                    assert told["rows"] == rows, told
                    found.setdefault((way, rows), []).append(told)
        middle = {
            key: {name: median(one[name] for one in rounds) for name in ("seconds", "processor", "megabytes")}
            for key, rounds in found.items()
        }
        for (way, rows), one in middle.items():
            clock, worked, peak = (one[name] for name in ("seconds", "processor", "megabytes"))
            print(f"{way:>7} {rows:>7} rows: {clock:6.2f} s, of the processor {worked:6.2f} s, {peak:6.1f} MB")
        small, large = (middle["portal", rows] for rows in SIZES)
        print(f"time 100,000 / 10,000: {large['seconds'] / small['seconds']:.2f} (goal 11)")
        print(f"memory 100,000 / 10,000: {large['megabytes'] / small['megabytes']:.2f} (goal 1.2)")
        for rows in SIZES:
            ours, bare = middle["portal", rows], middle["plain", rows]
            ratio, worked = (ours[name] / bare[name] for name in ("seconds", "processor"))
            print(f"import against reader and bulk insert, {rows}: {ratio:.2f}, of the processor {worked:.2f} (goal 2)")
        refused, read = hostile(folder, (folder / f"{SIZES[0]}.xlsx").stat().st_size)
        print(f"hostile file refused: {refused * 1000:.1f} ms, {refused / read:.3f} of reading a legal one (goal 0.05)")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
