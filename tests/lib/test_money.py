"""Rupiah: rounded once, written one way, read without guessing, spelled out and back."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from up2k_portal.lib.money import format_number, format_rupiah, parse_rupiah, round_rupiah, terbilang

WORDS = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9,
}  # fmt: skip
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def number_of(words: str) -> int:
    """Reads a number in words: the way back, by rules that share nothing with the way there."""
    total = group = digit = 0
    for word in words.replace("se", "satu ").replace("satu mbilan", "sembilan").split():
        if word in WORDS:
            digit = WORDS[word]
        elif word == "belas":
            group, digit = group + digit + 10, 0
        elif word in ("puluh", "ratus"):
            group, digit = group + digit * (10 if word == "puluh" else 100), 0
        else:
            total, group, digit = total + (group + digit) * SCALES[word], 0, 0
    return total + group + digit


@pytest.mark.parametrize(
    ("amount", "step", "nearest", "up", "down"),
    [
        (Fraction(1, 2), 1, 1, 1, 0),
        (Fraction(3, 2), 1, 2, 2, 1),
        (Fraction(49999, 100000), 1, 0, 1, 0),
        (Fraction(-1, 2), 1, 0, 0, -1),
        (Fraction(-3, 2), 1, -1, -1, -2),
        (Fraction(1045000, 3), 1, 348333, 348334, 348333),
        (Fraction(1045000, 3), 500, 348500, 348500, 348000),
        (18750, 500, 19000, 19000, 18500),
        (18749, 500, 18500, 19000, 18500),
        (1700, 500, 1500, 2000, 1500),
        (1900, 500, 2000, 2000, 1500),
        (15000, 1000, 15000, 15000, 15000),
        (0, 1000, 0, 0, 0),
    ],
)
def test_rounding_goes_to_a_multiple_of_the_step_and_ties_go_up(amount, step, nearest, up, down):
    directions = ("nearest", "up", "down")
    assert tuple(round_rupiah(amount, step, direction) for direction in directions) == (nearest, up, down)


def test_rounding_to_nothing_and_in_no_direction_are_refused():
    with pytest.raises(ValueError) as step:
        round_rupiah(1, 0)
    with pytest.raises(ValueError) as direction:
        round_rupiah(1, 1, "even")
    assert str(step.value) == "Pembulatan Rp0 tidak mungkin; isi paling sedikit Rp1."
    assert str(direction.value) == "Arah pembulatan “even” tidak dikenal; pilih nearest, up atau down."


@pytest.mark.parametrize(
    ("amount", "text", "bare"),
    [
        (0, "Rp0", "0"),
        (999, "Rp999", "999"),
        (1000, "Rp1.000", "1.000"),
        (1250000, "Rp1.250.000", "1.250.000"),
        (-1000, "−Rp1.000", "−1.000"),
        (10**15, "Rp1.000.000.000.000.000", "1.000.000.000.000.000"),
    ],
)
def test_rupiah_are_written_with_dots_and_a_real_minus(amount, text, bare):
    assert (format_rupiah(amount), format_rupiah(amount, symbol=False), format_number(amount)) == (
        text,
        bare,
        bare,
    )


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50.000", 50000),
        ("50000", 50000),
        ("Rp50.000", 50000),
        ("RP 50.000", 50000),
        ("rp. 50.000", 50000),
        ("Rp 50.000,-", 50000),
        ("50.000 ,-", 50000),
        ("50.000,00", 50000),
        ("50000,00", 50000),
        ("1.500.000", 1500000),
        ("Rp\u00a01.500.000\u202f", 1500000),
        ("  50.000\t", 50000),
        ("0", 0),
        ("Rp0,-", 0),
        ("1.000", 1000),
        ("999.999.999.999.999", 999_999_999_999_999),
    ],
)
def test_what_people_type_is_read_to_the_rupiah(text, amount):
    assert parse_rupiah(text) == amount


EMPTY = "Isi jumlah rupiah dengan angka, misalnya 50.000."
LETTERS = "Jumlah “{}” hanya boleh berisi angka 0–9 dan titik ribuan, misalnya 50.000."
NEGATIVE = "Jumlah “{}” tidak boleh negatif; tulis misalnya 50.000."
COMMA = "Jumlah “{}” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000."
SEN = "Jumlah “{}” memakai sen; tulis rupiah bulat tanpa koma, misalnya 50.000."
AFTER_DOT = "Jumlah “{}” tidak jelas: sesudah titik harus tiga angka, misalnya 50.000."
DOTS = "Jumlah “{}” tidak jelas: letakkan titik tiap tiga angka, misalnya 50.000 atau 1.500.000."
SPACE = "Jumlah “{}” terpotong spasi; pisahkan ribuan dengan titik, misalnya 50.000."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", EMPTY),
        (" \u00a0", EMPTY),
        ("-", EMPTY),
        ("Rp", EMPTY),
        ("Rp ,-", EMPTY),
        ("50,000", COMMA),
        ("1,250,000", COMMA),
        ("50.000,000", COMMA),
        ("1.000,000.00", COMMA),
        ("50.00", AFTER_DOT),
        ("50000.00", AFTER_DOT),
        ("1.5", AFTER_DOT),
        ("5.0000", DOTS),
        ("1.50.000", DOTS),
        ("0.500", DOTS),
        ("50.000.", DOTS),
        ("50.000.-", DOTS),
        ("1500.000", DOTS),
        ("50.000,50", SEN),
        ("1,5", SEN),
        ("50.000,", SEN),
        ("-5000", NEGATIVE),
        ("−5.000", NEGATIVE),
        ("Rp -5.000", NEGATIVE),
        ("50 000", SPACE),
        ("1e6", LETTERS),
        ("٥٠", LETTERS),
        ("５０.０００", LETTERS),
        ("5²", LETTERS),
        ("seratus ribu", LETTERS),
        ("50 ribu", LETTERS),
        ("10%", LETTERS),
        ("+5000", LETTERS),
        ("1_000", LETTERS),
        ("0x10", LETTERS),
    ],
)
def test_what_is_not_clear_is_refused_and_said_rightly(text, sentence):
    with pytest.raises(ValueError) as error:
        parse_rupiah(text)
    assert str(error.value) == sentence.format(text)


def test_more_than_fifteen_digits_are_refused():
    with pytest.raises(ValueError) as error:
        parse_rupiah("1.000.000.000.000.000")
    assert str(error.value) == "Jumlah “1.000.000.000.000.000” terlalu besar: paling banyak 15 angka."


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**15 - 1), st.sampled_from(["{}", "Rp{}", "Rp {},-", " {},00 "]))
def test_what_we_write_we_read_again(amount, pattern):
    assert parse_rupiah(pattern.format(format_number(amount))) == amount
    assert parse_rupiah(pattern.format(amount)) == amount


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789.,- Rp", max_size=12))
def test_no_text_is_ever_read_a_power_of_ten_off(text):
    try:
        amount = parse_rupiah(text)
    except ValueError:
        return
    whole = text.split(",")[0]
    assert str(amount) == "".join(filter(str.isdigit, whole)).lstrip("0").rjust(1, "0")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (1, "satu rupiah"),
        (10, "sepuluh rupiah"),
        (11, "sebelas rupiah"),
        (19, "sembilan belas rupiah"),
        (100, "seratus rupiah"),
        (1000, "seribu rupiah"),
        (11000, "sebelas ribu rupiah"),
        (21000, "dua puluh satu ribu rupiah"),
        (100000, "seratus ribu rupiah"),
        (1001000, "satu juta seribu rupiah"),
        (1250000, "satu juta dua ratus lima puluh ribu rupiah"),
        (10**9, "satu miliar rupiah"),
        (2 * 10**12 + 1, "dua triliun satu rupiah"),
    ],
)
def test_an_amount_is_spelled_out_as_on_a_kuitansi(amount, words):
    assert terbilang(amount) == words


def test_every_spelled_amount_reads_back_to_itself():
    edges = {10**power + more for power in range(3, 15) for more in (-1, 0, 1)}
    amounts = [*range(2001), *range(2001, 10**6, 997), *sorted(edges)]
    assert [amount for amount in amounts if number_of(terbilang(amount).removesuffix(" rupiah")) != amount] == []
