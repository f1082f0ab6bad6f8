"""The admin: the portal's own access in Django's pages, and no way round it."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from accounts import history
from accounts.models import Assignment, Change, User
from enterprises.models import Category, Enterprise, MonthlyResult, Permit, Product
from loans.models import Instalment, Loan, Receipt, ReceiptPart
from tests import build
from tests.enterprises.build import with_details
from tests.loans import build_life, build_surplus
from tests.reports import build_reports
from tests.test_templates import INLINE
from up2k_portal.lib.access import Role
from villages.models import (
    Group,
    GroupAssessment,
    HouseholdIncome,
    LegalStatus,
    Member,
    Officer,
    Poklak,
    Regency,
    Village,
)

OUTSIDE = "63.09.01.2001"  # another kabupaten
NIK = build.nik(9001)


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def rows_of(answer) -> list[str]:
    return [str(row) for row in answer.context["cl"].result_list]


def sheet_of(answer) -> list[tuple]:
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    answer.close()
    return list(book.worksheets[0].iter_rows(min_row=4, values_only=True))


@pytest.fixture
def foreign_member(elsewhere):
    return build.member(build.group(elsewhere, name="UP2K Mawar"), name="Siti Foreign", nik=NIK)


@pytest.fixture
def paid_loan(member):
    loan = build.loan(member)
    build.payment(loan, 115_000, date(2026, 2, 28))
    return loan


class TestWhoComesIn:
    def test_nobody_is_sent_to_the_portals_own_door_and_back(self, client, db):
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1] == ("/masuk/?next=/admin/", 302)

    def test_the_admins_own_login_form_does_not_exist(self, client, db):
        answer = client.post("/admin/login/?next=/admin/villages/group/", {"username": "a", "password": "b"})
        assert (answer.status_code, answer["Location"]) == (302, "/masuk/?next=/admin/villages/group/")

    @pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/villages/member/", "/admin/jsi18n/"])
    def test_an_operator_is_refused(self, as_user, operator, path):
        assert as_user(operator).get(path).status_code == 403

    def test_the_province_is_refused(self, as_user, province_reader):
        assert as_user(province_reader).get("/admin/").status_code == 403

    def test_a_closed_assignment_counts_at_once(self, as_user, staff):
        client = as_user(staff)
        assert client.get("/admin/").status_code == 200
        staff.assignments.update(ends_on=date(2026, 9, 29))
        assert client.get("/admin/").status_code == 403

    def test_who_is_signed_in_is_not_asked_again(self, as_user, staff):
        assert as_user(staff).get("/admin/login/")["Location"] == "/admin/"

    def test_the_password_is_changed_on_the_portals_page(self, as_user, staff):
        assert as_user(staff).get("/admin/password_change/")["Location"] == reverse("password")


class TestIndex:
    def test_it_shows_five_figures_and_the_workbook(self, as_user, staff, paid_loan):
        answer = as_user(staff).get("/admin/")
        figures = [(one.label, one.value) for one in answer.context["figures"]]
        assert figures == [
            ("Kelompok UP2K", "1"),
            ("Anggota aktif", "1"),
            ("Saldo pinjaman", "Rp900.000"),
            ("Tunggakan", "Rp690.000"),
            ("RR (pokok kembali)", "12,5%"),
        ]
        assert 'href="/ekspor/"' in answer.content.decode()

    def test_a_kecamatan_counts_only_its_own(self, as_user, district_officer, paid_loan, foreign_member):
        figures = as_user(district_officer).get("/admin/").context["figures"]
        assert (figures[0].value, figures[1].value) == ("1", "1")

    def test_it_lists_reports_then_money_and_users_for_the_admin_alone(self, as_user, regency_admin, staff):
        apps = [one["app_label"] for one in as_user(regency_admin).get("/admin/").context["app_list"]]
        assert apps == ["reports", "loans", "enterprises", "villages", "accounts"]
        users = as_user(staff).get("/admin/").context["app_list"][-1]
        assert [model["object_name"] for model in users["models"]] == ["Attachment", "Change"]

    def test_nothing_can_be_deleted_anywhere(self, as_user, regency_admin):
        apps = as_user(regency_admin).get("/admin/").context["app_list"]
        assert {model["perms"]["delete"] for app in apps for model in app["models"]} == {False}


def rows_of_every_model() -> None:
    group = build.group(build.village(), name="UP2K As Syifa")
    member = build.member(group, name="Norhasanah")
    loan = build.loan(member)
    build.payment(loan, 115_000, date(2026, 2, 28))
    staff = build.user(Role.STAFF, "63.08", name="Noor Hayati")
    build_life.rows_for_admin(loan)
    build_surplus.rows_for_admin(member)
    build.poklak(group)
    with_details(build.enterprise(member))
    build.meeting(group, present=[member], guests=["Noor"])
    build.item(group)
    build.letter(group)
    build.assessment(group, "MADYA", date(2024, 5, 1))
    build.officer(group)
    build.legal_status(group)
    build.income(member)
    build.decision(member, build.member(group))
    history.save(build.group(name="UP2K Mawar"), by=staff)
    build.photo(member)
    build.bulk_entry(group)
    build_reports.calendar_rows(group.village, staff)
    build.team_officer()
    build.placement(group, build.village("63.08.03.2001"), date(2020, 12, 31))


@pytest.fixture(scope="module")
def a_row_of_each(keep_rows):
    yield from keep_rows(rows_of_every_model)


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
class TestEveryModel:
    @pytest.fixture
    def client(self, as_user, db):
        return as_user(build.user(Role.ADMIN, "*"))

    # With rows of its own: on PostgreSQL a list that is streamed as Excel ends the connection of kept ones.
    def test_its_list_search_and_excel_open(self, client, model):
        rows_of_every_model()
        assert client.get(url(model)).status_code == 200
        assert client.get(url(model), {"q": "as 63"}).status_code == 200
        answer = client.get(url(model, "download"))
        assert answer.status_code == 200
        assert len(sheet_of(answer)[0]) == len(admin.site.get_model_admin(model).list_display)

    def test_its_record_tells_all_it_has(self, client, a_row_of_each, model):
        answer = client.get(url(model, "change", model.objects.first().pk))
        assert answer.status_code == 200
        assert "None" not in answer.content.decode()

    def test_its_pages_keep_to_the_strict_content_policy(self, client, a_row_of_each, model):
        pk = model.objects.first().pk
        for page in (url(model), url(model, "change", pk), url(model, "history", pk), url(model, "add")):
            answer = client.get(page)
            assert INLINE.findall(answer.content.decode()) == []
            assert "unsafe" not in answer["Content-Security-Policy"]

    def test_a_row_that_is_not_there_is_not_found(self, client, model):
        assert [client.get(url(model, page, 999_999)).status_code for page in ("change", "history")] == [
            404,
            404,
        ]

    def test_a_lookup_that_the_page_does_not_offer_is_refused(self, client, model):
        for lookup in ("pk__gt", "id__in", "loan__member__nik__startswith", "password__startswith", "x"):
            assert client.get(url(model), {lookup: "3"}).status_code == 400

    def test_no_choice_is_a_list_of_rows(self, client, model):
        answer = client.get(url(model, "add"))
        if answer.status_code == 200:
            form = answer.context["adminform"].form
            rows = [one for one in form.fields.values() if hasattr(one, "queryset")]
            assert {type(one.widget).__name__ for one in rows} <= {"AutocompleteSelect"}


class TestScope:
    @pytest.fixture(autouse=True)
    def _rows(self, member, foreign_member, paid_loan):
        self.member, self.foreign = member, foreign_member

    def test_a_kecamatan_sees_only_its_own(self, as_user, district_officer):
        client = as_user(district_officer)
        assert rows_of(client.get(url(Member))) == ["Norhasanah"]
        assert rows_of(client.get(url(Group))) == ["UP2K As Syifa"]
        assert rows_of(client.get(url(Village))) == ["Desa Pandulangan — Kec. Sungai Pandan"]

    def test_staff_see_the_whole_kabupaten(self, as_user, staff):
        assert rows_of(as_user(staff).get(url(Member))) == ["Norhasanah", "Siti Foreign"]

    @pytest.mark.parametrize("page", ["change", "history"])
    def test_anothers_row_does_not_exist(self, as_user, district_officer, page):
        client = as_user(district_officer)
        foreign, missing = (client.get(url(Member, page, pk)) for pk in (self.foreign.pk, 999_999))
        assert (foreign.status_code, missing.status_code) == (404, 404)

    def test_no_other_column_names_a_row(self, as_user, staff):
        client = as_user(staff)
        assert client.get(url(Member, "change", NIK), {"_to_field": "nik"}).status_code == 400
        assert client.get(url(Member), {"_to_field": "nik", "_popup": "1"}).status_code == 400

    def test_the_way_to_the_portals_page_of_any_row_is_closed(self, as_user, staff):
        assert as_user(staff).get(f"/admin/r/1/{self.member.pk}/").status_code == 404

    def test_anothers_row_is_not_searched_for_a_name(self, as_user, district_officer):
        client = as_user(district_officer)
        assert rows_of(client.get(url(Member), {"q": "Siti"})) == []
        assert rows_of(client.get(url(Member), {"q": NIK})) == []

    def test_a_nik_is_found_whole_or_not_at_all(self, as_user, staff):
        client = as_user(staff)
        assert rows_of(client.get(url(Member), {"q": NIK})) == ["Siti Foreign"]
        assert rows_of(client.get(url(Member), {"q": NIK[:15]})) == []

    def test_the_action_takes_no_foreign_row(self, as_user, district_officer):
        data = {"action": "download", "index": "0", "_selected_action": [self.member.pk, self.foreign.pk]}
        rows = sheet_of(as_user(district_officer).post(url(Member), data))
        assert [row[0] for row in rows] == ["Nama", "Norhasanah"]

    def test_all_across_pages_is_all_of_the_own(self, as_user, district_officer):
        data = {
            "action": "download",
            "index": "0",
            "select_across": "1",
            "_selected_action": [self.member.pk],
        }
        rows = sheet_of(as_user(district_officer).post(url(Member), data))
        assert [row[0] for row in rows] == ["Nama", "Norhasanah"]

    def test_the_region_filter_names_only_what_lies_within(self, as_user, staff, district_officer):
        filters = as_user(staff).get(url(Member)).context["cl"].filter_specs
        assert dict(filters[0].lookup_choices) == {
            "63.08.03": "Kec. Sungai Pandan",
            "63.08.07": "Kec. Banjang",
        }
        client = as_user(district_officer)
        assert "Banjang" not in client.get(url(Member)).content.decode()
        assert rows_of(client.get(url(Member), {"wilayah": "63.08.07"})) == []

    def test_the_region_filter_goes_down_level_by_level(self, as_user, staff):
        answer = as_user(staff).get(url(Member), {"wilayah": "63.08.07"})
        choices = list(answer.context["cl"].filter_specs[0].choices(answer.context["cl"]))
        assert [(one["display"], one["selected"]) for one in choices] == [
            ("Semua", False),
            ("Kabupaten Hulu Sungai Utara", False),
            ("Kec. Banjang", True),
            ("Desa Pandulangan — Kec. Banjang", False),
        ]
        assert rows_of(answer) == ["Siti Foreign"]

    @pytest.mark.parametrize("value", ["63.08.07%", "\x00", "x", ""])
    def test_a_region_that_is_none_finds_nothing(self, as_user, staff, value):
        assert rows_of(as_user(staff).get(url(Member), {"wilayah": value})) == []

    def test_autocomplete_offers_the_own_and_says_where(self, as_user, staff, district_officer):
        asked = {"app_label": "villages", "model_name": "member", "field_name": "group", "term": "UP2K"}
        results = as_user(staff).get("/admin/autocomplete/", asked).json()["results"]
        assert [one["text"] for one in results] == [
            "UP2K As Syifa — Desa Pandulangan — Kec. Sungai Pandan",
            "UP2K Mawar — Desa Pandulangan — Kec. Banjang",
        ]
        assert as_user(district_officer).get("/admin/autocomplete/", asked).json()["results"] == []
        Village.objects.update(is_assisted=True)
        assisted = as_user(district_officer).get("/admin/autocomplete/", asked).json()["results"]
        assert [one["text"] for one in assisted] == ["UP2K As Syifa — Desa Pandulangan — Kec. Sungai Pandan"]

    def test_autocomplete_of_a_field_that_no_form_has_tells_nothing(self, as_user, staff):
        asked = {"app_label": "loans", "model_name": "receipt", "field_name": "member", "term": ""}
        assert as_user(staff).get("/admin/autocomplete/", asked).json()["results"] == []


# The session, the user, her access, her place; the filter's regions; count, dates (two), rows.
QUERIES = {
    Group: 10, Member: 10, Loan: 10, Receipt: 10, Instalment: 10, Enterprise: 11, Product: 8, Permit: 10,
    MonthlyResult: 8, Village: 8, User: 9, Change: 8,
}  # fmt: skip


@pytest.mark.parametrize("model", QUERIES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("groups", [1, 3])
def test_a_list_costs_the_same_for_one_group_and_for_three(
    as_user, regency_admin, django_assert_num_queries, model, groups
):
    for number in range(groups):
        one = build.member(build.group(build.village(f"63.08.03.20{number + 14}")))
        with_details(build.enterprise(one))
        build.payment(build.loan(one), 115_000, date(2026, 2, 28))
    client = as_user(regency_admin)
    with django_assert_num_queries(QUERIES[model]):
        client.get(url(model))


class TestNik:
    @pytest.fixture(autouse=True)
    def _row(self, foreign_member):
        self.member = foreign_member

    def test_it_stands_whole_on_her_own_page_alone(self, as_user, staff):
        client = as_user(staff)
        data = member_data(self.member) | {"phone": "0812"}
        assert client.post(url(Member, "change", self.member.pk), data).status_code == 302
        assert NIK in client.get(url(Member, "change", self.member.pk)).content.decode()
        for page in (url(Member), url(Member, "history", self.member.pk), url(Change)):
            assert NIK not in client.get(page).content.decode()
        assert "••••9001" in client.get(url(Member)).content.decode()

    def test_the_sheet_has_its_last_four_digits(self, as_user, staff):
        rows = sheet_of(as_user(staff).get(url(Member, "download")))
        assert [row[4] for row in rows] == ["NIK", "••••9001"]


def member_data(member, **changes) -> dict:
    names = ("name", "nik", "nik_missing_reason", "sex", "welfare")
    return {
        "group": member.group_id,
        "joined_on": "06-01-2020",
        **{name: getattr(member, name) for name in names},
    } | changes


class TestWriting:
    def test_every_save_leaves_one_change_and_no_other_log(self, as_user, staff, member):
        data = member_data(member, name="Norhasanah binti Ali", address="RT 02")
        answer = as_user(staff).post(url(Member, "change", member.pk), data)
        assert answer.status_code == 302
        change = Change.objects.get()
        assert (change.user, change.object_name, change.area_code) == (
            staff,
            "Norhasanah binti Ali",
            member.village.code,
        )
        assert (change.before["alamat"], change.after["alamat"]) == ("", "RT 02")
        assert not LogEntry.objects.exists()

    def test_a_month_takes_its_group_and_village_from_its_enterprise(self, as_user, staff, member):
        enterprise = build.enterprise(member)
        data = {"enterprise": enterprise.pk, "period": "202608", "turnover": "500.000", "cost": "0"}
        assert as_user(staff).post(url(MonthlyResult, "add"), data).status_code == 302
        made = MonthlyResult.objects.get()
        assert (made.group, made.village, made.turnover) == (member.group, member.village, 500_000)

    def test_a_save_that_changes_nothing_leaves_nothing(self, as_user, staff, member):
        client = as_user(staff)
        page = client.get(url(Member, "change", member.pk))
        form = page.context["adminform"].form
        data = {name: form[name].value() or "" for name in form.fields}
        data |= {name: form.fields[name].prepare_value(value) for name, value in data.items() if name.endswith("_on")}
        data["birth_date"] = form.fields["birth_date"].prepare_value(data["birth_date"])
        assert client.post(url(Member, "change", member.pk), data).status_code == 302
        assert not Change.objects.exists()

    def test_a_new_row_stands_in_the_village_of_its_group(self, as_user, staff, group):
        data = {
            "group": group.pk,
            "name": "Melati",
            "business": "",
            "formed_on": "310126",
            "dissolved_on": "",
        }
        assert as_user(staff).post(url(Poklak, "add"), data).status_code == 302
        made = Poklak.objects.get()
        assert (made.village, made.formed_on) == (group.village, date(2026, 1, 31))
        assert Change.objects.get().kind == "created"

    def test_a_row_keeps_its_group_whatever_is_sent(self, as_user, staff, member, elsewhere):
        other = build.group(elsewhere)
        data = member_data(member, group=other.pk, village=elsewhere.pk, name="Baru")
        assert as_user(staff).post(url(Member, "change", member.pk), data).status_code == 302
        member.refresh_from_db()
        assert (member.name, member.group, member.village) == ("Baru", member.group, member.group.village)
        assert member.group != other

    def test_a_foreign_group_is_no_choice(self, as_user, staff):
        foreign = build.group(build.village(OUTSIDE))
        data = {"group": foreign.pk, "name": "Melati"}
        answer = as_user(staff).post(url(Poklak, "add"), data)
        assert list(answer.context["adminform"].form.errors) == ["group"]
        assert not Poklak.objects.exists()

    def test_a_foreign_poklak_is_no_choice(self, as_user, staff, member):
        foreign = build.poklak(build.group(build.village(OUTSIDE)))
        data = member_data(member, poklak=foreign.pk)
        answer = as_user(staff).post(url(Member, "change", member.pk), data)
        assert list(answer.context["adminform"].form.errors) == ["poklak"]

    def test_a_foreign_row_cannot_be_written(self, as_user, staff):
        foreign = build.member(build.group(build.village(OUTSIDE)))
        answer = as_user(staff).post(url(Member, "change", foreign.pk), member_data(foreign, name="Baru"))
        assert answer.status_code == 404
        foreign.refresh_from_db()
        assert foreign.name != "Baru"

    def test_a_nik_twice_in_a_group_is_a_sentence_not_a_crash(self, as_user, staff, member):
        other = build.member(member.group)
        data = member_data(member, nik=other.nik)
        form = as_user(staff).post(url(Member, "change", member.pk), data).context["adminform"].form
        assert form.non_field_errors() == ["NIK ini sudah dipakai anggota lain di kelompok yang sama."]

    def test_a_kecamatan_writes_only_where_it_assists(self, as_user, district_officer, member):
        client = as_user(district_officer)
        data = member_data(member, name="Baru")
        assert client.post(url(Member, "change", member.pk), data).status_code == 403
        Village.objects.filter(pk=member.village_id).update(is_assisted=True)
        assert client.post(url(Member, "change", member.pk), data).status_code == 302

    @pytest.mark.parametrize("model", [Loan, Instalment, Receipt, ReceiptPart, Change], ids=lambda one: one.__name__)
    def test_money_and_history_are_read_only(self, as_user, regency_admin, paid_loan, group, model):
        client = as_user(regency_admin)
        history.save(group, by=regency_admin)
        row = model.objects.first()
        assert client.get(url(model, "change", row.pk)).status_code == 200
        codes = [
            client.post(url(model, "change", row.pk), {"amount": "1"}).status_code,
            client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code,
            client.get(url(model, "add")).status_code,
            client.post(url(model, "add"), {"amount": "1"}).status_code,
        ]
        assert codes == [403, 403, 403, 403]

    def test_amounts_read_as_rupiah(self, as_user, staff, paid_loan):
        client = as_user(staff)
        assert '<span class="num">1.000.000</span>' in client.get(url(Loan)).content.decode()
        assert "Rp1.000.000" in client.get(url(Loan, "change", paid_loan.pk)).content.decode()

    def test_the_sheet_of_loans_sums_what_was_lent(self, as_user, staff, paid_loan):
        rows = sheet_of(as_user(staff).get(url(Loan, "download")))
        assert (rows[0][2], rows[1][2]) == ("Pokok", 1_000_000)
        assert rows[2] == ("Jumlah", None, "=SUM(C5:C5)", None, None, None, None, None)

    def test_a_level_is_given_on_the_groups_page_and_stays(self, as_user, staff, group):
        client = as_user(staff)
        data = group_data(group) | assessment_data(level="MADYA")
        assert client.post(url(Group, "change", group.pk), data).status_code == 302
        made = GroupAssessment.objects.get()
        assert (made.level, made.village) == ("MADYA", group.village)
        assert client.post(url(GroupAssessment, "change", made.pk), {"level": "UTAMA"}).status_code == 403
        assert [row.level for row in client.get(url(Group)).context["cl"].result_list] == ["MADYA"]

    def test_a_district_officer_gives_no_level(self, as_user, district_officer, group):
        Village.objects.update(is_assisted=True)
        data = group_data(group) | assessment_data(level="MADYA")
        assert as_user(district_officer).post(url(Group, "change", group.pk), data).status_code == 403

    def test_an_officer_is_entered_but_never_two_at_once(self, as_user, staff, group):
        client = as_user(staff)
        data = {"group": group.pk, "office": "ketua", "name": "Hj. Rusdiana", "since": "01-01-2020", "until": ""}
        assert client.post(url(Officer, "add"), data).status_code == 302
        made = Officer.objects.get()
        assert (made.name, made.village) == ("Hj. Rusdiana", group.village)
        answer = client.post(url(Officer, "add"), data | {"name": "Aminah", "since": "01-01-2021"})
        assert answer.context["adminform"].form.errors["office"] == [
            "Ketua Hj. Rusdiana sudah menjabat sejak 1 Januari 2020. Dua orang sekaligus tidak boleh."
        ]

    def test_a_legal_status_is_given_on_the_groups_page(self, as_user, staff, group):
        row = {"status": "cooperative", "since": "01-07-2026", "number": "0107/BH/2026", "note": ""}
        data = group_data(group) | inlines(legal_statuses=1)
        data |= {f"legal_statuses-0-{name}": value for name, value in row.items()}
        assert as_user(staff).post(url(Group, "change", group.pk), data).status_code == 302
        made = LegalStatus.objects.get()
        assert (made.status, made.since, made.village) == ("cooperative", date(2026, 7, 1), group.village)

    def test_an_income_says_who_recorded_it_first(self, as_user, staff, regency_admin, member):
        data = {"member": member.pk, "amount": "1.250.000", "asked_on": "01-09-2026", "asked_by": "Salmah"}
        assert as_user(staff).post(url(HouseholdIncome, "add"), data).status_code == 302
        made = HouseholdIncome.objects.get()
        as_user(regency_admin).post(url(HouseholdIncome, "change", made.pk), data | {"amount": "1.300.000"})
        made.refresh_from_db()
        assert (made.amount, made.recorded_by, made.village) == (1_300_000, staff, member.village)

    def test_a_corrected_joining_day_takes_the_income_told_then_along(self, as_user, staff, member):
        build.income(member)
        as_user(staff).post(url(Member, "change", member.pk), member_data(member, joined_on="02-01-2020"))
        assert HouseholdIncome.objects.get().asked_on == date(2020, 1, 2)


def group_data(group) -> dict:
    return {"name": group.name, "programme": "up2k", "initials": "AS", "founded_on": "02-01-2010"}


def assessment_data(**fields) -> dict:
    row = {"assessed_on": "01-09-2026", "assessor": "Mastura", "reason": "Buku lengkap"} | fields
    return inlines(assessments=1) | {f"assessments-0-{name}": value for name, value in row.items()}


def inlines(**added) -> dict:
    """What a browser sends of the tables on a group's page, with so many new rows each."""
    tables = {"officers": 0, "assessments": 0, "legal_statuses": 0} | added
    totals = {f"{name}-TOTAL_FORMS": str(count) for name, count in tables.items()}
    return totals | {f"{name}-INITIAL_FORMS": "0" for name in tables}


