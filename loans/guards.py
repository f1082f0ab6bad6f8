"""What the database itself refuses, whoever writes: to change, replace or delete money rows, instalments and
what people answered, signed or promised; to change a loan once its money went out; to book into a closed month; and
rows that do not fit what they name (`guard_rules`).

Triggers, the same on SQLite and PostgreSQL. A table's columns come from the database, so a new column is guarded as
soon as `migrate` has made it. SQLite loses a table's triggers when a migration rebuilds the table, and cannot rename
a table that a trigger speaks of: `migrate` drops the guards first and makes them again at its end.
`loans/checks.py` says when one is missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connections, transaction

from loans.guard_rules import DAYS, ENTERED, FROZEN, INSERT_RULES, LOST, REOPENED

IMMUTABLE = {
    "loans_receipt": "Bukti setoran",
    "loans_receiptpart": "Bagian setoran",
    "loans_voucher": "Bukti kas",
    "loans_entry": "Baris buku besar",
    "loans_penalty": "Denda",
    "loans_sharepayment": "Pembayaran bagian",
    "loans_settlement": "Penyelesaian keluar",
    "loans_surplusallotment": "Pos SHU",
    "loans_surplusline": "Bagian SHU",
    "loans_surpluspayment": "Pembayaran SHU",
    "loans_followup": "Tindak lanjut",
    "loans_confirmation": "Jawaban konfirmasi",
    "loans_handover": "Serah terima",
    "loans_cashcount": "Hitungan kas",
    "loans_monthexception": "Izin bulan tertutup",
    "loans_envelope": "Kiriman lapangan",
}
# An approved sharing of a surplus may be cancelled as a whole, and changed in nothing else.
SHARING = "loans_surplusdistribution"
CANCELS = {"status", "cancelled_by_id", "cancelled_at", "cancel_reason"}
SCHEDULE = "loans_instalment"
LOAN = "loans_loan"
CLOSING = "loans_monthclosing"  # it may be reopened, and changed in nothing else
# What to do in the place of a change, where it is not to record a correction.
INSTEAD = {
    SCHEDULE: "buat jadwal baru",
    "loans_followup": "catat tindak lanjut yang baru",
    "loans_confirmation": "catat jawaban yang baru",
    "loans_handover": "catat serah terima berikutnya",
    "loans_cashcount": "hitung lagi",
    "loans_monthexception": "beri izin baru",
    "loans_envelope": "kirim yang baru",
}
READ = {SHARING, CLOSING, LOAN, SCHEDULE, "loans_reschedule", "villages_group", "villages_member", "villages_poklak"}
MAY_CHANGE = "village_id"  # a village may be merged into another

# What no two rows of a table share, with the condition on the rows where it is not of all. SQLite's INSERT OR REPLACE
# takes the old row away without asking the guard against deletion, so such an INSERT is refused itself; PostgreSQL's
# ON CONFLICT DO UPDATE is a change as any other. A test holds this list against the models.
KEYS = {
    "loans_receipt": [("id", ""), ("uuid", ""), ("reverses_id", ""), ("group_id, year, serial", "")],
    "loans_receiptpart": [("id", ""), ("reverses_id", ""), ("receipt_id, kind", "role = ''")],
    "loans_voucher": [("id", ""), ("uuid", ""), ("reverses_id", ""), ("group_id, series, year, serial", "")],
    "loans_entry": [("id", ""), ("part_id", ""), ("reverses_id", "")],
    "loans_penalty": [("id", ""), ("of_id", "")],
    "loans_sharepayment": [("id", ""), ("receipt_id, member_id, payer_id", "")],
    "loans_settlement": [("id", ""), ("uuid", "")],
    "loans_surplusallotment": [("id", ""), ("distribution_id, position", "")],
    "loans_surplusline": [
        ("id", ""),
        ("allotment_id, member_id", ""),
        ("allotment_id, officer_id", ""),
        ("allotment_id, teacher_id", ""),
    ],
    "loans_surpluspayment": [("id", ""), ("line_id, voucher_id", "")],
    "loans_followup": [("id", ""), ("uuid", "")],
    "loans_confirmation": [("id", ""), ("uuid, member_id", "")],
    "loans_handover": [("id", ""), ("uuid", "")],
    "loans_cashcount": [("id", ""), ("uuid", ""), ("voucher_id", "")],
    "loans_monthexception": [("id", "")],
    "loans_envelope": [("id", ""), ("uuid", ""), ("receipt_id", ""), ("voucher_id", ""), ("cash_count_id", "")],
    CLOSING: [("id", ""), ("group_id, period", "reopened_at IS NULL")],
    SCHEDULE: [("id", ""), ("loan_id, number", "valid_until IS NULL")],
}

# What moment, month and equal are, in each database: SQLite keeps moments as UTC text and days as text.
WORDS = {
    "sqlite": {
        "now": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        "month": "CAST(strftime('%Y%m', NEW.\"{day}\") AS INTEGER)",
        "equals": "IS",  # of two empty values too
    },
    "postgresql": {
        "now": "clock_timestamp()",
        "equals": "IS NOT DISTINCT FROM",
        "month": 'CAST(EXTRACT(YEAR FROM NEW."{day}") * 100 + EXTRACT(MONTH FROM NEW."{day}") AS INTEGER)',
    },
}


@dataclass(frozen=True)
class Guard:
    """One trigger: what it waits for (`event`), and the rules (condition that must not hold, sentence)."""

    table: str
    event: str
    rules: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.table}_{self.event.split()[0].lower()}_guard"


class SQLite:
    """One trigger a guard; its text is kept as it was written."""

    @staticmethod
    def source(guard: Guard) -> str:
        checks = " ".join(f"SELECT RAISE(ABORT, '{words}') WHERE {condition};" for condition, words in guard.rules)
        return f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON "{guard.table}" FOR EACH ROW BEGIN {checks} END'

    @staticmethod
    def make(cursor, guard: Guard) -> None:
        cursor.execute(SQLite.source(guard))

    @staticmethod
    def drop(cursor, name: str, table: str) -> None:
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')

    @staticmethod
    def standing(cursor) -> dict[str, str]:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


class PostgreSQL:
    """A function and a trigger a guard; the function's text tells the event too."""

    @staticmethod
    def source(guard: Guard) -> str:
        checks = " ".join(
            f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            for condition, words in guard.rules
        )
        result = "OLD" if guard.event == "DELETE" else "NEW"
        return f"/* BEFORE {guard.event} */ BEGIN {checks} RETURN {result}; END"

    @staticmethod
    def make(cursor, guard: Guard) -> None:
        cursor.execute(
            f'CREATE OR REPLACE FUNCTION "{guard.name}"() RETURNS trigger LANGUAGE plpgsql '
            f"AS $guard$ {PostgreSQL.source(guard)} $guard$"
        )
        cursor.execute(
            f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON "{guard.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{guard.name}"()'
        )

    @staticmethod
    def drop(cursor, name: str, table: str) -> None:
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')

    @staticmethod
    def standing(cursor) -> dict[str, str]:
        cursor.execute(
            "SELECT t.tgname, trim(p.prosrc) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid)"
        )
        return dict(cursor.fetchall())


