"""Due days moved for a whole village by one decision and one letter; today is 30 September 2026."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Change
from loans import shift_services
from loans.models import MoneyRules, MonthClosing, Reschedule, ShiftDecision
from tests import build
from tests.loans import build_life as life

FROM = date(2026, 9, 1)


def preview(group, months=2, **fields):
    facts = {"on": life.TODAY, "from_day": FROM} | fields
    return shift_services.preview_shift(village=group.village, months=months, **facts)


def moved(shift) -> list[tuple]:
    return [(one.number, one.old, one.new) for one in shift.moved]


def undo(decision, on=life.TODAY, **fields):
    facts = {"reason": "surat keputusannya dicabut kecamatan", "by": life.kecamatan()}
    return shift_services.undo_shift(decision=decision, undone_on=on, **facts | fields)


def days_of(loan, as_of=None) -> list[date]:
    return [row[1] for row in life.rows_of(loan, as_of)]


class TestWhichMove:
    def test_each_loan_moves_from_its_first_free_instalment_due_then(self, group):
        build.loan(build.member(group))
        ahead = build.loan(build.member(group))
        build.payment(ahead, 980_000, date(2026, 9, 5))  # eight rows and a part of the ninth
        assert moved(preview(group)) == [
            (8, date(2026, 9, 30), date(2026, 11, 30)),
            (10, date(2026, 11, 30), date(2027, 1, 31)),
        ]

    def test_a_clipped_day_comes_back_to_the_loans_own(self, group):
        build.loan(build.member(group))
        assert moved(preview(group, months=1)) == [(8, date(2026, 9, 30), date(2026, 10, 31))]

    def test_after_a_short_month_the_loans_own_day_comes_back(self, group):
        loan, fixed = build.loan(build.member(group)), self.loan_due_on(group, 31)
        life.shift(group, months=5)
        assert days_of(loan)[6:] == days_of(fixed)[6:] == [
            date(2026, 8, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30),
        ]  # fmt: skip
        life.shift(group, from_day=date(2027, 1, 1), months=1)
        assert days_of(loan)[7:] == days_of(fixed)[7:] == [date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]

    def test_also_where_the_short_month_is_the_last_row(self, group):
        loan = build.loan(build.member(group), product=build.product(group, instalment_count=8))
        assert days_of(loan)[-1] == date(2026, 9, 30)
        life.shift(group, months=5)
        life.reschedule(loan, "extra_instalments", 2, first=8)
        assert days_of(loan)[7:] == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]

    def test_a_day_that_was_typed_for_one_loan_is_its_new_day_of_the_month(self, group):
        loan = build.loan(build.member(group))
        life.reschedule(loan, "new_due_on", date(2027, 2, 28), first=8)
        assert days_of(loan)[7:] == [date(2027, 2, 28), date(2027, 3, 28), date(2027, 4, 28)]
        life.shift(group, from_day=date(2027, 2, 1), months=1)
        assert days_of(loan)[7:] == [date(2027, 3, 28), date(2027, 4, 28), date(2027, 5, 28)]

    @staticmethod
    def loan_due_on(group, day):
        """A loan of a group of the village with a due day."""
        other = build.group(group.village)
        MoneyRules.objects.create(group=other, village=other.village, due_day=day)
        return build.loan(build.member(other), on=date(2026, 1, 10))

    def test_a_weekly_loan_keeps_its_day_of_the_week_and_moves_no_less(self, group):
        product = build.product(group, every="week", instalment_count=6)
        loan = build.loan(build.member(group), on=date(2026, 9, 4), product=product)
        build.payment(loan, 181_667, date(2026, 9, 11))
        assert moved(preview(group, months=1)) == [(2, date(2026, 9, 18), date(2026, 10, 23))]

    def test_a_seasonal_loan_goes_on_with_the_next_seasons(self, group):
        product = build.product(group, seasons="31-10, 31-01", instalment_count=3)
        loan = build.loan(build.member(group), product=product)
        life.shift(group)
        assert days_of(loan) == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 10, 31)]

    def test_who_stays_is_told_with_the_reason(self, group):
        build.loan(build.member(group))
        paid = build.loan(build.member(group))
        build.payment(paid, 1_150_000, date(2026, 9, 5))
        lost = build.loan(build.member(group))
        life.write_off(lost, date(2026, 9, 5))
        over = build.loan(build.member(group), on=date(2025, 8, 31))
        shift = preview(group)
        assert [one.loan.pk for one in shift.moved] == [group.loans.order_by("pk").first().pk]
        assert {one.loan.pk: one.why for one in shift.skipped} == {
            over.pk: "Tidak ada angsuran yang belum dibayar mulai 1 September 2026.",
        }

    def test_one_paid_out_after_the_decision_is_not_moved(self, group):
        build.loan(build.member(group))
        new = build.loan(build.member(group), on=date(2026, 9, 20))
        shift = preview(group, on=date(2026, 9, 10))
        assert [(one.loan, one.why) for one in shift.skipped] == [(new, "Baru dicairkan 20 September 2026.")]

    def test_another_village_does_not_move(self, group, elsewhere):
        build.loan(build.member(group))
        foreign = build.loan(build.member(build.group(elsewhere)))
        life.shift(group)
        assert not foreign.reschedules.exists()

    def test_a_day_before_a_record_a_closed_month_and_an_empty_village_are_refused(self, group, operator):
        loan = build.loan(build.member(group))
        build.payment(loan, 115_000, date(2026, 9, 20))
        with pytest.raises(ValidationError, match="Isi 20 September 2026 atau sesudahnya"):
            life.shift(group, on=date(2026, 9, 10))
        with pytest.raises(ValidationError, match="Tidak ada angsuran yang dapat ditunda mulai 1 Januari 2030"):
            life.shift(group, from_day=date(2030, 1, 1))
        with pytest.raises(ValidationError, match="Tulis alasan yang jelas"):
            life.shift(group, reason="banjir")
        MonthClosing.objects.create(group=group, village=group.village, period=202609, closed_by=operator)
        with pytest.raises(ValidationError, match="Bulan September 2026 sudah ditutup"):
            life.shift(group)
        assert (ShiftDecision.objects.count(), Reschedule.objects.count()) == (0, 0)


class TestTheAct:
    def test_every_loan_of_every_group_moves_and_later_rows_follow(self, group):
        loans = [build.loan(build.member(one)) for one in (group, build.group(group.village))]
        decision = life.shift(group)
        for loan in loans:
            assert days_of(loan)[6:] == [
                date(2026, 8, 31), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31),
            ]  # fmt: skip
        rows = Reschedule.objects.order_by("pk")
        facts = ("decision", "kind", "from_instalment", "new_due_on", "reason")
        assert (
            list(rows.values_list(*facts)) == [(decision.pk, "new_due_on", 8, date(2026, 11, 30), decision.reason)] * 2
        )
        assert Change.objects.filter(model="loans.reschedule").count() == 2

    def test_what_was_late_for_days_that_moved_is_late_no_more(self, group):
        loan = build.loan(build.member(group))
        life.shift(group, from_day=date(2026, 7, 31))
        before = date(2026, 9, 29)
        assert [life.as_of(loan, day) for day in (before, life.TODAY)] == [(1_000_000, 805_000), (1_000_000, 575_000)]

    def test_sent_twice_it_is_done_once_and_with_other_content_refused(self, group):
        loan, by, key = build.loan(build.member(group)), life.kecamatan(), uuid4()
        first, second = (life.shift(group, by=by, uuid=key) for _ in range(2))
        assert (first.pk, ShiftDecision.objects.count(), loan.reschedules.count()) == (second.pk, 1, 1)
        with pytest.raises(ValidationError, match="bertabrakan"):
            life.shift(group, months=3, by=by, uuid=key)

    @pytest.mark.parametrize("act", [preview, life.shift])
    def test_it_and_its_undo_cost_the_same_queries_for_any_number_of_loans(self, act, group):
        counts = []
        for _ in range(2):
            for _ in range(3):
                build.loan(build.member(group))
            with CaptureQueriesContext(connection) as queries:
                act(group)
                if act is life.shift:
                    undo(ShiftDecision.objects.latest("pk"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestUndo:
    def test_the_very_same_days_come_back(self, group):
        loan = build.loan(build.member(group))
        first = life.rows_of(loan)
        decision = undo(life.shift(group, on=date(2026, 9, 10)), date(2026, 9, 20))
        assert life.rows_of(loan) == life.rows_of(loan, date(2026, 9, 9)) == first
        assert days_of(loan, date(2026, 9, 19))[7] == date(2026, 11, 30)
        assert (decision.undone_on, decision.reschedules.get().undone_on) == (date(2026, 9, 20),) * 2

    def test_a_loan_with_a_record_since_keeps_its_new_days(self, group):
        free, paid = (build.loan(build.member(group)) for _ in range(2))
        decision = life.shift(group)
        build.payment(paid, 115_000, life.TODAY)
        undo(decision)
        assert [days_of(loan)[7] for loan in (free, paid)] == [date(2026, 9, 30), date(2026, 11, 30)]
        assert paid.reschedules.get().undone_on is None

    def test_where_none_can_go_back_it_is_refused(self, group):
        loan = build.loan(build.member(group))
        decision = life.shift(group)
        build.payment(loan, 115_000, life.TODAY)
        with pytest.raises(ValidationError, match="Tidak ada pinjaman yang dapat kembali"):
            undo(decision)
        assert ShiftDecision.objects.get().undone_on is None

    def test_sent_twice_it_is_done_once(self, group):
        build.loan(build.member(group))
        decision, by = life.shift(group), life.kecamatan()
        assert undo(decision, by=by).pk == undo(decision, by=by).pk
        with pytest.raises(ValidationError, match="bertabrakan"):
            undo(decision, by=life.kecamatan())


class TestPages:
    def typed(self, group, **fields) -> dict:
        facts = {"village": group.village.pk, "from_day": "1-9-2026", "months": "2", "on": "30-9-2026"}
        letter = {"letter_number": "14/SK/PKK-KEC/2026", "letter_on": "28-9-2026", "reason": "banjir merendam desa"}
        return facts | letter | {"uuid": str(uuid4())} | fields

    def test_the_kecamatan_sees_every_loan_before_anything_is_written(self, group, district_officer, as_user):
        loan = build.loan(build.member(group, name="Aminah"))
        build.loan(build.member(group, name="Barsiah"), on=date(2025, 8, 31))
        client, facts = as_user(district_officer), self.typed(group)
        page = client.post(reverse("shift-new"), facts).content.decode()
        for words in ("Ditunda: 1 pinjaman", "Aminah", "30 Sep 2026", "30 Nov 2026", "Tidak ditunda: 1", "Barsiah"):
            assert words in page
        assert (ShiftDecision.objects.count(), Reschedule.objects.count()) == (0, 0)
        answer = client.post(reverse("shift-new"), facts | {"save": "1"})
        decision = ShiftDecision.objects.get()
        assert (answer.status_code, answer.url) == (302, decision.get_absolute_url())
        assert days_of(loan)[7] == date(2026, 11, 30)

    def test_a_mistake_is_told_at_its_field(self, group, district_officer, as_user):
        client = as_user(district_officer)
        answer = client.post(reverse("shift-new"), self.typed(group, months="13", letter_number=""))
        assert set(answer.context["form"].errors) == {"months", "letter_number"}
        answer = client.post(reverse("shift-new"), self.typed(group))
        assert set(answer.context["form"].errors) == {"from_day"}

    def test_another_kecamatans_village_is_no_choice(self, group, elsewhere, district_officer, as_user):
        build.loan(build.member(build.group(elsewhere)))
        client = as_user(district_officer)
        choices = client.get(reverse("shift-new")).context["form"].fields["village"].queryset
        assert list(choices) == [group.village]
        answer = client.post(reverse("shift-new"), self.typed(group, village=elsewhere.pk, save="1"))
        assert (set(answer.context["form"].errors), ShiftDecision.objects.count()) == ({"village"}, 0)

    def test_the_record_the_letter_and_the_list_tell_of_it(self, group, operator, as_user):
        build.loan(build.member(group, name="Aminah"))
        decision, client = life.shift(group), as_user(operator)
        record, letter, listing = (
            client.get(reverse(name, args=args)).content.decode()
            for name, args in (("shift", [decision.pk]), ("shift-letter", [decision.pk]), ("shift-list", []))
        )
        for page in (record, letter):
            for words in ("Aminah", "14/SK/PKK-KEC/2026", "2 bulan"):
                assert words in page
        assert "30 September 2026</td><td>30 November 2026" in letter
        assert "SURAT KEPUTUSAN PENUNDAAN ANGSURAN" in letter
        assert "Urungkan" not in record
        assert "14/SK/PKK-KEC/2026" in listing

    def test_undo_says_who_does_not_go_back(self, group, staff, as_user):
        build.loan(build.member(group, name="Aminah"))
        paid = build.loan(build.member(group, name="Barsiah"))
        decision = life.shift(group)
        build.payment(paid, 115_000, life.TODAY)
        client, url = as_user(staff), reverse("shift-undo", args=[decision.pk])
        page = client.get(url).content.decode()
        assert "Tidak ikut kembali: 1 dari 2 pinjaman" in page
        assert ("Barsiah" in page, "Aminah" in page) == (True, False)
        answer = client.post(url, {"undone_on": "30-9-2026", "reason": "surat dicabut kecamatan"}, follow=True)
        assert "1 pinjaman kembali ke jadwal lama. 1 pinjaman tetap ditunda" in answer.content.decode()
        assert "Tetap ditunda: Sesudah penjadwalan ulang ini sudah ada catatan lain" in answer.content.decode()

    def test_record_and_letter_cost_the_same_for_any_number_of_loans(self, group, operator, as_user):
        client = as_user(operator)
        for name in ("shift", "shift-letter"):
            counts = []
            for _ in range(2):
                build.loan(build.member(group))
                decision = life.shift(group)
                with CaptureQueriesContext(connection) as queries:
                    client.get(reverse(name, args=[decision.pk]))
                counts.append(len(queries))
            assert counts[0] == counts[1]

    def test_the_list_shows_no_foreign_decision(self, group, elsewhere, operator, as_user):
        life.decision(group)
        life.decision(build.group(elsewhere))
        listed = as_user(operator).get(reverse("shift-list"), {"format": "json"}).json()["results"]
        assert [row["village_code"] for row in listed] == [group.village.code]
