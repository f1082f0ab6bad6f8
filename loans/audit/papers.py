"""Receipts and vouchers by themselves: their sums, days and numbers."""

from collections.abc import Iterator

from loans.audit.frame import PLACE, Fault, Finding, Scope, findings, month, no_leave, rows, where
from up2k_portal.lib.money import format_rupiah

_DIGITS = "CASE WHEN t.serial < 10 THEN '000' WHEN t.serial < 100 THEN '00' WHEN t.serial < 1000 THEN '0' ELSE '' END"
WHAT = "bukti {number}"
ROLES = {
    "resplit": "pembagian yang diperbarui berselisih {}, seharusnya Rp0",
    "adjustment": "penyesuaian pembagian berjumlah {}, seharusnya Rp0",
}


def _paper_faults(day: str, letter: str = "") -> list[Fault]:
    """The month, the year and the number of a paper follow from its day and serial; it is recorded while its month is
    open. The group's initials, with which the number begins, may have changed since."""
    of_day = month(day)
    return [
        ("bulan", f"t.period <> {of_day}", "bulan {period} tidak cocok dengan tanggalnya, {month}"),
        ("tahun", "t.year <> t.period / 100", "tahun {year} tidak cocok dengan bulannya, {period}"),
        (
            "nomor bukti",
            f"t.number NOT LIKE '%%%%-' || {letter} t.year || '-' || {_DIGITS} || t.serial",
            "nomornya tidak cocok dengan urutan {serial} tahun {year}",
        ),
        ("bulan tertutup", no_leave("t", "t.recorded_by_id"), "dicatat sesudah bulan {period} ditutup, tanpa izin"),
    ]


def _papers(table: str, day: str, scope: Scope, letter: str = "") -> Iterator[Finding]:
    columns = {name: f"t.{name}" for name in ("id", "number", "period", "year", "serial")} | {"month": month(day)}
    source = f"FROM {table} t {PLACE.format(row='t')} WHERE {scope.of('t')}"
    yield from findings(_paper_faults(day, letter), columns, source, WHAT, scope)
    yield from _reversals(table, scope)


def receipts(scope: Scope) -> Iterator[Finding]:
    """Each receipt is the sum of its parts, each of which has its entry; parts split anew and adjustments move nothing
    in or out."""
    statement = f"""
        SELECT s.number, s.amount, s.total, g.name, w.code FROM (
            SELECT r.id, r.group_id, r.number, r.amount, COALESCE(SUM(p.amount), 0) AS total
            FROM loans_receipt r LEFT JOIN loans_receiptpart p ON p.receipt_id = r.id
            WHERE {scope.of("r")} GROUP BY r.id HAVING r.amount <> COALESCE(SUM(p.amount), 0)
        ) s {PLACE.format(row="s")} ORDER BY s.id"""
    for number, amount, total, group, area in rows(statement, scope.values):
        words = f"jumlah {format_rupiah(amount)}, bagian-bagiannya {format_rupiah(int(total))}"
        yield "jumlah setoran", where(group, area, f"bukti {number}", words)
    yield from _papers("loans_receipt", "t.received_on", scope)
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
    """Parts without an entry. Where there are as many entries as parts there are none: a part has one at most."""
    if not scope.area:
        counted = "SELECT (SELECT COUNT(*) FROM loans_receiptpart), (SELECT COUNT(part_id) FROM loans_entry)"
        parts, entries = next(rows(counted, {}))
        if parts == entries:
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
    statement = f"""
        SELECT s.number, s.amount, s.total, g.name, w.code FROM (
            SELECT v.id, v.group_id, v.number, v.amount,
                COALESCE(SUM(CASE WHEN v.amount < 0 THEN -e.amount ELSE e.amount END), 0) AS total
            FROM loans_voucher v LEFT JOIN loans_entry e ON e.voucher_id = v.id
            WHERE {scope.of("v")} GROUP BY v.id
        ) s {PLACE.format(row="s")} WHERE s.amount <> s.total ORDER BY s.id"""
    for number, amount, total, group, area in rows(statement, scope.values):
        words = f"jumlah {format_rupiah(amount)}, barisnya di buku besar {format_rupiah(int(total))}"
        yield "jumlah bukti kas", where(group, area, f"bukti {number}", words)
    yield from _papers("loans_voucher", 't."on"', scope, letter="t.series || '-' ||")


def _reversals(table: str, scope: Scope) -> Iterator[Finding]:
    statement = f"""
        SELECT t.number, t.amount, o.amount, g.name, w.code FROM {table} t JOIN {table} o ON o.id = t.reverses_id
        {PLACE.format(row="t")} WHERE {scope.of("t")} AND (t.amount <> -o.amount OR t.group_id <> o.group_id)"""
    for number, amount, original, group, area in rows(statement, scope.values):
        words = f"koreksi {format_rupiah(amount)} atas {format_rupiah(original)} di bukti aslinya"
        yield "koreksi bukti", where(group, area, f"bukti {number}", words)


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
            yield "nomor", where(group, area, f"{what} tahun {year}", words)
