"""What stands in the cells of a yearly book: amounts and days, read exactly or refused with the cell's name."""

from datetime import date

import pytest
from openpyxl.utils.datetime import MAC_EPOCH

from tests.loans.build_book import only, row, workbook

UNKNOWN = "tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026 atau 310126."
WRITE_IT = "Tulis tanggalnya, misalnya 31-01-2026."
LOAN = row("Aminah", lent=1_000_000, paid=(None, None, 115_000, 115_000))


@pytest.mark.parametrize(
    ("typed", "rupiah"),
    [
        (50_000, 50_000), (50_000.0, 50_000), ("50.000", 50_000), ("Rp 50.000,-", 50_000), ("50000", 50_000),
        ("50.000,00", 50_000), ("５０.０００", 50_000), ("'50.000", 50_000), ("\u00a0Rp50.000\u200b", 50_000),
        (126_500.00000000001, 126_500), ("-", 0), ("–", 0), ("  ", 0), (0, 0),
    ],
)  # fmt: skip
def test_an_amount_is_read_exactly(typed, rupiah):
    found = only(workbook([row("Aminah", saved=(typed, 1_000))]))
    assert (found.simpanan.get(1, 0), found.faults) == (rupiah, [])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12.5oo", "Sel I7: “12.5oo” bukan angka. Tulis misalnya 50.000."),
        ("seratus ribu", "Sel I7: “seratus ribu” bukan angka. Tulis misalnya 50.000."),
        ("1e6", "Sel I7: “1e6” bukan angka. Tulis misalnya 50.000."),
        ("50,000", "Sel I7: Jumlah “50,000” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000."),
        ("50000.00", "Sel I7: Jumlah “50000.00” tidak jelas: sesudah titik harus tiga angka, misalnya 50.000."),
        ("-5.000", "Sel I7: Jumlah “-5.000” tidak boleh negatif; tulis misalnya 50.000."),
        (50_000.5, "Sel I7: 50000,5 bukan rupiah bulat. Tulis tanpa koma, misalnya 50.000."),
        (0.05, "Sel I7: 0,05 bukan rupiah bulat. Tulis tanpa koma, misalnya 50.000."),
        (10**15, "Sel I7: jumlah terlalu besar, paling banyak Rp1.000.000.000.000."),
        ("10.000.000.000.000", "Sel I7: jumlah terlalu besar, paling banyak Rp1.000.000.000.000."),
        (date(2025, 1, 5), "Sel I7: 5 Januari 2025 adalah tanggal, bukan jumlah rupiah."),
        (True, "Sel I7 berisi BENAR/SALAH, bukan angka atau teks."),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_clear_is_a_fault_with_its_cell(typed, words):
    found = only(workbook([row("Aminah", saved=(typed, 1_000))]))
    assert (found.simpanan, found.faults) == ({2: 1_000}, [words])


def test_an_error_of_excel_is_a_fault():
    book = workbook([row("Aminah", saved=(1_000,), contributed=(1_000,))])
    book.active["I7"].value, book.active["I7"].data_type = "#REF!", "e"
    assert only(book).faults == ["Sel I7 berisi galat Excel #REF!."]


def test_money_given_back_counts_down_and_is_told():
    found = only(workbook([row("Aminah", saved=(50_000, -20_000))]))
    assert (found.of("simpanan"), found.faults) == (30_000, [])
    assert found.warnings == ["Sel L7: −Rp20.000 dihitung mengurangi."]
    assert only(workbook([row("Aminah", saved=(5_000, -20_000))])).faults == [
        "Jumlah simpanan setahun negatif: −Rp15.000."
    ]


def test_an_amount_a_thousand_times_too_small_is_warned_of():
    assert only(workbook([row("Aminah", saved=(50,))])).warnings == [
        "Sel I7: Rp50 sangat kecil. Periksa titik ribuannya."
    ]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (date(2025, 3, 5), date(2025, 3, 5)), ("5/3/2025", date(2025, 3, 5)), ("05-03-25", date(2025, 3, 5)),
        ("5 Maret 2025", date(2025, 3, 5)), ("2025-03-05", date(2025, 3, 5)), (45_721, date(2025, 3, 5)),
        ("050325", date(2025, 3, 5)), (130_125, date(2025, 1, 13)),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_clear_way(typed, day):
    found = only(workbook([row("Aminah", lent=1_000_000, on=typed)]))
    assert (found.disbursed_on, found.faults) == (day, [])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("01/13/2025", f"Sel B7: Tanggal “01/13/2025” {UNKNOWN}"),
        ("29-02-2025", f"Sel B7: Tanggal “29-02-2025” {UNKNOWN}"),
        ("5-3-0206", "Sel B7: Tahun 206 terlalu lama. Tulis tahun dengan empat angka, misalnya 1986."),
        (40_125, f"Sel B7: angka 40125 dapat berarti 4 Januari 2025 atau 8 November 2009. {WRITE_IT}"),
        (None, "Tanggal cair kosong, padahal ada jumlah pinjaman."),
        ("5-3-2026", "Tanggal cair sesudah tahun 2025. Periksa tahunnya."),
    ],
)  # fmt: skip
def test_a_day_that_is_not_clear_is_a_fault(typed, words):
    assert only(workbook([row("Aminah", lent=1_000_000, on=typed)])).faults == [words]


def test_days_of_the_calendar_of_old_macs_are_right():
    book = workbook([LOAN])
    book.epoch = MAC_EPOCH
    assert only(book).disbursed_on == date(2025, 3, 5)
