"""The provincial workbook of a report, in the forms and with the definitions of its time."""

from reports.form_services import edition_of
from reports.rows import Report
from reports.workbook.book import Target, write_workbook


def save(report: Report, target: Target) -> None:
    """Write the workbook of a report to a path or a binary stream."""
    write_workbook(report, target, edition_of(report))
