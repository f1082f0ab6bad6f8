"""Periods, village reports, their approval and what was sent."""

from reports.models.calendar import DueDay, DueException, ReportCalendar
from reports.models.exports import ExportJob
from reports.models.forms import FormVersion
from reports.models.narrative import Narrative
from reports.models.sendings import Sending, SentFile
from reports.models.validation import ValidationRule
from reports.models.village_reports import DefinitionSet, ReportRemark, ReportStep, ReportVersion, VillageReport

__all__ = [
    "DefinitionSet",
    "DueDay",
    "DueException",
    "ExportJob",
    "FormVersion",
    "Narrative",
    "ReportCalendar",
    "ReportRemark",
    "ReportStep",
    "ReportVersion",
    "Sending",
    "SentFile",
    "ValidationRule",
    "VillageReport",
]
