"""When reports are due: what was decided, what was moved, who got leave, and from when another calendar holds."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from reports import calendar_services as services
from reports.board_services import look_ahead
from reports.calendar_services import Terms, calendar_of
from reports.models import DueDay, DueException, ReportCalendar
from reports.periods import parse_period
from reports.standings import standings
from tests import build
from tests.reports import build_reports as reports
from up2k_portal.lib import dates

TW1, TW2, TW3 = parse_period("2026-TW1"), reports.TW2, parse_period("2026-TW3")
REASON = "banjir di tiga kecamatan"
MONTHLY, QUARTERLY = Terms(1, 5, 10, 15), Terms(3, 5, 10, 15)


@pytest.fixture
def regency(pandulangan):
    return pandulangan.district.regency


def monthly(regency, from_day: date = date(2026, 1, 1)) -> ReportCalendar:
    return ReportCalendar.objects.create(regency=regency, from_day=from_day, every=1, reason="desa melapor tiap bulan")


def live_on(monkeypatch, day: date) -> None:
    monkeypatch.setattr(dates.timezone, "localdate", lambda *args: day)


def refused(call, **facts) -> dict:
    with pytest.raises(ValidationError) as error:
        call(**facts)
    return error.value.message_dict if hasattr(error.value, "error_dict") else {"": error.value.messages}


class TestDueDays:
    def test_the_usual_calendar_is_by_quarter_on_the_5th_10th_and_15th(self, regency):
        calendar = calendar_of(regency.code)
        days = [calendar.due_day(TW2, tier) for tier in ("village", "district", "regency")]
        assert days == [date(2026, 7, 5), date(2026, 7, 10), date(2026, 7, 15)]
        assert calendar.due_day(parse_period("2025-TW4")) == date(2026, 1, 5)
        codes = [one.code for one in services.report_periods(calendar, date(2026, 9, 30), 3)]
        assert codes == ["2026-TW2", "2026-TW1", "2025-TW4"]

    def test_no_level_is_due_before_the_one_it_waits_for(self, regency, regency_admin):
        services.move_due_day(
            regency=regency, period=TW2, tier="village", on=date(2026, 7, 20), reason=REASON, by=regency_admin
        )
        calendar = calendar_of(regency.code)
        days = [calendar.due_day(TW2, tier) for tier in ("village", "district", "regency")]
        assert days == [date(2026, 7, 20)] * 3

    def test_a_moved_day_holds_for_its_period_alone_and_keeps_its_reason(self, regency, regency_admin):
        facts = {"regency": regency, "period": TW2, "tier": "village", "reason": REASON, "by": regency_admin}
        services.move_due_day(on=date(2026, 7, 20), **facts)
        services.move_due_day(on=date(2026, 7, 22), **facts)
        row = DueDay.objects.get()
        assert (row.on, row.reason, row.set_by) == (date(2026, 7, 22), REASON, regency_admin)
        assert calendar_of(regency.code).due_day(TW1) == date(2026, 4, 5)

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ({"on": date(2026, 6, 30)}, {"on": ["Tulis tanggal sesudah 30 Juni 2026, hari terakhir periodenya."]}),
            ({"on": date(2027, 8, 1)}, {"on": ["Tulis tanggal paling lama setahun sesudah periodenya berakhir."]}),
            ({"period": parse_period("2026-05")}, {"period": ["Mei 2026 bukan periode laporan desa."]}),
            (
                {"tier": "district", "on": date(2026, 7, 4)},
                {"on": ["Tulis tanggal paling awal 5 Juli 2026, batas tahap sebelumnya."]},
            ),
            (
                {"reason": "banjir"},
                {"reason": ["Tulis alasan yang jelas, paling sedikit 10 huruf, misalnya “banjir di tiga kecamatan”."]},
            ),
        ],
    )
    def test_a_day_that_makes_no_sense_is_refused(self, regency, regency_admin, facts, said):
        good = {"period": TW2, "tier": "village", "on": date(2026, 7, 20), "reason": REASON}
        assert refused(services.move_due_day, regency=regency, by=regency_admin, **good | facts) == said
        assert DueDay.objects.count() == 0

    def test_looking_ahead_tells_who_would_become_late_or_in_time(self, regency, pandulangan):
        teluk = build.village("63.08.03.2015", name="Teluk Betung")
        reports.kept(pandulangan, submitted_on=date(2026, 7, 3))
        reports.kept(teluk, submitted_on=date(2026, 7, 9))
        calendar = calendar_of(regency.code)
        later = look_ahead(calendar, TW2, "village", date(2026, 7, 10))
        sooner = look_ahead(calendar, TW2, "village", date(2026, 7, 2))
        assert [[one.village_name for one in some] for some in (later.in_time, later.late)] == [
            ["Desa Teluk Betung"],
            [],
        ]
        assert [[one.village_name for one in some] for some in (sooner.in_time, sooner.late)] == [
            [],
            ["Desa Pandulangan"],
        ]
        assert DueDay.objects.count() == 0


class TestLeave:
    def give(self, village, by, until=date(2026, 10, 10), period=TW2, reason="kantor desa terendam banjir"):
        return services.grant_leave(village=village, period=period, until=until, reason=reason, by=by)

    def test_a_village_with_leave_is_not_late_until_its_day(
        self, pandulangan, elsewhere, district_officer, monkeypatch
    ):
        self.give(pandulangan, district_officer)
        assert [one.is_late for one in standings("63.08", TW2)] == [False, True]
        live_on(monkeypatch, date(2026, 10, 11))
        assert [one.is_late for one in standings("63.08", TW2)] == [True, True]

    def test_the_same_leave_twice_is_one(self, pandulangan, staff):
        assert self.give(pandulangan, staff) == self.give(pandulangan, staff)
        assert DueException.objects.count() == 1

    def test_a_village_gives_itself_none(self, pandulangan, operator):
        said = refused(self.give, village=pandulangan, by=operator)
        assert said == {"": ["Perpanjangan diberi kecamatan atau kabupaten, bukan oleh desa sendiri."]}

    def test_a_kecamatan_that_fills_in_for_a_village_gives_it_none(self, pandulangan, district_officer):
        pandulangan.is_assisted = True
        pandulangan.save()
        said = refused(self.give, village=pandulangan, by=district_officer)
        assert said == {"": ["Anda sendiri yang mengajukan laporan desa ini. Minta kabupaten memberi perpanjangan."]}

    def test_another_kecamatan_gives_none(self, elsewhere, district_officer):
        assert "" in refused(self.give, village=elsewhere, by=district_officer)

    @pytest.mark.parametrize("until", [date(2026, 7, 5), date(2026, 9, 29)])
    def test_a_day_that_is_past_is_refused(self, pandulangan, staff, until):
        said = "Batasnya sekarang 5 Juli 2026. Tulis tanggal sesudahnya, paling awal hari ini."
        assert refused(self.give, village=pandulangan, by=staff, until=until) == {"until": [said]}

    def test_leave_ends_within_sixty_days(self, pandulangan, staff):
        said = "Perpanjangan paling lama 60 hari. Beri lagi nanti bila perlu."
        assert refused(self.give, village=pandulangan, by=staff, until=date(2026, 11, 30)) == {"until": [said]}

    def test_a_report_that_is_in_needs_none(self, pandulangan, staff):
        reports.kept(pandulangan)
        said = "Laporan Triwulan II 2026 desa ini sudah masuk, jadi tidak perlu perpanjangan."
        assert refused(self.give, village=pandulangan, by=staff) == {"": [said]}

    def test_a_period_not_reported_is_refused(self, pandulangan, staff):
        said = {"period": ["Desa Pandulangan tidak melaporkan Mei 2026."]}
        assert refused(self.give, village=pandulangan, by=staff, period=parse_period("2026-05")) == said


class TestAnotherCalendar:
    def set(self, regency, by, terms=MONTHLY, reason="provinsi meminta tiap bulan"):
        return services.set_calendar(regency=regency, terms=terms, reason=reason, by=by)

    def test_another_rhythm_waits_for_the_first_year_without_reports(self, regency, pandulangan, regency_admin):
        reports.kept(pandulangan)
        row = self.set(regency, regency_admin)
        calendar = calendar_of(regency.code)
        assert (row.from_day, calendar.every_in(2026), calendar.every_in(2027)) == (date(2027, 1, 1), 3, 1)
        assert [part.code for part in services.parts_of(calendar, parse_period("2027-TW1"))] == [
            "2027-01", "2027-02", "2027-03",
        ]  # fmt: skip
        reported = [services.is_reported(calendar, one) for one in (TW2, parse_period("2026-05"))]
        assert reported == [True, False]

    def test_without_reports_it_holds_for_the_whole_year_at_once(self, regency, regency_admin):
        self.set(regency, regency_admin)
        calendar = calendar_of(regency.code)
        assert (calendar.every_in(2025), calendar.every_in(2026)) == (3, 1)
        codes = [one.code for one in services.report_periods(calendar, date(2026, 3, 5), 3)]
        assert codes == ["2026-02", "2026-01", "2025-TW4"]

    def test_other_days_hold_from_the_period_that_is_not_due_yet(self, regency, regency_admin):
        row = self.set(regency, regency_admin, Terms(3, 8, 12, 20))
        calendar = calendar_of(regency.code)
        assert (row.from_day, calendar.due_day(TW2), calendar.due_day(TW3)) == (
            date(2026, 7, 1),
            date(2026, 7, 5),
            date(2026, 10, 8),
        )

    def test_an_earlier_day_makes_nobody_late_afterwards(self, regency, pandulangan, regency_admin, monkeypatch):
        live_on(monkeypatch, date(2026, 7, 4))
        row = self.set(regency, regency_admin, Terms(3, 3, 10, 15))
        assert (row.from_day, calendar_of(regency.code).due_day(TW2)) == (date(2026, 7, 1), date(2026, 7, 5))

    def test_the_latest_decision_counts(self, regency, pandulangan, regency_admin):
        reports.kept(pandulangan)
        self.set(regency, regency_admin)
        self.set(regency, regency_admin, QUARTERLY, "tidak jadi tiap bulan")
        assert calendar_of(regency.code).every_in(2027) == 3

    def test_the_same_terms_twice_are_one_decision(self, regency, regency_admin):
        assert self.set(regency, regency_admin) == self.set(regency, regency_admin)
        assert ReportCalendar.objects.count() == 1

    @pytest.mark.parametrize(
        ("terms", "said"),
        [
            (Terms(3, 10, 10, 15), {"district_day": ["Tulis tanggal sesudah batas desa, misalnya 15."]}),
            (Terms(3, 5, 15, 12), {"regency_day": ["Tulis tanggal sesudah batas kecamatan, misalnya 20."]}),
        ],
    )
    def test_days_follow_each_other(self, regency, regency_admin, terms, said):
        assert refused(self.set, regency=regency, by=regency_admin, terms=terms) == said

    def test_a_shorter_period_than_reported_is_refused_in_words(self, regency):
        with pytest.raises(ValidationError) as error:
            standings(regency.code, parse_period("2026-05"))
        assert error.value.messages == ["Desa melapor per triwulan; laporan Mei 2026 tidak ada."]

    def test_a_kabupaten_has_its_own_calendar(self, regency):
        other = build.village("63.09.01.2001").district.regency
        monthly(other)
        found = services.calendars_of("63")
        assert {code: one.every_in(2026) for code, one in found.items()} == {"63.08": 3, "63.09": 1}
