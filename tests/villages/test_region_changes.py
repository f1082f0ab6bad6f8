"""Villages change: old reports stay as they were, every row follows its group, the new code's people see it."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Assignment, Change
from loans.models import Loan, Receipt, ReceiptPart
from reports.figures import live_report
from reports.periods import parse_period
from reports.rows import fingerprint
from seeds import regions
from seeds.regions import load_regions
from tests import build
from tests.test_lists import queries_of, sheet_of
from up2k_portal.lib.access import Role
from villages import region_services as verbs
from villages.models import Group, GroupPlacement, Member, RegionChange, Village
from villages.models.placements import below_group, names_on

NEW = "63.08.03.2998"
BEFORE, AFTER = parse_period("2026-TW1"), parse_period("2026-TW3")  # ends on 31 March, 30 September
ON = date(2026, 7, 1)
LAW = "Perda HSU Nomor 3 Tahun 2026"


def report(area="63.08", period=BEFORE):
    return live_report(area_code=area, period=period, made_by="Rahmah", made_at="1 April 2026, 10.00 WITA")


def audit() -> str:
    said = StringIO()
    call_command("audit_scope", stdout=said)
    return said.getvalue()


@pytest.fixture
def facts(regency_admin):
    return {"on": ON, "legal_basis": LAW, "by": regency_admin}


@pytest.fixture(scope="module")
def made(keep_rows):
    """Two groups with money in one village, one in another, and a village without any."""

    def make():
        here, elsewhere = build.village(), build.village(build.OTHER_PANDULANGAN)
        build.village("63.08.03.2001")
        groups = [build.group(here, name=name) for name in ("UP2K Anggrek", "UP2K Mawar")]
        groups.append(build.group(elsewhere, name="UP2K Kenanga"))
        for group in groups:
            build.assessment(group, "MADYA", date(2020, 1, 1))
            build.poklak(group)
            member = build.member(group)
            build.enterprise(member)
            build.payment(build.loan(member), 115_000, date(2026, 3, 1))
        return groups

    yield from keep_rows(make)


@pytest.fixture
def busy(made, db):
    return deepcopy(made)


def rename(busy, facts):
    return verbs.rename_village(village=busy[0].village, name="Pandulangan Raya", **facts)


def recode(busy, facts):
    return verbs.recode_village(village=busy[0].village, code=NEW, **facts)


def merge_into_another(busy, facts):
    return verbs.merge_villages(villages=[busy[0].village], code=build.OTHER_PANDULANGAN, **facts)


def merge_into_a_new_one(busy, facts):
    return verbs.merge_villages(villages=[busy[0].village, busy[2].village], code=NEW, name="Bersama", **facts)


def split_that_stays(busy, facts):
    return verbs.split_village(village=busy[0].village, code=NEW, name="Mekar", groups=[busy[1]], **facts)


def split_that_ends(busy, facts):
    return verbs.split_village(village=busy[0].village, code=NEW, name="Mekar", groups=busy[:2], ends=True, **facts)


CHANGES = (rename, recode, merge_into_another, merge_into_a_new_one, split_that_stays, split_that_ends)
AREAS = ("63", "63.08", "63.08.03", "63.08.07", build.PANDULANGAN, build.OTHER_PANDULANGAN)


@pytest.mark.parametrize("change", CHANGES)
def test_reports_of_a_day_before_the_change_stay_the_same(change, busy, facts):
    before = {area: report(area) for area in AREAS}
    change(busy, facts)
    after = {area: report(area) for area in AREAS}
    assert after == before
    assert {area: fingerprint(after[area]) for area in AREAS} == {area: fingerprint(before[area]) for area in AREAS}
    assert [len(before[area].groups) for area in AREAS] == [3, 3, 2, 1, 2, 1]


@pytest.mark.parametrize("change", CHANGES)
def test_the_last_old_day_is_old_and_the_first_new_day_is_new(change, busy, facts):
    day_before, first = (replace(BEFORE, last=day) for day in (date(2026, 6, 30), ON))
    old, new = report(period=day_before), report(period=first)
    change(busy, facts)
    assert report(period=day_before) == old
    assert report(period=first).groups != new.groups


@pytest.mark.parametrize("change", CHANGES)
def test_no_rupiah_and_no_group_is_lost_in_a_report_after_the_change(change, busy, facts):
    def sums():
        rows = report(period=AFTER).groups
        return sorted((row.group_name, row.members, row.balance, row.principal_due, row.level) for row in rows)

    before = sums()
    change(busy, facts)
    assert sums() == before


@pytest.mark.parametrize("change", CHANGES)
def test_every_row_follows_its_group(change, busy, facts):
    change(busy, facts)
    assert audit() == "Semua baris berada di desa kelompoknya.\n"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (rename, ["63.08.03.2014 Pandulangan Raya", "63.08.03.2014 Pandulangan Raya"]),
        (recode, [f"{NEW} Pandulangan", f"{NEW} Pandulangan"]),
        (merge_into_another, ["63.08.07.2004 Pandulangan", "63.08.07.2004 Pandulangan"]),
        (split_that_stays, ["63.08.03.2014 Pandulangan", f"{NEW} Mekar"]),
    ],
)
def test_a_report_after_the_change_shows_the_new(change, where, busy, facts):
    change(busy, facts)
    rows = {row.group_name: f"{row.village_code} {row.village_label}" for row in report(period=AFTER).groups}
    assert [rows["UP2K Anggrek"], rows["UP2K Mawar"]] == where


def test_a_new_code_counts_one_village_before_and_one_after(busy, facts):
    counted = [report("63.08.03", period).villages_count for period in (BEFORE, AFTER)]
    recode(busy, facts)
    assert [report("63.08.03", period).villages_count for period in (BEFORE, AFTER)] == counted == [2, 2]
    assert [child.code for child in report("63.08.03", AFTER).children] == ["63.08.03.2001", NEW]


def test_money_moves_with_nothing_but_its_village_changed(busy, facts):
    def rows():
        models = (Loan, Receipt, ReceiptPart, Member)
        return [
            {name: value for name, value in row.items() if name != "village_id"}
            for model in models
            for row in model.objects.order_by("pk").values()
        ]

    before = rows()
    change = recode(busy, facts)
    assert rows() == before
    assert set(Receipt.objects.filter(group=busy[0]).values_list("village", flat=True)) == {change.into_id}


def test_the_old_row_ends_the_day_before_and_names_its_successor(busy, facts):
    change = recode(busy, facts)
    old = Village.objects.get(code=build.PANDULANGAN)
    assert (old.active_until, old.successor, change.into.active_from) == (date(2026, 6, 30), change.into, ON)
    assert (change.into.name, change.into.kind, change.into.postcode) == ("Pandulangan", "2", "71455")
    placement = GroupPlacement.objects.get(group=busy[0])
    assert (placement.former, placement.until, placement.change) == (old, date(2026, 6, 30), change)


def test_a_village_goes_to_another_kecamatan_and_its_rows_with_it(busy, facts, district_officer, as_user):
    """The old kecamatan loses it, the new one gains it, the history stays."""
    other = build.user(Role.DISTRICT, "63.08.07")
    member = busy[0].members.get()
    client = as_user(district_officer)
    assert client.get(member.get_absolute_url()).status_code == 200
    verbs.recode_village(village=busy[0].village, code="63.08.07.2998", **facts)
    assert client.get(member.get_absolute_url()).status_code == 404
    client = as_user(other)
    assert client.get(member.get_absolute_url()).status_code == 200
    listed = client.get(reverse("receipt-list"), {"format": "json"}).json()
    assert sorted(row["village_code"] for row in listed["results"]) == [build.OTHER_PANDULANGAN, *["63.08.07.2998"] * 2]


def test_who_changed_what_and_why_stands_in_the_history(busy, facts, regency_admin):
    recode(busy, facts)
    (moved,) = Change.objects.filter(model="villages.group", object_id=busy[0].pk)
    assert (moved.user, moved.reason) == (regency_admin, LAW)
    assert (moved.before, moved.after) == (
        {"kode desa/kelurahan": build.PANDULANGAN},
        {"kode desa/kelurahan": NEW},
    )
    (ended,) = Change.objects.filter(model="villages.village", object_id=Village.objects.get(code=build.PANDULANGAN).pk)
    assert ended.after["berlaku sampai"] == "2026-06-30"


def test_a_change_is_written_once(busy, facts):
    change = recode(busy, facts)
    placement = GroupPlacement.objects.first()
    for act in (change.save, change.delete, placement.save, placement.delete, RegionChange.objects.all().delete):
        with pytest.raises(TypeError, match="tidak dapat di"):
            act()


def test_changes_follow_each_other_and_each_day_keeps_its_names(busy, facts):
    early, late = date(2026, 2, 1), date(2026, 5, 1)
    village = busy[0].village
    verbs.rename_village(village=village, name="Satu", **facts | {"on": early})
    verbs.rename_village(village=village, name="Dua", **facts | {"on": late})
    change = verbs.recode_village(village=village, code=NEW, **facts)
    verbs.recode_village(village=change.into, code="63.08.03.2999", **facts | {"on": date(2026, 8, 1)})
    days = (date(2026, 1, 31), early, date(2026, 4, 30), late, ON, date(2026, 8, 1))
    rows = [report(period=replace(AFTER, last=day)).groups[0] for day in days]
    assert [(row.village_code, row.village_label) for row in rows] == [
        (build.PANDULANGAN, "Pandulangan"),
        (build.PANDULANGAN, "Satu"),
        (build.PANDULANGAN, "Satu"),
        (build.PANDULANGAN, "Dua"),
        (NEW, "Dua"),
        ("63.08.03.2999", "Dua"),
    ]
    assert audit() == "Semua baris berada di desa kelompoknya.\n"
    assert names_on(date(2026, 1, 31)) == {village.pk: "Pandulangan"}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (
            lambda busy, facts: verbs.rename_village(village=busy[0].village, name="Pandulangan", **facts),
            "name",
            "Nama Pandulangan sama dengan nama sekarang. Tulis nama barunya.",
        ),
        (
            lambda busy, facts: verbs.recode_village(village=busy[0].village, code="63.08.11.2001", **facts),
            "code",
            "Kecamatan 63.08.11 belum ada. Tambahkan dulu di Admin, Kecamatan.",
        ),
        (
            lambda busy, facts: verbs.recode_village(village=busy[0].village, code="63.08.03.2001", **facts),
            "code",
            "Kode 63.08.03.2001 sudah dipakai Desa Wilayah 63.08.03.2001. Bila itu desa barunya dari daftar resmi, "
            "isi dulu “berlaku sejak” 1 Juli 2026 di Admin, Desa/kelurahan.",
        ),
        (
            lambda busy, facts: recode(busy, facts | {"on": date(2026, 10, 1)}),
            "on",
            "Catat setelah berlaku: paling lambat hari ini, 30 September 2026.",
        ),
        (
            lambda busy, facts: verbs.merge_villages(villages=[busy[0].village], code=build.PANDULANGAN, **facts),
            "code",
            "Desa 63.08.03.2014 ikut digabung. Tulis kode desa tujuan yang lain.",
        ),
        (
            lambda busy, facts: verbs.merge_villages(villages=[busy[0].village], code=NEW, **facts),
            "name",
            "Desa dengan kode 63.08.03.2998 belum ada. Tulis namanya.",
        ),
        (
            lambda busy, facts: verbs.split_village(
                village=busy[0].village, code=NEW, name="Mekar", groups=busy[:1], ends=True, **facts
            ),
            "ends",
            "Masih ada kelompok yang tidak ikut. Pilih semuanya, atau biarkan desa lama tetap ada.",
        ),
    ],
)
def test_an_impossible_change_is_refused_in_words_and_leaves_nothing(change, field, words, busy, facts):
    with pytest.raises(ValidationError) as refused:
        change(busy, facts)
    assert refused.value.message_dict == {field: [words]}
    assert (RegionChange.objects.count(), Village.objects.filter(code=NEW).count()) == (0, 0)


def test_an_ended_village_changes_no_more(busy, facts):
    village = busy[0].village
    recode(busy, facts)
    with pytest.raises(ValidationError, match="Desa Pandulangan hanya berlaku sampai 30 Juni 2026."):
        verbs.rename_village(village=village, name="Lain", **facts)


def test_a_change_before_an_earlier_recorded_one_is_refused(busy, facts):
    change = merge_into_another(busy, facts)
    with pytest.raises(ValidationError, match="Kelompok UP2K Anggrek sudah pindah mulai 1 Juli 2026."):
        verbs.recode_village(village=change.into, code="63.08.07.2998", **facts | {"on": date(2026, 6, 1)})


def test_two_groups_of_one_name_do_not_come_into_one_village(busy, facts):
    build.group(busy[2].village, name="UP2K Mawar")
    with pytest.raises(ValidationError, match="Kelompok UP2K Mawar sudah ada juga di Desa Pandulangan."):
        merge_into_another(busy, facts)
    assert Village.objects.get(code=build.PANDULANGAN).active_until is None


def test_a_code_of_the_official_list_is_taken_when_the_admin_says_since_when(busy, facts):
    listed = build.village(NEW, active_from=ON)
    assert recode(busy, facts).into == listed


def test_models_that_come_later_are_moved_too():
    """Whatever carries a village and hangs on a group is found by its foreign keys."""
    ways = {model.__name__: way for model, way in below_group()}
    assert ways["ReceiptPart"] == "receipt__group"
    assert ways["Member"] == "group"
    assert "RegionChange" not in ways


class TestAssignments:
    def test_who_served_the_old_code_serves_the_new_one_from_today(self, busy, facts, operator, as_user):
        verbs.recode_village(village=busy[0].village, code=NEW, move_assignments=True, **facts)
        old, new = operator.assignments.order_by("starts_on")
        assert (old.area_code, old.ends_on) == (build.PANDULANGAN, date(2026, 9, 29))
        assert (new.area_code, new.starts_on, new.role) == (NEW, date(2026, 9, 30), Role.OPERATOR)
        assert as_user(operator).get(busy[0].members.get().get_absolute_url()).status_code == 200

    def test_without_the_tick_she_sees_nothing_and_the_admin_is_told(
        self, busy, facts, operator, regency_admin, as_user
    ):
        change = recode(busy, facts)
        assert as_user(operator).get(busy[0].members.get().get_absolute_url()).status_code == 404
        client = as_user(regency_admin)
        for url in (reverse("region-list"), reverse("region", args=[change.region_id])):
            page = client.get(url)
            assert operator in [one.user for one in page.context["stale"]]
            assert reverse("admin:accounts_user_change", args=[operator.pk]) in page.content.decode()

    def test_who_serves_both_merged_villages_serves_the_one_once(self, busy, facts):
        both = build.user(Role.OPERATOR, build.PANDULANGAN, build.OTHER_PANDULANGAN)
        verbs.merge_villages(villages=[busy[0].village], code=build.OTHER_PANDULANGAN, move_assignments=True, **facts)
        in_force = Assignment.objects.in_force(date(2026, 9, 30)).filter(user=both)
        assert [one.area_code for one in in_force] == [build.OTHER_PANDULANGAN]


class TestOfficialList:
    @pytest.fixture
    def loaded(self, db):
        load_regions("63")
        return Village.objects.get(code=build.PANDULANGAN)

    def test_loading_again_undoes_no_change(self, loaded, facts):
        verbs.rename_village(village=loaded, name="Pandulangan Raya", **facts)
        change = verbs.recode_village(village=loaded, code=NEW, **facts | {"on": date(2026, 8, 1)})
        load_regions("63")
        rows = Village.objects.filter(code__in=[build.PANDULANGAN, NEW]).order_by("code")
        assert [(row.code, row.name, row.active_until) for row in rows] == [
            (build.PANDULANGAN, "Pandulangan Raya", date(2026, 7, 31)),
            (NEW, "Pandulangan Raya", None),
        ]
        assert rows[0].successor == change.into

    def test_once_the_list_has_left_the_old_name_the_list_is_followed(self, loaded, facts, monkeypatch):
        verbs.rename_village(village=loaded, name="Pandulangan Raya", **facts)
        entry = regions.Entry(build.PANDULANGAN, "Pandulangan-Raya", "71455")
        monkeypatch.setattr(regions, "_entries", lambda area: iter([entry]))
        load_regions("63")
        loaded.refresh_from_db()
        assert loaded.name == "Pandulangan-Raya"

    def test_once_the_list_carries_the_new_code_it_is_the_same_row(self, loaded, facts, monkeypatch):
        change = verbs.recode_village(village=loaded, code=NEW, **facts)
        monkeypatch.setattr(regions, "_entries", lambda area: iter([regions.Entry(NEW, "Pandulangan Baru", "71455")]))
        load_regions("63")
        row = Village.objects.get(code=NEW)
        assert (row.pk, row.name, row.active_from) == (change.into_id, "Pandulangan Baru", ON)


class TestPages:
    @pytest.fixture
    def desk(self, regency_admin, as_user):
        return as_user(regency_admin)

    def test_the_admin_records_a_new_name(self, desk, pandulangan):
        facts = {"name": "Pandulangan Raya", "on": "1-7-2026", "legal_basis": LAW}
        answer = desk.post(reverse("region-rename", args=[pandulangan.pk]), facts, follow=True)
        page = answer.content.decode()
        assert "Tercatat: Pandulangan menjadi Pandulangan Raya. Laporan sebelum tanggal itu tidak berubah." in page
        assert "Ganti nama, mulai 1 Juli 2026" in page

    def test_the_admin_records_a_new_code(self, desk, group, operator):
        facts = {"code": NEW, "name": "", "on": "1-7-2026", "legal_basis": LAW, "move_assignments": "on"}
        answer = desk.post(reverse("region-recode", args=[group.village.pk]), facts)
        new = Village.objects.get(code=NEW)
        assert answer.url == reverse("region", args=[new.pk])
        assert list(new.groups.all()) == [group]
        assert operator.assignments.filter(area_code=NEW).exists()

    def test_the_admin_merges_two_villages_into_one(self, desk, busy):
        near = Village.objects.get(code="63.08.03.2001")
        facts = {"code": NEW, "name": "Bersama", "others": [near.pk], "on": "1-7-2026", "legal_basis": LAW}
        desk.post(reverse("region-merge", args=[busy[0].village.pk]), facts)
        into = Village.objects.get(code=NEW)
        ended = Village.objects.filter(active_until=date(2026, 6, 30)).order_by("code")
        assert [(row.code, row.successor) for row in ended] == [("63.08.03.2001", into), (build.PANDULANGAN, into)]

    def test_the_admin_splits_a_village_and_chooses_its_groups(self, desk, busy):
        facts = {"code": NEW, "name": "Mekar", "groups": [busy[1].pk], "on": "1-7-2026", "legal_basis": LAW}
        desk.post(reverse("region-split", args=[busy[0].village.pk]), facts)
        assert [group.name for group in Group.objects.filter(village__code=NEW)] == ["UP2K Mawar"]
        assert Village.objects.get(code=build.PANDULANGAN).active_until is None

    def test_a_group_of_another_village_is_no_choice(self, desk, busy):
        facts = {"code": NEW, "name": "Mekar", "groups": [busy[2].pk], "on": "1-7-2026", "legal_basis": LAW}
        page = desk.post(reverse("region-split", args=[busy[0].village.pk]), facts)
        assert "groups" in page.context["form"].errors
        assert not RegionChange.objects.exists()

    def test_a_code_outside_the_area_is_refused(self, desk, pandulangan):
        build.village("63.09.01.2001")
        facts = {"code": "63.09.01.2002", "on": "1-7-2026", "legal_basis": LAW}
        page = desk.post(reverse("region-recode", args=[pandulangan.pk]), facts)
        assert page.context["form"].errors["code"] == ["Kode 63.09.01.2002 di luar wilayah Anda."]

    def test_a_day_and_a_legal_basis_are_asked_of_every_change(self, desk, pandulangan):
        page = desk.post(reverse("region-rename", args=[pandulangan.pk]), {"name": "Lain"})
        assert page.context["form"].errors == {
            "on": ["Berlaku mulai belum diisi."],
            "legal_basis": ["Dasar hukum belum diisi."],
        }

    def test_the_list_finds_a_village_by_its_old_name_and_by_its_state(self, desk, busy, facts):
        rename(busy, facts)
        recode(busy, facts | {"on": date(2026, 8, 1)})

        def codes(**asked):
            answer = desk.get(reverse("region-list"), asked | {"format": "json"}).json()
            return [row["code"] for row in answer["results"]]

        assert codes(q="Pandulangan") == [build.PANDULANGAN, NEW, build.OTHER_PANDULANGAN]
        assert codes(state="ended") == [build.PANDULANGAN]
        assert codes(state="changed") == [build.PANDULANGAN, NEW]
        assert codes(state="active") == ["63.08.03.2001", NEW, build.OTHER_PANDULANGAN]
        assert codes(q="63.08.07") == [build.OTHER_PANDULANGAN]

    def test_page_excel_and_json_say_the_same(self, desk, busy):
        answer = desk.get(reverse("region-list"), {"format": "json"}).json()
        page = desk.get(reverse("region-list")).content.decode()
        sheet = sheet_of(desk.get(reverse("region-list"), {"format": "xlsx"}))
        codes = [row["code"] for row in answer["results"]]
        assert [row["group_count"] for row in answer["results"]] == [0, 2, 1]
        assert codes == [cell.value for cell in sheet["B"][4:7]]
        assert all(code in page for code in codes)

    def test_the_list_costs_the_same_queries_for_any_number_of_villages(self, desk, pandulangan):
        few = queries_of(desk, reverse("region-list"))
        for number in range(2050, 2080):
            build.group(build.village(f"63.08.03.{number}"))
        assert queries_of(desk, reverse("region-list")) == few

    def test_a_report_costs_two_queries_more_however_many_groups_moved(self, busy, facts):
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                report()
            return len(seen)

        before = queries()
        recode(busy, facts)
        assert queries() == before

    def test_a_new_group_is_not_given_to_an_ended_village(self, busy, facts, staff, as_user):
        recode(busy, facts)
        entry = {"village": build.PANDULANGAN, "name": "UP2K Baru", "programme": "up2k", "initials": "ub"}
        page = as_user(staff).post(reverse("group-add"), entry)
        assert "village" in page.context["form"].errors


@pytest.mark.parametrize("change", [rename, recode])
def test_a_receipt_of_before_is_printed_under_the_village_of_then(change, busy, facts, operator, as_user):
    receipt = Receipt.objects.filter(group=busy[0]).get()
    change(busy, facts | {"on": ON})
    people = build.user(Role.STAFF, "63.08")
    page = as_user(people).get(reverse("receipt-paper", args=[receipt.pk]))
    village = page.context["village"]
    assert (village.code, village.name) == (build.PANDULANGAN, "Pandulangan")
    assert "Tim Penggerak PKK Desa Pandulangan</p>" in page.content.decode()


def test_papers_keep_the_name_of_their_day(busy, facts, operator, as_user):
    group = busy[0]
    early, late = (build.meeting(group, held_on=day) for day in (date(2026, 6, 20), date(2026, 7, 20)))
    rename(busy, facts)
    client = as_user(operator)
    for meeting, name in ((early, "Desa Pandulangan<"), (late, "Desa Pandulangan Raya<")):
        assert name in client.get(reverse("meeting-minutes", args=[meeting.pk])).content.decode()
    book = client.get(reverse("book-minutes", args=[group.pk])).content.decode()
    assert (book.count("Desa Pandulangan<"), book.count("Desa Pandulangan Raya<")) == (1, 2)
    production = client.get(reverse("production-book", args=[group.pk]), {"bulan": "2026-05"}).content.decode()
    assert "Desa Pandulangan<" in production


@pytest.mark.parametrize("forged", ["²", "9" * 30, "x"])
def test_a_forged_choice_is_refused_in_words(forged, busy, regency_admin, as_user):
    client = as_user(regency_admin)
    for name, field in (("region-merge", "others"), ("region-split", "groups")):
        page = client.post(reverse(name, args=[busy[0].village.pk]), {field: forged})
        assert page.status_code == 200
        assert page.context["form"].errors[field]
