from django.db.models import Count
from django.urls import reverse

from accounts.pages import RecordView
from enterprises.filters import EnterpriseFilter
from enterprises.forms import EnterpriseForm
from enterprises.models import Enterprise
from enterprises.tables import EnterpriseTable
from up2k_portal.lib.access import Action
from up2k_portal.lib.views import Link, ListingView
from villages.models import Member
from villages.views import InGroupEdit, MemberNew


class EnterpriseListing(ListingView):
    action = Action.SEE_PEOPLE
    model = Enterprise
    table_class = EnterpriseTable
    filter_class = EnterpriseFilter
    title = "Usaha"
    empty_title = "Belum ada usaha."
    empty_text = "Catat usaha anggota atau poklak: bordir, itik Alabio, kerupuk, warung …"

    def rows(self):
        return self.visible().select_related("village__district", "group", "category", "member", "poklak")

    def add_link(self):
        return Link("Tambah usaha", reverse("enterprise-new")) if self.access.may(Action.EDIT_REGISTRY) else None


class EnterpriseView(RecordView):
    action = Action.SEE_PEOPLE
    model = Enterprise
    template_name = "enterprises/enterprise.html"

    def rows(self):
        return self.visible().select_related("village__district", "group", "category", "member", "poklak")

    def actions(self):
        if not self.access.may_in(Action.EDIT_REGISTRY, self.object.village):
            return []
        return [Link("Ubah usaha", reverse("enterprise-edit", args=[self.object.pk]))]


class EnterpriseEdit(InGroupEdit):
    action = Action.EDIT_REGISTRY
    model = Enterprise
    form_class = EnterpriseForm
    adds = "Tambah usaha"
    done_message = "Usaha {} tersimpan."


class EnterpriseNew(MemberNew):
    target = "enterprise-add"
    what = "Tambah usaha"


def member_enterprises(page, member: Member):
    """The section "Usaha" of a member's page."""
    rows = member.enterprises.visible_to(page.access).select_related("category")
    return "enterprises/member_enterprises.html", {"enterprises": rows}


def group_enterprises(page, group):
    """The section "Usaha" of a group's page: what it lives from, commonest first."""
    if not page.access.may(Action.SEE_PEOPLE):
        return "enterprises/group_enterprises.html", {}
    running = page.visible(Enterprise).filter(group=group, closed_on=None).order_by()
    kinds = running.values("category__name").annotate(n=Count("pk")).order_by("-n", "category__name")
    may_add = page.access.may_in(Action.EDIT_REGISTRY, group.village)
    return "enterprises/group_enterprises.html", {"group": group, "kinds": kinds, "may_add": may_add}
