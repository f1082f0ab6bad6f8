"""The books recomputed in plain SQL: every entry beside its source, every balance beside what the application shows.

Few statements over whole tables, the same on SQLite and PostgreSQL; what differs alone comes into memory. Each check
yields (its name, one Indonesian sentence a difference). Rupiah are whole; `as_of` is the day of the balances.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from loans.chart import BANK, CASH, CHART, CREDITED_BY_PART, LOANS, SAVINGS, SOCIAL_FUND, TILLS
from loans.ledger_services import balances
from loans.models import Loan
from up2k_portal.lib.money import format_rupiah
from villages.models import Group

Finding = tuple[str, str]
CHUNK = 2000
PLACE = "JOIN villages_group g ON g.id = {row}.group_id JOIN villages_village w ON w.id = g.village_id"


@dataclass(frozen=True)
class Scope:
    """Whose books: the region code they lie under ("" for all), and the day of the balances."""

    area: str
    as_of: date

    def of(self, row: str) -> str:
        """The condition that a row's group lies in the area."""
        if not self.area:
            return "1 = 1"
        return (
            f"{row}.group_id IN (SELECT ag.id FROM villages_group ag JOIN villages_village aw ON aw.id = ag.village_id"
            " WHERE aw.code >= %(area)s AND aw.code < %(area_end)s)"
        )

    @property
    def values(self) -> dict:
        return {"area": self.area, "area_end": f"{self.area}/", "day": self.as_of}


def audit(scope: Scope) -> Iterator[Finding]:
    """Every difference, check by check."""
    for check in CHECKS:
        yield from check(scope)


def size(scope: Scope) -> tuple[int, int]:
    """How many entries and groups were looked at."""
    return next(
        rows(f"SELECT COUNT(*), COUNT(DISTINCT e.group_id) FROM loans_entry e WHERE {scope.of('e')}", scope.values)
    )


