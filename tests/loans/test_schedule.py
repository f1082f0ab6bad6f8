"""Schedules worked by hand: (principal, fee) of each row, to the rupiah."""

from datetime import date

import pytest

from loans.schedule import (
    Every,
    Rounding,
    Row,
    build,
    due_on,
    effective_annual_rate,
    totals,
)
from tests.loans.schedules import FIRST, PARTS, START, amounts, annuity, bullet, declining, flat, refusal, terms


def test_a_row_tells_its_number_day_parts_total_and_balance():
    rows = build(flat(1000000, "1.5", 3), START)
    assert rows == (
        Row(1, date(2026, 2, 28), 333333, 15000, 666667),
        Row(2, date(2026, 3, 31), 333333, 15000, 333334),
        Row(3, date(2026, 4, 30), 333334, 15000, 0),
    )
    assert [row.total for row in rows] == [348333, 348333, 348334]
    assert totals(rows) == (1000000, 45000)


# Flat: 1,000,000 / 3 + 15,000 = 348,333.33


@pytest.mark.parametrize(
    ("step", "rounding", "principal", "rest"),
    [
        (1, Rounding.NEAREST, 333333, 333334),
        (1, Rounding.UP, 333334, 333332),
        (1, Rounding.DOWN, 333333, 333334),
        (100, Rounding.NEAREST, 333300, 333400),
        (100, Rounding.UP, 333400, 333200),
        (100, Rounding.DOWN, 333300, 333400),
        (500, Rounding.NEAREST, 333500, 333000),
        (500, Rounding.UP, 333500, 333000),
        (500, Rounding.DOWN, 333000, 334000),
        (1000, Rounding.NEAREST, 333000, 334000),
        (1000, Rounding.UP, 334000, 332000),
        (1000, Rounding.DOWN, 333000, 334000),
    ],
)
def test_flat_rounds_the_total_and_one_row_takes_the_rest(step, rounding, principal, rest):
    last = flat(1000000, "1.5", 3, step=step, rounding=rounding)
    first = flat(1000000, "1.5", 3, step=step, rounding=rounding, **FIRST)
    assert amounts(last) == [(principal, 15000), (principal, 15000), (rest, 15000)]
    assert amounts(first) == [(rest, 15000), (principal, 15000), (principal, 15000)]


def test_a_tie_goes_up():
    assert amounts(flat(1000, "0", 2, step=1000)) == [(1000, 0), (0, 0)]


def test_the_flat_fee_is_rounded_half_up_and_the_last_row_takes_the_rest_of_the_promised_sum():
    assert amounts(flat(1050, "1", 3)) == [(350, 11), (350, 11), (350, 10)]  # 10.5 a row, 31.5 in all


# Flat in parts: fee 18,750 → 19,000 by steps of 500 (a tie), 75,000 in all


def test_flat_in_parts_rounds_principal_and_fee_each_for_itself():
    assert amounts(flat(1250000, "1.5", 4, step=500, **PARTS)) == [
        (312500, 19000),
        (312500, 19000),
        (312500, 19000),
        (312500, 18000),
    ]


def test_flat_in_parts_may_put_both_rests_first():
    assert amounts(flat(1000000, "1.75", 3, step=1000, **PARTS, **FIRST)) == [
        (334000, 16500),  # 52,500 promised, 18,000 a row
        (333000, 18000),
        (333000, 18000),
    ]


def test_flat_in_parts_down_may_leave_everything_to_the_last_row():
    lazy = flat(1000000, "1.5", 3, step=400000, rounding=Rounding.DOWN, **PARTS)
    assert amounts(lazy) == [(0, 0), (0, 0), (1000000, 45000)]


# Declining: equal principal, fee on the balance before the row


def test_declining_takes_the_fee_from_the_balance():
    assert amounts(declining(1000000, "2", 4)) == [
        (250000, 20000),
        (250000, 15000),
        (250000, 10000),
        (250000, 5000),
    ]


@pytest.mark.parametrize(
    ("rounding", "rows"),
    [
        (Rounding.NEAREST, [(333000, 15000), (332995, 10005), (334005, 5010)]),  # 348,333 then 343,338
        (Rounding.DOWN, [(333000, 15000), (332995, 10005), (334005, 5010)]),
        (Rounding.UP, [(334000, 15000), (334010, 9990), (331990, 4980)]),  # fee of 331,990: 4,979.85
    ],
)
def test_declining_rounds_the_total_of_each_row(rounding, rows):
    assert amounts(declining(1000000, "1.5", 3, step=1000, rounding=rounding)) == rows