DIALECTS = {"sqlite": SQLite, "postgresql": PostgreSQL}


def guard_also(
    tables: Mapping[str, str], instead: Mapping[str, str], keys: Mapping[str, list[tuple[str, str]]]
) -> None:
    """Tables of an app above, whose rows are written once as well: what they are called, what to do instead of a
    change, and what no two rows share. Asked once, when the app is ready.
    """
    IMMUTABLE.update(tables)
    INSTEAD.update(instead)
    KEYS.update(keys)


def make_guards(sender=None, using: str = "default", **kwargs) -> None:
    """Makes every guard anew on the database `using`; nothing while a table of theirs is still missing."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in _guards(connection, cursor):
            dialect = DIALECTS[connection.vendor]
            dialect.drop(cursor, guard.name, guard.table)
            dialect.make(cursor, guard)


def drop_guards(sender=None, using: str = "default", **kwargs) -> None:
    """Takes every guard off: before a migration, which may rebuild tables, and before a test empties them."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in _guards(connection, cursor):
            DIALECTS[connection.vendor].drop(cursor, guard.name, guard.table)


def missing_guards(using: str = "default") -> list[str]:
    """The names of guards that are not there, are switched off, or say something else than they should."""
    connection = connections[using]
    with connection.cursor() as cursor:
        guards = _guards(connection, cursor)
        dialect = DIALECTS[connection.vendor]
        standing = dialect.standing(cursor)
    return [guard.name for guard in guards if standing.get(guard.name) != dialect.source(guard)]


def _guards(connection, cursor) -> list[Guard]:
    """All guards for the tables as they are; none while tables are missing."""
    tables = set(connection.introspection.table_names(cursor))
    if not (READ | set(IMMUTABLE)) <= tables:
        return []
    guards = []
    for table, name in {**IMMUTABLE, SCHEDULE: "Jadwal angsuran"}.items():
        instead = INSTEAD.get(table, "catat koreksi")
        if rules := _rules_of_new(connection.vendor, table, name, instead):
            guards.append(Guard(table, "INSERT", tuple(rules)))
        guards.append(Guard(table, "DELETE", (("TRUE", f"{name} tidak dapat dihapus: {instead}."),)))
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        columns = [column for column in columns if column != MAY_CHANGE]
        changes = f"NOT ({_only_ends(columns)})" if table == SCHEDULE else "TRUE"
        guards.append(Guard(table, _update_of(columns), ((changes, f"{name} tidak dapat diubah: {instead}."),)))
    guards += [*_sharing_guards(connection, cursor), *_closing_guards(connection, cursor)]
    return [*guards, *_loan_guards(connection.vendor)]


