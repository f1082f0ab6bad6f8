"""Pages of persons: the queue of doubles, one case, its decisions, and a member's way to another group.

Who may edit groups judges, where both rows lie in her area; for anyone else these pages do not exist. What loans know
comes from above: `counts` (loans by member), `guards` (why a member cannot go) and `latest` (not before which day).
"""

import re

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import FormPage, Link, ListingView, Page, VerbView
from villages import people_services
from villages.models import Member, PersonDecision
from villages.people_filters import CaseFilter, Cases, DecisionFilter
from villages.people_forms import JudgeForm, TransferForm
from villages.people_queue import cases_for, count_others, suspicions_for
from villages.people_tables import CaseSheet, CaseTable, DecisionTable

PAIR = re.compile(r"(\d{1,18})-(\d{1,18})")
HIDDEN = "juga tercatat di kelompok lain; ditangani kabupaten"
Kind = PersonDecision.Kind


class CaseListing(ListingView):
    action = Action.EDIT_GROUPS
    model = Member
    filter_class = CaseFilter
    title = "Orang ganda"
    template_name = "villages/people/cases.html"
    empty_title = "Tidak ada yang perlu diperiksa."
    empty_text = (
        "NIK yang tercatat dua kali, NIK yang tidak benar, dan nama serta tanggal lahir yang sama muncul di sini."
    )
    counts = None

    @property
    def table_class(self):
        return CaseSheet if self.request.GET.get("format") else CaseTable

    def rows(self):
        cases = Cases(cases_for(self.access))
        count_loans(self, [row for case in cases for row in case.rows])
        for case in cases:
            case.url = address_of(case)
        return cases

    def subtitle(self):
        return "Yang mungkin tercatat dua kali. Pilih satu, bandingkan, lalu putuskan."

    def context(self, table, filtered):
        return super().context(table, filtered) | {"decisions_url": reverse("people-decisions")}

    def _keys(self, row):
        return {"id": row.pk, "village_codes": [one.village.code for one in row.rows]}


def address_of(case) -> str:
    """Two rows are compared; a NIK that cannot be is mended on her own page."""
    if case.second:
        return reverse("people-case", args=[case.pk])
    return reverse("member-edit", args=[case.first.pk])


def count_loans(page, members) -> None:
    """`loan_count` on each row, where the table of URLs gave the means to count."""
    counts = page.counts(members) if page.counts else {}
    for member in members:
        member.loan_count = counts.get(member.pk, 0)


class DecisionListing(ListingView):
    action = Action.EDIT_GROUPS
    model = PersonDecision
    table_class = DecisionTable
    filter_class = DecisionFilter
    title = "Keputusan tentang orang"
    empty_title = "Belum ada keputusan."
    empty_text = "Setiap keputusan dari daftar orang ganda tercatat di sini, dan dapat dibatalkan."

    def rows(self):
        return self.visible().select_related("first", "second", "decided_by", "undone_by")


class OfPair(Page):
    """A page of two rows that the address names; both must lie in the person's area."""

    action = Action.EDIT_GROUPS
    model = Member
    counts = None

    def load(self, pair):
        found = PAIR.fullmatch(pair)
        wanted = {int(number) for number in found.groups()} if found else set()
        rows = self.open().filter(pk__in=wanted).select_related("group", "village__district", "person")
        self.members = list(rows.order_by("pk"))
        if len(wanted) != 2 or len(self.members) != 2:
            raise Http404("Tidak ada pasangan catatan ini.")
        self.pair = f"{self.members[0].pk}-{self.members[1].pk}"
        count_loans(self, self.members)

    def names(self) -> str:
        return " / ".join(dict.fromkeys(member.name for member in self.members))

    def same_nik_words(self) -> str:
        first, second = (member.nik for member in self.members)
        if not first or not second:
            return "NIK salah satunya belum ada."
        return "NIK keduanya sama." if first == second else "NIK keduanya berbeda."


class CaseView(OfPair):
    """Both rows side by side, what was decided about them, and what may be decided now."""

    def get(self, request, pair):
        self.load(pair)
        decisions = list(self.decisions())
        context = {
            "title": self.names(),
            "members": self.members,
            "nik_words": self.same_nik_words(),
            "is_one": self.is_one(),
            "actions": self.actions(decisions),
            "decisions": [(one, one.is_standing) for one in decisions],
            "back_url": reverse("people-doubles"),
        }
        return render(request, "villages/people/case.html", context)

    def decisions(self):
        first, second = self.members
        rows = self.visible(PersonDecision).filter(first=first, second=second)
        return rows.select_related("decided_by", "undone_by")

    def is_one(self) -> bool:
        first, second = self.members
        return first.person_id is not None and first.person_id == second.person_id

    def actions(self, decisions) -> list[Link]:
        if self.is_one() or any(one.is_standing and one.kind == Kind.DIFFERENT for one in decisions):
            return []
        return [
            Link("Orang yang sama", reverse("people-merge", args=[self.pair])),
            Link("Orang berbeda", reverse("people-dismiss", args=[self.pair])),
        ]


