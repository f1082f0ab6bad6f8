"""How a total is shared between a loan and what its borrower saves. Pure: whole rupiah in, whole rupiah out.

What goes to the loan is then split by the loan's own order, row by row (`loans.events`). The systems that UP2K could
learn from know loans but not savings groups; that one receipt also carries wajib and iuran, in an order that the group
sets, is the group's own rule (decision of its members, `MoneyRules.total_covers` and the product's `ahead`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shares:
    """Rupiah for the loan, and by kind of saving; none of these 0."""

    loan: int
    savings: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.loan + sum(self.savings.values())


def share_total(
    total: int, *, loan_due: int, savings_due: Mapping[str, int] | None = None, ahead_to: str | None = None
) -> Shares:
    """Shares a total of rupiah: first `loan_due`, what is late and due on the loan by the day with its penalties; then
    `savings_due` by kind, in the order given; then the money that came ahead of its day.

    That goes to the kind of saving `ahead_to`, or where there is none to the loan: its next rows, and beyond the whole
    debt its credit. Raises ValueError for a total below one rupiah and for dues below zero.
    """
    savings_due = dict(savings_due or {})
    if total < 1:
        raise ValueError("Jumlah harus lebih dari nol, misalnya 50.000.")
    if min(loan_due, *savings_due.values(), 0) < 0:
        raise ValueError("Tagihan tidak mungkin di bawah nol; isi Rp0 bila tidak ada.")
    loan = min(total, loan_due)
    rest = total - loan
    savings: dict[str, int] = {}
    for kind, due in savings_due.items():
        savings[kind] = min(rest, due)
        rest -= savings[kind]
    if ahead_to is None:
        loan += rest
    else:
        savings[ahead_to] = savings.get(ahead_to, 0) + rest
    return Shares(loan, {kind: amount for kind, amount in savings.items() if amount})
