"""Balances: of loans, savings and accounts, recomputed beside what the application shows."""

from collections.abc import Iterator

from django.db.models import Q

from loans.audit.frame import CHUNK, PLACE, Finding, Scope, batches, listed, rows, where
from loans.chart import BANK, CASH, CHART, DEBT, LOANS, SAVINGS, SURPLUS_TO_SHARE
from loans.ledger_services import balances_of_groups
from loans.models import Loan
from loans.savings import saving_balances
from up2k_portal.lib.money import format_rupiah
from villages.models import Member

MEMBERS_AT_ONCE = 500  # a database takes about a thousand keys in one question
GROUPS_AT_ONCE = 500

# Repaid principal and fee come from the parts, which other checks hold against their receipts and entries one by one:
# their index answers alone. What else moved a loan is in the entries of vouchers. A loan that ran before the books
# began came into them with what was left of it.
_ON_LOANS = f"CASE WHEN e.debit = '{LOANS}' THEN e.amount WHEN e.credit = '{LOANS}' THEN -e.amount ELSE 0 END"
_LOANS = f"""
    SELECT l.id, l.number, g.name, w.code, l.principal - l.opening_principal_paid, COALESCE(s.lent, 0),
        COALESCE(s.moved, 0) - COALESCE(p.principal, 0),
        CASE WHEN l.written_off_on <= %(day)s THEN 0 ELSE
            CASE WHEN COALESCE(i.principal, 0) > l.opening_principal_paid + COALESCE(p.principal, 0)
                THEN i.principal - l.opening_principal_paid - COALESCE(p.principal, 0) ELSE 0 END
            + CASE WHEN COALESCE(i.fee, 0) > l.opening_service_fee_paid + COALESCE(p.fee, 0)
                THEN i.fee - l.opening_service_fee_paid - COALESCE(p.fee, 0) ELSE 0 END
        END,
        l.opening_service_fee_paid + COALESCE(p.fee, 0),
        CASE WHEN l.written_off_on <= %(day)s THEN l.written_off ELSE 0 END, COALESCE(s.lost, 0),
        l.principal, COALESCE(i.planned, 0)
    FROM loans_loan l {PLACE.format(row="l")}
    LEFT JOIN (
        SELECT v.loan_id, SUM(CASE WHEN e.kind IN ('disbursement', 'opening') THEN {_ON_LOANS} ELSE 0 END) AS lent,
            SUM(CASE WHEN e.kind = 'write_off' THEN -({_ON_LOANS}) ELSE 0 END) AS lost, SUM({_ON_LOANS}) AS moved
        FROM loans_voucher v JOIN loans_entry e ON e.voucher_id = v.id
        WHERE v.loan_id IS NOT NULL AND v."on" <= %(day)s GROUP BY v.loan_id
    ) s ON s.loan_id = l.id
    LEFT JOIN (
        SELECT loan_id, SUM(CASE WHEN kind = 'principal' THEN amount ELSE 0 END) AS principal,
            SUM(CASE WHEN kind = 'service_fee' THEN amount ELSE 0 END) AS fee
        FROM loans_receiptpart WHERE loan_id IS NOT NULL AND received_on <= %(day)s GROUP BY loan_id
    ) p ON p.loan_id = l.id
    LEFT JOIN (
        SELECT loan_id, SUM(principal) AS planned,
            SUM(CASE WHEN due_on < %(day)s THEN principal ELSE 0 END) AS principal,
            SUM(CASE WHEN due_on < %(day)s THEN service_fee ELSE 0 END) AS fee
        FROM loans_instalment
        WHERE valid_from <= %(day)s AND (valid_until IS NULL OR valid_until > %(day)s) GROUP BY loan_id
    ) i ON i.loan_id = l.id
    WHERE l.status = 'disbursed' AND COALESCE(l.opened_on, l.disbursed_on) <= %(day)s AND {{scope}} ORDER BY l.id"""
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
    for one, other in zip(booked, shown, strict=True):
        yield from _loan_findings(one, *other)
    yield from _not_disbursed(scope)


def _loan_findings(booked: tuple, key: int, balance: int, late: int, fee: int) -> Iterator[Finding]:
    loan, number, group, area, to_lend, lent, owed, overdue, paid, written_off, lost, principal, planned = booked
    if loan != key:
        raise RuntimeError(f"Loan {key} of the application stands beside loan {loan} of the database.")
    pairs = ((to_lend, lent), (balance, owed), (late, overdue), (fee, paid), (written_off, lost), (principal, planned))
    what = f"pinjaman {number}"
    for (name, words), pair in zip(_COMPARED, pairs, strict=True):
        if pair[0] != pair[1]:
            yield name, where(group, area, what, words.format(*map(format_rupiah, pair)))
    if owed < 0:
        yield "di bawah nol", where(group, area, what, f"piutang {format_rupiah(owed)}")


