"""A frozen report against the figures now: how many differ, which entries did it, who may read by whom."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import history
from loans.closing_services import reopen_month
from loans.models import MonthClosing, MonthLock
from reports import changes_causes
from reports.changes import drift_of, drifts_of
from reports.changes_causes import causes_of
from reports.indicators import TOPICS
from reports.models import VillageReport
from reports.report_services import snapshot_of
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib.access import Role
from villages.models import Member

TW2 = reports.TW2
NEXT_DOOR = "63.08.03.2013"


@pytest.fixture
def frozen(lent, pandulangan) -> VillageReport:
    """Submitted, then its months opened behind its back, so that money can still be dated into them."""
    report = reports.submitted(pandulangan)
    unlock()
    return report


def unlock() -> None:
    MonthLock.objects.update(lifted_at="2026-07-10T00:00:00Z")
    for closing in MonthClosing.objects.filter(reopened_at=None).order_by("-period"):
        reopen_month(closing=closing, reason="bukti bulan Mei tertinggal", by=None)


def drift(report: VillageReport):
    return drift_of(report, snapshot_of(report.village, TW2))


def url(name: str, village) -> str:
    return reverse(name, args=[village.pk, TW2.code])


def test_nothing_has_changed_while_nothing_was_recorded(frozen):
    assert (drift(frozen).words, causes_of(drift(frozen))) == ("", [])


def test_a_late_receipt_is_the_cause_of_the_figures_that_it_moves(frozen, lent, operator):
    receipt = build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
    found = drift(frozen)
    moved = {one.key: (one.then, one.now) for one in found.changes}
    assert moved["principal_paid_period"] == (100_000, 200_000)
    assert moved["balance"] == (900_000, 800_000)
    assert found.words == f"{len(moved)} angka berubah sejak diajukan"
    (cause,) = causes_of(found)
    assert cause.topics == {"Simpan pinjam"}
    assert (cause.words, cause.amount, cause.on) == (f"Setoran {receipt.number}", 115_000, date(2026, 5, 20))
    assert (cause.name, cause.who, cause.url) == ("Norhasanah", "Rahmah", reverse("receipt", args=[receipt.pk]))


def test_what_is_dated_after_the_period_is_no_cause(frozen, lent, group, operator):
    build.payment(lent, 115_000, date(2026, 7, 20), by=operator)
    late = build.member(group, name="Siti Rahmah", joined_on=date(2026, 8, 1))
    history.record(late, by=operator)
    assert (drift(frozen).words, causes_of(drift(frozen))) == ("", [])


def test_a_voucher_and_a_changed_member_are_told_with_who_did_it(frozen, group, member, operator):
    build.capital(group, 750_000, date(2026, 6, 3))
    member.welfare = "poor"
    history.save(member, by=operator, reason="salah centang")
    found = drift(frozen)
    by_words = {one.words.split()[0]: one for one in causes_of(found)}
    assert by_words["Modal"].amount == 750_000
    assert by_words["Anggota"].who == "Rahmah"
    assert by_words["Anggota"].topics == {"Kelompok dan anggota"}
    assert {one.key for one in found.changes} == {
        "members_poor", "members_unknown", "capital_in_period", "capital_end", "capital_growth"
    }  # fmt: skip


def test_every_topic_of_a_cause_is_one_of_the_indicators():
    sets = [*changes_causes.PART_TOPICS.values(), *changes_causes.VOUCHER_TOPICS.values()]
    sets += [one.topics for one in changes_causes.NOTED.values()]
    assert set().union(*sets) <= set(TOPICS)


def test_the_page_of_the_village_has_the_badge_and_leads_to_what_changed(frozen, lent, pandulangan, operator, as_user):
    client = as_user(operator)
    assert "berubah sejak" not in client.get(url("village-report", pandulangan)).content.decode()
    build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
    page = client.get(url("village-report", pandulangan)).content.decode()
    assert f"{len(drift(frozen).changes)} angka berubah sejak diajukan" in page
    assert url("report-changes", pandulangan) in page
    told = client.get(url("report-changes", pandulangan)).content.decode()
    for words in ("Saldo pinjaman", "Rp900.000", "Rp800.000", "Setoran ", "Norhasanah", "oleh Rahmah"):
        assert words in told


def test_a_draft_has_no_changes_page(lent, pandulangan, operator, as_user):
    answer = as_user(operator).get(url("report-changes", pandulangan))
    assert (answer.status_code, answer.url) == (302, url("village-report", pandulangan))


def test_the_province_reads_what_and_when_but_not_who(frozen, lent, pandulangan, operator, as_user):
    receipt = build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
    province = as_user(build.user(Role.PROVINCE, "63", username="rusdiana", name="Rusdiana"))
    page = province.get(url("report-changes", pandulangan)).content.decode()
    assert f"Setoran {receipt.number}" in page
    assert [words for words in ("Norhasanah", "Rahmah", reverse("receipt", args=[receipt.pk])) if words in page] == []
    (cause,) = province.get(url("report-changes", pandulangan), {"format": "json"}).json()["causes"]
    assert sorted(cause) == ["amount", "kind", "on", "recorded_at"]


def test_changes_go_out_as_json_and_excel(frozen, lent, pandulangan, operator, as_user):
    build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
    client = as_user(operator)
    told = client.get(url("report-changes", pandulangan), {"format": "json"}).json()
    assert told["count"] == len(told["results"]) == len(drift(frozen).changes)
    assert {"group": "UP2K As Syifa", "key": "balance", "label": "Saldo pinjaman", "then": 900_000, "now": 800_000} in (
        told["results"]
    )
    answer = client.get(url("report-changes", pandulangan), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert ("UP2K As Syifa", "balance", "Saldo pinjaman", "Rp", 900_000, 800_000) in rows


def test_the_queries_of_the_causes_do_not_grow(frozen, lent, group, operator):
    def queries() -> int:
        found = drift(frozen)
        with CaptureQueriesContext(connection) as captured:
            causes_of(found)
        return len(captured)

    build.payment(lent, 115_000, date(2026, 5, 20), by=operator)
    one = queries()
    for on in (date(2026, 5, 27), date(2026, 6, 2), date(2026, 6, 10)):
        build.payment(lent, 115_000, on, by=operator)
        history.record(build.member(group), by=operator)
    assert (one, queries()) == (5, 5)


class TestListOfAnArea:
    @pytest.fixture
    def two(self, frozen, lent):
        """A report that changed and one next door that did not."""
        neighbour = build.village(NEXT_DOOR)
        build.member(build.group(neighbour, name="UP2K Melati"))
        reports.kept(neighbour, state="sent")
        build.payment(lent, 115_000, date(2026, 5, 20))
        return neighbour

    def test_it_names_the_changed_ones_with_how_many(self, two, frozen, pandulangan, staff, as_user):
        client = as_user(staff)
        told = client.get(reverse("report-changed"), {"periode": TW2.code, "format": "json"}).json()
        changed = len(drift(frozen).changes)
        assert [(row["village_code"], row["changed"]) for row in told["results"]] == [(pandulangan.code, changed)]
        page = client.get(reverse("report-changed"), {"periode": TW2.code}).content.decode()
        assert "1 dari 2 laporan yang sudah masuk" in page
        assert url("report-changes", pandulangan) in page

    def test_a_sent_report_says_so(self, two):
        Member.objects.filter(village=two).update(welfare="poor")
        words = [one.words for one in drifts_of(["63.08"], TW2) if one.report.village == two]
        assert words == ["2 angka berubah sejak dikirim"]

    def test_another_kabupaten_is_not_there(self, two, staff, as_user):
        assert as_user(staff).get(reverse("report-changed"), {"wilayah": "63.09"}).status_code == 404

    def test_it_costs_the_same_for_any_number_of_reports(self, two):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                drifts_of(["63.08"], TW2)
            return len(captured)

        before = queries()
        for number in (2016, 2017, 2018):
            village = build.village(f"63.08.03.{number}")
            build.member(build.group(village, name=f"UP2K {number}"))
            reports.kept(village)
        assert queries() == before
