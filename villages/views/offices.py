"""Pages of a group's officers and of its legal status."""

from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import VerbView
from villages import services
from villages.forms import AppointForm, LegalStatusForm, OfficerForm
from villages.models import Group, LegalStatus, Officer
from villages.views.groups import InGroupEdit


class OfficerAppoint(VerbView):
    """Who comes into an office; the predecessor's term ends by itself."""

    action = Action.EDIT_GROUPS
    model = Group
    form_class = AppointForm
    title = "Tambah pengurus"
    done_message = "{} tercatat."

    @property
    def intro(self):
        return f"{self.object}. Bila jabatannya masih dipegang orang lain, masa jabatannya berakhir sehari sebelumnya."

    def initial(self):
        return {"office": self.request.GET.get("jabatan", ""), "since": today()}

    def make_form(self, **kwargs):
        return super().make_form(group=self.object, **kwargs)

    def do(self, form):
        return services.appoint_officer(group=self.object, by=self.request.user, **form.cleaned_data)


class OfficerEdit(InGroupEdit):
    action = Action.EDIT_GROUPS
    model = Officer
    form_class = OfficerForm
    done_message = "{} tersimpan."


class LegalStatusEdit(InGroupEdit):
    action = Action.EDIT_GROUPS
    model = LegalStatus
    form_class = LegalStatusForm
    adds = "Catat badan hukum"
    done_message = "Badan hukum tersimpan: {}."
