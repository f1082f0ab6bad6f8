"""The pages of a village's report: what each reader sees and may do, what stands beside a remark, sending."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import Change
from reports import report_services as services
from reports.models import SentFile, ValidationRule, VillageReport
from reports.report_services import Remark
from reports.shipped_rules import SHIPPED
from reports.snapshot import read
from tests import build
from tests.enterprises.build import result
from tests.reports import build_reports as reports

TW2 = reports.TW2


@pytest.fixture
def members(group):
    return [build.member(group, joined_on=date(2026, 1, 5), nik=build.nik(serial)) for serial in range(1, 4)]


def url(name, village, period="2026-TW2"):
    return reverse(name, args=[village.pk, period])


def page(client, village, name="village-report", **query):
    return client.get(url(name, village), query).content.decode()


class TestTheVillage:
    def test_signs_what_stands_on_the_page(self, members, pandulangan, operator, as_user):
        client = as_user(operator)
        form = client.get(url("village-report", pandulangan)).context["form"]
        answer = client.post(
            url("village-report", pandulangan), {"seen": form["seen"].value(), "name": "Hj. Rusdiana"}, follow=True
        )
        assert "Laporan Triwulan II 2026 sudah diajukan ke kecamatan." in answer.content.decode()
        version = VillageReport.objects.get().version
        assert (version.signed_name, version.made_by, read(version.figures).values["members"]) == (
            "Hj. Rusdiana", operator, 3,
        )  # fmt: skip

    def test_is_told_at_the_form_what_is_missing(self, members, pandulangan, operator, as_user):
        client = as_user(operator)
        form = client.get(url("village-report", pandulangan)).context["form"]
        text = client.post(url("village-report", pandulangan), {"seen": form["seen"].value()}).content.decode()
        assert "Nama penanda tangan belum diisi." in text
        assert not VillageReport.objects.exists()

    def test_figures_that_changed_meanwhile_are_a_conflict_and_nothing_is_lost(
        self, members, group, pandulangan, operator, as_user
    ):
        client = as_user(operator)
        seen = client.get(url("village-report", pandulangan)).context["form"]["seen"].value()
        build.member(group, joined_on=date(2026, 6, 1), nik=build.nik(9))
        answer = client.post(url("village-report", pandulangan), {"seen": seen, "name": "Hj. Rusdiana"})
        assert (answer.status_code, answer.context["form"]["name"].value()) == (409, "Hj. Rusdiana")

    def test_declares_nil_and_corrects_it_like_any_other(self, pandulangan, operator, district_officer, as_user):
        client = as_user(operator)
        seen = client.get(url("village-report", pandulangan)).context["form"]["seen"].value()
        facts = {"seen": seen, "name": "Hj. Rusdiana", "is_nil": "on", "nil_reason": "belum punya kelompok"}
        client.post(url("village-report", pandulangan), facts)
        report = VillageReport.objects.get()
        assert report.version.is_nil
        services.return_report(
            report=report, seen=report.version.sha256, reason="kelompok sudah berdiri Mei", by=district_officer
        )
        group = build.group(pandulangan, founded_on=date(2026, 5, 1))
        build.member(group, joined_on=date(2026, 5, 2), nik=build.nik(1))
        assert reports.submitted(pandulangan, by=operator).version.is_nil is False

    def test_sees_remarks_beside_the_value_and_the_old_value_beside_the_new(
        self, members, group, pandulangan, operator, district_officer, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        services.return_report(
            report=report, seen=report.version.sha256, reason="anggota tidak cocok", by=district_officer,
            remarks=[Remark("Di buku hadir ada empat orang", group.pk, "members")],
        )  # fmt: skip
        build.member(group, joined_on=date(2026, 6, 1), nik=build.nik(9))
        context = as_user(operator).get(url("village-report", pandulangan)).context
        lines = {line.key: line for topic in context["topics"] for line in topic.lines}
        total = lines["members"].total
        assert (total.words, total.before, total.remarks) == ("4", "3", ("Di buku hadir ada empat orang",))
        reports.submitted(pandulangan, by=operator)
        context = as_user(district_officer).get(url("village-report", pandulangan)).context
        lines = {line.key: line for topic in context["topics"] for line in topic.lines}
        assert (lines["members"].total.words, lines["members"].total.before) == ("4", "3")

    def test_is_told_who_locked_it_and_how_to_ask(self, members, pandulangan, operator, as_user):
        reports.submitted(pandulangan, by=operator)
        text = page(as_user(operator), pandulangan)
        assert "minta kecamatan atau kabupaten mengembalikannya" in text
        assert "Diajukan Rahmah pada" in text


class TestOthers:
    @pytest.mark.parametrize("period", ["2026-09", "2026-S1", "2026-TW4", "2026-TW9"])
    def test_a_period_that_villages_do_not_report_is_404(self, period, pandulangan, operator, as_user):
        assert as_user(operator).get(url("village-report", pandulangan, period)).status_code == 404

    def test_a_village_that_was_not_there_has_no_report(self, operator, as_user, staff):
        young = build.village("63.08.03.2030", active_from=date(2026, 7, 1))
        assert as_user(staff).get(url("village-report", young)).status_code == 404
        assert as_user(staff).get(url("village-report", young, "2026-TW3")).status_code == 200

    def test_the_province_sees_figures_and_no_person(self, members, pandulangan, operator, province_reader, as_user):
        reports.submitted(pandulangan, by=operator, name="Hj. Rusdiana")
        text = page(as_user(province_reader), pandulangan)
        assert "Anggota aktif" in text
        assert "Rahmah" not in text
        assert "Ditandatangani" not in text

    def test_the_page_costs_the_same_for_any_number_of_groups(
        self, members, pandulangan, staff, as_user, django_assert_max_num_queries
    ):
        reports.kept(pandulangan)
        client = as_user(staff)
        client.get(url("village-report", pandulangan))
        with django_assert_max_num_queries(45):
            client.get(url("village-report", pandulangan))


class TestReviewers:
    def test_a_remark_starts_at_the_value_that_was_pointed_at(
        self, members, pandulangan, operator, district_officer, as_user
    ):
        reports.submitted(pandulangan, by=operator)
        text = page(as_user(district_officer), pandulangan, "report-return", angka="0:members")
        assert '<option value="0:members" selected>Anggota aktif</option>' in text

    def test_a_remark_without_words_is_refused_at_its_field(
        self, members, pandulangan, operator, district_officer, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        facts = {"seen": report.version.sha256, "reason": "anggota tidak cocok", "value_1": "0:members"}
        text = as_user(district_officer).post(url("report-return", pandulangan), facts).content.decode()
        assert "Tulis apa yang perlu diperbaiki, paling sedikit 10 huruf." in text

    def test_a_conflict_is_answered_as_one(self, members, pandulangan, operator, district_officer, as_user):
        reports.submitted(pandulangan, by=operator)
        answer = as_user(district_officer).post(url("report-verify", pandulangan), {"seen": "0" * 64})
        assert answer.status_code == 409
        assert "Laporan ini berubah sejak halaman dibuka." in answer.content.decode()

    def test_several_are_approved_at_once_but_never_one_with_a_warning(
        self, members, group, pandulangan, elsewhere, staff, as_user
    ):
        build.member(group, joined_on=date(2026, 6, 1), birth_date=date(2015, 1, 1))  # an impossible age
        odd, clean = reports.verified(pandulangan), reports.verified(elsewhere)
        text = as_user(staff).get(reverse("report-queue")).content.decode()
        assert f'value="{clean.pk}:{clean.version.sha256}"' in text
        assert f'value="{odd.pk}:' not in text
        picks = [f"{one.pk}:{one.version.sha256}" for one in (odd, clean)]
        text = as_user(staff).post(reverse("report-bulk-approve"), {"laporan": picks}, follow=True).content.decode()
        assert "1 laporan disetujui." in text
        assert "Ada peringatan: buka laporannya, lalu setujui di sana." in text
        states = dict(VillageReport.objects.values_list("village__code", "state"))
        assert states == {pandulangan.code: "verified", elsewhere.code: "approved"}


class TestRowsBehindAFigure:
    @pytest.mark.parametrize(("state", "basis"), [("approved", "approved"), ("submitted", "live")])
    def test_an_approved_figure_without_a_list_opens_the_recap_of_what_was_frozen(
        self, state, basis, group, members, staff, as_user
    ):
        result(build.enterprise(members[0]), 202605)  # turnover has no list of its own
        getattr(reports, state)(group.village)
        client = as_user(staff)
        rows = re.findall(r'href="(/indikator/rekap/[^"]+)"', page(client, group.village))
        assert rows != []
        assert {parse_qs(urlsplit(unescape(one)).query)["dasar"][0] for one in rows} == {basis}
        assert client.get(unescape(rows[0])).status_code == 200


class TestSending:
    def test_every_missing_village_needs_a_reason(self, pandulangan, elsewhere, regency_admin, as_user):
        reports.approved(pandulangan)
        address = f"{reverse('report-send')}?periode=2026-TW2"
        text = as_user(regency_admin).post(address, {}).content.decode()
        assert "Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “kantor desa terendam banjir”." in text
        assert not SentFile.objects.exists()

    def test_one_act_sends_the_period_and_keeps_the_file(self, pandulangan, elsewhere, regency_admin, as_user):
        reports.approved(pandulangan)
        address = f"{reverse('report-send')}?periode=2026-TW2"
        client = as_user(regency_admin)
        answer = client.post(address, {f"alasan-{elsewhere.code}": "belum punya kelompok"}, follow=True)
        assert "Triwulan II 2026 terkirim: 1 laporan." in answer.content.decode()
        file = SentFile.objects.get()
        assert file.sending.missing == [
            {"code": elsewhere.code, "name": "Desa Pandulangan", "reason": "belum punya kelompok"}
        ]
        download = client.get(reverse("sent-file", args=[file.pk]))
        assert (download.content, download["X-Content-SHA256"]) == (bytes(file.content), file.sha256)
        assert VillageReport.objects.get(village=pandulangan).state == "sent"


class TestRules:
    def test_a_limit_is_changed_and_kept_with_its_history(self, regency_admin, as_user):
        client = as_user(regency_admin)
        facts = {"name": "Anggota berubah banyak", "severity": "soft", "threshold": "60", "least": "5", "is_on": "on"}
        client.post(f"{reverse('report-rule')}?kode=jump-members", facts)
        row = ValidationRule.objects.get()
        assert (row.code, row.as_rule().threshold, row.as_rule().left) == ("jump-members", 60, "members")
        assert Change.objects.filter(model="reports.validationrule", object_id=row.pk).count() == 1

    def test_an_own_rule_that_names_no_figure_is_refused_in_words(self, regency_admin, as_user):
        facts = {
            "code": "uji", "name": "Uji", "kind": "compare", "left": "saldo", "sign": "=", "right": "0",
            "severity": "soft", "threshold": "0", "least": "0", "is_on": "on",
        }  # fmt: skip
        text = as_user(regency_admin).post(reverse("report-rule-add"), facts).content.decode()
        assert "Angka “saldo” tidak ada. Lihat kodenya di halaman Definisi angka." in text

    def test_every_shipped_rule_stands_on_the_page(self, regency_admin, as_user):
        text = as_user(regency_admin).get(reverse("report-rules")).content.decode()
        assert [rule.name for rule in SHIPPED if rule.name not in text] == []


class TestHome:
    def test_the_village_is_told_of_a_report_that_came_back(
        self, members, pandulangan, operator, district_officer, as_user
    ):
        report = reports.submitted(pandulangan, by=operator)
        client = as_user(operator)
        assert "dikembalikan" not in client.get("/").content.decode()
        services.return_report(
            report=report, seen=report.version.sha256, reason="anggota tidak cocok", by=district_officer
        )
        text = client.get("/").content.decode()
        assert "Laporan Triwulan II 2026 dikembalikan" in text
        assert url("village-report", pandulangan) in text

    def test_reviewers_are_told_how_many_wait_for_them(self, members, pandulangan, elsewhere, staff, as_user):
        reports.submitted(pandulangan)
        reports.verified(elsewhere)
        assert "2 laporan desa menunggu Anda" in as_user(staff).get("/").content.decode()
