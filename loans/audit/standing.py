"""Balances: of loans, savings and accounts, recomputed beside what the application shows."""

from collections import Counter
from collections.abc import Iterator
from operator import sub
from typing import NamedTuple, cast

from django.db.models import Q

from loans.audit.frame import CHUNK, PLACE, Finding, Scope, batches, rows, where
from loans.chart import BANK, CASH, CHART, DEBT, FIELD_CASH, LOANS, SAVINGS, SURPLUS_TO_SHARE
from loans.ledger_services import balances_of_groups
from loans.models import Loan
from loans.savings import saving_balances
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

MEMBERS_AT_ONCE = 900  # a database takes about a thousand keys in one question
GROUPS_AT_ONCE = 500
LOANS_AT_ONCE = 500

# Repaid principal and fee come from the parts, which other checks hold against their receipts and entries one by one:
# their index answers alone. What else moved a loan is in the entries of vouchers. A loan that ran before the books
# began came into them with what was left of it.
#
# First what the application shows too (balance, arrears, fee), then three sums of the books and what each must be, and
# last whether the schedule's running sums are those of its rows. Each to itself would cost a look at the row before it:
# two sums over all of them, plain and weighed by 2n, are wrong as soon as one or two rows are.
_ROW, _TO_DATE = "(i.principal + 7 * i.service_fee)", "(i.principal_to_date + 7 * i.service_fee_to_date)"
_ROWS, _OF_ROWS = "(COUNT(i.id) + 1)", "(SUM(i.principal) + 7 * SUM(i.service_fee))"
_WRONG_SUMS = (
    f"SUM({_TO_DATE} + i.number * {_ROW}) <> {_ROWS} * {_OF_ROWS}"
    f" OR SUM(i.number * ((i.number - 1) * {_ROW} + 2 * {_TO_DATE})) <> COUNT(i.id) * {_ROWS} * {_OF_ROWS}"
)
ON_LOANS = f"CASE WHEN e.debit = '{LOANS}' THEN e.amount WHEN e.credit = '{LOANS}' THEN -e.amount ELSE 0 END"
_PAID = (
    "COALESCE((SELECT SUM(p.amount) FROM loans_receiptpart p"
    " WHERE p.loan_id = l.id AND p.kind = '{kind}' AND p.received_on <= %(day)s), 0)"
)
_LOANS = f"""
    SELECT l.id, COALESCE(s.moved, 0) - l.principal_paid,
        CASE WHEN l.is_lost = 1 THEN 0 ELSE
            CASE WHEN l.principal_due > l.opening_principal_paid + l.principal_paid
                THEN l.principal_due - l.opening_principal_paid - l.principal_paid ELSE 0 END
            + CASE WHEN l.fee_due > l.opening_service_fee_paid + l.fee_paid
                THEN l.fee_due - l.opening_service_fee_paid - l.fee_paid ELSE 0 END
        END,
        l.opening_service_fee_paid + l.fee_paid,
        COALESCE(s.lent, 0), COALESCE(s.lost, 0), l.planned,
        l.principal - l.opening_principal_paid, CASE WHEN l.is_lost = 1 THEN l.written_off ELSE 0 END, l.principal,
        l.has_wrong_sums
    FROM (
        SELECT l.id, l.principal, l.opening_principal_paid, l.opening_service_fee_paid, l.written_off,
            CASE WHEN l.written_off_on <= %(day)s THEN 1 ELSE 0 END AS is_lost,
            {_PAID.format(kind="principal")} AS principal_paid, {_PAID.format(kind="service_fee")} AS fee_paid,
            COALESCE(SUM(i.principal), 0) AS planned, CASE WHEN {_WRONG_SUMS} THEN 1 ELSE 0 END AS has_wrong_sums,
            COALESCE(SUM(CASE WHEN i.due_on < %(day)s THEN i.principal END), 0) AS principal_due,
            COALESCE(SUM(CASE WHEN i.due_on < %(day)s THEN i.service_fee END), 0) AS fee_due
        FROM loans_loan l LEFT JOIN loans_instalment i ON i.loan_id = l.id
            AND i.valid_from <= %(day)s AND (i.valid_until IS NULL OR i.valid_until > %(day)s)
        WHERE l.status = 'disbursed' AND COALESCE(l.opened_on, l.disbursed_on) <= %(day)s AND {{scope}} GROUP BY l.id
    ) l
    LEFT JOIN (
        SELECT v.loan_id, SUM(CASE WHEN e.kind IN ('disbursement', 'opening') THEN {ON_LOANS} ELSE 0 END) AS lent,
            SUM(CASE WHEN e.kind = 'write_off' THEN -({ON_LOANS}) ELSE 0 END) AS lost, SUM({ON_LOANS}) AS moved
        FROM loans_voucher v JOIN loans_entry e ON e.voucher_id = v.id
        WHERE v.loan_id IS NOT NULL AND v."on" <= %(day)s GROUP BY v.loan_id
    ) s ON s.loan_id = l.id
    ORDER BY l.id"""
