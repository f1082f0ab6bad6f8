"""What checking finds in a village, rule by rule."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from loans.closing_services import grant_exception
from loans.follow_services import record_follow_up
from loans.models import CashCount
from reports import report_services as services
from reports.models import ValidationRule
from reports.validation_services import find
from tests import build
from tests.reports import build_reports as reports

TW1, TW2 = reports.parse_period("2026-TW1"), reports.TW2


def found(village, period=TW2) -> list[tuple[str, str]]:
    return [(one.rule, one.words) for one in find(village, period, services.snapshot_of(village, period))]


def rules(village, period=TW2) -> set[str]:
    return {rule for rule, _ in found(village, period)}


def test_a_village_in_order_has_no_finding(group, pandulangan):
    for serial in range(1, 4):
        build.member(group, nik=build.nik(serial))
    assert found(pandulangan) == []


def test_a_count_that_no_longer_agrees_with_the_book_is_hard(group, pandulangan):
    build.cash_count(group, date(2026, 6, 15))  # of an empty till
    build.capital(group, 250_000, date(2026, 6, 10))
    (one,) = find(pandulangan, TW2, services.snapshot_of(pandulangan, TW2))
    assert (one.severity, one.words) == (
        "hard",
        "UP2K As Syifa: kas dihitung Rp0 pada 15 Juni 2026, buku sekarang Rp250.000; hitung kas sekali lagi",
    )


def test_after_a_late_entry_by_leave_in_a_closed_month_the_count_is_explained_not_repeated(
    member, group, pandulangan, operator, district_officer
):
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    reports.close_until(group)  # counts the cash of 30 June
    grant_exception(
        group=group, period=202606, user=operator, expires_at=timezone.now() + timedelta(days=1),
        reason="bukti pasar ditemukan", granted_by=district_officer,
    )  # fmt: skip
    build.payment(loan, 115_000, date(2026, 6, 20), by=operator)
    (one,) = [one for one in find(pandulangan, TW2, services.snapshot_of(pandulangan, TW2)) if one.rule == "cash"]
    assert one.severity == "soft"
    assert one.words.endswith("; selisih Rp115.000 berasal dari catatan yang menyusul sesudah kas dihitung; jelaskan")
    report = reports.submitted(pandulangan, closes=False)  # its explanation is all that it needs
    assert report.state == "submitted"
    assert one.key in report.version.explanations


def test_a_count_of_a_closed_month_that_nothing_explains_says_who_opens_the_month(member, group, pandulangan):
    build.loan(member, 1_000_000, date(2026, 1, 31))
    reports.close_until(group)
    count = CashCount.objects.get(group=group, counted_on=TW2.last)
    facts = {
        "village": pandulangan, "group": group, "counted_on": TW2.last, "counted_at": timezone.now(),
        "pieces": {}, "counted": count.counted + 5_000, "booked": count.booked, "explanation": "lebih",
    }  # fmt: skip
    CashCount.objects.create(**facts)
    (one,) = [one for one in find(pandulangan, TW2, services.snapshot_of(pandulangan, TW2)) if one.rule == "cash"]
    assert one.severity == "hard"
    assert one.words.endswith("; minta kecamatan membuka Juni 2026, hitung kas sekali lagi, lalu tutup lagi bulannya")


def test_impossible_ages_are_counted_on_the_last_day_of_the_period(group, pandulangan):
    build.member(group, name="Aluh", birth_date=date(2009, 7, 1))  # 16 on 30 June 2026
    build.member(group, name="Diang", birth_date=date(2009, 6, 30))  # 17 that day
    assert found(pandulangan) == [("age", "Aluh berumur 16 tahun menurut tanggal lahirnya")]


def test_a_nik_that_another_active_member_has_is_told_without_the_number(group, pandulangan, elsewhere):
    build.member(group, name="Aluh", nik=build.nik(7))
    build.member(build.group(elsewhere), name="Diang", nik=build.nik(7))
    assert found(pandulangan) == [("nik", "NIK Aluh juga tercatat pada anggota lain")]


def test_members_outside_every_poklak_are_counted_where_the_group_has_some(group, pandulangan):
    build.member(group)
    assert rules(pandulangan) == set()
    build.member(group, poklak=build.poklak(group))
    assert rules(pandulangan) == set()  # half of them: its officers are usually in none
    build.member(group)
    assert found(pandulangan) == [("no-poklak", "UP2K As Syifa: 2 anggota tanpa poklak")]


def test_members_of_a_dissolved_poklak_are_counted_however_few(group, pandulangan):
    gone, stays = build.poklak(group, dissolved_on=date(2026, 6, 30)), build.poklak(group)
    for poklak in (gone, stays, stays, stays):
        build.member(group, poklak=poklak)
    assert found(pandulangan) == [("no-poklak", "UP2K As Syifa: 1 anggota tanpa poklak")]


TW3, SILENT = reports.parse_period("2026-TW3"), "UP2K As Syifa: 1 pinjaman menunggak tanpa setoran lebih dari 90 hari"


def test_a_late_loan_without_money_for_three_months_is_told_once(member, group, pandulangan):
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    build.payment(loan, 115_000, date(2026, 4, 10))
    assert "silent" not in rules(pandulangan)  # 81 days
    (one,) = find(pandulangan, TW3, services.snapshot_of(pandulangan, TW3))
    assert (one.rule, one.words, one.url) == ("silent", SILENT, loan.get_absolute_url())
    assert found(pandulangan, reports.parse_period("2026-07")) == [("silent", SILENT)]
    assert "silent" not in rules(pandulangan, reports.parse_period("2026-08"))  # it was silent at the end of July


def test_several_silent_loans_open_just_those(group, pandulangan, staff, as_user):
    silent = {build.loan(build.member(group), 1_000_000, date(2026, 1, 31)).number for _ in range(2)}
    heard = build.loan(build.member(group), 1_000_000, date(2026, 1, 31))
    for loan in group.loans.exclude(pk=heard.pk):
        build.payment(loan, 115_000, date(2026, 4, 10))
    build.payment(heard, 115_000, date(2026, 9, 20))  # late, but somebody pays
    (one,) = find(pandulangan, TW3, services.snapshot_of(pandulangan, TW3))
    listed = as_user(staff).get(f"{one.url}&format=json").json()["results"]
    assert (one.rule, {row["number"] for row in listed}) == ("silent", silent)


def test_a_silent_loan_that_somebody_asked_after_since_is_known(member, group, pandulangan, operator):
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    build.payment(loan, 115_000, date(2026, 4, 10))
    facts = {"loan": loan, "way": "visit", "words": "sedang sakit, membayar sesudah panen", "by": operator}
    record_follow_up(on=date(2026, 5, 5), uuid=uuid4(), **facts)  # before it was silent for three months
    assert ("silent", SILENT) in found(pandulangan, TW3)
    record_follow_up(on=date(2026, 9, 5), uuid=uuid4(), **facts)
    assert "silent" not in rules(pandulangan, TW3)


def test_money_recorded_after_its_month_was_closed_is_counted(member, group, pandulangan, operator, district_officer):
    loan = build.loan(member, 1_000_000, date(2026, 1, 31))
    reports.close_until(group)
    grant_exception(
        group=group, period=202605, user=operator, expires_at=timezone.now() + timedelta(days=1),
        reason="bukti pasar ditemukan", granted_by=district_officer,
    )  # fmt: skip
    build.payment(loan, 115_000, date(2026, 5, 20), by=operator)
    assert ("late-entry", "UP2K As Syifa: 1 setoran dicatat sesudah bulannya ditutup") in found(pandulangan)


class TestJumps:
    @pytest.fixture
    def grown(self, group, pandulangan):
        for serial in range(1, 11):
            build.member(group, joined_on=date(2026, 1, 5), nik=build.nik(serial))
        reports.submitted(pandulangan, TW1)
        for serial in range(11, 16):
            build.member(group, joined_on=date(2026, 5, 5), nik=build.nik(serial))

    def test_the_same_group_against_the_period_before(self, grown, pandulangan):
        assert found(pandulangan) == [("jump-members", "UP2K As Syifa: Anggota aktif naik 50,0%, dari 10 menjadi 15")]

    def test_a_kabupaten_changes_a_limit_or_switches_a_rule_off(self, grown, pandulangan):
        own = ValidationRule.objects.create(code="jump-members", name="Anggota", kind="jump", threshold=60, least=5)
        assert found(pandulangan) == []
        own.threshold, own.is_on = 10, False
        own.save()
        assert found(pandulangan) == []

    def test_an_unexplained_finding_keeps_the_report_back(self, grown, group, pandulangan, operator):
        draft = services.draft_of(pandulangan, TW2)
        facts = {"village": pandulangan, "period": TW2, "by": operator, "seen": draft.snapshot.sha256}
        with pytest.raises(services.ValidationError) as error:
            services.submit(**facts, signing=services.Signing())
        assert list(error.value.message_dict) == [f"jump-members:{group.pk}"]
        signing = services.Signing(explanations={f"jump-members:{group.pk}": "poklak baru bergabung Mei"})
        version = services.submit(**facts, signing=signing)
        said = "UP2K As Syifa: Anggota aktif naik 50,0%, dari 10 menjadi 15"
        assert (version.warning_count, version.explanations) == (
            1, {f"jump-members:{group.pk}": {"finding": said, "words": "poklak baru bergabung Mei"}},
        )  # fmt: skip


def test_a_village_far_from_the_others_of_its_kecamatan_is_told(pandulangan, group):
    for at, turnover in enumerate((10, 12, 13, 14, 16), 1):
        peer = build.village(f"63.08.03.20{20 + at}")
        eggs = build.enterprise(build.member(build.group(peer)))
        eggs.results.create(village=peer, group=eggs.group, period=202606, turnover=turnover * 1_000_000, cost=0)
        reports.kept(peer)
    mine = build.enterprise(build.member(group))
    mine.results.create(village=pandulangan, group=group, period=202606, turnover=90_000_000, cost=0)
    said = (
        "Omzet usaha desa ini Rp90.000.000, jauh dari desa lain di kecamatan yang sama (biasanya sekitar Rp13.000.000)"
    )
    assert ("outlier-turnover", said) in found(pandulangan)


def test_own_rules_compare_any_two_sums(group, pandulangan):
    build.member(group)
    ValidationRule.objects.create(code="lima", name="Paling sedikit lima", left="members", sign=">=", right="5")
    assert found(pandulangan) == [("lima", "UP2K As Syifa: Anggota aktif 1, seharusnya paling sedikit 5")]
