"""Serah terima pengurus: what would be handed over today, the act in two steps, and its paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.pages import RecordView
from loans import closing_services
from loans.handover_forms import HandOverForm
from loans.handover_services import DOCUMENTS, OFFICES, accounts_of, figures_of, figures_on, hand_over, outgoing_of
from loans.models import Handover
from loans.models.months import DENOMINATIONS
from loans.views.months import PLACES
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, Link, add_errors
from villages.models import Group, Office
from villages.models.placements import village_on

RELATED = ("village__district__regency", "group", "outgoing", "incoming", "cash_count", "closed_user", "recorded_by")


class Handovers(RecordView):
    """The figures as they stand today, to prepare; and the handovers that were."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/handovers.html"

    def rows(self):
        return self.visible().select_related(*PLACES)

    def all_sections(self):
        return ()  # the group's files belong to its own page

    def context(self):
        group = self.object
        offices = [(office.label, group.officer_on(office, today())) for office in OFFICES]
        return super().context() | {
            "title": "Serah terima pengurus",
            "subtitle": f"{group}, {group.village.label}",
            "back_url": group.get_absolute_url(),
            "figures": figures_on(group, today()),
            "day": today(),
            "offices": offices,
            "handovers": self.visible(Handover).filter(group=group).select_related("outgoing", "incoming"),
            "may_act": self.access.may_in(Action.HAND_OVER, group.village),
            "changes": [],
        }

    def actions(self):
        pk, village = self.object.pk, self.object.village
        links = [
            (
                self.access.may_in(Action.HAND_OVER, village),
                Link("Catat serah terima", reverse("handover-new", args=[pk])),
            ),
            (True, Link("Cetak rancangan berita acara", reverse("handover-draft", args=[pk]))),
        ]
        return [link for may, link in links if may]


class HandoverNew(FormPage):
    """Who, when, the cash and the documents; then all of it once more beside the book; then the act."""

    action = Action.HAND_OVER
    model = Group
    form_class = HandOverForm
    template_name = "loans/handover_form.html"
    title = "Catat serah terima"
    submit_label = "Lanjut: periksa"

    def load(self, pk):
        self.object = get_object_or_404(self.open().select_related(*PLACES), pk=pk)

    @property
    def intro(self):
        return f"{self.object}, {self.object.village.label}. Diisi bersama yang menyerahkan dan yang menerima."

    def make_form(self, **kwargs):
        """An account that an earlier sending closed stays known, so that sending it twice is answered alike."""
        users = accounts_of(self.object.village)
        if "data" in kwargs:
            acts = self.visible(Handover).filter(group=self.object, closed_user__isnull=False)
            users += [act.closed_user for act in acts.select_related("closed_user") if act.closed_user not in users]
        users = [one for one in users if one != self.request.user]
        return super().make_form(group=self.object, users=users, day=today(), **kwargs)

    def initial(self):
        return {"on": today(), "office": Office.BENDAHARA}

    def back_url(self):
        return reverse("handovers", args=[self.object.pk])

    def post(self, request, pk):
        self.load(pk)
        form = self.make_form(data=request.POST)
        if not form.is_valid() or "edit" in request.POST:
            return self.show(form)
        if "save" not in request.POST:
            return self.check(form)
        try:
            return self.thank(hand_over(group=self.object, by=request.user, **form.facts()))
        except ValidationError as error:
            return self.check(form, error)

    def check(self, form, refusal: ValidationError | None = None):
        """The second step: the cash beside the book and what follows, before anything is saved."""
        told = form.cleaned_data
        try:
            outgoing = (
                None
                if refusal
                else outgoing_of(self.object, told["office"], told["on"], member=told["member"], name=told["name"])
            )
            count = closing_services.compare_cash(
                group=self.object, counted_on=told["on"], pieces=form.pieces(), by=self.request.user
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.show(form)
        form.fields["explanation"].required = bool(count.difference)  # as its label says it
        if refusal:
            add_errors(form, refusal)
        context = {
            **self.context(),
            "title": "Sudah benar?",
            "object": self.object,
            "form": form,
            "count": count,
            "size": abs(count.difference),
            "difference": closing_services.difference_words(count.difference),
            "outgoing": outgoing or self.object.officer_on(told["office"], told["on"]),
            "figures": figures_on(self.object, told["on"]),
            "kept": [field for field in form if field.name not in ("explanation", "seen")],
        }
        status = 409 if getattr(refusal, "code", "") == "conflict" else 200
        return render(self.request, "loans/handover_check.html", context, status=status)

    def thank(self, done):
        messages.success(self.request, f"{done} tersimpan. Cetak berita acaranya, lalu ditandatangani bersama.")
        return HttpResponseRedirect(self.back_url())


class HandoverPaper(RecordView):
    """Berita acara serah terima, F4: the figures as they were signed."""

    action = Action.SEE_PEOPLE
    model = Handover
    template_name = "loans/handover_paper.html"

    def rows(self):
        return self.visible().select_related(*RELATED)

    def context(self):
        act = self.object
        pieces = act.cash_count.pieces
        return {
            "act": act,
            "group": act.group,
            "on": act.on,
            "village": village_on(act.group, act.on),
            "figures": figures_of(act),
            "lines": [(one, count, one * count) for one in DENOMINATIONS if (count := pieces.get(str(one), 0))],
            "documents": [(words, code in act.documents) for code, words in DOCUMENTS.items()],
            "back_url": reverse("handovers", args=[act.group_id]),
            "printed_at": timezone.now(),
        }


class HandoverDraft(RecordView):
    """The same paper before the act, with today's figures and dots where nothing is known yet."""

    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/handover_paper.html"

    def rows(self):
        return self.visible().select_related(*PLACES)

    def context(self):
        group = self.object
        return {
            "group": group,
            "on": today(),
            "village": group.village,
            "figures": figures_on(group, today()),
            "documents": [(words, False) for words in DOCUMENTS.values()],
            "back_url": reverse("handovers", args=[group.pk]),
            "printed_at": timezone.now(),
        }
