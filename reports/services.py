"""The workbook as a file, for the page and for the command alike."""

from collections.abc import Callable
from datetime import datetime
from typing import IO

from reports import workbook
from reports.figures import live_report
from reports.periods import Period
from up2k_portal.lib.dates import format_moment

FORMS = {"provinsi": workbook.save}


def export_workbook(
    *, form: str, area_code: str, period: Period, made_by: str, at: datetime, target: str | IO[bytes]
) -> None:
    """Writes the workbook `form` of an area and a period to a path or stream, with the figures as they are now.

    Raises ValidationError when the area does not exist, KeyError for a form that FORMS does not name.
    """
    save: Callable = FORMS[form]
    save(live_report(area_code=area_code, period=period, made_by=made_by, made_at=format_moment(at)), target)


def filename(area_code: str, period: Period) -> str:
    return f"UP2K_{area_code}_{period.code}.xlsx"
