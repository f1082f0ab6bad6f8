"""What is wrong or odd in a village's figures before they are signed off: every rule in force, tried on them."""

from collections.abc import Iterator, Mapping
from statistics import median

from reports import indicators
from reports.findings import Finding, Severity
from reports.models import ReportVersion, ValidationRule, VillageReport
from reports.models.village_reports import IN
from reports.periods import Period, before
from reports.report_words import words_of
from reports.row_checks import CHECKS
from reports.snapshot import Snapshot, read
from reports.validation import FEWEST_PEERS, SIGNS, Kind, Rule, broken, is_outlier, jump, parse_sum
from up2k_portal.lib.money import format_number
from up2k_portal.lib.ui import percent
from villages.models import Village


def find(village: Village, period: Period, snapshot: Snapshot) -> list[Finding]:
    """All findings of the rules in force, the hard ones first, each kind in the order of its rules."""
    rules = ValidationRule.objects.in_force()
    looks = [rule for rule in rules if rule.kind is Kind.ROWS]
    found = [
        *(one for rule in rules if rule.kind is Kind.COMPARE for one in _compared(rule, snapshot)),
        *_jumps([rule for rule in rules if rule.kind is Kind.JUMP], village, period, snapshot),
        *_outliers([rule for rule in rules if rule.kind is Kind.OUTLIER], village, period, snapshot),
        *(one for rule in looks for one in CHECKS[rule.code](rule, village, period, snapshot)),
    ]
    return sorted(found, key=lambda one: one.severity is Severity.SOFT)


def _compared(rule: Rule, snapshot: Snapshot) -> Iterator[Finding]:
    for row in snapshot.groups:
        if sides := broken(rule, indicators.values([row])):
            left, right = (parse_sum(side) for side in (rule.left, rule.right))
            rightly = f"{right.words} {format_number(sides[1])}" if right.terms else format_number(sides[1])
            said = (
                f"{row.group_name}: {left.words} {format_number(sides[0])}, seharusnya {SIGNS[rule.sign][0]} {rightly}"
            )
            yield Finding(f"{rule.code}:{row.group_id}", rule.code, rule.severity, said, "", row.group_id)


def _jumps(rules: list[Rule], village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Against what the same group reported for the period before, wherever it lay then."""
    earlier = _earlier_values(snapshot, before(period)) if rules else {}
    for rule in rules:
        for row in snapshot.groups:
            now, old = indicators.values([row]), earlier.get(row.group_id)
            if old and (moved := jump(rule, old, now)) is not None:
                one = indicators.BASES[rule.left]
                way = "naik" if moved > 0 else "turun"
                said = (
                    f"{row.group_name}: {one.label} {way} {percent(abs(moved))}, dari {words_of(one, old[rule.left])}"
                    f" menjadi {words_of(one, now[rule.left])}"
                )
                key = f"{rule.code}:{row.group_id}"
                yield Finding(key, rule.code, rule.severity, said, "", row.group_id, rule.left)


def _earlier_values(snapshot: Snapshot, period: Period) -> Mapping[int, dict[str, int | None]]:
    villages = {row.village_code for row in snapshot.groups} | {snapshot.village_code}
    rows = VillageReport.objects.filter(period=period.code, state__in=IN, village__code__in=villages)
    kept = ReportVersion.objects.filter(pk__in=rows.values("version"))
    return {
        row.group_id: indicators.values([row])
        for figures in kept.values_list("figures", flat=True)
        for row in read(figures).groups
    }


def _outliers(rules: list[Rule], village: Village, period: Period, snapshot: Snapshot) -> Iterator[Finding]:
    """Among the other villages of the kecamatan that reported this period; where few did, the period before."""
    if not rules or not snapshot.groups:
        return
    peers = _peers(village, period) or _peers(village, before(period))
    mine = snapshot.values
    for rule in rules:
        values = [value for one in peers if (value := one.get(rule.left)) is not None]
        if is_outlier(rule, mine.get(rule.left), values):
            one = indicators.BASES[rule.left]
            usual = words_of(one, int(median(values)))
            said = (
                f"{one.label} desa ini {words_of(one, mine[rule.left])}, jauh dari desa lain di kecamatan yang sama"
                f" (biasanya sekitar {usual})"
            )
            yield Finding(f"{rule.code}:0", rule.code, rule.severity, said, "", 0, rule.left)


def _peers(village: Village, period: Period) -> list[dict[str, int | None]]:
    rows = VillageReport.objects.in_area(village.code[:8]).filter(period=period.code, state__in=IN)
    kept = ReportVersion.objects.filter(pk__in=rows.exclude(village=village).values("version"), is_nil=False)
    found = [read(figures).values for figures in kept.values_list("figures", flat=True)]
    return found if len(found) >= FEWEST_PEERS else []
