"""Meetings: the list, the record, and one page to enter all of it."""

from django.http import HttpResponse
from django.urls import reverse

from accounts.pages import RecordView
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import Link, ListingView
from villages.meeting_filters import MeetingFilter
from villages.meeting_forms import MeetingForm, as_typed
from villages.meeting_services import record_meeting
from villages.meeting_tables import MeetingTable
from villages.models import Meeting
from villages.views import InGroupEdit, MemberNew

PLACES = ("village__district__regency", "group")


class MeetingListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Meeting
    table_class = MeetingTable
    filter_class = MeetingFilter
    title = "Pertemuan"
    empty_title = "Belum ada pertemuan."
    empty_text = "Catat pertemuan pertama; notulen, daftar hadir, buku tamu dan buku kegiatan terisi sekaligus."

    def rows(self):
        return self.visible().select_related("village__district", "group").with_attendance()

    def add_link(self):
        return Link("Catat pertemuan", reverse("meeting-new")) if self.access.may(Action.EDIT_REGISTRY) else None


class MeetingView(RecordView):
    action = Action.SEE_PEOPLE
    model = Meeting
    template_name = "villages/meetings/meeting.html"

    def rows(self):
        return self.visible().select_related(*PLACES).with_attendance()

    def context(self):
        return super().context() | {
            "attendances": self.object.attendances.select_related("member"),
            "guests": self.object.guests.all(),
        }

    def actions(self):
        links = [
            (Action.EDIT_REGISTRY, "Ubah pertemuan", "meeting-edit"),
            (Action.SEE_PEOPLE, "Cetak notulen", "meeting-minutes"),
            (Action.SEE_PEOPLE, "Cetak daftar hadir", "meeting-attendance"),
        ]
        pk, village = self.object.pk, self.object.village
        return [Link(label, reverse(name, args=[pk])) for do, label, name in links if self.access.may_in(do, village)]


class MeetingEdit(InGroupEdit):
    """Date, attendance, guests, minutes and decisions on one page.

    A button of the name `list` saves nothing: it shows the page again with the members of the typed day (`again`),
    with all of them ticked (`all`), or with more rows for guests (`guests`).
    """

    action = Action.EDIT_REGISTRY
    model = Meeting
    form_class = MeetingForm
    template_name = "villages/meetings/form.html"
    adds = "Catat pertemuan"
    done_message = "Pertemuan “{}” tersimpan."
    absent = None  # who is known to have been absent from a group's meeting on a day; given by the table of URLs

    def post(self, request, **kwargs) -> HttpResponse:
        if "list" not in request.POST:
            return super().post(request, **kwargs)
        self.load(**kwargs)
        return self.show(self.make_form(initial=as_typed(request.POST, asked=request.POST["list"])))

    def make_form(self, **kwargs):
        blank = {} if self.object.pk else {"held_on": today()}
        return super().make_form(**{"initial": blank, "absent": self.absent, **kwargs})

    def do(self, form):
        present, guests = form.cleaned_data["present"], form.guests.visitors()
        return record_meeting(meeting=form.save(commit=False), present=present, guests=guests, by=self.request.user)


class MeetingNew(MemberNew):
    target = "meeting-add"
    what = "Catat pertemuan"
