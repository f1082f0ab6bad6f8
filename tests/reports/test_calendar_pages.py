"""Kalender laporan as people meet it: what holds, a decision in two steps, leave for one village, the list of leave."""

from datetime import date

import pytest
from django.urls import reverse

from reports.models import DueDay, DueException, ReportCalendar
from tests import build
from tests.reports import build_reports as reports

CALENDAR, LEAVES, LEAVE = (reverse(name) for name in ("report-calendar", "due-exception-list", "due-exception-add"))
BANJIR = "banjir di tiga kecamatan"


@pytest.fixture
def regency(pandulangan):
    return pandulangan.district.regency


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


class TestCalendar:
    def test_each_sees_when_reports_are_due(self, regency, operator, as_user):
        page = as_user(operator).get(CALENDAR)
        said = text_of(page)
        assert 'Desa/kelurahan ke kecamatan: <span class="t-ink">5 Juli 2026</span>' in said
        assert "paling lambat tanggal 15" in said
        assert [link.label for link in page.context["actions"]] == ["Daftar perpanjangan"]

    def test_what_each_may_do_is_offered(self, regency, staff, regency_admin, as_user):
        found = [
            [link.label for link in as_user(user).get(CALENDAR).context["actions"]] for user in (staff, regency_admin)
        ]
        assert found == [
            ["Beri perpanjangan", "Daftar perpanjangan"],
            ["Pindahkan hari batas", "Atur kalender", "Daftar perpanjangan"],
        ]

    def test_a_province_chooses_a_kabupaten_and_reads_no_person(self, regency, province_reader, regency_admin, as_user):
        DueDay.objects.create(
            regency=regency, period="2026-TW2", tier="village", on=date(2026, 7, 9), reason=BANJIR, set_by=regency_admin
        )
        client = as_user(province_reader)
        assert "Kabupaten Hulu Sungai Utara" in text_of(client.get(CALENDAR))
        said = text_of(client.get(CALENDAR, {"wilayah": "63.08"}))
        assert [BANJIR in said, regency_admin.name in said] == [True, False]
        assert client.get(CALENDAR, {"wilayah": "62.01"}).status_code == 404


