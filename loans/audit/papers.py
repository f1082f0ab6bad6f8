"""Receipts and vouchers by themselves: their sums, days and numbers."""

from collections.abc import Iterator

from loans.audit.frame import (
    PLACE,
    Fault,
    Finding,
    Scope,
    ends_in_number,
    findings,
    in_time,
    month,
    no_leave,
    number_end,
    rows,
    where,
)
from up2k_portal.lib.money import format_rupiah

_PARTS = "(SELECT COALESCE(SUM(p.amount), 0) FROM loans_receiptpart p WHERE p.receipt_id = t.id)"
_ENTRIES = (
    "(SELECT COALESCE(SUM(CASE WHEN t.amount < 0 THEN -e.amount ELSE e.amount END), 0) FROM loans_entry e"
    " WHERE e.voucher_id = t.id)"
)
WHAT = "bukti {number}"
ROLES = {
    "resplit": "pembagian yang diperbarui berselisih {}, seharusnya Rp0",
    "adjustment": "penyesuaian pembagian berjumlah {}, seharusnya Rp0",
}


def _papers(
    table: str, day: str, total: str, unequal: tuple[str, str], scope: Scope, letter: str = ""
) -> Iterator[Finding]:
    """t paper, o the one that it takes back; `total` is what its parts or entries sum to.

    The month, the year and the number of a paper follow from its day and serial; it is recorded while its month is
    open. The group's initials, with which the number begins, may have changed since.
    """
    of_day = month(day)
    other_month, other_year = f"t.period <> {of_day}", "t.year <> t.period / 100"
    other_number = f"t.number NOT LIKE '%%%%' || {letter}{number_end('t')}"
    no_sum, (name, words) = f"t.amount <> {total}", unequal
    faults: list[Fault] = [
        (name, no_sum, words),
        ("bulan", other_month, "bulan {period} tidak cocok dengan tanggalnya, {month}"),
        ("tahun", other_year, "tahun {year} tidak cocok dengan bulannya, {period}"),
        ("nomor bukti", other_number, "nomornya tidak cocok dengan urutan {serial} tahun {year}"),
        ("bulan tertutup", no_leave("t", "t.recorded_by_id"), "dicatat sesudah bulan {period} ditutup, tanpa izin"),
        (
            "koreksi bukti",
            "t.amount <> -o.amount OR t.group_id <> o.group_id",
            "koreksi {amount} atas {original} di bukti aslinya",
        ),
    ]
    has_number = ends_in_number("t") if not letter else f"NOT ({other_number})"
    right = " AND ".join(f"NOT ({wrong})" for wrong in (other_month, other_year, no_sum)) + f" AND {has_number}"
    columns = {name: f"t.{name}" for name in ("id", "number", "period", "year", "serial", "amount")}
    columns |= {"month": of_day, "total": total, "original": "o.amount"}
    source = f"FROM {table} t LEFT JOIN {table} o ON o.id = t.reverses_id {PLACE.format(row='t')} WHERE {scope.of('t')}"
    yield from findings(faults, columns, source, WHAT, scope, f"t.reverses_id IS NULL AND {right} AND {in_time('t')}")


def receipts(scope: Scope) -> Iterator[Finding]:
    """Each receipt is the sum of its parts, each of which has its entry; parts split anew and adjustments move nothing
    in or out. A reversal's amount is the negative of its original's."""
    unequal = ("jumlah setoran", "jumlah {amount}, bagian-bagiannya {total}")
    yield from _papers("loans_receipt", "t.received_on", _PARTS, unequal, scope)
    yield from _split_anew(scope)
    yield from _unbooked(scope)


def _split_anew(scope: Scope) -> Iterator[Finding]:
    statement = f"""
        SELECT r.number, s.role, s.total, g.name, w.code FROM (
            SELECT p.receipt_id, p.role, SUM(p.amount) AS total FROM loans_receiptpart p WHERE p.role <> ''
            GROUP BY p.receipt_id, p.role HAVING SUM(p.amount) <> 0
        ) s JOIN loans_receipt r ON r.id = s.receipt_id {PLACE.format(row="r")}
        WHERE {scope.of("r")} ORDER BY r.id, s.role"""
    for number, role, total, group, area in rows(statement, scope.values):
        yield "pembagian", where(group, area, f"bukti {number}", ROLES[role].format(format_rupiah(int(total))))


def _unbooked(scope: Scope) -> Iterator[Finding]:
    """Parts without an entry. Where there are as many entries as parts there are none: a part has one at most, and an
    entry without a voucher is of a part."""
    if not scope.area:
        counted = """
            SELECT (SELECT COUNT(*) FROM loans_receiptpart), (SELECT COUNT(*) FROM loans_entry),
                (SELECT COUNT(*) FROM loans_entry WHERE voucher_id > 0)"""
        parts, entries, of_vouchers = next(rows(counted, {}))
        if parts == entries - of_vouchers:
            return
    statement = f"""
        SELECT r.number, COUNT(*), g.name, w.code
        FROM loans_receiptpart p JOIN loans_receipt r ON r.id = p.receipt_id
        LEFT JOIN loans_entry e ON e.part_id = p.id {PLACE.format(row="r")}
        WHERE e.id IS NULL AND {scope.of("r")} GROUP BY r.id, r.number, g.name, w.code ORDER BY r.id"""
    for number, count, group, area in rows(statement, scope.values):
        words = f"{count} bagian tidak ada di buku besar"
        yield "bagian tanpa baris", where(group, area, f"bukti {number}", words)


def vouchers(scope: Scope) -> Iterator[Finding]:
    """The amount of each voucher is the sum of its entries; a reversal's is the negative of its original's."""
    unequal = ("jumlah bukti kas", "jumlah {amount}, barisnya di buku besar {total}")
    yield from _papers("loans_voucher", 't."on"', _ENTRIES, unequal, scope, letter="'-' || t.series || ")


def numbers(scope: Scope) -> Iterator[Finding]:
    """Receipts and vouchers are numbered 1 to n in each group and year, without a gap."""
    series = (("loans_receipt", "t.group_id, t.year", "''", "setoran"),
              ("loans_voucher", "t.group_id, t.year, t.series", "s.series", "kas"))  # fmt: skip
    for table, keys, letter, name in series:
        statement = f"""
            SELECT {letter}, s.year, s.n, s.last, g.name, w.code FROM (
                SELECT {keys}, COUNT(*) AS n, MIN(t.serial) AS first, MAX(t.serial) AS last
                FROM {table} t WHERE {scope.of("t")} GROUP BY {keys}
            ) s {PLACE.format(row="s")} WHERE s.first <> 1 OR s.last <> s.n"""
        for of, year, count, last, group, area in rows(statement, scope.values):
            what = f"bukti {name} {of}".strip()
            words = f"{count} bukti, nomor terakhir {last}: ada yang bolong"
            yield "nomor", where(group, area, f"{what} tahun {year}", words)
