"""What speaks against a new loan: the sentences of the rules, and the facts as the books have them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loans import ledger_services
from loans.eligibility import Facts, Finding, Rules, findings, largest_loan
from loans.eligibility_services import capital_on, facts_of, judge, rules_in_force
from loans.models import MoneyRules
from tests import build

DAY = date(2026, 9, 30)
GOOD = Facts(borrower="Norhasanah", principal=1_000_000, capital=10_000_000, has_decree=True)
WARNING = Rules(
    member_arrears="warn",
    poklak_arrears="warn",
    most_running=1,
    too_many_running="warn",
    most_share=20,
    too_large="warn",
    no_decree="warn",
)
NO_DECREE = "Kelompok ini belum punya SK. Isi nomor SK di data kelompok bila sudah ada."


def test_nothing_speaks_against_a_loan_within_every_rule():
    assert findings(GOOD, WARNING) == ()


@pytest.mark.parametrize(
    ("bad", "rule", "sentence"),
    [
        ({"late": 115_000}, "member_arrears", "Norhasanah masih menunggak Rp115.000."),
        (
            {"late_members": 2, "poklak_late": 230_000},
            "poklak_arrears",
            "2 anggota poklaknya menunggak, seluruhnya Rp230.000.",
        ),
        ({"poklak_loan_late": 50_000}, "poklak_arrears", "Pinjaman poklaknya menunggak Rp50.000."),
        (
            {"running": 1},
            "too_many_running",
            "Norhasanah masih punya 1 pinjaman berjalan; menurut aturan kelompok, dengan yang ini paling banyak 1.",
        ),
        (
            {"principal": 2_000_001},
            "too_large",
            "Pinjaman Rp2.000.001 lebih dari 20% modal kelompok Rp10.000.000; paling banyak Rp2.000.000.",
        ),
        ({"has_decree": False}, "no_decree", NO_DECREE),
    ],
)
def test_each_rule_warns_stops_or_is_silent_as_the_group_set_it(bad, rule, sentence):
    facts = replace(GOOD, **bad)
    for level in ("warn", "stop"):
        assert findings(facts, replace(WARNING, **{rule: level})) == (Finding(level, sentence),)
    assert findings(facts, replace(WARNING, **{rule: "off"})) == ()


def test_a_loan_of_exactly_the_share_of_the_capital_is_within_the_rule():
    assert largest_loan(10_000_000, 20) == 2_000_000
    assert findings(replace(GOOD, principal=2_000_000), WARNING) == ()
    assert findings(replace(GOOD, principal=9_000_000), replace(WARNING, most_share=None)) == ()


def test_a_group_that_lets_two_loans_run_is_told_at_the_third():
    rules = replace(WARNING, most_running=2)
    assert findings(replace(GOOD, running=1), rules) == ()
    assert len(findings(replace(GOOD, running=2), rules)) == 1


def test_a_group_without_rules_has_the_usual_ones(group):
    assert rules_in_force(None) == replace(WARNING, most_share=None)
    own = MoneyRules(group=group, no_decree="stop", most_share=30)
    assert rules_in_force(own) == replace(WARNING, most_share=30, no_decree="stop")


def test_capital_is_what_was_brought_less_what_lies_in_goods(group):
    build.capital(group, 10_000_000)
    build.capital(group, 5_000_000, credit="2.2", nature="bergulir")
    facts = {"kind": "expense", "description": "lemari", "by": None}
    ledger_services.record_voucher(
        group=group, on=date(2026, 3, 1), amount=1_000_000, debit="1.5", credit="1.1", uuid=build.uuid4(), **facts
    )
    assert capital_on(group, date(2026, 2, 28)) == 15_000_000
    assert capital_on(group, date(2026, 3, 1)) == 14_000_000


def test_facts_count_her_own_arrears_and_those_around_her(group, operator):
    poklak = build.poklak(group)
    borrower, *others = (build.member(group, poklak=poklak) for _ in range(3))
    build.member(group, poklak=build.poklak(group))
    product = build.product(group, rate=Decimal("1.5"))
    for one in (borrower, others[0]):
        build.loan(one, 1_000_000, by=operator, product=product, on=date(2026, 7, 31))  # two instalments due
    found = facts_of(group, borrower, 500_000, DAY)
    # due 31 August is late; due 30 September is due today
    assert (found.late, found.late_members, found.poklak_late, found.running) == (115_000, 1, 115_000, 1)
    shared = build.loan(poklak, 1_000_000, by=operator, product=product, on=date(2026, 7, 31))
    assert facts_of(group, borrower, 500_000, DAY).poklak_loan_late == 115_000
    of_poklak = facts_of(group, poklak, 500_000, DAY)
    assert (of_poklak.late, of_poklak.late_members, of_poklak.poklak_late) == (115_000, 2, 230_000)
    build.payment(shared, 1_150_000, DAY)
    assert facts_of(group, poklak, 500_000, DAY).running == 0


def test_a_decree_counts_from_its_day(group, member):
    assert not facts_of(group, member, 1, DAY).has_decree
    group.decree_number, group.decree_on = "12/SK/2026", date(2026, 10, 1)
    assert not facts_of(group, member, 1, DAY).has_decree
    group.decree_on = DAY
    assert facts_of(group, member, 1, DAY).has_decree


@pytest.mark.parametrize("others", [1, 6])
def test_judging_costs_the_same_queries_for_any_number_of_people(others, group, operator):
    poklak = build.poklak(group)
    borrower = build.member(group, poklak=poklak)
    for _ in range(others):
        build.loan(build.member(group, poklak=poklak), by=operator)
        build.loan(borrower, by=operator)
    with CaptureQueriesContext(connection) as queries:
        judge(group=group, borrower=borrower, principal=1, on=DAY, rules=None)
    assert len(queries) == 6


def test_what_stops_is_refused_with_every_sentence_and_what_warns_is_kept(group, member, operator):
    build.loan(member, by=operator, on=date(2026, 7, 31))
    rules = MoneyRules.objects.create(group=group, village=group.village, member_arrears="stop", no_decree="stop")
    with pytest.raises(ValidationError) as error:
        build.proposal(member, by=operator, proposed_on=DAY)
    assert error.value.messages == ["Norhasanah masih menunggak Rp115.000.", NO_DECREE]
    rules.member_arrears, rules.no_decree = "warn", "off"
    rules.save()
    assert build.proposal(member, by=operator, proposed_on=DAY).warnings.splitlines() == [
        "Norhasanah masih menunggak Rp115.000.",
        "Norhasanah masih punya 1 pinjaman berjalan; menurut aturan kelompok, dengan yang ini paling banyak 1.",
    ]


def test_the_rules_are_asked_again_at_disbursement(group, member, operator):
    from loans.proposal_services import disburse_loan

    waiting = build.proposal(member, by=operator)
    assert waiting.warnings == NO_DECREE
    MoneyRules.objects.create(group=group, village=group.village, no_decree="stop")
    with pytest.raises(ValidationError, match="belum punya SK"):
        disburse_loan(loan=waiting, disbursed_on=DAY, by=operator)
    group.decree_number = "12/SK/2026"
    group.save()
    assert disburse_loan(loan=waiting, disbursed_on=DAY, by=operator).warnings == ""