# name, words; the application's rupiah, then the books'.
_COMPARED = (
    ("pencairan", "pokok {}, pencairan di buku besar {}"),
    ("piutang", "sisa pokok di aplikasi {}, piutang di buku besar {}"),
    ("tunggakan", "tunggakan di aplikasi {}, dihitung ulang {}"),
    ("jasa", "jasa dibayar di aplikasi {}, dihitung ulang {}"),
    ("hapus buku", "dihapus buku {}, di buku besar {}"),
    ("jadwal", "pokok {}, pokok di jadwalnya {}"),
)


def loans_of(scope: Scope):
    """The disbursed loans in the books by the day, of the application."""
    in_books = Q(opened_on__lte=scope.as_of) | Q(opened_on=None, disbursed_on__lte=scope.as_of)
    found = Loan.objects.filter(in_books, status=Loan.Status.DISBURSED)
    if scope.area:
        found = found.filter(group__village__code__gte=scope.area, group__village__code__lt=f"{scope.area}/")
    return found.order_by("pk")


def loans(scope: Scope) -> Iterator[Finding]:
    """Each disbursed loan: paid out as agreed, and its balance, arrears and fees as the application shows them."""
    columns = ("pk", "balance", "late", "service_fee_paid")
    shown = loans_of(scope).with_arrears(scope.as_of).values_list(*columns).iterator(CHUNK)
    booked = rows(_LOANS.replace("{scope}", scope.of("l")), scope.values)
    both = zip(booked, shown, strict=True)
    wrong = [(one, other) for one, other in both if one[:4] != other or one[4:7] != one[7:10] or one[1] < 0 or one[10]]
    for some in batches(wrong, LOANS_AT_ONCE):
        named = _named("loans_loan", "t.number", [one[0] for one, _ in some])
        for one, other in some:
            yield from _loan_findings(one, *other, *named[one[0]])
    yield from _not_disbursed(scope)


def _named(table: str, name: str, keys: list[int]) -> dict[int, tuple]:
    """What rows are called, with their groups' names and areas, by the rows' keys."""
    if not keys:
        return {}
    statement = f"""
        SELECT t.id, {name}, g.name, w.code FROM {table} t {PLACE.format(row="t")}
        WHERE t.id IN ({", ".join(map(str, keys))})"""
    return {key: tuple(told) for key, *told in rows(statement, {})}


def _loan_findings(
    booked: tuple, key: int, balance: int, late: int, fee: int, number: str, group: str, area: str
) -> Iterator[Finding]:
    loan, owed, overdue, paid, lent, lost, planned, to_lend, written_off, principal, has_wrong_sums = booked
    if loan != key:
        raise RuntimeError(f"Loan {key} of the application stands beside loan {loan} of the database.")
    pairs = ((to_lend, lent), (balance, owed), (late, overdue), (fee, paid), (written_off, lost), (principal, planned))
    what = f"pinjaman {number}"
    for (name, words), pair in zip(_COMPARED, pairs, strict=True):
        if pair[0] != pair[1]:
            yield name, where(group, area, what, words.format(*map(format_rupiah, pair)))
    if has_wrong_sums:
        yield "jumlah jadwal", where(group, area, what, "jumlah berjalan di jadwalnya lain dari jumlah angsurannya")
    if owed < 0:
        yield "di bawah nol", where(group, area, what, f"piutang {format_rupiah(owed)}")


def _not_disbursed(scope: Scope) -> Iterator[Finding]:
    """A loan that was not paid out has nothing in the books."""
    statement = f"""
        SELECT s.number, s.moved, g.name, w.code FROM (
            SELECT l.id, l.number, l.group_id, SUM({ON_LOANS}) AS moved
            FROM loans_loan l JOIN loans_entry e ON e.loan_id = l.id
            WHERE l.status <> 'disbursed' AND {scope.of("l")} GROUP BY l.id, l.number, l.group_id
        ) s {PLACE.format(row="s")} WHERE s.moved <> 0 ORDER BY s.id"""
    for number, moved, group, area in rows(statement, scope.values):
        words = f"belum dicairkan, piutang di buku besar {format_rupiah(int(moved))}"
        yield "pencairan", where(group, area, f"pinjaman {number}", words)


class _Saver(NamedTuple):
    """A member by her key, all that her balances are asked by: making whole members costs more than their books."""

    pk: int


def savings(scope: Scope) -> Iterator[Finding]:
    """What each member saved beside what the application shows of her, kind by kind; none of it below zero."""
    paid_in = ", ".join(
        "COALESCE((SELECT SUM(e.amount) FROM loans_entry e"
        f" WHERE e.member_id = m.id AND e.credit = '{account}' AND e.\"on\" <= %(day)s), 0)"
        for account in SAVINGS.values()
    )
    statement = f"SELECT m.id, {paid_in} FROM villages_member m WHERE {scope.of('m')} ORDER BY m.id"
    taken_out = _taken_out(scope)
    booked = (_less(row, taken_out[row[0]]) if row[0] in taken_out else row for row in rows(statement, scope.values))
    for some in batches(booked, MEMBERS_AT_ONCE):
        shown = saving_balances(cast("list[Member]", [_Saver(one[0]) for one in some]), scope.as_of)
        # Both tell the kinds in the order of SAVINGS.
        wrong = [one for one in some if one[1:] != tuple(shown[one[0]].values()) or min(one[1:]) < 0]
        named = _named("villages_member", "''", [key for key, *_ in wrong])
        for key, *sums in wrong:
            yield from _saving_findings(key, sums, shown[key], *named[key][1:])


