"""Seconds and megabytes of the provincial workbook: `python -m benchmarks.workbook [hsu|kalsel|demo]` (the first two
when not told). `demo` is the kabupaten of the database in use, filled by `manage.py seed_demo`, on its latest quarter
of which reports are approved; what reading its figures takes is told apart.

HSU has 219 villages, Kalimantan Selatan 13 kabupaten with 2,000; generated rows, one group a village, every cell
filled. Beside it openpyxl's write-only mode writing the very same cells with the same looks, each writer in a process
of its own. What the second reads from its recording is not counted.
"""

import os
import pickle
import resource
import sys
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "up2k_portal.settings")
os.environ.setdefault("SECRET_KEY", "only for measuring, never for people: " + "x" * 30)
django.setup()

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from reports.completeness import Standing
from reports.models import VillageReport
from reports.periods import parse_period
from reports.rows import LEVELS, Child, GroupRow, Report
from reports.services import report_for
from reports.workbook.book import write_workbook

PERIOD = parse_period("2026-TW4")  # the one with R-5
TIMES = 3
SIZES = {"hsu": (1, 10, 219), "kalsel": (13, 12, 2_000)}  # kabupaten, kecamatan in each, villages


DEMO = "demo"


def read_demo(folder: str) -> None:
    """Keeps the demo's report for the writers, and tells what reading it took."""
    start = process_time()
    approved = VillageReport.objects.filter(state="approved").order_by("-last_month").values_list("period", flat=True)
    period = parse_period(approved[0])
    head = {"area_code": "63.08", "period": period, "made_by": "ukur", "made_at": "ukur"}
    report = report_for(basis="approved", **head)
    seconds = process_time() - start
    live_start = process_time()
    live = report_for(basis="live", **head)
    print(f"  read: {len(report.groups)} approved groups {seconds:.2f} s, {len(live.groups)} live {_since(live_start)}")
    Path(folder, DEMO).write_bytes(pickle.dumps(live))  # the live one has every group


def _since(start: float) -> str:
    return f"{process_time() - start:.2f} s"


def report_of(size: str, folder: str) -> Report:
    """The demo's report, or an approved one without a database."""
    if size == DEMO:
        return pickle.loads(Path(folder, DEMO).read_bytes())
    regencies, districts, villages = SIZES[size]
    rows = tuple(_group(number, regencies, districts) for number in range(villages))
    standings = tuple(
        Standing(row.village_code, f"Desa {row.village_label}", "sent", True, is_agreed=True) for row in rows
    )
    is_province = regencies > 1
    codes = sorted({row.regency_code if is_province else row.district_code for row in rows})
    return Report(
        area_code="63" if is_province else "63.01", area_name="Kalimantan Selatan" if is_province else "Uji",
        area_level="provinsi" if is_province else "kabupaten", province_name="Kalimantan Selatan", regency_name="Uji",
        period=PERIOD, groups=rows, children=tuple(Child(code, f"Wilayah {code}", 20) for code in codes),
        made_at="12 Januari 2027, 09.41 WITA", made_by="ukur", place="Amuntai", signed_on=date(2027, 1, 12),
        basis="approved", standings=standings,
    )  # fmt: skip


def _group(number: int, regencies: int, districts: int) -> GroupRow:
    regency, district = number % regencies + 1, number // regencies % districts + 1
    code = f"63.{regency:02}.{district:02}"
    amounts = {
        name: (number + place) * 1009 % 9_000_000
        for place, name in enumerate(
            (
                "disbursed_period", "disbursed_to_date", "service_fee_paid_period", "capital_swadaya", "capital_apbn",
                "capital_apbd_prov", "capital_apbd_kab", "capital_apbdes", "capital_csr", "capital_other",
                "capital_start", "capital_in_period", "capital_out_period", "turnover_period", "net_income_period",
                "income_before", "income_after", "surplus", "surplus_members", "surplus_officers", "surplus_reserve",
                "surplus_paud", "surplus_social", "surplus_education", "surplus_paid", "paud_paid",
            )
        )
    }  # fmt: skip
    balance = number * 7 % 20_000_000
    return GroupRow(
        village_code=f"{code}.{2001 + number}", village_label=f"Sungai Pandan Hulu {number}", village_kind="desa",
        district_code=code, district_name=f"Sungai {district}", regency_code=code[:5], regency_name=f"Uji {regency}",
        group_name=f"UP2K Melati {number}", decree_number=f"188.45/{number}/KUM/2020", decree_on=date(2020, 3, 1),
        founded_on=date(2019, 3, 1), leader="Rabiatul Adawiyah", level=LEVELS[number % 4], legal_status="SK Desa",
        main_enterprise="Anyaman purun", main_product="Tas purun", volume=number, unit="lembar", members_male=1,
        members_female=20, members_poor=7, members_asked=9, borrowers=12, principal_due=balance + 5, balance=balance,
        principal_due_paid=balance, balance_1=balance, **amounts,
    )  # fmt: skip


