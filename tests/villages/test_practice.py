"""Desa Latihan: anyone may come in, nobody meets what another typed, and no figure of anyone knows of it."""

import json
import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, Change, ReadToken, User
from loans import receipt_codes
from loans.models import Loan, MonthClosing, Receipt
from reports.calendar_services import calendar_of, last_days
from reports.periods import parse_period
from reports.report_services import draft_of
from seeds import practice
from seeds.practice import PracticeFullError, enter
from tests import build
from tests.access_table import AREAS, ROLES
from tests.reports import build_reports
from up2k_portal import practice_views
from up2k_portal.lib.access import EVERYWHERE, Access, Role
from villages.models import Group, Member, Province, Village
from villages.people_services import is_recorded_elsewhere

HOUR = re.compile(r"\d\d\.\d\d WITA|\d{4}-\d\d-\d\dT[\d:.+-]+")
URL = "/latihan/"
ADDRESS = {"REMOTE_ADDR": "10.0.0.7"}


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


@pytest.fixture
def visitor(db, monkeypatch) -> User:
    """In a place with a story of one month, which is told sooner."""
    monkeypatch.setattr(practice, "MONTHS", 1)
    return enter()


def village_of(user: User) -> Village:
    return Village.objects.get(code=user.assignments.get().area_code)


def gone(user: User) -> None:
    """That she has not been seen for four hours."""
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(hours=4))


class TestEntering:
    def test_one_button_of_the_login_page_leads_into_a_village_at_work(self, client, db):
        assert "Coba dulu di Desa Latihan" in client.get(reverse("login")).content.decode()
        page = client.post(URL, follow=True)
        assert page.redirect_chain == [("/", 302)]
        text = page.content.decode()
        assert "Desa Latihan" in text
        assert "bukan data sungguhan" in text
        assert page.context["next"].act == "Mulai: Lembar setoran"
        assert page.context["figures"][0].value == "Rp5.840.000"

    def test_the_story_has_members_loans_savings_and_closed_months(self, db, django_assert_max_num_queries):
        with django_assert_max_num_queries(1_100):  # 0.7 s on a small machine
            visitor = enter()
        group = Group.objects.get(village=village_of(visitor))
        assert group.members.count() == 12
        assert Loan.objects.filter(group=group, status="disbursed").count() == 5
        assert Loan.objects.filter(group=group, status="proposed").count() == 1
        assert Receipt.objects.filter(group=group).count() == 46  # 4 meetings of 12, without one member twice
        assert list(MonthClosing.objects.filter(group=group).order_by("period").values_list("period", flat=True)) == [
            202605,
            202606,
            202607,
            202608,
        ]

    def test_two_visitors_are_in_two_villages(self, client, visitor):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        other = enter()
        assert village_of(other) != village_of(visitor)
        listed = client.get(reverse("member-list"), {"format": "json"}).json()["results"]
        assert {row["village_code"] for row in listed} == {village_of(visitor).code}

    def test_who_comes_after_a_visitor_that_wrote_nothing_gets_the_same_place(self, client, visitor):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        gone(visitor)
        assert enter() == visitor
        assert client.get("/").status_code == 302  # whoever was there before is signed out

    def test_who_comes_after_a_visitor_that_wrote_gets_another_and_the_group_is_dissolved(self, visitor):
        group = Group.objects.get(village=village_of(visitor))
        build.payment(
            Loan.objects.filter(group=group, status="disbursed").first(), 115_000, date(2026, 9, 30), by=visitor
        )
        gone(visitor)
        assert enter() != visitor
        group.refresh_from_db()
        visitor.refresh_from_db()
        assert (str(group.closed_on), visitor.is_active) == ("2026-09-30", False)
        assert group.receipts.count() == 12  # nothing is ever deleted

    def test_who_left_a_file_to_be_read_wrote_too(self, visitor):
        """Not everything has a history: a row that names her is enough."""
        build_reports.export(village_of(visitor), asked_by=visitor)
        gone(visitor)
        assert enter() != visitor

    def test_a_place_whose_dates_are_long_past_is_not_used_again(self, visitor):
        User.objects.filter(pk=visitor.pk).update(created_at=timezone.now() - timedelta(days=15))
        gone(visitor)
        assert enter() != visitor

    def test_no_more_places_are_made_in_a_day_than_the_ledger_may_keep(self, client, visitor, monkeypatch):
        monkeypatch.setattr(practice, "MOST_A_DAY", 1)
        User.objects.filter(pk=visitor.pk).update(last_login=timezone.now())
        with pytest.raises(PracticeFullError):
            enter()
        page = client.post(URL, follow=True)
        assert "Semua tempat latihan sedang dipakai." in page.content.decode()
        assert not page.wsgi_request.user.is_authenticated

    def test_one_address_comes_in_ten_times_an_hour_at_most(self, client, visitor, monkeypatch):
        monkeypatch.setattr(practice_views, "enter", lambda: visitor)
        statuses = []
        for _ in range(practice_views.PER_HOUR + 1):
            statuses.append(client.post(URL, **ADDRESS).status_code)
            client.logout()
        assert statuses == [302] * 10 + [429]
        assert client.post(URL, REMOTE_ADDR="10.0.0.8").status_code == 302

    def test_whoever_is_signed_in_keeps_her_own_account(self, operator, as_user):
        page = as_user(operator).post(URL, follow=True)
        assert page.wsgi_request.user == operator
        assert "Keluar dulu dari akun ini" in page.content.decode()
        assert not Province.objects.filter(code="00").exists()

    def test_it_is_there_on_a_real_installation_too(self, client, visitor, settings):
        settings.DEMO = False
        gone(visitor)
        assert client.post(URL).status_code == 302
        assert client.get("/").wsgi_request.user == visitor

    def test_no_password_opens_it(self, client, visitor):
        facts = {"username": visitor.username, "password": ""}
        assert client.post(reverse("login"), facts).status_code == 200
        assert not visitor.has_usable_password()