def test_declining_in_parts_rounds_the_last_fee_too():
    # fee of 666,500: 9,997.5 → 9,998 → 10,000; of 333,000: 4,995 → 5,000
    assert amounts(declining(1000000, "1.5", 3, step=500, **PARTS)) == [
        (333500, 15000),
        (333500, 10000),
        (333000, 5000),
    ]


def test_declining_in_parts_may_put_the_rest_of_the_principal_first():
    # fee of 667,000: 10,005 → 10,000; of 333,500: 5,002.5 → 5,003 → 5,000
    assert amounts(declining(1000000, "1.5", 3, step=500, **PARTS, **FIRST)) == [
        (333000, 15000),
        (333500, 10000),
        (333500, 5000),
    ]


# Annuity: PMT(2%, 3, 1,000,000) = 346,754.67


@pytest.mark.parametrize(
    ("step", "rounding", "rows"),
    [
        (1, Rounding.NEAREST, [(326755, 20000), (333290, 13465), (339955, 6799)]),
        (1, Rounding.DOWN, [(326754, 20000), (333289, 13465), (339957, 6799)]),
        (1000, Rounding.NEAREST, [(327000, 20000), (333540, 13460), (339460, 6789)]),
        (1000, Rounding.DOWN, [(326000, 20000), (332520, 13480), (341480, 6830)]),
        (500, Rounding.UP, [(327000, 20000), (333540, 13460), (339460, 6789)]),
    ],
)
def test_annuity_pays_the_same_total_until_the_last_row(step, rounding, rows):
    assert amounts(annuity(1000000, "2", 3, step=step, rounding=rounding)) == rows


def test_annuity_without_a_fee_is_equal_principal():
    assert amounts(annuity(100, "0", 3)) == [(33, 0), (33, 0), (34, 0)]


def test_annuity_at_a_hundred_percent():
    assert amounts(annuity(3000, "100", 2)) == [(1000, 3000), (2000, 2000)]  # PMT 4,000


# Bullet: the fee only, and everything at the end; a step changes nothing


@pytest.mark.parametrize("step", [1, 7000, 500000])
def test_bullet_pays_the_principal_at_the_end(step):
    assert amounts(bullet(1000000, "1.55", 4, step=step)) == [
        (0, 15500),
        (0, 15500),
        (0, 15500),
        (1000000, 15500),
    ]


def test_bullet_in_one_payment():
    assert amounts(bullet(1000000, "8", 1)) == [(1000000, 80000)]


# Grace: the first rows carry the fee only


def test_grace_rows_carry_the_fee_only_and_are_not_stepped_in_total():
    # 300,000 + 9,000 = 309,000 → 310,000
    assert amounts(flat(900000, "1", 5, grace=2, step=5000)) == [
        (0, 9000),
        (0, 9000),
        (301000, 9000),
        (301000, 9000),
        (298000, 9000),
    ]


def test_grace_rows_are_stepped_in_parts():
    assert amounts(flat(900000, "1", 5, grace=2, step=5000, **PARTS)) == [
        (0, 10000),
        (0, 10000),
        (300000, 10000),
        (300000, 10000),
        (300000, 5000),
    ]


def test_the_first_row_after_grace_takes_the_rests():
    assert amounts(flat(1000000, "1.04", 4, grace=1, step=1000, **PARTS, **FIRST)) == [
        (0, 10000),
        (334000, 11600),  # 41,600 promised
        (333000, 10000),
        (333000, 10000),
    ]


def test_declining_after_grace():
    assert amounts(declining(300000, "1", 5, grace=2)) == [
        (0, 3000),
        (0, 3000),
        (100000, 3000),
        (100000, 2000),
        (100000, 1000),
    ]


def test_annuity_after_grace_runs_over_the_rows_after_it():
    assert amounts(annuity(1000000, "2", 4, grace=1)) == [
        (0, 20000),
        (326755, 20000),
        (333290, 13465),
        (339955, 6799),
    ]


def test_grace_up_to_the_last_row_but_one():
    assert amounts(declining(500000, "2", 3, grace=2)) == [(0, 10000), (0, 10000), (500000, 10000)]


def test_a_qardh_loan_has_no_fee():
    assert amounts(flat(1000000, "0", 3, step=1000)) == [(333000, 0), (333000, 0), (334000, 0)]


