"""What the demo holds, on seventy villages up to August 2026."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Assignment, Change, User
from enterprises.models import Enterprise, MonthlyResult, Permit, Product
from enterprises.months import first_day, last_day
from loans.models import (
    Instalment,
    Loan,
    LoanProduct,
    PaudTeacher,
    Receipt,
    ReceiptPart,
    SurplusDistribution,
    SurplusLine,
    SurplusPayment,
)
from seeds.demo.doubles import DOUBLES
from seeds.demo.life import CASES
from seeds.demo.scenario import seed
from seeds.regions import load_regions
from up2k_portal.lib.access import Access, Role
from villages.growth import Growth
from villages.incomes import before_and_after
from villages.models import (
    Group,
    GroupAssessment,
    HouseholdIncome,
    LegalStatus,
    Member,
    Officer,
    Poklak,
    Village,
)
from villages.nik import clean_family_card, clean_nik
from villages.people_queue import cases_for

UNTIL = date(2026, 8, 31)
VILLAGES = 70
CLOCKS = {("change", "at"), ("user", "password")}
CLOCK_WORDS = {"dicatat", "diubah", "dibuka", "disusun", "disahkan"}  # in what the history tells of a row
STARTED = timezone.now()
MODELS = (
    User, Assignment, Change, Group, GroupAssessment, Poklak, Member, Enterprise,
    LoanProduct, Loan, Instalment, Receipt, ReceiptPart, Officer, HouseholdIncome, LegalStatus,
    Product, Permit, MonthlyResult, PaudTeacher, SurplusDistribution, SurplusLine, SurplusPayment,
)  # fmt: skip


def fill(villages=VILLAGES, chance=63, until=UNTIL):
    return seed(village_count=villages, chance=chance, until=until, password="rahasia")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Filled once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield fill()
        transaction.set_rollback(True)


def counted_loans():
    groups = Group.objects.counted(UNTIL)
    return Loan.objects.filter(group__in=groups).disbursed(UNTIL).with_collectability(UNTIL)


def test_the_two_pandulangan_come_first_and_every_village_has_its_group(demo):
    groups = Group.objects.counted(UNTIL).order_by("pk").values_list("village__code", flat=True)
    assert list(groups[:2]) == ["63.08.03.2014", "63.08.07.2004"]
    assert len(groups) == len(set(groups)) == VILLAGES


def test_a_group_of_another_programme_and_one_for_practice_lend_too_but_are_not_counted(demo):
    others = Group.objects.exclude(pk__in=Group.objects.counted(UNTIL)).order_by("name")
    assert [group.name for group in others] == ["Kelompok Latihan", "UPPKA Mawar"]
    assert [group.loans.exists() for group in others] == [True, True]


def test_the_kecamatan_helps_the_villages_of_paminggir(demo):
    assisted = Village.objects.filter(is_assisted=True)
    assert list(assisted.values_list("district__name", flat=True)) == ["Paminggir"] * 7


def test_as_syifa_has_its_story(demo):
    group = Group.objects.with_level(UNTIL).get(name="UP2K As Syifa")
    assert (group.village.code, group.initials, group.level) == ("63.08.03.2014", "AS", "MANDIRI")
    assert [group.officer_on(office, UNTIL).name for office in ("ketua", "sekretaris", "bendahara")] == [
        "Hj. Rusdiana", "Ernawati", "Rahmawati",
    ]  # fmt: skip
    levels = group.assessments.order_by("assessed_on").values_list("level", flat=True)
    assert list(levels) == ["PEMULA", "MADYA", "UTAMA", "MANDIRI"]
    assert Member.objects.active_on(UNTIL).filter(group=group).count() == 40
    assert [poklak.name for poklak in group.poklaks.order_by("pk")] == [
        "Melati",
        "Itik Alabio",
        "Kue Kering",
        "Telur Barakat",
    ]


def test_norhasanah_has_an_instalment_to_pay_from_the_first_day_after_the_story(demo):
    day = UNTIL + timedelta(days=1)
    loan = Loan.objects.with_arrears(day).get(
        group__name="UP2K As Syifa", member__name="Norhasanah", principal=1_500_000
    )
    assert (loan.oldest_unpaid_on, loan.late, loan.balance) == (UNTIL, 172_500, 600_000)


def test_as_syifa_asks_the_kecamatan_above_the_limit(demo):
    loans = Loan.objects.filter(group__name="UP2K As Syifa", principal__gt=5_000_000).order_by("principal")
    assert [(loan.poklak.name, loan.status) for loan in loans] == [
        ("Melati", "disbursed"),
        ("Itik Alabio", "proposed"),
        ("Kue Kering", "rejected"),
    ]


def test_every_class_of_collectability_occurs(demo):
    assert set(counted_loans().running(UNTIL).values_list("collectability", flat=True)) == {1, 2, 3, 4, 5}


def test_the_groups_pay_well_but_not_perfectly(demo):
    loans = list(counted_loans())
    due, paid = sum(loan.principal_due for loan in loans), sum(loan.principal_due_paid for loan in loans)
    balance = sum(loan.balance for loan in loans)
    doubtful = sum(loan.balance for loan in loans if loan.collectability >= 3)
    assert 0.93 < paid / due < 0.98
    assert 0.02 < doubtful / balance < 0.08


def test_every_kind_of_loan_and_of_money_occurs(demo):
    assert set(Loan.objects.values_list("method", flat=True)) == {"flat", "declining", "bullet"}
    assert Loan.objects.filter(rate=0).exists()
    assert set(Loan.objects.values_list("every", flat=True)) == {"month", "week"}
    assert set(LoanProduct.objects.values_list("step", flat=True)) == {500, 1_000}
    kinds = {"penalty", "service_fee", "principal", "credit", "mandatory", "contribution", "recovery"}
    assert set(ReceiptPart.objects.values_list("kind", flat=True)) == kinds
    assert Receipt.objects.exclude(reverses=None).exists()
    assert Loan.objects.exclude(poklak=None).filter(status="disbursed").exists()


def test_who_left_owes_nothing(demo):
    gone = Loan.objects.with_balance(UNTIL).filter(member__left_on__lte=UNTIL)
    assert gone.exists()
    assert set(gone.values_list("balance", flat=True)) == {0}


def test_a_borrower_has_one_running_loan(demo):
    running = Loan.objects.with_balance(UNTIL).running(UNTIL).values_list("member", "poklak")
    assert Counter(running).most_common(1)[0][1] == 1


def test_the_numbers_of_receipts_rise_with_their_days(demo):
    for group in Group.objects.all():
        receipts = Receipt.objects.filter(group=group).order_by("received_on", "pk")
        numbers = list(receipts.values_list("number", flat=True))
        assert numbers == sorted(numbers)


def test_nothing_lies_after_the_last_closed_month(demo):
    assert not Receipt.objects.filter(received_on__gt=UNTIL).exists()
    assert not Loan.objects.filter(proposed_on__gt=UNTIL).exists()
    assert not Loan.objects.filter(disbursed_on__gt=UNTIL).exists()
    assert not Member.objects.filter(joined_on__gt=UNTIL).exists()


def test_a_receipt_is_the_sum_of_its_parts_and_a_loan_the_sum_of_its_instalments(demo):
    parts, principals = Counter(), Counter()
    for receipt, amount in ReceiptPart.objects.values_list("receipt", "amount"):
        parts[receipt] += amount
    for loan, principal in Instalment.objects.in_force().values_list("loan", "principal"):
        principals[loan] += principal
    assert parts == dict(Receipt.objects.values_list("pk", "amount"))
    assert principals == dict(Loan.objects.filter(status="disbursed").values_list("pk", "principal"))


def test_the_niks_are_well_formed_invented_and_unique(demo):
    doubles = {facts["nik"] for rows in DOUBLES.values() for facts in rows}
    members = [one for one in Member.objects.exclude(nik=None).select_related("village") if one.nik not in doubles]
    niks = [member.nik for member in members]
    assert len(niks) == len(set(niks))
    for member in members:
        assert (clean_nik(member.nik), member.nik_warnings) == (member.nik, [])
        assert clean_family_card(member.family_card_number) == member.family_card_number
        assert member.nik[12] == "9"


def test_the_queue_of_doubles_has_one_case_of_each_kind(demo):
    cases = cases_for(Access(Role.STAFF, frozenset({"63.08"})))
    assert [(case.kind, [row.name for row in case.rows]) for case in cases] == [
        ("same_nik", ["Hj. Mariatul Kiptiah", "Mariatul Kibtiah"]),
        ("alike", ["Siti Maulida", "St. Maulida"]),
        ("bad_nik", ["Basrah"]),
    ]


def test_the_registry_obeys_the_rules_that_people_obey(demo):
    village = Village.objects.get(code="63.08.03.2014")
    models = (Group, Poklak, Member, Enterprise, GroupAssessment, LoanProduct, Officer, HouseholdIncome, LegalStatus)
    for model in models:
        for row in model.objects.filter(village=village):
            row.full_clean()


def test_every_group_has_its_three_officers_and_many_had_others_before(demo):
    in_office = Officer.objects.in_office(UNTIL)
    assert in_office.count() == 3 * Group.objects.count()
    assert Officer.objects.past(UNTIL).count() > Group.objects.count()
    receipt = Receipt.objects.filter(group__name="UP2K As Syifa").earliest("received_on")
    assert receipt.group.officer_on("bendahara", receipt.received_on) is not None


def test_most_families_were_asked_again_and_earn_more(demo):
    rows = Member.objects.with_incomes(UNTIL)
    asked = rows.exclude(income_before=None).count()
    growth = sum(before_and_after(Group.objects.all(), UNTIL).values(), Growth())
    assert 0.85 < asked / rows.count() < 0.95
    assert growth.people > asked / 2
    assert 5 < growth.percent < 25


def test_every_enterprise_tells_what_it_makes_and_two_years_of_months_can_be_compared(demo):
    assert not Enterprise.objects.filter(products=None).exists()
    periods = set(MonthlyResult.objects.values_list("period", flat=True))
    assert (min(periods), max(periods), len(periods)) == (202406, 202608, 27)
    assert MonthlyResult.objects.count() > 20 * Enterprise.objects.count()


def test_months_that_lost_and_permits_of_every_state_occur(demo):
    assert MonthlyResult.objects.filter(cost__gt=F("turnover")).exists()
    assert {permit.state_on(UNTIL) for permit in Permit.objects.all()} == {"berlaku", "hampir_habis", "kedaluwarsa"}
    assert set(Permit.objects.values_list("kind", flat=True)) == {"nib", "pirt", "halal"}


def test_no_month_is_recorded_before_an_enterprise_began_or_after_its_owner_left(demo):
    for row in MonthlyResult.objects.exclude(enterprise__member__left_on=None).select_related("enterprise__member"):
        assert first_day(row.period) < row.enterprise.member.left_on
    for row in MonthlyResult.objects.exclude(enterprise__started_on=None).select_related("enterprise"):
        assert row.enterprise.started_on <= last_day(row.period)


def test_some_old_groups_became_cooperatives(demo):
    statuses = Counter(Group.objects.with_legal_status(UNTIL).values_list("legal_status", flat=True))
    assert statuses["cooperative"] >= 2
    assert statuses["none"] > 60


def test_each_group_has_one_line_of_history_and_what_people_did_by_hand_the_rest(demo):
    history = Change.objects.filter(kind=Change.Kind.SEEDED)
    by_hand = Change.objects.exclude(kind=Change.Kind.SEEDED)
    assert history.count() == Group.objects.count()
    lost = Loan.objects.get(written_off__gt=0)
    assert set(by_hand.values_list("area_code", flat=True)) == {*CASES, lost.village.code}
    assert set(history.values_list("object_id", flat=True)) == set(Group.objects.values_list("pk", flat=True))


def test_every_area_has_its_user_since_before_the_first_receipt(demo):
    roles = Counter(Assignment.objects.values_list("role", flat=True))
    assert roles == {
        Role.OPERATOR: VILLAGES + 1, Role.DISTRICT: 10, Role.STAFF: 1, Role.ADMIN: 1, Role.PROVINCE: 1,
    }  # fmt: skip
    rahmah = User.objects.get(username="63.08.03.2014")
    first = Receipt.objects.order_by("received_on").first().received_on
    access = rahmah.access_on(first)
    assert (access.role, access.areas) == (Role.OPERATOR, {"63.08.03.2014"})
    assert (rahmah.name, rahmah.check_password("rahasia")) == ("Rahmah, operator Desa Pandulangan", True)


def test_a_receipt_is_recorded_by_the_operator_of_its_village(demo):
    receipts = Receipt.objects.values_list("village__code", "recorded_by__username").distinct()
    assert [code for code, username in receipts if code != username] == []


def rows_after(**options):
    """All rows of a demo but its clock and its password; the database is then as it was."""
    with transaction.atomic():
        _count_keys_anew()
        fill(**options)
        rows = {model.__name__: dump(model) for model in MODELS}
        transaction.set_rollback(True)
    return rows


def _count_keys_anew():
    """PostgreSQL's sequences do not roll back with the rows."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def dump(model):
    names = [
        field.attname for field in model._meta.concrete_fields if (model._meta.model_name, field.name) not in CLOCKS
    ]
    return [tuple(map(_without_clock, row)) for row in model.objects.order_by("pk").values_list(*names)]


