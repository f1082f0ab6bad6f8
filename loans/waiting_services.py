"""A group's waiting list, read as of a day in a fixed number of queries; who comes first is said in `waiting`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery, Sum

from loans.chart import BANK, CASH
from loans.ledger_services import balances
from loans.models import Instalment, Loan, ReceiptPart
from loans.waiting import Due, Fit, Money, Proposal, fair_order, fits, months_ends, still_due
from villages.models import Group

Status = Loan.Status
UNDECIDED = (Status.PROPOSED, Status.VERIFIED)
ENDED = ("paid_off", "written_off")


@dataclass(frozen=True)
class Place:
    """A proposal at its place in the list."""

    loan: Loan
    proposal: Proposal
    fit: Fit


@dataclass(frozen=True)
class WaitingList:
    """`approved`: decided, their money is kept for them; `places`: who waits for a decision, in fair order."""

    money: Money
    approved: list[Loan]
    places: list[Place]


def waiting_list(group: Group, as_of: date) -> WaitingList:
    """Who waits for a loan of the group and what can be lent, on the day; seven queries."""
    waiting = list(
        group.loans.filter(status__in=(*UNDECIDED, Status.APPROVED), proposed_on__lte=as_of)
        .select_related("member", "poklak", "product")
        .order_by("proposed_on", "pk")
    )
    approved = [loan for loan in waiting if loan.status == Status.APPROVED]
    undecided = {loan.pk: loan for loan in waiting if loan.status != Status.APPROVED}
    ended, running = _past(group, as_of)
    order = fair_order(_proposal(loan, ended, running, group) for loan in undecided.values())
    money = money_of(group, as_of, promised=sum(loan.principal for loan in approved))
    told = zip(order, fits((one.amount for one in order), money), strict=True)
    return WaitingList(money, approved, [Place(undecided[one.key], one, fit) for one, fit in told])


def _proposal(loan: Loan, ended: dict, running: set, group: Group) -> Proposal:
    borrower = _borrower_key(loan)
    formed_on = loan.poklak.formed_on if loan.poklak else None
    began = loan.member.joined_on if loan.member else formed_on or group.founded_on or loan.proposed_on
    return Proposal(
        key=loan.pk,
        number=loan.number,
        amount=loan.principal,
        proposed_on=loan.proposed_on,
        has_running=borrower in running,
        waits_since=ended.get(borrower, began),
    )


def _borrower_key(loan: Loan) -> tuple[int | None, int | None]:
    return loan.member_id, loan.poklak_id


def _past(group: Group, as_of: date) -> tuple[dict, set]:
    """The day on which each borrower's latest loan ended, and who has one running."""
    paid = ReceiptPart.objects.filter(loan=OuterRef("pk"), received_on__lte=as_of, amount__gt=0)
    loans = Loan.objects.filter(group=group).disbursed(as_of).with_standing(as_of)
    loans = loans.annotate(last_on=Subquery(paid.order_by("-received_on").values("received_on")[:1]))
    ended: dict[tuple[int | None, int | None], date] = {}
    running = set()
    for loan in loans:
        borrower = _borrower_key(loan)
        if loan.standing not in ENDED:
            running.add(borrower)
            continue
        day = loan.written_off_on or loan.last_on or loan.disbursed_on
        ended[borrower] = max(day, ended.get(borrower, day))
    return ended, running


def money_of(group: Group, as_of: date, *, promised: int) -> Money:
    """What the group can lend, `promised` rupiah of it approved already. What is late on the day is told apart and not
    counted on, nor are savings that members may bring."""
    tills = balances(group, as_of, codes=(CASH, BANK))
    this_month, next_month = months_ends(as_of)
    dues = list(dues_between(group, as_of, next_month))
    loans = Loan.objects.filter(group=group).disbursed(as_of)
    late = loans.with_arrears(as_of).aggregate(sum=Sum("late"))["sum"]
    return Money(
        cash=tills[CASH],
        bank=tills[BANK],
        due_this_month=sum(due.total for due in dues if due.on <= this_month),
        due_next_month=sum(due.total for due in dues if due.on > this_month),
        late=late or 0,
        promised=promised,
    )


def dues_between(group: Group, as_of: date, until: date) -> Iterable[Due]:
    """What falls due of running loans from the day until another, as far as it is not paid ahead; two queries."""
    running = Loan.objects.filter(group=group).disbursed(as_of).exclude(written_off_on__lte=as_of)
    loans = {loan.pk: loan for loan in running.with_paid(as_of)}
    rows = Instalment.objects.in_force(as_of).filter(loan__group=group, due_on__gte=as_of, due_on__lte=until)
    for row in rows.order_by("due_on", "pk"):
        if loan := loans.get(row.loan_id):
            yield Due(
                row.due_on,
                still_due(row.principal_to_date, row.principal, loan.principal_paid),
                still_due(row.service_fee_to_date, row.service_fee, loan.service_fee_paid),
            )
