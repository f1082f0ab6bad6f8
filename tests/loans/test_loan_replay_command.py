"""manage.py loan_replay: one loan out of a file, without the database; exit 2 for what cannot be."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from loans.management.commands.loan_replay import Command

LOAN = {"method": "flat", "principal": 300000, "rate": 1.5, "instalments": 3, "start": "2026-01-31"}
PAYMENT = {"type": "payment", "id": "p1", "on": "2026-02-28", "amount": 110000}
PENALTY = {"type": "penalty", "id": "d1", "on": "2026-04-01", "amount": 2000, "instalment": 2}
RESCHEDULE = {"type": "reschedule", "id": "j1", "on": "2026-04-02", "from_instalment": 3}
WRITE_OFF = {"type": "write_off", "on": "2026-05-01"}
RECOVERY = {"type": "recovery", "id": "r1", "on": "2026-05-02", "amount": 30000}


def row(number, due_on, paid_principal, paid_service_fee, paid_penalty, status):
    return {
        "number": number,
        "due_on": due_on,
        "principal": 100000,
        "service_fee": 4500,
        "total": 104500,
        "paid_principal": paid_principal,
        "paid_service_fee": paid_service_fee,
        "paid_penalty": paid_penalty,
        "status": status,
    }


ANSWER = {
    "instalments": [
        row(1, "2026-02-28", 100000, 4500, 0, "paid"),
        row(2, "2026-03-31", 4500, 4500, 2000, "overdue"),
        row(3, "2026-04-30", 0, 0, 0, "future"),
    ],
    "payments": [
        {"id": "p1", "penalty": 0, "service_fee": 9000, "principal": 101000, "credit": 0},
        {"id": 2, "penalty": 2000, "service_fee": 0, "principal": 3500, "credit": 0},
    ],
    "outstanding_principal": 195500,
    "overdue_principal": 95500,
    "overdue_service_fee": 0,
    "days_past_due": 1,
    "ageing": {"1-30": 95500, "31-60": 0, "61-90": 0, ">90": 0},
    "collectability": {"scheme": "E", "level": 2},
    "written_off": 0,
    "recovered": 0,
    "credit": 0,
}
EVENTS = [PAYMENT, PENALTY, {"type": "payment", "id": 2, "on": "2026-04-01", "amount": 5500}]


@pytest.fixture
def printed(tmp_path):
    """What the command writes for a loan and its events, or for any text."""

    def run(events=(), *more, loan=None, text=None):
        path = tmp_path / "loan.json"
        path.write_text(text or json.dumps({"loan": LOAN | (loan or {}), "events": list(events)}), encoding="utf-8")
        out = StringIO()
        try:
            call_command("loan_replay", str(path), *more, stdout=out)
        except CommandError as error:
            if error.returncode != 2:
                raise
        return out.getvalue()

    return run


@pytest.fixture
def state(printed):
    return lambda events=(), *more, **given: json.loads(printed(events, *more, "--json", **given))


def test_json_has_exactly_the_agreed_keys_and_plain_numbers(state):
    assert state(EVENTS) == ANSWER


@pytest.mark.parametrize("language", ["id", "en"])
def test_json_is_the_same_in_every_locale(language, state, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override(language):
        assert state(EVENTS) == ANSWER


def test_the_table_is_read_at_a_glance(printed):
    assert printed(EVENTS).splitlines() == [
        "Ke  Jatuh tempo    Pokok   Jasa  Pokok dibayar  Jasa dibayar  Denda dibayar            Keadaan",
        " 1  28 Feb 2026  100.000  4.500        100.000         4.500              0              lunas",
        " 2  31 Mar 2026  100.000  4.500          4.500         4.500          2.000          menunggak",
        " 3  30 Apr 2026  100.000  4.500              0             0              0  belum jatuh tempo",
        "Keadaan 1 April 2026",
        "Sisa pokok: 195.500",
        "Tunggakan pokok: 95.500",
        "Tunggakan jasa: 0",
        "Titipan: 0",
        "Dihapusbukukan: 0",
        "Pemulihan: 0",
        "Hari tunggakan: 1 hari, kolektibilitas 2 (Dalam perhatian)",
    ]


def test_the_state_is_that_of_the_last_event_or_of_the_day_asked(state):
    late = PAYMENT | {"id": "p0", "on": "2026-02-10", "amount": 1}
    assert len(state([*EVENTS, late])["payments"]) == 3
    assert [one["id"] for one in state([*EVENTS, late], "--as-of", "2026-02-28")["payments"]] == ["p1", "p0"]
    assert state([*EVENTS], "--as-of", "2026-05-01")["days_past_due"] == 31


def test_a_loan_without_events_is_seen_on_its_first_day(state):
    assert state()["outstanding_principal"] == 300000
    assert state(text=json.dumps({"loan": LOAN}))["days_past_due"] == 0


def test_a_written_off_loan_and_what_came_back(state):
    answer = state([PAYMENT, WRITE_OFF, RECOVERY])
    assert (answer["written_off"], answer["recovered"], answer["outstanding_principal"]) == (199000, 30000, 0)
    assert [one["status"] for one in answer["instalments"]] == ["paid", "written_off", "written_off"]


@pytest.mark.parametrize(
    ("change", "last"),
    [
        ({"extra_instalments": 1}, ("2026-05-31", 50000, 4500)),
        ({"grace": 1}, ("2026-05-31", 100000, 4500)),
        ({"rate": "1"}, ("2026-04-30", 100000, 3000)),
        ({"rate": 1.25}, ("2026-04-30", 100000, 3750)),
        ({"new_due_on": "2026-07-15"}, ("2026-07-15", 100000, 4500)),
    ],
)
def test_every_reschedule_reaches_the_rows(change, last, state):
    row = state([RESCHEDULE | change])["instalments"][-1]
    assert (row["due_on"], row["principal"], row["service_fee"]) == last


def test_every_term_reaches_the_schedule(state):
    terms = {
        "method": "flat",
        "rate": "1,55",
        "every": "week",
        "grace": 1,
        "step": 1000,
        "rounding": "up",
        "round_what": "parts",
        "difference": "first",
        "allocation": ["principal", "service_fee", "penalty"],
    }
    answer = state([PAYMENT | {"on": "2026-02-01", "amount": 160000}], loan=terms)
    assert [(one["due_on"], one["principal"], one["service_fee"]) for one in answer["instalments"]] == [
        ("2026-02-07", 0, 5000),
        ("2026-02-14", 150000, 3950),
        ("2026-02-21", 150000, 5000),
    ]
    assert answer["payments"][0] == {"id": "p1", "penalty": 0, "service_fee": 8950, "principal": 151050, "credit": 0}


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (PAYMENT, "Nomor p1 sudah dipakai; beri nomor lain."),
        (
            {"type": "reversal", "id": "x", "of": "p9", "on": "2026-04-01"},
            "Nomor p9 tidak ada di antara peristiwa sebelumnya; isi nomor pembayaran yang dibatalkan.",
        ),
        (
            PENALTY | {"id": "d2", "amount": 1.5},
            "penalty: “amount”: “1.5” bukan bilangan bulat; tulis angka tanpa titik dan kutip, misalnya 50000.",
        ),
        (
            PENALTY | {"id": "d2", "amount": "5"},
            "penalty: “amount”: “5” bukan bilangan bulat; tulis angka tanpa titik dan kutip, misalnya 50000.",
        ),
        (
            PENALTY | {"id": "d2", "amount": True},
            "penalty: “amount”: “True” bukan bilangan bulat; tulis angka tanpa titik dan kutip, misalnya 50000.",
        ),
        (
            WRITE_OFF | {"on": "1-5-2026"},
            "write_off: “on”: “1-5-2026” bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-01-31.",
        ),
        ({"type": "payment", "id": "p2", "on": "2026-05-01"}, "payment: “amount” belum diisi."),
        (
            RECOVERY | {"note": "x"},
            "recovery: “note” tidak dikenal; pilih amount, id, on, type.",
        ),
        (
            {"type": "pay"},
            "Jenis “pay” tidak dikenal; isi “type” dengan payment, reversal, penalty, write_off, recovery, reschedule.",
        ),
        (
            [],
            "Jenis “None” tidak dikenal;"
            " isi “type” dengan payment, reversal, penalty, write_off, recovery, reschedule.",
        ),
        (RESCHEDULE, "reschedule: isi tepat satu dari extra_instalments, grace, rate, new_due_on."),
        (
            RESCHEDULE | {"grace": 1, "rate": 1},
            "reschedule: isi tepat satu dari extra_instalments, grace, rate, new_due_on.",
        ),
        (
            PAYMENT | {"id": None},
            'payment: “id”: “None” bukan nomor; tulis teks atau bilangan bulat, misalnya "p1".',
        ),
    ],
)
def test_an_impossible_event_is_named_by_its_place(event, message, state):
    assert state([PAYMENT, PENALTY, event]) == {"error": {"event": 3, "message": message}}


def test_an_event_before_the_disbursement_is_named_though_it_is_the_last(state):
    early = PAYMENT | {"on": "2026-01-01"}
    words = "Tanggal 1 Januari 2026 sebelum pencairan (31 Januari 2026); isi hari sesudahnya."
    assert state([early]) == {"error": {"event": 1, "message": words}}


def test_the_first_wrong_event_is_named_whether_impossible_or_badly_written(state):
    nothing, unknown = PAYMENT | {"amount": 0}, {"type": "zzz"}
    words = "Jumlah Rp0 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."
    assert state([nothing, unknown]) == {"error": {"event": 1, "message": words}}
    assert [state([PAYMENT, unknown, nothing])["error"]["event"], state([unknown])["error"]["event"]] == [2, 1]


@pytest.mark.parametrize("digits", [101, 4300, 4301])
def test_a_number_longer_than_python_reads_is_refused_in_words(digits, state):
    text = json.dumps({"loan": LOAN, "events": [PAYMENT, PAYMENT | {"id": "p2", "amount": 0}]})
    words = f"payment: “amount”: “{'9' * 40}” terlalu panjang; tulis paling banyak 100 angka."
    answer = state(text=text.replace('"amount": 0', f'"amount": {"9" * digits}'))
    assert answer == {"error": {"event": 2, "message": words}}


@pytest.mark.parametrize(
    ("loan", "message"),
    [
        ({"method": "flut"}, "Pinjaman: “method”: “flut” tidak dikenal; pilih flat, declining, annuity, bullet."),
        ({"principal": 0}, "Pokok Rp0 tidak mungkin; isi 1 sampai Rp1.000.000.000.000."),
        ({"rate": True}, "Pinjaman: “rate”: “True” bukan persen; tulis misalnya 1.5."),
        (
            {"allocation": ["principal"]},
            "Pinjaman: “allocation”: Urutan pembagian harus memuat penalty, service_fee, dan principal, masing-masing"
            " satu kali, misalnya penalty,service_fee,principal.",
        ),
        (
            {"colour": "red"},
            "Pinjaman: “colour” tidak dikenal; pilih allocation, difference, every, grace, instalments, method,"
            " principal, rate, round_what, rounding, start, step.",
        ),
    ],
)
def test_terms_that_cannot_be_belong_to_no_event(loan, message, state):
    assert state(EVENTS, loan=loan) == {"error": {"event": None, "message": message}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "bukan JSON: periksa baris 1, kolom 2."),
        ("[]", "Berkas harus berupa objek JSON, misalnya {…}."),
        ('{"events": []}', "Berkas: “loan” belum diisi."),
        ('{"loan": {"rate": NaN}}', "NaN bukan angka; tulis bilangan, misalnya 50000."),
        ('{"loan": {}, "loan": {}}', "“loan” tertulis dua kali di satu tempat; tulis satu kali."),
    ],
)
def test_a_file_that_cannot_be_read_belongs_to_no_event(text, message, state):
    answer = state(text=text)["error"]
    assert (answer["event"], answer["message"].endswith(message)) == (None, True)


def test_a_day_before_the_disbursement_is_refused(state):
    assert state(EVENTS, "--as-of", "2026-01-30")["error"] == {
        "event": None,
        "message": "Pada 30 Januari 2026 pinjaman belum dicairkan; isi 31 Januari 2026 atau sesudahnya.",
    }


def test_on_the_command_line_it_ends_with_2(tmp_path, capsys):
    path = tmp_path / "none.json"
    sentence = f"Berkas {path} tidak bisa dibaca; periksa nama dan tempatnya."
    with pytest.raises(SystemExit) as stopped:
        Command().run_from_argv(["manage.py", "loan_replay", str(path), "--json"])
    said = capsys.readouterr()
    assert (stopped.value.code, said.err) == (2, f"CommandError: {sentence}\n")
    assert json.loads(said.out) == {"error": {"event": None, "message": sentence}}


def test_without_json_the_sentence_stands_alone(printed):
    assert printed([PAYMENT, PAYMENT]) == ""
