"""The day on which loans fall due is the village's; a group may have its own."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from loans.models import MoneyRules, VillageRules
from loans.rules_services import rules_of
from tests import build
from villages import region_services

NEW = "63.08.03.2998"
START = date(2026, 1, 25)


def first_days(member, on=START):
    loan = build.loan(member, on=on)
    return list(loan.instalments.order_by("number").values_list("due_on", flat=True)[:2])


def days_in_force(group):
    due = rules_of(group).due
    return due.due_day, due.cutoff_day


def set_village(village, due_day=10, cutoff_day=20):
    return VillageRules.objects.create(village=village, due_day=due_day, cutoff_day=cutoff_day)


def set_group(group, **days):
    return MoneyRules.objects.create(group=group, village=group.village, **days)


def test_the_villages_day_holds_for_every_group_of_it(group, elsewhere):
    set_village(group.village)
    set_group(group)  # it agreed on other things, not on a day
    second, stranger = build.group(group.village), build.group(elsewhere)
    for one in (group, second):
        assert first_days(build.member(one)) == [date(2026, 3, 10), date(2026, 4, 10)]
    assert first_days(build.member(stranger)) == [date(2026, 2, 25), date(2026, 3, 25)]


def test_a_group_with_its_own_day_has_its_own_cut_off_day_too(group):
    set_village(group.village)
    set_group(group, due_day=15)
    assert days_in_force(group) == (15, None)
    assert first_days(build.member(group)) == [date(2026, 2, 15), date(2026, 3, 15)]


def test_without_any_day_loans_follow_the_day_of_disbursement(group):
    assert days_in_force(group) == (None, None)
    assert first_days(build.member(group)) == [date(2026, 2, 25), date(2026, 3, 25)]


def test_what_holds_is_read_in_two_queries(group, django_assert_num_queries):
    set_village(group.village)
    with django_assert_num_queries(2):
        rules_of(group)


def test_a_cut_off_day_without_a_due_day_is_refused(group):
    for rules in (VillageRules(village=group.village, cutoff_day=20), MoneyRules(group=group, village=group.village)):
        rules.cutoff_day = 20
        with pytest.raises(ValidationError, match="Isi juga tanggal jatuh temponya, misalnya 10"):
            rules.full_clean()


def test_a_group_keeps_its_old_villages_day_until_the_new_one_says_something(group, regency_admin):
    set_village(group.village)
    facts = {"on": date(2026, 7, 1), "legal_basis": "Perda HSU Nomor 3 Tahun 2026", "by": regency_admin}
    region_services.recode_village(village=group.village, code=NEW, **facts)
    group.refresh_from_db()
    assert (group.village.code, days_in_force(group)) == (NEW, (10, 20))
    set_village(group.village, None, None)
    assert days_in_force(group) == (None, None)


def test_the_operator_sets_the_villages_day(group, operator, as_user):
    client, url = as_user(operator), reverse("village-rules-edit", args=[group.village_id])
    page = client.post(url, {"due_day": "10", "cutoff_day": "20"}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("village-rules", args=[group.village_id])
    assert VillageRules.objects.values_list("village", "due_day", "cutoff_day").get() == (group.village_id, 10, 20)
    client.post(url, {"due_day": "12", "cutoff_day": ""})
    assert VillageRules.objects.values_list("due_day", "cutoff_day").get() == (12, None)
    assert Change.objects.filter(model="loans.villagerules").count() == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"due_day": "32"}, "Isi 1 sampai 31."), ({"cutoff_day": "20"}, "Isi juga tanggal jatuh temponya, misalnya 10")],
)
def test_what_cannot_be_is_told_beside_the_field(typed, words, group, operator, as_user):
    page = as_user(operator).post(reverse("village-rules-edit", args=[group.village_id]), typed)
    assert page.context["form"].errors["due_day"][0].startswith(words)
    assert not VillageRules.objects.exists()


def test_the_villages_page_tells_which_groups_deviate(group, operator, as_user):
    set_village(group.village)
    other = build.group(group.village)
    set_group(other, due_day=15, cutoff_day=28)
    page = as_user(operator).get(reverse("village-rules", args=[group.village_id])).content.decode()
    assert "10 tiap bulan" in page
    assert "tanggal sendiri: 15 tiap bulan, batas cair 28" in page
    assert page.count("menurut aturan desa") == 1
    for one in (group, other):
        assert reverse("money-rules", args=[one.pk]) in page


def test_the_groups_page_tells_where_its_day_is_from(group, operator, as_user):
    client, url = as_user(operator), reverse("money-rules", args=[group.pk])
    set_village(group.village)
    page = client.get(url).content.decode()
    assert "10 tiap bulan, " in page
    assert "menurut aturan desa" in page
    assert reverse("village-rules", args=[group.village_id]) in page
    set_group(group, due_day=15)
    page = client.get(url).content.decode()
    assert "15 tiap bulan, diatur kelompok sendiri" in page
    assert "10 tiap bulan" not in page


def test_the_kabupatens_page_of_the_village_leads_there(group, regency_admin, as_user):
    set_village(group.village)
    page = as_user(regency_admin).get(reverse("region", args=[group.village_id])).content.decode()
    assert reverse("village-rules", args=[group.village_id]) in page
    assert "Tanggal jatuh tempo: 10 tiap bulan, batas cair 20." in page


def test_the_card_of_a_proposal_shows_the_villages_days(group, operator, as_user):
    set_village(group.village, 10, None)
    loan = build.proposal(build.member(group))
    page = as_user(operator).get(loan.get_absolute_url())
    assert {row["row"].due_on.day for row in page.context["rows"]} == {10}