def ours(size: str, folder: str) -> tuple[float, int]:
    """Seconds, and how many cells."""
    report = report_of(size, folder)
    start = process_time()
    write_workbook(report, f"{folder}/ours.xlsx")
    return process_time() - start, 0


def record(folder: str) -> None:
    """Every cell of the file as it was written, row by row, and each look once."""
    book = openpyxl.load_workbook(f"{folder}/ours.xlsx")
    looks = {}
    with Path(folder, "cells").open("wb") as file:
        for sheet in book:
            pickle.dump(sheet.title, file)
            for row in sheet.iter_rows():
                cells = [cell for cell in row if cell.has_style]
                pickle.dump([(cell.value, cell.data_type, cell.style_id) for cell in cells], file)
                for cell in cells:
                    if cell.style_id not in looks:
                        parts = (cell.font, cell.border, cell.fill, cell.alignment)
                        looks[cell.style_id] = [part.__copy__() for part in parts] + [cell.number_format]
            pickle.dump(None, file)
    Path(folder, "looks").write_bytes(pickle.dumps(looks))


def openpyxl_write_only(size: str, folder: str) -> tuple[float, int]:
    looks = pickle.loads(Path(folder, "looks").read_bytes())
    start, reading, count = process_time(), 0.0, 0
    book = Workbook(write_only=True)
    styles = {}
    with Path(folder, "cells").open("rb") as file:
        while title := _next(file):
            sheet = book.create_sheet(title)
            while True:
                before = process_time()
                row = _next(file)
                reading += process_time() - before
                if row is None:
                    break
                cells = []
                for value, kind, look in row:
                    cell = WriteOnlyCell(sheet, value)
                    cell.data_type = kind
                    if look not in styles:
                        cell.font, cell.border, cell.fill, cell.alignment, cell.number_format = looks[look]
                        styles[look] = cell._style
                    cell._style = styles[look]
                    cells.append(cell)
                sheet.append(cells)
                count += len(cells)
    book.save(f"{folder}/bare.xlsx")
    return process_time() - start - reading, count


def _next(file):
    try:
        return pickle.load(file)
    except EOFError:
        return None


def measure(writer, size: str, folder: str) -> None:
    seconds, count = writer(size, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with Path(folder, writer.__name__).open("a") as file:
        print(seconds, peak, count, file=file)


def told(size: str, folder: str) -> None:
    """The best of each, and how many times the other's ours takes."""
    found = {}
    for writer in (ours, openpyxl_write_only):
        lines = [line.split() for line in Path(folder, writer.__name__).read_text().splitlines()]
        found[writer] = min(float(line[0]) for line in lines), min(float(line[1]) for line in lines)
        count = int(lines[0][2])
        print(f"  {writer.__name__:20} {found[writer][0]:6.2f} s of processor  {found[writer][1]:5.1f} MB at most")
    seconds, peak = (one / other for one, other in zip(found[ours], found[openpyxl_write_only], strict=True))
    villages = SIZES[size][2] if size in SIZES else report_of(size, folder).villages_count
    print(f"  {villages:,} villages, {count:,} cells: {seconds:.2f} times the seconds, {peak:.2f} times the peak")


def _apart(function, *arguments) -> None:
    process = get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()


if __name__ == "__main__":
    for one in sys.argv[1:] or SIZES:
        with TemporaryDirectory() as place:
            if one == DEMO:
                _apart(read_demo, place)
            _apart(ours, one, place)
            _apart(record, place)
            for _ in range(TIMES):
                for writer in (ours, openpyxl_write_only):
                    _apart(measure, writer, one, place)
            told(one, place)