# Due days


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (1, date(2027, 2, 28)),
        (2, date(2027, 3, 31)),
        (3, date(2027, 4, 30)),
        (12, date(2028, 1, 31)),
        (13, date(2028, 2, 29)),
        (14, date(2028, 3, 31)),
        (25, date(2029, 2, 28)),
    ],
)
def test_the_31st_is_clipped_and_never_drifts(number, day):
    assert due_on(date(2027, 1, 31), number) == day


@pytest.mark.parametrize(
    ("start", "number", "day"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),
    ],
)
def test_the_same_day_of_another_month(start, number, day):
    assert due_on(start, number) == day


def test_weeks_are_seven_days_across_month_and_year():
    rows = build(flat(1000, "1", 3, every=Every.WEEK), date(2026, 12, 24))
    assert [row.due_on for row in rows] == [date(2026, 12, 31), date(2027, 1, 7), date(2027, 1, 14)]


# The true price of the loan


@pytest.mark.parametrize(
    ("agreed", "rate"),
    [
        (flat(1000000, "1.5", 10), "31.50"),
        (flat(1000000, "1.5", 12), "31.72"),
        (flat(1000000, "2", 1), "24.00"),
        (declining(1000000, "1.5", 10), "18.00"),
        (declining(1000000, "0.5", 10, every=Every.WEEK), "26.00"),
        (bullet(1000000, "2", 6), "24.00"),
        (annuity(1000000, "2", 12), "24.00"),
        (flat(1000000, "0", 10), "0.00"),
        (bullet(3, "100", 2), "1200.00"),
    ],
)
def test_the_effective_rate_of_a_year(agreed, rate):
    assert str(effective_annual_rate(agreed, build(agreed, START))) == rate


def test_the_effective_rate_rounds_its_half_up():
    agreed = bullet(1000000, "0.12345", 2)  # r(1,234.5) = 1,235: 0.1235% × 12 = 1.482
    assert str(effective_annual_rate(agreed, build(agreed, START))) == "1.48"
    agreed = bullet(800000, "0.12375", 1)  # 990: 0.12375% × 12 = 1.485
    assert str(effective_annual_rate(agreed, build(agreed, START))) == "1.49"


# Refusals


def test_a_principal_that_would_be_negative_names_the_row_and_the_largest_step():
    # 115,000 → 150,000: nine times 135,000 is more than the loan. Up to 42,037, 3 × step − 15,000 ≤ 111,111.
    assert refusal(flat(1000000, "1.5", 10, step=50000, rounding=Rounding.UP)) == (
        "Pokok angsuran ke-10 menjadi −Rp215.000 bila dibulatkan ke Rp50.000;"
        " pembulatan terbesar yang bisa dipakai Rp42.037."
    )
    assert amounts(flat(1000000, "1.5", 10, step=42037, rounding=Rounding.UP))[-1] == (1, 15000)


def test_a_total_below_the_fee_is_refused_at_the_first_row():
    assert refusal(flat(1000000, "1.5", 10, step=500000)) == (
        "Pokok angsuran ke-1 menjadi −Rp15.000 bila dibulatkan ke Rp500.000;"
        " pembulatan terbesar yang bisa dipakai Rp126.111."
    )


def test_a_negative_fee_is_refused_too():
    # nine times 20,000 is more than the 150,000 promised; twice 8,333 is the most that nine rows may pay
    assert refusal(flat(1000000, "1.5", 10, step=10000, **PARTS)) == (
        "Jasa angsuran ke-10 menjadi −Rp30.000 bila dibulatkan ke Rp10.000;"
        " pembulatan terbesar yang bisa dipakai Rp8.333."
    )


def test_a_first_row_that_would_be_negative_is_refused():
    assert refusal(flat(1000000, "1.5", 10, step=50000, rounding=Rounding.UP, **FIRST)) == (
        "Pokok angsuran ke-1 menjadi −Rp215.000 bila dibulatkan ke Rp50.000;"
        " pembulatan terbesar yang bisa dipakai Rp42.037."
    )


def test_an_annuity_that_pays_off_too_early_is_refused():
    # 420,000 is left after row 1 and row 2 pays 171,600 too much; 346,754 leaves 2 to row 4, 346,755 −1
    assert refusal(annuity(1000000, "2", 4, step=600000, rounding=Rounding.UP)) == (
        "Jasa angsuran ke-3 menjadi −Rp3.432 bila dibulatkan ke Rp600.000;"
        " pembulatan terbesar yang bisa dipakai Rp346.754."
    )


