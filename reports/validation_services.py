"""What is wrong or odd in a village's figures before they are signed off."""

from reports.findings import Finding
from reports.periods import Period
from reports.snapshot import Snapshot
from villages.models import Village


def find(village: Village, period: Period, snapshot: Snapshot) -> list[Finding]:
    """All findings of the rules in force, the hard ones first."""
    return []
