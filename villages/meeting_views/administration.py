"""How well the groups keep their books: a list for the kabupaten, a section on each group's page."""

from django.urls import reverse

from up2k_portal.lib.access import Action
from up2k_portal.lib.dates import today
from up2k_portal.lib.views import ListingView
from villages.checklist import EMPTY, LEDGERS, OLD, checklist, with_score
from villages.meeting_filters import AdministrationFilter
from villages.meeting_tables import administration_table
from villages.models import Group


class AdministrationListing(ListingView):
    """One row a group. `ledgers` are given with the path: books of apps above this one are among them."""

    action = Action.SEE_GROUPS
    model = Group
    filter_class = AdministrationFilter
    title = "Administrasi kelompok"
    empty_title = "Belum ada kelompok."
    empty_text = "Di sini tampak buku mana yang terisi di setiap kelompok UP2K."
    ledgers = LEDGERS

    def rows(self):
        rows = self.visible().select_related("village__district")
        return with_score(rows, self.ledgers, today())

    def table_class(self, rows):
        return administration_table(rows, [one.title for one in self.ledgers])

    def subtitle(self):
        return "Dihitung dari isian, tidak pernah diketik. Baru: ada isian dalam dua bulan terakhir."


def checklist_section(ledgers):
    """The section "Administrasi" of a group's page, for these books."""

    def section(page, group: Group):
        sees_people = page.access.may(Action.SEE_PEOPLE)
        kept = checklist(group, ledgers, today())
        return "villages/meetings/checklist.html", {
            "kept": [(one, _badge(one), _paper(one, group) if sees_people else "") for one in kept],
            "group": group,
            "filled": sum(one.is_filled for one in kept),
            "out_of": len(kept),
            "year": today().year,
            "books_url": reverse("group-books", args=[group.pk]) if sees_people else "",
        }

    return section


def _badge(kept) -> tuple[str, str]:
    """Class and icon of the judgement's word."""
    return {EMPTY: ("bad", "x"), OLD: ("warn", "clock")}.get(kept.judgement, ("ok quiet", "check"))


def _paper(kept, group: Group) -> str:
    return reverse(kept.ledger.paper, args=[group.pk]) if kept.ledger.paper else ""
