"""An item as it is read: strictly, all that is wrong at once, and told the same whatever the order of its words."""

from datetime import date
from uuid import UUID

import pytest

from loans.field.items import Item, ItemError, converted, iso_day, read

KEY = "7d3f0b52-8f6f-4f6e-9a53-0c2f6f0a9b11"
ROW = {
    "uuid": KEY, "format": 2, "kind": "row", "group": 5, "on": "2026-09-25", "member": 12, "loan": 34,
    "amount": 150_000, "savings": {"mandatory": 10_000, "voluntary": 0, "contribution": 5_000},
    "withdraw": {"voluntary": 0}, "note": "  dibayar   suaminya ", "order": 7,
    "recorded_at": "2026-09-25T10:41:05+08:00",
}  # fmt: skip


def wrong(told) -> dict:
    with pytest.raises(ItemError) as error:
        read(told)
    return error.value.fields


def test_a_line_is_read_with_its_amounts_and_those_of_nothing_left_out():
    item = read(ROW)
    assert (item.uuid, item.on, item.amount) == (UUID(KEY), date(2026, 9, 25), 150_000)
    assert (item.savings, item.withdraw, item.note) == (
        {"mandatory": 10_000, "contribution": 5_000},
        {},
        "dibayar suaminya",
    )
    assert item.recorded_at.isoformat() == "2026-09-25T10:41:05+08:00"


def test_the_fingerprint_knows_no_order_no_clock_and_no_format():
    first = read(ROW)
    for changed in ({"order": 9}, {"recorded_at": None}, {"savings": {"contribution": 5_000, "mandatory": 10_000}}):
        assert read(ROW | changed).sha256 == first.sha256
    for changed in ({"amount": 150_001}, {"note": ""}, {"on": "2026-09-24"}, {"member": None}):
        assert read(ROW | changed).sha256 != first.sha256


def test_the_canonical_content_of_a_line_says_nothing_of_counts():
    assert read(ROW).canonical() == {
        "uuid": KEY, "kind": "row", "group": 5, "on": "2026-09-25", "member": 12, "loan": 34, "amount": 150_000,
        "savings": {"contribution": 5_000, "mandatory": 10_000}, "withdraw": {}, "note": "dibayar suaminya",
    }  # fmt: skip


def test_an_item_of_the_first_format_becomes_one_of_todays():
    old = {"uuid": KEY, "format": 1, "kind": "row", "group": 5, "on": "2026-09-25", "member": 12, "loan": 34}
    new = old | {"format": 2, "amount": 150_000, "savings": {"mandatory": 10_000}}
    item = read(old | {"amount": 150_000, "mandatory": 10_000})
    assert (item.format, item.canonical()) == (1, read(new).canonical())
    assert converted(old | {"kind": "payment"})["kind"] == "total"


def test_a_single_payment_of_the_first_format_is_one_of_todays():
    old = {"uuid": KEY, "format": 1, "kind": "payment", "group": 5, "on": "2026-09-25", "loan": 34, "amount": 150_000}
    assert read(old) == Item(UUID(KEY), "total", 5, date(2026, 9, 25), loan=34, amount=150_000, format=1)


@pytest.mark.parametrize("format_", [0, 3, -1, "2", 2.0, True, None, [2]])
def test_another_format_asks_for_an_update(format_):
    assert wrong(ROW | {"format": format_}) == {
        "format": "Kiriman ini dibuat aplikasi yang lain versinya. Perbarui aplikasi, lalu kirim lagi."
    }


WHOLE = "Tulis rupiah bulat, misalnya 50000."
NEGATIVE = "Jumlah tidak boleh di bawah nol. Kosongkan bila tidak ada."
LARGE = "Jumlah ini terlalu besar: paling banyak 1.000.000.000.000. Periksa angka nolnya."
MATRIX = [
    ("50.000", WHOLE), ("50000", WHOLE), ("Rp 50.000,-", WHOLE), ("1.500.000,00", WHOLE), ("1e6", WHOLE),
    (50_000.0, WHOLE), (50.5, WHOLE), (True, WHOLE), (False, WHOLE), (None, WHOLE), ([50_000], WHOLE), ({}, WHOLE),
    (float("nan"), WHOLE), (float("inf"), WHOLE), ("٥٠", WHOLE), ("", WHOLE),
    (-5_000, NEGATIVE), (-1, NEGATIVE), (10**12 + 1, LARGE), (10**400, LARGE),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "words"), MATRIX)
