"""What a loan's page tells and offers of its way to its money, and what the members of a poklak share."""

from django.urls import reverse

from accounts.models import User
from loans.models import Loan, MoneyRules
from loans.proposal_services import why_not_decided, why_not_disbursed
from loans.share_services import share_state
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from villages.models import Group

Offer = tuple[Action, bool, str, str]


def proposal_links(loan: Loan, rules: MoneyRules | None, user: User) -> list[Offer]:
    """What may come next: (action, whether it fits the loan and the user now, words, URL name)."""
    is_other = loan.proposed_by_id != user.pk
    may_decide = is_other and not why_not_decided(loan, rules)
    may_withdraw = loan.status in ("proposed", "verified", "approved")
    return [
        (Action.RECORD_MONEY, not why_not_disbursed(loan, rules), "Cairkan", "loan-disburse"),
        (Action.VERIFY_LOANS, is_other and loan.status == "proposed", "Verifikasi", "loan-verify"),
        (Action.APPROVE_LOANS, may_decide, "Setujui", "loan-approve"),
        (Action.APPROVE_LOANS, may_decide, "Tolak", "loan-reject"),
        (Action.RECORD_MONEY, may_withdraw, "Batalkan pengajuan", "loan-withdraw"),
    ]


def is_agreed(loan: Loan, rules: MoneyRules | None) -> bool:
    """Whether the money was paid out or may be: from then on there is something to sign."""
    return loan.is_disbursed or not why_not_disbursed(loan, rules)


def waits_for_verification(loan: Loan, rules: MoneyRules | None) -> bool:
    return bool(rules and rules.needs_verification and loan.status == "proposed")


def amounts_of(loan: Loan) -> list[tuple[str, int]]:
    """("Diajukan", 1500000) for each step that set an amount; empty while they are all one."""
    steps = [
        ("Diajukan", loan.proposed_amount),
        ("Diverifikasi", loan.verified_amount),
        ("Disetujui", loan.approved_amount),
    ]
    known = [(words, amount) for words, amount in steps if amount is not None]
    return known if len(known) > 1 else []


def loan_shares(page, loan: Loan):
    """The section "Bagian anggota" of a poklak's loan: what each was given, paid, and who covered for whom."""
    if not loan.poklak_id:
        return "loans/shares.html", {}
    shares = list(loan.shares.select_related("member"))
    return "loans/shares.html", {
        "shares": shares,
        "has_steps": bool(amounts_of(loan)),
        "state": share_state(loan, today()) if loan.is_disbursed and shares else None,
        "loan": loan,
    }


def waiting_url(page, group: Group) -> str:
    return reverse("waiting-list", args=[group.pk]) if page.access.may(Action.SEE_PEOPLE) else ""
