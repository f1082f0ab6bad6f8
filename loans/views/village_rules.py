"""Pages of what a village set for all its groups: the day on which loans fall due."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts import history
from accounts.pages import EditView, RecordView
from loans.models import MoneyRules, VillageRules
from loans.saving_forms import VillageRulesForm
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Link
from villages.models import Group, Village


class VillageRulesView(RecordView):
    """The village's due day, and its groups: which follow it and which have a day of their own."""

    action = Action.SEE_GROUPS
    model = Village
    template_name = "loans/village_rules.html"

    def rows(self):
        return self.visible().select_related("district__regency")

    def context(self):
        village = self.object
        rules = self.visible(VillageRules).filter(village=village).first()
        own = {one.group_id: one for one in self.visible(MoneyRules).filter(village=village, due_day__isnull=False)}
        groups = self.visible(Group).filter(village=village).order_by("name", "pk")
        return {
            "rules": rules,
            "groups": [(group, own.get(group.pk)) for group in groups],
            "changes": history.changes_of(rules, self.access) if rules else [],
            "actions": self.actions(),
        }

    def actions(self):
        may_edit = self.access.may_in(Action.EDIT_REGISTRY, self.object) and not self.object.active_until
        return [Link("Ubah aturan desa", reverse("village-rules-edit", args=[self.object.pk]))] if may_edit else []


class VillageRulesEdit(EditView):
    """The village's own decision, noted by its operator. Loans that run keep their days."""

    action = Action.EDIT_REGISTRY
    model = Village
    form_class = VillageRulesForm
    title = "Ubah aturan desa"
    done_message = "{} tersimpan."

    def load(self, pk):
        self.village = get_object_or_404(self.open().select_related("district"), pk=pk)
        found = self.open(VillageRules).filter(village=self.village).first()
        self.object = found or VillageRules(village=self.village)

    @property
    def intro(self):
        return f"{self.village.label}. Pinjaman yang sudah cair tidak berubah tanggalnya."

    def back_url(self):
        return self.object.get_absolute_url()


def village_money(page, village: Village):
    """The section of a village's page that leads to its rules about money."""
    return "loans/village_rules_section.html", {
        "rules": page.visible(VillageRules).filter(village=village).first(),
        "url": reverse("village-rules", args=[village.pk]),
    }
