"""The demo's reports, on twelve villages up to August 2026: two quarters sent, the last two on their way."""

from datetime import date
from hashlib import sha256

import pytest
from django.db import transaction

from accounts.models import Assignment
from loans.models import MonthLock
from loans.month_services import closed_through
from reports.models import ReportRemark, ReportVersion, Sending, VillageReport
from reports.snapshot import fingerprint_of, read
from seeds.demo.scenario import seed
from up2k_portal.lib.access import Role
from villages.models import Group, Village

UNTIL = date(2026, 8, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Filled once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(village_count=12, chance=63, until=UNTIL, password="rahasia")
        transaction.set_rollback(True)


def test_old_quarters_are_sent_with_their_file_and_who_was_missing(demo):
    assert list(Sending.objects.order_by("period").values_list("period", flat=True)) == ["2025-TW3", "2025-TW4"]
    villages = Village.objects.in_area("63.08").active_on(date(2025, 12, 31)).count()
    for sending in Sending.objects.select_related("file"):
        assert sending.report_count + len(sending.missing) == villages
        assert sha256(bytes(sending.file.content)).hexdigest() == sending.file.sha256
        assert VillageReport.objects.filter(period=sending.period, state="sent").count() == sending.report_count


def test_later_quarters_stand_at_every_step_of_their_way(demo):
    later = VillageReport.objects.filter(period__gte="2026")
    assert set(later.values_list("state", flat=True)) >= {"submitted", "verified", "approved"}
    assert set(later.values_list("period", flat=True)) == {"2026-TW1", "2026-TW2"}


def test_every_version_has_the_fingerprint_of_its_figures(demo):
    for version in ReportVersion.objects.all():
        assert fingerprint_of(version.figures) == version.sha256 == read(version.figures).sha256


def test_only_what_was_closed_is_reported_and_it_is_locked(demo):
    for report in VillageReport.objects.exclude(state="returned").select_related("version"):
        keys = [row["group_id"] for row in report.version.figures["groups"]]
        for group in Group.objects.filter(pk__in=keys, entries__isnull=False).distinct():
            assert closed_through(group) >= report.last_month
        assert MonthLock.objects.filter(group__in=keys, last=report.last_month).count() == len(keys)


def test_one_village_without_a_group_has_an_operator_who_has_not_declared_nihil_yet(demo):
    served = Assignment.objects.filter(role=Role.OPERATOR).values_list("area_code", flat=True)
    (idle,) = Village.objects.filter(code__in=list(served), groups=None)
    assert idle.code.startswith("63.08.03.")
    states = dict(VillageReport.objects.filter(village=idle).values_list("period", "version__is_nil"))
    assert "2026-TW2" not in states
    assert set(states.values()) == {True}


def test_a_returned_report_has_a_remark_on_a_value(demo):
    returned = VillageReport.objects.filter(state="returned").select_related("version")
    with_group = [one.pk for one in returned if one.version.figures["groups"]]
    assert list(ReportRemark.objects.values_list("step__report", "key")) == [(pk, "members") for pk in with_group]
