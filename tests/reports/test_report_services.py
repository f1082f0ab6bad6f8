"""The way of a village's report: who may do what next, what is frozen, what opens again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from loans.closing_services import close_month, grant_exception, reopen_month
from loans.models import MonthClosing, MonthException, MonthLock
from loans.month_services import closed_through
from reports import report_services as services
from reports.models import ReportStep, ReportVersion
from reports.periods import parse_period
from reports.report_services import Remark, Signing
from reports.snapshot import fingerprint_of, read
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib.access import Role
from up2k_portal.lib.dates import format_day

TW2 = reports.TW2


def refused(call, **facts) -> str:
    with pytest.raises(ValidationError) as error:
        call(**facts)
    return " ".join(error.value.messages)


def submit(village, by, period=TW2, **signing):
    draft = services.draft_of(village, period)
    return services.submit(
        village=village, period=period, by=by, seen=draft.snapshot.sha256, signing=Signing(**signing)
    )


class TestSubmitting:
    def test_it_waits_for_the_months_to_be_closed(self, lent, pandulangan, operator):
        assert refused(submit, village=pandulangan, by=operator) == "UP2K As Syifa: tutup dulu bulan Januari 2026."

    def test_it_waits_for_the_period_to_end(self, lent, pandulangan, operator):
        period = parse_period("2026-TW3")
        said = refused(submit, village=pandulangan, by=operator, period=period)
        assert said == "Triwulan III 2026 belum berakhir; laporan dapat diajukan mulai 1 Oktober 2026."

    def test_what_was_seen_is_frozen_with_its_fingerprint(self, lent, pandulangan, operator):
        report = reports.submitted(pandulangan, by=operator)
        version = ReportVersion.objects.get()
        assert (report.state, report.submitted_on, version.number) == ("submitted", date(2026, 9, 30), 1)
        assert version.sha256 == fingerprint_of(version.figures) == services.snapshot_of(pandulangan, TW2).sha256
        assert read(version.figures).values["balance"] == 900_000
        assert [len(row["label"]) > 0 for row in version.definitions.rows[:3]] == [True] * 3

    def test_figures_that_changed_since_the_page_was_opened_are_a_conflict(self, lent, group, pandulangan, operator):
        reports.close_until(group)
        build.member(group)
        with pytest.raises(ValidationError) as error:
            services.submit(village=pandulangan, period=TW2, by=operator, seen="0" * 64, signing=Signing())
        assert error.value.code == "conflict"
        assert ReportVersion.objects.count() == 0

    def test_the_same_submission_twice_is_one(self, lent, pandulangan, operator):
        first = reports.submitted(pandulangan, by=operator).version
        again = services.submit(village=pandulangan, period=TW2, by=operator, seen=first.sha256, signing=Signing())
        assert (again, ReportStep.objects.count()) == (first, 1)

    def test_a_village_with_money_is_not_nil(self, lent, group, pandulangan, operator):
        reports.close_until(group)
        seen = services.snapshot_of(pandulangan, TW2).sha256
        signing = Signing(is_nil=True, nil_reason="tidak ada kegiatan")
        said = refused(services.submit, village=pandulangan, period=TW2, by=operator, seen=seen, signing=signing)
        assert said == "Ada uang atau omzet tercatat pada periode ini, jadi bukan nihil."

    def test_a_village_without_a_group_declares_nil_with_a_reason(self, elsewhere):
        report = reports.submitted(elsewhere, is_nil=True, nil_reason="belum punya kelompok")
        assert (report.version.is_nil, report.version.figures["groups"]) == (True, [])


class TestMonths:
    def test_a_submitted_report_locks_its_months(self, lent, group, pandulangan, operator, district_officer):
        reports.submitted(pandulangan, by=operator)
        closing = MonthClosing.objects.get(group=group)
        locked_on = format_day(timezone.localtime(MonthLock.objects.get().locked_at).date())
        said = refused(reopen_month, closing=closing, reason="angsuran belum tercatat", by=district_officer)
        assert said == (
            f"Laporan Triwulan II 2026 sudah diajukan oleh Rahmah pada {locked_on}, jadi bulannya terkunci. Minta"
            " kecamatan mengembalikan laporan itu, atau catat di bulan yang masih terbuka."
        )

    def test_leave_for_a_locked_month_is_refused(self, lent, group, pandulangan, operator, district_officer):
        reports.submitted(pandulangan, by=operator)
        until = timezone.now() + timedelta(days=2)
        facts = {"group": group, "period": 202605, "user": operator, "expires_at": until}
        said = refused(grant_exception, **facts, reason="bukti pasar ditemukan", granted_by=district_officer)
        assert said.startswith("Laporan Triwulan II 2026 sudah diajukan")

    def test_leave_given_before_does_not_open_a_locked_month(self, lent, group, operator, district_officer):
        reports.close_until(group)
        until = timezone.now() + timedelta(days=2)
        grant_exception(
            group=group, period=202605, user=operator, expires_at=until, reason="bukti pasar ditemukan",
            granted_by=district_officer,
        )  # fmt: skip
        reports.submitted(group.village, by=operator, closes=False)
        said = refused(build.payment, of=lent, amount=115_000, on=date(2026, 5, 20), by=operator)
        assert said.startswith("Laporan Triwulan II 2026 sudah diajukan")

    def test_a_return_opens_the_months_of_the_period_alone(self, lent, group, pandulangan, operator, district_officer):
        build.cash_count(group, date(2026, 3, 31))
        close_month(group=group, period=202603, by=operator)
        report = reports.submitted(pandulangan, by=operator)
        services.return_report(
            report=report, seen=report.version.sha256, reason="jumlah kas keliru", by=district_officer
        )
        assert closed_through(group) == 202603
        assert MonthLock.objects.get().lifted_by == district_officer

    def test_where_later_months_are_closed_the_signer_gets_leave(
        self, lent, group, pandulangan, operator, district_officer
    ):
        report = reports.submitted(pandulangan, by=operator)
        build.cash_count(group, date(2026, 7, 31))
        close_month(group=group, period=202607, by=operator)
        services.return_report(
            report=report, seen=report.version.sha256, reason="jumlah kas keliru", by=district_officer
        )
        assert closed_through(group) == 202607
        given = MonthException.objects.order_by("period").values_list("period", "user")
        assert list(given) == [(202604, operator.pk), (202605, operator.pk), (202606, operator.pk)]
        assert build.payment(lent, 115_000, date(2026, 5, 20), by=operator).received_on == date(2026, 5, 20)


class TestThreePersons:
    def test_each_step_is_another_person(self, lent, pandulangan, operator, district_officer, staff):
        report = reports.submitted(pandulangan, by=operator)
        seen = report.version.sha256
        both = "Anda sendiri yang mencatat “{}” pada laporan ini. Minta orang lain memeriksanya."
        assert refused(services.verify, report=report, seen=seen, by=operator) == both.format("Diajukan")
        services.verify(report=report, seen=seen, by=staff)
        assert refused(services.approve, report=report, seen=seen, by=staff) == both.format("Diverifikasi")
        assert refused(services.approve, report=report, seen=seen, by=operator) == both.format("Diajukan")
        services.approve(report=report, seen=seen, by=district_officer)
        report.refresh_from_db()
        assert report.state == "approved"

    def test_no_step_is_skipped(self, lent, pandulangan, staff):
        report = reports.submitted(pandulangan)
        said = refused(services.approve, report=report, seen=report.version.sha256, by=staff)
        assert said == "Laporan ini diajukan, jadi tidak dapat disetujui."

    def test_another_version_than_the_reviewed_one_is_a_conflict(self, lent, pandulangan, district_officer):
        report = reports.submitted(pandulangan)
        with pytest.raises(ValidationError) as error:
            services.verify(report=report, seen="0" * 64, by=district_officer)
        assert error.value.code == "conflict"


class TestReturning:
    @pytest.mark.parametrize(
        ("reach", "role", "area", "may"),
        [
            (reports.submitted, Role.OPERATOR, build.PANDULANGAN, False),
            (reports.submitted, Role.DISTRICT, "63.08.03", True),
            (reports.submitted, Role.DISTRICT, "63.08.07", False),
            (reports.verified, Role.DISTRICT, "63.08.03", True),
            (reports.approved, Role.DISTRICT, "63.08.03", False),
            (reports.approved, Role.STAFF, "63.08", True),
            (reports.approved, Role.PROVINCE, "63", False),
        ],
    )
    def test_the_further_it_came_the_higher_one_must_stand(self, lent, pandulangan, reach, role, area, may):
        report = reach(pandulangan)
        assert services.may_return(report, build.user(role, area, username="seseorang")) is may

    def test_a_remark_points_at_one_value_of_one_group(self, lent, group, pandulangan, district_officer):
        report = reports.submitted(pandulangan)
        remarks = [Remark("Anggota di buku ada 12 orang", group.pk, "members")]
        step = services.return_report(
            report=report,
            seen=report.version.sha256,
            reason="anggota tidak cocok",
            by=district_officer,
            remarks=remarks,
        )
        (remark,) = step.remarks.all()
        assert (remark.group, remark.key, remark.words) == (group, "members", "Anggota di buku ada 12 orang")

    def test_a_remark_on_another_villages_group_is_refused(self, lent, pandulangan, elsewhere, district_officer):
        other = build.group(elsewhere)
        report = reports.submitted(pandulangan)
        facts = {"report": report, "seen": report.version.sha256, "reason": "anggota tidak cocok"}
        said = refused(
            services.return_report, **facts, by=district_officer, remarks=[Remark("Periksa lagi angka ini", other.pk)]
        )
        assert said == "Catatan menunjuk kelompok yang tidak ada di laporan ini."
        report.refresh_from_db()
        assert report.state == "submitted"

    def test_resubmitted_it_is_a_new_version_and_keeps_its_first_day(
        self, lent, member, group, pandulangan, operator, district_officer
    ):
        first = reports.submitted(pandulangan, by=operator)
        services.return_report(
            report=first, seen=first.version.sha256, reason="angsuran Mei terlewat", by=district_officer
        )
        build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
        second = reports.submitted(pandulangan, by=operator)
        values = [read(one.figures).values["balance"] for one in second.versions.order_by("number")]
        assert (second.pk, values) == (first.pk, [900_000, 800_000])

    def test_a_withdrawn_report_is_a_draft_again(self, lent, group, pandulangan, operator):
        report = reports.submitted(pandulangan, by=operator)
        services.withdraw(report=report, seen=report.version.sha256, by=operator)
        report.refresh_from_db()
        assert (report.state, closed_through(group)) == ("draft", 0)