class TestBand:
    def test_every_page_says_so_and_leads_out(self, client, visitor):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        group = Group.objects.get(village=village_of(visitor))
        for url in ("/", reverse("member-list"), reverse("group", args=[group.pk]), reverse("help")):
            assert "Keluar latihan" in client.get(url).content.decode()
        assert client.post("/keluar/").url == reverse("login")
        assert client.get("/").status_code == 302

    def test_a_real_page_says_nothing_of_it(self, operator, as_user):
        assert "Keluar latihan" not in as_user(operator).get("/").content.decode()


class TestDoing:
    def test_she_records_money_as_an_operator_does(self, client, visitor):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        loan = Loan.objects.filter(village=village_of(visitor), status="disbursed").first()
        facts = {"uuid": "5f0c5a5e-7f0e-4e57-8a55-3f6f0a3f7b11", "amount": "115.000", "received_on": "30-9-2026"}
        done = client.post(reverse("payment-add", args=[loan.pk]), facts | {"save": "1"})
        assert done.status_code == 302
        assert Receipt.objects.order_by("-pk")[0].recorded_by == visitor

    def test_she_touches_nothing_outside(self, client, visitor, group, member):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        loan = build.loan(member)
        for name, pk in (("group", group.pk), ("member", member.pk), ("payment-add", loan.pk)):
            assert client.get(reverse(name, args=[pk])).status_code == 404
        assert client.get(reverse("admin:index")).status_code in (302, 403)

    def test_the_portal_keeps_no_pictures_of_strangers(self, visitor):
        group = Group.objects.get(village=village_of(visitor))
        with pytest.raises(ValidationError, match="Di Desa Latihan foto dan berkas tidak disimpan."):
            build.photo(group)

    def test_she_gets_no_token_that_outlives_her_visit(self, client, visitor):
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(reverse("token-add"), {"name": "x", "expires_on": "1-12-2026"}).status_code == 403
        assert ReadToken.objects.count() == 0

    def test_the_report_can_be_tried_and_is_not_late(self, db):
        village, period = village_of(enter()), parse_period("2026-TW2")
        draft = draft_of(village, period)
        assert draft.problem == ""
        assert len(draft.snapshot.groups) == 1
        assert last_days(calendar_of("00.01"), period, [village])[village.pk] == date(2026, 10, 7)


