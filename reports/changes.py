"""A frozen report against the figures as they are now: how many differ, of one village and of a whole area."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from reports.figures import group_rows
from reports.models import ReportVersion, VillageReport
from reports.models.village_reports import IN, State
from reports.periods import Period
from reports.rows import GroupRow
from reports.snapshot import Change, Snapshot, changes, read
from up2k_portal.lib.access import in_areas


@dataclass(frozen=True)
class Drift:
    """What the figures of a frozen report say now."""

    report: VillageReport
    version: ReportVersion
    then: Snapshot
    now: Snapshot

    @cached_property
    def changes(self) -> list[Change]:
        return changes(self.then, self.now)

    @property
    def since(self) -> str:
        """Which act froze it, for "3 angka berubah sejak dikirim"."""
        return "dikirim" if self.report.state == State.SENT else "diajukan"

    @property
    def words(self) -> str:
        """3 angka berubah sejak dikirim; "" while nothing differs."""
        count = len(self.changes)
        return f"{count} angka berubah sejak {self.since}" if count else ""

    @property
    def group_ids(self) -> set[int]:
        return {row.group_id for one in (self.then, self.now) for row in one.groups}


def drift_of(report: VillageReport, now: Snapshot) -> Drift:
    """`report` has a version; `now` are the village's live figures of the same period."""
    version = _version(report)
    return Drift(report, version, read(version.figures), now)


def _version(report: VillageReport) -> ReportVersion:
    """Raises ValueError for a draft: nothing is frozen yet."""
    if report.version is None:
        raise ValueError(f"{report} belum dibekukan.")
    return report.version


def drifts_of(codes: list[str], period: Period) -> list[Drift]:
    """The reports that villages of these areas handed in and that differ from the live figures, by code of the village.

    One reading of the live figures an area, whatever the number of reports.
    """
    live: dict[str, list[GroupRow]] = defaultdict(list)
    for code in codes:
        for row in group_rows(code, period):
            live[row.village_code].append(row)
    found = []
    for report in _handed_in(codes, period).iterator(chunk_size=200):
        code = report.village.code
        drift = drift_of(report, Snapshot(code, "", period.code, "", tuple(live.get(code, ()))))
        if drift.changes:
            found.append(drift)
    return found


def handed_in_count(codes: list[str], period: Period) -> int:
    return _handed_in(codes, period).count()


def _handed_in(codes: list[str], period: Period):
    rows = VillageReport.objects.filter(in_areas("village__code", frozenset(codes)), period=period.code, state__in=IN)
    return rows.select_related("village__district", "version").order_by("village__code")
