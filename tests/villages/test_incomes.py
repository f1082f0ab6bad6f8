"""Household incomes: asked at joining and again; first and latest tell the change."""

from datetime import date
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from tests import build
from villages import services
from villages.growth import Growth
from villages.incomes import before_and_after
from villages.models import HouseholdIncome, Member

JOINED = date(2020, 1, 6)  # as tests.build makes members
ANSWER = {"amount": "1.500.000", "asked_on": "30-9-2026", "source": "upah suami", "asked_by": "Kader Salmah"}
PERSON = {"name": "Mastura", "nik": build.nik(9001), "sex": "P", "welfare": "poor", "joined_on": "6-1-2020"}


def answer(client, member, **changed):
    return client.post(reverse("income-add", args=[member.pk]), ANSWER | changed)


def incomes_of(member) -> list[tuple[date, int]]:
    return list(member.incomes.order_by("asked_on").values_list("asked_on", "amount"))


class TestAtJoining:
    def test_the_members_form_writes_the_first_answer_on_the_joining_day(self, group, operator, as_user):
        as_user(operator).post(reverse("member-add", args=[group.pk]), PERSON | {"income_at_joining": "1.250.000"})
        row = HouseholdIncome.objects.get()
        assert (row.asked_on, row.amount, row.asked_by, row.recorded_by, row.village) == (
            JOINED, 1_250_000, "Rahmah", operator, group.village,
        )  # fmt: skip
        assert row.member.income_at_joining == 1_250_000

    def test_left_empty_it_writes_nothing(self, group, operator, as_user):
        as_user(operator).post(reverse("member-add", args=[group.pk]), PERSON | {"income_at_joining": ""})
        assert (Member.objects.get().income_at_joining, HouseholdIncome.objects.count()) == (None, 0)

    def test_a_corrected_amount_corrects_the_row(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        client, url = as_user(operator), reverse("member-edit", args=[member.pk])
        assert client.get(url).context["form"]["income_at_joining"].value() == "1.000.000"
        client.post(url, PERSON | {"income_at_joining": "900.000"})
        assert incomes_of(member) == [(JOINED, 900_000)]

    def test_what_is_recorded_cannot_be_emptied(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        page = as_user(operator).post(reverse("member-edit", args=[member.pk]), PERSON | {"income_at_joining": ""})
        assert page.context["form"].errors["income_at_joining"] == [
            "Sudah tercatat Rp1.000.000: ubah jumlahnya, tidak dapat dikosongkan."
        ]

    def test_the_row_follows_a_corrected_joining_day(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        build.income(member, 1_200_000, date(2021, 2, 1))
        facts = PERSON | {"income_at_joining": "1.000.000", "joined_on": "2-1-2020"}
        as_user(operator).post(reverse("member-edit", args=[member.pk]), facts)
        assert incomes_of(member) == [(date(2020, 1, 2), 1_000_000), (date(2021, 2, 1), 1_200_000)]

    def test_she_cannot_have_joined_after_she_was_asked(self, member, operator, as_user):
        build.income(member, 1_200_000, date(2021, 2, 1))
        facts = PERSON | {"joined_on": "2-2-2021"}
        page = as_user(operator).post(reverse("member-edit", args=[member.pk]), facts)
        assert page.context["form"].errors["joined_on"] == [
            "Pendapatannya sudah ditanya pada 1 Februari 2021, sebelum tanggal masuk ini."
        ]
        member.refresh_from_db()
        assert member.joined_on == JOINED

    def test_a_first_answer_of_a_later_day_is_not_one_at_joining(self, member):
        build.income(member, 1_200_000, date(2021, 2, 1))
        assert member.income_at_joining is None

    def test_saving_a_member_without_a_word_of_income_leaves_what_is_recorded(self, member, operator):
        build.income(member, 1_000_000, JOINED)
        services.save_member(member=member, by=operator)
        assert (incomes_of(member), Change.objects.count()) == ([(JOINED, 1_000_000)], 0)


class TestAnswer:
    def test_an_answer_is_entered_with_who_asked_and_what_it_comes_from(self, member, operator, as_user):
        page = answer(as_user(operator), member)
        row = HouseholdIncome.objects.get()
        assert page.url == member.get_absolute_url()
        assert (row.amount, row.asked_on, row.source, row.asked_by, row.recorded_by, row.village) == (
            1_500_000, date(2026, 9, 30), "upah suami", "Kader Salmah", operator, member.village,
        )  # fmt: skip
        assert Change.objects.get().after["pendapatan keluarga sebulan"] == 1_500_000

    def test_the_form_comes_with_today_who_asks_and_the_answer_before(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        page = as_user(operator).get(reverse("income-add", args=[member.pk]))
        form = page.context["form"]
        assert (form["asked_on"].value(), form["asked_by"].value()) == ("30-09-2026", "Rahmah")
        assert "Sebelumnya Rp1.000.000, 6 Januari 2020." in page.content.decode()

    def test_from_the_list_one_goes_back_to_it_for_the_next_family(self, group, member, operator, as_user):
        build.member(group, name="Aminah")
        client, pick = as_user(operator), reverse("income-pick")
        url = f"{reverse('income-add', args=[member.pk])}?dari=daftar"
        assert f'href="{url}"' in client.get(pick).content.decode()
        assert client.post(url, ANSWER).url == pick
        names = [row.record.name for row in client.get(pick).context["table"].rows]
        assert names == ["Aminah", "Norhasanah"]  # never asked first, then who was asked longest ago

    @pytest.mark.parametrize(
        ("typed", "errors"),
        [
            ({"asked_on": "1-10-2026"}, {"asked_on": ["Tanggal tidak boleh sesudah hari ini, 30 September 2026."]}),
            (
                {"asked_on": "5-1-2020"},
                {"asked_on": ["Pendapatan dicatat sejak ia masuk, 6 Januari 2020; tanggal ini sebelumnya."]},
            ),
            (
                {"asked_on": "6-1-2020"},
                {"__all__": ["Pendapatannya pada tanggal itu sudah tercatat. Ubah catatan itu."]},
            ),
            ({"amount": ""}, {"amount": ["Pendapatan keluarga sebulan belum diisi."]}),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, typed, errors, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        assert answer(as_user(operator), member, **typed).context["form"].errors == errors

    def test_an_answer_is_corrected_and_the_recorder_stays(self, member, operator, staff, as_user):
        row = build.income(member, 1_000_000, date(2021, 2, 1), recorded_by=operator)
        as_user(staff).post(reverse("income-edit", args=[row.pk]), ANSWER | {"asked_on": "1-2-2021"})
        row.refresh_from_db()
        assert (row.amount, row.recorded_by) == (1_500_000, operator)


class TestBeforeAndAfter:
    def test_the_members_page_shows_first_and_latest_dated_with_the_difference(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        build.income(member, 900_000, date(2023, 2, 1))
        build.income(member, 1_125_000, date(2026, 2, 1), source="jual telur asin", asked_by="Salmah")
        text = as_user(operator).get(member.get_absolute_url()).content.decode()
        for words in (
            'Selisih</span><span class="val">Rp125.000</span><span class="of">12,5%</span>',
            'Sebelum</span><span class="val">Rp1.000.000</span><span class="of">6 Januari 2020</span>',
            'Sesudah</span><span class="val">Rp1.125.000</span><span class="of">1 Februari 2026</span>',
            "1 Februari 2026, jual telur asin. Ditanya oleh Salmah",
        ):
            assert words in text

    def test_one_answer_is_only_a_before(self, member, operator, as_user):
        build.income(member, 1_000_000, JOINED)
        text = as_user(operator).get(member.get_absolute_url()).content.decode()
        assert "Rp1.000.000" in text
        assert "Selisih" not in text

    def test_who_was_never_asked_is_told_so(self, member, operator, as_user):
        text = as_user(operator).get(member.get_absolute_url()).content.decode()
        assert "Belum pernah ditanya." in text

    def test_a_group_is_the_sum_of_families_asked_twice_by_the_day(self, group):
        rose, fell, once, gone = (build.member(group) for _ in range(4))
        for member, first, latest in ((rose, 1_000_000, 1_500_000), (fell, 800_000, 700_000), (gone, 1, 9)):
            build.income(member, first, JOINED)
            build.income(member, latest, date(2025, 3, 1))
        build.income(rose, 2_000_000, date(2026, 7, 1))  # after the day
        build.income(once, 3_000_000, JOINED)
        Member.objects.filter(pk=gone.pk).update(left_on=date(2026, 6, 30), left_reason="pindah")
        build.group(group.village)
        assert before_and_after([group], date(2026, 6, 30)) == {group.pk: Growth(2, 1_800_000, 2_200_000)}
        assert before_and_after([group], date(2025, 2, 28)) == {}

    def test_any_number_of_groups_costs_one_query(self, group, django_assert_num_queries):
        for number in range(4):
            member = build.member(build.group(group.village))
            build.income(member, 1_000_000 + number, JOINED)
            build.income(member, 1_100_000, date(2025, 3, 1))
        groups = list(type(group).objects.all())
        with django_assert_num_queries(1):
            assert len(before_and_after(groups, date(2026, 6, 30))) == 4


class TestGrowth:
    def test_percent_is_of_summed_rupiah_and_averages_are_half_up(self):
        whole = Growth(1, 1_000_000, 1_500_000) + Growth(1, 3_000_001, 3_000_000)
        assert (whole.difference, whole.percent) == (499_999, Fraction(499_999 * 100, 4_000_001))
        assert (whole.average_before, whole.average_after) == (2_000_001, 2_250_000)

    def test_nothing_to_divide_by_is_no_figure(self):
        assert (Growth(1, 0, 500_000).percent, Growth(1, 0, 500_000).difference) == (None, 500_000)
        assert (Growth().percent, Growth().average_before, Growth().average_after) == (None, None, None)

    def test_money_without_people_cannot_be(self):
        with pytest.raises(ValueError, match="Jumlah tanpa orang tidak mungkin"):
            Growth(0, 1, 0)


class TestList:
    @pytest.fixture(autouse=True)
    def _rows(self, group):
        self.asked, self.once, self.never = (build.member(group, name=name) for name in ("Aminah", "Barsiah", "Citra"))
        build.income(self.asked, 1_000_000, JOINED)
        build.income(self.asked, 1_000_000, date(2026, 2, 1))
        build.income(self.once, 800_000, date(2025, 2, 1))
        build.member(group, name="Dewi", left_on=date(2026, 1, 1), left_reason="pindah")

    def rows(self, client, **asked) -> list[dict]:
        return client.get(reverse("income-list"), asked | {"sort": "name", "format": "json"}).json()["results"]

    def test_it_has_active_members_with_first_latest_and_difference(self, operator, as_user):
        first, second, third = self.rows(as_user(operator))
        assert {key: first[key] for key in first if key.startswith("income")} == {
            "income_before": 1_000_000,
            "income_before_on": "2020-01-06",
            "income_after": 1_000_000,
            "income_after_on": "2026-02-01",
            "income_difference": 0,
        }
        assert (second["income_before"], second["income_after"], second["income_difference"]) == (800_000, None, None)
        assert (third["name"], third["income_before"]) == ("Citra", None)

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ({"asked": "no"}, ["Barsiah", "Citra"]),
            ({"asked": "yes"}, ["Aminah"]),
            ({"year": "2025"}, ["Barsiah"]),
            ({"year": "2020"}, ["Aminah"]),
            ({"q": "cit"}, ["Citra"]),
        ],
    )
    def test_a_filter_narrows_it(self, asked, names, operator, as_user):
        assert [row["name"] for row in self.rows(as_user(operator), **asked)] == names

    def test_no_change_is_a_zero_on_the_screen(self, operator, as_user):
        table = as_user(operator).get(reverse("income-list"), {"q": "Aminah"}).context["table"]
        assert table.rows[0].get_cell("income_difference") == "0"

    def test_a_group_of_another_village_is_no_choice(self, elsewhere, operator, as_user):
        build.income(build.member(build.group(elsewhere), name="Siti"), 1, JOINED)
        assert [row["name"] for row in self.rows(as_user(operator))] == ["Aminah", "Barsiah", "Citra"]


def test_the_same_day_twice_is_refused_by_the_database(member):
    build.income(member, 1, JOINED)
    with pytest.raises(ValidationError):
        HouseholdIncome(member=member, village=member.village, asked_on=JOINED, amount=2).validate_constraints()
