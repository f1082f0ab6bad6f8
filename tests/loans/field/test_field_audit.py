"""The audit of what sheets sent: each envelope beside its paper, and the way of the field's cash."""

import hashlib
import json
from uuid import uuid4

import pytest

from loans.models import CashCount, Envelope, Receipt, Voucher
from loans.services import reverse_payment
from tests import build
from tests.loans.field.build_field import ON, count, row, send
from tests.loans.test_audit_ledger import PLACE, differences, said, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(member, operator):
    """Savings of 60.000, of which 20.000 go out again, counted and handed in with 1.000 missing."""
    build.capital(member.group, 5_000_000)
    send(
        row(member, savings={"mandatory": 10_000, "voluntary": 50_000}),
        row(member, withdraw={"voluntary": 20_000}),
        count(member.group, {"20000": 1, "10000": 1, "5000": 1, "2000": 2}, explanation="kurang uang kembalian"),
        by=operator,
    )
    assert said().startswith("Buku cocok")
    return member.group


def test_an_envelope_says_what_its_receipt_says(meeting):
    envelope = Envelope.objects.earliest("pk")
    tamper("UPDATE loans_envelope SET sha256 = %s WHERE id = %s", "0" * 64, envelope.pk)
    tamper('UPDATE loans_envelope SET "on" = %s WHERE id = %s', "2026-09-24", envelope.pk)
    assert differences()[1] == [
        f"{PLACE}, kiriman {envelope.uuid}: isinya lain dari sidiknya.",
        f"{PLACE}, kiriman {envelope.uuid}: isinya tentang hal lain daripada barisnya.",
        f"{PLACE}, kiriman {envelope.uuid}: isinya Rp60.000, buktinya AS-2026-0001 Rp60.000.",
    ]


def test_a_withdrawal_is_the_one_that_was_sent(meeting):
    envelope = Envelope.objects.exclude(voucher=None).earliest("pk")
    forged(envelope, withdraw={"voluntary": 10_000})
    assert differences()[1] == [
        f"{PLACE}, kiriman {envelope.uuid}: penarikannya Rp10.000, bukti kasnya Rp20.000.",
    ]


def test_what_lies_with_the_officer_follows_from_the_papers(meeting):
    tamper("UPDATE loans_entry SET credit = '1.1.9' WHERE kind = 'capital'")
    told = [line for line in differences()[1] if "kas di petugas:" in line]
    assert told == [f"{PLACE}, kas di petugas: di buku besar −Rp5.000.000, menurut buktinya Rp0."]


def test_money_in_the_till_of_the_field_came_by_an_envelope(member, operator, group):
    build.capital(group)
    receipt = build.payment(build.loan(member), 115_000, ON, by=operator, till="field")
    assert differences()[1] == [f"{PLACE}, bukti {receipt}: tanpa kiriman, tanggal 25 September 2026."]


def test_each_handing_in_has_its_count(meeting):
    voucher = Voucher.objects.get(kind="field_in")
    tamper("UPDATE loans_voucher SET uuid = %s WHERE id = %s", "1" * 32, voucher.pk)
    assert differences()[1] == [
        f"{PLACE}, kiriman {Envelope.objects.get(kind='count').uuid}: buktinya berkunci lain.",
        f"{PLACE}, bukti {voucher}: setoran kas petugas tanpa hitungan atau koreksi.",
        f"{PLACE}, hitungan uang di meja 25 September 2026: menurut buku Rp40.000, disetor Rp0.",
    ]


def test_a_count_of_the_table_is_the_sum_of_its_pieces(meeting):
    tamper("UPDATE loans_cashcount SET counted = 38000 WHERE till = 'field'")
    assert differences()[1] == [
        f"{PLACE}, kiriman {Envelope.objects.latest('pk').uuid}: hitungan kasnya lain dari isinya.",
        f"{PLACE}, hitungan uang di meja 25 September 2026: uang dihitung Rp38.000, lembar dan kepingnya Rp39.000.",
        f"{PLACE}, hitungan uang di meja 25 September 2026: selisih −Rp2.000, dibukukan −Rp1.000.",
    ]
    assert CashCount.objects.get().booked == 40_000


