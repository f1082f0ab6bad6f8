"""The signed code of a kuitansi, and the page that anyone may open with it."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from loans import receipt_codes, services
from loans.receipt_codes import ALPHABET, code_of, grouped, receipt_pk
from tests import build


@given(st.integers(1, 32**7 - 1))
def test_every_receipt_has_a_code_short_enough_to_type_that_leads_back_to_it(pk):
    code = code_of(pk)
    assert receipt_pk(code) == pk
    assert len(code) <= 16
    assert set(code) <= set(ALPHABET)


def test_a_code_is_read_as_people_write_it():
    code = code_of(10_147)
    written = [code.lower(), f" {grouped(code)} ", grouped(code).replace("0", "O").replace("1", "l"), "-".join(code)]
    assert [receipt_pk(typed) for typed in written] == [10_147] * 4
    assert grouped("3F7K9ZQ21B4C") == "3F7K-9ZQ2-1B4C"


@given(st.integers(1, 10**6), st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_other_letter_and_no_receipt_answers(pk, at, letter):
    code = code_of(pk)
    at %= len(code)
    altered = code[:at] + letter + code[at + 1 :]
    assert receipt_pk(altered) == (pk if altered == code else None)


@pytest.mark.parametrize("typed", ["", "0", "U" * 12, "ö" * 12, "1" * 10, "1" * 16, "1" * 17, "9" * 10_000, "../../x"])
def test_what_is_no_code_leads_nowhere(typed):
    assert receipt_pk(typed) is None


def test_the_hash_has_45_bits_and_hangs_on_the_key(settings):
    assert receipt_codes.HASH_LENGTH * receipt_codes.BITS == 45
    code = code_of(7)
    settings.SECRET_KEY = "another-" + "y" * 50
    assert receipt_pk(code) is None
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" + "x" * 50]
    assert receipt_pk(code) == 7  # a paper outlives the key it was printed with


@pytest.mark.parametrize("pk", [0, -1, 32**7])
def test_a_number_that_fits_no_code_is_refused(pk):
    with pytest.raises(ValueError, match="tidak dapat dijadikan kode"):
        code_of(pk)


def check(client, receipt):
    return client.get(reverse("receipt-check", args=[code_of(receipt.pk)]))


@pytest.fixture
def receipt(member, operator):
    return build.payment(build.loan(member, by=operator), 115_000, date(2026, 3, 1))


def test_anyone_learns_amount_and_day_and_nobodys_name(receipt, member, client):
    answer = check(client, receipt)
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("Tercatat", "Rp115.000", "1 Maret 2026", "seratus lima belas ribu rupiah"):
        assert text in page
    village = receipt.village
    for told in (member.name, receipt.number, receipt.group.name, village.name, village.code, "Rahmah"):
        assert told not in page
    assert "BATAL" not in page
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_a_cancelled_receipt_says_so_and_since_when(receipt, operator, client):
    reversal = services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 3, 5), by=operator, uuid=uuid4()
    )
    page = check(client, receipt).content.decode()
    for text in ("BATAL sejak", "5 Maret 2026", "Rp115.000", "tidak berlaku lagi"):
        assert text in page
    assert "Tercatat" not in page
    assert check(client, reversal).status_code == 404  # a correction is no kuitansi


def test_an_altered_code_is_unknown_whether_or_not_its_receipt_exists(receipt, client):
    code = code_of(receipt.pk)
    other = ALPHABET[(ALPHABET.index(code[0]) + 1) % 32]
    altered = client.get(reverse("receipt-check", args=[other + code[1:]]))
    never = client.get(reverse("receipt-check", args=[other + code_of(10**6)[1:]]))
    assert (altered.status_code, never.status_code) == (404, 404)
    for text in ("Kode tidak dikenal", "Ketik ulang kode", "bendahara kelompok"):
        assert text in altered.content.decode()
    strip = re.compile(r'value="[^"]*"|dari=[^"]*')  # the code as it was typed
    assert strip.sub("", altered.content.decode()) == strip.sub("", never.content.decode())


def test_a_wrong_code_asks_no_receipt(receipt, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("receipt-check", args=["1111-1111-1111"]))
    with django_assert_num_queries(1):
        check(client, receipt)


def test_a_code_can_be_typed(receipt, client):
    page = client.get(reverse("check")).content.decode()
    assert 'name="kode"' in page
    found = client.get(reverse("check"), {"kode": grouped(code_of(receipt.pk)).lower()})
    assert (found.status_code, "Rp115.000" in found.content.decode()) == (200, True)
    assert client.get(reverse("check"), {"kode": "<b>/?"}).status_code == 404
    assert client.post(reverse("check")).status_code == 405


def test_the_kuitansi_carries_the_code_and_its_qr(receipt, operator, as_user):
    paper = as_user(operator).get(reverse("receipt-paper", args=[receipt.pk]))
    page, code = paper.content.decode(), code_of(receipt.pk)
    assert grouped(code) in page
    assert 'class="qr"' in page
    assert paper.context["check_url"] == f"http://testserver/cek/{code}/"
    assert " style=" not in page


def test_a_correction_carries_none(receipt, operator, as_user):
    reversal = services.reverse_payment(
        receipt=receipt, reason="salah ketik jumlah", reversed_on=date(2026, 3, 5), by=operator, uuid=uuid4()
    )
    page = as_user(operator).get(reverse("receipt-paper", args=[reversal.pk])).content.decode()
    assert 'class="qr"' not in page
    assert "DIBATALKAN" not in page