def _rules_of_new(vendor: str, table: str, name: str, instead: str) -> list[tuple[str, str]]:
    """What is asked of a new row; on SQLite first that it replaces none."""
    words = WORDS[vendor] | {"month": WORDS[vendor]["month"].format(day=DAYS.get(table))}
    rules = [(condition.format(**words), sentence) for condition, sentence in INSERT_RULES.get(table, ())]
    if vendor == "sqlite":
        sentence = f"{name} dengan kunci ini sudah ada dan tidak dapat diganti: {instead}."
        return [(_is_there(table), sentence), *rules]
    return rules


def _closing_guards(connection, cursor) -> list[Guard]:
    """A closed month stays on record: it is reopened once, in the light of day, or stays closed."""
    told = [one.name for one in connection.introspection.get_table_description(cursor, CLOSING)]
    changed = [column for column in told if column != MAY_CHANGE]
    same = _same(connection.vendor, [column for column in changed if column not in REOPENED])
    words, instead = "Bulan tertutup tidak dapat {}: buka lagi bulannya.", "tutup bulan berikutnya"
    rules = _rules_of_new(connection.vendor, CLOSING, "Bulan tertutup", instead)
    return [
        *([Guard(CLOSING, "INSERT", tuple(rules))] if rules else []),
        Guard(CLOSING, "DELETE", (("TRUE", words.format("dihapus")),)),
        Guard(CLOSING, _update_of(changed), ((f"NOT (OLD.reopened_at IS NULL AND {same})", words.format("diubah")),)),
    ]


def _loan_guards(vendor: str) -> list[Guard]:
    """What a loan says stands from its disbursement on; a write-off is written once."""
    words = "Pinjaman yang sudah dicairkan tidak dapat {}: {}."
    is_withdrawn = "(OLD.opened_on IS NOT NULL AND NEW.status = 'withdrawn')"
    rules = (
        (f"NOT ({_same(vendor, FROZEN)})", words.format("diubah ketentuannya", "jadwalkan ulang")),
        (f"NOT ({_same(vendor, ENTERED)} OR {is_withdrawn})", words.format("diubah keadaannya", "catat koreksi")),
        (
            f"OLD.written_off_on IS NOT NULL AND NOT ({_same(vendor, LOST)})",
            "Hapus buku pinjaman tidak dapat diubah: catat yang masuk sesudahnya sebagai pemulihan.",
        ),
    )
    out = tuple((f"OLD.status = 'disbursed' AND {condition}", sentence) for condition, sentence in rules)
    return [
        Guard(LOAN, "DELETE", (("OLD.status = 'disbursed'", words.format("dihapus", "catat koreksi")),)),
        Guard(LOAN, _update_of([*FROZEN, *ENTERED, *LOST]), out),
    ]


def _update_of(columns: Iterable[str]) -> str:
    return "UPDATE OF " + ", ".join(f'"{column}"' for column in columns)


def _same(vendor: str, columns: Iterable[str]) -> str:
    """The condition that none of the columns changes."""
    return " AND ".join(f'NEW."{column}" {WORDS[vendor]["equals"]} OLD."{column}"' for column in columns)


def _sharing_guards(connection, cursor) -> list[Guard]:
    """What a members' meeting approved stands: it may be cancelled as a whole."""
    told = [one.name for one in connection.introspection.get_table_description(cursor, SHARING)]
    kept = [column for column in told if column not in {MAY_CHANGE, *CANCELS}]
    same, event = _same(connection.vendor, kept), _update_of(kept)
    words = "Pembagian SHU yang sudah disahkan tidak dapat {}: batalkan pengesahannya."
    return [
        Guard(SHARING, "DELETE", (("OLD.status <> 'draft'", words.format("dihapus")),)),
        Guard(SHARING, event, ((f"OLD.status <> 'draft' AND NOT ({same})", words.format("diubah")),)),
    ]


def _is_there(table: str) -> str:
    """The condition that another row has a key of the new one, or points at what it points at."""
    found = []
    for columns, only in KEYS[table]:
        same = " AND ".join(f"o.{column} = NEW.{column}" for column in columns.split(", "))
        where = f" AND o.{only} AND NEW.{only}" if only else ""
        found.append(f"EXISTS (SELECT 1 FROM {table} o WHERE {same}{where})")
    return " OR ".join(found)


def _only_ends(columns: list[str]) -> str:
    """The condition that an instalment in force gets the day on which it ends, once, and nothing else changes."""
    same = " AND ".join(f'NEW."{column}" = OLD."{column}"' for column in columns if column != "valid_until")
    return f"OLD.valid_until IS NULL AND {same}"
