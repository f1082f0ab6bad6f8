"""Pages of members."""

from django.contrib import messages
from django.urls import reverse

from accounts.pages import RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView, Page, VerbView, see_other
from villages import services
from villages.filters import MemberFilter
from villages.forms import LeaveForm, MemberForm
from villages.incomes import growth_of
from villages.models import Group, Member
from villages.people_services import RECORDED_ELSEWHERE, is_recorded_elsewhere
from villages.tables import MemberTable
from villages.views.groups import InGroupEdit


class MemberListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Member
    table_class = MemberTable
    filter_class = MemberFilter
    title = "Anggota"
    empty_title = "Belum ada anggota."
    empty_text = "Tambahkan anggota pertama dari kelompoknya."

    def rows(self):
        return self.visible().select_related("village__district", "group", "poklak")

    def add_link(self):
        return Link("Tambah anggota", reverse("member-new")) if self.access.may(Action.EDIT_REGISTRY) else None


class MemberView(RecordView):
    action = Action.SEE_PEOPLE
    model = Member
    template_name = "villages/member.html"

    def rows(self):
        return self.visible().select_related("village__district__regency", "group", "poklak")

    def context(self):
        rows = list(self.object.incomes.order_by("asked_on"))
        may_edit = self.access.may_in(Action.EDIT_REGISTRY, self.object.village)
        latest = rows[-1] if rows else None
        return super().context() | {
            "incomes": rows,
            "latest": latest,
            "growth": growth_of(rows),
            "may_edit": may_edit,
        }

    def actions(self):
        if not self.access.may_in(Action.EDIT_REGISTRY, self.object.village):
            return []
        links = [Link("Ubah data", reverse("member-edit", args=[self.object.pk]))]
        if not self.object.left_on:
            links.append(Link("Anggota keluar", reverse("member-leave", args=[self.object.pk])))
        return links


class MemberEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = Member
    form_class = MemberForm
    adds = "Tambah anggota"
    done_message = "Data {} tersimpan."

    def do(self, form):
        told = form.cleaned_data["income_at_joining"]
        member = services.save_member(member=form.save(commit=False), income_at_joining=told, by=self.request.user)
        for warning in member.nik_warnings:
            messages.warning(self.request, f"{warning} Data tetap tersimpan; periksa lagi dengan KTP.")
        if "nik" in form.changed_data and is_recorded_elsewhere(member):
            messages.warning(self.request, RECORDED_ELSEWHERE)
        return member


class MemberNew(Page):
    """Adding without a group named: the only group of the person, else the list of groups to choose from."""

    action = Action.EDIT_REGISTRY
    target = "member-add"
    what = "Tambah anggota"

    def get(self, request):
        groups = list(self.open(Group)[:2])
        if len(groups) == 1:
            return see_other(self.target, groups[0].pk)
        messages.info(request, f"Pilih kelompoknya dulu, lalu tekan “{self.what}” di halaman kelompok itu.")
        return see_other("group-list")


class MemberLeave(VerbView):
    action = Action.EDIT_REGISTRY
    model = Member
    form_class = LeaveForm
    submit_label = "Catat keluar"
    warnings = ()  # functions (member) → sentence of apps further up, given by the table of URLs
    done_message = "{} sudah dicatat keluar. Catatan uangnya tetap tersimpan."
    danger = True

    @property
    def title(self):
        return f"{self.object} keluar dari kelompok"

    @property
    def intro(self):
        return " ".join(filter(None, (warn(self.object) for warn in self.warnings)))

    def initial(self):
        return {"left_on": today()}

    def do(self, form):
        return services.leave_group(member=self.object, by=self.request.user, **form.cleaned_data)
