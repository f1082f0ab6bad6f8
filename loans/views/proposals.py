"""Pages of a loan's way to its money: the proposal, its verification and decision, the money paid out."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render

from loans import proposal_services
from loans.models import Loan
from loans.proposal_forms import AmountForm, DisburseForm, ProposalForm, ReasonForm
from loans.views.loans import PLACES
from loans.views.proposal_section import amounts_of
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, VerbView, add_errors
from villages.models import Member, Poklak


class LoanPropose(FormPage):
    """Enters a proposal for a member or a poklak of a group; what the group's rules warn of is seen before it is."""

    action = Action.RECORD_MONEY
    borrower_model: type[Member] | type[Poklak] = Member
    form_class = ProposalForm
    template_name = "loans/proposal.html"
    submit_label = "Ajukan pinjaman"
    done_message = "{} diajukan."

    def load(self, pk):
        borrowers = self.open(self.borrower_model).select_related("group", "village__district")
        self.borrower = get_object_or_404(borrowers, pk=pk)
        is_poklak = isinstance(self.borrower, Poklak)
        self.sharers = list(self.borrower.members.active_on(today()).order_by("name", "pk")) if is_poklak else []

    def make_form(self, **kwargs):
        known = {"group": self.borrower.group, "sharers": self.sharers, "initial": {"proposed_on": today()}}
        return ProposalForm(access=self.access, **known, **kwargs)

    def post(self, request, **kwargs):
        """Nothing to warn of: it is saved at once."""
        if "save" in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        if "edit" in request.POST or not form.is_valid():
            return self.show(form)
        try:
            warnings = proposal_services.preview_proposal(borrower=self.borrower, by=request.user, **form.facts())
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        return self.check(form, warnings) if warnings else super().post(request, **kwargs)

    def check(self, form, warnings):
        facts = form.facts()
        told = {"title": "Tetap ajukan?", "form": form, "facts": facts, "warnings": warnings, "borrower": self.borrower}
        return render(self.request, "loans/proposal_check.html", {**self.context(), **told})

    def do(self, form):
        return proposal_services.propose_loan(borrower=self.borrower, by=self.request.user, **form.facts())

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


class ProposalVerb(LoanVerb):
    """A step of a proposal, taken in sight of what was asked for and of what speaks against it."""

    template_name = "loans/proposal_verb.html"

    def context(self):
        loan = self.object
        return super().context() | {"loan": loan, "amounts": amounts_of(loan)}


class AmountVerb(ProposalVerb):
    """A step that sets the amount, and a poklak's parts."""

    form_class = AmountForm
    amount_label = ""

    def make_form(self, **kwargs):
        loan = self.object
        rows = loan.shares.select_related("member") if loan.poklak_id else ()
        sharers = {row.member: row.amount for row in rows}
        return super().make_form(loan=loan, sharers=sharers, amount_label=self.amount_label, **kwargs)

    def do(self, form):
        return type(self).verb(loan=self.object, by=self.request.user, **form.facts())


class LoanVerify(AmountVerb):
    action = Action.VERIFY_LOANS
    amount_label = "Jumlah menurut verifikasi"
    submit_label = "Verifikasi pinjaman"
    done_message = "{} diverifikasi."
    verb = staticmethod(proposal_services.verify_loan)


class LoanApprove(AmountVerb):
    action = Action.APPROVE_LOANS
    amount_label = "Jumlah disetujui"
    submit_label = "Setujui pinjaman"
    done_message = "{} disetujui. Operator desa dapat mencairkannya."
    verb = staticmethod(proposal_services.approve_loan)


class LoanDisburse(ProposalVerb):
    action = Action.RECORD_MONEY
    form_class = DisburseForm
    submit_label = "Cairkan pinjaman"
    done_message = "{} dicairkan. Jadwal angsurannya sudah dibuat."
    verb = staticmethod(proposal_services.disburse_loan)

    def initial(self):
        return {"disbursed_on": today()}


class LoanReject(ProposalVerb):
    action = Action.APPROVE_LOANS
    form_class = ReasonForm
    submit_label = "Tolak pinjaman"
    done_message = "{} ditolak."
    danger = True
    verb = staticmethod(proposal_services.reject_loan)


class LoanWithdraw(ProposalVerb):
    action = Action.RECORD_MONEY
    form_class = ReasonForm
    submit_label = "Batalkan pinjaman"
    done_message = "{} dibatalkan."
    danger = True
    verb = staticmethod(proposal_services.withdraw_loan)