def rows(statement: str, values: dict) -> Iterator[tuple]:
    """The rows of a statement, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(*_positional(statement, values))
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def _positional(statement: str, values: dict) -> tuple[str, list]:
    """`%(name)s` as `%s` in order: both databases take those."""
    order = []

    class Order(dict):
        def __missing__(self, name):
            order.append(values[name])
            return "%s"

    return statement % Order(), order


def _case(column: str, values: dict[str, str]) -> str:
    return f"CASE {column} " + " ".join(f"WHEN '{key}' THEN '{code}'" for key, code in values.items()) + " END"


def _codes(codes) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def _differ(one: str, other: str) -> str:
    """Two keys that may be empty are not the same."""
    return f"COALESCE({one}, 0) <> COALESCE({other}, 0)"


_TILL = _case("r.till", TILLS)
_ACCOUNT = _case("p.kind", CREDITED_BY_PART)
_TAKEN = f"(CASE WHEN p.amount > 0 THEN e.debit ELSE e.credit END) = {_TILL}"
_GIVEN = "(CASE WHEN p.amount > 0 THEN e.credit ELSE e.debit END)"
_MONTH = {
    "sqlite": "CAST(substr({day}, 1, 4) || substr({day}, 6, 2) AS INTEGER)",
    "postgresql": "CAST(EXTRACT(YEAR FROM {day}) * 100 + EXTRACT(MONTH FROM {day}) AS INTEGER)",
}
_NO_LEAVE = (
    "e.recorded_at > c.closed_at AND NOT EXISTS (SELECT 1 FROM loans_monthexception x WHERE x.group_id = e.group_id"
    " AND x.period = e.period AND x.granted_at <= e.recorded_at AND x.expires_at > e.recorded_at)"
)
_NO_MIRROR = (
    "({amount} < 0) <> (e.reverses_id IS NOT NULL) OR o.group_id <> e.group_id OR o.amount <> e.amount"
    " OR o.debit <> e.credit OR o.credit <> e.debit OR o.kind <> e.kind"
)
_BESIDE = """
        LEFT JOIN loans_entry o ON o.id = e.reverses_id
        LEFT JOIN loans_monthclosing c ON c.id = (
            SELECT f.id FROM loans_monthclosing f
            WHERE f.group_id = e.group_id AND f.period >= e.period AND f.reopened_at IS NULL ORDER BY f.period LIMIT 1)
        LEFT JOIN villages_group g ON g.id = e.group_id LEFT JOIN villages_village w ON w.id = g.village_id"""
ORIGIN = "kelompok, tanggal, jenis, pinjaman atau anggotanya lain dari "

# What can be wrong with one entry: (name, condition, sentence). e entry, p part, r receipt, v voucher, o original,
# c the first closing of its month or a later one. Every entry has a part or a voucher, so the two lists cover all.
PART_FAULTS = [
    ("bulan", "e.period <> r.period", "bulan {period} bukan bulan buktinya"),
    ("jumlah bagian", "e.amount <> ABS(p.amount)", "buku besar {amount}, bagian setorannya {source_amount}"),
    (
        "akun bagian",
        f"NOT ({_TAKEN} AND ({_GIVEN} = {_ACCOUNT} OR (p.kind = 'contribution' AND {_GIVEN} = '{SOCIAL_FUND}')))",
        "debet {debit} kredit {credit} bukan akun untuk bagian '{source_kind}'",
    ),
    (
        "asal bagian",
        'e.group_id <> r.group_id OR e."on" <> r.received_on OR p.received_on <> r.received_on OR e.kind <> p.kind'
        f" OR {_differ('e.loan_id', 'p.loan_id')} OR {_differ('e.member_id', 'p.member_id')}",
        f"{ORIGIN}bagian setorannya",
    ),
    ("koreksi", _NO_MIRROR.format(amount="p.amount"), "koreksi tidak mencerminkan baris aslinya"),
    ("bulan tertutup", _NO_LEAVE, "dicatat sesudah bulan {period} ditutup, tanpa izin"),
]
VOUCHER_FAULTS = [
    ("bulan", "e.period <> v.period", "bulan {period} bukan bulan buktinya"),
    (
        "akun",
        f"e.debit NOT IN ({_codes(CHART)}) OR e.credit NOT IN ({_codes(CHART)})",
        "akun {debit} atau {credit} tidak ada di bagan akun",
    ),
    (
        "asal bukti kas",
        'e.group_id <> v.group_id OR e."on" <> v."on" OR e.kind <> v.kind'
        f" OR {_differ('e.loan_id', 'v.loan_id')} OR {_differ('e.member_id', 'v.member_id')}",
        f"{ORIGIN}bukti kasnya",
    ),
    ("koreksi", _NO_MIRROR.format(amount="v.amount"), "koreksi tidak mencerminkan baris aslinya"),
    ("bulan tertutup", _NO_LEAVE, "dicatat sesudah bulan {period} ditutup, tanpa izin"),
]
COLUMNS = ("group", "area", "paper", "id", "period", "debit", "credit", "amount", "source_amount", "source_kind")


def entries_of_receipts(scope: Scope) -> Iterator[Finding]:
    """Each entry of a part of a receipt beside that part."""
    source = f"""
        FROM loans_entry e
        LEFT JOIN loans_receiptpart p ON p.id = e.part_id
        LEFT JOIN loans_receipt r ON r.id = p.receipt_id {_BESIDE} WHERE e.voucher_id IS NULL AND {scope.of("e")}"""
    columns = "r.number, e.id, e.period, e.debit, e.credit, e.amount, p.amount, p.kind"
    yield from _entry_findings(PART_FAULTS, columns, source, scope.values)


def entries_of_vouchers(scope: Scope) -> Iterator[Finding]:
    """Each entry of a voucher beside it."""
    source = f"""
        FROM loans_entry e JOIN loans_voucher v ON v.id = e.voucher_id {_BESIDE}
        WHERE e.voucher_id IS NOT NULL AND {scope.of("e")}"""
    columns = "v.number, e.id, e.period, e.debit, e.credit, e.amount, v.amount, v.kind"
    yield from _entry_findings(VOUCHER_FAULTS, columns, source, scope.values)


def receipts(scope: Scope) -> Iterator[Finding]:
    """Each receipt is the sum of its parts, each of which has its entry."""
    statement = f"""
        SELECT s.amount, s.total, s.unbooked, s.period, s.month, s.number, g.name, w.code FROM (
            SELECT r.id, r.group_id, r.number, r.amount, r.period, {_month("r.received_on")} AS month,
                COALESCE(SUM(p.amount), 0) AS total, COUNT(p.id) - COUNT(e.id) AS unbooked
            FROM loans_receipt r
            LEFT JOIN loans_receiptpart p ON p.receipt_id = r.id
            LEFT JOIN loans_entry e ON e.part_id = p.id
            WHERE {scope.of("r")} GROUP BY r.id
            HAVING r.amount <> COALESCE(SUM(p.amount), 0) OR COUNT(p.id) <> COUNT(e.id)
                OR r.period <> {_month("r.received_on")}
        ) s {PLACE.format(row="s")}"""
    for amount, total, unbooked, period, month, number, group, area in rows(statement, scope.values):
        what = f"bukti {number}"
        if amount != total:
            words = f"jumlah {format_rupiah(amount)}, bagian-bagiannya {format_rupiah(total)}"
            yield "jumlah setoran", _where(group, area, what, words)
        if unbooked:
            yield "bagian tanpa baris", _where(group, area, what, f"{unbooked} bagian tidak ada di buku besar")
        if period != month:
            yield "bulan", _where(group, area, what, f"bulan {period} tidak cocok dengan tanggalnya, {month}")


def _month(day: str) -> str:
    return _MONTH[connection.vendor].format(day=day)


def _any(faults: list) -> str:
    return " OR ".join(f"({condition})" for _, condition, _ in faults)


def _entry_findings(faults: list, columns: str, source: str, values: dict) -> Iterator[Finding]:
    """What is wrong with each entry of a source; `source` ends in its WHERE."""
    flags = ", ".join(f"CASE WHEN {condition} THEN 1 ELSE 0 END" for _, condition, _ in faults)
    statement = f"SELECT g.name, w.code, {columns}, {flags} {source} AND ({_any(faults)}) ORDER BY e.id"
    for row in rows(statement, values):
        told = dict(zip(COLUMNS, row, strict=False))
        told |= {name: format_rupiah(told[name]) for name in ("amount", "source_amount")}
        what = f"bukti {told['paper']}, baris {told['id']}"
        for (name, _, words), flag in zip(faults, row[len(COLUMNS) :], strict=True):
            if flag:
                yield name, _where(told["group"], told["area"], what, words.format(**told))


def vouchers(scope: Scope) -> Iterator[Finding]:
    """The amount of each voucher is the sum of its entries; a reversal's is the negative of its original's."""
    statement = f"""
        SELECT s.amount, s.total, s.period, s.month, s.number, g.name, w.code FROM (
            SELECT v.id, v.group_id, v.number, v.amount, v.period, {_month('v."on"')} AS month,
                COALESCE(SUM(CASE WHEN v.amount < 0 THEN -e.amount ELSE e.amount END), 0) AS total
            FROM loans_voucher v LEFT JOIN loans_entry e ON e.voucher_id = v.id
            WHERE {scope.of("v")}
            GROUP BY v.id
        ) s {PLACE.format(row="s")} WHERE s.amount <> s.total OR s.period <> s.month"""
    for amount, total, period, month, number, group, area in rows(statement, scope.values):
        if amount != total:
            words = f"jumlah {format_rupiah(amount)}, barisnya di buku besar {format_rupiah(total)}"
            yield "jumlah bukti kas", _where(group, area, f"bukti {number}", words)
        if period != month:
            words = f"bulan {period} tidak cocok dengan tanggalnya, {month}"
            yield "bulan", _where(group, area, f"bukti {number}", words)
    for table in ("loans_receipt", "loans_voucher"):
        statement = f"""
            SELECT t.number, t.amount, o.amount, g.name, w.code FROM {table} t JOIN {table} o ON o.id = t.reverses_id
            {PLACE.format(row="t")} WHERE {scope.of("t")} AND (t.amount <> -o.amount OR t.group_id <> o.group_id)"""
        for number, amount, original, group, area in rows(statement, scope.values):
            words = f"koreksi {format_rupiah(amount)} atas {format_rupiah(original)} di bukti aslinya"
            yield "koreksi bukti", _where(group, area, f"bukti {number}", words)


def numbers(scope: Scope) -> Iterator[Finding]:
    """Receipts and vouchers are numbered 1 to n in each group and year, without a gap."""
    series = (("loans_receipt", "t.group_id, t.year", "''", "setoran"),
              ("loans_voucher", "t.group_id, t.year, t.series", "t.series", "kas"))  # fmt: skip
    for table, keys, letter, name in series:
        statement = f"""
            SELECT s.letter, s.year, s.n, s.last, g.name, w.code FROM (
                SELECT {keys}, MIN({letter}) AS letter, COUNT(*) AS n, MIN(t.serial) AS first, MAX(t.serial) AS last
                FROM {table} t WHERE {scope.of("t")} GROUP BY {keys}
            ) s {PLACE.format(row="s")} WHERE s.first <> 1 OR s.last <> s.n"""
        for of, year, count, last, group, area in rows(statement, scope.values):
            what = f"bukti {name} {of}".strip()
            words = f"{count} bukti, nomor terakhir {last}: ada yang bolong"
            yield "nomor", _where(group, area, f"{what} tahun {year}", words)


def loans(scope: Scope) -> Iterator[Finding]:
    """Each disbursed loan: paid out as agreed, and its balance and arrears as the application shows them."""
    shown = Loan.objects.with_arrears(scope.as_of).filter(status="disbursed")
    if scope.area:
        shown = shown.filter(group__village__code__gte=scope.area, group__village__code__lt=f"{scope.area}/")
    shown = shown.order_by("pk").values_list("pk", "balance", "late").iterator(CHUNK)
    for booked, (key, balance, late) in zip(
        rows(_LOANS.replace("{scope}", scope.of("l")), scope.values), shown, strict=True
    ):
        yield from _loan_findings(booked, key, balance, late)


# Repaid principal and fee come from the parts, which `receipts` holds against their entries one by one: their index
# answers alone. What else moved a loan is in the entries of vouchers.
_LOANS = f"""
    SELECT l.id, l.number, g.name, w.code, l.principal, COALESCE(s.lent, 0),
        COALESCE(s.moved, 0) - COALESCE(p.principal, 0),
        CASE WHEN COALESCE(i.principal, 0) > COALESCE(p.principal, 0)
            THEN i.principal - COALESCE(p.principal, 0) ELSE 0 END
        + CASE WHEN COALESCE(i.fee, 0) > COALESCE(p.fee, 0) THEN i.fee - COALESCE(p.fee, 0) ELSE 0 END
    FROM loans_loan l {PLACE.format(row="l")}
    LEFT JOIN (
        SELECT v.loan_id,
            SUM(CASE WHEN e.kind <> 'disbursement' THEN 0 WHEN e.debit = '{LOANS}' THEN e.amount ELSE -e.amount END)
                AS lent,
            SUM(CASE WHEN e.debit = '{LOANS}' THEN e.amount WHEN e.credit = '{LOANS}' THEN -e.amount ELSE 0 END)
                AS moved
        FROM loans_voucher v JOIN loans_entry e ON e.voucher_id = v.id
        WHERE v.loan_id IS NOT NULL AND v."on" <= %(day)s GROUP BY v.loan_id
    ) s ON s.loan_id = l.id
    LEFT JOIN (
        SELECT loan_id, SUM(CASE WHEN kind = 'principal' THEN amount ELSE 0 END) AS principal,
            SUM(CASE WHEN kind = 'service_fee' THEN amount ELSE 0 END) AS fee
        FROM loans_receiptpart WHERE loan_id IS NOT NULL AND received_on <= %(day)s GROUP BY loan_id
    ) p ON p.loan_id = l.id
    LEFT JOIN (
        SELECT loan_id, SUM(principal) AS principal, SUM(service_fee) AS fee
        FROM loans_instalment WHERE due_on < %(day)s GROUP BY loan_id
    ) i ON i.loan_id = l.id
    WHERE l.status = 'disbursed' AND {{scope}} ORDER BY l.id"""


def _loan_findings(booked: tuple, key: int, balance: int, late: int) -> Iterator[Finding]:
    loan, number, group, area, principal, lent, owed, overdue = booked
    if loan != key:
        raise RuntimeError(f"Loan {key} of the application stands beside loan {loan} of the database.")
    compared = [
        ("pencairan", principal, lent, "pokok {}, pencairan di buku besar {}"),
        ("piutang", balance, owed, "sisa pokok di aplikasi {}, piutang di buku besar {}"),
        ("tunggakan", late, overdue, "tunggakan di aplikasi {}, dihitung ulang {}"),
    ]
    for name, one, other, words in compared:
        if one != other:
            yield (
                name,
                _where(group, area, f"pinjaman {number}", words.format(format_rupiah(one), format_rupiah(other))),
            )
    if owed < 0:
        yield "di bawah nol", _where(group, area, f"pinjaman {number}", f"piutang {format_rupiah(owed)}")


def savings(scope: Scope) -> Iterator[Finding]:
    """No member's saving is below zero; only those of whom something was taken need to be summed."""
    codes = _codes(SAVINGS.values())
    takers = f"""
        SELECT t.member_id FROM loans_entry t
        WHERE t.group_id IN (SELECT id FROM villages_group) AND t.debit IN ({codes}) AND {scope.of("t")}"""
    moved = " UNION ALL ".join(
        f"SELECT e.member_id, e.group_id, e.{side} AS account, {sign}e.amount AS amount FROM loans_entry e"
        f' WHERE e.{side} IN ({codes}) AND e.member_id IN ({takers}) AND e."on" <= %(day)s'
        for side, sign in (("credit", ""), ("debit", "-"))
    )
    statement = f"""
        SELECT s.member_id, s.account, s.saved, g.name, w.code FROM (
            SELECT m.member_id, m.group_id, m.account, SUM(m.amount) AS saved FROM ({moved}) m
            GROUP BY m.group_id, m.member_id, m.account HAVING SUM(m.amount) < 0
        ) s {PLACE.format(row="s")}"""
    for member, account, saved, group, area in rows(statement, scope.values):
        words = f"{CHART[account].name.lower()} {format_rupiah(saved)}"
        yield "di bawah nol", _where(group, area, f"anggota nomor {member}", words)


