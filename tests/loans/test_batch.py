"""Many payments at once leave the very rows that they leave one by one, and one refused leaves the others saved."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Change
from loans import services
from loans.batch_services import Result, Sending, record_payments
from loans.closing_services import close_month
from loans.life_services import write_off_loan
from loans.models import Entry, Instalment, LoanShare, Penalty, Receipt, ReceiptPart, SharePayment
from loans.saving_services import record_deposit
from tests import build

MARCH = date(2026, 3, 31)
MOMENTS = ("id", "recorded_at", "at", "object_id", "request_id")


def rows() -> dict[str, list[dict]]:
    """What the money tables hold, without keys and moments, in order of writing."""
    told = {
        Receipt: ["reverses__number"],
        ReceiptPart: ["receipt__number", "reverses__amount"],
        Entry: ["part__receipt__number", "part__kind", "reverses__amount"],
        Penalty: ["receipt__number", "of__amount"],
        SharePayment: ["receipt__number"],
        Instalment: [],
        Change: [],
    }
    found = {}
    for model, besides in told.items():
        links = {"receipt", "part", "reverses", "of"}
        names = [one.name for one in model._meta.concrete_fields if one.name not in links.union(MOMENTS)]
        found[model.__name__] = list(model.objects.order_by("pk").values(*names, *besides))
    for change in found["Change"]:
        change["after"].pop("dicatat", None)
    return found


def left_by(act):
    """What an act answers and the rows that it leaves; then all is as before it."""
    with transaction.atomic():
        answer = act()
        found = rows()
        transaction.set_rollback(True)
    return answer, found


def one_by_one(sendings, by) -> list[str]:
    """The receipts' numbers, or the refusals in words."""
    answers = []
    for one in sendings:
        told = {"received_on": one.received_on, "by": by, "uuid": one.uuid, "till": one.till, "note": one.note}
        try:
            with transaction.atomic():
                if one.loan:
                    more = {"penalty": one.penalty, "parts": one.parts, "savings": one.savings}
                    receipt = services.record_payment(loan=one.loan, amount=one.amount, **told, **more)
                else:
                    receipt = record_deposit(member=one.member, parts=dict(one.savings), **told)
                answers.append(receipt.number)
        except ValidationError as error:
            answers.append(str(error))
    return answers


def told_by(outcomes) -> list[str]:
    return [outcome.receipt.number if outcome.receipt else str(outcome.error) for outcome in outcomes]


def check_same(group, sendings, by):
    numbers, expected = left_by(lambda: one_by_one(sendings, by))
    outcomes, found = left_by(lambda: record_payments(group=group, sendings=sendings, by=by))
    assert told_by(outcomes) == numbers
    assert found == expected
    return outcomes


def results(outcomes) -> list[Result]:
    return [outcome.result for outcome in outcomes]


@pytest.fixture
def book(db):
    """A group with three borrowers, the second under a rule for penalties, and a poklak that borrowed too."""
    group = build.group()
    plain = build.product(group)
    fined = build.product(group, penalty_kind="fixed", penalty_amount=5_000)
    borrowers = [build.member(group), build.member(group), build.member(group), build.poklak(group)]
    products = (plain, fined, plain, plain)
    loans = [build.loan(who, 1_000_000, product=what) for who, what in zip(borrowers, products, strict=True)]
    for who in borrowers[:2]:
        LoanShare.objects.create(loan=loans[3], village=group.village, member=who, proposed=500_000)
    return group, borrowers, loans, loans[0].disbursed_by


def pay(loan, amount=115_000, on=MARCH, **facts) -> Sending:
    return Sending(uuid4(), on, loan=loan, amount=amount, **facts)


def test_a_sheet_of_payments_and_deposits_is_what_it_is_one_by_one(book):
    group, borrowers, loans, by = book
    sendings = [
        pay(loans[0], savings={"mandatory": 10_000, "contribution": 2_000}),
        Sending(uuid4(), MARCH, member=borrowers[1], savings={"voluntary": 25_000, "mandatory": 0}),
        pay(loans[1], 50_000, note="dititipkan Aminah"),
        pay(loans[2], 120_000, penalty=5_000, till="bank"),
        pay(loans[3], 1_200_000),
    ]
    outcomes = check_same(group, sendings, by)
    assert results(outcomes) == [Result.SAVED] * 5
    assert told_by(outcomes) == [f"AS-2026-{serial:04}" for serial in range(1, 6)]


