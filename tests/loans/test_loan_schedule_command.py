"""manage.py loan_schedule: a table to read, JSON for programs, exit 2 for what cannot be."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from loans.management.commands.loan_schedule import Command

TYPED = {
    "--method": "flat",
    "--principal": "1000000",
    "--rate": "1.5",
    "--instalments": "3",
    "--start": "2026-01-31",
}
KEYS = ("number", "due_on", "principal", "service_fee", "total", "balance")
ROWS = [
    (1, "2026-02-28", 333333, 15000, 348333, 666667),
    (2, "2026-03-31", 333333, 15000, 348333, 333334),
    (3, "2026-04-30", 333334, 15000, 348334, 0),
]
ANSWER = {
    "instalments": [dict(zip(KEYS, row, strict=True)) for row in ROWS],
    "total_principal": 1000000,
    "total_service_fee": 45000,
    "effective_annual_rate": "26.80",
}


def words(changed):
    typed = TYPED | {f"--{name}": value for name, value in changed.items()}
    return [word for pair in typed.items() for word in pair]


def printed(*more, **changed):
    out = StringIO()
    call_command("loan_schedule", *words(changed), *more, stdout=out)
    return out.getvalue()


def test_json_has_exactly_the_agreed_keys_and_plain_numbers():
    assert json.loads(printed("--json")) == ANSWER


@pytest.mark.parametrize("language", ["id", "en", "de"])
def test_json_is_the_same_in_every_locale(language, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override(language):
        assert json.loads(printed("--json")) == ANSWER


def test_the_table_is_read_at_a_glance():
    assert printed().splitlines() == [
        "Ke  Jatuh tempo      Pokok    Jasa     Jumlah  Sisa pokok",
        " 1  28 Feb 2026    333.333  15.000    348.333     666.667",
        " 2  31 Mar 2026    333.333  15.000    348.333     333.334",
        " 3  30 Apr 2026    333.334  15.000    348.334           0",
        "         Jumlah  1.000.000  45.000  1.045.000",
        "Jasa efektif 26,80% setahun.",
    ]


def test_every_option_reaches_the_schedule():
    when = ("--every=week", "--grace=1")
    how = ("--step=1.000", "--rounding=up", "--round-what=parts", "--difference=first")
    assert [
        (row["due_on"], row["principal"], row["service_fee"])
        for row in json.loads(printed("--json", *when, *how, rate="1,55"))["instalments"]
    ] == [("2026-02-07", 0, 16000), ("2026-02-14", 500000, 14500), ("2026-02-21", 500000, 16000)]


def test_other_code_may_call_it_with_real_values():
    out = StringIO()
    call_command(
        "loan_schedule",
        method="flat",
        principal=1000000,
        rate=Decimal("1.5"),
        instalments=3,
        start=date(2026, 1, 31),
        grace=0,
        json=True,
        stdout=out,
    )
    assert json.loads(out.getvalue()) == ANSWER


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"method": "flut"}, "“flut” tidak dikenal; pilih flat, declining, annuity, bullet."),
        ({"principal": "0"}, "Pokok Rp0 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        ({"principal": "-5"}, "Jumlah “-5” tidak boleh negatif; tulis misalnya 50.000."),
        (
            {"principal": "1,000,000"},
            "Jumlah “1,000,000” memakai koma; pisahkan ribuan dengan titik, misalnya 50.000.",
        ),
        ({"rate": "-1.5"}, "Jasa -1,5% per angsuran tidak mungkin; isi 0 sampai 100, misalnya 1,5."),
        ({"rate": "nan"}, "Jasa “nan” tidak dikenal; tulis persen per angsuran, misalnya 1,5."),
        ({"rate": "1e1"}, "Jasa “1e1” tidak dikenal; tulis persen per angsuran, misalnya 1,5."),
        ({"instalments": "0"}, "0 kali angsuran tidak mungkin; isi 1 sampai 600."),
        ({"instalments": "2.5"}, "Jumlah angsuran “2.5” tidak dikenal; tulis angka bulat, misalnya 10."),
        ({"grace": "3"}, "Masa tenggang 3 angsuran tidak mungkin; isi 0 sampai 2."),
        ({"grace": "x"}, "Masa tenggang “x” tidak dikenal; tulis angka bulat, misalnya 10."),
        ({"step": "0"}, "Pembulatan ke Rp0 tidak mungkin; isi paling sedikit Rp1, misalnya Rp500."),
        (
            {"start": "2026-02-30"},
            "Tanggal “2026-02-30” tidak dikenal. Tulis hari, bulan, tahun, misalnya 31-01-2026 atau 310126.",
        ),
        (
            {"step": "1000000"},
            "Pokok angsuran ke-1 menjadi −Rp15.000 bila dibulatkan ke Rp1.000.000;"
            " pembulatan terbesar yang bisa dipakai Rp515.000.",
        ),
    ],
)
def test_what_cannot_be_is_said_and_ends_with_2(changed, sentence, capsys):
    with pytest.raises(SystemExit) as stopped:
        Command().run_from_argv(["manage.py", "loan_schedule", *words(changed)])
    said = capsys.readouterr()
    assert (stopped.value.code, said.out, said.err) == (2, "", f"CommandError: {sentence}\n")


def test_a_caller_gets_the_same_code():
    with pytest.raises(CommandError) as error:
        printed(instalments="0")
    assert error.value.returncode == 2


def test_a_missing_option_ends_with_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        Command().run_from_argv(["manage.py", "loan_schedule", "--method", "flat"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.endswith(
        "the following arguments are required: --principal, --rate, --instalments, --start\n"
    )
