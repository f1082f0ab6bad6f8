"""Pages of loans: the list, the card, and what a member's and a group's page tell of them."""

from datetime import date

from django.urls import reverse
from django.utils.functional import cached_property

from accounts.pages import RecordView
from loans import builders, services
from loans.aging import days_late
from loans.filters import LoanFilter
from loans.messages import card_message, wa_share_url
from loans.models import Loan
from loans.standing import BADGES
from loans.tables import BorrowerPickTable, LoanTable, MemberMoneyTable
from loans.views.life_section import life_links
from loans.views.proposal_section import amounts_of, is_agreed, proposal_links, waiting_url, waits_for_verification
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView
from villages.filters import MemberFilter
from villages.models import Group, Member
from villages.views import MemberListing

PLACES = ("village__district__regency", "group", "member", "poklak", "product")


class LoanListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Loan
    table_class = LoanTable
    filter_class = LoanFilter
    title = "Pinjaman"
    empty_title = "Belum ada pinjaman."
    empty_text = "Ajukan pinjaman pertama dari halaman anggota."

    def rows(self):
        return self.visible().select_related("village__district", "member", "poklak").with_standing(today())

    def add_link(self):
        return Link("Ajukan pinjaman", reverse("loan-new")) if self.access.may(Action.RECORD_MONEY) else None


class MemberMoneyListing(MemberListing):
    """The list of members with what each still owes: this app lends its column to the page."""

    table_class = MemberMoneyTable

    def rows(self):
        return self.visible(Loan).owed_by_members(super().rows(), today())


class BorrowerPick(ListingView):
    """Whom the loan is for: the first step of a proposal."""

    action = Action.RECORD_MONEY
    model = Member
    table_class = BorrowerPickTable
    filter_class = MemberFilter
    title = "Ajukan pinjaman: pilih anggota"
    empty_title = "Belum ada anggota aktif."
    empty_text = "Tambahkan anggota dulu, lalu ajukan pinjamannya."

    def rows(self):
        return self.open().active_on(today()).select_related("village__district", "group", "poklak")


class LoanView(RecordView):
    """Kartu pinjaman: schedule, what is paid, what is late, and who may do what next."""

    action = Action.SEE_PEOPLE
    model = Loan
    template_name = "loans/loan.html"

    def rows(self):
        people = ("proposed_by", "verified_by", "decided_by", "disbursed_by")
        return self.visible().select_related(*PLACES, *people).with_standing(today())

    def context(self):
        loan = self.object
        rows = card_rows(loan)
        may_record = loan.is_disbursed and self.access.may_in(Action.RECORD_MONEY, loan.village)
        return super().context() | {
            "badge": BADGES[loan.standing],
            "amounts": amounts_of(loan),
            "waits_for_verification": waits_for_verification(loan, self.money_rules),
            "days_late": days_late(loan.oldest_unpaid_on, today()),
            "rows": rows,
            "receipts": receipts_of(loan),
            "totals": card_totals(rows),
            "limit": loan.village.district.regency.operator_limit,
            "share_url": wa_share_url(card_message(loan, unpaid(loan, rows), today())) if may_record else "",
            "may_pay": may_record,
        }

    @cached_property
    def money_rules(self):
        return services.rules_of(self.object.group)

    def actions(self):
        loan, village = self.object, self.object.village
        links = [
            *proposal_links(loan, self.money_rules, self.request.user),
            (Action.SEE_PEOPLE, loan.is_disbursed, "Cetak kartu", "loan-card"),
            (Action.RECORD_MONEY, is_agreed(loan, self.money_rules), "Cetak surat perjanjian", "loan-agreement"),
            *life_links(loan),
        ]
        return [
            Link(label, reverse(name, args=[loan.pk]))
            for action, fits, label, name in links
            if fits and self.access.may_in(action, village)
        ]


def card_rows(loan: Loan) -> list[dict]:
    """The schedule with what each row still owes; before disbursement, the plan as if paid out today."""
    if not loan.is_disbursed:
        return [{"row": row, "state": ""} for row in builders.plan_loan(loan, today(), services.rules_of(loan.group))]
    return [{"row": row, "state": row_state(loan, row)} for row in loan.instalments.in_force()]


def row_state(loan: Loan, row) -> str:
    """ "paid", "part", "late" or ""; `loan` carries what is paid."""
    if not row.total:  # nothing to pay: a grace row of a loan without jasa is neither paid nor late
        return ""
    principal_left = row.principal_to_date - loan.principal_paid
    service_fee_left = row.service_fee_to_date - loan.service_fee_paid
    if principal_left <= 0 and service_fee_left <= 0:
        return "paid"
    if row.due_on < today() and not loan.written_off_on:
        return "late"
    return "part" if principal_left < row.principal or service_fee_left < row.service_fee else ""


def unpaid(loan: Loan, rows: list[dict]) -> list[tuple[date, int]]:
    """(Day due, rupiah still owed) of the rows of `card_rows` that are not paid; `loan` carries what is paid."""
    owed = [
        (
            one["row"].due_on,
            min(max(one["row"].principal_to_date - loan.principal_paid, 0), one["row"].principal)
            + min(max(one["row"].service_fee_to_date - loan.service_fee_paid, 0), one["row"].service_fee),
        )
        for one in rows
    ]
    return [(day, left) for day, left in owed if left]


def card_totals(card: list[dict]) -> dict:
    rows = [one["row"] for one in card]
    return {
        "principal": sum(row.principal for row in rows),
        "service_fee": sum(row.service_fee for row in rows),
        "total": sum(row.total for row in rows),
    }


def receipts_of(loan: Loan):
    """The receipts that paid this loan, oldest first, with their parts as columns."""
    rows = loan.group.receipts.filter(parts__loan=loan).distinct().with_parts()
    return rows.select_related("reverses", "reversal", "recorded_by").order_by("received_on", "pk")


def member_loans(page, member: Member):
    """The section "Pinjaman" of a member's page."""
    rows = member.loans.visible_to(page.access).with_standing(today())
    may_propose = page.access.may_in(Action.RECORD_MONEY, member.village) and not member.left_on
    propose_url = reverse("loan-propose", args=[member.pk]) if may_propose else ""
    return "loans/member_loans.html", {"loans": rows, "badges": BADGES, "propose_url": propose_url}


def group_money(page, group: Group):
    """The section of a group's page that tells what is lent, owed and late."""
    if not page.access.may(Action.SEE_PEOPLE):
        return "loans/group_money.html", {}
    sums = page.visible(Loan).filter(group=group).sums(today())
    loans_url = f"{reverse('loan-list')}?group={group.pk}"
    return "loans/group_money.html", {
        "sums": sums,
        "running_words": f"{sums['running_count']} pinjaman berjalan",
        "late_words": f"{sums['late_count']} pinjaman menunggak",
        "loans_url": loans_url,
        "late_url": f"{loans_url}&is_late=yes",
        "waiting_url": waiting_url(page, group),
        "quality_url": f"{reverse('quality')}?group={group.pk}",
    }
