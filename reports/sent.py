"""The figures of a period as they went out: rebuilt from what was frozen then, whatever was corrected since."""

from dataclasses import asdict, replace
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError

from reports.completeness import Standing
from reports.edition import Edition
from reports.form_services import edition_of
from reports.models import DefinitionSet, ReportStep, ReportVersion, Sending
from reports.models.village_reports import AGREED
from reports.periods import parse_period
from reports.rows import Child, GroupRow, Report
from reports.services import write_report
from reports.snapshot import read

NAMES = (
    "area_code", "area_name", "area_level", "province_name", "regency_name", "district_name", "made_at", "made_by",
    "place", "chair", "pokja_2",
)  # fmt: skip
DAYS = ("due_on", "submitted_on")


def head_of(report: Report) -> dict[str, Any]:
    """All of a report but its groups, as plain JSON, with the fingerprint of its definitions.

    Villages are renamed, split and given more time afterwards; what went out was said of them as they were.
    """
    return {
        **{name: getattr(report, name) for name in NAMES},
        "period": report.period.code,
        "signed_on": report.signed_on.isoformat(),
        "children": [asdict(child) for child in report.children],
        "standings": [_plain(one) for one in report.standings],
        "groups": [[row.village_code, row.group_id] for row in report.groups],
        "definitions": edition_of(report).definitions_hash,
    }


def sent_report(sending: Sending) -> Report:
    """The report of a sending out of the versions that stood in it.

    Raises ValidationError for a sending that kept no head, and where a group of it is in no version of that moment.
    """
    if not sending.head:
        raise ValidationError("Pengiriman ini tidak menyimpan susunannya, jadi tidak dapat disusun lagi.")
    head = sending.head
    return Report(
        **{name: head[name] for name in NAMES},
        period=parse_period(head["period"]),
        signed_on=date.fromisoformat(head["signed_on"]),
        children=tuple(Child(**child) for child in head["children"]),
        standings=tuple(_standing(one) for one in head["standings"]),
        groups=_groups(sending),
        basis="approved",
    )


def sent_edition(sending: Sending, report: Report) -> Edition:
    """Layouts of the period, and the definitions that it went out with."""
    kept = DefinitionSet.objects.filter(sha256=sending.head["definitions"]).first()
    more = {"definitions": kept.rows, "definitions_hash": kept.sha256} if kept else {}
    return replace(edition_of(report), **more)


def write_sent(sending: Sending, target: IO[bytes]) -> None:
    """The workbook of a sending anew: every cell as in the file that was kept. Raises as `sent_report`."""
    report = sent_report(sending)
    write_report(report, target, edition=sent_edition(sending, report))


def versions_of(sending: Sending) -> list[ReportVersion]:
    """The version of each village that was in force when it went out: sent with it, or approved or sent before.

    A village may have been returned and approved anew since then; its later versions do not count.
    """
    steps = ReportStep.objects.in_area(sending.regency.code).filter(report__period=sending.period)
    last = {step.report_id: step for step in steps.filter(at__lte=sending.sent_at).order_by("pk")}
    own = {step.report_id: step for step in sending.steps.all()}
    chosen = [step for step in (last | own).values() if step.state in AGREED]
    return list(ReportVersion.objects.filter(pk__in=[step.version_id for step in chosen]).order_by("pk"))


def _groups(sending: Sending) -> tuple[GroupRow, ...]:
    """In the order in which they were printed, each under the village where it was counted."""
    rows = [row for version in versions_of(sending) for row in read(version.figures).groups]
    found = {(row.village_code, row.group_id): row for row in rows}
    wanted = [(code, pk) for code, pk in sending.head["groups"]]
    if missing := [key for key in wanted if key not in found]:
        raise ValidationError(f"{len(missing)} kelompok pengiriman ini tidak ada di versi yang dibekukan.")
    return tuple(found[key] for key in wanted)


def _plain(standing: Standing) -> dict[str, Any]:
    days = {name: getattr(standing, name) for name in DAYS}
    return asdict(standing) | {name: day.isoformat() if day else None for name, day in days.items()}


def _standing(kept: dict[str, Any]) -> Standing:
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in DAYS}
    return Standing(**kept | days | {"lacking": tuple(kept["lacking"])})