class TestRegions:
    def test_staff_only_read_them(self, as_user, staff, pandulangan):
        answer = as_user(staff).post(url(Village, "change", pandulangan.pk), {"is_assisted": "on"})
        assert answer.status_code == 403

    def test_the_admin_marks_a_village_as_assisted(self, as_user, regency_admin, pandulangan):
        data = {"code": pandulangan.code, "name": "Pandulangan", "kind": "2", "is_assisted": "on"}
        assert as_user(regency_admin).post(url(Village, "change", pandulangan.pk), data).status_code == 302
        assert Village.objects.get().is_assisted

    @pytest.mark.parametrize(
        ("code", "fault"),
        [
            (OUTSIDE, f"Kode {OUTSIDE} di luar wilayah Anda."),
            ("63.08.07.2099", "Kode harus mulai dengan 63.08.03, kode Kec. Sungai Pandan."),
        ],
    )
    def test_a_code_stays_below_its_kecamatan(self, as_user, regency_admin, pandulangan, code, fault):
        data = {"code": code, "name": "Pandulangan", "kind": "2"}
        answer = as_user(regency_admin).post(url(Village, "change", pandulangan.pk), data)
        assert answer.context["adminform"].form.errors["code"] == [fault]

    def test_the_limit_of_operators_is_typed_as_rupiah(self, as_user, regency_admin, pandulangan):
        regency = pandulangan.district.regency
        data = {"code": "63.08", "name": regency.name, "operator_limit": "Rp7.500.000"}
        assert as_user(regency_admin).post(url(Regency, "change", regency.pk), data).status_code == 302
        regency.refresh_from_db()
        assert regency.operator_limit == 7_500_000

    def test_a_kind_of_business_is_the_admins(self, as_user, staff, regency_admin):
        data = {"name": "Pengeringan ikan haruan"}
        assert as_user(staff).post(url(Category, "add"), data).status_code == 403
        assert as_user(regency_admin).post(url(Category, "add"), data).status_code == 302


