"""The corners of a report's way: villages and groups that change, older periods, nil, what is explained twice."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loans import saving_services
from loans.closing_services import close_month
from loans.ledger_services import record_voucher, reverse_voucher
from loans.models import MonthClosing, MonthException, MonthLock
from loans.month_services import closed_through
from reports import report_services as services
from reports.models import ReportVersion, Sending, VillageReport
from reports.report_services import Remark, Signing
from reports.sending_services import send_period
from reports.snapshot import fingerprint_of, joined, read
from tests import build
from tests.reports import build_reports as reports
from tests.reports.build import group as row_of
from up2k_portal.lib.access import Role
from villages import region_services

TW1, TW2 = reports.parse_period("2026-TW1"), reports.TW2
LAW = "Perda HSU Nomor 3 Tahun 2026"


def refused(call, **facts) -> str:
    with pytest.raises(ValidationError) as error:
        call(**facts)
    return " ".join(error.value.messages)


def send_back(report: VillageReport, by, **more):
    report.refresh_from_db()
    facts = {"reason": "jumlah kas tidak cocok", "seen": report.version.sha256} | more
    return services.return_report(report=report, by=by, **facts)


def draft(village, period=TW2):
    return services.draft_of(village, period)


class TestNil:
    def declare(self, village, by):
        signing = Signing(is_nil=True, nil_reason="tidak ada kegiatan sama sekali")
        return services.submit(village=village, period=TW2, by=by, seen=draft(village).snapshot.sha256, signing=signing)

    def test_money_that_no_flow_counts_is_money_all_the_same(self, member, group, pandulangan, operator):
        build.capital(group, 1_000_000, date(2026, 1, 5))
        saving_services.record_deposit(
            member=member, parts={"voluntary": 50_000}, received_on=date(2026, 5, 4), by=operator, uuid=uuid4()
        )
        reports.close_until(group)
        said = refused(self.declare, village=pandulangan, by=operator)
        assert said == "Ada uang atau omzet tercatat pada periode ini, jadi bukan nihil."

    def test_what_was_taken_back_happened_too(self, group, pandulangan, operator):
        spent = record_voucher(
            group=group, kind="income", debit="1.1", credit="4.9", amount=5_000, on=date(2026, 5, 4),
            description="jual koran bekas", uuid=uuid4(), by=operator,
        )  # fmt: skip
        reverse_voucher(
            voucher=spent, reason="salah ketik jumlah", reversed_on=date(2026, 5, 5), by=operator, uuid=uuid4()
        )
        assert not services.may_be_nil(draft(pandulangan).snapshot)

    def test_closing_the_year_alone_is_nothing(self, group, pandulangan, operator):
        build.capital(group, 1_000_000, date(2025, 2, 5))
        close_month(group=group, period=202512, by=operator)
        assert services.may_be_nil(draft(pandulangan, reports.parse_period("2025-TW4")).snapshot)


class TestTakenBack:
    def test_what_the_village_takes_back_is_in_when_it_comes_again(self, group, pandulangan, operator):
        report = reports.submitted(pandulangan, by=operator)
        VillageReport.objects.update(submitted_on=date(2026, 7, 3))
        services.withdraw(report=report, seen=report.version.sha256, by=operator)
        assert reports.submitted(pandulangan, by=operator).submitted_on == date(2026, 9, 30)

    def test_what_was_sent_back_keeps_its_day_though_taken_back_once_more(
        self, group, pandulangan, operator, district_officer
    ):
        report = reports.submitted(pandulangan, by=operator)
        VillageReport.objects.update(submitted_on=date(2026, 7, 3))
        send_back(report, district_officer)
        report = reports.submitted(pandulangan, by=operator)
        services.withdraw(report=report, seen=report.version.sha256, by=operator)
        assert reports.submitted(pandulangan, by=operator).submitted_on == date(2026, 7, 3)


class TestMonths:
    def test_a_group_that_closed_nothing_is_locked_too(self, lent, pandulangan, operator):
        empty = build.group(pandulangan, name="UP2K Kosong")
        reports.submitted(pandulangan, by=operator)
        facts = {"kind": "capital", "debit": "1.1", "credit": "3.3", "description": "Modal", "source": "SWADAYA"}
        facts |= {"nature": "hibah", "form": "uang", "group": empty, "amount": 100_000, "by": operator}
        said = refused(record_voucher, **facts, on=date(2026, 5, 4), uuid=uuid4())
        assert said.startswith("Laporan Triwulan II 2026 sudah diajukan oleh Rahmah")
        assert record_voucher(**facts, on=date(2026, 7, 1), uuid=uuid4()).amount == 100_000

    def test_an_older_period_comes_back_while_the_newer_one_stays_locked(
        self, lent, group, pandulangan, operator, district_officer
    ):
        older = reports.submitted(pandulangan, TW1, by=operator)
        reports.submitted(pandulangan, TW2, by=operator)
        send_back(older, district_officer)
        given = list(MonthException.objects.order_by("period").values_list("period", flat=True))
        assert (given, closed_through(group)) == ([202601, 202602, 202603], 202606)
        assert build.payment(lent, 100_000, date(2026, 3, 20), by=operator).amount == 100_000
        said = refused(build.payment, of=lent, amount=100_000, on=date(2026, 5, 20), by=operator)
        assert said.startswith("Bulan Mei 2026 sudah ditutup.")
        assert list(MonthLock.objects.filter(lifted_at=None).values_list("last", flat=True)) == [202606]

    def test_whoever_serves_there_no_longer_gets_no_leave_and_nothing_fails(
        self, lent, group, pandulangan, operator, district_officer
    ):
        report = reports.submitted(pandulangan, by=operator)
        build.cash_count(group, date(2026, 7, 31))
        close_month(group=group, period=202607, by=operator)
        operator.assignments.update(ends_on=date(2026, 8, 31))
        assert send_back(report, district_officer).state == "returned"
        assert not MonthException.objects.exists()
        assert not MonthLock.objects.filter(lifted_at=None).exists()

    def test_the_lock_goes_with_a_group_that_moves(
        self, lent, group, pandulangan, elsewhere, operator, regency_admin, district_officer
    ):
        report = reports.submitted(pandulangan, by=operator)
        region_services.merge_villages(
            villages=[pandulangan], code=elsewhere.code, on=date(2026, 7, 1), legal_basis=LAW, by=regency_admin
        )
        assert MonthLock.objects.get().village == elsewhere
        send_back(report, district_officer)
        assert (MonthLock.objects.filter(lifted_at=None).count(), closed_through(group)) == (0, 0)

    def test_a_group_with_entries_founded_later_changes_nothing_that_is_frozen(self, lent, pandulangan, operator):
        report = reports.submitted(pandulangan, by=operator)
        late = build.group(pandulangan, founded_on=date(2026, 5, 1))
        build.capital(late, 300_000, date(2026, 5, 2))
        assert len(read(ReportVersion.objects.get(report=report).figures).groups) == 1
        assert len(draft(pandulangan).snapshot.groups) == 2


class TestVillagesThatChange:
    def test_between_submitting_and_approving_a_village_ends(
        self, lent, pandulangan, elsewhere, operator, district_officer, staff, regency_admin, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        region_services.merge_villages(
            villages=[pandulangan], code=elsewhere.code, on=date(2026, 7, 1), legal_basis=LAW, by=regency_admin
        )
        for user, name in ((district_officer, "report-verify"), (staff, "report-approve")):
            url = reverse(name, args=[pandulangan.pk, "2026-TW2"])
            as_user(user).post(url, {"seen": report.version.sha256})
        report.refresh_from_db()
        assert (report.state, read(report.version.figures).values["balance"]) == ("approved", 900_000)
        assert draft(elsewhere).snapshot.groups == ()  # on 30 June the group lay where it was reported

    def test_that_a_village_had_ended_is_recorded_after_its_report_came_in(
        self, lent, pandulangan, elsewhere, operator, district_officer, regency_admin, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        region_services.merge_villages(
            villages=[pandulangan], code=elsewhere.code, on=date(2026, 6, 15), legal_basis=LAW, by=regency_admin
        )
        client = as_user(district_officer)
        assert client.get(report.get_absolute_url()).status_code == 200
        client.post(reverse("report-verify", args=[pandulangan.pk, "2026-TW2"]), {"seen": report.version.sha256})
        report.refresh_from_db()
        assert report.state == "verified"

    def test_a_name_is_that_of_the_periods_last_day(self, lent, pandulangan, operator, regency_admin):
        facts = {"on": date(2026, 7, 1), "legal_basis": LAW, "by": regency_admin}
        region_services.rename_village(village=pandulangan, name="Pandulangan Raya", **facts)
        pandulangan.refresh_from_db()
        assert reports.submitted(pandulangan, by=operator).version.figures["village_name"] == "Desa Pandulangan"


class TestPersons:
    def test_the_kecamatan_that_submits_for_a_village_is_verified_by_another(self, group, pandulangan, staff):
        pandulangan.is_assisted = True
        pandulangan.save()
        first = build.user(Role.DISTRICT, "63.08.03", username="kec-1")
        second = build.user(Role.DISTRICT, "63.08.03", username="kec-2")
        report = reports.submitted(pandulangan, by=first)
        seen = report.version.sha256
        said = refused(services.verify, report=report, seen=seen, by=first)
        assert said == "Anda sendiri yang mencatat “Diajukan” pada laporan ini. Minta orang lain memeriksanya."
        assert services.verify(report=report, seen=seen, by=second).state == "verified"

    def test_who_verified_an_older_version_may_approve_the_new_one(
        self, group, pandulangan, operator, staff, district_officer
    ):
        report = reports.verified(pandulangan, by=staff)
        send_back(report, staff)
        build.member(group, joined_on=date(2026, 6, 1))
        again = reports.verified(pandulangan, by=district_officer)
        assert services.approve(report=again, seen=again.version.sha256, by=staff).state == "approved"


class TestSending:
    def test_what_is_approved_late_goes_out_with_the_next_sending(self, pandulangan, elsewhere, regency_admin):
        facts = {"regency": pandulangan.district.regency, "period": TW2, "by": regency_admin}
        reports.approved(pandulangan)
        send_period(**facts, reasons={elsewhere.code: "kantor desa terendam banjir"})
        reports.approved(elsewhere)
        second = send_period(**facts, reasons={})
        assert (second.number, second.report_count, second.missing) == (2, 1, [])
        assert refused(send_period, **facts, reasons={}) == (
            "Belum ada laporan yang disetujui dan belum dikirim pada periode ini."
        )

    def test_what_was_sent_comes_back_by_the_admin_and_goes_out_anew(self, group, pandulangan, staff, regency_admin):
        facts = {"regency": pandulangan.district.regency, "period": TW2, "by": regency_admin, "reasons": {}}
        report = reports.approved(pandulangan)
        first = send_period(**facts)
        assert refused(send_back, report=report, by=staff) == (
            "Laporan ini sudah terkirim ke provinsi: minta admin kabupaten mengembalikannya."
        )
        send_back(report, regency_admin)
        build.member(group, joined_on=date(2026, 6, 1))
        reports.approved(pandulangan)
        second = send_period(**facts)
        assert (first.file.sha256 != second.file.sha256, Sending.objects.count()) == (True, 2)


class TestPages:
    def page(self, client, village) -> str:
        return client.get(reverse("village-report", args=[village.pk, "2026-TW2"])).content.decode()

    @pytest.fixture
    def odd(self, group):
        """A member of an impossible age, which needs an explanation."""
        return build.member(group, name="Aluh", joined_on=date(2026, 6, 1), birth_date=date(2015, 1, 1))

    def test_no_finding_names_a_member_to_the_province(
        self, odd, pandulangan, operator, district_officer, province_reader, as_user
    ):
        assert "Aluh berumur 11 tahun" in self.page(as_user(district_officer), pandulangan)
        assert "Aluh" not in self.page(as_user(province_reader), pandulangan)
        reports.submitted(pandulangan, by=operator)
        assert "Aluh berumur 11 tahun" in self.page(as_user(district_officer), pandulangan)
        assert "Aluh" not in self.page(as_user(province_reader), pandulangan)

    def test_a_finding_explained_once_is_explained_when_it_comes_again(
        self, odd, pandulangan, operator, district_officer, as_user
    ):
        send_back(reports.submitted(pandulangan, by=operator), district_officer)
        url = reverse("village-report", args=[pandulangan.pk, "2026-TW2"])
        form = as_user(operator).get(url).context["form"]
        assert form.initial.get(f"age:{odd.pk}", form.fields[f"age:{odd.pk}"].initial) == "sudah diperiksa di rapat"

    def test_why_it_was_sent_back_stands_on_top_until_it_is_agreed(
        self, group, pandulangan, operator, district_officer, staff, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        send_back(report, district_officer, remarks=[Remark("Anggota yang pindah belum keluar", group.pk)])
        context = as_user(operator).get(report.get_absolute_url()).context
        assert context["general_remarks"] == ["jumlah kas tidak cocok", "Anggota yang pindah belum keluar"]
        build.member(group, joined_on=date(2026, 6, 1))
        reports.approved(pandulangan)
        assert as_user(operator).get(report.get_absolute_url()).context["general_remarks"] == []

    def test_whoever_did_the_step_before_is_told_that_another_goes_on(self, group, pandulangan, staff, as_user):
        report = reports.verified(pandulangan, by=staff)
        text = as_user(staff).get(report.get_absolute_url()).content.decode()
        assert "Orang lain, bukan Anda" in text
        assert reverse("report-approve", args=[pandulangan.pk, "2026-TW2"]) not in text
        other = build.user(Role.STAFF, "63.08", username="hayati")
        text = as_user(other).get(report.get_absolute_url()).content.decode()
        assert reverse("report-approve", args=[pandulangan.pk, "2026-TW2"]) in text

    @pytest.mark.parametrize("period", ["0001-TW1", "1900-TW1", "9999-TW4"])
    def test_a_year_without_any_village_is_404(self, period, pandulangan, operator, as_user):
        url = reverse("village-report", args=[pandulangan.pk, period])
        assert as_user(operator).get(url).status_code == 404

    def test_a_tick_of_another_kabupaten_approves_nothing_at_all(self, pandulangan, staff, as_user):
        mine = reports.verified(pandulangan)
        foreign = reports.verified(build.village("63.01.01.2001"))
        picks = [f"{one.pk}:{one.version.sha256}" for one in (mine, foreign)]
        answer = as_user(staff).post(reverse("report-bulk-approve"), {"laporan": picks})
        mine.refresh_from_db()
        assert (answer.status_code, mine.state) == (404, "verified")

    def test_a_new_rule_takes_no_name_of_a_shipped_one(self, regency_admin, as_user):
        facts = {
            "code": "cash", "name": "Kas", "kind": "compare", "left": "members", "sign": "=", "right": "0",
            "severity": "soft", "threshold": "0", "least": "0", "is_on": "on",
        }  # fmt: skip
        client = as_user(regency_admin)
        text = client.post(reverse("report-rule-add"), facts).content.decode()
        assert "Kode cash milik aturan bawaan." in text
        text = client.post(reverse("report-rule-add"), facts | {"code": "uji", "kind": "jump", "left": "rr"}).content
        assert "“RR (pokok kembali)” dihitung dari angka lain." in text.decode()


def test_the_draft_costs_the_same_for_any_number_of_members_and_loans(
    lent, group, pandulangan, django_assert_num_queries
):
    reports.close_until(group)
    with CaptureQueriesContext(connection) as few:
        draft(pandulangan)
    build.capital(group, 9_000_000, date(2026, 8, 1))
    for _ in range(6):
        loan = build.loan(build.member(group, joined_on=date(2026, 1, 5)), 500_000, date(2026, 8, 3))
        build.payment(loan, 57_500, date(2026, 9, 3))
    with django_assert_num_queries(len(few)):
        draft(pandulangan)


def test_what_was_frozen_is_read_back_with_the_same_fingerprint(group, pandulangan, operator):
    """The most rupiah there may be, other letters, days and nothing, on whichever database."""
    group.name, group.decree_number, group.decree_on = "UP2K “Ḥasanah” – Ñ 🌾", "140/12", date(2010, 2, 1)
    group.save()
    build.capital(group, 1_000_000_000_000, date(2026, 4, 2))
    version = reports.submitted(pandulangan, by=operator).version
    kept = ReportVersion.objects.get(pk=version.pk)
    assert fingerprint_of(kept.figures) == read(kept.figures).sha256 == kept.sha256
    assert read(kept.figures).values["capital_in_period"] == 1_000_000_000_000
    assert read(kept.figures).groups[0].turnover_period is None


def test_an_older_shape_is_read_with_what_it_has(group, pandulangan):
    figures = draft(pandulangan).snapshot.as_json()
    row = figures["groups"][0]
    del row["paud_teachers"], row["enterprises_by_category"], row["founded_on"]
    row["abolished_figure"] = 7
    (kept,) = read(figures).groups
    assert (kept.paud_teachers, kept.enterprises_by_category, kept.founded_on) == (None, (), None)
    assert read(figures).values["paud_teachers"] is None  # and not 0, which nobody counted


@pytest.mark.parametrize(
    ("products", "told"),
    [
        ((("telur", "butir", 40), ("telur", "butir", 60)), ("telur", "butir", 100)),
        ((("telur", "butir", 40), ("kain", "lembar", 3)), ("kain", "lembar", None)),
        ((("telur", "butir", 40), ("", "", None)), ("telur", "butir", 40)),
        ((("telur", "butir", None), ("telur", "butir", None)), ("telur", "butir", None)),
    ],
)
def test_pieces_of_one_product_add_up_over_quarters_and_those_of_two_do_not(products, told):
    rows = [row_of(main_product=name, unit=unit, volume=volume) for name, unit, volume in products]
    whole = joined(rows)
    assert (whole.main_product, whole.unit, whole.volume) == told


def test_after_the_years_surplus_was_shared_the_signer_gets_leave(lent, group, pandulangan, operator, monkeypatch):
    """Its December stays closed: what was shared rests on it."""
    report = reports.submitted(pandulangan, by=operator)
    taker = build.user(Role.DISTRICT, "63.08.03")

    def shared(**facts):
        raise ValidationError("SHU tahun 2026 sudah dibagi.")

    monkeypatch.setattr("reports.report_months.reopen_month", shared)
    send_back(report, taker)
    assert MonthException.objects.count() == 3
    assert MonthClosing.objects.filter(reopened_at=None).exists()
