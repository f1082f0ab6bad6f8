"""Events that cannot be: each is named by its place among them, with a sentence that says why."""

from decimal import Decimal

import pytest

from loans.replay import Payment, Penalty, Recovery, Reschedule, Reversal, WriteOff
from loans.reschedule import Extra, Grace, NewDueOn, NewRate
from tests.loans.test_replay import PAID, day, on, paid, refused

LOST = WriteOff(day("30-6"))


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (
            Payment("b", day("1-7"), 1),
            "Pinjaman sudah dihapusbukukan; uang yang masuk sesudahnya dicatat sebagai pemulihan (recovery).",
        ),
        (
            Payment("b", day("1-3"), 1),
            "Pinjaman sudah dihapusbukukan; uang yang masuk sesudahnya dicatat sebagai pemulihan (recovery).",
        ),
        (
            WriteOff(day("1-7")),
            "Pinjaman sudah dihapusbukukan; uang yang masuk sesudahnya dicatat sebagai pemulihan (recovery).",
        ),
        (
            Reversal("x", "a", day("1-7")),
            "Pinjaman sudah dihapusbukukan; yang dicatat sampai hapus buku tidak bisa dibatalkan lagi.",
        ),
        (Recovery("r", day("29-6"), 1), "Tanggal 29 Juni 2026 sebelum hapus buku (30 Juni 2026)."),
    ],
)
def test_after_a_write_off_only_recoveries_come(event, message):
    assert refused(PAID, LOST, event) == (3, message)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (Payment("b", day("1-3"), 0), "Jumlah Rp0 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        (Payment("b", day("1-3"), -1), "Jumlah −Rp1 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        (Payment("a", day("1-3"), 1), "Nomor a sudah dipakai; beri nomor lain."),
        (
            Payment("b", day("30-1"), 1),
            "Tanggal 30 Januari 2026 sebelum pencairan (31 Januari 2026); isi hari sesudahnya.",
        ),
        (Penalty("d", day("1-3"), 1, 11), "Angsuran ke-11 tidak ada; isi 1 sampai 10."),
        (Penalty("d", day("1-3"), 1, 0), "Angsuran ke-0 tidak ada; isi 1 sampai 10."),
        (
            Reversal("x", "b", day("1-3")),
            "Nomor b tidak ada di antara peristiwa sebelumnya; isi nomor pembayaran yang dibatalkan.",
        ),
        (
            Reversal("x", "a", day("27-2")),
            "Pembatalan bertanggal sebelum yang dibatalkan; isi 28 Februari 2026 atau sesudahnya.",
        ),
        (Recovery("r", day("1-3"), 1), "Pinjaman belum dihapusbukukan; catat sebagai pembayaran."),
        (
            WriteOff(day("27-2")),
            "Hapus buku harus bertanggal 28 Februari 2026 atau sesudahnya, hari peristiwa terakhir.",
        ),
        (Reschedule("j", day("1-3"), 12, Grace(1)), "Angsuran ke-12 tidak ada; isi 1 sampai 10."),
        (Reschedule("j", day("1-3"), 2, Grace(0)), "Tambahan 0 angsuran tidak mungkin; isi paling sedikit 1."),
        (Reschedule("j", day("1-3"), 2, Extra(591)), "Jadwal menjadi 601 angsuran; paling banyak 600."),
        (
            Reschedule("j", day("1-3"), 2, NewRate(Decimal(101))),
            "Jasa 101% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5.",
        ),
        (
            Reschedule("j", day("1-3"), 2, NewDueOn(day("28-2"))),
            "Angsuran ke-2 jatuh 28 Februari 2026, padahal angsuran ke-1 28 Februari 2026; isi hari sesudah itu.",
        ),
        (
            Reschedule("j", day("1-3"), 1, Grace(1)),
            "Angsuran ke-1 sudah dibayar, seluruhnya atau sebagian;"
            " yang bisa dijadwalkan ulang hanya angsuran sesudahnya.",
        ),
    ],
)
def test_what_cannot_be_is_named(event, message):
    assert refused(PAID, event) == (2, message)


def test_nothing_is_undone_twice():
    undo = Reversal("x", "a", day("1-3"))
    assert refused(PAID, undo, Reversal("y", "a", day("2-3"))) == (
        3,
        "Nomor a sudah dibatalkan; catat lagi sebagai peristiwa baru bila memang ada.",
    )
    assert refused(PAID, undo, Reversal("y", "x", day("2-3"))) == (
        3,
        "Nomor x bukan pembayaran, denda, atau pemulihan, maka tidak bisa dibatalkan.",
    )


def test_a_loan_that_is_paid_off_is_not_written_off():
    assert refused(Payment("a", day("1-3"), 1_150_000), WriteOff(day("2-3"))) == (
        2,
        "Tidak ada pokok yang tersisa untuk dihapusbukukan.",
    )


def test_an_undo_stays_behind_a_reschedule():
    moved = Reschedule("j", day("10-3"), 2, Grace(1))
    assert refused(PAID, moved, Reversal("x", "a", day("9-3"))) == (
        3,
        "Pembatalan bertanggal sebelum penjadwalan ulang; isi 10 Maret 2026 atau sesudahnya.",
    )
    assert paid(on("10-3", PAID, moved, Reversal("x", "a", day("10-3")))) == []


def test_money_dated_back_may_not_reach_the_rows_that_were_rescheduled():
    moved = Reschedule("j", day("10-3"), 2, Grace(1))
    assert refused(moved, Payment("b", day("9-3"), 115_001)) == (
        2,
        "Peristiwa ke-1 menjadi tidak mungkin karenanya: Angsuran ke-2 sudah dibayar, seluruhnya atau sebagian;"
        " yang bisa dijadwalkan ulang hanya angsuran sesudahnya.",
    )
    assert paid(on("10-3", moved, Payment("b", day("9-3"), 115_000))) == [(1, 15_000, 100_000, 0)]


def test_a_reschedule_dated_back_sees_the_money_of_its_own_day():
    """Undone on the 12th, the payment still lay there on the 10th."""
    events = Payment("a", day("5-3"), 200_000), Reversal("x", "a", day("12-3"))
    assert refused(*events, Reschedule("j", day("10-3"), 2, Grace(1)))[0] == 3
    assert on("12-3", *events, Reschedule("j", day("12-3"), 2, Grace(1))).payments == ()