def test_the_step_just_below_may_be_the_largest():
    assert refusal(flat(1000000, "1.5", 10, step=126112, rounding=Rounding.UP)) == (
        "Pokok angsuran ke-10 menjadi −Rp8 bila dibulatkan ke Rp126.112;"
        " pembulatan terbesar yang bisa dipakai Rp126.111."
    )


def test_when_no_step_works_the_sentence_says_so():
    # 9 / 6 = 1.5 is rounded to 2, and five times 2 is more than 9
    assert refusal(flat(9, "0", 6)) == (
        "Pokok angsuran ke-6 menjadi −Rp1 dan tidak ada pembulatan yang bisa dipakai;"
        " ubah arahnya atau kurangi jumlah angsuran."
    )


def test_a_larger_step_may_work_where_a_smaller_one_does_not():
    assert amounts(flat(9, "0", 6, step=4)) == [(0, 0)] * 5 + [(9, 0)]


NOT_IN_PARTS = "Pembulatan pokok dan jasa masing-masing hanya untuk jasa flat dan menurun; bulatkan jumlahnya."
NOT_FIRST = (
    "Selisih di angsuran pertama hanya untuk jasa flat, atau menurun dengan pokok dan jasa dibulatkan"
    " masing-masing; taruh selisih di angsuran terakhir."
)


@pytest.mark.parametrize(
    ("agreed", "sentence"),
    [
        (flat(0, "1", 3), "Pokok Rp0 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        (flat(-5, "1", 3), "Pokok −Rp5 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        (
            flat(10**12 + 1, "1", 3),
            "Pokok Rp1.000.000.000.001 tidak mungkin; isi 1 sampai Rp1.000.000.000.000.",
        ),
        (flat(1000, "-0.1", 3), "Jasa -0,1% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        (flat(1000, "100.1", 3), "Jasa 100,1% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        (flat(1000, "NaN", 3), "Jasa NaN% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        (flat(1000, "Inf", 3), "Jasa Infinity% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        (flat(1000, "1E-13", 3), "Jasa 1E-13% terlalu rinci; isi paling banyak 12 angka di belakang koma."),
        (flat(1000, "1", 0), "0 kali angsuran tidak mungkin; isi 1 sampai 600."),
        (flat(1000, "1", -1), "-1 kali angsuran tidak mungkin; isi 1 sampai 600."),
        (flat(1000, "1", 601), "601 kali angsuran tidak mungkin; isi 1 sampai 600."),
        (flat(1000, "1", 3, grace=3), "Masa tenggang 3 angsuran tidak mungkin; isi 0 sampai 2."),
        (flat(1000, "1", 3, grace=-1), "Masa tenggang -1 angsuran tidak mungkin; isi 0 sampai 2."),
        (
            flat(1000, "1", 3, step=0),
            "Pembulatan ke Rp0 tidak mungkin; isi paling sedikit Rp1, misalnya Rp500.",
        ),
        (annuity(1000, "1", 3, **PARTS), NOT_IN_PARTS),
        (bullet(1000, "1", 3, **PARTS), NOT_IN_PARTS),
        (declining(1000, "1", 3, **FIRST), NOT_FIRST),
        (annuity(1000, "1", 3, **FIRST), NOT_FIRST),
        (bullet(1000, "1", 3, **FIRST), NOT_FIRST),
        (terms("flut", 1000, "1", 3), "“flut” tidak dikenal; pilih flat, declining, annuity, bullet."),
        (flat(1000, "1", 3, every="day"), "“day” tidak dikenal; pilih month, week."),
        (flat(1000, "1", 3, rounding="even"), "“even” tidak dikenal; pilih nearest, up, down."),
        (flat(1000, "1", 3, round_what="fee"), "“fee” tidak dikenal; pilih total, parts."),
        (flat(1000, "1", 3, difference="spread"), "“spread” tidak dikenal; pilih last, first."),
    ],
)
def test_impossible_terms_are_refused_and_say_what_would_be_right(agreed, sentence):
    assert refusal(agreed) == sentence


@pytest.mark.parametrize("every", Every)
def test_a_loan_past_the_last_year_is_refused(every):
    assert refusal(flat(1000, "1", 2, every=every), date(9999, 12, 31)) == (
        "Angsuran ke-1 jatuh sesudah tahun 9999; periksa tanggal pencairan dan jumlah angsuran."
    )