def test_a_late_payment_brings_the_penalty_that_its_rule_asks_for(book):
    group, _, loans, by = book
    record_payments(group=group, sendings=[pay(loans[1])], by=by)
    assert list(Penalty.objects.values_list("instalment_number", "amount", "receipt__number")) == [
        (1, 5_000, "AS-2026-0001")
    ]
    assert dict(ReceiptPart.objects.values_list("kind", "amount")) == {
        "penalty": 5_000, "service_fee": 15_000, "principal": 95_000,
    }  # fmt: skip


def test_a_poklaks_payment_says_whose_part_it_paid(book):
    group, borrowers, loans, by = book
    first, second, *_ = borrowers
    named = pay(loans[3], 80_000, payers=[(first, first, 50_000), (second, first, 30_000)])
    record_payments(group=group, sendings=[pay(loans[3], 100_000), named], by=by)
    told = SharePayment.objects.order_by("pk").values_list("receipt__serial", "member", "payer", "amount")
    assert list(told) == [
        (1, first.pk, first.pk, 50_000), (1, second.pk, second.pk, 50_000),
        (2, first.pk, first.pk, 50_000), (2, second.pk, first.pk, 30_000),
    ]  # fmt: skip


def test_two_payments_of_one_loan_and_one_dated_back_keep_their_order(book):
    group, _, loans, by = book
    sendings = [
        pay(loans[0], 150_000),
        pay(loans[2]),
        pay(loans[0], 80_000),
        pay(loans[0], 60_000, on=date(2026, 2, 28)),
        pay(loans[3]),
    ]
    assert results(check_same(group, sendings, by)) == [Result.SAVED] * 5


def test_numbers_start_anew_with_the_year(book):
    group, _, loans, by = book
    days = [MARCH, date(2025, 12, 30), date(2026, 4, 1)]
    member = loans[0].member
    sendings = [Sending(uuid4(), on, member=member, savings={"mandatory": 10_000}) for on in days]
    assert told_by(check_same(group, sendings, by)) == ["AS-2026-0001", "AS-2025-0001", "AS-2026-0002"]


def test_what_was_sent_before_is_there_and_another_content_is_refused(book):
    group, _, loans, by = book
    first = pay(loans[0])
    record_payments(group=group, sendings=[first], by=by)
    sendings = [first, replace(first, amount=116_000), pay(loans[2])]
    outcomes = check_same(group, sendings, by)
    assert results(outcomes) == [Result.THERE, Result.REFUSED, Result.SAVED]
    assert outcomes[1].error.code == "conflict"
    assert Receipt.objects.count() == 1


def test_the_same_key_twice_in_one_batch_is_one_receipt_where_the_content_is_the_same(book):
    group, _, loans, by = book
    one = pay(loans[0])
    outcomes = check_same(group, [one, one, replace(one, loan=loans[2])], by)
    assert results(outcomes) == [Result.SAVED, Result.THERE, Result.REFUSED]


def test_a_key_whose_first_content_was_refused_is_saved_once_it_is_corrected(book):
    group, _, loans, by = book
    wrong = pay(loans[0], 0)
    outcomes = check_same(group, [wrong, replace(wrong, amount=115_000)], by)
    assert results(outcomes) == [Result.REFUSED, Result.SAVED]


