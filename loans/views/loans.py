"""Pages of loans: the list, the card, the proposal and its decisions, the money paid out."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import builders, services
from loans.aging import days_late
from loans.filters import LoanFilter
from loans.forms import ApproveForm, DisburseForm, ProposalForm, ReasonForm
from loans.models import Loan
from loans.standing import BADGES
from loans.tables import BorrowerPickTable, LoanTable, MemberMoneyTable
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, Link, ListingView, VerbView
from villages.filters import MemberFilter
from villages.models import Group, Member, Poklak
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
        people = ("proposed_by", "decided_by", "disbursed_by")
        return self.visible().select_related(*PLACES, *people).with_standing(today())

    def context(self):
        loan = self.object
        return super().context() | {
            "badge": BADGES[loan.standing],
            "days_late": days_late(loan.oldest_unpaid_on, today()),
            "rows": card_rows(loan),
            "receipts": receipts_of(loan),
            "totals": card_totals(loan),
            "limit": loan.village.district.regency.operator_limit,
            "may_pay": loan.is_disbursed and self.access.may_in(Action.RECORD_MONEY, loan.village),
        }

    def actions(self):
        loan, village = self.object, self.object.village
        links = [
            (Action.RECORD_MONEY, may_disburse(loan), "Cairkan", "loan-disburse"),
            (Action.APPROVE_LOANS, loan.status == "proposed", "Setujui", "loan-approve"),
            (Action.APPROVE_LOANS, loan.status == "proposed", "Tolak", "loan-reject"),
            (Action.RECORD_MONEY, loan.status in ("proposed", "approved"), "Batalkan pengajuan", "loan-withdraw"),
            (Action.SEE_PEOPLE, loan.is_disbursed, "Cetak kartu", "loan-card"),
        ]
        return [
            Link(label, reverse(name, args=[loan.pk]))
            for action, fits, label, name in links
            if fits and self.access.may_in(action, village)
        ]


class LoanCard(RecordView):
    """Kartu angsuran on paper."""

    action = Action.SEE_PEOPLE
    model = Loan
    template_name = "loans/card.html"

    def rows(self):
        return self.visible().disbursed(today()).select_related(*PLACES).with_standing(today())

    def context(self):
        loan = self.object
        return {
            "rows": card_rows(loan),
            "receipts": receipts_of(loan),
            "totals": card_totals(loan),
            "treasurer": loan.group.officer_on("bendahara", today()),
            "back_url": loan.get_absolute_url(),
            "printed_at": timezone.now(),
        }


class LoanPropose(FormPage):
    """Enters a proposal for a member or a poklak of a group."""

    action = Action.RECORD_MONEY
    borrower_model: type[Member] | type[Poklak] = Member
    form_class = ProposalForm
    submit_label = "Ajukan pinjaman"
    done_message = "{} diajukan."

    def load(self, pk):
        borrowers = self.open(self.borrower_model).select_related("group", "village__district")
        self.borrower = get_object_or_404(borrowers, pk=pk)

    def make_form(self, **kwargs):
        return ProposalForm(access=self.access, group=self.borrower.group, initial={"proposed_on": today()}, **kwargs)

    def do(self, form):
        return services.propose_loan(borrower=self.borrower, by=self.request.user, **form.cleaned_data)

    @property
    def title(self):
        return f"Pinjaman untuk {self.borrower}"

    @property
    def intro(self):
        return f"{self.borrower.group}, {self.borrower.village.label}"

    def back_url(self):
        return self.borrower.get_absolute_url()

    def show(self, form):
        if not form.fields["product"].queryset.exists():
            return render(self.request, "loans/no_product.html", {"group": self.borrower.group, **self.context()})
        return super().show(form)


class LoanVerb(VerbView):
    """A decision on one loan."""

    model = Loan

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def title(self):
        return f"{self.submit_label} {self.object.number}"

    @property
    def intro(self):
        loan = self.object
        return f"{loan.borrower}, {loan.group} ({loan.village.label})"

    def do(self, form):
        return type(self).verb(loan=self.object, by=self.request.user, **form.cleaned_data)


class LoanDisburse(LoanVerb):
    action = Action.RECORD_MONEY
    form_class = DisburseForm
    submit_label = "Cairkan pinjaman"
    done_message = "{} dicairkan. Jadwal angsurannya sudah dibuat."
    verb = staticmethod(services.disburse_loan)

    def initial(self):
        return {"disbursed_on": today()}


class LoanApprove(LoanVerb):
    action = Action.APPROVE_LOANS
    form_class = ApproveForm
    submit_label = "Setujui pinjaman"
    done_message = "{} disetujui. Operator desa dapat mencairkannya."
    verb = staticmethod(services.approve_loan)


class LoanReject(LoanVerb):
    action = Action.APPROVE_LOANS
    form_class = ReasonForm
    submit_label = "Tolak pinjaman"
    done_message = "{} ditolak."
    danger = True
    verb = staticmethod(services.reject_loan)


class LoanWithdraw(LoanVerb):
    action = Action.RECORD_MONEY
    form_class = ReasonForm
    submit_label = "Batalkan pinjaman"
    done_message = "{} dibatalkan."
    danger = True
    verb = staticmethod(services.withdraw_loan)


def may_disburse(loan: Loan) -> bool:
    within = loan.principal <= loan.village.district.regency.operator_limit
    return loan.status == "approved" or (loan.status == "proposed" and within)


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
    if row.due_on < today():
        return "late"
    return "part" if principal_left < row.principal or service_fee_left < row.service_fee else ""


def card_totals(loan: Loan) -> dict:
    rows = [one["row"] for one in card_rows(loan)]
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
    }