def new_user(role="operator", area_code=build.PANDULANGAN, **fields) -> dict:
    return {
        "username": "63.08.03.2014",
        "name": "Rahmah",
        "password1": "kuini-manis-7",
        "password2": "kuini-manis-7",
        "assignments-TOTAL_FORMS": "1",
        "assignments-INITIAL_FORMS": "0",
        "assignments-0-role": role,
        "assignments-0-area_code": area_code,
        "assignments-0-starts_on": "01-09-2026",
    } | fields


class TestUsers:
    def test_only_the_admin_sees_them(self, as_user, staff, district_officer):
        for user in (staff, district_officer):
            client = as_user(user)
            assert client.get(url(User)).status_code == 403
            assert client.get(url(User, "change", staff.pk)).status_code in (403, 404)
            assert client.post(url(User, "add"), new_user()).status_code == 403
            assert client.get(url(Assignment)).status_code == 403

    def test_the_admin_makes_an_operator_with_her_village(self, as_user, regency_admin, pandulangan):
        answer = as_user(regency_admin).post(url(User, "add"), new_user())
        made = User.objects.get(username="63.08.03.2014")
        assert answer["Location"] == url(User)
        assert made.check_password("kuini-manis-7")
        assert [str(one) for one in made.assignments.all()] == ["Operator desa/kelurahan 63.08.03.2014"]
        changes = Change.objects.values_list("object_name", "kind")
        assert sorted(changes) == [
            ("Operator desa/kelurahan 63.08.03.2014", "created"),
            ("Rahmah", "created"),
        ]
        assert "argon2" not in json.dumps(list(Change.objects.values("before", "after")))

    @pytest.mark.parametrize(
        ("role", "code", "fault"),
        [
            ("operator", OUTSIDE, f"Wilayah {OUTSIDE} di luar wilayah Anda. Pakai kode di dalam 63.08."),
            ("admin", "*", "Wilayah * di luar wilayah Anda. Pakai kode di dalam 63.08."),
            ("province", "63", "Wilayah 63 di luar wilayah Anda. Pakai kode di dalam 63.08."),
            ("province", "63.08", "Provinsi memakai kode provinsi, misalnya 63."),
            ("operator", "63.08.03", "Operator desa/kelurahan memakai kode desa, misalnya 63.08.03.2014."),
            (
                "operator",
                "63.08.03.2999",
                "Tidak ada wilayah berkode 63.08.03.2999. Cari kodenya di daftar wilayah.",
            ),
        ],
    )
    def test_no_one_gives_more_than_she_has(self, as_user, regency_admin, pandulangan, role, code, fault):
        build.village(OUTSIDE)
        answer = as_user(regency_admin).post(url(User, "add"), new_user(role, code))
        formset = answer.context["inline_admin_formsets"][0].formset
        assert formset.errors == [{"area_code": [fault]}]
        assert not User.objects.filter(username="63.08.03.2014").exists()

    def test_a_user_without_an_area_is_not_made(self, as_user, regency_admin, pandulangan):
        data = new_user("", "") | {"assignments-0-starts_on": ""}
        assert as_user(regency_admin).post(url(User, "add"), data).status_code == 200
        assert not User.objects.filter(username="63.08.03.2014").exists()

    def test_a_weak_password_is_refused(self, as_user, regency_admin, pandulangan):
        data = new_user(password1="12345678", password2="12345678")
        errors = as_user(regency_admin).post(url(User, "add"), data).context["adminform"].form.errors
        assert list(errors) == ["password2"]

    def test_two_roles_at_once_are_refused(self, as_user, regency_admin, pandulangan):
        second = {"role": "district", "area_code": "63.08.03", "starts_on": "01-09-2026"}
        data = new_user() | {f"assignments-1-{name}": value for name, value in second.items()}
        answer = as_user(regency_admin).post(url(User, "add"), data | {"assignments-TOTAL_FORMS": "2"})
        formset = answer.context["inline_admin_formsets"][0].formset
        assert formset.non_form_errors() == ["Seorang pengguna hanya boleh punya satu peran pada satu waktu."]

    def test_a_user_of_another_kabupaten_does_not_exist(self, as_user, regency_admin):
        foreign = build.user(Role.STAFF, "63.09")
        client = as_user(regency_admin)
        pages = [url(User, page, foreign.pk) for page in ("change", "history", "password")]
        assert [client.get(page).status_code for page in pages] == [404, 404, 404]

    def test_who_serves_beyond_the_own_area_is_not_hers_to_change(self, as_user, regency_admin):
        wider = build.user(Role.ADMIN, "63.08", "*")
        client = as_user(regency_admin)
        new = {"new_password1": "kuini-manis-7", "new_password2": "kuini-manis-7"}
        assert client.post(url(User, "password", wider.pk), new).status_code == 403
        assert client.post(url(User, "change", wider.pk), {"name": "Baru"}).status_code == 403

    def test_a_new_password_is_noted_and_never_shown(self, as_user, regency_admin, operator):
        client = as_user(regency_admin)
        new = {"new_password1": "kuini-manis-7", "new_password2": "kuini-manis-7"}
        assert client.get(url(User, "password", operator.pk)).status_code == 200
        assert client.post(url(User, "password", operator.pk), new).status_code == 302
        operator.refresh_from_db()
        assert operator.check_password("kuini-manis-7")
        change = Change.objects.get()
        assert change.summary_lines == ["kata sandi: yang lama → yang baru"]
        page = client.get(url(User, "history", operator.pk)).content.decode()
        assert "kata sandi: yang lama → yang baru" in page
        assert operator.password not in client.get(url(User, "change", operator.pk)).content.decode()


def test_the_history_of_a_row_says_who_when_and_what(as_user, staff, member):
    client = as_user(staff)
    client.post(url(Member, "change", member.pk), member_data(member, name="Norhasanah binti Ali"))
    answer = client.get(url(Member, "history", member.pk))
    lines = [line for change in answer.context["changes"] for line in change.summary_lines]
    assert "nama: Norhasanah → Norhasanah binti Ali" in lines
    assert "Noor Hayati" in answer.content.decode()
