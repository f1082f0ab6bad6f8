"""What the database itself refuses, whoever writes: to change, replace or delete money rows, instalments and
what people answered, signed or promised; to book into a closed month; and entries that do not fit their source.

Triggers, the same on SQLite and PostgreSQL. A table's columns come from the database, so a new column is guarded as
soon as `migrate` has made it. SQLite loses a table's triggers when a migration rebuilds the table, and cannot rename
a table that a trigger speaks of: `migrate` drops the guards first and makes them again at its end.
`loans/checks.py` says when one is missing.
"""

from dataclasses import dataclass

from django.db import connections, transaction

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
}
# An approved sharing of a surplus may be cancelled as a whole, and changed in nothing else.
SHARING = "loans_surplusdistribution"
CANCELS = {"status", "cancelled_by_id", "cancelled_at", "cancel_reason"}
SCHEDULE = "loans_instalment"
# What to do in the place of a change, where it is not to record a correction.
INSTEAD = {
    SCHEDULE: "buat jadwal baru",
    "loans_followup": "catat tindak lanjut yang baru",
    "loans_confirmation": "catat jawaban yang baru",
    "loans_handover": "catat serah terima berikutnya",
}
READ = {SHARING, "loans_monthclosing", "loans_monthexception", "loans_loan", "villages_member", SCHEDULE}
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
    SCHEDULE: [("id", ""), ("loan_id, number", "valid_until IS NULL")],
}

# What moment, month and equal are, in each database: SQLite keeps moments as UTC text and days as text.
WORDS = {
    "sqlite": {
        "now": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        "month": "CAST(strftime('%Y%m', NEW.\"on\") AS INTEGER)",
        "equals": "IS",  # of two empty values too
    },
    "postgresql": {
        "now": "clock_timestamp()",
        "equals": "IS NOT DISTINCT FROM",
        "month": '(EXTRACT(YEAR FROM NEW."on") * 100 + EXTRACT(MONTH FROM NEW."on"))',
    },
}
ENTRY_RULES = [
    (
        "NEW.period <> {month}",
        "Bulan (period) baris buku besar tidak sama dengan bulan tanggalnya: tulis YYYYMM dari tanggal itu.",
    ),
    (
        "NEW.part_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM loans_receiptpart p JOIN loans_receipt r"
        " ON r.id = p.receipt_id WHERE p.id = NEW.part_id AND r.group_id = NEW.group_id)",
        "Bagian setoran baris ini bukan dari kelompok yang sama: pakai bagian setoran kelompok itu sendiri.",
    ),
    (
        "NEW.voucher_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM loans_voucher v WHERE v.id = NEW.voucher_id AND v.group_id = NEW.group_id)",
        "Bukti kas baris ini bukan dari kelompok yang sama: pakai bukti kas kelompok itu sendiri.",
    ),
    (
        "NEW.loan_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM loans_loan l WHERE l.id = NEW.loan_id AND l.group_id = NEW.group_id)",
        "Pinjaman baris ini bukan dari kelompok yang sama: pakai pinjaman kelompok itu sendiri.",
    ),
    (
        "NEW.member_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM villages_member m WHERE m.id = NEW.member_id AND m.group_id = NEW.group_id)",
        "Anggota baris ini bukan dari kelompok yang sama: pakai anggota kelompok itu sendiri.",
    ),
    (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM loans_entry o WHERE o.id = NEW.reverses_id AND o.group_id = NEW.group_id"
        " AND o.amount = NEW.amount AND o.debit = NEW.credit AND o.credit = NEW.debit)",
        "Koreksi tidak mencerminkan baris aslinya: kelompok dan jumlah harus sama, debet dan kredit bertukar.",
    ),
    (
        # c: the closing that closed the month, its own or the first after it. Leave is of one person, from one closing.
        "EXISTS (SELECT 1 FROM loans_monthclosing c WHERE c.group_id = NEW.group_id AND c.reopened_at IS NULL"
        " AND c.period = (SELECT MIN(f.period) FROM loans_monthclosing f WHERE f.group_id = NEW.group_id"
        " AND f.period >= NEW.period AND f.reopened_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM loans_monthexception x WHERE x.group_id = NEW.group_id"
        " AND x.period = NEW.period AND x.granted_at >= c.closed_at AND x.expires_at > {now}"
        " AND x.user_id = COALESCE((SELECT v.recorded_by_id FROM loans_voucher v WHERE v.id = NEW.voucher_id),"
        " (SELECT r.recorded_by_id FROM loans_receiptpart p JOIN loans_receipt r ON r.id = p.receipt_id"
        " WHERE p.id = NEW.part_id))))",
        "Bulan ini sudah ditutup: pakai tanggal di bulan yang terbuka, atau minta izin kecamatan.",
    ),
]


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
    words = WORDS[connection.vendor]
    inserts = {"loans_entry": [(condition.format(**words), sentence) for condition, sentence in ENTRY_RULES]}
    guards = []
    for table, name in {**IMMUTABLE, SCHEDULE: "Jadwal angsuran"}.items():
        instead = INSTEAD.get(table, "catat koreksi")
        rules = [*inserts.get(table, ())]
        if connection.vendor == "sqlite":
            rules = [
                (_is_there(table), f"{name} dengan kunci ini sudah ada dan tidak dapat diganti: {instead}."),
                *rules,
            ]
        if rules:
            guards.append(Guard(table, "INSERT", tuple(rules)))
        guards.append(Guard(table, "DELETE", (("TRUE", f"{name} tidak dapat dihapus: {instead}."),)))
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
        columns = [column for column in columns if column != MAY_CHANGE]
        changes = f"NOT ({_only_ends(columns)})" if table == SCHEDULE else "TRUE"
        event = "UPDATE OF " + ", ".join(f'"{column}"' for column in columns)
        guards.append(Guard(table, event, ((changes, f"{name} tidak dapat diubah: {instead}."),)))
    return [*guards, *_sharing_guards(connection, cursor)]


def _sharing_guards(connection, cursor) -> list[Guard]:
    """What a members' meeting approved stands: it may be cancelled as a whole."""
    told = [one.name for one in connection.introspection.get_table_description(cursor, SHARING)]
    kept = [column for column in told if column not in {MAY_CHANGE, *CANCELS}]
    equals = WORDS[connection.vendor]["equals"]
    same = " AND ".join(f'NEW."{column}" {equals} OLD."{column}"' for column in kept)
    event = "UPDATE OF " + ", ".join(f'"{column}"' for column in kept)
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
