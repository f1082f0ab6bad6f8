"""Enterprises and their categories in the admin."""

from django.contrib import admin

from accounts.scoped_admin import ScopedAdmin
from enterprises.models import Category, Enterprise
from up2k_portal.lib.access import Action
from villages.admin import InGroupAdmin, RegionFilter


@admin.register(Enterprise)
class EnterpriseAdmin(InGroupAdmin):
    edit_action = Action.EDIT_REGISTRY
    related = ("group", "member", "poklak", "category", "village__district")
    list_display = ("name", "category", "owner", "group", "village", "started_on", "closed_on")
    list_filter = (RegionFilter, "category")
    search_fields = ("name", "member__name", "poklak__name", "products")
    search_help_text = "Nama usaha, pemilik atau hasil"
    date_hierarchy = "started_on"
    fields = (
        "group", "village", "member", "poklak", "name", "category", "products", "started_on", "closed_on",
    )  # fmt: skip

    @admin.display(description="pemilik")
    def owner(self, row):
        return str(row.owner)


@admin.register(Category)
class CategoryAdmin(ScopedAdmin):
    """One list for everyone."""

    edit_action = Action.MANAGE_SETTINGS
    list_display = ("name",)
    search_fields = ("name",)
    fields = ("name",)
