"""Whoever tries whatever in whatever order, a report goes only the ways that it may, through the pages themselves.

Quick as a rule; `UP2K_DEEP=1 ./up2k test tests/reports/test_report_machine.py` plays many more and longer stories.
"""

import os
from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from loans.models import MonthLock
from reports.models import ReportStep, VillageReport
from reports.snapshot import fingerprint_of
from tests import build
from tests.reports import build_reports
from up2k_portal.lib.access import Role

DEEP = os.environ.get("UP2K_DEEP") == "1"
TW2 = build_reports.TW2
PEOPLE = {
    "rahmah": (Role.OPERATOR, build.PANDULANGAN),
    "foreign": (Role.OPERATOR, build.OTHER_PANDULANGAN),
    "salamah": (Role.DISTRICT, "63.08.03"),
    "banjang": (Role.DISTRICT, "63.08.07"),
    "noor": (Role.STAFF, "63.08"),
    "hayati": (Role.STAFF, "63.08"),
    "mastura": (Role.ADMIN, "63.08"),
    "rusdiana": (Role.PROVINCE, "63"),
}
VERIFIERS, APPROVERS, SENDERS = {"salamah", "noor", "hayati"}, {"noor", "hayati", "mastura"}, {"mastura"}
OUT = ("submitted", "verified", "approved", "sent")
RETURNERS = {
    "submitted": VERIFIERS | APPROVERS,
    "verified": VERIFIERS | APPROVERS,
    "approved": APPROVERS,
    "sent": SENDERS,
}
who = st.sampled_from(sorted(PEOPLE))
fresh = st.sampled_from([True, True, True, False])  # whether the page shows the version that is there


class Flow(RuleBasedStateMachine):
    """What the model says may happen, beside what the pages do."""

    played = 0
    reached: Counter[str] = Counter()

    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @initialize()
    def begin(self):
        self.village, self.state, self.number = build.village(), "draft", 0
        build.village(build.OTHER_PANDULANGAN)
        self.clients, self.acted = {}, {}
        for name, (role, area) in PEOPLE.items():
            self.clients[name] = Client()
            user = build.user(role, area, username=name, name=name)
            self.clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def post(self, name: str, page: str, facts: dict) -> None:
        Flow.played += 1
        self.clients[name].post(reverse(page, args=[self.village.pk, TW2.code]), facts)

    def seen(self, is_fresh: bool) -> str:
        report = VillageReport.objects.filter(village=self.village).first()
        return report.version.sha256 if is_fresh and report and report.version else "0" * 64

    @rule(name=who)
    def submit(self, name):
        if self.state not in OUT:  # another figure each time, so that each version has its own fingerprint
            build.group(self.village, founded_on=date(2026, 6, 1))
        page = self.clients[name].get(reverse("village-report", args=[self.village.pk, TW2.code]))
        form = page.context["form"] if page.status_code == 200 else None
        facts = {"name": "Hj. Rusdiana", "seen": form["seen"].value() if form else "0" * 64}
        if form:  # a group without a member is odd: the signer explains
            facts |= {one.key: "sudah diperiksa di rapat" for one in form.draft.warnings}
        self.post(name, "village-report", facts)
        if name == "rahmah" and self.state not in OUT:
            self.state, self.number, self.acted = "submitted", self.number + 1, {"submit": name}

    @rule(name=who, is_fresh=fresh)
    def withdraw(self, name, is_fresh):
        self.post(name, "report-withdraw", {"seen": self.seen(is_fresh)})
        if name == "rahmah" and is_fresh and self.state == "submitted":
            self.state = "draft"

    @rule(name=who, is_fresh=fresh)
    def verify(self, name, is_fresh):
        self.post(name, "report-verify", {"seen": self.seen(is_fresh)})
        if name in VERIFIERS and is_fresh and self.state == "submitted":
            self.state = "verified"
            self.acted["verify"] = name

    @rule(name=who, is_fresh=fresh)
    def approve(self, name, is_fresh):
        self.post(name, "report-approve", {"seen": self.seen(is_fresh)})
        if name in APPROVERS and is_fresh and self.state == "verified" and name not in self.acted.values():
            self.state = "approved"

    @rule(name=who)
    def send(self, name):
        Flow.played += 1
        self.clients[name].post(
            f"{reverse('report-send')}?periode={TW2.code}", {"alasan": "kantor desa terendam banjir"}
        )
        if name in SENDERS and self.state == "approved":
            self.state = "sent"

    @rule(name=who, is_fresh=fresh)
    def send_back(self, name, is_fresh):
        self.post(name, "report-return", {"seen": self.seen(is_fresh), "reason": "jumlah kas tidak cocok"})
        if is_fresh and name in RETURNERS.get(self.state, ()):
            self.state = "returned"

    @rule()
    def go_on(self):
        """The next right step by the right person, so that stories reach the end."""
        if self.state in ("draft", "returned"):
            self.submit("rahmah")
        elif self.state == "submitted":
            self.verify("salamah", True)
        elif self.state == "verified":
            self.approve("mastura", True)
        elif self.state == "approved":
            self.send("mastura")

    @invariant()
    def the_report_is_where_the_model_says(self):
        report = VillageReport.objects.filter(village=self.village).first()
        assert (report.state if report else "draft") == self.state
        Flow.reached[self.state] += 1
        assert (report.versions.count() if report else 0) == self.number

    @invariant()
    def every_version_is_what_its_fingerprint_says(self):
        for step in ReportStep.objects.filter(report__village=self.village).select_related("version"):
            assert fingerprint_of(step.version.figures) == step.version.sha256

    @invariant()
    def the_months_are_locked_exactly_while_it_is_out(self):
        locked = MonthLock.objects.filter(village=self.village, lifted_at=None).count()
        assert (locked > 0) == (self.state in OUT)


@pytest.mark.django_db
def test_no_forbidden_way_is_reachable():
    steps = 30 if DEEP else 14
    run_state_machine_as_test(
        Flow,
        settings=settings(
            max_examples=100 if DEEP else 12, stateful_step_count=steps, derandomize=not DEEP, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    print(f"{Flow.played} steps, {dict(Flow.reached)}")
    assert set(Flow.reached) == {"draft", "returned", *OUT}
