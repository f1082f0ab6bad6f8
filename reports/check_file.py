"""Periksa berkas: a provincial workbook held against the figures that were frozen. Nothing of it is kept."""

import re
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import IO

import openpyxl
from django.core.exceptions import ValidationError
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from reports.approved import approved_report
from reports.check_file_comparing import Comparison, compare
from reports.check_file_reading import CellRead, SheetRead, read_sheets
from reports.edition import Edition
from reports.form_services import edition_of
from reports.models import Sending
from reports.periods import Period, parse_period, roman
from reports.rows import Report
from reports.sent import sent_edition, sent_report
from reports.services import write_report
from up2k_portal.lib.access import Access
from up2k_portal.lib.dates import format_moment, parse_day
from up2k_portal.lib.days import MONTHS
from up2k_portal.lib.xlsx_parts import FileError

COVER = "Sampul"
NEEDS = "Lembar Sampul tidak menyebut {what}. Pilih sendiri di bawah, lalu periksa lagi."
YELLOW = PatternFill("solid", fgColor="FFFF00")
MOST_MARKED = 5_000
_CODE = re.compile(r"\(([0-9]{2}(?:\.[0-9]{2}){0,2}(?:\.[0-9]{4})?)\)\s*$")
_QUARTERS = {roman(number): number for number in range(1, 5)}


@dataclass(frozen=True)
class Cover:
    """What the file says of itself: area, period, when and by whom it was made."""

    area_code: str = ""
    period: Period | None = None
    made: str = ""  # 12 Oktober 2026, 09.41 WITA oleh Siti Rahmah
    dated: str = ""  # Amuntai, 12 Oktober 2026


@dataclass(frozen=True)
class Checked:
    """What a check found, and against what."""

    report: Report
    sending: Sending | None
    result: Comparison

    @property
    def basis(self) -> str:
        if self.sending:
            return f"pengiriman ke-{self.sending.number} ({format_moment(self.sending.sent_at)})"
        return "laporan yang sudah disetujui kabupaten"


def check(stream: IO[bytes], *, access: Access, area_code: str = "", period: Period | None = None) -> Checked:
    """Compares a workbook with what was last sent of its area and period, else with what is approved.

    `area_code` and `period` are for a file whose cover does not tell them. Raises ValidationError (at "file", "area" or
    "period") for a file that cannot be read, for another's area, and where the portal has no frozen figures.
    """
    try:
        sheets = read_sheets(stream)
    except FileError as error:
        raise ValidationError({"file": str(error)}) from error
    cover = cover_of(sheets)
    area_code, found = area_code or cover.area_code, period or cover.period
    if not area_code:
        raise ValidationError({"area": NEEDS.format(what="wilayahnya")})
    if found is None:
        raise ValidationError({"period": NEEDS.format(what="periodenya")})
    if not access.covers(area_code):
        raise ValidationError({"file": f"Berkas ini milik wilayah {area_code}, bukan wilayah Anda."})
    sending = _sending(area_code, found, cover)
    report = sent_report(sending) if sending else _approved(area_code, found)
    edition = sent_edition(sending, report) if sending else edition_of(report)
    if sending is None or cover.made != _made(sending):
        report = _as_printed(report, cover)
    return Checked(report, sending, compare(sheets, _sheets_of(report, edition)))


def cover_of(sheets: list[SheetRead]) -> Cover:
    """Out of the sheet Sampul, wherever its lines stand; empty where there is none."""
    cells = next((sheet.cells for sheet in sheets if sheet.name == COVER), {})
    told = {
        str(cell.value).strip(): str(cells.get(f"D{ref[1:]}", CellRead()).value)
        for ref, cell in cells.items()
        if ref.startswith("B") and ref[1:].isdecimal()
    }
    code = _CODE.search(told.get("Wilayah", ""))
    dated = [str(cell.value) for cell in cells.values() if re.fullmatch(r".{3,60}, \d{1,2} \w+ \d{4}", str(cell.value))]
    return Cover(
        area_code=code[1] if code else "",
        period=period_of_name(told.get("Periode", "").partition(", keadaan")[0]),
        made=told.get("Dibuat", ""),
        dated=dated[-1] if dated else "",
    )


def period_of_name(name: str) -> Period | None:
    """Triwulan II 2026, Semester I 2026, Tahun 2026 or Juni 2026 as a period; None for anything else."""
    words = name.split()
    if len(words) < 2 or not re.fullmatch(r"(?:19|20)\d{2}", words[-1]):
        return None
    year, kind, number = words[-1], words[0].capitalize(), _QUARTERS.get(words[1].upper(), 0)
    if kind == "Tahun" and len(words) == 2:
        return parse_period(year)
    if kind in MONTHS and len(words) == 2:
        return parse_period(f"{year}-{MONTHS.index(kind) + 1:02}")
    if kind == "Triwulan" and number:
        return parse_period(f"{year}-TW{number}")
    return parse_period(f"{year}-S{number}") if kind == "Semester" and number in (1, 2) else None


def _sending(area_code: str, period: Period, cover: Cover) -> Sending | None:
    """The one that made the file, else the latest; None where nothing was sent or only before heads were kept."""
    rows = Sending.objects.filter(regency__code=area_code, period=period.code).select_related("regency")
    kept = [one for one in rows.order_by("-number") if one.head]
    own = [one for one in kept if cover.made == _made(one)]
    return next(iter([*own, *kept]), None)


def _made(sending: Sending) -> str:
    """How the file of a sending says when and by whom it was made."""
    return f"{sending.head['made_at']} oleh {sending.head['made_by']}"


def _approved(area_code: str, period: Period) -> Report:
    report = approved_report(area_code=area_code, period=period, made_by="", made_at="")
    if not any(one.is_agreed for one in report.standings):
        lacking = f"Belum ada laporan {period.name} yang disetujui untuk wilayah {area_code}, jadi belum ada bandingan."
        raise ValidationError({"file": lacking})
    return report


def _as_printed(report: Report, cover: Cover) -> Report:
    """With the moment, the name and the day of the file: a workbook made later has the same figures."""
    made_at, _, made_by = cover.made.partition(" oleh ")
    words = cover.dated.rpartition(", ")[2]
    return replace(
        report,
        made_at=made_at,
        made_by=made_by,
        signed_on=_day(words) or report.signed_on,
    )


def _day(words: str) -> date | None:
    try:
        return parse_day(words)
    except ValueError:
        return None


def _sheets_of(report: Report, edition: Edition) -> list[SheetRead]:
    """The portal's own workbook, read as the file was."""
    target = BytesIO()
    write_report(report, target, edition=edition)
    target.seek(0)
    return read_sheets(target)


def marked(stream: IO[bytes], checked: Checked) -> bytes | None:
    """The file with every differing cell yellow and what the portal says as its comment.

    None where it cannot be written anew: it has parts that are no workbook's.
    """
    stream.seek(0)
    try:
        book = openpyxl.load_workbook(stream, keep_links=False)
        for one in checked.result.differences[:MOST_MARKED]:
            cell = book[one.sheet][one.ref]
            cell.fill = YELLOW
            if not isinstance(cell, MergedCell):
                words = one.in_portal.words or "(kosong)"
                cell.comment = Comment(f"Di portal: {words[:1000]}", "Portal UP2K")
        target = BytesIO()
        book.save(target)
    except Exception:  # noqa: BLE001 whatever a strange file makes openpyxl do: its cells have been told
        return None
    return target.getvalue()
