"""Pages of groups, their poklak and assessments."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.pages import EditView, RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView
from villages.filters import GroupFilter
from villages.forms import AssessmentForm, GroupForm, PoklakForm
from villages.models import Group, GroupAssessment, Office, Poklak
from villages.tables import GroupTable


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
            "legal": group.legal_status_on(today()),
            "legal_statuses": group.legal_statuses.all(),
            "seats": seats_of(group, today()) if people else {},
            "past_officers": group.officers.past(today()) if people else (),
            "may_edit_group": self.access.may_in(Action.EDIT_GROUPS, group.village),
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
            (Action.EDIT_REGISTRY, "Tempel anggota dari Excel", "member-paste"),
            (Action.EDIT_REGISTRY, "Tambah poklak", "poklak-add"),
            (Action.ASSESS_GROUPS, "Nilai klasifikasi", "assessment-add"),
            (Action.EDIT_GROUPS, "Ubah kelompok", "group-edit"),
        ]
        return [
            Link(label, reverse(name, args=[group.pk]))
            for action, label, name in links
            if self.access.may_in(action, village)
        ]


def seats_of(group: Group, day) -> dict:
    """{office in words: who holds it on the day, None where it is vacant}, in the order of rank."""
    holders = {officer.office: officer for officer in group.officers.in_office(day)}
    return {label: holders.get(office) for office, label in Office.choices}


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