def test_an_amount_is_whole_rupiah_or_refused_wherever_it_stands(amount, words):
    assert wrong(ROW | {"amount": amount}) == {"amount": words}
    assert wrong(ROW | {"savings": {"mandatory": amount}}) == {"savings.mandatory": words}
    assert wrong(ROW | {"withdraw": {"voluntary": amount}}) == {"withdraw.voluntary": words}


@pytest.mark.parametrize("amount", [1, 50, 50_000, 1_500_000, 10**12])
def test_an_amount_in_range_is_read_to_the_rupiah(amount):
    assert read(ROW | {"amount": amount}).amount == amount


def test_all_that_is_wrong_is_said_at_once():
    told = wrong(
        ROW | {"uuid": "x", "kind": "gift", "on": "25-9-2026", "amount": -1, "member": "12", "note": "x" * 201}
    )
    assert list(told) == ["uuid", "kind", "on", "member", "amount", "note"]
    assert told["note"] == "Paling panjang 200 huruf. Pendekkan tulisannya."


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"member": None, "loan": None}, "member", "Belum jelas siapa yang menyetor. Pilih anggota atau pinjamannya."),
        ({"loan": None}, "loan", "Belum jelas pinjaman mana yang dibayar. Pilih pinjamannya."),
        ({"kind": "absent", "member": None}, "member", "Belum jelas siapa yang tidak hadir. Pilih anggotanya."),
        ({"kind": "total", "amount": 0, "savings": {}}, "amount", "Jumlah harus lebih dari nol, misalnya 50.000."),
        ({"kind": "total"}, "savings", "Setoran tunggal dibagi sendiri oleh portal. Isi jumlahnya saja."),
        ({"savings": {"principal": 1}}, "savings", "Ada jenis simpanan yang tidak dapat dicatat di lembar."),
        ({"withdraw": {"mandatory": 1}}, "withdraw", "Ada jenis simpanan yang tidak dapat ditarik di lembar."),
        ({"kind": "count", "pieces": {"0": 1}}, "pieces", "Isi berapa lembar tiap pecahan dengan angka bulat"),
        ({"kind": "count", "pieces": {"1000": 1.5}}, "pieces", "Isi berapa lembar tiap pecahan dengan angka bulat"),
        (
            {"note": "a\0b"},
            "note",
            "Tulisan ini memuat tanda yang tidak dapat disimpan. Tulis lagi dengan huruf biasa.",
        ),
        ({"note": "\ud800"}, "note", "Tulisan ini memuat tanda yang tidak dapat disimpan."),
    ],
)
def test_what_does_not_fit_together_says_what_would_be_right(changed, field, words):
    told = wrong(ROW | changed)
    assert list(told) == [field]
    assert told[field].startswith(words)


@pytest.mark.parametrize("clock", ["", "x" * 50, 7, "2026-09-25T10:41:05", "9999-12-31T23:59:59+00:00", {"a": 1}])
def test_a_strange_clock_is_no_reason_to_refuse_money(clock):
    assert read(ROW | {"recorded_at": clock}).recorded_at is None


@pytest.mark.parametrize("told", [None, 7, "x", [], [ROW]])
def test_what_is_no_object_is_no_item(told):
    assert wrong(told) == {"": "Satu kiriman harus berupa satu objek JSON."}


@pytest.mark.parametrize(
    "day", ["20260925", "2026-W39-5", "2026-9-5", "2026-02-30", "0001-01-01", "٢٠٢٦-٠٩-٢٥", 7, None]
)
def test_a_day_is_written_just_so(day):
    assert iso_day(day) is None
