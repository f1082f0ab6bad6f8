"""The facts by which a new loan is judged, read as of a day in a fixed number of queries."""

from dataclasses import fields
from datetime import date

from django.db.models import Count, Sum

from loans.builders import payer_fields
from loans.chart import DEBT, GOODS, GRANTS, INITIAL, MANDATORY, RESERVE, STOCK
from loans.eligibility import Facts, Finding, Rules, findings
from loans.ledger_services import balances
from loans.models import Loan, MoneyRules
from villages.models import Group, Member, Poklak

CAPITAL = (DEBT, INITIAL, MANDATORY, GRANTS, RESERVE)
IN_GOODS = (STOCK, GOODS)


def judge(
    *, group: Group, borrower: Member | Poklak, principal: int, on: date, rules: MoneyRules | None
) -> tuple[Finding, ...]:
    """What speaks against a loan of `principal` rupiah on the day, by the group's rules or, without any, by the usual
    ones. Five queries at most."""
    return findings(facts_of(group, borrower, principal, on), rules_in_force(rules))


def rules_in_force(rules: MoneyRules | None) -> Rules:
    """The group's rules about new loans; what is usual where it has not said."""
    told = rules or MoneyRules()
    return Rules(**{field.name: getattr(told, field.name) for field in fields(Rules)})


def facts_of(group: Group, borrower: Member | Poklak, principal: int, on: date) -> Facts:
    borrowed = Loan.objects.filter(**payer_fields(borrower)).disbursed(on).with_standing(on)
    own = list(borrowed.exclude(standing__in=("paid_off", "written_off")))
    late_members, poklak_late, poklak_loan_late = _late_around(borrower, on)
    return Facts(
        borrower=str(borrower),
        principal=principal,
        capital=capital_on(group, on),
        has_decree=bool(group.decree_number) and (group.decree_on is None or group.decree_on <= on),
        late=sum(loan.late for loan in own),
        late_members=late_members,
        poklak_late=poklak_late,
        poklak_loan_late=poklak_loan_late,
        running=len(own),
    )


def capital_on(group: Group, on: date) -> int:
    """Rupiah that the group works with at the end of the day: borrowed and revolving funds, simpanan pokok and wajib,
    grants and reserves, less what lies in stock and goods, which cannot be lent. Never below 0.

    Not in it: simpanan sukarela, which members may take back any day, and the running year's result, on which the
    members have not decided yet.
    """
    found = balances(group, on, codes=CAPITAL + IN_GOODS)
    return max(sum(found[code] for code in CAPITAL) - sum(found[code] for code in IN_GOODS), 0)


def _late_around(borrower: Member | Poklak, on: date) -> tuple[int, int, int]:
    """How many others of the poklak are late, with how much, and what the poklak's own loans are late with."""
    poklak_id = borrower.pk if isinstance(borrower, Poklak) else borrower.poklak_id
    if poklak_id is None:
        return 0, 0, 0
    others = Loan.objects.filter(member__in=Member.objects.active_on(on).filter(poklak_id=poklak_id))
    if isinstance(borrower, Member):
        others = others.exclude(member=borrower)
    late = others.disbursed(on).with_arrears(on).filter(late__gt=0)
    sums = late.aggregate(count=Count("member", distinct=True), rupiah=Sum("late"))
    if isinstance(borrower, Poklak):
        return sums["count"], sums["rupiah"] or 0, 0
    shared = Loan.objects.filter(poklak_id=poklak_id).disbursed(on).with_arrears(on).aggregate(rupiah=Sum("late"))
    return sums["count"], sums["rupiah"] or 0, shared["rupiah"] or 0
