"""Seconds and megabytes of a big list as Excel: `python -m benchmarks.xlsx [ROWS]` (60,000 when not told).

Two writers, each in a process of its own: ours, and openpyxl's write-only mode with the same cell formats.
"""

import resource
import sys
from datetime import date, timedelta
from multiprocessing import get_context
from tempfile import TemporaryFile
from time import perf_counter

from django.conf import settings
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

settings.configure()  # the writer needs no database and no app

from up2k_portal.lib import xlsx

NAMES = ["Siti Aminah", "Hj. Rusmini & anak", "Noor Jannah", "=1+1", "Mastura", "Rabiatul Adawiyah"]
KINDS = ["text"] * 7 + ["amount"] * 5 + ["day"] * 2 + ["flag"]
FORMATS = {"text": xlsx.TEXT, "amount": xlsx.NUMBER, "day": xlsx.DAY, "flag": xlsx.TEXT}


def rows(count: int):
    for number in range(count):
        name, amount = NAMES[number % 6], number * 1009 % 5_000_000
        day = date(2023, 1, 1) + timedelta(days=number % 1000)
        place = "Desa Pandulangan — Kec. Sungai Pandan"
        texts = [f"{name} {number}", place, "As Syifa", "••••2514", "itik", None, "MADYA"]
        yield [*texts, *(amount + extra for extra in range(5)), day, day, number % 2 == 0]


def ours(count: int, stream) -> None:
    columns = [xlsx.Column(f"Kolom {n}", FORMATS[kind], kind == "amount") for n, kind in enumerate(KINDS, 1)]
    xlsx.write_sheet(xlsx.Sheet("Uji", "Dibuat untuk mengukur", columns, rows(count)), stream)


def openpyxl_write_only(count: int, stream) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Uji")
    for row in rows(count):
        cells = [WriteOnlyCell(page, value) for value in row]
        for cell, kind in zip(cells, KINDS, strict=True):
            cell.number_format = FORMATS[kind]
        page.append(cells)
    book.save(stream)


def measure(writer, count: int) -> None:
    start = perf_counter()
    with TemporaryFile() as stream:
        writer(count, stream)
        size = stream.tell() / 1e6
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{writer.__name__:20} {seconds:6.2f} s  {peak:5.1f} MB at most  {size:5.1f} MB file", flush=True)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    print(f"{wanted:,} rows x {len(KINDS)} columns")
    for one in (ours, openpyxl_write_only):
        process = get_context("spawn").Process(target=measure, args=(one, wanted))
        process.start()
        process.join()
