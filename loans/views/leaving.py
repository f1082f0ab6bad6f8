"""Pages of leaving: with money settled in one act, without, and the paper of it."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import leaving_services, savings
from loans.leaving_forms import SettleForm
from loans.models import Settlement
from loans.people import debt_of
from loans.views.savings import PLACES, worded
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import VerbView, add_errors
from villages.models import Member, Office
from villages.models.placements import village_on
from villages.views import MemberLeave


class MemberLeaveAlone(MemberLeave):
    """Leaving without touching her money; where there is some, the page shows the way to settle it."""

    template_name = "loans/leaving.html"

    def do(self, form):
        return leaving_services.leave(member=self.object, by=self.request.user, **form.cleaned_data)

    def context(self):
        member = self.object
        has_money = any(warn(member) for warn in self.warnings) or leaving_services.has_credit(member, today())
        return super().context() | {"settle_url": settle_url(self, member) if has_money else ""}


class MemberSettle(VerbView):
    """When and why, then a look at all the figures, then the act."""

    action = Action.RECORD_MONEY
    model = Member
    form_class = SettleForm
    template_name = "loans/leaving_settle.html"
    submit_label = "Lanjut: periksa"

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def title(self):
        return f"{self.object} keluar dan selesaikan uangnya"

    @property
    def intro(self):
        return f"{self.object.group}, {self.object.village.label}"

    def initial(self):
        return {"left_on": today()}

    def post(self, request, **kwargs):
        if "save" in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        form = self.make_form(data=request.POST)
        return self.check(form) if form.is_valid() and "edit" not in request.POST else self.show(form)

    def check(self, form):
        """The second step: what her savings pay and what she gets, before anything is saved."""
        facts = form.facts()
        try:
            outcome = leaving_services.preview_settlement(member=self.object, by=self.request.user, **facts)
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        return render(
            self.request,
            "loans/settlement_check.html",
            {
                **self.context(),
                "title": "Sudah benar?",
                "form": form,
                "kept": [field for field in form if field.name != "seen"],
                "facts": facts,
                "outcome": outcome,
                "cautions": leaving_services.cautions(self.object),
            },
        )

    def do(self, form):
        facts = form.facts() | {"uuid": form.cleaned_data["uuid"], "seen": form.cleaned_data["seen"]}
        return leaving_services.settle_and_leave(member=self.object, by=self.request.user, **facts)

    def context(self):
        member = self.object
        return super().context() | {
            "object": member,
            "debt": debt_of(member),
            "kinds": worded(savings.saving_balances([member], today())[member.pk]),
        }


class SettlementPaper(RecordView):
    """Berita acara penyelesaian, to be signed."""

    action = Action.SEE_PEOPLE
    model = Settlement
    template_name = "loans/settlement.html"

    def rows(self):
        return self.visible().select_related(
            "village__district__regency", "member__group", "member__village", "recorded_by"
        )

    def context(self):
        settlement = self.object
        member, on = settlement.member, settlement.on
        return {
            "member": member,
            "outcome": leaving_services.outcome_of(settlement),
            "village": village_on(member.group, on),
            "leader": member.group.officer_on(Office.KETUA, on),
            "treasurer": member.group.officer_on(Office.BENDAHARA, on),
            "back_url": member.get_absolute_url(),
            "printed_at": timezone.now(),
        }


def settle_url(page, member: Member) -> str:
    """The way to settling, for who may do it; "" for others and once she left."""
    may_settle = page.access.may_in(Action.RECORD_MONEY, member.village) and not member.left_on
    return reverse("member-settle", args=[member.pk]) if may_settle else ""


def member_leaving(page, member: Member):
    """The section of a member's page that leads to the paper of her leaving; to leaving itself one button does."""
    return "loans/leaving_section.html", {"settlements": list(page.visible(Settlement).filter(member=member))}