def _not_disbursed(scope: Scope) -> Iterator[Finding]:
    """A loan that was not paid out has nothing in the books."""
    statement = f"""
        SELECT s.number, s.moved, g.name, w.code FROM (
            SELECT l.id, l.number, l.group_id, SUM({_ON_LOANS}) AS moved
            FROM loans_loan l JOIN loans_entry e ON e.loan_id = l.id
            WHERE l.status <> 'disbursed' AND {scope.of("l")} GROUP BY l.id, l.number, l.group_id
        ) s {PLACE.format(row="s")} WHERE s.moved <> 0 ORDER BY s.id"""
    for number, moved, group, area in rows(statement, scope.values):
        words = f"belum dicairkan, piutang di buku besar {format_rupiah(int(moved))}"
        yield "pencairan", where(group, area, f"pinjaman {number}", words)


def savings(scope: Scope) -> Iterator[Finding]:
    """What each member saved beside what the application shows of her, kind by kind; none of it below zero."""
    members = f"""
        SELECT m.id, g.name, w.code FROM villages_member m {PLACE.format(row="m")}
        WHERE {scope.of("m")} ORDER BY m.id"""
    for some in batches(rows(members, scope.values), MEMBERS_AT_ONCE):
        booked = _savings_booked(some[0][0], some[-1][0], scope)
        shown = saving_balances([Member(pk=key) for key, _, _ in some], scope.as_of)
        for key, group, area in some:
            for kind, account in SAVINGS.items():
                yield from _saving_findings(key, group, area, account, booked.get((key, account), 0), shown[key][kind])


def _savings_booked(first: int, last: int, scope: Scope) -> dict[tuple[int, str], int]:
    """Rupiah by member and account of the members whose keys lie between two."""
    sides = " UNION ALL ".join(
        f"SELECT e.member_id, e.{side} AS account, {sign}e.amount AS amount FROM loans_entry e"
        f" WHERE e.member_id BETWEEN %(first)s AND %(last)s AND e.{side} IN ({listed(SAVINGS.values())})"
        ' AND e."on" <= %(day)s'
        for side, sign in (("credit", ""), ("debit", "-"))
    )
    statement = f"SELECT s.member_id, s.account, SUM(s.amount) FROM ({sides}) s GROUP BY s.member_id, s.account"
    values = {"first": first, "last": last, "day": scope.as_of}
    return {(member, account): int(amount) for member, account, amount in rows(statement, values)}


def _saving_findings(member: int, group: str, area: str, account: str, booked: int, shown: int) -> Iterator[Finding]:
    what, name = f"anggota nomor {member}", CHART[account].name.lower()
    if booked != shown:
        words = f"{name} di aplikasi {format_rupiah(shown)}, di buku besar {format_rupiah(booked)}"
        yield "simpanan", where(group, area, what, words)
    if booked < 0:
        yield "di bawah nol", where(group, area, what, f"{name} {format_rupiah(booked)}")


def accounts(scope: Scope) -> Iterator[Finding]:
    """The balance of each account of each group beside the application's; cash, bank and savings never below zero."""
    area = "w.code >= %(area)s AND w.code < %(area_end)s" if scope.area else "1 = 1"
    groups = f"""
        SELECT g.id, g.name, w.code FROM villages_group g JOIN villages_village w ON w.id = g.village_id
        WHERE {area} ORDER BY g.id"""
    booked = _account_sums(scope)
    for some in batches(rows(groups, scope.values), GROUPS_AT_ONCE):
        shown = balances_of_groups([key for key, _, _ in some], scope.as_of)
        for key, group, code in some:
            yield from _account_findings(group, code, booked.get(key, {}), shown[key])


def _account_sums(scope: Scope) -> dict[int, dict[str, int]]:
    """Debit less credit by group and account."""
    sides = " UNION ALL ".join(
        f'SELECT e.group_id, e.{side} AS account, {sign}SUM(e.amount) AS amount FROM loans_entry e'
        f' WHERE {scope.of("e")} AND e."on" <= %(day)s GROUP BY e.group_id, e.{side}'
        for side, sign in (("debit", ""), ("credit", "-"))
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for group, account, amount in rows(sides, scope.values):
        sums = found.setdefault(group, {})
        sums[account] = sums.get(account, 0) + int(amount)
    return found


def _account_findings(name: str, area: str, found: dict[str, int], shown: dict[str, int]) -> Iterator[Finding]:
    for code, account in CHART.items():
        booked = found.get(code, 0) * (1 if account.side.grows_by_debit else -1)
        what = f"akun {code} {account.name}"
        if booked != shown[code]:
            words = f"di aplikasi {format_rupiah(shown[code])}, di buku besar {format_rupiah(booked)}"
            yield "saldo akun", where(name, area, what, words)
        if booked < 0 and code in (CASH, BANK, DEBT, SURPLUS_TO_SHARE, *SAVINGS.values()):
            yield "di bawah nol", where(name, area, what, f"saldo {format_rupiah(booked)}")
