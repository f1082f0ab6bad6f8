"""What a check of a report found. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    HARD = "hard"  # the report cannot be submitted with it
    SOFT = "soft"  # it can, with an explanation


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or odd. `key` is the same each time the same thing is found again, so that its
    explanation stays with it: "jump:12:balance".
    """

    key: str
    rule: str
    severity: Severity
    words: str
    url: str = ""  # the rows behind it
    group_id: int = 0  # 0: the whole village
    indicator: str = ""

    def as_json(self) -> dict:
        return {"key": self.key, "rule": self.rule, "severity": self.severity.value, "words": self.words}