def _without_clock(value):
    """What is written by hand, after the bulk, bears the moment of this test."""
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if name not in CLOCK_WORDS}
    is_now = isinstance(value, datetime) and STARTED <= value <= timezone.now()
    return "now" if is_now else value


@pytest.fixture
def kalsel(db):
    load_regions("63")


def test_the_same_options_give_the_same_rows_in_the_same_order(kalsel):
    assert rows_after(villages=3) == rows_after(villages=3)


def test_another_seed_gives_other_people(kalsel):
    assert rows_after(villages=1)["Member"] != rows_after(villages=1, chance=64)["Member"]


def test_more_villages_change_nothing_in_the_others(kalsel):
    few, more = (receipts_of_pandulangan(villages=count) for count in (1, 4))
    assert len(few) > 500
    assert few == more


def receipts_of_pandulangan(**options):
    with transaction.atomic():
        fill(**options)
        receipts = Receipt.objects.in_area("63.08.03.2014").order_by("pk")
        rows = list(receipts.values_list("number", "uuid", "received_on", "amount", "member__name", "note"))
        transaction.set_rollback(True)
    return rows


def test_new_rows_get_new_keys_after_the_bulk(db):
    fill(villages=1)
    last = Group.objects.order_by("-pk").first()
    fresh = Group.objects.create(village=last.village, name="UP2K Baru", initials="BA")
    assert fresh.pk == last.pk + 1
