"""How far an export is, in steps: the figures, each sheet, the file; and how long it may still take. Pure.

A job keeps a percent alone; its steps follow from it, for the sheets of a form and period are known.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.models.exports import ExportJob
from reports.periods import Period
from reports.workbook.sheets import sheets_of

Step = ExportJob.Step
LEAST_TOLD = timedelta(seconds=3)  # what ends sooner needs no estimate


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    words: str


def sheet_count(form: str, period: Period, whole: str) -> int:
    """The sheets that are written: the cover and those of the period, or the one of a single form."""
    return len(sheets_of(period)) + 1 if form == whole else 1


def percent_at(done: int, sheets: int) -> int:
    """The percent of a job that has written so many of its sheets."""
    return Step.READ + (Step.WRITTEN - Step.READ) * done // sheets


def progress_of(percent: int, sheets: int) -> Progress:
    """Of a job that is being made; reading the figures and keeping the file are a step each."""
    total = sheets + 2
    if percent < Step.READ:
        return Progress(0, total, Step.BEGUN.label if percent >= Step.BEGUN else Step.ASKED.label)
    if percent >= Step.WRITTEN:
        return Progress(sheets + 1, total, Step.WRITTEN.label)
    done = next(one for one in range(sheets, -1, -1) if percent_at(one, sheets) <= percent)
    return Progress(1 + done, total, f"{Step.READ.label} {done + 1} dari {sheets}")


def time_left(percent: int, began: datetime | None, now: datetime, usual: timedelta | None) -> timedelta | None:
    """What is left of the time that the same took before, else as fast as so far; None where nobody can say."""
    if began is None:
        return None
    spent = now - began
    if usual and usual > spent:
        return usual - spent
    if percent < Step.READ:  # nothing of the figures is behind it yet that could be measured
        return None
    return spent * (Step.DONE - percent) / percent


def left_words(left: timedelta | None) -> str:
    """ "kira-kira 20 detik lagi", "kira-kira 3 menit lagi"; "" for what cannot be said or is nearly there."""
    if left is None or left < LEAST_TOLD:
        return ""
    seconds = round(left.total_seconds())
    if seconds < 60:
        return f"kira-kira {-(-seconds // 5) * 5} detik lagi"
    return f"kira-kira {-(-seconds // 60)} menit lagi"
