"""The way of a village's report: drafted, submitted and frozen, verified, approved, sent; returned from any step.

Whoever reviews names the fingerprint that was reviewed: if the version changed meanwhile, nothing happens. Entering,
verifying and approving one version are three persons. Every verb locks the report's row first; submitting locks the
groups of the village before it, so that no money moves under the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from enterprises.months import month_name, months_before
from loans.closing_services import first_period
from loans.models import Entry, Voucher
from loans.month_services import closed_through
from reports import indicators
from reports.figures import group_rows
from reports.findings import Finding, Severity
from reports.models import DefinitionSet, ReportRemark, ReportStep, ReportVersion, VillageReport
from reports.models.village_reports import State, Verb
from reports.periods import Period, parse_period
from reports.report_months import groups_of, lock_groups, lock_months, open_again
from reports.snapshot import Snapshot, read
from reports.validation_services import find
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import format_day, period_of, today
from up2k_portal.lib.reasons import check_reason, check_reasons
from villages.models import Group, Village
from villages.models.placements import named, names_on, placed_on

POSTED_BY_PORTAL = (Voucher.Kind.YEAR_CLOSE, Voucher.Kind.ALLOWANCE)  # nobody did anything


@dataclass(frozen=True)
class OpenMonth:
    """A month of the period that its group has not closed yet."""

    group: Group
    period: int  # 202609

    @property
    def words(self) -> str:
        return f"{self.group}: tutup dulu bulan {month_name(self.period)}"


@dataclass(frozen=True)
class Draft:
    """The figures as they are now, and what stands between them and signing them off."""

    village: Village
    period: Period
    snapshot: Snapshot
    report: VillageReport | None
    open_months: list[OpenMonth]
    findings: list[Finding]

    @property
    def problem(self) -> str:
        """Why it cannot be submitted whatever is explained, as an Indonesian sentence; "" when it can."""
        if self.report and self.report.is_in:
            return f"Laporan ini sudah {self.report.get_state_display().lower()}."
        if today() <= self.period.last:
            day = format_day(self.period.last + timedelta(days=1))
            return f"{self.period.name} belum berakhir; laporan dapat diajukan mulai {day}."
        if self.open_months:
            return self.open_months[0].words + "."
        hard = [one for one in self.findings if one.severity is Severity.HARD]
        return f"Perbaiki dulu: {hard[0].words}" if hard else ""

    @property
    def warnings(self) -> list[Finding]:
        return [one for one in self.findings if one.severity is Severity.SOFT]

    @property
    def explained(self) -> dict[str, str]:
        """What the version before said about the same findings, by their keys: nobody explains twice."""
        kept = self.report.version.explanations if self.report and self.report.version else {}
        return {one.key: kept[one.key]["words"] for one in self.warnings if one.key in kept}


@dataclass(frozen=True)
class Remark:
    """What the returner says of one value (`key` of an indicator), one group, or the whole."""

    words: str
    group_id: int | None = None
    key: str = ""


@dataclass
class Signing:
    """What the signer adds to the figures."""

    name: str = ""
    is_nil: bool = False
    nil_reason: str = ""
    explanations: Mapping[str, str] = field(default_factory=dict)


def snapshot_of(village: Village, period: Period) -> Snapshot:
    """The village's figures at the end of the period's last day, as the database has them now."""
    then = named(village, names_on(period.last))
    rows = tuple(group_rows(village.code, period))
    return Snapshot(village.code, then.full_name, period.code, indicators.definitions_hash(), rows)


def draft_of(village: Village, period: Period) -> Draft:
    """The report as it would be signed now; reads only."""
    snapshot = snapshot_of(village, period)
    report = VillageReport.objects.filter(village=village, period=period.code).select_related("version").first()
    return Draft(village, period, snapshot, report, _open_months(snapshot, period), find(village, period, snapshot))


def may_be_nil(snapshot: Snapshot) -> bool:
    """Whether nothing happened in the period: no turnover was recorded and no money moved but by closing the year."""
    flows = [one for one in indicators.INDICATORS if one.spread is indicators.Spread.FLOW]
    if any(one.of(snapshot.groups) for one in flows):
        return False
    period, keys = parse_period(snapshot.period), [row.group_id for row in snapshot.groups]
    moved = Entry.objects.filter(group__in=keys, on__range=(period.first, period.last))
    return not moved.exclude(voucher__kind__in=POSTED_BY_PORTAL).exists()


def _open_months(snapshot: Snapshot, period: Period) -> list[OpenMonth]:
    """The next month to close of each group that has entries up to the period's end, or to its own, and did not close
    them all.
    """
    found = []
    for group in groups_of(snapshot):
        last = period_of(min(period.last, group.closed_on or period.last))
        closed, first = closed_through(group), first_period(group)
        if first and first <= last and closed < last:
            found.append(OpenMonth(group, months_before(closed, -1) if closed else first))
    return found


# ---- the verbs


@transaction.atomic
def submit(*, village: Village, period: Period, by: User, seen: str, signing: Signing) -> ReportVersion:
    """Freezes the figures that the signer saw (`seen` is their SHA-256) and locks the months they rest on.

    The same person submitting the same figures twice submits once. Raises ValidationError while a month is open, for a
    hard finding, for a soft one without explanation, and with code "conflict" when the figures changed since.
    """
    placed = placed_on(Group.objects.counted(period.last, since=period.first), village.code, period.last)
    lock_groups(group.pk for group, _ in placed)
    report = _locked(village, period)
    if report.version and report.is_in and report.version.made_by == by and _seen_of(report.version) == seen:
        return report.version
    draft = draft_of(village, period)
    _check_may_submit(draft, seen, signing)
    snapshot = replace(draft.snapshot, is_nil=signing.is_nil)
    version = ReportVersion(
        report=report,
        number=report.versions.count() + 1,
        figures=snapshot.as_json(),
        sha256=snapshot.sha256,
        definitions=_definitions(),
        is_nil=signing.is_nil,
        nil_reason=signing.nil_reason,
        explanations={
            one.key: {"finding": one.words, "words": signing.explanations[one.key].strip()} for one in draft.warnings
        },
        warning_count=len(draft.warnings),
        signed_name=signing.name,
        made_by=by,
    )
    version.save()
    report.version, report.submitted_on = version, report.submitted_on or today()
    _step(report, Verb.SUBMIT, State.SUBMITTED, by)
    lock_months(draft.snapshot, by)
    return version


def _seen_of(version: ReportVersion) -> str:
    """The fingerprint of the figures alone: that they are nihil is said while signing them."""
    return replace(read(version.figures), is_nil=False).sha256


def _check_may_submit(draft: Draft, seen: str, signing: Signing) -> None:
    if draft.problem:
        raise ValidationError(draft.problem)
    if draft.snapshot.sha256 != seen:
        raise ValidationError(
            "Angka berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu ajukan.", code="conflict"
        )
    if signing.is_nil and not may_be_nil(draft.snapshot):
        raise ValidationError({"is_nil": "Ada uang atau omzet tercatat pada periode ini, jadi bukan nihil."})
    asked = [(one.key, signing.explanations.get(one.key, ""), "pinjaman panen baru cair") for one in draft.warnings]
    if signing.is_nil:
        asked.append(("nil_reason", signing.nil_reason, "kelompok belum bertemu karena banjir"))
    check_reasons(asked)


def _definitions() -> DefinitionSet:
    found, _ = DefinitionSet.objects.get_or_create(
        sha256=indicators.definitions_hash(), defaults={"rows": indicators.definitions()}
    )
    return found


@transaction.atomic
def verify(*, report: VillageReport, seen: str, by: User) -> ReportStep:
    """The kecamatan agrees with the version it reviewed. Not by whoever submitted it."""
    report = _reviewed(report, seen, (State.SUBMITTED,), "diverifikasi")
    _check_is_another(report, by, (Verb.SUBMIT,))
    return _step(report, Verb.VERIFY, State.VERIFIED, by)


@transaction.atomic
def approve(*, report: VillageReport, seen: str, by: User) -> ReportStep:
    """The kabupaten agrees. Not by whoever submitted or verified it."""
    report = _reviewed(report, seen, (State.VERIFIED,), "disetujui")
    _check_is_another(report, by, (Verb.SUBMIT, Verb.VERIFY))
    return _step(report, Verb.APPROVE, State.APPROVED, by)


@transaction.atomic
def withdraw(*, report: VillageReport, seen: str, by: User) -> ReportStep:
    """The village takes back what nobody has verified yet, to mend it."""
    _lock_groups_of(report)
    report = _reviewed(report, seen, (State.SUBMITTED,), "ditarik kembali")
    if not report.steps.filter(verb=Verb.RETURN).exists():
        report.submitted_on = None  # what is taken back did not come in yet
    step = _step(report, Verb.WITHDRAW, State.DRAFT, by)
    open_again(report, f"Laporan {parse_period(report.period).name} ditarik kembali oleh desa", by)
    return step


@transaction.atomic
def return_report(
    *, report: VillageReport, seen: str, reason: str, by: User, remarks: Sequence[Remark] = ()
) -> ReportStep:
    """Sends a version back to the village with a reason and remarks on single values; its months open again.

    Who may return depends on how far it came: see `may_return`.
    """
    check_reason(reason, example="jumlah anggota tidak sama dengan buku")
    _lock_groups_of(report)
    report = _reviewed(report, seen, (State.SUBMITTED, State.VERIFIED, State.APPROVED, State.SENT), "dikembalikan")
    if not may_return(report, by):
        state = report.get_state_display().lower()
        raise ValidationError(f"Laporan ini sudah {state}: minta {who_returns(report)}.")
    step = _step(report, Verb.RETURN, State.RETURNED, by, reason)
    _keep_remarks(report, step, remarks)
    open_again(report, f"Laporan {parse_period(report.period).name} dikembalikan: {reason}"[:300], by)
    return step


RETURNED_BY = {
    State.SUBMITTED: Action.VERIFY_REPORTS,
    State.VERIFIED: Action.VERIFY_REPORTS,
    State.APPROVED: Action.APPROVE_REPORTS,
    State.SENT: Action.SEND_REPORTS,
}
RETURNERS = {
    Action.VERIFY_REPORTS: "kecamatan atau kabupaten mengembalikannya",
    Action.APPROVE_REPORTS: "kabupaten mengembalikannya",
    Action.SEND_REPORTS: "admin kabupaten mengembalikannya",
}


def may_return(report: VillageReport, by: User) -> bool:
    """Whether this person may send it back: the further it came, the higher one must stand at least."""
    access, order = by.access_on(today()), list(RETURNERS)
    action = RETURNED_BY.get(State(report.state))
    return action is not None and any(access.may_in(one, report.village) for one in order[order.index(action) :])


def who_returns(report: VillageReport) -> str:
    action = RETURNED_BY.get(State(report.state))
    return RETURNERS[action] if action else ""


def _keep_remarks(report: VillageReport, step: ReportStep, remarks: Sequence[Remark]) -> None:
    known = {row["group_id"] for row in report.version.figures["groups"]}
    for remark in remarks:
        if remark.group_id is not None and remark.group_id not in known:
            raise ValidationError("Catatan menunjuk kelompok yang tidak ada di laporan ini.")
        if remark.key and remark.key not in indicators.ALL:
            raise ValidationError("Catatan menunjuk angka yang tidak ada di laporan ini.")
        row = ReportRemark(
            village=report.village, step=step, group_id=remark.group_id, key=remark.key, words=remark.words.strip()
        )
        row.full_clean()
        row.save()


# ---- what the verbs share


def _locked(village: Village, period: Period) -> VillageReport:
    found, _ = VillageReport.objects.get_or_create(
        village=village, period=period.code, defaults={"last_month": period_of(period.last)}
    )
    return _lock(found)


def _lock(report: VillageReport) -> VillageReport:
    rows = VillageReport.objects.select_for_update(of=("self",)).select_related("village", "version__made_by")
    return rows.get(pk=report.pk)


def _lock_groups_of(report: VillageReport) -> None:
    """Those whose months open again, before the report as when submitting: else the two would wait for each other."""
    current = VillageReport.objects.select_related("version").get(pk=report.pk)
    if current.version:
        lock_groups(row["group_id"] for row in current.version.figures["groups"])


def _reviewed(report: VillageReport, seen: str, states: Sequence[str], done: str) -> VillageReport:
    """The report under its lock. Raises ValidationError (conflict) when it is not the version that was reviewed."""
    report = _lock(report)
    if report.version is None or report.version.sha256 != seen:
        raise ValidationError(
            "Laporan ini berubah sejak halaman dibuka. Muat ulang, lalu periksa sekali lagi.", code="conflict"
        )
    if report.state not in states:
        raise ValidationError(
            f"Laporan ini {report.get_state_display().lower()}, jadi tidak dapat {done}.", code="conflict"
        )
    return report


def _check_is_another(report: VillageReport, by: User, verbs: Sequence[str]) -> None:
    step = report.version.steps.filter(verb__in=verbs, by=by).first()
    if step:
        raise ValidationError(
            f"Anda sendiri yang mencatat “{step.get_verb_display()}” pada laporan ini. Minta orang lain memeriksanya."
        )


def _step(report: VillageReport, verb: str, state: str, by: User | None, reason: str = "", sending=None) -> ReportStep:
    step = ReportStep(
        report=report, version=report.version, verb=verb, state=state, reason=reason, by=by, sending=sending
    )
    step.save()
    report.state, report.changed_at = state, step.at
    report.save(update_fields=["state", "version", "submitted_on", "changed_at"])
    return step
