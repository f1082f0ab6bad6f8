"""The official forms of an area and a period as files, for the page and for the command alike."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError

from reports.approved import approved_report
from reports.edition import Edition
from reports.figures import live_report
from reports.form_services import edition_of
from reports.periods import Period
from reports.rows import Report
from reports.standings import standings
from reports.workbook.book import write_one, write_workbook
from reports.workbook.sheets import FORMS
from up2k_portal.lib.dates import format_moment

WHOLE = "provinsi"  # the form that is all sheets
BASES = ("approved", "live")


def form_names() -> Iterator[tuple[str, str]]:
    """Code and contents of every form that can be written."""
    yield WHOLE, "Buku kerja lengkap: sampul dan semua lembar periode itu"
    yield from ((code, sheet.contents) for code, sheet in FORMS.items())


def export_workbook(
    *,
    form: str,
    area_code: str,
    period: Period,
    made_by: str,
    at: datetime,
    target: str | IO[bytes],
    basis: str = "approved",
) -> None:
    """Writes a form of an area and a period to a path or stream.

    Out of approved reports alone, or with `basis` "live" a draft with the figures as they are now, which says so on
    every sheet. Raises ValidationError when the area does not exist and for a period shorter than what villages report
    (a draft knows no such bound), KeyError for a form that `form_names` does not tell.
    """
    sheet = None if form == WHOLE else FORMS[form]
    report = report_for(basis=basis, area_code=area_code, period=period, made_by=made_by, made_at=format_moment(at))
    write_report(report, target, form=form if sheet else WHOLE)


def report_for(*, basis: str, area_code: str, period: Period, made_by: str, made_at: str) -> Report:
    """The figures of an area, approved or as they are now, with where the villages' reports stand."""
    head: dict[str, Any] = {"area_code": area_code, "period": period, "made_by": made_by, "made_at": made_at}
    if basis == "approved":
        return approved_report(**head)
    report = live_report(**head)
    try:
        return replace(report, standings=tuple(standings(area_code, period)))
    except ValidationError:  # a month where villages report by the quarter: nobody owes a report
        return report


def write_report(
    report: Report,
    target: str | IO[bytes],
    *,
    form: str = WHOLE,
    edition: Edition | None = None,
    told: Callable[[int], None] = lambda count: None,
) -> None:
    """One form of a report, in the layout of its time unless another edition is given; of the whole workbook `told`
    hears how many sheets are written.
    """
    edition = edition or edition_of(report)
    if form == WHOLE:
        write_workbook(report, target, edition, told)
    else:
        write_one(FORMS[form], report, target, edition)


def filename(area_code: str, period: Period, form: str = WHOLE, basis: str = "approved") -> str:
    """UP2K_63.08_2026-TW3.xlsx; of a single form or a draft its name says so."""
    parts = ["UP2K", area_code, period.code, *([form] if form != WHOLE else []), *(["DRAF"] if basis == "live" else [])]
    return f"{'_'.join(parts)}.xlsx"
