"""Approving against changing at the same moment: what is approved is what was reviewed, each time.

`UP2K_DEEP=1` runs two hundred races. Needs a database that threads share.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from loans.closing_services import grant_exception, reopen_month
from loans.models import MonthClosing
from reports import report_services as services
from reports.models import ReportStep, ReportVersion, VillageReport
from reports.report_services import Signing
from reports.snapshot import fingerprint_of, read
from tests import build
from tests.reports import build_reports
from up2k_portal.lib.access import Role

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="threads do not share an in-memory database"),
]
RACES = 200 if os.environ.get("UP2K_DEEP") == "1" else 8
TW2 = build_reports.TW2
HEAD_START = 0.0015  # seconds


def together(*acts) -> list:
    """Each act in its own thread, let go at the same moment; what it gave, or why it was refused."""
    gate = Barrier(len(acts))

    def alone(act):
        try:
            gate.wait()
            return act()
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


def test_the_approved_fingerprint_is_the_reviewed_one_in_every_race():
    build.village()
    people = {
        name: build_reports.person(role, area, name)
        for name, role, area in (
            ("rahmah", Role.OPERATOR, build.PANDULANGAN),
            ("salamah", Role.DISTRICT, "63.08.03"),
            ("noor", Role.STAFF, "63.08"),
        )
    }
    approved = 0
    for at in range(RACES):
        village = build.village(f"63.08.03.{2100 + at}")
        group = build.group(village, founded_on=date(2026, 6, 1))
        build.member(group, joined_on=date(2026, 6, 1))
        report = build_reports.verified(village, by=people["salamah"])
        seen = report.version.sha256

        def change(report=report, group=group, village=village, seen=seen):
            services.return_report(report=report, seen=seen, reason="anggota kurang satu", by=people["noor"])
            build.member(group, joined_on=date(2026, 6, 2))
            draft = services.draft_of(village, TW2)
            signing = Signing(explanations={one.key: "sudah diperiksa di rapat" for one in draft.warnings})
            return services.submit(
                village=village, period=TW2, by=people["rahmah"], seen=draft.snapshot.sha256, signing=signing
            )

        def agree(report=report, seen=seen, wait=at % 8 * HEAD_START):
            sleep(wait)  # the way back takes more locks: without it the approval always comes first
            return services.approve(report=report, seen=seen, by=people["noor"])

        together(agree, change)
        step = ReportStep.objects.filter(report=report, verb="approve").select_related("version").first()
        if step:
            approved += 1
            assert step.version.sha256 == seen
        left = VillageReport.objects.select_related("version").get(pk=report.pk)
        if left.state == "approved":
            assert left.version.sha256 == seen
        assert left.state in ("approved", "submitted", "returned")
    print(f"{approved} of {RACES} races were won by the approval")


def test_eight_submissions_at_once_are_one_version(pandulangan, operator):
    build.group(pandulangan, founded_on=date(2026, 6, 1))
    draft = services.draft_of(pandulangan, TW2)
    signing = Signing(explanations={one.key: "sudah diperiksa di rapat" for one in draft.warnings})
    facts = {"village": pandulangan, "period": TW2, "by": operator, "seen": draft.snapshot.sha256, "signing": signing}
    answers = together(*[lambda: services.submit(**facts) for _ in range(8)])
    assert answers == [ReportVersion.objects.get()] * 8


def test_sending_again_never_waits_for_returning_which_waits_for_it():
    """Both take the groups before the report; the other way round the database would end one of them."""
    village = build.village()
    people = {
        name: build_reports.person(role, area, name)
        for name, role, area in (("rahmah", Role.OPERATOR, village.code), ("salamah", Role.DISTRICT, "63.08.03"))
    }
    groups = [build.group(village, founded_on=date(2026, 6, 1)) for _ in range(3)]
    for _ in range(RACES):
        report = build_reports.submitted(village, by=people["rahmah"])
        build.member(groups[0], joined_on=date(2026, 6, 1))
        draft = services.draft_of(village, TW2)
        facts = {"village": village, "period": TW2, "by": people["rahmah"], "seen": draft.snapshot.sha256}
        signing = Signing(explanations={one.key: "sudah diperiksa di rapat" for one in draft.warnings})
        seen, reason = report.version.sha256, "anggota kurang satu"
        together(
            lambda facts=facts, signing=signing: services.submit(**facts, signing=signing),
            lambda report=report, seen=seen, reason=reason: services.return_report(
                report=report, seen=seen, reason=reason, by=people["salamah"]
            ),
        )
        assert fingerprint_of(VillageReport.objects.get().version.figures) == VillageReport.objects.get().version.sha256
        if VillageReport.objects.get().state == "submitted":
            current = VillageReport.objects.get().version.sha256
            services.return_report(report=report, seen=current, reason=reason, by=people["salamah"])


def test_no_payment_gets_into_a_month_that_is_being_locked():
    """What was frozen is what the months hold, whichever was first."""
    village = build.village()
    rahmah = build_reports.person(Role.OPERATOR, village.code, "rahmah")
    salamah = build_reports.person(Role.DISTRICT, "63.08.03", "salamah")
    group = build.group(village)
    loan = build.loan(build.member(group, joined_on=date(2026, 1, 5)), 5_000_000, date(2026, 1, 31), by=rahmah)
    build_reports.close_until(group)
    for at in range(RACES):
        until = timezone.now() + timedelta(days=2)
        grant_exception(
            group=group, period=202605, user=rahmah, expires_at=until, reason="bukti pasar ditemukan",
            granted_by=salamah,
        )  # fmt: skip
        draft = services.draft_of(village, TW2)
        facts = {"village": village, "period": TW2, "by": rahmah, "seen": draft.snapshot.sha256}
        signing = Signing(explanations={one.key: "sudah diperiksa di rapat" for one in draft.warnings})
        together(
            lambda facts=facts, signing=signing: services.submit(**facts, signing=signing),
            lambda at=at: build.payment(loan, 1_000 + at, date(2026, 5, 20), by=rahmah),
        )
        report = VillageReport.objects.filter(state="submitted").select_related("version").first()
        if report:
            assert read(report.version.figures).values == services.snapshot_of(village, TW2).values
            services.return_report(report=report, seen=report.version.sha256, reason="angsuran kurang satu", by=salamah)
            build_reports.close_until(group)


def test_no_month_opens_under_a_report_that_is_going_out():
    village = build.village()
    rahmah = build_reports.person(Role.OPERATOR, village.code, "rahmah")
    salamah = build_reports.person(Role.DISTRICT, "63.08.03", "salamah")
    group = build.group(village)
    build.capital(group, 1_000_000, date(2026, 5, 4))
    for _ in range(RACES):
        build_reports.close_until(group)
        closing = MonthClosing.objects.get(group=group, reopened_at=None)
        draft = services.draft_of(village, TW2)
        signing = Signing(explanations={one.key: "sudah diperiksa di rapat" for one in draft.warnings})
        facts = {"village": village, "period": TW2, "by": rahmah, "seen": draft.snapshot.sha256, "signing": signing}
        together(
            lambda facts=facts: services.submit(**facts),
            lambda closing=closing: reopen_month(closing=closing, reason="angsuran Mei tertinggal", by=salamah),
        )
        report = VillageReport.objects.filter(state="submitted").select_related("version").first()
        assert MonthClosing.objects.filter(group=group, reopened_at=None).exists() == bool(report)
        if report:
            services.return_report(report=report, seen=report.version.sha256, reason="angsuran kurang satu", by=salamah)