def accounts(scope: Scope) -> Iterator[Finding]:
    """The balance of each account of each group beside the application's; cash, bank and savings never below zero."""
    groups = f"""
        SELECT g.id, g.name, w.code FROM villages_group g JOIN villages_village w ON w.id = g.village_id
        WHERE {"w.code >= %(area)s AND w.code < %(area_end)s" if scope.area else "1 = 1"} ORDER BY g.id"""
    booked = _account_sums(scope)
    waiting = next(booked, None)
    for key, group, area in rows(groups, scope.values):
        found = dict.fromkeys(CHART, 0)
        while waiting and waiting[0] == key:
            found[waiting[1]] = found.get(waiting[1], 0) + waiting[2]
            waiting = next(booked, None)
        if any(found.values()):
            yield from _account_findings(Group(pk=key), group, area, found, scope.as_of)


def _account_sums(scope: Scope) -> Iterator[tuple[int, str, int]]:
    """(group, account, debit less credit) in the order of the groups."""
    sides = " UNION ALL ".join(
        f'SELECT e.group_id, e.{side} AS account, {sign}SUM(e.amount) AS amount FROM loans_entry e'
        f' WHERE {scope.of("e")} AND e."on" <= %(day)s GROUP BY e.group_id, e.{side}'
        for side, sign in (("debit", ""), ("credit", "-"))
    )  # fmt: skip
    return rows(f"SELECT group_id, account, amount FROM ({sides}) s ORDER BY group_id", scope.values)


def _account_findings(group: Group, name: str, area: str, found: dict[str, int], as_of: date) -> Iterator[Finding]:
    shown = balances(group, as_of)
    for code, account in CHART.items():
        booked = int(found[code]) * (1 if account.side.grows_by_debit else -1)
        what = f"akun {code} {account.name}"
        if booked != shown[code]:
            words = f"di aplikasi {format_rupiah(shown[code])}, di buku besar {format_rupiah(booked)}"
            yield "saldo akun", _where(name, area, what, words)
        if booked < 0 and code in (CASH, BANK, *SAVINGS.values()):
            yield "di bawah nol", _where(name, area, what, f"saldo {format_rupiah(booked)}")


CHECKS = [entries_of_receipts, entries_of_vouchers, receipts, vouchers, numbers, loans, savings, accounts]


def _where(group: str, area: str, what: str, words: str) -> str:
    return f"{group} ({area}), {what}: {words}."
