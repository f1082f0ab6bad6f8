"""What stands beside the ledger and follows from it or from itself: who paid whose part, cash counts, running sums of
old schedules, settlements.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from loans.audit.frame import CHUNK, PLACE, Finding, Scope, rows, where
from loans.audit.standing import ON_LOANS
from loans.chart import CASH
from loans.closing_builders import value_of
from loans.models import CashCount
from up2k_portal.lib.dates import format_day
from up2k_portal.lib.money import format_rupiah


def share_payments(scope: Scope) -> Iterator[Finding]:
    """Who brought what of a payment on a poklak's loan sums to what the receipt paid for the loan."""
    statement = f"""
        SELECT r.number, s.brought, s.paid, g.name, w.code FROM (
            SELECT b.receipt_id, b.brought, COALESCE((SELECT SUM(p.amount) FROM loans_receiptpart p
                WHERE p.receipt_id = b.receipt_id AND p.loan_id IS NOT NULL), 0) AS paid
            FROM (SELECT receipt_id, SUM(amount) AS brought FROM loans_sharepayment GROUP BY receipt_id) b
        ) s JOIN loans_receipt r ON r.id = s.receipt_id {PLACE.format(row="r")}
        WHERE s.brought <> s.paid AND {scope.of("r")} ORDER BY r.id"""
    for number, brought, paid, group, area in rows(statement, scope.values):
        words = f"dibayar anggota {format_rupiah(int(brought))}, untuk pinjamannya {format_rupiah(int(paid))}"
        yield "pembayaran bagian", where(group, area, f"bukti {number}", words)


def cash_counts(scope: Scope) -> Iterator[Finding]:
    """The pieces of each count sum to the money counted, and the book's cash was what the ledger said by then."""
    by_day = _cash_by_day(scope)
    found = CashCount.objects.filter(till="cash").select_related("group__village").order_by("group", "counted_on", "pk")
    if scope.area:
        found = found.filter(group__village__code__gte=scope.area, group__village__code__lt=f"{scope.area}/")
    for count in found.iterator(CHUNK):
        place = (str(count.group), count.group.village.code, f"hitungan kas {format_day(count.counted_on)}")
        if count.counted != (value := value_of(count.pieces)):
            words = f"uang dihitung {format_rupiah(count.counted)}, lembar dan kepingnya {format_rupiah(value)}"
            yield "hitungan kas", where(*place, words)
        days, sums = by_day.get(count.group_id, ([], []))
        past = bisect_right(days, str(count.counted_on))
        now = sums[past - 1] if past else 0
        if count.voucher_id or not now == count.counted == count.booked:
            yield from _booked_cash(count, place)


def _cash_by_day(scope: Scope) -> dict[int, tuple[list[str], list[int]]]:
    """Of groups that count, by group: the days on which the till moved, and its rupiah at the end of each; the index
    of each side answers alone."""
    moved: dict[int, Counter[str]] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        statement = f"""
            SELECT e.group_id, e."on", SUM(e.amount) FROM loans_entry e WHERE e.{side} = '{CASH}'
                AND e.group_id IN (SELECT c.group_id FROM loans_cashcount c) AND {scope.of("e")}
            GROUP BY e.group_id, e."on" """
        for group, day, amount in rows(statement, scope.values):
            moved.setdefault(group, Counter())[str(day)] += sign * int(amount)
    by_day = ((group, sorted(days.items())) for group, days in moved.items())
    return {group: ([day for day, _ in days], list(accumulate(change for _, change in days))) for group, days in by_day}


def _booked_cash(count: CashCount, place: tuple[str, str, str]) -> Iterator[Finding]:
    """What was entered by the moment of the count: what was dated back since changed the book, not the count."""
    statement = f"""
        SELECT COALESCE(SUM(CASE WHEN e.debit = '{CASH}' THEN e.amount WHEN e.credit = '{CASH}' THEN -e.amount END), 0)
        FROM loans_entry e WHERE e.group_id = %(group)s AND e."on" <= %(day)s AND e.recorded_at <= %(at)s
            AND COALESCE(e.voucher_id, 0) <> %(own)s"""
    told = {"group": count.group_id, "day": count.counted_on, "at": count.counted_at, "own": count.voucher_id or 0}
    booked = int(next(rows(statement, told))[0])
    if booked != count.booked:
        words = f"kas menurut buku {format_rupiah(count.booked)}, di buku besar {format_rupiah(booked)}"
        yield "hitungan kas", where(*place, words)


def old_schedules(scope: Scope) -> Iterator[Finding]:
    """The running sums of rows that others took the place of, by the rows in force when they began.

    Those of the schedule in force are asked with the balances of loans.
    """
    others = """FROM loans_instalment j WHERE j.loan_id = i.loan_id AND j.number <= i.number
        AND j.valid_from <= i.valid_from AND (j.valid_until IS NULL OR j.valid_until > i.valid_from)"""
    wrong = " OR ".join(f"i.{name}_to_date <> (SELECT SUM(j.{name}) {others})" for name in ("principal", "service_fee"))
    statement = f"""
        SELECT l.number, i.number, g.name, w.code
        FROM loans_instalment i JOIN loans_loan l ON l.id = i.loan_id {PLACE.format(row="l")}
        WHERE i.valid_until > i.valid_from AND ({wrong}) AND {scope.of("l")} ORDER BY l.id, i.number"""
    for loan, number, group, area in rows(statement, scope.values):
        words = f"jumlah berjalan di jadwal lamanya, angsuran ke-{number}, lain dari jumlah angsurannya"
        yield "jumlah jadwal", where(group, area, f"pinjaman {loan}", words)


def settlements(scope: Scope) -> Iterator[Finding]:
    """What a member who left still owed: her own loans in the ledger as it stood at that moment."""
    statement = f"""
        SELECT m.id, s.still_owed, s.owed, g.name, w.code FROM (
            SELECT t.member_id, t.still_owed, COALESCE((SELECT SUM({ON_LOANS}) FROM loans_loan l
                JOIN loans_entry e ON e.loan_id = l.id
                WHERE l.member_id = t.member_id AND e.recorded_at <= t.recorded_at), 0) AS owed
            FROM loans_settlement t
        ) s JOIN villages_member m ON m.id = s.member_id {PLACE.format(row="m")}
        WHERE s.still_owed <> s.owed AND {scope.of("m")} ORDER BY m.id"""
    for member, kept, owed, group, area in rows(statement, scope.values):
        words = f"masih dipinjam saat keluar {format_rupiah(kept)}, di buku besar {format_rupiah(int(owed))}"
        yield "penyelesaian keluar", where(group, area, f"anggota nomor {member}", words)
