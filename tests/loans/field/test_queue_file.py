"""The backup file of a telephone: the kecamatan looks at it, then sends it in one act."""

import json
from io import BytesIO

import pytest
from django.urls import reverse

from loans.models import Envelope, Receipt
from tests import build
from tests.loans.field.build_field import row, send, states
from up2k_portal.lib.access import Role

pytestmark = pytest.mark.django_db


def content(owner, items, **fields) -> bytes:
    told = {"up2k": "antrean", "format": 2, "user": owner.pk, "name": owner.name, "items": items}
    return json.dumps(told | fields).encode()


def upload(client, written: bytes):
    file = BytesIO(written)
    file.name = "antrean.json"
    return client.post(reverse("queue-file"), {"file": file})


@pytest.fixture
def three(member):
    """Two lines with a loan and one that is refused."""
    loan = build.loan(member)
    return [
        row(loan, amount=115_000, note="dibayar suaminya"),
        row(build.member(member.group, name="Aminah"), savings={"mandatory": 10_000}),
        row(member, savings={"mandatory": -1}),
    ]


def test_the_preview_counts_and_sums_and_records_nothing(as_user, district_officer, operator, three):
    answer = upload(as_user(district_officer), content(operator, three))
    found = answer.context["found"]
    assert (found.new_count, found.new_sum, found.there_count, found.refused_count) == (2, 125_000, 0, 1)
    assert "Antrean milik Rahmah (63.08.03.2014), 3 kiriman" in answer.content.decode()
    assert (Receipt.objects.count(), Envelope.objects.count()) == (0, 0)


def test_one_act_records_them_under_the_senders_name_with_the_owners(as_user, district_officer, operator, three):
    client = as_user(district_officer)
    shown = upload(client, content(operator, three)).context["content"]
    answer = client.post(reverse("queue-file"), {"content": shown, "save": "1"})
    assert "Tercatat" in answer.content.decode()
    kept = Envelope.objects.order_by("pk")
    assert [(one.user, one.owner, one.sent_as) for one in kept] == [(district_officer, operator, "file")] * 2
    receipt = Receipt.objects.earliest("pk")
    assert (receipt.recorded_by, receipt.note, receipt.till) == (
        district_officer,
        "Antrean HP Rahmah. dibayar suaminya",
        "field",
    )


def test_what_came_from_the_owners_telephone_or_by_the_file_before_is_there(as_user, district_officer, operator, three):
    send(three[0], by=operator)
    client, written = as_user(district_officer), content(operator, three).decode()
    first, again = (client.post(reverse("queue-file"), {"content": written, "save": "1"}) for _ in range(2))
    assert [one.context["found"].there_count for one in (first, again)] == [1, 2]
    assert Receipt.objects.count() == 2
    assert states(send(*three[:2], by=operator)) == ["there", "there"]  # her telephone asks once more


def test_other_content_is_a_conflict_and_a_third_persons_key_is_foreign(
    as_user, district_officer, operator, three, member
):
    send(three[0], by=operator)
    send(three[1], by=build.user(Role.OPERATOR, member.village.code))
    items = [three[0] | {"amount": 1}, three[1]]
    answer = upload(as_user(district_officer), content(operator, items))
    assert [str(one.state) for _, one in answer.context["found"].rows] == ["conflict", "foreign"]


def test_a_foreign_group_is_not_recorded_by_the_kecamatan(as_user, operator, elsewhere, district_officer):
    foreign = build.member(build.group(elsewhere))
    items = [row(foreign, savings={"mandatory": 10_000})]
    client, written = as_user(district_officer), content(operator, items).decode()
    client.post(reverse("queue-file"), {"content": written, "save": "1"})
    assert Receipt.objects.count() == 0


WRONG = "Berkas ini bukan cadangan antrean portal. Pilih berkas yang dibuat tombol “Simpan cadangan ke berkas”."


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"", "Pilih berkas cadangannya."),
        (b"PK\x03\x04\xff\xfe", WRONG),
        (b"[" * 100_000, WRONG),
        (b'{"up2k": "lain", "items": []}', WRONG),
        (b'{"up2k": "antrean", "format": 9, "items": [1]}', "lain versinya. Perbarui aplikasi"),
        (b'{"up2k": "antrean", "format": 2, "items": []}', "tidak ada setoran yang menunggu di dalamnya."),
        (
            b'{"up2k": "antrean", "format": 2, "user": 99999999, "items": [1]}',
            "Akun pemilik antrean ini tidak dikenal di wilayah Ibu.",
        ),
        (
            b'{"up2k": "antrean", "format": 2, "user": "x", "items": [1]}',
            "Akun pemilik antrean ini tidak dikenal di wilayah Ibu.",
        ),
        (b'{"up2k": "antrean", "format": 2, "items": [' + b"1," * 2_000 + b"1]}", "paling banyak 2000."),
        (b'{"up2k": ' + b" " * 1_100_000 + b'"antrean"}', "paling besar 1 MB."),
    ],
)
def test_another_file_is_refused_with_what_would_be_right(written, words, as_user, district_officer):
    answer = upload(as_user(district_officer), written)
    assert answer.status_code == 200
    assert words in answer.content.decode().replace("&quot;", '"')


def test_junk_among_the_items_is_refused_one_by_one(as_user, district_officer, operator):
    answer = upload(as_user(district_officer), content(operator, [1, None, "x", [], {}, {"uuid": "\0"}]))
    assert answer.context["found"].refused_count == 6