class TestOutsideEveryCount:
    PAGES = (
        "home", "group-list", "member-list", "loan-list", "receipt-list", "saving-list", "voucher-list", "quality",
        "indicators", "report-board", "report-villages", "report-queue", "region-list", "people-doubles", "export",
        "shift-list", "administration", "enterprise-list", "due-exception-list", "admin:index", "search",
        "admin:accounts_user_changelist", "admin:accounts_change_changelist", "admin:villages_village_changelist",
    )  # fmt: skip

    ASKED = {"search"} | {name for name in PAGES if name.startswith("admin:")}

    @pytest.fixture
    def roles(self, group, member):
        """A user of each role, and the first admin who sees everywhere."""
        build.payment(build.loan(member), 115_000, date(2026, 9, 1))
        found = {role: build.user(role, AREAS[role], username=f"one-{role}") for role in ROLES}
        return [*found.values(), build.user(Role.ADMIN, EVERYWHERE, username="first")]

    def figures(self, client, users) -> dict:
        """What every role reads on every page, without the hour and the keys of forms."""
        found = {}
        for user in users:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            for name in self.PAGES:
                answer = client.get(reverse(name), {"q": "Latihan"} if name in self.ASKED else {"format": "json"})
                is_json = answer.get("Content-Type", "").startswith("application/json")
                text = json.dumps(answer.json()) if is_json else words_of(answer)
                found[user.username, name] = HOUR.sub("", text)
        return found

    def test_every_figure_of_every_role_is_the_same_with_and_without_it(self, client, roles):
        before = self.figures(client, roles)
        visitor = enter()
        member = Member.objects.filter(village=village_of(visitor)).first()
        build.payment(build.loan(member, on=date(2026, 9, 1)), 115_000, date(2026, 9, 30), by=visitor)
        after = self.figures(client, roles)
        assert [(key, text, after[key]) for key, text in before.items() if text != after[key]] == []
        assert [key for key, text in after.items() if "Latihan" in text and key[1] not in self.ASKED] == []

    def test_who_sees_everywhere_sees_none_of_its_rows_users_and_changes(self, visitor, operator):
        everywhere = Access(Role.ADMIN, frozenset({EVERYWHERE}))
        for model in (Province, Village, Group, Member, Loan, Receipt):
            assert not model.objects.visible_to(everywhere).filter(pk__in=practice_rows(model)).exists()
        assert list(User.objects.visible_to(everywhere)) == [operator]
        assert not Change.objects.visible_to(everywhere).filter(area_code__startswith="00").exists()
        assert not everywhere.covers("00")
        assert not everywhere.covers(village_of(visitor).code)
        assert everywhere.covers("63.08.03.2014")

    def test_who_sees_everywhere_still_sees_rows_of_no_area_and_her_own_role(self, db):
        first = build.user(Role.ADMIN, EVERYWHERE)
        everywhere = first.access_on(Assignment.objects.get().starts_on)
        assert list(Assignment.objects.visible_to(everywhere)) == list(first.assignments.all())

    def test_a_nik_typed_in_practice_is_no_double_of_a_real_one(self, visitor, member):
        practised = Member.objects.filter(village=village_of(visitor)).first()
        Member.objects.filter(pk=practised.pk).update(nik=member.nik)
        practised.refresh_from_db()
        assert is_recorded_elsewhere(member) is False
        assert is_recorded_elsewhere(practised) is False

    def test_its_kuitansi_is_not_told_to_be_genuine(self, client, visitor, member):
        real = build.payment(build.loan(member), 115_000, date(2026, 9, 1))
        played = Receipt.objects.filter(village=village_of(visitor)).first()
        statuses = [
            client.get(reverse("receipt-check", args=[receipt_codes.code_of(one.pk)])).status_code
            for one in (real, played)
        ]
        assert statuses == [200, 404]


def practice_rows(model):
    return model.objects.in_area("00").values("pk")


def words_of(answer) -> str:
    """The words of a page without the hour, the keys of its forms and what was sent to a person once."""
    text = re.sub(r"<input[^>]*csrf[^>]*>|Per \d[^<]*|value=\"[0-9a-f-]{36}\"", "", answer.content.decode())
    return re.sub(r"<[^>]+>|\s+", " ", text)