class TestAnotherCalendar:
    def url(self, regency):
        return reverse("report-calendar-edit", args=[regency.pk])

    def facts(self, **more):
        return {"every": "1", "village_day": "5", "district_day": "10", "regency_day": "15", "reason": BANJIR} | more

    def test_the_form_begins_with_what_holds(self, regency, regency_admin, as_user):
        form = as_user(regency_admin).get(self.url(regency)).context["form"]
        assert form.initial == {"every": 3, "village_day": 5, "district_day": 10, "regency_day": 15}

    def test_it_is_shown_from_when_it_holds_and_saved_on_the_second_step(
        self, regency, pandulangan, regency_admin, as_user
    ):
        reports.kept(pandulangan)
        client = as_user(regency_admin)
        said = text_of(client.post(self.url(regency), self.facts()))
        assert "Berlaku untuk periode yang berakhir mulai 1 Januari 2027." in said
        assert "Irama laporan hanya berganti pada awal tahun yang belum punya laporan" in said
        assert ReportCalendar.objects.count() == 0
        said = text_of(client.post(self.url(regency), self.facts(save="1"), follow=True))
        assert ("Kalender laporan tersimpan." in said, "Kalender baru sudah ditetapkan" in said) == (True, True)
        assert ReportCalendar.objects.values_list("every", "from_day", "set_by").get() == (
            1, date(2027, 1, 1), regency_admin.pk,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("facts", "name", "said"),
        [
            ({"village_day": "29"}, "village_day", "Tulis tanggal 1 sampai 28, misalnya 5."),
            ({"district_day": "4"}, "district_day", "Tulis tanggal sesudah batas desa, misalnya 10."),
            ({"reason": "x"}, "reason", "Tulis alasannya, paling sedikit 10 huruf."),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, regency, regency_admin, as_user, facts, name, said):
        page = as_user(regency_admin).post(self.url(regency), self.facts(**facts))
        assert page.context["form"].errors == {name: [said]}


class TestDueDay:
    def post(self, client, regency, **more):
        facts = {"period": "2026-TW2", "tier": "village", "on": "10-07-2026", "reason": BANJIR} | more
        return client.post(reverse("report-due-day", args=[regency.pk]), facts, follow=True)

    def test_who_becomes_late_or_in_time_is_told_before(self, regency, pandulangan, regency_admin, as_user):
        reports.kept(pandulangan, submitted_on=date(2026, 7, 9))
        client = as_user(regency_admin)
        said = text_of(self.post(client, regency))
        assert "5 Juli 2026 → <b>10 Juli 2026</b>" in said
        assert ["Tidak lagi terlambat: 1" in said, "Menjadi terlambat: 0" in said] == [True, True]
        assert DueDay.objects.count() == 0
        said = text_of(self.post(client, regency, save="1"))
        assert ["Hari batas dipindahkan." in said, "10 Juli 2026" in said, BANJIR in said] == [True] * 3

    def test_a_day_within_the_period_is_told_at_its_field(self, regency, regency_admin, as_user):
        page = self.post(as_user(regency_admin), regency, on="30-06-2026")
        assert page.context["form"].errors["on"] == ["Tulis tanggal sesudah 30 Juni 2026, hari terakhir periodenya."]

    def test_a_period_that_is_not_offered_is_refused(self, regency, regency_admin, as_user):
        assert "period" in self.post(as_user(regency_admin), regency, period="2026-05").context["form"].errors


class TestLeave:
    def post(self, client, village, **more):
        facts = {"village": village.pk, "period": "2026-TW2", "until": "10-10-2026", "reason": BANJIR} | more
        return client.post(LEAVE, facts, follow=True)

    def test_a_kecamatan_gives_it_and_it_stands_in_the_list(self, pandulangan, district_officer, as_user):
        client = as_user(district_officer)
        said = text_of(self.post(client, pandulangan))
        assert "Desa Pandulangan boleh melapor sampai 10 Oktober 2026." in said
        (row,) = client.get(LEAVES, {"format": "json"}).json()["results"]
        assert (row["until"], row["standing"], row["reason"], row["granted_by"]) == (
            "2026-10-10", "Masih berlaku", BANJIR, "Salamah",
        )  # fmt: skip

    def test_another_kecamatan_s_village_is_no_choice(self, pandulangan, elsewhere, district_officer, as_user):
        page = self.post(as_user(district_officer), elsewhere)
        assert list(page.context["form"].errors) == ["village"]
        assert DueException.objects.count() == 0

    def test_leave_expires_by_itself(self, pandulangan, staff, as_user):
        reports.leave(pandulangan, until=date(2026, 9, 29))
        (row,) = as_user(staff).get(LEAVES, {"format": "json"}).json()["results"]
        assert row["standing"] == "Sudah habis"

    def test_a_province_reads_the_list_without_names(self, pandulangan, staff, province_reader, as_user):
        reports.leave(pandulangan, granted_by=staff)
        client = as_user(province_reader)
        (row,) = client.get(LEAVES, {"format": "json"}).json()["results"]
        assert ("granted_by" in row, staff.name in text_of(client.get(LEAVES))) == (False, False)

    def test_a_village_sees_its_own_alone(self, pandulangan, elsewhere, operator, as_user):
        for village in (pandulangan, elsewhere):
            reports.leave(village)
        rows = as_user(operator).get(LEAVES, {"format": "json"}).json()["results"]
        assert [row["village_code"] for row in rows] == [build.PANDULANGAN]

    def test_an_operator_cannot_open_the_form(self, operator, as_user):
        assert as_user(operator).get(LEAVE).status_code == 403
