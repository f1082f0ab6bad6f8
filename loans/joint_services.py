"""Tanggung renteng: what is late in a poklak, whose it is, and what each of the others would bear. Whole rupiah."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from loans.models import Loan, SharePayment
from loans.share_services import share_state
from loans.surplus import distribute
from villages.models import Member, Poklak


@dataclass(frozen=True)
class JointLine:
    """A member's late rupiah, of her own loans and of her part of the poklak's; what the others paid for her and she
    for them so far; and what she would bear if the others paid today what is late.
    """

    member: Member
    own_late: int
    shared_late: int
    was_covered: int
    covers: int
    would_bear: int

    @property
    def late(self) -> int:
        return self.own_late + self.shared_late


@dataclass(frozen=True)
class JointState:
    lines: list[JointLine]
    loans: list[Loan]  # the late ones
    unshared: int  # late on the poklak's loans of which no member has a part left

    @property
    def late(self) -> int:
        return sum(line.late for line in self.lines) + self.unshared


def joint_state(poklak: Poklak, as_of: date) -> JointState:
    """Who is late in a poklak at the end of the day, and who would cover it: the members who are not late, in equal
    parts, by largest remainder.

    Four queries, and four more for each late loan of the poklak itself.
    """
    members = list(poklak.members.active_on(as_of).order_by("name", "pk"))
    theirs = Q(poklak=poklak) | Q(member__in=members)
    loans = list(
        Loan.objects.filter(theirs).disbursed(as_of).with_standing(as_of).filter(late__gt=0).select_related("member")
    )
    own: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    unshared = 0
    for loan in loans:
        if loan.member_id:
            own[loan.member_id] += loan.late
            continue
        parts = _parts_of_late(loan, as_of)
        shared.update(parts)
        unshared += loan.late - sum(parts.values())
    covered, covers = _covers(members, as_of)
    total = sum(own.values()) + sum(shared.values()) + unshared
    bearers = {member.pk: 1 for member in members if not own[member.pk] + shared[member.pk]}
    bears = distribute(total, bearers)
    lines = [
        JointLine(
            member=member,
            own_late=own[member.pk],
            shared_late=shared[member.pk],
            was_covered=covered[member.pk],
            covers=covers[member.pk],
            would_bear=bears.get(member.pk, 0),
        )
        for member in members
    ]
    return JointState(lines, loans, unshared)


def _parts_of_late(loan: Any, as_of: date) -> dict[int, int]:
    """What is late on a poklak's loan by member, in proportion to what each still has to pay of her part."""
    left = {line.member.pk: max(line.left, 0) for line in share_state(loan, as_of).lines}
    return {key: amount for key, amount in distribute(loan.late, left).items() if amount}


def _covers(members: list[Member], as_of: date) -> tuple[Counter[int], Counter[int]]:
    """Rupiah paid for each member by another, and by each for others, in receipts not taken back by then."""
    rows = SharePayment.objects.filter(receipt__received_on__lte=as_of).exclude(
        receipt__reversal__received_on__lte=as_of
    )
    rows = rows.filter(Q(member__in=members) | Q(payer__in=members)).order_by()
    covered: Counter[int] = Counter()
    covers: Counter[int] = Counter()
    for member, payer, amount in rows.values_list("member", "payer").annotate(sum=Sum("amount")):
        if member != payer:
            covered[member] += amount
            covers[payer] += amount
    return covered, covers