def test_each_refusal_has_the_words_of_the_single_verb_and_leaves_the_others_saved(book):
    group, borrowers, loans, by = book
    left = build.member(group, left_on=date(2026, 1, 31), left_reason="pindah ke Banjang")
    sendings = [
        pay(loans[0], 0),
        pay(loans[0], on=date(2030, 1, 1)),
        pay(loans[0], on=date(2026, 1, 1)),
        pay(loans[0], 100_000, parts={"principal": 120_000}),
        pay(loans[0], 100_000, penalty=-1),
        pay(loans[3], savings={"mandatory": 10_000}),
        pay(loans[2], note="x" * 201),
        pay(loans[2], till="laci"),
        Sending(uuid4(), MARCH, member=left, savings={"mandatory": 10_000}),
        Sending(uuid4(), MARCH, member=borrowers[0]),
        pay(loans[0]),
    ]
    outcomes = check_same(group, sendings, by)
    assert results(outcomes) == [Result.REFUSED] * 10 + [Result.SAVED]
    assert outcomes[10].receipt.number == "AS-2026-0001"


def test_a_loan_of_another_group_and_nobody_at_all_are_refused(book):
    group, _, loans, by = book
    foreign = build.loan(build.member(build.group(name="UP2K Melati", initials="ML")))
    outcomes = record_payments(group=group, sendings=[pay(foreign), Sending(uuid4(), MARCH), pay(loans[0])], by=by)
    assert results(outcomes) == [Result.REFUSED, Result.REFUSED, Result.SAVED]
    assert outcomes[0].error.messages == [f"{foreign} dari kelompok lain. Pilih dari {group}."]
    assert outcomes[1].error.messages == ["Belum jelas siapa yang menyetor. Pilih pinjaman atau anggotanya."]


def test_a_closed_month_and_a_loan_written_off_are_refused_row_by_row(book):
    group, _, loans, by = book
    build.payment(loans[2], 115_000, date(2026, 2, 10))
    write_off_loan(loan=loans[0], on=MARCH, reason="peminjam wafat, rapat 5 Maret", by=by, uuid=uuid4())
    build.cash_count(group, date(2026, 2, 28))
    close_month(group=group, period=202602, by=by)
    outcomes = check_same(group, [pay(loans[0]), pay(loans[2], on=date(2026, 2, 20)), pay(loans[3])], by)
    assert results(outcomes) == [Result.REFUSED, Result.REFUSED, Result.SAVED]


def test_sixty_receipts_ask_at_most_one_and_a_half_times_the_queries_of_one(db):
    group = build.group()
    product = build.product(group)
    loans = [build.loan(build.member(group), product=product) for _ in range(16)]
    savers = [build.member(group) for _ in range(45)]
    by = loans[0].disbursed_by
    with CaptureQueriesContext(connection) as one:
        services.record_payment(loan=loans[15], amount=115_000, received_on=MARCH, by=by, uuid=uuid4())
    sendings = [pay(loan, savings={"mandatory": 10_000}) for loan in loans[:15]]
    sendings += [Sending(uuid4(), MARCH, member=member, savings={"mandatory": 10_000}) for member in savers]
    with CaptureQueriesContext(connection) as sixty:
        outcomes = record_payments(group=group, sendings=sendings, by=by)
    assert results(outcomes) == [Result.SAVED] * 60
    assert len(sixty) <= 1.5 * len(one)


DAYS = st.sampled_from([date(2026, 1, 15), date(2026, 2, 10), date(2026, 2, 28), MARCH, date(2026, 4, 30)])
AMOUNTS = st.sampled_from([0, 1, 40_000, 115_000, 130_000, 700_000, 1_200_000])
SAVINGS = st.dictionaries(st.sampled_from(["mandatory", "voluntary", "contribution"]), st.sampled_from([0, -1, 9_000]))
SHEETS = st.lists(
    st.tuples(st.integers(0, 3), AMOUNTS, DAYS, SAVINGS, st.sampled_from([0, 0, 3_000]), st.booleans()), max_size=8
)


@given(sheet=SHEETS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_a_batch_leaves_what_the_single_verbs_leave(book, sheet):
    group, _, loans, by = book
    sendings = [
        Sending(UUID(int=at), on, member=loans[who].member, savings=savings)
        if is_deposit and loans[who].member
        else Sending(UUID(int=at), on, loan=loans[who], amount=amount, savings=savings, penalty=penalty)
        for at, (who, amount, on, savings, penalty, is_deposit) in enumerate(sheet)
    ]
    check_same(group, sendings, by)