class Judge(OfPair, FormPage):
    """A decision about two rows."""

    form_class = JudgeForm
    template_name = "villages/people/judge.html"
    verb = None

    @property
    def title(self):
        return f"{self.submit_label}: {self.names()}"

    def context(self):
        return super().context() | {"members": self.members, "nik_words": self.same_nik_words()}

    def back_url(self):
        return reverse("people-case", args=[self.pair])

    def do(self, form):
        first, second = self.members
        return type(self).verb(first=first, second=second, by=self.request.user, **form.cleaned_data)

    def thank(self, done):
        messages.success(self.request, self.done_message)
        return HttpResponseRedirect(reverse("people-doubles"))


class Merge(Judge):
    submit_label = "Orang yang sama"
    intro = "Kedua keanggotaan, pinjaman dan angsurannya tetap di tempatnya; keduanya hanya dicatat sebagai satu orang."
    done_message = "Dicatat sebagai orang yang sama. Kedua catatan tetap utuh."
    verb = staticmethod(people_services.merge_people)


class Dismiss(Judge):
    submit_label = "Orang berbeda"
    intro = "Pasangan ini tidak ditanyakan lagi."
    done_message = "Dicatat sebagai orang berbeda."
    verb = staticmethod(people_services.dismiss_case)


VERBS_BACK = {
    Kind.SAME: people_services.undo_merge,
    Kind.DIFFERENT: people_services.reopen_case,
    Kind.MOVED: people_services.undo_transfer,
}


class DecisionUndo(VerbView):
    """Takes a decision back, whatever it was; the row of the decision stays."""

    action = Action.EDIT_GROUPS
    model = PersonDecision
    form_class = JudgeForm
    submit_label = "Batalkan keputusan"
    done_message = "Keputusan dibatalkan."
    danger = True
    guards = ()

    def load(self, pk):
        rows = self.open().select_related("first__village", "first__group", "second__village", "second__group")
        self.object = get_object_or_404(rows.exclude(kind=Kind.UNDONE), pk=pk)

    @property
    def title(self):
        return f"Batalkan: {self.object.get_kind_display().lower()}"

    @property
    def intro(self):
        one, other = self.object.first, self.object.second
        return f"{one} ({one.group}, {one.village.label}) dan {other} ({other.group}, {other.village.label})"

    def do(self, form):
        kind = self.object.kind
        extra = {"guards": self.guards} if kind == Kind.MOVED else {}
        return VERBS_BACK[kind](decision=self.object, by=self.request.user, **extra, **form.cleaned_data)


class MemberTransfer(VerbView):
    action = Action.EDIT_GROUPS
    model = Member
    form_class = TransferForm
    template_name = "villages/people/transfer.html"
    submit_label = "Pindahkan"
    done_message = "{} sudah pindah. Catatan lamanya tetap di kelompok lama."
    guards = ()
    latest = None

    def load(self, pk):
        rows = self.open().select_related("group", "village__district")
        self.object = get_object_or_404(rows, pk=pk)

    @property
    def title(self):
        return f"Pindahkan {self.object} ke kelompok lain"

    @property
    def intro(self):
        return f"Sekarang di {self.object.group}, {self.object.village.label}."

    def context(self):
        return super().context() | {"refusals": [words for one in self.guards if (words := one(self.object))]}

    def make_form(self, **kwargs):
        return super().make_form(member=self.object, **kwargs)

    def initial(self):
        return {"on": today()}

    def do(self, form):
        facts = form.cleaned_data
        asked = {"guards": self.guards, "latest": self.latest}
        return people_services.transfer_member(member=self.object, by=self.request.user, **asked, **facts)


def member_person(page, member: Member):
    """The section of a member's page on her other memberships: those that the reader sees, and that there are more."""
    may_judge = page.access.may_in(Action.EDIT_GROUPS, member.village)
    transfer_url = reverse("member-transfer", args=[member.pk]) if may_judge and not member.left_on else ""
    others = list(_others(page, member)) if member.person_id else []
    hidden = HIDDEN if member.person_id and len(others) < count_others(member) else ""
    case_urls = [(reverse("people-case", args=[_pair(member, one)]) if may_judge else "", one) for one in others]
    return "villages/people/member.html", {"others": case_urls, "hidden": hidden, "transfer_url": transfer_url}


def _others(page, member: Member):
    rows = page.visible(Member).filter(person=member.person_id).exclude(pk=member.pk)
    return rows.select_related("group", "village__district").order_by("joined_on", "pk")


def _pair(one: Member, other: Member) -> str:
    return "-".join(str(pk) for pk in sorted((one.pk, other.pk)))


def doubles_words(access) -> str:
    """How many cases wait for this person, for the first page; "" when none, or where she may not judge."""
    waiting = len(suspicions_for(access)) if access.may(Action.EDIT_GROUPS) else 0
    return f"{waiting} perkara menunggu: mungkin tercatat dua kali, atau NIK tidak benar." if waiting else ""
