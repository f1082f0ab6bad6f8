"""Pure builders of cash counts and closed months: facts in, unsaved rows out. Services and seeds use the same."""

from collections.abc import Mapping
from datetime import date
from uuid import uuid5

from accounts.models import User
from loans.chart import CASH, CASH_DIFFERENCE, OTHER_INCOME
from loans.models import CashCount, MonthClosing, Voucher
from loans.models.months import DENOMINATIONS
from villages.models import Group


def pieces_of(amount: int) -> dict[str, int]:
    """The fewest notes and coins that make so many rupiah; less than the smallest coin stays out."""
    pieces = {}
    for one in DENOMINATIONS:
        pieces[str(one)], amount = divmod(amount, one)
    return pieces


def value_of(pieces: Mapping[str, int]) -> int:
    """Rupiah of so many notes and coins of each denomination."""
    return sum(int(name) * count for name, count in pieces.items())


def build_cash_count(
    *, group: Group, counted_on: date, pieces: Mapping[str, int], booked: int, by: User | None, **fields
) -> CashCount:
    """The money counted beside `booked`, the cash of the book at the end of that day in rupiah.

    A count of the field's cash (`till`) is handed in to the box: its difference is the box's too.
    """
    return CashCount(
        village_id=group.village_id,
        group=group,
        counted_on=counted_on,
        pieces={str(one): 0 for one in DENOMINATIONS} | dict(pieces),
        counted=value_of(pieces),
        booked=booked,
        counted_by=by,
        **fields,
    )


def difference_facts(count: CashCount) -> dict:
    """What the voucher of a difference says: missing money is an expense, money beyond the book other income.

    The key follows from the count's: one count, one voucher.
    """
    is_missing = count.difference < 0
    return {
        "group": count.group,
        "kind": Voucher.Kind.CASH_DIFFERENCE,
        "on": count.counted_on,
        "amount": abs(count.difference),
        "debit": CASH_DIFFERENCE if is_missing else CASH,
        "credit": CASH if is_missing else OTHER_INCOME,
        "description": f"Selisih hitungan kas, uang {'kurang' if is_missing else 'lebih'}",
        "uuid": uuid5(count.uuid, "selisih"),
    }


def build_closing(
    *, group: Group, period: int, cash_count: CashCount | None, by: User | None, **fields
) -> MonthClosing:
    """A closed month (202609) with the count that its cash agrees with."""
    return MonthClosing(
        village_id=group.village_id, group=group, period=period, cash_count=cash_count, closed_by=by, **fields
    )