def _less(row: tuple, taken: list[int]) -> tuple:
    return (row[0], *map(sub, row[1:], taken))


def _taken_out(scope: Scope) -> dict[int, list[int]]:
    """What left each kind of saving, by the member's key: far less than came in, and of that side one index leads to
    its few rows alone."""
    found: dict[int, list[int]] = {}
    for place, account in enumerate(SAVINGS.values()):
        statement = f"""
            SELECT e.member_id, SUM(e.amount) FROM villages_group g CROSS JOIN loans_entry e
            WHERE e.group_id = g.id AND e.debit = '{account}' AND e."on" <= %(day)s AND e.member_id IS NOT NULL
                AND {scope.of("g", "id")}
            GROUP BY e.member_id"""
        for member, amount in rows(statement, scope.values):
            found.setdefault(member, [0] * len(SAVINGS))[place] = int(amount)
    return found


def _saving_findings(member: int, booked: list[int], shown: dict[str, int], group: str, area: str) -> Iterator[Finding]:
    what = f"anggota nomor {member}"
    for (kind, account), rupiah in zip(SAVINGS.items(), map(int, booked), strict=True):
        name = CHART[account].name.lower()
        if rupiah != shown[kind]:
            words = f"{name} di aplikasi {format_rupiah(shown[kind])}, di buku besar {format_rupiah(rupiah)}"
            yield "simpanan", where(group, area, what, words)
        if rupiah < 0:
            yield "di bawah nol", where(group, area, what, f"{name} {format_rupiah(rupiah)}")


def accounts(scope: Scope) -> Iterator[Finding]:
    """The balance of each account of each group beside the application's; tills and savings never below zero."""
    area = "w.code >= %(area)s AND w.code < %(area_end)s" if scope.area else "1 = 1"
    groups = f"""
        SELECT g.id, g.name, w.code FROM villages_group g JOIN villages_village w ON w.id = g.village_id
        WHERE {area} ORDER BY g.id"""
    booked = _account_sums(scope)
    for some in batches(rows(groups, scope.values), GROUPS_AT_ONCE):
        shown = balances_of_groups([key for key, _, _ in some], scope.as_of)
        for key, group, code in some:
            yield from _account_findings(group, code, booked.get(key, Counter()), shown[key])


def _account_sums(scope: Scope) -> dict[int, Counter[str]]:
    """Debit less credit by group and account.

    Nearly all that is debited is cash. It is what was credited, all of it, less what other accounts were debited: each
    entry has both sides. So its index is read once, and of the other only what is not cash. Of the index read whole,
    what is later than the day is taken off again: that is little or nothing, and no row is asked for its day.
    """
    codes = ", ".join(f"('{code}')" for code in CHART)
    credited = f"""
        SELECT e.group_id, e.credit, SUM(e.amount) FROM loans_entry e WHERE {scope.of("e")}
        GROUP BY e.group_id, e.credit"""
    later = f"""
        SELECT g.id, e.credit, SUM(e.amount)
        FROM villages_group g CROSS JOIN (VALUES {codes}) a CROSS JOIN loans_entry e
        WHERE e.group_id = g.id AND e.credit = a.column1 AND e."on" > %(day)s AND {scope.of("g", "id")}
        GROUP BY g.id, e.credit"""
    debited = [
        f"""
        SELECT g.id, e.debit, SUM(e.amount) FROM villages_group g CROSS JOIN loans_entry e
        WHERE e.group_id = g.id AND e.debit {beside} '{CASH}' AND e."on" <= %(day)s AND {scope.of("g", "id")}
        GROUP BY g.id, e.debit"""
        for beside in ("<", ">")  # each is one stretch of the index
    ]
    found: dict[int, Counter[str]] = {}
    for statement, sign in ((credited, -1), (later, 1), *((one, 1) for one in debited)):
        for group, account, rupiah in rows(statement, scope.values):
            amount = sign * int(rupiah)
            sums = found.setdefault(group, Counter())
            sums[account] += amount
            sums[CASH] -= amount
    return found


def _account_findings(name: str, area: str, found: Counter[str], shown: dict[str, int]) -> Iterator[Finding]:
    for code, account in CHART.items():
        booked = found[code] * (1 if account.side.grows_by_debit else -1)
        what = f"akun {code} {account.name}"
        if booked != shown[code]:
            words = f"di aplikasi {format_rupiah(shown[code])}, di buku besar {format_rupiah(booked)}"
            yield "saldo akun", where(name, area, what, words)
        if booked < 0 and code in (CASH, FIELD_CASH, BANK, DEBT, SURPLUS_TO_SHARE, *SAVINGS.values()):
            yield "di bawah nol", where(name, area, what, f"saldo {format_rupiah(booked)}")
