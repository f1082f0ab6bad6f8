"""The books recomputed in plain SQL: every entry beside its source, every balance beside what the application shows.

Few statements over whole tables, the same on SQLite and PostgreSQL; what differs alone comes into memory. Each check
yields (its name, one Indonesian sentence a difference). Rupiah are whole; `as_of` is the day of the balances.
"""

from collections.abc import Iterator

from loans.audit.entries import entries_of_receipts, entries_of_vouchers
from loans.audit.entrusted import entrusted_sheets
from loans.audit.field import envelopes, field_cash
from loans.audit.frame import Finding, Scope, rows
from loans.audit.papers import numbers, receipts, vouchers
from loans.audit.records import cash_counts, old_schedules, settlements, share_payments
from loans.audit.replay import replay
from loans.audit.standing import accounts, loans, savings

__all__ = ["CHECKS", "Finding", "Scope", "audit", "replay", "size"]
CHECKS = [
    entries_of_receipts, entries_of_vouchers, receipts, vouchers, numbers, loans, savings, accounts, old_schedules,
    share_payments, cash_counts, settlements, envelopes, field_cash, entrusted_sheets,
]  # fmt: skip


def audit(scope: Scope) -> Iterator[Finding]:
    """Every difference, check by check."""
    for check in CHECKS:
        yield from check(scope)


def size(scope: Scope) -> tuple[int, int]:
    """How many entries and groups were looked at."""
    in_area = f" WHERE {scope.of('e')}" if scope.area else ""
    with_books = f"{scope.of('g', 'id')} AND EXISTS (SELECT 1 FROM loans_entry e WHERE e.group_id = g.id)"
    statement = f"""
        SELECT (SELECT COUNT(*) FROM loans_entry e{in_area}),
            (SELECT COUNT(*) FROM villages_group g WHERE {with_books})"""
    return next(rows(statement, scope.values))
