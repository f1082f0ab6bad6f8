"""Record and edit pages that keep the history: the library's page kinds with `accounts.history` in their hands."""

from accounts import history
from up2k_portal.lib import views
from up2k_portal.lib.views import Link


class RecordView(views.RecordView):
    """A record with its sections and its latest changes.

    `sections` are functions (page, row) → (template, context) that apps further up give in the table of URLs: so a
    member's page can show her loans although this app knows no loan.
    """

    sections = ()

    def context(self):
        return {
            "sections": [one(self, self.object) for one in self.sections],
            "changes": history.changes_of(self.object, self.access),
            "actions": self.actions(),
        }

    def actions(self) -> list[Link]:
        return []


class EditView(views.EditView):
    save = staticmethod(history.save)
