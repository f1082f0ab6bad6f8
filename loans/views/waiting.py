"""The waiting list of a group: who is next, and how much can be lent."""

from django.utils import timezone

from accounts.pages import RecordView
from loans.waiting import Fit
from loans.waiting_services import waiting_list
from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from villages.models import Group

LOOKS = {Fit.THIS_MONTH: "ok", Fit.NEXT_MONTH: "warn", Fit.LATER: "mute"}


class WaitingList(RecordView):
    action = Action.SEE_PEOPLE
    model = Group
    template_name = "loans/waiting.html"

    def rows(self):
        return self.visible().select_related("village__district__regency")

    def context(self):
        found = waiting_list(self.object, today())
        return {
            "money": found.money,
            "can_lend": max(found.money.next_month, 0),
            "approved": found.approved,
            "places": [(place, LOOKS[place.fit]) for place in found.places],
            "back_url": self.object.get_absolute_url(),
            "printed_at": timezone.now(),
        }
