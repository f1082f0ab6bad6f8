"""Record and edit pages that keep the history: the library's page kinds with `accounts.history` in their hands."""

from accounts import history
from accounts.attachments.section import files_of
from up2k_portal.lib import views
from up2k_portal.lib.views import Link


class RecordView(views.RecordView):
    """A record with its sections and its latest changes.

    `sections` are functions (page, row) → (template, context) that apps further up give in the table of URLs: so a
    member's page can show her loans although this app knows no loan. Files stand last, where the model states
    `files_with`.
    """

    sections = ()

    def context(self):
        return {
            "sections": [one(self, self.object) for one in self.all_sections()],
            "changes": history.changes_of(self.object, self.access),
            "actions": self.actions(),
        }

    def all_sections(self):
        return (*self.sections, files_of) if hasattr(self.object, "files_with") else self.sections

    def actions(self) -> list[Link]:
        return []


class EditView(views.EditView):
    save = staticmethod(history.save)
