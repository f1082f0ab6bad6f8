"""Pages of groups, poklak, assessments and members."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.pages import EditView, RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView, Page, VerbView, see_other
from villages import services
from villages.filters import GroupFilter, MemberFilter
from villages.forms import AssessmentForm, GroupForm, LeaveForm, MemberForm, PoklakForm
from villages.models import Group, GroupAssessment, Member, Poklak
from villages.tables import GroupTable, MemberTable


class GroupListing(ListingView):
    action = Action.SEE_GROUPS
    model = Group
    table_class = GroupTable
    filter_class = GroupFilter
    title = "Kelompok UP2K"
    empty_title = "Belum ada kelompok."
    empty_text = "Kelompok UP2K (poksus) dari setiap desa akan berdiri di sini."

    def rows(self):
        rows = self.visible().select_related("village__district")
        return rows.with_level(today()).with_sizes(today())

    def add_link(self):
        if self.access.may(Action.EDIT_GROUPS):
            return Link("Tambah kelompok", reverse("group-add"))
        return None


class GroupView(RecordView):
    action = Action.SEE_GROUPS
    model = Group
    template_name = "villages/group.html"

    def rows(self):
        return self.visible().select_related("village__district__regency").with_level(today()).with_sizes(today())

    def context(self):
        group = self.object
        people = self.access.may(Action.SEE_PEOPLE)
        return super().context() | {
            "assessments": group.assessments.all(),
            "poklaks": group.poklaks.all() if people else (),
            "products": group.loan_products.filter(is_active=True),
            "sees_people": people,
            "may_edit": self.access.may_in(Action.EDIT_REGISTRY, group.village),
            "may_propose": self.access.may_in(Action.RECORD_MONEY, group.village),
        }

    def actions(self):
        group, village = self.object, self.object.village
        links = [
            (Action.EDIT_REGISTRY, "Tambah anggota", "member-add"),
            (Action.EDIT_REGISTRY, "Tambah poklak", "poklak-add"),
            (Action.ASSESS_GROUPS, "Nilai klasifikasi", "assessment-add"),
            (Action.EDIT_GROUPS, "Ubah kelompok", "group-edit"),
        ]
        return [
            Link(label, reverse(name, args=[group.pk]))
            for action, label, name in links
            if self.access.may_in(action, village)
        ]


class GroupEdit(EditView):
    action = Action.EDIT_GROUPS
    model = Group
    form_class = GroupForm
    done_message = "Kelompok {} tersimpan."

    @property
    def title(self):
        return f"Ubah {self.object}" if self.object.pk else "Tambah kelompok"


class InGroupEdit(EditView):
    """Adds a row to the group that the URL names, or edits one."""

    adds = ""

    def load(self, pk=None, group_pk=None):
        super().load(pk=pk, group_pk=group_pk)
        self.group = self.object.group

    def blank(self, group_pk):
        group = get_object_or_404(self.open(Group), pk=group_pk)
        return self.model(group=group, village=group.village)

    @property
    def title(self):
        return f"Ubah {self.object}" if self.object.pk else self.adds

    @property
    def intro(self):
        return f"{self.group}, {self.group.village.label}"

    def back_url(self):
        return self.object.get_absolute_url() if self.object.pk else self.group.get_absolute_url()


class PoklakEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = Poklak
    form_class = PoklakForm
    adds = "Tambah poklak"
    done_message = "{} tersimpan."


class AssessmentAdd(InGroupEdit):
    action = Action.ASSESS_GROUPS
    model = GroupAssessment
    form_class = AssessmentForm
    adds = "Nilai klasifikasi kelompok"
    done_message = "Penilaian tersimpan: {}."


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
        member = super().do(form)
        for warning in member.nik_warnings:
            messages.warning(self.request, f"{warning} Data tetap tersimpan; periksa lagi dengan KTP.")
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
    done_message = "{} sudah dicatat keluar. Catatan uangnya tetap tersimpan."
    danger = True

    @property
    def title(self):
        return f"{self.object} keluar dari kelompok"

    def initial(self):
        return {"left_on": today()}

    def do(self, form):
        return services.leave_group(member=self.object, by=self.request.user, **form.cleaned_data)