def forged(envelope, **fields) -> None:
    """Another content with a fingerprint that fits it."""
    content = envelope.content | fields
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    sign = hashlib.sha256(written.encode()).hexdigest()
    tamper("UPDATE loans_envelope SET content = %s, sha256 = %s WHERE id = %s", json.dumps(content), sign, envelope.pk)


@pytest.mark.parametrize("content", ["null", "[]", "{}", '{"amount": "x", "savings": 3, "withdraw": null}'])
def test_a_content_that_is_none_is_told_and_stops_nothing(meeting, content):
    envelope = Envelope.objects.earliest("pk")
    tamper("UPDATE loans_envelope SET content = %s WHERE id = %s", content, envelope.pk)
    assert f"{PLACE}, kiriman {envelope.uuid}: isinya lain dari sidiknya." in differences()[1]


@pytest.mark.parametrize(
    "fields", [{"member": 999}, {"loan": 999}, {"group": 999}, {"on": "2026-09-01"}, {"kind": "total"}, {"uuid": "x"}]
)
def test_a_forged_content_with_its_own_fingerprint_says_another_thing_than_its_row(meeting, fields):
    envelope = Envelope.objects.earliest("pk")
    forged(envelope, **fields)
    assert f"{PLACE}, kiriman {envelope.uuid}: isinya tentang hal lain daripada barisnya." in differences()[1]


def test_what_was_saved_is_of_the_kinds_that_were_sent(meeting):
    envelope = Envelope.objects.earliest("pk")
    forged(envelope, savings={"mandatory": 50_000, "voluntary": 10_000})
    assert differences()[1] == [f"{PLACE}, kiriman {envelope.uuid}: simpanan di isinya lain dari bagian buktinya."]


def test_the_difference_of_the_table_is_posted_by_its_own_voucher(meeting):
    tamper("UPDATE loans_cashcount SET voucher_id = NULL WHERE till = 'field'")
    told = f"{PLACE}, hitungan uang di meja 25 September 2026: selisih −Rp1.000, dibukukan Rp0."
    assert told in differences()[1]


def test_a_correction_takes_no_more_out_of_the_box_than_it_takes_back(meeting, operator, district_officer):
    member = Receipt.objects.earliest("pk").member
    items = row(member, savings={"mandatory": 60_000}), count(meeting, {"50000": 1, "10000": 1})
    receipt = send(*items, by=operator)[0].receipt
    facts = {"reason": "salah ketik jumlah", "reversed_on": ON, "uuid": uuid4(), "by": district_officer}
    reverse_payment(receipt=receipt, **facts)
    voucher = Voucher.objects.filter(kind="field_in").latest("pk")
    tamper("UPDATE loans_voucher SET amount = 70000 WHERE id = %s", voucher.pk)
    tamper("UPDATE loans_entry SET amount = 70000 WHERE voucher_id = %s", voucher.pk)
    assert differences()[1] == [
        f"{PLACE}, bukti {voucher}: mengambil Rp70.000 dari kas, lebih dari yang dikoreksi Rp60.000."
    ]


def test_a_paper_is_of_the_key_that_was_sent(meeting):
    first, second = Envelope.objects.filter(kind="row").order_by("pk")
    tamper("UPDATE loans_voucher SET uuid = %s WHERE id = %s", "2" * 32, second.voucher_id)
    assert differences()[1] == [f"{PLACE}, kiriman {second.uuid}: buktinya berkunci lain."]
    assert first.receipt.uuid == first.uuid


def test_a_count_of_the_table_came_by_an_envelope(meeting):
    tamper("DELETE FROM loans_envelope WHERE kind = 'count'")
    assert differences()[1] == [f"{PLACE}, hitungan uang di meja 25 September 2026: tanpa kiriman."]
